#include "guard_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/simd.h"
#include "guard_fold_internal.h"

#define VERSION 5
#define DIGESTED_BYTES 56
#define CHUNK_ENTRIES ((size_t)512 * 1024) /* 8 MiB, and as much again to sort them */
#define BUFFER_BYTES ((size_t)256 * 1024)

static const char magic[8] = {'F', 'M', 'G', 'U', 'A', 'R', 'D', 'S'};

static void put_number(char *to, uint64_t number, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		to[i] = (char)(unsigned char)(number >> (8 * i) & 0xff);
}

struct fm_guard_entry fm_guard_entry_at(struct fm_span entries, uint64_t at)
{
	const char *from = entries.ptr + at * FM_GUARD_ENTRY_BYTES;

	return (struct fm_guard_entry){fm_load_le64(from), fm_load_le64(from + 8)};
}

void fm_guard_put_entry(struct fm_guard_entry entry, char ret_bytes[FM_GUARD_ENTRY_BYTES])
{
	put_number(ret_bytes, entry.code, 8);
	put_number(ret_bytes + 8, entry.place, 8);
}

static uint64_t digest_of(struct fm_span bytes)
{
	return fm_hash_mix(bytes.len, fm_hash64(bytes));
}

/*
 *  0 magic   8 u32 version   12 zero   16 u64 entries   24 u64 bytes of text that were read
 * 32 u64 digest of the entries   40 u64 owner   48 zero   56 u64 digest of the bytes before it
 */
static void make_header(const struct fm_guard_file *file, char ret_header[FM_GUARD_HEADER_BYTES])
{
	memset(ret_header, 0, FM_GUARD_HEADER_BYTES);
	memcpy(ret_header, magic, sizeof magic);
	put_number(ret_header + 8, VERSION, 4);
	put_number(ret_header + 16, file->entries.len / FM_GUARD_ENTRY_BYTES, 8);
	put_number(ret_header + 24, file->covered, 8);
	put_number(ret_header + 32, digest_of(file->entries), 8);
	put_number(ret_header + 40, file->owner, 8);
	put_number(ret_header + DIGESTED_BYTES, fm_hash64(fm_span_make(ret_header, DIGESTED_BYTES)),
	           8);
}

bool fm_guard_read(struct fm_span bytes, uint64_t owner, struct fm_guard_file *ret_file)
{
	struct fm_guard_file file = {.owner = owner};
	char header[FM_GUARD_HEADER_BYTES];

	if (bytes.len < sizeof header || (bytes.len - sizeof header) % FM_GUARD_ENTRY_BYTES != 0)
		return false;
	file.entries = fm_span_skip(bytes, sizeof header);
	file.covered = fm_load_le64(bytes.ptr + 24);
	make_header(&file, header);
	if (memcmp(header, bytes.ptr, sizeof header) != 0)
		return false;
	*ret_file = file;
	return true;
}

struct writer {
	const struct fm_guard_writing *writing;
	struct fm_guard_entry *chunk;
	size_t count;
	int fd;
	struct fm_map map;      /* of what is written so far */
	struct fm_span entries; /* the same, or those that were there before */
	struct fm_buf buf;
	enum fm_code rc;
	struct fm_err *err;
};

static int by_code(const void *a, const void *b)
{
	const struct fm_guard_entry *left = a;
	const struct fm_guard_entry *right = b;

	if (left->code != right->code)
		return left->code < right->code ? -1 : 1;
	return left->place < right->place ? -1 : left->place > right->place;
}

static enum fm_code flush(struct writer *w)
{
	const enum fm_code rc = fm_file_write_fd(w->fd, fm_buf_span(&w->buf), w->err);

	fm_buf_clear(&w->buf);
	return rc;
}

static enum fm_code put_entry(struct writer *w, struct fm_guard_entry entry)
{
	char bytes[FM_GUARD_ENTRY_BYTES];

	fm_guard_put_entry(entry, bytes);
	fm_buf_put(&w->buf, fm_span_make(bytes, sizeof bytes));
	return w->buf.len + sizeof bytes > BUFFER_BYTES ? flush(w) : FM_OK;
}

/* The least of what was there and what is new; not both are at their ends. */
static struct fm_guard_entry next_entry(const struct writer *w, uint64_t *old, uint64_t *new)
{
	const bool has_old = *old < w->entries.len / FM_GUARD_ENTRY_BYTES;
	const struct fm_guard_entry there =
		has_old ? fm_guard_entry_at(w->entries, *old) : (struct fm_guard_entry){0};

	if (!has_old || (*new < w->count &&by_code(&w->chunk[*new], &there) < 0))
		return w->chunk[(*new)++];
	(*old)++;
	return there;
}

