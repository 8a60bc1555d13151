#ifndef FATHOM_SIM_SIM_H
#define FATHOM_SIM_SIM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

struct fm_counter_place;

/* The endpoint that reads and answers, on the same wire as a real one. */
struct fm_sim;

/* What the simulator is told: a YAML file, or its text. See tests/e2e for many. */
struct fm_sim_spec {
	const char *config_path;              /* NULL: the built-in models */
	const char *config_text;              /* used when the path is NULL; may be NULL too */
	const char *address;                  /* "127.0.0.1" */
	uint16_t port;                        /* 0: a free one */
	const char *history_path;             /* NULL: none is kept */
	const struct fm_counter_place *place; /* of tokenizers; NULL: bytes/N alone */
};

/*
 * Errors  FM_E_USAGE  the configuration: "file:line:column: what", every mistake on its own line
 *         FM_E_IO     the port or the history file
 */
FM_MUST_CHECK enum fm_code fm_sim_open(const struct fm_sim_spec *spec, struct fm_sim **ret_sim,
                                       struct fm_err *err);
void fm_sim_close(struct fm_sim *sim); /* NULL is fine */
uint16_t fm_sim_port(const struct fm_sim *sim);

/* Serve until fm_sim_stop, which a signal handler may call. */
FM_MUST_CHECK enum fm_code fm_sim_run(struct fm_sim *sim, struct fm_err *err);
void fm_sim_stop(struct fm_sim *sim);

/* Names of the models it serves, for a greeting. */
const char *const *fm_sim_models(const struct fm_sim *sim, size_t *ret_count);

#endif
