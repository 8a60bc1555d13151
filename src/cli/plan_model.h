#ifndef FATHOM_CLI_PLAN_MODEL_H
#define FATHOM_CLI_PLAN_MODEL_H

#include "base/buf.h"
#include "sweep/settings.h"
#include "text/json_write.h"

/* A short name was given: say as what its provider is asked. */
void fm_say_short_name(const struct fm_model_setting *model);

/* What a model costs and who says so; and what its row of the catalogue warns of. */
void fm_plan_put_price(const struct fm_model_setting *model, struct fm_buf *buf);
void fm_plan_put_row(const struct fm_model_setting *model, struct fm_buf *buf);

/* The rows that the plan goes by, in the order of its models; null for one that has none. */
void fm_plan_models_json(const struct fm_settings *settings, struct fm_json_writer *w);

#endif
