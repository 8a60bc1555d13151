#include "test.h"

#include <string.h>

#include "sweep/settings.h"

struct fixture {
	struct fm_arena arena;
	struct fm_settings settings;
	struct fm_buf complaints;
};

static void open_fixture(struct fixture *f)
{
	*f = (struct fixture){0};
	fm_buf_init(&f->complaints, (size_t)1 << 20);
	fm_settings_init(&f->settings, &f->arena);
}

static void close_fixture(struct fixture *f)
{
	fm_buf_free(&f->complaints);
	fm_arena_free(&f->arena);
}

/* A file and all that is said of it; "" when nothing is. */
#define NO_KEY                                                                           \
	"f.yaml:4:10: error: a key itself must not stand here; use {env: NAME}, {file: " \
	"PATH} or {cmd: [PROGRAM, WORD]}\n"
#define NO_SHELL                                                                                   \
	"f.yaml:4:16: error: expected a program and its arguments, such as [pass, show, openai]: " \
	"there is no shell\n"

static struct read_case {
	const char *name;
	const char *text;
	const char *want;
} read_cases[] = {
	{"smallest",                    "fathom: 1\nmodels: [sim/perfect]\n",                                    ""                                        },
	{"no format",                   "models: [sim/perfect]\n",
         "f.yaml:1:1: error: the file's format is missing: write 'fathom: 1'\n"                                                                            },
	{"other format",                "fathom: 2\nmodels: [sim/perfect]\n",
         "f.yaml:1:9: error: this fathom reads format 1: write 'fathom: 1'\n"									      },
	{"typo",			"fathom: 1\nrepeets: 3\n",
         "f.yaml:2:1: error: unknown key 'repeets' (did you mean 'repeats'?)\n"                                                                            },
	{"all mistakes at once",        "fathom: 1\nrepeets: 3\nlength: 8kk\nbudget: 5\n",
         "f.yaml:2:1: error: unknown key 'repeets' (did you mean 'repeats'?)\n"
         "f.yaml:3:9: error: '8kk' is not a length such as 32k or 32Ki, a list of them, or a range "
         "such as 4k..128k/x2\n"
         "f.yaml:4:9: error: '5' is not a sum such as 20USD or 0.50USD\n"										  },
	{"repeated",                    "fathom: 1\nseed: 1\nseed: 2\n",
         "f.yaml:3:1: error: 'seed' stands here twice, first at line 2\n"										  },
	{"a key in the file",           "fathom: 1\nmodels:\n  - model: openai/x\n    key: sk-secret\n",
         NO_KEY																	    },
	{"a key command as a text",
         "fathom: 1\nmodels:\n  - model: openai/x\n    key: {cmd: pass show x}\n",                               NO_SHELL                                  },
	{"an empty key command",        "fathom: 1\nmodels:\n  - model: openai/x\n    key: {cmd: []}\n",
         NO_SHELL																	  },
	{"not served: task",            "fathom: 1\ntasks: [multivalue]\n",
         "f.yaml:2:9: error: 'multivalue' is not niah or multikey\n"										       },
	{"depth grid by another name",  "fathom: 1\ndepth: sigmiod/35\n",
         "f.yaml:2:8: error: 'sigmiod/35' is no grid of depths (did you mean 'sigmoid/35'?)\n"                                                             },
	{"depth grid without a number", "fathom: 1\ndepth: [50, edges]\n",
         "f.yaml:2:13: error: 'edges': a grid says how many depths, from 8 to 1024, such as "
         "edges/35\n"																      },
	{"not served: reasoning",       "fathom: 1\nanswer: {reasoning: high}\n",
         "f.yaml:2:21: error: only 'none' is served yet; set what the endpoint takes under "
         "extra_body\n"																    },
	{"octal",		       "fathom: 1\nrepeats: 010\n",
         "f.yaml:2:10: error: '010' is not a whole number such as 500, 64k (64,000) or 64Ki "
         "(65,536)\n"																      },
	{"zero repeats",                "fathom: 1\nrepeats: 0\n",                                               "f.yaml:2:10: error: must be at least 1\n"},
	{"depth over 100",              "fathom: 1\ndepth: [0, 101]\n",
         "f.yaml:2:12: error: '101' is not a share such as 50 or 12.5%, a list of them, a range "
         "such "
         "as 0..100/10, or linear/11, sigmoid/35 or edges/16\n"											    },
	{"range without factor",        "fathom: 1\nlength: 4k..8k\n",
         "f.yaml:2:9: error: a range of lengths ends in its factor, such as 4k..8k/x2\n"                                                                   },
	{"a model without provider",    "fathom: 1\nmodels: [gpt]\n",
         "f.yaml:2:10: error: 'gpt' is not provider/model, such as openai/gpt-4.1\n"                                                                       },
	{"half a price",                "fathom: 1\nmodels:\n  - {model: a/b, price: {input: 1USD}}\n",
         "f.yaml:3:25: error: a price needs both input and output, such as {input: 2USD, output: "
         "8USD} for a million tokens\n"														    },
	{"two tokenizers",              "fathom: 1\nmodels:\n  - {model: a/b, tokenizer: {name: c, file: d}}\n",
         "f.yaml:3:29: error: a tokenizer has a name or a file, not both\n"										},
	{"a list for a map",            "fathom: 1\npace: [1]\n",
         "f.yaml:2:7: error: expected 'key: value' pairs\n"												},
	{"a word for a bool",           "fathom: 1\ncorpus: {path: a/, wrap: yes}\n",
         "f.yaml:2:26: error: 'yes' is not true or false\n"												},
	{"a pattern for a pack",        "fathom: 1\ncorpus: {path: noise, pattern: x}\n",
         "f.yaml:2:23: error: 'pattern' is for own text, and noise is a pack, which has no such "
         "choice\n"																	},
	{"a pattern for a name",        "fathom: 1\ncorpus: {path: nobody, pattern: x}\n",
         "f.yaml:2:24: error: 'pattern' is for own text, which is named by its path: './nobody'\n"                                                         },
};

