#ifndef FATHOM_TESTS_UNIT_STORE_STORE_SUPPORT_H
#define FATHOM_TESTS_UNIT_STORE_STORE_SUPPORT_H

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "store/journal.h"
#include "trial/needle.h"

/* A folder of a test's own, and what was made for it. */
struct place {
	struct fm_arena arena;
	const char *root;
	const char *run; /* root/scout, not made yet */
};

static inline struct place place_open(void)
{
	struct place place = {0};
	char memory[] = "/dev/shm/fathom-store-XXXXXX";
	char disk[] = "/tmp/fathom-store-XXXXXX";
	const char *path = mkdtemp(memory);

	/* In memory some thousand syncs cost nothing; where there is none, the disk will do. */
	if (path == NULL)
		path = mkdtemp(disk);
	assert_non_null(path);
	place.root = fm_arena_text(&place.arena, fm_span_of(path));
	place.run = fm_arena_format(&place.arena, "%s/scout", path);
	return place;
}

static inline void place_close(struct place *place)
{
	const char *command = fm_arena_format(&place->arena, "rm -rf '%s'", place->root);

	assert_int_equal(system(command), 0);
	fm_arena_free(&place->arena);
}

static inline const char *place_path(struct place *place, const char *file)
{
	return fm_arena_format(&place->arena, "%s/%s", place->run, file);
}

static inline struct fm_span place_read(struct place *place, const char *file)
{
	struct fm_span bytes = {0};
	struct fm_err err;

	assert_int_equal(fm_file_read(place_path(place, file), (size_t)64 << 20, &place->arena,
	                              &bytes, &err),
	                 FM_OK);
	return bytes;
}

static inline void place_write(struct place *place, const char *file, struct fm_span bytes)
{
	struct fm_err err;

	assert_int_equal(fm_folder_make(place->run, &err), FM_OK);
	assert_int_equal(fm_file_replace(place_path(place, file), bytes, &err), FM_OK);
}

static inline struct fm_journal *place_journal(struct place *place)
{
	struct fm_journal *journal = NULL;
	struct fm_err err = {0};
	uint64_t torn;

	if (fm_journal_open(place->run, &journal, &torn, &err) != FM_OK)
		fail_msg("%s", err.text);
	return journal;
}

static inline void close_journal(struct fm_journal *journal)
{
	struct fm_err err;

	assert_int_equal(fm_journal_close(journal, &err), FM_OK);
}

/* The n-th trial's identity; spread, as a hash is. */
static inline struct fm_id trial_id(uint64_t n)
{
	return (struct fm_id){.high = fm_hash_mix(n, 1), .low = fm_hash_mix(n, 2)};
}

static inline uint64_t add_run(struct fm_journal *journal)
{
	return fm_journal_run(journal, &(struct fm_run_line){
					       .at_ms = INT64_C(1795255200000),
					       .run = "scout-1m",
					       .fathom = "0.1.0",
					       .plan_id = {1, 2},
					       .plan = fm_span_of("{\"seed\":7}"),
					       .prices = fm_span_of("{}")
        });
}

static inline struct fm_trial_spec some_spec(uint64_t length, uint32_t depth_ppm, uint32_t repeat)
{
	return (struct fm_trial_spec){
		.prompt = {.corpus = {3, 4},
	                   .engine = 1,
	                   .hay_seed = 0xfedcba9876543210u,
	                   .tokenizer = "bytes/4@00",
	                   .length = length,
	                   .length_of = "prompt",
	                   .layout = "document-first/1",
	                   .task = "niah/1",
	                   .pack = {5, 6},
	                   .depth_ppm = depth_ppm,
	                   .repeat = repeat,
	                   .value_seed = 99,
	                   .salt = ""},
		.dialect = "openai-chat",
		.origin = "https://api.openai.com:443/v1",
		.model = "gpt-4.1",
		.route = "",
		.parts = "",
		.params = "{\"max_tokens\":256}"
        };
}

static inline uint64_t add_trial(struct fm_journal *journal, uint64_t n, const char *control)
{
	const struct fm_trial_spec spec = some_spec(131072, 500000, (uint32_t)n);
	const struct fm_needle needle = {.role = FM_NEEDLE_TARGET,
	                                 .at_tokens = 65498,
	                                 .at_bytes = 301822,
	                                 .landed_ppm = 499987};
	const struct fm_trial_line line = {
		.trial = trial_id(n),
		.prompt = {n, 7},
		.pair = {n, 8},
		.model = "openai/gpt-4.1",
		.task = "niah",
		.length = 131072,
		.depth_ppm = control == NULL ? 500000 : FM_DEPTH_NONE,
		.repeat = (uint32_t)n,
		.control = control,
		.spec = &spec,
		.needles = &needle,
		.needle_count = 1
        };

	return fm_journal_trial(journal, &line);
}

static inline uint64_t add_send(struct fm_journal *journal, uint64_t n, uint32_t attempt)
{
	return fm_journal_send(journal, trial_id(n), attempt, INT64_C(1795255201000), 610233,
	                       265000);
}

/* A plain, complete answer: every member that stands only when it says something is silent. */
static inline struct fm_reply some_reply(void)
{
	return (struct fm_reply){
		.outcome = FM_ANSWERED,
		.status = 200,
		.body_complete = true,
		.retry_after_ns = FM_UNKNOWN,
		.limit_said = FM_UNKNOWN,
		.actual_said = FM_UNKNOWN,
		.answer = fm_span_of("The code is \"K7Q2M9XD\".\n"),
		.model_said = fm_span_of("gpt-4.1-2025-04-14"),
		.stop = FM_STOP_STOP,
		.usage = {.in = 131080, .cached = 0,  .written = 0, .out = 12, .reasoning = 0},
		.times = {.due = 0,
	                  .sent = 1,
	                  .body_out = 2,
	                  .first_byte = 3,
	                  .first_reasoning = FM_UNKNOWN,
	                  .first_answer = 4,
	                  .end = 5,
	                  .gap_p95 = 6},
		.body_digest = {11,     12                 },
		.body_bytes = 610233,
	};
}

static inline uint64_t add_done(struct fm_journal *journal, uint64_t n, uint32_t attempt,
                                const struct fm_reply *reply)
{
	return fm_journal_done(journal, &(struct fm_done_line){
						.trial = trial_id(n),
						.attempt = attempt,
						.reply = reply,
						.prompt_digest = {9, 10},
						.cost_usd_micro = 262256
        });
}

static inline uint64_t add_score(struct fm_journal *journal, uint64_t n, uint32_t attempt,
                                 enum fm_outcome outcome)
{
	const struct fm_grade grade = {.grader = "niah/1",
	                               .outcome = outcome,
	                               .found = outcome == FM_HIT,
	                               .of = 1,
	                               .strict = true};
	const struct fm_span expected = fm_span_of("K7Q2M9XD");

	return fm_journal_score(journal, trial_id(n), attempt, &grade, &expected, 1);
}

/* A whole run of so many trials, each asked once and answered. */
static inline void add_trials(struct fm_journal *journal, uint64_t count)
{
	const struct fm_reply reply = some_reply();

	for (uint64_t n = 0; n < count; n++) {
		(void)add_trial(journal, n, NULL); /* tickets are asked for elsewhere */
		(void)add_send(journal, n, 1);
		(void)add_done(journal, n, 1, &reply);
		(void)add_score(journal, n, 1, FM_HIT);
	}
}

#endif
