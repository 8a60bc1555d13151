#include "ollama_internal.h"

#include "base/macro.h"
#include "body_internal.h"

/*
 * Unless it is told not to, the server cuts a prompt that is too long to about half its window and
 * answers as if nothing had happened, and moves the window on while it writes: an answer to another
 * question. What cuts is never left to the default.
 */
static const char *const reserved[] = {"model", "messages", "stream", "truncate", "shift", NULL};
static const char *const reserved_options[] = {"num_predict", NULL};

static const struct fm_rename settings[] = {
	{"temperature", "temperature"},
	{"top_p",       "top_p"      },
	{"top_k",       "top_k"      },
	{"seed",        "seed"       },
	{"stop",        "stop"       },
};

/* A person may give the server less memory than the model's window would take. */
static bool says_window(struct fm_span extra)
{
	struct fm_json json = {0};
	struct fm_err err;
	bool says = false;

	extra = fm_span_trim(extra);
	if (extra.len > 0 && fm_json_open(extra, &json, &err) == FM_OK)
		says = fm_value_get(fm_value_get(json.root, "options"), "num_ctx") != NULL;
	fm_json_close(&json);
	return says;
}

static enum fm_code make_params(const struct fm_body_spec *spec, struct fm_arena *arena,
                                const char **ret_params, struct fm_err *err)
{
	struct fm_members members = {0};
	struct fm_json_writer *w = &members.w;
	enum fm_code rc = fm_members_begin(spec, true, &members, err);

	if (rc != FM_OK)
		goto out;
	fm_json_bool(w, "stream", spec->stream);
	fm_json_bool(w, "truncate", false);
	fm_json_bool(w, "shift", false);
	rc = fm_members_begin_group(spec, "options", reserved_options, &members, err);
	if (rc != FM_OK)
		goto out;
	fm_json_u64(w, "num_predict", spec->max_tokens);
	if (spec->window > 0 && !says_window(spec->extra))
		fm_json_u64(w, "num_ctx", spec->window);
	rc = fm_members_add_settings(spec, settings, FM_COUNT(settings), &members, err);
	fm_json_end_object(w);
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
	fm_body_add(ret_body, arena, "\"messages\":[");
	fm_body_add_messages(ret_body, arena, prompt, true, "\"content\":\"", "\"}");
	fm_body_add(ret_body, arena, "]}");
}

static void add_path(const char *model, bool stream, struct fm_buf *buf)
{
	(void)model; /* it stands in the body */
	(void)stream;
	fm_buf_puts(buf, "/api/chat");
}

const struct fm_dialect fm_dialect_ollama = {
	.name = "ollama",
	.key_header = "Authorization: Bearer ",
	.framing = FM_FRAMING_LINES,
	.path = add_path,
	.params = make_params,
	.body = make_body,
	.event = fm_ollama_event,
	.whole = fm_ollama_whole,
};
