#include "wire/answer.h"

#include <inttypes.h>

#include "base/macro.h"
#include "text/json_write.h"

#define ERROR_BODY_MAX ((size_t)64 << 10)

/* How an error's body is built around its text. */
enum shape {
	SHAPE_OPENAI,     /* {"error":{"message","type","param","code"}} */
	SHAPE_NUMBERED,   /* the same with the status as its code */
	SHAPE_ANTHROPIC,  /* {"type":"error","error":{"type","message"}} */
	SHAPE_OPENROUTER, /* {"error":{"message","code":400,"metadata"}} */
	SHAPE_FLAT,       /* {"object":"error","message","type","param","code":400} */
	SHAPE_GOOGLE,     /* [{"error":{"code":400,"message","status"}}] */
	SHAPE_XAI,        /* {"code":"…","error":"…"} */
	SHAPE_TEXT,       /* {"error":"…"} */
	SHAPE_TGI,        /* {"error":"…","error_type":"…"} */
	SHAPE_LLAMACPP,   /* {"error":{"code":400,"message","type","n_prompt_tokens","n_ctx"}} */
};

/* %L limit, %A actual, %O output, %T actual + output, %M model, %W seconds to wait, %X text. */
static const struct vendor {
	const char *name;
	enum shape shape;
	int overflow_status;
	const char *overflow_type;
	const char *overflow_code;
	const char *overflow;
} vendors[FM_VENDOR_COUNT] = {
	[FM_VENDOR_OPENAI] = {"openai",      SHAPE_OPENAI,     400, "invalid_request_error",
                              "context_length_exceeded",                                                                 "This model's maximum context length is %L tokens. However, your "
                              "messages resulted in %A tokens. Please reduce the length of the "
                              "messages."										      },
	[FM_VENDOR_OPENAI_GPT5] = {"openai-gpt5", SHAPE_OPENAI,     400, "invalid_request_error",
                              "context_length_exceeded",                                                                 "Input tokens exceed the configured limit of %L tokens. Your "
                                   "messages resulted in %A tokens. Please reduce the length of "
                                   "the messages."									     },
	[FM_VENDOR_ANTHROPIC] = {"anthropic",   SHAPE_ANTHROPIC,  400, "invalid_request_error",         NULL,
                              "prompt is too long: %A tokens > %L maximum"													     },
	[FM_VENDOR_OPENROUTER] = {"openrouter",  SHAPE_OPENROUTER, 400, NULL,
                              "context_length_exceeded",                                                                 "This endpoint's maximum context length is %L tokens. However, "
                                  "you requested about %T tokens (%A of text input, %O in the "
                                  "output). Please reduce the length of either one, or use the "
                                  "\"middle-out\" transform to compress your prompt "
                                  "automatically."									     },
	[FM_VENDOR_DEEPSEEK] = {"deepseek",    SHAPE_OPENAI,     400, "invalid_request_error",
                              "invalid_request_error",                                                                   "This model's maximum context length is %L tokens. However, you "
                                "requested %T tokens (%A in the messages, %O in the completion). "
                                "Please reduce the length of the messages or completion."                                        },
	[FM_VENDOR_GROQ] = {"groq",        SHAPE_OPENAI,     400, "invalid_request_error",
                              "context_length_exceeded",                                                                 "Please reduce the length of the messages or completion."     },
	[FM_VENDOR_TOGETHER] = {"together",    SHAPE_OPENAI,     400, "invalid_request_error",         NULL,
                              "The input (%A tokens) is longer than the model's context length "
                                "(%L tokens)."																	 },
	[FM_VENDOR_FIREWORKS] = {"fireworks",   SHAPE_OPENAI,     400, "invalid_request_error",
                              "invalid_request_error",                                                                   "The prompt is too long: %A, model maximum context length: %L"},
	[FM_VENDOR_MISTRAL] = {"mistral",     SHAPE_FLAT,       400, "invalid_request_message_order", "3051",
                              "Prompt contains %A tokens and 0 draft tokens, too large for model "
                               "with %L maximum context length"															},
	[FM_VENDOR_XAI] = {"xai",         SHAPE_XAI,        400, NULL,                            "invalid-argument",
                              "This model's maximum prompt length is %L but the request contains %A "
                           "tokens."																		   },
	[FM_VENDOR_CEREBRAS] = {"cerebras",    SHAPE_OPENAI,     400, "invalid_request_error",
                              "context_length_exceeded",                                                                 "Please reduce the length of the messages or completion. Current "
                                "length is %A while limit is %L"                                                               },
	[FM_VENDOR_DASHSCOPE] = {"dashscope",   SHAPE_OPENAI,     400, "invalid_request_error",
                              "invalid_parameter_error",                                                                 "<400> InternalError.Algo.InvalidParameter: Range of input length "
                                 "should be [1, %L]"									   },
	[FM_VENDOR_GEMINI] = {"gemini",      SHAPE_GOOGLE,     400, "INVALID_ARGUMENT",              NULL,
                              "The input token count (%A) exceeds the maximum number of tokens "
                              "allowed (%L)."																	  },
	[FM_VENDOR_HUGGINGFACE] = {"huggingface", SHAPE_TGI,        422, "validation",                    NULL,
                              "Input validation error: `inputs` must have less than %L "
                                   "tokens. Given: %A"																 },
	[FM_VENDOR_VLLM] = {"vllm",        SHAPE_NUMBERED,   400, "BadRequestError",               NULL,
                              "You passed %A input tokens and requested %O output tokens. However, "
                            "the model's context length is only %L tokens, resulting in a maximum "
                            "input length of %L tokens. Please reduce the length of the input "
                            "prompt."																		  },
	[FM_VENDOR_SGLANG] = {"sglang",      SHAPE_FLAT,       400, "BadRequestError",               NULL,
                              "Requested token count exceeds the model's maximum context length of "
                              "%L tokens. You requested a total of %T tokens: %A tokens from the "
                              "input messages and %O tokens for the completion. Please reduce the "
                              "number of tokens in the input messages or the completion to fit "
                              "within the limit."																      },
	[FM_VENDOR_LLAMACPP] = {"llamacpp",    SHAPE_LLAMACPP,   400, "exceed_context_size_error",     NULL,
                              "request (%A tokens) exceeds the available context size (%L "
                                "tokens), try increasing it"															   },
	[FM_VENDOR_OLLAMA] = {"ollama",      SHAPE_OPENAI,     400, "invalid_request_error",         NULL,
                              "input length (%A tokens) exceeds the model's maximum context length "
                              "(%L tokens)"																	    },
	[FM_VENDOR_LMSTUDIO] = {"lmstudio",    SHAPE_TEXT,       400, NULL,                            NULL,
                              "The number of tokens to keep from the initial prompt (%A) is "
                                "greater than the context length (%L). Try to load the model with "
                                "a larger context length, or provide a shorter input"												  },
};

