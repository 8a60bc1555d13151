#include "cli/show_trial.h"

#include "base/clock.h"
#include "base/macro.h"
#include "base/num.h"
#include "report/report.h"
#include "store/history.h"
#include "text/escape.h"
#include "text/json.h"
#include "text/json_write.h"

#define LABEL "%-11s "
#define BAR_MAX 60

static void put_label(struct fm_buf *buf, const char *label)
{
	fm_buf_putf(buf, LABEL, label);
}

static void put_line(struct fm_buf *buf, const char *label, struct fm_span text)
{
	if (text.len == 0)
		return;
	put_label(buf, label);
	fm_put_visible(buf, text, false);
	fm_buf_putc(buf, '\n');
}

static void put_depth(struct fm_buf *buf, const struct fm_record *r)
{
	char text[FM_NUM_TEXT_MAX];

	if (r->depth_ppm != FM_DEPTH_NONE)
		fm_buf_putf(buf, " at depth %s", fm_num_percent_text(r->depth_ppm, text));
	if (r->control != NULL)
		fm_buf_putf(buf, ", control %s", r->control);
}

static uint64_t number_of(const struct fm_value *object, const char *name)
{
	uint64_t number = 0;

	(void)fm_value_u64(fm_value_get(object, name), &number);
	return number;
}

/* |----------o---------|: where in the filler it lay, from the first token to the last. */
static void put_bar(struct fm_buf *buf, const struct fm_terminal *t, uint64_t landed_ppm)
{
	const size_t room = t->width > 40 ? t->width - 24 : 16;
	const size_t width = room < BAR_MAX ? room : BAR_MAX;
	size_t at = (size_t)fm_num_mul_div(landed_ppm, width - 1, 1000000);

	at = at < width ? at : width - 1;
	fm_buf_puts(buf, t->utf8 ? "start ├" : "start |");
	fm_buf_put_repeat(buf, t->utf8 ? "─" : "-", at);
	fm_buf_puts(buf, t->utf8 ? "●" : "o");
	fm_buf_put_repeat(buf, t->utf8 ? "─" : "-", width - 1 - at);
	fm_buf_puts(buf, t->utf8 ? "┤ end\n" : "| end\n");
}

static void put_needles(struct fm_buf *buf, const struct fm_record *r, const struct fm_terminal *t)
{
	char landed[FM_NUM_TEXT_MAX];
	char tokens[FM_NUM_TEXT_MAX];
	char bytes[FM_NUM_TEXT_MAX];

	for (const struct fm_value *n = fm_value_first(r->needles); n != NULL;
	     n = fm_value_next(n)) {
		const uint64_t ppm = number_of(n, "landed_ppm");
		struct fm_span role = {0};

		(void)fm_value_text(fm_value_get(n, "role"), &role);
		if (!fm_span_is(role, "target"))
			continue;
		put_label(buf, "needle");
		fm_buf_putf(buf, "at %s of the filler, behind %s tokens, %s bytes\n",
		            fm_num_percent_text((uint32_t)ppm, landed),
		            fm_num_grouped(number_of(n, "at_tokens"), tokens),
		            fm_num_grouped(number_of(n, "at_bytes"), bytes));
		put_label(buf, "");
		put_bar(buf, t, ppm);
	}
}

static void put_stamp(struct fm_buf *buf, const char *name, int64_t ns)
{
	char text[FM_NUM_TEXT_MAX];

	if (ns >= 0)
		fm_buf_putf(buf, ", %s %s", name, fm_num_duration_text(ns, text));
}

static void put_count(struct fm_buf *buf, const char *name, int64_t count)
{
	char text[FM_NUM_TEXT_MAX];

	if (count >= 0)
		fm_buf_putf(buf, ", %s %s", name, fm_num_grouped((uint64_t)count, text));
}

/* "first 122 s, progress 300 s": what would have cut it, and what did. */
static void put_limits(struct fm_buf *buf, const struct fm_attempt *a)
{
	static const char *const names[][2] = {
		{"connect_ns",  "connect" },
                {"stall_ns",    "stall"   },
                {"first_ns",    "first"   },
		{"progress_ns", "progress"},
                {"total_ns",    "total"   },
	};
	char text[FM_NUM_TEXT_MAX];
	struct fm_json json = {0};
	struct fm_err err;
	int64_t ns;
	uint64_t bytes;

	if (a->limits.len == 0 || fm_json_open(a->limits, &json, &err) != FM_OK)
		return;
	put_label(buf, "limits");
	if (fm_value_u64(fm_value_get(json.root, "reply_bytes"), &bytes))
		fm_buf_puts(buf, fm_num_bytes_text(bytes, text));
	for (size_t i = 0; i < FM_COUNT(names); i++)
		if (fm_value_i64(fm_value_get(json.root, names[i][0]), &ns) && ns > 0)
			put_stamp(buf, names[i][1], ns);
	if (a->deadline.len > 0) {
		fm_buf_puts(buf, "; cut by ");
		fm_put_visible(buf, a->deadline, false);
	}
	fm_buf_putc(buf, '\n');
	fm_json_close(&json);
}

