#ifndef FATHOM_SWEEP_SETTINGS_INTERNAL_H
#define FATHOM_SWEEP_SETTINGS_INTERNAL_H

#include "sweep/settings.h"
#include "text/yaml.h"

/* What reading one file or one option needs: where values go and where complaints go. */
struct fm_setting_context {
	struct fm_settings *settings;
	struct fm_arena *arena;
	struct fm_buf *complaints;
	const char *file; /* NULL for the command line */
	size_t complaint_count;
	bool names_window; /* among the lengths that are being read */
};

/* "FILE:LINE:COLUMN: error: …", or the text alone when there is no file. */
void fm_setting_complain(struct fm_setting_context *c, const struct fm_yaml *at, const char *format,
                         ...) FM_PRINTF(3, 4);

/* Read a node into the settings; what is wrong is complained of. `target` is the field. */
typedef void (*fm_setting_fn)(struct fm_setting_context *c, const struct fm_yaml *node,
                              void *target);

/* One key of a map: its name, what reads it, and where it goes. */
struct fm_setting_key {
	const char *name;
	fm_setting_fn read;
	size_t offset; /* into what the map describes */
};

/* Read every member of a map by its table; unknown and repeated names are complained of. */
void fm_setting_map(struct fm_setting_context *c, const struct fm_yaml *node,
                    const struct fm_setting_key *keys, size_t count, void *base);

/* Readers of single values. */
void fm_setting_text(struct fm_setting_context *c, const struct fm_yaml *node, void *target);
void fm_setting_bool(struct fm_setting_context *c, const struct fm_yaml *node, void *target);
void fm_setting_u64(struct fm_setting_context *c, const struct fm_yaml *node, void *target);
void fm_setting_u32(struct fm_setting_context *c, const struct fm_yaml *node, void *target);
void fm_setting_positive(struct fm_setting_context *c, const struct fm_yaml *node, void *target);
void fm_setting_duration(struct fm_setting_context *c, const struct fm_yaml *node, void *target);
void fm_setting_usd(struct fm_setting_context *c, const struct fm_yaml *node, void *target);
void fm_setting_json(struct fm_setting_context *c, const struct fm_yaml *node, void *target);

/* Readers of the axes: a list, "a,b,c", or a range. */
void fm_setting_lengths(struct fm_setting_context *c, const struct fm_yaml *node, void *target);
void fm_setting_depths(struct fm_setting_context *c, const struct fm_yaml *node, void *target);

/* Lengths that name the window, once all else is known: what it is, and they are read again. */
void fm_setting_window(struct fm_setting_context *c);

/* Readers of what is asked and of whom. */
void fm_setting_models(struct fm_setting_context *c, const struct fm_yaml *node, void *target);
void fm_setting_tasks(struct fm_setting_context *c, const struct fm_yaml *node, void *target);
void fm_setting_corpus(struct fm_setting_context *c, const struct fm_yaml *node, void *target);

/* Set one key of the model named last, as the command line does; false when models have no such. */
bool fm_setting_last_model(struct fm_setting_context *c, const char *key,
                           const struct fm_yaml *node);

/* "a, b or c" out of names, for complaints. */
const char *fm_setting_names(struct fm_arena *arena, const char *const *names, size_t count);

/* Is it one of the names? If not, complain with the nearest one. Returns its index, or `count`. */
size_t fm_setting_choice(struct fm_setting_context *c, const struct fm_yaml *node,
                         const char *const *names, size_t count);

#endif
