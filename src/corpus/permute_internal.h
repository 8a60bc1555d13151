#ifndef FATHOM_CORPUS_PERMUTE_INTERNAL_H
#define FATHOM_CORPUS_PERMUTE_INTERNAL_H

#include <stdint.h>

/*
 * Where `index` goes in a permutation of 0 … count-1 chosen by `seed`, without a table.
 *
 * Source  Black, Rogaway, "Ciphers with arbitrary finite domains", 2002: cycle walking over a
 *         Feistel network
 */
uint64_t fm_permute(uint64_t seed, uint64_t index, uint64_t count);

#endif
