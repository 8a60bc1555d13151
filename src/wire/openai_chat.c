#include "openai_chat_internal.h"

#include "body_internal.h"

/* What the dialect sets itself; `n` is among them because one answer is paid for, never more. */
static const char *const reserved[] = {
	"model", "messages", "stream", "stream_options", "max_tokens", "max_completion_tokens",
	"n",     NULL,
};

/* Hosts of this shape have settings of their own, so all names pass. */
static enum fm_code make_params(const struct fm_body_spec *spec, struct fm_arena *arena,
                                const char **ret_params, struct fm_err *err)
{
	struct fm_members members = {0};
	struct fm_json_writer *w = &members.w;
	enum fm_code rc = fm_members_begin(spec, true, &members, err);

	if (rc != FM_OK)
		goto out;
	fm_json_u64(w, spec->max_tokens_name, spec->max_tokens);
	fm_json_bool(w, "stream", spec->stream);
	if (spec->stream) {
		fm_json_object(w, "stream_options");
		fm_json_bool(w, "include_usage", true);
		fm_json_end_object(w);
	}
	rc = fm_members_add(spec->params, reserved, "params", &members, err);
	if (rc == FM_OK)
		rc = fm_members_add(spec->extra, reserved, "extra_body", &members, err);
	if (rc == FM_OK)
		rc = fm_members_end(&members, arena, ret_params, err);
out:
	fm_members_free(&members);
	return rc;
}

/* Some hosts of this shape know texts only, so a list goes only where a text must be cut. */
static const struct fm_body_frame whole_text = {"\"content\":\"", "", "\"}"};
static const struct fm_body_frame parted_text = {
	.open = "\"content\":[{\"type\":\"text\",\"text\":\"",
	.between = "\"},{\"type\":\"text\",\"text\":\"",
	.close = "\"}]}",
};

static void make_body(const struct fm_prompt *prompt, const char *params, struct fm_arena *arena,
                      struct fm_bytes *ret_body)
{
	fm_body_begin(params, arena, ret_body);
	fm_body_add(ret_body, arena, "\"messages\":[");
	fm_body_add_parted(ret_body, arena, prompt, true, &whole_text, &parted_text);
	fm_body_add(ret_body, arena, "]}");
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
