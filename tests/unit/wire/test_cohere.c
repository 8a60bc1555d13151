#include "dialect_support.h"

#define NAME "cohere"
#define HEAD "{\"max_tokens\":16,\"model\":\"m/1\","

static struct params_case params[] = {
	{"plain",               "",									   "",							       true,  HEAD "\"stream\":true}"                  },
	{"not a stream",        "",									   "",							       false, HEAD "\"stream\":false}"                 },
	{"settings",            "{\"temperature\":0,\"top_p\":0.9,\"top_k\":40,\"seed\":7,\"stop\":\"END\"}",
         "",																				    false,
         "{\"k\":40,\"max_tokens\":16,\"model\":\"m/"
         "1\",\"p\":0.9,\"seed\":7,\"stop_sequences\":[\"END\"],"
         "\"stream\":false,\"temperature\":0}"																						  },
	{"thinking",            "",									   "{\"safety_mode\":\"OFF\",\"thinking\":{\"type\":\"disabled\"}}", false,
         HEAD "\"safety_mode\":\"OFF\",\"stream\":false,\"thinking\":{\"type\":\"disabled\"}}"																  },
	{"the host's own name", "{\"p\":1}",								  "",							       true,  "!params: the endpoint has no \"p\""     },
	{"a setting twice",     "{\"top_p\":1}",							      "{\"p\":1}",                                                      true,
         "!params and extra_body together: the name \"p\" stands twice"																			 },
	{"sets the cap",        "",									   "{\"max_tokens\":5}",                                             true,  "!extra_body: may not set \"max_tokens\""},
	{"sets the messages",   "",									   "{\"messages\":[]}",                                              true,
         "!extra_body: may not set \"messages\""																						},
	{"sets the model",      "",									   "{\"model\":\"x\"}",                                              true,  "!extra_body: may not set \"model\""     },
	{"sets the stream",     "",									   "{\"stream\":false}",                                             true,  "!extra_body: may not set \"stream\""    },
};

#define EVENT(type, rest) "event: " type "\ndata: {\"type\":\"" type "\"," rest "}\n\n"
#define START \
	EVENT("message-start", "\"id\":\"29f1\",\"delta\":{\"message\":{\"role\":\"assistant\"}}")
#define CONTENT(content) \
	EVENT("content-delta", "\"index\":0,\"delta\":{\"message\":{\"content\":{" content "}}}")
#define BEGIN                                                                               \
	EVENT("content-start", "\"index\":0,\"delta\":{\"message\":{\"content\":{\"type\":" \
	                       "\"text\",\"text\":\"\"}}}")
#define CLOSE EVENT("content-end", "\"index\":0")
#define THOUGHT CONTENT("\"thinking\":\"Let me\"")
#define HELLO START BEGIN CONTENT("\"text\":\"Hel\"") CONTENT("\"text\":\"lo\"") CLOSE
#define USAGE                                                                                \
	"\"usage\":{\"billed_units\":{\"input_tokens\":5,\"output_tokens\":26},\"tokens\":{" \
	"\"input_tokens\":71,\"output_tokens\":26},\"cached_tokens\":64}"
#define END(delta) EVENT("message-end", "\"id\":\"29f1\",\"delta\":{" delta "}")
#define STOP(word) END("\"finish_reason\":\"" word "\"," USAGE)
#define SAID " 71 64 - 26 - text=\"Hello\""
#define BEGUN " - - - - - text=\"Hello\""
#define NONE " - - - - -"
#define TOO_LONG                                                                               \
	"too many tokens: total number of tokens in the prompt cannot exceed 4081 - received " \
	"4292. "                                                                               \
	"Try using a shorter prompt, or enabling prompt truncating."
#define TOO_MUCH                                                                                  \
	"too many tokens: max tokens must be less than or equal to 4096, the maximum output for " \
	"this model - received 8192."

