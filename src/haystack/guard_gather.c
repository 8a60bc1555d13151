#include "guard_internal.h"

#include <string.h>

#include "base/memory.h"
#include "base/window.h"
#include "guard_cut_internal.h"
#include "guard_fold_internal.h"
#include "guard_near_internal.h"

#define SEEN 8192     /* words found last, which need not be told again */
#define DIGIT_NEAR 32 /* a word in parts is shorter: a digit further off is in no value with it */

struct gatherer {
	struct fm_guard_near near;
	struct fm_guard_run before; /* the run before this one if it may be of a key */
	const char *open;           /* where the run began that has not ended yet, or NULL */
	const char *digit;          /* the last one before the window, or NULL */
	struct fm_span text;
	const uint64_t
		*ends; /* where its bytes end in the text they are folded from; NULL: as here */
	uint64_t from;
	uint64_t seen[SEEN];
	fm_guard_fn *fn;
	void *ctx;
};

static uint64_t place_of(const struct gatherer *g, struct fm_span text)
{
	const size_t end = (size_t)(text.ptr + text.len - g->text.ptr);

	return g->from + (g->ends == NULL ? end : g->ends[end - 1]);
}

/* `words` by their places in their lists; `end` is what ends with them. */
static void tell_key(struct gatherer *g, const size_t words[FM_GUARD_LISTS], struct fm_span end)
{
	const struct fm_guard_list *lists = g->near.lists;

	g->fn(g->ctx, fm_guard_key_code(lists[0].words[words[0]], lists[1].words[words[1]]),
	      place_of(g, end));
}

/* "silvered kestrel" in two words, each as near as it may be, in either order. */
static void find_pairs(struct gatherer *g, const struct fm_guard_run *first,
                       const struct fm_guard_run *second, struct fm_span end)
{
	const struct fm_guard_list *lists = g->near.lists;
	size_t words[FM_GUARD_LISTS];

	for (words[0] = 0; words[0] < lists[0].count; words[0]++) {
		if (!fm_guard_is_copy(first->text, lists[0].words[words[0]]))
			continue;
		for (words[1] = 0; words[1] < lists[1].count; words[1]++)
			if (fm_guard_is_copy(second->text, lists[1].words[words[1]]))
				tell_key(g, words, end);
	}
}

/*
 * "SilveredKestrel" in one run, in either order: with one change at most, one of its two words is
 * as it should be. That is the one of list `whole`, and `leads` says at which end.
 */
static void find_joined(struct gatherer *g, const struct fm_guard_run *joined, size_t whole,
                        bool leads)
{
	const struct fm_span run = joined->text;
	const struct fm_guard_list *list = &g->near.lists[whole];
	const struct fm_guard_list *other = &g->near.lists[1 - whole];
	const unsigned *ends = leads ? list->heads : list->tails;
	const unsigned end = leads ? joined->head : joined->tail;
	size_t words[FM_GUARD_LISTS];

	for (size_t i = 0; i < list->count; i++) {
		const size_t len = list->words[i].len;

		if (ends[i] != end || len >= run.len ||
		    !fm_span_equal_letters(leads ? fm_span_first(run, len)
		                                 : fm_span_skip(run, run.len - len),
		                           list->words[i]))
			continue;
		words[whole] = i;
		for (size_t j = 0; j < other->count; j++) {
			words[1 - whole] = j;
			if (fm_guard_is_copy(
				    fm_span_make(run.ptr + (leads ? len : 0), run.len - len),
				    other->words[j]))
				tell_key(g, words, run);
		}
	}
}

static bool is_in(const struct fm_guard_list *list, struct fm_span word)
{
	for (size_t i = 0; i < list->count; i++)
		if (fm_guard_is_copy(word, list->words[i]))
			return true;
	return false;
}

/* Does it begin and end as a word of that list does? Hardly a word of a text does that is none. */
static bool has_both_ends(const struct gatherer *g, const struct fm_guard_run *run, size_t at)
{
	return (g->near.heads[run->head] & g->near.tails[run->tail] &
	        1U << (FM_GUARD_OF_ANY + at)) != 0;
}

