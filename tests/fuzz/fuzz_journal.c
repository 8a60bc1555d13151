#include "fuzz.h"

#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "store/history.h"
#include "store/journal.h"

#define INPUT_MAX ((size_t)1 << 24)

static char in_memory[] = "/dev/shm/fathom-fuzz-XXXXXX";
static char on_disk[] = "/tmp/fathom-fuzz-XXXXXX";
static const char *folder; /* one for the whole life of the program */

static const char *path_of(struct fm_arena *arena, const char *file)
{
	return fm_arena_format(arena, "%s/%s", folder, file);
}

static void remove_folder(void)
{
	struct fm_arena arena = {0};

	(void)unlink(path_of(&arena, "journal.jsonl")); /* what is left behind is no fault */
	(void)unlink(path_of(&arena, "lock"));
	(void)rmdir(folder);
	fm_arena_free(&arena);
}

static void make_folder(void)
{
	if (folder != NULL)
		return;
	folder = mkdtemp(in_memory);
	if (folder == NULL)
		folder = mkdtemp(on_disk);
	assert(folder != NULL);
	assert(atexit(remove_folder) == 0);
}

/* Without a fitting `x` no fuzzer would ever come past the first line. */
static void seal(struct fm_span input, struct fm_buf *journal)
{
	struct fm_span line;

	while (fm_span_split(&input, '\n', &line)) {
		fm_buf_put(journal, line);
		fm_buf_putf(journal, ",\"x\":\"%016llx\"}\n", (unsigned long long)fm_hash64(line));
	}
}

static void write_journal(const char *path, struct fm_span input)
{
	struct fm_buf journal;
	struct fm_err err;

	fm_buf_init(&journal, INPUT_MAX);
	if (fm_span_starts(input, "seal\n"))
		seal(fm_span_skip(input, 5), &journal);
	else
		fm_buf_put(&journal, input);
	assert(fm_file_replace(path, fm_buf_span(&journal), &err) == FM_OK);
	fm_buf_free(&journal);
}

static void hold_history(const struct fm_history *history)
{
	uint64_t exposed = 0;

	assert(history->run != NULL && history->line_count > 0);
	assert(history->record_count < history->line_count);
	assert(history->spent_usd_micro >= history->exposed_usd_micro);
	for (size_t i = 0; i < history->record_count; i++) {
		const struct fm_record *record = &history->records[i];
		uint32_t attempts = 0;

		assert(fm_history_find(history, record->trial) == record);
		for (const struct fm_attempt *a = record->attempts; a != NULL; a = a->next) {
			attempts++;
			if (!a->settled || a->reply.outcome == FM_IN_DOUBT)
				exposed += a->reserved_usd_micro;
		}
		assert(attempts == record->attempt_count);
		assert((attempts == 0) == (record->outcome == FM_NOT_RUN) || record->last->settled);
	}
	assert(exposed == history->exposed_usd_micro);
}

void fuzz_one(struct fm_span input)
{
	struct fm_arena arena = {0};
	struct fm_history history = {0};
	struct fm_journal *journal = NULL;
	struct fm_err err;
	uint64_t torn = 0;

	if (input.len > INPUT_MAX / 32)
		return;
	make_folder();
	write_journal(path_of(&arena, "journal.jsonl"), input);
	const bool read = fm_history_open(folder, &history, &err) == FM_OK;
	const bool written = fm_journal_open(folder, &journal, &torn, &err) == FM_OK;

	if (read) {
		hold_history(&history);
		assert(written && torn == history.torn_bytes);
		assert(fm_journal_line_count(journal) == history.line_count);
	}
	if (written)
		assert(fm_journal_close(journal, &err) == FM_OK);
	fm_history_close(&history);
	(void)unlink(path_of(&arena, "journal.torn")); /* it may not be there */
	fm_arena_free(&arena);
}
