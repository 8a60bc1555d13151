#include "cut_internal.h"

#include "text/utf8.h"

/* Where a person's text may be cut into segments. */

#define SPEAKER_BYTES_MAX 48
#define SPEAKER_BLANKS_MAX 3

/* White space from `at` on. */
static size_t skip_space(struct fm_span text, size_t at)
{
	while (at < text.len && fm_is_space(text.ptr[at]))
		at++;
	return at;
}

/* Line ends of any kind: LF, CR LF, CR. */
static unsigned count_lines(struct fm_span text, size_t from, size_t to)
{
	unsigned lines = 0;

	for (size_t i = from; i < to; i++)
		lines += text.ptr[i] == '\n' ||
		         (text.ptr[i] == '\r' && (i + 1 == to || text.ptr[i + 1] != '\n'));
	return lines;
}

/*
 * Where the white space from `from` to `to` may be cut: before it when it is blanks, behind it when
 * it ends a line, nowhere when a line's end is followed by blanks or by a slash.
 */
static size_t cut_in_space(struct fm_span text, size_t from, size_t to, unsigned lines)
{
	if (to >= text.len || text.ptr[to] == '/')
		return 0;
	if (lines == 0)
		return from;
	return text.ptr[to - 1] == '\n' || text.ptr[to - 1] == '\r' ? to : 0;
}

/* Does the word at `at` begin a sentence? A small letter goes on with the last one. */
static bool begins_sentence(struct fm_span text, size_t at)
{
	uint32_t c;

	if (at >= text.len)
		return false;
	(void)fm_utf8_next(fm_span_skip(text, at), &c); /* its length does not matter here */
	return !((c >= 'a' && c <= 'z') || (c >= 0xdf && c <= 0xff && c != 0xf7) ||
	         (c >= 0x3ac && c <= 0x3ce) || (c >= 0x430 && c <= 0x45f));
}

/* Marks that stand between two parts of one sentence: 」，he said. */
static bool goes_on(struct fm_span rest)
{
	static const char *const marks[] = {",", ";", ":", "，", "、", "；", "：", "—", "/"};

	for (size_t i = 0; i < FM_COUNT(marks); i++)
		if (fm_span_starts(rest, marks[i]))
			return true;
	return false;
}

static bool is_dash(struct fm_span line)
{
	static const char *const dashes[] = {"—", "–", "―", "- "};

	for (size_t i = 0; i < FM_COUNT(dashes); i++)
		if (fm_span_starts(line, dashes[i]))
			return true;
	return false;
}

/* A name has no marks in it but those of "Dr. O'Brien-Smith (left)". */
static bool is_name_byte(char c)
{
	return fm_is_alnum(c) || (unsigned char)c >= 0x80 || c == ' ' || c == '.' || c == '\'' ||
	       c == '-' || c == '_' || c == '(' || c == ')' || c == '#' || c == '&';
}

/* "Alice:", "Speaker 2:", "甲：": a line so begun is someone's turn; one that a dash begins too. */
static bool begins_turn(struct fm_span line)
{
	const int first = line.len > 0 ? line.ptr[0] : ' ';
	unsigned blanks = 0;

	if (is_dash(line))
		return true;
	if (!(first >= 'A' && first <= 'Z') && (unsigned char)first < 0x80)
		return false;
	for (size_t i = 1; i < line.len && i <= SPEAKER_BYTES_MAX; i++) {
		const struct fm_span rest = fm_span_skip(line, i);

		if (fm_span_starts(rest, "："))
			return true;
		if (line.ptr[i] == ':')
			return rest.len == 1 || fm_is_space(rest.ptr[1]);
		/* Marks of Chinese and Japanese are no part of a name. */
		if (!is_name_byte(line.ptr[i]) || fm_span_starts(rest, "\xe3\x80") ||
		    fm_span_starts(rest, "\xef\xbc"))
			return false;
		blanks += line.ptr[i] == ' ';
		if (blanks > SPEAKER_BLANKS_MAX)
			return false;
	}
	return false;
}

static bool is_boundary(struct fm_span text, size_t word, unsigned lines, bool behind_marks,
                        enum fm_corpus_unit unit)
{
	switch (unit) {
	case FM_UNIT_LINE:
		return lines > 0;
	case FM_UNIT_PARAGRAPH:
		return lines > 1;
	case FM_UNIT_TURN:
		return lines > 0 && begins_turn(fm_span_skip(text, word));
	case FM_UNIT_SENTENCE:
		break;
	}
	return lines > 1 || (behind_marks && begins_sentence(text, word));
}

/* The next byte that may matter: white space, or for sentences the first of a mark. */
static size_t skip_plain(struct fm_span text, size_t at, enum fm_corpus_unit unit)
{
	while (at < text.len && !fm_is_space(text.ptr[at]) &&
	       (unit != FM_UNIT_SENTENCE || !fm_marks_may_begin(text.ptr[at])))
		at++;
	return at;
}

size_t fm_cut_find(struct fm_span text, bool more, enum fm_corpus_unit unit)
{
	const size_t ahead = more ? FM_CUT_LOOK_BYTES : 0;
	size_t marks_end = 0;

	for (size_t at = skip_plain(text, skip_space(text, 0), unit); at + ahead < text.len;
	     at = skip_plain(text, at, unit)) {
		if (!fm_is_space(text.ptr[at])) {
			const struct fm_marks marks = fm_marks_at(text, at);

			if (marks.end + ahead >= text.len)
				break;
			at = marks.end > 0 ? marks.end : at + 1;
			marks_end = marks.end;
			if (marks.wide && !fm_is_space(text.ptr[at]) &&
			    !goes_on(fm_span_skip(text, at)))
				return at;
			continue;
		}
		const size_t word = skip_space(text, at);
		const unsigned lines = count_lines(text, at, word);

		if (word + ahead >= text.len)
			break;
		if (is_boundary(text, word, lines, marks_end == at, unit)) {
			const size_t cut = cut_in_space(text, at, word, lines);

			if (cut > 0)
				return cut;
		}
		at = word;
	}
	return more ? 0 : text.len;
}
