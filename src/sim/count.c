#include "call_internal.h"

#include <inttypes.h>
#include <string.h>

#include "base/macro.h"
#include "text/json_write.h"
#include "text/utf8.h"

#define LISTED_MAX ((uint64_t)2 << 20) /* tokens of which each is told: a connection holds 64 MiB */
#define LISTED_BYTES 32                /* that one is told in, at most */
#define COHERE_CHARS_MAX 65536

/* What is told of a prompt, or of a text. */
struct count {
	uint64_t tokens;
	uint64_t window; /* 0: it has no end */
};

/* The simulator's counters need have no ids: a token is told by its place. */
static void put_places(struct fm_buf *buf, uint64_t count, const char *open, const char *close)
{
	for (uint64_t i = 0; i < count; i++)
		fm_buf_putf(buf, "%s%s%" PRIu64 "%s", i > 0 ? "," : "", open, i, close);
}

static void put_input_tokens(struct fm_buf *buf, const struct count *count)
{
	fm_buf_putf(buf, "{\"input_tokens\":%" PRIu64 "}", count->tokens);
}

static void put_response(struct fm_buf *buf, const struct count *count)
{
	fm_buf_putf(buf, "{\"object\":\"response.input_tokens\",\"input_tokens\":%" PRIu64 "}",
	            count->tokens);
}

static void put_gemini(struct fm_buf *buf, const struct count *count)
{
	fm_buf_putf(buf,
	            "{\"totalTokens\":%" PRIu64 ",\"promptTokensDetails\":[{\"modality\":\"TEXT\","
	            "\"tokenCount\":%" PRIu64 "}]}",
	            count->tokens, count->tokens);
}

static void put_bedrock(struct fm_buf *buf, const struct count *count)
{
	fm_buf_putf(buf, "{\"inputTokens\":%" PRIu64 "}", count->tokens);
}

static void put_vllm(struct fm_buf *buf, const struct count *count)
{
	fm_buf_putf(buf, "{\"count\":%" PRIu64, count->tokens);
	if (count->window > 0)
		fm_buf_putf(buf, ",\"max_model_len\":%" PRIu64, count->window);
	fm_buf_puts(buf, ",\"tokens\":[");
	put_places(buf, count->tokens, "", "");
	fm_buf_puts(buf, "],\"token_strs\":null}");
}

static void put_tokens(struct fm_buf *buf, const struct count *count)
{
	fm_buf_puts(buf, "{\"tokens\":[");
	put_places(buf, count->tokens, "", "");
	fm_buf_puts(buf, "]}");
}

static void put_xai(struct fm_buf *buf, const struct count *count)
{
	fm_buf_puts(buf, "{\"token_ids\":[");
	put_places(buf, count->tokens, "{\"token_id\":", "}");
	fm_buf_puts(buf, "]}");
}

static void put_tgi(struct fm_buf *buf, const struct count *count)
{
	fm_buf_puts(buf, "[");
	put_places(buf, count->tokens, "{\"id\":", "}");
	fm_buf_puts(buf, "]");
}

/*
 * How an answer says it, by the form of the request and the member its text stood in.
 *
 * Source  the vendors' SDKs and OpenAPI files; vLLM's, llama.cpp's and TGI's servers
 */
static const struct way {
	int form;
	bool lists;            /* every token */
	const char *text_name; /* NULL: messages */
	void (*put)(struct fm_buf *buf, const struct count *count);
} ways[] = {
	{FM_COUNT_INPUT_TOKENS, false, NULL,      put_input_tokens},
	{FM_COUNT_RESPONSE,     false, NULL,      put_response    },
	{FM_COUNT_GEMINI,       false, NULL,      put_gemini      },
	{FM_COUNT_BEDROCK,      false, NULL,      put_bedrock     },
	{FM_COUNT_XAI,          true,  "text",    put_xai         },
	{FM_COUNT_TOKENIZE,     true,  NULL,      put_vllm        },
	{FM_COUNT_TOKENIZE,     true,  "prompt",  put_vllm        },
	{FM_COUNT_TOKENIZE,     true,  "content", put_tokens      },
	{FM_COUNT_TOKENIZE,     true,  "text",    put_tokens      },
	{FM_COUNT_TOKENIZE,     true,  "inputs",  put_tgi         },
};

