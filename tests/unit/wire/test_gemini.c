#include "dialect_support.h"

#define NAME "gemini"
#define CAP "{\"generationConfig\":{\"maxOutputTokens\":16"

static struct params_case params[] = {
	{"plain",			  "",									   "",						 true,  CAP "}}"								},
	{"not a stream",                   "",									   "",						 false, CAP "}}"								},
	{"settings",		       "{\"temperature\":0,\"top_p\":0.9,\"top_k\":40,\"seed\":7,\"stop\":\"END\"}",
         "",																				 true,
         CAP
         ",\"seed\":7,\"stopSequences\":[\"END\"],\"temperature\":0,\"topK\":40,\"topP\":0.9}}"																			     },
	{"thinking, among the settings",   "{\"temperature\":0}",
         "{\"generationConfig\":{\"thinkingConfig\":{\"thinkingBudget\":0}}}",											       true,
         CAP ",\"temperature\":0,\"thinkingConfig\":{\"thinkingBudget\":0}}}"																					       },
	{"what stands beside them",        "",									   "{\"safetySettings\":[],\"generationConfig\":{}}",  true,
         CAP "},\"safetySettings\":[]}"																										     },
	{"the host's own name",            "{\"topP\":1}",							       "",                                                 true,  "!params: the endpoint has no \"topP\""                                 },
	{"a setting twice",                "{\"temperature\":0}",							"{\"generationConfig\":{\"temperature\":1}}",
         true,																				      "!params and extra_body together: the name \"temperature\" stands twice"},
	{"settings that are none",         "",									   "{\"generationConfig\":[]}",                        true,
         "!extra_body: generationConfig must be an object"																								  },
	{"sets the cap",                   "",									   "{\"generationConfig\":{\"maxOutputTokens\":5}}",   true,
         "!extra_body: may not set \"maxOutputTokens\""																								     },
	{"sets the cap in other spelling", "",									   "{\"generationConfig\":{\"max_output_tokens\":5}}",
         true,																				      "!extra_body: may not set \"max_output_tokens\""                        },
	{"settings in other spelling",     "",									   "{\"generation_config\":{}}",                       true,
         "!extra_body: may not set \"generation_config\""																								   },
	{"asks for more than one answer",  "",									   "{\"generationConfig\":{\"candidateCount\":2}}",    true,
         "!extra_body: may not set \"candidateCount\""																								      },
	{"sets the contents",              "",									   "{\"contents\":[]}",                                true,
         "!extra_body: may not set \"contents\""																									    },
	{"sets the system",                "",									   "{\"system_instruction\":{}}",                      true,
         "!extra_body: may not set \"system_instruction\""																								  },
	{"sets the model",                 "",									   "{\"model\":\"x\"}",                                true,  "!extra_body: may not set \"model\""                                    },
};

#define DATA(json) "data: " json "\r\n\r\n"
#define ABOUT "\"modelVersion\":\"gemini-2.5-pro\",\"responseId\":\"abc\"}"
#define PART(part) \
	"{\"candidates\":[{\"content\":{\"parts\":[" part "],\"role\":\"model\"},\"index\":0}],"
#define THOUGHT                                                                              \
	DATA(PART("{\"text\":\"Consider\",\"thought\":true}") "\"usageMetadata\":{"          \
	                                                      "\"promptTokenCount\":900000," \
	                                                      "\"totalTokenCount\":900040,"  \
	                                                      "\"thoughtsTokenCount\":40}," ABOUT)
#define HELLO                                                                             \
	DATA(PART("{\"text\":\"Hel\"}") "\"usageMetadata\":{\"promptTokenCount\":900000," \
	                                "\"candidatesTokenCount\":3,"                     \
	                                "\"totalTokenCount\":900043}," ABOUT)             \
	DATA(PART("{\"text\":\"l\"},{\"text\":\"o\"}") ABOUT)
