#include "guard_fold_internal.h"

#include <string.h>

#include "base/memory.h"
#include "base/window.h"
#include "text/utf8.h"

#define ROUND ((size_t)96) /* bytes before and behind what is folded: a key and its gap have 60 */
#define KEPT 128           /* folded bytes that are read again with those behind them */
#define FOLDED 4096        /* folded bytes at once */
#define SIGN_BYTES 4       /* of a code point */

struct folder {
	struct fm_span text;
	char folded[FOLDED];
	uint64_t ends[FOLDED];
	size_t len;
	fm_guard_fold_fn *fn;
	void *ctx;
};

/* Is it a byte inside a code point? */
static bool goes_on(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

static size_t skip_ascii(struct fm_span text, size_t at)
{
	for (; at + FM_BLOCK <= text.len; at += FM_BLOCK) {
		const uint64_t mask = fm_block_range(text.ptr + at, 0x80, 0x80);

		if (mask != 0)
			return at + fm_window_first(mask);
	}
	while (at < text.len && (unsigned char)text.ptr[at] < 0x80)
		at++;
	return at;
}

/* The first code point from `at` on that is not as it is; the text's end when there is none. */
static size_t next_folded(struct fm_span text, size_t at, size_t *ret_len)
{
	while (at < text.len) {
		const unsigned char byte = (unsigned char)text.ptr[at];
		uint32_t c;

		if (byte < 0x80) {
			at = skip_ascii(text, at);
			continue;
		}
		/* Most of Chinese, Japanese and Korean, at once: none of it folds. */
		*ret_len = 3;
		if (byte < 0xe4 || byte > 0xee) {
			*ret_len = fm_utf8_next(fm_span_skip(text, at), &c);
			if (fm_guard_fold_sign(c) != FM_FOLD_AS_IT_IS)
				return at;
		}
		at += *ret_len;
	}
	return text.len;
}

static void tell(const struct folder *f, size_t len)
{
	const struct fm_guard_folded folded = {fm_span_make(f->folded, len), f->ends};

	f->fn(f->ctx, &folded);
}

/* A word that may go on is told with what comes next, unless it is longer than any that counts. */
static void make_room(struct folder *f)
{
	size_t whole = f->len;
	size_t kept = f->len - KEPT;

	while (whole > 0 && fm_is_alnum(f->folded[whole - 1]))
		whole--;
	while (kept < whole && fm_is_alnum(f->folded[kept]))
		kept++;
	tell(f, whole);
	f->len -= kept;
	memmove(f->folded, f->folded + kept, f->len);
	memmove(f->ends, f->ends + kept, f->len * sizeof *f->ends);
}

static void put(struct folder *f, char byte, uint64_t end)
{
	f->folded[f->len] = byte;
	f->ends[f->len++] = end;
}

static void fold_stretch(struct folder *f, size_t from, size_t to)
{
	f->len = 0;
	while (from < to) {
		uint32_t c;
		const size_t len = fm_utf8_next(fm_span_skip(f->text, from), &c);
		const char sign = fm_guard_fold_sign(c);

		if (f->len + SIGN_BYTES > FOLDED)
			make_room(f);
		if (sign == FM_FOLD_LETTERS)
			for (const char *letter = fm_guard_fold_letters(c); *letter != '\0';
			     letter++)
				put(f, *letter, from + len);
		else if (sign == FM_FOLD_AS_IT_IS)
			for (size_t i = 0; i < len; i++)
				put(f, f->text.ptr[from + i], from + len);
		else if (sign != FM_FOLD_UNSEEN)
			put(f, sign, from + len);
		from += len;
	}
	tell(f, f->len);
}

/* Back from what is folded, to where no word is cut. */
static size_t begin_of(struct fm_span text, size_t at)
{
	size_t from = at > ROUND ? at - ROUND : 0;

	while (from > 0 && from < at && (fm_is_alnum(text.ptr[from]) || goes_on(text.ptr[from])))
		from++;
	return from;
}

static size_t end_of(struct fm_span text, size_t at)
{
	const size_t last = text.len - at > 2 * ROUND ? at + 2 * ROUND : text.len;
	size_t to = text.len - at > ROUND ? at + ROUND : text.len;

	while (to < last && (fm_is_alnum(text.ptr[to]) || goes_on(text.ptr[to])))
		to++;
	return to;
}

size_t fm_guard_word_rest(struct fm_span text)
{
	size_t at = 0;

	while (at < text.len && goes_on(text.ptr[at]))
		at++;
	while (at < text.len) {
		uint32_t c;
		const size_t len = fm_utf8_next(fm_span_skip(text, at), &c);

		if (!fm_is_alnum(text.ptr[at]) && fm_guard_fold_sign(c) == FM_FOLD_AS_IT_IS)
			break;
		at += len;
	}
	return at;
}

void fm_guard_fold(struct fm_span text, fm_guard_fold_fn *fn, void *ctx)
{
	struct folder *f = fm_memory_take(sizeof *f);
	size_t len = 0;
	size_t at = next_folded(text, 0, &len);

	f->text = text;
	f->fn = fn;
	f->ctx = ctx;
	while (at < text.len) {
		const size_t from = begin_of(text, at);
		size_t behind;

		do {
			behind = at + len;
			at = next_folded(text, behind, &len);
		} while (at < text.len && at - behind <= 4 * ROUND);
		fold_stretch(f, from, end_of(text, behind));
	}
	fm_memory_free(f);
}
