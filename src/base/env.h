#ifndef FATHOM_BASE_ENV_H
#define FATHOM_BASE_ENV_H

#include "base/arena.h"

/* The value of an environment variable, or NULL when it is not set or empty. */
const char *fm_env_get(const char *name);

/*
 * Take a variable out of our own environment and wipe its value, so that no child, no core dump and
 * no /proc/PID/environ shows it. What fm_env_get gave of it is empty then.
 */
void fm_env_drop(const char *name);

/*
 * The XDG base folders with "/fathom" behind: cache, data (~/.local/share), config.
 *
 * Memory  in `arena`. NULL when neither the XDG variable nor HOME is set.
 * Source  XDG Base Directory Specification 0.8: a relative path in a variable is ignored
 */
const char *fm_env_cache_folder(struct fm_arena *arena);
const char *fm_env_data_folder(struct fm_arena *arena);
const char *fm_env_config_folder(struct fm_arena *arena);

#endif
