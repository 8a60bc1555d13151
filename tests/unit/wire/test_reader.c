#include "test.h"

#include <stdio.h>
#include <string.h>

#include "base/macro.h"
#include "wire/dialect.h"

#define DELTA(delta) "{\"model\":\"m-1\",\"choices\":[{\"index\":0,\"delta\":" delta "}]}"
#define STOP(word)                                                                            \
	"{\"model\":\"m-1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"" word \
	"\"}]}"
#define DATA(json) "data: " json "\n\n"
#define HELLO                                                       \
	DATA(DELTA("{\"role\":\"assistant\",\"content\":\"Hel\"}")) \
	DATA(DELTA("{\"content\":\"lo\"}"))
#define DONE DATA("[DONE]")
#define USAGE                                                                              \
	DATA("{\"choices\":[],\"usage\":{\"prompt_tokens\":9000,\"completion_tokens\":12," \
	     "\"total_tokens\":9012,\"prompt_tokens_details\":{\"cached_tokens\":8832,"    \
	     "\"cache_write_tokens\":4},\"completion_tokens_details\":{\"reasoning_tokens\":3}}}")
#define EVENTS "text/event-stream"
#define JSON "application/json"

/* What an endpoint sends, how the connection ends, and what must be made of it. */
static struct reply_case {
	const char *name;
	int status;
	const char *type, *body;
	enum fm_transport_end end;
	bool half; /* our body did not go out completely */
	enum fm_outcome outcome;
	enum fm_reason reason;
	bool may_retry;
	const char *answer, *error;
} replies[] = {
	{"whole stream",                     200, EVENTS,                              HELLO DATA(STOP("stop")) USAGE DONE,                           FM_END_CLEAN,       false,
         FM_ANSWERED,																						   FM_REASON_NONE,        false, "Hello",         ""                     },
	{"type with parameters",             200, "text/event-stream; charset=latin1", HELLO DATA(STOP("stop")),
         FM_END_CLEAN,																		    false, FM_ANSWERED,           FM_REASON_NONE,        false, "Hello",         ""                     },
	{"type in capitals",                 200, "Text/Event-Stream;",                HELLO DATA(STOP("stop")),                                      FM_END_CLEAN,
         false,																				  FM_ANSWERED,           FM_REASON_NONE,        false, "Hello",         ""                     },
	{"no type",			  200, "",				  HELLO DATA(STOP("stop")),                                      FM_END_CLEAN,       false, FM_ANSWERED,
         FM_REASON_NONE,																								       false, "Hello",         ""                     },
	{"bytes behind done",                200, EVENTS,                              HELLO DATA(STOP("stop")) DONE "data: junk\n\n",
         FM_END_CLEAN,																		    false, FM_ANSWERED,           FM_REASON_NONE,        false, "Hello",         ""                     },
	{"blanks around done",               200, EVENTS,                              HELLO DATA(STOP("stop")) "data:   [DONE]  \n\n",
         FM_END_CLEAN,																		    false, FM_ANSWERED,           FM_REASON_NONE,        false, "Hello",         ""                     },
	{"lost after the stop",              200, EVENTS,                              HELLO DATA(STOP("stop")),                                      FM_END_LOST,        false,
         FM_ANSWERED,																						   FM_REASON_NONE,        false, "Hello",         ""                     },
	{"done without a stop",              200, EVENTS,                              HELLO DONE,                                                    FM_END_CLEAN,       false, FM_IN_DOUBT,
         FM_REASON_INCOMPLETE,																								 false, "Hello",         ""                     },
	{"no terminator",                    200, EVENTS,                              HELLO,							 FM_END_CLEAN,       false, FM_IN_DOUBT,
         FM_REASON_INCOMPLETE,																								 false, "Hello",         ""                     },
	{"role, then the end",               200, EVENTS,                              DATA(DELTA("{\"role\":\"assistant\"}")),                       FM_END_CLEAN,
         false,																				  FM_IN_DOUBT,           FM_REASON_INCOMPLETE,  false, "",              ""                     },
	{"nothing at all",                   200, EVENTS,                              "",							    FM_END_CLEAN,       false, FM_IN_DOUBT,           FM_REASON_INCOMPLETE,
         false,																										       "",              ""                     },
	{"comments only",                    200, EVENTS,                              ": OPENROUTER PROCESSING\n\n: x\n\n",                          FM_END_TIMEOUT,     false,
         FM_IN_DOUBT,																						   FM_REASON_TIMEOUT,     false, "",              ""                     },
	{"pings and strangers",              200, EVENTS,
         "event: ping\ndata: {}\n\nevent: odd\ndata: not json\n\n" HELLO DATA(STOP("stop")),
         FM_END_CLEAN,																		    false, FM_ANSWERED,           FM_REASON_NONE,        false, "Hello",         ""                     },
	{"unknown members",                  200, EVENTS,
         DATA("{\"obfuscation\":\"p9\",\"choices\":[{\"index\":0,\"logprobs\":null,\"delta\":{"
              "\"x\":1,"
              "\"content\":\"a\"},\"finish_reason\":null}],\"usage\":null}") DATA(STOP("stop")),
         FM_END_CLEAN,																		    false, FM_ANSWERED,           FM_REASON_NONE,        false, "a",             ""                     },
	{"another choice",                   200, EVENTS,
         DATA("{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"b\"},\"finish_reason\":"
              "\"length\"},"
              "{\"index\":0,\"delta\":{\"content\":\"a\"}}]}") DATA(STOP("stop")),
         FM_END_CLEAN,																		    false, FM_ANSWERED,           FM_REASON_NONE,        false, "a",             ""                     },
	{"null and empty content",           200, EVENTS,
         DATA(DELTA("{\"content\":null}")) DATA(DELTA("{\"content\":\"\"}")) DATA(STOP("stop")),
         FM_END_CLEAN,																		    false, FM_ANSWERED,           FM_REASON_NONE,        false, "",              ""                     },
	{"content in parts",                 200, EVENTS,
         DATA(DELTA("{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\","
                    "\"text\":\"hm\"}]},{\"type\":\"text\",\"text\":\"a\"}]}")) DATA(STOP("stop")),
         FM_END_CLEAN,																		    false, FM_ANSWERED,           FM_REASON_NONE,        false, "a",             ""                     },
	{"line ends inside the json",        200, EVENTS,
         "data: {\"choices\":[\r\ndata: {\"index\":0,\"delta\":{\"content\":\"a\"},\r\ndata: "
         "\"finish_reason\":\"stop\"}]}\r\n\r\n",                                                                                                     FM_END_CLEAN,       false, FM_ANSWERED,           FM_REASON_NONE,        false, "a",             ""                     },
	{"broken utf-8",                     200, EVENTS,                              DATA(DELTA("{\"content\":\"a\xFF\"}")) DATA(STOP("stop")),
         FM_END_CLEAN,																		    false, FM_ANSWERED,           FM_REASON_NONE,        false, "a\xEF\xBF\xBD", ""                     },
	{"length",			   200, EVENTS,                              HELLO DATA(STOP("length")),                                    FM_END_CLEAN,       false, FM_CUT_OUTPUT,
         FM_REASON_NONE,																								       false, "Hello",         ""                     },
	{"window full",                      200, EVENTS,                              HELLO DATA(STOP("model_context_window_exceeded")),
         FM_END_CLEAN,																		    false, FM_CUT_OUTPUT,         FM_REASON_NONE,        false, "Hello",         ""                     },
	{"content filter",                   200, EVENTS,                              DATA(STOP("content_filter")),                                  FM_END_CLEAN,       false,
         FM_REFUSED,																						    FM_REASON_NONE,        false, "",              ""                     },
	{"refusal",			  200, EVENTS,                              DATA(DELTA("{\"refusal\":\"I cannot\"}")) DATA(STOP("stop")),
         FM_END_CLEAN,																		    false, FM_REFUSED,            FM_REASON_NONE,        false, "",              ""                     },
	{"unknown reason",                   200, EVENTS,                              HELLO DATA(STOP("tired")),                                     FM_END_CLEAN,       false, FM_IN_DOUBT,
         FM_REASON_INCOMPLETE,																								 false, "Hello",         "tired"                },
	{"stopped by an error",              200, EVENTS,                              HELLO DATA(STOP("error")),                                     FM_END_CLEAN,       false,
         FM_IN_DOUBT,																						   FM_REASON_SERVER,      false, "Hello",         ""                     },
	{"error object",                     200, EVENTS,                              HELLO DATA("{\"error\":{\"code\":502,\"message\":\"gone\"}}"),
         FM_END_CLEAN,																		    false, FM_IN_DOUBT,           FM_REASON_SERVER,      false, "Hello",         "gone"                 },
	{"error of OpenRouter",              200, EVENTS,
         DATA("{\"error\":{\"code\":502,\"message\":\"Provider disconnected\",\"metadata\":"
              "{\"error_type\":\"provider_unavailable\"}},\"choices\":[{\"index\":0,\"delta\":"
              "{\"content\":\"\"},\"finish_reason\":\"error\"}]}") DONE,
         FM_END_CLEAN,																		    false, FM_IN_DOUBT,           FM_REASON_SERVER,      false, "",              "Provider disconnected"},
	{"error of vLLM",                    200, EVENTS,
         DATA("{\"object\":\"error\",\"message\":\"gone\",\"code\":500}"),									    FM_END_CLEAN,       false,
         FM_IN_DOUBT,																						   FM_REASON_SERVER,      false, "",              "gone"                 },
	{"error of TGI",                     200, EVENTS,                              "data:{\"error\":\"gone\",\"error_type\":\"generation\"}\n\n",
         FM_END_CLEAN,																		    false, FM_IN_DOUBT,           FM_REASON_SERVER,      false, "",              "gone"                 },
	{"error by its name",                200, EVENTS,                              "event: error\ndata: {\"message\":\"gone\"}\n\n",
         FM_END_CLEAN,																		    false, FM_IN_DOUBT,           FM_REASON_SERVER,      false, "",              "gone"                 },
	{"error by its name, no json",       200, EVENTS,                              "event: error\ndata: gone\n\n",                                FM_END_CLEAN,
         false,																				  FM_IN_DOUBT,           FM_REASON_SERVER,      false, "",              "gone"                 },
	{"too long, said in the stream",     200, EVENTS,
         DATA("{\"error\":{\"code\":\"context_length_exceeded\",\"message\":\"Your input exceeds "
              "the "
              "context window of this model.\"}}"),
         FM_END_CLEAN,																		    false, FM_REJECTED_LIMIT,     FM_REASON_NONE,        false, "",              "exceeds"              },
	{"too long, said after an answer",   200, EVENTS,
         HELLO DATA("{\"error\":\"Prompt exceeds max length\"}"),										     FM_END_CLEAN,       false, FM_IN_DOUBT,
         FM_REASON_SERVER,																								     false, "Hello",         "exceeds"              },
	{"no json",			  200, EVENTS,                              HELLO "data: {\"choices\n\n",                                  FM_END_CLEAN,       false,
         FM_ENDPOINT_VIOLATION,																					 FM_REASON_NONE,        false, "Hello",         ""                     },
	{"a member twice",                   200, EVENTS,                              DATA("{\"choices\":[],\"choices\":[]}"),                       FM_END_CLEAN,
         false,																				  FM_ENDPOINT_VIOLATION, FM_REASON_NONE,        false, "",              "twice"                },
	{"a page",			   200, "text/html",                         "<html>please log in</html>",                                  FM_END_CLEAN,       false,
         FM_ENDPOINT_VIOLATION,																					 FM_REASON_NONE,        false, "",              "please log in"        },
	{"lines of json",                    200, "application/x-ndjson",              "{\"done\":true}\n",                                           FM_END_CLEAN,       false,
         FM_ENDPOINT_VIOLATION,																					 FM_REASON_NONE,        false, "",              "done"                 },
	{"whole json",		       200, JSON,
         "\n\n{\"model\":\"m-1\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
         "\"content\":\"Hello\",\"refusal\":null},\"finish_reason\":\"stop\"}]}\n",                                                                   FM_END_CLEAN,       false, FM_ANSWERED,           FM_REASON_NONE,        false, "Hello",         ""                     },
	{"whole json, an error",             200, JSON,                                "{\"error\":{\"code\":429,\"message\":\"busy\"}}",
         FM_END_CLEAN,																		    false, FM_IN_DOUBT,           FM_REASON_SERVER,      false, "",              "busy"                 },
	{"whole json, an error in a list",   200, JSON,
         "[{\"error\":{\"code\":400,\"message\":\"no\"}}]",											   FM_END_CLEAN,       false, FM_IN_DOUBT,
         FM_REASON_SERVER,																								     false, "",              "no"                   },
	{"half a json",                      200, JSON,                                "{\"choices\":[{\"index\":0,\"mess",                           FM_END_CLEAN,       false,
         FM_IN_DOUBT,																						   FM_REASON_INCOMPLETE,  false, "",              ""                     },
	{"an empty answer",                  204, "",                                  "",							    FM_END_CLEAN,       false, FM_IN_DOUBT,           FM_REASON_INCOMPLETE,
         false,																										       "",              ""                     },
	{"unreachable",                      0,   "",				  "",							    FM_END_UNREACHABLE, true,  FM_FAILED,             FM_REASON_UNREACHABLE, true,
         "",																													   ""		     },
	{"lost, body half out",              0,   "",                                  "",							    FM_END_LOST,        true,  FM_FAILED,             FM_REASON_UNREACHABLE,
         true,																											"",              ""		     },
	{"stalled, body half out",           0,   "",                                  "",							    FM_END_TIMEOUT,     true,  FM_FAILED,
         FM_REASON_UNREACHABLE,																								true,  "",              ""                     },
	{"lost, body out",                   0,   "",				  "",							    FM_END_LOST,        false, FM_IN_DOUBT,           FM_REASON_LOST,        false, "",
         ""																																   },
	{"no answer, body out",              0,   "",                                  "",							    FM_END_TIMEOUT,     false, FM_IN_DOUBT,           FM_REASON_TIMEOUT,
         false,																										       "",              ""                     },
	{"ended without a word",             0,   "",                                  "",							    FM_END_CLEAN,       false, FM_IN_DOUBT,           FM_REASON_LOST,        false,
         "",																													   ""		     },
	{"answering before the body is out", 200, EVENTS,                              HELLO,                                                         FM_END_LOST,        true,  FM_IN_DOUBT,
         FM_REASON_LOST,																								       false, "Hello",         ""                     },
	{"cancelled early",                  0,   "",                                  "",							    FM_END_CANCELLED,   true,  FM_CANCELLED,          FM_REASON_NONE,        false,
         "",																													   ""		     },
	{"cancelled late",                   0,   "",				  "",							    FM_END_CANCELLED,   false, FM_IN_DOUBT,           FM_REASON_LOST,        false,
         "",																													   ""		     },
	{"broken http",                      0,   "",				  "",							    FM_END_VIOLATION,   false, FM_ENDPOINT_VIOLATION, FM_REASON_NONE,
         false,																										       "",              ""                     },
	{"redirect",			 307, "",				  "",							    FM_END_CLEAN,       false, FM_ENDPOINT_VIOLATION, FM_REASON_NONE,        false,
         "",																													   "redirect"             },
	{"not modified",                     304, "",				  "",							    FM_END_CLEAN,       false, FM_ENDPOINT_VIOLATION, FM_REASON_NONE,
         false,																										       "",              ""                     },
	{"400, overflow",                    400, JSON,
         "{\"error\":{\"message\":\"prompt is too long: 208310 tokens > 200000 maximum\"}}",                                                          FM_END_CLEAN,       false, FM_REJECTED_LIMIT,     FM_REASON_NONE,        false, "",              "208310"               },
	{"400, error as a string",           400, JSON,
         "{\"code\":\"invalid-argument\",\"error\":\"This model's maximum prompt length is 5 but "
         "the "
         "request contains 6 tokens.\"}",                                                                                                             FM_END_CLEAN,       false, FM_REJECTED_LIMIT,     FM_REASON_NONE,        false, "",              "maximum prompt"       },
	{"400, message alone",               400, JSON,
         "{\"message\":\"too many tokens: size limit exceeded by 3 tokens\"}",                                                                        FM_END_CLEAN,       false,
         FM_REJECTED_LIMIT,																					     FM_REASON_NONE,        false, "",              "size limit"           },
	{"400, detail",                      400, JSON,                                "{\"detail\":\"Prompt exceeds max length\"}",                  FM_END_CLEAN,
         false,																				  FM_REJECTED_LIMIT,     FM_REASON_NONE,        false, "",              "Prompt"               },
	{"422, list of details",             422, JSON,
         "{\"detail\":[{\"loc\":[\"body\"],\"msg\":\"field required\"}]}",									    FM_END_CLEAN,       false,
         FM_REJECTED_OTHER,																					     FM_REASON_NONE,        false, "",              "field required"       },
	{"400, raw json",                    400, JSON,
         "{\"error\":{\"message\":\"Provider returned error\",\"code\":400,\"metadata\":{\"raw\":"
         "\"{\\\"error\\\":{\\\"message\\\":\\\"prompt is too long: 9 tokens > 8 "
         "maximum\\\"}}\"}}}",                                                                                                                        FM_END_CLEAN,       false, FM_REJECTED_LIMIT,     FM_REASON_NONE,        false, "",              "too long: 9"          },
	{"400, raw text",                    400, JSON,
         "{\"error\":{\"message\":\"Provider returned error\",\"code\":400,\"metadata\":{\"raw\":"
         "\"prompt is too long: 9 tokens > 8 maximum\"}}}",                                                                                           FM_END_CLEAN,       false, FM_REJECTED_LIMIT,     FM_REASON_NONE,        false, "",              "too long: 9"          },
	{"400, plain text",                  400, "text/plain",                        "prompt is too long: 9 tokens > 8 maximum",
         FM_END_CLEAN,																		    false, FM_REJECTED_LIMIT,     FM_REASON_NONE,        false, "",              "too long: 9"          },
	{"400, empty",		       400, "",				  "",							    FM_END_CLEAN,       false, FM_REJECTED_LIMIT,     FM_REASON_NONE,        false,
         "",																													   ""		     },
	{"400, other",		       400, JSON,                                "{\"error\":{\"message\":\"bad temperature\"}}",               FM_END_CLEAN,
         false,																				  FM_REJECTED_OTHER,     FM_REASON_NONE,        false, "",              "temperature"          },
	{"404",			      404, JSON,				"{\"error\":{\"message\":\"no such model\"}}",                 FM_END_CLEAN,       false,
         FM_REJECTED_OTHER,																					     FM_REASON_NONE,        false, "",              "no such"              },
	{"401",			      401, JSON,				"{}",							  FM_END_CLEAN,       false, FM_FAILED,             FM_REASON_AUTH,        false, "",              ""                     },
	{"402",			      402, JSON,				"{}",							  FM_END_CLEAN,       false, FM_FAILED,             FM_REASON_AUTH,        false, "",              ""                     },
	{"403",			      403, JSON,				"{}",							  FM_END_CLEAN,       false, FM_FAILED,             FM_REASON_AUTH,        false, "",              ""                     },
	{"408",			      408, JSON,				"{}",							  FM_END_CLEAN,       false, FM_FAILED,             FM_REASON_RATE,        true,  "",              ""                     },
	{"409",			      409, JSON,				"{}",							  FM_END_CLEAN,       false, FM_FAILED,             FM_REASON_RATE,        true,  "",              ""                     },
	{"429",			      429, JSON,				"{}",							  FM_END_CLEAN,       false, FM_FAILED,             FM_REASON_RATE,        true,  "",              ""                     },
	{"503",			      503, JSON,				"{}",							  FM_END_CLEAN,       false, FM_FAILED,             FM_REASON_RATE,        true,  "",              ""                     },
	{"529",			      529, JSON,				"{}",							  FM_END_CLEAN,       false, FM_FAILED,             FM_REASON_RATE,        true,  "",              ""                     },
	{"429, quota",		       429, JSON,
         "{\"error\":{\"code\":\"insufficient_quota\",\"message\":\"pay\"}}",                                                                         FM_END_CLEAN,       false,
         FM_FAILED,																						     FM_REASON_AUTH,        false, "",              "pay"                  },
	{"429, wall",			429, JSON,
         "{\"error\":{\"message\":\"Request too large on tokens per min (TPM): Limit 5, Requested "
         "6.\"}}",                                                                                                                                    FM_END_CLEAN,       false, FM_FAILED,             FM_REASON_MINUTE_WALL, false, "",              "TPM"                  },
	{"413",			      413, "text/html",                         "<h1>413</h1>",                                                FM_END_CLEAN,       true,  FM_FAILED,             FM_REASON_BODY_CAP,
         false,																										       "",              "413"                  },
	{"400, string cap",                  400, JSON,                                "{\"error\":{\"code\":\"string_above_max_length\"}}",
         FM_END_CLEAN,																		    false, FM_FAILED,             FM_REASON_BODY_CAP,    false, "",              ""                     },
	{"500",			      500, JSON,				"{}",							  FM_END_CLEAN,       false, FM_IN_DOUBT,           FM_REASON_SERVER,      false, "",              ""                     },
	{"502",			      502, JSON,				"{}",							  FM_END_CLEAN,       false, FM_IN_DOUBT,           FM_REASON_SERVER,      false, "",              ""                     },
	{"504",			      504, JSON,				"{}",							  FM_END_CLEAN,       false, FM_IN_DOUBT,           FM_REASON_SERVER,      false, "",              ""                     },
	{"524",			      524, JSON,				"{}",							  FM_END_CLEAN,       false, FM_IN_DOUBT,           FM_REASON_SERVER,      false, "",              ""                     },
	{"500, body half out",               500, JSON,                                "{}",							  FM_END_CLEAN,       true,  FM_FAILED,             FM_REASON_SERVER,
         true,																											"",              ""		     },
	{"500, then lost",                   500, JSON,                                "{\"err",						      FM_END_LOST,        false, FM_IN_DOUBT,           FM_REASON_SERVER,
         false,																										       "",              ""                     },
};

