#include "anthropic_internal.h"

#include "base/macro.h"

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

/* The last version that takes a temperature: 2026-10-21 refuses one of every model. */
static const char *const headers[] = {"anthropic-version: 2023-06-01", NULL};

static const struct fm_params_form params = {
	.reserved = reserved,
	.settings = settings,
	.setting_count = FM_COUNT(settings),
	.cap = "max_tokens",
	.says_stream = true,
};

static const struct fm_body_form body = {
	.list = "messages",
	.system = {"\"system\":[{\"type\":\"text\",\"text\":\"",
                   "\"},{\"type\":\"text\",\"text\":\"",             "\"}],"},
	.one = {"\"content\":\"",                             "", "\"}"  },
};

const struct fm_dialect fm_dialect_anthropic = {
	.name = "anthropic",
	.key_header = "x-api-key: ",
	.headers = headers,
	.framing = FM_FRAMING_SSE,
	.path = "/messages",
	.params = &params,
	.body = &body,
	.event = fm_anthropic_event,
	.whole = fm_anthropic_whole,
	.voice = &fm_anthropic_voice,
};
