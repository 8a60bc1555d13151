#ifndef FATHOM_CORPUS_SPECIAL_INTERNAL_H
#define FATHOM_CORPUS_SPECIAL_INTERNAL_H

#include <stdint.h>

#include "base/span.h"

/*
 * Texts that a tokenizer of some family may read as one of its special tokens, where a host does
 * not keep those out of what a person sends: "<|endoftext|>", "[INST]", "<start_of_turn>".
 *
 * Returns how many there are; the first of them is in `ret_first`.
 * Cost    as a search for two bytes
 */
uint64_t fm_special_count(struct fm_span text, struct fm_span *ret_first);

/*
 * Where a text first holds one of them, or half of one: two pieces of a pack that meet must not
 * make one either. text.len when nowhere.
 */
size_t fm_special_find(struct fm_span text);

#endif
