#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/macro.h"
#include "base/num.h"
#include "store/history.h"
#include "store/journal.h"

#define ROUNDS 5

static struct fm_trial_spec make_spec(uint64_t n)
{
	return (struct fm_trial_spec){
		.prompt = {.corpus = {fm_hash_mix(1, 1), fm_hash_mix(1, 2)},
	                   .engine = 1,
	                   .hay_seed = fm_hash_mix(n, 3),
	                   .tokenizer = "bytes/4@0123456789abcdef",
	                   .length = 131072,
	                   .length_of = "prompt",
	                   .layout = "document-first/1",
	                   .task = "niah/1",
	                   .pack = {fm_hash_mix(2, 1), fm_hash_mix(2, 2)},
	                   .depth_ppm = (uint32_t)(n % 11 * 100000),
	                   .repeat = (uint32_t)(n / 11),
	                   .value_seed = fm_hash_mix(n, 4),
	                   .salt = ""},
		.dialect = "openai-chat",
		.origin = "https://api.openai.com:443/v1",
		.model = "gpt-4.1",
		.route = "",
		.parts = "",
		.params = "{\"max_tokens\":256,\"model\":\"gpt-4.1\",\"stream\":true,"
			  "\"temperature\":0}",
	};
}

static void add_trial(struct fm_journal *journal, const struct fm_trial_spec *spec)
{
	const struct fm_needle needle = {
		.at_tokens = 65498, .at_bytes = 301822, .landed_ppm = 499987};
	const struct fm_trial_line line = {.trial = fm_trial_id(spec),
	                                   .prompt = fm_prompt_id(&spec->prompt),
	                                   .pair = fm_pair_id(&spec->prompt, 7),
	                                   .model = "openai/gpt-4.1",
	                                   .task = "niah",
	                                   .length = spec->prompt.length,
	                                   .depth_ppm = spec->prompt.depth_ppm,
	                                   .repeat = spec->prompt.repeat,
	                                   .spec = spec,
	                                   .needles = &needle,
	                                   .needle_count = 1};

	(void)fm_journal_trial(journal, &line); /* the close waits for all tickets */
}

static void add_answer(struct fm_journal *journal, struct fm_id trial)
{
	const struct fm_grade grade = {
		.grader = "niah/1", .outcome = FM_HIT, .found = 1, .of = 1, .strict = true};
	const struct fm_span expected = fm_span_of("K7Q2M9XD");
	const struct fm_reply reply = {
		.outcome = FM_ANSWERED,
		.status = 200,
		.body_complete = true,
		.retry_after_ns = FM_UNKNOWN,
		.limit_said = FM_UNKNOWN,
		.actual_said = FM_UNKNOWN,
		.answer = fm_span_of("The access code of the northern archive is K7Q2M9XD."),
		.model_said = fm_span_of("gpt-4.1-2025-04-14"),
		.stop = FM_STOP_STOP,
		.usage = {.in = 131080, .out = 12},
		.times = { 0, 1204, 40212345, 812345678, FM_UNKNOWN, 812399999, 1012345678, 9876543},
		.body_digest = trial,
	};

	(void)fm_journal_send(journal, trial, 1, 1795255200000, 610233, 265000); /* as above */
	(void)fm_journal_done(journal, &(struct fm_done_line){.trial = trial,
	                                                      .attempt = 1,
	                                                      .reply = &reply,
	                                                      .prompt_digest = trial,
	                                                      .cost_usd_micro = 262256});
	(void)fm_journal_score(journal, trial, 1, &grade, &expected, 1);
}

static enum fm_code make(const char *folder, uint64_t count, struct fm_err *err)
{
	struct fm_journal *journal;
	uint64_t torn;
	enum fm_code rc = fm_journal_open(folder, &journal, &torn, err);

	if (rc != FM_OK)
		return rc;
	(void)fm_journal_run(journal, &(struct fm_run_line){
					      .at_ms = 1795255200000,
					      .run = "bench",
					      .fathom = FATHOM_VERSION,
					      .plan_id = {1, 2},
					      .plan = fm_span_of("{}"),
					      .prices = fm_span_of("{}")
        });
	for (uint64_t n = 0; n < count; n++) {
		const struct fm_trial_spec spec = make_spec(n);

		add_trial(journal, &spec);
		add_answer(journal, fm_trial_id(&spec));
	}
	return fm_journal_close(journal, err);
}

/* The fastest of a few rounds: what a busy machine adds is no property of ours. */
static enum fm_code read(const char *folder, struct fm_err *err)
{
	int64_t best_ns = INT64_MAX;
	uint64_t lines = 0;

	for (int i = 0; i < ROUNDS; i++) {
		const int64_t begin_ns = fm_clock_mono_ns();
		struct fm_history history;
		const enum fm_code rc = fm_history_open(folder, &history, err);
		int64_t took_ns;

		if (rc != FM_OK)
			return rc;
		lines = history.line_count;
		fm_history_close(&history);
		took_ns = fm_clock_mono_ns() - begin_ns;
		best_ns = took_ns < best_ns ? took_ns : best_ns;
	}
	printf("%llu %lld\n", (unsigned long long)lines, (long long)best_ns);
	return FM_OK;
}

int main(int argc, char **argv)
{
	struct fm_err err = {0};
	enum fm_code rc;
	uint64_t count;

	if (argc == 4 && strcmp(argv[1], "make") == 0 && fm_num_u64(fm_span_of(argv[3]), &count))
		rc = make(argv[2], count, &err);
	else if (argc == 3 && strcmp(argv[1], "read") == 0)
		rc = read(argv[2], &err);
	else
		rc = fm_fail(&err, FM_E_USAGE, "bench_history make FOLDER TRIALS | read FOLDER");
	if (rc != FM_OK)
		printf("%s\n", err.text);
	return rc != FM_OK;
}
