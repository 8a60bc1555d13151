#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "sim/config_internal.h"

/* A configuration, and what is said of it; "" when it is right. */
static struct config_case {
	const char *name, *text, *want;
} cases[] = {
	{"none",		       "",								   ""								      },
	{"a whole one",
         "seed: 7\ntokens: bytes/4\nclock: 100x\nstore_max: 4GiB\nkey: k\nhistory: "
         "h.jsonl\nmodels:\n"
         "  perfect: {}\n  scout:\n    window: {tokens: 1M, counts: input+output, over: reject, "
         "text: "
         "vllm}\n    caps: {body: 64MB, string: 10485760, output: 8k}\n    frame: {message: 3, "
         "prompt: 1}\n"
         "    surface: {flat: 1, dip: {from: 0.98, at: 50%, depth: 0.4, width: 20%}, cliff: 700k, "
         "logistic: {mid: 9k, slope: 2}}\n    when_lost: {abstain: 0.8, confabulate: 0.2}\n"
         "    attention: 0.9\n    time: {base: 200ms, prefill_tps: 40k, cached_tps: 1M, "
         "decode_tps: 60, jitter: "
         "20%}\n"
         "    cache: {block: 16, min: 1k, ttl: 5m}\n    limits: {rpm: 600, rpd: 9k, tpm: 20M, "
         "otpm: 1M, headers: groq}\n    vendor: openai\n "
         " cutter:\n    like: scout\n    window: {over: middle, "
         "usage: "
         "after}\nfaults:\n  - {when: {rate: 5%}, at: head, do: {status: 500}}\n"
         "  - {when: {nth: 3}, at: body@50%, do: {status: 413}}\n"
         "  - {when: {tokens: \">500k\"}, at: event@40, do: reset}\n"
         "  - {when: {every: 50}, at: byte@777, do: {split: [1, 2, 1]}}\n",                                  ""								      },
	{"a table",
         "models: {m: {surface: {table: {lengths: [1k, 8k], depths: [0, 50%, 1], p: [[1, 1, 1], "
         "[1, 0.5, "
         "1]]}}}}",                                                                                          ""								      },
	{"no YAML",		    "models: [",							  "sim.yaml: "							    },
	{"no model",                   "seed: 1",							    "sim.yaml:1:1: there is no model"                                       },
	{"every mistake at once",
         "sead: 1\nmodels:\n  m:\n    windows: {}\n    window: {tokens: many, over: midle, text: "
         "vlm}\n",                                                                                           "sim.yaml:1:1: there is no \"sead\"; did you mean seed?\n"
         "sim.yaml:4:5: there is no \"windows\"; did you mean window?\n"
         "sim.yaml:5:22: tokens is not a count such as 8k\n"
         "sim.yaml:5:34: over: there is no \"midle\"; did you mean middle?\n"
         "sim.yaml:5:47: no vendor is named \"vlm\"; did you mean vllm"											    },
	{"said twice",                 "seed: 1\nseed: 2\nmodels: {m: {}}",                                  "sim.yaml:2:1: \"seed\" is said twice"                                  },
	{"two models of a name",       "models: {m: {}, m: {}}",
         "sim.yaml:1:17: there are two models of this name"															  },
	{"like nobody",                "models: {m: {like: n}}",
         "sim.yaml:1:20: no model of this name stands before"															},
	{"more than all",              "models: {m: {when_lost: {empty: 0.7, wrong: 0.7}}}",
         "sim.yaml:1:25: when_lost is more than 100% together"														       },
	{"a table of another size",
         "models: {m: {surface: {table: {lengths: [1k], depths: [0, 1], p: [[1]]}}}}",                       "sim.yaml:1:67: the table has 1 lengths and 2 depths"                   },
	{"a table that falls",
         "models: {m: {surface: {table: {lengths: [2k, 1k], depths: [0], p: [[1], [1]]}}}}",                 "sim.yaml:1:31: lengths and depths of a table grow"                     },
	{"a cache of no blocks",       "models: {m: {cache: {block: 0}}}",
         "sim.yaml:1:21: a block of a cache has some tokens"															 },
	{"an unknown act",             "models: {m: {}}\nfaults: [{do: explode}]",
         "sim.yaml:2:15: do: there is no \"explode\""																},
	{"an act without its value",   "models: {m: {}}\nfaults: [{do: status}]",
         "sim.yaml:2:15: status needs its value: do: {status: …}"														  },
	{"an act out of place",        "models: {m: {}}\nfaults: [{at: head, do: {drip: 5}}]",
         "sim.yaml:2:10: drip cannot stand at head"																  },
	{"asking too early",           "models: {m: {}}\nfaults: [{when: {model: m}, at: head, do: close}]",
         "sim.yaml:2:10: model and tokens are not known before the body is read"												     },
	{"no place",                   "models: {m: {}}\nfaults: [{at: soon, do: close}]",
         "sim.yaml:2:15: at is head, body@N, after_body, event@N, byte@N, char@N, string@N, crlf@N "
         "or end"																				    },
	{"nothing to do",              "models: {m: {}}\nfaults: [{at: end}]",
         "sim.yaml:2:10: a fault is do or as, and if needed when and at"													     },
	{"two things at once",         "models: {m: {}}\nfaults: [{do: {drip: 1, raw: x}}]",
         "sim.yaml:2:30: one fault does one thing: drip or raw"														      },
	{"a shape that cannot be",     "models: {m: {}}\nfaults: [{as: {framing: close, chunk: long}}]",
         "sim.yaml:2:15: a chunk needs framing: chunks"															      },
	{"a shape out of place",       "models: {m: {}}\nfaults: [{as: {lines: cr}, do: twice}]",
         "sim.yaml:2:10: twice does not go with as"																  },
	{"a flood without a shore",
         "models: {m: {}}\nfaults: [{as: {header_lines: 1k, header_bytes: 1M}}]",                            "sim.yaml:2:15: headers have 16 MiB and 100,000 interim answers at most"},
	{"where to, without a status", "models: {m: {}}\nfaults: [{do: {act: close, location: x}}]",
         "sim.yaml:2:10: location and then belong to a status"														       },
	{"half a lie",                 "models: {m: {}}\nfaults: [{do: {lie: {in: 1.5}}}]",
         "sim.yaml:2:26: a lie is a whole number of tokens"															  },
	{"too great a lie",            "models: {m: {}}\nfaults: [{do: {lie: {out: 1000000000000000001}}}]",
         "sim.yaml:2:27: a lie is a whole number of tokens"															  },
	{"too long a wait",
         "models: {m: {}}\nfaults: [{do: {status: 429, retry_after: 1000000000001}}]",                       "sim.yaml:2:42: retry_after is a number of seconds"                     },
	{"a header in a header",
         "models: {m: {}}\nfaults: [{do: {status: 302, location: \"a\\nb\"}}]",                              "sim.yaml:2:10: location is one line"                                   },
	{"a clock that stands",        "clock: 0.0001x\nmodels: {m: {}}",
         "sim.yaml:1:8: clock is not a factor such as 100x"															  },
	{"twice when",                 "models: {m: {}}\nfaults: [{when: {nth: 1, every: 2}, do: close}]",
         "sim.yaml:2:33: nth, every and rate shut each other out"														    },
};

