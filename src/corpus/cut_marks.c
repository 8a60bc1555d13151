#include "cut_internal.h"

#include <stdint.h>
#include <string.h>

/* Which marks end a sentence, and which full stop does not. */

/* In their order of length and use; a wide one needs no white space behind it. */
static const struct mark {
	const char *bytes;
	bool wide;
} marks[] = {
	{".",   false},
        {"!",   false},
        {"?",   false},
        {"…", false},
        {"。", true },
	{"！", true },
        {"？", true },
        {"｡", true },
        {"।", false}, /* danda */
	{"؟",  false}, /* Arabic question mark */
	{"۔",  false}, /* Urdu full stop */
};

/* What closes with a sentence: quotes, brackets, and what sets words off. */
static const struct mark closers[] = {
	{"\"",  false},
        {"'",   false},
        {")",   false},
        {"]",   false},
        {"}",   false},
        {"*",   false},
	{"_",   false},
        {"”", true },
        {"’", false},
        {"»",  false},
        {"›", false},
        {"」", true },
	{"』", true },
        {"】", true },
        {"》", true },
        {"〉", true },
        {"）", true },
};

/* In lower case, without the full stop that does not end a sentence behind them. */
static const char *const abbreviations[] = {
	"mr",   "mrs",    "ms",   "dr",  "st",  "prof", "rev",    "gen",  "col", "capt", "lt",
	"sgt",  "hon",    "pres", "gov", "sen", "rep",  "messrs", "no",   "nos", "vol",  "vols",
	"fig",  "figs",   "ch",   "sec", "art", "p",    "pp",     "vs",   "cf",  "e.g",  "i.e",
	"viz",  "approx", "ca",   "jan", "feb", "mar",  "apr",    "jun",  "jul", "aug",  "sep",
	"sept", "oct",    "nov",  "dec", "inc", "ltd",  "co",     "corp", "mt",  "ft",   "al",
};

static size_t length_at(const struct mark *table, size_t count, struct fm_span rest, bool *ret_wide)
{
	for (size_t i = 0; i < count; i++) {
		if (!fm_span_starts(rest, table[i].bytes))
			continue;
		*ret_wide = table[i].wide;
		return strlen(table[i].bytes);
	}
	return 0;
}

static bool is_word_byte(char c)
{
	return fm_is_alnum(c) || (unsigned char)c >= 0x80;
}

static bool is_listed(struct fm_span word)
{
	char small[8];

	if (word.len > sizeof small)
		return false;
	for (size_t i = 0; i < word.len; i++)
		small[i] = fm_to_lower(word.ptr[i]);
	for (size_t i = 0; i < FM_COUNT(abbreviations); i++)
		if (fm_span_is(fm_span_make(small, word.len), abbreviations[i]))
			return true;
	return false;
}

static bool is_number(struct fm_span word)
{
	for (size_t i = 0; i < word.len; i++)
		if (!fm_is_digit(word.ptr[i]))
			return false;
	return word.len > 0 && word.len <= 3;
}

/* "Mr", "e.g", "J", "U.S", and the number of a list's item: their full stop ends no sentence. */
static bool is_abbreviation(struct fm_span text, size_t stop)
{
	size_t start = stop;

	while (start > 0 && (is_word_byte(text.ptr[start - 1]) || text.ptr[start - 1] == '.'))
		start--;
	const struct fm_span word = fm_span_make(text.ptr + start, stop - start);
	const bool single = word.len == 1 || (word.len > 1 && word.ptr[word.len - 2] == '.');
	const int last = word.len > 0 ? word.ptr[word.len - 1] : ' ';

	if (single && last >= 'A' && last <= 'Z' && (last != 'I' || word.len > 1))
		return true;
	if (is_number(word) && (start == 0 || text.ptr[start - 1] == '\n'))
		return true;
	return is_listed(word);
}

bool fm_marks_may_begin(char byte)
{
	switch ((unsigned char)byte) {
	case '.':
	case '!':
	case '?':
	case 0xd8:
	case 0xdb:
	case 0xe0:
	case 0xe2:
	case 0xe3:
	case 0xef:
		return true;
	default:
		return false;
	}
}

struct fm_marks fm_marks_at(struct fm_span text, size_t at)
{
	struct fm_marks found = {0};
	size_t end = at;
	bool stop_alone = true; /* one full stop, which may belong to its word */
	bool wide = false;

	for (;;) {
		const size_t len =
			length_at(marks, FM_COUNT(marks), fm_span_skip(text, end), &wide);

		if (len == 0)
			break;
		stop_alone = end == at && text.ptr[end] == '.';
		found.wide = found.wide || wide;
		end += len;
	}
	if (end == at || (stop_alone && is_abbreviation(text, at)))
		return (struct fm_marks){0};
	for (;;) {
		const size_t len =
			length_at(closers, FM_COUNT(closers), fm_span_skip(text, end), &wide);

		if (len == 0)
			break;
		found.wide = found.wide || wide;
		end += len;
	}
	found.end = end;
	return found;
}
