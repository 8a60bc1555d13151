#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "base/num.h"

#define NO UINT64_MAX /* refused; the rows that are this number are tested apart */

static struct whole_case {
	const char *text;
	uint64_t u64, hex;
} wholes[] = {
	{"0",		    0,		    0                 },
	{"7",		    7,		    7                 },
	{"10",		   10,		   16                },
	{"9223372036854775807",  9223372036854775807U, NO                },
	{"9223372036854775808",  9223372036854775808U, NO                },
	{"18446744073709551616", NO,                   NO                },
	{"99999999999999999999", NO,                   NO                },
	{"-1",		   NO,		   NO                },
	{"",		     NO,		   NO                },
	{"-",		    NO,		   NO                },
	{"--1",		  NO,                   NO                },
	{"+1",		   NO,		   NO                },
	{"007",		  NO,                   7                 },
	{"-07",		  NO,                   NO                },
	{" 1",		   NO,		   NO                },
	{"1 ",		   NO,		   NO                },
	{"1_0",		  NO,                   NO                },
	{"1.0",		  NO,                   NO                },
	{"1e3",		  NO,                   0x1e3             },
	{"ff",		   NO,		   0xff              },
	{"FF",		   NO,		   NO                },
	{"0x1",		  NO,                   NO                },
	{"123456789abcdef0",     NO,                   0x123456789abcdef0},
	{"0123456789abcdef0",    NO,                   NO                },
};

static void test_whole(void **state)
{
	const struct whole_case *c = *state;
	const struct fm_span text = fm_span_of(c->text);
	uint64_t u = 77;
	uint64_t h = 77;

	assert_int_equal(fm_num_u64(text, &u), c->u64 != NO);
	assert_int_equal(u, c->u64 != NO ? c->u64 : 77);
	assert_int_equal(fm_num_hex64(text, &h), c->hex != NO);
	assert_int_equal(h, c->hex != NO ? c->hex : 77);
}

static void test_ends(void **state)
{
	uint64_t u;

	(void)state;
	assert_true(fm_num_u64(fm_span_of("18446744073709551615"), &u));
	assert_int_equal(u, UINT64_MAX);
	assert_true(fm_num_hex64(fm_span_of("ffffffffffffffff"), &u));
	assert_int_equal(u, UINT64_MAX);
	assert_false(fm_num_u64((struct fm_span){0}, &u));
}

static struct decimal_case {
	const char *text;
	unsigned digits;
	uint64_t want;
} decimals[] = {
	{"12.34",                 4, 123400               },
	{"12.34",                 2, 1234                 },
	{"12.34",                 1, NO                   },
	{"12.30",                 1, NO                   },
	{"12",		    0, 12                   },
	{"0.000001",              6, 1                    },
	{"0",		     6, 0		    },
	{"12.",		   4, NO                   },
	{".5",		    4, NO                   },
	{"00.5",		  4, NO                   },
	{"1.2.3",                 4, NO                   },
	{"-1",		    4, NO                   },
	{"1.-2",		  4, NO                   },
	{"18446744073709.551614", 6, 18446744073709551614U},
	{"18446744073709.551616", 6, NO                   },
	{"18446744073710",        6, NO                   },
	{"",		      4, NO		   },
	{".",		     4, NO		   },
};

static void test_decimal(void **state)
{
	const struct decimal_case *c = *state;
	uint64_t scaled = NO;

	assert_int_equal(fm_num_decimal(fm_span_of(c->text), c->digits, &scaled), c->want != NO);
	assert_int_equal(scaled, c->want);
}

