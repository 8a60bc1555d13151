#include "token/tally.h"

#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "counter_internal.h"
#include "text/utf8.h"

#define SLICE_BYTES ((size_t)1 << 20)
#define LOOK_BYTES 64 /* what fm_counter_adds_up asks to see on each side */
#define REPLACEMENT "\xef\xbf\xbd"
#define CODE_POINT_MAX 4

struct fm_tally {
	struct fm_tally_spec spec;
	const struct fm_counter *base; /* the counter whose counts add up */
	struct fm_buf
		text; /* not counted yet; the bytes behind `valid` are not known to be UTF-8 */
	struct fm_buf spare; /* what is being repaired */
	size_t valid;
	size_t looked;               /* no seam lies before this place */
	bool begun;                  /* something was counted: the rest stands behind a seam */
	struct fm_count_state state; /* of a base that needs no seams */
	uint64_t fed_bytes;
	uint64_t counted_bytes; /* of the text, repaired */
	uint64_t tokens;
	uint64_t repaired;
};

struct fm_tally *fm_tally_open(const struct fm_tally_spec *spec)
{
	struct fm_tally *tally = fm_memory_take(sizeof *tally);

	tally->spec = *spec;
	tally->base = fm_counter_base(spec->counter);
	if (spec->stretch_max == 0)
		tally->spec.stretch_max = FM_TALLY_STRETCH_MAX;
	/* Every byte of a slice may become three, and the longest stretch may stand before it. */
	fm_buf_init(&tally->text, (size_t)tally->spec.stretch_max + 4 * SLICE_BYTES);
	fm_buf_init(&tally->spare, 2 * SLICE_BYTES);
	return tally;
}

void fm_tally_close(struct fm_tally *tally)
{
	if (tally == NULL)
		return;
	fm_buf_free(&tally->text);
	fm_buf_free(&tally->spare);
	fm_memory_free(tally);
}

/* May these bytes be the beginning of a code point that is not over yet? */
static bool may_go_on(struct fm_span bytes)
{
	char whole[CODE_POINT_MAX];
	unsigned char lead;
	size_t len;

	if (bytes.len == 0 || bytes.len >= CODE_POINT_MAX)
		return false;
	lead = (unsigned char)bytes.ptr[0];
	if (lead < 0xc2 || lead > 0xf4)
		return false;
	len = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
	if (bytes.len >= len)
		return false;
	/* Only the second byte's range depends on the first; any continuation byte ends the rest. */
	memset(whole, 0x80, sizeof whole);
	memcpy(whole, bytes.ptr, bytes.len);
	return bytes.len == 1 || fm_utf8_check(fm_span_make(whole, len)) == len;
}

/* How many bytes at the start of text that is not valid there one U+FFFD stands for, as WHATWG. */
static size_t broken_len(struct fm_span text)
{
	size_t len = 1;

	while (len < CODE_POINT_MAX - 1 && len < text.len &&
	       may_go_on(fm_span_first(text, len + 1)))
		len++;
	return len;
}

/* What is behind `valid` goes through `spare`, so that each byte is moved once. */
static void repair(struct fm_tally *tally, bool at_end)
{
	struct fm_span rest;

	fm_buf_clear(&tally->spare);
	fm_buf_put(&tally->spare, fm_span_skip(fm_buf_span(&tally->text), tally->valid));
	tally->text.len = tally->valid;
	rest = fm_buf_span(&tally->spare);
	for (;;) {
		const size_t valid = fm_utf8_check(rest);

		fm_buf_put(&tally->text, fm_span_first(rest, valid));
		rest = fm_span_skip(rest, valid);
		tally->valid = tally->text.len;
		if (rest.len == 0)
			break;
		if (may_go_on(rest) && !at_end) {
			fm_buf_put(&tally->text, rest);
			break;
		}
		fm_buf_puts(&tally->text, REPLACEMENT);
		tally->repaired++;
		rest = fm_span_skip(rest, broken_len(rest));
	}
}

/* Only a code point that is not over may be left behind `valid`, and at the end not even that. */
static enum fm_code check(struct fm_tally *tally, bool at_end, struct fm_err *err)
{
	struct fm_span rest = fm_span_skip(fm_buf_span(&tally->text), tally->valid);
	const size_t valid = fm_utf8_check(rest);

	tally->valid += valid;
	rest = fm_span_skip(rest, valid);
	if (rest.len == 0 || (may_go_on(rest) && !at_end))
		return FM_OK;
	if (!tally->spec.repair)
		return fm_fail(err, FM_E_FORMAT, "not UTF-8 at byte %llu",
		               (unsigned long long)(tally->fed_bytes - rest.len));
	repair(tally, at_end);
	return FM_OK;
}

