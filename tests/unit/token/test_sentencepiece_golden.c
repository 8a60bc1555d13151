#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/macro.h"
#include "base/num.h"
#include "token/compiled_internal.h"
#include "token/counter_internal.h"
#include "token/vocab_internal.h"

#define ROWS 840 /* seven models, 120 texts each */

/* The model that the rows are about; they come model by model. */
struct model {
	struct fm_span name;
	struct fm_counter *counter;
};

static void open_model(struct model *model, struct fm_span name, struct fm_arena *arena)
{
	struct fm_compiled *compiled = NULL;
	struct fm_vocab vocab = {0};
	struct fm_map map = {0};
	struct fm_err err = {0};

	if (model->counter != NULL && fm_span_equal(model->name, name))
		return;
	fm_counter_close(model->counter);
	assert_int_equal(
		fm_map_open(fm_arena_format(arena,
	                                    "%s/tests/golden/tokens/sentencepiece/%.*s.model",
	                                    getenv("FATHOM_TEST_DATA"), FM_SPAN_ARGS(name)),
	                    &map, &err),
		FM_OK);
	assert_int_equal(fm_vocab_read_sentencepiece(map.bytes, &vocab, &err), FM_OK);
	assert_int_equal(fm_compile(&vocab, NULL, &compiled, &err), FM_OK);
	assert_int_equal(fm_exact_counter_open(compiled, "golden", &model->counter, &err), FM_OK);
	model->name = name;
	fm_vocab_free(&vocab);
	fm_map_close(&map);
}

static void put_text(struct fm_buf *text, struct fm_span coded)
{
	fm_buf_clear(text);
	for (size_t i = 0; i < coded.len; i++) {
		char c = coded.ptr[i];

		if (c == '\\' && coded.ptr[i + 1] == 'x') {
			uint64_t byte = 0;

			assert_true(fm_num_hex64(fm_span_make(coded.ptr + i + 2, 2), &byte));
			c = (char)(unsigned char)byte;
			i += 3;
		} else if (c == '\\') {
			i++;
		}
		fm_buf_putc(text, c);
	}
}

static void put_id(void *ctx, uint32_t id, struct fm_span text)
{
	struct fm_buf *ids = ctx;

	(void)text; /* what a token is called is not asked */
	fm_buf_putf(ids, "%s%u", ids->len > 0 ? " " : "", id);
}

static uint64_t count_words(struct fm_span words)
{
	uint64_t count = words.len > 0;

	for (size_t i = 0; i < words.len; i++)
		count += words.ptr[i] == ' ';
	return count;
}

static void assert_row(const struct model *model, struct fm_span text, struct fm_span want)
{
	struct fm_buf ids;

	fm_buf_init(&ids, 1 << 16);
	fm_counter_encode(model->counter, text, put_id, &ids);
	if (!fm_span_equal(fm_buf_span(&ids), want))
		fail_msg("%.*s: %.*s: %s, not %.*s", FM_SPAN_ARGS(model->name), FM_SPAN_ARGS(text),
		         fm_buf_text(&ids), FM_SPAN_ARGS(want));
	assert_int_equal(fm_counter_count(model->counter, text), count_words(want));
	fm_buf_free(&ids);
}

/* Each row's ids are those that the reference gives. */
static void test_rows(void **state)
{
	struct fm_arena arena = {0};
	struct fm_err err = {0};
	struct model model = {0};
	struct fm_span rest;
	struct fm_span line;
	struct fm_buf text;
	unsigned count = 0;

	(void)state;
	fm_buf_init(&text, 1 << 16);
	assert_int_equal(
		fm_file_read(fm_arena_format(&arena, "%s/tests/golden/tokens/sentencepiece.tsv",
	                                     getenv("FATHOM_TEST_DATA")),
	                     1 << 20, &arena, &rest, &err),
		FM_OK);
	assert_true(fm_span_split(&rest, '\n', &line)); /* the columns' names */
	while (fm_span_split(&rest, '\n', &line)) {
		const size_t name = fm_span_find_byte(line, '\t');
		const struct fm_span columns = fm_span_skip(line, name + 1);
		const size_t coded = fm_span_find_byte(columns, '\t');

		open_model(&model, fm_span_first(line, name), &arena);
		put_text(&text, fm_span_first(columns, coded));
		assert_row(&model, fm_buf_span(&text), fm_span_skip(columns, coded + 1));
		count++;
	}
	assert_int_equal(count, ROWS);
	fm_counter_close(model.counter);
	fm_buf_free(&text);
	fm_arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows)};

	return cmocka_run_group_tests_name("token/sentencepiece_golden", tests, NULL, NULL) != 0;
}
