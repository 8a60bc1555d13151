#ifndef FATHOM_TEXT_PACKED_H
#define FATHOM_TEXT_PACKED_H

#include <stdint.h>

#include "base/err.h"
#include "base/file.h"

/*
 * A .zst file unpacked into an unlinked temporary file and mapped, so that it costs page cache and
 * not heap.
 *
 * Errors  FM_E_FORMAT  not zstd, or damaged; FM_E_LIMIT  more than `max` bytes, or a window over
 *         32 MiB; FM_E_IO, FM_E_FULL
 * Source  RFC 8878
 */
FM_MUST_CHECK enum fm_code fm_packed_open(const char *path, uint64_t max, struct fm_map *ret_map,
                                          struct fm_err *err);

#endif
