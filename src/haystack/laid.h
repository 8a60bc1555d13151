#ifndef FATHOM_HAYSTACK_LAID_H
#define FATHOM_HAYSTACK_LAID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

/* Laid haystacks as they lie in the cache folder: what is there, and how it goes again. */

#define FM_LAID_BYTES_MAX_PRESET UINT64_C(20000000000) /* of all together, when nothing is said */

struct fm_laid {
	const char *name;   /* of its folder */
	const char *corpus; /* whose text it is; "" of one that an older fathom laid */
	uint64_t bytes;
	int64_t used_ns; /* when it was last opened; wall clock */
	bool in_use;
};

/*
 * All laid haystacks, the one that was used last first.
 *
 * Memory  in `arena`
 * Errors  FM_E_IO
 */
FM_MUST_CHECK enum fm_code fm_laid_list(const char *cache_folder, struct fm_arena *arena,
                                        struct fm_laid **ret_list, size_t *ret_count,
                                        struct fm_err *err);

/* Which of them go. The zero value takes all. One that is in use never goes. */
struct fm_laid_choice {
	const char *corpus;      /* only of this one; NULL: of any */
	int64_t unused_since_ns; /* only those last used before; 0: whenever they were */
	uint64_t keep_bytes; /* those used least recently go, until no more than so many are left */
};

struct fm_laid_cleared {
	uint64_t count;
	uint64_t bytes;
	uint64_t in_use; /* chosen, but someone has them open */
};

/*
 * Remove laid haystacks; whatever they held can be laid again.
 *
 * Errors  FM_E_IO  some may be gone by then
 */
FM_MUST_CHECK enum fm_code fm_laid_clear(const char *cache_folder,
                                         const struct fm_laid_choice *choice,
                                         struct fm_laid_cleared *ret_cleared, struct fm_err *err);

/*
 * How many bytes all laid haystacks may take: FATHOM_CACHE_MAX in the environment ("50G"), else
 * FM_LAID_BYTES_MAX_PRESET. When more is laid, those used least recently go.
 *
 * Errors  FM_E_USAGE  the variable is no number
 */
FM_MUST_CHECK enum fm_code fm_laid_bytes_max(uint64_t *ret_bytes, struct fm_err *err);

#endif
