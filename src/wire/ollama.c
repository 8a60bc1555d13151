#include "ollama_internal.h"

#include "base/macro.h"

/*
 * Unless it is told not to, the server cuts a prompt that is too long to about half its window and
 * answers as if nothing had happened, and moves the window on while it writes: an answer to another
 * question. What cuts is never left to the default.
 */
static const char *const reserved[] = {"model", "messages", "stream", "truncate", "shift", NULL};
static const char *const reserved_options[] = {"num_predict", NULL};

static const struct fm_rename settings[] = {
	{"temperature", "temperature"},
	{"top_p",       "top_p"      },
	{"top_k",       "top_k"      },
	{"seed",        "seed"       },
	{"stop",        "stop"       },
};

/* A person may give the server less memory than the model's window would take. */
static bool says_window(struct fm_span extra)
{
	struct fm_json json = {0};
	struct fm_err err;
	bool says = false;

	extra = fm_span_trim(extra);
	if (extra.len > 0 && fm_json_open(extra, &json, &err) == FM_OK)
		says = fm_value_get(fm_value_get(json.root, "options"), "num_ctx") != NULL;
	fm_json_close(&json);
	return says;
}

static void put(const struct fm_body_spec *spec, struct fm_json_writer *w)
{
	(void)spec; /* they are the same for every request */
	fm_json_bool(w, "truncate", false);
	fm_json_bool(w, "shift", false);
}

static void put_options(const struct fm_body_spec *spec, struct fm_json_writer *w)
{
	fm_json_u64(w, "num_predict", spec->max_tokens);
	if (spec->window > 0 && !says_window(spec->extra))
		fm_json_u64(w, "num_ctx", spec->window);
}

static const struct fm_params_form params = {
	.reserved = reserved,
	.settings = settings,
	.setting_count = FM_COUNT(settings),
	.says_stream = true,
	.put = put,
	.group = "options",
	.group_reserved = reserved_options,
	.put_group = put_options,
};

static const struct fm_body_form body = {
	.list = "messages", .one = {"\"content\":\"", "", "\"}"}
};

const struct fm_dialect fm_dialect_ollama = {
	.name = "ollama",
	.key_header = "Authorization: Bearer ",
	.framing = FM_FRAMING_LINES,
	.path = "/api/chat",
	.params = &params,
	.body = &body,
	.event = fm_ollama_event,
	.whole = fm_ollama_whole,
	.voice = &fm_ollama_voice,
};