static struct fm_reader *open_reader(int status, const char *type)
{
	struct fm_reader *reader = fm_reader_open(fm_dialect_find("openai-chat"), true);

	if (status != 0)
		fm_reader_status(reader, status);
	if (type[0] != '\0')
		fm_reader_header(reader, fm_span_of("CONTENT-type"), fm_span_of(type));
	return reader;
}

static bool feed(struct fm_reader *reader, const char *bytes, size_t len)
{
	struct fm_progress progress;
	struct fm_err err;

	return len == 0 ||
	       fm_reader_feed(reader, fm_span_make(bytes, len), &progress, &err) == FM_OK;
}

static bool holds(struct fm_span text, const char *what)
{
	const struct fm_span part = fm_span_of(what);

	return part.len == 0 || fm_span_find(text, part) < text.len;
}

/* Any cut of the bytes gives the same reply. */
static void test_reply(void **state)
{
	const struct reply_case *c = *state;
	const size_t len = strlen(c->body);

	for (size_t cut = 0; cut <= len; cut++) {
		struct fm_reader *reader = open_reader(c->status, c->type);
		struct fm_reply reply;

		if (feed(reader, c->body, cut))
			(void)feed(reader, c->body + cut, len - cut);
		fm_reader_finish(reader, c->end, !c->half, 0, &reply);
		assert_int_equal(reply.outcome, c->outcome);
		assert_int_equal(reply.reason, c->reason);
		assert_int_equal(reply.may_retry, c->may_retry);
		assert_int_equal(reply.status, c->status);
		assert_int_equal(reply.body_complete, !c->half);
		assert_true(fm_span_is(reply.answer, c->answer));
		assert_true(holds(reply.error, c->error));
		fm_reader_close(reader);
	}
}

