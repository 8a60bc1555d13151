#ifndef FATHOM_CLI_SHOW_PROMPT_H
#define FATHOM_CLI_SHOW_PROMPT_H

#include "base/err.h"

struct fm_call;
struct fm_corpus_spec;
struct fm_history;
struct fm_record;
struct fm_value;

/*
 * Rebuild the prompt of a trial, hold it against the journal's digest, and write it to stdout:
 * the texts of its messages, each behind a line "[role, N bytes]"; or with --json as a list.
 *
 * Errors  FM_E_FORMAT   it is another prompt than was sent: both digests are named, and nothing is
 *         written; FM_E_CHANGED  the corpus or the words are others; those of fm_maker_prompt
 */
FM_MUST_CHECK enum fm_code fm_show_prompt(struct fm_call *call, const struct fm_history *history,
                                          const struct fm_record *record, struct fm_err *err);

/* The corpus that a journal's plan was made with. Errors: FM_E_FORMAT  it names none. */
FM_MUST_CHECK enum fm_code fm_show_corpus(struct fm_call *call, const struct fm_value *plan,
                                          struct fm_corpus_spec *ret_corpus, struct fm_err *err);

#endif
