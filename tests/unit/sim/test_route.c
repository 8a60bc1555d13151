#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "sim/route_internal.h"

#define CHAT FM_CALL_CHAT
#define COUNT FM_CALL_COUNT
#define LIST FM_CALL_MODELS
#define NONE FM_CALL_UNKNOWN
#define YES FM_STREAM_YES
#define NO FM_STREAM_NO

static struct route_case {
	const char *name, *method, *path, *hint;
	int kind;
	const char *dialect, *model;
	int stream, form;
} cases[] = {
	{"chat",			 "POST", "/v1/chat/completions",                                        NULL,        CHAT,            "openai-chat",      "",                               0,   0                },
	{"chat, any base",               "POST", "/inference/v1/chat/completions",                              NULL,        CHAT,            "openai-chat",      "",
         0,																							      0		},
	{"chat, only posted",            "GET",  "/v1/chat/completions",                                        NULL,        NONE,            "openai-chat",      "",                               0,   0                },
	{"azure, classic",               "POST",
         "/openai/deployments/my%20gpt/chat/completions?api-version=2024-10-21",                                NULL,        CHAT,
         "openai-chat",																	   "my gpt",                         0,   0                },
	{"azure, v1",                    "POST", "/openai/v1/chat/completions?api-version=preview",             NULL,        CHAT,
         "openai-chat",																	   "",			       0,   0                },
	{"azure, responses",             "POST", "/openai/v1/responses",                                        NULL,        CHAT,            "openai-responses", "",                               0,
         0																										},
	{"llama by its folder",          "POST", "/llama/v1/chat/completions",                                  NULL,        CHAT,            "llama",            "",                               0,
         0																										},
	{"llama by a hint",              "POST", "/v1/chat/completions",                                        "llama",     CHAT,            "llama",            "",                               0,   0                },
	{"folder before hint",           "POST", "/openai-chat/v1/chat/completions",                            "llama",     CHAT,
         "openai-chat",																	   "",			       0,   0                },
	{"a hint that has no such path", "POST", "/v1/chat/completions",                                        "gemini",    CHAT,
         "openai-chat",																	   "",			       0,   0                },
	{"responses",                    "POST", "/v1/responses",					       NULL,        CHAT,            "openai-responses", "",                               0,   0                },
	{"messages",		     "POST", "/v1/messages?beta=true",                                      NULL,        CHAT,            "anthropic",        "",                               0,   0                },
	{"gemini, streamed",             "POST", "/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse",
         NULL,													       CHAT,            "gemini",           "gemini-2.5-pro",                 YES, 0                },
	{"gemini, whole",                "POST", "/v1beta/models/a%3Ab:generateContent",                        NULL,        CHAT,            "gemini",
         "a:b",																						     NO,  0                },
	{"vertex",		       "POST",
         "/v1/projects/p/locations/global/publishers/google/models/g:streamGenerateContent?alt=sse",            NULL,        CHAT,            "gemini",           "g",                              YES, 0                },
	{"gemini, without a model",      "POST", "/v1beta/models/:generateContent",                             NULL,        NONE,
         "openai-chat",																	   "",			       0,   0                },
	{"bedrock, streamed",            "POST", "/model/us.meta.llama4-v1%3A0/converse-stream",                NULL,        CHAT,
         "bedrock",																	       "us.meta.llama4-v1:0",            YES, 0                },
	{"bedrock, an ARN",              "POST", "/model/arn%3Aaws%3Abedrock%3Aus%3A1%3Aprofile%2Fx/converse",
         NULL,													       CHAT,            "bedrock",          "arn:aws:bedrock:us:1:profile/x", NO,  0                },
	{"cohere",		       "POST", "/v2/chat",						    NULL,        CHAT,            "cohere",           "",                               0,   0                },
	{"ollama",		       "POST", "/api/chat",						   NULL,        CHAT,            "ollama",           "",                               0,   0                },

	{"count, anthropic",             "POST", "/v1/messages/count_tokens",                                   NULL,        COUNT,           "anthropic",        "",                               0,
         FM_COUNT_INPUT_TOKENS																							    },
	{"count, responses",             "POST", "/v1/responses/input_tokens",                                  NULL,        COUNT,           "openai-responses",
         "",																							0,   FM_COUNT_RESPONSE},
	{"count, gemini",                "POST", "/v1beta/models/g:countTokens",                                NULL,        COUNT,           "gemini",           "g",                              0,
         FM_COUNT_GEMINI																								  },
	{"count, bedrock",               "POST", "/model/m/count-tokens",                                       NULL,        COUNT,           "bedrock",          "m",                              0,
         FM_COUNT_BEDROCK																								 },
	{"count, cohere",                "POST", "/v1/tokenize",                                                NULL,        COUNT,           "cohere",           "",                               0,   FM_COUNT_TOKENIZE},
	{"count, vllm",                  "POST", "/tokenize",						   NULL,        COUNT,           "openai-chat",      "",                               0,   FM_COUNT_TOKENIZE},

	{"list",			 "GET",  "/v1/models",						  NULL,        LIST,            "openai-chat",      "",                               0,   FM_LIST_OPENAI   },
	{"list, one",                    "GET",  "/v1/models/org%2Fname",                                       NULL,        LIST,            "openai-chat",      "org/name",                       0,
         FM_LIST_OPENAI																								   },
	{"list, one with a bare slash",  "GET",  "/v1/models/accounts/x/models/y",                              NULL,        LIST,
         "openai-chat",																	   "accounts/x/models/y",            0,   FM_LIST_OPENAI   },
	{"list, anthropic",              "GET",  "/v1/models?limit=1000",                                       "anthropic", LIST,            "anthropic",        "",                               0,
         FM_LIST_ANTHROPIC																								},
	{"list, one of anthropic",       "GET",  "/v1/models/claude",                                           "anthropic", LIST,            "anthropic",
         "claude",																						  0,   FM_LIST_ANTHROPIC},
	{"list, gemini",                 "GET",  "/v1beta/models?pageSize=1000",                                NULL,        LIST,            "gemini",           "",                               0,
         FM_LIST_GEMINI																								   },
	{"list, one of gemini",          "GET",  "/v1beta/models/g",                                            NULL,        LIST,            "gemini",           "g",                              0,
         FM_LIST_GEMINI																								   },
	{"list, cohere",                 "GET",  "/cohere/v1/models",                                           NULL,        LIST,            "cohere",           "",                               0,   FM_LIST_COHERE   },
	{"list, hosts of one",           "GET",  "/api/v1/models/meta-llama/llama-4-scout/endpoints",           NULL,
         LIST,																"openai-chat",      "meta-llama/llama-4-scout",       0,   FM_LIST_ENDPOINTS},
	{"list, ollama",                 "GET",  "/api/tags",						   NULL,        LIST,            "ollama",           "",                               0,   FM_LIST_TAGS     },
	{"list, llama.cpp",              "GET",  "/props",						      NULL,        LIST,            "openai-chat",      "",                               0,   FM_LIST_PROPS    },
	{"history",		      "GET",  "/sim/history",						NULL,        FM_CALL_HISTORY, "openai-chat",      "",                               0,   0                },
	{"nothing",		      "GET",  "/",							   NULL,        NONE,            "openai-chat",      "",                               0,   0                },
	{"no path",		      "GET",  "",							    NULL,        NONE,            "openai-chat",      "",                               0,   0                },
};