static void test_config(void **state)
{
	const struct config_case *c = *state;
	struct fm_sim_config config;
	struct fm_arena arena = {0};
	struct fm_err err = {0};
	const enum fm_code rc =
		fm_config_read("sim.yaml", fm_span_of(c->text), &arena, &config, &err);

	if (rc == FM_OK)
		assert_string_equal(c->want, "");
	else if (strcmp(c->want, "sim.yaml: ") == 0)
		assert_true(strncmp(err.text, "sim.yaml", 8) == 0);
	else
		assert_string_equal(err.text, c->want);
	assert_int_equal(rc, c->want[0] == '\0' ? FM_OK : FM_E_USAGE);
	fm_arena_free(&arena);
}

/* A model that is like another has its settings, and its own on top. */
static void test_like(void **state)
{
	const char *text = "models:\n  a: {window: {tokens: 8k, over: tail}, limits: {rpm: 5}}\n"
			   "  b: {like: a, window: {over: head}}\n";
	struct fm_sim_config config = {0};
	struct fm_arena arena = {0};
	struct fm_err err;
	const struct fm_model *b;

	(void)state;
	assert_int_equal(fm_config_read("x", fm_span_of(text), &arena, &config, &err), FM_OK);
	b = fm_config_model(&config, fm_span_of("b"));
	assert_non_null(b);
	assert_int_equal(b->window.tokens, 8000);
	assert_int_equal(b->window.over, FM_OVER_HEAD);
	assert_int_equal(b->limits.pools[FM_POOL_REQUESTS].most, 5);
	assert_null(fm_config_model(&config, fm_span_of("c")));
	fm_arena_free(&arena);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases) + 1];

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){cases[i].name, test_config, NULL, NULL, &cases[i]};
	tests[FM_COUNT(cases)] = (struct CMUnitTest){"like another", test_like, NULL, NULL, NULL};
	return cmocka_run_group_tests_name("sim/config", tests, NULL, NULL) != 0;
}
