#include "history_internal.h"

#include <string.h>

#include "base/clock.h"
#include "base/macro.h"
#include "base/memory.h"

/*
 * The members of a line. The first one that is missing, or not of its kind, is remembered, so that
 * all are read in one go and asked about once.
 */
struct members {
	const struct fm_value *object;
	const struct fm_value *next; /* behind the one that was asked for last */
	const char *missing;
};

/* Members mostly stand in the order in which they are asked for: the next one is tried first. */
static const struct fm_value *find(struct members *m, const char *name)
{
	const struct fm_value *found = m->next;

	if (found == NULL || strcmp(fm_value_name(found), name) != 0)
		found = fm_value_get(m->object, name);
	if (found != NULL)
		m->next = fm_value_next(found);
	return found;
}

static enum fm_code check_members(const struct members *m, struct fm_err *err)
{
	if (m->missing == NULL)
		return FM_OK;
	return fm_fail(err, FM_E_FORMAT, "`%s` is missing or not of its kind", m->missing);
}

static void miss(struct members *m, const char *name)
{
	if (m->missing == NULL)
		m->missing = name;
}

static bool is_null(const struct fm_value *value)
{
	const enum fm_value_kind kind = fm_value_kind(value);

	return kind == FM_VALUE_NULL || kind == FM_VALUE_NONE;
}

static uint64_t get_u64(struct members *m, const char *name)
{
	uint64_t number = 0;

	if (!fm_value_u64(find(m, name), &number))
		miss(m, name);
	return number;
}

static uint32_t get_u32(struct members *m, const char *name)
{
	const uint64_t number = get_u64(m, name);

	if (number > UINT32_MAX)
		miss(m, name);
	return (uint32_t)number;
}

/* null, or not there, is `otherwise`. */
static int64_t get_i64_or(struct members *m, const char *name, int64_t otherwise)
{
	const struct fm_value *value = find(m, name);
	int64_t number = otherwise;

	if (!is_null(value) && !fm_value_i64(value, &number))
		miss(m, name);
	return number;
}

static bool get_bool_or(struct members *m, const char *name, bool otherwise)
{
	const struct fm_value *value = find(m, name);
	bool yes = otherwise;

	if (!is_null(value) && !fm_value_bool(value, &yes))
		miss(m, name);
	return yes;
}

/* null, or not there, is the empty span. */
static struct fm_span get_span(struct members *m, const char *name, struct fm_arena *arena)
{
	const struct fm_value *value = find(m, name);
	struct fm_span text = {0};

	if (is_null(value))
		return text;
	if (!fm_value_text(value, &text))
		miss(m, name);
	return fm_arena_copy(arena, text);
}

static const char *get_text(struct members *m, const char *name, struct fm_arena *arena)
{
	struct fm_span text = {0};

	if (!fm_value_text(find(m, name), &text))
		miss(m, name);
	return fm_arena_text(arena, text);
}

/* null is "none". */
static struct fm_id get_id(struct members *m, const char *name)
{
	const struct fm_value *value = find(m, name);
	struct fm_span text = {0};
	struct fm_id id = {0};

	if (fm_value_kind(value) == FM_VALUE_NULL)
		return id;
	if (!fm_value_text(value, &text) || !fm_id_parse(text, &id))
		miss(m, name);
	return id;
}

static int64_t get_time(struct members *m, const char *name)
{
	struct fm_span text = {0};
	int64_t at_ms = 0;

	if (!fm_value_text(find(m, name), &text) || !fm_time_parse(text, &at_ms))
		miss(m, name);
	return at_ms;
}

static enum fm_outcome get_outcome(struct members *m)
{
	enum fm_outcome outcome = FM_NOT_RUN;
	struct fm_span name = {0};

	if (!fm_value_text(find(m, "outcome"), &name) || !fm_outcome_parse(name, &outcome))
		miss(m, "outcome");
	return outcome;
}

static enum fm_reason get_reason(struct members *m)
{
	const struct fm_value *value = find(m, "reason");
	enum fm_reason reason = FM_REASON_NONE;
	struct fm_span name = {0};

	if (!is_null(value) && (!fm_value_text(value, &name) || !fm_reason_parse(name, &reason)))
		miss(m, "reason");
	return reason;
}

static enum fm_stop get_stop(struct members *m)
{
	const struct fm_value *value = find(m, "stop");
	enum fm_stop stop = FM_STOP_NONE;
	struct fm_span name = {0};

	if (!is_null(value) && (!fm_value_text(value, &name) || !fm_stop_parse(name, &stop)))
		miss(m, "stop");
	return stop;
}

