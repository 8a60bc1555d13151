#include "haystack_support.h"

#include "base/macro.h"
#include "haystack/haystack_internal.h"
#include "text/escape.h"
#include "text/utf8.h"

#define PPM 1000000
#define NEEDLES_MAX 1000
#define SOME 40

/* A document with its text in one piece. */
struct laid {
	struct fm_arena arena;
	struct fm_document document;
	struct fm_needle needles[NEEDLES_MAX];
	size_t needle_count;
	struct fm_span text;
	bool alone;
};

static struct fm_span joined(const struct fm_rope *rope, bool escaped, struct fm_arena *arena)
{
	const uint64_t len = escaped ? rope->escaped_bytes : rope->raw_bytes;
	char *text = fm_arena_take(arena, len + 1);
	size_t at = 0;

	for (size_t i = 0; i < rope->count; i++) {
		const struct fm_span span = escaped ? rope->pieces[i].escaped : rope->pieces[i].raw;

		memcpy(text + at, span.ptr, span.len);
		at += span.len;
	}
	assert_int_equal(at, len);
	return fm_span_make(text, len);
}

/* What a caller puts behind an open document, so that counts add up: " \n" is one token. */
static uint64_t closing_of(const struct laid *laid, uint64_t closing_tokens)
{
	return laid->document.open_paragraph ? closing_tokens : 0;
}

/* Bytes of `text` in front of the i-th needle, its lead not counted. */
static size_t lead_of(const struct laid *laid, const struct fm_needle *needle)
{
	return needle->at_bytes > 0 && laid->text.ptr[needle->at_bytes - 1] == ' ' ? 1 : 0;
}

/* As the spec asks: a document's tokens behind a seam, or alone. */
static uint64_t count_in(const struct fm_haystack *hay, const struct laid *laid,
                         struct fm_span text)
{
	return laid->alone ? fm_haystack_count(hay, text) : fm_haystack_count_more(hay, text);
}

static void check_needle(const struct fm_haystack *hay, const struct laid *laid,
                         const struct fm_needle *needle)
{
	const struct fm_span before = fm_span_first(laid->text, needle->at_bytes);
	const size_t lead = lead_of(laid, needle);
	const struct fm_span clear = fm_span_first(before, before.len - lead);
	struct fm_span behind = fm_span_skip(laid->text, needle->at_bytes);

	assert_true(fm_span_equal(fm_span_first(behind, needle->text.len), needle->text));
	assert_int_equal(needle->at_chars, fm_utf8_count(before));
	assert_int_equal(needle->at_tokens, count_in(hay, laid, clear));
	assert_int_equal(needle->prompt_tokens, needle->at_tokens);
	/* Never inside a sentence or a line, and the next one begins as it should. */
	assert_true(clear.len == 0 || (lead == 1 ? strchr(".?!\"", clear.ptr[clear.len - 1]) != NULL
	                                         : clear.ptr[clear.len - 1] == '\n'));
	behind = fm_span_skip(behind, needle->text.len);
	assert_true(behind.len == 0 || behind.ptr[0] == (lead == 1 ? ' ' : '\n') ||
	            (lead == 1 && laid->document.open_paragraph));
}

