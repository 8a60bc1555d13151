#include "user_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "cut_internal.h"
#include "records_internal.h"
#include "special_internal.h"
#include "text/escape.h"
#include "text/unpack.h"
#include "text/utf8.h"

/* Reading a person's text once, from its beginning to its end: checked, cut, digested, indexed. */

#define BLOCK_BYTES ((size_t)256 * 1024)
#define CHAPTER_SEGMENTS 64 /* at least; then the paragraph is finished */
#define CHAPTER_BYTES 65536 /* or so many bytes */
#define INSIDE_BYTES 262144 /* a paragraph that goes on for longer is cut where it can be */
#define SPECIAL_BYTES_MAX 64
#define BOM "\xef\xbb\xbf"

struct taking {
	struct fm_user *user;
	const struct fm_corpus_spec *spec;
	struct fm_user_file *file;
	struct fm_unpack *in;
	struct fm_hasher *digest;
	struct fm_repeats repeats;
	struct fm_repeats shorts;   /* "Yes." and "}" come back in any text: counted apart */
	struct fm_user_entry entry; /* that is being gathered; nothing when it has no segments */
	struct fm_buf window;
	size_t from;     /* bytes of the window before it are taken */
	size_t looked;   /* through so many behind them, without a place to cut */
	size_t valid;    /* bytes of the window that are UTF-8 without a NUL */
	uint64_t place;  /* of the window's first byte in the file's text */
	uint64_t line;   /* of a record; 0 for a plain text */
	bool begun;      /* the file's text has; before it, white space is left out */
	bool line_ended; /* what was taken last ended a line */
	bool ended;
};

static enum fm_code end_entry(struct taking *t, struct fm_err *err)
{
	enum fm_code rc;

	if (t->entry.segments == 0)
		return FM_OK;
	rc = fm_spool_put(&t->user->index, fm_span_make((const char *)&t->entry, sizeof t->entry),
	                  err);
	t->file->hash = fm_hash_mix(t->file->hash, t->entry.hash);
	t->user->entry_count++;
	t->entry = (struct fm_user_entry){0};
	return rc;
}

static bool entry_is_full(const struct taking *t)
{
	if (t->user->order == FM_ORDER_SHUFFLED)
		return true;
	return t->line_ended
	               ? t->entry.segments >= CHAPTER_SEGMENTS || t->entry.bytes >= CHAPTER_BYTES
	               : t->entry.bytes >= INSIDE_BYTES;
}

static const char *file_text(const struct taking *t)
{
	const struct fm_span folder = fm_span_of(t->spec->name);
	const char *name = t->file->name;

	return fm_arena_format(&t->user->arena, "%s%s%s", t->spec->name,
	                       name[0] == '\0' || fm_span_ends(folder, "/") ? "" : "/", name);
}

/* "essays/a.txt:9321", or of JSON lines the line. */
static const char *place_text(const struct taking *t, uint64_t place)
{
	return fm_arena_format(&t->user->arena, "%s:%llu", file_text(t),
	                       (unsigned long long)(t->line > 0 ? t->line : place));
}

static void note_repeat(struct taking *t, struct fm_span bare, uint64_t place)
{
	struct fm_corpus_notes *notes = &t->user->notes;
	const bool is_short = bare.len < FM_CORPUS_SHORT_BYTES;
	struct fm_repeats *repeats = is_short ? &t->shorts : &t->repeats;
	const char **first = is_short ? &notes->short_at : &notes->repeated_at;

	if (bare.len > 0 && fm_repeats_add(repeats, fm_hash64(bare)) && *first == NULL)
		*first = place_text(t, place);
}

