#include "gemini_internal.h"

#include <string.h>

#include "base/macro.h"

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

static void put_config(const struct fm_body_spec *spec, struct fm_json_writer *w)
{
	fm_json_u64(w, "maxOutputTokens", spec->max_tokens);
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

static const struct fm_params_form params = {
	.model_in_path = true,
	.reserved = reserved,
	.settings = settings,
	.setting_count = FM_COUNT(settings),
	.group = "generationConfig",
	.group_reserved = reserved_settings,
	.put_group = put_config,
};

static const struct fm_body_form body = {
	.list = "contents",
	.assistant = "model",
	.system = {"\"systemInstruction\":{\"parts\":[{\"text\":\"", "\"},{\"text\":\"", "\"}]},"},
	.one = {"\"parts\":[{\"text\":\"",                        "",                 "\"}]}" },
};

const struct fm_dialect fm_dialect_gemini = {
	.name = "gemini",
	.key_header = "x-goog-api-key: ",
	.framing = FM_FRAMING_SSE,
	.ends_with_body = true,
	.model_path = add_path,
	.params = &params,
	.body = &body,
	.event = fm_gemini_event,
	.whole = fm_gemini_whole,
	.voice = &fm_gemini_voice,
};