static void test_route(void **state)
{
	const struct route_case *c = *state;
	struct fm_arena arena = {0};
	struct fm_route route;

	fm_route_find(fm_span_of(c->method), fm_span_of(c->path), c->hint, &arena, &route);
	assert_int_equal(route.kind, c->kind);
	assert_string_equal(fm_dialect_name(route.dialect), c->dialect);
	assert_string_equal(fm_arena_text(&arena, route.model), c->model);
	assert_int_equal(route.stream, c->stream);
	assert_int_equal(route.form, c->form);
	fm_arena_free(&arena);
}

static void test_says(void **state)
{
	const struct fm_span path = fm_span_of("/v1beta/models/g:x?key=a&alt=sse&altar=json");

	(void)state; /* it needs none */
	assert_true(fm_route_says(path, "alt=sse"));
	assert_true(fm_route_says(path, "key=a"));
	assert_false(fm_route_says(path, "alt=json"));
	assert_false(fm_route_says(path, "lt=sse"));
	assert_false(fm_route_says(fm_span_of("/x"), "alt=sse"));
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases) + 1];

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){cases[i].name, test_route, NULL, NULL, &cases[i]};
	tests[FM_COUNT(cases)] = (struct CMUnitTest){"query", test_says, NULL, NULL, NULL};
	return cmocka_run_group_tests_name("sim/route", tests, NULL, NULL) != 0;
}
