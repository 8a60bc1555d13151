#include "asked_internal.h"

#include "base/buf.h"
#include "base/memory.h"
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

static enum fm_code read_text(struct fm_intake *intake, const struct fm_value *value,
                              struct fm_stretch *ret_stretch, struct fm_err *err)
{
	struct fm_span text;
	uint32_t number = 0;

	if (!fm_value_text(value, &text))
		return fm_fail(err, FM_E_FORMAT, "a message's content is not text");
	if (!fm_json_cut_reference(text, &number))
		return fm_intake_keep(intake, text, ret_stretch, err);
	if (number >= intake->string_count)
		return fm_fail(err, FM_E_FORMAT, "a message's content is not text");
	*ret_stretch = intake->strings[number];
	return FM_OK;
}

/* The parts of a message stand one behind the other in the list, as if it had been one text. */
static void join(struct fm_intake *intake, struct fm_stretch more, struct fm_stretch *text)
{
	if (text->count == 0) {
		*text = more;
		return;
	}
	if (text->first + text->count == more.first) {
		text->count += more.count;
		return;
	}
	const struct fm_stretch old[] = {*text, more};

	text->first = (uint32_t)intake->chunk_count;
	for (size_t k = 0; k < FM_COUNT(old); k++) {
		for (uint32_t i = 0; i < old[k].count; i++) {
			intake->chunks = fm_memory_more(intake->chunks, intake->chunk_count,
			                                &intake->chunk_capacity, sizeof(uint32_t));
			intake->chunks[intake->chunk_count++] = intake->chunks[old[k].first + i];
		}
	}
	text->count = old[0].count + old[1].count;
	intake->open = (struct fm_stretch){.first = (uint32_t)intake->chunk_count};
}

static enum fm_code read_content(struct fm_intake *intake, const struct fm_value *content,
                                 struct fm_stretch *text, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	if (fm_value_kind(content) == FM_VALUE_TEXT)
		return read_text(intake, content, text, err);
	if (fm_value_kind(content) != FM_VALUE_LIST)
		return fm_fail(err, FM_E_FORMAT, "a message's content is neither text nor parts");
	for (const struct fm_value *part = fm_value_first(content); part != NULL && rc == FM_OK;
	     part = fm_value_next(part)) {
		struct fm_stretch more = {0};
		struct fm_span type;

		if (!fm_value_text(fm_value_get(part, "type"), &type) || !fm_span_is(type, "text"))
			return fm_fail(err, FM_E_FORMAT, "a part's type is not text");
		rc = read_text(intake, fm_value_get(part, "text"), &more, err);
		if (rc == FM_OK)
			join(intake, more, text);
	}
	return rc;
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

static enum fm_code read_messages(struct fm_intake *intake, const struct fm_value *root,
                                  struct fm_arena *arena, struct fm_asked *asked,
                                  struct fm_err *err)
{
	const struct fm_value *list = fm_value_get(root, "messages");

	if (fm_value_kind(list) != FM_VALUE_LIST || fm_value_count(list) == 0)
		return fm_fail(err, FM_E_FORMAT, "messages is not a list of at least one");
	asked->messages =
		fm_arena_array(arena, fm_value_count(list), sizeof(struct fm_asked_message));
	for (const struct fm_value *row = fm_value_first(list); row != NULL;
	     row = fm_value_next(row)) {
		struct fm_asked_message *message = &asked->messages[asked->message_count++];
		struct fm_span role;
		enum fm_code rc;

		if (!fm_value_text(fm_value_get(row, "role"), &role))
			return fm_fail(err, FM_E_FORMAT, "a message has no role");
		message->role = fm_arena_copy(arena, role);
		rc = read_content(intake, fm_value_get(row, "content"), &message->text, err);
		if (rc != FM_OK)
			return rc;
	}
	return FM_OK;
}

static enum fm_code read_settings(const struct fm_value *root, struct fm_arena *arena,
                                  struct fm_asked *asked, struct fm_err *err)
{
	static const char *const names[] = {"max_completion_tokens", "max_tokens"};
	struct fm_span model;

	if (!fm_value_text(fm_value_get(root, "model"), &model) || model.len == 0)
		return fm_fail(err, FM_E_FORMAT, "you must provide a model parameter");
	asked->model = fm_arena_copy(arena, model);
	(void)fm_value_bool(fm_value_get(root, "stream"), &asked->stream); /* else it is not */
	(void)fm_value_bool(fm_value_get(fm_value_get(root, "stream_options"), "include_usage"),
	                    &asked->usage_asked); /* the same */
	for (size_t i = 0; i < FM_COUNT(names) && asked->max_tokens == 0; i++) {
		const struct fm_value *value = fm_value_get(root, names[i]);

		if (value == NULL || fm_value_kind(value) == FM_VALUE_NULL)
			continue;
		if (!fm_value_u64(value, &asked->max_tokens) || asked->max_tokens == 0)
			return fm_fail(err, FM_E_FORMAT, "%s is not a positive integer", names[i]);
	}
	return FM_OK;
}

enum fm_code fm_asked_read(struct fm_intake *intake, const struct fm_route *route,
                           const struct fm_counter *counter, struct fm_arena *arena,
                           struct fm_asked *ret_asked, struct fm_err *err)
{
	struct fm_asked asked = {.dialect = route->dialect};
	struct fm_json json = {0};
	enum fm_code rc = intake->failed;

	if (rc != FM_OK) {
		*err = intake->err;
		goto out;
	}
	rc = fm_json_cut_end(&intake->cut, err);
	if (rc == FM_OK)
		rc = fm_json_open(fm_buf_span(&intake->cut.skeleton), &json, err);
	if (rc == FM_OK)
		rc = read_settings(json.root, arena, &asked, err);
	if (rc == FM_OK)
		rc = read_messages(intake, json.root, arena, &asked, err);
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