static void test_read(void **state)
{
	const struct read_case *c = *state;
	struct fixture f;
	struct fm_err err;
	enum fm_code rc;

	open_fixture(&f);
	rc = fm_settings_read(&f.settings, "f.yaml", fm_span_of(c->text), &f.arena, &f.complaints,
	                      &err);
	assert_string_equal(fm_buf_text(&f.complaints), c->want);
	assert_int_equal(rc, c->want[0] == '\0' ? FM_OK : FM_E_USAGE);
	close_fixture(&f);
}

/* A file is a path, even where it has no slash: no name can be meant. */
static void test_tokenizer_file(void **state)
{
	static const struct {
		const char *text, *want;
	} files[] = {
		{"qwen3",                      "qwen3"           },
		{"{file: tokenizer.json}",     "./tokenizer.json"},
		{"{file: models/qwen3/}",      "models/qwen3/"   },
		{"{name: bytes/3, error: 2%}", "bytes/3"         },
	};

	(void)state;
	for (size_t i = 0; i < FM_COUNT(files); i++) {
		struct fixture f;
		struct fm_err err;
		const char *text;

		open_fixture(&f);
		text = fm_arena_format(&f.arena,
		                       "fathom: 1\nmodels:\n  - {model: a/b, tokenizer: %s}\n",
		                       files[i].text);
		assert_int_equal(fm_settings_read(&f.settings, "f.yaml", fm_span_of(text), &f.arena,
		                                  &f.complaints, &err),
		                 FM_OK);
		assert_string_equal(f.settings.models[0].tokenizer, files[i].want);
		close_fixture(&f);
	}
}

