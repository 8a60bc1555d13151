#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "wire/listing.h"
#include "wire/preset.h"

/* Lists as the hosts were seen to answer, cut to what is read and something beside it. */
static struct list_case {
	const char *name;
	const char *preset;
	const char *base_url;
	const char *url;
	const char *model;
	const char *answer;
	bool found;
	uint64_t window;
	uint64_t output;
	size_t ids;
} lists[] = {
	{"OpenAI says no window",                   "openai",      "https://api.openai.com/v1",
         "https://api.openai.com/v1/models",												    "gpt-4.1",
         "{\"object\":\"list\",\"data\":[{\"id\":\"gpt-4\",\"object\":\"model\"},{\"id\":\"gpt-4."
         "1\"}]}",                                                                                                                                                                                                                                          true,  0,       0,     2},
	{"one that is not there",                   "openai",      "https://api.openai.com/v1",
         "https://api.openai.com/v1/models",												    "gpt-4.2",
         "{\"data\":[{\"id\":\"gpt-4\"},{\"id\":\"gpt-4.1\"}]}",																							    false, 0,       0,     2},
	{"Anthropic",			       "anthropic",   "https://api.anthropic.com/v1",
         "https://api.anthropic.com/v1/models?limit=1000",										      "claude-sonnet-4-6",
         "{\"data\":[{\"type\":\"model\",\"id\":\"claude-sonnet-4-6\",\"max_input_tokens\":1000000,"
         "\"max_tokens\":64000}],\"has_more\":false}",                                                                                                                                                                                                      true,  1000000, 64000, 1},
	{"Gemini puts models/ before its names",    "gemini",      "https://g.example/v1beta",
         "https://g.example/v1beta/models?pageSize=1000",										       "gemini-2.5-pro",
         "{\"models\":[{\"name\":\"models/gemini-2.5-pro\",\"inputTokenLimit\":1048576,"
         "\"outputTokenLimit\":65536}]}",                                                                                                                                                                                                                   true,  1048576, 65536, 1},
	{"and a person may",                        "gemini",      "https://g.example/v1beta",
         "https://g.example/v1beta/models?pageSize=1000",										       "models/gemini-2.5-pro",
         "{\"models\":[{\"name\":\"models/gemini-2.5-pro\",\"inputTokenLimit\":7}]}",																				       true,  7,       0,
         1																																	  },
	{"OpenRouter: what a request meets",        "openrouter",  "https://openrouter.ai/api/v1",
         "https://openrouter.ai/api/v1/models",												 "meta-llama/llama-4-scout",
         "{\"data\":[{\"id\":\"meta-llama/"
         "llama-4-scout\",\"context_length\":1310720,\"top_provider\":"
         "{\"context_length\":327680,\"max_completion_tokens\":16384,\"is_moderated\":false}}]}",                                                                                                                                                           true,  327680,  16384, 1},
	{"OpenRouter says null",                    "openrouter",  "https://openrouter.ai/api/v1",
         "https://openrouter.ai/api/v1/models",												 "a/b",
         "{\"data\":[{\"id\":\"a/"
         "b\",\"context_length\":8192,\"top_provider\":{\"context_length\":null,"
         "\"max_completion_tokens\":null}}]}",                                                                                                                                                                                                              true,  8192,    0,     1},
	{"Mistral",				 "mistral",     "https://api.mistral.ai/v1",      "https://api.mistral.ai/v1/models",
         "mistral-large-latest",                                                                                                                                            "{\"data\":[{\"id\":\"mistral-large-latest\",\"max_context_length\":262144}]}", true,
         262144,																															    0,     1},
	{"Cohere",				  "cohere",      "https://api.cohere.com/v2",
         "https://api.cohere.com/v1/models?page_size=1000",										     "command-a-03-2025",
         "{\"models\":[{\"name\":\"command-a-03-2025\",\"context_length\":256000.0}]}",																				     true,
         256000,																															    0,     1},
	{"Groq",				    "groq",        "https://api.groq.com/openai/v1", "https://api.groq.com/openai/v1/models",
         "x",																			       "{\"data\":[{\"id\":\"x\",\"context_window\":131072,\"active\":true}]}",        true,  131072,
         0,																																	1},
	{"Together answers with a list",            "together",    "https://api.together.ai/v1",
         "https://api.together.ai/v1/models",												   "b",
         "[{\"id\":\"a\",\"context_length\":1},{\"id\":\"b\",\"context_length\":1048576}]",																				 true,
         1048576,																															   0,     2},
	{"Hugging Face: the smallest of its hosts", "huggingface",
         "https://router.huggingface.co/v1",							 "https://router.huggingface.co/v1/models", "o/m",
         "{\"data\":[{\"id\":\"o/m\",\"providers\":[{\"provider\":\"x\",\"context_length\":131072},"
         "{\"provider\":\"y\"},{\"provider\":\"z\",\"context_length\":32768}]}]}",                                                                                                                                                                          true,  32768,   0,     1},
	{"vLLM",				    "vllm",        "http://127.0.0.1:8000/v1",       "http://127.0.0.1:8000/v1/models",
         "Qwen/Qwen3-8B",																		   "{\"data\":[{\"id\":\"Qwen/Qwen3-8B\",\"max_model_len\":40960}]}",              true,
         40960,																															     0,     1},
	{"a server of no name",                     NULL,          "http://10.0.0.7:9000/v1",        "http://10.0.0.7:9000/v1/models",
         "m",																			       "{\"data\":[{\"id\":\"m\",\"meta\":{\"n_ctx\":4096,\"n_ctx_train\":32768}}]}",  true,
         4096,																															      0,     1},
	{"Ollama: a name without its tag",          "ollama",      "http://127.0.0.1:11434",
         "http://127.0.0.1:11434/api/tags",												     "qwen3",
         "{\"models\":[{\"name\":\"llama3.2:1b\"},{\"name\":\"qwen3:latest\"}]}",																					   true,  0,       0,     2},
	{"Ollama: another tag",                     "ollama",      "http://127.0.0.1:11434",
         "http://127.0.0.1:11434/api/tags",												     "qwen3:8b",
         "{\"models\":[{\"name\":\"qwen3:latest\"}]}",																								      false, 0,       0,     1},
	{"LM Studio: loaded goes before possible",  "lmstudio",    "http://127.0.0.1:1234/v1",
         "http://127.0.0.1:1234/api/v0/models",												 "m",
         "{\"data\":[{\"id\":\"m\",\"max_context_length\":131072,\"loaded_context_length\":4096}]}",                                                                                                                                                        true,  4096,    0,     1},
	{"TGI serves one, under any name",          "tgi",         "http://127.0.0.1:3000/v1",
         "http://127.0.0.1:3000/info",													  "whatever",
         "{\"model_id\":\"org/model\",\"max_input_tokens\":8191,\"max_total_tokens\":8192}",																				true,
         8191,																															      0,     1},
	{"no model is asked for",                   "openai",      "https://a.example/v1",           "https://a.example/v1/models",
         NULL,																			      "{\"data\":[{\"id\":\"a\"},{\"id\":\"b\"},{\"object\":\"nameless\"}]}",         false, 0,       0,
         2																																	  },
};