static void note(struct taking *t, struct fm_span segment, uint64_t place)
{
	struct fm_corpus_notes *notes = &t->user->notes;
	const struct fm_span bare = fm_span_trim(segment);
	struct fm_span special;
	const uint64_t specials = fm_special_count(segment, &special);

	notes->segments++;
	note_repeat(t, bare, place + (uint64_t)(bare.ptr - segment.ptr));
	if (specials > 0 && notes->specials == 0) {
		struct fm_buf text;

		fm_buf_init(&text, (size_t)16 * SPECIAL_BYTES_MAX);
		fm_put_visible(&text, fm_span_first(special, SPECIAL_BYTES_MAX), false);
		notes->special = fm_arena_text(&t->user->arena, fm_buf_span(&text));
		notes->special_at = place_text(t, place + (uint64_t)(special.ptr - segment.ptr));
		fm_buf_free(&text);
	}
	notes->specials += specials;
}

/* One segment more; `place` is where it lies in the file's text. */
static enum fm_code take_segment(struct taking *t, struct fm_span segment, uint64_t place,
                                 struct fm_err *err)
{
	struct fm_user *user = t->user;
	struct fm_user_file *file = t->file;
	enum fm_code rc = FM_OK;

	if (entry_is_full(t) || file->bytes == 0)
		rc = end_entry(t, err);
	if (file->bytes == 0) {
		file->from = file->spooled ? user->text.bytes : place;
		file->start = user->bytes;
	}
	if (t->entry.segments == 0)
		t->entry = (struct fm_user_entry){.place = user->bytes,
		                                  .inside = file->bytes > 0 && !t->line_ended};
	t->entry.segments++;
	t->entry.bytes += segment.len;
	t->entry.hash = fm_hash_mix(t->entry.hash, fm_hash64(segment));
	file->bytes += segment.len;
	user->bytes += segment.len;
	t->line_ended =
		segment.ptr[segment.len - 1] == '\n' || segment.ptr[segment.len - 1] == '\r';
	fm_hasher_add(t->digest, segment);
	note(t, segment, place);
	if (rc == FM_OK && file->spooled)
		rc = fm_spool_put(&user->text, segment, err);
	return rc;
}

/* Every block anew would look through a long segment again and again: only when it has doubled. */
static bool is_worth_a_look(const struct taking *t, struct fm_span text)
{
	return t->ended || text.len >= 2 * t->looked || text.len > FM_USER_SEGMENT_MAX;
}

/* All segments that can be told from what is in the window; before the first, white space. */
static enum fm_code take_window(struct taking *t, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	while (rc == FM_OK) {
		struct fm_span text = fm_span_make(t->window.ptr + t->from, t->valid - t->from);
		size_t len;

		if (!t->begun) {
			const struct fm_span bare = fm_span_trim(text);

			t->from += bare.len == 0 ? text.len : (size_t)(bare.ptr - text.ptr);
			text = fm_span_make(t->window.ptr + t->from, t->valid - t->from);
		}
		if (text.len == 0 || !is_worth_a_look(t, text))
			break;
		len = fm_cut_find(text, !t->ended, t->user->unit);
		t->looked = len == 0 ? text.len : 0;
		if (len == 0)
			break;
		/* No document may begin with a slash: it would join the line's end before it. */
		if (t->begun || text.ptr[0] != '/') {
			t->begun = true;
			rc = take_segment(t, fm_span_first(text, len), t->place + t->from, err);
		}
		t->from += len;
	}
	return rc;
}

/* What was added to the window behind `t->valid` is UTF-8, has no NUL, and is whole at the end. */
static enum fm_code check_window(struct taking *t, struct fm_err *err)
{
	const struct fm_span text = fm_span_skip(fm_buf_span(&t->window), t->valid);
	const size_t good = fm_utf8_check(text);
	const size_t nul = fm_span_find_byte(fm_span_first(text, good), '\0');
	const uint64_t place = t->place + t->valid;
	const uint64_t nul_place = place + nul;
	const uint64_t bad_place = place + good;