/* No seam that the filler has is nearer to the asked depth than where the needle landed. */
static void check_nearest(const struct fm_haystack *hay, const struct laid *laid)
{
	const uint64_t filler = laid->document.filler_tokens;
	uint64_t planted = 0;

	for (size_t i = 0; i < laid->needle_count; i++) {
		const struct fm_needle *needle = &laid->needles[i];
		const uint64_t landed = needle->at_tokens - planted;
		const uint64_t asked = filler * needle->depth_ppm / PPM;
		const uint64_t away = landed > asked ? landed - asked : asked - landed;
		const uint64_t near = fm_haystack_seam_before(hay, asked);

		assert_true(landed <= filler);
		assert_int_equal(needle->landed_ppm, filler == 0 ? 0 : landed * PPM / filler);
		assert_true(100 * away <= filler);
		if (needle->depth_ppm == 0)
			assert_int_equal(landed, 0);
		if (needle->depth_ppm == PPM)
			assert_int_equal(landed, filler);
		/* The last seams may not be in the document: a pad stands for them. */
		for (uint64_t s = near; s < near + 2 && filler > 2000; s++) {
			const uint64_t at = fm_haystack_seam(hay, s).tokens;
			const uint64_t off = at > asked ? at - asked : asked - at;

			assert_true(at + 1000 > filler || off > away ||
			            (off == away && at >= landed) || at == landed);
		}
		planted += laid->document.tokens - needle->at_tokens - needle->question_tokens;
	}
}

static void lay(const struct fm_haystack *hay, const struct fm_document_spec *spec,
                struct laid *laid)
{
	struct fm_document_spec copy = *spec;
	struct fm_err err;

	laid->arena = (struct fm_arena){0};
	laid->needle_count = spec->needle_count;
	laid->alone = spec->alone;
	for (size_t i = 0; i < spec->needle_count; i++)
		laid->needles[i] = spec->needles[i];
	copy.needles = laid->needles;
	assert_ok(fm_document_lay(hay, &copy, &laid->arena, &laid->document, &err), &err);
	laid->text = joined(&laid->document.text, false, &laid->arena);
}

static void check(const struct fm_haystack *hay, const struct fm_document_spec *spec,
                  struct laid *laid)
{
	const struct fm_document *d = &laid->document;
	const struct fm_span escaped = joined(&d->text, true, &laid->arena);
	char *want = fm_arena_take(&laid->arena, fm_escape_json_len(laid->text) + 1);

	assert_int_equal(d->tokens, count_in(hay, laid, laid->text));
	if (!spec->empty)
		assert_int_equal(d->tokens + closing_of(laid, spec->closing_tokens),
		                 spec->length_tokens);
	assert_true(d->open_paragraph == (laid->text.len > 0 && !fm_span_ends(laid->text, "\n")));
	fm_escape_json(laid->text, want);
	assert_true(fm_span_equal(escaped, fm_span_make(want, fm_escape_json_len(laid->text))));
	fm_document_count_chars(&d->text, laid->needles, laid->needle_count);
	/* Of very many, some: each is checked by a count of all that is before it. */
	for (size_t i = 0; i < laid->needle_count; i += 1 + laid->needle_count / SOME)
		check_needle(hay, laid, &laid->needles[i]);
}

static struct fm_needle needle_at(uint32_t depth_ppm)
{
	return (struct fm_needle){
		.text = fm_span_of("The cargo mark of the \"amber\" kestrel is K7Q2M9XD."),
		.depth_ppm = depth_ppm};
}

static struct lengths_case {
	const char *name;
	enum fm_corpus_unit unit;
	const char *counter;
	uint64_t closing_tokens;
	uint64_t
		least; /* fewer cannot be made by words of one token and line ends that cost more */
} cases[] = {
	{"prose of sentences",    FM_UNIT_SENTENCE,  "bytes/4", 0, 0  },
	{"prose that is closed",  FM_UNIT_SENTENCE,  "bytes/4", 1, 0  },
	{"another counter",       FM_UNIT_SENTENCE,  "bytes/3", 1, 0  },
	{"a blank before a text", FM_UNIT_SENTENCE,  "toy",     2, 150},
	{"the same in lines",     FM_UNIT_LINE,      "toy",     2, 150},
	{"a counter of bytes",    FM_UNIT_SENTENCE,  "bytes/1", 1, 0  },
	{"lines",                 FM_UNIT_LINE,      "bytes/4", 1, 0  },
	{"paragraphs",            FM_UNIT_PARAGRAPH, "bytes/4", 0, 0  },
};

