#ifndef FATHOM_SWEEP_SETTINGS_H
#define FATHOM_SWEEP_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "client/client.h"
#include "client/key.h"
#include "client/pace.h"
#include "corpus/corpus.h"
#include "sweep/depths.h"
#include "sweep/price.h"
#include "wire/preset.h"

struct fm_catalogue;
struct fm_counter_place;
struct fm_model_row;
struct fm_yaml;

#define FM_MODELS_MAX 64
#define FM_TASKS_MAX 16
#define FM_AXIS_MAX 1024
#define FM_TRIALS_MAX 10000000

struct fm_model_setting {
	const char *name;     /* as typed: "openrouter/meta-llama/llama-4-scout" */
	const char *model;    /* behind the first slash, or what that stands for: as sent */
	const char *base_url; /* never NULL once settings are complete */
	const char *dialect;
	const char *max_tokens_name;
	const char *key_header; /* NULL: the dialect's */
	const char *header;     /* one more; NULL: none */
	const char *params;     /* the plan's, as the preset's host takes them */
	const char *extra_body;
	uint64_t string_cap; /* characters of one JSON string, as string_unit counts; 0: no cap */
	uint64_t body_cap;   /* bytes */
	enum fm_char_unit string_unit;
	enum fm_key_source key_source;
	const char *key_name;
	const char *const *key_command;
	bool key_exposed; /* others may read the file that it stands in */
	const char *tokenizer;
	uint32_t tokenizer_error_ppm;
	uint64_t window; /* tokens, as a person said it; 0: as the catalogue has it */
	const struct fm_model_row *row; /* of the catalogue; NULL: there is none */
	bool usage_unasked;             /* see struct fm_body_spec */
	bool priced;
	bool price_typed; /* by a person; else it is the catalogue's */
	struct fm_price price;
	const char *route; /* "" */
	unsigned line;     /* where it stands in the file; 0 for the command line */
	unsigned column;
	unsigned tokenizer_line; /* where its tokenizer stands in the file; 0: nowhere */
	unsigned tokenizer_column;
};

struct fm_task_setting {
	const char *task;
	uint32_t keys;
};

/* What a person asked for: a fathom.yaml, the command line, or both (D15). */
struct fm_settings {
	const char *name; /* NULL: made from the file's stem or the plan's identity */
	uint64_t seed;
	struct fm_model_setting models[FM_MODELS_MAX];
	size_t model_count;
	struct fm_task_setting tasks[FM_TASKS_MAX];
	size_t task_count;
	uint64_t lengths[FM_AXIS_MAX];
	size_t length_count;
	const struct fm_yaml *window_lengths; /* lengths that name the window; NULL: none does */
	uint64_t window_length;               /* what it stands for, once completed; 0: unknown */
	bool length_of_document;
	struct fm_depths depths; /* ascending */
	uint32_t repeats;
	uint32_t haystacks; /* 0: as many as repeats */
	uint32_t no_needle;
	uint32_t no_haystack;
	struct fm_corpus_spec corpus;
	const char *layout;
	bool cache_defeat;
	uint64_t max_tokens;
	const char *reasoning; /* "none" */
	const char *params;    /* JSON object's text */
	bool params_typed;     /* a person said them */
	const char *extra_body;
	struct fm_pace_spec pace;
	struct fm_deadlines deadlines;
	uint32_t retry_free;
	bool has_budget;
	uint64_t budget_usd_micro;
	uint64_t overrun_ppm; /* of its forecast, which a run does not pass; 0: there is no bound */
	const char *file;     /* the file's name for messages; NULL when there is none */
};

/* The presets of every key, by the same path as what a person types. */
void fm_settings_init(struct fm_settings *settings, struct fm_arena *arena);

/*
 * Read a fathom.yaml over what is there already.
 *
 * Every mistake is told, in the file's order, one a line: "FILE:LINE:COLUMN: error: what", with the
 * nearest right name where a name is wrong.
 *
 * Memory  texts in `arena`; messages are added to `complaints`
 * Errors  FM_E_USAGE  there was at least one; FM_E_FORMAT  not YAML: complaints say where
 */
FM_MUST_CHECK enum fm_code fm_settings_read(struct fm_settings *settings, const char *file,
                                            struct fm_span text, struct fm_arena *arena,
                                            struct fm_buf *complaints, struct fm_err *err);

/*
 * Set one key to a text, as from the command line: "length" to "8k..1M/x2", "model" adds a model,
 * "task" a task, "base_url" changes the last model. The names are those of the file.
 *
 * Errors  FM_E_USAGE  no such key, or the value is not of its kind: what would be right is said
 */
FM_MUST_CHECK enum fm_code fm_settings_set(struct fm_settings *settings, const char *key,
                                           struct fm_span value, struct fm_arena *arena,
                                           struct fm_err *err);

/*
 * What is missing is filled in from presets and the catalogue, what does not go together is refused, all
 * at once as above. Tokenizers are looked for in `place`; NULL: bytes/N alone. `catalogue` may be
 * NULL: then no window and no price is known but what was said.
 *
 * Errors  FM_E_USAGE
 */
FM_MUST_CHECK enum fm_code fm_settings_complete(struct fm_settings *settings,
                                                const struct fm_counter_place *place,
                                                const struct fm_catalogue *catalogue,
                                                struct fm_arena *arena, struct fm_buf *complaints,
                                                struct fm_err *err);

/* May a run be called so? Letters, digits, and behind the first '.', '_' and '-'. */
bool fm_settings_is_name(const char *name);

/* A commented fathom.yaml with every key, for `fathom init`. */
const char *fm_settings_example(void);

#endif
