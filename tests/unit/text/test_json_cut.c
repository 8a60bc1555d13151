#include "test.h"

#include <string.h>

#include "base/buf.h"
#include "base/macro.h"
#include "base/rng.h"
#include "text/json.h"
#include "text/json_cut.h"
#include "text/json_write.h"
#include "text/utf8.h"

#define STRINGS_MAX 64
#define TEXT_MAX ((size_t)4 << 20)

/* What the cutter gave: the long strings, whole again. */
struct given {
	struct fm_buf strings[STRINGS_MAX];
	size_t count;
};

static enum fm_code on_long(void *ctx, uint32_t number, struct fm_span text, bool last,
                            struct fm_err *err)
{
	struct given *given = ctx;

	(void)err;
	assert_int_equal(number, given->count);
	given->strings[number].max = TEXT_MAX;
	fm_buf_put(&given->strings[number], text);
	given->count += last;
	return FM_OK;
}

/* A value as canonical text, with the references filled in again. */
static void put_value(const struct fm_value *value, const struct given *given, const char *name,
                      struct fm_json_writer *w)
{
	const enum fm_value_kind kind = fm_value_kind(value);
	struct fm_span text;
	uint32_t number;

	if (kind == FM_VALUE_OBJECT || kind == FM_VALUE_LIST) {
		if (kind == FM_VALUE_OBJECT)
			fm_json_object(w, name);
		else
			fm_json_list(w, name);
		for (const struct fm_value *m = fm_value_first(value); m != NULL;
		     m = fm_value_next(m))
			put_value(m, given, kind == FM_VALUE_OBJECT ? fm_value_name(m) : NULL, w);
		if (kind == FM_VALUE_OBJECT)
			fm_json_end_object(w);
		else
			fm_json_end_list(w);
	} else if (kind == FM_VALUE_TEXT && fm_value_text(value, &text)) {
		if (given != NULL && fm_json_cut_reference(text, &number))
			text = fm_buf_span(&given->strings[number]);
		fm_json_text(w, name, text);
	} else {
		struct fm_buf canonical = {.max = 1024};

		fm_value_put_canonical(value, &canonical);
		fm_json_raw(w, name, fm_buf_span(&canonical));
		fm_buf_free(&canonical);
	}
}

static void canonical_of(struct fm_span json, const struct given *given, struct fm_buf *ret_text)
{
	struct fm_json document = {0};
	struct fm_json_writer w = {.buf = ret_text};
	struct fm_err err;

	*ret_text = (struct fm_buf){.max = TEXT_MAX};
	assert_int_equal(fm_json_open(json, &document, &err), FM_OK);
	put_value(document.root, given, NULL, &w);
	fm_json_close(&document);
}

/* Feed in pieces: `first` bytes, then pieces of `step`, or of random lengths when it is 0. */
static enum fm_code feed(struct fm_json_cut *cut, struct fm_span json, size_t first, size_t step,
                         struct fm_rng *rng, struct fm_err *err)
{
	enum fm_code rc = fm_json_cut_feed(cut, fm_span_first(json, first), err);

	json = fm_span_skip(json, first);
	while (json.len > 0 && rc == FM_OK) {
		const size_t len = step > 0 ? step : (size_t)fm_rng_between(rng, 1, 700);

		rc = fm_json_cut_feed(cut, fm_span_first(json, len), err);
		json = fm_span_skip(json, len);
	}
	return rc == FM_OK ? fm_json_cut_end(cut, err) : rc;
}

static void assert_same(struct fm_span json, size_t first, size_t step, struct fm_rng *rng,
                        const struct fm_buf *want)
{
	struct given given = {0};
	struct fm_json_cut cut;
	struct fm_buf got;
	struct fm_err err;

	fm_json_cut_init(&cut, on_long, &given);
	assert_int_equal(feed(&cut, json, first, step, rng, &err), FM_OK);
	assert_true(cut.skeleton.len < json.len || given.count == 0 || json.len < 4096);
	canonical_of(fm_buf_span(&cut.skeleton), &given, &got);
	assert_string_equal(fm_buf_text(&got), fm_buf_text(want));
	fm_buf_free(&got);
	for (size_t i = 0; i < STRINGS_MAX; i++)
		fm_buf_free(&given.strings[i]);
	fm_json_cut_free(&cut);
}

