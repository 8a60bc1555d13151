#ifndef FATHOM_BASE_CLOCK_H
#define FATHOM_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

#define FM_NS_PER_S INT64_C(1000000000)
#define FM_NS_PER_MS INT64_C(1000000)
#define FM_TIME_TEXT_MAX 32

/* Only cli, client, serve and sim call these; all others take `now_ns`, `at_ms` or stamps. */
int64_t fm_clock_mono_ns(void); /* never jumps; compare only with itself, in one process */
int64_t fm_clock_wall_ms(void); /* since 1970, UTC */

/* "2026-11-21T10:00:00.000Z" */
const char *fm_time_text(int64_t wall_ms, char ret_text[FM_TIME_TEXT_MAX]);
bool fm_time_parse(struct fm_span text, int64_t *ret_wall_ms);

/* "Sun, 06 Nov 1994 08:49:37 GMT", the form of HTTP's Date and Retry-After (RFC 9110, 5.6.7). */
bool fm_time_parse_http(struct fm_span text, int64_t *ret_wall_ms);

#endif
