#include <string.h>

#include "base/memory.h"
#include "base/num.h"
#include "pack_parts_internal.h"

/*
 * What no text of a pack may hold: words that speak to a reader instead of telling something, what
 * looks like a needle's value, and what a letter would turn into a word of a needle's key.
 */

#define DIGITS_MAX 6 /* of a number: a longer one could be taken for a planted value */
#define VALUE_LEN 9  /* a needle's value: so many of the letters below, both kinds twice at least */
#define NEAR_MIN 6   /* shorter words have too many neighbours to keep clear of them all */
#define WORD_MAX 24  /* longer words are no words of a key and none of those below */

static const char value_letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* Of prompts, and of those who read them: a model could take them for its own. */
static const char *const forbidden[] = {
	"ignore", "answer",   "question", "instruction", "prompt",   "system", "assistant",
	"user",   "model",    "token",    "password",    "secret",   "magic",  "code",
	"key",    "remember", "forget",   "needle",      "haystack",
};

static bool is_letter(char c)
{
	return fm_is_alnum(c) && !fm_is_digit(c);
}

bool fm_pack_is_near(struct fm_span a, struct fm_span b)
{
	const struct fm_span longer = a.len >= b.len ? a : b;
	const struct fm_span shorter = a.len >= b.len ? b : a;
	size_t i = 0;

	if (longer.len - shorter.len > 1)
		return false;
	while (i < shorter.len && fm_to_lower(longer.ptr[i]) == fm_to_lower(shorter.ptr[i]))
		i++;
	if (i == shorter.len)
		return true;
	return fm_span_equal_letters(fm_span_skip(longer, i + 1),
	                             fm_span_skip(shorter, longer.len == shorter.len ? i + 1 : i));
}

/* Three letters, each one of 32: where a word begins or ends. */
static uint32_t three(const char *letters)
{
	return ((uint32_t)letters[0] & 31U) << 10 | ((uint32_t)letters[1] & 31U) << 5 |
	       ((uint32_t)letters[2] & 31U);
}

/*
 * The word of a key that is a letter away, or an empty span. One letter spoils one half of a word
 * of six or more, so its first three or its last three stand in the other; few words pass that.
 */
static struct fm_span near_word(const struct fm_pack *pack, struct fm_span word)
{
	uint32_t first;
	uint32_t last;

	if (pack->avoid_count == 0 || word.len < NEAR_MIN)
		return (struct fm_span){0};
	first = three(word.ptr);
	last = three(word.ptr + word.len - 3);
	if ((pack->avoid_three[first / 8] >> first % 8 & 1U) == 0 &&
	    (pack->avoid_three[last / 8] >> last % 8 & 1U) == 0)
		return (struct fm_span){0};
	for (size_t i = 0; i < pack->avoid_count; i++)
		if (fm_pack_is_near(pack->avoid[i], word))
			return pack->avoid[i];
	return (struct fm_span){0};
}

static bool is_allowed(const struct fm_pack *pack, struct fm_span word)
{
	for (size_t i = 0; i < pack->allow_count; i++)
		if (fm_span_equal_letters(pack->allow[i], word))
			return true;
	return false;
}

/* The word itself, or with the ending of a regular form. */
static bool is_form_of(struct fm_span word, struct fm_span base)
{
	static const char *const endings[] = {"", "s", "d", "ed", "ing"};

	if (word.len < base.len || !fm_span_equal_letters(fm_span_first(word, base.len), base))
		return false;
	for (size_t i = 0; i < FM_COUNT(endings); i++)
		if (fm_span_equal_letters(fm_span_skip(word, base.len), fm_span_of(endings[i])))
			return true;
	return false;
}

static bool is_forbidden(const struct fm_pack *pack, struct fm_span word)
{
	for (size_t i = 0; i < FM_COUNT(forbidden); i++)
		if (is_form_of(word, fm_span_of(forbidden[i])))
			return !is_allowed(pack, word);
	return false;
}

static bool is_like_value(struct fm_span word)
{
	size_t digits = 0;

	if (word.len != VALUE_LEN && word.len + 1 != VALUE_LEN)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		char c = word.ptr[i];

		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (strchr(value_letters, c) == NULL)
			return false;
		digits += fm_is_digit(c);
	}
	return digits >= 2 && digits + 2 <= word.len;
}

static enum fm_code refuse(struct fm_pack_at at, struct fm_span word, const char *why,
                           struct fm_err *err)
{
	return fm_fail(err, FM_E_FORMAT, "%s:%u: '%.*s' %s", at.file, at.line, FM_SPAN_ARGS(word),
	               why);
}

static enum fm_code check_word(const struct fm_pack *pack, struct fm_span word,
                               struct fm_pack_at at, struct fm_err *err)
{
	const struct fm_span near = word.len <= WORD_MAX ? near_word(pack, word) : word;