/* Both are sorted; of one code the first place stays. */
static enum fm_code merge(struct writer *w, uint64_t *ret_count)
{
	const uint64_t old_count = w->entries.len / FM_GUARD_ENTRY_BYTES;
	uint64_t last = 0;
	uint64_t old = 0;
	uint64_t new = 0;
	uint64_t count = 0;
	enum fm_code rc = FM_OK;

	while ((old < old_count || new < w->count) && rc == FM_OK) {
		const struct fm_guard_entry entry = next_entry(w, &old, &new);

		if (count > 0 && entry.code == last)
			continue;
		last = entry.code;
		count++;
		rc = put_entry(w, entry);
	}
	*ret_count = count;
	return rc == FM_OK ? flush(w) : rc;
}

/* What was written until now stays mapped. */
static enum fm_code open_next(struct writer *w)
{
	const char *part = w->writing->part;

	fm_fd_close(&w->fd);
	if (w->writing->path == NULL)
		return fm_file_temp(&w->fd, w->err);
	(void)unlink(part); /* of the first there is none yet */
	w->fd = open(part, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	return w->fd >= 0 ? FM_OK : fm_fail_sys(w->err, FM_E_IO, errno, "cannot write");
}

/* What is in memory joins what is written, in a new file. */
static enum fm_code spill(struct writer *w)
{
	const char header[FM_GUARD_HEADER_BYTES] = {0};
	struct fm_map map = {0};
	uint64_t count = 0;
	enum fm_code rc;

	rc = open_next(w);
	if (rc != FM_OK)
		return rc;
	if (w->count > 1)
		qsort(w->chunk, w->count, sizeof *w->chunk, by_code);
	fm_buf_put(&w->buf, fm_span_make(header, sizeof header));
	rc = merge(w, &count);
	if (rc == FM_OK)
		rc = fm_map_fd(w->fd, sizeof header + count * FM_GUARD_ENTRY_BYTES, &map, w->err);
	if (rc != FM_OK)
		return rc;
	fm_map_close(&w->map);
	w->map = map;
	w->entries = fm_span_skip(map.bytes, sizeof header);
	w->count = 0;
	return FM_OK;
}

static void add(void *ctx, uint64_t code, uint64_t place)
{
	struct writer *w = ctx;

	if (w->rc != FM_OK)
		return;
	w->chunk[w->count++] = (struct fm_guard_entry){code, place};
	if (w->count == CHUNK_ENTRIES)
		w->rc = spill(w);
}

static enum fm_code finish(struct writer *w, uint64_t owner)
{
	const struct fm_guard_writing *writing = w->writing;
	const struct fm_guard_file file = {owner, writing->text.len, w->entries};
	char header[FM_GUARD_HEADER_BYTES];

	make_header(&file, header);
	/* One block that the file already has: there is nothing to be short of. */
	if (pwrite(w->fd, header, sizeof header, 0) != (ssize_t)sizeof header ||
	    (writing->path != NULL &&
	     (fsync(w->fd) != 0 || rename(writing->part, writing->path) != 0)))
		return fm_fail_sys(w->err, FM_E_IO, errno, "cannot write");
	return FM_OK;
}

enum fm_code fm_guard_write(const struct fm_guard_writing *writing, const struct fm_guard_file *old,
                            struct fm_map *ret_map, struct fm_err *err)
{
	const uint64_t from = old->covered > FM_GUARD_OVERLAP ? old->covered - FM_GUARD_OVERLAP : 0;
	struct fm_span text = fm_span_skip(writing->text, from);
	struct writer w = {.writing = writing, .fd = -1, .entries = old->entries, .err = err};

	/* What begins in the middle of a word would be read as one. */
	if (from > 0)
		text = fm_span_skip(text, fm_guard_word_rest(text));
	w.chunk = fm_memory_take(CHUNK_ENTRIES * sizeof *w.chunk);
	fm_buf_init(&w.buf, BUFFER_BYTES + FM_GUARD_HEADER_BYTES);
	fm_guard_gather(writing->words, text, (uint64_t)(text.ptr - writing->text.ptr), add, &w);
	if (w.rc == FM_OK)
		w.rc = spill(&w);
	if (w.rc == FM_OK)
		w.rc = finish(&w, old->owner);
	if (w.rc == FM_OK) {
		*ret_map = w.map;
		w.map = (struct fm_map){0}; /* the caller's now */
	} else if (writing->path != NULL) {
		(void)unlink(writing->part); /* the next writer would remove it */
	}
	fm_fd_close(&w.fd);
	fm_map_close(&w.map);
	fm_buf_free(&w.buf);
	fm_memory_free(w.chunk);
	if (w.rc != FM_OK)
		return fm_err_prefix(err, "%s", writing->path == NULL ? "guard" : writing->path);
	return FM_OK;
}
