#ifndef FATHOM_SIM_INTAKE_INTERNAL_H
#define FATHOM_SIM_INTAKE_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/span.h"
#include "store_internal.h"
#include "text/json_cut.h"

/* A text as the numbers of its chunks in an intake's list. */
struct fm_stretch {
	uint32_t first;
	uint32_t count;
};

/* A request's body, as it comes: digested, cut, its texts kept. The zero value may be freed. */
struct fm_intake {
	struct fm_generation *generation;
	struct fm_json_cut cut;
	struct fm_hasher *hasher;
	uint64_t received;
	uint32_t *chunks;
	size_t chunk_count;
	size_t chunk_capacity;
	struct fm_stretch *strings; /* the long ones, by the skeleton's numbers */
	size_t string_count;
	size_t string_capacity;
	char *piece; /* the chunk being filled */
	size_t piece_len;
	size_t scanned;
	struct fm_stretch open; /* the text being read */
	enum fm_code failed;    /* what came is no JSON, or could not be kept */
	struct fm_err err;
};

void fm_intake_start(struct fm_intake *intake, struct fm_generation *generation);
void fm_intake_free(struct fm_intake *intake);

/* Takes any cut of the bytes. After a failure they are only counted and digested. */
void fm_intake_feed(struct fm_intake *intake, struct fm_span bytes);
struct fm_id fm_intake_digest(const struct fm_intake *intake);

/* A short text of the skeleton, kept as a long one is. */
FM_MUST_CHECK enum fm_code fm_intake_keep(struct fm_intake *intake, struct fm_span text,
                                          struct fm_stretch *ret_stretch, struct fm_err *err);

#endif
