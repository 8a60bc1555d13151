#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "text/json.h"
#include "wire/dialect.h"

#define HEAD "{\"max_tokens\":16,\"model\":\"m/1\","
#define ASKED "\"stream\":true,\"stream_options\":{\"include_usage\":true}}"
#define MERGED "\"provider\":{\"a\":1,\"only\":[\"x\"]},\"stream\":false,\"temperature\":0.5}"

/* Settings, and the canonical text of all members but the messages; NULL when they are refused. */
static struct params_case {
	const char *name, *params, *extra;
	bool stream;
	const char *want;
} cases[] = {
	{"plain",			  "",		       "",					  true,  HEAD ASKED                                },
	{"not a stream",                   "",                       "",					  false, HEAD "\"stream\":false}"                  },
	{"params",			 "{\"temperature\":0}",    "{}",                                        false, HEAD "\"stream\":false,\"temperature\":0}"},
	{"blanks",			 " { } ",                  "{ \"top_k\" : 1 }",                         false, HEAD "\"stream\":false,\"top_k\":1}"      },
	{"sorted",			 "{\"temperature\":0.50}", "{\"provider\":{\"only\":[\"x\"],\"a\":1}}", false,
         HEAD MERGED																	       },
	{"a name twice",                   "{\"temperature\":0}",    "{\"temperature\":1}",                       false, NULL                                      },
	{"sets the model",                 "",                       "{\"model\":\"x\"}",                         false, NULL                                      },
	{"sets the messages",              "",                       "{\"messages\":[]}",                         false, NULL                                      },
	{"sets the stream",                "{\"stream\":false}",     "",                                          true,  NULL                                      },
	{"sets the cap by its other name", "",                       "{\"max_completion_tokens\":5}",             false, NULL                                      },
	{"asks for more than one answer",  "{\"n\":5}",              "",                                          false, NULL                                      },
	{"a list",			 "[]",                     "",					  false, NULL                                      },
	{"no json",			"{",                      "",					  false, NULL                                      },
	{"more behind it",                 "{}{}",                   "",					  false, NULL                                      },
};

static void test_params(void **state)
{
	const struct params_case *c = *state;
	const struct fm_body_spec spec = {
		.model = "m/1",
		.max_tokens = 16,
		.max_tokens_name = "max_tokens",
		.params = fm_span_of(c->params),
		.extra = fm_span_of(c->extra),
		.stream = c->stream,
	};
	struct fm_arena arena = {0};
	struct fm_err err;
	const char *params = NULL;
	const enum fm_code rc =
		fm_dialect_params(fm_dialect_find("openai-chat"), &spec, &arena, &params, &err);

	if (c->want == NULL) {
		assert_int_equal(rc, FM_E_USAGE);
	} else {
		assert_int_equal(rc, FM_OK);
		assert_string_equal(params, c->want);
	}
	fm_arena_free(&arena);
}

static void test_usage_unasked(void **state)
{
	const struct fm_body_spec spec = {
		.model = "m/1",
		.max_tokens = 16,
		.max_tokens_name = "max_tokens",
		.stream = true,
		.usage_unasked = true,
	};
	struct fm_arena arena = {0};
	struct fm_err err;
	const char *params = NULL;

	(void)state;
	assert_int_equal(
		fm_dialect_params(fm_dialect_find("openai-chat"), &spec, &arena, &params, &err),
		FM_OK);
	assert_string_equal(params, "{\"max_tokens\":16,\"model\":\"m/1\",\"stream\":true}");
	fm_arena_free(&arena);
}

static void test_body(void **state)
{
	static const char want[] =
		"{\"max_tokens\":16,\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":"
		"\"Be "
		"\\\"short\\\".\"},{\"role\":\"user\",\"content\":\"line\\nand more\"}]}";
	struct fm_arena arena = {0};
	struct fm_prompt prompt = {.count = 2};
	struct fm_bytes_place place = {0};
	struct fm_bytes body = {0};
	char text[400];
	struct fm_json json = {0};
	struct fm_err err;

	(void)state;
	prompt.messages[0].role = FM_ROLE_SYSTEM;
	prompt.messages[1].role = FM_ROLE_USER;
	fm_rope_add_text(&prompt.messages[0].text, &arena, fm_span_of("Be \"short\"."));
	fm_rope_add_text(&prompt.messages[1].text, &arena, fm_span_of("line\nand"));
	fm_rope_add_text(&prompt.messages[1].text, &arena, fm_span_of(" more"));
	fm_dialect_body(fm_dialect_find("openai-chat"), &prompt,
	                "{\"max_tokens\":16,\"model\":\"m\"}", &arena, &body);
	assert_int_equal(body.len, strlen(want));
	assert_int_equal(fm_bytes_read(&body, &place, text, sizeof text), strlen(want));
	assert_memory_equal(text, want, strlen(want));
	assert_int_equal(fm_json_open(fm_span_make(text, strlen(want)), &json, &err), FM_OK);
	fm_json_close(&json);
	fm_arena_free(&arena);
}

static void test_names(void **state)
{
	const struct fm_dialect *chat = fm_dialect_find("openai-chat");
	struct fm_arena arena = {0};
	size_t count;
	const char *const *names = fm_dialect_names(&count);

	(void)state;
	for (size_t i = 0; i < count; i++)
		assert_string_equal(fm_dialect_name(fm_dialect_find(names[i])), names[i]);
	assert_string_equal(fm_dialect_url(chat, "https://h.example/v1/", "m", true, &arena),
	                    "https://h.example/v1/chat/completions");
	assert_null(fm_dialect_find("nobody"));
	assert_null(fm_dialect_headers(chat)[0]);
	assert_string_equal(fm_dialect_accept(chat, true), "text/event-stream");
	assert_string_equal(fm_dialect_accept(chat, false), "application/json");
	fm_arena_free(&arena);
	assert_string_equal(fm_dialect_key_header(chat), "Authorization: Bearer ");
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases) + 3];
	size_t n = 0;

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[n++] = (struct CMUnitTest){cases[i].name, test_params, NULL, NULL, &cases[i]};
	tests[n++] = (struct CMUnitTest){"body", test_body, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"usage unasked", test_usage_unasked, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"names", test_names, NULL, NULL, NULL};
	return cmocka_run_group_tests_name("wire/openai_chat", tests, NULL, NULL) != 0;
}