/* The other errors, in OpenAI's words, which most vendors took over. */
static const struct {
	int status;
	const char *type;
	const char *code;
	const char *text;
} faults[FM_FAULT_COUNT] = {
	[FM_FAULT_RATE] = {429, "tokens",                    "rate_limit_exceeded",
                           "Rate limit reached for %M in organization org-sim on tokens per min "
                           "(TPM): Limit %L, Used %L, Requested %A. Please try again in %W."},
	[FM_FAULT_MINUTE_WALL] = {429, "tokens",                    "rate_limit_exceeded",
                           "Request too large for %M in organization org-sim on tokens per "
                                  "min (TPM): Limit %L, Requested %A. The input or output tokens "
                                  "must be reduced in order to run successfully."           },
	[FM_FAULT_QUOTA] = {429, "insufficient_quota",        "insufficient_quota",
                           "You exceeded your current quota, please check your plan and billing "
                            "details."						      },
	[FM_FAULT_AUTH] = {401, "invalid_request_error",     "invalid_api_key",
                           "Incorrect API key provided."                                    },
	[FM_FAULT_BODY_CAP] = {413, "invalid_request_error",     "request_too_large",
                           "Maximum request body size %L exceeded, actual body size %A"     },
	[FM_FAULT_OUTPUT_CAP] = {400, "invalid_request_error",     "invalid_value",
                           "max_tokens is too large: %O. This model supports at most %L "
                                 "completion tokens, whereas you provided %O."              },
	[FM_FAULT_NO_MODEL] = {404, "invalid_request_error",     "model_not_found",
                           "The model `%M` does not exist or you do not have access to it." },
	[FM_FAULT_BAD_REQUEST] = {400, "invalid_request_error",     NULL,                   "%X"   },
	[FM_FAULT_SERVER] = {500, "server_error",              NULL,
                           "The server had an error while processing your request. Sorry about "
                             "that!"							},
	[FM_FAULT_OVERLOADED] = {503, "service_unavailable_error", "server_is_overloaded",
                           "The engine is currently overloaded, please try again later"     },
};

const char *fm_vendor_name(enum fm_vendor vendor)
{
	return vendors[vendor].name;
}

bool fm_vendor_find(struct fm_span name, enum fm_vendor *ret_vendor)
{
	for (unsigned i = 0; i < FM_VENDOR_COUNT; i++)
		if (fm_span_is(name, vendors[i].name)) {
			*ret_vendor = (enum fm_vendor)i;
			return true;
		}
	return false;
}