static void put_attempt(struct fm_buf *buf, const struct fm_attempt *a, bool flying)
{
	const char *unsettled = flying ? "in flight" : "in_doubt";
	const struct fm_reply *reply = &a->reply;
	const char *reason = fm_reason_name(reply->reason);
	char at[FM_TIME_TEXT_MAX];
	char cost[FM_NUM_TEXT_MAX];

	put_label(buf, "attempt");
	fm_buf_putf(buf, "%u at %s: %s", (unsigned)a->number, fm_time_text(a->at_ms, at),
	            a->settled ? fm_outcome_name(reply->outcome) : unsettled);
	if (reason != NULL)
		fm_buf_putf(buf, " (%s)", reason);
	if (reply->status > 0)
		fm_buf_putf(buf, ", HTTP %d", reply->status);
	fm_buf_putc(buf, '\n');
	if (!a->settled)
		return;
	put_label(buf, "");
	fm_buf_putf(buf, "%s", fm_num_usd_text(a->cost_usd_micro, cost));
	put_stamp(buf, "body out", reply->times.body_out);
	put_stamp(buf, "first answer", reply->times.first_answer);
	put_stamp(buf, "end", reply->times.end);
	put_count(buf, "tokens in", reply->usage.in);
	put_count(buf, "cached", reply->usage.cached);
	put_count(buf, "out", reply->usage.out);
	fm_buf_putc(buf, '\n');
	put_limits(buf, a);
	put_line(buf, "sent with", a->params_sent);
}

static void put_answer(struct fm_buf *buf, const struct fm_record *r)
{
	const struct fm_reply *reply;

	for (size_t i = 0; i < r->expected_count; i++)
		put_line(buf, i == 0 ? "expected" : "", r->expected[i]);
	if (r->last == NULL || !r->last->settled)
		return;
	reply = &r->last->reply;
	put_line(buf, "answer", reply->answer);
	put_line(buf, "refusal", reply->refusal);
	put_line(buf, "error", reply->error);
	put_line(buf, "model said", reply->model_said);
}

void fm_show_trial(const struct fm_record *record, const struct fm_terminal *terminal,
                   struct fm_buf *buf)
{
	const char *reason = fm_reason_name(record->reason);
	char id[FM_ID_TEXT_MAX];
	char length[FM_NUM_TEXT_MAX];

	put_line(buf, "trial", fm_span_of(fm_id_text(record->trial, id)));
	put_label(buf, "asked");
	fm_put_visible(buf, fm_span_of(record->model), false);
	fm_buf_puts(buf, ", ");
	fm_put_visible(buf, fm_span_of(record->task), false);
	fm_buf_putf(buf, ", %s tokens", fm_num_grouped(record->length, length));
	put_depth(buf, record);
	fm_buf_putf(buf, ", repeat %u\n", (unsigned)record->repeat);
	put_label(buf, "outcome");
	fm_buf_putf(buf, "%s%s%s%s", fm_outcome_name(record->outcome), reason != NULL ? " (" : "",
	            reason != NULL ? reason : "", reason != NULL ? ")" : "");
	if (record->scored)
		fm_buf_putf(buf, ", %u of %u found, graded by %s", (unsigned)record->found,
		            (unsigned)record->of, record->grader);
	fm_buf_putc(buf, '\n');
	put_needles(buf, record, terminal);
	put_answer(buf, record);
	for (const struct fm_attempt *a = record->attempts; a != NULL; a = a->next)
		put_attempt(buf, a, record->outcome == FM_NOT_RUN);
}

static void put_usage_json(const struct fm_reply *reply, struct fm_json_writer *w)
{
	fm_json_object(w, "usage");
	fm_json_i64(w, "in", reply->usage.in);
	fm_json_i64(w, "cached", reply->usage.cached);
	fm_json_i64(w, "out", reply->usage.out);
	fm_json_i64(w, "reasoning", reply->usage.reasoning);
	fm_json_end_object(w);
	fm_json_object(w, "times_ns");
	fm_json_i64(w, "sent", reply->times.sent);
	fm_json_i64(w, "body_out", reply->times.body_out);
	fm_json_i64(w, "first_byte", reply->times.first_byte);
	fm_json_i64(w, "first_answer", reply->times.first_answer);
	fm_json_i64(w, "end", reply->times.end);
	fm_json_end_object(w);
}

