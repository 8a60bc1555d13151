#include "lines_internal.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/num.h"

/* Kinds of chapters and the clock, as a pack of lines declares them. */

#define YEAR_MAX 2400
#define CHAPTER_MS_MIN 60000
#define CHAPTER_MS_MAX 2000000000
#define ALTERNATIVE_BYTES_MAX ((size_t)4000)

static enum fm_code wrong(struct fm_pack_at at, struct fm_err *err, const char *what,
                          struct fm_span text)
{
	return fm_fail(err, FM_E_FORMAT, "%s:%u: %s '%.*s'", at.file, at.line, what,
	               FM_SPAN_ARGS(text));
}

static enum fm_code check_is_lines(const struct fm_pack *pack, struct fm_pack_at at,
                                   const char *what, struct fm_err *err)
{
	return pack->segment == FM_PACK_LINE
	               ? FM_OK
	               : fm_fail(err, FM_E_FORMAT, "%s:%u: only a pack of lines has '%s'", at.file,
	                         at.line, what);
}

enum fm_code fm_lines_read_chapter(struct fm_pack *pack, struct fm_span rest, struct fm_pack_at at,
                                   struct fm_err *err)
{
	struct fm_lines_chapter kind = {.together = 1, .bytes = FM_LINES_BYTES, .at = at};
	uint64_t weight;
	enum fm_code rc = check_is_lines(pack, at, "chapter", err);

	if (rc != FM_OK)
		return rc;
	kind.name = fm_pack_take_word(&rest);
	if (!fm_num_u64(fm_pack_take_word(&rest), &weight) || weight == 0 || weight > 10000)
		return wrong(at, err, "a weight from 1 to 10000 is missing of chapter", kind.name);
	pack->chapter_weight += (uint32_t)weight;
	kind.threshold = pack->chapter_weight;
	kind.open.name = kind.close.name = kind.name;
	kind.open.at = kind.close.at = at;
	pack->chapters = fm_memory_more(pack->chapters, pack->chapter_count,
	                                &pack->chapter_capacity, sizeof kind);
	pack->chapters[pack->chapter_count++] = kind;
	return FM_OK;
}

/* A bare tab is written "\\t" where blanks stand as they are. */
static void put_raw(struct fm_buf *buf, struct fm_span line)
{
	for (size_t i = 0; i < line.len; i++)
		if (line.ptr[i] == '\t')
			fm_buf_puts(buf, "\\t");
		else
			fm_buf_putc(buf, line.ptr[i]);
}

enum fm_code fm_lines_add_line(struct fm_pack *pack, struct fm_span line, struct fm_pack_at at,
                               struct fm_err *err)
{
	struct fm_pack_rule *rule = &pack->rules[pack->rule_count - 1];
	struct fm_pack_alternative *one;
	struct fm_buf buf;

	line = fm_span_skip(line, fm_span_starts(line, "| ") ? 2 : 1);
	if (rule->count == 0)
		return wrong(at, err, "no alternative stands above", line);
	one = &rule->alternatives[rule->count - 1];
	if (one->text.len + line.len > ALTERNATIVE_BYTES_MAX)
		return wrong(at, err, "too long an alternative of rule", rule->name);
	fm_buf_init(&buf, (size_t)2 * ALTERNATIVE_BYTES_MAX);
	fm_buf_put(&buf, one->text);
	if (one->text.len > 0)
		fm_buf_puts(&buf, "\\n");
	put_raw(&buf, line);
	one->text = fm_arena_copy(&pack->arena, fm_buf_span(&buf));
	fm_buf_free(&buf);
	return FM_OK;
}

static bool read_count(struct fm_span text, uint64_t most, uint32_t *ret_count)
{
	uint64_t count;

	if (!fm_num_u64(fm_span_trim(text), &count) || count == 0 || count > most)
		return false;
	*ret_count = (uint32_t)count;
	return true;
}

enum fm_code fm_lines_read_chapter_line(struct fm_pack *pack, struct fm_span line,
                                        struct fm_pack_at at, struct fm_err *err)
{
	struct fm_lines_chapter *kind = &pack->chapters[pack->chapter_count - 1];
	const struct fm_span what = fm_pack_take_word(&line);

	if (fm_span_is(what, "with"))
		kind->open.with_text = line;
	else if (fm_span_is(what, "open"))
		kind->open.steps_text = line;
	else if (fm_span_is(what, "close"))
		kind->close.steps_text = line;
	else if (fm_span_is(what, "first"))
		kind->first_text = line;
	else if (fm_span_is(what, "plans"))
		kind->plans_text = line;
	else if (fm_span_is(what, "together")
	                 ? !read_count(line, FM_LINES_TOGETHER_MAX, &kind->together)
	                 : !fm_span_is(what, "bytes") ||
	                           !read_count(line, FM_LINES_BYTES_MAX, &kind->bytes))
		return wrong(
			at, err,
			"a chapter has lines 'with …', 'open …', 'first …', 'plans …', 'close …', "
			"'together 1' to 16 and 'bytes 1' to 12000, not",
			what);
	return FM_OK;
}

