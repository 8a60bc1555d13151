#include "line_internal.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/hash.h"
#include "scan_internal.h"
#include "text/secret.h"
#include "text/utf8.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

void fm_line_begin(struct fm_json_writer *w, const char *type, uint64_t number)
{
	fm_buf_clear(w->buf);
	w->comma = false;
	fm_json_object(w, NULL);
	fm_json_string(w, "t", type);
	fm_json_u64(w, "i", number);
}

void fm_line_seal(struct fm_json_writer *w)
{
	fm_json_hex64(w, "x", fm_hash64(fm_buf_span(w->buf)));
	fm_json_end_object(w);
	fm_buf_putc(w->buf, '\n');
}

void fm_line_time(struct fm_json_writer *w, const char *name, int64_t wall_ms)
{
	char text[FM_TIME_TEXT_MAX];

	fm_json_string(w, name, fm_time_text(wall_ms, text));
}

static void put_text(struct fm_json_writer *w, const char *name, struct fm_span text)
{
	struct fm_buf repaired;

	if (text.ptr == NULL) {
		fm_json_null(w, name);
		return;
	}
	if (fm_utf8_check(text) == text.len && fm_span_find_byte(text, '\0') == text.len) {
		fm_json_text(w, name, text);
		return;
	}
	fm_buf_init(&repaired, text.len * (sizeof REPLACEMENT - 1));
	while (text.len > 0) {
		const size_t len = fm_span_find_byte(text, '\0');

		fm_utf8_put_repaired(&repaired, fm_span_first(text, len));
		if (len < text.len)
			fm_buf_puts(&repaired, REPLACEMENT);
		text = fm_span_skip(text, len + 1);
	}
	fm_json_text(w, name, fm_buf_span(&repaired));
	fm_buf_free(&repaired);
}

uint64_t fm_line_text(struct fm_json_writer *w, const char *name, struct fm_span text)
{
	struct fm_buf buf = {0};
	uint64_t count = 0;

	put_text(w, name, fm_redact(text, FM_REDACT_ENDS, &buf, &count));
	fm_buf_free(&buf);
	return count;
}

/* The first FM_LINE_TEXT_MAX bytes, never half a code point. */
static struct fm_span cut(struct fm_span text)
{
	struct fm_span first = fm_span_first(text, FM_LINE_TEXT_MAX);

	while (first.len < text.len && first.len > 0 &&
	       ((unsigned char)text.ptr[first.len] & 0xc0) == 0x80)
		first.len--;
	return first;
}

static void put_if_cut(struct fm_json_writer *w, const char *name, struct fm_span text)
{
	if (text.len > FM_LINE_TEXT_MAX)
		fm_json_u64(w, name, text.len);
}

/* null is "unknown", never zero. */
static void put_known(struct fm_json_writer *w, const char *name, int64_t number)
{
	if (number == FM_UNKNOWN)
		fm_json_null(w, name);
	else
		fm_json_i64(w, name, number);
}

static void put_if_known(struct fm_json_writer *w, const char *name, int64_t number)
{
	if (number != FM_UNKNOWN)
		fm_json_i64(w, name, number);
}

void fm_line_run(struct fm_json_writer *w, uint64_t number, const struct fm_run_line *line)
{
	fm_buf_clear(w->buf);
	w->comma = false;
	fm_json_object(w, NULL);
	fm_json_string(w, "t", "run");
	fm_json_u64(w, "v", FM_JOURNAL_VERSION);
	fm_json_u64(w, "i", number);
	fm_line_time(w, "at", line->at_ms);
	fm_json_string(w, "run", line->run);
	fm_json_string(w, "fathom", line->fathom);
	fm_json_id(w, "plan_id", line->plan_id);
	fm_json_raw(w, "plan", line->plan);
	fm_json_raw(w, "prices", line->prices);
}

void fm_line_trial(struct fm_json_writer *w, const struct fm_trial_line *line)
{
	fm_json_id(w, "trial", line->trial);
	fm_json_id(w, "prompt", line->prompt);
	fm_json_id(w, "pair", line->pair);
	fm_json_string(w, "model", line->model);
	fm_json_string(w, "task", line->task);
	fm_json_u64(w, "length", line->length);
	if (line->depth_ppm == FM_DEPTH_NONE)
		fm_json_null(w, "depth_ppm");
	else
		fm_json_u64(w, "depth_ppm", line->depth_ppm);
	fm_json_u64(w, "repeat", line->repeat);
	if (line->control != NULL)
		fm_json_string(w, "control", line->control);
	fm_trial_spec_write(line->spec, "spec", w);
	fm_needles_write(line->needles, line->needle_count, false, "needles", w);
}

