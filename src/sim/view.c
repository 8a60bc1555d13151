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

void fm_view_cut(struct fm_view *view, const struct fm_counter *counter, enum fm_cut_side side,
                 uint64_t tokens, struct fm_arena *arena)
{
	struct fm_view kept = {.generation = view->generation};

	if (view->tokens <= tokens)
		return;
	kept.seen = fm_arena_array(arena, view->count + 2, sizeof(struct fm_seen));
	switch (side) {
	case FM_CUT_HEAD:
		keep_last(view, counter, tokens, &kept);
		break;
	case FM_CUT_TAIL:
		keep_first(view, counter, tokens, &kept);
		break;
	case FM_CUT_MIDDLE:
		keep_first(view, counter, tokens / 2, &kept);
		keep_last(view, counter, tokens - tokens / 2, &kept);
		break;
	}
	*view = kept;
}