/* Which of the four readers of units takes the text, and as what. */
static struct unit_case {
	const char *text;
	uint64_t count, ppm, ns, usd_micro;
} units[] = {
	{"8k",		   8000,                  NO,      NO,                  NO      },
	{"1.5M",		 1500000,               NO,      NO,                  NO      },
	{"64Ki",		 65536,                 NO,      NO,                  NO      },
	{"1Mi",		  1048576,               NO,      NO,                  NO      },
	{"2G",		   2000000000,            NO,      NO,                  NO      },
	{"2Gi",		  2147483648,            NO,      NO,                  NO      },
	{"0",		    0,		     0,       NO,                  NO      },
	{"1",		    1,		     1000000, NO,                  NO      },
	{"1.5",		  NO,		    NO,      NO,                  NO      },
	{"0.5",		  NO,		    500000,  NO,                  NO      },
	{"0.0005k",              NO,                    NO,      NO,                  NO      },
	{"0.5k",		 500,                   NO,      NO,                  NO      },
	{"0.1Ki",                NO,                    NO,      NO,                  NO      },
	{"1099511627776",        1099511627776,         NO,      NO,                  NO      },
	{"18446744073709551614", 18446744073709551614U, NO,      NO,                  NO      },
	{"18446744073709551616", NO,                    NO,      NO,                  NO      },
	{"17179869183Gi",        18446744072635809792U, NO,      NO,                  NO      },
	{"17179869184Gi",        NO,                    NO,      NO,                  NO      },
	{"50%",		  NO,		    500000,  NO,                  NO      },
	{"12.5%",                NO,                    125000,  NO,                  NO      },
	{"100%",		 NO,                    1000000, NO,                  NO      },
	{"101%",		 NO,                    NO,      NO,                  NO      },
	{"0.0001%",              NO,                    1,       NO,                  NO      },
	{"0.00001%",             NO,                    NO,      NO,                  NO      },
	{"10s",		  NO,		    NO,      10000000000,         NO      },
	{"250ms",                NO,                    NO,      250000000,           NO      },
	{"1.5s",		 NO,                    NO,      1500000000,          NO      },
	{"5m",		   NO,		    NO,      300000000000,        NO      },
	{"2h",		   NO,		    NO,      7200000000000,       NO      },
	{"30d",		  NO,		    NO,      2592000000000000,    NO      },
	{"1.5d",		 NO,                    NO,      129600000000000,     NO      },
	{"2w",		   NO,		    NO,      1209600000000000,    NO      },
	{"106751d",              NO,                    NO,      9223286400000000000, NO      },
	{"106752d",              NO,                    NO,      NO,                  NO      },
	{"0d",		   NO,		    NO,      0,                   NO      },
	{"d",		    NO,		    NO,      NO,                  NO      },
	{"7us",		  NO,		    NO,      7000,                NO      },
	{"9ns",		  NO,		    NO,      9,                   NO      },
	{"0.5ns",                NO,                    NO,      NO,                  NO      },
	{"0s",		   NO,		    NO,      0,                   NO      },
	{"2562048h",             NO,                    NO,      NO,                  NO      },
	{"20USD",                NO,                    NO,      NO,                  20000000},
	{"0.0025USD",            NO,                    NO,      NO,                  2500    },
	{"0.0000001USD",         NO,                    NO,      NO,                  NO      },
	{"20",		   20,		    NO,      NO,                  NO      },
	{"USD",		  NO,		    NO,      NO,                  NO      },
	{"k",		    NO,		    NO,      NO,                  NO      },
	{"%",		    NO,		    NO,      NO,                  NO      },
	{"s",		    NO,		    NO,      NO,                  NO      },
	{"8 k",		  NO,		    NO,      NO,                  NO      },
	{"8K",		   NO,		    NO,      NO,                  NO      },
	{"-8k",		  NO,		    NO,      NO,                  NO      },
	{"8kk",		  NO,		    NO,      NO,                  NO      },
	{"08k",		  NO,		    NO,      NO,                  NO      },
	{"10000000000G",         10000000000000000000U, NO,      NO,                  NO      },
	{"20000000000G",         NO,                    NO,      NO,                  NO      },
	{"",		     NO,		    NO,      NO,                  NO      },
};

