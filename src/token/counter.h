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
 * A counter is a pure function of the text. Four kinds stand behind it: an exact tokenizer; a
 * calibrated one, which is another tokenizer times a factor; one that adds up the prices of units
 * (units.h), which is calibrated too and yet its own base; and `bytes/N`, which needs no
 * vocabulary: it cuts text into pieces (a piece begins at white space other than LF behind a
 * character that is not white space, and at a character that is not white space behind LF) and
 * counts each piece as its bytes that are not white space divided by N, rounded up, at least 1.
 * A counter remembers words it has met: it serves one thread at a time.
 */
struct fm_counter;

/* Where vocabularies are kept. Without (NULL, or the zero value) only bytes/N can be opened. */
struct fm_counter_place {
	const char *corpora_folder; /* has tokenizers/, those that fathom brings along */
	const char *cache_folder;   /* has tokenizers/, compiled ones that can be made again */
	const char *data_folder;    /* has tokenizers/, those that were added, and calibrations */
};

/*
 * A counter by its name, as tokenizers.h finds it: "bytes/4" (N from 1 to 16), "o200k", the name of
 * one that was added, a path to a vocabulary or to a model's folder. With "@" and a digest behind
 * the name, or the first 16 digits of one or more, it is that very one or none.
 *
 * Memory  closed with fm_counter_close
 * Errors  FM_E_USAGE    no counter has that name; the text says where was looked
 *         FM_E_FORMAT   the file is damaged, or cannot be counted exactly; the text says why
 *         FM_E_CHANGED  it is there, but with another digest
 *         FM_E_IO, FM_E_LIMIT, FM_E_FULL
 */
FM_MUST_CHECK enum fm_code fm_counter_open(const char *name, const struct fm_counter_place *place,
                                           struct fm_counter **ret_counter, struct fm_err *err);
void fm_counter_close(struct fm_counter *counter); /* NULL is fine */

/* Without path or "@": what a spec keeps before the digest. */
const char *fm_counter_name(const struct fm_counter *counter);
struct fm_id fm_counter_digest(const struct fm_counter *counter);

/* How far a count may be from the endpoint's own: 0 for an exact tokenizer of that model. */
uint32_t fm_counter_error_ppm(const struct fm_counter *counter);

bool fm_counter_is_calibrated(const struct fm_counter *counter); /* was that error measured? */

/*
 * The counter whose counts add up: itself; for one calibrated by a factor the tokenizer that it
 * reckons from. Texts are laid, cut and joined in tokens of the base alone, and become own tokens only
 * where a length comes in or is told: so documents are exactly reproducible, and what is indexed
 * with the base serves all that are calibrated from it.
 *
 * Memory  borrowed from the counter
 */
const struct fm_counter *fm_counter_base(const struct fm_counter *counter);

/*
 * Own tokens of so many base tokens, and base tokens for so many own ones; for any that is its own
 * base the number itself. Both grow with their argument. to_own(from_own(n)) is n, but that
 * where one base token is more than one own token it may be off by half of what it is.
 */
uint64_t fm_counter_to_own(const struct fm_counter *counter, uint64_t base_tokens);
uint64_t fm_counter_from_own(const struct fm_counter *counter, uint64_t own_tokens);

/*
 * Tokens of a text counted alone, without a beginning-of-text token.
 *
 * The text is valid UTF-8; bytes/N does not mind if it is not.
 * Cost    linear for any text
 */
uint64_t fm_counter_count(const struct fm_counter *counter, struct fm_span text);

/*
 * Tokens that a text adds behind a seam. The same as its count alone but for tokenizers that begin
 * a text with a space of their own (Llama 2).
 */
uint64_t fm_counter_count_more(const struct fm_counter *counter, struct fm_span text);

/*
 * Is there a seam where `before` meets `after`? Both are non-empty; 64 bytes on each side are
 * enough. True promises count(before + after) = count(before) + count_more(after), and the same
 * when more text stands on either side.
 */
bool fm_counter_adds_up(const struct fm_counter *counter, struct fm_span before,
                        struct fm_span after);

/*
 * The i-th of a few dozen blank-led words of exactly one token each behind a seam, such as " the".
 * They go round; there is at least one (fm_counter_unit_words).
 */
struct fm_span fm_counter_unit_word(const struct fm_counter *counter, uint64_t i);
uint64_t fm_counter_unit_words(const struct fm_counter *counter); /* how many; may be 0 */

/* One token: its id, and the text it stands for, which is borrowed for the call only. */
typedef void fm_token_fn(void *ctx, uint32_t id, struct fm_span text);

bool fm_counter_has_ids(const struct fm_counter *counter); /* is it an exact tokenizer? */

/* Each token of a text counted alone, in order; and of one behind a seam. The counter has ids. */
void fm_counter_encode(const struct fm_counter *counter, struct fm_span text, fm_token_fn *fn,
                       void *ctx);
void fm_counter_encode_more(const struct fm_counter *counter, struct fm_span text, fm_token_fn *fn,
                            void *ctx);

#endif