static void test_list(void **state)
{
	const struct list_case *c = *state;
	const struct fm_listing_form *form = fm_listing_find(c->preset);
	struct fm_arena arena = {0};
	struct fm_listed listed = {0};
	struct fm_err err;

	assert_true(c->preset == NULL || fm_preset_find(fm_span_of(c->preset)) != NULL);
	assert_string_equal(fm_listing_url(form, c->base_url, &arena), c->url);
	assert_int_equal(
		fm_listing_read(form, fm_span_of(c->answer), c->model, &arena, &listed, &err),
		FM_OK);
	assert_int_equal(listed.found, c->found);
	assert_int_equal(listed.window, c->window);
	assert_int_equal(listed.output_max, c->output);
	assert_int_equal(listed.id_count, c->ids);
	fm_arena_free(&arena);
}

static struct window_case {
	const char *preset;
	const char *base_url;
	const char *url;
	const char *body;
	const char *answer;
	uint64_t window;
} windows[] = {
	{"ollama",   "http://127.0.0.1:11434",    "http://127.0.0.1:11434/api/show",        "{\"model\":\"m\"}",
         "{\"details\":{\"family\":\"qwen3\"},\"model_info\":{\"general.parameter_count\":"
         "8190735360,"
         "\"qwen3.context_length\":40960}}",                                                       40960},
	{"llamacpp", "http://127.0.0.1:8080/v1",  "http://127.0.0.1:8080/props",            "",
         "{\"default_generation_settings\":{\"n_ctx\":24576},\"total_slots\":4}",                  24576},
	{"sglang",   "http://127.0.0.1:30000/v1", "http://127.0.0.1:30000/get_server_info", "",
         "{\"context_length\":163840,\"max_total_num_tokens\":59868,\"max_req_input_len\":59862}", 59862},
};

