#include "toy_tokenizer.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/macro.h"
#include "base/rng.h"
#include "cli/haystack_recount.h"
#include "token/counter.h"

static const char text[] = "The river ran in a. I and the river or not on the river.\n\n"
			   "The 1834 Number. and the of over in on a river. the the the.\n"
			   "I not Number 12 over the. The end in river and not.";

static char folder[] = "/tmp/fathom-recount-XXXXXX";

static struct fm_counter *open_counter(const char *name, struct fm_arena *arena)
{
	const char *cache = fm_arena_format(arena, "%s/cache", folder);
	const struct fm_counter_place place = {.cache_folder = cache};
	struct fm_counter *counter = NULL;
	struct fm_err err;

	if (strcmp(name, "toy") == 0) {
		name = fm_arena_format(arena, "%s/tokenizer.json", folder);
		toy_tokenizer_write(name);
	} else if (strcmp(name, "toy-gpt2") == 0) {
		name = fm_arena_format(arena, "%s/gpt2.json", folder);
		toy_gpt2_write(name);
	}
	if (fm_counter_open(name, &place, &counter, &err) != FM_OK)
		fail_msg("%s", err.text);
	return counter;
}

/* Pieces cut anywhere, and marks where the text has seams: each has the count of what is before. */
static void test_recount(void **state)
{
	const char *name = *state;
	const size_t len = sizeof text - 1;
	struct fm_arena arena = {0};
	struct fm_counter *counter = open_counter(name, &arena);
	struct fm_rng rng = fm_rng_make(3);

	for (int round = 0; round < 50; round++) {
		struct fm_recount_mark marks[sizeof text];
		struct fm_span pieces[sizeof text];
		size_t mark_count = 0;
		size_t piece_count = 0;
		uint64_t tokens = 0;
		struct fm_err err;

		for (size_t at = 0; at < len;) {
			const size_t more = 1 + fm_rng_below(&rng, round < 5 ? 1000 : 40);
			const size_t part = more < len - at ? more : len - at;

			pieces[piece_count++] = fm_span_make(text + at, part);
			at += part;
		}
		for (size_t at = 0; at <= len; at++)
			if (at == 0 || at == len ||
			    fm_counter_adds_up(counter, fm_span_make(text, at),
			                       fm_span_make(text + at, len - at)))
				marks[mark_count++].at_bytes = at;
		assert_true(mark_count > 10);
		const struct fm_recount_text whole = {pieces, piece_count};

		assert_int_equal(fm_recount(counter, &whole, marks, mark_count, &tokens, &err),
		                 FM_OK);
		assert_int_equal(tokens, fm_counter_count(counter, fm_span_make(text, len)));
		for (size_t i = 0; i < mark_count; i++) {
			const struct fm_span before = fm_span_make(text, marks[i].at_bytes);

			assert_int_equal(marks[i].tokens, fm_counter_count(counter, before));
			assert_false(marks[i].inside_token);
		}
	}
	fm_counter_close(counter);
	fm_arena_free(&arena);
}

/* A needle that began in the middle of a token would not be where it is told to be. */
static void test_inside(void **state)
{
	struct fm_arena arena = {0};
	struct fm_counter *counter = open_counter("toy", &arena);
	const struct fm_span piece = fm_span_of("a river");
	const struct fm_recount_text whole = {&piece, 1};
	struct fm_recount_mark mark = {.at_bytes = 4};
	uint64_t tokens = 0;
	struct fm_err err;

	(void)state;
	assert_int_equal(fm_recount(counter, &whole, &mark, 1, &tokens, &err), FM_OK);
	assert_int_equal(tokens, 2);
	assert_true(mark.inside_token);
	fm_counter_close(counter);
	fm_arena_free(&arena);
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
	struct fm_arena arena = {0};
	const char *command = fm_arena_format(&arena, "rm -r %s", folder);
	const int rc = system(command);

	(void)state;
	fm_arena_free(&arena);
	return rc;
}

int main(void)
{
	static char toy[] = "toy";
	static char gpt2[] = "toy-gpt2";
	static char bytes[] = "bytes/4";
	const struct CMUnitTest tests[] = {
		{"toy",      test_recount, NULL, NULL, toy  },
		{"toy-gpt2", test_recount, NULL, NULL, gpt2 },
		{"bytes/4",  test_recount, NULL, NULL, bytes},
		cmocka_unit_test(test_inside),
	};

	return cmocka_run_group_tests_name("cli/haystack_recount", tests, make_folder,
	                                   remove_folder) != 0;
}
