#include "store_support.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/macro.h"
#include "store/history.h"

/* A run whose journal was last changed so many seconds after 1970. */
static void make_run(struct place *place, const char *name, const char *file, int64_t seconds)
{
	const char *folder = fm_arena_format(&place->arena, "%s/%s", place->root, name);
	const char *path = fm_arena_format(&place->arena, "%s/%s", folder, file);
	const struct timespec times[2] = {{.tv_sec = seconds}, {.tv_sec = seconds}};
	struct fm_err err;

	assert_int_equal(fm_folder_make(folder, &err), FM_OK);
	assert_int_equal(fm_file_replace(path, fm_span_of("x"), &err), FM_OK);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void make_runs(struct place *place)
{
	make_run(place, "old", "journal.jsonl", 1000);
	make_run(place, "scout-1m", "journal.jsonl", 3000);
	make_run(place, "sealed", "journal.jsonl.zst", 2000);
	make_run(place, "also-old", "journal.jsonl", 1000);
	make_run(place, "no-run", "notes.txt", 4000);
}

static void test_list(void **state)
{
	static const char *const want[] = {"scout-1m", "sealed", "also-old", "old"};
	struct place place = place_open();
	struct fm_run_about *runs;
	struct fm_err err;
	size_t count;

	(void)state; /* one test, no cases */
	make_runs(&place);
	assert_int_equal(fm_runs_list(place.root, &place.arena, &runs, &count, &err), FM_OK);
	assert_int_equal(count, FM_COUNT(want));
	for (size_t i = 0; i < count; i++)
		assert_string_equal(runs[i].name, want[i]);
	assert_int_equal(runs[0].modified_ns, INT64_C(3000000000000));
	assert_true(fm_span_ends(fm_span_of(runs[1].folder), "/sealed"));
	assert_int_equal(fm_runs_list("/nowhere", &place.arena, &runs, &count, &err), FM_OK);
	assert_int_equal(count, 0);
	place_close(&place);
}

static struct find_case {
	const char *name, *asked; /* "@" stands for the folder of the runs */
	enum fm_code code;
	const char *want; /* the end of the folder, or the error */
} finds[] = {
	{"newest",         NULL,       FM_OK,      "/scout-1m"                                   },
	{"by name",        "old",      FM_OK,      "/old"					},
	{"by path",        "@/sealed", FM_OK,      "/sealed"                                     },
	{"by path, slash", "@/old/",   FM_OK,      "/old/"                                       },
	{"nearest",        "scuot-1m", FM_E_USAGE, "no run 'scuot-1m' (did you mean 'scout-1m'?)"},
	{"none near",      "zzz",      FM_E_USAGE, "no run 'zzz'; `fathom show` lists them"      },
	{"no run there",   "@/no-run", FM_E_USAGE, "/no-run': it has no journal.jsonl"           },
};

static void test_find(void **state)
{
	const struct find_case *c = *state;
	struct place place = place_open();
	const char *asked = c->asked;
	const char *folder = NULL;
	struct fm_err err = {0};

	make_runs(&place);
	if (asked != NULL && asked[0] == '@')
		asked = fm_arena_format(&place.arena, "%s%s", place.root, asked + 1);
	assert_int_equal(fm_runs_find(place.root, asked, &place.arena, &folder, &err), c->code);
	if (c->code == FM_OK)
		assert_true(fm_span_ends(fm_span_of(folder), c->want));
	else if (!fm_span_ends(fm_span_of(err.text), c->want))
		fail_msg("%s", err.text);
	place_close(&place);
}

static void test_none(void **state)
{
	struct place place = place_open();
	const char *folder;
	struct fm_err err = {0};

	(void)state; /* one test, no cases */
	assert_int_equal(fm_runs_find(place.root, NULL, &place.arena, &folder, &err), FM_E_USAGE);
	assert_true(fm_span_starts(fm_span_of(err.text), "no run yet in "));
	place_close(&place);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(finds) + 2];

	for (size_t i = 0; i < FM_COUNT(finds); i++)
		tests[i] = (struct CMUnitTest){finds[i].name, test_find, NULL, NULL, &finds[i]};
	tests[FM_COUNT(finds)] = (struct CMUnitTest)cmocka_unit_test(test_list);
	tests[FM_COUNT(finds) + 1] = (struct CMUnitTest)cmocka_unit_test(test_none);
	return cmocka_run_group_tests_name("store/runs", tests, NULL, NULL) != 0;
}
