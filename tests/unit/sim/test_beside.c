#include "test.h"

#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/macro.h"
#include "sim/route_internal.h"

#include "server.h"

#define LONG FM_MODEL_NAME_LONG

static void start(struct server *server, const char *model, bool keyed)
{
	struct fm_buf config = {.max = 4096};

	fm_buf_putf(&config,
	            "%smodels: {one: {window: {tokens: 5k}, frame: {message: 3, prompt: 2}%s}}\n",
	            keyed ? "key: akey\n" : "", model);
	start_server(server, fm_buf_text(&config), NULL);
	fm_buf_free(&config);
}

/* "GET /path" or "POST /path", with further header lines, and what comes back. */
static void ask(const struct server *server, const char *line, const char *headers,
                const char *body, struct fm_buf *got)
{
	int fd = connect_to(server);
	struct fm_buf request = {.max = 1 << 20};
	char bytes[4096];
	ssize_t n;

	fm_buf_putf(
		&request,
		"%s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n%sContent-Length: %zu\r\n\r\n%s",
		line, headers, strlen(body), body);
	assert_int_equal(send(fd, request.ptr, request.len, MSG_NOSIGNAL), request.len);
	while ((n = recv(fd, bytes, sizeof bytes, 0)) > 0)
		fm_buf_put(got, fm_span_make(bytes, (size_t)n));
	fm_fd_close(&fd);
	fm_buf_free(&request);
}

