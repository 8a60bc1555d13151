#include "test.h"

#include "base/macro.h"
#include "sentencepiece_kit.h"
#include "token/form_internal.h"

/* A SentencePiece model whose first piece is a message of so many bytes. */
static struct piece_case {
	const char *name;
	size_t text_bytes;
} pieces[] = {
	{"a short piece",               5  },
	{"a piece that begins as JSON", 114},
	{"a long piece",                120},
};

static void test_piece(void **state)
{
	const struct piece_case *c = *state;
	enum fm_form form = FM_FORM_RANKS;
	struct fm_err err = {0};
	struct fm_buf model;
	struct fm_buf text;

	fm_buf_init(&model, 1 << 10);
	fm_buf_init(&text, 1 << 10);
	fm_buf_put_repeat(&text, "a", c->text_bytes);
	kit_put_piece(&model, fm_buf_span(&text), -1.0f, 1);
	assert_int_equal(fm_form_of(fm_buf_span(&model), &form, &err), FM_OK);
	assert_int_equal(form, FM_FORM_SENTENCEPIECE);
	fm_buf_free(&text);
	fm_buf_free(&model);
}

static void test_json(void **state)
{
	const char *const text =
		"\n{\n \"version\": \"1.0\", \"truncation\": null, \"padding\": null, "
		"\"normalizer\": null, \"post_processor\": null, \"decoder\": null, "
		"\"model\": {}}\n";
	enum fm_form form = FM_FORM_RANKS;
	struct fm_err err = {0};

	(void)state;
	assert_int_equal(fm_form_of(fm_span_of(text), &form, &err), FM_OK);
	assert_int_equal(form, FM_FORM_HUGGINGFACE);
}

int main(void)
{
	struct CMUnitTest tests[1 + FM_COUNT(pieces)] = {cmocka_unit_test(test_json)};

	for (size_t i = 0; i < FM_COUNT(pieces); i++)
		tests[1 + i] =
			(struct CMUnitTest){pieces[i].name, test_piece, NULL, NULL, &pieces[i]};
	return cmocka_run_group_tests_name("token/form", tests, NULL, NULL) != 0;
}
