#ifndef FATHOM_REPORT_REPORT_H
#define FATHOM_REPORT_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/cells.h"
#include "analysis/overcount.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "trial/outcome.h"

/* One trial as a report tells it. Model text is hostile: escape it for wherever it goes. */
struct fm_report_trial {
	struct fm_point point;
	struct fm_id trial;
	struct fm_id pair;
	uint32_t attempts;
	enum fm_reason reason;
	int status;
	struct fm_span answer;
	struct fm_span error;
	struct fm_span *expected;
	size_t expected_count;
	const char *model_said;
	const char *stop;
	uint32_t found;
	uint32_t of;
	bool strict;
	uint32_t landed_ppm;
	uint64_t at_tokens;
	uint64_t at_bytes;
	int64_t usage_in;
	int64_t usage_out;
	int64_t usage_cached;
};

struct fm_report_note {
	int64_t at_ms;
	const char *level;
	const char *what;
};

/* A model as the run asked it, and what its endpoint was seen to count over our count. */
struct fm_report_model {
	const char *name;
	const char *tokenizer;
	bool exact;      /* said to be the model's own tokenizer */
	bool rough;      /* so far off that only a count of less than half is surely a cut */
	uint64_t unsaid; /* answers that did not tell how many tokens were read */
	struct fm_overcount overcount;
};

/* Everything a report is made of; a pure function of it makes every form. */
struct fm_report {
	const char *run;
	const char *fathom; /* version */
	const char *corpus;
	const char *tokenizer;
	const char *coverage; /* "the corpus was repeated 3.2 times", or NULL */
	uint64_t seed;
	struct fm_id plan_id;
	int64_t started_ms;
	int64_t last_ms;
	const char *ended; /* NULL: partial */
	uint64_t planned;
	uint64_t settled;
	uint64_t spent_usd_micro;
	uint64_t exposed_usd_micro; /* of that, for what is in doubt */
	bool priced;                /* false: no price is known, nothing is said of money */
	struct fm_report_model *models;
	size_t model_count;
	struct fm_report_trial *trials;
	size_t trial_count;
	struct fm_panel *panels;
	size_t panel_count;
	struct fm_report_note *notes;
	size_t note_count;
};

enum fm_color_depth {
	FM_COLOR_NONE,
	FM_COLOR_256,
	FM_COLOR_TRUE,
};

struct fm_terminal {
	enum fm_color_depth color;
	unsigned width; /* columns */
	bool utf8;
};

/* One heatmap with axes, legend, n and intervals: for stdout and for the live display. */
void fm_report_terminal_panel(const struct fm_panel *panel, const struct fm_terminal *terminal,
                              struct fm_buf *buf);
/* All panels, controls, outcomes, bounds, notes. */
void fm_report_terminal(const struct fm_report *report, const struct fm_terminal *terminal,
                        struct fm_buf *buf);

/* Whole files, deterministic: the same report gives the same bytes. */
void fm_report_html(const struct fm_report *report, struct fm_buf *buf);
void fm_report_svg(const struct fm_report *report, struct fm_buf *buf);
void fm_report_csv(const struct fm_report *report, struct fm_buf *buf); /* a row a trial */
void fm_report_json(const struct fm_report *report, struct fm_buf *buf);

#endif
