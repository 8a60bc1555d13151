#ifndef FATHOM_TESTS_UNIT_WIRE_RECORDED_H
#define FATHOM_TESTS_UNIT_WIRE_RECORDED_H

#include "test.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/macro.h"
#include "text/json.h"
#include "wire/dialect.h"

#define EVENTS "text/event-stream"
#define JSON "application/json"

/* What a dialect is given to say, and the text of all members but the messages; NULL: refused. */
struct params_case {
	const char *name, *params, *extra;
	bool stream;
	const char *want;
};

static inline void assert_params(const char *dialect, const struct params_case *c)
{
	const struct fm_body_spec spec = {
		.model = "m-1",
		.max_tokens = 16,
		.max_tokens_name = "max_tokens",
		.params = fm_span_of(c->params),
		.extra = fm_span_of(c->extra),
		.stream = c->stream,
	};
	struct fm_arena arena = {0};
	struct fm_err err = {0};
	const char *params = NULL;
	const enum fm_code rc =
		fm_dialect_params(fm_dialect_find(dialect), &spec, &arena, &params, &err);

	if (c->want == NULL) {
		assert_int_equal(rc, FM_E_USAGE);
	} else {
		assert_string_equal(rc == FM_OK ? "" : err.text, "");
		assert_string_equal(params, c->want);
	}
	fm_arena_free(&arena);
}

/* Two words of the system, a question in two pieces, and an answer begun: in that order. */
static inline void assert_body(const char *dialect, const char *params, const char *want)
{
	struct fm_prompt prompt = {.count = 4};
	struct fm_arena arena = {0};
	struct fm_bytes_place place = {0};
	struct fm_bytes body = {0};
	struct fm_json json = {0};
	char text[800] = "";
	struct fm_err err;

	prompt.messages[0].role = FM_ROLE_SYSTEM;
	prompt.messages[1].role = FM_ROLE_SYSTEM;
	prompt.messages[2].role = FM_ROLE_USER;
	prompt.messages[3].role = FM_ROLE_ASSISTANT;
	fm_rope_add_text(&prompt.messages[0].text, &arena, fm_span_of("Be \"short\"."));
	fm_rope_add_text(&prompt.messages[1].text, &arena, fm_span_of("Be kind."));
	fm_rope_add_text(&prompt.messages[2].text, &arena, fm_span_of("line\nand"));
	fm_rope_add_text(&prompt.messages[2].text, &arena, fm_span_of(" more"));
	fm_rope_add_text(&prompt.messages[3].text, &arena, fm_span_of("It is"));
	fm_dialect_body(fm_dialect_find(dialect), &prompt, params, &arena, &body);
	assert_true(body.len < sizeof text);
	assert_int_equal(fm_bytes_read(&body, &place, text, sizeof text), body.len);
	assert_string_equal(text, want);
	assert_int_equal(fm_json_open(fm_span_of(text), &json, &err), FM_OK);
	fm_json_close(&json);
	fm_arena_free(&arena);
}

static inline void assert_url(const char *dialect, const char *base, const char *model, bool stream,
                              const char *want)
{
	struct fm_arena arena = {0};

	assert_string_equal(fm_dialect_url(fm_dialect_find(dialect), base, model, stream, &arena),
	                    want);
	fm_arena_free(&arena);
}

/* An answer as it was recorded, and in one line what must be made of it. */
struct recorded {
	const char *name;
	int status;
	const char *type, *body;
	const char *want;
};

static inline void put_count(struct fm_buf *buf, const char *before, int64_t count)
{
	fm_buf_puts(buf, before);
	if (count == FM_UNKNOWN)
		fm_buf_puts(buf, "-");
	else
		fm_buf_putf(buf, "%" PRId64, count);
}

/*
 * "answered stop in 9/8/1 out 3/2 thought 5 by m: text | error", of which in is all, cached and
 * written, out is all and reasoning; what nobody said is "-" or left out.
 */
