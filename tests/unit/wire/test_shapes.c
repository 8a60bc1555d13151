#include "test.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/macro.h"
#include "wire/dialect.h"
#include "wire/frames.h"
#include "wire/preset.h"

/*
 * What each preset sends and what its host was seen to answer: a file of shapes/ for each. A
 * section begins with "== "; what is read of the one before stands behind "== reads".
 */

#define FILE_MAX ((size_t)64 << 10)
#define NOW_MS INT64_C(1764000000000)
#define CUTS_MAX 300 /* of one answer, evenly */

static struct fm_arena arena;

static const char *variable(const char *name)
{
	static const char *const set[][2] = {
		{"AZURE_OPENAI_ENDPOINT", "https://res.openai.azure.com"},
		{"AWS_REGION",            "us-east-1"                   },
		{"GOOGLE_CLOUD_PROJECT",  "proj"                        },
		{"GOOGLE_CLOUD_LOCATION", "us-central1"                 },
		{"CLOUDFLARE_ACCOUNT_ID", "acct"                        },
	};

	for (size_t i = 0; i < FM_COUNT(set); i++)
		if (strcmp(set[i][0], name) == 0)
			return set[i][1];
	return NULL;
}

static void say_count(struct fm_buf *buf, const char *name, int64_t count)
{
	if (count != FM_UNKNOWN)
		fm_buf_putf(buf, " %s %" PRId64, name, count);
}

static void say_rate(struct fm_buf *buf, const char *of, const struct fm_allowance *rows)
{
	static const char *const names[FM_METER_COUNT] = {"requests", "tokens", "input tokens",
	                                                  "output tokens"};

	for (size_t i = 0; i < FM_COUNT(names); i++) {
		if (rows[i].limit == FM_UNKNOWN && rows[i].remaining == FM_UNKNOWN &&
		    rows[i].reset_ns == FM_UNKNOWN)
			continue;
		fm_buf_putf(buf, ", %s%s", of, names[i]);
		say_count(buf, "of", rows[i].limit);
		say_count(buf, "left", rows[i].remaining);
		if (rows[i].reset_ns != FM_UNKNOWN)
			say_count(buf, "reset ms", rows[i].reset_ns / 1000000);
	}
}

/* All that a reply says, on one line. */
static const char *say(const struct fm_reply *r)
{
	struct fm_buf buf = {.max = FILE_MAX};
	const char *line;

	fm_buf_puts(&buf, fm_outcome_name(r->outcome));
	if (r->reason != FM_REASON_NONE)
		fm_buf_putf(&buf, " (%s)", fm_reason_name(r->reason));
	if (r->may_retry)
		fm_buf_puts(&buf, ", again");
	if (r->retry_after_ns != FM_UNKNOWN)
		fm_buf_putf(&buf, " in %" PRId64 " ms", r->retry_after_ns / 1000000);
	if (r->stop != FM_STOP_NONE)
		fm_buf_putf(&buf, ", stop %s", fm_stop_name(r->stop));
	say_count(&buf, "limit", r->limit_said);
	say_count(&buf, "actual", r->actual_said);
	say_count(&buf, "in", r->usage.in);
	say_count(&buf, "cached", r->usage.cached);
	say_count(&buf, "written", r->usage.written);
	say_count(&buf, "out", r->usage.out);
	say_count(&buf, "reasoning", r->usage.reasoning);
	say_rate(&buf, "", r->rate.minute);
	say_rate(&buf, "other ", r->rate.other);
	if (r->reasoning_chars > 0)
		fm_buf_putf(&buf, " thoughts %" PRIu64, r->reasoning_chars);
	if (r->model_said.len > 0)
		fm_buf_putf(&buf, " model %.*s", FM_SPAN_ARGS(r->model_said));
	if (r->answer.len > 0)
		fm_buf_putf(&buf, " \"%.*s\"", FM_SPAN_ARGS(r->answer));
	if (r->refusal.len > 0)
		fm_buf_putf(&buf, " refusal \"%.*s\"", FM_SPAN_ARGS(r->refusal));
	if (r->error.len > 0)
		fm_buf_putf(&buf, ": %.*s", FM_SPAN_ARGS(r->error));
	line = fm_arena_text(&arena, fm_span_trim(fm_buf_span(&buf)));
	fm_buf_free(&buf);
	return line;
}

