#include "guard_internal.h"

#include <string.h>

#include "base/memory.h"
#include "base/window.h"

#define NEAR_LEN_MIN 6 /* shorter words of a key must be met as they are, or with an s behind */
#define SWAP_LEN_MIN 7 /* a shorter one may be another at both of its ends */
#define GAP_MAX 3      /* bytes between the words of a key */
#define EDGE 3         /* letters of a word's either end that are looked at first */
#define EDGES (1 << 15)
#define SEEN 8192     /* words found last, which need not be told again */
#define DIGIT_NEAR 32 /* a word in parts is shorter: a digit further off is in no value with it */

enum {
	EDGE_FIRST = 1,  /* of a key's first word */
	EDGE_SECOND = 2, /* of its second */
};

/* Which first, or last, three letters the words of a list have; for lists of some hundred words. */
struct edges {
	unsigned *word_heads; /* of each word of the list */
	unsigned *word_tails;
	size_t len_min;
	size_t len_max;
};

/* A run of letters and digits. */
struct run {
	struct fm_span text;
	unsigned head; /* its first three letters, and its last, as a number */
	unsigned tail;
};

struct gatherer {
	const struct fm_guard_words *words;
	unsigned char heads[EDGES]; /* what words have these */
	unsigned char tails[EDGES];
	struct edges firsts;
	struct edges seconds;
	size_t len_min;    /* of what may be a word of a key */
	const char *open;  /* where the run began that has not ended yet, or NULL */
	struct run first;  /* the run before this one if it may be a key's first word */
	const char *digit; /* the last one before the window, or NULL */
	struct fm_span text;
	uint64_t from;
	uint64_t seen[SEEN];
	fm_guard_fn *fn;
	void *ctx;
};

/* Small and capital letters are one, and some digits are letters: what is met is looked at closer. */
static unsigned edge(const char *from, size_t len)
{
	const unsigned char *at = (const unsigned char *)from;

	return (at[0] & 31U) << 10 | (len > 1 ? at[1] & 31U : 0) << 5 | (len > 2 ? at[2] & 31U : 0);
}

static unsigned head_of(struct fm_span word)
{
	return edge(word.ptr, word.len);
}

static unsigned tail_of(struct fm_span word)
{
	return edge(word.ptr + (word.len > EDGE ? word.len - EDGE : 0), word.len);
}

static void add_edges(struct gatherer *g, const struct fm_span *words, size_t count,
                      unsigned char flag, struct edges *edges)
{
	edges->len_min = SIZE_MAX;
	edges->word_heads = fm_memory_take(count * sizeof *edges->word_heads);
	edges->word_tails = fm_memory_take(count * sizeof *edges->word_tails);
	for (size_t i = 0; i < count; i++) {
		const size_t len = words[i].len;

		edges->word_heads[i] = head_of(words[i]);
		edges->word_tails[i] = tail_of(words[i]);
		g->heads[edges->word_heads[i]] |= flag;
		g->tails[edges->word_tails[i]] |= flag;
		edges->len_min = len < edges->len_min ? len : edges->len_min;
		edges->len_max = len > edges->len_max ? len : edges->len_max;
	}
}

/* What differs in one place only is still the same at one of its ends. */
static bool may_be_in(const struct gatherer *g, const struct edges *edges, unsigned flag,
                      const struct run *run)
{
	return run->text.len + 1 >= edges->len_min && run->text.len <= edges->len_max + 1 &&
	       ((g->heads[run->head] | g->tails[run->tail]) & flag) != 0;
}

static bool is_same(struct fm_span a, struct fm_span b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (fm_to_lower(a.ptr[i]) != fm_to_lower(b.ptr[i]))
			return false;
	return true;
}

/* "grebes" */
static bool is_plural(struct fm_span text, struct fm_span word)
{
	return text.len == word.len + 1 && fm_to_lower(text.ptr[word.len]) == 's' &&
	       is_same(fm_span_first(text, word.len), word);
}

/* "turntsone" */
static bool is_swapped(struct fm_span text, struct fm_span word)
{
	size_t at = 0;

	if (text.len != word.len)
		return false;
	while (at < word.len && fm_to_lower(text.ptr[at]) == fm_to_lower(word.ptr[at]))
		at++;
	return at + 1 < word.len && fm_to_lower(text.ptr[at]) == fm_to_lower(word.ptr[at + 1]) &&
	       fm_to_lower(text.ptr[at + 1]) == fm_to_lower(word.ptr[at]) &&
	       is_same(fm_span_skip(text, at + 2), fm_span_skip(word, at + 2));
}

static bool is_copy(struct fm_span text, struct fm_span word)
{
	if (word.len < NEAR_LEN_MIN)
		return is_same(text, word) || is_plural(text, word);
	return fm_guard_is_near(text, word) || (word.len >= SWAP_LEN_MIN && is_swapped(text, word));
}

static uint64_t place_of(const struct gatherer *g, struct fm_span text)
{
	return g->from + (uint64_t)(text.ptr + text.len - g->text.ptr);
}

static void tell_key(struct gatherer *g, size_t first, size_t second, struct fm_span end)
{
	g->fn(g->ctx, fm_guard_key_code(g->words->firsts[first], g->words->seconds[second]),
	      place_of(g, end));
}

/* Is it the list's word at `at`, or near it? Then one of its ends is as it should be. */
static bool is_word(const struct run *run, const struct edges *edges, const struct fm_span *words,
                    size_t at)
{
	return (edges->word_heads[at] == run->head || edges->word_tails[at] == run->tail) &&
	       is_copy(run->text, words[at]);
}

