#include "fill_internal.h"

#include "base/macro.h"
#include "base/num.h"
#include "haystack/haystack.h"
#include "haystack_internal.h"
#include "lay_internal.h"
#include "text/escape.h"
#include "token/counter.h"

#define BACK_MAX 8           /* seams before the end from which pads are tried */
#define EDGE_BYTES 256       /* how far joins look, and more */
#define UNIT_WORDS 24        /* first words tried for a line of single words */
#define WORDS_MAX 64         /* more of them would be read as a text */
#define CUT_WORDS_MAX 16     /* behind a cut segment, which lacks a few */
#define CUT_TOKEN_BYTES 32   /* of a segment to be cut: so much of it for each missing token */
#define CUT_TOKENS_MAX 65536 /* each try counts them */

/* Where the filler is cut, and what it lacks from there on. */
struct gap {
	const struct fm_haystack *hay;
	const struct fm_filler_spec *spec;
	uint64_t seam;
	uint64_t tokens; /* missing behind the seam, the end of the line included */
	uint64_t later;  /* segments from this seam on may be pads */
	uint64_t later_end;
};

static bool is_open(struct fm_span text)
{
	return text.len > 0 && text.ptr[text.len - 1] != '\n';
}

static struct fm_span edge_before(const struct fm_haystack *hay, uint64_t seam)
{
	const struct fm_piece piece =
		fm_haystack_between(hay, (struct fm_seam){0}, fm_haystack_seam(hay, seam));

	return fm_span_skip(piece.raw, piece.raw.len > EDGE_BYTES ? piece.raw.len - EDGE_BYTES : 0);
}

static struct fm_piece segment(const struct fm_haystack *hay, uint64_t seam)
{
	return fm_haystack_between(hay, fm_haystack_seam(hay, seam),
	                           fm_haystack_seam(hay, seam + 1));
}

static uint64_t segment_tokens(const struct fm_haystack *hay, uint64_t seam)
{
	return fm_haystack_seam(hay, seam + 1).tokens - fm_haystack_seam(hay, seam).tokens;
}

static bool adds_up(const struct fm_haystack *hay, struct fm_span before, struct fm_span after)
{
	return fm_counter_adds_up(fm_haystack_counter(hay),
	                          before.len > 0 ? before : fm_span_of(FM_HAYSTACK_BEFORE), after);
}

static void end_at(const struct gap *gap, struct fm_filler *filler)
{
	const uint64_t tokens = fm_haystack_seam(gap->hay, gap->seam).tokens + gap->tokens;

	filler->seam = gap->seam;
	filler->open = is_open(filler->pad_count > 0 ? filler->pads[filler->pad_count - 1].piece.raw
	                                             : edge_before(gap->hay, gap->seam));
	filler->tokens = tokens - (filler->open ? gap->spec->closing_tokens : 0);
}

/* Does filler fit that has so many tokens behind the seam and such an end? */
static bool fits(const struct gap *gap, uint64_t tokens, struct fm_span end)
{
	const bool open = is_open(end);
	const struct fm_span tail = open ? gap->spec->open_tail : gap->spec->tail;

	if (gap->spec->stays_open && !open)
		return false;
	return tokens + (open ? gap->spec->closing_tokens : 0) == gap->tokens &&
	       (tail.len == 0 || adds_up(gap->hay, end, tail));
}

static bool fits_as_it_is(const struct gap *gap, struct fm_filler *filler)
{
	if (!fits(gap, 0, edge_before(gap->hay, gap->seam)))
		return false;
	filler->pad_count = 0;
	end_at(gap, filler);
	return true;
}

static bool fits_with_one(const struct gap *gap, struct fm_filler *filler)
{
	const struct fm_span before = edge_before(gap->hay, gap->seam);

	for (uint64_t i = gap->later; i < gap->later_end; i++) {
		const struct fm_piece piece = segment(gap->hay, i);
		const uint64_t tokens = segment_tokens(gap->hay, i);

		if (!fits(gap, tokens, piece.raw) || !adds_up(gap->hay, before, piece.raw))
			continue;
		filler->pads[0] = (struct fm_pad){piece, tokens};
		filler->pad_count = 1;
		end_at(gap, filler);
		return true;
	}
	return false;
}

