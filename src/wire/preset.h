#ifndef FATHOM_WIRE_PRESET_H
#define FATHOM_WIRE_PRESET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

/* How far bytes ÷ 4 is off for English prose with the vocabularies of most vendors. */
#define FM_ROUGH_PPM 250000

/* What a host counts when it says how long a string may be. */
enum fm_char_unit {
	FM_CHAR_POINT, /* code points, as Python's len() and a JSON schema do */
	FM_CHAR_UTF16, /* code units of UTF-16, as Java and JavaScript do: two beyond U+FFFF */
};

/* A provider we know by name: the part of `provider/model` before the first slash. */
struct fm_preset {
	const char *name;       /* "openai" */
	const char *title;      /* "OpenAI", for listings */
	const char *base_url;   /* may hold "{VARIABLE}" or "{VARIABLE=what it is when not set}" */
	const char *dialect;    /* "openai-chat" */
	const char *keys;       /* variables, of which the first that is set has the key, "" when it
	                         takes none; "ID+SECRET+SESSION?" is a key in parts that signs */
	const char *key_header; /* goes before the key; NULL: as the dialect has it */
	const char *header;     /* one more header with every request; NULL: none */
	const char *max_tokens_name;
	const char *always; /* JSON object: members of every body, so that nothing is cut */
	const char *route;  /* JSON object of a chosen host, its name for "{}"; NULL: no choice */
	const char *window_at; /* where it declares windows: "GET /models data[].max_model_len" */
	const char *usage;     /* how its usage differs from the dialect's; NULL: it does not */
	const char *catalogue; /* whose models it serves, for the catalogue; NULL: its own */
	const char *note;      /* what else a person should know; NULL: nothing */
	bool exact;            /* the simulator: counts as the plan does */
	bool usage_unasked;    /* a stream tells it by itself, and the host refuses to be asked */
	enum fm_char_unit string_unit;
	uint64_t string_chars_max; /* of one JSON string; 0: no cap is known */
	uint64_t body_bytes_max;   /* 0: no cap is known */
};

const struct fm_preset *fm_preset_find(struct fm_span name); /* NULL when there is none */
const struct fm_preset *const *fm_preset_list(size_t *ret_count);

/* Gives a variable's value, NULL when it is not set: fm_env_get. */
typedef const char *(*fm_variable_fn)(const char *name);

/*
 * The base URL with its variables filled in. A variable that begins it may be a bare host, as
 * OLLAMA_HOST often is: then scheme and port are those of what stands there by default.
 *
 * Memory  in `arena`
 * Errors  FM_E_USAGE  a variable that it needs is not set; the text names it
 */
FM_MUST_CHECK enum fm_code fm_preset_url(const struct fm_preset *preset, fm_variable_fn variable,
                                         struct fm_arena *arena, const char **ret_url,
                                         struct fm_err *err);

/* What a host does not take as it stands, or takes and does harm with. */
struct fm_quirk {
	const char *presets; /* patterns of presets' and of models' names that it holds for */
	const char *models;
	const char *member; /* of a body */
	const char *with;   /* only beside this other one; NULL: always */
	const char *name;   /* it is sent under this name; NULL: it is not sent */
	const char *why;    /* behind "NAME is not sent: " */
	bool harms;         /* it cuts or reroutes: extra_body may not say it either */
};

const struct fm_quirk *fm_quirk_list(size_t *ret_count);

/* What one model of a preset is asked with. `preset` may be NULL: then all is as it stands. */
struct fm_preset_body {
	const struct fm_preset *preset;
	const char *model;
	const char *params; /* JSON objects' texts */
	const char *extra_body;
	const char *route; /* "" */
	bool typed;        /* a person said the params; else what is not taken is left out */
};

/*
 * Params and extra_body as the host takes them: renamed, and with what is always sent.
 *
 * Memory  in `arena`
 * Errors  FM_E_USAGE  it does not take one, or must not be sent one; the text says why
 */
FM_MUST_CHECK enum fm_code fm_preset_apply(const struct fm_preset_body *body,
                                           struct fm_arena *arena, const char **ret_params,
                                           const char **ret_extra, struct fm_err *err);

#endif
