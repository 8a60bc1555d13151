#include "cli/haystack_recount.h"

#include "token/counter.h"
#include "token/tally.h"

/* Where the tokens that were given so far end, and the marks they have not reached. */
struct walk {
	struct fm_recount_mark *marks;
	size_t mark_count;
	size_t next;
	struct fm_span start; /* of the text */
	uint64_t tokens;
	int64_t at_bytes; /* some tokenizers begin a text with a blank of their own: then from -1 */
};

static void pass_marks(struct walk *w)
{
	while (w->next < w->mark_count && (int64_t)w->marks[w->next].at_bytes <= w->at_bytes) {
		w->marks[w->next].inside_token = (int64_t)w->marks[w->next].at_bytes < w->at_bytes;
		w->marks[w->next++].tokens = w->tokens;
	}
}

static void walk_token(void *ctx, uint32_t id, struct fm_span text)
{
	struct walk *w = ctx;

	(void)id;
	pass_marks(w);
	if (w->tokens == 0 && fm_span_starts(text, " ") && !fm_span_starts(w->start, " "))
		w->at_bytes = -1;
	w->at_bytes += (int64_t)text.len;
	w->tokens++;
}

static enum fm_code feed(struct fm_tally *tally, const struct fm_span *pieces, size_t count,
                         struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	for (size_t i = 0; i < count && rc == FM_OK; i++)
		rc = fm_tally_feed(tally, pieces[i], err);
	return rc;
}

/* Tokens of the bytes from `from` to `to`, counted alone. */
static enum fm_code count_stretch(const struct fm_counter *counter, const struct fm_span *pieces,
                                  uint64_t from, uint64_t to, uint64_t *ret_tokens,
                                  struct fm_err *err)
{
	const struct fm_tally_spec spec = {.counter = counter};
	struct fm_tally *tally = fm_tally_open(&spec);
	enum fm_code rc = FM_OK;

	for (uint64_t at = 0; at < to && rc == FM_OK; at += pieces++->len) {
		struct fm_span piece = fm_span_first(*pieces, (size_t)(to - at));

		if (from > at)
			piece = fm_span_skip(piece, (size_t)(from - at));
		rc = fm_tally_feed(tally, piece, err);
	}
	if (rc == FM_OK)
		rc = fm_tally_end(tally, ret_tokens, err);
	fm_tally_close(tally);
	return rc;
}

static enum fm_code count_stretches(const struct fm_counter *counter, const struct fm_span *pieces,
                                    struct fm_recount_mark *marks, size_t mark_count,
                                    struct fm_err *err)
{
	uint64_t tokens = 0;
	uint64_t from = 0;
	enum fm_code rc = FM_OK;

	for (size_t i = 0; i < mark_count && rc == FM_OK; i++) {
		uint64_t more = 0;

		if (marks[i].at_bytes > from)
			rc = count_stretch(counter, pieces, from, marks[i].at_bytes, &more, err);
		tokens += more;
		from = marks[i].at_bytes;
		marks[i].tokens = tokens;
		marks[i].inside_token = false;
	}
	return rc;
}

enum fm_code fm_recount(const struct fm_counter *counter, const struct fm_recount_text *text,
                        struct fm_recount_mark *marks, size_t mark_count, uint64_t *ret_tokens,
                        struct fm_err *err)
{
	const bool has_ids = fm_counter_has_ids(counter);
	struct walk walk = {.marks = marks, .mark_count = mark_count};
	const struct fm_tally_spec spec = {
		.counter = counter, .fn = has_ids ? walk_token : NULL, .ctx = &walk};
	struct fm_tally *tally = fm_tally_open(&spec);
	uint64_t tokens = 0;
	enum fm_code rc;

	if (text->count > 0)
		walk.start = text->pieces[0];
	rc = feed(tally, text->pieces, text->count, err);
	if (rc == FM_OK)
		rc = fm_tally_end(tally, &tokens, err);
	fm_tally_close(tally);
	if (rc != FM_OK)
		return rc;
	pass_marks(&walk);
	*ret_tokens = tokens;
	return has_ids ? FM_OK : count_stretches(counter, text->pieces, marks, mark_count, err);
}
