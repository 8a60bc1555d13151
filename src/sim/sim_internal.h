#ifndef FATHOM_SIM_SIM_INTERNAL_H
#define FATHOM_SIM_SIM_INTERNAL_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "config_internal.h"
#include "history_internal.h"
#include "prefix_internal.h"
#include "store_internal.h"

/* What all requests share. */
struct fm_sim {
	struct fm_arena arena;
	struct fm_sim_config config;
	const char **names;
	struct fm_counter *counter;
	struct fm_store *store;
	struct fm_prefixes *prefixes;
	struct fm_sim_history history;
	struct fm_server *server;
	uint64_t arrivals;
	enum fm_code failed; /* the history or the store broke: serving ends with it */
	struct fm_err err;
};

#endif
