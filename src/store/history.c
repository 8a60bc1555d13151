#include "store/history.h"

#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/num.h"
#include "history_internal.h"
#include "place_internal.h"
#include "text/packed.h"

/* 16 GiB: a sealed journal of some million trials; a bomb would be larger. */
#define UNPACKED_BYTES_MAX ((uint64_t)16 << 30)
#define PREFIX_MIN 4

/* The slot of a trial, or the free one where it would stand. */
static size_t find_slot(const struct fm_history *history, struct fm_id trial)
{
	const struct fm_history_hidden *hidden = history->hidden;
	const size_t mask = hidden->index_size - 1;
	size_t slot = (size_t)trial.low & mask;

	while (hidden->index[slot] != 0 &&
	       !fm_id_equal(history->records[hidden->index[slot] - 1].trial, trial))
		slot = (slot + 1) & mask;
	return slot;
}

/* Twice the size once it is half full. */
static void grow_index(struct fm_history *history)
{
	struct fm_history_hidden *hidden = history->hidden;

	if (history->record_count * 2 < hidden->index_size)
		return;
	fm_memory_free(hidden->index);
	hidden->index_size = hidden->index_size == 0 ? 1024 : hidden->index_size * 2;
	hidden->index = fm_memory_take(hidden->index_size * sizeof *hidden->index);
	for (size_t i = 0; i < history->record_count; i++)
		hidden->index[find_slot(history, history->records[i].trial)] = (uint32_t)i + 1;
}

struct fm_record *fm_history_at(const struct fm_history *history, struct fm_id trial)
{
	const struct fm_history_hidden *hidden = history->hidden;
	uint32_t place;

	if (hidden == NULL || hidden->index_size == 0)
		return NULL;
	place = hidden->index[find_slot(history, trial)];
	return place == 0 ? NULL : &history->records[place - 1];
}

struct fm_record *fm_history_add(struct fm_history *history, struct fm_id trial)
{
	struct fm_history_hidden *hidden = history->hidden;
	struct fm_record *record;

	grow_index(history);
	history->records = fm_memory_more(history->records, history->record_count,
	                                  &hidden->record_capacity, sizeof *history->records);
	record = &history->records[history->record_count];
	*record = (struct fm_record){.trial = trial};
	hidden->index[find_slot(history, trial)] = (uint32_t)++history->record_count;
	return record;
}

/* What an attempt that is in doubt may have cost is kept as spent: it is never less than that. */
static void count_money(struct fm_history *history, const struct fm_attempt *attempt)
{
	if (attempt->settled && attempt->reply.outcome != FM_IN_DOUBT) {
		history->spent_usd_micro =
			fm_num_sum(history->spent_usd_micro, attempt->booked_usd_micro);
		return;
	}
	history->spent_usd_micro =
		fm_num_sum(history->spent_usd_micro, attempt->reserved_usd_micro);
	history->exposed_usd_micro =
		fm_num_sum(history->exposed_usd_micro, attempt->reserved_usd_micro);
}

static void settle(struct fm_history *history, struct fm_record *record)
{
	for (const struct fm_attempt *a = record->attempts; a != NULL; a = a->next)
		count_money(history, a);
	if (record->last == NULL) {
		record->outcome = FM_NOT_RUN;
		return;
	}
	if (!record->scored || record->last->reply.outcome != FM_ANSWERED)
		record->outcome = record->last->reply.outcome;
	record->reason = record->last->reply.reason;
}

static enum fm_code read_lines(struct fm_history *history, struct fm_scan *scan, struct fm_err *err)
{
	struct fm_scan_line line;
	enum fm_code rc = fm_scan_next(scan, &line, err);