static void see_time(struct fm_history *history, int64_t at_ms)
{
	if (at_ms > history->last_ms)
		history->last_ms = at_ms;
}

/* The line's document is kept: the history lends out values of it. */
static void keep_line(struct fm_history *history, struct fm_json *json)
{
	struct fm_history_hidden *hidden = history->hidden;

	hidden->lines = fm_memory_more(hidden->lines, hidden->line_count, &hidden->line_capacity,
	                               sizeof *hidden->lines);
	hidden->lines[hidden->line_count++] = *json;
	*json = (struct fm_json){0};
}

/* A run that goes on says so with a run line of its own: the same plan, paced or priced anew. */
static enum fm_code take_run(struct fm_history *history, struct fm_json *json, struct fm_err *err)
{
	struct members m = {.object = json->root};
	const int64_t at_ms = get_time(&m, "at");
	const struct fm_id plan_id = get_id(&m, "plan_id");
	const char *run = get_text(&m, "run", &history->arena);
	const char *fathom = get_text(&m, "fathom", &history->arena);
	const enum fm_code rc = check_members(&m, err);

	if (rc != FM_OK)
		return rc;
	if (history->run == NULL)
		history->started_ms = at_ms;
	else if (!fm_id_equal(plan_id, history->plan_id))
		return fm_fail(err, FM_E_FORMAT, "`plan_id` is not that of the run");
	history->run = run;
	history->fathom = fathom;
	history->plan_id = plan_id;
	history->plan = fm_value_get(json->root, "plan");
	history->prices = fm_value_get(json->root, "prices");
	history->ended = NULL;
	see_time(history, at_ms);
	keep_line(history, json);
	return FM_OK;
}

static void read_record(struct fm_history *history, struct members *m, struct fm_record *record)
{
	const struct fm_value *depth = find(m, "depth_ppm");

	record->prompt = get_id(m, "prompt");
	record->pair = get_id(m, "pair");
	record->model = get_text(m, "model", &history->arena);
	record->task = get_text(m, "task", &history->arena);
	record->length = get_u64(m, "length");
	record->depth_ppm = is_null(depth) ? FM_DEPTH_NONE : get_u32(m, "depth_ppm");
	record->repeat = get_u32(m, "repeat");
	record->control = get_span(m, "control", &history->arena).ptr;
	record->needles = find(m, "needles");
}

/* The same trial named again, as by a run that goes on, changes nothing. */
static enum fm_code take_trial(struct fm_history *history, struct fm_json *json, struct fm_err *err)
{
	struct members m = {.object = json->root};
	const struct fm_id trial = get_id(&m, "trial");
	struct fm_record *record;
	enum fm_code rc = check_members(&m, err);

	if (rc != FM_OK || fm_history_at(history, trial) != NULL)
		return rc;
	record = fm_history_add(history, trial);
	record->line = history->line_count;
	read_record(history, &m, record);
	rc = check_members(&m, err);
	if (rc != FM_OK)
		return rc;
	rc = fm_trial_spec_read(fm_value_get(json->root, "spec"), &history->arena, &record->spec,
	                        err);
	if (rc != FM_OK)
		return fm_err_prefix(err, "`spec`");
	keep_line(history, json);
	return FM_OK;
}

/* The record and the attempt that a line speaks of; an attempt that is not there is NULL. */
static enum fm_code find_attempt(const struct fm_history *history, struct members *m,
                                 struct fm_record **ret_record, struct fm_attempt **ret_attempt,
                                 struct fm_err *err)
{
	const struct fm_id trial = get_id(m, "trial");
	const uint32_t number = get_u32(m, "attempt");
	const enum fm_code rc = check_members(m, err);
	struct fm_record *record;
	struct fm_attempt *attempt;

	if (rc != FM_OK)
		return rc;
	record = fm_history_at(history, trial);
	if (record == NULL)
		return fm_fail(err, FM_E_FORMAT, "no line before it names its trial");
	attempt = record->attempts;
	while (attempt != NULL && attempt->number != number)
		attempt = attempt->next;
	*ret_record = record;
	*ret_attempt = attempt;
	return FM_OK;
}

/* The list is in order: a newer attempt stands behind all others, and its answer is not graded. */
static void add_attempt(struct fm_record *record, struct fm_attempt *attempt)
{
	if (record->last == NULL)
		record->attempts = attempt;
	else
		record->last->next = attempt;
	record->last = attempt;
	record->attempt_count++;
	record->scored = false;
}