static void put_usage(struct fm_json_writer *w, const struct fm_usage *usage)
{
	fm_json_object(w, "usage");
	put_known(w, "in", usage->in);
	put_known(w, "cached", usage->cached);
	put_known(w, "written", usage->written);
	put_known(w, "out", usage->out);
	put_known(w, "reasoning", usage->reasoning);
	fm_json_end_object(w);
}

static void put_times(struct fm_json_writer *w, const struct fm_times *times)
{
	fm_json_object(w, "times_ns");
	put_known(w, "due", times->due);
	put_known(w, "sent", times->sent);
	put_known(w, "body_out", times->body_out);
	put_known(w, "first_byte", times->first_byte);
	put_known(w, "first_reasoning", times->first_reasoning);
	put_known(w, "first_answer", times->first_answer);
	put_known(w, "end", times->end);
	put_known(w, "gap_p95", times->gap_p95);
	fm_json_end_object(w);
}

/* Members that stand there only when they say something: a plain answer has none of them. */
static void put_rest(struct fm_json_writer *w, const struct fm_reply *reply, uint64_t keys)
{
	put_if_cut(w, "answer_bytes", reply->answer);
	if (reply->refusal.len > 0)
		keys += fm_line_text(w, "refusal", cut(reply->refusal));
	put_if_cut(w, "refusal_bytes", reply->refusal);
	if (reply->error.len > 0)
		keys += fm_line_text(w, "error", cut(reply->error));
	put_if_known(w, "limit_said", reply->limit_said);
	put_if_known(w, "actual_said", reply->actual_said);
	if (reply->may_retry)
		fm_json_bool(w, "may_retry", true);
	put_if_known(w, "retry_after_ns", reply->retry_after_ns);
	if (!reply->body_complete) {
		fm_json_bool(w, "body_complete", false);
		fm_json_u64(w, "body_bytes", reply->body_bytes);
	}
	if (reply->reply_bytes > 0)
		fm_json_u64(w, "reply_bytes", reply->reply_bytes);
	if (keys > 0)
		fm_json_u64(w, "redacted", keys);
}

static void put_limits(struct fm_json_writer *w, const struct fm_reply_limits *limits)
{
	if (limits->reply_bytes == 0)
		return;
	fm_json_object(w, "limits");
	fm_json_i64(w, "connect_ns", limits->connect_ns);
	fm_json_i64(w, "stall_ns", limits->stall_ns);
	fm_json_i64(w, "first_ns", limits->first_ns);
	fm_json_i64(w, "progress_ns", limits->progress_ns);
	fm_json_i64(w, "total_ns", limits->total_ns);
	fm_json_u64(w, "reply_bytes", limits->reply_bytes);
	fm_json_end_object(w);
}

void fm_line_done(struct fm_json_writer *w, const struct fm_done_line *line)
{
	const struct fm_reply *reply = line->reply;
	uint64_t keys = reply->redacted;

	fm_json_id(w, "trial", line->trial);
	fm_json_u64(w, "attempt", line->attempt);
	fm_json_string(w, "outcome", fm_outcome_name(reply->outcome));
	fm_json_string(w, "reason", fm_reason_name(reply->reason));
	if (reply->status == 0)
		fm_json_null(w, "status");
	else
		fm_json_i64(w, "status", reply->status);
	keys += fm_line_text(w, "answer", cut(reply->answer));
	fm_json_u64(w, "reasoning_chars", reply->reasoning_chars);
	fm_json_string(w, "stop", fm_stop_name(reply->stop));
	put_usage(w, &reply->usage);
	fm_json_id(w, "prompt_digest", line->prompt_digest);
	fm_json_id(w, "body_digest", reply->body_digest);
	fm_json_u64(w, "cost_usd_micro", line->cost_usd_micro);
	if (line->booked_usd_micro > line->cost_usd_micro)
		fm_json_u64(w, "booked_usd_micro", line->booked_usd_micro);
	put_times(w, &reply->times);
	keys += fm_line_text(w, "model_said", cut(reply->model_said));
	put_rest(w, reply, keys);
	if (reply->deadline != NULL)
		fm_json_string(w, "deadline", reply->deadline);
	put_limits(w, &reply->limits);
	if (line->params_sent != NULL)
		fm_json_raw(w, "params_sent", fm_span_of(line->params_sent));
}

void fm_line_score(struct fm_json_writer *w, const struct fm_grade *grade,
                   const struct fm_span *expected, size_t expected_count)
{
	fm_json_string(w, "grader", grade->grader);
	fm_json_string(w, "outcome", fm_outcome_name(grade->outcome));
	fm_json_list(w, "expected");
	for (size_t i = 0; i < expected_count; i++)
		(void)fm_line_text(w, NULL, expected[i]); /* ours: no key is in it */
	fm_json_end_list(w);
	fm_json_u64(w, "found", grade->found);
	fm_json_u64(w, "of", grade->of);
	fm_json_bool(w, "strict", grade->strict);
}