static void test_window(void **state)
{
	const struct window_case *c = *state;
	const struct fm_listing_form *form = fm_listing_find(c->preset);
	struct fm_arena arena = {0};
	struct fm_listed listed = {.window = 1};
	struct fm_bytes body;
	struct fm_err err;

	assert_string_equal(fm_listing_window_url(form, c->base_url, "m", &arena, &body), c->url);
	assert_int_equal(body.len, strlen(c->body));
	if (body.len > 0)
		assert_memory_equal(body.spans[0].ptr, c->body, body.len);
	assert_int_equal(fm_listing_read_window(form, fm_span_of("{}"), &arena, &listed, &err),
	                 FM_OK);
	assert_int_equal(listed.window, 1);
	assert_int_equal(fm_listing_read_window(form, fm_span_of(c->answer), &arena, &listed, &err),
	                 FM_OK);
	assert_int_equal(listed.window, c->window);
	fm_arena_free(&arena);
}

/* What is no list is told, and nothing is made of it. */
static void test_no_list(void **state)
{
	static const char *const answers[] = {
		"",     "<html>",          "{}",  "{\"data\":{}}",
		"null", "{\"data\":null}", "[1]", "{\"data\":[{\"id\""};
	struct fm_arena arena = {0};
	struct fm_listed listed;
	struct fm_err err;

	(void)state;
	for (size_t i = 0; i < FM_COUNT(answers); i++)
		assert_int_equal(fm_listing_read(fm_listing_find("openai"), fm_span_of(answers[i]),
		                                 "m", &arena, &listed, &err),
		                 FM_E_FORMAT);
	fm_arena_free(&arena);
}

static void test_who_has_none(void **state)
{
	(void)state;
	assert_null(fm_listing_find("bedrock"));
	assert_null(fm_listing_find("vertex"));
	assert_non_null(fm_listing_find("no-preset"));
	assert_true(fm_listing_is_open(fm_listing_find("openrouter")));
	assert_false(fm_listing_is_open(fm_listing_find("openai")));
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(lists) + FM_COUNT(windows) + 2];
	size_t n = 0;

	for (size_t i = 0; i < FM_COUNT(lists); i++)
		tests[n++] = (struct CMUnitTest){lists[i].name, test_list, NULL, NULL, &lists[i]};
	for (size_t i = 0; i < FM_COUNT(windows); i++)
		tests[n++] = (struct CMUnitTest){windows[i].preset, test_window, NULL, NULL,
		                                 &windows[i]};
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_no_list);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_who_has_none);
	return cmocka_run_group_tests_name("wire/listing", tests, NULL, NULL) != 0;
}