	if (nul < good)
		return fm_fail(err, FM_E_FORMAT, "holds a NUL at byte %llu: it is no text",
		               (unsigned long long)nul_place);
	/* A character that is cut by the window's end has three bytes there at most. */
	if (good < text.len && (t->ended || text.len - good > 3))
		return fm_fail(err, FM_E_FORMAT, "not UTF-8 at byte %llu%s",
		               (unsigned long long)bad_place,
		               bad_place == 0 && (fm_span_starts(text, "\xff\xfe") ||
		                                  fm_span_starts(text, "\xfe\xff"))
		                       ? ": it looks like UTF-16"
		                       : "");
	t->valid += good;
	return FM_OK;
}

static enum fm_code fill_window(struct taking *t, char *block, struct fm_err *err)
{
	const uint64_t place = t->place + t->from;
	size_t len = 0;
	enum fm_code rc;

	if (t->window.len - t->from > FM_USER_SEGMENT_MAX)
		return fm_fail(err, FM_E_LIMIT,
		               "there is no place to cut it for 8 MiB from byte %llu on",
		               (unsigned long long)place);
	rc = fm_unpack_read(t->in, block, BLOCK_BYTES, &len, err);
	if (rc != FM_OK)
		return rc;
	t->ended = len == 0;
	fm_buf_drop(&t->window, t->from);
	t->place += t->from;
	t->valid -= t->from;
	t->from = 0;
	return fm_buf_add(&t->window, fm_span_make(block, len), err);
}

static enum fm_code take_plain(struct taking *t, struct fm_err *err)
{
	char *block = fm_memory_take(BLOCK_BYTES);
	enum fm_code rc = FM_OK;

	while (!t->ended && rc == FM_OK) {
		const bool first = t->place == 0 && t->window.len == 0;

		rc = fill_window(t, block, err);
		if (rc == FM_OK)
			rc = check_window(t, err);
		if (rc != FM_OK)
			break;
		if (first && fm_span_starts(fm_buf_span(&t->window), BOM)) {
			t->from = strlen(BOM);
			if (t->user->notes.marked++ == 0)
				t->user->notes.marked_at = file_text(t);
		}
		rc = take_window(t, err);
	}
	fm_memory_free(block);
	return rc;
}

/* Each record is a text of its own, as a file is, and ends a paragraph. */
static enum fm_code take_records(struct taking *t, struct fm_err *err)
{
	struct fm_records records;
	struct fm_span text = {0};
	bool there = true;
	enum fm_code rc = FM_OK;

	fm_records_init(&records, t->in, t->spec->field == NULL ? "text" : t->spec->field);
	t->ended = true;
	while (rc == FM_OK) {
		rc = fm_records_next(&records, &there, &text, err);
		if (rc != FM_OK || !there)
			break;
		if (text.len == 0)
			continue;
		fm_buf_clear(&t->window);
		fm_buf_put(&t->window, text);
		fm_buf_puts(&t->window, "\n\n");
		t->from = 0;
		t->valid = t->window.len;
		t->begun = false;
		t->line = records.line;
		rc = take_window(t, err);
	}
	fm_records_free(&records);
	return rc;
}

static enum fm_code take_file(struct taking *t, struct fm_err *err)
{
	struct fm_user_file *file = t->file;
	const bool records = t->spec->field != NULL || fm_user_is_records(file->path);
	enum fm_code rc = fm_unpack_open(file->path, &t->in, err);

	if (rc != FM_OK)
		return rc;
	file->stamp = fm_unpack_stamp(t->in);
	file->spooled = records || fm_unpack_is_packed(t->in);
	fm_buf_clear(&t->window);
	t->from = t->valid = t->looked = 0;
	t->place = t->line = 0;
	t->begun = t->ended = t->line_ended = false;
	rc = records ? take_records(t, err) : take_plain(t, err);
	if (rc == FM_OK && file->bytes == 0)
		rc = fm_fail(err, FM_E_LIMIT, "it is empty");
	if (rc == FM_OK)
		rc = end_entry(t, err);
	/* No text holds a NUL: two files are another text than one with the same words. */
	fm_hasher_add(t->digest, fm_span_make("", 1));
	fm_unpack_close(t->in);
	t->in = NULL;
	return rc;
}

