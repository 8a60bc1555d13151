#ifndef FATHOM_SIM_LIMIT_HEAD_INTERNAL_H
#define FATHOM_SIM_LIMIT_HEAD_INTERNAL_H

#include <stddef.h>

#include "limit_internal.h"

enum fm_limit_field {
	FM_FIELD_LIMIT,
	FM_FIELD_LEFT,
	FM_FIELD_RESET, /* when the pool is full again */
};

/* How a reset is written. */
enum fm_limit_form {
	FM_FORM_GO,       /* "6m0s", "17ms" */
	FM_FORM_SECONDS,  /* "55", rounded up */
	FM_FORM_FLOAT,    /* "33.250" */
	FM_FORM_RFC3339,  /* "2026-11-21T10:00:00Z" */
	FM_FORM_EPOCH_S,  /* of the wall clock */
	FM_FORM_EPOCH_MS, /* the same */
};

struct fm_limit_row {
	const char *name;
	enum fm_pool pool;
	enum fm_limit_field field;
	enum fm_limit_form form; /* of a reset */
	bool refused_only;       /* it stands in a 429 alone */
};

/* How a vendor asks for a wait, by headers. */
enum fm_limit_wait {
	FM_WAIT_S = 1,     /* Retry-After, whole seconds */
	FM_WAIT_MS = 2,    /* retry-after-ms too */
	FM_WAIT_HIDES = 4, /* a minute even where no minute holds the request */
	FM_WAIT_DAY = 8,   /* a day there */
};

struct fm_limit_vendor {
	enum fm_vendor vendor;
	const struct fm_limit_row *rows;
	size_t count;
	unsigned waits;
};

/* Vendors that are not here say nothing of their limits in headers. */
extern const struct fm_limit_vendor fm_limit_vendors[];
extern const size_t fm_limit_vendor_count;

#endif
