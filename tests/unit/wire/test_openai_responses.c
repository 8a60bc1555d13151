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
         "{\"max_output_tokens\":16,\"model\":\"m/1\",\"reasoning\":{\"effort\":\"low\"},\"store\":"
         "false,\"stream\":false" UNCUT														       },
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
#define RESPONSE(type, rest) EVENT("response." type, "\"response\":{" rest "}")
#define CREATED                                                                                    \
	RESPONSE("created",                                                                        \
	         "\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"in_progress\",\"model\":" \
	         "\"gpt-5.5\",\"output\":[],\"truncation\":\"disabled\",\"usage\":null,\"error\":" \
	         "null,\"incomplete_details\":null")                                               \
	RESPONSE("in_progress", "\"id\":\"resp_1\",\"status\":\"in_progress\"")                    \
	EVENT("response.output_item.added",                                                        \
	      "\"output_index\":0,\"item\":{\"id\":\"msg_1\",\"type\":\"message\",\"status\":"     \
	      "\"in_progress\",\"role\":\"assistant\",\"content\":[]}")
#define DELTA(kind, text)                \
	EVENT("response." kind ".delta", \
	      "\"item_id\":\"i_1\",\"output_index\":1,\"content_index\":0,\"delta\":\"" text "\"")
#define SUMMARY DELTA("reasoning_summary_text", "Looking for")
#define THOUGHT DELTA("reasoning_text", "h\\u00e4")
#define TEXT(text) DELTA("output_text", text)
#define REFUSAL DELTA("refusal", "I cannot")
#define MESSAGE(part) "{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{" part "}]}"
#define OUTPUT                                                                                  \
	"\"output\":[{\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":" \
	"\"hm\"}],\"content\":[{\"type\":\"reasoning_text\",\"text\":\"h\\u00e4\"}]}," MESSAGE( \
		"\"type\":\"output_text\",\"text\":\"Hi you\",\"annotations\":[]") "]"
#define USAGE                                                                                    \
	"\"usage\":{\"input_tokens\":9000,\"input_tokens_details\":{\"cached_tokens\":8832,"     \
	"\"cache_write_tokens\":4},\"output_tokens\":20,\"output_tokens_details\":{\"reasoning_" \
	"tokens\":12},\"total_tokens\":9020}"
#define COMPLETED \
	RESPONSE("completed", "\"id\":\"resp_1\",\"status\":\"completed\"," OUTPUT "," USAGE)
#define COMPLETED_NO                                                           \
	RESPONSE("completed", "\"status\":\"completed\",\"output\":[" MESSAGE( \
				      "\"type\":\"refusal\",\"refusal\":\"no\"") "]")
#define INCOMPLETE(details)                                                                \
	RESPONSE("incomplete", "\"status\":\"incomplete\",\"incomplete_details\":" details \
	                       ",\"usage\":{\"input_tokens\":9000,\"output_tokens\":512}")
#define WHY(reason) INCOMPLETE("{\"reason\":\"" reason "\"}")
#define FAILURE(code, message) \
	"\"status\":\"failed\",\"error\":{\"code\":\"" code "\",\"message\":\"" message "\"}"
#define CANCELLED RESPONSE("cancelled", "\"status\":\"cancelled\"")
#define NAMELESS                                                              \
	"data: {\"type\":\"response.output_text.delta\",\"delta\":\"a\"}\n\n" \
	"data: {\"type\":\"response.completed\",\"response\":{\"status\":\"completed\"}}\n\n"
#define TYPELESS                                                         \
	"event: response.output_text.delta\ndata: {\"delta\":\"a\"}\n\n" \
	"event: response.completed\ndata: {\"response\":{\"status\":\"completed\"}}\n\n"
#define STRANGERS                                                                          \
	": x\n\nevent: keepalive\ndata: {\"type\":\"keepalive\"}\n\nevent: odd\ndata: no " \
	"json\n\n" EVENT("response.queued", "\"a\":1")                                     \
		EVENT("response.compaction.compacting", "\"delta\":{}")                    \
			EVENT("response.output_text.done", "\"text\":\"a\"")
#define LATE "data: {\"type\":\"response.output_text.delta\",\"delta\":\"late\"}\n\n"
#define DONE "data: [DONE]\n\n"
#define BROKEN "event: response.output_text.delta\ndata: {\"type\n\n"
#define TOO_LONG                                                                                 \
	"Your input exceeds the context window of this model. Please adjust your input and try " \
	"again."
#define TOO_LONG_ERROR                                                                          \
	"\"error\":{\"message\":\"" TOO_LONG "\",\"type\":\"invalid_request_error\",\"param\":" \
	"\"input\",\"code\":\"context_length_exceeded\"}"
#define FLAT_ERROR                                                                                \
	"data: {\"type\":\"error\",\"code\":\"context_length_exceeded\",\"message\":\"too big\"," \
	"\"param\":null,\"sequence_number\":2}\n\n"
#define ANSWER                                                                               \
	"{\"id\":\"resp_1\",\"status\":\"completed\",\"error\":null,\"model\":\"m\"," OUTPUT \
	"," USAGE "}"
#define STRING_CAP                                                                            \
	"Invalid 'input[0].content': string too long. Expected a string with maximum length " \
	"10485760, but got a string with length 12000000 instead."
#define ERROR(code, message) \
	"{\"error\":{\"code\":\"" code "\",\"message\":\"" message "\",\"param\":null}}"
