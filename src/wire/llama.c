#include "llama_internal.h"

#include "base/macro.h"

static const char *const reserved[] = {"model", "messages", "stream", "max_completion_tokens",
                                       NULL};

static const struct fm_rename settings[] = {
	{"temperature", "temperature"},
	{"top_p",       "top_p"      },
	{"top_k",       "top_k"      },
};

static void put(const struct fm_body_spec *spec, struct fm_json_writer *w)
{
	fm_json_u64(w, "max_completion_tokens", spec->max_tokens);
	fm_json_bool(w, "stream", spec->stream);
}

static const struct fm_params_form params = {
	.reserved = reserved,
	.settings = settings,
	.setting_count = FM_COUNT(settings),
	.put = put,
};

static const struct fm_body_form body = {
	.list = "messages", .one = {"\"content\":\"", "", "\"}"}
};

const struct fm_dialect fm_dialect_llama = {
	.name = "llama",
	.key_header = "Authorization: Bearer ",
	.framing = FM_FRAMING_SSE,
	.path = "/chat/completions",
	.params = &params,
	.body = &body,
	.event = fm_llama_event,
	.whole = fm_llama_whole,
	.voice = &fm_llama_voice,
};
