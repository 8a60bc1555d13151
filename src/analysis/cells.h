#ifndef FATHOM_ANALYSIS_CELLS_H
#define FATHOM_ANALYSIS_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/interval.h"
#include "base/arena.h"
#include "trial/outcome.h"

/* One trial as analysis sees it. Texts are compared by content. */
struct fm_point {
	const char *model;
	const char *task;
	const char *control; /* NULL for none */
	uint64_t length;
	uint32_t depth_ppm;
	uint32_t repeat;
	enum fm_outcome outcome;
	int64_t first_answer_ns; /* since it was due, as total_ns; -1 unknown */
	int64_t total_ns;
	int64_t tokens_in; /* -1 unknown */
	uint64_t cost_usd_micro;
};

/*
 * One model, task, length, depth, and all its trials. Where a cell sums over lengths its length is
 * 0, where it sums over depths its depth is FM_DEPTH_NONE; a cell of controls sums over both.
 */
struct fm_cell {
	const char *model;
	const char *task;
	const char *control;
	uint64_t length;
	uint32_t depth_ppm;
	uint64_t planned; /* all points */
	uint64_t graded;  /* n: the denominator */
	uint64_t hits;    /* k */
	uint64_t outcomes[FM_OUTCOME_COUNT];
	struct fm_interval interval; /* Wilson 95 %, of hits in graded */
	double if_all_wrong;         /* bounds: fm_cell_invalid counted as wrong, as right; */
	double if_all_right;         /* 0 and 1 while nothing ran */
	/* FM_HIT when graded > 0; else the commonest that ran, if any did; ties to the first */
	enum fm_outcome shown;
};

/* A rectangle of cells with its axes: what one heatmap shows. */
struct fm_panel {
	const char *model;
	const char *task;
	uint64_t *lengths; /* ascending */
	size_t length_count;
	uint32_t *depths; /* ascending */
	size_t depth_count;
	struct fm_cell *cells;     /* [depth * length_count + length] */
	struct fm_cell *by_length; /* all depths of a length */
	struct fm_cell *by_depth;
	struct fm_cell whole;
	struct fm_cell *controls; /* no_needle and no_haystack; neither is in any figure above */
	size_t control_count;
};

/*
 * Sort points into panels, one for each model and task, in the order in which they first come.
 *
 * Memory  in `arena`; names are borrowed from the points
 * Cost    O(points · log)
 */
void fm_panels_make(const struct fm_point *points, size_t count, struct fm_arena *arena,
                    struct fm_panel **ret_panels, size_t *ret_count);

/* hits / graded; -1 when nothing is graded. */
double fm_cell_accuracy(const struct fm_cell *cell);
uint64_t fm_cell_invalid(const struct fm_cell *cell); /* ran, and is not in the denominator */

#endif