	if (is_forbidden(pack, word))
		return refuse(at, word, "speaks to a reader: 'allow WORD REASON' lets it stand",
		              err);
	if (near.len > 0 && near.ptr != word.ptr)
		return fm_fail(err, FM_E_FORMAT,
		               "%s:%u: '%.*s' is within a letter of '%.*s', which a needle's key "
		               "may be",
		               at.file, at.line, FM_SPAN_ARGS(word), FM_SPAN_ARGS(near));
	return FM_OK;
}

static enum fm_code check_figures(struct fm_span run, struct fm_pack_at at, struct fm_err *err)
{
	size_t digits = 0;
	size_t most = 0;

	for (size_t i = 0; i < run.len; i++) {
		digits = fm_is_digit(run.ptr[i]) ? digits + 1 : 0;
		most = digits > most ? digits : most;
	}
	if (most > DIGITS_MAX)
		return refuse(at, run, "has a number of more than six digits", err);
	if (is_like_value(run))
		return refuse(at, run, "has the form of a needle's value", err);
	return FM_OK;
}

enum fm_code fm_pack_check_words(const struct fm_pack *pack, struct fm_span text,
                                 struct fm_pack_at at, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	for (size_t i = 0; i < text.len && rc == FM_OK;) {
		const size_t start = i;
		bool letters = true;

		while (i < text.len && fm_is_alnum(text.ptr[i]))
			letters = is_letter(text.ptr[i++]) && letters;
		const struct fm_span run = fm_span_make(text.ptr + start, i - start);

		if (run.len == 0)
			i++;
		else
			rc = letters ? check_word(pack, run, at, err) : check_figures(run, at, err);
	}
	return rc;
}

bool fm_pack_name_is_clear(const struct fm_pack *pack, struct fm_span name)
{
	return near_word(pack, name).len == 0 && !is_forbidden(pack, name);
}

/* "avoid kestrel linnet": words of keys; "allow key a door's key": a word, and why it may stand. */
enum fm_code fm_pack_read_fence(struct fm_pack *pack, struct fm_span what, struct fm_span rest,
                                struct fm_pack_at at, struct fm_err *err)
{
	struct fm_span word = fm_pack_take_word(&rest);

	if (fm_span_is(what, "allow")) {
		if (word.len == 0 || fm_span_trim(rest).len == 0)
			return refuse(at, word, "is allowed for no reason: 'allow WORD REASON'",
			              err);
		pack->allow = fm_memory_more(pack->allow, pack->allow_count, &pack->allow_capacity,
		                             sizeof *pack->allow);
		pack->allow[pack->allow_count++] = word;
		return FM_OK;
	}
	for (; word.len > 0; word = fm_pack_take_word(&rest)) {
		if (word.len < NEAR_MIN)
			return refuse(at, word, "is too short to be kept clear of: six letters",
			              err);
		pack->avoid = fm_memory_more(pack->avoid, pack->avoid_count, &pack->avoid_capacity,
		                             sizeof *pack->avoid);
		pack->avoid[pack->avoid_count++] = word;
		for (size_t i = 0; i < 2; i++) {
			const uint32_t at_three = three(word.ptr + (i == 0 ? 0 : word.len - 3));

			pack->avoid_three[at_three / 8] |= (uint8_t)(1U << at_three % 8);
		}
	}
	return FM_OK;
}

/* Digits of figures that stand side by side with nothing between them, as the text has them. */
static uint32_t digits_of(uint32_t number)
{
	uint32_t digits = 1;

	for (; number >= 10; number /= 10)
		digits++;
	return digits;
}

static uint32_t leading(struct fm_span text)
{
	uint32_t digits = 0;

	while (digits < text.len && fm_is_digit(text.ptr[digits]))
		digits++;
	return digits;
}

static uint32_t trailing(struct fm_span text)
{
	uint32_t digits = 0;

	while (digits < text.len && fm_is_digit(text.ptr[text.len - 1 - digits]))
		digits++;
	return digits;
}

enum fm_code fm_pack_check_alternative(const struct fm_pack *pack,
                                       const struct fm_pack_alternative *one, struct fm_err *err)
{
	uint32_t digits = 0;
	uint32_t most = 0;

	for (const uint32_t *op = pack->ops + one->ops; *op != FM_OP_END;
	     op += 1 + fm_op_arguments(*op)) {
		if (*op == FM_OP_NUMBER) {
			digits += digits_of(op[2]);
		} else if (*op == FM_OP_LITERAL) {
			const struct fm_literal *literal = &pack->literals[op[1]];
			const struct fm_span text =
				fm_span_make(literal->term.ptr, literal->term.len);

			digits = literal->gap_before ? 0 : digits + leading(text);
			most = digits > most ? digits : most;
			if (leading(text) < text.len)
				digits = trailing(text);
			digits = literal->gap_after ? 0 : digits;
		} else {
			digits = 0;
		}
		most = digits > most ? digits : most;
	}
	if (most <= DIGITS_MAX)
		return FM_OK;
	return fm_fail(err, FM_E_FORMAT,
	               "%s:%u: figures of %u digits stand side by side, 6 at most", one->at.file,
	               one->at.line, most);
}
