#include "guard_internal.h"

#include <string.h>

#include "base/macro.h"
#include "base/memory.h"

#define NEAR_LEN_MIN 6 /* shorter words of a key must be met as they are */
#define GAP_MAX 3      /* bytes between the words of a key */
#define EDGE 3         /* letters of a word's either end that are looked at first */
#define EDGES (1 << 15)
#define RUNS 16       /* more than the parts that a value can have */
#define SEEN 8192     /* words found last, which need not be told again */
#define DIGIT_NEAR 32 /* bytes behind a digit within which it may be in one word with others */

enum {
	SIGN_LETTER = 1,
	SIGN_DIGIT = 2,
};

/* Which first, or last, three letters the words of a list have; for lists of some hundred words. */
struct edges {
	bool heads[EDGES];
	bool tails[EDGES];
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
	bool first; /* may be a key's first word */
};

struct gatherer {
	const struct fm_guard_words *words;
	unsigned char signs[256];
	unsigned char letters[256]; /* 1 to 26, 27 for a digit */
	struct edges firsts;
	struct edges seconds;
	struct run runs[RUNS]; /* the last ones, going round */
	size_t run_count;
	const char *digit; /* behind the last run that has one */
	struct fm_span text;
	uint64_t from;
	uint64_t seen[SEEN];
	fm_guard_fn *fn;
	void *ctx;
};

static unsigned edge(const struct gatherer *g, const char *from, size_t len)
{
	const unsigned char *at = (const unsigned char *)from;

	return (unsigned)g->letters[at[0]] << 10 |
	       (unsigned)(len > 1 ? g->letters[at[1]] : 0) << 5 |
	       (unsigned)(len > 2 ? g->letters[at[2]] : 0);
}

static unsigned head_of(const struct gatherer *g, struct fm_span word)
{
	return edge(g, word.ptr, word.len);
}

static unsigned tail_of(const struct gatherer *g, struct fm_span word)
{
	return edge(g, word.ptr + (word.len > EDGE ? word.len - EDGE : 0), word.len);
}

static void add_edges(const struct gatherer *g, const struct fm_span *words, size_t count,
                      struct edges *edges)
{
	edges->len_min = SIZE_MAX;
	edges->word_heads = fm_memory_take(count * sizeof *edges->word_heads);
	edges->word_tails = fm_memory_take(count * sizeof *edges->word_tails);
	for (size_t i = 0; i < count; i++) {
		const size_t len = words[i].len;

		edges->word_heads[i] = head_of(g, words[i]);
		edges->word_tails[i] = tail_of(g, words[i]);
		edges->heads[edges->word_heads[i]] = true;
		edges->tails[edges->word_tails[i]] = true;
		edges->len_min = len < edges->len_min ? len : edges->len_min;
		edges->len_max = len > edges->len_max ? len : edges->len_max;
	}
}

