#ifndef FATHOM_STORE_WRITER_INTERNAL_H
#define FATHOM_STORE_WRITER_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

/*
 * A thread that writes lines to a file, one `write` each, and syncs many at once. Tickets count
 * the lines; the first one queued gets first_ticket.
 */
struct fm_writer;

/* The descriptor stays the caller's; room is reserved ahead. Errors: FM_E_FULL, FM_E_IO. */
FM_MUST_CHECK enum fm_code fm_writer_open(int fd, uint64_t first_ticket,
                                          struct fm_writer **ret_writer, struct fm_err *err);

/* Write out all that is queued, sync it, and end the thread. Errors: as fm_writer_sync. */
FM_MUST_CHECK enum fm_code fm_writer_close(struct fm_writer *writer, struct fm_err *err);

/* Queue a line with its line end; it is copied. Waits for the disk when 4 MiB are queued. */
uint64_t fm_writer_add(struct fm_writer *writer, struct fm_span line, bool sync);

uint64_t fm_writer_synced(const struct fm_writer *writer);
int fm_writer_fd(const struct fm_writer *writer);
void fm_writer_drain(struct fm_writer *writer);

/*
 * May lines be added of which more will follow? Errors: those of fm_writer_sync; else FM_E_FULL once
 * no more room could be reserved: what fits into the rest is still written and synced.
 */
FM_MUST_CHECK enum fm_code fm_writer_state(struct fm_writer *writer, struct fm_err *err);

/* Wait for all that is queued. Errors: FM_E_FULL, FM_E_IO: the first failed write or sync; it stays. */
FM_MUST_CHECK enum fm_code fm_writer_sync(struct fm_writer *writer, struct fm_err *err);

#endif
