#include "store/journal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/num.h"
#include "line_internal.h"
#include "place_internal.h"
#include "scan_internal.h"
#include "writer_internal.h"

/* Larger than any line can become, for every text in it has a bound of its own. */
#define LINE_BYTES_MAX ((size_t)60 << 20)

struct fm_journal {
	struct fm_writer *writer;
	struct fm_buf line; /* the one that is being made */
	uint64_t line_count;
	int fd;
	int lock_fd;
};

/* The pid in a lock that another process holds, for a message: 0 when it cannot be read. */
static uint64_t read_holder(const char *path)
{
	struct fm_arena arena = {0};
	struct fm_span text;
	struct fm_err err;
	uint64_t pid = 0;

	if (fm_file_read(path, 64, &arena, &text, &err) != FM_OK ||
	    !fm_num_u64(fm_span_trim(text), &pid))
		pid = 0;
	fm_arena_free(&arena);
	return pid;
}

/* The pid replaces an older one without a moment in which the file is empty. */
static void write_holder(int fd)
{
	char text[32];
	const int len = snprintf(text, sizeof text, "%ld\n", (long)getpid());

	/* The lock is what counts: on a full disk the next one is only told no pid. */
	if (pwrite(fd, text, (size_t)len, 0) == len)
		(void)!ftruncate(fd, len); /* as above */
}

static enum fm_code take_lock(struct fm_journal *journal, const char *folder,
                              struct fm_arena *arena, struct fm_err *err)
{
	const char *path = fm_arena_format(arena, "%s/%s", folder, FM_LOCK_FILE);
	const enum fm_code rc = fm_file_lock(path, false, &journal->lock_fd, err);
	uint64_t pid;

	if (rc == FM_OK)
		write_holder(journal->lock_fd);
	if (rc != FM_E_BUSY)
		return rc;
	pid = read_holder(path);
	if (pid == 0)
		return fm_fail(err, FM_E_BUSY, "another process is using it");
	return fm_fail(err, FM_E_BUSY, "process %llu is using it", (unsigned long long)pid);
}

static enum fm_code open_file(struct fm_journal *journal, const char *path, uint64_t *ret_size,
                              struct fm_err *err)
{
	/* Without O_NONBLOCK a FIFO of that name might hold us for ever. */
	const int flags = O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK;
	struct stat st;

	journal->fd = open(path, flags, 0644);
	if (journal->fd < 0)
		return fm_fail_sys(err, FM_E_IO, errno, "%s: cannot open", FM_JOURNAL_FILE);
	if (fstat(journal->fd, &st) != 0 || !S_ISREG(st.st_mode))
		return fm_fail(err, FM_E_IO, "%s: is not a regular file", FM_JOURNAL_FILE);
	*ret_size = (uint64_t)st.st_size;
	return FM_OK;
}

static enum fm_code read_lines(struct fm_scan *scan, struct fm_err *err)
{
	struct fm_scan_line line;
	enum fm_code rc;

	do
		rc = fm_scan_next(scan, &line, err);
	while (rc == FM_OK && line.json.len > 0);
	return rc;
}

/* Behind what was torn off before, one line each. */
static enum fm_code keep_torn(const char *path, struct fm_span torn, struct fm_err *err)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
	enum fm_code rc;

	if (fd < 0)
		return fm_fail_sys(err, FM_E_IO, errno, "%s: cannot open", FM_TORN_FILE);
	rc = fm_file_write_fd(fd, torn, err);
	if (rc == FM_OK)
		rc = fm_file_write_fd(fd, fm_span_of("\n"), err);
	if (rc == FM_OK && fsync(fd) != 0)
		rc = fm_fail_sys(err, FM_E_IO, errno, "cannot sync");
	fm_fd_close(&fd);
	return rc == FM_OK ? rc : fm_err_prefix(err, "%s", FM_TORN_FILE);
}

