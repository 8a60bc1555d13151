#ifndef FATHOM_WIRE_ANSWER_H
#define FATHOM_WIRE_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

/*
 * Lists of models as a server writes them, for the simulator: added to a buffer whose `max` the
 * caller chose large enough. No sockets.
 *
 * Source  openai-node's type of Model
 */

/* One row of /v1/models. */
struct fm_answer_model {
	const char *id;
	const char *owned_by;
	int64_t created_s;
	uint64_t window; /* as "max_model_len", which vLLM adds; 0 leaves it out */
};
void fm_answer_put_models(struct fm_buf *buf, const struct fm_answer_model *models, size_t count);
void fm_answer_put_model(struct fm_buf *buf, const struct fm_answer_model *model);

#endif
