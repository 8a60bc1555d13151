#include "base/buf.h"
#include "base/rng.h"
#include "haystack/haystack.h"
#include "task_internal.h"
#include "trial/spec.h"
#include "value_internal.h"

#define PPM 1000000
#define SENTENCE_BYTES_MAX 4096

/* A key is an adjective and a noun, both by their places in their lists. */
struct key {
	size_t adjective;
	size_t noun;
};

struct maker {
	const struct fm_words *words;
	struct fm_rng rng;
	struct fm_arena *arena;
	struct fm_span subject;
	struct key target;
	struct fm_span *values; /* those given so far */
	size_t value_count;
};

static struct fm_span pick(struct maker *maker, const struct fm_words_list *list)
{
	return list->items[fm_rng_below(&maker->rng, list->count)];
}

static struct fm_span key_text(const struct maker *maker, struct key key)
{
	const struct fm_span adjective = maker->words->adjectives.items[key.adjective];
	const struct fm_span noun = maker->words->nouns.items[key.noun];

	return fm_span_of(fm_arena_format(maker->arena, "%.*s %.*s", FM_SPAN_ARGS(adjective),
	                                  FM_SPAN_ARGS(noun)));
}

static struct fm_span draw_value(struct maker *maker)
{
	bool fresh;
	struct fm_span value;

	do {
		fresh = true;
		value = fm_value_draw(&maker->rng, maker->arena);
		for (size_t i = 0; i < maker->value_count; i++)
			fresh = fresh && !fm_span_equal(maker->values[i], value);
	} while (!fresh);
	maker->values[maker->value_count++] = value;
	return value;
}

/* The sentence with its {subject}, {key} and {value} filled in. */
static struct fm_span fill(const struct maker *maker, struct fm_span sentence, struct fm_span key,
                           struct fm_span value)
{
	struct fm_buf buf;
	struct fm_span text;

	fm_buf_init(&buf, SENTENCE_BYTES_MAX);
	while (sentence.len > 0) {
		const size_t at = fm_span_find_byte(sentence, '{');

		fm_buf_put(&buf, fm_span_first(sentence, at));
		sentence = fm_span_skip(sentence, at);
		if (fm_span_starts(sentence, "{subject}"))
			fm_buf_put(&buf, maker->subject);
		else if (fm_span_starts(sentence, "{key}"))
			fm_buf_put(&buf, key);
		else if (fm_span_starts(sentence, "{value}"))
			fm_buf_put(&buf, value);
		sentence = fm_span_skip(sentence, fm_span_find_byte(sentence, '}') + 1);
	}
	text = fm_arena_copy(maker->arena, fm_buf_span(&buf));
	fm_buf_free(&buf);
	return text;
}

static struct fm_needle make_needle(struct maker *maker, enum fm_needle_role role, struct key key,
                                    uint32_t depth_ppm)
{
	struct fm_needle needle = {
		.role = role, .key = key_text(maker, key), .depth_ppm = depth_ppm};

	needle.value = draw_value(maker);
	needle.text = fill(maker, pick(maker, &maker->words->needles), needle.key, needle.value);
	return needle;
}

static void shuffle(struct maker *maker, struct key *keys, size_t count)
{
	for (size_t i = count; i > 1; i--) {
		const size_t other = fm_rng_below(&maker->rng, i);
		const struct key kept = keys[i - 1];

		keys[i - 1] = keys[other];
		keys[other] = kept;
	}
}

/*
 * Every key but the target's: first those that share a word with it, then the others, both in an
 * order by chance.
 */
static struct key *other_keys(struct maker *maker)
{
	const size_t adjectives = maker->words->adjectives.count;
	const size_t nouns = maker->words->nouns.count;
	const size_t near = adjectives + nouns - 2;
	struct key *keys = fm_arena_array(maker->arena, adjectives * nouns, sizeof *keys);
	size_t near_count = 0;
	size_t far_count = near;

