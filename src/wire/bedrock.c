#include "bedrock_internal.h"

#include "base/macro.h"

/* A prompt of the vendor's own store, and the variables in it, would stand in the place of ours. */
static const char *const reserved[] = {"modelId",         "messages",        "system",
                                       "inferenceConfig", "promptVariables", NULL};

/* All that the vendor has for every model; what one model has besides goes in extra_body. */
static const struct fm_rename settings[] = {
	{"temperature", "temperature"  },
	{"top_p",       "topP"         },
	{"stop",        "stopSequences"},
};

static void put_config(const struct fm_body_spec *spec, struct fm_json_writer *w)
{
	fm_json_u64(w, "maxTokens", spec->max_tokens);
}

static void add_path(const char *model, bool stream, struct fm_buf *buf)
{
	fm_buf_puts(buf, "/model/");
	fm_path_add(buf, fm_span_of(model));
	fm_buf_puts(buf, stream ? "/converse-stream" : "/converse");
}

static const struct fm_params_form params = {
	.model_in_path = true,
	.reserved = reserved,
	.settings = settings,
	.setting_count = FM_COUNT(settings),
	.group = "inferenceConfig",
	.put_group = put_config,
};

static const struct fm_body_form body = {
	.list = "messages",
	.system = {"\"system\":[{\"text\":\"",  "\"},{\"text\":\"", "\"}],"},
	.one = {"\"content\":[{\"text\":\"", "",                 "\"}]}"},
};

const struct fm_dialect fm_dialect_bedrock = {
	.name = "bedrock",
	.key_header = "Authorization: Bearer ",
	.framing = FM_FRAMING_FRAMES,
	.model_path = add_path,
	.params = &params,
	.body = &body,
	.event = fm_bedrock_event,
	.whole = fm_bedrock_whole,
	.voice = &fm_bedrock_voice,
};
