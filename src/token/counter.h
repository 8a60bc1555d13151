#ifndef FATHOM_TOKEN_COUNTER_H
#define FATHOM_TOKEN_COUNTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/span.h"

/*
 * What counts tokens: the door behind which every tokenizer stands.
 *
 * A counter is a pure function of the text. `bytes/N` needs no vocabulary: it cuts text into pieces
 * (a piece begins at white space other than LF behind a character that is not white space, and at a
 * character that is not white space behind LF) and counts each piece as its bytes that are not
 * white space divided by N, rounded up, at least 1. So its counts add up exactly where those of
 * real tokenizers do (R1 and R2 of the join rules).
 */
struct fm_counter;

/*
 * A counter by its name: "bytes/4", N from 1 to 16.
 *
 * Memory  closed with fm_counter_close
 * Errors  FM_E_USAGE  no counter has that name; the text lists those that there are
 */
FM_MUST_CHECK enum fm_code fm_counter_open(const char *name, struct fm_counter **ret_counter,
                                           struct fm_err *err);
void fm_counter_close(struct fm_counter *counter); /* NULL is fine */

const char *fm_counter_name(const struct fm_counter *counter);
struct fm_id fm_counter_digest(const struct fm_counter *counter);

/* Tokens of a text counted alone. Valid UTF-8 is not required. Cost: linear for any text. */
uint64_t fm_counter_count(const struct fm_counter *counter, struct fm_span text);

/*
 * Do counts add up where `before` meets `after`? Both are non-empty; a few bytes on each side are
 * enough. True promises count(before + after) = count(before) + count(after).
 */
bool fm_counter_adds_up(const struct fm_counter *counter, struct fm_span before,
                        struct fm_span after);

/* The i-th of a few dozen blank-led words of exactly one token each, such as " the". */
struct fm_span fm_counter_unit_word(const struct fm_counter *counter, uint64_t i);

#endif
