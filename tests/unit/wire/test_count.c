#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "text/json.h"
#include "wire/count.h"
#include "wire/preset.h"

static struct ask_case {
	const char *preset;
	const char *base_url;
	const char *model;
	const char *url;
	const char *body;
} asks[] = {
	{
         .preset = "openai",
         .base_url = "https://api.openai.com/v1",
         .model = "gpt-4.1",
         .url = "https://api.openai.com/v1/responses/input_tokens",
         .body = "{\"model\":\"gpt-4.1\",\"instructions\":\"Be \\\"brief\\\".\","
			"\"input\":[{\"role\":\"user\",\"content\":\"Who was it?\"}]}", },
	{
         .preset = "anthropic",
         .base_url = "https://api.anthropic.com/v1/",
         .model = "claude-sonnet-4-6",
         .url = "https://api.anthropic.com/v1/messages/count_tokens",
         .body = "{\"model\":\"claude-sonnet-4-6\",\"system\":[{\"type\":\"text\","
			"\"text\":\"Be \\\"brief\\\".\"}],\"messages\":[{\"role\":\"user\","
			"\"content\":\"Who was it?\"}]}", },
	{
         .preset = "gemini",
         .base_url = "https://g.example/v1beta",
         .model = "models/gemini-2.5-pro",
         .url = "https://g.example/v1beta/models/gemini-2.5-pro:countTokens",
         .body = "{\"generateContentRequest\":{\"model\":\"models/gemini-2.5-pro\","
			"\"systemInstruction\":{\"parts\":[{\"text\":\"Be \\\"brief\\\".\"}]},"
			"\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":"
			"\"Who was it?\"}]}]}}", },
	{
         .preset = "vertex",
         .base_url = "https://a.example/v1/publishers/google",
         .model = "gemini-2.5-pro",
         .url = "https://a.example/v1/publishers/google/models/gemini-2.5-pro:countTokens",
         .body = "{\"systemInstruction\":{\"parts\":[{\"text\":\"Be \\\"brief\\\".\"}]},"
			"\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":"
			"\"Who was it?\"}]}]}", },
	{
         .preset = "bedrock",
         .base_url = "https://bedrock-runtime.eu-west-1.amazonaws.com",
         .model = "anthropic.claude-v1:0",
         .url = "https://bedrock-runtime.eu-west-1.amazonaws.com/model/"
		       "anthropic.claude-v1%3A0/count-tokens",										 .body = "{\"input\":{\"converse\":{\"system\":[{\"text\":\"Be \\\"brief\\\".\"}],"
			"\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":"
			"\"Who was it?\"}]}]}}}", },
	{
         .preset = "cohere",
         .base_url = "https://api.cohere.com/v2",
         .model = "command-a-03-2025",
         .url = "https://api.cohere.com/v1/tokenize",
         .body = "{\"model\":\"command-a-03-2025\",\"text\":"
			"\"Be \\\"brief\\\".Who was it?\"}", },
	{
         .preset = "xai",
         .base_url = "https://api.x.ai/v1",
         .model = "grok-4",
         .url = "https://api.x.ai/v1/tokenize-text",
         .body = "{\"model\":\"grok-4\",\"text\":\"Be \\\"brief\\\".Who was it?\"}",
	 },
	{
         .preset = "vllm",
         .base_url = "http://127.0.0.1:8000/v1",
         .model = "Qwen/Qwen3-8B",
         .url = "http://127.0.0.1:8000/tokenize",
         .body = "{\"model\":\"Qwen/Qwen3-8B\",\"add_generation_prompt\":true,\"messages\":["
			"{\"role\":\"system\",\"content\":\"Be \\\"brief\\\".\"},"
			"{\"role\":\"user\",\"content\":\"Who was it?\"}]}", },
	{
         .preset = "llamacpp",
         .base_url = "http://127.0.0.1:8080/v1",
         .model = "x",
         .url = "http://127.0.0.1:8080/tokenize",
         .body = "{\"content\":\"Be \\\"brief\\\".Who was it?\"}",
	 },
	{
         .preset = "tgi",
         .base_url = "http://box",
         .model = "x",
         .url = "http://box/tokenize",
         .body = "{\"inputs\":\"Be \\\"brief\\\".Who was it?\"}",
	 },
};

static void add_message(struct fm_prompt *prompt, enum fm_role role, const char *text,
                        struct fm_arena *arena)
{
	struct fm_message *message = &prompt->messages[prompt->count++];

	message->role = role;
	fm_rope_add_text(&message->text, arena, fm_span_of(text));
}

static const char *joined(const struct fm_bytes *body, struct fm_arena *arena)
{
	struct fm_bytes_place place = {0};
	char *text = fm_arena_take(arena, body->len + 1);

	assert_int_equal(fm_bytes_read(body, &place, text, body->len), body->len);
	return text;
}

static void test_ask(void **state)
{
	const struct ask_case *c = *state;
	const struct fm_count_form *form = fm_count_find(c->preset);
	struct fm_arena arena = {0};
	struct fm_prompt prompt = {0};
	struct fm_json json = {0};
	struct fm_bytes body;
	struct fm_err err;

	assert_non_null(form);
	assert_non_null(fm_preset_find(fm_span_of(c->preset)));
	add_message(&prompt, FM_ROLE_SYSTEM, "Be \"brief\".", &arena);
	add_message(&prompt, FM_ROLE_USER, "Who was it?", &arena);
	assert_string_equal(fm_count_url(form, c->base_url, c->model, &arena), c->url);
	assert_int_equal(fm_count_body(form, c->model, &prompt, &arena, &body, &err), FM_OK);
	assert_string_equal(joined(&body, &arena), c->body);
	assert_int_equal(fm_json_open(fm_span_of(c->body), &json, &err), FM_OK);
	fm_json_close(&json);
	fm_arena_free(&arena);
}

