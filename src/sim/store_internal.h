#ifndef FATHOM_SIM_STORE_INTERNAL_H
#define FATHOM_SIM_STORE_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/span.h"

struct fm_counter;

/*
 * Texts in chunks, each kept once under its 128-bit hash, in an unlinked file: page cache, not
 * heap, and nothing is left behind by a crash.
 */
struct fm_store;

/* The chunks of a store's life up to `max` bytes: dropped when no request refers to it. */
struct fm_generation;

/*
 * Memory  closed with fm_store_close; borrows the counter
 * Errors  FM_E_IO  no folder takes an unlinked file
 */
FM_MUST_CHECK enum fm_code fm_store_open(uint64_t max, const struct fm_counter *counter,
                                         struct fm_store **ret_store, struct fm_err *err);
void fm_store_close(struct fm_store *store); /* NULL is fine */

/* The newest generation, and a new one first when that is full. Give it back when done. */
FM_MUST_CHECK enum fm_code fm_generation_take(struct fm_store *store,
                                              struct fm_generation **ret_generation,
                                              struct fm_err *err);
void fm_generation_give(struct fm_generation *generation); /* NULL is fine */

/*
 * Keep a chunk, at most 64 KiB, and say its number.
 *
 * Errors  FM_E_FORMAT  not UTF-8; FM_E_FULL, FM_E_IO, FM_E_LIMIT  it cannot be kept
 */
FM_MUST_CHECK enum fm_code fm_chunk_keep(struct fm_generation *generation, struct fm_span text,
                                         uint32_t *ret_chunk, struct fm_err *err);
struct fm_span fm_chunk_text(const struct fm_generation *generation, uint32_t chunk);
struct fm_id fm_chunk_id(const struct fm_generation *generation, uint32_t chunk);

/* Where a text lies that is a chunk's or a piece of one, to be found again in the same generation. */
uint32_t fm_generation_number(const struct fm_generation *generation); /* no two have the same */
uint64_t fm_generation_offset(const struct fm_generation *generation, struct fm_span text);
struct fm_span fm_generation_text(const struct fm_generation *generation, uint64_t offset,
                                  size_t len);

/* Counted, and looked through for words, when first asked. */
uint64_t fm_chunk_tokens(struct fm_generation *generation, uint32_t chunk);
bool fm_chunk_may_hold(struct fm_generation *generation, uint32_t chunk, uint64_t word_hash);

uint64_t fm_store_bytes(const struct fm_store *store); /* kept in the newest generation */

#endif
