#include "fuzz.h"

#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "text/utf8.h"
#include "token/scan_internal.h"

#define TEXT_MAX 600 /* every piece's end is a place to begin anew */

static size_t scan_all(const struct fm_scanner *scanner, struct fm_span text, size_t at,
                       size_t *ret_lengths)
{
	size_t lengths[FM_SCAN_BATCH];
	size_t count = 0;
	size_t found;

	while ((found = fm_scan(scanner, text, at, lengths)) > 0) {
		assert(found <= FM_SCAN_BATCH);
		for (size_t i = 0; i < found; i++) {
			assert(lengths[i] > 0 && lengths[i] <= text.len - at);
			at += lengths[i];
			assert(at == text.len || ((unsigned char)text.ptr[at] & 0xc0) != 0x80);
			ret_lengths[count++] = lengths[i];
		}
	}
	assert(at == text.len);
	return count;
}

static void scan_text(enum fm_scheme scheme, struct fm_span text)
{
	static size_t lengths[3 * TEXT_MAX];
	static size_t again[3 * TEXT_MAX];
	struct fm_scanner *scanner = NULL;
	struct fm_err err = {0};
	size_t at = 0;
	size_t count;

	assert(fm_scanner_open(scheme, NULL, &scanner, &err) == FM_OK);
	count = scan_all(scanner, text, 0, lengths);
	for (size_t i = 0; i < count; i++) {
		at += lengths[i];
		assert(scan_all(scanner, text, at, again) == count - i - 1);
		assert(memcmp(again, lengths + i + 1, (count - i - 1) * sizeof *again) == 0);
	}
	fm_scanner_close(scanner);
}

/* Taken or refused with a sentence. It is not run, for a pattern may ask for more than all time. */
static void open_pattern(struct fm_span text)
{
	struct fm_scanner *scanner = NULL;
	struct fm_err err = {0};
	struct fm_buf pattern;
	enum fm_scheme scheme;

	fm_buf_init(&pattern, TEXT_MAX);
	fm_buf_put(&pattern, text);
	(void)fm_scheme_of_pattern(text, &scheme); /* known or not, both are fine */
	if (fm_scanner_open(FM_SCHEME_PATTERN, fm_buf_text(&pattern), &scanner, &err) != FM_OK)
		assert(err.code == FM_E_FORMAT && err.text[0] != '\0');
	fm_scanner_close(scanner);
	fm_buf_free(&pattern);
}

/* The first byte chooses the scheme; of the last one, the text is the pattern. */
void fuzz_one(struct fm_span input)
{
	enum fm_scheme scheme;
	struct fm_buf text;

	if (input.len == 0 || input.len > TEXT_MAX)
		return;
	scheme = (enum fm_scheme)((unsigned char)input.ptr[0] % (FM_SCHEME_PATTERN + 1));
	fm_buf_init(&text, (size_t)3 * TEXT_MAX);
	fm_utf8_put_repaired(&text, fm_span_skip(input, 1));
	if (scheme == FM_SCHEME_PATTERN)
		open_pattern(fm_span_skip(input, 1));
	else
		scan_text(scheme, fm_buf_span(&text));
	fm_buf_free(&text);
}
