#include "haystack/haystack.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/num.h"
#include "corpus/corpus.h"
#include "haystack/laid.h"
#include "haystack_internal.h"
#include "index_internal.h"
#include "lay_internal.h"
#include "token/counter.h"

#define LOCK_TRIES 20 /* a second together */
#define LOCK_PAUSE_NS 50000000
#define GONE_TRIES 3

struct fm_haystack {
	const struct fm_counter *counter;
	bool raw_only;
	struct fm_arena arena; /* paths and the corpus's name */
	const char *folder;
	const char *corpus;
	struct fm_lay_paths paths;
	struct fm_map text;
	struct fm_map escaped;
	struct fm_map bytes; /* of the index */
	struct fm_index index;
	int users; /* a shared lock: fm_laid_clear leaves the folder alone */
};

static void name_paths(struct fm_haystack *hay, const struct fm_haystack_spec *spec)
{
	const struct fm_id corpus = fm_corpus_digest(spec->corpus);
	const struct fm_id counter = fm_counter_digest(spec->counter);
	struct fm_arena *arena = &hay->arena;

	hay->folder = fm_arena_format(arena, "%s/haystack/%016" PRIx64 "-%016" PRIx64 "-e%u",
	                              spec->cache_folder, corpus.high, spec->seed,
	                              (unsigned)fm_corpus_engine(spec->corpus));
	hay->corpus = fm_arena_text(arena, fm_span_of(fm_corpus_name(spec->corpus)));
	hay->paths = (struct fm_lay_paths){
		.text = fm_arena_format(arena, "%s/text", hay->folder),
		.text_part = fm_arena_format(arena, "%s/text.part", hay->folder),
		.escaped = fm_arena_format(arena, "%s/text.esc", hay->folder),
		.escaped_part = fm_arena_format(arena, "%s/text.esc.part", hay->folder),
		.index = fm_arena_format(arena, "%s/idx-%016" PRIx64, hay->folder, counter.high),
		.index_part = fm_arena_format(arena, "%s/idx-%016" PRIx64 ".part", hay->folder,
	                                      counter.high),
	};
}

bool fm_haystack_is_read_only(int sys)
{
	return sys == EROFS || sys == EACCES || sys == EPERM;
}

static bool is_no_place(int sys)
{
	return fm_haystack_is_read_only(sys) || sys == ENOTDIR || sys == ENOENT;
}

static enum fm_code advise(struct fm_err *err)
{
	return fm_err_prefix(err, "the cache cannot be written, and XDG_CACHE_HOME can name "
	                          "another folder");
}

/* Others may be laying for minutes: who waits longer than a moment is told. */
static enum fm_code wait_for_lock(const struct fm_haystack *hay,
                                  const struct fm_haystack_spec *spec, const char *path,
                                  int *ret_lock, struct fm_err *err)
{
	const struct timespec pause = {.tv_nsec = LOCK_PAUSE_NS};

	for (int i = 0; i < LOCK_TRIES; i++) {
		const enum fm_code rc = fm_file_lock(path, false, ret_lock, err);

		if (rc != FM_E_BUSY)
			return rc;
		(void)nanosleep(&pause, NULL); /* a signal only makes it shorter */
	}
	if (spec->waits != NULL)
		spec->waits(hay->folder);
	return fm_file_lock(path, true, ret_lock, err);
}

/* Wait for the right to use the folder; one that was cleared meanwhile is made again. */
static enum fm_code begin_use(struct fm_haystack *hay, struct fm_err *err)
{
	const char *path = fm_arena_format(&hay->arena, "%s/users", hay->folder);
	struct stat st;
	enum fm_code rc;
	int sys;