/* One text of a range and what the axis then holds. */
static struct axis_case {
	const char *key;
	const char *value;
	const char *want;
} axis_cases[] = {
	{"length", "4k..128k/x2",  "4000 8000 16000 32000 64000 128000"                 },
	{"length", "4Ki..16Ki/x2", "4096 8192 16384"                                    },
	{"length", "1k..5k/x1.5",  "1000 1500 2250 3375 5000"                           },
	{"length", "8k..1M/x2",    "8000 16000 32000 64000 128000 256000 512000 1000000"},
	{"length", "4k..130k/x2",  "4000 8000 16000 32000 64000 130000"                 },
	{"length", "5k..5k/x2",    "5000"					       },
	{"length", "32k,8k,32k",   "8000 32000"                                         },
	{"length", "1M",           "1000000"					    },
	{"depth",  "0..100/25",    "0 250000 500000 750000 1000000"                     },
	{"depth",  "50,0,12.5%",   "0 125000 500000"                                    },
	{"depth",  "10..95/40",    "100000 500000 900000"                               },
};

static void test_axis(void **state)
{
	const struct axis_case *c = *state;
	const bool lengths = strcmp(c->key, "length") == 0;
	struct fixture f;
	struct fm_buf got;
	struct fm_err err;

	open_fixture(&f);
	fm_buf_init(&got, 4096);
	assert_int_equal(fm_settings_set(&f.settings, c->key, fm_span_of(c->value), &f.arena, &err),
	                 FM_OK);
	for (size_t i = 0; i < (lengths ? f.settings.length_count : f.settings.depths.count); i++)
		fm_buf_putf(&got, "%s%llu", i == 0 ? "" : " ",
		            (unsigned long long)(lengths ? f.settings.lengths[i]
		                                         : f.settings.depths.ppm[i]));
	assert_string_equal(fm_buf_text(&got), c->want);
	fm_buf_free(&got);
	close_fixture(&f);
}

/* D15's own example is read without a word, but for what is said to be not served. */
static void test_example_is_read(void **state)
{
	struct fixture f;
	struct fm_err err;

	(void)state;
	open_fixture(&f);
	assert_int_equal(fm_settings_read(&f.settings, "fathom.yaml",
	                                  fm_span_of(fm_settings_example()), &f.arena,
	                                  &f.complaints, &err),
	                 FM_OK);
	assert_int_equal(
		fm_settings_complete(&f.settings, NULL, NULL, &f.arena, &f.complaints, &err),
		FM_OK);
	assert_string_equal(f.settings.models[0].name, "sim/perfect");
	assert_string_equal(f.settings.models[0].model, "perfect");
	close_fixture(&f);
}

/* A preset's key is not for another address. */
static void test_key_stays_home(void **state)
{
	struct fixture f;
	struct fm_err err;

	(void)state;
	open_fixture(&f);
	assert_int_equal(fm_settings_set(&f.settings, "models", fm_span_of("openai/gpt-4.1"),
	                                 &f.arena, &err),
	                 FM_OK);
	assert_int_equal(fm_settings_set(&f.settings, "base_url",
	                                 fm_span_of("http://127.0.0.1:9/v1"), &f.arena, &err),
	                 FM_OK);
	assert_int_equal(
		fm_settings_complete(&f.settings, NULL, NULL, &f.arena, &f.complaints, &err),
		FM_OK);
	assert_int_equal(f.settings.models[0].key_source, FM_KEY_NONE);
	close_fixture(&f);

	open_fixture(&f);
	assert_int_equal(fm_settings_set(&f.settings, "models", fm_span_of("openai/gpt-4.1"),
	                                 &f.arena, &err),
	                 FM_OK);
	assert_int_equal(
		fm_settings_complete(&f.settings, NULL, NULL, &f.arena, &f.complaints, &err),
		FM_OK);
	assert_int_equal(f.settings.models[0].key_source, FM_KEY_ENV);
	assert_string_equal(f.settings.models[0].key_name, "OPENAI_API_KEY");
	close_fixture(&f);
}

