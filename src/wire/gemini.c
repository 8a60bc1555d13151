#include "gemini_internal.h"

#include <string.h>

#include "base/macro.h"
#include "body_internal.h"

/*
 * What the dialect sets itself. The host takes its names in both spellings, so both are kept from
 * extra_body; the model stands in the URL.
 */
static const char *const reserved[] = {
	"model", "contents", "systemInstruction", "system_instruction", "generation_config", NULL,
};

static const char *const reserved_settings[] = {
	"maxOutputTokens", "max_output_tokens", "candidateCount", "candidate_count", NULL,
};

static const struct fm_rename settings[] = {
	{"temperature", "temperature"  },
        {"top_p",       "topP"         },
        {"top_k",       "topK"         },
        {"seed",        "seed"         },
	{"stop",        "stopSequences"},
};

static const struct fm_body_frame system_frame = {
	.open = "\"systemInstruction\":{\"parts\":[{\"text\":\"",
	.between = "\"},{\"text\":\"",
	.close = "\"}]},",
};

static enum fm_code make_params(const struct fm_body_spec *spec, struct fm_arena *arena,
                                const char **ret_params, struct fm_err *err)
{
	struct fm_members members = {0};
	enum fm_code rc = fm_members_begin(spec, false, &members, err);

	if (rc != FM_OK)
		goto out;
	rc = fm_members_begin_group(spec, "generationConfig", reserved_settings, &members, err);
	if (rc != FM_OK)
		goto out;
	fm_json_u64(&members.w, "maxOutputTokens", spec->max_tokens);
	rc = fm_members_add_settings(spec, settings, FM_COUNT(settings), &members, err);
	fm_json_end_object(&members.w);
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
	const char *between = "";

	fm_body_begin(params, arena, ret_body);
	fm_body_add_system(ret_body, arena, prompt, &system_frame);
	fm_body_add(ret_body, arena, "\"contents\":[");
	for (size_t i = 0; i < prompt->count; i++) {
		const struct fm_message *message = &prompt->messages[i];

		if (message->role == FM_ROLE_SYSTEM)
			continue;
		fm_body_add(ret_body, arena, between);
		fm_body_add(ret_body, arena,
		            message->role == FM_ROLE_USER
		                    ? "{\"role\":\"user\",\"parts\":[{\"text\":\""
		                    : "{\"role\":\"model\",\"parts\":[{\"text\":\"");
		fm_body_add_text(ret_body, arena, &message->text);
		fm_body_add(ret_body, arena, "\"}]}");
		between = ",";
	}
	fm_body_add(ret_body, arena, "]}");
}

/* The list of models names them "models/…", so a person may; tuned ones stand in another folder. */
static void add_path(const char *model, bool stream, struct fm_buf *buf)
{
	struct fm_span name = fm_span_of(model);

	if (fm_span_starts(name, "tunedModels/")) {
		fm_buf_puts(buf, "/tunedModels/");
		name = fm_span_skip(name, strlen("tunedModels/"));
	} else {
		fm_buf_puts(buf, "/models/");
		if (fm_span_starts(name, "models/"))
			name = fm_span_skip(name, strlen("models/"));
	}
	fm_path_add(buf, name);
	fm_buf_puts(buf, stream ? ":streamGenerateContent?alt=sse" : ":generateContent");
}

const struct fm_dialect fm_dialect_gemini = {
	.name = "gemini",
	.key_header = "x-goog-api-key: ",
	.framing = FM_FRAMING_SSE,
	.ends_with_body = true,
	.path = add_path,
	.params = make_params,
	.body = make_body,
	.event = fm_gemini_event,
	.whole = fm_gemini_whole,
};
