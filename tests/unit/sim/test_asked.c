#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "sim/asked_internal.h"
#include "token/counter.h"
#include "trial/prompt.h"
#include "wire/dialect.h"

#include "chat.h"

#define BODY_MAX ((size_t)4 << 20)

struct fixture {
	struct fm_counter *counter;
	struct fm_store *store;
	struct fm_generation *generation;
	struct fm_intake intake;
	struct fm_arena arena;
	struct fm_route route;
	struct fm_asked asked;
	struct fm_err err;
};

static void open_fixture(struct fixture *f)
{
	*f = (struct fixture){0};
	assert_int_equal(fm_counter_open("bytes/4", NULL, &f->counter, &f->err), FM_OK);
	assert_int_equal(fm_store_open((uint64_t)1 << 26, f->counter, &f->store, &f->err), FM_OK);
	assert_int_equal(fm_generation_take(f->store, &f->generation, &f->err), FM_OK);
	fm_intake_start(&f->intake, f->generation);
}

static void close_fixture(struct fixture *f)
{
	fm_intake_free(&f->intake);
	fm_generation_give(f->generation);
	fm_store_close(f->store);
	fm_counter_close(f->counter);
	fm_arena_free(&f->arena);
}

/* What a path and a body ask for; the body came in small pieces. */
static enum fm_code read_asked(struct fixture *f, const char *path, struct fm_span body)
{
	fm_route_find(fm_span_of("POST"), fm_span_of(path), NULL, &f->arena, &f->route);
	for (; body.len > 0; body = fm_span_skip(body, 1021))
		fm_intake_feed(&f->intake, fm_span_first(body, 1021));
	return fm_asked_read(&f->intake, &f->route, f->counter, &f->arena, &f->asked, &f->err);
}

static struct sent_case {
	const char *name, *base;
	bool stream;
} sent[] = {
	{"openai-chat",      "http://h/v1",       true },
        {"openai-responses", "http://h/v1",       true },
	{"anthropic",        "http://h/v1",       true },
        {"gemini",           "http://h/v1beta",   true },
	{"bedrock",          "http://h",          true },
        {"cohere",           "http://h/v2",       true },
	{"ollama",           "http://h",          true },
        {"llama",            "http://h/llama/v1", true },
	{"openai-chat",      "http://h/v1",       false},
        {"openai-responses", "http://h/v1",       false},
	{"anthropic",        "http://h/v1",       false},
        {"gemini",           "http://h/v1beta",   false},
	{"bedrock",          "http://h",          false},
        {"cohere",           "http://h/v2",       false},
	{"ollama",           "http://h",          false},
        {"llama",            "http://h/llama/v1", false},
};

/* A long user's text in three parts between short ones of the others. */
static void make_prompt(struct fm_arena *arena, struct fm_buf *text, struct fm_prompt *ret_prompt)
{
	static const size_t ends[] = {1, 2, 3};
	static const enum fm_role roles[] = {FM_ROLE_SYSTEM, FM_ROLE_USER, FM_ROLE_ASSISTANT,
	                                     FM_ROLE_USER};
	static const char *const texts[] = {"Answer \"briefly\".", NULL, "K7Q2\xc3\xa9", "Sure?\n"};
	struct fm_prompt prompt = {.count = FM_COUNT(roles)};
	struct fm_span rest;

	put_document(text, 11, 900, 450, "The mark of the heron is \"K7Q2M9XD\".");
	rest = fm_buf_span(text);
	for (size_t i = 0; i < prompt.count; i++) {
		struct fm_message *message = &prompt.messages[i];

		message->role = roles[i];
		if (texts[i] != NULL) {
			fm_rope_add_text(&message->text, arena, fm_span_of(texts[i]));
			continue;
		}
		fm_rope_add_text(&message->text, arena, fm_span_first(rest, 20000));
		fm_rope_add_text(&message->text, arena, fm_span_make("short", 5));
		fm_rope_add_text(&message->text, arena, fm_span_skip(rest, 20000));
		message->part_ends = ends;
		message->part_count = FM_COUNT(ends);
	}
	*ret_prompt = prompt;
}

