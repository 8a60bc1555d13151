#include "task_support.h"

#include "base/macro.h"
#include "task/value_internal.h"

static struct make_case {
	const char *name;
	const char *task;
	uint32_t keys;
	enum fm_control control;
	size_t needles;
} cases[] = {
	{"niah",		    "niah",     0,    FM_CONTROL_NONE,        1   },
	{"niah without its needle", "niah",     0,    FM_CONTROL_NO_NEEDLE,   0   },
	{"niah without haystack",   "niah",     0,    FM_CONTROL_NO_HAYSTACK, 1   },
	{"multikey",                "multikey", 0,    FM_CONTROL_NONE,        8   },
	{"two keys",                "multikey", 2,    FM_CONTROL_NONE,        2   },
	{"a thousand keys",         "multikey", 1000, FM_CONTROL_NONE,        1000},
	{"decoys alone",            "multikey", 8,    FM_CONTROL_NO_NEEDLE,   7   },
};

static void make_at(const struct fm_task *task, uint64_t seed, uint32_t depth_ppm,
                    struct fm_arena *arena, struct fm_question *ret_question)
{
	const struct fm_make_spec spec = {.value_seed = seed, .depth_ppm = depth_ppm};
	struct fm_err err;

	assert_ok(fm_task_make(task, &spec, arena, ret_question, &err), &err);
}

static bool holds(struct fm_span text, struct fm_span what)
{
	return fm_span_find(text, what) < text.len;
}

static void check_needle(const struct fm_needle *needle)
{
	assert_true(holds(needle->text, needle->key));
	assert_true(holds(needle->text, needle->value));
	assert_true(fm_value_is_one(needle->value, false));
	assert_true(fm_span_ends(needle->text, "."));
	assert_true(needle->text.ptr[0] >= 'A' && needle->text.ptr[0] <= 'Z');
	assert_false(holds(needle->text, fm_span_of("{")));
	assert_true(needle->depth_ppm <= 1000000);
}

/* Each word of the question that is not a plain one stands in the target's sentence too. */
static void check_words_shared(struct fm_span question, struct fm_span sentence)
{
	static const char *const plain[] = {"what", "is",   "the",       "of", "which",
	                                    "does", "have", "according", "to", "document"};
	struct fm_span rest = fm_span_first(question, question.len - 1);
	struct fm_span word;

	while (fm_span_split(&rest, ' ', &word)) {
		char lower[64];
		bool known = false;

		word = fm_span_ends(word, ",") ? fm_span_first(word, word.len - 1) : word;
		assert_true(word.len < sizeof lower);
		for (size_t i = 0; i < word.len; i++)
			lower[i] = fm_to_lower(word.ptr[i]);
		for (size_t i = 0; i < FM_COUNT(plain); i++)
			known = known || fm_span_is(fm_span_make(lower, word.len), plain[i]);
		assert_true(known || holds(sentence, word));
	}
}

static bool near(struct fm_span a, struct fm_span b)
{
	const size_t first = fm_span_find_byte(a, ' ') + 1;
	const struct fm_span noun = fm_span_skip(a, first - 1);

	return fm_span_equal(fm_span_first(a, first), fm_span_first(b, first)) ||
	       (b.len > noun.len && fm_span_equal(noun, fm_span_skip(b, b.len - noun.len)));
}

static void check_question(const struct make_case *c, const struct fm_question *q)
{
	const bool planted = c->control != FM_CONTROL_NO_NEEDLE;

	assert_int_equal(q->needle_count, c->needles);
	assert_int_equal(q->control, c->control);
	assert_int_equal(q->expected_count, planted ? 1 : 0);
	assert_int_equal(q->decoy_count, c->needles - (planted ? 1 : 0));
	assert_true(fm_span_ends(q->question, "?"));
	assert_true(holds(q->question, q->key));
	assert_true(holds(q->instruction, fm_span_of("not in the document")));
	for (size_t i = 0; i < q->needle_count; i++) {
		const struct fm_needle *needle = &q->needles[i];
		const bool target = needle->role == FM_NEEDLE_TARGET;

		check_needle(needle);
		assert_true(target == (planted && i == 0));
		assert_true(target == fm_span_equal(needle->key, q->key));
		if (target) {
			assert_true(fm_span_equal(needle->value, q->expected[0]));
			check_words_shared(q->question, needle->text);
		} else if (c->needles <= 126) {
			assert_true(near(q->key, needle->key));
		}
		for (size_t j = 0; j < i; j++) {
			assert_false(fm_span_equal(needle->value, q->needles[j].value));
			assert_false(fm_span_equal(needle->key, q->needles[j].key));
		}
	}
}

