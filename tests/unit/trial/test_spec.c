#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "trial/spec.h"

static const char written[] =
	"{\"corpus\":\"0123456789abcdeffedcba9876543210\",\"engine\":1,"
	"\"hay_seed\":\"ffffffffffffffff\",\"tokenizer\":\"bytes/4@0\",\"length\":131072,"
	"\"length_of\":\"prompt\",\"layout\":\"document-first/1\",\"task\":\"niah/1\","
	"\"pack\":\"000000000000000000000000000000ff\",\"depth_ppm\":500000,\"repeat\":3,"
	"\"value_seed\":\"000000000000002a\",\"salt\":\"a\\n\\\"\",\"system\":null,"
	"\"dialect\":\"openai-chat\",\"origin\":\"http://127.0.0.1:8000/v1\",\"model\":\"ä/b\","
	"\"route\":\"\",\"parts\":\"\",\"params\":\"{\\\"temperature\\\":0}\"}";

static const struct fm_trial_spec spec = {
	.prompt =
		{
			 .corpus = {0x0123456789abcdef, 0xfedcba9876543210},
			 .engine = 1,
			 .hay_seed = UINT64_MAX,
			 .tokenizer = "bytes/4@0",
			 .length = 131072,
			 .length_of = "prompt",
			 .layout = "document-first/1",
			 .task = "niah/1",
			 .pack = {0, 0xff},
			 .depth_ppm = 500000,
			 .repeat = 3,
			 .value_seed = 42,
			 .salt = "a\n\"",
			 },
	.dialect = "openai-chat",
	.origin = "http://127.0.0.1:8000/v1",
	.model = "ä/b",
	.route = "",
	.parts = "",
	.params = "{\"temperature\":0}",
};

static enum fm_code read_spec(const char *text, struct fm_arena *arena,
                              struct fm_trial_spec *ret_spec, struct fm_err *err)
{
	struct fm_json json = {0};
	enum fm_code rc = fm_json_open(fm_span_of(text), &json, err);

	assert_int_equal(rc, FM_OK);
	rc = fm_trial_spec_read(json.root, arena, ret_spec, err);
	fm_json_close(&json); /* what was read must not borrow from it */
	return rc;
}

static void assert_round_trip(const struct fm_trial_spec *from, const char *want)
{
	struct fm_arena arena = {0};
	struct fm_trial_spec back = {0};
	struct fm_buf buf;
	struct fm_json_writer w = {.buf = &buf};
	struct fm_err err = {0};

	fm_buf_init(&buf, 4096);
	fm_trial_spec_write(from, NULL, &w);
	if (want != NULL)
		assert_string_equal(fm_buf_text(&buf), want);
	if (read_spec(fm_buf_text(&buf), &arena, &back, &err) != FM_OK)
		fail_msg("%s", err.text);
	assert_true(fm_id_equal(fm_trial_id(&back), fm_trial_id(from)));
	fm_buf_free(&buf);
	fm_arena_free(&arena);
}

static void test_round_trip(void **state)
{
	struct fm_trial_spec control = spec;

	(void)state;
	assert_round_trip(&spec, written);
	control.prompt.depth_ppm = FM_DEPTH_NONE;
	control.prompt.system = (struct fm_id){1, 2};
	control.prompt.length = ((uint64_t)1 << 53) - 1;
	assert_round_trip(&control, NULL);
}

/* The text of a spec with one piece of it replaced. */
static struct refuse_case {
	const char *name, *from, *to, *want;
} refusals[] = {
	{"member gone",      "\"repeat\":3,",         "",                      "repeat is missing"                  },
	{"last member gone", ",\"params\":",          ",\"parms\":",           "params is missing"                  },
	{"number for text",  "\"niah/1\"",            "1",                     "task is not what it should be"      },
	{"null for text",    "\"salt\":\"a\\n\\\"\"", "\"salt\":null",
         "salt is not what it should be"									    },
	{"text for number",  "131072",                "\"131072\"",            "length is not what it should be"    },
	{"fraction",         "131072",                "131072.5",              "length is not what it should be"    },
	{"minus",            "131072",                "-1",                    "length is not what it should be"    },
	{"33 bits",          "\"repeat\":3",          "\"repeat\":4294967296", "repeat is not what it should be"    },
	{"deeper than deep", "500000",                "1000001",               "depth_ppm is not what it should be" },
	{"short identity",   "0123456789abcdef",      "0123456789abcde",
         "corpus is not what it should be"									  },
	{"capital digits",   "00ff\"",                "00FF\"",                "pack is not what it should be"      },
	{"short seed",       "ffffffffffffffff",      "fff",                   "hay_seed is not what it should be"  },
	{"seed as a number", "\"000000000000002a\"",  "42",                    "value_seed is not what it should be"},
};

static void test_refusal(void **state)
{
	const struct refuse_case *c = *state;
	const struct fm_span whole = fm_span_of(written);
	const size_t at = fm_span_find(whole, fm_span_of(c->from));
	struct fm_trial_spec back = {0};
	struct fm_arena arena = {0};
	struct fm_err err = {0};
	const char *text;

	assert_true(at < whole.len);
	text = fm_arena_format(&arena, "%.*s%s%s", (int)at, written, c->to,
	                       written + at + strlen(c->from));
	assert_int_equal(read_spec(text, &arena, &back, &err), FM_E_FORMAT);
	assert_string_equal(err.text, c->want);
	assert_null(back.model);
	fm_arena_free(&arena);
}

static void test_kinds(void **state)
{
	struct fm_trial_spec back;
	struct fm_arena arena = {0};
	struct fm_err err;

	(void)state;
	assert_int_equal(read_spec("[]", &arena, &back, &err), FM_E_FORMAT);
	assert_int_equal(fm_trial_spec_read(NULL, &arena, &back, &err), FM_E_FORMAT);
	fm_arena_free(&arena);
}

/* A later fathom may write more: it is read as far as this one knows it. */
static void test_unknown_member(void **state)
{
	struct fm_trial_spec back;
	struct fm_arena arena = {0};
	struct fm_err err;
	const char *text = fm_arena_format(&arena, "{\"later\":[1],%s", written + 1);

	(void)state;
	assert_int_equal(read_spec(text, &arena, &back, &err), FM_OK);
	assert_true(fm_id_equal(fm_trial_id(&back), fm_trial_id(&spec)));
	fm_arena_free(&arena);
}

int main(void)
{
	struct CMUnitTest tests[3 + FM_COUNT(refusals)] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_unknown_member),
	};

	for (size_t i = 0; i < FM_COUNT(refusals); i++)
		tests[3 + i] = (struct CMUnitTest){refusals[i].name, test_refusal, NULL, NULL,
		                                   &refusals[i]};
	return cmocka_run_group_tests_name("trial/spec", tests, NULL, NULL) != 0;
}
