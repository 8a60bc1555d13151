#include "test.h"

#include "base/macro.h"
#include "sim/surface_internal.h"

static const double lengths[] = {1000, 100000};
static const double depths[] = {0, 0.5, 1};
static const double p[] = {0.9, 0.9, 0.9, 0.9, 0.1, 0.9};

static struct surface_case {
	const char *name;
	struct fm_surface surface;
	uint64_t length;
	double depth;
	double want;
} cases[] = {
	{"nothing set reads all",       {0},						      1000000, 0.5,  1       },
	{"flat",			{.has_flat = true, .flat = 0.25},                         10,      0.5,  0.25    },
	{"never",		       {.has_flat = true},				       10,      0.5,  0       },
	{"the middle of a dip",
         {.has_dip = true, .dip = {0.98, 0.5, 0.4, 0.2, 0, 0}},
         10,                                                                                               0.5,
         0.58													    },
	{"one width away",              {.has_dip = true, .dip = {1, 0.5, 0.5, 0.2, 0, 0}},       10,      0.7,  0.696735},
	{"a dip not yet open",
         {.has_dip = true, .dip = {1, 0.5, 0.5, 0.2, 1000, 4000}},
         900,                                                                                              0.5,
         1													       },
	{"half open",                   {.has_dip = true, .dip = {1, 0.5, 0.5, 0.2, 1000, 4000}}, 2000,    0.5,  0.75    },
	{"open",			{.has_dip = true, .dip = {1, 0.5, 0.5, 0.2, 1000, 4000}}, 90000,   0.5,  0.5     },
	{"before a cliff",              {.cliff = 700},					   700,     0.5,  1       },
	{"behind it",                   {.cliff = 700},					   701,     0.5,  0       },
	{"half of a logistic",          {.has_logistic = true, .logistic = {1000, 3}},            1000,    0.1,  0.5     },
	{"twice as long",               {.has_logistic = true, .logistic = {1000, 2}},            2000,    0.1,  0.2     },
	{"parts multiply",
         {.has_flat = true, .flat = 0.5, .has_logistic = true, .logistic = {9, 1}},
         9,                                                                                                0,
         0.25													    },
	{"a place of a table",          {.table = {2, 3, lengths, depths, p}},                    100000,  0.5,  0.1     },
	{"before it",                   {.table = {2, 3, lengths, depths, p}},                    10,      0.5,  0.9     },
	{"half way in depth, in logit", {.table = {2, 3, lengths, depths, p}},                    100000,  0.25, 0.5     },
	{"half way in log length",      {.table = {2, 3, lengths, depths, p}},                    10000,   0.5,  0.5     },
	{"an empty text",               {.has_logistic = true, .logistic = {1000, 2}},            0,       0,    0.999999},
};

static void test_surface(void **state)
{
	const struct surface_case *c = *state;

	assert_float_equal(fm_surface_read(&c->surface, c->length, c->depth), c->want, 1e-5);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases)];

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){cases[i].name, test_surface, NULL, NULL, &cases[i]};
	return cmocka_run_group_tests_name("sim/surface", tests, NULL, NULL) != 0;
}
