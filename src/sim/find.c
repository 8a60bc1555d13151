#include "find_internal.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "token/counter.h"
#include "word_internal.h"

#define PLACES_MAX 4096 /* of one term; a commoner one points at nothing */
#define SENTENCE_BYTES ((size_t)2 << 10)
/* Mean length of a sentence, from which their number is guessed. */
#define SENTENCE_MEAN 120.0

struct place {
	size_t seen;
	size_t offset;
};

struct places {
	struct place *at;
	size_t count;
};

/* Lengths and first letters that any term has: most words are told apart by these alone. */
struct sieve {
	uint32_t lengths[256];
};

static struct sieve make_sieve(const struct fm_sought *sought)
{
	struct sieve sieve = {0};

	for (size_t i = 0; i < sought->count; i++) {
		const struct fm_span word = sought->terms[i].word;
		const unsigned char first = (unsigned char)fm_to_lower(word.ptr[0]);
		const size_t len = word.len < 30 ? word.len : 30;

		/* A plural s more or less. */
		sieve.lengths[first] |= (uint32_t)7 << (len - 1);
	}
	return sieve;
}

static bool passes(const struct sieve *sieve, struct fm_span word)
{
	const unsigned char first = (unsigned char)fm_to_lower(word.ptr[0]);
	const size_t len = word.len < 31 ? word.len : 31;

	return (sieve->lengths[first] >> len & 1) != 0;
}

static size_t term_of(const struct fm_sought *sought, struct fm_span word)
{
	const uint64_t hash = fm_word_hash(word);
	size_t i = 0;

	while (i < sought->count && sought->terms[i].hash != hash)
		i++;
	return i;
}

static bool may_hold_any(const struct fm_view *view, const struct fm_seen *seen,
                         const struct fm_sought *sought)
{
	if (seen->chunk == FM_NO_CHUNK)
		return true;
	for (size_t i = 0; i < sought->count; i++)
		if (fm_chunk_may_hold(view->generation, seen->chunk, sought->terms[i].hash))
			return true;
	return false;
}

/* One pass over the words: how often each term stands there, and where the first few thousand. */
static void locate(const struct fm_view *view, struct fm_sought *sought, struct places *places,
                   struct fm_arena *arena)
{
	const struct sieve sieve = make_sieve(sought);

	for (size_t i = 0; i < sought->count; i++)
		places[i].at = fm_arena_array(arena, PLACES_MAX, sizeof(struct place));
	for (size_t s = 0; s < view->count; s++) {
		const struct fm_seen *seen = &view->seen[s];
		struct fm_span rest = seen->text;
		struct fm_span word;

		if (!may_hold_any(view, seen, sought))
			continue;
		while (fm_word_next(&rest, &word)) {
			const size_t i =
				passes(&sieve, word) ? term_of(sought, word) : sought->count;

			if (i == sought->count)
				continue;
			assert(places[i].at != NULL);
			if (places[i].count < PLACES_MAX)
				places[i].at[places[i].count++] = (struct place){
					.seen = s, .offset = (size_t)(word.ptr - seen->text.ptr)};
			sought->terms[i].count++;
		}
	}
}

static void weigh(const struct fm_view *view, struct fm_sought *sought)
{
	double sentences = 1;
	double sum = 0;

	for (size_t s = 0; s < view->count; s++)
		sentences += (double)view->seen[s].text.len / SENTENCE_MEAN;
	for (size_t i = 0; i < sought->count; i++) {
		const double weight = log((sentences + 1) / ((double)sought->terms[i].count + 0.5));

		sought->terms[i].weight = weight > 0.1 ? weight : 0.1;
		sum += sought->terms[i].weight;
	}
	for (size_t i = 0; i < sought->count; i++)
		sought->terms[i].weight /= sum;
}

static bool ends_sentence(struct fm_span text, size_t at)
{
	const char c = text.ptr[at];

	if (c == '\n')
		return true;
	return (c == '.' || c == '!' || c == '?') &&
	       (at + 1 == text.len || fm_is_space(text.ptr[at + 1]));
}

static struct fm_span sentence_at(struct fm_span text, size_t offset)
{
	size_t from = offset;
	size_t to = offset;

	while (from > 0 && offset - from < SENTENCE_BYTES && !ends_sentence(text, from - 1))
		from--;
	while (to < text.len && to - offset < SENTENCE_BYTES && !ends_sentence(text, to))
		to++;
	if (to < text.len)
		to++;
	return fm_span_trim(fm_span_make(text.ptr + from, to - from));
}

static double score_of(struct fm_span sentence, const struct fm_sought *sought)
{
	bool has[FM_TERMS_MAX + 1] = {false};
	struct fm_span word;
	double score = 0;

	while (fm_word_next(&sentence, &word))
		has[term_of(sought, word)] = true;
	for (size_t i = 0; i < sought->count; i++)
		score += has[i] ? sought->terms[i].weight : 0;
	return score;
}