/* Usage as each host spells it: in, cached, written, out, reasoning. */
static struct usage_case {
	const char *name, *usage;
	struct fm_usage want;
} usages[] = {
	{"OpenAI",
         "{\"prompt_tokens\":9,\"completion_tokens\":4,\"total_tokens\":13,\"prompt_tokens_"
         "details\":"
         "{\"cached_tokens\":8,\"cache_write_tokens\":1},\"completion_tokens_details\":"
         "{\"reasoning_tokens\":3}}",                                                            {9, 8, 1, 4, 3}            },
	{"reasoning beside the completion",
         "{\"prompt_tokens\":9,\"completion_tokens\":4,\"total_tokens\":16,"
         "\"completion_tokens_details\":{\"reasoning_tokens\":3}}",                              {9, -1, -1, 7, 3}          },
	{"DeepSeek",
         "{\"prompt_tokens\":9,\"completion_tokens\":4,\"prompt_cache_hit_tokens\":6,"
         "\"prompt_cache_miss_tokens\":3}",                                                      {9, 6, -1, 4, -1}          },
	{"DashScope",
         "{\"prompt_tokens\":9,\"completion_tokens\":4,\"prompt_tokens_details\":"
         "{\"cache_creation_input_tokens\":2}}",                                                 {9, -1, 2, 4, -1}          },
	{"Mistral",
         "{\"prompt_tokens\":9,\"completion_tokens\":4,\"num_cached_tokens\":5}",                {9, 5, -1, 4, -1}          },
	{"Together",
         "{\"prompt_tokens\":9,\"completion_tokens\":4,\"cached_tokens\":5}",                    {9, 5, -1, 4, -1}          },
	{"beyond 32 bits",
         "{\"prompt_tokens\":5000000000,\"completion_tokens\":0}",                               {5000000000, -1, -1, 0, -1}},
	{"negative",			"{\"prompt_tokens\":-1,\"completion_tokens\":4}",    {-1, -1, -1, 4, -1}        },
	{"fraction",			"{\"prompt_tokens\":1.5,\"completion_tokens\":4}",   {-1, -1, -1, 4, -1}        },
	{"absurd",			  "{\"prompt_tokens\":1e18,\"completion_tokens\":4}",  {-1, -1, -1, 4, -1}        },
	{"text",			    "{\"prompt_tokens\":\"9\",\"completion_tokens\":4}", {-1, -1, -1, 4, -1}        },
	{"null",			    "null",					      {-1, -1, -1, -1, -1}       },
	{"empty",			   "{}",						{-1, -1, -1, -1, -1}       },
};

