#include <stdlib.h>

#include "base/memory.h"
#include "base/num.h"
#include "corpus/measure.h"
#include "measure_internal.h"

/* What only a text of lines has: turns, indentation, comments, the names of a program. */

#define PPM 1000000
#define NAMES_MAX 30000
#define TOP 20
#define TAB_BLANKS 8
#define HASH_START 0xcbf29ce484222325U

/* Where a reader of a program stands. A docstring is a comment, and ends as it began. */
enum place {
	PLACE_CODE,
	PLACE_STRING,
	PLACE_LINE_COMMENT,
	PLACE_LONG_COMMENT,
};

struct reader {
	enum fm_measure_comments comments;
	enum place place;
	const char *closing; /* of a long comment */
	char quote;          /* of a string */
	uint64_t comment_bytes;
	struct fm_met names;
	uint32_t *counts; /* of each distinct name */
	size_t counts_capacity;
	uint64_t name_count;
	uint64_t joined;
};

static bool begins_name(char c)
{
	return c == '_' || (fm_is_alnum(c) && !fm_is_digit(c));
}

/* The end of a name at `at`; the first 30,000 are counted. */
static size_t read_name(struct reader *r, struct fm_span text, size_t at)
{
	uint64_t hash = HASH_START;
	const size_t known = r->names.count;
	bool joined = false;
	uint32_t number;

	for (; at < text.len && (begins_name(text.ptr[at]) || fm_is_digit(text.ptr[at])); at++) {
		hash = (hash ^ (unsigned char)text.ptr[at]) * 0x100000001b3U;
		joined = joined || text.ptr[at] == '_';
	}
	if (r->name_count == NAMES_MAX)
		return at;
	number = fm_met_number(&r->names, hash);
	if (number == known) {
		r->counts =
			fm_memory_more(r->counts, known, &r->counts_capacity, sizeof *r->counts);
		r->counts[number] = 0;
		r->joined += joined;
	}
	r->counts[number]++;
	r->name_count++;
	return at;
}

static size_t begin_comment(struct reader *r, enum place place, const char *closing, size_t len)
{
	r->place = place;
	r->closing = closing;
	r->comment_bytes += len;
	return len;
}

/* How many bytes a comment or a string that begins here opens with; 0 when none does. */
static size_t begin_aside(struct reader *r, struct fm_span rest)
{
	const bool python = r->comments == FM_COMMENTS_PYTHON;

	if (r->comments == FM_COMMENTS_C && fm_span_starts(rest, "/*"))
		return begin_comment(r, PLACE_LONG_COMMENT, "*/", 2);
	if (r->comments == FM_COMMENTS_C && fm_span_starts(rest, "//"))
		return begin_comment(r, PLACE_LINE_COMMENT, NULL, 2);
	if (python && fm_span_starts(rest, "#"))
		return begin_comment(r, PLACE_LINE_COMMENT, NULL, 1);
	if (python && fm_span_starts(rest, "\"\"\""))
		return begin_comment(r, PLACE_LONG_COMMENT, "\"\"\"", 3);
	if (python && fm_span_starts(rest, "'''"))
		return begin_comment(r, PLACE_LONG_COMMENT, "'''", 3);
	if (r->comments == FM_COMMENTS_NONE || (rest.ptr[0] != '"' && rest.ptr[0] != '\''))
		return 0;
	r->place = PLACE_STRING;
	r->quote = rest.ptr[0];
	return 1;
}