/* Strings of a JSON text, made of a part said many times between two others. */
static struct cut_case {
	const char *name, *before, *part, *after;
	size_t times;
} cases[] = {
	{"short strings stay",            "{\"a\":[\"b\",1,null,true,\"", "x",                                                    "\"]}",                    511},
	{"512 bytes are long",            "{\"a\":[\"b\",1,null,true,\"", "x",                                                    "\"]}",                    512},
	{"much longer",                   "[\"",                          "the quick brown fox jumps over the lazy dog. ",        "\",\"tail\"]",            60 },
	{"line ends escaped",             "[\"",                          "one\\ntwo\\r\\n\\tthree \\\"four\\\" \\\\ \\/ \\b\\f", "\"]",
         40																		     },
	{"escapes of all planes",         "[\"",                          "\\u00e9\\u4e2d\\ud83d\\ude00\\uFFFD\\u0001",           "\"]",                     30 },
	{"the same as they are",          "[\"",                          "\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80",                 "\"]",                     90 },
	{"an escape over byte 512",       "[\"abcdefghi",                 "\\u0041",                                              "\",\"z\"]",               90 },
	{"a pair over byte 512",          "[\"abc",                       "\\ud83d\\ude00",                                       "\"]",                     50 },
	{"a forged reference",            "[\"\\u00010\",\"\\u0001",      "7",                                                    "\"]",                     3  },
	{"a forged one in a long string", "[\"\\u00010",                  "7",                                                    "\"]",                     600},
	{"two long ones",                 "{\"x\":\"",                    "0123456789",                                           "\",\"y\":\"\\u0001\"}",   70 },
	{"a chat",
         "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\","
         "\"text\":\"",                                                   "A sentence. ",					 "\"}]}],\"stream\":true}", 70 },
};

static void test_cut(void **state)
{
	const struct cut_case *c = *state;
	struct fm_rng rng = fm_rng_make(1);
	struct fm_buf json = {.max = TEXT_MAX};
	struct fm_buf want;

	fm_buf_puts(&json, c->before);
	fm_buf_put_repeat(&json, c->part, c->times);
	fm_buf_puts(&json, c->after);
	canonical_of(fm_buf_span(&json), NULL, &want);
	for (size_t first = 0; first <= json.len; first++)
		assert_same(fm_buf_span(&json), first, json.len, &rng, &want);
	for (size_t step = 1; step < 20; step++)
		assert_same(fm_buf_span(&json), 0, step, &rng, &want);
	for (size_t round = 0; round < 20; round++)
		assert_same(fm_buf_span(&json), 0, 0, &rng, &want);
	fm_buf_free(&json);
	fm_buf_free(&want);
}

/* What JSON has not, at the end of a long string; fm_json_open refuses the same. */
static struct cut_case faults[] = {
	{"a control character",     "[\"", "a", "\n\"]",             600},
	{"an unknown escape",       "[\"", "a", "\\x\"]",            600},
	{"no hex digit",            "[\"", "a", "\\u00g0\"]",        600},
	{"a high surrogate alone",  "[\"", "a", "\\ud800\"]",        600},
	{"and then text",           "[\"", "a", "\\ud800b\"]",       600},
	{"and then another escape", "[\"", "a", "\\ud800\\n\"]",     600},
	{"two high ones",           "[\"", "a", "\\ud800\\ud800\"]", 600},
	{"a low one alone",         "[\"", "a", "\\udc00\"]",        600},
	{"U+0000",                  "[\"", "a", "\\u0000\"]",        600},
	{"no end",                  "[\"", "a", "",                  600},
	{"no end in an escape",     "[\"", "a", "\\",                600},
};

static void test_fault(void **state)
{
	const struct cut_case *c = *state;
	struct fm_buf json = {.max = TEXT_MAX};
	struct fm_rng rng = fm_rng_make(1);

	fm_buf_puts(&json, c->before);
	fm_buf_put_repeat(&json, c->part, c->times);
	fm_buf_puts(&json, c->after);
	for (size_t first = 0; first <= json.len; first++) {
		struct given given = {0};
		struct fm_json document = {0};
		struct fm_json_cut cut;
		struct fm_err err;

		fm_json_cut_init(&cut, on_long, &given);
		assert_int_equal(feed(&cut, fm_buf_span(&json), first, json.len, &rng, &err),
		                 FM_E_FORMAT);
		assert_int_equal(fm_json_open(fm_buf_span(&json), &document, &err), FM_E_FORMAT);
		fm_buf_free(&given.strings[0]);
		fm_json_cut_free(&cut);
	}
	fm_buf_free(&json);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases) + FM_COUNT(faults)];

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){cases[i].name, test_cut, NULL, NULL, &cases[i]};
	for (size_t i = 0; i < FM_COUNT(faults); i++)
		tests[FM_COUNT(cases) + i] =
			(struct CMUnitTest){faults[i].name, test_fault, NULL, NULL, &faults[i]};
	return cmocka_run_group_tests_name("text/json_cut", tests, NULL, NULL) != 0;
}