static void test_usage(void **state)
{
	const struct usage_case *c = *state;
	struct fm_reader *reader = open_reader(200, EVENTS);
	char stream[600];
	struct fm_reply reply;

	(void)snprintf(stream, sizeof stream,
	               HELLO DATA(STOP("stop")) "data: {\"choices\":[],\"usage\":%s}\n\n",
	               c->usage);
	assert_true(feed(reader, stream, strlen(stream)));
	fm_reader_finish(reader, FM_END_CLEAN, true, 0, &reply);
	assert_int_equal(reply.usage.in, c->want.in);
	assert_int_equal(reply.usage.cached, c->want.cached);
	assert_int_equal(reply.usage.written, c->want.written);
	assert_int_equal(reply.usage.out, c->want.out);
	assert_int_equal(reply.usage.reasoning, c->want.reasoning);
	assert_true(fm_span_is(reply.model_said, "m-1"));
	fm_reader_close(reader);
}

/* Sun, 06 Nov 1994 08:49:37 GMT */
#define NOW_MS INT64_C(784111777000)
#define DAY_MS INT64_C(86400000)

static struct wait_case {
	const char *name, *header, *value;
	int64_t want_ms; /* -1: unknown */
} waits[] = {
	{"seconds",              "Retry-After",    "31",                            31000 },
	{"fraction",             "retry-after",    "0.5",                           500   },
	{"milliseconds",         "Retry-After-Ms", "1500.0",                        1500  },
	{"long milliseconds",    "retry-after-ms", "120000",                        120000},
	{"date",		 "Retry-After",    "Sun, 06 Nov 1994 08:50:37 GMT", 60000 },
	{"date now",             "Retry-After",    "Sun, 06 Nov 1994 08:49:37 GMT", 0     },
	{"date past",            "Retry-After",    "Sun, 06 Nov 1988 08:49:37 GMT", 0     },
	{"date far",             "Retry-After",    "Sun, 06 Nov 2094 08:49:37 GMT", DAY_MS},
	{"a time of RFC 3339",   "Retry-After",    "1994-11-06T08:50:37Z",          60000 },
	{"Go's duration",        "Retry-After",    "1m26.4s",                       86400 },
	{"zero",		 "Retry-After",    "0",                             0     },
	{"negative",             "Retry-After",    "-5",                            0     },
	{"thirty years",         "Retry-After",    "1000000000",                    DAY_MS},
	{"more than any number", "Retry-After",    "99999999999999999999999999",    DAY_MS},
	{"junk",		 "Retry-After",    "soon",                          -1    },
	{"half junk",            "Retry-After",    "5x",                            -1    },
	{"empty",                "Retry-After",    "",                              -1    },
	{"absent",               "X-Other",        "5",                             -1    },
};