#define STOP(word)                                                                              \
	DATA("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\"}],\"role\":\"model\"},"  \
	     "\"finishReason\":\"" word "\",\"index\":0}],\"usageMetadata\":{"                  \
	     "\"promptTokenCount\":900000,\"cachedContentTokenCount\":0,"                       \
	     "\"candidatesTokenCount\":9,\"thoughtsTokenCount\":40,\"totalTokenCount\":900049," \
	     "\"promptTokensDetails\":[{\"modality\":\"TEXT\",\"tokenCount\":900000}]}," ABOUT)
#define SAID " 900000 0 - 49 40 text=\"Hello\" model=\"gemini-2.5-pro\""
#define BEGUN " 900000 - - 3 - text=\"Hello\" model=\"gemini-2.5-pro\""
#define NONE " - - - - -"
#define USED(usage) \
	DATA("{\"candidates\":[{\"finishReason\":\"STOP\"}],\"usageMetadata\":{" usage "}}")
#define TOO_LONG \
	"The input token count (1200293) exceeds the maximum number of tokens allowed (1048576)."

static struct reply_case replies[] = {
	{"a whole stream, with thoughts",     200, NULL, THOUGHT HELLO STOP("STOP"),
         "answered stop 900000 0 - 49 40 thought=8 text=\"Hello\" model=\"gemini-2.5-pro\""											   },
	{"line ends of others",               200, NULL,
         "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]},"
         "\"finishReason\":\"STOP\"}]}\n\n",                                                       "answered stop" NONE " text=\"a\""						 },
	{"one event for all",                 200, NULL,
         DATA("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"hm\",\"thought\":true},"
              "{\"text\":\"a\",\"thought\":false,\"thoughtSignature\":\"x\"},{\"functionCall\":"
              "{\"name\":\"f\"}}]},\"finishReason\":\"STOP\"}]}"),
         "answered stop" NONE " thought=2 text=\"a\""																 },
	{"STOP in every event",               200, NULL,
         DATA("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"finishReason\":"
              "\"STOP\"}]}") DATA("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"b\"}]},"
                                  "\"finishReason\":"
                                  "\"MAX_TOKENS\"}]}"),
         "cut_output length" NONE " text=\"ab\""																      },
	{"another candidate",                 200, NULL,
         DATA("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"b\"}]},\"index\":1,"
              "\"finishReason\":\"MAX_TOKENS\"}]}") HELLO STOP("STOP"),
         "answered stop" SAID																			 },
	{"an empty answer",                   200, NULL, STOP("STOP"),
         "answered stop 900000 0 - 49 40 model=\"gemini-2.5-pro\""														    },
	{"its cap",			   200, NULL, HELLO STOP("MAX_TOKENS"),                 "cut_output length" SAID                                                           },
	{"to be continued",                   200, NULL, HELLO STOP("CONTINUATION"),               "cut_output length" SAID                                                           },
	{"safety",			    200, NULL, HELLO STOP("SAFETY"),                     "refused content_filter" SAID                                                      },
	{"recitation",			200, NULL, HELLO STOP("RECITATION"),                 "refused content_filter" SAID                                                      },
	{"a list of words",                   200, NULL, HELLO STOP("BLOCKLIST"),                  "refused content_filter" SAID                                                      },
	{"prohibited",			200, NULL, HELLO STOP("PROHIBITED_CONTENT"),         "refused content_filter" SAID                                                      },
	{"personal",			  200, NULL, HELLO STOP("SPII"),                       "refused content_filter" SAID                                                      },
	{"a language",			200, NULL, HELLO STOP("LANGUAGE"),                   "refused content_filter" SAID                                                      },
	{"an image",			  200, NULL, HELLO STOP("IMAGE_SAFETY"),               "refused content_filter" SAID                                                      },
	{"a tool, malformed",                 200, NULL, HELLO STOP("MALFORMED_FUNCTION_CALL"),
         "answered tool" SAID																			 },
	{"a tool, unexpected",                200, NULL, HELLO STOP("UNEXPECTED_TOOL_CALL"),       "answered tool" SAID                                                               },
	{"tools, too many",                   200, NULL, HELLO STOP("TOO_MANY_TOOL_CALLS"),        "answered tool" SAID                                                               },
	{"another reason",                    200, NULL, HELLO STOP("OTHER"),                      "in_doubt/server error" SAID                                                       },
	{"malformed",			 200, NULL, HELLO STOP("MALFORMED_RESPONSE"),         "in_doubt/server error" SAID                                                       },
	{"a reason that nobody knows",        200, NULL, HELLO STOP("TIRED"),
         "in_doubt/incomplete error" SAID
         " error=\"the model stopped for a reason unknown here: TIRED\""													      },
	{"a reason with words",               200, NULL,
         DATA("{\"candidates\":[{\"finishReason\":\"SAFETY\",\"finishMessage\":\"Not this.\"}]}"),
         "refused content_filter" NONE " error=\"Not this.\""															 },
	{"the prompt is blocked",             200, NULL,
         DATA("{\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\"},\"usageMetadata\":{"
              "\"promptTokenCount\":900000,\"totalTokenCount\":900000}}"),
         "refused content_filter 900000 - - 0 - error=\"the prompt was blocked: "
         "PROHIBITED_CONTENT\""																		       },
	{"the prompt is blocked, with words", 200, NULL,
         DATA("{\"promptFeedback\":{\"blockReason\":\"MODEL_ARMOR\",\"blockReasonMessage\":\"No.\"}"
              "}"),
         "refused content_filter" NONE " error=\"the prompt was blocked: MODEL_ARMOR, No.\""                                                                                          },
	{"the prompt is rated",               200, NULL,
         DATA("{\"promptFeedback\":{\"safetyRatings\":[]}}") HELLO STOP("STOP"),
         "answered stop" SAID																			 },
	{"thoughts alone",                    200, NULL,
         USED("\"promptTokenCount\":9,\"thoughtsTokenCount\":16,\"totalTokenCount\":25"),
         "answered stop 9 - - 16 16"																		  },
	{"tools' prompt",                     200, NULL,
         USED("\"promptTokenCount\":9,\"toolUsePromptTokenCount\":2,\"candidatesTokenCount\":3,"
              "\"cachedContentTokenCount\":5,\"totalTokenCount\":14"),
         "answered stop 11 5 - 3 -"																		   },
	{"the last usage holds",              200, NULL,
         USED("\"promptTokenCount\":9,\"thoughtsTokenCount\":16")
                 USED("\"promptTokenCount\":9,\"candidatesTokenCount\":2"),
         "answered stop 9 - - 2 -"																		    },
	{"no total",			  200, NULL, USED("\"promptTokenCount\":9"),           "answered stop 9 - - - -"                                                          },
	{"no reason to stop",                 200, NULL, HELLO,                                    "in_doubt/incomplete -" BEGUN                                                      },
	{"an error in the middle",            200, NULL,
         HELLO DATA(
		 "{\"error\":{\"code\":503,\"message\":\"The model is overloaded. Please try again "
		 "later.\",\"status\":\"UNAVAILABLE\"}}"),
         "in_doubt/server -" BEGUN " error=\"The model is overloaded. Please try again later.\""                                                                                      },
	{"too long, said in the stream",      200, NULL,
         DATA("{\"error\":{\"code\":400,\"message\":\"" TOO_LONG
              "\",\"status\":\"INVALID_ARGUMENT\"}}"),
         "rejected_limit -" NONE " error=\"" TOO_LONG "\" said 1200293 of 1048576"												    },
	{"half an event",                     200, NULL, HELLO "data: {\"candidates\":\r\n\r\n",
         "endpoint_violation -" BEGUN " error=\"no value where one must stand at byte 14\""											   },
	{"a whole answer",                    200, JSON,
         "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"hm\",\"thought\":true},{\"text\":"
         "\"Hello\"}],\"role\":\"model\"},\"finishReason\":\"STOP\",\"index\":0}],"
         "\"usageMetadata\":{"
         "\"promptTokenCount\":7,\"candidatesTokenCount\":2,\"thoughtsTokenCount\":1,"
         "\"totalTokenCount\":10},\"modelVersion\":\"g\"}",                                        "answered stop 7 - - 3 1 thought=2 text=\"Hello\" model=\"g\""                     },
	{"a list of events",                  200, JSON,
         "[{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}}]}\r\n,\r\n"
         "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"b\"}]},\"finishReason\":\"STOP\"}],"
         "\"usageMetadata\":{\"promptTokenCount\":7,\"candidatesTokenCount\":2}}]",                "answered stop 7 - - 2 - text=\"ab\""					      },
	{"a list of events, cut",             200, JSON,
         "[{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}}]}\r\n,\r\n",              "in_doubt/incomplete -" NONE " error=\"no value where one must stand at byte 57\"" },
	{"400, too long",                     400, JSON,
         "{\"error\":{\"code\":400,\"message\":\"" TOO_LONG "\",\"errors\":[{\"message\":\"x\","
         "\"domain\":\"global\",\"reason\":\"badRequest\"}],\"status\":\"INVALID_ARGUMENT\"}}",    "rejected_limit -" NONE " error=\"" TOO_LONG "\" said 1200293 of 1048576"          },
	{"400, too long, in a list",          400, JSON,
         "[{\"error\":{\"code\":400,\"message\":\"" TOO_LONG
         "\",\"status\":\"INVALID_ARGUMENT\"}}]",                                                  "rejected_limit -" NONE " error=\"" TOO_LONG "\" said 1200293 of 1048576"          },
	{"400, a key that is none",           400, JSON,
         "{\"error\":{\"code\":400,\"message\":\"Wrong.\",\"status\":\"INVALID_ARGUMENT\","
         "\"details\":"
         "[{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"API_KEY_INVALID\","
         "\"domain\":\"googleapis.com\"}]}}",                                                      "failed/auth -" NONE " error=\"Wrong.\""                                           },
	{"400, a key that is none, in words", 400, JSON,
         "{\"error\":{\"code\":400,\"message\":\"API key not valid. Please pass a valid API key.\","
         "\"status\":\"INVALID_ARGUMENT\"}}",                                                      "failed/auth -" NONE " error=\"API key not valid. Please pass a valid API key.\""  },
	{"400, bytes",			400, JSON,
         "{\"error\":{\"code\":400,\"message\":\"Request payload size exceeds the limit: 20971520 "
         "bytes.\",\"status\":\"INVALID_ARGUMENT\"}}",                                             "failed/body_cap -" NONE
         " error=\"Request payload size exceeds the limit: 20971520 bytes.\""                                                   },
	{"403",			       403, JSON,
         "{\"error\":{\"code\":403,\"message\":\"No.\",\"status\":\"PERMISSION_DENIED\"}}",        "failed/auth -" NONE " error=\"No.\""					      },
	{"429, of a minute",                  429, JSON,
         "{\"error\":{\"code\":429,\"message\":\"You exceeded your current quota, please check "
         "your "
         "plan and billing details. Please retry in 31.5s.\",\"status\":\"RESOURCE_EXHAUSTED\","
         "\"details\":[{\"@type\":\"type.googleapis.com/"
         "google.rpc.QuotaFailure\",\"violations\":[]},"
         "{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"31s\"}]}}",     "failed/rate -" NONE
         " error=\"You exceeded your current quota, please check your plan and "
         "billing details. Please retry in 31.5s.\" wait=31000 again"                   },
	{"429, of Vertex",                    429, JSON,
         "{\"error\":{\"code\":429,\"message\":\"Resource exhausted, please try again later.\","
         "\"status\":\"RESOURCE_EXHAUSTED\"}}",                                                    "failed/rate -" NONE " error=\"Resource exhausted, please try again later.\" again"},
	{"500",			       500, JSON,
         "{\"error\":{\"code\":500,\"message\":\"An internal error has occurred.\",\"status\":"
         "\"INTERNAL\"}}",                                                                         "in_doubt/server -" NONE " error=\"An internal error has occurred.\""              },
	{"503",			       503, JSON,
         "{\"error\":{\"code\":503,\"message\":\"The model is overloaded.\",\"status\":"
         "\"UNAVAILABLE\"}}",                                                                      "failed/rate -" NONE " error=\"The model is overloaded.\" again"                   },
	{"504",			       504, JSON,
         "{\"error\":{\"code\":504,\"message\":\"Deadline.\",\"status\":\"DEADLINE_EXCEEDED\"}}",  "in_doubt/server -" NONE " error=\"Deadline.\""                                    },
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
	assert_body(NAME, "{\"generationConfig\":{}}", "Be \"short\".",
	            "{\"generationConfig\":{},\"systemInstruction\":{\"parts\":[{\"text\":"
	            "\"Be \\\"short\\\".\"}]},\"contents\":["
	            "{\"role\":\"user\",\"parts\":[{\"text\":\"line\\nand \\\"more\\\"\"}]},"
	            "{\"role\":\"model\",\"parts\":[{\"text\":\"Yes.\"}]},"
	            "{\"role\":\"user\",\"parts\":[{\"text\":\"Why?\"}]}]}");
	assert_body(NAME, "{\"generationConfig\":{}}", NULL,
	            "{\"generationConfig\":{},\"contents\":["
	            "{\"role\":\"user\",\"parts\":[{\"text\":\"line\\nand \\\"more\\\"\"}]},"
	            "{\"role\":\"model\",\"parts\":[{\"text\":\"Yes.\"}]},"
	            "{\"role\":\"user\",\"parts\":[{\"text\":\"Why?\"}]}]}");
	assert_string_equal(fm_dialect_key_header(dialect), "x-goog-api-key: ");
	assert_null(fm_dialect_headers(dialect)[0]);
	assert_string_equal(fm_dialect_accept(dialect, true), "text/event-stream");
}

