#include "base/num.h"
#include "corpus/measure.h"
#include "measure_internal.h"
#include "text/utf8.h"

/* Needles held against the text they are to lie in. */

#define PPM 1000000
#define CODE_LETTERS_MIN 4

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* The end of a run of letters and digits at `at`; *ret_code when it is of capitals and digits both. */
static size_t read_code(struct fm_span text, size_t at, bool *ret_code)
{
	const size_t start = at;
	bool capital = false;
	bool digit = false;
	bool other = false;

	for (; at < text.len && fm_is_alnum(text.ptr[at]); at++) {
		capital = capital || is_capital(text.ptr[at]);
		digit = digit || fm_is_digit(text.ptr[at]);
		other = other || !(is_capital(text.ptr[at]) || fm_is_digit(text.ptr[at]));
	}
	*ret_code = capital && digit && !other && at - start >= CODE_LETTERS_MIN;
	return at;
}

/* A wide quotation mark is E2 80 9C or 9D, a Chinese one E3 80 8C or 8E. */
static bool is_quote(struct fm_span text, size_t at)
{
	const struct fm_span rest = fm_span_skip(text, at);

	return text.ptr[at] == '"' || fm_span_starts(rest, "\xe2\x80\x9c") ||
	       fm_span_starts(rest, "\xe2\x80\x9d") || fm_span_starts(rest, "\xe3\x80\x8c") ||
	       fm_span_starts(rest, "\xe3\x80\x8e");
}

void fm_sentence_look(struct fm_span text, struct fm_measured_sentence *sentence)
{
	for (size_t at = 0; at < text.len;) {
		bool code = false;
		const size_t end = read_code(text, at, &code);

		sentence->has_codes = sentence->has_codes || code;
		for (size_t i = at; i < end && !sentence->has_digits; i++)
			sentence->has_digits = fm_is_digit(text.ptr[i]);
		if (end == at)
			sentence->has_quotes = sentence->has_quotes || is_quote(text, at);
		at = end > at ? end : at + 1;
	}
}

static void show_word(struct fm_shine *shine, struct fm_span word)
{
	for (size_t i = 0; i < shine->example_count; i++)
		if (fm_span_equal(shine->examples[i], word))
			return;
	if (shine->example_count < FM_SHINE_WORDS)
		shine->examples[shine->example_count++] = word;
}

static void compare_words(const struct fm_units *text, struct fm_span bare,
                          enum fm_measure_kind kind, struct fm_shine *shine)
{
	struct fm_units units = {.with_spans = true};

	fm_units_cut(&units, bare, kind);
	shine->words += units.names.count;
	for (size_t i = 0; i < units.names.capacity; i++) {
		if (units.names.keys[i] == 0 || fm_met_has(&text->names, units.names.keys[i]))
			continue;
		shine->unknown++;
		show_word(shine, units.spans[units.names.numbers[i]]);
	}
	fm_units_free(&units);
}

static uint64_t count_shorter(const struct fm_units *text, size_t units)
{
	uint64_t shorter = 0;

	for (size_t i = 0; i < text->sentence_count; i++)
		shorter += text->sentences[i].units < units;
	return shorter;
}

static uint32_t ppm(uint64_t part, uint64_t whole)
{
	return whole == 0 ? 0 : (uint32_t)fm_num_mul_div(part, PPM, whole);
}

static void look_around(const struct fm_units *text, uint64_t characters, struct fm_shine *shine)
{
	uint64_t digits = 0;
	uint64_t quotes = 0;
	uint64_t codes = 0;

	for (size_t i = 0; i < text->sentence_count; i++) {
		digits += text->sentences[i].has_digits;
		quotes += text->sentences[i].has_quotes;
		codes += text->sentences[i].has_codes;
	}
	shine->sentences = text->sentence_count;
	shine->sentence_milli =
		text->sentence_count == 0 ? 0 : text->count * 1000 / text->sentence_count;
	shine->text_digits_ppm = ppm(text->digits, characters);
	shine->with_digits_ppm = ppm(digits, text->sentence_count);
	shine->with_quotes_ppm = ppm(quotes, text->sentence_count);
	shine->with_codes_ppm = ppm(codes, text->sentence_count);
}

void fm_measure_shine(struct fm_span text, enum fm_measure_kind kind,
                      const struct fm_shine_needle *needles, size_t count,
                      struct fm_shine *ret_shine)
{
	const bool han = kind == FM_MEASURE_CHARACTERS;
	struct fm_units around = {.with_letters = true};
	struct fm_units words = {0}; /* of other scripts, in a text of characters */
	struct fm_shine shine = {0};
	uint64_t shorter = 0;
	uint64_t units = 0;
	uint64_t digits = 0;
	uint64_t characters = 0;

	fm_units_cut(&around, text, kind);
	look_around(&around, fm_utf8_count(text), &shine);
	if (han)
		fm_units_cut(&words, text, FM_MEASURE_WORDS);
	for (size_t i = 0; i < count; i++) {
		struct fm_units inside = {.with_letters = true};
		struct fm_measured_sentence look = {0};

		fm_units_cut(&inside, needles[i].text, kind);
		fm_sentence_look(needles[i].text, &look);
		compare_words(&around, needles[i].bare, kind, &shine);
		if (han)
			compare_words(&words, needles[i].bare, FM_MEASURE_WORDS, &shine);
		shine.has_digits = shine.has_digits || look.has_digits;
		shine.has_quotes = shine.has_quotes || look.has_quotes;
		shine.has_codes = shine.has_codes || look.has_codes;
		shorter += count_shorter(&around, inside.count);
		units += inside.count;
		digits += inside.digits;
		characters += fm_utf8_count(needles[i].text);
		fm_units_free(&inside);
	}
	shine.units_milli = count == 0 ? 0 : units * 1000 / count;
	shine.digits_ppm = ppm(digits, characters);
	shine.shorter_ppm = ppm(shorter, count * around.sentence_count);
	fm_units_free(&around);
	fm_units_free(&words);
	*ret_shine = shine;
}
