#ifndef FATHOM_WIRE_WAIT_INTERNAL_H
#define FATHOM_WIRE_WAIT_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

/* A day: a server that asks for more says nothing that we could act on. */
#define FM_WAIT_MAX_NS (INT64_C(86400) * 1000000000)

/*
 * A wait as a header says it: "31", "0.5", "17ms", "6m0s", "1m26.4s", "2d", RFC 3339, HTTP's date,
 * and, where `epoch` says so, seconds or milliseconds since 1970.
 *
 * The answer is within 0 and FM_WAIT_MAX_NS; false for what is none of these.
 */
bool fm_wait_parse(struct fm_span text, int64_t now_wall_ms, bool epoch, int64_t *ret_ns);

#endif
