#include "haystack_support.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/macro.h"
#include "haystack/haystack_internal.h"
#include "text/escape.h"

/* All that lies before the last seam, in an arena. */
static struct fm_piece whole(const struct fm_haystack *hay)
{
	return fm_haystack_between(hay, (struct fm_seam){0},
	                           fm_haystack_seam(hay, fm_haystack_seam_count(hay) - 1));
}

static struct unit_case {
	const char *name;
	enum fm_corpus_unit unit;
	const char *counter;
} units[] = {
	{"seams of sentences",         FM_UNIT_SENTENCE,  "bytes/4" },
	{"seams of lines",             FM_UNIT_LINE,      "bytes/4" },
	{"seams of paragraphs",        FM_UNIT_PARAGRAPH, "bytes/4" },
	{"seams of another counter",   FM_UNIT_SENTENCE,  "bytes/3" },
	{"no seam where chapters end", FM_UNIT_SENTENCE,  "toy-gpt2"},
};

/* Every seam's numbers are true of the text before it, counted and escaped at once. */
static void test_seams(void **state)
{
	const struct unit_case *c = *state;
	struct ground g;
	struct fm_haystack *hay;
	struct fm_piece all;
	uint64_t count;

	ground_open(&g, c->unit, c->counter, 200000);
	hay = ground_lay(&g, 1, 20000);
	all = whole(hay);
	count = fm_haystack_seam_count(hay);
	assert_true(count > 64);
	assert_true(fm_haystack_seam(hay, count - 1 - 64).tokens >= 20000);
	for (uint64_t i = 0; i < count; i += 1 + i / 3) {
		const struct fm_seam seam = fm_haystack_seam(hay, i);
		const struct fm_span before = fm_span_first(all.raw, seam.raw);

		assert_int_equal(fm_counter_count(g.counter, before), seam.tokens);
		assert_int_equal(fm_escape_json_len(before), seam.escaped);
		assert_int_equal(fm_haystack_seam_before(hay, seam.tokens), i);
		if (i > 0)
			assert_int_equal(fm_haystack_seam_before(hay, seam.tokens - 1), i - 1);
	}
	assert_int_equal(fm_haystack_count(hay, all.raw), fm_haystack_seam(hay, count - 1).tokens);
	fm_haystack_close(hay);
	ground_close(&g);
}

static void test_escaped(void **state)
{
	struct ground g;
	struct fm_haystack *hay;
	struct fm_piece all;
	char *escaped;

	(void)state;
	ground_open(&g, FM_UNIT_SENTENCE, "bytes/4", 100000);
	hay = ground_lay(&g, 1, 10000);
	all = whole(hay);
	escaped = fm_arena_take(&g.arena, fm_escape_json_len(all.raw));
	fm_escape_json(all.raw, escaped);
	assert_true(fm_span_equal(fm_span_make(escaped, fm_escape_json_len(all.raw)), all.escaped));
	fm_haystack_close(hay);
	ground_close(&g);
}

/* A reader keeps what it has while another grows the files; the bytes before are the same. */
static void test_grow(void **state)
{
	const char *counter = *state;
	struct ground g;
	struct fm_haystack *small;
	struct fm_haystack *large;
	struct fm_haystack *again;
	struct fm_span kept;
	struct fm_span grown;

	ground_open(&g, FM_UNIT_SENTENCE, counter, 1000000);
	small = ground_lay(&g, 1, 1000);
	kept = fm_arena_copy(&g.arena, whole(small).raw);
	large = ground_lay(&g, 1, 100000);
	assert_true(fm_span_equal(kept, whole(small).raw));
	grown = whole(large).raw;
	assert_true(grown.len > kept.len);
	assert_true(fm_span_equal(kept, fm_span_first(grown, kept.len)));
	for (uint64_t i = 0; i < fm_haystack_seam_count(small); i++)
		assert_int_equal(fm_haystack_seam(small, i).tokens,
		                 fm_haystack_seam(large, i).tokens);
	again = ground_lay(&g, 1, 50000);
	assert_int_equal(fm_haystack_seam_count(again), fm_haystack_seam_count(large));
	fm_haystack_close(small);
	fm_haystack_close(large);
	fm_haystack_close(again);
	ground_close(&g);
}