static int by_place(const void *a, const void *b)
{
	const struct fm_found *x = a;
	const struct fm_found *y = b;

	if (x->seen != y->seen)
		return x->seen < y->seen ? -1 : 1;
	return (x->offset > y->offset) - (x->offset < y->offset);
}

struct collection {
	const struct fm_view *view;
	const struct fm_sought *sought;
	struct fm_found *found;
	size_t count;
	size_t max;
};

static void collect(struct collection *c, const struct place *place)
{
	const struct fm_seen *seen = &c->view->seen[place->seen];
	const struct fm_span sentence = sentence_at(seen->text, place->offset);
	struct fm_found *found = &c->found[c->count];

	/* What asks is no answer, nor is the question's own text, which has all its words. */
	if (c->count == c->max || fm_span_ends(sentence, "?") ||
	    fm_span_find(c->sought->text, sentence) < c->sought->text.len)
		return;
	found->sentence = sentence;
	found->seen = place->seen;
	found->offset = (size_t)(sentence.ptr - seen->text.ptr);
	found->score = score_of(sentence, c->sought);
	c->count++;
}

/*
 * Any sentence with so large a share of the weight holds one of the terms that are more than the
 * rest of it together: only those are followed, the rarest first.
 */
static void collect_all(struct collection *c, const struct places *places)
{
	bool followed[FM_TERMS_MAX] = {false};
	double left = 1;

	while (left > 0.4) {
		size_t best = FM_TERMS_MAX;

		for (size_t i = 0; i < c->sought->count; i++)
			if (!followed[i] &&
			    (best == FM_TERMS_MAX ||
			     c->sought->terms[i].weight > c->sought->terms[best].weight))
				best = i;
		if (best == FM_TERMS_MAX)
			break;
		followed[best] = true;
		left -= c->sought->terms[best].weight;
		for (size_t k = 0; k < places[best].count; k++)
			collect(c, &places[best].at[k]);
	}
}

void fm_find(const struct fm_view *view, struct fm_sought *sought, struct fm_arena *arena,
             struct fm_found **ret_found, size_t *ret_count)
{
	struct places places[FM_TERMS_MAX] = {0};
	struct collection c = {.view = view, .sought = sought};
	size_t count = 0;

	if (sought->count == 0) {
		*ret_count = 0;
		return;
	}
	locate(view, sought, places, arena);
	weigh(view, sought);
	for (size_t i = 0; i < sought->count; i++)
		c.max += places[i].count;
	c.found = fm_arena_array(arena, c.max + 1, sizeof(struct fm_found));
	collect_all(&c, places);
	if (c.count > 1)
		qsort(c.found, c.count, sizeof(struct fm_found), by_place);
	for (size_t i = 0; i < c.count; i++)
		if (count == 0 || by_place(&c.found[count - 1], &c.found[i]) != 0)
			c.found[count++] = c.found[i];
	*ret_found = c.found;
	*ret_count = count;
}

uint64_t fm_found_before(const struct fm_view *view, const struct fm_counter *counter,
                         const struct fm_found *found)
{
	const struct fm_seen *seen = &view->seen[found->seen];

	return seen->before_tokens +
	       fm_counter_count(counter, fm_span_first(seen->text, found->offset));
}

/* How much a word looks like something that was made up to be asked for. */
static unsigned code_likeness(struct fm_span word)
{
	unsigned digits = 0;
	unsigned capitals = 0;
	unsigned letters = 0;

	for (size_t i = 0; i < word.len; i++) {
		const char c = word.ptr[i];

		digits += fm_is_digit(c);
		capitals += c >= 'A' && c <= 'Z';
		letters += fm_is_alnum(c) && !fm_is_digit(c);
	}
	if (digits > 0 && letters > 0)
		return capitals == letters ? 5 : 4;
	if (digits > 0)
		return 3;
	return word.len >= 4 && capitals == word.len ? 2 : 0;
}

static struct fm_span behind_verb(struct fm_span sentence)
{
	static const char *const verbs[] = {" is ", " was ", ": ", " = ", " are ", " were "};

	for (size_t i = 0; i < FM_COUNT(verbs); i++) {
		const size_t at = fm_span_find(sentence, fm_span_of(verbs[i]));

		if (at == sentence.len)
			continue;
		sentence = fm_span_skip(sentence, at + fm_span_of(verbs[i]).len);
		while (sentence.len > 0 && !fm_is_alnum(sentence.ptr[sentence.len - 1]) &&
		       ((unsigned char)sentence.ptr[sentence.len - 1] & 0x80) == 0)
			sentence.len--;
		break;
	}
	return sentence;
}

struct fm_span fm_extract(struct fm_span sentence, const struct fm_sought *sought)
{
	struct fm_span rest = sentence;
	struct fm_span best = {0};
	struct fm_span word;
	unsigned most = 0;

	while (fm_word_next(&rest, &word)) {
		const unsigned likeness = code_likeness(word);

		if (likeness > most && term_of(sought, word) == sought->count) {
			most = likeness;
			best = word;
		}
	}
	return most > 0 ? best : behind_verb(sentence);
}
