#include <assert.h>

#include "base/buf.h"
#include "base/rng.h"
#include "haystack/guard.h"
#include "task_internal.h"
#include "trial/spec.h"
#include "value_internal.h"

#define PPM 1000000
#define SENTENCE_BYTES_MAX 4096
#define KEY_DRAWS_MAX 1000 /* of some 4,096 keys: more would not find the last clean ones */

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
	const struct fm_make_spec *spec;
	uint64_t *lots; /* one for each value */
	size_t value_count;
	const struct key *others; /* every key but the target's; NULL: not yet needed */
	size_t other_at;
	bool failed; /* the haystack holds what there is to choose from */
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

static bool holds_key(const struct maker *maker, struct fm_span key)
{
	return maker->spec->guard != NULL &&
	       fm_guard_holds_key(maker->spec->guard, key, maker->spec->tokens);
}

/* The next value of the needle's lot that the haystack does not hold; empty when it has no more. */
static struct fm_span draw_value(struct maker *maker)
{
	const struct fm_make_spec *spec = maker->spec;
	const uint64_t lot = maker->lots[maker->value_count++];
	char value[FM_VALUE_LEN];

	for (uint32_t draw = 0; draw < FM_VALUE_DRAWS; draw++)
		if (fm_value_draw(lot, draw, value) &&
		    (spec->guard == NULL ||
		     !fm_guard_holds_value(spec->guard, fm_span_make(value, sizeof value),
		                           spec->tokens)))
			return fm_arena_copy(maker->arena, fm_span_make(value, sizeof value));
	maker->failed = true;
	return (struct fm_span){0};
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

static struct fm_needle make_needle(struct maker *maker, enum fm_needle_role role,
                                    struct fm_span key, struct fm_place place)
{
	struct fm_needle needle = {.role = role,
	                           .key = key,
	                           .depth_ppm = place.depth_ppm,
	                           .more_tokens = place.more_tokens};

	needle.value = draw_value(maker);
	needle.text = fill(maker, pick(maker, &maker->words->needles), key, needle.value);
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

/* The next of the other keys that the haystack does not hold; empty when there are no more. */
static struct fm_span next_key(struct maker *maker)
{
	const size_t count = maker->words->adjectives.count * maker->words->nouns.count - 1;

	if (maker->others == NULL)
		maker->others = other_keys(maker);
	while (maker->other_at < count) {
		const struct fm_span key = key_text(maker, maker->others[maker->other_at++]);

		if (!holds_key(maker, key))
			return key;
	}
	maker->failed = true;
	return (struct fm_span){0};
}

/* One decoy in each stratum of depth but the target's own. */
static void make_decoys(struct maker *maker, uint32_t keys, uint32_t depth_ppm,
                        struct fm_question *question)
{
	const uint32_t own =
		depth_ppm == PPM ? keys - 1 : (uint32_t)((uint64_t)depth_ppm * keys / PPM);