/* Grown in steps or laid at once: the same files, byte for byte. */
static void test_steps(void **state)
{
	const char *counter = *state;
	struct ground g;
	struct ground h;
	struct fm_haystack *hay;
	struct fm_span a;
	struct fm_span b;
	struct fm_err err;

	ground_open(&g, FM_UNIT_SENTENCE, counter, 600000);
	ground_open(&h, FM_UNIT_SENTENCE, counter, 600000);
	for (uint64_t tokens = 500; tokens < 60000; tokens *= 3)
		fm_haystack_close(ground_lay(&g, 1, tokens));
	hay = ground_lay(&g, 1, 60000);
	fm_haystack_close(hay);
	fm_haystack_close(ground_lay(&h, 1, 60000));
	for (size_t i = 0; i < 3; i++) {
		static const char *const names[] = {"text", "text.esc", "idx-"};

		assert_ok(fm_file_read(cached(&g, names[i]), GROUND_BYTES_MAX, &g.arena, &a, &err),
		          &err);
		assert_ok(fm_file_read(cached(&h, names[i]), GROUND_BYTES_MAX, &h.arena, &b, &err),
		          &err);
		assert_true(fm_span_equal(a, b));
	}
	ground_close(&g);
	ground_close(&h);
}

/* Two tokenizers share one text, and neither shortens it for the other. */
static void test_two_counters(void **state)
{
	struct ground g;
	struct fm_counter *first;
	struct fm_counter *second;
	struct fm_haystack *a;
	struct fm_haystack *b;
	struct stat before;
	struct stat after;
	struct fm_err err;

	(void)state;
	ground_open(&g, FM_UNIT_SENTENCE, "bytes/4", 600000);
	a = ground_lay(&g, 1, 50000);
	assert_int_equal(stat(cached(&g, "text"), &before), 0);
	first = g.counter;
	assert_ok(fm_counter_open("bytes/2", NULL, &second, &err), &err);
	g.counter = second;
	b = ground_lay(&g, 1, 1000);
	assert_int_equal(stat(cached(&g, "text"), &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_true(fm_span_equal(whole(b).raw, fm_span_first(whole(a).raw, whole(b).raw.len)));
	fm_haystack_close(b);
	b = ground_lay(&g, 1, 150000);
	g.counter = first;
	fm_haystack_close(a);
	a = ground_lay(&g, 1, 50000);
	fm_haystack_close(a);
	fm_haystack_close(b);
	fm_counter_close(second);
	ground_close(&g);
}

static void overwrite(const char *path, off_t at, const char *bytes)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, strlen(bytes), at), strlen(bytes));
	fm_fd_close(&fd);
}

static struct damage {
	const char *name;
	const char *file;
	off_t at; /* -1: the file is removed; -2: cut in two */
} damages[] = {
	{"a changed index",        "idx-",     70   },
	{"a foreign index",        "idx-",     0    },
	{"a changed text",         "text",     5    },
	{"a changed escaped text", "text.esc", 9    },
	{"a byte in mid-text",     "text",     80000},
	{"in mid-escaped text",    "text.esc", 80000},
	{"no index",               "idx-",     -1   },
	{"no text",                "text",     -1   },
	{"no escaped text",        "text.esc", -1   },
	{"half an index",          "idx-",     -2   },
	{"half a text",            "text",     -2   },
	{"half an escaped text",   "text.esc", -2   },
};

/* Damaged files are made anew, with the bytes they had. */
static void test_damage(void **state)
{
	const struct damage *d = *state;
	struct ground g;
	struct fm_haystack *hay;
	struct fm_span raw;
	struct fm_span escaped;
	const char *path;

	ground_open(&g, FM_UNIT_SENTENCE, "bytes/4", 400000);
	hay = ground_lay(&g, 1, 40000);
	raw = fm_arena_copy(&g.arena, whole(hay).raw);
	escaped = fm_arena_copy(&g.arena, whole(hay).escaped);
	fm_haystack_close(hay);
	path = cached(&g, d->file);
	if (d->at == -1)
		assert_int_equal(unlink(path), 0);
	else if (d->at == -2)
		assert_int_equal(truncate(path, 40000), 0);
	else
		overwrite(path, d->at, "####");
	hay = ground_lay(&g, 1, 40000);
	assert_true(fm_span_equal(raw, whole(hay).raw));
	assert_true(fm_span_equal(escaped, whole(hay).escaped));
	fm_haystack_close(hay);
	ground_close(&g);
}

