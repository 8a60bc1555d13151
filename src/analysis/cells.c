#include "analysis/cells.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "trial/spec.h"

/* All points of one panel: a stretch of the sorted pointers, in the order in which they came. */
struct group {
	const struct fm_point **points;
	size_t count;
};

/* Pointers into one array: equal names stay in the order in which they came. */
static int by_name(const void *a, const void *b)
{
	const struct fm_point *const *left = a;
	const struct fm_point *const *right = b;
	int order = strcmp((*left)->model, (*right)->model);

	if (order == 0)
		order = strcmp((*left)->task, (*right)->task);
	if (order != 0)
		return order;
	return *left < *right ? -1 : *left > *right;
}

static int by_first(const void *a, const void *b)
{
	const struct group *left = a;
	const struct group *right = b;

	return left->points[0] < right->points[0] ? -1 : left->points[0] > right->points[0];
}

static int by_length(const void *a, const void *b)
{
	const uint64_t *left = a;
	const uint64_t *right = b;

	return *left < *right ? -1 : *left > *right;
}

static int by_depth(const void *a, const void *b)
{
	const uint32_t *left = a;
	const uint32_t *right = b;

	return *left < *right ? -1 : *left > *right;
}

static bool same_panel(const struct fm_point *a, const struct fm_point *b)
{
	return strcmp(a->model, b->model) == 0 && strcmp(a->task, b->task) == 0;
}

static size_t find_groups(const struct fm_point **sorted, size_t count, struct group *groups)
{
	size_t group_count = 0;

	for (size_t i = 0; i < count; i++) {
		if (i == 0 || !same_panel(sorted[i - 1], sorted[i]))
			groups[group_count++] = (struct group){.points = sorted + i};
		groups[group_count - 1].count++;
	}
	if (group_count > 1)
		qsort(groups, group_count, sizeof *groups, by_first);
	return group_count;
}

static void find_axes(const struct group *group, struct fm_arena *arena, struct fm_panel *panel)
{
	size_t count = 0;

	panel->lengths = fm_arena_array(arena, group->count, sizeof *panel->lengths);
	panel->depths = fm_arena_array(arena, group->count, sizeof *panel->depths);
	for (size_t i = 0; i < group->count; i++) {
		if (group->points[i]->control != NULL)
			continue;
		panel->lengths[count] = group->points[i]->length;
		panel->depths[count] = group->points[i]->depth_ppm;
		count++;
	}
	if (count == 0)
		return;
	qsort(panel->lengths, count, sizeof *panel->lengths, by_length);
	qsort(panel->depths, count, sizeof *panel->depths, by_depth);
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || panel->lengths[i] != panel->lengths[panel->length_count - 1])
			panel->lengths[panel->length_count++] = panel->lengths[i];
		if (i == 0 || panel->depths[i] != panel->depths[panel->depth_count - 1])
			panel->depths[panel->depth_count++] = panel->depths[i];
	}
}

static struct fm_cell name_cell(const struct fm_panel *panel, uint64_t length, uint32_t depth_ppm)
{
	return (struct fm_cell){.model = panel->model,
	                        .task = panel->task,
	                        .length = length,
	                        .depth_ppm = depth_ppm};
}

static void take_cells(struct fm_panel *panel, struct fm_arena *arena)
{
	const size_t lengths = panel->length_count;
	const size_t depths = panel->depth_count;

	panel->cells = fm_arena_array(arena, lengths * depths, sizeof *panel->cells);
	panel->by_length = fm_arena_array(arena, lengths, sizeof *panel->by_length);
	panel->by_depth = fm_arena_array(arena, depths, sizeof *panel->by_depth);
	panel->whole = name_cell(panel, 0, FM_DEPTH_NONE);
	for (size_t l = 0; l < lengths; l++)
		panel->by_length[l] = name_cell(panel, panel->lengths[l], FM_DEPTH_NONE);
	for (size_t d = 0; d < depths; d++) {
		panel->by_depth[d] = name_cell(panel, 0, panel->depths[d]);
		for (size_t l = 0; l < lengths; l++)
			panel->cells[d * lengths + l] =
				name_cell(panel, panel->lengths[l], panel->depths[d]);
	}
}

static struct fm_cell *find_control(const struct fm_panel *panel, const char *control)
{
	for (size_t i = 0; i < panel->control_count; i++)
		if (strcmp(panel->controls[i].control, control) == 0)
			return &panel->controls[i];
	return NULL;
}

