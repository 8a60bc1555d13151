#include "dialect_support.h"

#include "wire/frames.h"

#define NAME "bedrock"
#define HEAD "{\"inferenceConfig\":{\"maxTokens\":16"

static struct params_case params[] = {
	{"plain",		    "",						     "",						 true,  HEAD "}}"                               },
	{"not a stream",             "",						     "",						 false, HEAD "}}"                               },
	{"settings",                 "{\"temperature\":0,\"top_p\":0.9,\"stop\":[\"END\"]}", "",                                                 true,
         HEAD ",\"stopSequences\":[\"END\"],\"temperature\":0,\"topP\":0.9}}"														   },
	{"one word to stop at",      "{\"stop\":\"END\"}",                                   "",                                                 true,
         HEAD ",\"stopSequences\":[\"END\"]}}"																		  },
	{"more",		     "",						     "{\"additionalModelRequestFields\":{\"top_k\":1}}", true,
         "{\"additionalModelRequestFields\":{\"top_k\":1},\"inferenceConfig\":{\"maxTokens\":16}}"                                                                                              },
	{"seed",		     "{\"seed\":7}",					 "",						 true,  "!params: the endpoint has no \"seed\"" },
	{"top_k",		    "{\"top_k\":7}",					"",						 true,  "!params: the endpoint has no \"top_k\""},
	{"sets the config",          "",						     "{\"inferenceConfig\":{}}",                         true,
         "!extra_body: may not set \"inferenceConfig\""																	 },
	{"sets the system",          "",						     "{\"system\":[]}",                                  true,  "!extra_body: may not set \"system\""   },
	{"fills in a stored prompt", "",						     "{\"promptVariables\":{}}",                         true,
         "!extra_body: may not set \"promptVariables\""																	 },
};

static void test_params(void **state)
{
	assert_params(NAME, 0, *state);
}

/* One message a line: its type, a blank, its payload; '!' before the type is an exception. */
#define EVENT(type, json) type " " json "\n"
#define START EVENT("messageStart", "{\"role\":\"assistant\"}")
#define BLOCK EVENT("contentBlockStart", "{\"start\":{},\"contentBlockIndex\":0}")
#define DELTA(delta)                                                                       \
	EVENT("contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":{" delta "},\"p\":" \
	                           "\"abcd\"}")
#define TEXT(text) DELTA("\"text\":\"" text "\"")
#define THOUGHT DELTA("\"reasoningContent\":{\"text\":\"Let me\"}")
#define SIGNATURE DELTA("\"reasoningContent\":{\"signature\":\"x\"}")
#define BLOCK_END EVENT("contentBlockStop", "{\"contentBlockIndex\":0}")
#define STOP(word) EVENT("messageStop", "{\"stopReason\":\"" word "\"}")
#define CACHED(total)                                                                             \
	"{\"usage\":{\"inputTokens\":100,\"outputTokens\":20,\"totalTokens\":" total              \
	",\"cacheReadInputTokens\":9000,\"cacheWriteInputTokens\":5},\"metrics\":{\"latencyMs\":" \
	"4821}}"
#define USAGE EVENT("metadata", CACHED("9125"))
#define INSIDE EVENT("metadata", CACHED("120"))
#define NO_CACHE          \
	EVENT("metadata", \
	      "{\"usage\":{\"inputTokens\":9000,\"outputTokens\":20,\"totalTokens\":9020}}")
#define HELLO START BLOCK TEXT("Hel") TEXT("lo") BLOCK_END
#define TOO_LONG "Input is too long for requested model."
#define OVER "input length and `max_tokens` exceed context limit: 200387 + 8192 > 204698"
#define MESSAGE(text) "{\"message\":\"" text "\"}"
#define INVALID EVENT("!validationException", MESSAGE(TOO_LONG))
#define THROTTLED EVENT("!throttlingException:http://a.example/", MESSAGE("slow down"))
#define MODEL_FAILED                        \
	EVENT("!modelStreamErrorException", \
	      "{\"message\":\"gone\",\"originalStatusCode\":500,\"originalMessage\":\"it fell\"}")
#define NAME_ONLY EVENT("!internalServerException", "")
#define STRANGER EVENT("chunk", "no json")
#define BROKEN EVENT("messageStop", "{\"stop")
#define WHOLE                                                                                     \
	"{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[{\"reasoningContent\":"    \
	"{\"reasoningText\":{\"text\":\"Let me\",\"signature\":\"x\"}}},{\"text\":\"Hello\"}]}}," \
	"\"stopReason\":\"end_turn\",\"usage\":{\"inputTokens\":9000,\"outputTokens\":20,"        \
	"\"totalTokens\":9020},\"metrics\":{\"latencyMs\":4821}}"
#define ALL " 9105 9000 5 20 -"
#define FEW " 9000 - - 20 -"
#define NONE " - - - - -"
#define SAID " text=\"Hello\""
#define UNKNOWN_STOP "the model stopped for a reason unknown here: "

