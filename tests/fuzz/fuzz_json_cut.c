#include "fuzz.h"

#include <assert.h>

#include "base/buf.h"
#include "text/json.h"
#include "text/json_cut.h"
#include "text/utf8.h"

#define OUT_MAX ((size_t)8 << 20)

static enum fm_code on_long(void *ctx, uint32_t number, struct fm_span text, bool last,
                            struct fm_err *err)
{
	struct fm_buf *out = ctx;

	(void)err; /* nothing can fail here */
	fm_buf_put(out, text);
	if (last)
		fm_buf_putf(out, "[%lu]", (unsigned long)number);
	return FM_OK;
}

/* The long strings, then the skeleton; what came before a fault says nothing. */
static enum fm_code cut_all(struct fm_span input, size_t step, struct fm_buf *out,
                            struct fm_buf *ret_skeleton)
{
	struct fm_json_cut cut;
	struct fm_err err;
	enum fm_code rc = FM_OK;

	fm_json_cut_init(&cut, on_long, out);
	for (; input.len > 0 && rc == FM_OK; input = fm_span_skip(input, step))
		rc = fm_json_cut_feed(&cut, fm_span_first(input, step), &err);
	if (rc == FM_OK)
		rc = fm_json_cut_end(&cut, &err);
	fm_buf_init(ret_skeleton, OUT_MAX);
	fm_buf_put(ret_skeleton, fm_buf_span(&cut.skeleton));
	fm_json_cut_free(&cut);
	return rc;
}

static bool opens(struct fm_span text)
{
	struct fm_json json = {0};
	struct fm_err err;
	const bool yes = fm_json_open(text, &json, &err) == FM_OK;

	fm_json_close(&json);
	return yes;
}

/* Any cut gives the same, and what is JSON has a skeleton that is. The first byte says a cut. */
void fuzz_one(struct fm_span input)
{
	struct fm_buf want = {.max = OUT_MAX};
	struct fm_buf skeleton;
	enum fm_code rc;

	if (input.len < 2 || input.len > (size_t)1 << 20)
		return;
	const size_t steps[] = {1, 1 + (unsigned char)input.ptr[0]};

	input = fm_span_skip(input, 1);
	rc = cut_all(input, input.len, &want, &skeleton);
	if (opens(input))
		assert(rc == FM_OK && opens(fm_buf_span(&skeleton)));
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		struct fm_buf got = {.max = OUT_MAX};
		struct fm_buf other;

		assert(cut_all(input, steps[i], &got, &other) == rc);
		if (rc == FM_OK) {
			assert(fm_span_equal(fm_buf_span(&got), fm_buf_span(&want)));
			assert(fm_span_equal(fm_buf_span(&other), fm_buf_span(&skeleton)));
		}
		fm_buf_free(&got);
		fm_buf_free(&other);
	}
	fm_buf_free(&want);
	fm_buf_free(&skeleton);
}
