#ifndef FATHOM_SIM_WALK_INTERNAL_H
#define FATHOM_SIM_WALK_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "text/yaml.h"

/* A walk over a configuration: it goes on behind a mistake, so that all are told at once. */
struct fm_walk {
	const char *name;
	struct fm_arena *arena;
	struct fm_buf mistakes;
};

enum fm_row_kind {
	FM_ROW_TEXT,     /* const char * */
	FM_ROW_COUNT,    /* uint64_t: 8k, 64Ki */
	FM_ROW_BYTES,    /* uint64_t: 64MB, 4GiB */
	FM_ROW_SHARE,    /* double: 50%, 0.5 */
	FM_ROW_REAL,     /* double */
	FM_ROW_FACTOR,   /* double: 100x */
	FM_ROW_DURATION, /* int64_t, in nanoseconds */
	FM_ROW_CHOICE,   /* int: which of `choices` */
	FM_ROW_CALL,     /* whatever `read` makes of it */
};

/* One key of a map, and where its value goes. */
struct fm_row {
	const char *name;
	enum fm_row_kind kind;
	size_t at;
	const char *const *choices; /* ends with NULL */
	void (*read)(struct fm_walk *walk, const struct fm_yaml *node, void *to);
};

/* "name:line:column: what" on a line of its own; lines that have no place left are dropped. */
void fm_walk_say(struct fm_walk *walk, const struct fm_yaml *node, const char *format, ...)
	FM_PRINTF(3, 4);

/* Read a map by its rows: unknown keys, keys said twice and wrong values are mistakes. */
void fm_walk_map(struct fm_walk *walk, const struct fm_yaml *node, const struct fm_row *rows,
                 size_t count, void *base);

/* One value by a row. */
void fm_walk_value(struct fm_walk *walk, const struct fm_yaml *node, const struct fm_row *row,
                   void *base);

/* A list of numbers; NULL, and said, when it is none. Memory: in the arena. */
double *fm_walk_numbers(struct fm_walk *walk, const struct fm_yaml *list, bool counts,
                        size_t *ret_count);

#endif
