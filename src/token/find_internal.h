#ifndef FATHOM_TOKEN_FIND_INTERNAL_H
#define FATHOM_TOKEN_FIND_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "token/counter.h"

/* A tokenizer that is known by name. Lists are words with blanks between them. */
struct fm_known {
	const char *name;
	const char *aliases;
	const char *models; /* patterns of models' names in lower case; '*' is any text */
	const char *hub;    /* patterns of Hugging Face's models that have its file */
	bool closed;        /* its vendor keeps it: it cannot be had */
};

/* The rank file of one, which does not say itself how to cut text. */
struct fm_pin {
	const char *name;
	const char *scheme;
	const char *sha256;
	const char *cached_as; /* its name in tiktoken's cache; NULL: not there */
};

/* What any file of one is like: no other is taken in under its name. */
struct fm_fit {
	const char *name;
	const char *scheme;
	uint32_t tokens_min, tokens_max;
};

const struct fm_fit *fm_fit_list(size_t *ret_count);
const struct fm_fit *fm_fit_of_name(const char *name); /* NULL: not known */

const struct fm_pin *fm_pin_list(size_t *ret_count);
const struct fm_pin *fm_pin_of_name(const char *name);
const struct fm_pin *fm_pin_of_sha256(const char *sha256);

const struct fm_known *fm_known_list(size_t *ret_count);

/* NULL when there is none. The first row that fits has it, so rows stand narrow before wide. */
const struct fm_known *fm_known_of_name(struct fm_span name); /* a name or an alias */
const struct fm_known *fm_known_of_model(const char *model);  /* "openai/gpt-4.1-mini" */
const struct fm_known *fm_known_of_either(const char *name);  /* its name, or a model's */
const struct fm_known *fm_known_of_hub(const char *model);    /* "Qwen/Qwen3-8B" */

bool fm_is_closed(const struct fm_known *known); /* NULL is not */

/* A vocabulary's file that was found. */
struct fm_source {
	const char *name; /* of its counter */
	const char *path;
	const char *from;             /* "shipped", "added", … */
	const struct fm_known *known; /* NULL: none */
	const char *scheme;           /* as a person said it; NULL: the file itself says it */
	struct fm_id id;              /* of the file when it was added; else none */
};

/*
 * Where a name leads: to a path, or, first that is there, what fathom brings along, what was added,
 * tiktoken's cache, Hugging Face's cache.
 *
 * Memory  in `arena`
 * Errors  FM_E_USAGE  nowhere; the text says what can be done; FM_E_FORMAT  a damaged record
 */
FM_MUST_CHECK enum fm_code fm_source_find(const char *name, const struct fm_counter_place *place,
                                          struct fm_arena *arena, struct fm_source *ret_source,
                                          struct fm_err *err);

/* The same for one that is known; false when it is not here. */
bool fm_source_find_known(const struct fm_known *known, const struct fm_counter_place *place,
                          struct fm_arena *arena, struct fm_source *ret_source);

/* What a person can do to have one that is known and not here, in a sentence. */
const char *fm_source_advice(const struct fm_known *known, struct fm_arena *arena);

/* Does a name lead to a calibration? One that is made of another would have no end. */
bool fm_name_is_calibration(const char *name, const struct fm_counter_place *place);

/* The vocabulary in a model's folder; NULL when it has none. Memory: in `arena`. */
const char *fm_folder_vocabulary(const char *folder, struct fm_arena *arena);

/* A name for what lies there: the model's folder, or the file without its ending. */
const char *fm_name_of_path(const char *path, struct fm_arena *arena);

/* Models in Hugging Face's cache that have a vocabulary, sorted. */
struct fm_hub_model {
	const char *name; /* "Qwen/Qwen3-8B" */
	const char *path; /* of the vocabulary */
};

void fm_hub_models(struct fm_arena *arena, struct fm_hub_model **ret_models, size_t *ret_count);

#endif