static void test_make(void **state)
{
	const struct make_case *c = *state;
	struct fm_task *task = task_open(c->task, c->keys, c->control);
	struct fm_arena arena = {0};

	for (uint64_t seed = 0; seed < (c->keys > 100 ? 1 : 40); seed++) {
		struct fm_question q;
		struct fm_question again;
		struct fm_question other;

		make_at(task, seed, 500000, &arena, &q);
		check_question(c, &q);
		make_at(task, seed, 500000, &arena, &again);
		assert_true(fm_span_equal(q.question, again.question));
		make_at(task, seed + 1000, 500000, &arena, &other);
		for (size_t i = 0; i < q.needle_count; i++) {
			assert_true(fm_span_equal(q.needles[i].text, again.needles[i].text));
			assert_int_equal(q.needles[i].depth_ppm, again.needles[i].depth_ppm);
			assert_false(fm_span_equal(q.needles[i].value, other.needles[i].value));
		}
		make_at(task, seed, FM_DEPTH_NONE, &arena, &q);
		check_question(c, &q);
		fm_arena_reset(&arena);
	}
	fm_arena_free(&arena);
	fm_task_close(task);
}

/* Each stratum of depth holds one needle, the target's own none but the target. */
static void test_strata(void **state)
{
	struct fm_task *task = task_open("multikey", 10, FM_CONTROL_NONE);
	struct fm_arena arena = {0};

	(void)state;
	for (uint32_t depth = 0; depth <= 1000000; depth += 100000) {
		struct fm_question q;
		unsigned seen[10] = {0};

		make_at(task, depth, depth, &arena, &q);
		assert_int_equal(q.needles[0].depth_ppm, depth);
		for (size_t i = 0; i < q.needle_count; i++) {
			const uint32_t stratum = q.needles[i].depth_ppm / 100000;

			seen[stratum < 10 ? stratum : 9]++;
		}
		for (size_t i = 0; i < 10; i++)
			assert_int_equal(seen[i], 1);
	}
	fm_arena_free(&arena);
	fm_task_close(task);
}

/* Wordings, subjects and keys are drawn: many trials do not look alike. */
static void test_variety(void **state)
{
	struct fm_task *task = task_open("niah", 0, FM_CONTROL_NONE);
	struct fm_arena arena = {0};
	struct fm_span first[200];
	size_t different = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 200; seed++) {
		struct fm_question q;
		bool fresh = true;

		make_at(task, seed, 0, &arena, &q);
		first[seed] = q.key;
		for (size_t i = 0; i < seed; i++)
			fresh = fresh && !fm_span_equal(first[i], q.key);
		different += fresh ? 1 : 0;
	}
	assert_true(different > 170);
	fm_arena_free(&arena);
	fm_task_close(task);
}

/* Several targets, each with a key, a value, a place and a question of its own. */
static void test_places(void **state)
{
	enum { COUNT = 1000 };
	struct fm_task *task = task_open("niah", 0, FM_CONTROL_NONE);
	struct fm_arena arena = {0};
	struct fm_place places[COUNT];
	const struct fm_make_spec spec = {.value_seed = 5, .places = places, .place_count = COUNT};
	struct fm_question q;
	struct fm_err err;

	(void)state;
	for (uint32_t i = 0; i < COUNT; i++)
		places[i] = (struct fm_place){i * 1000, i};
	assert_ok(fm_task_make(task, &spec, &arena, &q, &err), &err);
	assert_int_equal(q.needle_count, COUNT);
	assert_true(fm_span_equal(q.question, q.needles[0].question));
	for (size_t i = 0; i < COUNT; i++) {
		const struct fm_needle *needle = &q.needles[i];

		check_needle(needle);
		assert_int_equal(needle->role, FM_NEEDLE_TARGET);
		assert_int_equal(needle->depth_ppm, i * 1000);
		assert_int_equal(needle->more_tokens, i);
		assert_true(holds(needle->question, needle->key));
		for (size_t j = 0; j < i; j++) {
			assert_false(fm_span_equal(needle->key, q.needles[j].key));
			assert_false(fm_span_equal(needle->value, q.needles[j].value));
		}
	}
	fm_arena_free(&arena);
	fm_task_close(task);
}

int main(void)
{
	struct CMUnitTest tests[3 + FM_COUNT(cases)] = {
		cmocka_unit_test(test_strata),
		cmocka_unit_test(test_variety),
		cmocka_unit_test(test_places),
	};

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[3 + i] = (struct CMUnitTest){cases[i].name, test_make, NULL, NULL, &cases[i]};
	return cmocka_run_group_tests_name("task/make", tests, NULL, NULL) != 0;
}
