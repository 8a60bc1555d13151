#include "wire/count.h"

#include <string.h>

#include "base/macro.h"
#include "base/num.h"
#include "base/pattern.h"
#include "dialect_internal.h"
#include "place_internal.h"
#include "text/json_pull.h"
#include "text/json_write.h"
#include "text/utf8.h"

#define PARAMS_BYTES_MAX ((size_t)1 << 20)

struct fm_count_form {
	const char *presets; /* their names, with a blank between */
	struct fm_wire_place at;
	const struct fm_dialect *dialect; /* whose messages it is sent; NULL: one text */
	const char *text;                 /* else the member of that */
	const char *
		model; /* printed before the model's name in "model"; NULL: it stands in the path */
	const char *more; /* further members: ",\"a\":true" */
	const char *open; /* round the body */
	const char *close;
	const char
		*answer; /* "input_tokens" is a number, "tokens[]" a list, "[]" the root itself */
	uint64_t chars_max; /* 0: none but the body's */
};

static const struct fm_count_form forms[] = {
	{
         .presets = "openai openai-responses",
         .at = {"/responses/input_tokens", false},
         .dialect = &fm_dialect_openai_responses,
         .model = "",
         .answer = "input_tokens",
	 },
	{
         .presets = "anthropic",
         .at = {"/messages/count_tokens", false},
         .dialect = &fm_dialect_anthropic,
         .model = "",
         .answer = "input_tokens",
	 },
 /* The form with a whole request in it counts the system's text, too. */
	{
         .presets = "gemini",
         .at = {"/models/{model}:countTokens", false},
         .dialect = &fm_dialect_gemini,
         .model = "models/",
         .open = "{\"generateContentRequest\":",
         .close = "}",
         .answer = "totalTokens",
	 },
	{
         .presets = "vertex vertex-global",
         .at = {"/models/{model}:countTokens", false},
         .dialect = &fm_dialect_gemini,
         .answer = "totalTokens",
	 },
	{
         .presets = "bedrock",
         .at = {"/model/{model}/count-tokens", false},
         .dialect = &fm_dialect_bedrock,
         .open = "{\"input\":{\"converse\":",
         .close = "}}",
         .answer = "inputTokens",
	 },
	{
         .presets = "cohere",
         .at = {"/v1/tokenize", true},
         .text = "text",
         .model = "",
         .answer = "tokens[]",
         .chars_max = 65536,
	 },
	{
         .presets = "xai xai-responses",
         .at = {"/tokenize-text", false},
         .text = "text",
         .model = "",
         .answer = "token_ids[]",
	 },
	{
         .presets = "vllm sim",
         .at = {"/tokenize", true},
         .dialect = &fm_dialect_openai_chat,
         .model = "",
         .more = ",\"add_generation_prompt\":true",
         .answer = "count",
	 },
	{
         .presets = "llamacpp",
         .at = {"/tokenize", true},
         .text = "content",
         .answer = "tokens[]",
	 },
	{
         .presets = "tgi",
         .at = {"/tokenize", true},
         .text = "inputs",
         .answer = "[]",
	 },
};

const struct fm_count_form *fm_count_find(const char *preset)
{
	for (size_t i = 0; i < FM_COUNT(forms); i++)
		if (fm_pattern_fits(forms[i].presets, fm_span_of(preset)))
			return &forms[i];
	return NULL;
}

const char *fm_count_words(const struct fm_count_form *form)
{
	return form->dialect != NULL ? "the whole request" : "the text alone";
}

const char *fm_count_url(const struct fm_count_form *form, const char *base_url, const char *model,
                         struct fm_arena *arena)
{
	return fm_place_url(&form->at, base_url, model, arena);
}

/* {"model":"…", and what else stands before the messages}. */
static const char *make_params(const struct fm_count_form *form, const char *model,
                               struct fm_arena *arena)
{
	struct fm_buf buf;
	struct fm_json_writer w = {.buf = &buf};
	const char *params;

	fm_buf_init(&buf, PARAMS_BYTES_MAX);
	fm_json_object(&w, NULL);
	if (form->model != NULL)
		fm_json_string(&w, "model",
		               fm_arena_format(arena, "%s%s", form->model,
		                               fm_place_model(form->model, model)));
	fm_json_end_object(&w);
	if (form->more != NULL) {
		buf.len--; /* the closing brace goes behind them */
		fm_buf_puts(&buf, form->more);
		fm_buf_putc(&buf, '}');
	}
	params = fm_arena_text(arena, fm_buf_span(&buf));
	fm_buf_free(&buf);
	return params;
}

static void add(struct fm_bytes *body, struct fm_arena *arena, const char *json)
{
	if (json != NULL)
		fm_bytes_add(body, arena, fm_span_of(json));
}

static void add_texts(const struct fm_count_form *form, const char *params,
                      const struct fm_prompt *prompt, struct fm_arena *arena, struct fm_bytes *body)
{
	const size_t len = strlen(params);

	fm_bytes_add(body, arena, fm_span_make(params, len - 1));
	add(body, arena, len > 2 ? ",\"" : "\"");
	add(body, arena, form->text);
	add(body, arena, "\":\"");
	for (size_t i = 0; i < prompt->count; i++)
		for (size_t p = 0; p < prompt->messages[i].text.count; p++)
			fm_bytes_add(body, arena, prompt->messages[i].text.pieces[p].escaped);
	add(body, arena, "\"}");
}

