#ifndef FATHOM_CORPUS_SPOOL_INTERNAL_H
#define FATHOM_CORPUS_SPOOL_INTERNAL_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"

/* A nameless file that is written once from its start, and then mapped: it costs no heap. */
struct fm_spool {
	int fd; /* -1 until something was put */
	struct fm_buf buf;
	uint64_t bytes;
	uint64_t checked_bytes; /* when the room on the disk was last looked at */
	struct fm_map map;
};

void fm_spool_init(struct fm_spool *spool);

/* Errors: FM_E_FULL  the disk has little room left, or none; FM_E_IO */
FM_MUST_CHECK enum fm_code fm_spool_put(struct fm_spool *spool, struct fm_span bytes,
                                        struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_spool_finish(struct fm_spool *spool, struct fm_err *err);
void fm_spool_close(struct fm_spool *spool);

#endif