static void test_url(void **state)
{
	(void)state;
	assert_url(NAME, "https://h.example/v1beta", "gemini-2.5-pro", true,
	           "https://h.example/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse");
	assert_url(NAME, "https://h.example/v1beta", "gemini-2.5-pro", false,
	           "https://h.example/v1beta/models/gemini-2.5-pro:generateContent");
	assert_url(NAME, "https://h.example/v1beta", "models/g", false,
	           "https://h.example/v1beta/models/g:generateContent");
	assert_url(NAME, "https://h.example/v1beta", "tunedModels/g-1", false,
	           "https://h.example/v1beta/tunedModels/g-1:generateContent");
	assert_url(NAME, "https://h.example/v1/projects/p/locations/global/publishers/google/",
	           "g@2", false,
	           "https://h.example/v1/projects/p/locations/global/publishers/google/models/"
	           "g%402:generateContent");
	assert_url(NAME, "https://h.example", "../a b?c#d\xC3\xA4~_", false,
	           "https://h.example/models/..%2Fa%20b%3Fc%23d%C3%A4~_:generateContent");
}

/* STOP is no end: some hosts say it in every event. */
static void test_progress(void **state)
{
	static const struct step steps[] = {
		{THOUGHT,						   "r"},
		{HELLO,						     "a"},
		{STOP("STOP"),					      "."},
		{DATA("{\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}"), "."},
		{DATA("{\"error\":{\"code\":500,\"message\":\"gone\"}}"),   "t"},
	};

	(void)state;
	assert_steps(NAME, steps, FM_COUNT(steps));
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
	tests[n++] = (struct CMUnitTest){"request", test_request, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"url", test_url, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"progress", test_progress, NULL, NULL, NULL};
	return cmocka_run_group_tests_name("wire/gemini", tests, NULL, NULL) != 0;
}