static struct beside_case {
	const char *name;
	const char *model; /* more of its configuration */
	bool keyed;
	const char *line, *headers, *body;
	const char *status; /* NULL: 200 */
	const char *want;   /* NULL: nothing more */
} cases[] = {
	{
         .name = "list, ours",
         .line = "GET /v1/models",
         .want = "{\"object\":\"list\",\"data\":[{\"id\":\"one\",\"object\":\"model\","
			"\"created\":0,\"owned_by\":\"fathom\",\"max_model_len\":5000}]}",},
	{
         .name = "list, openai's",
         .model = ", vendor: openai",
         .line = "GET /v1/models",
         .want = "[{\"id\":\"one\",\"object\":\"model\",\"created\":0,\"owned_by\":"
			"\"fathom\"}]", },
	{
         .name = "list, vllm's",
         .model = ", vendor: vllm",
         .line = "GET /v1/models",
         .want = "\"max_model_len\":5000",
	 },
	{
         .name = "list, openrouter's",
         .model = ", vendor: openrouter",
         .line = "GET /api/v1/models",
         .want = "\"top_provider\":{\"context_length\":5000}",
	 },
	{
         .name = "list, its hosts",
         .model = ", vendor: openrouter",
         .line = "GET /api/v1/models/one/endpoints",
         .want = "{\"data\":{\"id\":\"one\",\"endpoints\":[{\"provider_name\":\"fathom\","
			"\"tag\":\"fathom\",\"context_length\":5000}]}}", },
	{
         .name = "list, together's",
         .model = ", vendor: together",
         .line = "GET /v1/models",
         .want = "[{\"id\":\"one\"",
	 },
	{
         .name = "list, groq's",
         .model = ", vendor: groq",
         .line = "GET /openai/v1/models",
         .want = "\"context_window\":5000",
	 },
	{
         .name = "list, mistral's",
         .model = ", vendor: mistral",
         .line = "GET /v1/models",
         .want = "\"max_context_length\":5000",
	 },
	{
         .name = "list, mistral's for its SDK",
         .model = ", vendor: mistral",
         .line = "GET /v1/models",
         .want = "\"type\":\"base\",\"capabilities\":{\"completion_chat\":true}",
	 },
	{
         .name = "list, llama.cpp's",
         .model = ", vendor: llamacpp",
         .line = "GET /v1/models",
         .want = "\"meta\":{\"n_ctx\":5000}",
	 },
	{
         .name = "list, its server",
         .model = ", vendor: llamacpp",
         .line = "GET /props",
         .want = "{\"default_generation_settings\":{\"n_ctx\":5000},\"total_slots\":1",
	 },
	{
         .name = "list, hugging face's",
         .model = ", vendor: huggingface",
         .line = "GET /v1/models",
         .want = "\"providers\":[{\"context_length\":5000}]",
	 },
	{
         .name = "list, lm studio's",
         .model = ", vendor: lmstudio",
         .line = "GET /api/v0/models",
         .want = "\"loaded_context_length\":5000",
	 },
	{
         .name = "list, tgi's",
         .model = ", vendor: tgi",
         .line = "GET /info",
         .want = "\"max_input_tokens\":5000",
	 },
	{
         .name = "list, sglang's",
         .model = ", vendor: sglang",
         .line = "GET /get_server_info",
         .want = "\"max_req_input_len\":5000,\"allow_auto_truncate\":false",
	 },
	{
         .name = "list, anthropic's by its header",
         .line = "GET /v1/models?limit=1000",
         .headers = "anthropic-version: 2023-06-01\r\n",
         .want = "{\"has_more\":false,\"data\":[{\"type\":\"model\",\"id\":\"one\","
			"\"display_name\":\"one\",\"created_at\":\"2026-01-01T00:00:00Z\",\"max_"
			"input_tokens\":5000}]}", },
	{
         .name = "list, anthropic's one",
         .line = "GET /v1/models/one",
         .headers = "anthropic-version: 2023-06-01\r\n",
         .want = "{\"type\":\"model\",\"id\":\"one\"",
	 },
	{
         .name = "list, anthropic's without its header",
         .line = "GET /anthropic/v1/models",
         .status = " 400 ",
         .want = "anthropic-version: header is required",
	 },
	{
         .name = "list, gemini's",
         .line = "GET /v1beta/models?pageSize=1000",
         .want = "{\"models\":[{\"name\":\"models/"
			"one\",\"displayName\":\"one\",\"inputTokenLimit\":5000,",											       },
	{
         .name = "list, gemini's one",
         .line = "GET /v1beta/models/one",
         .want = "{\"name\":\"models/one\",",
	 },
	{
         .name = "list, cohere's by its vendor",
         .model = ", vendor: cohere",
         .line = "GET /v1/models",
         .want = "{\"next_page_token\":\"\",\"models\":[{\"name\":\"one\",\"endpoints\":["
			"\"chat\"],\"finetuned\":false,\"context_length\":5000}]}", },
	{
         .name = "list, ollama's",
         .line = "GET /api/tags",
         .want = "{\"models\":[{\"name\":\"one\",\"model\":\"one\",",
	 },
	{
         .name = "list, ollama's running",
         .line = "GET /api/ps",
         .want = "\"context_length\":5000}]}",
	 },
	{
         .name = "list, ollama's one",
         .line = "POST /api/show",
         .body = "{\"model\":\"one\"}",
         .want = "\"model_info\":{\"general.architecture\":\"fathom\",\"fathom.context_"
			"length\":5000}", },
	{
         .name = "list, ollama's one that is not there",
         .line = "POST /api/show",
         .body = "{\"model\":\"two\"}",
         .status = " 404 ",
         .want = "two",
	 },
	{
         .name = "list, ollama's one without a name",
         .line = "POST /api/show",
         .body = "{}",
         .status = " 400 ",
         .want = "you must provide a model",
	 },
	{
         .name = "list, no such model",
         .line = "GET /v1/models/two",
         .status = " 404 ",
         .want = "two",
	 },
	{
         .name = "count, anthropic",
         .line = "POST /v1/messages/count_tokens",
         .headers = "anthropic-version: 2023-06-01\r\n",
         .body = "{\"model\":\"one\",\"system\":\"abcd\",\"messages\":[{\"role\":\"user\","
			"\"content\":\"abcdefgh\"}]}", .want = "{\"input_tokens\":11}",
	 },
	{
         .name = "count, anthropic of nothing",
         .line = "POST /v1/messages/count_tokens",
         .headers = "anthropic-version: 2023-06-01\r\n",
         .body = "{\"model\":\"one\"}",
         .status = " 400 ",
         .want = "messages is not a list",
	 },
	{
         .name = "count, responses",
         .line = "POST /v1/responses/input_tokens",
         .body = "{\"model\":\"one\",\"input\":\"abcdefgh\"}",
         .want = "{\"object\":\"response.input_tokens\",\"input_tokens\":7}",
	 },
	{
         .name = "count, gemini",
         .line = "POST /v1beta/models/one:countTokens",
         .body = "{\"contents\":[{\"parts\":[{\"text\":\"abcdefgh\"}]}]}",
         .want = "{\"totalTokens\":7,",
	 },
	{
         .name = "count, gemini with its system",
         .line = "POST /v1beta/models/one:countTokens",
         .body = "{\"generateContentRequest\":{\"model\":\"models/"
			"one\",\"systemInstruction\":{\"parts\":[{\"text\":\"abcd\"}]},"
			"\"contents\":[{\"parts\":[{\"text\":\"abcdefgh\"}]}]}}",																	    .want = "{\"totalTokens\":11,",
	 },
	{
         .name = "count, vertex with its system",
         .line = "POST /v1/projects/p/locations/l/publishers/google/models/one:countTokens",
         .body = "{\"systemInstruction\":{\"parts\":[{\"text\":\"abcd\"}]},\"contents\":[{"
			"\"parts\":[{\"text\":\"abcdefgh\"}]}]}",													       .want = "{\"totalTokens\":11,",
	 },
	{
         .name = "count, bedrock",
         .line = "POST /model/one/count-tokens",
         .body = "{\"input\":{\"converse\":{\"messages\":[{\"role\":\"user\",\"content\":[{"
			"\"text\":\"abcdefgh\"}]}]}}}",								      .want = "{\"inputTokens\":7}",
	 },
	{
         .name = "count, vllm",
         .line = "POST /tokenize",
         .body = "{\"model\":\"one\",\"messages\":[{\"role\":\"user\",\"content\":"
			"\"abcdefgh\"}]}",							   .want = "{\"count\":7,\"max_model_len\":5000,\"tokens\":[0,1,2,3,4,5,6],\"token_"
			"strs\":null}", },
	{
         .name = "count, vllm's text",
         .line = "POST /tokenize",
         .body = "{\"model\":\"one\",\"prompt\":\"abcdefgh\"}",
         .want = "{\"count\":2,\"max_model_len\":5000,\"tokens\":[0,1],",
	 },
	{
         .name = "count, llama.cpp",
         .line = "POST /tokenize",
         .body = "{\"content\":\"abcdefgh\"}",
         .want = "{\"tokens\":[0,1]}",
	 },
	{
         .name = "count, cohere",
         .line = "POST /v1/tokenize",
         .body = "{\"model\":\"one\",\"text\":\"abcdefgh\"}",
         .want = "{\"tokens\":[0,1]}",
	 },
	{
         .name = "count, xai",
         .line = "POST /v1/tokenize-text",
         .body = "{\"model\":\"one\",\"text\":\"abcdefgh\"}",
         .want = "{\"token_ids\":[{\"token_id\":0},{\"token_id\":1}]}",
	 },
	{
         .name = "count, tgi",
         .line = "POST /tokenize",
         .body = "{\"inputs\":\"abcdefgh\"}",
         .want = "[{\"id\":0},{\"id\":1}]",
	 },
	{
         .name = "count, no such model",
         .line = "POST /tokenize",
         .body = "{\"model\":\"two\",\"prompt\":\"a\"}",
         .status = " 404 ",
         .want = "two",
	 },
	{
         .name = "count, over its cap",
         .model = ", caps: {body: 20}",
         .line = "POST /tokenize",
         .body = "{\"model\":\"one\",\"prompt\":\"abcdefgh\"}",
         .status = " 413 ",
         .want = "20",
	 },
	{
         .name = "count, no json",
         .line = "POST /tokenize",
         .body = "{",
         .status = " 400 ",
	 },
	{
         .name = "key, missing",
         .keyed = true,
         .line = "GET /v1/models",
         .status = " 401 ",
	 },
	{
         .name = "key, wrong",
         .keyed = true,
         .line = "GET /v1/models",
         .headers = "Authorization: Bearer nokey\r\n",
         .status = " 401 ",
	 },
	{
         .name = "key, right",
         .keyed = true,
         .line = "GET /v1/models",
         .headers = "Authorization: Bearer akey\r\n",
         .want = "\"one\"",
	 },
	{
         .name = "key, in a header of azure's",
         .keyed = true,
         .line = "GET /openai/v1/models",
         .headers = "api-key: akey\r\n",
         .want = "\"one\"",
	 },
	{
         .name = "key, in a header of another's",
         .keyed = true,
         .line = "GET /v1/models",
         .headers = "x-api-key: akey\r\n",
         .status = " 401 ",
	 },
	{
         .name = "key, anthropic's",
         .keyed = true,
         .line = "GET /v1/models",
         .headers = "X-Api-Key: akey\r\nanthropic-version: 2023-06-01\r\n",
         .want = "\"one\"",
	 },
	{
         .name = "key, gemini's",
         .keyed = true,
         .line = "GET /v1beta/models",
         .headers = "x-goog-api-key: akey\r\n",
         .want = "\"one\"",
	 },
	{
         .name = "key, gemini's in its query",
         .keyed = true,
         .line = "GET /v1beta/models?key=akey",
         .want = "\"one\"",
	 },
	{
         .name = "key, a query for others",
         .keyed = true,
         .line = "GET /v1/models?key=akey",
         .status = " 401 ",
	 },
	{
         .name = "key, for counting",
         .keyed = true,
         .line = "POST /tokenize",
         .body = "{\"inputs\":\"a\"}",
         .status = " 401 ",
	 },
};

