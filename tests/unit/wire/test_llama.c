#include "dialect_support.h"

#define NAME "llama"
#define HEAD "{\"max_completion_tokens\":16,\"model\":\"m/1\","

static struct params_case params[] = {
	{"plain",        "",					      "",			      true,  HEAD "\"stream\":true}"                },
	{"not a stream", "",					      "",                              false, HEAD "\"stream\":false}"               },
	{"settings",     "{\"temperature\":0,\"top_p\":0.9,\"top_k\":1}", "",                              true,
         HEAD "\"stream\":true,\"temperature\":0,\"top_k\":1,\"top_p\":0.9}"									     },
	{"more",         "",					      "{\"repetition_penalty\":1}",    true,
         HEAD "\"repetition_penalty\":1,\"stream\":true}"												},
	{"seed",         "{\"seed\":7}",				  "",                              true,  "!params: the endpoint has no \"seed\""},
	{"stop",         "{\"stop\":\"END\"}",                            "",                              true,  "!params: the endpoint has no \"stop\""},
	{"sets the cap", "",					      "{\"max_completion_tokens\":5}", true,
         "!extra_body: may not set \"max_completion_tokens\""											    },
};

static void test_params(void **state)
{
	assert_params(NAME, 0, *state);
}

#define DATA(json) "data: " json "\n\n"
#define EVENT(type, text, rest)                                 \
	DATA("{\"id\":\"a1\",\"event\":{\"event_type\":\"" type \
	     "\",\"delta\":{\"type\":\"text\",\"text\":\"" text "\"}" rest "}}")
#define START EVENT("start", "", "")
#define TEXT(text) EVENT("progress", text, "")
#define STOP(word) EVENT("complete", "", ",\"stop_reason\":\"" word "\"")
#define COUNT(name, value) "{\"metric\":\"" name "\",\"value\":" value ",\"unit\":\"tokens\"}"
#define COUNTS                                                               \
	"\"metrics\":[" COUNT("num_prompt_tokens", "9000") "," COUNT(        \
		"num_completion_tokens", "20") "," COUNT("num_total_tokens", \
	                                                 "9020") "," COUNT("speed", "0.5") "]"
#define METRICS EVENT("metrics", "", "," COUNTS)
#define TOOL                                                                              \
	DATA("{\"event\":{\"event_type\":\"progress\",\"delta\":{\"type\":\"tool_call\"," \
	     "\"function\":"                                                              \
	     "{\"arguments\":\"{}\"}}}}")
#define MESSAGE(content)                                                       \
	"{\"completion_message\":{\"role\":\"assistant\",\"content\":" content \
	",\"stop_reason\":\"stop\"}," COUNTS "}"
#define PARTS "{\"type\":\"text\",\"text\":\"Hello\"}"
#define DETAIL                                                                      \
	"{\"title\":\"Bad Request\",\"detail\":\"prompt is too long: 9 tokens > 8 " \
	"maximum\",\"status\":400}"
#define TITLE "{\"title\":\"Too Many Requests\",\"status\":429}"
#define ERROR "{\"error\":{\"message\":\"gone\"}}"
#define PROBLEM "{\"title\":\"busy\",\"detail\":\"too busy\",\"status\":503}"
#define BUSY "event: error\ndata: " PROBLEM "\n\n"
#define BROKEN "data: {\"event\n\n"
#define ALL " 9000 - - 20 -"
#define NONE " - - - - -"
#define HELLO " text=\"Hello\""

