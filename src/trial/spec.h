#ifndef FATHOM_TRIAL_SPEC_H
#define FATHOM_TRIAL_SPEC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "text/json.h"
#include "text/json_write.h"

#define FM_DEPTH_NONE UINT32_MAX /* the task has no depth axis, or the trial is a control */

/*
 * Everything a prompt is a pure function of (D6). Texts are NUL-ended, borrowed, never NULL; an
 * empty one is "".
 */
struct fm_prompt_spec {
	struct fm_id corpus; /* digest of the pack, or of the files' bytes and options */
	uint32_t engine;     /* number of the generator's rules */
	uint64_t hay_seed;
	const char *tokenizer; /* name@digest: "bytes/4@0123…" */
	uint64_t length;       /* tokens */
	const char *length_of; /* "prompt" or "document" */
	const char *layout;    /* "document-first/1" */
	const char *task;      /* name/version, settings behind it: "multikey/1;keys=8" */
	struct fm_id pack;     /* digest of the task's words */
	uint32_t depth_ppm;    /* asked; FM_DEPTH_NONE */
	uint32_t repeat;
	uint64_t value_seed;
	const char *salt;    /* the line that defeats caches, or "" */
	struct fm_id system; /* digest of the system words; none when there are none */
};

/* What else a trial is: where the prompt goes and with which parameters. */
struct fm_trial_spec {
	struct fm_prompt_spec prompt;
	const char *dialect; /* "openai-chat" */
	const char *origin;  /* "https://api.openai.com:443/v1": scheme, host, port, path */
	const char *model;   /* as sent */
	const char *route;   /* a router's choice of host, or "" */
	const char *parts;   /* rule by which the prompt is sent in parts, or "" */
	const char *params;  /* RFC 8785 JSON of all body members but the messages */
};

/* Identities of D6: XXH3-128 of `key=value` lines in the order of the structs. */
struct fm_id fm_prompt_id(const struct fm_prompt_spec *spec);
struct fm_id fm_trial_id(const struct fm_trial_spec *spec);
struct fm_id fm_pair_id(const struct fm_prompt_spec *spec, uint64_t run_seed);

/* The spec as the journal's `spec` member, and back. Unknown members are ignored. */
void fm_trial_spec_write(const struct fm_trial_spec *spec, const char *name,
                         struct fm_json_writer *w);

/*
 * Memory  texts are copied to `arena`
 * Errors  FM_E_FORMAT  the member that is missing or not of its kind is named
 */
FM_MUST_CHECK enum fm_code fm_trial_spec_read(const struct fm_value *value, struct fm_arena *arena,
                                              struct fm_trial_spec *ret_spec, struct fm_err *err);

#endif