/* Read what is there, and take a torn last line off: the next one is never glued to it. */
static enum fm_code heal(struct fm_journal *journal, const char *folder, uint64_t size,
                         uint64_t *ret_torn_bytes, struct fm_err *err)
{
	struct fm_arena arena = {0};
	struct fm_map map = {0};
	struct fm_scan scan = {.file = FM_JOURNAL_FILE};
	struct fm_span torn;
	enum fm_code rc;

	rc = fm_map_fd(journal->fd, size, &map, err);
	if (rc != FM_OK)
		goto out;
	scan.bytes = map.bytes;
	rc = read_lines(&scan, err);
	if (rc != FM_OK)
		goto out;
	torn = fm_span_skip(map.bytes, scan.at);
	if (torn.len > 0) {
		rc = keep_torn(fm_arena_format(&arena, "%s/%s", folder, FM_TORN_FILE), torn, err);
		if (rc == FM_OK && ftruncate(journal->fd, (off_t)scan.at) != 0)
			rc = fm_fail_sys(err, FM_E_IO, errno, "%s: cannot cut", FM_JOURNAL_FILE);
	}
	journal->line_count = scan.line;
	*ret_torn_bytes = torn.len;
out:
	fm_map_close(&map);
	fm_arena_free(&arena);
	return rc;
}

/* What an earlier process wrote and did not sync is made durable, and so are the names. */
static enum fm_code sync_all(int fd, const char *folder, struct fm_arena *arena, struct fm_err *err)
{
	enum fm_code rc;

	if (fdatasync(fd) != 0)
		return fm_fail_sys(err, FM_E_IO, errno, "%s: cannot sync", FM_JOURNAL_FILE);
	rc = fm_folder_sync(folder, err);
	if (rc == FM_OK)
		rc = fm_folder_sync(fm_arena_format(arena, "%s/..", folder), err);
	return rc;
}

static void free_journal(struct fm_journal *journal)
{
	fm_fd_close(&journal->fd);
	fm_fd_close(&journal->lock_fd); /* and with it the lock */
	fm_buf_free(&journal->line);
	fm_memory_free(journal);
}

static enum fm_code explain(enum fm_code rc, struct fm_err *err)
{
	return rc == FM_OK ? rc : fm_err_prefix(err, "%s", FM_JOURNAL_FILE);
}

static enum fm_code open_journal(struct fm_journal *journal, const char *folder,
                                 uint64_t *ret_torn_bytes, struct fm_err *err)
{
	struct fm_arena arena = {0};
	const char *name;
	uint64_t size = 0;
	enum fm_code rc;

	rc = fm_folder_make(folder, err);
	if (rc == FM_OK)
		rc = take_lock(journal, folder, &arena, err);
	if (rc != FM_OK)
		goto out;
	name = fm_place_journal(folder, &arena);
	if (name != NULL && strcmp(name, FM_SEALED_FILE) == 0) {
		rc = fm_fail(err, FM_E_CHANGED,
		             "it is sealed: %s is not written to; unpack it "
		             "with `zstd -d --rm`, or begin a new run with --as NAME",
		             name);
		goto out;
	}
	rc = open_file(journal, fm_arena_format(&arena, "%s/%s", folder, FM_JOURNAL_FILE), &size,
	               err);
	if (rc == FM_OK)
		rc = heal(journal, folder, size, ret_torn_bytes, err);
	if (rc == FM_OK)
		rc = sync_all(journal->fd, folder, &arena, err);
	if (rc == FM_OK)
		rc = explain(
			fm_writer_open(journal->fd, journal->line_count + 1, &journal->writer, err),
			err);
out:
	fm_arena_free(&arena);
	return rc;
}

enum fm_code fm_journal_open(const char *folder, struct fm_journal **ret_journal,
                             uint64_t *ret_torn_bytes, struct fm_err *err)
{
	struct fm_journal *journal = fm_memory_take(sizeof *journal);
	uint64_t torn_bytes = 0;
	enum fm_code rc;

	journal->fd = -1;
	journal->lock_fd = -1;
	fm_buf_init(&journal->line, LINE_BYTES_MAX);
	rc = open_journal(journal, folder, &torn_bytes, err);
	if (rc != FM_OK) {
		free_journal(journal);
		return fm_err_prefix(err, "run %.*s", FM_SPAN_ARGS(fm_place_name(folder)));
	}
	*ret_journal = journal;
	*ret_torn_bytes = torn_bytes;
	return FM_OK;
}

enum fm_code fm_journal_close(struct fm_journal *journal, struct fm_err *err)
{
	enum fm_code rc;

