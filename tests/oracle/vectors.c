#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/env.h"
#include "base/file.h"
#include "base/macro.h"
#include "base/num.h"
#include "token/counter.h"

/*
 * What npm tiktoken makes of texts, held against what we ship: tests/golden/tokens/README.md tells
 * how the files were made. Everything goes through the public doors.
 */

#define IDS_MAX 4096

static struct ground {
	struct fm_arena arena;
	char folder[64];
	struct fm_counter *counters[2];
} ground;

static const char *const names[] = {"o200k", "cl100k"}; /* in the order of the files' columns */

struct ids {
	uint32_t id[IDS_MAX];
	size_t count;
	size_t text_len; /* of the tokens' texts together */
	struct fm_span text;
	bool texts_right; /* each token's text is what stands at its place in the whole */
};

static void take_id(void *ctx, uint32_t id, struct fm_span text)
{
	struct ids *ids = ctx;

	assert_true(ids->count < IDS_MAX);
	ids->id[ids->count++] = id;
	ids->texts_right = ids->texts_right && text.len <= ids->text.len - ids->text_len &&
	                   memcmp(text.ptr, ids->text.ptr + ids->text_len, text.len) == 0;
	ids->text_len += text.len;
}

/* The bytes that a column stands for. */
static struct fm_span unescape(struct fm_span column)
{
	char *bytes = fm_arena_take(&ground.arena, column.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < column.len; i++) {
		if (column.ptr[i] != '\\') {
			bytes[len++] = column.ptr[i];
		} else if (column.ptr[i + 1] == '\\') {
			bytes[len++] = column.ptr[++i];
		} else {
			const char hex[] = {column.ptr[i + 2], column.ptr[i + 3], '\0'};

			assert_int_equal(column.ptr[i + 1], 'x');
			bytes[len++] = (char)(unsigned char)strtoul(hex, NULL, 16);
			i += 3;
		}
	}
	return fm_span_make(bytes, len);
}

static struct fm_span take_column(struct fm_span *line)
{
	struct fm_span column;

	/* A last column without ids is not given: it is empty. */
	return fm_span_split(line, '\t', &column) ? column : (struct fm_span){"", 0};
}

static size_t take_numbers(struct fm_span column, uint64_t numbers[IDS_MAX])
{
	struct fm_span part;
	size_t count = 0;

	while (fm_span_split(&column, ' ', &part)) {
		assert_true(count < IDS_MAX);
		assert_true(fm_num_u64(part, &numbers[count++]));
	}
	return count;
}

/* The rows of a file, without the line that names the columns. */
static struct fm_span read_rows(const char *file)
{
	const char *path = fm_arena_format(&ground.arena, "%s/tests/golden/tokens/%s",
	                                   fm_env_get("FATHOM_TEST_DATA"), file);
	struct fm_span rows;
	struct fm_span head;
	struct fm_err err;

	assert_int_equal(fm_file_read(path, (size_t)16 << 20, &ground.arena, &rows, &err), FM_OK);
	assert_true(fm_span_split(&rows, '\n', &head));
	return rows;
}

static void check_ids(const struct fm_counter *counter, struct fm_span text, struct fm_span column)
{
	uint64_t want[IDS_MAX];
	const size_t want_count = take_numbers(column, want);
	struct ids got = {.text = text, .texts_right = true};

	fm_counter_encode(counter, text, take_id, &got);
	assert_int_equal(got.count, want_count);
	for (size_t i = 0; i < want_count; i++)
		assert_int_equal(got.id[i], want[i]);
	assert_int_equal(got.text_len, text.len);
	assert_true(got.texts_right);
	assert_int_equal(fm_counter_count(counter, text), want_count);
	assert_int_equal(fm_counter_count_more(counter, text), want_count);
}

static void test_openai(void **state)
{
	struct fm_span rows = read_rows("openai.tsv");
	struct fm_span row;
	size_t count = 0;

	(void)state;
	for (; fm_span_split(&rows, '\n', &row); count++) {
		(void)take_column(&row); /* the kind is for people */
		const struct fm_span text = unescape(take_column(&row));

		for (size_t i = 0; i < FM_COUNT(names); i++)
			check_ids(ground.counters[i], text, take_column(&row));
	}
	assert_int_equal(count, 467);
}

/* One join in one tokenizer; true when a seam was promised. */
static bool check_join(const struct fm_counter *counter, struct fm_span a, struct fm_span b,
                       const uint64_t want[3])
{
	char *both = fm_arena_take(&ground.arena, a.len + b.len + 1);
	const bool additive = want[0] + want[1] == want[2];
	const bool promised = fm_counter_adds_up(counter, a, b);

	memcpy(both, a.ptr, a.len);
	memcpy(both + a.len, b.ptr, b.len);
	assert_int_equal(fm_counter_count(counter, a), want[0]);
	assert_int_equal(fm_counter_count(counter, b), want[1]);
	assert_int_equal(fm_counter_count(counter, fm_span_make(both, a.len + b.len)), want[2]);
	assert_true(additive || !promised);
	return promised;
}

static void test_joins(void **state)
{
	struct fm_span rows = read_rows("joins.tsv");
	struct fm_span row;
	size_t promised[FM_COUNT(names)] = {0};
	size_t count = 0;

	(void)state;
	for (; fm_span_split(&rows, '\n', &row); count++) {
		const struct fm_span a = unescape(take_column(&row));
		const struct fm_span b = unescape(take_column(&row));

		for (size_t i = 0; i < FM_COUNT(names); i++) {
			uint64_t want[IDS_MAX] = {0};

			assert_int_equal(take_numbers(take_column(&row), want), 3);
			promised[i] += check_join(ground.counters[i], a, b, want);
		}
	}
	assert_int_equal(count, 163);
	/* A counter that promised nothing would pass all of the above. */
	for (size_t i = 0; i < FM_COUNT(names); i++)
		assert_true(promised[i] >= 30);
}

static int open_counters(void **state)
{
	struct fm_counter_place place = {0};

	(void)state;
	(void)snprintf(ground.folder, sizeof ground.folder, "/tmp/fathom-vectors-XXXXXX");
	assert_non_null(mkdtemp(ground.folder));
	place.corpora_folder =
		fm_arena_format(&ground.arena, "%s/corpora", fm_env_get("FATHOM_TEST_DATA"));
	place.cache_folder = ground.folder;
	for (size_t i = 0; i < FM_COUNT(names); i++) {
		struct fm_err err = {0};

		if (fm_counter_open(names[i], &place, &ground.counters[i], &err) != FM_OK)
			fail_msg("%s: %s", names[i], err.text);
		assert_string_equal(fm_counter_name(ground.counters[i]), names[i]);
		assert_true(fm_counter_has_ids(ground.counters[i]));
		assert_int_equal(fm_counter_error_ppm(ground.counters[i]), 0);
	}
	return 0;
}

static int close_counters(void **state)
{
	const char *command = fm_arena_format(&ground.arena, "rm -rf '%s'", ground.folder);

	(void)state;
	for (size_t i = 0; i < FM_COUNT(names); i++)
		fm_counter_close(ground.counters[i]);
	assert_int_equal(system(command), 0);
	fm_arena_free(&ground.arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_openai),
		cmocka_unit_test(test_joins),
	};

	return cmocka_run_group_tests_name("oracle/vectors", tests, open_counters,
	                                   close_counters) != 0;
}
