#include "dialect_support.h"

#define NAME "openai-responses"
#define HEAD "{\"max_output_tokens\":16,\"model\":\"m/1\",\"store\":false,\"stream\":"
#define LIVE "true,\"stream_options\":{\"include_obfuscation\":false}"
#define UNCUT ",\"truncation\":\"disabled\"}"

static struct params_case params[] = {
	{"plain",                "",				   "",				     true,  HEAD LIVE UNCUT                         },
	{"not a stream",         "",				   "",				     false, HEAD "false" UNCUT                      },
	{"settings",             "{\"temperature\":0.50,\"top_p\":1}", "",                                     false,
         HEAD "false,\"temperature\":0.5,\"top_p\":1,\"truncation\":\"disabled\"}"                                                                            },
	{"more",		 "",				   "{\"reasoning\":{\"effort\":\"low\"}}", false,
         "{\"max_output_tokens\":16,\"model\":\"m/"
         "1\",\"reasoning\":{\"effort\":\"low\"},\"store\":false,\"stream\":false" UNCUT                                                                      },
	{"seed",		 "{\"seed\":7}",                       "",				     true,  "!params: the endpoint has no \"seed\"" },
	{"stop",		 "{\"stop\":[\"END\"]}",               "",                                     true,  "!params: the endpoint has no \"stop\"" },
	{"top_k",                "{\"top_k\":1}",                      "",                                     true,  "!params: the endpoint has no \"top_k\""},
	{"sets the input",       "",				   "{\"input\":[]}",                       true,  "!extra_body: may not set \"input\""    },
	{"has itself cut",       "",				   "{\"truncation\":\"auto\"}",            true,
         "!extra_body: may not set \"truncation\""													    },
	{"goes on from another", "",                                   "{\"previous_response_id\":\"r\"}",     true,
         "!extra_body: may not set \"previous_response_id\""												  },
	{"runs behind our back", "",                                   "{\"background\":true}",                true,
         "!extra_body: may not set \"background\""													    },
};

static void test_params(void **state)
{
	assert_params(NAME, 0, *state);
}

static void test_body(void **state)
{
	(void)state;
	assert_body(NAME, "{\"model\":\"m\"}", "Be \"short\".",
	            "{\"model\":\"m\",\"instructions\":\"Be \\\"short\\\".\",\"input\":["
	            "{\"role\":\"user\",\"content\":\"line\\nand \\\"more\\\"\"},"
	            "{\"role\":\"assistant\",\"content\":\"Yes.\"},"
	            "{\"role\":\"user\",\"content\":\"Why?\"}]}");
	assert_body(NAME, "{\"model\":\"m\"}", NULL,
	            "{\"model\":\"m\",\"input\":["
	            "{\"role\":\"user\",\"content\":\"line\\nand \\\"more\\\"\"},"
	            "{\"role\":\"assistant\",\"content\":\"Yes.\"},"
	            "{\"role\":\"user\",\"content\":\"Why?\"}]}");
}

#define EVENT(type, rest) \
	"event: " type "\ndata: {\"type\":\"" type "\",\"sequence_number\":1," rest "}\n\n"
#define CREATED                                                                                 \
	EVENT("response.created",                                                               \
	      "\"response\":{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"in_"        \
	      "progress\","                                                                     \
	      "\"model\":\"gpt-5.5\",\"output\":[],\"truncation\":\"disabled\",\"usage\":null," \
	      "\"error\":null,\"incomplete_details\":null}")                                    \
	EVENT("response.in_progress",                                                           \
	      "\"response\":{\"id\":\"resp_1\",\"status\":\"in_progress\"}")                    \
	EVENT("response.output_item.added",                                                     \
	      "\"output_index\":0,\"item\":{\"id\":\"msg_1\",\"type\":\"message\",\"status\":"  \
	      "\"in_progress\",\"role\":\"assistant\",\"content\":[]}")
#define THOUGHT                                                                                  \
	EVENT("response.reasoning_summary_text.delta",                                           \
	      "\"item_id\":\"rs_1\",\"output_index\":0,\"summary_index\":0,\"delta\":\"Looking " \
	      "for\"")
#define TEXT(text)                                                                             \
	EVENT("response.output_text.delta",                                                    \
	      "\"item_id\":\"msg_1\",\"output_index\":1,\"content_index\":0,\"delta\":\"" text \
	      "\",\"logprobs\":[]")
#define OUTPUT                                                                                     \
	"\"output\":[{\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":"    \
	"\"hm\"}],\"content\":[{\"type\":\"reasoning_text\",\"text\":\"h\\u00e4\"}]},{\"type\":"   \
	"\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hi " \
	"you\",\"annotations\":[]}]}]"
#define USAGE                                                                                    \
	"\"usage\":{\"input_tokens\":9000,\"input_tokens_details\":{\"cached_tokens\":8832,"     \
	"\"cache_write_tokens\":4},\"output_tokens\":20,\"output_tokens_details\":{\"reasoning_" \
	"tokens\":12},\"total_tokens\":9020}"
#define COMPLETED                   \
	EVENT("response.completed", \
	      "\"response\":{\"id\":\"resp_1\",\"status\":\"completed\"," OUTPUT "," USAGE "}")