	if (journal == NULL)
		return FM_OK;
	rc = fm_writer_close(journal->writer, err);
	free_journal(journal);
	return explain(rc, err);
}

uint64_t fm_journal_line_count(const struct fm_journal *journal)
{
	return journal->line_count;
}

/* A line is begun, and the number it will have is spent. */
static struct fm_json_writer begin(struct fm_journal *journal, const char *type)
{
	struct fm_json_writer w = {.buf = &journal->line};

	fm_line_begin(&w, type, journal->line_count);
	return w;
}

static uint64_t queue(struct fm_journal *journal, struct fm_json_writer *w, bool sync)
{
	uint64_t ticket;

	fm_line_seal(w);
	ticket = fm_writer_add(journal->writer, fm_buf_span(w->buf), sync);
	journal->line_count++;
	assert(ticket == journal->line_count);
	return ticket;
}

uint64_t fm_journal_run(struct fm_journal *journal, const struct fm_run_line *line)
{
	struct fm_json_writer w = {.buf = &journal->line};

	fm_line_run(&w, journal->line_count, line);
	return queue(journal, &w, true);
}

uint64_t fm_journal_trial(struct fm_journal *journal, const struct fm_trial_line *line)
{
	struct fm_json_writer w = begin(journal, "trial");

	fm_line_trial(&w, line);
	return queue(journal, &w, false);
}

uint64_t fm_journal_send(struct fm_journal *journal, struct fm_id trial, uint32_t attempt,
                         int64_t at_ms, uint64_t body_bytes, uint64_t reserved_usd_micro)
{
	struct fm_json_writer w = begin(journal, "send");

	fm_json_id(&w, "trial", trial);
	fm_json_u64(&w, "attempt", attempt);
	fm_line_time(&w, "at", at_ms);
	fm_json_u64(&w, "body_bytes", body_bytes);
	fm_json_u64(&w, "reserved_usd_micro", reserved_usd_micro);
	return queue(journal, &w, true);
}

uint64_t fm_journal_done(struct fm_journal *journal, const struct fm_done_line *line)
{
	struct fm_json_writer w = begin(journal, "done");

	fm_line_done(&w, line);
	return queue(journal, &w, true);
}

uint64_t fm_journal_score(struct fm_journal *journal, struct fm_id trial, uint32_t attempt,
                          const struct fm_grade *grade, const struct fm_span *expected,
                          size_t expected_count)
{
	struct fm_json_writer w = begin(journal, "score");

	fm_json_id(&w, "trial", trial);
	fm_json_u64(&w, "attempt", attempt);
	fm_line_score(&w, grade, expected, expected_count);
	return queue(journal, &w, false);
}

uint64_t fm_journal_note(struct fm_journal *journal, int64_t at_ms, const char *level,
                         const char *what)
{
	struct fm_json_writer w = begin(journal, "note");

	fm_line_time(&w, "at", at_ms);
	fm_json_string(&w, "level", level);
	(void)fm_line_text(&w, "what", fm_span_of(what)); /* that there was one, it says */
	return queue(journal, &w, false);
}

uint64_t fm_journal_end(struct fm_journal *journal, int64_t at_ms, const char *why,
                        uint64_t spent_usd_micro)
{
	struct fm_json_writer w = begin(journal, "end");

	fm_line_time(&w, "at", at_ms);
	fm_json_string(&w, "why", why);
	fm_json_u64(&w, "spent_usd_micro", spent_usd_micro);
	return queue(journal, &w, true);
}

uint64_t fm_journal_synced(const struct fm_journal *journal)
{
	return fm_writer_synced(journal->writer);
}

int fm_journal_fd(const struct fm_journal *journal)
{
	return fm_writer_fd(journal->writer);
}

void fm_journal_drain(struct fm_journal *journal)
{
	fm_writer_drain(journal->writer);
}

enum fm_code fm_journal_state(const struct fm_journal *journal, struct fm_err *err)
{
	return explain(fm_writer_state(journal->writer, err), err);
}

enum fm_code fm_journal_sync(struct fm_journal *journal, struct fm_err *err)
{
	return explain(fm_writer_sync(journal->writer, err), err);
}
