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

/*
 * How many bytes zstd makes of these, as its command line does of a file: the size known before,
 * and a checksum at the end.
 *
 * Units   bytes; level 1 to 22; window_log 0 is the level's own, else as `--long=LOG`
 * Memory  what zstd takes: some 130 MiB for a window_log of 27
 */
uint64_t fm_packed_bytes(struct fm_span bytes, int level, unsigned window_log);

/*
 * The bytes as a .zst file, pressed as hard as zstd can; whole or not at all.
 *
 * Cost    about a second for each MB
 * Errors  FM_E_IO, FM_E_FULL
 */
FM_MUST_CHECK enum fm_code fm_packed_write(const char *path, struct fm_span bytes,
                                           struct fm_err *err);

#endif
