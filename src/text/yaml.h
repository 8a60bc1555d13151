#ifndef FATHOM_TEXT_YAML_H
#define FATHOM_TEXT_YAML_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

enum fm_yaml_kind {
	FM_YAML_SCALAR,
	FM_YAML_LIST,
	FM_YAML_MAP,
};

/* One node with its place in the file, both counted from 1. Members stand in the file's order. */
struct fm_yaml {
	enum fm_yaml_kind kind;
	unsigned line;
	unsigned column;
	struct fm_span text;       /* of a scalar, as written, unquoted */
	bool quoted;               /* a scalar in quotes or a block: never a number or a bool */
	struct fm_yaml *first;     /* of a list or map */
	struct fm_yaml *next;      /* the member behind this one */
	const struct fm_yaml *key; /* of a map's member: the node of its name */
	size_t count;
};

/*
 * Read one YAML document (JSON is YAML too) into a tree.
 *
 * Anchors, aliases, tags, several documents and keys that are not scalars are refused. A name that
 * stands twice in a map is left to the caller, who reports every mistake at once.
 *
 * Memory  in `arena`; `text` is not borrowed
 * Errors  FM_E_FORMAT  "LINE:COLUMN: what is wrong"; FM_E_LIMIT  deeper than 16 or over 1 MiB
 */
FM_MUST_CHECK enum fm_code fm_yaml_read(struct fm_span text, struct fm_arena *arena,
                                        struct fm_yaml **ret_root, struct fm_err *err);

/* The member of that name, the first one; NULL when there is none or `map` is not a map. */
const struct fm_yaml *fm_yaml_get(const struct fm_yaml *map, const char *name);

#endif