static enum fm_code take_send(struct fm_history *history, struct fm_json *json, struct fm_err *err)
{
	struct members m = {.object = json->root};
	struct fm_record *record = NULL;
	struct fm_attempt *attempt = NULL;
	enum fm_code rc = find_attempt(history, &m, &record, &attempt, err);

	if (rc != FM_OK)
		return rc;
	if (attempt != NULL)
		return fm_fail(err, FM_E_FORMAT, "this attempt was sent before");
	attempt = fm_arena_take(&history->arena, sizeof *attempt);
	attempt->number = get_u32(&m, "attempt");
	attempt->at_ms = get_time(&m, "at");
	attempt->body_bytes = get_u64(&m, "body_bytes");
	attempt->reserved_usd_micro = get_u64(&m, "reserved_usd_micro");
	attempt->reply.outcome = FM_IN_DOUBT;
	attempt->reply.reason = FM_REASON_CRASH;
	rc = check_members(&m, err);
	if (rc != FM_OK)
		return rc;
	add_attempt(record, attempt);
	history->ended = NULL;
	see_time(history, attempt->at_ms);
	return FM_OK;
}

static void read_usage(struct members *m, struct fm_usage *usage)
{
	struct members in = {.object = find(m, "usage")};

	usage->in = get_i64_or(&in, "in", FM_UNKNOWN);
	usage->cached = get_i64_or(&in, "cached", FM_UNKNOWN);
	usage->written = get_i64_or(&in, "written", FM_UNKNOWN);
	usage->out = get_i64_or(&in, "out", FM_UNKNOWN);
	usage->reasoning = get_i64_or(&in, "reasoning", FM_UNKNOWN);
	if (in.missing != NULL)
		miss(m, "usage");
}

static void read_times(struct members *m, struct fm_times *times)
{
	struct members in = {.object = find(m, "times_ns")};

	times->due = get_i64_or(&in, "due", FM_UNKNOWN);
	times->sent = get_i64_or(&in, "sent", FM_UNKNOWN);
	times->body_out = get_i64_or(&in, "body_out", FM_UNKNOWN);
	times->first_byte = get_i64_or(&in, "first_byte", FM_UNKNOWN);
	times->first_reasoning = get_i64_or(&in, "first_reasoning", FM_UNKNOWN);
	times->first_answer = get_i64_or(&in, "first_answer", FM_UNKNOWN);
	times->end = get_i64_or(&in, "end", FM_UNKNOWN);
	times->gap_p95 = get_i64_or(&in, "gap_p95", FM_UNKNOWN);
	if (in.missing != NULL)
		miss(m, "times_ns");
}

static void read_reply(struct members *m, struct fm_arena *arena, uint64_t body_bytes,
                       struct fm_reply *reply)
{
	const int64_t status = get_i64_or(m, "status", 0);

	if (status < 0 || status > 999)
		miss(m, "status");
	reply->outcome = get_outcome(m);
	reply->reason = get_reason(m);
	reply->status = (int)status;
	reply->answer = get_span(m, "answer", arena);
	reply->refusal = get_span(m, "refusal", arena);
	reply->error = get_span(m, "error", arena);
	reply->model_said = get_span(m, "model_said", arena);
	reply->reasoning_chars = get_u64(m, "reasoning_chars");
	reply->stop = get_stop(m);
	reply->body_digest = get_id(m, "body_digest");
	reply->limit_said = get_i64_or(m, "limit_said", FM_UNKNOWN);
	reply->actual_said = get_i64_or(m, "actual_said", FM_UNKNOWN);
	reply->may_retry = get_bool_or(m, "may_retry", false);
	reply->retry_after_ns = get_i64_or(m, "retry_after_ns", FM_UNKNOWN);
	reply->body_complete = get_bool_or(m, "body_complete", true);
	reply->body_bytes = (uint64_t)get_i64_or(m, "body_bytes", (int64_t)body_bytes);
	reply->reply_bytes = (uint64_t)get_i64_or(m, "reply_bytes", 0);
	reply->redacted = (uint64_t)get_i64_or(m, "redacted", 0);
	read_usage(m, &reply->usage);
	read_times(m, &reply->times);
}

static enum fm_code take_done(struct fm_history *history, struct fm_json *json, struct fm_err *err)
{
	struct members m = {.object = json->root};
	struct fm_record *record = NULL;
	struct fm_attempt *attempt = NULL;
	const enum fm_code rc = find_attempt(history, &m, &record, &attempt, err);

