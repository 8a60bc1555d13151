#include "test.h"

#include <stdio.h>

#include "base/buf.h"
#include "sweep/depths.h"

/* A text and the depths in ppm that it is, or what is said of it. */
static struct depths_case {
	const char *name;
	const char *text;
	const char *want;
} cases[] = {
	{"one",		     "12.5%",                 "125000"						       },
	{"range",		   "0..100/25",             "0 250000 500000 750000 1000000"                               },
	{"range and list, tidied",  "60,20..70/25,45",       "200000 450000 600000 700000"                                  },
	{"linear",                  "linear/5",              "0 250000 500000 750000 1000000"                               },
	{"linear, rounded",         "linear/4",              "0 333333 666667 1000000"                                      },
	{"edges",		   "edges/16",
         "500 2154 9283 40000 142222 244444 346666 448888 551111 653333 755555 857777 960000 "
         "990717 997846 999500"											     },
	{"sigmoid of 2",            "sigmoid/2",             "0 1000000"						    },
	{"grid and share",          "linear/2, 99",          "0 990000 1000000"                                             },
	{"typo",		    "sigmod/35",             "'sigmod/35' is no grid of depths (did you mean 'sigmoid/35'?)"},
	{"too few",                 "edges/7",
         "'edges/7': a grid says how many depths, from 8 to 1024, such as edges/35"                                         },
	{"too many",                "linear/1025",
         "'linear/1025': a grid says how many depths, from 2 to 1024, such as linear/35"                                    },
	{"more than there is room", "linear/1000,edges/100", "more than 1024 depths"                                        },
	{"over a hundred",          "0..110/10",
         "'0..110/10' is not a share such as 50 or 12.5%, a list of them, a range such as "
         "0..100/10, or linear/11, sigmoid/35 or edges/16"								  },
	{"below",		   "-1",
         "'-1' is not a share such as 50 or 12.5%, a list of them, a range such as 0..100/10, or "
         "linear/11, sigmoid/35 or edges/16"										},
	{"nothing",                 "",
         "'' is not a share such as 50 or 12.5%, a list of them, a range such as 0..100/10, or "
         "linear/11, sigmoid/35 or edges/16"										},
};

static void test_case(void **state)
{
	const struct depths_case *c = *state;
	struct fm_depths depths = {0};
	struct fm_err err = {0};
	struct fm_buf got;

	fm_buf_init(&got, 4096);
	if (fm_depths_add(&depths, fm_span_of(c->text), &err) != FM_OK) {
		assert_string_equal(err.text, c->want);
		assert_int_equal(depths.count, 0);
		fm_buf_free(&got);
		return;
	}
	fm_depths_tidy(&depths);
	for (size_t i = 0; i < depths.count; i++)
		fm_buf_putf(&got, "%s%u", i == 0 ? "" : " ", (unsigned)depths.ppm[i]);
	assert_string_equal(fm_buf_text(&got), c->want);
	fm_buf_free(&got);
}

/* The 35 depths of the published maps, in thousandths of a per cent, and their mirror image. */
static void test_published(void **state)
{
	static const uint32_t published[] = {0,     896,   1199,  1602,  2138,  2849,
	                                     3786,  5016,  6617,  8683,  11316, 14620,
	                                     18685, 23569, 29269, 35704, 42700, 50000};
	struct fm_depths depths = {0};
	struct fm_err err;

	(void)state;
	assert_int_equal(fm_depths_add(&depths, fm_span_of("sigmoid/35"), &err), FM_OK);
	assert_int_equal(depths.count, 35);
	for (size_t i = 0; i < FM_COUNT(published); i++) {
		assert_int_equal(depths.ppm[i], published[i] * 10);
		assert_int_equal(depths.ppm[34 - i], 1000000 - published[i] * 10);
	}
}

/* Every grid of every size ascends, is its own mirror image and has no depth twice. */
static void test_every_size(void **state)
{
	static const char *const names[] = {"linear", "sigmoid", "edges"};
	static struct fm_depths depths;
	struct fm_err err;
	char text[32];

	(void)state;
	for (size_t g = 0; g < FM_COUNT(names); g++) {
		for (size_t n = 8; n <= FM_DEPTHS_MAX; n += n < 100 ? 1 : 77) {
			depths.count = 0;
			(void)snprintf(text, sizeof text, "%s/%zu", names[g], n);
			assert_int_equal(fm_depths_add(&depths, fm_span_of(text), &err), FM_OK);
			assert_int_equal(depths.count, n);
			for (size_t i = 1; i < n; i++)
				assert_true(depths.ppm[i - 1] < depths.ppm[i]);
			for (size_t i = 0; i < n; i++)
				assert_in_range(depths.ppm[i] + depths.ppm[n - 1 - i], 999999,
				                1000001);
		}
	}
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases) + 2];
	size_t count = 0;

	for (; count < FM_COUNT(cases); count++)
		tests[count] = (struct CMUnitTest){cases[count].name, test_case, NULL, NULL,
		                                   &cases[count]};
	tests[count++] = (struct CMUnitTest){"published", test_published, NULL, NULL, NULL};
	tests[count++] = (struct CMUnitTest){"every size", test_every_size, NULL, NULL, NULL};
	return cmocka_run_group_tests_name("sweep/depths", tests, NULL, NULL) != 0;
}