/* The index is lost and the text rotted where no index looks: laying compares every byte. */
static void test_rot(void **state)
{
	struct ground g;
	struct fm_haystack *hay;
	struct fm_span raw;

	(void)state;
	ground_open(&g, FM_UNIT_SENTENCE, "bytes/4", 800000);
	hay = ground_lay(&g, 1, 60000);
	raw = fm_arena_copy(&g.arena, whole(hay).raw);
	fm_haystack_close(hay);
	overwrite(cached(&g, "text"), 100000, "####");
	assert_int_equal(unlink(cached(&g, "idx-")), 0);
	hay = ground_lay(&g, 1, 60000);
	assert_true(fm_span_equal(raw, whole(hay).raw));
	fm_haystack_close(hay);
	ground_close(&g);
}

static void test_too_small(void **state)
{
	struct ground g;
	struct fm_haystack_spec spec;
	struct fm_haystack *hay = NULL;
	struct fm_haystack *rest;
	struct fm_err err;
	uint64_t tokens;

	(void)state;
	ground_open(&g, FM_UNIT_SENTENCE, "bytes/4", 10000);
	spec = ground_spec(&g, 1, 131072);
	for (int twice = 0; twice < 2; twice++) {
		assert_int_equal(fm_haystack_open(&spec, &hay, &err), FM_E_LIMIT);
		assert_null(hay);
		assert_non_null(strstr(err.text, " tokens, 131,072 are needed: "));
		assert_non_null(
			strstr(err.text,
		               " too few; use --wrap (in a plan, wrap: true) or a shorter length"));
	}
	rest = ground_lay(&g, 1, 100);
	tokens = fm_haystack_seam(rest, fm_haystack_seam_count(rest) - 1).tokens;
	fm_haystack_close(rest);
	/* To the last token it is enough. */
	fm_haystack_close(ground_lay(&g, 1, tokens));
	spec.tokens_min = tokens + 1;
	assert_int_equal(fm_haystack_open(&spec, &hay, &err), FM_E_LIMIT);
	assert_non_null(strstr(err.text, ": 1 too few"));
	ground_close(&g);
}

/* Ten to the fifteenth tokens fit on no disk: nothing is laid, and a smaller one still is. */
static void test_full(void **state)
{
	struct ground g;
	struct fm_corpus_spec endless = {.unit = FM_UNIT_SENTENCE, .wrap = true};
	struct fm_haystack_spec spec;
	struct fm_haystack *hay = NULL;
	struct fm_err err;

	(void)state;
	ground_open(&g, FM_UNIT_SENTENCE, "bytes/4", 50000);
	fm_corpus_close(g.corpus);
	g.corpus = NULL;
	endless.name = fm_arena_format(&g.arena, "%s/text.txt", g.folder);
	assert_ok(fm_corpus_open(&endless, &g.corpus, &err), &err);
	spec = ground_spec(&g, 1, UINT64_C(1000000000000000));
	for (int laid = 0; laid < 2; laid++) {
		assert_int_equal(fm_haystack_open(&spec, &hay, &err), FM_E_FULL);
		assert_null(hay);
		assert_non_null(strstr(err.text, "of 1,000,000,000,000,000 tokens takes about "));
		assert_non_null(strstr(err.text, " GB are free: choose shorter lengths, or set "));
		assert_int_equal(cached(&g, "text") != NULL, laid);
		assert_int_equal(cached(&g, "idx-") != NULL, laid);
		fm_haystack_close(ground_lay(&g, 1, 5000)); /* the second estimate is from it */
	}
	spec.tokens_min = UINT64_MAX;
	assert_int_equal(fm_haystack_open(&spec, &hay, &err), FM_E_FULL);
	ground_close(&g);
}