/* An answer as it comes: its head, its body, and whether a stream was asked for. */
struct answer {
	const struct fm_dialect *dialect;
	const char *type;
	struct fm_span headers;
	struct fm_span body;
	int status;
	bool stream;
};

static const char *read_in(const struct answer *a, size_t first, size_t step)
{
	struct fm_reader *reader = fm_reader_open(a->dialect, a->stream);
	struct fm_span headers = a->headers;
	struct fm_span rest = a->body;
	enum fm_code rc = FM_OK;
	struct fm_reply reply;
	struct fm_span line;
	const char *said;
	struct fm_err err;

	fm_reader_status(reader, a->status);
	fm_reader_header(reader, fm_span_of("content-type"), fm_span_of(a->type));
	while (fm_span_split(&headers, '\n', &line)) {
		const size_t colon = fm_span_find_byte(line, ':');

		fm_reader_header(reader, fm_span_first(line, colon), fm_span_skip(line, colon + 1));
	}
	for (size_t len = first; rest.len > 0 && rc == FM_OK; len = step) {
		struct fm_progress progress;

		rc = fm_reader_feed(reader, fm_span_first(rest, len), &progress, &err);
		rest = fm_span_skip(rest, len);
	}
	fm_reader_finish(reader, FM_END_CLEAN, true, NOW_MS, &reply);
	said = say(&reply);
	fm_reader_close(reader);
	return said;
}

/* Whole, byte by byte, and in two parts: what is read is the same. */
static const char *read_cut(const struct answer *a)
{
	const char *whole = read_in(a, a->body.len, a->body.len);
	const size_t step = a->body.len / CUTS_MAX + 1;

	assert_string_equal(read_in(a, 1, 1), whole);
	for (size_t at = 1; at < a->body.len; at += step)
		assert_string_equal(read_in(a, at, a->body.len), whole);
	return whole;
}

static void add_message(struct fm_prompt *prompt, enum fm_role role, const char *text)
{
	struct fm_message *message = &prompt->messages[prompt->count++];

	message->role = role;
	fm_rope_add_text(&message->text, &arena, fm_span_of(text));
}

static struct fm_span body_of(const struct fm_dialect *dialect, const char *params)
{
	struct fm_prompt prompt = {0};
	struct fm_buf text = {.max = FILE_MAX};
	struct fm_bytes_place place = {0};
	struct fm_bytes body;
	struct fm_span copy;
	char bytes[FILE_MAX];

	add_message(&prompt, FM_ROLE_SYSTEM, "S");
	add_message(&prompt, FM_ROLE_USER, "U");
	fm_dialect_body(dialect, &prompt, params, &arena, &body);
	fm_buf_put(&text, fm_span_make(bytes, fm_bytes_read(&body, &place, bytes, sizeof bytes)));
	copy = fm_arena_copy(&arena, fm_buf_span(&text));
	fm_buf_free(&text);
	return copy;
}

