#include "haystack_support.h"

#include "base/macro.h"

static void test_clear(void **state)
{
	const struct fm_laid_choice all = {0};
	struct fm_laid_cleared cleared;
	struct ground g;
	struct fm_haystack *hay;
	struct fm_err err;
	const char *folder;

	(void)state;
	ground_open(&g, FM_UNIT_SENTENCE, "bytes/4", 50000);
	assert_ok(fm_laid_clear(g.cache, &all, &cleared, &err), &err); /* nothing there yet */
	hay = ground_lay(&g, 1, 5000);
	assert_ok(fm_laid_clear(g.cache, &all, &cleared, &err), &err);
	assert_non_null(cached(&g, "text")); /* someone has it open */
	assert_int_equal(cleared.count, 0);
	assert_int_equal(cleared.in_use, 1);
	fm_haystack_close(hay);
	fm_haystack_close(ground_lay(&g, 2, 5000));
	assert_ok(fm_laid_clear(g.cache, &all, &cleared, &err), &err);
	hay = ground_lay(&g, 3, 5000);
	assert_non_null(cached(&g, "text")); /* the others' folders are gone */
	fm_haystack_close(hay);
	assert_ok(fm_laid_clear(g.cache, &all, &cleared, &err), &err);
	folder = fm_arena_format(&g.arena, "%s/haystack/of-no-bytes", g.cache);
	assert_ok(fm_folder_make(folder, &err), &err);
	assert_ok(fm_file_replace(fm_arena_format(&g.arena, "%s/users", folder),
	                          (struct fm_span){0}, &err),
	          &err);
	assert_ok(fm_laid_clear(g.cache, &all, &cleared, &err), &err);
	assert_int_equal(cleared.count, 1);
	assert_false(fm_folder_exists(folder));
	ground_close(&g);
}

/* Until no more are left than may be: the one that was used longest ago goes first. */
static void test_least_used_goes(void **state)
{
	struct fm_laid_choice choice = {0};
	struct fm_laid_cleared cleared;
	struct fm_laid *list;
	struct ground g;
	struct fm_err err;
	size_t count;

	(void)state;
	ground_open(&g, FM_UNIT_SENTENCE, "bytes/4", 50000);
	for (uint64_t seed = 1; seed <= 3; seed++)
		fm_haystack_close(ground_lay(&g, seed, 5000));
	fm_haystack_close(ground_lay(&g, 1, 5000));
	assert_ok(fm_laid_list(g.cache, &g.arena, &list, &count, &err), &err);
	assert_int_equal(count, 3);
	assert_string_equal(list[0].corpus, list[2].corpus);
	choice.keep_bytes = list[0].bytes + list[1].bytes;
	assert_ok(fm_laid_clear(g.cache, &choice, &cleared, &err), &err);
	assert_int_equal(cleared.count, 1);
	assert_int_equal(cleared.bytes, list[2].bytes);
	choice.keep_bytes = 0;
	choice.corpus = "another";
	assert_ok(fm_laid_clear(g.cache, &choice, &cleared, &err), &err);
	assert_int_equal(cleared.count, 0);
	choice.corpus = list[0].corpus;
	assert_ok(fm_laid_clear(g.cache, &choice, &cleared, &err), &err);
	assert_int_equal(cleared.count, 2);
	ground_close(&g);
}

static struct max_case {
	const char *asked; /* NULL: nothing is said */
	uint64_t want;     /* 0: refused */
} maxima[] = {
	{NULL,   FM_LAID_BYTES_MAX_PRESET},
	{"50G",  UINT64_C(50000000000)   },
	{"1",    1		       },
	{"much", 0		       },
	{"-1",   0		       },
	{"",     FM_LAID_BYTES_MAX_PRESET},
};

static void test_bytes_max(void **state)
{
	(void)state;
	for (size_t i = 0; i < FM_COUNT(maxima); i++) {
		const struct max_case *c = &maxima[i];
		uint64_t bytes = 0;
		struct fm_err err;
		enum fm_code rc;

		if (c->asked == NULL)
			assert_int_equal(unsetenv("FATHOM_CACHE_MAX"), 0);
		else
			assert_int_equal(setenv("FATHOM_CACHE_MAX", c->asked, 1), 0);
		rc = fm_laid_bytes_max(&bytes, &err);
		assert_int_equal(rc, c->want == 0 ? FM_E_USAGE : FM_OK);
		if (c->want > 0)
			assert_int_equal(bytes, c->want);
	}
	assert_int_equal(unsetenv("FATHOM_CACHE_MAX"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clear),
		cmocka_unit_test(test_least_used_goes),
		cmocka_unit_test(test_bytes_max),
	};

	return cmocka_run_group_tests_name("haystack/laid", tests, NULL, NULL) != 0;
}