	for (;;) {
		rc = fm_folder_make(hay->folder, err);
		if (rc != FM_OK)
			return rc;
		hay->users = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
		sys = errno;
		/* What was laid before can be used where nothing can be written. */
		if (hay->users < 0 && fm_haystack_is_read_only(sys))
			hay->users = open(path, O_RDONLY | O_CLOEXEC);
		if (hay->users < 0 && sys == ENOENT)
			continue;
		if (hay->users < 0)
			return fm_fail_sys(err, FM_E_IO, sys, "%s: cannot open", path);
		while (flock(hay->users, LOCK_SH) != 0)
			if (errno != EINTR)
				return fm_fail_sys(err, FM_E_IO, errno, "%s: cannot lock", path);
		if (fstat(hay->users, &st) == 0 && st.st_nlink > 0) {
			fm_users_mark(hay->users, hay->corpus);
			return FM_OK;
		}
		fm_fd_close(&hay->users);
	}
}

static void unmap(struct fm_haystack *hay)
{
	fm_map_close(&hay->text);
	fm_map_close(&hay->escaped);
	fm_map_close(&hay->bytes);
}

/* The index first: texts only grow, so those found afterwards hold all that it speaks of. */
static void map_files(struct fm_haystack *hay)
{
	struct fm_err err;

	unmap(hay);
	if (fm_map_open(hay->paths.index, &hay->bytes, &err) != FM_OK)
		hay->bytes = (struct fm_map){0}; /* none yet */
	if (fm_map_open(hay->paths.text, &hay->text, &err) != FM_OK)
		hay->text = (struct fm_map){0};
	if (hay->raw_only || fm_map_open(hay->paths.escaped, &hay->escaped, &err) != FM_OK)
		hay->escaped = (struct fm_map){0};
}

static bool read_index(struct fm_haystack *hay, const struct fm_haystack_spec *spec)
{
	const struct fm_owned_files files = {hay->bytes.bytes, hay->text.bytes, hay->escaped.bytes,
	                                     hay->raw_only};
	const struct fm_index_owner owner = fm_lay_owner(spec);

	return fm_index_read(&files, &owner, &hay->index);
}

static enum fm_code grow(struct fm_haystack *hay, const struct fm_haystack_spec *spec,
                         struct fm_err *err)
{
	const char *lock_path = fm_arena_format(&hay->arena, "%s/lock", hay->folder);
	struct fm_laid_choice choice = {0};
	struct fm_laid_cleared cleared;
	struct fm_owned_files old;
	struct fm_err ignored;
	bool good;
	int lock = -1;
	enum fm_code rc = fm_laid_bytes_max(&choice.keep_bytes, err);

	if (rc == FM_OK)
		rc = wait_for_lock(hay, spec, lock_path, &lock, err);
	if (rc != FM_OK)
		return rc;
	fm_parts_remove(hay->folder);
	hay->raw_only = false; /* what is grown is looked at whole */
	map_files(hay);        /* another writer may just have been here */
	good = read_index(hay, spec);
	if (good && fm_lay_is_enough(hay->bytes.bytes, &hay->index, spec->tokens_min))
		goto out;
	old = (struct fm_owned_files){hay->bytes.bytes, hay->text.bytes, hay->escaped.bytes, false};
	good = good && hay->index.chapters != FM_CHAPTERS_NONE;
	rc = fm_space_check(spec, hay->folder, &old, good ? &hay->index : NULL, err);
	if (rc == FM_OK)
		rc = fm_lay(spec, &hay->paths, &old, good ? &hay->index : NULL, err);
	if (rc == FM_OK)
		rc = fm_folder_sync(hay->folder, err);
	if (rc != FM_OK)
		goto out;
	map_files(hay);
	if (hay->bytes.bytes.len == 0 || hay->text.bytes.len == 0 || hay->escaped.bytes.len == 0)
		rc = fm_fail_sys(err, FM_E_IO, ENOENT, "%s: is not what was just written",
		                 hay->folder);
	else if (!read_index(hay, spec))
		rc = fm_fail(err, FM_E_IO, "%s: is not what was just written", hay->folder);
	/* What cannot go now goes another time; what was just laid is in use, and stays. */
	if (fm_laid_clear(spec->cache_folder, &choice, &cleared, &ignored) != FM_OK)
		cleared = (struct fm_laid_cleared){0};
out:
	fm_fd_close(&lock);
	return rc;
}

