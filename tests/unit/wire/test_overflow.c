#include "test.h"

#include "base/macro.h"
#include "trial/reply.h"
#include "wire/overflow.h"

#define NONE FM_UNKNOWN

/* Texts as vendors wrote them; each must be known by its own row and give its own numbers. */
static struct overflow_case {
	const char *pattern; /* the row's id; NULL when no row fits */
	const char *text;
	int64_t limit, actual, output;
} positives[] = {
	{"O1",
         "This model's maximum context length is 128000 tokens. However, your messages resulted in "
         "204308 tokens. Please reduce the length of the messages.",                                  128000,  204308,  NONE},
	{"O2",
         "This model's maximum context length is 131072 tokens. However, you requested 131134 "
         "tokens "
         "(122942 in the messages, 8192 in the completion). Please reduce the length of the "
         "messages "
         "or completion.",                                                                            131072,  122942,  NONE},
	{"O2",
         "This endpoint's maximum context length is 32768 tokens. However, you requested about "
         "42832 "
         "tokens (42832 of text input). Please reduce the length of either one, or use the "
         "\"middle-out\" transform to compress your prompt automatically.",                           32768,   42832,   NONE},
	{"O3",
         "This model's maximum context length is 262144 tokens. However, you requested 1024 output "
         "tokens and your prompt contains at least 261121 input tokens, for a total of at least "
         "262145 tokens. Please reduce the length of the input prompt or the number of requested "
         "output tokens. (parameter=input_tokens, value=261121)",                                     262144,  261121,  1024},
	{"O4",
         "You passed 8193 input tokens and requested 512 output tokens. However, the model's "
         "context "
         "length is only 8192 tokens, resulting in a maximum input length of 7680 tokens.",           8192,    8193,    512 },
	{"O5",
         "You passed 99999999 input characters and requested 16 output tokens. However, the "
         "model's "
         "context length is only 8192 tokens.",                                                       8192,    NONE,    NONE},
	{"O6",
         "'max_tokens' or 'max_completion_tokens' is too large: 4096. This model's maximum context "
         "length is 8192 tokens and your request has 5000 input tokens (4096 > 8192 - 5000).",        8192,    5000,    4096},
	{"O7",
         "The decoder prompt (length 41237) is longer than the maximum model length of 32768. Make "
         "sure that `max_model_len` is no smaller than the number of text tokens.",                   32768,   41237,   NONE},
	{"O8",
         "Your input exceeds the context window of this model. Please adjust your input and try "
         "again.",                                                                                    NONE,    NONE,    NONE},
	{"O9",
         "Input tokens exceed the configured limit of 272000 tokens. Your messages resulted in "
         "300123 tokens. Please reduce the length of the messages.",                                  272000,  300123,  NONE},
	{"A1",  "prompt is too long: 208310 tokens > 200000 maximum",                                 200000,  208310,  NONE},
	{"A2",  "input length and `max_tokens` exceed context limit: 200387 + 8192 > 204698",         204698,
         200387,													8192},
	{"G1",
         "The input token count (1200293) exceeds the maximum number of tokens allowed (1048576).",   1048576, 1200293, NONE},
	{"G2",  "The input token count is 40000 but model only supports up to 32768.",                32768,   40000,
         NONE													       },
	{"B1",  "Input is too long for requested model.",                                             NONE,    NONE,    NONE},
	{"X1",
         "This model's maximum prompt length is 500000 but the request contains 500644 tokens.",      500000,  500644,  NONE},
	{"Q1",
         "<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 129024]",    129024,  NONE,    NONE},
	{"M1",
         "Prompt contains 40005 tokens and 0 draft tokens, too large for model with 32768 maximum "
         "context length",                                                                            32768,   40005,   NONE},
	{"GQ1", "Please reduce the length of the messages or completion.",                            NONE,    NONE,    NONE},
	{"GQ2",
         "Please reduce the length of the messages or completion. Current length is 9000 while "
         "limit is 8192",                                                                             8192,    9000,    NONE},
	{"T1",  "The input (85050 tokens) is longer than the model's context length (32768 tokens).",
         32768,												85050,   NONE},
	{"T2",
         "Input token count + max_tokens parameter must be less than the context length of the "
         "model being queried.",                                                                      NONE,    NONE,    NONE},
	{"S1",
         "Requested token count exceeds the model's maximum context length of 40960 tokens. You "
         "requested a total of 41000 tokens: 40000 tokens from the input messages and 1000 tokens "
         "for the completion.",                                                                       40960,   40000,   1000},
	{"S2",
         "Input length (160062 tokens) exceeds the maximum allowed length (59862 tokens). Use a "
         "shorter input or enable --allow-auto-truncate.",                                            59862,   160062,  NONE},
	{"F1",  "The prompt is too long: 140000, model maximum context length: 131072",               131072,
         140000,													NONE},
	{"L1",
         "request (13392 tokens) exceeds the available context size (8192 tokens), try increasing "
         "it",                                                                                        8192,    13392,   NONE},
	{"L2",  "input (9001 tokens) is larger than the max context size (8192 tokens). skipping",
         8192,												 9001,    NONE},
	{"LM1",
         "The number of tokens to keep from the initial prompt is greater than the context length.",  NONE,    NONE,    NONE},
	{"LM1",
         "The number of tokens to keep from the initial prompt (9000) is greater than the context "
         "length (4096).",                                                                            4096,    9000,    NONE},
	{"LM2",
         "Trying to keep the first 10136 tokens when context the overflows. However, the model is "
         "loaded with context length of only 7866 tokens, which is not enough.",                      7866,    NONE,    NONE},
	{"OL1", "prompt too long; exceeded max context length by 1234 tokens",                        NONE,    NONE,    NONE},
	{"OL2", "the prompt is longer than the context length currently available",                   NONE,    NONE,
         NONE													       },
	{"OL3",
         "input length (9000 tokens) exceeds the model's maximum context length (8192 tokens)",       8192,    9000,    NONE},
	{"HF1", "Input validation error: `inputs` must have less than 4096 tokens. Given: 5000",
         4096,												 5000,    NONE},
	{"HF2",
         "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 4000 "
         "`inputs` tokens and 200 `max_new_tokens`",                                                  4096,    4000,    200 },
	{"CO1",
         "too many tokens: total number of tokens in the prompt cannot exceed 4081 - received "
         "4292. "
         "Try using a shorter prompt, or enabling prompt truncating.",                                4081,    4292,    NONE},
	{"CO2", "too many tokens: size limit exceeded by 11326 tokens.",                              NONE,    NONE,    NONE},
	{"K1",
         "Invalid request: Your request exceeded model token limit: 131072 (requested: 140000)",      131072,  140000,  NONE},
	{"K1",  "Your request exceeded model token limit: 262144",                                    262144,  NONE,    NONE},
	{"MM1", "invalid params, context window exceeds limit (2013)",                                NONE,    NONE,    NONE},
	{"Z1",  "Prompt exceeds max length",							  NONE,    NONE,    NONE},
	{"Z1",  "tokens in request more than max tokens allowed",                                     NONE,    NONE,    NONE},
	{"P1",  "Input length 140000 exceeds the maximum allowed input length of 131072 tokens.",
         131072,											       140000,  NONE},
	{"CF1",
         "AiError: The estimated number of input and maximum output tokens (140256) exceeded this "
         "model context window limit (131000).",                                                      131000,  NONE,    NONE},
	{"CP1", "prompt token count of 65204 exceeds the limit of 64000",                             64000,   65204,   NONE},
	{"D4",  "Prompt has 140,000 tokens, but the configured context size is 131,072 tokens",
         131072,											       140000,  NONE},
	{"O0",  "This model's maximum context length is 8192 tokens, and yours is longer.",           8192,
         NONE,													  NONE},
};