static bool fits_with_second(const struct gap *gap, const struct fm_pad *first, uint64_t from,
                             struct fm_filler *filler)
{
	for (uint64_t i = from; i < gap->later_end; i++) {
		const struct fm_piece piece = segment(gap->hay, i);
		const uint64_t tokens = segment_tokens(gap->hay, i);

		if (!fits(gap, first->tokens + tokens, piece.raw) ||
		    !adds_up(gap->hay, first->piece.raw, piece.raw))
			continue;
		filler->pads[0] = *first;
		filler->pads[1] = (struct fm_pad){piece, tokens};
		filler->pad_count = 2;
		end_at(gap, filler);
		return true;
	}
	return false;
}

static bool fits_with_two(const struct gap *gap, struct fm_filler *filler)
{
	const struct fm_span before = edge_before(gap->hay, gap->seam);

	for (uint64_t i = gap->later; i < gap->later_end; i++) {
		const struct fm_pad first = {segment(gap->hay, i), segment_tokens(gap->hay, i)};

		if (first.tokens < gap->tokens && adds_up(gap->hay, before, first.piece.raw) &&
		    fits_with_second(gap, &first, i + 1, filler))
			return true;
	}
	return false;
}

static struct fm_piece in_both_forms(struct fm_span text, struct fm_arena *arena)
{
	const size_t len = (size_t)fm_escape_json_len(text);
	char *escaped = fm_arena_take(arena, len + 1);

	fm_escape_json(text, escaped);
	return (struct fm_piece){fm_arena_copy(arena, text), fm_span_make(escaped, len)};
}

static bool has_words(const struct gap *gap)
{
	return fm_counter_unit_words(fm_haystack_counter(gap->hay)) > 0;
}

static void add_words(const struct gap *gap, uint64_t first, uint64_t count, struct fm_buf *buf)
{
	for (uint64_t i = 0; i < count; i++)
		fm_buf_put(buf, fm_counter_unit_word(fm_haystack_counter(gap->hay), first + i));
}

/* Single words, of which a line of their own begins without a blank and ends in LF. */
static struct fm_span make_words(const struct gap *gap, uint64_t first, uint64_t count, bool line,
                                 struct fm_buf *buf)
{
	fm_buf_clear(buf);
	add_words(gap, first, count, buf);
	if (line)
		fm_buf_puts(buf, "\n");
	return fm_span_skip(fm_buf_span(buf), line ? 1 : 0);
}

static bool fits_with_text(const struct gap *gap, struct fm_span text, struct fm_arena *arena,
                           struct fm_filler *filler)
{
	const uint64_t tokens = fm_haystack_count_more(gap->hay, text);

	if (!fits(gap, tokens, text) || !adds_up(gap->hay, edge_before(gap->hay, gap->seam), text))
		return false;
	filler->pads[0] = (struct fm_pad){in_both_forms(text, arena), tokens};
	filler->pad_count = 1;
	end_at(gap, filler);
	return true;
}

/*
 * As many single words as tokens are missing: behind the end of a line as a line, where the first
 * word lacks its blank and the end may be a token of its own, so that some must be tried.
 */
static bool fits_with_words(const struct gap *gap, struct fm_arena *arena, struct fm_filler *filler)
{
	const bool line = !is_open(edge_before(gap->hay, gap->seam));
	const uint64_t closing = gap->spec->closing_tokens;
	const uint64_t most = line ? gap->tokens : gap->tokens - closing;
	struct fm_buf buf;
	bool done = false;

	if (gap->tokens > WORDS_MAX || !has_words(gap) || (!line && gap->tokens <= closing))
		return false;
	fm_buf_init(&buf, SIZE_MAX);
	for (uint64_t first = 0; first < (line ? UNIT_WORDS : 1) && !done; first++)
		for (uint64_t fewer = 0; fewer < (line ? 3 : 1) && fewer < most && !done; fewer++)
			done = fits_with_text(gap, make_words(gap, first, most - fewer, line, &buf),
			                      arena, filler);
	fm_buf_free(&buf);
	return done;
}

