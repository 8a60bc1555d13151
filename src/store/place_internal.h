#ifndef FATHOM_STORE_PLACE_INTERNAL_H
#define FATHOM_STORE_PLACE_INTERNAL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/span.h"

/* The files of a run folder (D8, D12). */
#define FM_JOURNAL_FILE "journal.jsonl"
#define FM_SEALED_FILE "journal.jsonl.zst"
#define FM_TORN_FILE "journal.torn"
#define FM_LOCK_FILE "lock"

/* The run's name for messages: the last part of its folder's path. */
struct fm_span fm_place_name(const char *folder);

/*
 * The name of the journal in a run folder, open before sealed; NULL when there is none.
 *
 * Both stand there only when sealing was cut off, and then the open one is whole.
 */
const char *fm_place_journal(const char *folder, struct fm_arena *arena);

#endif