	for (size_t a = 0; a < adjectives; a++) {
		for (size_t n = 0; n < nouns; n++) {
			const bool same_a = a == maker->target.adjective;
			const bool same_n = n == maker->target.noun;

			if (same_a && same_n)
				continue;
			keys[same_a || same_n ? near_count++ : far_count++] = (struct key){a, n};
		}
	}
	shuffle(maker, keys, near);
	shuffle(maker, keys + near, far_count - near);
	return keys;
}

/* One decoy in each stratum of depth but the target's own. */
static void make_decoys(struct maker *maker, uint32_t keys, uint32_t depth_ppm,
                        struct fm_question *question)
{
	const struct key *others = other_keys(maker);
	const uint32_t own =
		depth_ppm == PPM ? keys - 1 : (uint32_t)((uint64_t)depth_ppm * keys / PPM);

	question->decoys = fm_arena_array(maker->arena, keys, sizeof *question->decoys);
	for (uint32_t i = 0; i < keys; i++) {
		const uint64_t low = (uint64_t)i * PPM / keys;
		const uint64_t high = (uint64_t)(i + 1) * PPM / keys;
		struct fm_needle *needle = &question->needles[question->needle_count];

		if (i == own)
			continue;
		*needle = make_needle(maker, FM_NEEDLE_DECOY, others[question->decoy_count],
		                      (uint32_t)fm_rng_between(&maker->rng, low, high - 1));
		question->decoys[question->decoy_count++] = needle->value;
		question->needle_count++;
	}
}

void fm_task_make(const struct fm_task *task, uint64_t value_seed, uint32_t depth_ppm,
                  uint32_t attempt, struct fm_arena *arena, struct fm_question *ret_question)
{
	const struct fm_words *words = &task->words;
	const uint32_t keys = task->spec.keys;
	struct maker maker = {
		.words = words,
		.rng = fm_rng_make(fm_hash_seed(value_seed, "attempt", attempt)),
		.arena = arena,
	};
	struct fm_question q = {.system = words->system,
	                        .instruction = words->instruction,
	                        .control = task->spec.control};

	if (depth_ppm == FM_DEPTH_NONE)
		depth_ppm = (uint32_t)fm_rng_between(&maker.rng, 0, PPM);
	maker.values = fm_arena_array(arena, keys, sizeof *maker.values);
	q.needles = fm_arena_array(arena, keys, sizeof *q.needles);
	maker.subject = pick(&maker, &words->subjects);
	maker.target.adjective = fm_rng_below(&maker.rng, words->adjectives.count);
	maker.target.noun = fm_rng_below(&maker.rng, words->nouns.count);
	q.key = key_text(&maker, maker.target);
	q.question = fill(&maker, pick(&maker, &words->questions), q.key, (struct fm_span){0});
	if (q.control != FM_CONTROL_NO_NEEDLE) {
		q.needles[0] = make_needle(&maker, FM_NEEDLE_TARGET, maker.target, depth_ppm);
		q.needle_count = 1;
		q.expected = fm_arena_array(arena, 1, sizeof *q.expected);
		q.expected[0] = q.needles[0].value;
		q.expected_count = 1;
	}
	if (keys > 1)
		make_decoys(&maker, keys, depth_ppm, &q);
	*ret_question = q;
}

bool fm_question_is_clean(const struct fm_question *question, const struct fm_haystack *haystack,
                          uint64_t tokens)
{
	const size_t count = 2 * question->needle_count + 1;
	struct fm_arena arena = {0};
	struct fm_span *words = fm_arena_array(&arena, count, sizeof *words);
	bool clean;

	words[0] = question->key;
	for (size_t i = 0; i < question->needle_count; i++) {
		words[2 * i + 1] = question->needles[i].key;
		words[2 * i + 2] = question->needles[i].value;
	}
	clean = !fm_haystack_holds_any(haystack, tokens, words, count);
	fm_arena_free(&arena);
	return clean;
}