/* One needle in documents of every size, each exactly as long as asked. */
static void test_lengths(void **state)
{
	const struct lengths_case *c = *state;
	struct ground g;
	struct fm_haystack *hay;

	ground_open(&g, c->unit, c->counter, 800000);
	hay = ground_lay(&g, 1, 120000);
	for (uint64_t length = 20000; length < 120000; length += 1 + length / 5) {
		struct fm_needle needle = needle_at((uint32_t)(length * 7919 % (PPM + 1)));
		const struct fm_document_spec spec = {.length_tokens = length,
		                                      .closing_tokens = c->closing_tokens,
		                                      .needles = &needle,
		                                      .needle_count = 1};
		struct laid laid;

		lay(hay, &spec, &laid);
		check(hay, &spec, &laid);
		check_nearest(hay, &laid);
		fm_arena_free(&laid.arena);
	}
	fm_haystack_close(hay);
	ground_close(&g);
}

/* Short ones, from the needle's own length on: a decoy may lie where it can. */
static void test_short(void **state)
{
	const struct lengths_case *c = *state;
	struct ground g;
	struct fm_haystack *hay;
	struct fm_needle needle = needle_at(500000);
	uint64_t least;

	ground_open(&g, c->unit, c->counter, 100000);
	hay = ground_lay(&g, 1, 10000);
	needle.role = FM_NEEDLE_DECOY;
	least = fm_haystack_count(hay, needle.text) + c->closing_tokens + c->least;
	for (uint64_t length = least; length < 1200; length += 1 + length / 40) {
		const struct fm_document_spec spec = {.length_tokens = length,
		                                      .closing_tokens = c->closing_tokens,
		                                      .needles = &needle,
		                                      .needle_count = 1};
		struct laid laid;

		lay(hay, &spec, &laid);
		check(hay, &spec, &laid);
		fm_arena_free(&laid.arena);
	}
	fm_haystack_close(hay);
	ground_close(&g);
}

/* Eleven depths, several seeds, up to forty needles. */
static void test_depths(void **state)
{
	const struct lengths_case *c = *state;
	struct ground g;

	ground_open(&g, c->unit, c->counter, 300000);
	for (uint64_t seed = 1; seed < 3; seed++) {
		struct fm_haystack *hay = ground_lay(&g, seed, 30000);

		for (uint32_t k = 1; k <= SOME; k += 13) {
			struct fm_needle needles[SOME];
			const struct fm_document_spec spec = {.length_tokens = 29000 + 7 * k,
			                                      .closing_tokens = c->closing_tokens,
			                                      .needles = needles,
			                                      .needle_count = k};
			struct laid laid;

			for (uint32_t i = 0; i < k; i++) /* out of order, several at one depth */
				needles[i] = needle_at((i * 7 % 11) * (PPM / 10));
			lay(hay, &spec, &laid);
			check(hay, &spec, &laid);
			for (uint32_t i = 11; i < k; i++)
				assert_true(laid.needles[i - 11].at_bytes <
				            laid.needles[i].at_bytes);
			fm_arena_free(&laid.arena);
		}
		for (uint32_t depth = 0; depth <= PPM; depth += PPM / 10) {
			struct fm_needle needle = needle_at(depth);
			const struct fm_document_spec spec = {.length_tokens =
			                                              25000 + depth / 77777,
			                                      .needles = &needle,
			                                      .needle_count = 1};
			struct laid laid;

			lay(hay, &spec, &laid);
			check(hay, &spec, &laid);
			check_nearest(hay, &laid);
			if (depth == 0)
				assert_int_equal(laid.needles[0].at_bytes, 0);
			if (depth == PPM)
				assert_int_equal(laid.needles[0].question_tokens, 0);
			fm_arena_free(&laid.arena);
		}
		fm_haystack_close(hay);
	}
	ground_close(&g);
}