static void test_units(void **state)
{
	const struct unit_case *c = *state;
	const struct fm_span text = fm_span_of(c->text);
	uint64_t count = NO;
	uint32_t ppm = 77;
	int64_t ns = -1;
	uint64_t usd_micro = NO;

	assert_int_equal(fm_num_count(text, &count), c->count != NO);
	assert_int_equal(count, c->count);
	assert_int_equal(fm_num_share(text, &ppm), c->ppm != NO);
	assert_int_equal(ppm, c->ppm != NO ? c->ppm : 77);
	assert_int_equal(fm_num_duration(text, &ns), c->ns != NO);
	assert_int_equal(ns, (int64_t)c->ns);
	assert_int_equal(fm_num_usd(text, &usd_micro), c->usd_micro != NO);
	assert_int_equal(usd_micro, c->usd_micro);
}

static void test_real(void **state)
{
	static const struct {
		const char *text;
		double want;
	} good[] = {
		{"0",     0    },
                {"-0",    0    },
                {"1.5",   1.5  },
                {"-2e3",  -2000},
                {"1E+2",  100  },
                {"25e-2", 0.25 }
        };
	static const char *const wrong[] = {"",     "+1",  ".5",    "5.",   "1e",  "1e+", "01",
	                                    "0x1",  "nan", "inf",   " 1",   "1 ",  "1,5", "--1",
	                                    "1e5.", "-",   "1e999", "1..2", "1e-", "-e1"};
	double number;

	(void)state;
	for (size_t i = 0; i < FM_COUNT(good); i++) {
		number = 77;
		assert_true(fm_num_real(fm_span_of(good[i].text), &number));
		assert_true(number >= good[i].want && number <= good[i].want);
	}
	for (size_t i = 0; i < FM_COUNT(wrong); i++)
		if (fm_num_real(fm_span_of(wrong[i]), &number))
			fail_msg("taken: %s", wrong[i]);
}

static struct print_case {
	uint64_t number;
	const char *grouped, *small, *bytes;
} prints[] = {
	{0,          "0",			  "0",            "0 bytes"         },
	{7,          "7",			  "7",            "7 bytes"         },
	{999,        "999",			"999",          "999 bytes"       },
	{1000,       "1,000",                      "1k",           "1.0 kB"          },
	{4096,       "4,096",                      "4.1k",         "4.1 kB"          },
	{8000,       "8,000",                      "8k",           "8.0 kB"          },
	{65536,      "65,536",                     "65.5k",        "65.5 kB"         },
	{131072,     "131,072",                    "131k",         "131.1 kB"        },
	{999499,     "999,499",                    "999k",         "999.5 kB"        },
	{999500,     "999,500",                    "1M",           "999.5 kB"        },
	{999999,     "999,999",                    "1M",           "1.0 MB"          },
	{1000000,    "1,000,000",                  "1M",           "1.0 MB"          },
	{10485760,   "10,485,760",                 "10.5M",        "10.5 MB"         },
	{46000000,   "46,000,000",                 "46M",          "46.0 MB"         },
	{2000000000, "2,000,000,000",              "2G",           "2.0 GB"          },
	{UINT64_MAX, "18,446,744,073,709,551,615", "18446744074G", "18446744073.7 GB"},
};

static void test_print(void **state)
{
	const struct print_case *c = *state;
	char text[FM_NUM_TEXT_MAX];

	assert_string_equal(fm_num_grouped(c->number, text), c->grouped);
	assert_string_equal(fm_num_short(c->number, text), c->small);
	assert_string_equal(fm_num_bytes_text(c->number, text), c->bytes);
}

static void test_money(void **state)
{
	static const struct {
		uint64_t usd_micro;
		const char *want;
	} rows[] = {
		{0,        "$0"     },
                {1,        "$0.0001"},
                {12300,    "$0.0123"},
                {12301,    "$0.0124"},
		{999999,   "$1.00"  },
                {1000000,  "$1.00"  },
                {1000001,  "$1.01"  },
                {20000000, "$20.00" },
		{999901,   "$1.00"  },
                {999900,   "$0.9999"},
	};
	char text[FM_NUM_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < FM_COUNT(rows); i++)
		assert_string_equal(fm_num_usd_text(rows[i].usd_micro, text), rows[i].want);
}