static void assert_has(struct fm_span where, const char *what, const struct fm_buf *got)
{
	if (fm_span_find(where, fm_span_of(what)) == where.len)
		fail_msg("not %s: %s", what, fm_buf_text(got));
}

static void test_beside(void **state)
{
	const struct beside_case *c = *state;
	struct fm_buf got = {.max = 1 << 20};
	struct fm_span head;
	struct fm_span body;
	struct server server;

	start(&server, c->model != NULL ? c->model : "", c->keyed);
	ask(&server, c->line, c->headers != NULL ? c->headers : "", c->body != NULL ? c->body : "",
	    &got);
	stop_server(&server);
	head = fm_span_first(fm_buf_span(&got),
	                     fm_span_find(fm_buf_span(&got), fm_span_of("\r\n\r\n")));
	body = fm_span_skip(fm_buf_span(&got), head.len + 4);
	assert_has(head, c->status != NULL ? c->status : " 200 ", &got);
	if (c->want != NULL)
		assert_has(body, c->want, &got);
	fm_buf_free(&got);
}

/* Names of any length are refused, and the longest that may be asked for fits into the history. */
static struct name_case {
	const char *name, *before, *piece;
	size_t times;
	const char *behind, *body, *want;
} names[] = {
	{"name, the longest",               "POST /model/",              "%01", 1024,  "/converse",
         "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"a\"}]}]}",                                                     "identifier is invalid"},
	{"name, too long",                  "POST /model/",              "%01", 1025,  "/converse",     "{}",                       LONG                   },
	{"name, a head long",               "POST /model/",              "y",   60000, "/converse",     "{}",                       LONG                   },
	{"name, to be counted",             "POST /model/",              "%22", 20000, "/count-tokens", "{}",                       LONG                   },
	{"name, to be listed",              "GET /v1/models/",           "%7f", 20000, "",              "",                         LONG                   },
	{"name, the longest, to be listed", "GET /v1/models/",           "%ff", 1024,  "",              "",
         "does not exist"																  },
	{"name, in a body",                 "POST /v1/chat/completions", "",    0,     "",
         "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"model\":\"\\u00010\"}",                                           LONG                   },
	{"name, in a body, to be listed",   "POST /api/show",            "",    0,     "",              "{\"model\":\"\\u00010\"}",
         LONG																	      },
};

static void test_name(void **state)
{
	const struct name_case *c = *state;
	struct fm_buf line = {.max = 1 << 20};
	struct fm_buf got = {.max = 1 << 20};
	struct server server;

	fm_buf_puts(&line, c->before);
	fm_buf_put_repeat(&line, c->piece, c->times);
	fm_buf_puts(&line, c->behind);
	start(&server, "", false);
	ask(&server, fm_buf_text(&line), "", c->body, &got);
	stop_server(&server);
	assert_has(fm_buf_span(&got), c->want, &got);
	fm_buf_free(&line);
	fm_buf_free(&got);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases) + FM_COUNT(names)];

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){cases[i].name, test_beside, NULL, NULL, &cases[i]};
	for (size_t i = 0; i < FM_COUNT(names); i++)
		tests[FM_COUNT(cases) + i] =
			(struct CMUnitTest){names[i].name, test_name, NULL, NULL, &names[i]};
	return cmocka_run_group_tests_name("sim/beside", tests, NULL, NULL) != 0;
}