/* The request as it goes out, of "MODEL SETTINGS", of which a host takes what it takes. */
static const char *request_of(const struct fm_preset *preset, struct fm_span asks)
{
	const size_t space = fm_span_find_byte(asks, ' ');
	const char *model = fm_arena_text(&arena, fm_span_first(asks, space));
	const struct fm_dialect *dialect = fm_dialect_find(preset->dialect);
	const struct fm_preset_body asked = {
		.preset = preset,
		.model = model,
		.params = fm_arena_text(&arena, fm_span_skip(asks, space + 1)),
		.extra_body = "{}",
		.route = preset->route != NULL ? "deepinfra" : "",
	};
	struct fm_body_spec spec = {.model = model,
	                            .max_tokens = 256,
	                            .max_tokens_name = preset->max_tokens_name,
	                            .window = 65536,
	                            .stream = true,
	                            .usage_unasked = preset->usage_unasked};
	const char *url;
	const char *params;
	const char *extra;
	struct fm_buf buf = {.max = FILE_MAX};
	const char *text;
	struct fm_err err;
	enum fm_code rc = fm_preset_url(preset, variable, &arena, &url, &err);

	if (rc == FM_OK)
		rc = fm_preset_apply(&asked, &arena, &params, &extra, &err);
	if (rc == FM_OK) {
		spec.params = fm_span_of(params);
		spec.extra = fm_span_of(extra);
		rc = fm_dialect_params(dialect, &spec, &arena, &params, &err);
	}
	if (rc != FM_OK)
		return fm_arena_text(&arena, fm_span_of(err.text));
	fm_buf_putf(&buf, "POST %s\n", fm_dialect_url(dialect, url, model, true, &arena));
	fm_buf_putf(&buf, "Accept: %s\n", fm_dialect_accept(dialect, true));
	if (preset->keys[0] != '\0')
		fm_buf_putf(&buf, "%s***\n",
		            preset->key_header != NULL ? preset->key_header
		                                       : fm_dialect_key_header(dialect));
	for (const char *const *h = fm_dialect_headers(dialect); *h != NULL; h++)
		fm_buf_putf(&buf, "%s\n", *h);
	if (preset->header != NULL)
		fm_buf_putf(&buf, "%s\n", preset->header);
	fm_buf_putf(&buf, "\n%.*s", FM_SPAN_ARGS(body_of(dialect, params)));
	text = fm_arena_text(&arena, fm_buf_span(&buf));
	fm_buf_free(&buf);
	return text;
}

/* "NAME JSON" on a line is a frame; an exception's name has a '!' before it. */
static struct fm_span framed(struct fm_span lines)
{
	struct fm_buf buf = {.max = FILE_MAX};
	struct fm_span line;
	struct fm_span copy;

	while (fm_span_split(&lines, '\n', &line)) {
		const size_t space = fm_span_find_byte(line, ' ');
		const bool exception = fm_span_starts(line, "!");
		const struct fm_event event = {
			.type = fm_span_skip(fm_span_first(line, space), exception),
			.data = fm_span_skip(line, space + 1),
			.exception = exception};

		fm_frames_put(&buf, &event);
	}
	copy = fm_arena_copy(&arena, fm_buf_span(&buf));
	fm_buf_free(&buf);
	return copy;
}

static void compare(const char *file, struct fm_span section, const char *is, const char *want)
{
	if (strcmp(is, want) == 0)
		return;
	fail_msg("%s, %.*s:\n  is   %s\n  want %s", file, FM_SPAN_ARGS(section), is, want);
}

/* The next section: its head without "== ", and its lines without the last line's end. */
static bool next_section(struct fm_span *rest, struct fm_span *ret_head, struct fm_span *ret_text)
{
	const struct fm_span mark = fm_span_of("\n== ");
	size_t at = fm_span_find(*rest, mark);
	size_t end;

	if (at >= rest->len)
		return false;
	*rest = fm_span_skip(*rest, at + mark.len);
	end = fm_span_find_byte(*rest, '\n');
	*ret_head = fm_span_first(*rest, end);
	*rest = fm_span_skip(*rest, end);
	at = fm_span_find(*rest, mark);
	*ret_text = fm_span_skip(fm_span_first(*rest, at), 1);
	return true;
}

static struct fm_span word_behind(struct fm_span head, const char *name)
{
	assert_true(fm_span_starts(head, name));
	return fm_span_trim(fm_span_skip(head, strlen(name)));
}

