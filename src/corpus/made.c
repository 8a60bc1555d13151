#include "made_internal.h"

#include <string.h>

#include "base/memory.h"
#include "base/num.h"
#include "pack_compile_internal.h"

/* How made values are declared: each becomes a class, so that slots and memories take it as one. */

#define DIGITS_MAX 32
#define STAMP_PART_BYTES_MAX 14 /* ms since 1970 have one more in the year 2286 */
#define COUNTS_MAX 9999         /* of one chapter */

/*
 * 2,048 ids for each chapter, and 131,072 chapters: over a gigabyte of text. Half a chapter's
 * longest text could not hold more of them.
 */
#define ID_VALUES_MIN (1ULL << 28)

static const struct {
	const char *name;
	enum fm_made_kind kind;
	const char *form;
} declarations[] = {
	{"number",  FM_MADE_NUMBER,  "NAME LOW..HIGH or NAME LOW..HIGH/STEP"       },
	{"hex",     FM_MADE_HEX,     "NAME DIGITS, 2 to 32 of them but not 8"      },
	{"id",      FM_MADE_ID,      "NAME i|l|o|u DIGITS, 9 to 15, or 7 to 15 hex"},
	{"earlier", FM_MADE_EARLIER, "NAME ID, and that id is declared above it"   },
	{"count",   FM_MADE_COUNT,   "NAME LOW..HIGH, 990000 at most"              },
	{"stamp",   FM_MADE_STAMP,
         "NAME FORMAT of %Y %m %d %e %H %M %S %L %b %a %s %Q, below a clock"       },
};

static size_t declaration_of(struct fm_span what)
{
	size_t i = 0;

	while (i < FM_COUNT(declarations) && !fm_span_is(what, declarations[i].name))
		i++;
	return i;
}

bool fm_made_is_declared_by(struct fm_span what)
{
	return declaration_of(what) < FM_COUNT(declarations);
}

static bool read_range(struct fm_span text, struct fm_made *made)
{
	uint64_t range[4];

	if (!fm_pack_read_range(text, range))
		return false;
	memcpy(made->range, range, sizeof made->range);
	made->width = (uint32_t)range[3];
	return true;
}

static bool read_width(struct fm_span text, struct fm_made *made)
{
	uint64_t width;

	if (!fm_num_u64(text, &width) || width < 2 || width > DIGITS_MAX)
		return false;
	made->width = (uint32_t)width;
	return true;
}

/* Eight hex digits have the form of a needle's value. */
static bool read_hex(struct fm_span rest, struct fm_made *made)
{
	made->is_hex = true;
	return read_width(rest, made) && made->width != 8;
}

/* "u 9", "i 8 hex": the letter is none that a needle's value may have. */
static bool read_id(struct fm_span rest, struct fm_made *made)
{
	const struct fm_span letter = fm_pack_take_word(&rest);
	const struct fm_span width = fm_pack_take_word(&rest);
	const struct fm_span base = fm_pack_take_word(&rest);

	if (letter.len != 1 || strchr("iloILOUu", letter.ptr[0]) == NULL ||
	    !read_width(width, made) || made->width > 15 ||
	    (base.len > 0 && !fm_span_is(base, "hex")))
		return false;
	made->letter = letter.ptr[0];
	made->is_hex = base.len > 0;
	made->range[1] = 1;
	for (uint32_t i = 0; i < made->width; i++)
		made->range[1] *= made->is_hex ? 16 : 10;
	return made->range[1] >= ID_VALUES_MIN;
}

static bool read_earlier(const struct fm_pack *pack, struct fm_span name, struct fm_made *made)
{
	made->source = fm_pack_find_class(pack, name);
	return made->source != FM_PACK_NONE && pack->classes[made->source].made.kind == FM_MADE_ID;
}

static bool read_stamp(const struct fm_pack *pack, struct fm_span format, struct fm_made *made)
{
	size_t len = 0; /* that it may be printed in */

	for (size_t i = 0; i < format.len; i++, len++) {
		if (format.ptr[i] != '%')
			continue;
		i++;
		if (i == format.len || format.ptr[i] == '\0' ||
		    strchr("YmdeHMSLbasQ", format.ptr[i]) == NULL)
			return false;
		len += STAMP_PART_BYTES_MAX;
	}
	made->format = format;
	return len > 0 && len <= FM_MADE_BYTES_MAX && pack->clock.year_first > 0;
}

static bool read_made(struct fm_pack *pack, struct fm_span rest, struct fm_made *made)
{
	switch (made->kind) {
	case FM_MADE_NUMBER:
		return read_range(rest, made);
	case FM_MADE_COUNT:
		return read_range(rest, made) && made->range[2] == 1 &&
		       made->range[1] + COUNTS_MAX <= FM_PACK_NUMBER_MAX;
	case FM_MADE_HEX:
		return read_hex(rest, made);
	case FM_MADE_ID:
		return read_id(rest, made);
	case FM_MADE_EARLIER:
		return read_earlier(pack, rest, made);
	case FM_MADE_STAMP:
		return read_stamp(pack, rest, made);
	case FM_MADE_TOLD: /* by a line of its own */
	case FM_MADE_NOT:
		break;
	}
	return false;
}

enum fm_code fm_made_read(struct fm_pack *pack, struct fm_span what, struct fm_span rest,
                          struct fm_pack_at at, struct fm_err *err)
{
	const size_t i = declaration_of(what);
	/* One value that is told is as good as any: no word list, and no pool, is behind it. */
	struct fm_pack_class class = {
		.word_count = 1, .common_count = 1, .bytes_max = FM_MADE_BYTES_MAX, .at = at};

	if (pack->segment != FM_PACK_LINE)
		return fm_fail(err, FM_E_FORMAT, "%s:%u: only a pack of lines has '%s'", at.file,
		               at.line, declarations[i].name);
	class.name = fm_pack_take_word(&rest);
	rest = fm_span_trim(rest);
	if (fm_pack_find_class(pack, class.name) != FM_PACK_NONE ||
	    fm_pack_find_rule(pack, class.name) != FM_PACK_NONE)
		return fm_fail(err, FM_E_FORMAT, "%s:%u: something else is already called '%.*s'",
		               at.file, at.line, FM_SPAN_ARGS(class.name));
	class.made.kind = declarations[i].kind;
	if (class.name.len == 0 || !read_made(pack, rest, &class.made))
		return fm_fail(err, FM_E_FORMAT, "%s:%u: '%s' is %s %s", at.file, at.line,
		               declarations[i].name, declarations[i].name, declarations[i].form);
	if (class.made.kind == FM_MADE_EARLIER)
		pack->classes[class.made.source].used = true;
	pack->classes = fm_memory_more(pack->classes, pack->class_count, &pack->class_capacity,
	                               sizeof *pack->classes);
	pack->classes[pack->class_count++] = class;
	return FM_OK;
}