/* One step forward in code, or in what is none. */
static size_t step(struct reader *r, struct fm_span text, size_t at)
{
	const struct fm_span rest = fm_span_skip(text, at);
	const char c = text.ptr[at];
	size_t len = 1;

	switch (r->place) {
	case PLACE_CODE:
		if (begins_name(c))
			return read_name(r, text, at);
		len = begin_aside(r, rest);
		return at + (len == 0 ? 1 : len);
	case PLACE_STRING:
		/* A string ends with its line at the latest, or one lone quote would eat the rest. */
		if (c == r->quote || c == '\n')
			r->place = PLACE_CODE;
		return at + (c == '\\' && at + 1 < text.len ? 2 : 1);
	case PLACE_LINE_COMMENT:
		if (c == '\n')
			r->place = PLACE_CODE;
		else
			r->comment_bytes++;
		return at + 1;
	case PLACE_LONG_COMMENT:
		if (fm_span_starts(rest, r->closing)) {
			len = fm_span_of(r->closing).len;
			r->place = PLACE_CODE;
		}
		r->comment_bytes += len;
		break;
	}
	return at + len;
}

static int by_count_down(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a;
	const uint32_t y = *(const uint32_t *)b;

	return (x < y) - (x > y);
}

static uint32_t ppm(uint64_t part, uint64_t whole)
{
	return whole == 0 ? 0 : (uint32_t)fm_num_mul_div(part, PPM, whole);
}

static void measure_names(struct reader *r, struct fm_line_measures *line)
{
	uint64_t top = 0;
	uint64_t once = 0;

	if (r->names.count > 0)
		qsort(r->counts, r->names.count, sizeof *r->counts, by_count_down);
	for (size_t i = 0; i < r->names.count; i++) {
		top += i < TOP ? r->counts[i] : 0;
		once += r->counts[i] == 1;
	}
	line->names = r->name_count;
	line->names_distinct = r->names.count;
	line->names_once_ppm = ppm(once, r->names.count);
	line->names_top20_ppm = ppm(top, r->name_count);
	line->names_joined_ppm = ppm(r->joined, r->names.count);
}

/* Words are runs of letters and apostrophes, as elsewhere. */
static uint64_t count_words(struct fm_span line)
{
	uint64_t words = 0;
	bool inside = false;

	for (size_t i = 0; i < line.len; i++) {
		const bool letter =
			(begins_name(line.ptr[i]) && line.ptr[i] != '_') || line.ptr[i] == '\'';

		words += letter && !inside;
		inside = letter;
	}
	return words;
}

static uint64_t indent_of(struct fm_span line)
{
	uint64_t blanks = 0;

	for (size_t i = 0; i < line.len && (line.ptr[i] == ' ' || line.ptr[i] == '\t'); i++)
		blanks += line.ptr[i] == '\t' ? TAB_BLANKS : 1;
	return blanks;
}

static void measure_each(struct fm_span text, struct fm_line_measures *line)
{
	uint64_t blank = 0;
	uint64_t words = 0;
	uint64_t squares = 0;
	uint64_t indent = 0;
	uint64_t asking = 0;

	for (struct fm_span rest = text, one; fm_span_split(&rest, '\n', &one);) {
		if (fm_span_trim(one).len == 0) {
			blank += rest.len > 0; /* what is behind the last line's end is none */
			continue;
		}
		const uint64_t count = count_words(one);

		line->lines++;
		words += count;
		squares += count * count;
		indent += indent_of(one);
		asking += fm_span_find_byte(one, '?') < one.len;
	}
	line->blank_ppm = ppm(blank, blank + line->lines);
	line->words_milli = line->lines == 0 ? 0 : words * 1000 / line->lines;
	line->words_sd_milli = fm_deviation_milli(line->lines, words, squares);
	line->indent_milli = line->lines == 0 ? 0 : indent * 1000 / line->lines;
	line->asking_ppm = ppm(asking, line->lines);
}

void fm_measure_line(struct fm_span text, enum fm_measure_comments comments,
                     struct fm_line_measures *ret_line)
{
	struct reader r = {.comments = comments};
	struct fm_line_measures line = {0};

	measure_each(text, &line);
	for (size_t at = 0; at < text.len;)
		at = step(&r, text, at);
	line.comments_ppm = ppm(r.comment_bytes, text.len);
	measure_names(&r, &line);
	fm_met_free(&r.names);
	fm_memory_free(r.counts);
	*ret_line = line;
}
