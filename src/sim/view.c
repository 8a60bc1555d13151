#include "view_internal.h"

#include "token/counter.h"

void fm_view_make(struct fm_intake *intake, const struct fm_asked *asked,
                  const struct fm_counter *counter, struct fm_arena *arena,
                  struct fm_view *ret_view)
{
	struct fm_view view = {.generation = intake->generation};
	size_t count = 0;

	for (size_t m = 0; m < asked->message_count; m++)
		count += asked->messages[m].text.count;
	view.seen = fm_arena_array(arena, count + 1, sizeof(struct fm_seen));
	for (size_t m = 0; m < asked->message_count; m++) {
		const struct fm_stretch stretch = asked->messages[m].text;
		struct fm_span before = {0};

		for (uint32_t i = 0; i < stretch.count; i++) {
			const uint32_t chunk = intake->chunks[stretch.first + i];
			struct fm_seen *seen = &view.seen[view.count++];
			int64_t tokens = (int64_t)fm_chunk_tokens(view.generation, chunk);

			seen->text = fm_chunk_text(view.generation, chunk);
			tokens += fm_asked_join(counter, before, seen->text);
			seen->chunk = chunk;
			seen->message = m;
			seen->before_tokens = view.tokens;
			seen->tokens = tokens > 0 ? (uint64_t)tokens : 0;
			view.tokens += seen->tokens;
			before = seen->text;
		}
	}
	*ret_view = view;
}

static bool is_inside(struct fm_span text, size_t at)
{
	return at < text.len && ((unsigned char)text.ptr[at] & 0xc0) == 0x80;
}

/* The place between two code points at or before `at`, and the next one behind it. */
static size_t place_before(struct fm_span text, size_t at)
{
	while (is_inside(text, at))
		at--;
	return at;
}

static size_t place_behind(struct fm_span text, size_t at)
{
	do
		at++;
	while (is_inside(text, at));
	return at;
}

/* By bisection, for counts grow, but for a token here and there. */
struct fm_span fm_view_start(const struct fm_counter *counter, struct fm_span text, uint64_t tokens)
{
	size_t low = 0;
	size_t high = text.len;

	while (low < high) {
		size_t middle = place_before(text, low + (high - low + 1) / 2);

		if (middle == low)
			middle = place_behind(text, low);
		if (fm_counter_count(counter, fm_span_first(text, middle)) <= tokens)
			low = middle;
		else
			high = place_before(text, middle - 1);
	}
	return fm_span_first(text, low);
}

/* Where the longest end of the text begins that has at most so many tokens. */
static size_t end_of(const struct fm_counter *counter, struct fm_span text, uint64_t tokens)
{
	size_t low = 0;
	size_t high = text.len;

	while (low < high) {
		const size_t middle = place_before(text, low + (high - low) / 2);

		if (fm_counter_count(counter, fm_span_skip(text, middle)) <= tokens)
			high = middle;
		else
			low = place_behind(text, middle);
	}
	return low;
}

static void add_piece(struct fm_view *view, const struct fm_counter *counter, struct fm_seen seen,
                      struct fm_span text)
{
	if (text.len == 0)
		return;
	if (text.len < seen.text.len) {
		seen.chunk = FM_NO_CHUNK;
		seen.tokens = fm_counter_count(counter, text);
	}
	seen.text = text;
	seen.before_tokens = view->tokens;
	view->tokens += seen.tokens;
	view->seen[view->count++] = seen;
}

static void keep_first(const struct fm_view *from, const struct fm_counter *counter,
                       uint64_t tokens, struct fm_view *to)
{
	for (size_t i = 0; i < from->count && tokens > 0; i++) {
		const struct fm_seen seen = from->seen[i];
		const bool whole = seen.tokens <= tokens;

		add_piece(to, counter, seen,
		          whole ? seen.text : fm_view_start(counter, seen.text, tokens));
		tokens = whole ? tokens - seen.tokens : 0;
	}
}

static void keep_last(const struct fm_view *from, const struct fm_counter *counter, uint64_t tokens,
                      struct fm_view *to)
{
	size_t first = from->count;