static void test_wait(void **state)
{
	const struct wait_case *c = *state;
	struct fm_reader *reader = open_reader(429, JSON);
	struct fm_reply reply;

	fm_reader_header(reader, fm_span_of(c->header), fm_span_of(c->value));
	fm_reader_finish(reader, FM_END_CLEAN, true, NOW_MS, &reply);
	assert_int_equal(reply.retry_after_ns, c->want_ms < 0 ? -1 : c->want_ms * 1000000);
	fm_reader_close(reader);
}

static void test_numbers_said(void **state)
{
	static const char text[] =
		"{\"error\":{\"code\":400,\"message\":\"request too big\",\"type\":"
		"\"exceed_context_size_error\",\"n_prompt_tokens\":13392,\"n_ctx\":8192}}";
	struct fm_reader *reader = open_reader(400, JSON);
	struct fm_reply reply;

	(void)state;
	assert_true(feed(reader, text, strlen(text)));
	fm_reader_finish(reader, FM_END_CLEAN, true, 0, &reply);
	assert_int_equal(reply.outcome, FM_REJECTED_LIMIT);
	assert_int_equal(reply.limit_said, 8192);
	assert_int_equal(reply.actual_said, 13392);
	fm_reader_close(reader);
}

static void test_progress(void **state)
{
	static const struct {
		const char *bytes;
		struct fm_progress want;
	} steps[] = {
		{": ping\n\n",								   {.life = true}     },
		{DATA(DELTA("{\"role\":\"assistant\",\"content\":\"\"}")),                       {.life = true}     },
		{DATA(DELTA("{\"reasoning_content\":\"h\\u00e4\",\"reasoning\":\"h\\u00e4\"}")),
	         {.reasoning = true}										},
		{DATA(DELTA("{\"reasoning\":\"m\"}")),                                           {.reasoning = true}},
		{"data: {\"choi",								{.life = true}     },
		{"ces\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n",                     {.answer = true}   },
		{DATA(STOP("stop")),							     {.terminal = true} },
		{DONE,									   {.terminal = true} },
	};
	struct fm_reader *reader = open_reader(200, EVENTS);
	struct fm_progress got;
	struct fm_reply reply;
	struct fm_err err;

	(void)state;
	for (size_t i = 0; i < FM_COUNT(steps); i++) {
		assert_int_equal(fm_reader_feed(reader, fm_span_of(steps[i].bytes), &got, &err),
		                 FM_OK);
		assert_int_equal(got.life, steps[i].want.life);
		assert_int_equal(got.reasoning, steps[i].want.reasoning);
		assert_int_equal(got.answer, steps[i].want.answer);
		assert_int_equal(got.terminal, steps[i].want.terminal);
	}
	fm_reader_finish(reader, FM_END_CLEAN, true, 0, &reply);
	assert_int_equal(reply.reasoning_chars, 3);
	fm_reader_close(reader);
	fm_reader_close(NULL);
}