/* Anywhere, in heaps, and so many tokens behind a depth. */
static struct fm_needle random_needle(struct fm_rng *rng, uint32_t heap_ppm)
{
	static const char *const texts[] = {
		"The cargo mark of the \"amber\" kestrel is K7Q2M9XD4.",
		"In the last list the shelf mark of the teal tern is 3HVB8T0W5.",
		"For the ivory heron it was set down as P5ZR6J1C3.",
	};
	const bool heaped = fm_rng_below(rng, 2) == 0;
	const uint64_t depth =
		heaped ? heap_ppm + fm_rng_below(rng, 3000) : fm_rng_below(rng, 950000);

	return (struct fm_needle){.role = FM_NEEDLE_DECOY,
	                          .text = fm_span_of(texts[fm_rng_below(rng, 3)]),
	                          .depth_ppm = (uint32_t)depth,
	                          .more_tokens =
	                                  fm_rng_below(rng, 4) == 0 ? fm_rng_below(rng, 300) : 0};
}

/* Any set of needles, up to a thousand, in a document of any length: every count is exact. */
static void test_any_set(void **state)
{
	const struct lengths_case *c = *state;
	struct fm_rng rng = fm_rng_make(17);
	struct ground g;
	struct fm_haystack *hay;

	ground_open(&g, c->unit, c->counter, 500000);
	hay = ground_lay(&g, 3, 70000);
	for (int set = 0; set < 7; set++) {
		static struct fm_needle needles[NEEDLES_MAX];
		static struct laid laid;
		const uint32_t heap_ppm = (uint32_t)fm_rng_below(&rng, 950000);
		const uint64_t count = set == 6 ? NEEDLES_MAX : fm_rng_between(&rng, 1, 60);
		const struct fm_document_spec spec = {.length_tokens = (set == 6 ? 60000 : 12000) +
		                                                       fm_rng_below(&rng, 10000),
		                                      .closing_tokens = c->closing_tokens,
		                                      .needles = needles,
		                                      .needle_count = (size_t)count};

		for (uint64_t i = 0; i < count; i++)
			needles[i] = random_needle(&rng, heap_ppm);
		lay(hay, &spec, &laid);
		check(hay, &spec, &laid);
		fm_arena_free(&laid.arena);
	}
	fm_haystack_close(hay);
	ground_close(&g);
}

/* Documents of different lengths are the same up to the pad, 8 seams before the end at most. */
static void test_prefix(void **state)
{
	const struct lengths_case *c = *state;
	struct ground g;
	struct fm_haystack *hay;
	struct fm_span all;

	ground_open(&g, c->unit, c->counter, 300000);
	hay = ground_lay(&g, 1, 30000);
	all = fm_haystack_between(hay, (struct fm_seam){0},
	                          fm_haystack_seam(hay, fm_haystack_seam_count(hay) - 1))
	              .raw;
	for (uint64_t length = 1 + c->least; length < 30000; length += 1 + length / 7) {
		const struct fm_document_spec spec = {.length_tokens = length};
		const uint64_t end = fm_haystack_seam_before(hay, length);
		const uint64_t shared = fm_haystack_seam(hay, end > 8 ? end - 8 : 0).raw;
		struct laid laid;

		lay(hay, &spec, &laid);
		check(hay, &spec, &laid);
		assert_true(fm_span_equal(fm_span_first(laid.text, shared),
		                          fm_span_first(all, shared)));
		fm_arena_free(&laid.arena);
	}
	fm_haystack_close(hay);
	ground_close(&g);
}

