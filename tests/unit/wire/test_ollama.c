#include "dialect_support.h"

#define NAME "ollama"
#define EVENTS "text/event-stream"
#define HEAD "{\"model\":\"m/1\",\"options\":{"
#define TAIL "},\"shift\":false,\"stream\":true,\"truncate\":false}"

static struct params_case params[] = {
	{"plain",                 "",									    "",				  true,  HEAD "\"num_ctx\":65536,\"num_predict\":16" TAIL},
	{"not a stream",          "",									    "",				  false,
         HEAD "\"num_ctx\":65536,\"num_predict\":16},\"shift\":false,\"stream\":false,\"truncate\":"
              "false}"																						       },
	{"settings",              "{\"temperature\":0,\"top_p\":0.5,\"top_k\":1,\"seed\":7,\"stop\":[\"END\"]}",
         "",																	  true,
         HEAD "\"num_ctx\":65536,\"num_predict\":16,\"seed\":7,\"stop\":[\"END\"],\"temperature\":"
              "0,\"top_k\":1,\"top_p\":0.5" TAIL																			     },
	{"one word to stop at",   "{\"stop\":\"a\\nb\"}",							"",                                  true,
         HEAD "\"num_ctx\":65536,\"num_predict\":16,\"stop\":[\"a\\nb\"]" TAIL															       },
	{"options and more",      "",
         "{\"keep_alive\":\"30m\",\"options\":{\"num_gpu\":1},\"think\":false}",                                                                      true,
         "{\"keep_alive\":\"30m\",\"model\":\"m/1\",\"options\":{\"num_ctx\":65536,\"num_gpu\":1,"
         "\"num_predict\":16},\"shift\":false,"
         "\"stream\":true,\"think\":false,\"truncate\":false}"																	       },
	{"a window of one's own", "",									    "{\"options\":{\"num_ctx\":8192}}",  true,
         HEAD "\"num_ctx\":8192,\"num_predict\":16" TAIL																		     },
	{"stranger",              "{\"logit_bias\":{}}",							 "",                                  true,
         "!params: the endpoint has no \"logit_bias\""																		       },
	{"params are a list",     "[]",									  "",                                  true,  "!params: must be an object"                    },
	{"options are a list",    "",									    "{\"options\":[]}",                  true,
         "!extra_body: options must be an object"																			    },
	{"options that are ours", "",									    "{\"options\":{\"num_predict\":5}}", true,
         "!extra_body: may not set \"num_predict\""																			  },
	{"a setting twice",       "{\"seed\":7}",								"{\"options\":{\"seed\":8}}",        true,
         "!params and extra_body together: the name \"seed\" stands twice"																   },
	{"has itself cut",        "",									    "{\"truncate\":true}",               true,
         "!extra_body: may not set \"truncate\""																			     },
	{"moves its window",      "",									    "{\"shift\":true}",                  true,  "!extra_body: may not set \"shift\""            },
};

static void test_params(void **state)
{
	assert_params(NAME, 65536, *state);
}

static void test_no_window(void **state)
{
	static const struct params_case c = {"", "", "", true, HEAD "\"num_predict\":16" TAIL};

	(void)state;
	assert_params(NAME, 0, &c);
}

static void test_body(void **state)
{
	(void)state;
	assert_body(NAME, "{\"model\":\"m\"}", "Be \"short\".",
	            "{\"model\":\"m\",\"messages\":["
	            "{\"role\":\"system\",\"content\":\"Be \\\"short\\\".\"},"
	            "{\"role\":\"user\",\"content\":\"line\\nand \\\"more\\\"\"},"
	            "{\"role\":\"assistant\",\"content\":\"Yes.\"},"
	            "{\"role\":\"user\",\"content\":\"Why?\"}]}");
}

#define LINE(message, rest)                                                                 \
	"{\"model\":\"llama4:scout\",\"created_at\":\"2026-08-21T10:00:00Z\",\"message\":{" \
	"\"role\":"                                                                         \
	"\"assistant\"," message "}," rest "}\n"
#define THOUGHT LINE("\"content\":\"\",\"thinking\":\"Let m\\u00e9\"", "\"done\":false")
#define TEXT(text) LINE("\"content\":\"" text "\"", "\"done\":false")
#define COUNTS                                                                                \
	",\"total_duration\":174560334,\"load_duration\":101397084,\"prompt_eval_count\":11," \
	"\"prompt_eval_duration\":13074791,\"eval_count\":18,\"eval_duration\":52479709"
#define REASON(word) "\"done\":true,\"done_reason\":\"" word "\""
#define END(word) LINE("\"content\":\"\"", REASON(word) COUNTS)
#define STOP END("stop")
#define WHOLE LINE("\"content\":\"Hi\",\"thinking\":\"hm\"", REASON("stop") COUNTS)
#define ERROR(text) "{\"error\":\"" text "\"}\n"
#define BROKE "an error was encountered while running the model"
#define OVER "prompt too long; exceeded max context length by 4 tokens"
#define NO_SHIFT "the prompt is longer than the context length currently available"
#define NUMBERS \
	"input length (9000 tokens) exceeds the model's maximum context length (8192 tokens)"
