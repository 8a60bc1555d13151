#include "store_support.h"

#include "base/macro.h"
#include "store/history.h"

static struct fm_history open_history(struct place *place)
{
	struct fm_history history = {0};
	struct fm_err err = {0};

	if (fm_history_open(place->run, &history, &err) != FM_OK)
		fail_msg("%s", err.text);
	return history;
}

/*
 * A trial's life in letters, and what becomes of it: t its trial line, s a send, a an answer, b a
 * failure that may be tried again, q a rejection, d in doubt by time, h a hit, m a miss, e the
 * run's end, r a run line, o a hit for the attempt before the last.
 */
static struct state_case {
	const char *name, *life;
	enum fm_outcome outcome;
	enum fm_reason reason;
	uint32_t attempts;
	bool scored;
	uint64_t spent, exposed;
	const char *ended;
} states[] = {
	{"planned",              "t",       FM_NOT_RUN,        FM_REASON_NONE,    0, false, 0,   0,   NULL  },
	{"crashed",              "ts",      FM_IN_DOUBT,       FM_REASON_CRASH,   1, false, 100, 100, NULL  },
	{"answered, no score",   "tsa",     FM_ANSWERED,       FM_REASON_NONE,    1, false, 7,   0,   NULL  },
	{"hit",		  "tsahe",   FM_HIT,            FM_REASON_NONE,    1, true,  7,   0,   "done"},
	{"graded again",         "tsahem",  FM_MISS,           FM_REASON_NONE,    1, true,  7,   0,   "done"},
	{"more is booked",       "tsBh",    FM_HIT,            FM_REASON_NONE,    1, true,  9,   0,   NULL  },
	{"in doubt, told",       "tsd",     FM_IN_DOUBT,       FM_REASON_TIMEOUT, 1, false, 100, 100, NULL  },
	{"failed, may go again", "tsb",     FM_FAILED,         FM_REASON_RATE,    1, false, 7,   0,   NULL  },
	{"failed, then hit",     "tsbsah",  FM_HIT,            FM_REASON_NONE,    2, true,  14,  0,   NULL  },
	{"in doubt, then hit",   "tsdsah",  FM_HIT,            FM_REASON_NONE,    2, true,  107, 100, NULL  },
	{"crashed, then hit",    "tssah",   FM_HIT,            FM_REASON_NONE,    2, true,  107, 100, NULL  },
	{"hit, then crashed",    "tsahs",   FM_IN_DOUBT,       FM_REASON_CRASH,   2, false, 107, 100, NULL  },
	{"a late score",         "tsasoa",  FM_ANSWERED,       FM_REASON_NONE,    2, false, 14,  0,   NULL  },
	{"a rejection is final", "tsqm",    FM_REJECTED_LIMIT, FM_REASON_NONE,    1, true,  7,   0,   NULL  },
	{"named twice",          "tsaht",   FM_HIT,            FM_REASON_NONE,    1, true,  7,   0,   NULL  },
	{"ended and gone on",    "tsahere", FM_HIT,            FM_REASON_NONE,    1, true,  7,   0,   "done"},
	{"gone on and cut off",  "tsaher",  FM_HIT,            FM_REASON_NONE,    1, true,  7,   0,   NULL  },
};

static void add_reply(struct fm_journal *journal, uint32_t attempt, char letter)
{
	struct fm_reply reply = some_reply();

	if (letter == 'b') {
		reply.outcome = FM_FAILED;
		reply.reason = FM_REASON_RATE;
		reply.may_retry = true;
	} else if (letter == 'q') {
		reply.outcome = FM_REJECTED_LIMIT;
	} else if (letter == 'd') {
		reply.outcome = FM_IN_DOUBT;
		reply.reason = FM_REASON_TIMEOUT;
	}
	(void)fm_journal_done(
		journal,
		&(struct fm_done_line){.trial = trial_id(1),
	                               .attempt = attempt,
	                               .reply = &reply,
	                               .cost_usd_micro = 7,
	                               .booked_usd_micro = letter == 'B' ? 9 : 0}); /* not asked */
}

