#include "dialect_support.h"

#define NAME "anthropic"

#define HEAD "{\"max_tokens\":16,\"model\":\"m/1\","

static struct params_case params[] = {
	{"plain",               "",			       "",				       true,  HEAD "\"stream\":true}"                  },
	{"not a stream",        "",			       "",				       false, HEAD "\"stream\":false}"                 },
	{"temperature",         "{\"temperature\":0.50}",         "",                                       true,
         HEAD "\"stream\":true,\"temperature\":0.5}"													},
	{"top_p and top_k",     "{\"top_p\":0.9,\"top_k\":40}",   "",                                       true,
         HEAD "\"stream\":true,\"top_k\":40,\"top_p\":0.9}"												 },
	{"words to stop at",    "{\"stop\":[\"END\",\"\\n\"]}",   "",                                       true,
         HEAD "\"stop_sequences\":[\"END\",\"\\n\"],\"stream\":true}"										       },
	{"a word to stop at",   "{\"stop\":\"END\"}",             "",                                       true,
         HEAD "\"stop_sequences\":[\"END\"],\"stream\":true}"											       },
	{"thinking",            "",			       "{\"thinking\":{\"type\":\"adaptive\"}}", true,
         HEAD "\"stream\":true,\"thinking\":{\"type\":\"adaptive\"}}"										       },
	{"no seed here",        "{\"seed\":7}",                   "",                                       true,  "!params: the endpoint has no \"seed\""  },
	{"not by its own name", "{\"stop_sequences\":[\"END\"]}", "",                                       true,
         "!params: the endpoint has no \"stop_sequences\""												  },
	{"a name twice",        "{\"temperature\":0}",            "{\"temperature\":1}",                    true,
         "!params and extra_body together: the name \"temperature\" stands twice"                                                                           },
	{"sets the model",      "",			       "{\"model\":\"x\"}",                      true,  "!extra_body: may not set \"model\""     },
	{"sets the cap",        "",			       "{\"max_tokens\":5}",                     true,  "!extra_body: may not set \"max_tokens\""},
	{"sets the system",     "",                               "{\"system\":\"x\"}",                     true,  "!extra_body: may not set \"system\""    },
	{"sets the messages",   "",                               "{\"messages\":[]}",                      true,
         "!extra_body: may not set \"messages\""													    },
	{"sets the stream",     "",                               "{\"stream\":false}",                     true,  "!extra_body: may not set \"stream\""    },
	{"lets it drop turns",  "",                               "{\"context_management\":{}}",            true,
         "!extra_body: may not set \"context_management\""												  },
};

#define EVENT(type, rest) "event: " type "\ndata: {\"type\":\"" type "\"" rest "}\n\n"
#define START                                                                                      \
	EVENT("message_start",                                                                     \
	      ",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\","        \
	      "\"model\":\"claude-sonnet-4-6\",\"content\":[],\"stop_reason\":null,\"usage\":{"    \
	      "\"input_tokens\":12,\"cache_creation_input_tokens\":5,\"cache_read_input_tokens\":" \
	      "180000,\"output_tokens\":1}}")
#define MESSAGE_START(rest) EVENT("message_start", "," rest)
#define MESSAGE_DELTA(rest) EVENT("message_delta", ",\"delta\":{" rest)
#define BLOCK_START(rest) EVENT("content_block_start", "," rest)
#define TEXT_BEGIN                   \
	EVENT("content_block_start", \
	      ",\"index\":1,\"content_block\":{\"type\":\"text\",\"text\":\"\"}")
#define THINKING_BEGIN                                                                   \
	EVENT("content_block_start",                                                     \
	      ",\"index\":0,\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\"," \
	      "\"signature\":\"\"}")
#define DELTA(delta) EVENT("content_block_delta", ",\"index\":1,\"delta\":{" delta "}")
#define TEXT(text) DELTA("\"type\":\"text_delta\",\"text\":\"" text "\"")
#define THOUGHT(text) DELTA("\"type\":\"thinking_delta\",\"thinking\":\"" text "\"")
#define SIGNATURE DELTA("\"type\":\"signature_delta\",\"signature\":\"EqQBsecret\"")
#define REDACTED                                                                              \
	BLOCK_START("\"index\":0,\"content_block\":{\"type\":\"redacted_thinking\",\"data\":" \
	            "\"x\"}")
