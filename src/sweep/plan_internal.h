#ifndef FATHOM_SWEEP_PLAN_INTERNAL_H
#define FATHOM_SWEEP_PLAN_INTERNAL_H

#include "sweep/plan.h"

/* What trials of one model, or of one task, have in common. */
struct fm_plan_model {
	const char *origin;
	const char *tokenizer; /* name@digest */
	const char *params;
	const char *parts; /* the rule by which its prompts are cut, or "" */
};

struct fm_plan_task {
	const char *name;
	const char *id[3]; /* by enum fm_control */
	struct fm_id pack;
	struct fm_id system;
	uint32_t lot_count;
};

struct fm_plan_parts {
	const struct fm_settings *settings;
	struct fm_id corpus;
	uint32_t engine;
	bool repeats;                      /* the text comes again and again */
	struct fm_corpus_spec corpus_spec; /* as it is read, by the name that was asked for */
	uint64_t corpus_bytes;             /* of a person's text; 0 for a pack */
	struct fm_corpus_notes notes;
	struct fm_plan_model *models;
	struct fm_plan_task *tasks;
};

/* The seed of a place's values, and how many values are drawn by it. */
struct fm_plan_seed {
	uint64_t asked; /* that of D5 */
	uint64_t seed;
	uint32_t lot_count;
};

/*
 * Change as few seeds as it takes that no two places have a lot in common, so that all values of a
 * run differ: the later one of two gives way.
 *
 * Errors  FM_E_LIMIT  more values than can be held against each other
 */
FM_MUST_CHECK enum fm_code fm_plan_part_seeds(struct fm_plan_seed *seeds, size_t count,
                                              struct fm_err *err);

/* The resolved plan as JSON; its `design` member alone is hashed into `ret_plan_id`. */
struct fm_span fm_plan_json(const struct fm_plan_parts *parts, struct fm_arena *arena,
                            struct fm_id *ret_plan_id);
struct fm_span fm_plan_prices(const struct fm_settings *settings, struct fm_arena *arena);

/* Do two members say the same, in whatever order? One that is not there is like no other. */
bool fm_plan_is_same(const struct fm_value *a, const struct fm_value *b);

#endif