static void pass_on(void *ctx, uint32_t id, struct fm_span text)
{
	struct fm_tally *tally = ctx;

	tally->tokens++;
	tally->spec.fn(tally->spec.ctx, id, text);
}

static void count_first(struct fm_tally *tally, size_t len)
{
	const struct fm_counter *counter = tally->base;
	const struct fm_span part = fm_span_first(fm_buf_span(&tally->text), len);

	if (counter->kind->feed != NULL)
		tally->tokens += counter->kind->feed(counter->self, &tally->state, part);
	else if (tally->spec.fn != NULL && tally->begun)
		fm_counter_encode_more(counter, part, pass_on, tally);
	else if (tally->spec.fn != NULL)
		fm_counter_encode(counter, part, pass_on, tally);
	else if (tally->begun)
		tally->tokens += fm_counter_count_more(counter, part);
	else
		tally->tokens += fm_counter_count(counter, part);
	tally->begun = tally->begun || len > 0;
	tally->counted_bytes += len;
	fm_buf_drop(&tally->text, len);
	tally->valid -= len;
}

/* Roughly what a byte is. Between two of a kind there is no seam worth asking for. */
enum byte_kind {
	SIGN,
	LETTER,
	DIGIT,
	BLANK,
	HIGH,
};

static enum byte_kind kind_of(char c)
{
	const unsigned byte = (unsigned char)c;

	if (byte >= 0x80)
		return HIGH;
	if (byte == ' ' || byte - '\t' <= '\r' - '\t')
		return BLANK;
	if (byte - '0' <= 9)
		return DIGIT;
	return (byte | 0x20) - 'a' <= 'z' - 'a' ? LETTER : SIGN;
}

/*
 * The last seam, or 0. A place that was no seam with all of its surroundings in sight is never
 * looked at again, so that a text without any costs no more than one with many.
 */
static size_t find_seam(const struct fm_tally *tally)
{
	const struct fm_span text = fm_span_first(fm_buf_span(&tally->text), tally->valid);
	enum byte_kind right = kind_of(text.ptr[text.len - 1]);

	for (size_t at = text.len - 1; at > tally->looked; at--) {
		const size_t before = at < LOOK_BYTES ? at : LOOK_BYTES;
		const enum byte_kind left = kind_of(text.ptr[at - 1]);
		const bool differ = left != right;

		right = left;
		if (differ &&
		    fm_counter_adds_up(tally->base, fm_span_make(text.ptr + at - before, before),
		                       fm_span_first(fm_span_skip(text, at), LOOK_BYTES)))
			return at;
	}
	return 0;
}

static enum fm_code feed_slice(struct fm_tally *tally, struct fm_span slice, struct fm_err *err)
{
	size_t looked;
	size_t seam;
	enum fm_code rc;

	fm_buf_put(&tally->text, slice);
	tally->fed_bytes += slice.len;
	rc = check(tally, false, err);
	if (rc == FM_OK && tally->base->kind->feed != NULL)
		count_first(tally, tally->valid);
	if (rc != FM_OK || tally->valid < tally->looked + SLICE_BYTES)
		return rc;
	looked = tally->valid - LOOK_BYTES;
	seam = find_seam(tally);
	if (seam > 0)
		count_first(tally, seam);
	tally->looked = looked > seam ? looked - seam : 0;
	if (tally->valid > tally->spec.stretch_max)
		return fm_fail(err, FM_E_LIMIT,
		               "the text cannot be cut anywhere in the %llu MiB from byte %llu on",
		               (unsigned long long)(tally->spec.stretch_max >> 20),
		               (unsigned long long)tally->counted_bytes);
	return FM_OK;
}

enum fm_code fm_tally_feed(struct fm_tally *tally, struct fm_span bytes, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	while (bytes.len > 0 && rc == FM_OK) {
		rc = feed_slice(tally, fm_span_first(bytes, SLICE_BYTES), err);
		bytes = fm_span_skip(bytes, SLICE_BYTES);
	}
	return rc;
}

enum fm_code fm_tally_end(struct fm_tally *tally, uint64_t *ret_tokens, struct fm_err *err)
{
	const enum fm_code rc = check(tally, true, err);

	if (rc != FM_OK)
		return rc;
	count_first(tally, tally->valid);
	*ret_tokens = fm_counter_to_own(tally->spec.counter, tally->tokens);
	return FM_OK;
}

uint64_t fm_tally_repaired(const struct fm_tally *tally)
{
	return tally->repaired;
}