/* What differs in one place only is still the same at one of its ends. */
static bool may_be_in(const struct edges *edges, const struct run *run)
{
	return run->text.len + 1 >= edges->len_min && run->text.len <= edges->len_max + 1 &&
	       (edges->heads[run->head] || edges->tails[run->tail]);
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

static bool is_copy(struct fm_span text, struct fm_span word)
{
	return word.len < NEAR_LEN_MIN ? is_same(text, word) : fm_guard_is_near(text, word);
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

/* "silvered kestrel" in two words, each as near as it may be. */
static void find_pairs(struct gatherer *g, struct fm_span first, struct fm_span second)
{
	const struct fm_guard_words *w = g->words;

	for (size_t i = 0; i < w->first_count; i++) {
		if (!is_copy(first, w->firsts[i]))
			continue;
		for (size_t j = 0; j < w->second_count; j++)
			if (is_copy(second, w->seconds[j]))
				tell_key(g, i, j, second);
	}
}

/* "SilveredKestrel" in one: with one change at most, one of its two words is as it should be. */
static void find_joined(struct gatherer *g, const struct run *joined)
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

static void find_keys(struct gatherer *g, struct run *run, const struct run *before)
{
	const struct fm_span text = run->text;
	const size_t joined_min = g->firsts.len_min + g->seconds.len_min;

	run->first = may_be_in(&g->firsts, run);
	if (before != NULL && before->first &&
	    text.ptr - (before->text.ptr + before->text.len) <= GAP_MAX &&
	    may_be_in(&g->seconds, run))
		find_pairs(g, before->text, text);
	if (text.len + 1 >= joined_min && text.len <= g->firsts.len_max + g->seconds.len_max + 1 &&
	    (g->firsts.heads[run->head] || g->seconds.tails[run->tail]))
		find_joined(g, run);
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

/* All values that end with the newest run, alone or behind others: "K7Q2M9XD", "K7Q2-M9XD". */
static void find_values(struct gatherer *g)
{
	const struct run *run = &g->runs[(g->run_count - 1) % RUNS];
	const uint64_t place = place_of(g, run->text);
	char word[FM_LOOKALIKE_MAX];
	size_t len = 0;

	for (size_t back = 1; back <= RUNS && back <= g->run_count; back++) {
		const struct run *part = &g->runs[(g->run_count - back) % RUNS];
		const char *behind = part->text.ptr + part->text.len;

		if (part->text.len > FM_LOOKALIKE_MAX - len ||
		    (back > 1 && (behind + 1 != run->text.ptr || *behind == '\0' ||
		                  strchr("-_.", *behind) == NULL)))
			return;
		len += part->text.len;
		memcpy(word + FM_LOOKALIKE_MAX - len, part->text.ptr, part->text.len);
		run = part;
		if (len >= FM_LOOKALIKE_MIN &&
		    looks_like_value(fm_span_make(word + FM_LOOKALIKE_MAX - len, len)))
			tell_value(g, fm_span_make(word + FM_LOOKALIKE_MAX - len, len), place);
	}
}

static void end_run(struct gatherer *g, struct fm_span text, unsigned signs)
{
	const struct run *before = g->run_count > 0 ? &g->runs[(g->run_count - 1) % RUNS] : NULL;
	struct run *run = &g->runs[g->run_count % RUNS];

	*run = (struct run){.text = text, .head = head_of(g, text), .tail = tail_of(g, text)};
	g->run_count++;
	find_keys(g, run, before);
	if ((signs & SIGN_DIGIT) != 0)
		g->digit = text.ptr + text.len;
	if (g->digit != NULL && text.ptr + text.len - g->digit <= DIGIT_NEAR)
		find_values(g);
}

static void init_signs(struct gatherer *g)
{
	for (unsigned i = 0; i < 26; i++) {
		g->signs['a' + i] = SIGN_LETTER;
		g->signs['A' + i] = SIGN_LETTER;
		g->letters['a' + i] = (unsigned char)(i + 1);
		g->letters['A' + i] = (unsigned char)(i + 1);
	}
	for (unsigned i = '0'; i <= '9'; i++) {
		g->signs[i] = SIGN_DIGIT;
		g->letters[i] = 27;
	}
}

void fm_guard_gather(const struct fm_guard_words *words, struct fm_span text, uint64_t from,
                     fm_guard_fn *fn, void *ctx)
{
	struct gatherer *g = fm_memory_take(sizeof *g);
	const unsigned char *at = (const unsigned char *)text.ptr;
	const unsigned char *end = at + text.len;

	g->words = words;
	g->text = text;
	g->from = from;
	g->fn = fn;
	g->ctx = ctx;
	init_signs(g);
	add_edges(g, words->firsts, words->first_count, &g->firsts);
	add_edges(g, words->seconds, words->second_count, &g->seconds);
	while (at < end) {
		const unsigned char *start;
		unsigned signs = 0;

		while (at < end && g->signs[*at] == 0)
			at++;
		start = at;
		while (at < end && g->signs[*at] != 0)
			signs |= g->signs[*at++];
		if (at > start)
			end_run(g, fm_span_make((const char *)start, (size_t)(at - start)), signs);
	}
	fm_memory_free(g->firsts.word_heads);
	fm_memory_free(g->firsts.word_tails);
	fm_memory_free(g->seconds.word_heads);
	fm_memory_free(g->seconds.word_tails);
	fm_memory_free(g);
}
