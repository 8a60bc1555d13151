#include "lookup_internal.h"

#include <string.h>

uint32_t fm_tables_hash(struct fm_span bytes)
{
	return (uint32_t)(fm_hash64(bytes) >> 32);
}

uint32_t fm_tables_whole(const struct fm_compiled *c, struct fm_span piece)
{
	uint32_t hash;

	if (piece.len > c->header->token_bytes_max)
		return FM_NO_ID;
	hash = fm_tables_hash(piece);
	for (uint32_t at = hash & c->whole_mask;; at = (at + 1) & c->whole_mask) {
		const struct fm_whole_slot slot = c->whole[at];

		if (slot.id == FM_NO_ID)
			return FM_NO_ID;
		if (slot.hash == hash) {
			const struct fm_span token = fm_tables_token(c, slot.id);

			if (token.len == piece.len && memcmp(token.ptr, piece.ptr, token.len) == 0)
				return slot.id;
		}
	}
}