/* Inside a word, a number or a character nothing is cut; nor so that a blank is the last. */
static bool is_cut(struct fm_span text, size_t at)
{
	const unsigned char before = (unsigned char)text.ptr[at - 1];
	const unsigned char after = (unsigned char)text.ptr[at];

	if (before == ' ' || (after & 0xc0) == 0x80)
		return false;
	return !fm_is_alnum(text.ptr[at - 1]) || !fm_is_alnum(text.ptr[at]);
}

/* The most of a text's first `most` bytes that may stand alone. */
static struct fm_span cut_before(struct fm_span text, size_t most)
{
	size_t at = most;

	if (at >= text.len)
		at = text.len > 0 ? text.len - 1 : 0;
	while (at > 0 && !is_cut(text, at))
		at--;
	return fm_span_first(text, at);
}

/* As much of a text as makes no more than so many tokens. */
static struct fm_span cut_to(const struct fm_haystack *hay, struct fm_span text, uint64_t tokens)
{
	size_t low = 0;
	size_t high = text.len;

	while (low + 1 < high) {
		const size_t middle = low + (high - low) / 2;

		if (fm_haystack_count_more(hay, cut_before(text, middle)) <= tokens)
			low = middle;
		else
			high = middle;
	}
	return cut_before(text, low);
}

/* The next segment cut at a word, and single words for the few tokens that it lacks then. */
static bool fits_with_cut(const struct gap *gap, struct fm_arena *arena, struct fm_filler *filler)
{
	const uint64_t closing = gap->spec->closing_tokens;
	const uint64_t words_max = has_words(gap) ? CUT_WORDS_MAX : 0;
	struct fm_span cut;
	struct fm_buf buf;
	bool done = false;

	if (gap->seam >= gap->later_end || gap->tokens <= closing || gap->tokens > CUT_TOKENS_MAX)
		return false;
	cut = fm_span_first(segment(gap->hay, gap->seam).raw, gap->tokens * CUT_TOKEN_BYTES);
	cut = cut_to(gap->hay, cut, gap->tokens - closing);
	fm_buf_init(&buf, SIZE_MAX);
	for (uint64_t words = 0; cut.len > 0 && words <= words_max && !done; words++) {
		fm_buf_clear(&buf);
		fm_buf_put(&buf, cut);
		add_words(gap, 0, words, &buf);
		done = fits_with_text(gap, fm_buf_span(&buf), arena, filler);
	}
	fm_buf_free(&buf);
	return done;
}

static bool fits_with_segments(const struct gap *gap, struct fm_arena *arena,
                               struct fm_filler *filler)
{
	(void)arena; /* what is laid is borrowed */
	return fits_as_it_is(gap, filler) || fits_with_one(gap, filler) ||
	       fits_with_two(gap, filler);
}

/* The first that fits is taken, tried from the end and then from the seams before it. */
static bool (*const ways[])(const struct gap *gap, struct fm_arena *arena,
                            struct fm_filler *filler) = {
	fits_with_segments,
	fits_with_words,
	fits_with_cut,
};

static enum fm_code fail_to_fit(const struct fm_haystack *hay, uint64_t tokens, struct fm_err *err)
{
	const struct fm_counter *counter = fm_haystack_counter(hay);
	char text[FM_NUM_TEXT_MAX];