static void live(struct fm_journal *journal, const char *life)
{
	uint32_t attempt = 0;

	(void)add_run(journal); /* tickets are asked for elsewhere */
	for (; *life != '\0'; life++)
		if (*life == 't')
			(void)add_trial(journal, 1, NULL);
		else if (*life == 's')
			(void)fm_journal_send(journal, trial_id(1), ++attempt, 5000, 10, 100);
		else if (*life == 'h' || *life == 'm')
			(void)add_score(journal, 1, attempt, *life == 'h' ? FM_HIT : FM_MISS);
		else if (*life == 'o')
			(void)add_score(journal, 1, attempt - 1, FM_HIT);
		else if (*life == 'e')
			(void)fm_journal_end(journal, 6000, "done", 0);
		else if (*life == 'r')
			(void)add_run(journal);
		else
			add_reply(journal, attempt, *life);
}

static void test_state(void **state)
{
	const struct state_case *c = *state;
	struct place place = place_open();
	struct fm_journal *journal = place_journal(&place);
	struct fm_history history;
	const struct fm_record *record;

	live(journal, c->life);
	close_journal(journal);
	history = open_history(&place);
	assert_int_equal(history.record_count, 1);
	record = fm_history_find(&history, trial_id(1));
	assert_ptr_equal(record, &history.records[0]);
	assert_int_equal(record->outcome, c->outcome);
	assert_int_equal(record->reason, c->reason);
	assert_int_equal(record->attempt_count, c->attempts);
	assert_int_equal(record->scored, c->scored);
	assert_int_equal(history.spent_usd_micro, c->spent);
	assert_int_equal(history.exposed_usd_micro, c->exposed);
	if (c->ended == NULL)
		assert_null(history.ended);
	else
		assert_string_equal(history.ended, c->ended);
	fm_history_close(&history);
	place_close(&place);
}

static void assert_reply(const struct fm_reply *got, const struct fm_reply *want)
{
	assert_int_equal(got->outcome, want->outcome);
	assert_int_equal(got->reason, want->reason);
	assert_int_equal(got->status, want->status);
	assert_int_equal(got->may_retry, want->may_retry);
	assert_int_equal(got->body_complete, want->body_complete);
	assert_int_equal(got->retry_after_ns, want->retry_after_ns);
	assert_int_equal(got->limit_said, want->limit_said);
	assert_int_equal(got->actual_said, want->actual_said);
	assert_true(fm_span_equal(got->answer, want->answer));
	assert_true(fm_span_equal(got->refusal, want->refusal));
	assert_true(fm_span_equal(got->error, want->error));
	assert_true(fm_span_equal(got->model_said, want->model_said));
	assert_int_equal(got->reasoning_chars, want->reasoning_chars);
	assert_int_equal(got->stop, want->stop);
	assert_memory_equal(&got->usage, &want->usage, sizeof want->usage);
	assert_memory_equal(&got->times, &want->times, sizeof want->times);
	assert_true(fm_id_equal(got->body_digest, want->body_digest));
	assert_int_equal(got->body_bytes, want->body_bytes);
	assert_int_equal(got->reply_bytes, want->reply_bytes);
	assert_int_equal(got->redacted, want->redacted);
}

