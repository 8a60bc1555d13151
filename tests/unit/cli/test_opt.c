#include "cli/opt.h"

#include <string.h>

#include "base/buf.h"
#include "base/macro.h"
#include "test.h"

struct some {
	bool loud;
	bool yes;
	uint32_t count;
	uint64_t tokens;
	uint32_t share;
	uint64_t seed;
	const char *text;
	struct fm_opt_list list;
	bool help;
};

#define AT(field, type) FM_AT(struct some, field, type)

static const struct fm_opt rows[] = {
	{FM_OPT_FLAG,   'a',     "loud",     NULL,   AT(loud,   bool),               NULL,    "",              NULL},
	{FM_OPT_FLAG,   'y',     "yes",      NULL,   AT(yes,    bool),               NULL,    "",              NULL},
	{FM_OPT_COUNT,  'c',     "count",    "N",    AT(count,  uint32_t),           "3",     "",              NULL},
	{FM_OPT_TOKENS, 't',     "tokens",   "N",    AT(tokens, uint64_t),           "8k",    "",              NULL},
	{FM_OPT_SHARE,  0,       "share",    "P%",   AT(share,  uint32_t),           "50%",   "",              NULL},
	{FM_OPT_NUMBER, 0,       "seed",     "N",    AT(seed,   uint64_t),           NULL,    "",              NULL},
	{FM_OPT_TEXT,   'x',     "text",     "TEXT", AT(text,   const char *),       NULL,    "",              NULL},
	{FM_OPT_LIST,   'o',     "output",   "FILE", AT(list,   struct fm_opt_list), NULL,    "",              NULL},
	{FM_OPT_PLAN,   'm',     "max-wait", "TIME", 0,         NULL,                "",      "pace.max_wait"},
	{FM_OPT_PLANS,          'p', "plans",     "NAME",      0,      NULL,                  "", "plans"               },
	{FM_OPT_FLAG,       'h',          "help",    NULL,  AT(help,      bool),                  NULL,    "",                NULL    },
};

static const struct fm_opt true_rows[] = {
	{FM_OPT_PLAN, 0, "wrap", NULL, 0, NULL, "", "corpus.wrap"},
};

static struct opt_case {
	const char *name;
	const char *args[8];
	const char *want; /* what was read, or the error behind "! " */
} cases[] = {
	{"presets",		       {NULL},			     "c3 t8000 s500000"                                    },
	{"long with a value",             {"--count", "7"},                   "c7 t8000 s500000"                                    },
	{"long with equals",              {"--count=7"},                      "c7 t8000 s500000"                                    },
	{"letter with a value",           {"-c", "7"},                        "c7 t8000 s500000"                                    },
	{"letter with it attached",       {"-c7"},                            "c7 t8000 s500000"                                    },
	{"letters together",              {"-ayc7"},                          "loud yes c7 t8000 s500000"                           },
	{"one value would be lost",       {"-c7", "--count", "9"},            "! --count stands twice"                              },
	{"a plan key stands twice",       {"--max-wait=1s", "-m2s"},          "! --max-wait stands twice"                           },
	{"a plan key that is true",       {"--wrap"},                         "c3 t8000 s500000 --wrap:corpus.wrap=true"            },
	{"such a key twice",              {"--wrap", "--wrap"},               "! --wrap stands twice"                               },
	{"such a key with a value",       {"--wrap=false"},                   "! --wrap takes no value"                             },
	{"plan keys that may",
         {"-p", "a", "-p", "b"},
         "c3 t8000 s500000 --plans:plans=a --plans:plans=b"									 },
	{"a number below 0 is a value",   {"--seed", "-1"},                   "! --seed: '-1' is not a whole number"                },
	{"units",			 {"-t", "64Ki", "--share", "12.5%"}, "c3 t65536 s125000"                                   },
	{"seed of 64 bits",
         {"--seed", "18446744073709551615"},
         "c3 t8000 s500000 seed18446744073709551615"										},
	{"empty text by equals",          {"--text="},                        "! --text needs a value: --text TEXT"                 },
	{"value with equals in it",       {"--text=a=b"},                     "c3 t8000 s500000 x=a=b"                              },
	{"value that starts with a dash", {"--text=-1"},                      "c3 t8000 s500000 x=-1"                               },
	{"a dash alone is a value",       {"-o", "-"},                        "c3 t8000 s500000 o=-"                                },
	{"list",			  {"-o", "a", "--output=b"},          "c3 t8000 s500000 o=a o=b"                            },
	{"plan key",		      {"--max-wait", "9s"},               "c3 t8000 s500000 --max-wait:pace.max_wait=9s"        },
	{"operands between",              {"one", "-a", "two"},               "loud c3 t8000 s500000 (one) (two)"                   },
	{"a dash alone is an operand",    {"-"},                              "c3 t8000 s500000 (-)"                                },
	{"two dashes end them",           {"--", "-a", "--count"},            "c3 t8000 s500000 (-a) (--count)"                     },
	{"short help stops",              {"-h", "--nonsense"},               "c3 t8000 s500000 short"                              },
	{"long help stops",               {"--help", "--nonsense"},           "c3 t8000 s500000 long"                               },
	{"no abbreviation",               {"--cou", "7"},                     "! unknown option '--cou' (did you mean '--count'?)"  },
	{"near miss",                     {"--cuont", "7"},                   "! unknown option '--cuont' (did you mean '--count'?)"},
	{"far miss",		      {"--zebra"},                        "! unknown option '--zebra'"                          },
	{"unknown letter",                {"-z"},                             "! unknown option '-z'"                               },
	{"unknown letter behind",         {"-az"},                            "! unknown option '-z'"                               },
	{"no value left",                 {"--count"},                        "! --count needs a value: --count N"                  },
	{"option for a value",            {"--count", "--loud"},              "! --count needs a value: --count N"                  },
	{"letter without a value",        {"-c"},                             "! --count needs a value: --count N"                  },
	{"flag with a value",             {"--loud=yes"},                     "! --loud takes no value"                             },
	{"bad count",                     {"-c", "010"},                      "! --count: '010' is not a count, such as 10 or 2k"   },
	{"count too large",               {"-c", "5G"},                       "! --count: '5G' is not a count, such as 10 or 2k"    },
	{"bad tokens",
         {"-t", "8kk"},
         "! --tokens: '8kk' is not a number of tokens, such as 32k or 64Ki"                                                         },
	{"bad share",                     {"--share", "101%"},                "! --share: '101%' is not a share, such as 50%"       },
	{"negative seed",                 {"--seed=-1"},                      "! --seed: '-1' is not a whole number"                },
	{"seed past 64 bits",
         {"--seed", "18446744073709551616"},
         "! --seed: '18446744073709551616' is not a whole number"								   },
	{"a key by its name",
         {"--api-key", "x"},
         "! there is no --api-key: other users can read a command line; a key is read from its "
         "environment variable or from a file"										      },
	{"a key by its looks",
         {"--text", "sk-0000000000000000000000"},
         "! --text: its value looks like a key and is not taken: other users can read a command "
         "line"														     },
	{"a short name is no key",        {"--text", "sk-small"},             "c3 t8000 s500000 x=sk-small"                         },
};

