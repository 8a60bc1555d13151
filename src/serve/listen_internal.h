#ifndef FATHOM_SERVE_LISTEN_INTERNAL_H
#define FATHOM_SERVE_LISTEN_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* A listening socket; errors as fm_server_open. */
FM_MUST_CHECK enum fm_code fm_listen_open(const char *address, uint16_t port, bool anywhere,
                                          int *ret_fd, uint16_t *ret_port, struct fm_err *err);

#endif