/* "silvered kestrel" in two words, each as near as it may be. */
static void find_pairs(struct gatherer *g, const struct run *first, const struct run *second)
{
	const struct fm_guard_words *w = g->words;

	for (size_t i = 0; i < w->first_count; i++) {
		if (!is_word(first, &g->firsts, w->firsts, i))
			continue;
		for (size_t j = 0; j < w->second_count; j++)
			if (is_word(second, &g->seconds, w->seconds, j))
				tell_key(g, i, j, second->text);
	}
}

/* "SilveredKestrel" in one: with one change at most, one of its two words is as it should be. */
static void find_joined_first(struct gatherer *g, const struct run *joined)
{
	const struct fm_span run = joined->text;
	const struct fm_guard_words *w = g->words;

	for (size_t i = 0; i < w->first_count; i++) {
		const size_t len = w->firsts[i].len;

		if (g->firsts.word_heads[i] != joined->head || len >= run.len ||
		    !is_same(fm_span_first(run, len), w->firsts[i]))
			continue;
		for (size_t j = 0; j < w->second_count; j++)
			if (is_copy(fm_span_skip(run, len), w->seconds[j]))
				tell_key(g, i, j, run);
	}
}

static void find_joined_second(struct gatherer *g, const struct run *joined)
{
	const struct fm_span run = joined->text;
	const struct fm_guard_words *w = g->words;

	for (size_t j = 0; j < w->second_count; j++) {
		const size_t len = w->seconds[j].len;

		if (g->seconds.word_tails[j] != joined->tail || len >= run.len ||
		    !is_same(fm_span_skip(run, run.len - len), w->seconds[j]))
			continue;
		for (size_t i = 0; i < w->first_count; i++)
			if (is_copy(fm_span_first(run, run.len - len), w->firsts[i]))
				tell_key(g, i, j, run);
	}
}

static void find_keys(struct gatherer *g, const struct run *run)
{
	const struct fm_span text = run->text;
	const struct fm_span first = g->first.text;
	const size_t joined_min = g->firsts.len_min + g->seconds.len_min;

	if (first.ptr != NULL && text.ptr - (first.ptr + first.len) <= GAP_MAX &&
	    may_be_in(g, &g->seconds, EDGE_SECOND, run))
		find_pairs(g, &g->first, run);
	if (text.len + 1 < joined_min || text.len > g->firsts.len_max + g->seconds.len_max + 1)
		return;
	if ((g->heads[run->head] & EDGE_FIRST) != 0)
		find_joined_first(g, run);
	if ((g->tails[run->tail] & EDGE_SECOND) != 0)
		find_joined_second(g, run);
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

/* All values that end with this run, alone or behind others: "K7Q2M9XD4", "K7Q2-M9XD4". */
static void find_values(struct gatherer *g, struct fm_span part)
{
	const uint64_t place = place_of(g, part);
	char word[FM_LOOKALIKE_MAX];
	size_t len = 0;

	while (part.len > 0 && part.len <= FM_LOOKALIKE_MAX - len) {
		len += part.len;
		memcpy(word + FM_LOOKALIKE_MAX - len, part.ptr, part.len);
		if (len >= FM_LOOKALIKE_MIN &&
		    looks_like_value(fm_span_make(word + FM_LOOKALIKE_MAX - len, len)))
			tell_value(g, fm_span_make(word + FM_LOOKALIKE_MAX - len, len), place);
		if (part.ptr == g->text.ptr || part.ptr[-1] == '\0' ||
		    strchr("-_.", part.ptr[-1]) == NULL)
			return;
		part = run_before(g, part.ptr - 1);
	}
}

/* Nearly every word of a text ends here at its second line: it has the ends of no word of a key. */
static void end_word(struct gatherer *g, struct fm_span text)
{
	const struct run run = {text, head_of(text), tail_of(text)};

	if ((g->heads[run.head] | g->tails[run.tail]) == 0) {
		g->first.text.ptr = NULL;
		return;
	}
	find_keys(g, &run);
	g->first = run;
	if (!may_be_in(g, &g->firsts, EDGE_FIRST, &run))
		g->first.text.ptr = NULL;
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
		if (run.len >= g->len_min)
			end_word(g, run);
		else
			g->first.text.ptr = NULL;
		if (digit != NULL && run.ptr + run.len - digit <= DIGIT_NEAR)
			find_values(g, run);
	}
	if (window.digit != 0)
		g->digit = at + fm_window_last(window.digit);
}

static void walk(struct gatherer *g)
{
	const char *at = g->text.ptr;
	size_t rest = g->text.len;
	char last[FM_WINDOW] = {0};

	for (; rest >= FM_WINDOW; rest -= FM_WINDOW, at += FM_WINDOW)
		walk_window(g, at, fm_window_of(at));
	if (rest > 0)
		memcpy(last, at, rest);
	walk_window(g, at, fm_window_of(last));
}

void fm_guard_gather(const struct fm_guard_words *words, struct fm_span text, uint64_t from,
                     fm_guard_fn *fn, void *ctx)
{
	struct gatherer *g = fm_memory_take(sizeof *g);

	g->words = words;
	g->text = text;
	g->from = from;
	g->fn = fn;
	g->ctx = ctx;
	add_edges(g, words->firsts, words->first_count, EDGE_FIRST, &g->firsts);
	add_edges(g, words->seconds, words->second_count, EDGE_SECOND, &g->seconds);
	g->len_min =
		g->firsts.len_min < g->seconds.len_min ? g->firsts.len_min : g->seconds.len_min;
	g->len_min -= 1; /* a letter may be missing */
	walk(g);
	fm_memory_free(g->firsts.word_heads);
	fm_memory_free(g->firsts.word_tails);
	fm_memory_free(g->seconds.word_heads);
	fm_memory_free(g->seconds.word_tails);
	fm_memory_free(g);
}
