#include "fuzz.h"

#include <assert.h>
#include <string.h>

#include "base/memory.h"
#include "text/escape.h"
#include "text/json.h"
#include "text/utf8.h"

#define OUT_MAX ((size_t)1 << 28)

/* What is UTF-8 comes back from our own reader; NUL, which that refuses, is left out. */
static void hold_json(struct fm_span input, struct fm_buf *out)
{
	const size_t len = (size_t)fm_escape_json_len(input);
	char *escaped = fm_memory_take(len);
	struct fm_json json = {0};
	struct fm_span back;
	struct fm_err err;

	fm_escape_json(input, escaped);
	fm_buf_putc(out, '"');
	fm_put_json(out, input);
	fm_buf_putc(out, '"');
	assert(out->len == len + 2 && memcmp(out->ptr + 1, escaped, len) == 0);
	if (fm_utf8_check(input) == input.len && fm_span_find_byte(input, '\0') == input.len) {
		assert(fm_json_open(fm_buf_span(out), &json, &err) == FM_OK);
		assert(fm_value_text(json.root, &back) && fm_span_equal(back, input));
	}
	fm_json_close(&json);
	fm_memory_free(escaped);
}

/* Valid UTF-8 without a control character, but for those that are named. */
static void hold_printable(struct fm_span text, const char *but)
{
	assert(fm_utf8_check(text) == text.len);
	for (size_t i = 0; i < text.len; i++) {
		const unsigned char c = (unsigned char)text.ptr[i];

		assert(c >= 0x20 || (c != 0 && strchr(but, c) != NULL));
		assert(c != 0x7f);
		assert(c != 0xc2 || (unsigned char)text.ptr[i + 1] >= 0xa0); /* C1 */
	}
}

/* No sign of markup is left but the ampersands of references. */
static void hold_html(struct fm_span text)
{
	static const char *const references[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};

	for (size_t i = 0; i < text.len; i++) {
		bool known = text.ptr[i] != '&';

		assert(strchr("<>\"'", text.ptr[i]) == NULL);
		for (size_t k = 0; k < 5; k++)
			known |= fm_span_starts(fm_span_skip(text, i), references[k]);
		assert(known);
	}
}

/* One field: an even number of quotes, and bare only without a separator or a line's end. */
static void hold_csv(struct fm_span text)
{
	size_t quotes = 0;

	for (size_t i = 0; i < text.len; i++) {
		quotes += text.ptr[i] == '"';
		if (quotes % 2 == 0)
			assert(text.ptr[i] != ',' && text.ptr[i] != '\n' && text.ptr[i] != '\r');
	}
	assert(quotes % 2 == 0);
	assert(text.len == 0 || memchr("=+@", text.ptr[0], 3) == NULL);
}

void fuzz_one(struct fm_span input)
{
	struct fm_buf out;

	fm_buf_init(&out, OUT_MAX);
	hold_json(input, &out);
	fm_buf_clear(&out);
	fm_put_visible(&out, input, false);
	hold_printable(fm_buf_span(&out), "");
	fm_buf_clear(&out);
	fm_put_visible(&out, input, true);
	hold_printable(fm_buf_span(&out), "\n");
	fm_buf_clear(&out);
	fm_put_html(&out, input);
	hold_printable(fm_buf_span(&out), "\n\t");
	hold_html(fm_buf_span(&out));
	fm_buf_clear(&out);
	fm_put_csv(&out, input);
	hold_csv(fm_buf_span(&out));
	fm_buf_clear(&out);
	fm_utf8_put_repaired(&out, input);
	assert(fm_utf8_check(fm_buf_span(&out)) == out.len);
	fm_buf_free(&out);
}