	while (rc == FM_OK && line.json.len > 0) {
		history->line_count = scan->line - 1; /* the line's own `i`, while it is read */
		rc = fm_history_take(history, &line, err);
		if (rc != FM_OK)
			return fm_err_prefix(err, "%s:%llu", scan->file,
			                     (unsigned long long)scan->line);
		rc = fm_scan_next(scan, &line, err);
	}
	if (rc != FM_OK)
		return rc;
	if (scan->line == 0)
		return fm_fail(err, FM_E_IO, "%s: is empty: the run never began", scan->file);
	history->line_count = scan->line;
	history->torn_bytes = scan->bytes.len - scan->at;
	return FM_OK;
}

static enum fm_code read_journal(struct fm_history *history, struct fm_err *err)
{
	const char *name = fm_place_journal(history->folder, &history->arena);
	struct fm_map map = {0};
	struct fm_scan scan = {.file = name};
	const char *path;
	enum fm_code rc;

	if (name == NULL)
		return fm_fail(err, FM_E_IO, "there is no %s in %s", FM_JOURNAL_FILE,
		               history->folder);
	path = fm_arena_format(&history->arena, "%s/%s", history->folder, name);
	rc = strcmp(name, FM_SEALED_FILE) == 0 ? fm_packed_open(path, UNPACKED_BYTES_MAX, &map, err)
	                                       : fm_map_open(path, &map, err);
	if (rc != FM_OK)
		return fm_err_prefix(err, "%s", name);
	scan.bytes = map.bytes;
	rc = read_lines(history, &scan, err);
	fm_map_close(&map);
	return rc;
}

enum fm_code fm_history_open(const char *folder, struct fm_history *ret_history, struct fm_err *err)
{
	struct fm_history history = {0};
	enum fm_code rc;

	history.hidden = fm_memory_take(sizeof(struct fm_history_hidden));
	history.folder = fm_arena_text(&history.arena, fm_span_of(folder));
	rc = read_journal(&history, err);
	if (rc != FM_OK) {
		fm_history_close(&history);
		return fm_err_prefix(err, "run %.*s", FM_SPAN_ARGS(fm_place_name(folder)));
	}
	for (size_t i = 0; i < history.record_count; i++)
		settle(&history, &history.records[i]);
	*ret_history = history;
	return FM_OK;
}

void fm_history_close(struct fm_history *history)
{
	struct fm_history_hidden *hidden = history->hidden;

	if (hidden != NULL) {
		for (size_t i = 0; i < hidden->line_count; i++)
			fm_json_close(&hidden->lines[i]);
		fm_memory_free(hidden->lines);
		fm_memory_free(hidden->index);
	}
	fm_memory_free(hidden);
	fm_memory_free(history->records);
	fm_memory_free(history->notes);
	fm_arena_free(&history->arena);
	*history = (struct fm_history){0};
}

struct fm_record *fm_history_find(const struct fm_history *history, struct fm_id trial)
{
	return fm_history_at(history, trial);
}

static bool has_prefix(struct fm_id id, struct fm_span prefix)
{
	char text[FM_ID_TEXT_MAX];

	return fm_span_equal(fm_span_first(fm_span_of(fm_id_text(id, text)), prefix.len), prefix);
}

enum fm_code fm_history_find_prefix(const struct fm_history *history, struct fm_span prefix,
                                    struct fm_record **ret_record, struct fm_err *err)
{
	struct fm_record *found = NULL;

	if (prefix.len < PREFIX_MIN)
		return fm_fail(err, FM_E_USAGE, "trial %.*s: give at least %d hex digits of it",
		               FM_SPAN_ARGS(prefix), PREFIX_MIN);
	for (size_t i = 0; i < history->record_count; i++) {
		if (!has_prefix(history->records[i].trial, prefix))
			continue;
		if (found != NULL)
			return fm_fail(err, FM_E_USAGE,
			               "trial %.*s: more than one begins so; give more digits",
			               FM_SPAN_ARGS(prefix));
		found = &history->records[i];
	}
	if (found == NULL)
		return fm_fail(err, FM_E_USAGE, "trial %.*s: run %s has none that begins so",
		               FM_SPAN_ARGS(fm_span_first(prefix, 32)), history->run);
	*ret_record = found;
	return FM_OK;
}