/* The same text together, and in it the order of the names. */
static int by_text(const void *a, const void *b)
{
	const struct fm_user_file *left = a;
	const struct fm_user_file *right = b;

	if (left->hash != right->hash)
		return left->hash < right->hash ? -1 : 1;
	if (left->bytes != right->bytes)
		return left->bytes < right->bytes ? -1 : 1;
	return left->start < right->start ? -1 : left->start > right->start;
}

static void note_doubles(struct fm_user *user)
{
	struct fm_arena arena = {0};
	const size_t count = user->files.count;
	struct fm_user_file *files = fm_arena_array(&arena, count, sizeof *files);
	const struct fm_user_file *first = NULL;

	memcpy(files, user->files.all, count * sizeof *files);
	qsort(files, count, sizeof *files, by_text);
	for (size_t i = 1; i < count; i++) {
		if (files[i].hash != files[i - 1].hash || files[i].bytes != files[i - 1].bytes)
			continue;
		user->notes.doubled++;
		if (first != NULL && first->start < files[i].start)
			continue;
		first = &files[i];
		user->notes.doubled_at = files[i].name;
		user->notes.doubled_as = files[i - 1].name;
	}
	fm_arena_free(&arena);
}

static void end_notes(struct taking *t)
{
	t->user->notes.files = t->user->files.count;
	t->user->notes.made = t->user->files.made;
	t->user->notes.made_at = t->user->files.made_at;
	t->user->notes.left = t->user->files.left;
	t->user->notes.left_at = t->user->files.left_at;
	note_doubles(t->user);
	t->user->notes.repeated = fm_repeats_count(&t->repeats);
	t->user->notes.short_repeated = fm_repeats_count(&t->shorts);
	t->user->notes.repeated_is_exact =
		fm_repeats_is_exact(&t->repeats) && fm_repeats_is_exact(&t->shorts);
}

/* Where a text comes from, packed or not, is no part of it; how it is cut and laid is. */
static struct fm_id whole_digest(const struct fm_user *user)
{
	char text[FM_ID_TEXT_MAX + 4] = {'u', (char)('0' + (int)user->unit),
	                                 (char)('0' + (int)user->order), user->wrap ? '1' : '0'};

	(void)fm_id_text(user->text_digest, text + 4); /* written behind the options */
	return fm_hash128(fm_span_make(text, sizeof text));
}

enum fm_code fm_user_take(struct fm_user *user, const struct fm_corpus_spec *spec,
                          struct fm_err *err)
{
	struct taking t = {.user = user, .spec = spec, .digest = fm_hasher_open()};
	enum fm_code rc = FM_OK;

	fm_buf_init(&t.window, FM_USER_SEGMENT_MAX + 2 * BLOCK_BYTES);
	fm_repeats_init(&t.repeats);
	fm_repeats_init(&t.shorts);
	for (size_t i = 0; i < user->files.count && rc == FM_OK; i++) {
		t.file = &user->files.all[i];
		rc = take_file(&t, err);
		if (rc != FM_OK && t.file->name[0] != '\0')
			rc = fm_err_prefix(err, "%s", t.file->name);
	}
	if (rc == FM_OK) {
		end_notes(&t);
		user->text_digest = fm_hasher_id(t.digest);
		user->digest = whole_digest(user);
		rc = fm_spool_finish(&user->text, err);
	}
	if (rc == FM_OK)
		rc = fm_spool_finish(&user->index, err);
	fm_hasher_close(t.digest);
	fm_repeats_free(&t.repeats);
	fm_repeats_free(&t.shorts);
	fm_buf_free(&t.window);
	return rc;
}