static void test_percent(void **state)
{
	char text[FM_NUM_TEXT_MAX];

	(void)state;
	assert_string_equal(fm_num_percent_text(0, text), "0%");
	assert_string_equal(fm_num_percent_text(1, text), "0.0001%");
	assert_string_equal(fm_num_percent_text(125000, text), "12.5%");
	assert_string_equal(fm_num_percent_text(500000, text), "50%");
	assert_string_equal(fm_num_percent_text(1000000, text), "100%");
	assert_string_equal(fm_num_percent_text(UINT32_MAX, text), "429496.7295%");
}

static void test_duration_text(void **state)
{
	static const struct {
		int64_t ns;
		const char *want;
	} rows[] = {
		{0,             "0 ms"       },
		{1400000,       "1 ms"       },
		{999400000,     "999 ms"     },
		{999600000,     "1.0 s"      },
		{4200000000,    "4.2 s"      },
		{99940000000,   "99.9 s"     },
		{99960000000,   "1 min 40 s" },
		{3599400000000, "59 min 59 s"},
		{3599600000000, "1 h 0 min"  },
		{7380000000000, "2 h 3 min"  },
	};
	char text[FM_NUM_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < FM_COUNT(rows); i++)
		assert_string_equal(fm_num_duration_text(rows[i].ns, text), rows[i].want);
}

static void test_mul_div(void **state)
{
	(void)state;
	assert_int_equal(fm_num_mul_div(7, 3, 2), 10);
	assert_int_equal(fm_num_mul_div_up(7, 3, 2), 11);
	assert_int_equal(fm_num_mul_div_up(8, 3, 2), 12);
	assert_int_equal(fm_num_mul_div_up(0, 3, 2), 0);
	assert_int_equal(fm_num_mul_div(UINT64_MAX, UINT64_MAX, UINT64_MAX), UINT64_MAX);
	assert_int_equal(fm_num_mul_div_up(UINT64_MAX, UINT64_MAX, UINT64_MAX), UINT64_MAX);
	assert_int_equal(fm_num_mul_div_up(10000000000, 2500000, 1000000), 25000000000);
}

static void add_rows(struct CMUnitTest *tests, size_t *at)
{
	for (size_t i = 0; i < FM_COUNT(wholes); i++)
		tests[(*at)++] =
			(struct CMUnitTest){wholes[i].text, test_whole, NULL, NULL, &wholes[i]};
	for (size_t i = 0; i < FM_COUNT(decimals); i++)
		tests[(*at)++] = (struct CMUnitTest){decimals[i].text, test_decimal, NULL, NULL,
		                                     &decimals[i]};
	for (size_t i = 0; i < FM_COUNT(units); i++)
		tests[(*at)++] =
			(struct CMUnitTest){units[i].text, test_units, NULL, NULL, &units[i]};
	for (size_t i = 0; i < FM_COUNT(prints); i++)
		tests[(*at)++] =
			(struct CMUnitTest){prints[i].grouped, test_print, NULL, NULL, &prints[i]};
}

int main(void)
{
	struct CMUnitTest tests[6 + FM_COUNT(wholes) + FM_COUNT(decimals) + FM_COUNT(units) +
	                        FM_COUNT(prints)] = {
		cmocka_unit_test(test_ends),          cmocka_unit_test(test_real),
		cmocka_unit_test(test_money),         cmocka_unit_test(test_percent),
		cmocka_unit_test(test_duration_text), cmocka_unit_test(test_mul_div),
	};
	size_t at = 6;

	add_rows(tests, &at);
	return cmocka_run_group_tests_name("base/num", tests, NULL, NULL) != 0;
}