/* One cell for each kind of control, in the order in which they come. */
static void find_controls(const struct group *group, struct fm_arena *arena, struct fm_panel *panel)
{
	size_t capacity = 0;

	for (size_t i = 0; i < group->count; i++) {
		const char *control = group->points[i]->control;

		if (control == NULL || find_control(panel, control) != NULL)
			continue;
		if (panel->control_count == capacity) {
			struct fm_cell *old = panel->controls;

			capacity = capacity == 0 ? 2 : capacity * 2;
			panel->controls = fm_arena_array(arena, capacity, sizeof *old);
			if (old != NULL)
				memcpy(panel->controls, old, panel->control_count * sizeof *old);
		}
		panel->controls[panel->control_count] = name_cell(panel, 0, FM_DEPTH_NONE);
		panel->controls[panel->control_count++].control = control;
	}
}

static void add(struct fm_cell *cell, const struct fm_point *point)
{
	cell->planned++;
	cell->outcomes[point->outcome]++;
	cell->graded += fm_outcome_is_graded(point->outcome);
	cell->hits += point->outcome == FM_HIT;
}

static void add_to_panel(struct fm_panel *panel, const struct fm_point *point)
{
	const uint64_t *length;
	const uint32_t *depth;

	assert(point->outcome < FM_OUTCOME_COUNT);
	if (point->control != NULL) {
		add(find_control(panel, point->control), point);
		return;
	}
	length = bsearch(&point->length, panel->lengths, panel->length_count, sizeof *length,
	                 by_length);
	depth = bsearch(&point->depth_ppm, panel->depths, panel->depth_count, sizeof *depth,
	                by_depth);
	const size_t l = (size_t)(length - panel->lengths);
	const size_t d = (size_t)(depth - panel->depths);

	add(&panel->cells[d * panel->length_count + l], point);
	add(&panel->by_length[l], point);
	add(&panel->by_depth[d], point);
	add(&panel->whole, point);
}

static enum fm_outcome find_shown(const struct fm_cell *cell)
{
	enum fm_outcome shown = FM_NOT_RUN;

	if (cell->graded > 0)
		return FM_HIT;
	/* One that failed tells more than all that were never sent. */
	if (fm_cell_invalid(cell) > 0)
		shown = FM_IN_DOUBT;
	for (enum fm_outcome o = shown; o < FM_OUTCOME_COUNT; o++)
		if (cell->outcomes[o] > cell->outcomes[shown])
			shown = o;
	return shown;
}

static void finish(struct fm_cell *cells, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct fm_cell *cell = &cells[i];
		const uint64_t invalid = fm_cell_invalid(cell);
		const uint64_t ran = cell->graded + invalid;

		cell->interval = fm_wilson(cell->hits, cell->graded, FM_Z_95);
		cell->if_all_wrong = ran == 0 ? 0.0 : (double)cell->hits / (double)ran;
		cell->if_all_right = ran == 0 ? 1.0 : (double)(cell->hits + invalid) / (double)ran;
		cell->shown = find_shown(cell);
	}
}

static void make_panel(const struct group *group, struct fm_arena *arena, struct fm_panel *panel)
{
	panel->model = group->points[0]->model;
	panel->task = group->points[0]->task;
	find_axes(group, arena, panel);
	take_cells(panel, arena);
	find_controls(group, arena, panel);
	for (size_t i = 0; i < group->count; i++)
		add_to_panel(panel, group->points[i]);
	finish(panel->cells, panel->length_count * panel->depth_count);
	finish(panel->by_length, panel->length_count);
	finish(panel->by_depth, panel->depth_count);
	finish(panel->controls, panel->control_count);
	finish(&panel->whole, 1);
}

void fm_panels_make(const struct fm_point *points, size_t count, struct fm_arena *arena,
                    struct fm_panel **ret_panels, size_t *ret_count)
{
	const struct fm_point **sorted = fm_arena_array(arena, count, sizeof(struct fm_point *));
	struct group *groups = fm_arena_array(arena, count, sizeof *groups);
	struct fm_panel *panels;
	size_t panel_count;

	for (size_t i = 0; i < count; i++)
		sorted[i] = &points[i];
	if (count > 1)
		qsort(sorted, count, sizeof(struct fm_point *), by_name);
	panel_count = find_groups(sorted, count, groups);
	panels = fm_arena_array(arena, panel_count, sizeof *panels);
	for (size_t i = 0; i < panel_count; i++)
		make_panel(&groups[i], arena, &panels[i]);
	*ret_panels = panels;
	*ret_count = panel_count;
}

double fm_cell_accuracy(const struct fm_cell *cell)
{
	return cell->graded == 0 ? -1.0 : (double)cell->hits / (double)cell->graded;
}

uint64_t fm_cell_invalid(const struct fm_cell *cell)
{
	return cell->planned - cell->graded - cell->outcomes[FM_NOT_RUN] -
	       cell->outcomes[FM_SKIPPED_BUDGET] - cell->outcomes[FM_CANCELLED];
}