static struct reply_case replies[] = {
	{"a whole stream",                    200,				   NULL,HELLO STOP("COMPLETE"), "answered stop" SAID                                                                    },
	{"with thoughts",                     200,				   NULL,
         START EVENT("content-start","\"index\":0,\"delta\":{\"message\":{\"content\":{\"type\":"
                                      "\"thinking\",\"thinking\":\"\"}}}")
                 THOUGHT CLOSE BEGIN CONTENT("\"text\":\"Hello\"") CLOSE STOP("COMPLETE"),
         "answered stop 71 64 - 26 - thought=6 text=\"Hello\""},
	{"a text that begins at once",                                   200,					     NULL,
         EVENT("content-start",
         "\"delta\":{\"message\":{\"content\":{\"type\":\"text\",\"text\":\"Hel\"}}}")
                 CONTENT("\"text\":\"lo\"") STOP("COMPLETE"),
         "answered stop" SAID},
	{"events without names",                200,						     NULL,
         "data: "
         "{\"type\":\"content-delta\",\"delta\":{\"message\":{\"content\":{\"text\":\"a\"}}}}\n\n"
         "data: {\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"COMPLETE\"}}\n\n","answered stop" NONE " text=\"a\""},
	{"plans and tools are no answer", 200,                                      NULL,
         EVENT("tool-plan-delta","\"delta\":{\"message\":{\"tool_plan\":\"I will\"}}") EVENT(
		 "tool-call-start",																					       "\"delta\":{\"message\":{\"tool_calls\":{\"id\":\"t\"}}}")
                 EVENT("citation-start", "\"delta\":{\"message\":{\"citations\":{\"text\":\"x\"}}}")
                         HELLO STOP("TOOL_CALL"),
         "answered tool" SAID},
	{"a stop sequence",  200, NULL,HELLO STOP("STOP_SEQUENCE"),"answered stop" SAID},
	{"its cap",			       200,								NULL,										    HELLO STOP("MAX_TOKENS"),																										 "cut_output length" SAID																																									   },
	{"an error",  200,NULL,HELLO STOP("ERROR"),"in_doubt/server error" SAID},
	{"a timeout",			       200,											     NULL,																										  HELLO STOP("TIMEOUT"),																																																																																														 "in_doubt/server error" SAID																																																																																																																																																																																																												},
	{"an error with words",  200,NULL,
         HELLO END("\"error\":\"gone\",\"finish_reason\":\"ERROR\"," USAGE),
         "in_doubt/server error" SAID " error=\"gone\""},
	{"no error",			       200,															  NULL,HELLO END("\"error\":\"\",\"finish_reason\":\"COMPLETE\"," USAGE),
         "answered stop" SAID																																																																																																																																																																																																																																																																																																																																																					    },
	{"too long, said at the end",  200,NULL,
         START END("\"error\":\"" TOO_LONG "\",\"finish_reason\":\"ERROR\""),
         "rejected_limit error" NONE " error=\"" TOO_LONG "\" said 4292 of 4081"},
	{"a reason that nobody knows",                               200,																		       NULL,HELLO STOP("TIRED"),
         "in_doubt/incomplete error" SAID
         " error=\"the model stopped for a reason unknown here: TIRED\""																																																																																																																																																																																																																																																																																																																																															 },
	{"only what is billed",  200,NULL,
         HELLO END("\"finish_reason\":\"COMPLETE\",\"usage\":{\"billed_units\":{\"input_tokens\":5,"
                   "\"output_tokens\":26}}"),
         "answered stop" BEGUN},
	{"counts with a point",                               200,																						    NULL,
         HELLO END("\"finish_reason\":\"COMPLETE\",\"usage\":{\"tokens\":{\"input_tokens\":71.0,"
                   "\"output_tokens\":26.0}}"),
         "answered stop 71 - - 26 - text=\"Hello\""																																																																																																																																																																																																																																																																																																																																																				   },
	{"no message-end",  200,NULL,HELLO,"in_doubt/incomplete -" BEGUN},
	{"an end without a reason",                               200,																										 NULL,																				     HELLO END(USAGE),																																					       "in_doubt/incomplete -" SAID																																																																																																																																																																																																																																																																																																																																																																																																												  },
	{"more behind the end",  200,NULL,
         HELLO STOP("COMPLETE") CONTENT("\"text\":\"!\"") "data: [DONE]\n\n","answered stop" SAID},
	{"an end of another shape",                               200,																													      NULL,HELLO "data: [DONE]\n\n",
         "in_doubt/incomplete -" BEGUN																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																												    },
	{"an error in the middle",  200,NULL,
         HELLO "event: error\ndata: {\"message\":\"gone\"}\n\n",
         "in_doubt/server -" BEGUN " error=\"gone\""},
	{"half an event",			       200,																																	   NULL,HELLO "event: content-delta\ndata: {\"type\"\n\n",
         "endpoint_violation -" BEGUN " error=\"no colon behind a name at byte 7\""																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																										      },
	{"a whole answer",  200,JSON,
         "{\"id\":\"29f1\",\"finish_reason\":\"COMPLETE\",\"message\":{\"role\":\"assistant\","
         "\"content\":[{\"type\":\"thinking\",\"thinking\":\"hm\"},{\"type\":\"text\",\"text\":"
         "\"Hello\"}]}," USAGE "}",
         "answered stop 71 64 - 26 - thought=2 text=\"Hello\""},
	{"a whole answer, an error",                               200,																																					JSON,"{\"id\":\"29f1\",\"message\":\"gone\"}",
         "in_doubt/server -" NONE " error=\"gone\""																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																													   },
	{"400, too long",  400,JSON,"{\"id\":\"29f1\",\"message\":\"" TOO_LONG "\"}",
         "rejected_limit -" NONE " error=\"" TOO_LONG "\" said 4292 of 4081"},
	{"400, too long, by how much",                               400,																																								     JSON,
         "{\"message\":\"too many tokens: size limit exceeded by 3 tokens\"}","rejected_limit -" NONE " error=\"too many tokens: size limit exceeded by 3 tokens\""																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																										  },
	{"400, its cap",  400,JSON,"{\"message\":\"" TOO_MUCH "\"}",
         "rejected_other -" NONE " error=\"" TOO_MUCH "\""},
	{"401",			       401,																																												  JSON,																																							  "{\"message\":\"invalid api token\"}",
         "failed/auth -" NONE " error=\"invalid api token\""																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																		  },
	{"404",  404,JSON,"{\"message\":\"model 'm' not found\"}",
         "rejected_other -" NONE " error=\"model 'm' not found\""},
	{"422",			       422,																																															       JSON,																																																																																																																														     "{\"message\":\"invalid request\"}",
         "rejected_other -" NONE " error=\"invalid request\""																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																	     },
	{"429, of a minute",  429,JSON,
         "{\"message\":\"trial token rate limit exceeded, limit is 100000 tokens per minute\"}","failed/rate -" NONE
         " error=\"trial token rate limit exceeded, limit is 100000 tokens per minute\" again"},
	{"498",			       498,																																																			    JSON,"{\"message\":\"invalid token\"}",
         "failed/auth -" NONE " error=\"invalid token\""																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																	    },
	{"500",  500,JSON,"{\"message\":\"internal server error\"}",
         "in_doubt/server -" NONE " error=\"internal server error\""},
	{"503",			       503,																																																							 JSON,																																																																										     "{\"message\":\"busy\"}","failed/rate -" NONE " error=\"busy\" again"																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																																},
	{"504",  504,JSON,"{\"message\":\"late\"}","in_doubt/server -" NONE " error=\"late\""},
};

