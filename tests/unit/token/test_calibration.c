#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/macro.h"
#include "base/rng.h"
#include "token/calibration.h"
#include "token/counter.h"

#define PPB 1000000000

static struct fit_case {
	const char *name;
	struct fm_calibration_sample samples[6];
	size_t count;
	bool framed;
	uint64_t factor_ppb;
	uint64_t framing;
	uint32_t error_ppm;
} fits[] = {
	{"a ratio",				{{1000, 1300}, {2000, 2600}, {40000, 52000}}, 3, false, 1300000000, 0,  1     },
	{"a ratio, a frame asked for",
         {{1000, 1300}, {2000, 2600}, {40000, 52000}},
         3,                                                                                         true,
         1300000000,                                                                                                   0,
         1														       },
	{"a ratio and a frame",
         {{1000, 762}, {8000, 6012}, {64000, 48012}},
         3,                                                                                         true,
         750000000,                                                                                                    12,
         1														       },
	{"a frame nobody asked for",
         {{100, 112}, {200, 212}, {300, 312}},
         3,                                                                                         false,
         1060000000,                                                                                                   0,
         132582														  },
	{"no frame out of one length",
         {{100, 112}, {100, 112}, {100, 112}, {100, 112}},
         4,                                                                                         true,
         1120000000,                                                                                                   0,
         1														       },
	{"nor out of two",                         {{100, 112}, {200, 212}, {200, 212}},         3, true,  1072000000, 0,  103662},
	{"nor out of near ones",
         {{100, 112}, {110, 122}, {120, 132}},
         3,                                                                                         true,
         1109090909,                                                                                                   0,
         40563														   },
	{"a frame is no less than none",
         {{1000, 1290}, {8000, 10390}, {64000, 83190}},
         3,                                                                                         true,
         1299589041,                                                                                                   0,
         16524														   },
	{"short ones miss by more than long ones",
         {{1000, 1010}, {1000, 990}, {64000, 64000}, {64000, 64000}},
         4,                                                                                         false,
         1000000000,                                                                                                   0,
         30006														   },
	{"the worst that the others say",
         {{1000, 1000}, {1000, 1000}, {1000, 1100}},
         3,                                                                                         false,
         1033333333,                                                                                                   0,
         199482														  },
};

static void test_fit(void **state)
{
	const struct fit_case *c = *state;
	struct fm_calibration fit;
	struct fm_err err;

	assert_int_equal(fm_calibration_fit(c->samples, c->count, c->framed, &fit, &err), FM_OK);
	assert_int_equal(fit.factor_ppb, c->factor_ppb);
	assert_int_equal(fit.framing_tokens, c->framing);
	assert_int_equal(fit.error_ppm, c->error_ppm);
	assert_int_equal(fit.sample_count, c->count);
}

/* Counts by chance around a factor and a frame: both are found again, and the error is theirs. */
static void test_noise(void **state)
{
	struct fm_rng rng = fm_rng_make(11);
	struct fm_calibration_sample samples[200];
	struct fm_calibration fit;
	struct fm_err err;

	(void)state;
	for (size_t i = 0; i < FM_COUNT(samples); i++) {
		const uint64_t ours = fm_rng_between(&rng, 1000, 1000000);
		const uint64_t noise_ppm = fm_rng_between(&rng, 997000, 1003000);

		samples[i].ours = ours;
		samples[i].theirs = 25 + ours * 13 / 10 * noise_ppm / 1000000;
	}
	assert_int_equal(fm_calibration_fit(samples, FM_COUNT(samples), true, &fit, &err), FM_OK);
	assert_in_range(fit.factor_ppb, 1299000000, 1301000000);
	assert_in_range(fit.framing_tokens, 15, 35);
	assert_in_range(fit.error_ppm, 4500, 6000);
	assert_in_range(fit.mean_error_ppm, 1000, 2000);
}

static void test_refused(void **state)
{
	static const struct {
		struct fm_calibration_sample last;
		size_t count;
		enum fm_code want;
	} rows[] = {
		{{10, 10},			    2,			      FM_E_USAGE},
		{{0, 10},			     3,			      FM_E_USAGE},
		{{10, 0},			     3,			      FM_E_USAGE},
		{{10, 800},                           3,                              FM_E_USAGE},
		{{FM_CALIBRATION_TOKENS_MAX + 1, 10}, 3,                              FM_E_LIMIT},
		{{10, 10},			    FM_CALIBRATION_SAMPLES_MAX + 1, FM_E_LIMIT},
	};
	struct fm_calibration fit;
	struct fm_err err;

	(void)state;
	for (size_t i = 0; i < FM_COUNT(rows); i++) {
		const struct fm_calibration_sample samples[] = {
			{10, 10},
                        {10, 10},
                        rows[i].last
                };

		assert_int_equal(fm_calibration_fit(samples, rows[i].count, false, &fit, &err),
		                 rows[i].want);
	}
}