/* All that can be known about an attempt, and all that can be unknown, comes back as it was. */
static void test_round_trip(void **state)
{
	struct place place = place_open();
	struct fm_journal *journal = place_journal(&place);
	struct fm_reply full = some_reply();
	struct fm_reply bare = {
		.outcome = FM_FAILED,
		.reason = FM_REASON_UNREACHABLE,
		.retry_after_ns = FM_UNKNOWN,
		.limit_said = FM_UNKNOWN,
		.actual_said = FM_UNKNOWN,
		.usage = {-1,  -1, -1, -1, -1},
		.times = { 0, -1, -1, -1, -1, -1, -1, -1}
        };
	struct fm_history history;
	const struct fm_record *record;

	(void)state; /* one test, no cases */
	full.reason = FM_REASON_SERVER;
	full.refusal = fm_span_of("I \xe2\x80\xa8 can't\x01");
	full.error = fm_span_of("{\"error\":1}");
	full.may_retry = true;
	full.retry_after_ns = INT64_C(31000000000);
	full.limit_said = 1048576;
	full.actual_said = INT64_C(10000000000);
	full.body_complete = false;
	full.body_bytes = INT64_C(5000000000);
	full.reply_bytes = 4;
	full.redacted = 2;
	full.reasoning_chars = 17;
	full.stop = FM_STOP_CONTEXT_FULL;
	(void)add_run(journal); /* tickets are asked for elsewhere */
	(void)add_trial(journal, 1, NULL);
	(void)add_trial(journal, 2, "no_needle");
	(void)add_send(journal, 1, 1);
	(void)add_done(journal, 1, 1, &bare);
	(void)add_send(journal, 1, 2);
	(void)add_done(journal, 1, 2, &full);
	(void)fm_journal_note(journal, 7000, "warn", "paused");
	close_journal(journal);
	history = open_history(&place);
	assert_string_equal(history.run, "scout-1m");
	assert_string_equal(history.fathom, "0.1.0");
	assert_true(fm_id_equal(history.plan_id, (struct fm_id){1, 2}));
	assert_int_equal(fm_value_count(history.plan), 1);
	assert_int_equal(fm_value_kind(history.prices), FM_VALUE_OBJECT);
	assert_int_equal(history.started_ms, INT64_C(1795255200000));
	assert_int_equal(history.last_ms, INT64_C(1795255201000));
	assert_int_equal(history.line_count, 8);
	assert_int_equal(history.note_count, 1);
	assert_string_equal(history.notes[0].level, "warn");
	assert_string_equal(history.notes[0].what, "paused");
	assert_int_equal(history.notes[0].at_ms, 7000);
	record = &history.records[0];
	assert_int_equal(record->line, 1);
	assert_reply(&record->attempts->reply, &bare);
	assert_reply(&record->last->reply, &full);
	assert_ptr_equal(record->attempts->next, record->last);
	assert_int_equal(record->last->number, 2);
	assert_int_equal(record->last->at_ms, INT64_C(1795255201000));
	assert_int_equal(record->last->body_bytes, 610233);
	assert_int_equal(record->last->reserved_usd_micro, 265000);
	assert_int_equal(record->last->cost_usd_micro, 262256);
	assert_true(record->last->settled);
	assert_true(fm_id_equal(record->last->prompt_digest, (struct fm_id){9, 10}));
	fm_history_close(&history);
	fm_history_close(&history); /* twice does nothing */
	place_close(&place);
}

static void test_trial(void **state)
{
	const struct fm_trial_spec spec = some_spec(131072, 500000, 1);
	struct place place = place_open();
	struct fm_journal *journal = place_journal(&place);
	struct fm_history history;
	const struct fm_record *record;
	uint64_t number = 0;

	(void)state;            /* one test, no cases */
	(void)add_run(journal); /* tickets are asked for elsewhere */
	(void)add_trial(journal, 1, NULL);
	(void)add_trial(journal, 2, "no_needle");
	(void)add_send(journal, 1, 1);
	(void)add_score(journal, 1, 1, FM_HIT);
	close_journal(journal);
	history = open_history(&place);
	record = &history.records[0];
	assert_true(fm_id_equal(record->trial, trial_id(1)));
	assert_true(fm_id_equal(record->prompt, (struct fm_id){1, 7}));
	assert_true(fm_id_equal(record->pair, (struct fm_id){1, 8}));
	assert_string_equal(record->model, "openai/gpt-4.1");
	assert_string_equal(record->task, "niah");
	assert_null(record->control);
	assert_int_equal(record->length, 131072);
	assert_int_equal(record->depth_ppm, 500000);
	assert_int_equal(record->repeat, 1);
	assert_true(fm_id_equal(fm_trial_id(&record->spec), fm_trial_id(&spec)));
	assert_int_equal(fm_value_count(record->needles), 1);
	assert_true(
		fm_value_u64(fm_value_get(fm_value_first(record->needles), "at_bytes"), &number));
	assert_int_equal(number, 301822);
	assert_string_equal(record->grader, "niah/1");
	assert_int_equal(record->found, 1);
	assert_int_equal(record->of, 1);
	assert_true(record->strict);
	assert_int_equal(record->expected_count, 1);
	assert_true(fm_span_is(record->expected[0], "K7Q2M9XD"));
	assert_string_equal(history.records[1].control, "no_needle");
	assert_int_equal(history.records[1].depth_ppm, FM_DEPTH_NONE);
	fm_history_close(&history);
	place_close(&place);
}