#define SERVER_FAILED RESPONSE("failed", FAILURE("server_error", "gone"))
#define TOO_LONG_EVENT EVENT("error", TOO_LONG_ERROR)
#define TOO_LONG_FAILED RESPONSE("failed", FAILURE("context_length_exceeded", "too big"))
#define WHOLE_FAILED "{" FAILURE("server_error", "gone") "}"
#define WHOLE_ERROR ERROR("server_error", "busy")
#define STRING_ERROR ERROR("string_above_max_length", STRING_CAP)
#define RATE_ERROR ERROR("slow_down", "too fast")
#define ALL " 9000 8832 4 20 12"
#define FEW " 9000 - - 512 -"
#define NONE " - - - - -"

#define BY " model=\"gpt-5.5\""
#define UNKNOWN_STOP "the model stopped for a reason unknown here: "

static struct reply_case replies[] = {
	{"whole stream",                 200, NULL, CREATED SUMMARY TEXT("Hi") TEXT(" you") COMPLETED,
         "answered stop" ALL " thought=11 text=\"Hi you\"" BY												},
	{"only the end",                 200, NULL, CREATED COMPLETED,
         "answered stop" ALL " thought=4 text=\"Hi you\"" BY												 },
	{"no names of events",           200, NULL, NAMELESS,                                                "answered stop" NONE " text=\"a\""              },
	{"names of events alone",        200, NULL, TYPELESS,                                                "answered stop" NONE " text=\"a\""              },
	{"reasoning text",               200, NULL, THOUGHT TEXT("a") COMPLETED,
         "answered stop" ALL " thought=2 text=\"a\""													 },
	{"strangers and pings",          200, NULL, CREATED STRANGERS TEXT("a") COMPLETED LATE DONE,
         "answered stop" ALL " thought=4 text=\"a\"" BY												      },
	{"output cap",                   200, NULL, TEXT("a") WHY("max_output_tokens"),
         "cut_output length" FEW " text=\"a\""													       },
	{"content filter",               200, NULL, TEXT("a") WHY("content_filter"),
         "refused content_filter" FEW " text=\"a\""													  },
	{"steered",		      200, NULL, TEXT("a") WHY("steered"),                                "in_doubt/server error" FEW " text=\"a\""       },
	{"too many messages",            200, NULL, TEXT("a") WHY("max_messages"),
         "in_doubt/server error" FEW " text=\"a\""													   },
	{"incomplete, why unknown",      200, NULL, TEXT("a") WHY("tired"),
         "in_doubt/incomplete error" FEW " text=\"a\" error=\"" UNKNOWN_STOP "tired\""                                                                       },
	{"incomplete, why unsaid",       200, NULL, TEXT("a") INCOMPLETE("null"),
         "in_doubt/incomplete error" FEW " text=\"a\" error=\"" UNKNOWN_STOP "incomplete\""                                                                  },
	{"cancelled",                    200, NULL, CANCELLED,					       "in_doubt/server error" NONE                    },
	{"refusal",		      200, NULL, REFUSAL COMPLETED,
         "refused refusal" ALL " thought=4 refusal=\"I cannot\""											     },
	{"refusal at the end",           200, NULL, COMPLETED_NO,                                            "refused refusal" NONE " refusal=\"no\""        },
	{"failed",		       200, NULL, TEXT("a") SERVER_FAILED,
         "in_doubt/server error" NONE " text=\"a\" error=\"gone\""											   },
	{"too long, said in the stream", 200, NULL, CREATED TOO_LONG_EVENT,
         "rejected_limit -" NONE BY " error=\"" TOO_LONG "\""												},
	{"too long, said flat",          200, NULL, FLAT_ERROR,
         "rejected_limit -" NONE " error=\"too big\""													},
	{"too long, said by failing",    200, NULL, TOO_LONG_FAILED,
         "rejected_limit error" NONE " error=\"too big\""												    },
	{"error without a type",         200, NULL,
         TEXT("a") "data: {\"error\":{\"message\":\"gone\"}}\n\n",
         "in_doubt/server -" NONE " text=\"a\" error=\"gone\""											       },
	{"cut stream",                   200, NULL, CREATED TEXT("Hi"),
         "in_doubt/incomplete -" NONE " text=\"Hi\"" BY												      },
	{"done, but no end",             200, NULL, TEXT("Hi") DONE,
         "in_doubt/incomplete -" NONE " text=\"Hi\""													 },
	{"no json",		      200, NULL, TEXT("Hi") BROKEN,
         "endpoint_violation -" NONE " text=\"Hi\" error=\"a string without an end at byte 6\""                                                              },
	{"whole answer",                 200, JSON, ANSWER,
         "answered stop" ALL " thought=4 text=\"Hi you\" model=\"m\""											},
	{"whole, not ready",             200, JSON, "{\"status\":\"queued\",\"model\":\"m\",\"output\":[]}",
         "in_doubt/incomplete -" NONE " model=\"m\""													 },
	{"whole, failed",                200, JSON, WHOLE_FAILED,                                            "in_doubt/server error" NONE " error=\"gone\""  },
	{"whole, an error",              200, JSON, WHOLE_ERROR,                                             "in_doubt/server -" NONE " error=\"busy\""      },
	{"whole, something else",        200, JSON, "{\"ok\":true}",                                         "in_doubt/incomplete -" NONE                    },
	{"400, overflow",                400, JSON, "{" TOO_LONG_ERROR "}",
         "rejected_limit -" NONE " error=\"" TOO_LONG "\""												   },
	{"400, string cap",              400, JSON, STRING_ERROR,
         "failed/body_cap -" NONE " error=\"" STRING_CAP "\""												},
	{"429",			  429, JSON, RATE_ERROR,					      "failed/rate -" NONE " error=\"too fast\" again"},
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
	assert_url(NAME, "https://h.example/v1/", "m", true, "https://h.example/v1/responses");
	assert_string_equal(fm_dialect_key_header(dialect), "Authorization: Bearer ");
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
