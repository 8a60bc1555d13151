#include "user_internal.h"

/* Where a person's text may be cut into segments. */

/* White space from `at` on. */
static size_t skip_space(struct fm_span text, size_t at)
{
	while (at < text.len && fm_is_space(text.ptr[at]))
		at++;
	return at;
}

static bool is_word_byte(char c)
{
	return fm_is_alnum(c) || (unsigned char)c >= 0x80;
}

/* "Mr", "Dr", "e.g", an initial: words whose full stop ends no sentence. */
static bool is_abbreviation(struct fm_span text, size_t stop)
{
	static const char *const known[] = {"Mr",  "Mrs", "Ms",   "Dr",  "St", "Prof",  "Rev",
	                                    "Gen", "Col", "Capt", "Lt",  "No", "vs",    "cf",
	                                    "e.g", "i.e", "Vol",  "Fig", "pp", "Messrs"};
	size_t start = stop;

	while (start > 0 && (is_word_byte(text.ptr[start - 1]) || text.ptr[start - 1] == '.'))
		start--;
	const struct fm_span word = fm_span_make(text.ptr + start, stop - start);

	if (word.len == 1 && word.ptr[0] >= 'A' && word.ptr[0] <= 'Z' && word.ptr[0] != 'I')
		return true;
	for (size_t i = 0; i < FM_COUNT(known); i++)
		if (fm_span_is(word, known[i]))
			return true;
	return false;
}

/* Behind marks that end a sentence and what closes with them; 0 when none stands here. */
static size_t end_marks(struct fm_span text, size_t at)
{
	size_t end = at;

	if (text.ptr[at] != '.' && text.ptr[at] != '!' && text.ptr[at] != '?')
		return 0;
	if (text.ptr[at] == '.' && is_abbreviation(text, at))
		return 0;
	while (end < text.len &&
	       (text.ptr[end] == '.' || text.ptr[end] == '!' || text.ptr[end] == '?' ||
	        text.ptr[end] == '"' || text.ptr[end] == '\'' || text.ptr[end] == ')'))
		end++;
	/* Curly closing quotes: E2 80 99 and E2 80 9D. */
	if (end + 2 < text.len && (unsigned char)text.ptr[end] == 0xe2 &&
	    (unsigned char)text.ptr[end + 1] == 0x80 &&
	    ((unsigned char)text.ptr[end + 2] == 0x99 || (unsigned char)text.ptr[end + 2] == 0x9d))
		end += 3;
	return end;
}

/*
 * Where the white space from `from` to `to` may be cut: before it when it is blanks, behind it when
 * it ends a line, nowhere when a line's end is followed by blanks or by a slash.
 */
static size_t cut_in_space(struct fm_span text, size_t from, size_t to)
{
	bool line_end = false;

	if (to >= text.len || text.ptr[to] == '/')
		return 0;
	for (size_t i = from; i < to; i++)
		line_end = line_end || text.ptr[i] == '\n' || text.ptr[i] == '\r';
	if (!line_end)
		return from;
	return text.ptr[to - 1] == '\n' ? to : 0;
}

static unsigned count_lines(struct fm_span text, size_t from, size_t to)
{
	unsigned lines = 0;

	for (size_t i = from; i < to; i++)
		lines += text.ptr[i] == '\n';
	return lines;
}

/* Does the word at `at` begin a sentence? A small letter goes on with the last one. */
static bool begins_sentence(struct fm_span text, size_t at)
{
	return at < text.len && (text.ptr[at] < 'a' || text.ptr[at] > 'z');
}

static bool is_boundary(struct fm_span text, size_t space, size_t word, bool behind_marks,
                        enum fm_corpus_unit unit)
{
	const unsigned lines = count_lines(text, space, word);

	switch (unit) {
	case FM_UNIT_LINE:
		return lines > 0;
	case FM_UNIT_PARAGRAPH:
		return lines > 1;
	case FM_UNIT_SENTENCE:
		break;
	}
	return lines > 1 || (behind_marks && begins_sentence(text, word));
}

size_t fm_cut_find(struct fm_span text, size_t start, enum fm_corpus_unit unit)
{
	size_t marks_end = 0;

	for (size_t at = skip_space(text, start); at < text.len;) {
		if (!fm_is_space(text.ptr[at])) {
			const size_t end = end_marks(text, at);

			if (end > at)
				marks_end = end;
			at = end > at ? end : at + 1;
			continue;
		}
		const size_t word = skip_space(text, at);

		if (is_boundary(text, at, word, marks_end == at, unit)) {
			const size_t cut = cut_in_space(text, at, word);

			if (cut > start)
				return cut;
		}
		at = word;
	}
	return text.len;
}