/* Empty lines before a whole answer are life, not the answer. */
static void test_progress_whole(void **state)
{
	struct fm_reader *reader = fm_reader_open(fm_dialect_find("openai-chat"), false);
	struct fm_progress got;
	struct fm_err err;

	(void)state;
	fm_reader_status(reader, 200);
	assert_int_equal(fm_reader_feed(reader, fm_span_of("\n \n"), &got, &err), FM_OK);
	assert_true(got.life && !got.answer);
	assert_int_equal(fm_reader_feed(reader, fm_span_of("\n{"), &got, &err), FM_OK);
	assert_true(got.answer && !got.life);
	fm_reader_close(reader);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(replies) + FM_COUNT(usages) + FM_COUNT(waits) + 3];
	size_t n = 0;

	for (size_t i = 0; i < FM_COUNT(replies); i++)
		tests[n++] =
			(struct CMUnitTest){replies[i].name, test_reply, NULL, NULL, &replies[i]};
	for (size_t i = 0; i < FM_COUNT(usages); i++)
		tests[n++] =
			(struct CMUnitTest){usages[i].name, test_usage, NULL, NULL, &usages[i]};
	for (size_t i = 0; i < FM_COUNT(waits); i++)
		tests[n++] = (struct CMUnitTest){waits[i].name, test_wait, NULL, NULL, &waits[i]};
	tests[n++] = (struct CMUnitTest){"numbers beside", test_numbers_said, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"progress", test_progress, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"progress, whole", test_progress_whole, NULL, NULL, NULL};
	return cmocka_run_group_tests_name("wire/reader", tests, NULL, NULL) != 0;
}
