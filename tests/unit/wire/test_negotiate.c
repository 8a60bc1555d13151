#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "wire/dialect.h"
#include "wire/negotiate.h"

#define ERROR(text) "{\"error\":{\"message\":\"" text "\",\"type\":\"invalid_request_error\"}}"
#define CHAT                                                                                      \
	"{\"max_tokens\":256,\"model\":\"m\",\"reasoning_effort\":\"none\",\"seed\":7,\"stop\":[" \
	"\"a\"],\"stream\":true,\"stream_options\":{\"include_obfuscation\":false,"               \
	"\"include_usage\":true},\"temperature\":0,\"top_p\":0.9,\"truncate\":false}"
#define NEWER "{\"max_completion_tokens\":256,\"model\":\"m\",\"temperature\":0}"
#define GOOGLE                                                                                 \
	"{\"generationConfig\":{\"maxOutputTokens\":256,\"seed\":7,\"stopSequences\":[\"a\"]," \
	"\"temperature\":0,\"topP\":0.9}}"
#define BEDROCK \
	"{\"inferenceConfig\":{\"maxTokens\":256,\"stopSequences\":[\"a\"],\"temperature\":0}}"

/* A body that came with a refusal, the request's members, and what becomes of one: "seed is gone". */
static struct refused_case {
	const char *name;
	int status;
	const char *body, *params, *extra;
	const char *want; /* "-": nothing; "asked": a person asked for it */
} cases[] = {
	{"OpenAI, value",                400,
         ERROR("Unsupported value: 'temperature' does not support 0.16 with this model. Only the "
               "default (1) value is supported."),
         CHAT,														     "", "temperature is gone"                  },
	{"OpenAI, parameter",            400,
         ERROR("Unsupported parameter: 'top_p' is not supported with this model."),                                       CHAT,    "",
         "top_p is gone"																		      },
	{"OpenAI, stop",                 400,
         ERROR("Unsupported parameter: 'stop' is not supported with this model."),                                        CHAT,    "",
         "stop is gone"																		       },
	{"OpenAI, unknown",              400, ERROR("Unknown parameter: 'seed'."),                                        CHAT,    "", "seed is gone"                         },
	{"OpenAI, inside another",       400,
         ERROR("Unknown parameter: 'stream_options.include_obfuscation'."),                                               CHAT,    "",
         "stream_options.include_obfuscation is gone"															 },
	{"OpenAI, max_tokens",           400,
         ERROR("Unsupported parameter: 'max_tokens' is not supported with this model. Use "
               "'max_completion_tokens' instead."),
         CHAT,														     "", "max_tokens is max_completion_tokens"  },
	{"a host that is older",         400,
         ERROR("Unrecognized request argument supplied: max_completion_tokens"),                                          NEWER,   "",
         "max_completion_tokens is max_tokens"																},
	{"Azure, of old",                400, ERROR("Unrecognized request argument supplied: seed"),                      CHAT,    "",
         "seed is gone"																		       },
	{"Anthropic",                    400, ERROR("`temperature` is deprecated for this model."),                       CHAT,    "",
         "temperature is gone"																		},
	{"Anthropic, quoted otherwise",  400, ERROR("'temperature' is deprecated for this model."),
         CHAT,														     "", "temperature is gone"                  },
	{"Anthropic, both",              400,
         ERROR("`temperature` and `top_p` cannot both be specified for this model. Please use only "
               "one."),
         CHAT,														     "", "top_p is gone"                        },
	{"Anthropic, extra",             400, ERROR("seed: Extra inputs are not permitted"),                              CHAT,    "",
         "seed is gone"																		       },
	{"Bedrock, of Claude",           400,
         "{\"message\":\"The model returned the following errors: temperature is deprecated for "
         "this model.\"}",                                                                                                BEDROCK, "", "inferenceConfig.temperature is gone"  },
	{"Bedrock, field",               400,
         "{\"message\":\"This model doesn't support the temperature field. Remove temperature and "
         "try again.\"}",                                                                                                 BEDROCK, "", "inferenceConfig.temperature is gone"  },
	{"Bedrock, stop",                400,
         "{\"message\":\"This model doesn't support the stopSequences field. Remove stopSequences "
         "and try again.\"}",                                                                                             BEDROCK, "", "inferenceConfig.stopSequences is gone"},
	{"Bedrock, extraneous",          400,
         "{\"message\":\"Malformed input request: extraneous key [stop_sequences] is not "
         "permitted, please reformat your input and try again.\"}",                                                       BEDROCK, "", "inferenceConfig.stopSequences is gone"},
	{"Gemini",		       400,
         "[{\"error\":{\"code\":400,\"message\":\"Invalid JSON payload received. Unknown name "
         "\\\"seed\\\" at 'generation_config': Cannot find "
         "field.\",\"status\":\"INVALID_ARGUMENT\"}}]",                                                                   GOOGLE,  "", "generationConfig.seed is gone"        },
	{"Gemini, as it is spelt there", 400,
         ERROR("Unknown name \\\"top_p\\\" at 'generation_config': Cannot find field."),                                  GOOGLE,  "",
         "generationConfig.topP is gone"																      },
	{"xAI",			  400,
         "{\"code\":\"invalid-argument\",\"error\":\"Model grok-4-latest does not support "
         "parameter reasoningEffort.\"}",                                                                                 CHAT,    "", "reasoning_effort is gone"             },
	{"xAI, stop",                    400,
         "{\"code\":\"Client specified an invalid argument\",\"error\":\"Argument not supported on "
         "this model: stop\"}",                                                                                           CHAT,    "", "stop is gone"                         },
	{"Mistral",		      422,
         "{\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"seed\"],\"msg\":\"Extra "
         "inputs are not permitted\",\"input\":7}]}",                                                                     CHAT,    "", "seed is gone"                         },
	{"Mistral, of now",              422,
         "{\"object\":\"error\",\"message\":{\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":["
         "\"body\",\"max_completion_tokens\"],\"msg\":\"Extra inputs are not "
         "permitted\"}]},\"type\":\"invalid_request_error\"}",                                                            NEWER,   "", "max_completion_tokens is max_tokens"  },
	{"vLLM",			 400,
         "{\"object\":\"error\",\"message\":\"[{'type': 'extra_forbidden', 'loc': ('body', "
         "'seed'), 'msg': 'Extra inputs are not permitted', 'input': 7}]\",\"code\":400}",                                CHAT,    "", "seed is gone"                         },
	{"Groq and Cerebras",            400, ERROR("temperature: property 'temperature' is unsupported"),
         CHAT,														     "", "temperature is gone"                  },
	{"Groq",			 400, ERROR("`stop` is not supported with this model"),                           CHAT,    "", "stop is gone"                         },
	{"Cohere",		       400, "{\"message\":\"invalid request: parameter 'seed' is not a valid field\"}",
         CHAT,														     "", "seed is gone"                         },
	{"DeepSeek",		     400,
         ERROR("Failed to deserialize the JSON body into the target type: unknown field `seed`, "
               "expected one of `messages`"),
         CHAT,														     "", "seed is gone"                         },
	{"checked by zod",               400, ERROR("Unrecognized key(s) in object: 'top_p'"),                            CHAT,    "",
         "top_p is gone"																		      },
	{"asked for in extra_body",      400, ERROR("Unknown parameter: 'top_p'."),                                       CHAT,
         "{\"top_p\":0.9}",													    "asked"                                },
	{"a group asked for",            400, ERROR("Unknown name \\\"top_p\\\""),                                        GOOGLE,
         "{\"generationConfig\":{\"topP\":0.9}}",										      "asked"                                },
	{"what guards the prompt stays", 400, ERROR("Unknown parameter: 'truncate'."),                                    CHAT,    "",
         "-"																				  },
	{"the messages",                 400,
         ERROR("Unsupported value: 'messages[0].role' does not support 'system' with this model."),
         CHAT,														     "", "-"				    },
	{"the model",                    400, ERROR("The model `x` is not supported with this model"),                    CHAT,    "", "-"                                    },
	{"the stream",                   400,
         ERROR("Unsupported parameter: 'stream' is not supported with this model."),                                      CHAT,    "", "-"                                    },
	{"a cap of Google's",            400, ERROR("Unknown name \\\"maxOutputTokens\\\""),                              GOOGLE,  "", "-"                                    },
	{"what was not sent",            400, ERROR("Unknown parameter: 'logprobs'."),                                    CHAT,    "", "-"                                    },
	{"a value out of range",         400,
         ERROR("Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got "
               "3 instead."),
         CHAT,														     "", "-"				    },
	{"a value of another kind",      400,
         ERROR("Invalid type for 'seed': expected an integer, but got a string instead."),                                CHAT,    "",
         "-"																				  },
	{"an answer too long",           400,
         ERROR("max_tokens is too large: 99999. This model supports at most 16384 completion "
               "tokens, whereas you provided 99999."),
         CHAT,														     "", "-"				    },
	{"a value that must be another", 400,
         ERROR("parameter.enable_thinking must be set to false for non-streaming calls"),                                 CHAT,    "",
         "-"																				  },
	{"one that is missing",          400, ERROR("Missing required parameter: 'max_tokens'."),                         CHAT,    "",
         "-"																				  },
	{"no such model",                400, ERROR("The model `seed` does not exist."),                                  CHAT,    "", "-"                                    },
	{"another status",               404, ERROR("Unknown parameter: 'seed'."),                                        CHAT,    "", "-"                                    },
	{"a status that is no refusal",  500, ERROR("Unknown parameter: 'seed'."),                                        CHAT,    "", "-"                                    },
	{"too long, too",                400,
         ERROR("This model's maximum context length is 5 tokens. However, your messages resulted "
               "in 6 tokens. Unknown parameter: 'seed'."),
         CHAT,														     "", "-"				    },
};

static void read_refusal(const struct refused_case *c, struct fm_reader *reader,
                         struct fm_reply *ret_reply)
{
	struct fm_progress progress;
	struct fm_err err;

	fm_reader_status(reader, c->status);
	fm_reader_header(reader, fm_span_of("Content-Type"), fm_span_of("application/json"));
	assert_int_equal(fm_reader_feed(reader, fm_span_of(c->body), &progress, &err), FM_OK);
	fm_reader_finish(reader, FM_END_CLEAN, true, 0, ret_reply);
	assert_false(ret_reply->may_retry);
}

static void test_refused(void **state)
{
	const struct refused_case *c = *state;
	struct fm_reader *reader = fm_reader_open(fm_dialect_find("openai-chat"), true);
	struct fm_arena arena = {0};
	struct fm_change change = {0};
	const char *got = "-";
	struct fm_reply reply;

	read_refusal(c, reader, &reply);
	if (reply.param_refused.len > 0)
		switch (fm_negotiate(c->params, c->extra, reply.param_refused, &arena, &change)) {
		case FM_NEGOTIATE_CHANGE:
			got = fm_arena_format(&arena, "%s is %s", change.member,
			                      change.now == NULL ? "gone" : change.now);
			break;
		case FM_NEGOTIATE_ASKED:
			got = "asked";
			break;
		case FM_NEGOTIATE_NOTHING:
		default:
			break;
		}
	assert_string_equal(got, c->want);
	fm_arena_free(&arena);
	fm_reader_close(reader);
}

static struct apply_case {
	const char *name, *params, *member, *now, *want;
} applied[] = {
	{"gone",		 NEWER,                       "temperature",                   NULL,         "{\"max_completion_tokens\":256,\"model\":\"m\"}"},
	{"renamed",              NEWER,                       "max_completion_tokens",         "max_tokens",
         "{\"max_tokens\":256,\"model\":\"m\",\"temperature\":0}"											     },
	{"gone from a group",    BEDROCK,                     "inferenceConfig.stopSequences", NULL,
         "{\"inferenceConfig\":{\"maxTokens\":256,\"temperature\":0}}"											},
	{"the last of a group",  "{\"a\":{\"b\":1},\"c\":2}", "a.b",                           NULL,         "{\"a\":{},\"c\":2}"                             },
	{"not there",            NEWER,                       "top_p",                         NULL,         NEWER                                            },
	{"not there in a group", BEDROCK,                     "inferenceConfig.topP",          NULL,         BEDROCK                                          },
};

static void test_apply(void **state)
{
	const struct apply_case *c = *state;
	const struct fm_change change = {c->member, c->now};
	struct fm_arena arena = {0};

	assert_string_equal(fm_negotiate_apply(c->params, &change, &arena), c->want);
	fm_arena_free(&arena);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases) + FM_COUNT(applied)];
	size_t n = 0;

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[n++] =
			(struct CMUnitTest){cases[i].name, test_refused, NULL, NULL, &cases[i]};
	for (size_t i = 0; i < FM_COUNT(applied); i++)
		tests[n++] =
			(struct CMUnitTest){applied[i].name, test_apply, NULL, NULL, &applied[i]};
	return cmocka_run_group_tests_name("wire/negotiate", tests, NULL, NULL) != 0;
}
