#include "fuzz.h"

#include <assert.h>

#include "text/utf8.h"
#include "token/normal_internal.h"

static const char *const texts[] = {
	"",
	" a  b\n\tc ",
	"\xe2\x96\x81 aaaaaaaaaa<s><sep>\xc3\xa9",
	"e\xcc\x81\xef\xac\x81\xef\xbd\xa1\xf0\x9f\x98\x80 the river keeper",
};

/* A charsmap reads nothing outside itself, and makes UTF-8 of UTF-8, or is refused. */
void fuzz_one(struct fm_span input)
{
	struct fm_vocab_rules rules = {
		.normal_form = FM_NORMAL_CHARSMAP, .charsmap = input, .spaces_marked = true};
	struct fm_err err;

	for (unsigned i = 0; i < 2; i++) {
		struct fm_normal *normal = NULL;
		struct fm_buf flat;
		struct fm_buf buf;

		rules.squeeze_spaces = i == 1;
		fm_buf_init(&flat, (size_t)1 << 28);
		fm_buf_init(&buf, (size_t)1 << 28);
		if (fm_normal_build(&rules, &flat, &err) == FM_OK) {
			assert(fm_normal_open(fm_buf_span(&flat), &normal, &err) == FM_OK);
			for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
				const struct fm_span done =
					fm_normal_apply(normal, fm_span_of(texts[t]), true, &buf);

				assert(fm_utf8_check(done) == done.len);
			}
			fm_normal_close(normal);
		}
		fm_buf_free(&buf);
		fm_buf_free(&flat);
	}
}
