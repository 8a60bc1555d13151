#include "test.h"

#include <string.h>

#include "base/clock.h"
#include "base/env.h"
#include "base/file.h"
#include "corpus/corpus.h"
#include "sweep/catalogue.h"
#include "sweep/settings.h"
#include "sweep/window.h"
#include "token/tokenizers.h"
#include "wire/preset.h"

#define HEAD "fathom_models: 1\nmodels:\n"

struct fixture {
	struct fm_arena arena;
	struct fm_catalogue catalogue;
	struct fm_buf complaints;
};

static void open_fixture(struct fixture *f)
{
	*f = (struct fixture){0};
	fm_buf_init(&f->complaints, (size_t)1 << 20);
}

static void close_fixture(struct fixture *f)
{
	fm_buf_free(&f->complaints);
	fm_arena_free(&f->arena);
}

static enum fm_code add(struct fixture *f, const char *file, const char *text)
{
	struct fm_err err;

	return fm_catalogue_add(&f->catalogue, file, fm_span_of(text), &f->arena, &f->complaints,
	                        &err);
}

/* A file and all that is said of it. */
static struct mistake_case {
	const char *name, *text, *want;
} mistakes[] = {
	{"no format",               "models: {a/b: {}}\n",
         "f:1:1: error: the file's format is missing: write 'fathom_models: 1'\n"               },
	{"another format",          "fathom_models: 2\nmodels: {}\n",
         "f:1:16: error: this fathom reads format 1: write 'fathom_models: 1'\n"                },
	{"no provider",             HEAD "  gpt: {}\n",
         "f:3:3: error: 'gpt' is not provider/model, such as openai/gpt-4.1\n"                  },
	{"twice",		   HEAD "  a/b: {}\n  a/b: {}\n",
         "f:4:3: error: a/b stands here twice, first at line 3\n"                               },
	{"a typo",                  HEAD "  a/b: {windw: 5}\n",
         "f:3:9: error: unknown key 'windw' (did you mean 'window'?)\n"                         },
	{"half a price",            HEAD "  a/b: {price: {input: 1}}\n",
         "f:3:16: error: a price needs both input and output\n"                                 },
	{"money with a unit",       HEAD "  a/b: {price: {input: 1USD, output: 1}}\n",
         "f:3:24: error: expected USD for a million tokens, such as 2 or 0.0028\nf:3:16: error: a "
         "price needs both input and output\n"						  },
	{"below nothing",           HEAD "  a/b: {price: {input: -1, output: 1}}\n",
         "f:3:24: error: expected USD for a million tokens, such as 2 or 0.0028\nf:3:16: error: a "
         "price needs both input and output\n"						  },
	{"finer than a millionth",  HEAD "  a/b: {price: {input: 0.0000001, output: 1}}\n",
         "f:3:24: error: expected USD for a million tokens, such as 2 or 0.0028\nf:3:16: error: a "
         "price needs both input and output\n"						  },
	{"a wrong unit",            HEAD "  a/b: {price: {input: 17000, output: 1}}\n",
         "f:3:24: error: more than 10000 USD for a million tokens\nf:3:16: error: a price needs "
         "both input and output\n"							      },
	{"half a tier",
         HEAD "  a/b: {price: {input: 1, output: 1, above: {tokens: 5, input: 2}}}\n",
         "f:3:45: error: 'above' needs tokens, input and output\n"                              },
	{"no such day",             HEAD "  a/b: {date: 2026-02-30}\n",
         "f:3:15: error: expected a day such as 2026-07-24\n"                                   },
	{"more prompt than window", HEAD "  a/b: {window: 5, prompt: 6}\n",
         "f:3:8: error: more of the prompt than there is window\n"                              },
	{"a list of rows",          "fathom_models: 1\nmodels: [a/b]\n",
         "f:2:9: error: expected 'provider/model: {…}' rows\n"                                },
	{"no yaml",                 "fathom_models: [\n",
         "f:2:1: did not find expected node content, while parsing a flow node from line 2 on\n"},
};

static void test_mistake(void **state)
{
	const struct mistake_case *c = *state;
	struct fixture f;

	open_fixture(&f);
	assert_int_equal(add(&f, "f", c->text), FM_E_USAGE);
	assert_string_equal(fm_buf_text(&f.complaints), c->want);
	assert_int_equal(f.catalogue.count, 0);
	close_fixture(&f);
}

