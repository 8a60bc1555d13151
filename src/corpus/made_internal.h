#ifndef FATHOM_CORPUS_MADE_INTERNAL_H
#define FATHOM_CORPUS_MADE_INTERNAL_H

#include "teller_internal.h"

/* Values that are made instead of listed: numbers, hex, ids, counts, stamps of a clock. */

/* Is it a word that declares such values? "number", "hex", "id", "earlier", "count", "stamp" */
bool fm_made_is_declared_by(struct fm_span what);

/* "port 1024..9999" behind "number": a class of such values is added. */
FM_MUST_CHECK enum fm_code fm_made_read(struct fm_pack *pack, struct fm_span what,
                                        struct fm_span rest, struct fm_pack_at at,
                                        struct fm_err *err);

/* A new value of a class, and what it looks like; the text lasts until the next one. */
uint32_t fm_made_pick(struct fm_teller *t, uint32_t class);
struct fm_term fm_made_term(struct fm_teller *t, uint32_t class, uint32_t index);

/* The clock at a chapter's start, and moved on by a gap whose mean is given; 0 is the clock's. */
void fm_made_begin_clock(struct fm_teller *t, uint64_t chapter);
void fm_made_tick(struct fm_teller *t, uint32_t mean_ms);

#endif