static void put_result(const struct some *s, const struct fm_opt_result *r, struct fm_buf *buf)
{
	if (s->loud)
		fm_buf_puts(buf, "loud ");
	if (s->yes)
		fm_buf_puts(buf, "yes ");
	fm_buf_putf(buf, "c%u t%llu s%u", s->count, (unsigned long long)s->tokens, s->share);
	if (s->seed > 0)
		fm_buf_putf(buf, " seed%llu", (unsigned long long)s->seed);
	if (s->text != NULL)
		fm_buf_putf(buf, " x=%s", s->text);
	for (size_t i = 0; i < s->list.count; i++)
		fm_buf_putf(buf, " o=%s", s->list.texts[i]);
	for (size_t i = 0; i < r->pair_count; i++)
		fm_buf_putf(buf, " %s:%s=%s", r->pairs[i].option, r->pairs[i].key,
		            r->pairs[i].value);
	for (size_t i = 0; i < r->operand_count; i++)
		fm_buf_putf(buf, " (%s)", r->operands[i]);
	fm_buf_puts(buf, r->short_help ? " short" : "");
	fm_buf_puts(buf, r->long_help ? " long" : "");
}

static void test_parse(void **state)
{
	const struct opt_case *c = *state;
	struct some s = {0};
	const struct fm_opt_table tables[] = {
		{rows,      FM_COUNT(rows),      &s  },
		{true_rows, FM_COUNT(true_rows), NULL},
	};
	struct fm_opt_input input = {.tables = tables, .table_count = FM_COUNT(tables)};
	char *args[FM_COUNT(c->args)];
	struct fm_opt_result result;
	struct fm_arena arena = {0};
	struct fm_err err = {0};
	struct fm_buf buf;

	while (input.arg_count < FM_COUNT(args) && c->args[input.arg_count] != NULL) {
		const char *arg = c->args[input.arg_count];

		/* As main gets them: writable. */
		args[input.arg_count] = fm_arena_take(&arena, strlen(arg) + 1);
		memcpy(args[input.arg_count++], arg, strlen(arg));
	}
	input.args = args;
	fm_buf_init(&buf, 4096);
	if (fm_opt_parse(&input, &arena, &result, &err) == FM_OK) {
		put_result(&s, &result, &buf);
	} else {
		assert_int_equal(err.code, FM_E_USAGE);
		fm_buf_putf(&buf, "! %s", err.text);
	}
	assert_string_equal(fm_buf_text(&buf), c->want);
	fm_buf_free(&buf);
	fm_arena_free(&arena);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases)];

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){cases[i].name, test_parse, NULL, NULL, &cases[i]};
	return cmocka_run_group_tests_name("cli/opt", tests, NULL, NULL) != 0;
}
