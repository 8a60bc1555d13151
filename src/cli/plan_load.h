#ifndef FATHOM_CLI_PLAN_LOAD_H
#define FATHOM_CLI_PLAN_LOAD_H

#include "base/err.h"
#include "cli/catalogue_load.h"
#include "cli/command.h"
#include "sweep/plan.h"
#include "sweep/settings.h"

/* A plan as a person asked for it, with the folders of this machine that it needs. */
struct fm_loaded {
	struct fm_settings settings;
	struct fm_catalogue catalogue;
	struct fm_plan plan;
	struct fm_forecast forecast;
	struct fm_overcount overcounts[FM_MODELS_MAX]; /* once learned: see plan_window.h */
	const char *corpora_folder;
	const char *cache_folder;
	const char *data_folder;
};

/*
 * Read the file that the call names, else ./fathom.yaml when no model stands on the command line;
 * lay the command line over it; make the plan. Mistakes in the file are said as they are found.
 *
 * Memory  in the call's arena
 * Errors  FM_E_USAGE  there is no plan, or it has mistakes; those of fm_plan_make
 */
FM_MUST_CHECK enum fm_code fm_loaded_make(struct fm_call *call, struct fm_loaded **ret_loaded,
                                          const char **ret_next, struct fm_err *err);

/* The same but for the plan and its forecast, which are not made: whom it names, and how. */
FM_MUST_CHECK enum fm_code fm_loaded_models(struct fm_call *call, struct fm_loaded **ret_loaded,
                                            const char **ret_next, struct fm_err *err);

/* The same for settings that are ready but for their completion. */
FM_MUST_CHECK enum fm_code fm_loaded_finish(struct fm_call *call, struct fm_loaded *loaded,
                                            struct fm_err *err);

/*
 * The cache folder, from XDG.
 *
 * Errors  FM_E_USAGE  neither XDG_CACHE_HOME nor HOME is set, or FATHOM_CACHE_MAX is no size
 */
FM_MUST_CHECK enum fm_code fm_cache_folder(struct fm_arena *arena, const char **ret_folder,
                                           struct fm_err *err);

#endif