static void add_messages(const struct fm_count_form *form, const char *params,
                         const struct fm_prompt *prompt, struct fm_arena *arena,
                         struct fm_bytes *body)
{
	struct fm_bytes inner;

	fm_dialect_body(form->dialect, prompt, params, arena, &inner);
	add(body, arena, form->open);
	for (size_t i = 0; i < inner.count; i++)
		fm_bytes_add(body, arena, inner.spans[i]);
	add(body, arena, form->close);
}

static uint64_t count_chars(const struct fm_prompt *prompt)
{
	uint64_t chars = 0;

	for (size_t i = 0; i < prompt->count; i++)
		for (size_t p = 0; p < prompt->messages[i].text.count; p++)
			chars += fm_utf8_count(prompt->messages[i].text.pieces[p].raw);
	return chars;
}

enum fm_code fm_count_body(const struct fm_count_form *form, const char *model,
                           const struct fm_prompt *prompt, struct fm_arena *arena,
                           struct fm_bytes *ret_body, struct fm_err *err)
{
	const char *params = make_params(form, model, arena);
	char chars[FM_NUM_TEXT_MAX];
	char cap[FM_NUM_TEXT_MAX];

	if (form->chars_max > 0 && count_chars(prompt) > form->chars_max)
		return fm_fail(err, FM_E_LIMIT,
		               "the text has %s characters, and the host counts %s at once",
		               fm_num_grouped(count_chars(prompt), chars),
		               fm_num_grouped(form->chars_max, cap));
	*ret_body = (struct fm_bytes){0};
	if (form->dialect != NULL)
		add_messages(form, params, prompt, arena, ret_body);
	else
		add_texts(form, params, prompt, arena, ret_body);
	return FM_OK;
}

/* How many members the list has whose opening bracket was read. */
static enum fm_code read_list(struct fm_json_pull *pull, uint64_t *ret_count, struct fm_err *err)
{
	enum fm_pull_event event = FM_PULL_LIST;
	unsigned depth = 1;
	uint64_t count = 0;
	enum fm_code rc = FM_OK;

	while (depth > 0 && rc == FM_OK) {
		rc = fm_json_pull_next(pull, &event, err);
		if (rc != FM_OK)
			break;
		if (event == FM_PULL_LIST_END || event == FM_PULL_OBJECT_END)
			depth--;
		else
			count += depth == 1;
		if (event == FM_PULL_LIST || event == FM_PULL_OBJECT)
			depth++;
	}
	*ret_count = count;
	return rc;
}

/* The value of the member `name`, a list where `list` says so; the others are passed over. */
static enum fm_code read_member(struct fm_json_pull *pull, struct fm_span name, bool list,
                                uint64_t *ret_tokens, struct fm_err *err)
{
	enum fm_pull_event event;
	struct fm_span passed;
	enum fm_code rc;

	for (;;) {
		rc = fm_json_pull_next(pull, &event, err);
		if (rc != FM_OK || event != FM_PULL_NAME)
			break;
		if (!fm_span_equal(pull->value, name)) {
			rc = fm_json_pull_skip(pull, &passed, err);
			if (rc != FM_OK)
				break;
			continue;
		}
		rc = fm_json_pull_next(pull, &event, err);
		if (rc == FM_OK && list && event == FM_PULL_LIST)
			return read_list(pull, ret_tokens, err);
		if (rc == FM_OK && !list && event == FM_PULL_NUMBER &&
		    fm_num_u64(pull->value, ret_tokens))
			return FM_OK;
		break;
	}
	return rc != FM_OK ? rc
	                   : fm_fail(err, FM_E_FORMAT, "the answer has no \"%.*s\"",
	                             FM_SPAN_ARGS(name));
}

enum fm_code fm_count_read(const struct fm_count_form *form, struct fm_span answer,
                           uint64_t *ret_tokens, struct fm_err *err)
{
	const struct fm_span all = fm_span_of(form->answer);
	const bool list = fm_span_ends(all, "[]");
	const struct fm_span name = fm_span_first(all, list ? all.len - 2 : all.len);
	struct fm_json_pull pull = {0};
	enum fm_pull_event event = FM_PULL_END;
	uint64_t tokens = 0;
	enum fm_code rc = fm_json_pull_init(&pull, answer, err);

	if (rc == FM_OK)
		rc = fm_json_pull_next(&pull, &event, err);
	if (rc == FM_OK && name.len == 0 && event == FM_PULL_LIST)
		rc = read_list(&pull, &tokens, err);
	else if (rc == FM_OK && name.len > 0 && event == FM_PULL_OBJECT)
		rc = read_member(&pull, name, list, &tokens, err);
	else if (rc == FM_OK)
		rc = fm_fail(err, FM_E_FORMAT, "the answer is not what this host says");
	fm_json_pull_free(&pull);
	if (rc == FM_OK)
		*ret_tokens = tokens;
	return rc;
}
