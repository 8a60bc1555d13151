#include "anthropic_internal.h"

#include "base/macro.h"
#include "body_internal.h"

/*
 * What the dialect sets itself; `context_management` is among them because it lets the host drop
 * what it was sent and say nothing.
 */
static const char *const reserved[] = {
	"model", "messages", "system", "max_tokens", "stream", "context_management", NULL,
};

static const struct fm_rename settings[] = {
	{"temperature", "temperature"   },
	{"top_p",       "top_p"         },
	{"top_k",       "top_k"         },
	{"stop",        "stop_sequences"},
};

static const struct fm_body_frame system_frame = {
	.open = "\"system\":[{\"type\":\"text\",\"text\":\"",
	.between = "\"},{\"type\":\"text\",\"text\":\"",
	.close = "\"}],",
};

/* The last version that takes a temperature: 2026-10-21 refuses one of every model. */
static const char *const headers[] = {"anthropic-version: 2023-06-01", NULL};

static enum fm_code make_params(const struct fm_body_spec *spec, struct fm_arena *arena,
                                const char **ret_params, struct fm_err *err)
{
	struct fm_members members = {0};
	enum fm_code rc = fm_members_begin(spec, true, &members, err);

	if (rc != FM_OK)
		goto out;
	fm_json_u64(&members.w, "max_tokens", spec->max_tokens);
	fm_json_bool(&members.w, "stream", spec->stream);
	rc = fm_members_add_settings(spec, settings, FM_COUNT(settings), &members, err);
	if (rc == FM_OK)
		rc = fm_members_add(spec->extra, reserved, "extra_body", &members, err);
	if (rc == FM_OK)
		rc = fm_members_end(&members, arena, ret_params, err);
out:
	fm_members_free(&members);
	return rc;
}

static void make_body(const struct fm_prompt *prompt, const char *params, struct fm_arena *arena,
                      struct fm_bytes *ret_body)
{
	fm_body_begin(params, arena, ret_body);
	fm_body_add_system(ret_body, arena, prompt, &system_frame);
	fm_body_add(ret_body, arena, "\"messages\":[");
	fm_body_add_messages(ret_body, arena, prompt, false, "\"content\":\"", "\"}");
	fm_body_add(ret_body, arena, "]}");
}

static void add_path(const char *model, bool stream, struct fm_buf *buf)
{
	(void)model; /* it stands in the body */
	(void)stream;
	fm_buf_puts(buf, "/messages");
}

const struct fm_dialect fm_dialect_anthropic = {
	.name = "anthropic",
	.key_header = "x-api-key: ",
	.headers = headers,
	.framing = FM_FRAMING_SSE,
	.path = add_path,
	.params = make_params,
	.body = make_body,
	.event = fm_anthropic_event,
	.whole = fm_anthropic_whole,
};