	while (first > 0 && from->seen[first - 1].tokens <= tokens) {
		first--;
		tokens -= from->seen[first].tokens;
	}
	if (first > 0 && tokens > 0) {
		const struct fm_seen seen = from->seen[first - 1];

		add_piece(to, counter, seen,
		          fm_span_skip(seen.text, end_of(counter, seen.text, tokens)));
	}
	for (; first < from->count; first++)
		add_piece(to, counter, from->seen[first], from->seen[first].text);
}

/* The view without the messages that are not kept. */
static void keep_messages(const struct fm_view *from, const bool *kept, struct fm_view *to)
{
	for (size_t i = 0; i < from->count; i++) {
		struct fm_seen seen = from->seen[i];

		if (!kept[seen.message])
			continue;
		seen.before_tokens = to->tokens;
		to->tokens += seen.tokens;
		to->seen[to->count++] = seen;
	}
}

/* The oldest message that is no system text and not the last; the count of them when none is. */
static size_t oldest(const struct fm_asked *asked, const bool *kept)
{
	for (size_t m = 0; m + 1 < asked->message_count; m++)
		if (kept[m] && !fm_span_is(asked->messages[m].role, "system"))
			return m;
	return asked->message_count;
}

/* The one in the middle of those that are left, while both ends can be kept. */
static size_t middle(const struct fm_asked *asked, const bool *kept)
{
	size_t left = 0;
	size_t m = 0;

	for (size_t i = 0; i < asked->message_count; i++)
		left += kept[i];
	if (left < 3)
		return asked->message_count;
	for (left /= 2; !kept[m] || left > 0; m++)
		left -= kept[m];
	return m;
}

/* Drop whole messages until the rest fits, or no more can go; says what may then be kept. */
static uint64_t drop_messages(struct fm_view *view, const struct fm_cut *cut,
                              struct fm_arena *arena)
{
	const struct fm_asked *asked = cut->asked;
	uint64_t *tokens = fm_arena_array(arena, asked->message_count + 1, sizeof(uint64_t));
	bool *kept = fm_arena_array(arena, asked->message_count + 1, sizeof(bool));
	struct fm_view rest = {.generation = view->generation, .seen = view->seen};
	uint64_t most = cut->tokens;
	uint64_t sum = view->tokens;

	for (size_t m = 0; m < asked->message_count; m++)
		kept[m] = true;
	for (size_t i = 0; i < view->count; i++)
		tokens[view->seen[i].message] += view->seen[i].tokens;
	while (sum > most) {
		const size_t m =
			cut->side == FM_CUT_OLLAMA ? oldest(asked, kept) : middle(asked, kept);

		if (m == asked->message_count)
			break;
		kept[m] = false;
		sum -= tokens[m];
		most += cut->message_tokens;
		rest.dropped++;
	}
	keep_messages(view, kept, &rest);
	*view = rest;
	return most;
}

static void cut_tokens(struct fm_view *view, const struct fm_counter *counter,
                       const struct fm_cut *cut, uint64_t most, struct fm_arena *arena)
{
	const uint64_t keep = cut->keep_tokens < most ? cut->keep_tokens : most;
	const uint64_t dropped = (most - keep) / 2 > 1 ? (most - keep) / 2 : 1;
	struct fm_view kept = {.generation = view->generation, .dropped = view->dropped};

	kept.seen = fm_arena_array(arena, view->count + 2, sizeof(struct fm_seen));
	switch (cut->side) {
	case FM_CUT_HEAD:
		keep_last(view, counter, most, &kept);
		break;
	case FM_CUT_TAIL:
		keep_first(view, counter, most, &kept);
		break;
	case FM_CUT_MIDDLE:
	case FM_CUT_COMPRESS:
		keep_first(view, counter, most / 2, &kept);
		keep_last(view, counter, most - most / 2, &kept);
		break;
	case FM_CUT_OLLAMA:
		keep_first(view, counter, keep, &kept);
		keep_last(view, counter, most > keep + dropped ? most - keep - dropped : 0, &kept);
		break;
	}
	*view = kept;
}

void fm_view_cut(struct fm_view *view, const struct fm_counter *counter, const struct fm_cut *cut,
                 struct fm_arena *arena)
{
	uint64_t most = cut->tokens;

	if (view->tokens > most && (cut->side == FM_CUT_OLLAMA || cut->side == FM_CUT_COMPRESS))
		most = drop_messages(view, cut, arena);
	if (view->tokens > most)
		cut_tokens(view, counter, cut, most, arena);
}