static void test_row(void **state)
{
	struct fixture f;
	const struct fm_model_row *row;

	(void)state;
	open_fixture(&f);
	assert_int_equal(add(&f, "f",
	                     HEAD "  p/m: {window: 64k, prompt: 60k, output: 4k, price: {input: "
	                          "0.0028, output: 10000, above: {tokens: 5k, input: 3, cached: "
	                          "1.000001, output: 4}}, tokenizer: o200k, alias: [x, Y], "
	                          "deprecated: 2026-06-01, source: us, date: 2026-07-24, note: "
	                          "n}\n"),
	                 FM_OK);
	row = fm_catalogue_find(&f.catalogue, "p", "m");
	assert_int_equal(row->window, 64000);
	assert_int_equal(row->prompt_max, 60000);
	assert_int_equal(row->output_max, 4000);
	assert_int_equal(row->price.input, 2800);
	assert_int_equal(row->price.cached, 2800);
	assert_int_equal(row->price.written, 2800);
	assert_int_equal(row->price.output, 10000000000);
	assert_int_equal(row->price.tier_tokens, 5000);
	assert_int_equal(row->price.tier_input, 3000000);
	assert_int_equal(row->price.tier_cached, 1000001);
	assert_int_equal(row->price.tier_written, 3000000);
	assert_int_equal(row->price.tier_output, 4000000);
	assert_string_equal(row->tokenizer, "o200k");
	assert_string_equal(row->deprecated, "2026-06-01");
	assert_string_equal(row->source, "us");
	assert_string_equal(row->date, "2026-07-24");
	assert_string_equal(row->note, "n");
	assert_int_equal(row->line, 3);
	close_fixture(&f);
}

/* Its own name goes before an alias, and an alias before what stands for all. */
static void test_find(void **state)
{
	static const struct {
		const char *provider, *model;
		uint64_t window; /* 0: no row */
	} asked[] = {
		{"p", "m",     1},
                {"p", "short", 2},
                {"p", "SHORT", 2},
                {"p", "M",     2},
		{"p", "x",     3},
                {"q", "m",     4},
                {"q", "x",     0},
                {"r", "m",     0},
	};
	struct fixture f;

	(void)state;
	open_fixture(&f);
	assert_int_equal(add(&f, "f",
	                     HEAD "  p/*: {window: 3}\n  p/long: {window: 2, alias: [m, short]}\n"
	                          "  p/m: {window: 1}\n  q/m: {window: 4}\n"),
	                 FM_OK);
	for (size_t i = 0; i < FM_COUNT(asked); i++) {
		const struct fm_model_row *row =
			fm_catalogue_find(&f.catalogue, asked[i].provider, asked[i].model);

		assert_int_equal(row == NULL ? 0 : row->window, asked[i].window);
	}
	assert_null(fm_catalogue_find(NULL, "p", "m"));
	close_fixture(&f);
}

/* A later file's row takes the whole place of an earlier one's. */
static void test_override(void **state)
{
	struct fixture f;

	(void)state;
	open_fixture(&f);
	assert_int_equal(add(&f, "f", HEAD "  p/a: {window: 1, note: n}\n  p/b: {window: 2}\n"),
	                 FM_OK);
	assert_int_equal(add(&f, "mine", HEAD "  p/c: {window: 4}\n  p/a: {window: 3}\n"), FM_OK);
	assert_int_equal(f.catalogue.count, 3);
	assert_int_equal(fm_catalogue_find(&f.catalogue, "p", "a")->window, 3);
	assert_null(fm_catalogue_find(&f.catalogue, "p", "a")->note);
	assert_string_equal(fm_catalogue_find(&f.catalogue, "p", "a")->source, "mine");
	assert_int_equal(fm_catalogue_find(&f.catalogue, "p", "b")->window, 2);
	assert_int_equal(fm_catalogue_find(&f.catalogue, "p", "c")->window, 4);
	assert_int_equal(add(&f, "mine", HEAD "  p/b: {window: x}\n"), FM_E_USAGE);
	assert_int_equal(fm_catalogue_find(&f.catalogue, "p", "b")->window, 2);
	close_fixture(&f);
}

static void test_stale(void **state)
{
	struct fixture f;
	const struct fm_model_row *row;
	int64_t ms;

	(void)state;
	open_fixture(&f);
	assert_int_equal(add(&f, "f", HEAD "  p/a: {date: 2026-01-01}\n  p/b: {window: 1}\n"),
	                 FM_OK);
	row = fm_catalogue_find(&f.catalogue, "p", "a");
	assert_true(fm_time_parse(fm_span_of("2026-06-30T00:00:00.000Z"), &ms));
	assert_false(fm_model_row_is_stale(row, ms));
	assert_true(fm_model_row_is_stale(row, ms + 1));
	assert_false(fm_model_row_is_stale(fm_catalogue_find(&f.catalogue, "p", "b"), ms + 1));
	close_fixture(&f);
}

static void read_shipped(struct fixture *f)
{
	const char *path =
		fm_arena_format(&f->arena, "%s/models/models.yaml", fm_corpora_folder(&f->arena));
	struct fm_span text;
	struct fm_err err;

	assert_int_equal(fm_file_read(path, (size_t)1 << 20, &f->arena, &text, &err), FM_OK);
	if (fm_catalogue_add(&f->catalogue, "models.yaml", text, &f->arena, &f->complaints, &err) !=
	    FM_OK)
		fail_msg("%s", fm_buf_text(&f->complaints));
}