static void test_positive(void **state)
{
	const struct overflow_case *c = *state;
	const struct fm_error_said said =
		fm_error_classify(400, (struct fm_span){0}, fm_span_of(c->text));

	assert_non_null(said.pattern);
	assert_string_equal(said.pattern, c->pattern);
	assert_int_equal(said.class_, FM_ERROR_CONTEXT);
	assert_int_equal(said.limit, c->limit);
	assert_int_equal(said.actual, c->actual);
	assert_int_equal(said.output, c->output);
}

/* What is no overflow, and what a status or a code makes of a text. */
static struct class_case {
	const char *name;
	int status;
	const char *code, *text;
	enum fm_error_class want;
	int64_t wait_ms;
} classes[] = {
	{"tpm wall",			  429, "rate_limit_exceeded",
         "Request too large for gpt-4o in organization org-X on tokens per min (TPM): Limit 30000, "
         "Requested 30601. The input or output tokens must be reduced in order to run "
         "successfully.",                                                                                                                         FM_ERROR_MINUTE_WALL, NONE    },
	{"tpm wall of Groq",                  413, "rate_limit_exceeded",
         "Request too large for model `m` in organization `o` service tier `on_demand` on tokens "
         "per "
         "minute (TPM): Limit 6000, Requested 7000, please reduce your message size and try again.",                                              FM_ERROR_MINUTE_WALL, NONE    },
	{"rate",			      429, "rate_limit_exceeded",
         "Rate limit reached for model gemma2-9b-it in organization ... service tier on_demand on "
         "tokens per minute (TPM): Limit 15000, Used 11972, Requested 4351. Please try again in "
         "5.289s.",                                                                                                                               FM_ERROR_RATE,        5289    },
	{"rate whose request fits no minute", 429, "",
         "Rate limit reached on tokens per min (TPM): Limit 4000, Used 0, Requested 4351.",                                                       FM_ERROR_MINUTE_WALL, NONE    },
	{"rate of Anthropic",                 429, "rate_limit_error",
         "This request would exceed your organization's rate limit of 30,000 input tokens per "
         "minute (org: o, model: m). For details, refer to the docs.",                                                                            FM_ERROR_RATE,        NONE    },
	{"Azure, a day",                      429, "429",
         "Requests to the ChatCompletions_Create Operation under Azure OpenAI API version "
         "2024-08-01-preview have exceeded token rate limit of your current OpenAI S0 pricing "
         "tier. "
         "Please retry after 86400 seconds.",                                                                                                     FM_ERROR_MINUTE_WALL, 86400000},
	{"Azure, a minute",                   429, "429",
         "have exceeded token rate limit of your pricing tier. Please retry after 60 seconds.",                                                   FM_ERROR_RATE,        60000   },
	{"minutes",			   429, "",                          "Rate limit reached. Please try again in 6m0s.",                  FM_ERROR_RATE,
         360000																				 },
	{"milliseconds",                      429, "",                          "Rate limit reached. Please try again in 120ms.",                 FM_ERROR_RATE,
         120																				    },
	{"minutes as a word",                 429, "",                          "Rate limit. Try again in 2 minutes",                             FM_ERROR_RATE,        120000  },
	{"milliseconds as a word",            429, "",                          "Rate limit. Retry in 20 milliseconds",                           FM_ERROR_RATE,
         20																				     },
	{"string cap",			400, "string_above_max_length",
         "Invalid 'input[0].content': string too long. Expected a string with maximum length "
         "10485760, but got a string with length 12000000 instead.",                                                                              FM_ERROR_BODY_CAP,    NONE    },
	{"string cap without code",           400, "",
         "Invalid 'messages[1].content': string too long. Expected a string with maximum length "
         "1048576, but got a string with length 1200000 instead.",                                                                                FM_ERROR_BODY_CAP,    NONE    },
	{"string cap of DashScope",           400, "",
         "<400> ... String value length (20054016) exceeds the maximum allowed (20000000, from "
         "StreamReadConstraints.getMaxStringLength())",                                                                                           FM_ERROR_BODY_CAP,    NONE    },
	{"body cap",			  413, "",
         "Maximum request body size 1048576 exceeded, actual body size 1056562",                                                                  FM_ERROR_BODY_CAP,
         NONE																				   },
	{"body cap of Anthropic",             413, "request_too_large",
         "Request exceeds the maximum allowed number of bytes",										   FM_ERROR_BODY_CAP,    NONE    },
	{"body cap without code",             413, "",                          "Request exceeds the maximum size",                               FM_ERROR_BODY_CAP,
         NONE																				   },
	{"body cap of nginx",                 413, "",
         "<html><head><title>413 Request Entity Too Large</title></head></html>",                                                                 FM_ERROR_BODY_CAP,
         NONE																				   },
	{"entitlement",                       400, "",
         "The long context beta is not yet available for this subscription.",                                                                     FM_ERROR_ENTITLEMENT,
         NONE																				   },
	{"output cap",			400, "",
         "max_tokens: 200000 > 64000, which is the maximum allowed number of output tokens for "
         "this "
         "model",                                                                                                                                 FM_ERROR_OUTPUT_CAP,  NONE    },
	{"output cap of Cohere",              400, "",
         "too many tokens: max tokens must be less than or equal to 4096, the maximum output for "
         "this model - received 8192.",                                                                                                           FM_ERROR_OUTPUT_CAP,  NONE    },
	{"output cap of OpenAI",              400, "invalid_value",
         "max_tokens is too large: 99999. This model supports at most 16384 completion tokens, "
         "whereas you provided 99999.",                                                                                                           FM_ERROR_OUTPUT_CAP,  NONE    },
	{"rate of Cohere",                    429, "",
         "trial token rate limit exceeded, limit is 100000 tokens per minute",                                                                    FM_ERROR_RATE,        NONE    },
	{"rate of Vertex",                    429, "",                          "Resource exhausted, please try again later.",                    FM_ERROR_RATE,
         NONE																				   },
	{"quota",			     429, "insufficient_quota",
         "You exceeded your current quota, please check your plan and billing details.",                                                          FM_ERROR_QUOTA,       NONE    },
	{"balance",			   402, "",                          "Insufficient Balance",                                           FM_ERROR_QUOTA,       NONE    },
	{"code alone",			400, "context_length_exceeded",   "too much",                                                       FM_ERROR_CONTEXT,     NONE    },
	{"code of llama.cpp",                 400, "exceed_context_size_error", "",                                                               FM_ERROR_CONTEXT,     NONE    },
	{"inside a stream",                   0,   "context_length_exceeded",
         "Your input exceeds the context window of this model.",										  FM_ERROR_CONTEXT,     NONE    },
	{"empty 400",			 400, "",                          "",							       FM_ERROR_CONTEXT,     NONE    },
	{"empty 413",			 413, "",                          "",							       FM_ERROR_CONTEXT,     NONE    },
	{"empty 404",			 404, "",                          "",							       FM_ERROR_OTHER,       NONE    },
	{"429 is never an overflow",          429, "context_length_exceeded",
         "prompt is too long: 208310 tokens > 200000 maximum",										    FM_ERROR_OTHER,       NONE    },
	{"500 is never an overflow",          500, "",                          "Input is too long for requested model",
         FM_ERROR_OTHER,																		NONE    },
	{"something else",                    400, "invalid_value",             "temperature must be at most 2",                                  FM_ERROR_OTHER,
         NONE																				   },
	{"case does not matter",              400, "",                          "PROMPT IS TOO LONG: 5 TOKENS > 4 MAXIMUM",
         FM_ERROR_CONTEXT,																	      NONE    },
	{"over lines",			400, "",                          "maximum context length is 5 tokens.\nyou\tresulted in 6 tokens",
         FM_ERROR_CONTEXT,																	      NONE    },
	{"a number too large",                400, "",
         "prompt is too long: 99999999999999999999999 tokens > 4 maximum",                                                                        FM_ERROR_CONTEXT,     NONE    },
};

static void test_class(void **state)
{
	const struct class_case *c = *state;
	const struct fm_error_said said =
		fm_error_classify(c->status, fm_span_of(c->code), fm_span_of(c->text));

	assert_int_equal(said.class_, c->want);
	assert_int_equal(said.wait_ns, c->wait_ms < 0 ? NONE : c->wait_ms * 1000000);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(positives) + FM_COUNT(classes)];
	size_t n = 0;

	for (size_t i = 0; i < FM_COUNT(positives); i++)
		tests[n++] = (struct CMUnitTest){positives[i].pattern, test_positive, NULL, NULL,
		                                 &positives[i]};
	for (size_t i = 0; i < FM_COUNT(classes); i++)
		tests[n++] =
			(struct CMUnitTest){classes[i].name, test_class, NULL, NULL, &classes[i]};
	return cmocka_run_group_tests_name("wire/overflow", tests, NULL, NULL) != 0;
}