/* "silvered kes-trel": a word of list `at` is whole, and pieces beside it are one of the other. */
static void find_cut(struct gatherer *g, const struct fm_guard_run *run, size_t at, bool back)
{
	const struct fm_guard_list *other = &g->near.lists[1 - at];
	const struct fm_span text = run->text;
	struct fm_guard_cut cut;

	fm_guard_cut_init(&cut, g->text, text, back);
	while (fm_guard_cut_next(&cut, other->len_max + 1)) {
		const struct fm_guard_run word = {.text = fm_guard_cut_word(&cut)};
		const struct fm_span end =
			back ? text : fm_span_make(text.ptr, (size_t)(cut.at - text.ptr));

		if (cut.pieces > 1 && is_in(other, word.text))
			find_pairs(g, at == 0 ? run : &word, at == 0 ? &word : run, end);
	}
}

static void find_keys(struct gatherer *g, const struct fm_guard_run *run)
{
	const struct fm_guard_run *before = &g->before;
	const struct fm_span text = run->text;

	if (before->lists != 0 &&
	    text.ptr - (before->text.ptr + before->text.len) <= FM_GUARD_GAP_MAX) {
		if ((before->lists & 1U) != 0 && (run->lists & 2U) != 0)
			find_pairs(g, before, run, text);
		if ((before->lists & 2U) != 0 && (run->lists & 1U) != 0)
			find_pairs(g, run, before, text);
	}
	for (size_t i = 0; i < FM_GUARD_LISTS; i++) {
		if ((run->lists & 1U << i) != 0 && has_both_ends(g, run, i) &&
		    is_in(&g->near.lists[i], text)) {
			find_cut(g, run, i, false);
			find_cut(g, run, i, true);
		}
		if ((run->leads & 1U << i) != 0)
			find_joined(g, run, i, true);
		if ((run->closes & 1U << i) != 0)
			find_joined(g, run, i, false);
	}
}

/*
 * A value has two digits and two letters or more, none of them I, L, O or U: what has none left of
 * either, or more than one of those, is two changes away from any.
 */
static bool looks_like_value(struct fm_span word)
{
	size_t digits = 0;
	size_t strange = 0;

	for (size_t i = 0; i < word.len; i++) {
		digits += fm_is_digit(word.ptr[i]) ? 1 : 0;
		strange += strchr("iIlLoOuU", word.ptr[i]) != NULL ? 1 : 0;
	}
	return digits > 0 && digits < word.len && strange <= 1;
}

/* In small letters too much of a text would be parts of a value: "in 1850 a". */
static bool may_be_cut_by_blanks(struct fm_span part)
{
	for (size_t i = 0; i < part.len; i++)
		if (part.ptr[i] >= 'a' && part.ptr[i] <= 'z')
			return false;
	return true;
}

static void tell_value(struct gatherer *g, struct fm_span word, uint64_t place)
{
	const uint64_t code = fm_guard_word_code(FM_GUARD_FORWARD, word);
	uint64_t *seen = &g->seen[code % SEEN];

	if (*seen == code)
		return;
	*seen = code;
	g->fn(g->ctx, code, place);
	g->fn(g->ctx, fm_guard_word_code(FM_GUARD_BACKWARD, word), place);
}

/* The run that ends there, no longer than what a value's part may have. */
static struct fm_span run_before(const struct gatherer *g, const char *end)
{
	const char *start = end;

	while (start > g->text.ptr && end - start <= FM_LOOKALIKE_MAX && fm_is_alnum(start[-1]))
		start--;
	return fm_span_make(start, (size_t)(end - start));
}

