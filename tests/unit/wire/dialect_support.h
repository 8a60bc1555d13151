#ifndef FATHOM_UNIT_WIRE_DIALECT_SUPPORT_H
#define FATHOM_UNIT_WIRE_DIALECT_SUPPORT_H

#include "test.h"

#include <stdio.h>
#include <string.h>

#include "base/macro.h"
#include "text/json.h"
#include "wire/dialect.h"

/* What the tests of all dialects share: one set of tables, of params, bodies and replies. */

#define DIALECT_TEXT_MAX ((size_t)1 << 16)
#define JSON "application/json"

/* Settings, and the canonical text of all members but the messages; an error begins with '!'. */
struct params_case {
	const char *name, *params, *extra;
	bool stream;
	const char *want;
};

static inline void assert_params(const char *dialect, uint64_t window, const struct params_case *c)
{
	const struct fm_body_spec spec = {
		.model = "m/1",
		.max_tokens = 16,
		.max_tokens_name = "max_tokens",
		.window = window,
		.params = fm_span_of(c->params),
		.extra = fm_span_of(c->extra),
		.stream = c->stream,
	};
	struct fm_arena arena = {0};
	struct fm_err err = {0};
	const char *params = NULL;
	const enum fm_code rc =
		fm_dialect_params(fm_dialect_find(dialect), &spec, &arena, &params, &err);

	if (c->want[0] == '!') {
		assert_int_equal(rc, FM_E_USAGE);
		assert_string_equal(err.text, c->want + 1);
	} else {
		assert_int_equal(rc, FM_OK);
		assert_string_equal(params, c->want);
	}
	fm_arena_free(&arena);
}

static inline void add_message(struct fm_prompt *prompt, struct fm_arena *arena, enum fm_role role,
                               const char *text)
{
	struct fm_message *message = &prompt->messages[prompt->count++];

	message->role = role;
	/* In two pieces, as documents come. */
	fm_rope_add_text(&message->text, arena, fm_span_first(fm_span_of(text), 2));
	fm_rope_add_text(&message->text, arena, fm_span_skip(fm_span_of(text), 2));
}

/* The body of these words, with and without those of the system; `system` NULL is without. */
static inline void assert_body(const char *dialect, const char *params, const char *system,
                               const char *want)
{
	struct fm_arena arena = {0};
	struct fm_prompt prompt = {0};
	struct fm_bytes_place place = {0};
	struct fm_bytes body = {0};
	char text[4096];
	struct fm_json json = {0};
	struct fm_err err;

	if (system != NULL)
		add_message(&prompt, &arena, FM_ROLE_SYSTEM, system);
	add_message(&prompt, &arena, FM_ROLE_USER, "line\nand \"more\"");
	add_message(&prompt, &arena, FM_ROLE_ASSISTANT, "Yes.");
	add_message(&prompt, &arena, FM_ROLE_USER, "Why?");
	fm_dialect_body(fm_dialect_find(dialect), &prompt, params, &arena, &body);
	assert_true(body.len < sizeof text);
	text[fm_bytes_read(&body, &place, text, sizeof text)] = '\0';
	assert_string_equal(text, want);
	assert_int_equal(body.len, strlen(want));
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

/* What an endpoint sends, and what must be made of it: the text of put_reply. */
struct reply_case {
	const char *name;
	int status;
	const char *type; /* NULL: the dialect's own */
	const char *body;
	const char *want;
};

static inline void put_count(struct fm_buf *out, int64_t count)
{
	if (count == FM_UNKNOWN)
		fm_buf_puts(out, " -");
	else
		fm_buf_putf(out, " %lld", (long long)count);
}

static inline void put_text(struct fm_buf *out, const char *name, struct fm_span text)
{
	if (text.len > 0)
		fm_buf_putf(out, " %s=\"%.*s\"", name, FM_SPAN_ARGS(text));
}

/*
 * "answered stop in/cached/written/out/reasoning 9 8 1 4 3 thought=11 text="…" model="m-1"":
 * outcome, its reason behind a slash, the word for why it stopped, then what there is of the rest.
 */
static inline void put_reply(struct fm_buf *out, const struct fm_reply *reply)
{
	const char *reason = fm_reason_name(reply->reason);
	const char *stop = fm_stop_name(reply->stop);

	fm_buf_putf(out, "%s%s%s %s", fm_outcome_name(reply->outcome), reason == NULL ? "" : "/",
	            reason == NULL ? "" : reason, stop == NULL ? "-" : stop);
	put_count(out, reply->usage.in);
	put_count(out, reply->usage.cached);
	put_count(out, reply->usage.written);
	put_count(out, reply->usage.out);
	put_count(out, reply->usage.reasoning);
	if (reply->reasoning_chars > 0)
		fm_buf_putf(out, " thought=%llu", (unsigned long long)reply->reasoning_chars);
	put_text(out, "text", reply->answer);
	put_text(out, "refusal", reply->refusal);
	put_text(out, "model", reply->model_said);
	put_text(out, "error", reply->error);
	if (reply->limit_said != FM_UNKNOWN || reply->actual_said != FM_UNKNOWN)
		fm_buf_putf(out, " said %lld of %lld", (long long)reply->actual_said,
		            (long long)reply->limit_said);
	if (reply->retry_after_ns != FM_UNKNOWN)
		fm_buf_putf(out, " wait=%lld", (long long)reply->retry_after_ns / 1000000);
	if (reply->may_retry)
		fm_buf_puts(out, " again");
}

/* The bytes in two pieces, one of which may be empty. */
static inline void read_cut(const char *dialect, const struct reply_case *c, struct fm_span body,
                            size_t cut, struct fm_buf *out)
{
	const struct fm_dialect *d = fm_dialect_find(dialect);
	struct fm_reader *reader = fm_reader_open(d, true);
	struct fm_progress progress;
	struct fm_reply reply;
	struct fm_err err;
	enum fm_code rc = FM_OK;

	fm_reader_status(reader, c->status);
	fm_reader_header(reader, fm_span_of("Content-Type"),
	                 fm_span_of(c->type != NULL ? c->type : fm_dialect_accept(d, true)));
	if (cut > 0)
		rc = fm_reader_feed(reader, fm_span_first(body, cut), &progress, &err);
	if (rc == FM_OK && cut < body.len)
		rc = fm_reader_feed(reader, fm_span_skip(body, cut), &progress, &err);
	fm_reader_finish(reader, FM_END_CLEAN, true, 0, &reply);
	assert_true(rc == FM_OK || reply.outcome == FM_ENDPOINT_VIOLATION);
	put_reply(out, &reply);
	fm_reader_close(reader);
}

/* Any cut of the bytes gives the same reply. */
static inline void assert_reply(const char *dialect, const struct reply_case *c,
                                struct fm_span body)
{
	for (size_t cut = 0; cut <= body.len; cut++) {
		struct fm_buf out;

		fm_buf_init(&out, DIALECT_TEXT_MAX);
		read_cut(dialect, c, body, cut, &out);
		assert_string_equal(fm_buf_text(&out), c->want);
		fm_buf_free(&out);
	}
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