/* Fathom's own requests: in every dialect the same prompt, of the same digest. */
static void test_sent(void **state)
{
	const struct sent_case *c = *state;
	const struct fm_dialect *dialect = fm_dialect_find(c->name);
	const struct fm_body_spec spec = {.model = "org/some:model",
	                                  .max_tokens = 77,
	                                  .max_tokens_name = "max_tokens",
	                                  .window = 5000,
	                                  .stream = c->stream};
	struct fm_buf text = {.max = BODY_MAX};
	struct fm_buf body = {.max = BODY_MAX};
	struct fm_prompt prompt;
	struct fm_bytes bytes;
	struct fixture f;
	const char *params = NULL;
	const char *url;

	open_fixture(&f);
	make_prompt(&f.arena, &text, &prompt);
	assert_int_equal(fm_dialect_params(dialect, &spec, &f.arena, &params, &f.err), FM_OK);
	fm_dialect_body(dialect, &prompt, params, &f.arena, &bytes);
	for (size_t i = 0; i < bytes.count; i++)
		fm_buf_put(&body, bytes.spans[i]);
	url = fm_dialect_url(dialect, c->base, spec.model, c->stream, &f.arena);
	assert_int_equal(read_asked(&f, url + strlen("http://h"), fm_buf_span(&body)), FM_OK);
	assert_ptr_equal(f.asked.dialect, dialect);
	assert_string_equal(fm_arena_text(&f.arena, f.asked.model), spec.model);
	assert_int_equal(f.asked.stream, c->stream);
	assert_int_equal(f.asked.max_tokens, 77);
	assert_int_equal(f.asked.window, strcmp(c->name, "ollama") == 0 ? 5000 : 0);
	assert_false(f.asked.truncates);
	assert_int_equal(f.asked.message_count, 4);
	assert_true(fm_id_equal(f.asked.digest, fm_prompt_digest(&prompt)));
	fm_buf_free(&text);
	fm_buf_free(&body);
	close_fixture(&f);
}

