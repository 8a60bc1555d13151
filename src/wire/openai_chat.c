#include "openai_chat_internal.h"

#include <string.h>

#include "base/macro.h"
#include "text/json_write.h"

#define PARAMS_MAX ((size_t)1 << 20)

/* What the dialect sets itself; `n` is among them because one answer is paid for, never more. */
static const char *const reserved[] = {
	"model", "messages", "stream", "stream_options", "max_tokens", "max_completion_tokens", "n",
};

/*
 * Add the members of an object's text. What makes them one with the rest, and refuses a name that
 * stands twice, is the parse behind it.
 */
static enum fm_code add_members(struct fm_buf *to, struct fm_span text, struct fm_err *err)
{
	struct fm_json json = {0};
	enum fm_code rc;

	text = fm_span_trim(text);
	if (text.len == 0)
		return FM_OK;
	rc = fm_json_open(text, &json, err);
	if (rc != FM_OK)
		goto out;
	if (fm_value_kind(json.root) != FM_VALUE_OBJECT) {
		rc = fm_fail(err, FM_E_USAGE, "must be an object");
		goto out;
	}
	for (size_t i = 0; i < FM_COUNT(reserved) && rc == FM_OK; i++)
		if (fm_value_get(json.root, reserved[i]) != NULL)
			rc = fm_fail(err, FM_E_USAGE, "may not set \"%s\"", reserved[i]);
	if (rc != FM_OK || fm_value_count(json.root) == 0)
		goto out;
	rc = fm_buf_add(to, fm_span_of(","), err);
	if (rc == FM_OK)
		rc = fm_buf_add(to, fm_span_make(text.ptr + 1, text.len - 2), err);
out:
	fm_json_close(&json);
	return rc;
}

/* Whatever is wrong with the members is a mistake in the plan. */
static enum fm_code as_usage(struct fm_err *err, const char *what)
{
	err->code = FM_E_USAGE;
	return fm_err_prefix(err, "%s", what);
}

static enum fm_code canonical(struct fm_span text, struct fm_arena *arena, const char **ret_text,
                              struct fm_err *err)
{
	struct fm_json json = {0};
	struct fm_buf form = {0};
	enum fm_code rc = fm_json_open(text, &json, err);

	if (rc != FM_OK)
		goto out;
	fm_buf_init(&form, 4 * PARAMS_MAX); /* a number's canonical form may be longer */
	fm_value_put_canonical(json.root, &form);
	*ret_text = fm_arena_text(arena, fm_buf_span(&form));
out:
	fm_buf_free(&form);
	fm_json_close(&json);
	return rc;
}

static enum fm_code make_params(const struct fm_body_spec *spec, struct fm_arena *arena,
                                const char **ret_params, struct fm_err *err)
{
	struct fm_buf text = {0};
	struct fm_json_writer w = {&text, false};
	enum fm_code rc;

	if (strlen(spec->model) > PARAMS_MAX / 16)
		return fm_fail(err, FM_E_USAGE, "the model's name is too long");
	fm_buf_init(&text, 2 * PARAMS_MAX);
	fm_json_object(&w, NULL);
	fm_json_string(&w, "model", spec->model);
	fm_json_u64(&w, spec->max_tokens_name, spec->max_tokens);
	fm_json_bool(&w, "stream", spec->stream);
	if (spec->stream) {
		fm_json_object(&w, "stream_options");
		fm_json_bool(&w, "include_usage", true);
		fm_json_end_object(&w);
	}
	rc = add_members(&text, spec->params, err);
	if (rc != FM_OK) {
		rc = as_usage(err, "params");
		goto out;
	}
	rc = add_members(&text, spec->extra, err);
	if (rc != FM_OK) {
		rc = as_usage(err, "extra_body");
		goto out;
	}
	fm_json_end_object(&w);
	rc = canonical(fm_buf_span(&text), arena, ret_params, err);
	if (rc != FM_OK)
		rc = as_usage(err, "params and extra_body together");
out:
	fm_buf_free(&text);
	return rc;
}

static void add_text(struct fm_bytes *body, struct fm_arena *arena, const char *text)
{
	fm_bytes_add(body, arena, fm_span_of(text));
}

/* Messages stand last, so that a server knows the model before the long part comes. */
static void make_body(const struct fm_prompt *prompt, const char *params, struct fm_arena *arena,
                      struct fm_bytes *ret_body)
{
	const struct fm_span head = fm_arena_copy(arena, fm_span_of(params));

	*ret_body = (struct fm_bytes){0};
	fm_bytes_add(ret_body, arena, fm_span_first(head, head.len - 1));
	add_text(ret_body, arena, ",\"messages\":[");
	for (size_t i = 0; i < prompt->count; i++) {
		const struct fm_rope *text = &prompt->messages[i].text;

		add_text(ret_body, arena, i == 0 ? "{\"role\":\"" : ",{\"role\":\"");
		add_text(ret_body, arena, fm_role_name(prompt->messages[i].role));
		add_text(ret_body, arena, "\",\"content\":\"");
		for (size_t j = 0; j < text->count; j++)
			fm_bytes_add(ret_body, arena, text->pieces[j].escaped);
		add_text(ret_body, arena, "\"}");
	}
	add_text(ret_body, arena, "]}");
}

static void add_path(const char *model, bool stream, struct fm_buf *buf)
{
	(void)model; /* it stands in the body */
	(void)stream;
	fm_buf_puts(buf, "/chat/completions");
}

const struct fm_dialect fm_dialect_openai_chat = {
	.name = "openai-chat",
	.key_header = "Authorization: Bearer ",
	.framing = FM_FRAMING_SSE,
	.path = add_path,
	.params = make_params,
	.body = make_body,
	.event = fm_openai_chat_event,
	.whole = fm_openai_chat_whole,
};
