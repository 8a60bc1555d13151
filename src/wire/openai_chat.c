#include "openai_chat_internal.h"

/* What the dialect sets itself; `n` is among them because one answer is paid for, never more. */
static const char *const reserved[] = {
	"model", "messages", "stream", "stream_options", "max_tokens", "max_completion_tokens",
	"n",     NULL,
};

static void put(const struct fm_body_spec *spec, struct fm_json_writer *w)
{
	fm_json_u64(w, spec->max_tokens_name, spec->max_tokens);
	if (!spec->stream || spec->usage_unasked)
		return;
	fm_json_object(w, "stream_options");
	fm_json_bool(w, "include_usage", true);
	fm_json_end_object(w);
}

/*
 * Hosts of this shape have settings of their own, so all names pass. Some know texts only, so a
 * list goes only where a text must be cut.
 */
static const struct fm_params_form params = {
	.reserved = reserved,
	.says_stream = true,
	.put = put,
};

static const struct fm_body_form body = {
	.list = "messages",
	.one = {"\"content\":\"",                              "", "\"}"  },
	.many = {"\"content\":[{\"type\":\"text\",\"text\":\"",
                "\"},{\"type\":\"text\",\"text\":\"",              "\"}]}"},
};

const struct fm_dialect fm_dialect_openai_chat = {
	.name = "openai-chat",
	.key_header = "Authorization: Bearer ",
	.framing = FM_FRAMING_SSE,
	.path = "/chat/completions",
	.params = &params,
	.body = &body,
	.event = fm_openai_chat_event,
	.whole = fm_openai_chat_whole,
	.voice = &fm_openai_chat_voice,
};
