#include "base/hash.h"
#include "base/memory.h"
#include "measure_internal.h"
#include "text/utf8.h"

/* A text into units and sentences: three ways to read one. */

#define HASH_START 0xcbf29ce484222325U

/* FNV-1a, byte by byte, since units are short and their letters are folded on the way. */
static uint64_t hash_more(uint64_t hash, char byte)
{
	return (hash ^ (unsigned char)byte) * 0x100000001b3U;
}

static void add_unit(struct fm_units *units, uint64_t hash, struct fm_span text)
{
	const size_t known = units->names.count;

	units->ids = fm_memory_more(units->ids, units->count, &units->capacity, sizeof *units->ids);
	units->ids[units->count++] = fm_met_number(&units->names, hash);
	if (!units->with_spans || units->names.count == known)
		return;
	units->spans =
		fm_memory_more(units->spans, known, &units->span_capacity, sizeof *units->spans);
	units->spans[known] = text;
}

static void add_sentence(struct fm_units *units, struct fm_span text, size_t first_unit,
                         uint64_t shape)
{
	struct fm_measured_sentence one = {.shape = shape};
	const struct fm_span bare = fm_span_trim(text);

	if (units->count == first_unit)
		return;
	one.hash = fm_hash64(bare);
	one.units = (uint32_t)(units->count - first_unit);
	fm_sentence_look(bare, &one);
	units->sentences = fm_memory_more(units->sentences, units->sentence_count,
	                                  &units->sentence_capacity, sizeof one);
	units->sentences[units->sentence_count++] = one;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The end of a word that begins at `at`; `at` when none does. */
static size_t read_word(struct fm_span text, size_t at, uint64_t *ret_hash)
{
	*ret_hash = HASH_START;
	while (at < text.len && (is_letter(text.ptr[at]) || text.ptr[at] == '\''))
		*ret_hash = hash_more(*ret_hash, fm_to_lower(text.ptr[at++]));
	return at;
}

static bool is_end_mark(char c)
{
	return c == '.' || c == '!' || c == '?';
}

static bool is_mark(char c)
{
	return is_end_mark(c) || c == ',' || c == ';' || c == ':';
}

static void cut_words(struct fm_units *units, struct fm_span text)
{
	size_t start = 0;
	size_t first = 0;

	for (size_t at = 0; at < text.len;) {
		uint64_t hash;
		const size_t end = read_word(text, at, &hash);

		if (end > at) {
			add_unit(units, hash, fm_span_make(text.ptr + at, end - at));
			at = end;
			continue;
		}
		const char c = text.ptr[at++];

		units->marks += is_mark(c);
		if (is_end_mark(c) && at < text.len && fm_is_space(text.ptr[at])) {
			add_sentence(units, fm_span_make(text.ptr + start, at - start), first, 0);
			start = at;
			first = units->count;
		}
	}
	add_sentence(units, fm_span_skip(text, start), first, 0);
}

static bool is_han(uint32_t c)
{
	return (c >= 0x3400 && c <= 0x9fff) || (c >= 0xf900 && c <= 0xfaff) ||
	       (c >= 0x20000 && c <= 0x3ffff);
}

/* The ideographic full stop, and the wide exclamation and question marks. */
static bool is_han_end(uint32_t c)
{
	return c == 0x3002 || c == 0xff01 || c == 0xff1f;
}

/* Those, and the wide comma, the enumeration comma, the wide colon and semicolon. */
static bool is_han_mark(uint32_t c)
{
	return is_han_end(c) || c == 0xff0c || c == 0x3001 || c == 0xff1a || c == 0xff1b;
}

/* A letter or figure of any script: what is left once blanks and marks, narrow and wide, are out. */
static bool is_letter_or_figure(uint32_t c)
{
	if (c < 0x80)
		return fm_is_alnum((char)c);
	return c >= 0xc0 && !(c >= 0x2000 && c <= 0x206f) && !(c >= 0x3000 && c <= 0x303f) &&
	       !(c >= 0xff00 && c <= 0xff0f) && !(c >= 0xff1a && c <= 0xff20);
}

static void cut_characters(struct fm_units *units, struct fm_span text)
{
	size_t start = 0;
	size_t first = 0;

	for (size_t at = 0; at < text.len;) {
		uint32_t c;

		const size_t len = fm_utf8_next(fm_span_skip(text, at), &c);

		if (units->with_letters ? is_letter_or_figure(c) : is_han(c))
			add_unit(units, fm_hash_mix(c, 0), fm_span_make(text.ptr + at, len));
		at += len;
		units->marks += is_han_mark(c);
		if (is_han_end(c) || c == '\n') {
			add_sentence(units, fm_span_make(text.ptr + start, at - start), first, 0);
			start = at;
			first = units->count;
		}
	}
	add_sentence(units, fm_span_skip(text, start), first, 0);
}

static bool is_name_byte(char c)
{
	return is_letter(c) || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_hex(char c)
{
	return fm_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* What a line looks like when its figures do not count: each run of digits and each hex word is 0. */
static uint64_t shape_of(struct fm_span line)
{
	uint64_t hash = HASH_START;

	for (size_t at = 0; at < line.len;) {
		bool digit = false;
		bool hex = true;
		size_t end = at;

		while (end < line.len && (fm_is_alnum(line.ptr[end]))) {
			digit = digit || fm_is_digit(line.ptr[end]);
			hex = hex && is_hex(line.ptr[end]);
			end++;
		}
		if (end > at && digit && hex) {
			hash = hash_more(hash, '0');
			at = end;
		} else if (fm_is_digit(line.ptr[at])) {
			hash = hash_more(hash, '0');
			while (at < line.len && fm_is_digit(line.ptr[at]))
				at++;
		} else {
			hash = hash_more(hash, line.ptr[at++]);
		}
	}
	return hash;
}

/* The end of the lexer's token at `at`, which is no white space. */
static size_t read_token(struct fm_units *units, struct fm_span line, size_t at)
{
	uint64_t hash = HASH_START;
	const size_t start = at;
	const bool name = is_name_byte(line.ptr[at]);
	const bool number = fm_is_digit(line.ptr[at]);

	do
		hash = hash_more(hash, line.ptr[at++]);
	while (at < line.len &&
	       ((name && is_name_byte(line.ptr[at])) || (number && fm_is_digit(line.ptr[at]))));
	add_unit(units, hash, fm_span_make(line.ptr + start, at - start));
	units->marks += !name && !number;
	if (name && units->word_count < FM_MEASURE_UNITS) {
		(void)fm_met_number(&units->words, hash); /* it counts, whatever its number */
		units->word_count++;
	}
	return at;
}

static void cut_lines(struct fm_units *units, struct fm_span text)
{
	for (struct fm_span rest = text, line; fm_span_split(&rest, '\n', &line);) {
		const size_t first = units->count;

		for (size_t at = 0; at < line.len;) {
			if (fm_is_space(line.ptr[at]))
				at++;
			else
				at = read_token(units, line, at);
		}
		add_sentence(units, line, first, shape_of(line));
	}
}

static uint64_t count_digits(struct fm_span text)
{
	uint64_t digits = 0;

	for (size_t i = 0; i < text.len; i++)
		digits += fm_is_digit(text.ptr[i]);
	return digits;
}

void fm_units_cut(struct fm_units *units, struct fm_span text, enum fm_measure_kind kind)
{
	switch (kind) {
	case FM_MEASURE_WORDS:
		cut_words(units, text);
		break;
	case FM_MEASURE_CHARACTERS:
		cut_characters(units, text);
		break;
	case FM_MEASURE_LINES:
		cut_lines(units, text);
		break;
	}
	units->digits = count_digits(text);
}

void fm_units_free(struct fm_units *units)
{
	fm_met_free(&units->names);
	fm_met_free(&units->words);
	fm_memory_free(units->ids);
	fm_memory_free(units->spans);
	fm_memory_free(units->sentences);
	*units = (struct fm_units){0};
}
