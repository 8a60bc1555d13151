#include "cli/help.h"

#include <string.h>

#include "base/macro.h"
#include "base/span.h"
#include "cli/command.h"
#include "sweep/settings.h"
#include "test.h"
#include "text/utf8.h"

#define LINES_MAX 40
#define COLUMNS_MAX 80

static void assert_fits(struct fm_span text, size_t lines_max, const char *what)
{
	size_t lines = 0;

	while (text.len > 0) {
		const size_t len = fm_span_find_byte(text, '\n');
		const struct fm_span line = fm_span_first(text, len);

		if (fm_utf8_count(line) > COLUMNS_MAX)
			fail_msg("%s: '%.*s' is wider than a terminal", what, FM_SPAN_ARGS(line));
		lines++;
		text = fm_span_skip(text, len + 1);
	}
	if (lines > lines_max)
		fail_msg("%s: %zu lines", what, lines);
}

static void test_short_help_fits(void **state)
{
	size_t count;
	const struct fm_command *const *commands = fm_commands(&count);
	struct fm_buf buf;

	(void)state;
	fm_buf_init(&buf, FM_HELP_BYTES_MAX);
	fm_help_program(false, &buf);
	assert_fits(fm_buf_span(&buf), LINES_MAX, "fathom");
	for (size_t i = 0; i < count; i++) {
		fm_buf_clear(&buf);
		fm_help_command(commands[i], false, &buf);
		assert_fits(fm_buf_span(&buf), LINES_MAX, commands[i]->name);
		fm_buf_clear(&buf);
		fm_help_command(commands[i], true, &buf);
		assert_fits(fm_buf_span(&buf), 1000, commands[i]->name);
		for (size_t p = 0; p < commands[i]->part_count; p++) {
			fm_buf_clear(&buf);
			fm_help_command(&commands[i]->parts[p], true, &buf);
			assert_fits(fm_buf_span(&buf), 1000, commands[i]->parts[p].name);
		}
	}
	fm_buf_free(&buf);
}

/* Every option of a command, its own, the plan's and the common ones, in one list. */
static size_t all_options(const struct fm_command *c, const struct fm_opt **list)
{
	size_t counts[4] = {c->opt_count, 0, 0, 0};
	const struct fm_opt *tables[4] = {c->opts, fm_plan_opts(&counts[1]),
	                                  fm_common_opts(&counts[2]),
	                                  fm_corpus_opt_table(&counts[3])};
	size_t count = 0;

	if (!c->takes_plan)
		counts[1] = 0;
	if (!c->takes_corpus)
		counts[3] = 0;
	for (size_t t = 0; t < FM_COUNT(counts); t++)
		for (size_t i = 0; i < counts[t]; i++)
			list[count++] = &tables[t][i];
	return count;
}

static void test_no_option_stands_twice(void **state)
{
	size_t command_count;
	const struct fm_command *const *commands = fm_commands(&command_count);
	const struct fm_opt *list[128];

	(void)state;
	for (size_t i = 0; i < command_count; i++) {
		const size_t count = all_options(commands[i], list);

		for (size_t a = 0; a < count; a++)
			for (size_t b = 0; b < a; b++) {
				assert_string_not_equal(list[a]->name, list[b]->name);
				if (list[a]->letter != 0)
					assert_int_not_equal(list[a]->letter, list[b]->letter);
			}
	}
}

static void test_a_letter_means_one_thing(void **state)
{
	const char *names[128] = {0};
	size_t command_count;
	const struct fm_command *const *commands = fm_commands(&command_count);
	const struct fm_opt *list[128];

	(void)state;
	for (size_t i = 0; i < command_count; i++) {
		const size_t count = all_options(commands[i], list);

		for (size_t o = 0; o < count; o++) {
			const unsigned char letter = (unsigned char)list[o]->letter;

			if (letter == 0)
				continue;
			if (names[letter] != NULL)
				assert_string_equal(names[letter], list[o]->name);
			names[letter] = list[o]->name;
		}
	}
}

/* A row of the plan's table whose key the file does not have would be found out by a user only. */
static void test_plan_rows_are_keys_of_the_file(void **state)
{
	static const struct {
		const char *name;
		const char *value;
	} values[] = {
		{"model",       "sim/x"                },
                {"length",      "4k..8k/x2"            },
		{"depth",       "0..100/50"            },
                {"repeats",     "2"                    },
		{"task",        "multikey"             },
                {"budget",      "5USD"                 },
		{"overrun",     "150%"                 },
                {"base-url",    "http://127.0.0.1:1/v1"},
		{"key-env",     "SOME_KEY"             },
                {"tokenizer",   "bytes/3"              },
		{"corpus",      "essays/"              },
                {"segment",     "line"                 },
		{"order",       "shuffled"             },
                {"pattern",     "*.md"                 },
		{"field",       "body"                 },
                {"wrap",        "true"                 },
		{"seed",        "8"                    },
                {"name",        "some"                 },
		{"concurrency", "2"                    },
                {"deadline",    "first=5m,bytes=4M"    },
		{"max-tokens",  "16"                   },
	};
	size_t count;
	const struct fm_opt *opts = fm_plan_opts(&count);
	struct fm_arena arena = {0};
	struct fm_settings *settings = fm_arena_take(&arena, sizeof *settings);
	struct fm_err err = {0};

	(void)state;
	assert_int_equal(count, FM_COUNT(values));
	fm_settings_init(settings, &arena);
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(opts[i].name, values[i].name);
		if (fm_settings_set(settings, opts[i].key, fm_span_of(values[i].value), &arena,
		                    &err) != FM_OK)
			fail_msg("--%s: %s", opts[i].name, err.text);
	}
	assert_int_equal(settings->model_count, 1);
	assert_string_equal(settings->models[0].key_name, "SOME_KEY");
	assert_int_equal(settings->max_tokens, 16);
	assert_int_equal(settings->pace.concurrency, 2);
	fm_arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_short_help_fits),
		cmocka_unit_test(test_no_option_stands_twice),
		cmocka_unit_test(test_a_letter_means_one_thing),
		cmocka_unit_test(test_plan_rows_are_keys_of_the_file),
	};

	return cmocka_run_group_tests_name("cli/help", tests, NULL, NULL) != 0;
}
