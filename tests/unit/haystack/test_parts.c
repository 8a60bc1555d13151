#include "haystack_support.h"

#include "base/macro.h"
#include "haystack/parts.h"
#include "text/escape.h"
#include "text/utf8.h"
#include "trial/prompt.h"

#define HEAD "<document>\n"
#define TAIL "\n</document>\n\nWhat is the cargo mark? It is one word."

/* Two characters to UTF-16, one code point, four bytes. */
#define FISH "\xf0\x9f\x90\x9f"

static struct part_case {
	const char *name, *counter;
	uint64_t chars_max;
	bool utf16;
} cases[] = {
	{"small parts",           "toy",     400,   false},
        {"in UTF-16",             "toy",     400,   true },
	{"in units of bytes",     "bytes/4", 400,   false},
        {"longer ones",           "toy",     7777,  false},
	{"longer ones in UTF-16", "toy",     7777,  true },
        {"over a chunk",          "toy",     30000, true },
};

static uint64_t chars_of(const struct fm_rope *rope, bool utf16)
{
	uint64_t count = 0;

	for (size_t i = 0; i < rope->count; i++) {
		struct fm_span rest = rope->pieces[i].raw;

		while (rest.len > 0) {
			uint32_t code_point;

			rest = fm_span_skip(rest, fm_utf8_next(rest, &code_point));
			count += utf16 && code_point > 0xffff ? 2 : 1;
		}
	}
	return count;
}

static struct fm_span joined(const struct fm_rope *rope, bool escaped, struct fm_arena *arena)
{
	struct fm_buf buf;
	struct fm_span text;

	fm_buf_init(&buf, GROUND_BYTES_MAX);
	for (size_t i = 0; i < rope->count; i++)
		fm_buf_put(&buf, escaped ? rope->pieces[i].escaped : rope->pieces[i].raw);
	text = fm_arena_copy(arena, fm_buf_span(&buf));
	fm_buf_free(&buf);
	return text;
}

static void open_fish(struct ground *g, const char *counter)
{
	struct fm_rng rng = fm_rng_make(3);
	struct fm_buf buf;

	fm_buf_init(&buf, GROUND_BYTES_MAX);
	while (buf.len < 400000) {
		fm_buf_putf(&buf, "Number %llu", (unsigned long long)fm_rng_below(&rng, 90000));
		for (uint64_t w = fm_rng_between(&rng, 3, 12); w > 0; w--)
			fm_buf_puts(&buf, w % 2 == 0 ? " \"" FISH "\"" : " caf\xc3\xa9");
		fm_buf_puts(&buf, fm_rng_below(&rng, 5) == 0 ? ".\n\n" : ". ");
	}
	ground_open_text(g, FM_UNIT_SENTENCE, counter, fm_buf_span(&buf));
	fm_buf_free(&buf);
}

static void lay_message(const struct fm_haystack *hay, struct fm_arena *arena,
                        struct fm_message *ret_message)
{
	struct fm_needle needle = {.text = fm_span_of("The cargo mark is K7Q2M9XD."),
	                           .depth_ppm = 500000};
	const struct fm_document_spec spec = {
		.length_tokens = 40000,
		.needles = &needle,
		.needle_count = 1,
	};
	struct fm_document document;
	struct fm_err err;

	assert_ok(fm_document_lay(hay, &spec, arena, &document, &err), &err);
	*ret_message = (struct fm_message){.role = FM_ROLE_USER};
	fm_rope_add_text(&ret_message->text, arena, fm_span_of(HEAD));
	fm_rope_add_rope(&ret_message->text, arena, &document.text);
	fm_rope_add_text(&ret_message->text, arena, fm_span_of(TAIL));
}