static void put_letter(struct fm_buf *buf, char letter, const struct fm_fault_said *said)
{
	switch (letter) {
	case 'L':
		fm_buf_putf(buf, "%" PRIu64, said->limit);
		break;
	case 'A':
		fm_buf_putf(buf, "%" PRIu64, said->actual);
		break;
	case 'O':
		fm_buf_putf(buf, "%" PRIu64, said->output);
		break;
	case 'T':
		fm_buf_putf(buf, "%" PRIu64, said->actual + said->output);
		break;
	case 'W':
		fm_buf_putf(buf, "%" PRId64 ".%03" PRId64 "s", said->wait_ms / 1000,
		            said->wait_ms % 1000);
		break;
	case 'M':
		fm_buf_puts(buf, said->model == NULL ? "" : said->model);
		break;
	default:
		fm_buf_puts(buf, said->text == NULL ? "" : said->text);
		break;
	}
}

static void put_words(struct fm_buf *buf, const char *words, const struct fm_fault_said *said)
{
	for (; *words != '\0'; words++) {
		if (*words == '%')
			put_letter(buf, *++words, said);
		else
			fm_buf_putc(buf, *words);
	}
}

/* What goes into a body, whatever its shape. */
struct parts {
	int status;
	const char *type;
	const char *code;
	struct fm_span text;
	const struct fm_fault_said *said;
};

static void put_inner(struct fm_json_writer *w, enum shape shape, const struct parts *p)
{
	const bool numbered = shape != SHAPE_OPENAI && shape != SHAPE_ANTHROPIC;

	if (shape == SHAPE_ANTHROPIC)
		fm_json_string(w, "type", p->type);
	fm_json_text(w, "message", p->text);
	if (shape == SHAPE_GOOGLE)
		fm_json_string(w, "status", p->type);
	if (shape == SHAPE_OPENAI || shape == SHAPE_NUMBERED || shape == SHAPE_LLAMACPP ||
	    shape == SHAPE_FLAT)
		fm_json_string(w, "type", p->type);
	if (shape == SHAPE_OPENAI || shape == SHAPE_NUMBERED || shape == SHAPE_FLAT)
		fm_json_null(w, "param");
	if (shape == SHAPE_OPENAI)
		fm_json_string(w, "code", p->code);
	if (numbered && (shape != SHAPE_FLAT || p->code == NULL))
		fm_json_i64(w, "code", p->status);
	else if (shape == SHAPE_FLAT)
		fm_json_string(w, "code", p->code);
	if (shape == SHAPE_LLAMACPP && p->said->fault == FM_FAULT_OVERFLOW) {
		fm_json_u64(w, "n_prompt_tokens", p->said->actual);
		fm_json_u64(w, "n_ctx", p->said->limit);
	}
	if (shape == SHAPE_OPENROUTER) {
		fm_json_object(w, "metadata");
		if (p->code != NULL)
			fm_json_string(w, "error_type", p->code);
		fm_json_end_object(w);
	}
}

static void put_shape(struct fm_json_writer *w, enum shape shape, const struct parts *p)
{
	if (shape == SHAPE_GOOGLE)
		fm_json_list(w, NULL);
	fm_json_object(w, NULL);
	switch (shape) {
	case SHAPE_FLAT:
		fm_json_string(w, "object", "error");
		put_inner(w, shape, p);
		break;
	case SHAPE_XAI:
		fm_json_string(w, "code", p->code);
		fm_json_text(w, "error", p->text);
		break;
	case SHAPE_TEXT:
	case SHAPE_TGI:
		fm_json_text(w, "error", p->text);
		if (shape == SHAPE_TGI)
			fm_json_string(w, "error_type", p->type);
		break;
	case SHAPE_ANTHROPIC:
	case SHAPE_OPENAI:
	case SHAPE_NUMBERED:
	case SHAPE_OPENROUTER:
	case SHAPE_GOOGLE:
	case SHAPE_LLAMACPP:
	default:
		if (shape == SHAPE_ANTHROPIC)
			fm_json_string(w, "type", "error");
		fm_json_object(w, "error");
		put_inner(w, shape, p);
		fm_json_end_object(w);
		break;
	}
	fm_json_end_object(w);
	if (shape == SHAPE_GOOGLE)
		fm_json_end_list(w);
}

int fm_answer_put_error(struct fm_buf *buf, enum fm_vendor vendor, const struct fm_fault_said *said)
{
	const struct vendor *v = &vendors[vendor];
	const bool overflow = said->fault == FM_FAULT_OVERFLOW;
	struct fm_json_writer w = {buf, false};
	struct fm_buf text = {0};
	struct parts parts = {
		.status = overflow ? v->overflow_status : faults[said->fault].status,
		.type = overflow ? v->overflow_type : faults[said->fault].type,
		.code = overflow ? v->overflow_code : faults[said->fault].code,
		.said = said,
	};

	fm_buf_init(&text, ERROR_BODY_MAX);
	put_words(&text, overflow ? v->overflow : faults[said->fault].text, said);
	parts.text = fm_buf_span(&text);
	put_shape(&w, v->shape, &parts);
	fm_buf_free(&text);
	return parts.status;
}
