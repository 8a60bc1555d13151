#include "asked_internal.h"

#include "asked_form_internal.h"
#include "base/buf.h"
#include "text/json.h"
#include "token/counter.h"

#define LOOK_BYTES 64 /* what fm_counter_adds_up asks to see on each side */

static bool is_seam(const struct fm_counter *counter, struct fm_span text, size_t at)
{
	const size_t from = at > LOOK_BYTES ? at - LOOK_BYTES : 0;

	return ((unsigned char)text.ptr[at] & 0xc0) != 0x80 &&
	       fm_counter_adds_up(counter, fm_span_make(text.ptr + from, at - from),
	                          fm_span_first(fm_span_skip(text, at), LOOK_BYTES));
}

/* What is behind the last seam; all of it when there is none. */
static struct fm_span tail_of(const struct fm_counter *counter, struct fm_span text)
{
	size_t at = text.len - 1;

	while (at > 0 && !is_seam(counter, text, at))
		at--;
	return fm_span_skip(text, at);
}

/* What is before the first seam. */
static struct fm_span head_of(const struct fm_counter *counter, struct fm_span text)
{
	size_t at = 1;

	while (at < text.len && !is_seam(counter, text, at))
		at++;
	return fm_span_first(text, at);
}

/* Every text was counted alone, and counts add up at seams: only what lies between two differs. */
int64_t fm_asked_join(const struct fm_counter *counter, struct fm_span before, struct fm_span after)
{
	struct fm_span head;
	struct fm_span tail;
	struct fm_buf joined;
	int64_t apart;
	int64_t together;

	if (before.len == 0 || after.len == 0)
		return 0;
	head = head_of(counter, after);
	apart = (int64_t)fm_counter_count(counter, head);
	if (fm_counter_adds_up(counter, before, after))
		return (int64_t)fm_counter_count_more(counter, head) - apart;
	tail = tail_of(counter, before);
	fm_buf_init(&joined, SIZE_MAX);
	fm_buf_put(&joined, tail);
	fm_buf_put(&joined, head);
	/* A text without a seam was counted from its start. */
	if (tail.len == before.len) {
		apart += (int64_t)fm_counter_count(counter, tail);
		together = (int64_t)fm_counter_count(counter, fm_buf_span(&joined));
	} else {
		apart += (int64_t)fm_counter_count_more(counter, tail);
		together = (int64_t)fm_counter_count_more(counter, fm_buf_span(&joined));
	}
	fm_buf_free(&joined);
	return together - apart;
}

static void measure(struct fm_intake *intake, const struct fm_counter *counter,
                    struct fm_asked_message *message, struct fm_asked *asked)
{
	struct fm_generation *generation = intake->generation;
	struct fm_span before = {0};
	int64_t tokens = 0;
	uint64_t bytes = 0;

	fm_hasher_add(intake->hasher, message->role);
	fm_hasher_add(intake->hasher, fm_span_make("\x1f", 1));
	for (uint32_t i = 0; i < message->text.count; i++) {
		const uint32_t chunk = intake->chunks[message->text.first + i];
		const struct fm_span text = fm_chunk_text(generation, chunk);

		fm_hasher_add(intake->hasher, text);
		tokens += (int64_t)fm_chunk_tokens(generation, chunk);
		tokens += fm_asked_join(counter, before, text);
		bytes += text.len;
		before = text;
	}
	fm_hasher_add(intake->hasher, fm_span_make("\x1e", 1));
	message->tokens = (uint64_t)tokens;
	if (bytes > asked->chars_max)
		asked->chars_max = bytes;
}

static enum fm_code open_body(const struct fm_intake *intake, struct fm_json *ret_json,
                              struct fm_err *err)
{
	enum fm_code rc = intake->failed;

	if (rc != FM_OK) {
		*err = intake->err;
		return rc;
	}
	rc = fm_json_cut_end(&intake->cut, err);
	return rc == FM_OK ? fm_json_open(fm_buf_span(&intake->cut.skeleton), ret_json, err) : rc;
}

enum fm_code fm_asked_name(const struct fm_intake *intake, struct fm_arena *arena,
                           struct fm_span *ret_name, struct fm_err *err)
{
	struct fm_json json = {0};
	struct fm_span name = {0};
	enum fm_code rc = open_body(intake, &json, err);

	if (rc == FM_OK)
		rc = fm_asked_model(json.root, "model name", &name, err);
	if (rc == FM_OK && name.len == 0)
		rc = fm_fail(err, FM_E_FORMAT, "you must provide a model parameter");
	if (rc == FM_OK)
		*ret_name = fm_arena_copy(arena, name);
	fm_json_close(&json);
	return rc;
}

enum fm_code fm_asked_read(struct fm_intake *intake, const struct fm_route *route,
                           const struct fm_counter *counter, struct fm_arena *arena,
                           struct fm_asked *ret_asked, struct fm_err *err)
{
	struct fm_asked asked = {0};
	struct fm_json json = {0};
	enum fm_code rc = open_body(intake, &json, err);

	if (rc == FM_OK)
		rc = fm_asked_form_read(intake, json.root, route, arena, &asked, err);
	if (rc != FM_OK)
		goto out;
	/* The body's own digest was taken by now: the hasher is free for the prompt's. */
	fm_hasher_reset(intake->hasher);
	for (size_t i = 0; i < asked.message_count; i++)
		measure(intake, counter, &asked.messages[i], &asked);
	asked.digest = fm_hasher_id(intake->hasher);
	*ret_asked = asked;
out:
	fm_json_close(&json);
	return rc;
}
