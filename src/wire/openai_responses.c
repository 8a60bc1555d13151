#include "openai_responses_internal.h"

#include "base/macro.h"
#include "body_internal.h"

/*
 * What the dialect sets itself, and what would make of one trial a conversation or a job: an answer
 * must come of the prompt we laid, at once and uncut.
 */
static const char *const reserved[] = {
	"model",        "instructions",
	"input",        "stream",
	"store",        "stream_options",
	"truncation",   "max_output_tokens",
	"background",   "context_management",
	"prompt",       "previous_response_id",
	"conversation", NULL,
};

static const struct fm_rename settings[] = {
	{"temperature", "temperature"},
	{"top_p",       "top_p"      },
};

/* The vendor keeps every answer for a month unless it is told not to. */
static enum fm_code make_params(const struct fm_body_spec *spec, struct fm_arena *arena,
                                const char **ret_params, struct fm_err *err)
{
	struct fm_members members = {0};
	struct fm_json_writer *w = &members.w;
	enum fm_code rc = fm_members_begin(spec, true, &members, err);

	if (rc != FM_OK)
		goto out;
	fm_json_u64(w, "max_output_tokens", spec->max_tokens);
	fm_json_bool(w, "store", false);
	fm_json_string(w, "truncation", "disabled");
	fm_json_bool(w, "stream", spec->stream);
	if (spec->stream) {
		fm_json_object(w, "stream_options");
		fm_json_bool(w, "include_obfuscation", false);
		fm_json_end_object(w);
	}
	rc = fm_members_add_settings(spec, settings, FM_COUNT(settings), &members, err);
	if (rc == FM_OK)
		rc = fm_members_add(spec->extra, reserved, "extra_body", &members, err);
	if (rc == FM_OK)
		rc = fm_members_end(&members, arena, ret_params, err);
out:
	fm_members_free(&members);
	return rc;
}

static const struct fm_body_frame whole_text = {"\"content\":\"", "", "\"}"};
static const struct fm_body_frame parted_text = {
	.open = "\"content\":[{\"type\":\"input_text\",\"text\":\"",
	.between = "\"},{\"type\":\"input_text\",\"text\":\"",
	.close = "\"}]}",
};

static void make_body(const struct fm_prompt *prompt, const char *params, struct fm_arena *arena,
                      struct fm_bytes *ret_body)
{
	static const struct fm_body_frame system = {"\"instructions\":\"", "\\n\\n", "\","};

	fm_body_begin(params, arena, ret_body);
	fm_body_add_system(ret_body, arena, prompt, &system);
	fm_body_add(ret_body, arena, "\"input\":[");
	fm_body_add_parted(ret_body, arena, prompt, false, &whole_text, &parted_text);
	fm_body_add(ret_body, arena, "]}");
}

static void add_path(const char *model, bool stream, struct fm_buf *buf)
{
	(void)model; /* it stands in the body */
	(void)stream;
	fm_buf_puts(buf, "/responses");
}

const struct fm_dialect fm_dialect_openai_responses = {
	.name = "openai-responses",
	.key_header = "Authorization: Bearer ",
	.framing = FM_FRAMING_SSE,
	.path = add_path,
	.params = make_params,
	.body = make_body,
	.event = fm_openai_responses_event,
	.whole = fm_openai_responses_whole,
};