static void test_params(void **state)
{
	assert_params(NAME, 0, *state);
}

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
	assert_url(NAME, "https://h.example/v2", "m", true, "https://h.example/v2/chat");
	assert_string_equal(fm_dialect_key_header(dialect), "Authorization: Bearer ");
	assert_null(fm_dialect_headers(dialect)[0]);
	assert_string_equal(fm_dialect_accept(dialect, true), "text/event-stream");
}

static void test_progress(void **state)
{
	static const struct step steps[] = {
		{START,                     "."},
                {BEGIN,                     "."},
		{THOUGHT,                   "r"},
                {CONTENT("\"text\":\"a\""), "a"},
		{CLOSE,                     "."},
                {STOP("COMPLETE"),          "t"},
	};

	(void)state;
	assert_steps(NAME, steps, FM_COUNT(steps));
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(params) + FM_COUNT(replies) + 2];
	size_t n = 0;

	for (size_t i = 0; i < FM_COUNT(params); i++)
		tests[n++] =
			(struct CMUnitTest){params[i].name, test_params, NULL, NULL, &params[i]};
	for (size_t i = 0; i < FM_COUNT(replies); i++)
		tests[n++] =
			(struct CMUnitTest){replies[i].name, test_reply, NULL, NULL, &replies[i]};
	tests[n++] = (struct CMUnitTest){"request", test_request, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"progress", test_progress, NULL, NULL, NULL};
	return cmocka_run_group_tests_name("wire/cohere", tests, NULL, NULL) != 0;
}
