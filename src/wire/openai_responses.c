#include "openai_responses_internal.h"

#include "base/macro.h"

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
static void put(const struct fm_body_spec *spec, struct fm_json_writer *w)
{
	fm_json_bool(w, "store", false);
	fm_json_string(w, "truncation", "disabled");
	if (!spec->stream)
		return;
	fm_json_object(w, "stream_options");
	fm_json_bool(w, "include_obfuscation", false);
	fm_json_end_object(w);
}

static const struct fm_params_form params = {
	.reserved = reserved,
	.settings = settings,
	.setting_count = FM_COUNT(settings),
	.cap = "max_output_tokens",
	.says_stream = true,
	.put = put,
};

static const struct fm_body_form body = {
	.list = "input",
	.system = {"\"instructions\":\"",                               "\\n\\n", "\","  },
	.one = {"\"content\":\"",				    "",       "\"}"  },
	.many = {"\"content\":[{\"type\":\"input_text\",\"text\":\"",
                   "\"},{\"type\":\"input_text\",\"text\":\"",                    "\"}]}"},
};

const struct fm_dialect fm_dialect_openai_responses = {
	.name = "openai-responses",
	.key_header = "Authorization: Bearer ",
	.framing = FM_FRAMING_SSE,
	.path = "/responses",
	.params = &params,
	.body = &body,
	.event = fm_openai_responses_event,
	.whole = fm_openai_responses_whole,
	.voice = &fm_openai_responses_voice,
};