static inline void describe(const struct fm_reply *reply, struct fm_buf *buf)
{
	const struct fm_usage *u = &reply->usage;

	fm_buf_puts(buf, fm_outcome_name(reply->outcome));
	if (reply->reason != FM_REASON_NONE)
		fm_buf_putf(buf, "/%s", fm_reason_name(reply->reason));
	fm_buf_puts(buf, reply->may_retry ? " again" : "");
	if (reply->stop != FM_STOP_NONE)
		fm_buf_putf(buf, " %s", fm_stop_name(reply->stop));
	if (u->in != FM_UNKNOWN || u->out != FM_UNKNOWN) {
		put_count(buf, " in ", u->in);
		put_count(buf, "/", u->cached);
		put_count(buf, "/", u->written);
		put_count(buf, " out ", u->out);
		put_count(buf, "/", u->reasoning);
	}
	if (reply->reasoning_chars > 0)
		fm_buf_putf(buf, " thought %" PRIu64, reply->reasoning_chars);
	if (reply->retry_after_ns != FM_UNKNOWN)
		fm_buf_putf(buf, " wait %" PRId64, reply->retry_after_ns / 1000000);
	if (reply->limit_said != FM_UNKNOWN || reply->actual_said != FM_UNKNOWN) {
		put_count(buf, " limit ", reply->limit_said);
		put_count(buf, " actual ", reply->actual_said);
	}
	if (reply->model_said.len > 0)
		fm_buf_putf(buf, " by %.*s", FM_SPAN_ARGS(reply->model_said));
	if (reply->answer.len > 0)
		fm_buf_putf(buf, ": %.*s", FM_SPAN_ARGS(reply->answer));
	if (reply->refusal.len > 0)
		fm_buf_putf(buf, " refused: %.*s", FM_SPAN_ARGS(reply->refusal));
	if (reply->error.len > 0)
		fm_buf_putf(buf, " | %.*s", FM_SPAN_ARGS(reply->error));
}

/* Feeds `body` in pieces of `step` bytes, but for the first, of `first` bytes. */
static inline void assert_reply(const char *dialect, const struct recorded *c, size_t first,
                                size_t step)
{
	struct fm_reader *reader = fm_reader_open(fm_dialect_find(dialect), true);
	struct fm_span rest = fm_span_of(c->body);
	struct fm_progress progress;
	struct fm_reply reply;
	struct fm_buf text;
	struct fm_err err;
	enum fm_code rc = FM_OK;

	fm_reader_status(reader, c->status);
	fm_reader_header(reader, fm_span_of("Content-Type"), fm_span_of(c->type));
	for (size_t n = first; rest.len > 0 && rc == FM_OK; n = step) {
		rc = n == 0 ? FM_OK
		            : fm_reader_feed(reader, fm_span_first(rest, n), &progress, &err);
		rest = fm_span_skip(rest, n);
	}
	fm_reader_finish(reader, FM_END_CLEAN, true, 0, &reply);
	fm_buf_init(&text, 2000);
	describe(&reply, &text);
	assert_string_equal(fm_buf_text(&text), c->want);
	fm_buf_free(&text);
	fm_reader_close(reader);
}

/* The network may cut anywhere: in two at each byte, and into single bytes. */
static inline void assert_recorded(const char *dialect, const struct recorded *c)
{
	const size_t len = strlen(c->body);

	for (size_t cut = 0; cut <= len; cut++)
		assert_reply(dialect, c, cut, len + 1);
	assert_reply(dialect, c, 1, 1);
}

/* What the bytes of one step bring: 'r'easoning, 'a'nswer, 't'erminal, '.' for life alone. */
struct step {
	const char *bytes;
	const char *want;
};

static inline void assert_steps(const char *dialect, const struct step *steps, size_t count)
{
	struct fm_reader *reader = fm_reader_open(fm_dialect_find(dialect), true);
	struct fm_progress got;
	struct fm_err err;

	fm_reader_status(reader, 200);
	fm_reader_header(reader, fm_span_of("Content-Type"),
	                 fm_span_of(fm_dialect_accept(fm_dialect_find(dialect), true)));
	for (size_t i = 0; i < count; i++) {
		char text[8];

		assert_int_equal(fm_reader_feed(reader, fm_span_of(steps[i].bytes), &got, &err),
		                 FM_OK);
		(void)snprintf(text, sizeof text, "%s%s%s%s", got.reasoning ? "r" : "",
		               got.answer ? "a" : "", got.terminal ? "t" : "", got.life ? "." : "");
		assert_string_equal(text, steps[i].want);
	}
	fm_reader_close(reader);
}

#endif