/* A document that is counted from its start, where a tokenizer begins it with a blank. */
static void test_alone(void **state)
{
	const struct lengths_case *c = *state;
	struct ground g;
	struct fm_haystack *hay;

	ground_open(&g, c->unit, c->counter, 100000);
	hay = ground_lay(&g, 1, 20000);
	for (uint64_t length = 120; length < 20000; length += 1 + length / 9) {
		struct fm_needle needle = needle_at((uint32_t)(length % 3) * (PPM / 2));
		const struct fm_document_spec spec = {.length_tokens = length,
		                                      .alone = true,
		                                      .needles = &needle,
		                                      .needle_count = length % 2};
		struct laid laid;

		needle.role = FM_NEEDLE_DECOY; /* lies where it can */
		lay(hay, &spec, &laid);
		check(hay, &spec, &laid);
		fm_arena_free(&laid.arena);
	}
	fm_haystack_close(hay);
	ground_close(&g);
}

/* How much more is laid than a document needs changes nothing in it. */
static void test_laid_longer(void **state)
{
	struct ground g;
	struct fm_haystack *small;
	struct fm_haystack *large;

	(void)state;
	ground_open(&g, FM_UNIT_SENTENCE, "bytes/4", 300000);
	small = ground_lay(&g, 1, 4000);
	large = ground_lay(&g, 1, 50000);
	for (uint64_t length = 100; length < 4000; length += 41) {
		const struct fm_document_spec spec = {.length_tokens = length};
		struct laid a;
		struct laid b;

		lay(small, &spec, &a);
		lay(large, &spec, &b);
		assert_true(fm_span_equal(a.text, b.text));
		fm_arena_free(&a.arena);
		fm_arena_free(&b.arena);
	}
	fm_haystack_close(small);
	fm_haystack_close(large);
	ground_close(&g);
}

static struct even_case {
	const char *name;
	enum fm_corpus_unit unit;
	const char *sentence;
	const char *last; /* of a paragraph of 40 */
} evens[] = {
	{"words behind sentences", FM_UNIT_SENTENCE,
         "Each of these has just ten word tokens for you. ",                       "Each of these has just ten word tokens for you.\n\n"},
	{"words behind lines",     FM_UNIT_LINE,     "line with just five more\n",
         "line with just five more\n"												   },
};

/* Segments of one size make no other sum: single words do. */
static void test_words(void **state)
{
	const struct even_case *c = *state;
	struct ground g;
	struct fm_haystack *hay;
	struct fm_buf buf;

	fm_buf_init(&buf, GROUND_BYTES_MAX);
	for (int i = 1; i <= 2000; i++)
		fm_buf_puts(&buf, i % 40 == 0 ? c->last : c->sentence);
	ground_open_text(&g, c->unit, "bytes/4", fm_buf_span(&buf));
	fm_buf_free(&buf);
	hay = ground_lay(&g, 1, 5000);
	for (uint64_t length = 3000; length < 3040; length++) {
		for (uint64_t closing = 0; closing < 2; closing++) {
			struct fm_needle needle = needle_at(400000);
			const struct fm_document_spec spec = {.length_tokens = length,
			                                      .closing_tokens = closing,
			                                      .needles = &needle,
			                                      .needle_count = 1};
			struct laid laid;

			lay(hay, &spec, &laid);
			check(hay, &spec, &laid);
			fm_arena_free(&laid.arena);
		}
	}
	fm_haystack_close(hay);
	ground_close(&g);
}

static void test_empty(void **state)
{
	struct ground g;
	struct fm_haystack *hay;
	struct fm_needle needles[2] = {needle_at(700000), needle_at(200000)};
	const struct fm_document_spec spec = {
		.length_tokens = 5, .empty = true, .needles = needles, .needle_count = 2};
	struct laid laid;

	(void)state;
	ground_open(&g, FM_UNIT_SENTENCE, "bytes/4", 10000);
	hay = ground_lay(&g, 1, 100);
	lay(hay, &spec, &laid);
	check(hay, &spec, &laid);
	assert_int_equal(laid.needles[1].at_bytes, 0);
	assert_int_equal(laid.needles[0].landed_ppm, 700000);
	assert_int_equal(laid.document.filler_tokens, 0);
	assert_true(fm_span_ends(laid.text, "K7Q2M9XD.\n\n"));
	fm_arena_free(&laid.arena);
	fm_haystack_close(hay);
	ground_close(&g);
}

