#ifndef FATHOM_HAYSTACK_HAYSTACK_INTERNAL_H
#define FATHOM_HAYSTACK_HAYSTACK_INTERNAL_H

#include "haystack/haystack.h"
#include "text/rope.h"

/* What a document stands behind, as far as its first seam looks. */
#define FM_HAYSTACK_BEFORE "<document>\n"

const struct fm_counter *fm_haystack_counter(const struct fm_haystack *haystack);
const char *fm_haystack_folder(const struct fm_haystack *haystack);
const char *fm_haystack_corpus(const struct fm_haystack *haystack); /* its name, for errors */

/* Does that errno say that nothing can be written there? */
bool fm_haystack_is_read_only(int sys);

/* A corpus that ended: no more seams will ever lie behind the last one. */
bool fm_haystack_is_ended(const struct fm_haystack *haystack);

/* What lies between two seams, in both forms. Memory: borrowed from the mapped files. */
struct fm_piece fm_haystack_between(const struct fm_haystack *haystack, struct fm_seam from,
                                    struct fm_seam to);

/* Is that piece filler of this haystack? */
bool fm_haystack_holds(const struct fm_haystack *haystack, const struct fm_piece *piece);

/*
 * Take off a piece of filler what stands before its last seam that has at most so many bytes of it
 * before it; false when there is none behind its start.
 */
bool fm_haystack_split(const struct fm_haystack *haystack, size_t bytes, struct fm_piece *piece,
                       struct fm_piece *ret_first);

#endif