	question->decoys = fm_arena_array(maker->arena, keys, sizeof *question->decoys);
	for (uint32_t i = 0; i < keys; i++) {
		const uint64_t low = (uint64_t)i * PPM / keys;
		const uint64_t high = (uint64_t)(i + 1) * PPM / keys;
		struct fm_needle *needle = &question->needles[question->needle_count];

		if (i == own)
			continue;
		const struct fm_span key = next_key(maker);
		const struct fm_place place = {(uint32_t)fm_rng_between(&maker->rng, low, high - 1),
		                               0};

		*needle = make_needle(maker, FM_NEEDLE_DECOY, key, place);
		question->decoys[question->decoy_count++] = needle->value;
		question->needle_count++;
	}
}

/* The key that is asked for, planted or not. */
static void draw_target(struct maker *maker, struct fm_question *question)
{
	for (uint32_t draw = 0; draw < KEY_DRAWS_MAX; draw++) {
		maker->target.adjective = fm_rng_below(&maker->rng, maker->words->adjectives.count);
		maker->target.noun = fm_rng_below(&maker->rng, maker->words->nouns.count);
		question->key = key_text(maker, maker->target);
		if (!holds_key(maker, question->key))
			return;
	}
	maker->failed = true;
}

static struct fm_span ask(struct maker *maker, struct fm_span key)
{
	return fill(maker, pick(maker, &maker->words->questions), key, (struct fm_span){0});
}

/* Several targets, each with a question of its own; the first is the one that is asked for. */
static void make_targets(struct maker *maker, struct fm_question *question)
{
	const struct fm_make_spec *spec = maker->spec;

	for (size_t i = 0; i < spec->place_count; i++) {
		const struct fm_span key = i == 0 ? question->key : next_key(maker);
		struct fm_needle *needle = &question->needles[i];

		*needle = make_needle(maker, FM_NEEDLE_TARGET, key, spec->places[i]);
		needle->question = i == 0 ? question->question : ask(maker, key);
	}
	question->needle_count = spec->place_count;
}

static void make_question(struct maker *maker, const struct fm_task *task, struct fm_question *q)
{
	const uint32_t keys = task->spec.keys;
	const struct fm_make_spec *spec = maker->spec;
	struct fm_place place = {.depth_ppm = spec->depth_ppm};

	if (place.depth_ppm == FM_DEPTH_NONE)
		place.depth_ppm = (uint32_t)fm_rng_between(&maker->rng, 0, PPM);
	maker->subject = pick(maker, &maker->words->subjects);
	draw_target(maker, q);
	q->question = ask(maker, q->key);
	if (spec->place_count > 0) {
		make_targets(maker, q);
	} else if (q->control != FM_CONTROL_NO_NEEDLE) {
		q->needles[0] = make_needle(maker, FM_NEEDLE_TARGET, q->key, place);
		q->needle_count = 1;
	}
	if (q->control != FM_CONTROL_NO_NEEDLE) {
		q->expected = fm_arena_array(maker->arena, 1, sizeof *q->expected);
		q->expected[0] = q->needles[0].value;
		q->expected_count = 1;
	}
	if (keys > 1)
		make_decoys(maker, keys, place.depth_ppm, q);
}

enum fm_code fm_task_make(const struct fm_task *task, const struct fm_make_spec *spec,
                          struct fm_arena *arena, struct fm_question *ret_question,
                          struct fm_err *err)
{
	const uint32_t own = fm_task_lot_count(task);
	const uint32_t count = spec->place_count > own ? (uint32_t)spec->place_count : own;
	struct maker maker = {
		.words = &task->words,
		.spec = spec,
		.rng = fm_rng_make(fm_hash_seed(spec->value_seed, "attempt", 0)),
		.arena = arena,
	};
	struct fm_question q = {.system = task->words.system,
	                        .instruction = task->words.instruction,
	                        .control = task->spec.control};

	assert(spec->place_count <= FM_NEEDLES_MAX);
	assert(spec->place_count == 0 || (own == 1 && q.control == FM_CONTROL_NONE));
	maker.lots = fm_arena_array(arena, count, sizeof *maker.lots);
	fm_task_lots(spec->value_seed, count, maker.lots);
	q.needles = fm_arena_array(arena, count, sizeof *q.needles);
	make_question(&maker, task, &q);
	if (maker.failed)
		return fm_fail(
			err, FM_E_LIMIT,
			"the corpus holds the key or value of every needle tried: take another "
			"seed or corpus, or fewer needles");
	*ret_question = q;
	return FM_OK;
}

uint32_t fm_task_lot_count(const struct fm_task *task)
{
	return task->spec.keys;
}

static bool stands_before(const uint64_t *lots, uint32_t count, uint64_t lot)
{
	for (uint32_t i = 0; i < count; i++)
		if (lots[i] == lot)
			return true;
	return false;
}

void fm_task_lots(uint64_t value_seed, uint32_t count, uint64_t *ret_lots)
{
	for (uint32_t i = 0; i < count; i++) {
		uint64_t number = i;

		do {
			ret_lots[i] = fm_value_lot(value_seed, number);
			number += FM_NEEDLES_MAX;
		} while (stands_before(ret_lots, i, ret_lots[i]));
	}
}