/* No part is longer than it may be, and all together they are what they were, in every form. */
static void test_cut(void **state)
{
	const struct part_case *c = *state;
	const struct fm_part_rule rule = {c->chars_max, c->utf16};
	struct ground g;
	struct fm_haystack *hay;
	struct fm_message message;
	struct fm_span whole;
	struct fm_span escaped;
	struct fm_err err;
	uint64_t chars = 0;
	uint64_t tokens = 0;
	size_t bytes = 0;

	open_fish(&g, c->counter);
	hay = ground_lay(&g, 1, 40000);
	lay_message(hay, &g.arena, &message);
	whole = joined(&message.text, false, &g.arena);
	escaped = joined(&message.text, true, &g.arena);
	assert_ok(fm_message_cut(hay, &rule, &g.arena, &message, &err), &err);
	assert_true(fm_span_equal(joined(&message.text, false, &g.arena), whole));
	assert_true(fm_span_equal(joined(&message.text, true, &g.arena), escaped));
	assert_true(fm_message_parts(&message) > 1);
	for (size_t i = 0; i < fm_message_parts(&message); i++) {
		const struct fm_rope part = fm_message_part(&message, i);
		const struct fm_span text = joined(&part, false, &g.arena);
		const uint64_t here = chars_of(&part, c->utf16);

		assert_true(here > 0 && here <= c->chars_max);
		/* Greedy: none could have been spared. */
		assert_true(i == 0 || 2 * c->chars_max > here + 200);
		assert_int_equal(part.raw_bytes, text.len);
		assert_true(
			fm_span_equal(text, fm_span_first(fm_span_skip(whole, bytes), text.len)));
		chars += here;
		bytes += text.len;
		tokens += i == 0 ? fm_haystack_count(hay, text) : fm_haystack_count_more(hay, text);
	}
	assert_int_equal(bytes, whole.len);
	assert_true(fm_message_parts(&message) <= chars / (c->chars_max - 200) + 2);
	assert_int_equal(tokens, fm_haystack_count(hay, whole));
	fm_haystack_close(hay);
	ground_close(&g);
}

static void test_stays_whole(void **state)
{
	struct ground g;
	struct fm_haystack *hay;
	struct fm_message message;
	struct fm_part_rule rule = {0};
	struct fm_err err;

	(void)state;
	open_fish(&g, "bytes/4");
	hay = ground_lay(&g, 1, 40000);
	lay_message(hay, &g.arena, &message);
	assert_ok(fm_message_cut(hay, &rule, &g.arena, &message, &err), &err);
	assert_int_equal(message.part_count, 0);
	rule.chars_max = message.text.raw_bytes;
	assert_ok(fm_message_cut(hay, &rule, &g.arena, &message, &err), &err);
	assert_int_equal(fm_message_parts(&message), 1);
	/* Its bytes are more than that, its characters are not. */
	rule.chars_max = chars_of(&message.text, false);
	assert_true(rule.chars_max < message.text.raw_bytes);
	assert_ok(fm_message_cut(hay, &rule, &g.arena, &message, &err), &err);
	assert_int_equal(fm_message_parts(&message), 1);
	assert_int_equal(fm_message_part(&message, 0).raw_bytes, message.text.raw_bytes);
	fm_haystack_close(hay);
	ground_close(&g);
}

static void test_no_seam(void **state)
{
	const struct fm_part_rule rule = {12, false};
	struct ground g;
	struct fm_haystack *hay;
	struct fm_message message;
	struct fm_err err;

	(void)state;
	open_fish(&g, "bytes/4");
	hay = ground_lay(&g, 1, 40000);
	lay_message(hay, &g.arena, &message);
	assert_int_equal(fm_message_cut(hay, &rule, &g.arena, &message, &err), FM_E_SEAM);
	assert_string_equal(err.text, "a part of 12 characters would hold no seam to cut at");
	assert_int_equal(message.part_count, 0);
	fm_haystack_close(hay);
	ground_close(&g);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases) + 2];
	size_t n = 0;

	for (; n < FM_COUNT(cases); n++)
		tests[n] = (struct CMUnitTest){cases[n].name, test_cut, NULL, NULL, &cases[n]};
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_stays_whole);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_no_seam);
	return cmocka_run_group_tests_name("haystack/parts", tests, NULL, NULL) != 0;
}
