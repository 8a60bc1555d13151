#include "fuzz.h"

#include <assert.h>
#include <stdio.h>

#include "text/utf8.h"
#include "wire/dialect.h"

static const int statuses[] = {200, 200, 200, 400, 429, 500, 307, 0};

/* A first line names the dialect behind a '!'; without one it is the oldest. */
static const struct fm_dialect *choose(struct fm_span *input)
{
	const struct fm_dialect *dialect = NULL;
	struct fm_span line;
	char name[32];

	if (fm_span_starts(*input, "!") && fm_span_split(input, '\n', &line) &&
	    line.len <= sizeof name) {
		(void)snprintf(name, sizeof name, "%.*s", FM_SPAN_ARGS(fm_span_skip(line, 1)));
		dialect = fm_dialect_find(name);
	}
	return dialect != NULL ? dialect : fm_dialect_find("openai-chat");
}

/* The next byte says which status, type and end; what is behind it is the body. */
static struct fm_reader *read_input(struct fm_span input, size_t step, struct fm_reply *ret_reply)
{
	const struct fm_dialect *dialect = choose(&input);
	const char *const types[] = {fm_dialect_accept(dialect, true), "application/json",
	                             "text/html", ""};
	const unsigned choice = input.len == 0 ? 0 : (unsigned char)input.ptr[0];
	const int status = statuses[choice % 8];
	struct fm_reader *reader = fm_reader_open(dialect, true);
	struct fm_span body = fm_span_skip(input, 1);
	enum fm_code rc = FM_OK;
	struct fm_err err;

	if (status != 0) {
		fm_reader_status(reader, status);
		fm_reader_header(reader, fm_span_of("content-type"),
		                 fm_span_of(types[choice / 8 % 4]));
		fm_reader_header(reader, fm_span_of("retry-after"), fm_span_first(body, 40));
		fm_reader_header(reader, fm_span_of("x-ratelimit-reset-tokens"),
		                 fm_span_first(body, 40));
	}
	while (body.len > 0 && rc == FM_OK && status != 0) {
		struct fm_progress progress;

		rc = fm_reader_feed(reader, fm_span_first(body, step), &progress, &err);
		body = fm_span_skip(body, step);
	}
	fm_reader_finish(reader, choice / 64 % 2 ? FM_END_CLEAN : FM_END_LOST, choice < 128,
	                 INT64_C(1700000000000), ret_reply);
	return reader;
}

static void check(const struct fm_reply *reply)
{
	assert(fm_utf8_check(reply->answer) == reply->answer.len);
	assert(fm_utf8_check(reply->refusal) == reply->refusal.len);
	assert(fm_utf8_check(reply->error) == reply->error.len && reply->error.len <= 4096);
	assert(fm_utf8_check(reply->model_said) == reply->model_said.len);
	assert(reply->retry_after_ns >= -1 && reply->limit_said >= -1 && reply->actual_said >= -1);
	/* Only what is provably not billed goes again by itself. */
	assert(!reply->may_retry || reply->outcome == FM_FAILED);
	assert(!reply->may_retry || reply->answer.len == 0);
	assert(reply->outcome != FM_ANSWERED || reply->stop != FM_STOP_NONE);
}

/* However the bytes are cut, the reply is the same. */
void fuzz_one(struct fm_span input)
{
	struct fm_reply whole;
	struct fm_reply cut;

	if (input.len == 0 || input.len > (size_t)1 << 18)
		return;
	struct fm_reader *a = read_input(input, input.len, &whole);
	struct fm_reader *b = read_input(input, 1, &cut);

	check(&whole);
	assert(whole.outcome == cut.outcome && whole.reason == cut.reason);
	assert(whole.may_retry == cut.may_retry && whole.stop == cut.stop);
	assert(fm_span_equal(whole.answer, cut.answer));
	assert(fm_span_equal(whole.error, cut.error));
	assert(whole.usage.in == cut.usage.in && whole.usage.out == cut.usage.out);
	assert(whole.reasoning_chars == cut.reasoning_chars);
	fm_reader_close(a);
	fm_reader_close(b);
}