	if (rc != FM_OK)
		return rc;
	if (attempt == NULL)
		return fm_fail(err, FM_E_FORMAT, "no line before it sent this attempt");
	if (attempt->settled)
		return fm_fail(err, FM_E_FORMAT, "this attempt was settled before");
	read_reply(&m, &history->arena, attempt->body_bytes, &attempt->reply);
	attempt->prompt_digest = get_id(&m, "prompt_digest");
	attempt->cost_usd_micro = get_u64(&m, "cost_usd_micro");
	attempt->booked_usd_micro = (uint64_t)get_i64_or(&m, "booked_usd_micro", 0);
	if (attempt->booked_usd_micro < attempt->cost_usd_micro)
		attempt->booked_usd_micro = attempt->cost_usd_micro;
	attempt->deadline = get_span(&m, "deadline", &history->arena);
	attempt->limits = fm_value_canonical(find(&m, "limits"), &history->arena);
	attempt->params_sent = fm_value_canonical(find(&m, "params_sent"), &history->arena);
	attempt->settled = true;
	return check_members(&m, err);
}

static void read_expected(struct members *m, struct fm_arena *arena, struct fm_record *record)
{
	const struct fm_value *list = find(m, "expected");
	size_t count = 0;

	record->expected_count = fm_value_count(list);
	record->expected = fm_arena_array(arena, record->expected_count, sizeof *record->expected);
	for (const struct fm_value *v = fm_value_first(list); v != NULL; v = fm_value_next(v)) {
		struct fm_span text;

		if (!fm_value_text(v, &text)) {
			miss(m, "expected");
			return;
		}
		record->expected[count++] = fm_arena_copy(arena, text);
	}
}

/* The last score of the last attempt counts; older attempts' scores are history. */
static enum fm_code take_score(struct fm_history *history, struct fm_json *json, struct fm_err *err)
{
	struct members m = {.object = json->root};
	struct fm_record *record = NULL;
	struct fm_attempt *attempt = NULL;
	const enum fm_code rc = find_attempt(history, &m, &record, &attempt, err);

	if (rc != FM_OK)
		return rc;
	if (attempt == NULL)
		return fm_fail(err, FM_E_FORMAT, "no line before it sent this attempt");
	if (attempt != record->last)
		return FM_OK;
	record->scored = true;
	record->outcome = get_outcome(&m);
	record->grader = get_text(&m, "grader", &history->arena);
	record->found = get_u32(&m, "found");
	record->of = get_u32(&m, "of");
	record->strict = get_bool_or(&m, "strict", false);
	read_expected(&m, &history->arena, record);
	return check_members(&m, err);
}

static enum fm_code take_note(struct fm_history *history, struct fm_json *json, struct fm_err *err)
{
	struct fm_history_hidden *hidden = history->hidden;
	struct members m = {.object = json->root};
	const struct fm_history_note note = {.at_ms = get_time(&m, "at"),
	                                     .level = get_text(&m, "level", &history->arena),
	                                     .what = get_text(&m, "what", &history->arena)};
	const enum fm_code rc = check_members(&m, err);

	if (rc != FM_OK)
		return rc;
	history->notes = fm_memory_more(history->notes, history->note_count, &hidden->note_capacity,
	                                sizeof *history->notes);
	history->notes[history->note_count++] = note;
	see_time(history, note.at_ms);
	return FM_OK;
}

static enum fm_code take_end(struct fm_history *history, struct fm_json *json, struct fm_err *err)
{
	struct members m = {.object = json->root};
	const int64_t at_ms = get_time(&m, "at");
	const char *why = get_text(&m, "why", &history->arena);
	const enum fm_code rc = check_members(&m, err);

	if (rc != FM_OK)
		return rc;
	history->ended = why;
	see_time(history, at_ms);
	return FM_OK;
}

enum fm_code fm_history_take(struct fm_history *history, const struct fm_scan_line *line,
                             struct fm_err *err)
{
	static const struct {
		const char *type;
		enum fm_code (*take)(struct fm_history *, struct fm_json *, struct fm_err *);
	} types[] = {
		{"run",   take_run  },
                {"trial", take_trial},
                {"send",  take_send },
		{"done",  take_done },
                {"score", take_score},
                {"note",  take_note },
		{"end",   take_end  },
	};
	struct fm_json json = {0};
	enum fm_code rc = fm_json_open(line->json, &json, err);

	for (size_t i = 0; i < FM_COUNT(types) && rc == FM_OK; i++)
		if (fm_span_is(line->type, types[i].type))
			rc = types[i].take(history, &json, err);
	fm_json_close(&json);
	return rc;
}
