#ifndef FATHOM_CLI_MODEL_WORDS_H
#define FATHOM_CLI_MODEL_WORDS_H

#include "base/buf.h"
#include "sweep/catalogue.h"
#include "text/json_write.h"

/* Micro-USD as decimal USD, exactly: 2,800 is "0.0028". */
void fm_put_usd(struct fm_buf *buf, uint64_t usd_micro);

/* "2 in, 0.5 cached, 8 out; above 272,000 tokens 5 in, 22.5 out": USD for a million tokens. */
void fm_put_price(struct fm_buf *buf, const struct fm_price *price);

/* "litellm, 2026-07-24": who said it and when, if that is known. */
void fm_put_source(struct fm_buf *buf, const struct fm_model_row *row);

/* The row as members of the object that is being written. */
void fm_model_row_write(const struct fm_model_row *row, int64_t now_wall_ms,
                        struct fm_json_writer *w);

#endif
