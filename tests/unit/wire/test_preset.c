#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "text/json.h"
#include "wire/dialect.h"
#include "wire/preset.h"

/* What the environment holds in these tests. */
static const char *variable(const char *name)
{
	static const struct {
		const char *name, *value;
	} set[] = {
		{"ENDPOINT", "https://mine.example/"},
		{"REGION",   "eu-west-1"            },
		{"BARE",     "192.168.1.2"          },
		{"PORTED",   "box:8080"             },
		{"WHOLE",    "https://far.example"  },
		{"SECOND",   "k"                    },
	};

	for (size_t i = 0; i < FM_COUNT(set); i++)
		if (strcmp(set[i].name, name) == 0)
			return set[i].value;
	return NULL;
}

static struct url_case {
	const char *name, *base_url, *want; /* NULL: refused */
} urls[] = {
	{"plain",               "https://a.example/v1",                  "https://a.example/v1"          },
	{"a slash too many",    "{ENDPOINT}/openai/v1",                  "https://mine.example/openai/v1"},
	{"in the midst, twice", "https://{REGION}.a.example/{REGION}/x",
         "https://eu-west-1.a.example/eu-west-1/x"						       },
	{"not set",             "https://{NOWHERE}.a.example",           NULL                            },
	{"not set but known",   "{NOWHERE=http://127.0.0.1:1}/v1",       "http://127.0.0.1:1/v1"         },
	{"a bare host",         "{BARE=http://127.0.0.1:1}/v1",          "http://192.168.1.2:1/v1"       },
	{"a host and its port", "{PORTED=http://127.0.0.1:1}/v1",        "http://box:8080/v1"            },
	{"a whole address",     "{WHOLE=http://127.0.0.1:1}/v1",         "https://far.example/v1"        },
};

static void test_url(void **state)
{
	const struct url_case *c = *state;
	const struct fm_preset preset = {.name = "p", .base_url = c->base_url};
	struct fm_arena arena = {0};
	struct fm_err err;
	const char *url = NULL;
	const enum fm_code rc = fm_preset_url(&preset, variable, &arena, &url, &err);

	assert_int_equal(rc, c->want == NULL ? FM_E_USAGE : FM_OK);
	if (c->want != NULL)
		assert_string_equal(url, c->want);
	else
		assert_string_equal(err.text, "NOWHERE is not set, and the address of p needs it: "
		                              "set it, or give a base_url");
	fm_arena_free(&arena);
}

#define OFF "{\"plugins\":[{\"enabled\":false,\"id\":\"context-compression\"}]"
#define ONLY                                                                                     \
	",\"provider\":{\"allow_fallbacks\":false,\"only\":[\"a\\\"b\"],\"require_parameters\":" \
	"true}}"
#define STRICT "{\"context_length_exceeded_behavior\":\"error\"}"

/* What a person says and whether it was said, then what is sent, or why it is not. */
static struct body_case {
	const char *name, *preset, *model, *params, *extra, *route;
	bool typed;
	const char *want_params, *want_extra, *want_error;
} bodies[] = {
	{"no preset",             NULL,         "m",                 "{\"seed\":1}",             "{\"a\":[1,2]}",                   "r",    true,  "{\"seed\":1}",
         "{\"a\":[1,2]}",																			   NULL								     },
	{"renamed",               "mistral",    "m",                 "{\"seed\":1,\"top_p\":1}", "{}",                              "",     true,
         "{\"random_seed\":1,\"top_p\":1}",															       "{}",     NULL								     },
	{"refused when typed",    "openai",     "o3-mini",           "{\"temperature\":0}",      "{}",                              "",     true,  NULL,
         NULL,																				      "params: temperature is not sent: this model takes only its own sampling"},
	{"left out when not",     "openai",     "o3-mini",           "{\"temperature\":0}",      "{}",                              "",     false, "{}",
         "{}",																				      NULL								     },
	{"other models take it",  "openai",     "gpt-4.1",           "{\"temperature\":0}",      "{}",                              "",     true,
         "{\"temperature\":0}",																	   "{}",     NULL								     },
	{"chat models take it",   "openai",     "gpt-5-chat-latest", "{\"temperature\":0}",      "{}",                              "",
         true,																     "{\"temperature\":0}", "{}",     NULL								     },
	{"overridden verbatim",   "openai",     "o3",                "{}",                       "{\"temperature\":1}",             "",     true,  "{}",
         "{\"temperature\":1}",																		     NULL								     },
	{"no seed",               "deepseek",   "m",                 "{\"seed\":1}",             "{}",                              "",     true,  NULL,                  NULL,
         "params: seed is not sent: DeepSeek documents none"																								 },
	{"always sent",           "openrouter", "m",                 "{}",                       "{\"x\":1}",                       "",     true,  "{}",
         "{\"x\":1,\"plugins\":[{\"enabled\":false,\"id\":\"context-compression\"}]}",											      NULL                                                                     },
	{"a host is chosen",      "openrouter", "m",                 "{}",                       "{}",                              "a\"b", true,  "{}",                  OFF ONLY, NULL                                                                     },
	{"nowhere to choose",     "groq",       "m",                 "{}",                       "{}",                              "a",    true,  NULL,                  NULL,
         "route: groq has no choice of hosts"																										},
	{"errors, not cuts",      "together",   "m",                 "{}",                       "{}",                              "",     true,  "{}",                  STRICT,   NULL                                                                     },
	{"errors here too",       "fireworks",  "m",                 "{}",                       "{}",                              "",     true,  "{}",                  STRICT,   NULL                                                                     },
	{"may not be turned off", "openrouter", "m",                 "{}",                       "{\"plugins\":[]}",                "",     true,  NULL,                  NULL,
         "extra_body: plugins is always sent to openrouter, so that no prompt is cut"																					},
	{"cuts",		  "vllm",       "m",                 "{}",                       "{\"truncate_prompt_tokens\":-1}", "",     true,  NULL,                  NULL,
         "extra_body: truncate_prompt_tokens is not sent: it cuts the prompt without a word"																				 },
	{"reroutes",              "openrouter", "m",                 "{}",                       "{\"models\":[\"a\"]}",            "",     true,  NULL,                  NULL,
         "extra_body: models is not sent: another model would answer"																							},
};