static struct {
	char path[64];
	struct fm_arena arena;
} ground;

static int open_ground(void **state)
{
	int fd;

	(void)state;
	(void)snprintf(ground.path, sizeof ground.path, "/tmp/fathom-calibration-XXXXXX");
	fd = mkstemp(ground.path);
	assert_true(fd >= 0);
	fm_fd_close(&fd);
	return 0;
}

static int close_ground(void **state)
{
	(void)state;
	(void)unlink(ground.path); /* a test's own file */
	fm_arena_free(&ground.arena);
	return 0;
}

static void write_file(const struct fm_calibration *calibration, const char *name)
{
	struct fm_calibration_words words = {.name = name, .fitted_on = "12 texts of a test"};
	struct fm_counter *base = NULL;
	struct fm_buf buf;
	struct fm_err err;

	assert_int_equal(fm_counter_open("bytes/4", NULL, &base, &err), FM_OK);
	words.base = base;
	fm_buf_init(&buf, 4096);
	fm_calibration_write(calibration, &words, &buf);
	assert_true(fm_calibration_is(fm_buf_span(&buf)));
	assert_int_equal(fm_file_replace(ground.path, fm_buf_span(&buf), &err), FM_OK);
	fm_buf_free(&buf);
	fm_counter_close(base);
}

static struct fm_counter *open_file(void)
{
	struct fm_counter *counter = NULL;
	struct fm_err err;

	if (fm_calibration_open(ground.path, NULL, &counter, &err) != FM_OK)
		fail_msg("%s", err.text);
	return counter;
}

static void test_counter(void **state)
{
	const struct fm_calibration fit = {.factor_ppb = 1500000000, .error_ppm = 3210};
	const struct fm_span text = fm_span_of("The river ran under the grey bridge.");
	struct fm_counter *counter;
	struct fm_id digest;

	(void)state;
	write_file(&fit, "theirs");
	counter = open_file();
	digest = fm_counter_digest(counter);
	assert_string_equal(fm_counter_name(counter), "theirs");
	assert_string_equal(fm_counter_name(fm_counter_base(counter)), "bytes/4");
	assert_true(fm_counter_base(fm_counter_base(counter)) == fm_counter_base(counter));
	assert_int_equal(fm_counter_error_ppm(counter), 3210);
	assert_int_equal(fm_counter_count(fm_counter_base(counter), text), 10);
	assert_int_equal(fm_counter_count(counter, text), 15);
	assert_false(fm_counter_adds_up(counter, text, fm_span_of(" It")));
	assert_false(fm_counter_has_ids(counter));
	assert_int_equal(fm_counter_unit_words(counter), 0);
	fm_counter_close(counter);
	/* Its digest is of what it counts, not of its name or of how good the fit was. */
	write_file(&(struct fm_calibration){.factor_ppb = 1500000000, .error_ppm = 1}, "others");
	counter = open_file();
	assert_true(fm_id_equal(fm_counter_digest(counter), digest));
	fm_counter_close(counter);
	write_file(&(struct fm_calibration){.factor_ppb = 1500000001, .error_ppm = 1}, "others");
	counter = open_file();
	assert_false(fm_id_equal(fm_counter_digest(counter), digest));
	fm_counter_close(counter);
}

static void test_lengths(void **state)
{
	static const uint64_t factors[] = {10000000,   300000000,  731234567,  999999999,
	                                   1000000000, 1000000001, 1312345678, 2500000000};
	struct fm_rng rng = fm_rng_make(5);
	struct fm_counter *base = NULL;
	struct fm_err err;

	(void)state;
	assert_int_equal(fm_counter_open("bytes/4", NULL, &base, &err), FM_OK);
	assert_int_equal(fm_counter_to_own(base, 12345), 12345);
	assert_int_equal(fm_counter_from_own(base, 12345), 12345);
	fm_counter_close(base);
	for (size_t i = 0; i < FM_COUNT(factors); i++) {
		struct fm_counter *counter;

		write_file(&(struct fm_calibration){.factor_ppb = factors[i]}, "theirs");
		counter = open_file();
		for (unsigned k = 0; k < 2000; k++) {
			const uint64_t own = fm_rng_below(&rng, UINT64_C(1) << (1 + k % 40));
			const uint64_t ours = fm_counter_from_own(counter, own);
			const uint64_t back = fm_counter_to_own(counter, ours);
			const uint64_t off = back > own ? back - own : own - back;

			assert_true(fm_counter_from_own(counter, own + 1) >= ours);
			assert_true(fm_counter_to_own(counter, ours + 1) >= back);
			assert_true(factors[i] <= PPB ? off == 0
			                              : off <= (factors[i] / 2 + PPB - 1) / PPB);
		}
		fm_counter_close(counter);
	}
}

