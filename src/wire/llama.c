#include "llama_internal.h"

#include "base/macro.h"

static const char *const reserved[] = {"model", "messages", "stream", "max_completion_tokens",
                                       NULL};

static const struct fm_rename settings[] = {
	{"temperature", "temperature"},
	{"top_p",       "top_p"      },
	{"top_k",       "top_k"      },
};

static const struct fm_params_form params = {
	.reserved = reserved,
	.settings = settings,
	.setting_count = FM_COUNT(settings),
	.cap = "max_completion_tokens",
	.says_stream = true,
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