static void test_prefix(void **state)
{
	struct place place = place_open();
	struct fm_journal *journal = place_journal(&place);
	struct fm_history history;
	struct fm_record *record = NULL;
	struct fm_err err;
	char text[FM_ID_TEXT_MAX];

	(void)state;            /* one test, no cases */
	(void)add_run(journal); /* tickets are asked for elsewhere */
	add_trials(journal, 50);
	close_journal(journal);
	history = open_history(&place);
	for (uint64_t n = 0; n < 50; n++) {
		(void)fm_id_text(trial_id(n), text); /* it is in `text` */
		assert_int_equal(
			fm_history_find_prefix(&history, fm_span_make(text, 12), &record, &err),
			FM_OK);
		assert_true(fm_id_equal(record->trial, trial_id(n)));
	}
	assert_null(fm_history_find(&history, trial_id(50)));
	assert_int_equal(fm_history_find_prefix(&history, fm_span_make(text, 3), &record, &err),
	                 FM_E_USAGE);
	assert_int_equal(fm_history_find_prefix(&history, fm_span_of("zzzz"), &record, &err),
	                 FM_E_USAGE);
	/* Two that begin alike. */
	history.records[7].trial.high = history.records[8].trial.high;
	(void)fm_id_text(history.records[8].trial, text); /* as above */
	assert_int_equal(fm_history_find_prefix(&history, fm_span_make(text, 8), &record, &err),
	                 FM_E_USAGE);
	fm_history_close(&history);
	place_close(&place);
}

/* A journal of lines whose `x` and `i` are right, whatever they say. */
static void write_sealed(struct place *place, const char *const *bodies, size_t count)
{
	struct fm_buf all;

	fm_buf_init(&all, 1 << 20);
	for (size_t i = 0; i < count; i++)
		fm_buf_putf(&all, "%s,\"x\":\"%016llx\"}\n", bodies[i],
		            (unsigned long long)fm_hash64(fm_span_of(bodies[i])));
	place_write(place, "journal.jsonl", fm_buf_span(&all));
	fm_buf_free(&all);
}

#define ID "\"000000000000000a000000000000000b\""
#define RUN                                                                                 \
	"{\"t\":\"run\",\"v\":1,\"i\":0,\"at\":\"2026-11-21T10:00:00.000Z\",\"run\":\"a\"," \
	"\"fathom\":\"0\",\"plan_id\":" ID ",\"plan\":{},\"prices\":{}"