static struct file_case {
	const char *name, *text, *want;
} files[] = {
	{"no object",            "[1]",							   "not a calibration"         },
	{"cut short",            "{\"fathom_calibration\":1,",                                    ""                          },
	{"another file",         "{\"version\":\"1.0\"}",                                         "not a calibration"         },
	{"another version",      "{\"fathom_calibration\":3}",                                    "a calibration of version 3"},
	{"no name",              "{\"fathom_calibration\":1,\"base\":\"bytes/4\"}",               "has no name"               },
	{"no base",              "{\"fathom_calibration\":1,\"name\":\"x\"}",                     "names no base"             },
	{"no digest",
         "{\"fathom_calibration\":1,\"name\":\"x\",\"base\":\"bytes/4\",\"base_digest\":\"12\"}", "names no base"             },
	{"no factor",
         "{\"fathom_calibration\":1,\"name\":\"x\",\"base\":\"bytes/4\","
         "\"base_digest\":\"00000000000000000000000000000001\"}",                                 "factor_ppb is not"         },
	{"a factor of none",
         "{\"fathom_calibration\":1,\"name\":\"x\",\"base\":\"bytes/4\",\"factor_ppb\":0,"
         "\"base_digest\":\"00000000000000000000000000000001\"}",                                 "factor_ppb is not"         },
	{"no error",
         "{\"fathom_calibration\":1,\"name\":\"x\",\"base\":\"bytes/4\",\"factor_ppb\":1000000000,"
         "\"base_digest\":\"00000000000000000000000000000001\"}",                                 "no error_ppm"              },
	{"prices without units",
         "{\"fathom_calibration\":2,\"name\":\"x\",\"base\":\"bytes/4\",\"factor_ppb\":1000000000,"
         "\"error_ppm\":5,\"base_digest\":\"00000000000000000000000000000001\",\"prices\":[1]}",  "two lists of one length"   },
	{"a price that is text",
         "{\"fathom_calibration\":2,\"name\":\"x\",\"base\":\"bytes/4\",\"factor_ppb\":1000000000,"
         "\"error_ppm\":5,\"base_digest\":\"00000000000000000000000000000001\",\"units\":[\" a\"],"
         "\"prices\":[\"1\"]}",                                                                   "its price no number"       },
	{"two units in one",
         "{\"fathom_calibration\":2,\"name\":\"x\",\"base\":\"bytes/4\",\"factor_ppb\":1000000000,"
         "\"error_ppm\":5,\"base_digest\":\"00000000000000000000000000000001\",\"units\":[\" a "
         "b\"],"
         "\"prices\":[1]}",                                                                       "more than one unit"        },
	{"another base",
         "{\"fathom_calibration\":1,\"name\":\"x\",\"base\":\"bytes/4\",\"factor_ppb\":1000000000,"
         "\"error_ppm\":5,\"base_digest\":\"00000000000000000000000000000001\"}",                 "is asked for"              },
};

static void test_file(void **state)
{
	const struct file_case *c = *state;
	struct fm_counter *counter = NULL;
	struct fm_err err;

	assert_int_equal(fm_file_replace(ground.path, fm_span_of(c->text), &err), FM_OK);
	assert_true(fm_calibration_open(ground.path, NULL, &counter, &err) ==
	            (strcmp(c->name, "another base") == 0 ? FM_E_CHANGED : FM_E_FORMAT));
	assert_non_null(strstr(err.text, c->want));
	assert_non_null(strstr(err.text, ground.path));
	assert_null(counter);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(fits) + FM_COUNT(files) + 4] = {
		cmocka_unit_test(test_noise), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_counter), cmocka_unit_test(test_lengths)};
	size_t count = 4;

	for (size_t i = 0; i < FM_COUNT(fits); i++)
		tests[count++] = (struct CMUnitTest){fits[i].name, test_fit, NULL, NULL, &fits[i]};
	for (size_t i = 0; i < FM_COUNT(files); i++)
		tests[count++] =
			(struct CMUnitTest){files[i].name, test_file, NULL, NULL, &files[i]};
	return cmocka_run_group_tests_name("token/calibration", tests, open_ground, close_ground) !=
	       0;
}
