#include "haystack/guard.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "guard_internal.h"
#include "haystack_internal.h"
#include "lay_internal.h"

struct fm_guard {
	const struct fm_haystack *haystack;
	struct fm_map map;
	struct fm_guard_file file;
};

static uint64_t digest_words(const struct fm_span *words, size_t count, uint64_t seed)
{
	for (size_t i = 0; i < count; i++)
		seed = fm_hash_mix(seed, fm_hash64(words[i]));
	return fm_hash_mix(seed, count);
}

static uint64_t words_digest(const struct fm_guard_words *words)
{
	return digest_words(words->seconds, words->second_count,
	                    digest_words(words->firsts, words->first_count, FM_VALUE_LEN));
}

/* The folder is named after all that the text is a function of. */
static struct fm_span name_of(const char *folder)
{
	const char *slash = strrchr(folder, '/');

	return fm_span_of(slash == NULL ? folder : slash + 1);
}

static bool read_file(struct fm_guard *guard, const char *path, uint64_t owner)
{
	struct fm_err err;

	fm_map_close(&guard->map);
	if (fm_map_open(path, &guard->map, &err) != FM_OK)
		guard->map = (struct fm_map){0}; /* none yet */
	return fm_guard_read(guard->map.bytes, owner, &guard->file);
}

/* Out of what is there already, if it is good. */
static enum fm_code write_file(struct fm_guard *guard, const struct fm_guard_writing *writing,
                               uint64_t owner, struct fm_err *err)
{
	struct fm_guard_file old = {.owner = owner};
	struct fm_map map = {0};
	enum fm_code rc;

	if (fm_guard_read(guard->map.bytes, owner, &guard->file))
		old = guard->file;
	if (old.covered >= writing->text.len)
		return FM_OK;
	rc = fm_guard_write(writing, &old, &map, err);
	if (rc != FM_OK)
		return rc;
	fm_map_close(&guard->map);
	guard->map = map;
	if (!fm_guard_read(map.bytes, owner, &guard->file))
		return fm_fail(err, FM_E_IO, "a guard is not what was just written");
	return FM_OK;
}

/* Another process may have made it while the lock was waited for. */
static enum fm_code make_file(struct fm_guard *guard, const struct fm_guard_writing *writing,
                              const char *lock_path, uint64_t owner, struct fm_err *err)
{
	struct fm_guard_writing own = *writing;
	int lock = -1;
	enum fm_code rc = fm_file_lock(lock_path, true, &lock, err);

	/* Where nothing can be written, what was laid can be used all the same. */
	if (rc == FM_E_IO && fm_haystack_is_read_only(err->sys)) {
		own.path = NULL;
		return write_file(guard, &own, owner, err);
	}
	if (rc != FM_OK)
		return rc;
	(void)read_file(guard, writing->path, owner); /* what it says is looked at next */
	rc = write_file(guard, writing, owner, err);
	fm_fd_close(&lock);
	return rc;
}

enum fm_code fm_guard_open(const struct fm_haystack *haystack, const struct fm_guard_words *words,
                           struct fm_guard **ret_guard, struct fm_err *err)
{
	const char *folder = fm_haystack_folder(haystack);
	const uint64_t last = fm_haystack_seam_count(haystack) - 1;
	const uint64_t digest = words_digest(words);
	const uint64_t owner = fm_hash_mix(digest, fm_hash64(name_of(folder)));
	struct fm_guard *guard = fm_memory_take(sizeof *guard);
	struct fm_guard_writing writing = {.words = words};
	struct fm_arena arena = {0};
	enum fm_code rc = FM_OK;

	guard->haystack = haystack;
	writing.text =
		fm_haystack_between(haystack, (struct fm_seam){0}, fm_haystack_seam(haystack, last))
			.raw;
	writing.path = fm_arena_format(&arena, "%s/guard-%016" PRIx64, folder, digest);
	writing.part = fm_arena_format(&arena, "%s/guard-%016" PRIx64 ".part", folder, digest);
	if (!read_file(guard, writing.path, owner) || guard->file.covered < writing.text.len)
		rc = make_file(guard, &writing, fm_arena_format(&arena, "%s/lock", folder), owner,
		               err);
	fm_arena_free(&arena);
	if (rc == FM_OK) {
		*ret_guard = guard;
		guard = NULL;
	}
	fm_guard_close(guard);
	return rc;
}

void fm_guard_close(struct fm_guard *guard)
{
	if (guard == NULL)
		return;
	fm_map_close(&guard->map);
	fm_memory_free(guard);
}

/* The last byte of the haystack that a document may have, its pads' among them. */
static uint64_t end_of(const struct fm_guard *guard, uint64_t tokens)
{
	const uint64_t last = fm_haystack_seam_count(guard->haystack) - 1;
	const uint64_t end = fm_haystack_seam_before(guard->haystack, tokens) + FM_SPARE_SEAMS;

	return fm_haystack_seam(guard->haystack, end < last ? end : last).raw;
}

bool fm_guard_holds_value(const struct fm_guard *guard, struct fm_span value, uint64_t tokens)
{
	return fm_guard_finds_value(guard->file.entries, value, end_of(guard, tokens));
}

bool fm_guard_holds_key(const struct fm_guard *guard, struct fm_span key, uint64_t tokens)
{
	return fm_guard_finds_key(guard->file.entries, key, end_of(guard, tokens));
}
