#ifndef FATHOM_BASE_HASH_H
#define FATHOM_BASE_HASH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

/* A 128-bit identity or digest: XXH3-128, seed 0. All zero means "none". */
struct fm_id {
	uint64_t high;
	uint64_t low;
};

#define FM_ID_TEXT_MAX 33 /* 32 hex digits and a NUL */

struct fm_hasher; /* bytes come in pieces */

uint64_t fm_hash64(struct fm_span bytes);
struct fm_id fm_hash128(struct fm_span bytes);

/* A 64-bit seed out of a seed and a name; the order in which seeds are made changes nothing. */
uint64_t fm_hash_seed(uint64_t seed, const char *name, uint64_t number);
uint64_t fm_hash_mix(uint64_t a, uint64_t b);

struct fm_hasher *fm_hasher_open(void);         /* one at a time; closed with fm_hasher_close */
void fm_hasher_close(struct fm_hasher *hasher); /* NULL is fine */
void fm_hasher_reset(struct fm_hasher *hasher);
void fm_hasher_add(struct fm_hasher *hasher, struct fm_span bytes);
struct fm_id fm_hasher_id(const struct fm_hasher *hasher); /* of all bytes so far; may go on */

bool fm_id_equal(struct fm_id a, struct fm_id b);
bool fm_id_is_none(struct fm_id id);
int fm_id_compare(struct fm_id a, struct fm_id b);

/* 32 lower-case hex digits; the text is in `ret_text`, which is also returned. */
const char *fm_id_text(struct fm_id id, char ret_text[FM_ID_TEXT_MAX]);
bool fm_id_parse(struct fm_span text, struct fm_id *ret_id); /* exactly 32 lower-case hex digits */

#endif