#define INCOMPLETE(details)                                                             \
	EVENT("response.incomplete",                                                    \
	      "\"response\":{\"status\":\"incomplete\",\"incomplete_details\":" details \
	      ",\"usage\":{\"input_tokens\":9000,\"output_tokens\":512}}")
#define REFUSED                                                                               \
	EVENT("response.refusal.delta", "\"item_id\":\"msg_1\",\"output_index\":1,\"content_" \
	                                "index\":0,\"delta\":\"I cannot\"")
#define FAILED(code, message)                                                                      \
	EVENT("response.failed", "\"response\":{\"status\":\"failed\",\"error\":{\"code\":\"" code \
	                         "\",\"message\":\"" message "\"}}")
#define TOO_LONG                                                                                 \
	"Your input exceeds the context window of this model. Please adjust your input and try " \
	"again."
#define ALL " 9000 8832 4 20 12"
#define NONE " - - - - -"

static struct reply_case replies[] = {
	{"whole stream",									 200,								  NULL,																		     CREATED THOUGHT TEXT("Hi") TEXT(" you") COMPLETED,
         "answered stop" ALL " thought=11 text=\"Hi you\" model=\"gpt-5.5\""																																																																																																																																													 },
	{"only the end",									 200,								  NULL,																		     CREATED COMPLETED,
         "answered stop" ALL " thought=4 text=\"Hi you\" model=\"gpt-5.5\""																																																																																																																																													  },
	{"no names of events",								   200,								  NULL,
         "data: {\"type\":\"response.output_text.delta\",\"delta\":\"a\"}\n\ndata: "
         "{\"type\":\"response.completed\",\"response\":{\"status\":\"completed\"}}\n\n",                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     "answered stop" NONE " text=\"a\""																																																																		     },
	{"names of events alone",								200,								  NULL,
         "event: response.output_text.delta\ndata: {\"delta\":\"a\"}\n\nevent: "
         "response.completed\ndata: {\"response\":{\"status\":\"completed\"}}\n\n",                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                           "answered stop" NONE " text=\"a\""																																																																		     },
	{"reasoning text",								       200,								  NULL,
         EVENT("response.reasoning_text.delta",																																																																									       "\"delta\":\"h\\u00e4\"") TEXT("a") COMPLETED,
         "answered stop" ALL " thought=2 text=\"a\""},
	{"strangers and pings",										      200,																      NULL,
         CREATED ": x\n\nevent: keepalive\ndata: {\"type\":\"keepalive\"}\n\nevent: odd\ndata: no "
                 "json\n\n" EVENT("response.queued",
         "\"a\":1") EVENT("response.compaction.compacting",																																																																																																																																																   "\"delta\":{}")
                         EVENT("response.output_text.done", "\"text\":\"a\"") TEXT("a") COMPLETED
         "data: {\"type\":\"response.output_text.delta\",\"delta\":\"late\"}\n\ndata: [DONE]\n\n", "answered stop" ALL " thought=4 text=\"a\" model=\"gpt-5.5\""},
	{"output cap",			     200, NULL,											    TEXT("a") INCOMPLETE("{\"reason\":\"max_output_tokens\"}"),
         "cut_output length 9000 - - 512 - text=\"a\""																																																																																																																								  },
	{"content filter",										  200,											    NULL,																																	  TEXT("a") INCOMPLETE("{\"reason\":\"content_filter\"}"),
         "refused content_filter 9000 - - 512 - text=\"a\""																					  },
	{"steered",										  200,    NULL,																																     TEXT("a") INCOMPLETE("{\"reason\":\"steered\"}"),
         "in_doubt/server error 9000 - - 512 - text=\"a\""																																																																																																																								    },
	{"incomplete, why unknown",										  200,												   NULL,																																      TEXT("a") INCOMPLETE("{\"reason\":\"tired\"}"),
         "in_doubt/incomplete error 9000 - - 512 - text=\"a\" error=\"the model stopped for a "
         "reason unknown here: tired\""																			   },
	{"incomplete, why unsaid",										  200,      NULL,																																			 TEXT("a") INCOMPLETE("null"),
         "in_doubt/incomplete error 9000 - - 512 - text=\"a\" error=\"the model stopped for a "
         "reason unknown here: incomplete\""																																																																																																																											},
	{"cancelled",										  200,														     NULL,
         EVENT("response.cancelled",																																																																									       "\"response\":{\"status\":\"cancelled\"}"),
         "in_doubt/server error" NONE},
	{"refusal",										  200,																   NULL,																														 REFUSED COMPLETED,
         "refused refusal" ALL " thought=4 refusal=\"I cannot\""																																																																																																																																																	      },
	{"refusal at the end",  200,NULL,
         EVENT("response.completed",
         "\"response\":{\"status\":\"completed\",\"output\":[{\"type\":\"message\","
               "\"content\":[{\"type\":\"refusal\",\"refusal\":\"no\"}]}]}"),
         "refused refusal" NONE " refusal=\"no\""},
	{"failed",										  200,																										   NULL,																																			     TEXT("a") FAILED("server_error",																																																																						 "gone"),
         "in_doubt/server error" NONE " text=\"a\" error=\"gone\""},
	{"too long, said in the stream",									       200,							       NULL,
         CREATED "event: error\ndata: "
                 "{\"type\":\"error\",\"sequence_number\":2,\"error\":{\"type\":\"invalid_request_"
                 "error\",\"code\":\"context_length_exceeded\",\"message\":\"" TOO_LONG
                 "\",\"param\":\"input\"}}\n\n", "rejected_limit -" NONE " model=\"gpt-5.5\" error=\"" TOO_LONG "\""},
	{"too long, said flat",										      200,															     NULL,
         "data: {\"type\":\"error\",\"code\":\"context_length_exceeded\",\"message\":\"too "
         "big\",\"param\":null,\"sequence_number\":2}\n\n",                                                                                                                                                                                                                                                                                                                                                                                                                                                             "rejected_limit -" NONE " error=\"too big\""																																																																																																																																																      },
	{"too long, said by failing",										      200,																      NULL,																								      FAILED("context_length_exceeded",																																																 "too big"),
         "rejected_limit error" NONE " error=\"too big\""},
	{"error without a type",										      200,																NULL,
         TEXT("a") "data: {\"error\":{\"message\":\"gone\"}}\n\n",
         "in_doubt/server -" NONE " text=\"a\" error=\"gone\""},
	{"cut stream",				       200,													   NULL,																													      CREATED TEXT("Hi"),
         "in_doubt/incomplete -" NONE " text=\"Hi\" model=\"gpt-5.5\""																																																																																																																    },
	{"done, but no end",				  200,												      NULL,																														   TEXT("Hi") "data: [DONE]\n\n",
         "in_doubt/incomplete -" NONE " text=\"Hi\""																																																																																																																																																																																		},
	{"no json",			  200,											      NULL,																												     TEXT("Hi") "event: response.output_text.delta\ndata: {\"type\n\n",
         "endpoint_violation -" NONE " text=\"Hi\" error=\"a string without an end at byte 6\""                                                                     },
	{"whole answer",					    200,														JSON,
         "{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"completed\",\"error\":null,"
         "\"incomplete_details\":null,\"model\":\"gpt-5.5\"," OUTPUT "," USAGE "}",
         "answered stop" ALL " thought=4 text=\"Hi you\" model=\"gpt-5.5\""},
	{"whole, not ready", 200,								     JSON,																										"{\"status\":\"queued\",\"model\":\"m\",\"output\":[]}",
         "in_doubt/incomplete -" NONE " model=\"m\""																																																																																																											   },
	{"whole, failed",                     200,											 JSON,
         "{\"status\":\"failed\",\"error\":{\"code\":\"server_error\",\"message\":\"gone\"}}",                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                        "in_doubt/server error" NONE " error=\"gone\""																																																																																																																																																																																				  },
	{"whole, an error",					    200,														JSON,																															  "{\"error\":{\"code\":429,\"message\":\"busy\"}}",
         "in_doubt/server -" NONE " error=\"busy\""																			     },
	{"whole, something else",					200,													    JSON,																														    "{\"ok\":true}","in_doubt/incomplete -" NONE},
	{"400, overflow",					     400,														 JSON,
         "{\"error\":{\"message\":\"" TOO_LONG "\",\"type\":\"invalid_request_error\",\"param\":"
         "\"input\",\"code\":\"context_length_exceeded\"}}",                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "rejected_limit -" NONE " error=\"" TOO_LONG "\""																																																																																																					      },
	{"400, string cap",							  400,															      JSON,
         "{\"error\":{\"message\":\"Invalid 'input[0].content': string too long. Expected a string "
         "with maximum length 10485760, but got a string with length 12000000 "
         "instead.\",\"code\":\"string_above_max_length\"}}",                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                           "failed/body_cap -" NONE
         " error=\"Invalid 'input[0].content': string too long. Expected a string with maximum "
         "length 10485760, but got a string with length 12000000 instead.\""																																																																																																																																																																																																																																																												  },
	{"429",				     429,													 JSON,
         "{\"error\":{\"message\":\"slow "
         "down\",\"type\":\"rate_limit_error\",\"code\":\"slow_down\"}}","failed/rate -" NONE " error=\"slow down\" again"},
};

static void test_reply(void **state)
{
	const struct reply_case *c = *state;

	assert_reply(NAME, c, fm_span_of(c->body));
}

static void test_door(void **state)
{
	const struct fm_dialect *dialect = fm_dialect_find(NAME);
	struct fm_arena arena = {0};

	(void)state;
	assert_string_equal(fm_dialect_url(dialect, "https://h.example/v1/", "m", true, &arena),
	                    "https://h.example/v1/responses");
	assert_string_equal(fm_dialect_key_header(dialect), "Authorization: Bearer ");
	fm_arena_free(&arena);
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
	tests[n++] = (struct CMUnitTest){"body", test_body, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"door", test_door, NULL, NULL, NULL};
	return cmocka_run_group_tests_name("wire/openai_responses", tests, NULL, NULL) != 0;
}