static void test_unknown_provider(void **state)
{
	struct fixture f;
	struct fm_err err;

	(void)state;
	open_fixture(&f);
	assert_int_equal(
		fm_settings_set(&f.settings, "models", fm_span_of("opnai/gpt-4.1"), &f.arena, &err),
		FM_OK);
	assert_int_equal(
		fm_settings_complete(&f.settings, NULL, NULL, &f.arena, &f.complaints, &err),
		FM_E_USAGE);
	assert_string_equal(fm_buf_text(&f.complaints),
	                    "unknown provider 'opnai' (did you mean 'openai'?); for any other "
	                    "server that speaks OpenAI's format give its base_url\n");
	close_fixture(&f);
}

static enum fm_code complete_models(struct fixture *f, const char *models)
{
	const char *text = fm_arena_format(&f->arena, "fathom: 1\nmodels:\n%s", models);
	struct fm_err err;

	assert_int_equal(fm_settings_read(&f->settings, "f.yaml", fm_span_of(text), &f->arena,
	                                  &f->complaints, &err),
	                 FM_OK);
	return fm_settings_complete(&f->settings, NULL, NULL, &f->arena, &f->complaints, &err);
}

/* What a preset says of its host holds, but for what the file says. */
static void test_preset_holds(void **state)
{
	struct fixture f;

	(void)state;
	open_fixture(&f);
	assert_int_equal(
		complete_models(&f, "  - openai/o3\n"
	                            "  - {model: openai/gpt-4.1, string_cap: 5000, body_cap: 6, "
	                            "max_tokens_name: max_tokens}\n"
	                            "  - {model: azure/d, base_url: 'https://a.example'}\n"),
		FM_OK);
	assert_int_equal(f.settings.models[0].string_cap, 10485760);
	assert_int_equal(f.settings.models[0].body_cap, 0);
	assert_string_equal(f.settings.models[0].max_tokens_name, "max_completion_tokens");
	assert_string_equal(f.settings.models[0].params, "{}");
	assert_int_equal(f.settings.models[1].string_cap, 5000);
	assert_int_equal(f.settings.models[1].body_cap, 6);
	assert_string_equal(f.settings.models[1].max_tokens_name, "max_tokens");
	assert_string_equal(f.settings.models[1].params, "{\"temperature\":0}");
	assert_int_equal(f.settings.models[2].key_source, FM_KEY_NONE);
	assert_string_equal(f.settings.models[2].key_header, "api-key: ");
	close_fixture(&f);
}

static void test_preset_refuses(void **state)
{
	struct fixture f;

	(void)state;
	open_fixture(&f);
	assert_int_equal(complete_models(&f, "  - azure/d\n"
	                                     "  - openai/o3\nparams: {temperature: 1}\n"),
	                 FM_E_USAGE);
	assert_string_equal(
		fm_buf_text(&f.complaints),
		"f.yaml:3:5: error: AZURE_OPENAI_ENDPOINT is not set, and the address of "
		"azure needs it: set it, or give a base_url\n"
		"f.yaml:4:5: error: openai/o3: params: temperature is not sent: this "
		"model takes only its own sampling\n");
	close_fixture(&f);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(read_cases) + FM_COUNT(axis_cases) + 6];
	size_t n = 0;

	for (size_t i = 0; i < FM_COUNT(read_cases); i++)
		tests[n++] = (struct CMUnitTest){read_cases[i].name, test_read, NULL, NULL,
		                                 &read_cases[i]};
	for (size_t i = 0; i < FM_COUNT(axis_cases); i++)
		tests[n++] = (struct CMUnitTest){axis_cases[i].value, test_axis, NULL, NULL,
		                                 &axis_cases[i]};
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_tokenizer_file);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_example_is_read);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_key_stays_home);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_preset_holds);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_preset_refuses);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_unknown_provider);
	return cmocka_run_group_tests_name("sweep/settings", tests, NULL, NULL) != 0;
}
