#ifndef FATHOM_TASK_TASK_H
#define FATHOM_TASK_TASK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "trial/grade.h"
#include "trial/needle.h"

/* What is asked: needles, question and grader made from a seed, with words from `corpora/`. */
struct fm_task;

enum fm_control {
	FM_CONTROL_NONE,
	FM_CONTROL_NO_NEEDLE,   /* the target is not planted: abstaining is right */
	FM_CONTROL_NO_HAYSTACK, /* the needles alone: the ceiling */
};

struct fm_guard;
struct fm_haystack;

struct fm_task_spec {
	const char *name; /* "niah", "multikey" */
	uint32_t keys;    /* multikey: target and decoys together, 2 to FM_NEEDLES_MAX; 0: 8 */
	enum fm_control control;
};

/*
 * Memory  closed with fm_task_close
 * Errors  FM_E_USAGE   no such task (those there are, are named) or a setting it does not have
 *         FM_E_FORMAT  its words under corpora/tasks/ are damaged: file, line and column
 */
FM_MUST_CHECK enum fm_code fm_task_open(const struct fm_task_spec *spec, const char *corpora_folder,
                                        struct fm_task **ret_task, struct fm_err *err);
void fm_task_close(struct fm_task *task); /* NULL is fine */

/* "multikey/1;keys=8", or with a control "niah/1;control=no_needle". */
const char *fm_task_id(const struct fm_task *task);      /* D6's `task` */
struct fm_id fm_task_pack(const struct fm_task *task);   /* digest of its words */
struct fm_id fm_task_system(const struct fm_task *task); /* digest of its system words, or none */

/*
 * The task of an id as a journal has it: for show, grade and report.
 *
 * Errors  as fm_task_open; FM_E_CHANGED  its words have another version
 */
FM_MUST_CHECK enum fm_code fm_task_open_id(const char *id, const char *corpora_folder,
                                           struct fm_task **ret_task, struct fm_err *err);

/* One trial's question and what it is asked about. */
struct fm_question {
	struct fm_span system; /* may be empty */
	struct fm_needle *needles;
	size_t needle_count;
	struct fm_span instruction; /* what to do with the document */
	struct fm_span question;
	struct fm_span key;       /* what is asked for, planted or not */
	struct fm_span *expected; /* values that a hit must name; none for no_needle */
	size_t expected_count;
	struct fm_span *decoys; /* values that were planted and not asked for */
	size_t decoy_count;
	enum fm_control control;
};

struct fm_make_spec {
	uint64_t value_seed;
	uint32_t depth_ppm;            /* FM_DEPTH_NONE: one is drawn */
	const struct fm_guard *guard;  /* of the haystack; NULL: nothing is held against it */
	uint64_t tokens;               /* of the haystack that a document may have */
	const struct fm_place *places; /* niah: a target at each; NULL: one, at depth_ppm */
	size_t place_count;            /* at most FM_NEEDLES_MAX */
};

/*
 * The question of a trial: a pure function of task, spec and the haystack that the guard is of.
 *
 * Values are FM_VALUE_LEN characters of a 32-letter alphabet with at least two digits: 44.7 bits.
 * Those of trials whose lots differ differ. A value or key that the haystack holds is drawn again,
 * each for itself.
 *
 * Errors  FM_E_LIMIT  the haystack holds too many keys, or the value of every draw
 */
FM_MUST_CHECK enum fm_code fm_task_make(const struct fm_task *task, const struct fm_make_spec *spec,
                                        struct fm_arena *arena, struct fm_question *ret_question,
                                        struct fm_err *err);

/* The guard of a haystack with this task's keys. Errors: as fm_guard_open. */
FM_MUST_CHECK enum fm_code fm_task_open_guard(const struct fm_task *task,
                                              const struct fm_haystack *haystack,
                                              struct fm_guard **ret_guard, struct fm_err *err);

/* The lots of a trial's values, as many as it has needles. Those of one trial differ. */
uint32_t fm_task_lot_count(const struct fm_task *task);
void fm_task_lots(uint64_t value_seed, uint32_t count, uint64_t *ret_lots);

/*
 * Judge an answer (D9): hit, wrong_value, distractor, miss, abstained or empty.
 *
 * A pure function of its inputs; idempotent under its own normalisation. A value matches on token
 * boundaries only, and naming more values than were asked is no hit. Normalised are: case,
 * full-width signs, markdown and quotes, blanks, and separators inside a value ("K7Q2-M9XD4").
 *
 * Source  NVIDIA/RULER scores by case-folded substring, so that "4" is found in "14": avoided
 */
struct fm_grade fm_task_grade(const struct fm_task *task, const struct fm_question *question,
                              struct fm_span answer);

#endif
