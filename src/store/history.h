#ifndef FATHOM_STORE_HISTORY_H
#define FATHOM_STORE_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "text/json.h"
#include "trial/needle.h"
#include "trial/outcome.h"
#include "trial/reply.h"
#include "trial/spec.h"

/* One attempt as the journal has it. */
struct fm_attempt {
	uint32_t number;
	int64_t at_ms;
	uint64_t body_bytes;
	uint64_t reserved_usd_micro;
	bool settled; /* a `done` is there; else it is in doubt by crash */
	struct fm_reply reply;
	struct fm_id prompt_digest;
	uint64_t cost_usd_micro;
	uint64_t booked_usd_micro;  /* never less than the cost */
	struct fm_span deadline;    /* of ours, that cut it: "first"; else empty */
	struct fm_span limits;      /* JSON: those that were in force; empty: nobody wrote them */
	struct fm_span params_sent; /* JSON, where it was not what the plan has; else empty */
	struct fm_attempt *next;
};

/* One trial as the journal has it: what was asked, every attempt, the last score. */
struct fm_record {
	struct fm_id trial;
	struct fm_id prompt;
	struct fm_id pair;
	const char *model;
	const char *task;
	const char *control; /* NULL for none */
	uint64_t length;
	uint32_t depth_ppm;
	uint32_t repeat;
	struct fm_trial_spec spec;
	const struct fm_value *needles; /* the journal's member, borrowed from the line */
	uint64_t line;                  /* its `i` */
	struct fm_attempt *attempts;    /* in order */
	struct fm_attempt *last;
	uint32_t attempt_count;
	enum fm_outcome outcome; /* the trial's current state, derived */
	enum fm_reason reason;
	bool scored;
	const char *grader;
	uint32_t found;
	uint32_t of;
	bool strict;
	struct fm_span *expected;
	size_t expected_count;
};

struct fm_history_note {
	int64_t at_ms;
	const char *level;
	const char *what;
};

/* What a journal says, read as a whole. Texts live in the history. */
struct fm_history {
	struct fm_arena arena;
	const char *folder;
	const char *run;
	const char *fathom;
	struct fm_id plan_id;
	const struct fm_value *plan;
	const struct fm_value *prices;
	int64_t started_ms;
	int64_t last_ms;
	const char *ended;         /* why of the last `end`; NULL while it runs or was cut off */
	struct fm_record *records; /* in the journal's order */
	size_t record_count;
	struct fm_history_note *notes;
	size_t note_count;
	uint64_t spent_usd_micro;   /* as booked, and the reservations of what is in doubt */
	uint64_t exposed_usd_micro; /* of that, reservations of what is in doubt */
	uint64_t line_count;
	uint64_t torn_bytes; /* behind the last whole line; left as they are */
	void *hidden;        /* parsed lines and the index of trials */
};

/*
 * Read a run folder's journal, `.jsonl` or `.jsonl.zst`, changing nothing. A `send` without `done`
 * becomes `in_doubt` by crash, with its reservation kept.
 *
 * Memory  closed with fm_history_close
 * Cost    10,000 trials in well under a second
 * Errors  FM_E_IO       no journal is there, or it is empty: the run never began
 *         FM_E_FORMAT   not a fathom journal; or a line whose `x` is wrong, or a gap in `i`, or
 *                       one that contradicts those before it: it is named, and nothing
 *                       behind it is guessed
 *         FM_E_CHANGED  written by a newer format
 */
FM_MUST_CHECK enum fm_code fm_history_open(const char *folder, struct fm_history *ret_history,
                                           struct fm_err *err);
void fm_history_close(struct fm_history *history);

/* NULL when the journal has no such trial. A prefix of at least 4 hex digits that fits only one. */
struct fm_record *fm_history_find(const struct fm_history *history, struct fm_id trial);
FM_MUST_CHECK enum fm_code fm_history_find_prefix(const struct fm_history *history,
                                                  struct fm_span prefix,
                                                  struct fm_record **ret_record,
                                                  struct fm_err *err);

/* A run for listings. */
struct fm_run_about {
	const char *name;
	const char *folder;
	int64_t modified_ns;
};

/*
 * The runs below `runs_folder`, newest first; and the folder of one by its name or its path (NULL
 * is the newest).
 *
 * Errors  FM_E_USAGE  there is no such run: the nearest name is given, or that there is none yet
 */
FM_MUST_CHECK enum fm_code fm_runs_list(const char *runs_folder, struct fm_arena *arena,
                                        struct fm_run_about **ret_runs, size_t *ret_count,
                                        struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_runs_find(const char *runs_folder, const char *name,
                                        struct fm_arena *arena, const char **ret_folder,
                                        struct fm_err *err);

/* Does a process hold the lock of a run's folder? What it has sent is in flight, not in doubt. */
bool fm_runs_is_live(const char *folder);

#endif
