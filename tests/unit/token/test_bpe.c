#include "test.h"

#include <stdio.h>
#include <string.h>

#include "base/macro.h"
#include "base/rng.h"
#include "token/compiled_internal.h"
#include "token/counter_internal.h"
#include "token/vocab_internal.h"

#define MERGES 60
#define IDS_MAX 4000

/* What is being merged, with the ids it is made of. */
struct ids {
	uint32_t list[IDS_MAX];
	size_t count;
};

/*
 * A vocabulary of all bytes (or of a few characters, their bytes, and no others) and of merges
 * drawn at random. `shuffled`: ranks come in any order, so that some tokens are made out of order
 * and some can never be made.
 */
struct toy {
	struct fm_vocab vocab;
	struct fm_vocab_token tokens[600];
	struct fm_vocab_merge merges[MERGES];
	char bytes[256];
	char texts[MERGES][64];
};

static const char *const letters[] = {"a", "b", "c", "\xc3\xa9"};

static void add_token(struct toy *toy, struct fm_span bytes, uint8_t kind)
{
	toy->tokens[toy->vocab.token_count++] =
		(struct fm_vocab_token){.bytes = bytes, .kind = kind};
}

static void add_beginnings(struct toy *toy, bool chars)
{
	for (unsigned byte = 0; byte < 256; byte++) {
		toy->bytes[byte] = (char)(unsigned char)byte;
		add_token(toy, fm_span_make(&toy->bytes[byte], 1),
		          chars ? FM_TOKEN_BYTE : FM_TOKEN_NORMAL);
	}
	for (size_t i = 0; i < FM_COUNT(letters) && chars; i++)
		add_token(toy, fm_span_of(letters[i]), FM_TOKEN_NORMAL);
}

static bool is_there(const struct toy *toy, struct fm_span bytes)
{
	for (uint32_t id = 0; id < toy->vocab.token_count; id++)
		if (toy->tokens[id].kind == FM_TOKEN_NORMAL &&
		    fm_span_equal(toy->tokens[id].bytes, bytes))
			return true;
	return false;
}

static uint32_t draw_part(const struct toy *toy, bool chars, struct fm_rng *rng)
{
	const uint32_t made = toy->vocab.token_count - (chars ? 256 + 4 : 256);

	if (made > 0 && fm_rng_below(rng, 3) > 0)
		return (chars ? 260 : 256) + (uint32_t)fm_rng_below(rng, made);
	return chars ? 256 + (uint32_t)fm_rng_below(rng, 4) : 'a' + (uint32_t)fm_rng_below(rng, 3);
}

static void add_merges(struct toy *toy, bool chars, bool shuffled, struct fm_rng *rng)
{
	while (toy->vocab.merge_count < MERGES) {
		const size_t i = toy->vocab.merge_count;
		const uint32_t left = draw_part(toy, chars, rng);
		const uint32_t right = draw_part(toy, chars, rng);
		const struct fm_span a = toy->tokens[left].bytes;
		const struct fm_span b = toy->tokens[right].bytes;

		if (a.len + b.len > sizeof toy->texts[i])
			continue;
		memcpy(toy->texts[i], a.ptr, a.len);
		memcpy(toy->texts[i] + a.len, b.ptr, b.len);
		if (is_there(toy, fm_span_make(toy->texts[i], a.len + b.len)))
			continue;
		toy->merges[toy->vocab.merge_count++] =
			(struct fm_vocab_merge){left, right, toy->vocab.token_count, (uint32_t)i};
		add_token(toy, fm_span_make(toy->texts[i], a.len + b.len), FM_TOKEN_NORMAL);
	}
	for (size_t i = MERGES; i-- > 1 && shuffled;) {
		const size_t j = (size_t)fm_rng_below(rng, i + 1);
		const struct fm_vocab_merge swapped = toy->merges[i];

		toy->merges[i] = toy->merges[j];
		toy->merges[j] = swapped;
	}
	for (size_t i = 0; i < MERGES; i++)
		toy->merges[i].rank = (uint32_t)i;
}

static void make_toy(struct toy *toy, bool chars, bool shuffled, struct fm_rng *rng)
{
	memset(toy, 0, sizeof *toy);
	toy->vocab.model = chars ? FM_VOCAB_CHAR_BPE : FM_VOCAB_BYTE_BPE;
	toy->vocab.tokens = toy->tokens;
	toy->vocab.merges = toy->merges;
	toy->vocab.rules.scheme = FM_SCHEME_WHOLE;
	add_beginnings(toy, chars);
	add_merges(toy, chars, shuffled, rng);
}

/* What a text is before it is merged: written anew here, for it is what the counter is held to. */
static void begin(const struct toy *toy, struct fm_span text, struct ids *ids)
{
	ids->count = 0;
	for (size_t at = 0; at < text.len;) {
		const struct fm_span rest = fm_span_skip(text, at);
		uint32_t id = (unsigned char)rest.ptr[0];

		for (uint32_t i = 0; i < FM_COUNT(letters); i++)
			if (toy->vocab.model == FM_VOCAB_CHAR_BPE &&
			    fm_span_starts(rest, letters[i]))
				id = 256 + i;
		ids->list[ids->count++] = id;
		at += toy->tokens[id].bytes.len;
	}
}