/* What killed writers left goes when the next one comes, whosever index it was to become. */
static void test_parts(void **state)
{
	struct ground g;
	struct fm_err err;
	const char *folder;
	size_t len;

	(void)state;
	ground_open(&g, FM_UNIT_SENTENCE, "bytes/4", 50000);
	fm_haystack_close(ground_lay(&g, 1, 100));
	folder = cached(&g, "users");
	len = strlen(folder) - strlen("/users");
	assert_ok(fm_file_replace(fm_arena_format(&g.arena, "%.*s/idx-0.part", (int)len, folder),
	                          fm_span_of("x"), &err),
	          &err);
	fm_haystack_close(ground_lay(&g, 1, 100));
	assert_non_null(cached(&g, "idx-0.part")); /* nothing was missing: no lock was taken */
	fm_haystack_close(ground_lay(&g, 1, 5000));
	assert_null(cached(&g, "idx-0.part"));
	assert_non_null(cached(&g, "idx-"));
	ground_close(&g);
}

static void test_io(void **state)
{
	struct ground g;
	struct fm_haystack_spec spec;
	struct fm_haystack *hay = NULL;
	struct fm_err err;

	(void)state;
	ground_open(&g, FM_UNIT_SENTENCE, "bytes/4", 10000);
	spec = ground_spec(&g, 1, 100);
	spec.cache_folder = "/dev/null/fathom";
	assert_int_equal(fm_haystack_open(&spec, &hay, &err), FM_E_IO);
	assert_null(hay);
	spec.cache_folder = "/dev/full/fathom";
	assert_int_equal(fm_haystack_open(&spec, &hay, &err), FM_E_IO);
	ground_close(&g);
}

static int other_lock = -1; /* of a process that lays, until the cache is removed */
static bool users_stay;     /* the file of users is the last one to go */

static void remove_cache(const char *path)
{
	struct fm_arena arena = {0};
	struct fm_err err;
	const char **names;
	size_t count;

	assert_ok(fm_folder_list(path, &arena, &names, &count, &err), &err);
	if (users_stay)
		assert_int_equal(link(fm_arena_format(&arena, "%s/users", path),
		                      fm_arena_format(&arena, "%s/../../kept", path)),
		                 0);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(unlink(fm_arena_format(&arena, "%s/%s", path, names[i])), 0);
	assert_int_equal(rmdir(path), 0);
	fm_fd_close(&other_lock);
	fm_arena_free(&arena);
}

/* The cache may be deleted at any time, while it is grown too: it is laid again. */
static void check_removed_meanwhile(void)
{
	struct ground g;
	struct fm_haystack_spec spec;
	struct fm_haystack *hay = NULL;
	struct fm_err err;

	ground_open(&g, FM_UNIT_SENTENCE, "bytes/4", 50000);
	fm_haystack_close(ground_lay(&g, 1, 1000));
	assert_ok(fm_file_lock(cached(&g, "lock"), false, &other_lock, &err), &err);
	spec = ground_spec(&g, 1, 9000);
	spec.waits = remove_cache;
	assert_ok(fm_haystack_open(&spec, &hay, &err), &err);
	assert_int_equal(other_lock, -1);
	assert_non_null(cached(&g, "text"));
	fm_haystack_close(hay);
	ground_close(&g);
}

static void test_removed_meanwhile(void **state)
{
	(void)state;
	users_stay = false;
	check_removed_meanwhile();
	users_stay = true;
	check_removed_meanwhile();
}

int main(void)
{
	static char bytes[] = "bytes/4";
	static char no_seam_at_chapters[] = "toy-gpt2";
	struct CMUnitTest tests[12 + FM_COUNT(units) + FM_COUNT(damages)] = {
		cmocka_unit_test(test_escaped),
		cmocka_unit_test(test_removed_meanwhile),
		cmocka_unit_test(test_two_counters),
		cmocka_unit_test(test_rot),
		cmocka_unit_test(test_too_small),
		cmocka_unit_test(test_io),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_parts),
		cmocka_unit_test_prestate(test_grow, bytes),
		cmocka_unit_test_prestate(test_grow, no_seam_at_chapters),
		cmocka_unit_test_prestate(test_steps, bytes),
		cmocka_unit_test_prestate(test_steps, no_seam_at_chapters),
	};
	size_t count = 12;

	for (size_t i = 0; i < FM_COUNT(units); i++)
		tests[count++] =
			(struct CMUnitTest){units[i].name, test_seams, NULL, NULL, &units[i]};
	for (size_t i = 0; i < FM_COUNT(damages); i++)
		tests[count++] =
			(struct CMUnitTest){damages[i].name, test_damage, NULL, NULL, &damages[i]};
	return cmocka_run_group_tests_name("haystack/haystack", tests, NULL, NULL) != 0;
}
