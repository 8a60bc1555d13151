#ifndef FATHOM_CORPUS_PACK_COMPILE_INTERNAL_H
#define FATHOM_CORPUS_PACK_COMPILE_INTERNAL_H

#include "pack_parts_internal.h"

/* What the two files that make operations out of an alternative share. */

#define FM_PACK_NUMBER_MAX 999999 /* a longer figure could be taken for a planted value */
#define FM_PACK_NUMBER_DIGITS 6   /* with the zeros before it */

struct fm_pack_code {
	uint32_t *ops;
	size_t count;
	size_t capacity;
};

struct fm_pack_compiler {
	struct fm_pack *pack;
	struct fm_pack_at at;
	uint32_t bound; /* variables that stand to the left, one bit each */
	unsigned depth;
};

void fm_pack_emit(struct fm_pack_code *code, uint32_t word);

/* Fails with file, line, `what` and the name in quotes. */
enum fm_code fm_pack_wrong(const struct fm_pack_compiler *c, struct fm_err *err, const char *what,
                           struct fm_span name);

/*
 * "2..60" or "100..9900/50": low, high, step, and the width of what is always as long, as in
 * "000..999"; 0 is of any length.
 */
bool fm_pack_read_range(struct fm_span text, uint64_t ret_range[4]);

/* Slots that name something: "@who.his", "x:machine.pl", "machine.pl". */
FM_MUST_CHECK enum fm_code fm_pack_compile_memory(struct fm_pack_compiler *c, struct fm_span slot,
                                                  struct fm_pack_code *code, struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_pack_compile_bind(struct fm_pack_compiler *c, struct fm_span slot,
                                                struct fm_pack_code *code, struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_pack_compile_name(struct fm_pack_compiler *c, struct fm_span slot,
                                                struct fm_pack_code *code, struct fm_err *err);

#endif