/* "stream", "whole" or "error STATUS": headers may stand before an empty line. */
static struct answer answer_of(const struct fm_dialect *dialect, struct fm_span head,
                               struct fm_span text)
{
	struct answer a = {.dialect = dialect, .status = 200, .type = "application/json"};

	a.stream = fm_span_starts(head, "stream");
	a.body = text;
	if (a.stream) {
		a.type = fm_dialect_accept(dialect, true);
		if (strstr(a.type, "amazon") != NULL)
			a.body = framed(text);
		else
			a.body =
				fm_span_of(fm_arena_format(&arena, "%.*s\n\n", FM_SPAN_ARGS(text)));
	} else if (fm_span_starts(head, "error")) {
		const size_t gap = fm_span_find(text, fm_span_of("\n\n"));

		a.status = atoi(fm_arena_text(&arena, word_behind(head, "error")));
		a.stream = true;
		if (gap < text.len) {
			a.headers = fm_span_first(text, gap + 1);
			a.body = fm_span_skip(text, gap + 2);
		}
	} else {
		assert_true(fm_span_starts(head, "whole"));
	}
	return a;
}

static void run_file(const struct fm_preset *preset, const char *file, struct fm_span rest)
{
	const struct fm_dialect *dialect = fm_dialect_find(preset->dialect);
	unsigned requests = 0;
	unsigned streams = 0;
	unsigned errors = 0;
	struct fm_span head;
	struct fm_span text;

	while (next_section(&rest, &head, &text)) {
		struct fm_span reads;
		struct fm_span want;
		struct answer a;

		if (fm_span_starts(head, "request")) {
			requests++;
			compare(file, head, request_of(preset, word_behind(head, "request")),
			        fm_arena_text(&arena, fm_span_trim(text)));
			continue;
		}
		a = answer_of(dialect, head, text);
		streams += a.status == 200 && a.stream;
		errors += a.status != 200;
		assert_true(next_section(&rest, &reads, &want) && fm_span_is(reads, "reads"));
		compare(file, head, read_cut(&a), fm_arena_text(&arena, fm_span_trim(want)));
	}
	if (requests == 0 || streams == 0 || errors == 0)
		fail_msg("%s has no request, no stream or no error", file);
}

static const char *folder(void)
{
	return fm_arena_format(&arena, "%s/tests/unit/wire/shapes", getenv("FATHOM_TEST_DATA"));
}

static void test_preset(void **state)
{
	const struct fm_preset *preset = *state;
	const char *path = fm_arena_format(&arena, "%s/%s.shape", folder(), preset->name);
	struct fm_span text;
	struct fm_err err;

	if (fm_file_read(path, FILE_MAX, &arena, &text, &err) != FM_OK)
		fail_msg("%s", err.text);
	run_file(preset, preset->name, text);
	fm_arena_free(&arena);
}

/* A file that names no preset is looked at by nobody. */
static void test_files(void **state)
{
	DIR *dir = opendir(folder());
	const struct dirent *entry;

	(void)state;
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		const struct fm_span name = fm_span_of(entry->d_name);
		const size_t dot = fm_span_find_byte(name, '.');

		if (dot > 0 && fm_preset_find(fm_span_first(name, dot)) == NULL)
			fail_msg("%s is no preset's", entry->d_name);
	}
	(void)closedir(dir);
	fm_arena_free(&arena);
}

int main(void)
{
	struct CMUnitTest tests[64];
	size_t count;
	size_t n = 0;
	const struct fm_preset *const *presets = fm_preset_list(&count);

	assert_true(count < FM_COUNT(tests));
	for (size_t i = 0; i < count; i++)
		tests[n++] = (struct CMUnitTest){presets[i]->name, test_preset, NULL, NULL,
		                                 (void *)(uintptr_t)presets[i]};
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_files);
	return _cmocka_run_group_tests("wire/shapes", tests, n, NULL, NULL) != 0;
}
