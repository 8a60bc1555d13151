#include "haystack_support.h"

/* What ends a document where no segment makes the count: the text's own words, and few others. */

#define OTHER_BYTES_MAX (16 * 4) /* of bytes/4's words */

static struct fill_case {
	const char *name;
	const char *piece; /* a number stands behind each, and then its end */
	const char *end;
	size_t between_bytes_max;
} fills[] = {
	{"words", "word",         " ",            9 },
	{"Han",   "\xe4\xba\x91", "\xe5\xb1\xb1", 10},
	{"lines", "line ",        "\n",           10},
};

/* Two paragraphs, each longer than any document. */
static void put_text(const struct fill_case *c, struct fm_buf *buf)
{
	for (int i = 0; i < 4000; i++) {
		if (i == 2000)
			fm_buf_puts(buf, "\n\n");
		fm_buf_putf(buf, "%s%04d%s", c->piece, i, c->end);
	}
}

static void assert_own(const struct fill_case *c, const struct fm_rope *rope, struct fm_span text)
{
	struct fm_buf document;
	size_t same = 0;

	fm_buf_init(&document, GROUND_BYTES_MAX);
	for (size_t i = 0; i < rope->count; i++)
		fm_buf_put(&document, rope->pieces[i].raw);
	const struct fm_span said = fm_buf_span(&document);

	while (same < said.len && same < text.len && said.ptr[same] == text.ptr[same])
		same++;
	if (same + OTHER_BYTES_MAX + c->between_bytes_max < said.len)
		fail_msg("%s: %zu bytes of %zu are the text's own", c->name, same, said.len);
	fm_buf_free(&document);
}

static void test_cut(void **state)
{
	const struct fill_case *c = *state;
	struct ground g;
	struct fm_haystack *hay;
	struct fm_buf buf;

	fm_buf_init(&buf, GROUND_BYTES_MAX);
	put_text(c, &buf);
	ground_open_text(&g, FM_UNIT_PARAGRAPH, "bytes/4", fm_buf_span(&buf));
	hay = ground_lay(&g, 0, 3000);
	for (uint64_t length = 100; length < 3000; length += 97) {
		const struct fm_document_spec spec = {.length_tokens = length};
		struct fm_arena arena = {0};
		struct fm_document document = {0};
		struct fm_err err;

		assert_ok(fm_document_lay(hay, &spec, &arena, &document, &err), &err);
		assert_int_equal(document.tokens, length);
		assert_own(c, &document.text, fm_buf_span(&buf));
		fm_arena_free(&arena);
	}
	fm_haystack_close(hay);
	ground_close(&g);
	fm_buf_free(&buf);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(fills)];

	for (size_t i = 0; i < FM_COUNT(fills); i++)
		tests[i] = (struct CMUnitTest){fills[i].name, test_cut, NULL, NULL, &fills[i]};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
