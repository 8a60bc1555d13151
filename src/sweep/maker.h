#ifndef FATHOM_SWEEP_MAKER_H
#define FATHOM_SWEEP_MAKER_H

#include "base/arena.h"
#include "base/err.h"
#include "corpus/corpus.h"
#include "task/task.h"
#include "trial/prompt.h"
#include "trial/spec.h"

struct fm_counter;

/* Makes prompts from specs: keeps the corpus, laid haystacks and tasks open between trials. */
struct fm_maker;

struct fm_maker_spec {
	struct fm_corpus_spec corpus;
	const char *cache_folder;
	const char *data_folder;
	const char *corpora_folder;
	uint64_t tokens_min; /* longest length to come: haystacks are laid at once */
};

FM_MUST_CHECK enum fm_code fm_maker_open(const struct fm_maker_spec *spec,
                                         struct fm_maker **ret_maker, struct fm_err *err);
void fm_maker_close(struct fm_maker *maker); /* NULL is fine */

/*
 * The prompt of a spec, and what was asked: a pure function of the spec. Values and keys that the
 * haystack holds by chance are drawn again.
 *
 * Memory  in `arena`; borrows the maker's haystacks
 * Errors  FM_E_CHANGED  the corpus or the task's words are not those of the spec: both digests are
 *         named; errors of haystack, document and layout
 */
FM_MUST_CHECK enum fm_code fm_maker_prompt(struct fm_maker *maker,
                                           const struct fm_prompt_spec *spec,
                                           struct fm_arena *arena, struct fm_prompt *ret_prompt,
                                           struct fm_question *ret_question, struct fm_err *err);

/*
 * Open, and lay if need be, what that prompt is cut from, so that making it is quick.
 *
 * Errors  as fm_maker_prompt, but for those of the document
 */
FM_MUST_CHECK enum fm_code fm_maker_lay(struct fm_maker *maker, const struct fm_prompt_spec *spec,
                                        struct fm_err *err);

/*
 * Laid in tokens of the counter's base, a prompt is told in its own: they are the same but for a
 * calibrated one.
 */
void fm_prompt_make_own(const struct fm_counter *counter, struct fm_prompt *prompt);

/*
 * Cut a made prompt's texts into parts by the trial's rule, "" being none: the rule of a cap is what
 * fm_parts_rule makes of it.
 *
 * Memory  in `arena`
 * Errors  FM_E_FORMAT  no rule that we know; FM_E_SEAM  so many characters without a seam
 */
FM_MUST_CHECK enum fm_code fm_maker_cut(struct fm_maker *maker, const struct fm_trial_spec *spec,
                                        struct fm_arena *arena, struct fm_prompt *prompt,
                                        struct fm_err *err);

/* "seams/1;max=10485760;of=code-points": identities hold it. "" where there is no cap. */
const char *fm_parts_rule(uint64_t chars_max, bool utf16, struct fm_arena *arena);

/* Could that prompt be made? Errors: as fm_maker_prompt. */
FM_MUST_CHECK enum fm_code fm_maker_check(struct fm_maker *maker, const struct fm_prompt_spec *spec,
                                          struct fm_arena *arena, struct fm_err *err);

/*
 * Tokens of a text, an answer's, as the tokenizer of a spec counts it.
 *
 * Errors  as fm_counter_open; none where a prompt was made with that tokenizer
 */
FM_MUST_CHECK enum fm_code fm_maker_count(struct fm_maker *maker, const char *tokenizer,
                                          struct fm_span text, uint64_t *ret_tokens,
                                          struct fm_err *err);

/* The question alone, for grading a stored answer. */
FM_MUST_CHECK enum fm_code fm_maker_task(struct fm_maker *maker, const char *task_id,
                                         const struct fm_task **ret_task, struct fm_err *err);

#endif