/* Paragraphs of 100 words have no seam near the middle of a short document. */
static void test_no_seam(void **state)
{
	struct ground g;
	struct fm_haystack *hay;
	struct fm_needle needle = needle_at(500000);
	struct fm_document_spec spec = {
		.length_tokens = 1000, .needles = &needle, .needle_count = 1};
	struct fm_document document;
	struct fm_err err;
	struct fm_buf buf;

	(void)state;
	fm_buf_init(&buf, GROUND_BYTES_MAX);
	for (int i = 1; i <= 5000; i++)
		fm_buf_puts(&buf, i % 600 == 0 ? "word word.\n\n" : "word word ");
	ground_open_text(&g, FM_UNIT_PARAGRAPH, "bytes/4", fm_buf_span(&buf));
	fm_buf_free(&buf);
	hay = ground_lay(&g, 1, 5000);
	assert_int_equal(fm_document_lay(hay, &spec, &g.arena, &document, &err), FM_E_SEAM);
	assert_non_null(
		strstr(err.text, "text.txt: no seam within 1% or 128 tokens of depth 50% in "));
	needle.depth_ppm = 0;
	assert_ok(fm_document_lay(hay, &spec, &g.arena, &document, &err), &err);
	needle.depth_ppm = PPM;
	assert_ok(fm_document_lay(hay, &spec, &g.arena, &document, &err), &err);
	needle.depth_ppm = 500000;
	needle.role = FM_NEEDLE_DECOY;
	assert_ok(fm_document_lay(hay, &spec, &g.arena, &document, &err), &err);
	fm_haystack_close(hay);
	ground_close(&g);
}

static void test_limits(void **state)
{
	struct ground g;
	struct fm_haystack *hay;
	struct fm_needle needle = needle_at(0);
	struct fm_document_spec spec = {.length_tokens = 5, .needles = &needle, .needle_count = 1};
	struct fm_document document;
	struct fm_err err;

	(void)state;
	ground_open(&g, FM_UNIT_SENTENCE, "bytes/4", 300000);
	hay = ground_lay(&g, 1, 1000);
	assert_int_equal(fm_document_lay(hay, &spec, &g.arena, &document, &err), FM_E_LIMIT);
	assert_non_null(strstr(err.text, "the needles alone are "));
	spec.length_tokens = 50000;
	assert_int_equal(fm_document_lay(hay, &spec, &g.arena, &document, &err), FM_E_LIMIT);
	assert_non_null(strstr(err.text, " more than was laid"));
	spec.length_tokens = 900;
	needle.more_tokens = 1000;
	assert_int_equal(fm_document_lay(hay, &spec, &g.arena, &document, &err), FM_E_LIMIT);
	assert_non_null(strstr(err.text, "behind 1,000 tokens of filler, and there are "));
	fm_haystack_close(hay);
	ground_close(&g);
}

int main(void)
{
	struct CMUnitTest tests[4 + 6 * FM_COUNT(cases) + FM_COUNT(evens)] = {
		cmocka_unit_test(test_laid_longer),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_no_seam),
		cmocka_unit_test(test_limits),
	};
	static const CMUnitTestFunction functions[6] = {test_lengths, test_short,  test_depths,
	                                                test_any_set, test_prefix, test_alone};
	size_t count = 4;

	for (size_t f = 0; f < 6; f++)
		for (size_t i = 0; i < FM_COUNT(cases); i++)
			tests[count++] = (struct CMUnitTest){cases[i].name, functions[f], NULL,
			                                     NULL, &cases[i]};
	for (size_t i = 0; i < FM_COUNT(evens); i++)
		tests[count++] =
			(struct CMUnitTest){evens[i].name, test_words, NULL, NULL, &evens[i]};
	return cmocka_run_group_tests_name("haystack/document", tests, NULL, NULL) != 0;
}