/* Each row says whose word it is and of which day; only a person's own machine has no day. */
static void test_shipped(void **state)
{
	struct fixture f;

	(void)state;
	open_fixture(&f);
	read_shipped(&f);
	assert_true(f.catalogue.count > 100);
	for (size_t i = 0; i < f.catalogue.count; i++) {
		const struct fm_model_row *row = &f.catalogue.rows[i];

		assert_string_not_equal(row->source, "models.yaml");
		assert_int_equal(row->date == NULL, strcmp(row->model, "*") == 0);
		assert_true(row->window > 0 || row->priced || row->note != NULL);
		assert_false(row->tokenizer != NULL && fm_tokenizers_is_closed(row->model));
		for (size_t k = 0; k < row->alias_count; k++)
			assert_ptr_equal(
				fm_catalogue_find(&f.catalogue, row->provider, row->aliases[k]),
				row);
	}
	close_fixture(&f);
}

/* What people ask for most is one word away at every host that has it. */
static void test_short_names(void **state)
{
	static const char *const names[] = {
		"groq/llama-4-scout",          "openrouter/llama-4-scout",
		"bedrock/llama-4-scout",       "together/llama-4-scout",
		"fireworks/llama-4-maverick",  "vertex-maas/llama-4-scout",
		"groq/llama-3.3-70b",          "llama/llama-4-maverick",
		"azure/llama-4-scout",         "ollama/phi-4-14b",
		"ollama/gemma-3-27b",          "vllm/gemma-3-27b",
		"deepseek/deepseek-chat",      "dashscope/qwen-turbo-latest",
		"gemini/gemini-2.0-flash",     "xai/grok-4.1-fast",
		"anthropic/claude-sonnet-4.5", "openai/gpt-4.1",
	};
	struct fixture f;

	(void)state;
	open_fixture(&f);
	read_shipped(&f);
	for (size_t i = 0; i < FM_COUNT(names); i++) {
		const struct fm_span name = fm_span_of(names[i]);
		const size_t slash = fm_span_find_byte(name, '/');
		const struct fm_model_row *row = fm_catalogue_find(
			&f.catalogue, fm_arena_text(&f.arena, fm_span_first(name, slash)),
			names[i] + slash + 1);

		if (row == NULL || strcmp(row->model, "*") == 0)
			fail_msg("%s leads nowhere", names[i]);
	}
	close_fixture(&f);
}

/* Name, window and price of a plan's model: the catalogue's, but for what a person says. */
static void test_settings(void **state)
{
	static const char plan[] =
		"fathom: 1\nmodels:\n  - groq/llama-4-scout\n"
		"  - {model: openai/gpt-5, window: 9k, price: {input: 1USD, output: 2USD}}\n"
		"  - openai/gpt-5.1\n  - openai/none\n";
	struct fm_overcount over = {.trials = 1, .lengths = 1, .frame_tokens = 10};
	struct fm_settings settings;
	struct fixture f;
	struct fm_err err;

	(void)state;
	open_fixture(&f);
	read_shipped(&f);
	fm_settings_init(&settings, &f.arena);
	assert_int_equal(
		fm_settings_read(&settings, "f", fm_span_of(plan), &f.arena, &f.complaints, &err),
		FM_OK);
	assert_int_equal(
		fm_settings_complete(&settings, NULL, &f.catalogue, &f.arena, &f.complaints, &err),
		FM_OK);
	assert_string_equal(settings.models[0].name, "groq/llama-4-scout");
	assert_string_equal(settings.models[0].model, "meta-llama/llama-4-scout-17b-16e-instruct");
	assert_int_equal(settings.models[0].price.input, 110000);
	assert_int_equal(fm_window_of(&settings.models[0]), 131072);
	assert_int_equal(fm_window_of(&settings.models[1]), 9000);
	assert_int_equal(fm_window_longest(&settings, 1, &over), 9000 - 256 - 10);
	assert_int_equal(settings.models[1].price.input, 1000000);
	assert_int_equal(fm_window_of(&settings.models[2]), 400000);
	assert_int_equal(fm_window_longest(&settings, 2, &over), 272000 - 10);
	assert_false(settings.models[3].priced);
	assert_int_equal(fm_window_of(&settings.models[3]), 0);
	close_fixture(&f);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(mistakes) + 7];
	size_t n = 0;

	for (; n < FM_COUNT(mistakes); n++)
		tests[n] = (struct CMUnitTest){mistakes[n].name, test_mistake, NULL, NULL,
		                               &mistakes[n]};
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_row);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_find);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_override);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_stale);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_shipped);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_short_names);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_settings);
	return cmocka_run_group_tests_name("sweep/catalogue", tests, NULL, NULL) != 0;
}