static bool read_duration(struct fm_span text, uint32_t low, uint32_t high, uint32_t *ret_ms)
{
	int64_t ns;

	if (!fm_num_duration(text, &ns) || ns % FM_NS_PER_MS != 0 || ns / FM_NS_PER_MS < low ||
	    ns / FM_NS_PER_MS > high)
		return false;
	*ret_ms = (uint32_t)(ns / FM_NS_PER_MS);
	return true;
}

enum fm_code fm_lines_read_clock(struct fm_pack *pack, struct fm_span rest, struct fm_pack_at at,
                                 struct fm_err *err)
{
	struct fm_lines_clock *clock = &pack->clock;
	uint64_t years[4];
	enum fm_code rc = check_is_lines(pack, at, "clock", err);

	if (rc != FM_OK)
		return rc;
	if (clock->year_first > 0 || !fm_pack_read_range(fm_pack_take_word(&rest), years) ||
	    years[0] < 1970 || years[1] > YEAR_MAX ||
	    !read_duration(fm_pack_take_word(&rest), CHAPTER_MS_MIN, CHAPTER_MS_MAX,
	                   &clock->chapter_ms) ||
	    !read_duration(fm_pack_take_word(&rest), 1, clock->chapter_ms, &clock->gap_ms))
		return fm_fail(err, FM_E_FORMAT,
		               "%s:%u: one clock is 'clock 2019..2024 1h 9s': years from 1970, a "
		               "minute or more for a chapter, and a mean gap within it",
		               at.file, at.line);
	clock->year_first = (uint32_t)years[0];
	clock->year_last = (uint32_t)years[1];
	return FM_OK;
}

enum fm_code fm_lines_compile_tick(struct fm_pack_compiler *c, struct fm_span slot,
                                   struct fm_pack_code *code, struct fm_err *err)
{
	const struct fm_span mean = fm_span_trim(fm_span_skip(slot, 4));
	uint32_t mean_ms = 0;

	if (c->pack->clock.year_first == 0)
		return fm_pack_wrong(c, err, "no clock is declared for", slot);
	if (mean.len > 0 && !read_duration(mean, 1, c->pack->clock.chapter_ms, &mean_ms))
		return fm_pack_wrong(c, err, "a tick is 'tick' or 'tick 40ms', not", slot);
	fm_pack_emit(code, FM_OP_TICK);
	fm_pack_emit(code, mean_ms);
	return FM_OK;
}

static uint32_t find_plan(const struct fm_pack *pack, struct fm_span name)
{
	for (size_t i = 0; i < pack->plan_count; i++)
		if (fm_span_equal(pack->plans[i].name, name))
			return (uint32_t)i;
	return FM_PACK_NONE;
}

/* "helper report" */
static enum fm_code list_first(struct fm_pack *pack, struct fm_lines_chapter *kind,
                               struct fm_err *err)
{
	struct fm_span rest = kind->first_text;

	kind->first =
		fm_arena_array(&pack->arena, kind->first_text.len / 2 + 1, sizeof *kind->first);
	for (struct fm_span one; (one = fm_pack_take_word(&rest)).len > 0;) {
		const uint32_t plan = find_plan(pack, one);

		if (plan == FM_PACK_NONE)
			return wrong(kind->at, err, "no plan is called", one);
		kind->first[kind->first_count++] = plan;
	}
	return FM_OK;
}

/* "visit*4 fault" */
static enum fm_code list_plans(struct fm_pack *pack, struct fm_lines_chapter *kind,
                               struct fm_err *err)
{
	struct fm_span rest = kind->plans_text;

	kind->plans =
		fm_arena_array(&pack->arena, kind->plans_text.len / 2 + 1, sizeof *kind->plans);
	for (struct fm_span one; (one = fm_pack_take_word(&rest)).len > 0;) {
		const size_t star = fm_span_find_byte(one, '*');
		const uint32_t plan = find_plan(pack, fm_span_first(one, star));
		uint32_t weight = 1;

		if (plan == FM_PACK_NONE)
			return wrong(kind->at, err, "no plan is called", fm_span_first(one, star));
		if (star < one.len && !read_count(fm_span_skip(one, star + 1), 10000, &weight))
			return wrong(kind->at, err,
			             "a plan of a chapter is NAME or NAME*WEIGHT, not", one);
		kind->plan_weight += weight;
		kind->plans[kind->plan_count++] = (struct fm_lines_plan){plan, kind->plan_weight};
	}
	return kind->plan_count > 0
	               ? FM_OK
	               : wrong(kind->at, err, "'plans …' is missing of chapter", kind->name);
}

enum fm_code fm_lines_compile_chapters(struct fm_pack *pack, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	for (size_t i = 0; i < pack->chapter_count && rc == FM_OK; i++) {
		struct fm_lines_chapter *kind = &pack->chapters[i];

		rc = fm_pack_compile_plan(pack, &kind->open, err);
		if (rc == FM_OK)
			rc = fm_pack_compile_plan(pack, &kind->close, err);
		if (rc == FM_OK)
			rc = list_first(pack, kind, err);
		if (rc == FM_OK)
			rc = list_plans(pack, kind, err);
	}
	return rc;
}