#define GONE "llama runner process has terminated"
#define UNKNOWN_STOP "the model stopped for a reason unknown here: "
#define ALL " 11 - - 18 -"
#define NONE " - - - - -"

#define BY " model=\"llama4:scout\""

static struct reply_case replies[] = {
	{"whole stream",						     200, NULL,                      THOUGHT TEXT("Hi") TEXT(" you") STOP,
         "answered stop" ALL " thought=6 text=\"Hi you\"" BY																		  },
	{"lines behind the end",					     200, NULL,                      TEXT("Hi") STOP TEXT("late") "junk\n",
         "answered stop" ALL " text=\"Hi\"" BY																				},
	{"text in the last line",					    200, NULL,                      LINE("\"content\":\"Hi\"",                       REASON("stop")),
         "answered stop" NONE " text=\"Hi\"" BY},
	{"empty lines",								  200,							 NULL,              "\n\n" TEXT("Hi") "\r\n" STOP,
         "answered stop" ALL " text=\"Hi\"" BY      },
	{"output cap",								  200,							  NULL,               TEXT("Hi") END("length"),
         "cut_output length" ALL " text=\"Hi\"" BY    },
	{"loaded only",								  200,							 NULL,              END("load"), "in_doubt/server error" ALL BY                    },
	{"unloaded only",								  200,						       NULL,            END("unload"), "in_doubt/server error" ALL BY    },
	{"why unknown",								  200,							 NULL,              TEXT("Hi") END("tired"),
         "in_doubt/incomplete error" ALL " text=\"Hi\"" BY " error=\"" UNKNOWN_STOP "tired\""        },
	{"why unsaid",								  200,							  NULL,               TEXT("Hi") LINE("\"content\":\"\"", "\"done\":true"),
         "in_doubt/incomplete -" NONE " text=\"Hi\"" BY},
	{"cut stream",                     200,                        NULL,				      THOUGHT TEXT("Hi"),
         "in_doubt/incomplete -" NONE " thought=6 text=\"Hi\"" BY										  },
	{"last line has no end",           200,              NULL,                  TEXT("Hi") "{\"done\":true}",
         "in_doubt/incomplete -" NONE " text=\"Hi\"" BY},
	{"error in the stream",                     200,                        NULL,                             TEXT("Hi") ERROR(BROKE),
         "in_doubt/server -" NONE " text=\"Hi\"" BY " error=\"" BROKE "\""                                                                         },
	{"too long, said in the stream",  200,     NULL, ERROR(OVER),
         "rejected_limit -" NONE " error=\"" OVER "\""          },
	{"no json",		      200,			 NULL,					  TEXT("Hi") "{\"model\n",
         "endpoint_violation -" NONE " text=\"Hi\"" BY
         " error=\"a string without an end at byte 7\""									  },
	{"an event stream",                     200,                        EVENTS,                                 "data: {}\n\n",
         "endpoint_violation -" NONE " error=\"data: {}\"" },
	{"whole answer",                  200,                     JSON "; charset=utf-8",                                 WHOLE,
         "answered stop" ALL " thought=2 text=\"Hi\"" BY								},
	{"whole, an error",                    200,                       JSON,                                ERROR("gone"),							 "in_doubt/server -" NONE " error=\"gone\""              },
	{"400, no shift",                        400,                           JSON,				      ERROR(NO_SHIFT),
         "rejected_limit -" NONE " error=\"" NO_SHIFT "\""      },
	{"400, numbers",                  400,                     JSON,                                 ERROR(NUMBERS),
         "rejected_limit -" NONE " error=\"" NUMBERS "\" said 9000 of 8192"									     },
	{"404", 404,    JSON,                         ERROR("model 'x' not found"),
         "rejected_other -" NONE " error=\"model 'x' not found\""                                },
	{"429",           429,              JSON,				   ERROR("server busy"),
         "failed/rate -" NONE " error=\"server busy\" again"								   },
	{"500",		500,                   JSON,					ERROR(GONE),								     "in_doubt/server -" NONE " error=\"" GONE "\""                           },
};

static void test_reply(void **state)
{
	const struct reply_case *c = *state;

	assert_reply(NAME, c, fm_span_of(c->body));
}

static void test_door(void **state)
{
	const struct fm_dialect *dialect = fm_dialect_find(NAME);

	(void)state;
	assert_url(NAME, "http://h.example:11434/", "m", true, "http://h.example:11434/api/chat");
	assert_string_equal(fm_dialect_accept(dialect, true), "application/x-ndjson");
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(params) + FM_COUNT(replies) + 3];
	size_t n = 0;

	for (size_t i = 0; i < FM_COUNT(params); i++)
		tests[n++] =
			(struct CMUnitTest){params[i].name, test_params, NULL, NULL, &params[i]};
	for (size_t i = 0; i < FM_COUNT(replies); i++)
		tests[n++] =
			(struct CMUnitTest){replies[i].name, test_reply, NULL, NULL, &replies[i]};
	tests[n++] = (struct CMUnitTest){"window unknown", test_no_window, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"body", test_body, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"door", test_door, NULL, NULL, NULL};
	return cmocka_run_group_tests_name("wire/ollama", tests, NULL, NULL) != 0;
}