static struct answer_case {
	const char *name;
	const char *preset;
	const char *answer;
	int64_t want; /* -1: refused */
} answers[] = {
	{"OpenAI",                 "openai",    "{\"object\":\"response.input_tokens\",\"input_tokens\":1234}",  1234},
	{"Anthropic",              "anthropic", "{\"input_tokens\":17}",                                         17  },
	{"Gemini",                 "gemini",
         "{\"totalTokens\":31,\"promptTokensDetails\":[{\"modality\":\"TEXT\",\"tokenCount\":31}]}",             31  },
	{"Gemini's other order",   "gemini",
         "{\"promptTokensDetails\":[{\"totalTokens\":9}],\"totalTokens\":31}",                                   31  },
	{"Bedrock",                "bedrock",   "{\"inputTokens\":0}",                                           0   },
	{"Cohere",                 "cohere",
         "{\"tokens\":[8466,5169,2594],\"token_strings\":[\"a\",\"b\",\"c\"],\"meta\":{}}",                      3   },
	{"Cohere, nothing in it",  "cohere",    "{\"tokens\":[]}",                                               0   },
	{"xAI, tokens as objects", "xai",
         "{\"token_ids\":[{\"token_id\":1,\"bytes\":[72,105]},{\"token_id\":2}]}",                               2   },
	{"vLLM",		   "vllm",
         "{\"count\":4,\"max_model_len\":4096,\"tokens\":[1,2,3,4],\"token_strs\":null}",                        4   },
	{"llama.cpp with pieces",  "llamacpp",
         "{\"tokens\":[{\"id\":198,\"piece\":\"a\"},{\"id\":2,\"piece\":[195]}]}",                               2   },
	{"TGI",		    "tgi",       "[{\"id\":1,\"text\":\"a\",\"start\":0,\"stop\":1},{\"id\":2}]", 2   },
	{"no such member",         "anthropic", "{\"tokens\":17}",                                               -1  },
	{"not a count",            "anthropic", "{\"input_tokens\":-17}",                                        -1  },
	{"a fraction",             "anthropic", "{\"input_tokens\":1.5}",                                        -1  },
	{"a text",                 "anthropic", "{\"input_tokens\":\"17\"}",                                     -1  },
	{"a number for a list",    "cohere",    "{\"tokens\":3}",                                                -1  },
	{"a list for an object",   "anthropic", "[17]",							  -1  },
	{"an object for a list",   "tgi",       "{\"error\":\"no\"}",                                            -1  },
	{"cut off",                "cohere",    "{\"tokens\":[1,2",                                              -1  },
	{"a page for people",      "openai",    "<html>",							-1  },
	{"nothing",                "openai",    "",							      -1  },
};

static void test_answer(void **state)
{
	const struct answer_case *c = *state;
	uint64_t tokens = 777;
	struct fm_err err;
	const enum fm_code rc =
		fm_count_read(fm_count_find(c->preset), fm_span_of(c->answer), &tokens, &err);

	assert_int_equal(rc, c->want < 0 ? FM_E_FORMAT : FM_OK);
	assert_int_equal(tokens, c->want < 0 ? 777 : c->want);
}

/* A host that caps a text is not asked for more; the others are. */
static void test_cap(void **state)
{
	struct fm_arena arena = {0};
	struct fm_prompt prompt = {0};
	char *text = fm_arena_take(&arena, 65538);
	struct fm_bytes body;
	struct fm_err err;

	(void)state;
	memset(text, 'a', 65536);
	add_message(&prompt, FM_ROLE_USER, text, &arena);
	assert_int_equal(fm_count_body(fm_count_find("cohere"), "m", &prompt, &arena, &body, &err),
	                 FM_OK);
	add_message(&prompt, FM_ROLE_USER, "b", &arena);
	assert_int_equal(fm_count_body(fm_count_find("cohere"), "m", &prompt, &arena, &body, &err),
	                 FM_E_LIMIT);
	assert_string_equal(err.text,
	                    "the text has 65,537 characters, and the host counts 65,536 at once");
	assert_int_equal(fm_count_body(fm_count_find("xai"), "m", &prompt, &arena, &body, &err),
	                 FM_OK);
	assert_null(fm_count_find("ollama"));
	assert_null(fm_count_find(NULL));
	fm_arena_free(&arena);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(asks) + FM_COUNT(answers) + 1];
	size_t n = 0;

	for (size_t i = 0; i < FM_COUNT(asks); i++)
		tests[n++] = (struct CMUnitTest){asks[i].preset, test_ask, NULL, NULL, &asks[i]};
	for (size_t i = 0; i < FM_COUNT(answers); i++)
		tests[n++] =
			(struct CMUnitTest){answers[i].name, test_answer, NULL, NULL, &answers[i]};
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_cap);
	return cmocka_run_group_tests_name("wire/count", tests, NULL, NULL) != 0;
}