static struct reply_case replies[] = {
	{"whole stream",                   200, NULL, HELLO STOP("end_turn") USAGE,                                 "answered stop" ALL SAID                    },
	{"thoughts",		       200, NULL, START THOUGHT SIGNATURE TEXT("Hello") STOP("end_turn") USAGE,
         "answered stop" ALL " thought=6" SAID														  },
	{"no cache",		       200, NULL, HELLO STOP("end_turn") NO_CACHE,                              "answered stop" FEW SAID                    },
	{"cache counted inside",           200, NULL, HELLO STOP("end_turn") INSIDE,
         "answered stop 100 9000 5 20 -" SAID														   },
	{"no metadata",                    200, NULL, HELLO STOP("end_turn"),                                       "answered stop" NONE SAID                   },
	{"words to stop at",               200, NULL, HELLO STOP("stop_sequence") USAGE,
         "answered stop" ALL SAID															       },
	{"output cap",                     200, NULL, HELLO STOP("max_tokens") USAGE,                               "cut_output length" ALL SAID                },
	{"window full",                    200, NULL, HELLO STOP("model_context_window_exceeded") USAGE,
         "cut_output context_full" ALL SAID														     },
	{"filtered",		       200, NULL, HELLO STOP("content_filtered") USAGE,
         "refused content_filter" ALL SAID														      },
	{"guarded",			200, NULL, HELLO STOP("guardrail_intervened") USAGE,
         "refused content_filter" ALL SAID														      },
	{"a tool",			 200, NULL, HELLO STOP("tool_use") USAGE,                                 "answered tool" ALL SAID                    },
	{"a tool, badly",                  200, NULL, HELLO STOP("malformed_tool_use") USAGE,
         "answered tool" ALL SAID															       },
	{"malformed",		      200, NULL, HELLO STOP("malformed_model_output") USAGE,
         "in_doubt/server error" ALL SAID														       },
	{"why unknown",                    200, NULL, HELLO STOP("tired") USAGE,
         "in_doubt/incomplete error" ALL SAID " error=\"" UNKNOWN_STOP "tired\""										},
	{"strangers",		      200, NULL, STRANGER HELLO STOP("end_turn") USAGE,                        "answered stop" ALL SAID                    },
	{"cut stream",                     200, NULL, HELLO,							"in_doubt/incomplete -" NONE SAID           },
	{"too long, said in the stream",   200, NULL, START INVALID,
         "rejected_limit -" NONE " error=\"" TOO_LONG "\""												      },
	{"too long, said after an answer", 200, NULL, HELLO INVALID,
         "in_doubt/server -" NONE SAID " error=\"" TOO_LONG "\""												},
	{"throttled in the stream",        200, NULL, THROTTLED,
         "in_doubt/server -" NONE " error=\"slow down\""													},
	{"the model failed",               200, NULL, HELLO MODEL_FAILED,
         "in_doubt/server -" NONE SAID " error=\"gone: it fell\""											       },
	{"failed after the stop",          200, NULL, HELLO STOP("end_turn") NAME_ONLY,
         "in_doubt/server stop" NONE SAID " error=\"internalServerException\""										  },
	{"no json",			200, NULL, TEXT("Hello") BROKEN,
         "endpoint_violation -" NONE SAID " error=\"a string without an end at byte 6\""                                                                        },
	{"whole answer",                   200, JSON, WHOLE,							"answered stop" FEW " thought=6" SAID       },
	{"400, too long",                  400, JSON, MESSAGE(TOO_LONG),
         "rejected_limit -" NONE " error=\"" TOO_LONG "\""												      },
	{"400, numbers",                   400, JSON, MESSAGE(OVER),
         "rejected_limit -" NONE " error=\"" OVER "\" said 200387 of 204698"										    },
	{"403, in capitals",               403, JSON, "{\"Message\":\"not authorized\"}",
         "failed/auth -" NONE " error=\"not authorized\""												       },
	{"424",			    424, JSON, MESSAGE("model failed"),
         "rejected_other -" NONE " error=\"model failed\""												      },
	{"429",			    429, JSON, MESSAGE("Too many tokens"),
         "failed/rate -" NONE " error=\"Too many tokens\" again"												},
	{"503",			    503, JSON, MESSAGE("busy"),					      "failed/rate -" NONE " error=\"busy\" again"},
};

static void put_frames(struct fm_buf *out, struct fm_span script)
{
	struct fm_span line;

	while (fm_span_split(&script, '\n', &line)) {
		struct fm_event event = {.exception = fm_span_starts(line, "!")};

		if (event.exception)
			line = fm_span_skip(line, 1);
		event.type = fm_span_first(line, fm_span_find_byte(line, ' '));
		event.data = fm_span_skip(line, event.type.len + 1);
		fm_frames_put(out, &event);
	}
}

static void test_reply(void **state)
{
	const struct reply_case *c = *state;
	struct fm_buf frames;

	fm_buf_init(&frames, DIALECT_TEXT_MAX);
	if (c->type == NULL)
		put_frames(&frames, fm_span_of(c->body));
	else
		fm_buf_puts(&frames, c->body);
	assert_reply(NAME, c, fm_buf_span(&frames));
	fm_buf_free(&frames);
}