static struct reply_case replies[] = {
	{"whole stream",               200, NULL, START TEXT("Hel") TEXT("lo") STOP("stop") METRICS,
         "answered stop" ALL HELLO															    },
	{"no metrics",                 200, NULL, START TEXT("Hello") STOP("stop"),                  "answered stop" NONE HELLO                               },
	{"output cap",                 200, NULL, START TEXT("Hello") STOP("length") METRICS,
         "cut_output length" ALL HELLO															},
	{"a tool",		     200, NULL, START TOOL STOP("tool_calls") METRICS,             "answered tool" ALL                                      },
	{"why unknown",                200, NULL, TEXT("Hello") STOP("tired"),
         "in_doubt/incomplete error" NONE HELLO
         " error=\"the model stopped for a reason unknown here: tired\""										      },
	{"pings and done",             200, NULL,
         ": x\n\n" START TEXT("Hello") STOP("stop") METRICS DATA("[DONE]"),
         "answered stop" ALL HELLO															    },
	{"cut stream",                 200, NULL, START TEXT("Hello"),                               "in_doubt/incomplete -" NONE HELLO                       },
	{"error in the stream",        200, NULL, START TEXT("Hello") DATA(ERROR),
         "in_doubt/server -" NONE HELLO " error=\"gone\""												     },
	{"a problem in the stream",    200, NULL, START TEXT("Hello") DATA(PROBLEM),
         "in_doubt/server -" NONE HELLO " error=\"too busy\""												 },
	{"error by its name",          200, NULL, START BUSY,
         "in_doubt/server -" NONE " error=\"too busy\""												       },
	{"no json",		    200, NULL, TEXT("Hello") BROKEN,
         "endpoint_violation -" NONE HELLO " error=\"a string without an end at byte 7\""                                                                     },
	{"whole answer",               200, JSON, MESSAGE("\"Hello\""),                              "answered stop" ALL HELLO                                },
	{"whole answer, in an object", 200, JSON, MESSAGE(PARTS),                                    "answered stop" ALL HELLO                                },
	{"whole, a problem",           200, JSON, PROBLEM,                                           "in_doubt/server -" NONE " error=\"too busy\""           },
	{"whole, an error",            200, JSON, ERROR,                                             "in_doubt/server -" NONE " error=\"gone\""               },
	{"400, overflow",              400, JSON, DETAIL,
         "rejected_limit -" NONE " error=\"prompt is too long: 9 tokens > 8 maximum\" said 9 of 8"                                                            },
	{"429",			429, JSON, TITLE,					     "failed/rate -" NONE " error=\"Too Many Requests\" again"},
};

static void test_reply(void **state)
{
	const struct reply_case *c = *state;

	assert_reply(NAME, c, fm_span_of(c->body));
}

static void test_request(void **state)
{
	const struct fm_dialect *dialect = fm_dialect_find(NAME);

	(void)state;
	assert_body(NAME, "{\"model\":\"m\"}", "Be \"short\".",
	            "{\"model\":\"m\",\"messages\":["
	            "{\"role\":\"system\",\"content\":\"Be \\\"short\\\".\"},"
	            "{\"role\":\"user\",\"content\":\"line\\nand \\\"more\\\"\"},"
	            "{\"role\":\"assistant\",\"content\":\"Yes.\"},"
	            "{\"role\":\"user\",\"content\":\"Why?\"}]}");
	assert_url(NAME, "https://h.example/v1", "m", true,
	           "https://h.example/v1/chat/completions");
	assert_string_equal(fm_dialect_key_header(dialect), "Authorization: Bearer ");
	assert_string_equal(fm_dialect_accept(dialect, true), "text/event-stream");
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(params) + FM_COUNT(replies) + 1];
	size_t n = 0;

	for (size_t i = 0; i < FM_COUNT(params); i++)
		tests[n++] =
			(struct CMUnitTest){params[i].name, test_params, NULL, NULL, &params[i]};
	for (size_t i = 0; i < FM_COUNT(replies); i++)
		tests[n++] =
			(struct CMUnitTest){replies[i].name, test_reply, NULL, NULL, &replies[i]};
	tests[n++] = (struct CMUnitTest){"request", test_request, NULL, NULL, NULL};
	return cmocka_run_group_tests_name("wire/llama", tests, NULL, NULL) != 0;
}