/* What others send, and what is read: "model stream max window/role:text…", or the refusal. */
static struct asked_case {
	const char *name, *path, *body, *want;
} cases[] = {
	{"chat, as SDKs send",               "/v1/chat/completions",
         "{\"model\":\"gpt-4.1\",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
         "\"messages\":[{\"role\":\"developer\",\"content\":\"S\"},{\"role\":\"user\",\"content\":["
         "{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]}],\"max_"
         "completion_tokens\":256,\"max_tokens\":1,\"temperature\":0,\"seed\":7,\"stop\":[\"x\"]}",                                                           "gpt-4.1 stream 256/developer:S/user:ab"                                        },
	{"chat, nulls",                      "/v1/chat/completions",
         "{\"model\":\"m\",\"max_tokens\":null,\"stream\":null,\"messages\":[{\"role\":\"user\","
         "\"content\":\"hi\"}]}",                                                                                                                             "m whole 0/user:hi"							     },
	{"chat, azure",                      "/openai/deployments/dep/chat/completions?api-version=2024-10-21",
         "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",											   "dep whole 0/user:hi"                                                           },
	{"chat, no model",                   "/v1/chat/completions",
         "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",                                                                                           "you must provide a model parameter"                                            },
	{"chat, a role of its own",          "/v1/chat/completions",
         "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"},{\"role\":"
         "\"model\",\"content\":\"hi\"}]}",                                                                                                                   "messages.1: its role is none of: system developer user assistant tool function"},
	{"chat, a part of responses",        "/v1/chat/completions",
         "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\","
         "\"text\":\"a\"}]}]}",                                                                                                                               "messages.0: a part's type is not text"                                         },
	{"chat, a part without text",        "/v1/chat/completions",
         "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}]}",                                                            "messages.0: a text is missing"						 },
	{"chat, a content that is none",     "/v1/chat/completions",
         "{\"model\":\"m\",\"messages\":[{\"role\":\"assistant\",\"content\":null}]}",                                                                        "messages.0: content is not a text or a list of parts"                          },
	{"responses, one text",              "/v1/responses",						   "{\"model\":\"gpt-5.5\",\"input\":\"hi\"}",
         "gpt-5.5 whole 0/user:hi"																									    },
	{"responses, items",                 "/v1/responses",
         "{\"model\":\"gpt-5.5\",\"stream\":true,\"store\":false,\"truncation\":\"disabled\","
         "\"instructions\":\"S\",\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_"
         "text\",\"text\":\"1\"},{\"type\":\"input_text\",\"text\":\"2\"}]},{\"type\":\"message\","
         "\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"3\","
         "\"annotations\":[]}]}],\"max_output_tokens\":512}",                                                                                                 "gpt-5.5 stream 512/system:S/user:12/assistant:3"                               },
	{"responses, truncated",             "/v1/responses",
         "{\"model\":\"m\",\"truncation\":\"auto\",\"instructions\":null,\"input\":\"hi\"}",                                                                  "m whole 0 cut/user:hi"							 },
	{"responses, of an earlier one",     "/v1/responses",
         "{\"model\":\"m\",\"previous_response_id\":\"resp_1\",\"input\":\"hi\"}",                                                                            "previous_response_id: the simulator keeps no conversations"                    },
	{"responses, instructions in parts", "/v1/responses",
         "{\"model\":\"m\",\"instructions\":[{\"type\":\"input_text\",\"text\":\"S\"}],\"input\":"
         "\"hi\"}",                                                                                                                                           "system: it is neither a text nor texts"                                        },
	{"responses, without input",         "/v1/responses",                                                   "{\"model\":\"m\"}",
         "input is not a list of at least one"																								},
	{"anthropic, as SDKs send",          "/v1/messages",
         "{\"model\":\"claude-sonnet-4-6\",\"max_tokens\":256,\"stream\":true,\"system\":[{"
         "\"type\":\"text\",\"text\":\"S\"}],\"messages\":[{\"role\":\"user\",\"content\":[{"
         "\"type\":\"text\",\"text\":\"long\",\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":"
         "\"5m\"}},{\"type\":\"text\",\"text\":\"?\"}]}],\"temperature\":0}",                                                                                 "claude-sonnet-4-6 stream 256/system:S/user:long?"                              },
	{"anthropic, texts",                 "/v1/messages",
         "{\"system\":\"S\",\"messages\":[{\"content\":\"hi\",\"role\":\"user\"},{\"content\":"
         "\"ho\",\"role\":\"assistant\"}],\"max_tokens\":1,\"model\":\"m\"}",                                                                                 "m whole 1/system:S/user:hi/assistant:ho"                                       },
	{"anthropic, system behind",         "/v1/messages",
         "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":[{"
         "\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]}],\"system\":[{"
         "\"type\":\"text\",\"text\":\"S\"},{\"type\":\"text\",\"text\":\"T\"}]}",                                                                            "m whole 1/system:S/system:T/user:ab"                                           },
	{"anthropic, no limit",              "/v1/messages",
         "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",                                                                           "max_tokens is not a positive integer"                                          },
	{"anthropic, system as a role",      "/v1/messages",
         "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"system\",\"content\":\"hi\"}]"
         "}",                                                                                                                                                 "messages.0: its role is none of: user assistant"                               },
	{"anthropic, counted",               "/v1/messages/count_tokens",
         "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",                                                                           "m whole 0/user:hi"							     },
	{"gemini, as SDKs send",             "/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse",
         "{\"systemInstruction\":{\"parts\":[{\"text\":\"S\"}],\"role\":\"user\"},\"contents\":[{"
         "\"role\":\"user\",\"parts\":[{\"text\":\"1\"},{\"text\":\"2\"}]},{\"role\":\"model\","
         "\"parts\":[{\"text\":\"3\"}]}],\"generationConfig\":{\"maxOutputTokens\":256,"
         "\"temperature\":0,\"thinkingConfig\":{\"thinkingBudget\":0}}}",                                                                                     "gemini-2.5-pro stream 256/system:S/user:12/assistant:3"                        },
	{"gemini, the other spelling",       "/v1beta/models/gemini-2.5-pro:generateContent",
         "{\"system_instruction\":{\"parts\":[{\"text\":\"S\"}]},\"contents\":[{\"parts\":[{"
         "\"text\":\"hi\"}]}],\"generation_config\":{\"max_output_tokens\":9}}",                                                                              "gemini-2.5-pro whole 9/system:S/user:hi"                                       },
	{"gemini, streamed as a list",       "/v1beta/models/gemini-2.5-pro:streamGenerateContent",
         "{\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}]}",                                                                                                  "the simulator streams here only when the query says alt=sse"                   },
	{"gemini, a picture",                "/v1beta/models/gemini-2.5-pro:generateContent",
         "{\"contents\":[{\"parts\":[{\"inlineData\":{\"mimeType\":\"image/"
         "png\",\"data\":\"AA==\"}}]}]}",                                                                                                                     "contents.0: a text is missing"						 },
	{"gemini, a bare text",              "/v1beta/models/gemini-2.5-pro:generateContent",
         "{\"contents\":[{\"role\":\"user\",\"parts\":\"hi\"}]}",                                                                                             "contents.0: parts is not a list of parts"                                      },
	{"gemini, from a cache",             "/v1beta/models/gemini-2.5-pro:generateContent",
         "{\"cachedContent\":\"cachedContents/1\",\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}]}",                                                           "cachedContent: the simulator keeps no conversations"                           },
	{"gemini, counted",                  "/v1beta/models/gemini-2.5-pro:countTokens",
         "{\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}]}",												  "gemini-2.5-pro whole 0/user:hi"                                                },
	{"gemini, counted with its system",  "/v1beta/models/gemini-2.5-pro:countTokens",
         "{\"generateContentRequest\":{\"model\":\"models/"
         "gemini-2.5-pro\",\"systemInstruction\":{\"parts\":[{\"text\":\"S\"}]},\"contents\":[{"
         "\"parts\":[{\"text\":\"hi\"}]}]}}",                                                                                                                 "gemini-2.5-pro whole 0/system:S/user:hi"                                       },
	{"bedrock, as SDKs send",            "/model/us.meta.llama4-scout-v1%3A0/converse-stream",
         "{\"system\":[{\"text\":\"S\"}],\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":"
         "\"1\"},{\"text\":\"2\"},{\"cachePoint\":{\"type\":\"default\"}},{\"text\":\"?\"}]}],"
         "\"inferenceConfig\":{\"maxTokens\":256,\"temperature\":0,\"stopSequences\":[\"END\"]},"
         "\"additionalModelRequestFields\":{}}",                                                                                                              "us.meta.llama4-scout-v1:0 stream 256/system:S/user:12?"                        },
	{"bedrock, whole",                   "/model/us.meta.llama4-scout-v1%3A0/converse",
         "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"hi\"}]},{\"role\":"
         "\"assistant\",\"content\":[{\"text\":\"ho\"}]}]}",                                                                                                  "us.meta.llama4-scout-v1:0 whole 0/user:hi/assistant:ho"                        },
	{"bedrock, a bare text",             "/model/us.meta.llama4-scout-v1%3A0/converse",
         "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",                                                                                           "messages.0: content is not a list of parts"                                    },
	{"bedrock, a bare system",           "/model/us.meta.llama4-scout-v1%3A0/converse",
         "{\"system\":\"S\",\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"hi\"}]}]}",                                                             "system: it is neither a text nor texts"                                        },
	{"bedrock, counted",                 "/model/us.meta.llama4-scout-v1%3A0/count-tokens",
         "{\"input\":{\"converse\":{\"system\":[{\"text\":\"S\"}],\"messages\":[{\"role\":\"user\","
         "\"content\":[{\"text\":\"hi\"}]}]}}}",                                                                                                              "us.meta.llama4-scout-v1:0 whole 0/system:S/user:hi"                            },
	{"bedrock, counted in another way",  "/model/us.meta.llama4-scout-v1%3A0/count-tokens",
         "{\"input\":{\"invokeModel\":{\"body\":\"AA==\"}}}",                                                                                                 "messages is not a list of at least one"                                        },
	{"cohere, as SDKs send",             "/v2/chat",
         "{\"model\":\"command-a-03-2025\",\"stream\":true,\"messages\":[{\"role\":\"system\","
         "\"content\":\"S\"},{\"role\":\"user\",\"content\":\"U\"},{\"role\":\"assistant\","
         "\"content\":[{\"type\":\"text\",\"text\":\"A\"}]}],\"max_tokens\":256,\"p\":0.9,\"k\":1}",                                                          "command-a-03-2025 stream 256/system:S/user:U/assistant:A"                      },
	{"cohere, of the first version",     "/v1/chat",							"{\"model\":\"command\",\"message\":\"hi\"}",
         "messages is not a list of at least one"																							     },
	{"ollama, as SDKs send",             "/api/chat",
         "{\"model\":\"llama4:scout\",\"stream\":true,\"think\":false,\"truncate\":false,\"shift\":"
         "false,\"keep_alive\":\"30m\",\"messages\":[{\"role\":\"system\",\"content\":\"S\"},{"
         "\"role\":\"user\",\"content\":\"U\"}],\"options\":{\"num_ctx\":1048576,\"num_predict\":"
         "256}}",                                                                                                                                             "llama4:scout stream 256 of 1048576/system:S/user:U"                            },
	{"ollama, nothing said",             "/api/chat",
         "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",                                                                           "m stream 0 cut/user:hi"							},
	{"ollama, no limit",                 "/api/chat",
         "{\"model\":\"m\",\"stream\":false,\"options\":{\"num_predict\":-1},\"messages\":[{"
         "\"role\":\"user\",\"content\":\"hi\"}]}",                                                                                                           "m whole 0 cut/user:hi"							 },
	{"ollama, parts",                    "/api/chat",
         "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\","
         "\"text\":\"a\"}]}]}",                                                                                                                               "messages.0: content is not a text"					     },
	{"ollama, no window",                "/api/chat",
         "{\"model\":\"m\",\"options\":{\"num_ctx\":\"4k\"},\"messages\":[{\"role\":\"user\","
         "\"content\":\"hi\"}]}",                                                                                                                             "num_ctx is not a number of tokens"					     },
	{"llama, as SDKs send",              "/llama/v1/chat/completions",
         "{\"model\":\"Llama-4-Maverick\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
         "\"max_completion_tokens\":256,\"temperature\":0,\"repetition_penalty\":1,\"stream\":"
         "true}",                                                                                                                                             "Llama-4-Maverick stream 256/user:hi"                                           },
	{"tokenize, llama.cpp",              "/tokenize",						       "{\"content\":\"hi\",\"add_special\":true}",
         " whole 0 content/user:hi"																									   },
	{"tokenize, vllm",                   "/tokenize",
         "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"add_generation_"
         "prompt\":true}",                                                                                                                                    "m whole 0/user:hi"							     },
	{"tokenize, vllm's text",            "/tokenize",						       "{\"model\":\"m\",\"prompt\":\"hi\"}",
         "m whole 0 prompt/user:hi"																									   },
	{"tokenize, cohere",                 "/v1/tokenize",						    "{\"model\":\"m\",\"text\":\"hi\"}",
         "m whole 0 text/user:hi"																									     },
	{"tokenize, tgi",                    "/tokenize",						       "{\"inputs\":\"hi\"}",                        " whole 0 inputs/user:hi"                                                       },
	{"tokenize, a list",                 "/tokenize",						       "{\"model\":\"m\",\"prompt\":[\"hi\"]}",
         "a text is missing"																										  },
};

static void say(const struct fixture *f, struct fm_buf *said)
{
	const struct fm_asked *asked = &f->asked;

	fm_buf_putf(said, "%.*s %s %d", FM_SPAN_ARGS(asked->model),
	            asked->stream ? "stream" : "whole", (int)asked->max_tokens);
	if (asked->window > 0)
		fm_buf_putf(said, " of %d", (int)asked->window);
	if (asked->truncates)
		fm_buf_puts(said, " cut");
	if (asked->text_name != NULL)
		fm_buf_putf(said, " %s", asked->text_name);
	for (size_t m = 0; m < asked->message_count; m++) {
		const struct fm_asked_message *message = &asked->messages[m];

		fm_buf_putf(said, "/%.*s:", FM_SPAN_ARGS(message->role));
		for (uint32_t i = 0; i < message->text.count; i++)
			fm_buf_put(said, fm_chunk_text(f->generation,
			                               f->intake.chunks[message->text.first + i]));
	}
}

static void test_asked(void **state)
{
	const struct asked_case *c = *state;
	struct fm_buf said = {.max = 4096};
	struct fixture f;
	enum fm_code rc;

	open_fixture(&f);
	rc = read_asked(&f, c->path, fm_span_of(c->body));
	if (rc == FM_OK)
		say(&f, &said);
	else
		fm_buf_puts(&said, f.err.text);
	assert_true(rc == FM_OK || rc == FM_E_FORMAT);
	assert_string_equal(fm_buf_text(&said), c->want);
	fm_buf_free(&said);
	close_fixture(&f);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(sent) + FM_COUNT(cases)];
	size_t count = 0;

	for (size_t i = 0; i < FM_COUNT(sent); i++)
		tests[count++] = (struct CMUnitTest){sent[i].name, test_sent, NULL, NULL, &sent[i]};
	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[count++] =
			(struct CMUnitTest){cases[i].name, test_asked, NULL, NULL, &cases[i]};
	return cmocka_run_group_tests_name("sim/asked", tests, NULL, NULL) != 0;
}
