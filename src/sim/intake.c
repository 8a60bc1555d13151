#include "intake_internal.h"

#include <string.h>

#include "base/memory.h"

/*
 * Chunks end where a sentence ends and a hash of the 16 bytes before says so: the same text gives
 * the same chunks wherever it stands, so one needle planted costs one chunk, not all behind it.
 */
#define CHUNK_MIN ((size_t)8 << 10)
#define CHUNK_FULL ((size_t)32 << 10)
#define CHOSEN_MASK 63 /* one sentence end in 64 */
#define STEP ((size_t)4 << 10)

/* Last bytes of what may end a sentence; 0x82 is that of the full stop of Chinese and Japanese. */
static const bool may_end[256] = {
	['.'] = true, ['!'] = true, ['?'] = true, ['\n'] = true, [0x82] = true};

/* Where tokens add up too: a blank behind a full stop, ink behind a line's end. */
static bool is_seam(const char *at)
{
	const char before = at[-1];

	if (before == '\n')
		return !fm_is_space(at[0]);
	if (before == '.' || before == '!' || before == '?')
		return at[0] == ' ';
	return memcmp(at - 3, "\xe3\x80\x82", 3) == 0;
}

static bool is_chosen(const char *at)
{
	return (fm_hash64(fm_span_make(at - 16, 16)) & CHOSEN_MASK) == 0;
}

/* Eight at a time: nearly all of them end no sentence. */
static bool any_may_end(const char *at)
{
	unsigned any = 0;

	for (size_t i = 0; i < 8; i++)
		any |= may_end[(unsigned char)at[i]];
	return any != 0;
}

/* The place to cut before the first of `len` bytes that is chosen; 0 when none is yet. */
static size_t find_chosen(struct fm_intake *intake)
{
	size_t at = intake->scanned > CHUNK_MIN ? intake->scanned : CHUNK_MIN;

	/* The byte behind a seam must have come. One byte in a hundred may be a seam's. */
	for (; at < intake->piece_len; at++) {
		while (at + 8 <= intake->piece_len && !any_may_end(intake->piece + at - 1))
			at += 8;
		if (at < intake->piece_len && may_end[(unsigned char)intake->piece[at - 1]] &&
		    is_seam(intake->piece + at) && is_chosen(intake->piece + at))
			return at;
	}
	intake->scanned = at > intake->piece_len ? intake->piece_len : at;
	return 0;
}

static size_t find_last(const struct fm_intake *intake)
{
	size_t at = CHUNK_FULL;

	while (at > CHUNK_MIN && !is_seam(intake->piece + at))
		at--;
	if (at > CHUNK_MIN)
		return at;
	at = CHUNK_FULL;
	while (((unsigned char)intake->piece[at] & 0xc0) == 0x80 && at > CHUNK_FULL - 4)
		at--;
	return at;
}

static enum fm_code keep_first(struct fm_intake *intake, size_t len, struct fm_err *err)
{
	uint32_t chunk = 0;
	const enum fm_code rc =
		fm_chunk_keep(intake->generation, fm_span_make(intake->piece, len), &chunk, err);

	if (rc != FM_OK)
		return rc;
	intake->chunks = fm_memory_more(intake->chunks, intake->chunk_count,
	                                &intake->chunk_capacity, sizeof(uint32_t));
	intake->chunks[intake->chunk_count++] = chunk;
	intake->open.count++;
	memmove(intake->piece, intake->piece + len, intake->piece_len - len);
	intake->piece_len -= len;
	intake->scanned = 0;
	return FM_OK;
}

static enum fm_code cut_chunks(struct fm_intake *intake, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	while (rc == FM_OK && intake->piece_len > CHUNK_MIN) {
		size_t at = find_chosen(intake);

		if (at == 0 && intake->piece_len > CHUNK_FULL)
			at = find_last(intake);
		if (at == 0)
			break;
		rc = keep_first(intake, at, err);
	}
	return rc;
}

static enum fm_code add_text(struct fm_intake *intake, struct fm_span text, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	if (intake->piece == NULL)
		intake->piece = fm_memory_take(CHUNK_FULL + STEP);
	while (text.len > 0 && rc == FM_OK) {
		const struct fm_span step = fm_span_first(text, STEP);
		/* One byte over full at most: cuts must not depend on how the text came. */
		const size_t room = CHUNK_FULL + 1 - intake->piece_len;
		const size_t len = step.len < room ? step.len : room;

		memcpy(intake->piece + intake->piece_len, step.ptr, len);
		intake->piece_len += len;
		text = fm_span_skip(text, len);
		rc = cut_chunks(intake, err);
	}
	return rc;
}

static enum fm_code end_text(struct fm_intake *intake, struct fm_stretch *ret_stretch,
                             struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	if (intake->piece_len > 0)
		rc = keep_first(intake, intake->piece_len, err);
	*ret_stretch = intake->open;
	intake->open = (struct fm_stretch){.first = (uint32_t)intake->chunk_count};
	return rc;
}

static enum fm_code on_long(void *ctx, uint32_t number, struct fm_span text, bool last,
                            struct fm_err *err)
{
	struct fm_intake *intake = ctx;
	struct fm_stretch stretch = {0};
	enum fm_code rc;

	(void)number; /* they come in their order */
	if (!last)
		return add_text(intake, text, err);
	rc = end_text(intake, &stretch, err);
	if (rc != FM_OK)
		return rc;
	intake->strings = fm_memory_more(intake->strings, intake->string_count,
	                                 &intake->string_capacity, sizeof(struct fm_stretch));
	intake->strings[intake->string_count++] = stretch;
	return FM_OK;
}

void fm_intake_start(struct fm_intake *intake, struct fm_generation *generation)
{
	*intake = (struct fm_intake){.generation = generation, .hasher = fm_hasher_open()};
	fm_json_cut_init(&intake->cut, on_long, intake);
}

void fm_intake_free(struct fm_intake *intake)
{
	if (intake->hasher != NULL)
		fm_json_cut_free(&intake->cut);
	fm_hasher_close(intake->hasher);
	fm_memory_free(intake->chunks);
	fm_memory_free(intake->strings);
	fm_memory_free(intake->piece);
	*intake = (struct fm_intake){0};
}

void fm_intake_feed(struct fm_intake *intake, struct fm_span bytes)
{
	intake->received += bytes.len;
	fm_hasher_add(intake->hasher, bytes);
	if (intake->failed == FM_OK)
		intake->failed = fm_json_cut_feed(&intake->cut, bytes, &intake->err);
}

struct fm_id fm_intake_digest(const struct fm_intake *intake)
{
	return fm_hasher_id(intake->hasher);
}

enum fm_code fm_intake_keep(struct fm_intake *intake, struct fm_span text,
                            struct fm_stretch *ret_stretch, struct fm_err *err)
{
	enum fm_code rc = add_text(intake, text, err);

	if (rc == FM_OK)
		rc = end_text(intake, ret_stretch, err);
	return rc;
}
