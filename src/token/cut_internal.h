#ifndef FATHOM_TOKEN_CUT_INTERNAL_H
#define FATHOM_TOKEN_CUT_INTERNAL_H

#include <stddef.h>

#include "base/span.h"
#include "scan_internal.h"
#include "tables_internal.h"

/*
 * Cut a text that is one piece, as fm_scan cuts one of several, where no token can reach over: the
 * parts have the same tokens apart as together, and short ones are counted sooner. A Unigram text
 * stays whole: its sums are rounded, and what stands before may turn the choice between two cuts.
 */
size_t fm_cut_whole(const struct fm_compiled *c, struct fm_span text, size_t at,
                    size_t ret_lengths[FM_SCAN_BATCH]);

#endif