/* "has 81,200 tokens, 131,072 are needed": only a text that ended can be too short. */
static enum fm_code check_size(const struct fm_haystack *hay, uint64_t tokens_min,
                               struct fm_err *err)
{
	char has[FM_NUM_TEXT_MAX];
	char needed[FM_NUM_TEXT_MAX];
	char missing[FM_NUM_TEXT_MAX];
	const uint64_t tokens = fm_haystack_seam(hay, hay->index.seam_count - 1).tokens;

	if (tokens >= tokens_min)
		return FM_OK;
	return fm_fail(err, FM_E_LIMIT,
	               "corpus %s: has %s tokens, %s are needed: %s too few; use --wrap (in a "
	               "plan, wrap: true) or a shorter length",
	               hay->corpus, fm_num_grouped(tokens, has), fm_num_grouped(tokens_min, needed),
	               fm_num_grouped(tokens_min - tokens, missing));
}

/*
 * Is the folder being removed? The file that we hold a lock of may be the last to go: then another
 * one was missed first.
 */
static bool is_going(const struct fm_haystack *hay, const struct fm_err *err)
{
	struct stat st;

	if (err->sys == ENOENT)
		return true;
	return hay->users >= 0 && fstat(hay->users, &st) == 0 && st.st_nlink == 0;
}

static enum fm_code open_once(struct fm_haystack *hay, const struct fm_haystack_spec *spec,
                              struct fm_err *err)
{
	enum fm_code rc = begin_use(hay, err);

	if (rc != FM_OK)
		return rc == FM_E_IO && is_no_place(err->sys) ? advise(err) : rc;
	map_files(hay);
	if (read_index(hay, spec) &&
	    fm_lay_is_enough(hay->bytes.bytes, &hay->index, spec->tokens_min))
		return FM_OK;
	rc = grow(hay, spec, err);
	return rc == FM_E_IO && fm_haystack_is_read_only(err->sys) ? advise(err) : rc;
}

/* The cache may be deleted at any time: what was being laid in it is laid again. */
static enum fm_code open_again(struct fm_haystack *hay, const struct fm_haystack_spec *spec,
                               struct fm_err *err)
{
	const struct timespec pause = {.tv_nsec = LOCK_PAUSE_NS};
	enum fm_code rc = open_once(hay, spec, err);

	for (int i = 0; i < GONE_TRIES && rc == FM_E_IO && is_going(hay, err); i++) {
		unmap(hay);
		fm_fd_close(&hay->users);
		hay->raw_only = spec->raw_only;
		(void)nanosleep(&pause,
		                NULL); /* whoever removes it may not be done; a signal hurries */
		rc = open_once(hay, spec, err);
	}
	if (rc == FM_E_IO && hay->users >= 0 && is_going(hay, err))
		return fm_err_prefix(err, "the cache was removed %d times while it was laid",
		                     GONE_TRIES + 1);
	return rc;
}

enum fm_code fm_haystack_open(const struct fm_haystack_spec *spec,
                              struct fm_haystack **ret_haystack, struct fm_err *err)
{
	struct fm_haystack *hay = fm_memory_take(sizeof *hay);
	enum fm_code rc;

	hay->users = -1;
	hay->counter = spec->counter;
	hay->raw_only = spec->raw_only;
	name_paths(hay, spec);
	rc = open_again(hay, spec, err);
	if (rc == FM_OK)
		rc = check_size(hay, spec->tokens_min, err);
	if (rc != FM_OK)
		goto out;
	*ret_haystack = hay;
	hay = NULL;
out:
	fm_haystack_close(hay);
	return rc;
}

void fm_haystack_close(struct fm_haystack *haystack)
{
	if (haystack == NULL)
		return;
	unmap(haystack);
	fm_fd_close(&haystack->users);
	fm_arena_free(&haystack->arena);
	fm_memory_free(haystack);
}

