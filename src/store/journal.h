#ifndef FATHOM_STORE_JOURNAL_H
#define FATHOM_STORE_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/span.h"
#include "trial/grade.h"
#include "trial/prompt.h"
#include "trial/reply.h"
#include "trial/spec.h"

/*
 * The writer of `journal.jsonl` (D8): one object a line, one `write` a line, one thread of its own,
 * a kernel lock that dies with its holder.
 */
struct fm_journal;

/*
 * Open a run folder's journal for writing, making both if need be, and take its lock. A torn last
 * line is moved to `journal.torn`; `*ret_torn_bytes` says how much. Begin with a `run` line when
 * fm_journal_line_count is 0. About 4 MiB of the disk stay reserved ahead of the journal's end
 * until it is closed.
 *
 * Memory  closed with fm_journal_close
 * Errors  FM_E_BUSY     another process holds the lock: its pid is named
 *         FM_E_FORMAT   the journal is damaged or not a journal (see fm_history_open)
 *         FM_E_CHANGED  it is sealed in a .zst, which is not written to
 *         FM_E_FULL     4 MiB cannot be reserved
 *         FM_E_IO
 */
FM_MUST_CHECK enum fm_code fm_journal_open(const char *folder, struct fm_journal **ret_journal,
                                           uint64_t *ret_torn_bytes, struct fm_err *err);

/* Write out all that is queued, sync, and let go of the lock. Errors: as fm_journal_sync. */
FM_MUST_CHECK enum fm_code fm_journal_close(struct fm_journal *journal, struct fm_err *err);

uint64_t fm_journal_line_count(const struct fm_journal *journal); /* those that were there, too */

/*
 * Queue a line; it is copied. Returns its ticket: once fm_journal_synced reaches it, it is on the
 * disk. `run`, `send`, `done` and `end` are synced, many at once; the others ride along. Tickets
 * count the journal's lines, and those that were there at opening are synced. One thread calls.
 *
 * Members stand as D8 has them. Behind them a `done` says, only where there is something to say,
 * answer_bytes, refusal, refusal_bytes, error, limit_said, actual_said, may_retry, retry_after_ns,
 * body_complete, body_bytes, reply_bytes, redacted, deadline, limits, params_sent, and
 * booked_usd_micro behind the cost; a control's `trial` says `control` behind `repeat`. A text over
 * 1 MiB is cut there; what is not UTF-8, and NUL, is U+FFFD; a key in it is "[key]", and `redacted`
 * says how many there were.
 *
 * Units   at_ms is the wall clock
 * Cost    no disk is waited for until 4 MiB of lines are queued
 */
struct fm_run_line {
	int64_t at_ms;
	const char *run;
	const char *fathom; /* version */
	struct fm_id plan_id;
	struct fm_span plan;   /* JSON, as it is */
	struct fm_span prices; /* JSON */
};
uint64_t fm_journal_run(struct fm_journal *journal, const struct fm_run_line *line);

struct fm_trial_line {
	struct fm_id trial;
	struct fm_id prompt;
	struct fm_id pair;
	const char *model; /* "provider/model", as the plan names it */
	const char *task;  /* "niah" */
	uint64_t length;
	uint32_t depth_ppm; /* FM_DEPTH_NONE is null */
	uint32_t repeat;
	const char *control; /* NULL, "no_needle", "no_haystack" */
	const struct fm_trial_spec *spec;
	const struct fm_needle *needles;
	size_t needle_count;
};
uint64_t fm_journal_trial(struct fm_journal *journal, const struct fm_trial_line *line);

uint64_t fm_journal_send(struct fm_journal *journal, struct fm_id trial, uint32_t attempt,
                         int64_t at_ms, uint64_t body_bytes, uint64_t reserved_usd_micro);

struct fm_done_line {
	struct fm_id trial;
	uint32_t attempt;
	const struct fm_reply *reply; /* outcome and reason as decided in the end */
	const char *params_sent;      /* JSON, where it is not what the plan has; NULL: it is */
	struct fm_id prompt_digest;
	uint64_t cost_usd_micro;
	uint64_t booked_usd_micro; /* by the budget; kept where it is more than the cost */
};
uint64_t fm_journal_done(struct fm_journal *journal, const struct fm_done_line *line);

uint64_t fm_journal_score(struct fm_journal *journal, struct fm_id trial, uint32_t attempt,
                          const struct fm_grade *grade, const struct fm_span *expected,
                          size_t expected_count);
uint64_t fm_journal_note(struct fm_journal *journal, int64_t at_ms, const char *level,
                         const char *what);
uint64_t fm_journal_end(struct fm_journal *journal, int64_t at_ms, const char *why,
                        uint64_t spent_usd_micro);

/* The last ticket that is on the disk. After a failed write or sync it never moves again. */
uint64_t fm_journal_synced(const struct fm_journal *journal);

/* A descriptor that becomes readable when that moves or fails; fm_journal_drain quiets it. */
int fm_journal_fd(const struct fm_journal *journal);
void fm_journal_drain(struct fm_journal *journal);

/*
 * May more be sent?
 *
 * Errors  FM_E_FULL  the disk is full: what is in flight is still written into the room reserved
 *                    ahead, and synced; or that, too, is used up, and a write failed
 *         FM_E_IO    a write or sync failed
 */
FM_MUST_CHECK enum fm_code fm_journal_state(const struct fm_journal *journal, struct fm_err *err);

/* Wait until all that is queued is on the disk. Errors: FM_E_FULL, FM_E_IO: it is not. */
FM_MUST_CHECK enum fm_code fm_journal_sync(struct fm_journal *journal, struct fm_err *err);

#endif
