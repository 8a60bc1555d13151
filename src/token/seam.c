#include "seam_internal.h"

#include "lookup_internal.h"
#include "tables_internal.h"

bool fm_seam_adds_up(const struct fm_compiled *compiled, struct fm_span before,
                     struct fm_span after)
{
	const char last = before.ptr[before.len - 1];
	const char next = after.ptr[0];

	if (compiled->header->model != FM_VOCAB_BYTE_BPE ||
	    compiled->parts[FM_TABLE_NORMAL].len > 0 || compiled->parts[FM_TABLE_ADDED].len > 0)
		return false;
	/* A word's end in ASCII, then a space: every pattern cuts there, and no token reaches over. */
	return next == ' ' && (unsigned char)last > ' ' && (unsigned char)last < 0x7f &&
	       !fm_tables_joined(compiled, last, next);
}

uint32_t fm_seam_flags(const struct fm_compiled *compiled)
{
	(void)compiled; /* nothing is kept: the rule above needs nothing */
	return 0;
}