static struct bad_case {
	const char *name, *second;
	const char *text;
} bads[] = {
	{"not JSON",           "{\"t\":\"note\",\"i\":1,oops",                                "run scout: journal.jsonl:2: "                                },
	{"member missing",     "{\"t\":\"note\",\"i\":1,\"at\":\"2026-11-21T10:00:00.000Z\"",
         "run scout: journal.jsonl:2: `level` is missing or not of its kind"										},
	{"not a time",         "{\"t\":\"end\",\"i\":1,\"at\":\"noon\",\"why\":\"done\"",
         "run scout: journal.jsonl:2: `at` is missing or not of its kind"										   },
	{"trial without spec",
         "{\"t\":\"trial\",\"i\":1,\"trial\":" ID ",\"prompt\":" ID ",\"pair\":" ID
         ",\"model\":\"m\",\"task\":\"t\",\"length\":1,\"depth_ppm\":null,\"repeat\":0",      "run scout: journal.jsonl:2: `spec`"                          },
	{"send of nothing",    "{\"t\":\"send\",\"i\":1,\"trial\":" ID ",\"attempt\":1",
         "run scout: journal.jsonl:2: no line before it names its trial"										    },
	{"another plan",
         "{\"t\":\"run\",\"v\":1,\"i\":1,\"at\":\"2026-11-21T10:00:00.000Z\",\"run\":\"a\","
         "\"fathom\":\"0\",\"plan_id\":\"000000000000000a000000000000000c\"",                 "run scout: journal.jsonl:2: `plan_id` is not that of the run"},
};

static void test_bad(void **state)
{
	const struct bad_case *c = *state;
	const char *const bodies[] = {RUN, c->second};
	struct place place = place_open();
	struct fm_history history;
	struct fm_err err = {0};

	write_sealed(&place, bodies, FM_COUNT(bodies));
	assert_int_equal(fm_history_open(place.run, &history, &err), FM_E_FORMAT);
	if (!fm_span_starts(fm_span_of(err.text), c->text))
		fail_msg("%s", err.text);
	place_close(&place);
}

/* Attempts that contradict each other are told, not guessed at. */
static void test_contradictions(void **state)
{
	static const char *const lives[] = {"tsaa", "ta", "th"};
	static const char *const texts[] = {"this attempt was settled before",
	                                    "no line before it sent this attempt",
	                                    "no line before it sent this attempt"};

	(void)state; /* one test, all its cases in a loop */
	for (size_t i = 0; i < FM_COUNT(lives); i++) {
		struct place place = place_open();
		struct fm_journal *journal = place_journal(&place);
		struct fm_history history;
		struct fm_err err = {0};

		live(journal, lives[i]);
		close_journal(journal);
		assert_int_equal(fm_history_open(place.run, &history, &err), FM_E_FORMAT);
		assert_true(fm_span_ends(fm_span_of(err.text), texts[i]));
		place_close(&place);
	}
}

#define NOTE "{\"t\":\"note\",\"i\":2,\"at\":\"2026-11-21T10:00:00.000Z\""

/* What only a newer fathom knows is skipped: whole types, and members of known ones. */
static void test_forward(void **state)
{
	static const char *const bodies[] = {
		RUN,
		"{\"t\":\"shard\",\"i\":1,\"what\":[1,2,{\"a\":null}]",
		NOTE ",\"level\":\"warn\",\"what\":\"w\",\"new\":{\"deep\":[]}",
	};
	struct place place = place_open();
	struct fm_history history;

	(void)state; /* one test, no cases */
	write_sealed(&place, bodies, FM_COUNT(bodies));
	history = open_history(&place);
	assert_int_equal(history.line_count, 3);
	assert_int_equal(history.note_count, 1);
	fm_history_close(&history);
	place_close(&place);
}

static void test_nothing_there(void **state)
{
	struct place place = place_open();
	struct fm_history history = {0};
	struct fm_err err = {0};

	(void)state; /* one test, no cases */
	assert_int_equal(fm_history_open(place.run, &history, &err), FM_E_IO);
	place_write(&place, "journal.jsonl", fm_span_of(""));
	assert_int_equal(fm_history_open(place.run, &history, &err), FM_E_IO);
	assert_string_equal(err.text, "run scout: journal.jsonl: is empty: the run never began");
	place_write(&place, "journal.jsonl", fm_span_of("{\"t\":\"run\",\"v\":7,\"i\":0}\n"));
	assert_int_equal(fm_history_open(place.run, &history, &err), FM_E_CHANGED);
	fm_history_close(&history);
	place_close(&place);
}