/* A wrong sum is the end of the stream, whatever came before it. */
static void test_damage(void **state)
{
	static const struct reply_case c = {"damage", 200, NULL, HELLO STOP("end_turn"),
	                                    "endpoint_violation -" NONE SAID
	                                    " error=\"a message's sum is wrong\""};
	struct fm_buf frames;

	(void)state;
	fm_buf_init(&frames, DIALECT_TEXT_MAX);
	put_frames(&frames, fm_span_of(c.body));
	frames.ptr[frames.len - 1] ^= 1;
	assert_reply(NAME, &c, fm_buf_span(&frames));
	fm_buf_free(&frames);
}

/* The name of an error's class stands in a header, its address behind a colon. */
static void test_error_type(void **state)
{
	struct fm_reader *reader = fm_reader_open(fm_dialect_find(NAME), true);
	struct fm_reply reply;

	(void)state;
	fm_reader_status(reader, 400);
	fm_reader_header(reader, fm_span_of("x-amzn-ErrorType"),
	                 fm_span_of("ServiceQuotaExceededException:http://a.example/"));
	fm_reader_finish(reader, FM_END_CLEAN, true, 0, &reply);
	assert_int_equal(reply.outcome, FM_FAILED);
	assert_int_equal(reply.reason, FM_REASON_AUTH);
	fm_reader_close(reader);
}

static void test_progress(void **state)
{
	static const struct step lines[] = {
		{START,            "."},
                {THOUGHT,          "r"},
                {SIGNATURE,        "."},
		{TEXT("a"),        "a"},
                {STOP("end_turn"), "t"},
                {USAGE,            "t"},
	};
	struct fm_reader *reader = fm_reader_open(fm_dialect_find(NAME), true);

	(void)state;
	fm_reader_status(reader, 200);
	for (size_t i = 0; i < FM_COUNT(lines); i++) {
		struct fm_progress got;
		struct fm_buf frames;
		struct fm_err err;
		char text[8];

		fm_buf_init(&frames, DIALECT_TEXT_MAX);
		put_frames(&frames, fm_span_of(lines[i].bytes));
		assert_int_equal(fm_reader_feed(reader, fm_buf_span(&frames), &got, &err), FM_OK);
		(void)snprintf(text, sizeof text, "%s%s%s%s", got.reasoning ? "r" : "",
		               got.answer ? "a" : "", got.terminal ? "t" : "", got.life ? "." : "");
		assert_string_equal(text, lines[i].want);
		fm_buf_free(&frames);
	}
	fm_reader_close(reader);
}

static void test_request(void **state)
{
	const struct fm_dialect *dialect = fm_dialect_find(NAME);

	(void)state;
	assert_body(NAME, "{\"inferenceConfig\":{}}", "Be \"short\".",
	            "{\"inferenceConfig\":{},\"system\":[{\"text\":\"Be \\\"short\\\".\"}],"
	            "\"messages\":["
	            "{\"role\":\"user\",\"content\":[{\"text\":\"line\\nand \\\"more\\\"\"}]},"
	            "{\"role\":\"assistant\",\"content\":[{\"text\":\"Yes.\"}]},"
	            "{\"role\":\"user\",\"content\":[{\"text\":\"Why?\"}]}]}");
	assert_body(NAME, "{\"inferenceConfig\":{}}", NULL,
	            "{\"inferenceConfig\":{},\"messages\":["
	            "{\"role\":\"user\",\"content\":[{\"text\":\"line\\nand \\\"more\\\"\"}]},"
	            "{\"role\":\"assistant\",\"content\":[{\"text\":\"Yes.\"}]},"
	            "{\"role\":\"user\",\"content\":[{\"text\":\"Why?\"}]}]}");
	assert_url(
		NAME, "https://h.example", "us.meta.llama4-scout-17b-instruct-v1:0", true,
		"https://h.example/model/us.meta.llama4-scout-17b-instruct-v1%3A0/converse-stream");
	assert_url(NAME, "https://h.example/", "arn:aws:x/y", false,
	           "https://h.example/model/arn%3Aaws%3Ax%2Fy/converse");
	assert_string_equal(fm_dialect_key_header(dialect), "Authorization: Bearer ");
	assert_string_equal(fm_dialect_accept(dialect, true), "application/vnd.amazon.eventstream");
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(params) + FM_COUNT(replies) + 4];
	size_t n = 0;

	for (size_t i = 0; i < FM_COUNT(params); i++)
		tests[n++] =
			(struct CMUnitTest){params[i].name, test_params, NULL, NULL, &params[i]};
	for (size_t i = 0; i < FM_COUNT(replies); i++)
		tests[n++] =
			(struct CMUnitTest){replies[i].name, test_reply, NULL, NULL, &replies[i]};
	tests[n++] = (struct CMUnitTest){"damage", test_damage, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"error type", test_error_type, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"progress", test_progress, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"request", test_request, NULL, NULL, NULL};
	return cmocka_run_group_tests_name("wire/bedrock", tests, NULL, NULL) != 0;
}