	if (fm_counter_unit_words(counter) == 0)
		return fm_fail(err, FM_E_SEAM,
		               "corpus %s: no filler of exactly %s tokens can be cut, and "
		               "tokenizer %s has no words of one token to fill it up with",
		               fm_haystack_corpus(hay), fm_num_grouped(tokens, text),
		               fm_counter_name(counter));
	return fm_fail(err, FM_E_SEAM,
	               "corpus %s: no filler of exactly %s tokens can be cut: it has few places "
	               "to cut at; take another segment (sentence, line, paragraph) or length",
	               fm_haystack_corpus(hay), fm_num_grouped(tokens, text));
}

enum fm_code fm_filler_fit(const struct fm_haystack *haystack, const struct fm_filler_spec *spec,
                           struct fm_arena *arena, struct fm_filler *ret_filler, struct fm_err *err)
{
	const uint64_t end = fm_haystack_seam_before(haystack, spec->tokens);
	const uint64_t last = fm_haystack_seam_count(haystack) - 1;
	const uint64_t back_max = end < BACK_MAX ? end : BACK_MAX;
	char text[FM_NUM_TEXT_MAX];
	struct gap gap = {haystack, spec, end, 0, end, end + FM_SPARE_SEAMS};

	if (gap.later_end > last && !fm_haystack_is_ended(haystack))
		return fm_fail(err, FM_E_LIMIT, "%s tokens of filler are more than was laid",
		               fm_num_grouped(spec->tokens, text));
	if (gap.later_end > last)
		gap.later_end = last;
	for (size_t way = 0; way < FM_COUNT(ways); way++) {
		for (uint64_t back = 0; back <= back_max; back++) {
			gap.seam = end - back;
			gap.tokens = spec->tokens - fm_haystack_seam(haystack, gap.seam).tokens;
			if (ways[way](&gap, arena, ret_filler))
				return FM_OK;
		}
	}
	return fail_to_fit(haystack, spec->tokens, err);
}

uint64_t fm_filler_stops(const struct fm_filler *filler)
{
	return filler->seam + 1 + filler->pad_count;
}

static uint64_t stop_tokens(const struct fm_haystack *hay, const struct fm_filler *filler,
                            uint64_t stop)
{
	uint64_t tokens = fm_haystack_seam(hay, stop < filler->seam ? stop : filler->seam).tokens;

	for (uint64_t i = filler->seam; i < stop; i++)
		tokens += filler->pads[i - filler->seam].tokens;
	return tokens;
}

struct fm_stop fm_filler_stop(const struct fm_haystack *haystack, const struct fm_filler *filler,
                              uint64_t stop)
{
	struct fm_stop s = {.tokens = stop_tokens(haystack, filler, stop)};

	if (stop > filler->seam)
		s.before = filler->pads[stop - filler->seam - 1].piece.raw;
	else
		s.before = edge_before(haystack, stop);
	if (stop < filler->seam)
		s.after = segment(haystack, stop).raw;
	else if (stop - filler->seam < filler->pad_count)
		s.after = filler->pads[stop - filler->seam].piece.raw;
	return s;
}

uint64_t fm_filler_stop_before(const struct fm_haystack *haystack, const struct fm_filler *filler,
                               uint64_t tokens)
{
	uint64_t stop = fm_haystack_seam_before(haystack, tokens);

	if (stop < filler->seam)
		return stop;
	stop = filler->seam;
	while (stop + 1 < fm_filler_stops(filler) &&
	       stop_tokens(haystack, filler, stop + 1) <= tokens)
		stop++;
	return stop;
}

void fm_filler_add(const struct fm_haystack *haystack, const struct fm_filler *filler,
                   uint64_t from, uint64_t to, struct fm_arena *arena, struct fm_rope *rope)
{
	const uint64_t seam = filler->seam;

	if (from < seam)
		fm_rope_add(rope, arena,
		            fm_haystack_between(haystack, fm_haystack_seam(haystack, from),
		                                fm_haystack_seam(haystack, to < seam ? to : seam)));
	for (uint64_t i = from > seam ? from : seam; i < to; i++)
		fm_rope_add(rope, arena, filler->pads[i - seam].piece);
}