#define BLOCK_END EVENT("content_block_stop", ",\"index\":1")
#define PING EVENT("ping", "")
#define END EVENT("message_stop", "")
#define HELLO START TEXT_BEGIN TEXT("Hel") TEXT("lo") BLOCK_END
#define STOP(word)                                                                                 \
	EVENT("message_delta", ",\"delta\":{\"stop_reason\":\"" word "\",\"stop_sequence\":null}," \
	                       "\"usage\":{\"output_tokens\":25}")
#define SAID " 180017 180000 5 25 - text=\"Hello\" model=\"claude-sonnet-4-6\""
#define BEGUN " 180017 180000 5 1 -"
#define NONE " - - - - -"
#define FAILURE(type) "{\"type\":\"error\",\"error\":{\"type\":\"" type "\",\"message\":\""
#define SAYS(message) message "\"},\"request_id\":\"req_1\"}"

static struct reply_case replies[] = {
	{"a whole stream, with thoughts",    200, NULL,
         START THINKING_BEGIN PING THOUGHT("Let me") SIGNATURE BLOCK_END TEXT_BEGIN TEXT("Hello")
                 BLOCK_END MESSAGE_DELTA(
			 "\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
			 "\"usage\":{\"input_tokens\":12,\"cache_creation_input_tokens\":0,"
			 "\"cache_read_input_tokens\":180000,\"output_tokens\":25,"
			 "\"output_tokens_details\":{\"thinking_tokens\":20}}") END,
         "answered stop 180012 180000 0 25 20 thought=6 text=\"Hello\" "
         "model=\"claude-sonnet-4-6\""																			      },
	{"usage of the answer alone",        200, NULL, HELLO STOP("end_turn") END,                                            "answered stop" SAID                                                 },
	{"usage that says null",             200, NULL,
         HELLO MESSAGE_DELTA("\"stop_reason\":\"end_turn\"},\"usage\":{"
                             "\"input_tokens\":null,\"cache_read_input_tokens\":null,"
                             "\"output_tokens\":25,\"output_tokens_details\":null}") END,
         "answered stop" SAID																				       },
	{"no cache at all",                  200, NULL,
         MESSAGE_START("\"message\":{\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}")
                 MESSAGE_DELTA("\"stop_reason\":\"end_turn\"},\"usage\":{"
                               "\"output_tokens\":0}"),
         "answered stop 9 - - 0 -"																				  },
	{"events without names",             200, NULL,
         "data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":"
         "\"a\"}}\n\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n"
         "\n",                                                                                                                 "answered stop" NONE " text=\"a\""                                   },
	{"CRLF, and names it does not know", 200, NULL,
         "event: odd\r\ndata: not json\r\n\r\nevent: odd\r\ndata: {\"type\":\"odd\"}\r\n\r\n"
         "event: content_block_delta\r\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"type\""
         ":\"text_delta\",\"text\":\"a\"}}\r\n\r\nevent: message_delta\r\ndata: {\"type\":"
         "\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\r\n\r\n",                                                "answered stop" NONE " text=\"a\""                                   },
	{"other blocks are no answer",       200, NULL,
         START DELTA("\"type\":\"input_json_delta\",\"partial_json\":\"{}\"")
                 DELTA("\"type\":\"citations_delta\",\"citation\":{\"cited_text\":\"x\"}")
                         BLOCK_START("\"index\":0,\"content_block\":{\"type\":"
                                     "\"redacted_thinking\",\"data\":\"x\"}") TEXT("Hello")
                                 STOP("end_turn") END,
         "answered stop" SAID																				       },
	{"a stop sequence",                  200, NULL, HELLO STOP("stop_sequence") END,                                       "answered stop" SAID                                                 },
	{"its own cap",                      200, NULL, HELLO STOP("max_tokens") END,                                          "cut_output length" SAID                                             },
	{"the window is full",               200, NULL, HELLO STOP("model_context_window_exceeded") END,
         "cut_output context_full" SAID																			     },
	{"a tool",			   200, NULL, HELLO STOP("tool_use") END,                                            "answered tool" SAID                                                 },
	{"a pause",			  200, NULL, HELLO STOP("pause_turn") END,                                          "answered tool" SAID                                                 },
	{"a refusal",			200, NULL,
         HELLO MESSAGE_DELTA("\"stop_reason\":\"refusal\",\"stop_details\":{\"type\":"
                             "\"refusal\",\"category\":\"cyber\",\"explanation\":\"Not this.\"}},"
                             "\"usage\":{\"output_tokens\":25}") END,
         "refused refusal" SAID " error=\"refused: cyber, Not this.\""															      },
	{"a refusal of no category",         200, NULL,
         HELLO MESSAGE_DELTA("\"stop_reason\":\"refusal\",\"stop_details\":{\"type\":"
                             "\"refusal\",\"category\":null,\"explanation\":null}},\"usage\":{"
                             "\"output_tokens\":25}") END,
         "refused refusal" SAID																				     },
	{"a reason that nobody knows",       200, NULL, HELLO STOP("tired") END,
         "in_doubt/incomplete error" SAID
         " error=\"the model stopped for a reason unknown here: tired\""															    },
	{"no message_stop",                  200, NULL, HELLO STOP("end_turn"),                                                "answered stop" SAID                                                 },
	{"no message_delta",                 200, NULL, HELLO END,
         "in_doubt/incomplete -" BEGUN " text=\"Hello\" model=\"claude-sonnet-4-6\""														},
	{"cut in the middle",                200, NULL, START TEXT_BEGIN TEXT("Hel"),
         "in_doubt/incomplete -" BEGUN " text=\"Hel\" model=\"claude-sonnet-4-6\""														  },
	{"pings, then the end",              200, NULL, PING PING,							     "in_doubt/incomplete" NONE " -"                                      },
	{"something behind the end",         200, NULL,
         HELLO STOP("end_turn") END TEXT("!") "data: junk\n\n",								"answered stop" SAID                                                 },
	{"overloaded at once",               200, NULL,
         "event: error\ndata: " FAILURE("overloaded_error") SAYS("Overloaded") "\n\n",
         "in_doubt/server" NONE " - error=\"Overloaded\""																	   },
	{"overloaded in the middle",         200, NULL,
         HELLO "event: error\ndata: " FAILURE("overloaded_error") SAYS("Overloaded") "\n\n",
         "in_doubt/server -" BEGUN
         " text=\"Hello\" model=\"claude-sonnet-4-6\" error=\"Overloaded\""															 },
	{"an error without a name",          200, NULL,
         "data: " FAILURE("api_error") SAYS("Internal server error") "\n\n",
         "in_doubt/server" NONE " - error=\"Internal server error\""																},
	{"too long, said in the stream",     200, NULL,
         "event: error\ndata: " FAILURE("invalid_request_error")
                 SAYS("prompt is too long: 208310 tokens > 200000 maximum") "\n\n",
         "rejected_limit" NONE
         " - error=\"prompt is too long: 208310 tokens > 200000 maximum\" said 208310 of 200000"												    },
	{"an event that is no JSON",         200, NULL,
         START "event: content_block_delta\ndata: {\"type\":\n\n",
         "endpoint_violation -" BEGUN
         " model=\"claude-sonnet-4-6\" error=\"no value where one must stand at byte 8\""													   },
	{"a whole answer",                   200, JSON,
         "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-x\","
         "\"content\":[{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"E\"},{\"type\":"
         "\"text\",\"text\":\"Hel\"},{\"type\":\"text\",\"text\":\"lo\"}],\"stop_reason\":"
         "\"end_turn\",\"stop_sequence\":null,\"usage\":{\"input_tokens\":3,"
         "\"cache_creation_input_tokens\":2,\"cache_read_input_tokens\":1,\"output_tokens\":7}}",                              "answered stop 6 1 2 7 - thought=2 text=\"Hello\" model=\"claude-x\""},
	{"a whole error",                    200, JSON, FAILURE("api_error") SAYS("gone"),
         "in_doubt/server" NONE " - error=\"gone\""																		 },
	{"400, too long",                    400, JSON,
         FAILURE("invalid_request_error")
                 SAYS("prompt is too long: 208310 tokens > 200000 maximum"),
         "rejected_limit" NONE
         " - error=\"prompt is too long: 208310 tokens > 200000 maximum\" said 208310 of 200000"												    },
	{"400, with what was asked for",     400, JSON,
         FAILURE("invalid_request_error")
                 SAYS("input length and `max_tokens` exceed context limit: 200387 + 8192 > 204698, "
                      "decrease input length or `max_tokens` and try again"),
         "rejected_limit" NONE
         " - error=\"input length and `max_tokens` exceed context limit: 200387 + 8192 > 204698, "
         "decrease input length or `max_tokens` and try again\" said 200387 of 204698"													      },
	{"400, its cap",                     400, JSON,
         FAILURE("invalid_request_error") SAYS("max_tokens: 200000 > 64000, which is the maximum "
                                               "allowed number of output tokens"),
         "rejected_other" NONE " - error=\"max_tokens: 200000 > 64000, which is the maximum "
         "allowed number of output tokens\""																			},
	{"400, a parameter",                 400, JSON,
         FAILURE("invalid_request_error") SAYS("`temperature` is deprecated for this model."),
         "rejected_other" NONE " - error=\"`temperature` is deprecated for this model.\""													   },
	{"400, spent",		       400, JSON,
         "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"no "
         "more\","
         "\"details\":{\"error_code\":\"enforced_spend_limit_reached\"}}}",                                                    "failed/auth" NONE " - error=\"no more\""                            },
	{"429, spent by contract",           429, JSON,
         "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"no more\","
         "\"details\":{\"error_code\":\"contract_spend_limit_reached\"}}}",                                                    "failed/auth" NONE " - error=\"no more\""                            },
	{"400, not for this account",        400, JSON,
         FAILURE("invalid_request_error")
                 SAYS("The long context beta is not yet available for this subscription."),
         "rejected_other" NONE
         " - error=\"The long context beta is not yet available for this subscription.\""													   },
	{"429, not for this account",        429, JSON,
         FAILURE("rate_limit_error") SAYS("Extra usage is required for long context requests."),
         "rejected_other" NONE " - error=\"Extra usage is required for long context requests.\""												    },
	{"401",			      401, JSON, FAILURE("authentication_error") SAYS("invalid x-api-key"),
         "failed/auth" NONE " - error=\"invalid x-api-key\""																	},
	{"404",			      404, JSON, FAILURE("not_found_error") SAYS("model: m-1"),
         "rejected_other" NONE " - error=\"model: m-1\""																	    },
	{"413",			      413, JSON, FAILURE("request_too_large") SAYS("Request exceeds the maximum size"),
         "failed/body_cap" NONE " - error=\"Request exceeds the maximum size\""														     },
	{"400, too large once unpacked",     400, JSON,
         "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"large\","
         "\"details\":{\"error_code\":\"request_body_too_large_after_decoding\"}}}",                                           "failed/body_cap" NONE " - error=\"large\""                          },
	{"429",			      429, JSON,
         FAILURE("rate_limit_error") SAYS("This request would exceed your rate limit"),
         "failed/rate" NONE " - error=\"This request would exceed your rate limit\" again"													  },
	{"500",			      500, JSON, FAILURE("api_error") SAYS("Internal server error"),
         "in_doubt/server" NONE " - error=\"Internal server error\""																},
	{"504",			      504, JSON, FAILURE("timeout_error") SAYS("Request timed out"),
         "in_doubt/server" NONE " - error=\"Request timed out\""																    },
	{"529",			      529, JSON, FAILURE("overloaded_error") SAYS("Overloaded"),
         "failed/rate" NONE " - error=\"Overloaded\" again"																	 },
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
	assert_body(
		NAME, "{\"model\":\"m\"}", "Be \"short\".",
		"{\"model\":\"m\",\"system\":[{\"type\":\"text\",\"text\":\"Be \\\"short\\\".\"}],"
		"\"messages\":[{\"role\":\"user\",\"content\":\"line\\nand \\\"more\\\"\"},"
		"{\"role\":\"assistant\",\"content\":\"Yes.\"},"
		"{\"role\":\"user\",\"content\":\"Why?\"}]}");
	assert_body(NAME, "{\"model\":\"m\"}", NULL,
	            "{\"model\":\"m\",\"messages\":["
	            "{\"role\":\"user\",\"content\":\"line\\nand \\\"more\\\"\"},"
	            "{\"role\":\"assistant\",\"content\":\"Yes.\"},"
	            "{\"role\":\"user\",\"content\":\"Why?\"}]}");
	assert_url(NAME, "https://h.example/v1/", "m", true, "https://h.example/v1/messages");
	assert_string_equal(fm_dialect_key_header(dialect), "x-api-key: ");
	assert_string_equal(fm_dialect_headers(dialect)[0], "anthropic-version: 2023-06-01");
	assert_null(fm_dialect_headers(dialect)[1]);
	assert_string_equal(fm_dialect_accept(dialect, true), "text/event-stream");
}

static void test_progress(void **state)
{
	static const struct step steps[] = {
		{START,            "."},
		{PING,             "."},
		{THINKING_BEGIN,   "."},
		{THOUGHT("hm"),    "r"},
		{REDACTED,         "r"},
		{SIGNATURE,        "r"},
		{TEXT_BEGIN,       "."},
		{TEXT("a"),        "a"},
		{PING,             "."},
		{STOP("end_turn"), "t"},
		{END,              "t"},
		{PING,             "."},
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
	return cmocka_run_group_tests_name("wire/anthropic", tests, NULL, NULL) != 0;
}
