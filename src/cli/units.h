#ifndef FATHOM_CLI_UNITS_H
#define FATHOM_CLI_UNITS_H

#include <stddef.h>

#include "base/err.h"

struct fm_call;
struct fm_units;

/*
 * `fathom tokenizers units`: the units of texts, the most frequent first, for their prices to be
 * asked.
 *
 * Errors  FM_E_FORMAT  a file is not UTF-8; FM_E_LIMIT  too many units; FM_E_IO
 */
FM_MUST_CHECK enum fm_code fm_units_tell(struct fm_call *call, const char *const *paths,
                                         size_t path_count, struct fm_err *err);

/*
 * A file of prices: lines of {"unit", "tokens"}, and what else they say is let be.
 *
 * Memory  closed with fm_units_close
 * Errors  FM_E_FORMAT, FM_E_LIMIT  which line, and why; FM_E_IO
 */
FM_MUST_CHECK enum fm_code fm_units_read(const char *path, struct fm_units **ret_prices,
                                         struct fm_err *err);

#endif