static const struct way *way_of(const struct fm_call *call)
{
	const char *name = call->asked.text_name;

	for (size_t i = 0; i < FM_COUNT(ways); i++) {
		const char *other = ways[i].text_name;

		if (ways[i].form == call->route.form &&
		    (name == other || (name != NULL && other != NULL && strcmp(name, other) == 0)))
			return &ways[i];
	}
	return NULL;
}

/* What a chat of the same messages would be told as its prompt's tokens; a text has no frame. */
static struct count count_of(const struct fm_call *call)
{
	struct count count = {.window = call->model->window.tokens};

	for (size_t i = 0; i < call->asked.message_count; i++)
		count.tokens += call->asked.messages[i].tokens;
	if (call->asked.text_name == NULL)
		count.tokens += call->model->frame.prompt +
		                call->model->frame.message * call->asked.message_count;
	return count;
}

static uint64_t chars_of(const struct fm_call *call)
{
	const struct fm_stretch text = call->asked.messages[0].text;
	uint64_t chars = 0;

	for (uint32_t i = 0; i < text.count; i++)
		chars += fm_utf8_count(
			fm_chunk_text(call->generation, call->intake.chunks[text.first + i]));
	return chars;
}

/* What keeps it from being counted, of what hosts refuse; FM_FAULT_COUNT: nothing. */
static enum fm_fault fault_of(const struct fm_call *call, struct fm_fault_said *said)
{
	const bool cohere = call->asked.text_name != NULL &&
	                    strcmp(call->asked.text_name, "text") == 0 &&
	                    call->route.form == FM_COUNT_TOKENIZE;

	said->limit = call->model->caps.body;
	said->actual = call->intake.received;
	if (said->limit > 0 && said->actual > said->limit)
		return FM_FAULT_BODY_CAP;
	said->text = "text must be of at most 65536 characters";
	return cohere && chars_of(call) > COHERE_CHARS_MAX ? FM_FAULT_BAD_REQUEST : FM_FAULT_COUNT;
}

static void answer(struct fm_call *call, const struct way *way)
{
	const struct count count = count_of(call);
	struct fm_fault_said said = {.model = call->model->name};
	struct fm_buf body;

	said.fault = fault_of(call, &said);
	if (said.fault == FM_FAULT_COUNT && way->lists && count.tokens > LISTED_MAX) {
		said.fault = FM_FAULT_BAD_REQUEST;
		said.text = "these are more tokens than the simulator lists";
	}
	if (said.fault != FM_FAULT_COUNT) {
		fm_call_deny(call, &said);
		return;
	}
	fm_buf_init(&body, 4096 + (way->lists ? count.tokens * LISTED_BYTES : 0));
	way->put(&body, &count);
	fm_conn_status(call->conn, 200, "application/json");
	fm_conn_body(call->conn, fm_buf_span(&body));
	fm_buf_free(&body);
}

/* Where no model is named, the server has one: the first. */
static struct fm_model *model_of(const struct fm_call *call)
{
	struct fm_sim_config *config = &call->sim->config;

	return call->asked.model.len == 0 ? &config->models[0]
	                                  : fm_config_model(config, call->asked.model);
}

void fm_call_answer_count(struct fm_call *call)
{
	struct fm_fault_said said = {.fault = FM_FAULT_AUTH, .model = ""};
	const struct way *way = NULL;
	struct fm_err err;
	enum fm_code rc = FM_OK;

	if (fm_call_has_key(call) && fm_call_is_signed(call)) {
		rc = fm_asked_read(&call->intake, &call->route, call->sim->counter, &call->arena,
		                   &call->asked, &err);
		said.fault =
			rc == FM_OK || rc == FM_E_FORMAT ? FM_FAULT_BAD_REQUEST : FM_FAULT_SERVER;
		said.text = rc == FM_OK ? "there is nothing to count here" : err.text;
		way = rc == FM_OK ? way_of(call) : NULL;
	}
	call->model = way != NULL ? model_of(call) : NULL;
	if (call->model != NULL) {
		answer(call, way);
		return;
	}
	if (way != NULL) {
		said.fault = FM_FAULT_NO_MODEL;
		said.model = fm_arena_text(&call->arena, call->asked.model);
	}
	fm_call_deny(call, &said);
}