static void put_attempt_json(const struct fm_attempt *a, struct fm_json_writer *w)
{
	char at[FM_TIME_TEXT_MAX];

	fm_json_object(w, NULL);
	fm_json_u64(w, "attempt", a->number);
	fm_json_string(w, "at", fm_time_text(a->at_ms, at));
	fm_json_u64(w, "body_bytes", a->body_bytes);
	fm_json_u64(w, "reserved_usd_micro", a->reserved_usd_micro);
	fm_json_bool(w, "settled", a->settled);
	if (a->settled) {
		fm_json_string(w, "outcome", fm_outcome_name(a->reply.outcome));
		fm_json_string(w, "reason", fm_reason_name(a->reply.reason));
		fm_json_i64(w, "status", a->reply.status);
		fm_json_text(w, "answer", a->reply.answer);
		fm_json_text(w, "refusal", a->reply.refusal);
		fm_json_text(w, "error", a->reply.error);
		fm_json_u64(w, "redacted", a->reply.redacted);
		fm_json_string(w, "stop", fm_stop_name(a->reply.stop));
		fm_json_u64(w, "cost_usd_micro", a->cost_usd_micro);
		fm_json_id(w, "prompt_digest", a->prompt_digest);
		fm_json_id(w, "body_digest", a->reply.body_digest);
		put_usage_json(&a->reply, w);
		if (a->deadline.len > 0)
			fm_json_text(w, "deadline", a->deadline);
		if (a->limits.len > 0)
			fm_json_raw(w, "limits", a->limits);
		if (a->params_sent.len > 0)
			fm_json_raw(w, "params_sent", a->params_sent);
	}
	fm_json_end_object(w);
}

void fm_show_trial_json(const struct fm_record *record, struct fm_buf *buf)
{
	struct fm_json_writer w = {.buf = buf};
	struct fm_buf needles;

	fm_json_object(&w, NULL);
	fm_json_id(&w, "trial", record->trial);
	fm_json_id(&w, "prompt", record->prompt);
	fm_json_id(&w, "pair", record->pair);
	fm_json_string(&w, "model", record->model);
	fm_json_string(&w, "task", record->task);
	fm_json_string(&w, "control", record->control);
	fm_json_u64(&w, "length", record->length);
	if (record->depth_ppm == FM_DEPTH_NONE)
		fm_json_null(&w, "depth_ppm");
	else
		fm_json_u64(&w, "depth_ppm", record->depth_ppm);
	fm_json_u64(&w, "repeat", record->repeat);
	fm_json_string(&w, "outcome", fm_outcome_name(record->outcome));
	fm_json_string(&w, "reason", fm_reason_name(record->reason));
	fm_json_u64(&w, "found", record->found);
	fm_json_u64(&w, "of", record->of);
	fm_json_list(&w, "expected");
	for (size_t i = 0; i < record->expected_count; i++)
		fm_json_text(&w, NULL, record->expected[i]);
	fm_json_end_list(&w);
	fm_buf_init(&needles, FM_JSON_BYTES_MAX);
	fm_value_put_canonical(record->needles, &needles);
	fm_json_raw(&w, "needles", needles.len > 0 ? fm_buf_span(&needles) : fm_span_of("[]"));
	fm_buf_free(&needles);
	fm_json_list(&w, "attempts");
	for (const struct fm_attempt *a = record->attempts; a != NULL; a = a->next)
		put_attempt_json(a, &w);
	fm_json_end_list(&w);
	fm_json_end_object(&w);
}

void fm_show_trial_head(struct fm_buf *buf)
{
	fm_buf_putf(buf, "%-10s %-18s %-9s %8s %7s %6s  %s\n", "trial", "outcome", "task", "length",
	            "depth", "repeat", "model");
}

void fm_show_trial_line(const struct fm_record *record, struct fm_buf *buf)
{
	char id[FM_ID_TEXT_MAX];
	char length[FM_NUM_TEXT_MAX];
	char depth[FM_NUM_TEXT_MAX];

	fm_buf_putf(buf, "%-10.10s %-18s %-9.40s %8s %7s %6u  ", fm_id_text(record->trial, id),
	            fm_outcome_name(record->outcome), record->task,
	            fm_num_short(record->length, length),
	            record->depth_ppm == FM_DEPTH_NONE
	                    ? "-"
	                    : fm_num_percent_text(record->depth_ppm, depth),
	            (unsigned)record->repeat);
	fm_put_visible(buf, fm_span_of(record->model), false);
	fm_buf_putc(buf, '\n');
}
