#include "fuzz.h"

#include <assert.h>

#include "base/buf.h"
#include "text/json.h"

#define OUT_MAX ((size_t)1 << 28)

/* The canonical form is JSON again, and its own canonical form. */
static void hold_canonical(const struct fm_value *root)
{
	struct fm_json again = {0};
	struct fm_buf once;
	struct fm_buf twice;
	struct fm_err err;

	fm_buf_init(&once, OUT_MAX);
	fm_buf_init(&twice, OUT_MAX);
	fm_value_put_canonical(root, &once);
	assert(fm_json_open(fm_buf_span(&once), &again, &err) == FM_OK);
	assert(fm_value_kind(again.root) == fm_value_kind(root));
	assert(fm_value_count(again.root) == fm_value_count(root));
	fm_value_put_canonical(again.root, &twice);
	assert(fm_span_equal(fm_buf_span(&once), fm_buf_span(&twice)));
	fm_json_close(&again);
	fm_buf_free(&once);
	fm_buf_free(&twice);
}

void fuzz_one(struct fm_span input)
{
	struct fm_json json = {0};
	struct fm_err err;
	const enum fm_code checked = fm_json_check(input, &err);
	const enum fm_code opened = fm_json_open(input, &json, &err);

	/* What is checked is refused only for what the check does not look at. */
	assert(checked == FM_OK ? opened == FM_OK || opened == FM_E_FORMAT : opened == checked);
	assert((opened == FM_OK) == (fm_value_kind(json.root) != FM_VALUE_NONE));
	if (opened == FM_OK && input.len < FM_JSON_BYTES_MAX / 64)
		hold_canonical(json.root);
	fm_json_close(&json);
}