uint64_t fm_haystack_seam_count(const struct fm_haystack *haystack)
{
	return haystack->index.seam_count;
}

struct fm_seam fm_haystack_seam(const struct fm_haystack *haystack, uint64_t index)
{
	return fm_index_seam(haystack->bytes.bytes, index);
}

uint64_t fm_haystack_seam_before(const struct fm_haystack *haystack, uint64_t tokens)
{
	uint64_t low = 0; /* a seam at or before `tokens` */
	uint64_t high = haystack->index.seam_count;

	while (high - low > 1) {
		const uint64_t middle = low + (high - low) / 2;

		if (fm_haystack_seam(haystack, middle).tokens <= tokens)
			low = middle;
		else
			high = middle;
	}
	return low;
}

uint64_t fm_haystack_count(const struct fm_haystack *haystack, struct fm_span text)
{
	return fm_counter_count(haystack->counter, text);
}

uint64_t fm_haystack_count_more(const struct fm_haystack *haystack, struct fm_span text)
{
	return fm_counter_count_more(haystack->counter, text);
}

const struct fm_counter *fm_haystack_counter(const struct fm_haystack *haystack)
{
	return haystack->counter;
}

const char *fm_haystack_folder(const struct fm_haystack *haystack)
{
	return haystack->folder;
}

const char *fm_haystack_corpus(const struct fm_haystack *haystack)
{
	return haystack->corpus;
}

bool fm_haystack_is_ended(const struct fm_haystack *haystack)
{
	return haystack->index.ended;
}

struct fm_piece fm_haystack_between(const struct fm_haystack *haystack, struct fm_seam from,
                                    struct fm_seam to)
{
	const char *raw = haystack->text.bytes.ptr;
	const char *escaped = haystack->escaped.bytes.ptr;

	if (from.raw == to.raw)
		return (struct fm_piece){0};
	if (escaped == NULL)
		return (struct fm_piece){.raw = fm_span_make(raw + from.raw, to.raw - from.raw)};
	return (struct fm_piece){fm_span_make(raw + from.raw, to.raw - from.raw),
	                         fm_span_make(escaped + from.escaped, to.escaped - from.escaped)};
}

bool fm_haystack_holds(const struct fm_haystack *haystack, const struct fm_piece *piece)
{
	const uintptr_t text = (uintptr_t)haystack->text.bytes.ptr;
	const uintptr_t at = (uintptr_t)piece->raw.ptr;

	return at >= text && at - text < haystack->text.bytes.len;
}

/* The last seam that has at most so many bytes before it. */
static struct fm_seam seam_before_byte(const struct fm_haystack *haystack, uint64_t bytes)
{
	uint64_t low = 0;
	uint64_t high = haystack->index.seam_count;

	while (high - low > 1) {
		const uint64_t middle = low + (high - low) / 2;

		if (fm_haystack_seam(haystack, middle).raw <= bytes)
			low = middle;
		else
			high = middle;
	}
	return fm_haystack_seam(haystack, low);
}

bool fm_haystack_split(const struct fm_haystack *haystack, size_t bytes, struct fm_piece *piece,
                       struct fm_piece *ret_first)
{
	const uint64_t start = (uint64_t)(piece->raw.ptr - haystack->text.bytes.ptr);
	const struct fm_seam seam = seam_before_byte(haystack, start + bytes);
	size_t escaped = 0;

	if (seam.raw <= start)
		return false;
	if (piece->escaped.len > 0)
		escaped = (size_t)(seam.escaped -
		                   (uint64_t)(piece->escaped.ptr - haystack->escaped.bytes.ptr));
	*ret_first = (struct fm_piece){fm_span_first(piece->raw, (size_t)(seam.raw - start)),
	                               fm_span_first(piece->escaped, escaped)};
	piece->raw = fm_span_skip(piece->raw, (size_t)(seam.raw - start));
	piece->escaped = fm_span_skip(piece->escaped, escaped);
	return true;
}