/* The rule itself: the lowest rank first, the leftmost of equals, until none is left. */
static void merge(const struct toy *toy, struct ids *ids)
{
	for (;;) {
		const struct fm_vocab_merge *lowest = NULL;
		size_t place = 0;

		for (size_t i = 0; i + 1 < ids->count; i++)
			for (size_t m = 0; m < MERGES; m++)
				if (toy->merges[m].left == ids->list[i] &&
				    toy->merges[m].right == ids->list[i + 1] &&
				    (lowest == NULL || toy->merges[m].rank < lowest->rank)) {
					lowest = &toy->merges[m];
					place = i;
				}
		if (lowest == NULL)
			return;
		ids->list[place] = lowest->result;
		ids->count--;
		memmove(&ids->list[place + 1], &ids->list[place + 2],
		        (ids->count - place - 1) * sizeof ids->list[0]);
	}
}

static void take(void *ctx, uint32_t id, struct fm_span text)
{
	struct ids *ids = ctx;

	(void)text; /* which bytes it is made of is another test's */
	assert_true(ids->count < IDS_MAX);
	ids->list[ids->count++] = id;
}

static struct fm_counter *open_toy(const struct toy *toy)
{
	struct fm_compiled *compiled = NULL;
	struct fm_counter *counter = NULL;
	struct fm_err err = {0};

	if (fm_compile(&toy->vocab, NULL, &compiled, &err) != FM_OK ||
	    fm_exact_counter_open(compiled, "toy", &counter, &err) != FM_OK)
		fail_msg("%s", err.text);
	return counter;
}

static size_t draw_text(struct fm_rng *rng, char *text, size_t max)
{
	static const char *const parts[] = {"a", "b",  "c",        "a",           "b",
	                                    "d", "aa", "\xc3\xa9", "\xe6\xbc\xa2"};
	const size_t wanted = 1 + (size_t)fm_rng_below(rng, max - 4);
	const size_t kinds = 2 + (size_t)fm_rng_below(rng, FM_COUNT(parts) - 1);
	size_t len = 0;

	while (len < wanted) {
		const char *part = parts[fm_rng_below(rng, kinds)];

		memcpy(text + len, part, strlen(part));
		len += strlen(part);
	}
	return len;
}

static struct kind_case {
	const char *name;
	bool chars, shuffled;
} kinds[] = {
	{"bytes, in order",       false, false},
	{"bytes, out of order",   false, true },
	{"characters, in order",  true,  false},
	{"characters, any order", true,  true },
};

/* Long texts go by the trie and short ones by merging; both have to be what the rule says. */
static void test_rule(void **state)
{
	const struct kind_case *c = *state;
	struct fm_rng rng = fm_rng_make(11);
	static struct toy toy;
	static struct ids want;
	static struct ids have;
	char text[120];

	for (int round = 0; round < 24; round++) {
		struct fm_counter *counter;

		make_toy(&toy, c->chars, c->shuffled, &rng);
		counter = open_toy(&toy);
		for (int i = 0; i < 100; i++) {
			const struct fm_span span = {
				text, draw_text(&rng, text, i % 2 == 0 ? 20 : sizeof text)};

			begin(&toy, span, &want);
			merge(&toy, &want);
			have.count = 0;
			fm_counter_encode(counter, span, take, &have);
			assert_int_equal(have.count, want.count);
			assert_memory_equal(have.list, want.list, want.count * sizeof want.list[0]);
			assert_int_equal(fm_counter_count(counter, span), want.count);
			assert_int_equal(fm_counter_count(counter, span), want.count);
		}
		fm_counter_close(counter);
	}
}

/* What was taken back too far would stop the program, and what is quadratic would not end. */
static void test_long(void **state)
{
	const struct kind_case *c = *state;
	struct fm_rng rng = fm_rng_make(5);
	static struct toy toy;
	static char text[2000000];
	struct fm_counter *counter;
	uint64_t apart = 0;
	size_t len = 0;

	make_toy(&toy, c->chars, c->shuffled, &rng);
	counter = open_toy(&toy);
	while (len < sizeof text - 200)
		len += draw_text(&rng, text + len, 100);
	assert_true(fm_counter_count(counter, fm_span_make(text, len)) > len / 64);
	memset(text, 'a', sizeof text);
	apart = fm_counter_count(counter, fm_span_make(text, sizeof text));
	assert_true(apart > 0);
	fm_counter_close(counter);
}

int main(void)
{
	struct CMUnitTest tests[2 * FM_COUNT(kinds)];

	for (size_t i = 0; i < FM_COUNT(kinds); i++) {
		tests[2 * i] = (struct CMUnitTest){kinds[i].name, test_rule, NULL, NULL, &kinds[i]};
		tests[2 * i + 1] =
			(struct CMUnitTest){kinds[i].name, test_long, NULL, NULL, &kinds[i]};
	}
	return cmocka_run_group_tests_name("token/bpe", tests, NULL, NULL) != 0;
}