/* A frame of stored blocks: no compressor is asked for (RFC 8878, 3.1.1). */
static void seal(struct place *place)
{
	/* Magic number; no checksum, no content size; a window of 128 KiB, which bounds blocks. */
	static const char head[] = "\x28\xb5\x2f\xfd\x00\x38";
	struct fm_span rest = place_read(place, "journal.jsonl");
	struct fm_buf frame;

	fm_buf_init(&frame, rest.len + rest.len / 1024 + 64);
	fm_buf_put(&frame, fm_span_make(head, 6));
	while (rest.len > 0) {
		const struct fm_span block = fm_span_first(rest, (size_t)128 << 10);
		const uint64_t bits = (uint64_t)block.len << 3 | (block.len == rest.len);

		for (unsigned shift = 0; shift < 24; shift += 8)
			fm_buf_putc(&frame, (char)(bits >> shift & 0xff));
		fm_buf_put(&frame, block);
		rest = fm_span_skip(rest, block.len);
	}
	place_write(place, "journal.jsonl.zst", fm_buf_span(&frame));
	fm_buf_free(&frame);
	assert_int_equal(unlink(place_path(place, "journal.jsonl")), 0);
}

/* So many trials, four lines each: all of them come back. */
static void assert_all(struct place *place, uint64_t count)
{
	struct fm_history history = open_history(place);

	assert_int_equal(history.line_count, 1 + 4 * count);
	assert_int_equal(history.record_count, count);
	assert_int_equal(history.spent_usd_micro, count * 262256);
	for (uint64_t n = 0; n < count; n++) {
		const struct fm_record *record = fm_history_find(&history, trial_id(n));

		assert_ptr_equal(record, &history.records[n]);
		assert_int_equal(record->outcome, FM_HIT);
		assert_int_equal(record->line, 1 + 4 * n);
	}
	fm_history_close(&history);
}

static void test_large(void **state)
{
	struct place place = place_open();
	struct fm_journal *journal = place_journal(&place);

	(void)state;            /* one test, no cases */
	(void)add_run(journal); /* tickets are asked for elsewhere */
	add_trials(journal, 10000);
	close_journal(journal);
	assert_all(&place, 10000);
	place_close(&place);
}

/* Sealed, it reads the same; where both stand there, the open one is the journal. */
static void test_sealed(void **state)
{
	struct place place = place_open();
	struct fm_journal *journal = place_journal(&place);

	(void)state;            /* one test, no cases */
	(void)add_run(journal); /* tickets are asked for elsewhere */
	add_trials(journal, 200);
	close_journal(journal);
	seal(&place);
	assert_all(&place, 200);
	place_write(&place, "journal.jsonl.zst", fm_span_of("not zstd"));
	assert_int_equal(fm_history_open(place.run, &(struct fm_history){0}, &(struct fm_err){0}),
	                 FM_E_FORMAT);
	place_write(&place, "journal.jsonl", fm_span_of(""));
	assert_int_equal(fm_history_open(place.run, &(struct fm_history){0}, &(struct fm_err){0}),
	                 FM_E_IO);
	place_close(&place);
}

int main(void)
{
	const struct CMUnitTest single[] = {
		cmocka_unit_test(test_round_trip), cmocka_unit_test(test_trial),
		cmocka_unit_test(test_prefix),     cmocka_unit_test(test_contradictions),
		cmocka_unit_test(test_forward),    cmocka_unit_test(test_nothing_there),
		cmocka_unit_test(test_large),      cmocka_unit_test(test_sealed),
	};
	struct CMUnitTest tests[FM_COUNT(states) + FM_COUNT(bads) + FM_COUNT(single)];
	size_t n = 0;

	for (size_t i = 0; i < FM_COUNT(states); i++)
		tests[n++] =
			(struct CMUnitTest){states[i].name, test_state, NULL, NULL, &states[i]};
	for (size_t i = 0; i < FM_COUNT(bads); i++)
		tests[n++] = (struct CMUnitTest){bads[i].name, test_bad, NULL, NULL, &bads[i]};
	memcpy(tests + n, single, sizeof single);
	return cmocka_run_group_tests_name("store/history", tests, NULL, NULL) != 0;
}
