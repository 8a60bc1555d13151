#ifndef FATHOM_CLI_CATALOGUE_LOAD_H
#define FATHOM_CLI_CATALOGUE_LOAD_H

#include "base/err.h"
#include "sweep/catalogue.h"

struct fm_call;

/* A person's own rows: in the config folder for all plans, and beside one plan. */
#define FM_MODELS_FILE "models.yaml"
#define FM_MODELS_HERE "fathom.models.yaml"

/*
 * The catalogue that fathom brings along, under $XDG_CONFIG_HOME/fathom/models.yaml and
 * ./fathom.models.yaml: of each row the last word holds. Mistakes are said as they are found.
 *
 * Memory  in the call's arena
 * Errors  FM_E_USAGE  a file has mistakes; FM_E_IO
 */
FM_MUST_CHECK enum fm_code fm_catalogue_load(struct fm_call *call,
                                             struct fm_catalogue *ret_catalogue,
                                             struct fm_err *err);

#endif