/* All values that end with this run, alone or behind others: "K7Q2M9XD4", "K7Q2-M9 XD4". */
static void find_values(struct gatherer *g, struct fm_span part)
{
	const uint64_t place = place_of(g, part);
	char word[FM_LOOKALIKE_MAX];
	size_t len = 0;
	bool spaced = false;

	while (part.len > 0 && part.len <= FM_LOOKALIKE_MAX - len) {
		len += part.len;
		memcpy(word + FM_LOOKALIKE_MAX - len, part.ptr, part.len);
		if (len >= FM_LOOKALIKE_MIN &&
		    looks_like_value(fm_span_make(word + FM_LOOKALIKE_MAX - len, len)))
			tell_value(g, fm_span_make(word + FM_LOOKALIKE_MAX - len, len), place);
		if (part.ptr == g->text.ptr || part.ptr[-1] == '\0' ||
		    strchr("-_. \n", part.ptr[-1]) == NULL)
			return;
		spaced = spaced || part.ptr[-1] == ' ' || part.ptr[-1] == '\n';
		if (spaced &&
		    !may_be_cut_by_blanks(fm_span_make(word + FM_LOOKALIKE_MAX - len, len)))
			return;
		part = run_before(g, part.ptr - 1);
		if (spaced && !may_be_cut_by_blanks(part))
			return;
	}
}

/* Nearly every word of a text ends here at its second line: it has the ends of no word of a key. */
static void end_word(struct gatherer *g, struct fm_span text)
{
	const struct fm_guard_run run = fm_guard_run_of(&g->near, text);

	if ((run.lists | run.leads | run.closes) != 0)
		find_keys(g, &run);
	else if (g->before.lists != 0 && fm_guard_is_markup(text))
		return;
	g->before = run;
}

/* Bytes behind `at` that tell nothing are no letters and no digits. */
static void walk_window(struct gatherer *g, const char *at, struct fm_window window)
{
	const uint64_t in_run = window.lower | window.upper | window.digit;
	uint64_t turns = in_run ^ (in_run << 1 | (g->open != NULL ? 1U : 0U));

	while (turns != 0) {
		const unsigned here = fm_window_first(turns);
		const uint64_t digits = window.digit & ((UINT64_C(1) << here) - 1);
		const char *digit = digits != 0 ? at + fm_window_last(digits) : g->digit;
		struct fm_span run;

		turns &= turns - 1;
		if (g->open == NULL) {
			g->open = at + here;
			continue;
		}
		run = fm_span_make(g->open, (size_t)(at + here - g->open));
		g->open = NULL;
		if (run.len >= g->near.len_min)
			end_word(g, run);
		else if (g->before.lists != 0 && !fm_guard_is_markup(run))
			g->before.lists = 0;
		if (digit != NULL && run.ptr + run.len - digit <= DIGIT_NEAR)
			find_values(g, run);
	}
	if (window.digit != 0)
		g->digit = at + fm_window_last(window.digit);
}

static void walk(struct gatherer *g, struct fm_span text, const uint64_t *ends)
{
	const char *at = text.ptr;
	size_t rest = text.len;
	char last[FM_WINDOW] = {0};

	g->text = text;
	g->ends = ends;
	g->open = NULL;
	g->digit = NULL;
	g->before.lists = 0;
	for (; rest >= FM_WINDOW; rest -= FM_WINDOW, at += FM_WINDOW)
		walk_window(g, at, fm_window_of(at));
	if (rest > 0)
		memcpy(last, at, rest);
	walk_window(g, at, fm_window_of(last));
}

static void walk_folded(void *ctx, const struct fm_guard_folded *folded)
{
	walk(ctx, folded->text, folded->ends);
}

void fm_guard_gather(const struct fm_guard_words *words, struct fm_span text, uint64_t from,
                     fm_guard_fn *fn, void *ctx)
{
	struct gatherer *g = fm_memory_take(sizeof *g);

	fm_guard_near_init(&g->near, words);
	g->from = from;
	g->fn = fn;
	g->ctx = ctx;
	walk(g, text, NULL);
	/* What is folded may stand before what was seen, and its first place is the one to be told. */
	memset(g->seen, 0, sizeof g->seen);
	fm_guard_fold(text, walk_folded, g);
	fm_guard_near_free(&g->near);
	fm_memory_free(g);
}
