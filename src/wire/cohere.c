#include "cohere_internal.h"

#include "base/macro.h"

static const char *const reserved[] = {"model", "messages", "max_tokens", "stream", NULL};

static const struct fm_rename settings[] = {
	{"temperature", "temperature"   },
        {"top_p",       "p"             },
        {"top_k",       "k"             },
        {"seed",        "seed"          },
	{"stop",        "stop_sequences"},
};

static const struct fm_params_form params = {
	.reserved = reserved,
	.settings = settings,
	.setting_count = FM_COUNT(settings),
	.cap = "max_tokens",
	.says_stream = true,
};

static const struct fm_body_form body = {
	.list = "messages", .one = {"\"content\":\"", "", "\"}"}
};

const struct fm_dialect fm_dialect_cohere = {
	.name = "cohere",
	.key_header = "Authorization: Bearer ",
	.framing = FM_FRAMING_SSE,
	.path = "/chat",
	.params = &params,
	.body = &body,
	.event = fm_cohere_event,
	.whole = fm_cohere_whole,
	.voice = &fm_cohere_voice,
};
