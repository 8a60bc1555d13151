#include "bedrock_internal.h"

#include "base/macro.h"
#include "body_internal.h"

/* A prompt of the vendor's own store, and the variables in it, would stand in the place of ours. */
static const char *const reserved[] = {"modelId",         "messages",        "system",
                                       "inferenceConfig", "promptVariables", NULL};

/* All that the vendor has for every model; what one model has besides goes in extra_body. */
static const struct fm_rename settings[] = {
	{"temperature", "temperature"  },
	{"top_p",       "topP"         },
	{"stop",        "stopSequences"},
};

/* The model and whether the answer is a stream stand in the path. */
static enum fm_code make_params(const struct fm_body_spec *spec, struct fm_arena *arena,
                                const char **ret_params, struct fm_err *err)
{
	struct fm_members members = {0};
	struct fm_json_writer *w = &members.w;
	enum fm_code rc = fm_members_begin(spec, false, &members, err);

	if (rc != FM_OK)
		goto out;
	fm_json_object(w, "inferenceConfig");
	fm_json_u64(w, "maxTokens", spec->max_tokens);
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
	static const struct fm_body_frame system = {"\"system\":[{\"text\":\"", "\"},{\"text\":\"",
	                                            "\"}],"};

	fm_body_begin(params, arena, ret_body);
	fm_body_add_system(ret_body, arena, prompt, &system);
	fm_body_add(ret_body, arena, "\"messages\":[");
	fm_body_add_messages(ret_body, arena, prompt, false, "\"content\":[{\"text\":\"", "\"}]}");
	fm_body_add(ret_body, arena, "]}");
}

static void add_path(const char *model, bool stream, struct fm_buf *buf)
{
	fm_buf_puts(buf, "/model/");
	fm_path_add(buf, fm_span_of(model));
	fm_buf_puts(buf, stream ? "/converse-stream" : "/converse");
}

const struct fm_dialect fm_dialect_bedrock = {
	.name = "bedrock",
	.key_header = "Authorization: Bearer ",
	.framing = FM_FRAMING_FRAMES,
	.path = add_path,
	.params = make_params,
	.body = make_body,
	.event = fm_bedrock_event,
	.whole = fm_bedrock_whole,
};
