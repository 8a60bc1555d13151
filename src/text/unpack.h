#ifndef FATHOM_TEXT_UNPACK_H
#define FATHOM_TEXT_UNPACK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/regular.h"

/*
 * A regular file read from its beginning to its end, unpacked where its first bytes say that it is
 * gzip or zstd: no text in UTF-8 begins so.
 */
struct fm_unpack;

/*
 * Open a file.
 *
 * Memory  closed with fm_unpack_close; some 200 kB, and zstd's window: 32 MiB at most
 * Errors  FM_E_IO  it is not there, cannot be read, or is no regular file: a FIFO is not waited for
 */
FM_MUST_CHECK enum fm_code fm_unpack_open(const char *path, struct fm_unpack **ret_unpack,
                                          struct fm_err *err);
void fm_unpack_close(struct fm_unpack *unpack); /* NULL is fine */

bool fm_unpack_is_packed(const struct fm_unpack *unpack);
struct fm_stamp fm_unpack_stamp(const struct fm_unpack *unpack); /* as it was when it was opened */

/*
 * The next bytes, up to `size`; none at the end, and only there.
 *
 * Errors  FM_E_FORMAT   damaged, cut short, or with other bytes behind its end
 *         FM_E_LIMIT    unpacks to more than 250 times its size, or asks for a window over 32 MiB
 *         FM_E_CHANGED  the file was written to while it was read; noticed at the end
 *         FM_E_IO
 * Source  RFC 1952, RFC 8878
 */
FM_MUST_CHECK enum fm_code fm_unpack_read(struct fm_unpack *unpack, char *to, size_t size,
                                          size_t *ret_len, struct fm_err *err);

#endif
