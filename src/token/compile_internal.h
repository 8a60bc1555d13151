#ifndef FATHOM_TOKEN_COMPILE_INTERNAL_H
#define FATHOM_TOKEN_COMPILE_INTERNAL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "merges_internal.h"
#include "tables_internal.h"

/* A vocabulary on its way to a compiled file. */
struct fm_compiling {
	const struct fm_vocab *vocab;
	struct fm_arena arena; /* the parts */
	struct fm_merges merges;
	struct fm_tables_header header;
	struct fm_span parts[FM_TABLE_COUNT];
	struct fm_buf flat[FM_TABLE_COUNT]; /* of those parts that other hands make */
};

/* Make all parts, and the header as far as it is not about the file. Errors: as fm_compile. */
FM_MUST_CHECK enum fm_code fm_compile_parts(struct fm_compiling *c, struct fm_err *err);

#endif