static void test_body(void **state)
{
	const struct body_case *c = *state;
	const struct fm_preset_body body = {
		.preset = c->preset == NULL ? NULL : fm_preset_find(fm_span_of(c->preset)),
		.model = c->model,
		.params = c->params,
		.extra_body = c->extra,
		.route = c->route,
		.typed = c->typed,
	};
	struct fm_arena arena = {0};
	const char *params = NULL;
	const char *extra = NULL;
	struct fm_err err;
	const enum fm_code rc = fm_preset_apply(&body, &arena, &params, &extra, &err);

	assert_true(c->preset == NULL || body.preset != NULL);
	if (c->want_error == NULL) {
		assert_int_equal(rc, FM_OK);
		assert_string_equal(params, c->want_params);
		assert_string_equal(extra, c->want_extra);
	} else {
		assert_int_equal(rc, FM_E_USAGE);
		assert_string_equal(err.text, c->want_error);
	}
	fm_arena_free(&arena);
}

/* A variable inside an address may not begin another one: the key would follow it there. */
static const char *led_astray;

static const char *astray(const char *name)
{
	return strcmp(name, "REGION") == 0 ? led_astray : NULL;
}

static void test_astray(void **state)
{
	static const char *const values[] = {
		"evil.example/x", "evil.example", "a@b", "a:1", "..", "a b", "a?b", "a#b"};
	const struct fm_preset preset = {.name = "p", .base_url = "https://x.{REGION}.a.example"};
	struct fm_arena arena = {0};
	const char *url = NULL;
	struct fm_err err;

	(void)state;
	for (size_t i = 0; i < FM_COUNT(values); i++) {
		led_astray = values[i];
		assert_int_equal(fm_preset_url(&preset, astray, &arena, &url, &err), FM_E_USAGE);
		assert_non_null(strstr(err.text, "REGION holds what cannot stand in the address"));
	}
	fm_arena_free(&arena);
}

static bool is_object(const char *text)
{
	struct fm_json json = {0};
	struct fm_err err;
	const bool is = fm_json_open(fm_span_of(text), &json, &err) == FM_OK &&
	                fm_value_kind(json.root) == FM_VALUE_OBJECT;

	fm_json_close(&json);
	return is;
}

static void test_rows(void **state)
{
	size_t count;
	const struct fm_preset *const *list = fm_preset_list(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		const struct fm_preset *p = list[i];
		const bool keyless = p->keys[0] == '\0';

		assert_ptr_equal(fm_preset_find(fm_span_of(p->name)), p);
		assert_non_null(fm_dialect_find(p->dialect));
		assert_true(p->title != NULL && p->max_tokens_name != NULL);
		/* A key goes over TLS only, and a local server is asked for none. */
		assert_true(keyless || strncmp(p->base_url, "https://", 8) == 0 ||
		            p->base_url[0] == '{');
		assert_int_equal(keyless, strstr(p->base_url, "http://127.0.0.1:") != NULL);
		assert_false(fm_span_ends(fm_span_of(p->base_url), "/"));
		assert_true(p->always == NULL || is_object(p->always));
		assert_true(p->header == NULL || strstr(p->header, ": ") != NULL);
		assert_true(p->key_header == NULL || fm_span_ends(fm_span_of(p->key_header), " "));
	}
	assert_true(fm_preset_find(fm_span_of("sim"))->exact);
	assert_null(fm_preset_find(fm_span_of("nobody")));
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(urls) + FM_COUNT(bodies) + 2];
	size_t n = 0;

	for (size_t i = 0; i < FM_COUNT(urls); i++)
		tests[n++] = (struct CMUnitTest){urls[i].name, test_url, NULL, NULL, &urls[i]};
	for (size_t i = 0; i < FM_COUNT(bodies); i++)
		tests[n++] = (struct CMUnitTest){bodies[i].name, test_body, NULL, NULL, &bodies[i]};
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_astray);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_rows);
	return cmocka_run_group_tests_name("wire/preset", tests, NULL, NULL) != 0;
}
