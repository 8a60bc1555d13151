#include "fuzz.h"

#include <assert.h>

#include "text/secret.h"

#define ENDS 8 /* bytes of an end that is a hit, of a secret twice as long or longer */

/* A plain search for what may not be left. */
static bool has(struct fm_span text, struct fm_span what)
{
	return what.len > 0 && fm_span_find(text, what) < text.len;
}

static void hold(struct fm_span text, struct fm_span secret, enum fm_redact how)
{
	struct fm_buf buf = {0};
	uint64_t count = 0;
	const struct fm_span got = fm_redact(text, how, &buf, &count);

	assert(got.len <= text.len);
	assert((count == 0) == (got.ptr == text.ptr));
	if (secret.len >= FM_SECRET_MIN)
		assert(!has(got, secret));
	if (secret.len >= (size_t)2 * ENDS && how == FM_REDACT_ENDS) {
		assert(!has(got, fm_span_first(secret, ENDS)));
		assert(!has(got, fm_span_skip(secret, secret.len - ENDS)));
	}
	fm_buf_free(&buf);
}

/* A secret, a line end, and a text. One with a bracket could be made anew by "[key]" itself. */
void fuzz_one(struct fm_span input)
{
	const size_t end = fm_span_find_byte(input, '\n');
	const struct fm_span secret = fm_span_first(input, end);
	const struct fm_span text = fm_span_skip(input, end + 1);

	if (secret.len > 256 || fm_span_find_byte(secret, '[') < secret.len ||
	    fm_span_find_byte(secret, ']') < secret.len)
		return;
	fm_secret_add(secret);
	hold(text, secret, FM_REDACT_WHOLE);
	hold(text, secret, FM_REDACT_ENDS);
	fm_secret_forget();
}
