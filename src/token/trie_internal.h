#ifndef FATHOM_TOKEN_TRIE_INTERNAL_H
#define FATHOM_TOKEN_TRIE_INTERNAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "tables_internal.h"

/*
 * A double array of 64-bit nodes: one load for a byte. 9 bits say which byte leads here (0 is an
 * empty place), 27 where its children lie: the child by byte b is at (children ^ b), 28 the token
 * that ends here, plus 1. No two nodes have the same place for children, so that the byte alone
 * says whose child one is. The first 256 places are empty: nodes without children point there.
 */
#define FM_TRIE_BYTE_BITS 9
#define FM_TRIE_CHILDREN_BITS 27
#define FM_TRIE_TOKEN_SHIFT (FM_TRIE_BYTE_BITS + FM_TRIE_CHILDREN_BITS)
#define FM_TRIE_NODES_MAX ((uint32_t)1 << FM_TRIE_CHILDREN_BITS)

static inline uint64_t fm_trie_child(const uint64_t *nodes, uint64_t node, unsigned char byte)
{
	const uint64_t children =
		node >> FM_TRIE_BYTE_BITS & (((uint64_t)1 << FM_TRIE_CHILDREN_BITS) - 1);
	const uint64_t child = nodes[children ^ byte];

	return (child & 0x1ff) == (0x100u | byte) ? child : 0;
}

/*
 * The longest token that `bytes` begins with, or FM_NO_ID. `bytes` is not empty.
 */
static inline uint32_t fm_trie_longest(const struct fm_compiled *c, const unsigned char *bytes,
                                       size_t len, uint32_t *ret_len)
{
	uint64_t longest = 0;
	uint64_t node;
	size_t at = 2;

	*ret_len = 1;
	if (len < 2)
		return c->trie_one[bytes[0]];
	node = c->trie_two[(uint32_t)bytes[0] << 8 | bytes[1]];
	while (node != 0) {
		if (node >> FM_TRIE_TOKEN_SHIFT != 0) {
			longest = node >> FM_TRIE_TOKEN_SHIFT;
			*ret_len = (uint32_t)at;
		}
		if (at == len)
			break;
		node = fm_trie_child(c->trie, node, bytes[at]);
		at++;
	}
	return longest != 0 ? (uint32_t)longest - 1 : c->trie_one[bytes[0]];
}

struct fm_trie_entry {
	struct fm_span bytes;
	uint32_t id;
};

struct fm_trie {
	uint64_t *nodes;
	size_t count;  /* a multiple of 256 */
	uint32_t *one; /* [256] */
	uint64_t *two; /* [65536] */
};

/*
 * The trie of entries that are sorted by bytes, none empty, none twice. `shorter` gets, by id, the
 * longest other entry that an entry begins with.
 *
 * Memory  all in `arena`
 * Errors  FM_E_LIMIT  more nodes than can be numbered
 */
FM_MUST_CHECK enum fm_code fm_trie_build(const struct fm_trie_entry *entries, size_t count,
                                         uint32_t *shorter, struct fm_arena *arena,
                                         struct fm_trie *ret_trie, struct fm_err *err);

#endif
