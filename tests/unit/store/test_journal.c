#include "store_support.h"

#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/hash.h"
#include "base/macro.h"
#include "base/num.h"

/* The last line of the journal, its `x` checked and taken off. */
static struct fm_span last_line(struct place *place)
{
	struct fm_span all = place_read(place, "journal.jsonl");
	struct fm_span line = {0};
	struct fm_span sealed;
	uint64_t x;

	assert_true(fm_span_ends(all, "\"}\n"));
	while (all.len > 0) {
		const size_t len = fm_span_find_byte(all, '\n');

		line = fm_span_first(all, len);
		all = fm_span_skip(all, len + 1);
	}
	sealed = fm_span_first(line, line.len - 24);
	assert_true(fm_span_starts(fm_span_skip(line, sealed.len), ",\"x\":\""));
	assert_true(fm_num_hex64(fm_span_make(line.ptr + sealed.len + 6, 16), &x));
	assert_true(x == fm_hash64(sealed));
	return sealed;
}

static uint64_t put_run(struct fm_journal *j)
{
	return add_run(j);
}

static uint64_t put_trial(struct fm_journal *j)
{
	return add_trial(j, 3, NULL);
}

static uint64_t put_control(struct fm_journal *j)
{
	return add_trial(j, 3, "no_needle");
}

static uint64_t put_send(struct fm_journal *j)
{
	return fm_journal_send(j, (struct fm_id){0, 1}, 1, INT64_C(1795255200001), 610233, 265000);
}

static uint64_t put_done(struct fm_journal *j)
{
	const struct fm_reply reply = some_reply();

	return fm_journal_done(j, &(struct fm_done_line){
					  .trial = {0, 1 },
					  .attempt = 1,
					  .reply = &reply,
					  .prompt_digest = {9, 10},
					  .cost_usd_micro = 262256
        });
}

static uint64_t put_rejected(struct fm_journal *j)
{
	const struct fm_usage unknown = {-1, -1, -1, -1, -1};
	struct fm_reply reply = some_reply();

	reply.outcome = FM_FAILED;
	reply.reason = FM_REASON_RATE;
	reply.status = 0;
	reply.answer = (struct fm_span){0};
	reply.model_said = (struct fm_span){0};
	reply.refusal = fm_span_of("no");
	reply.error = fm_span_make("bad\0\xff", 5);
	reply.stop = FM_STOP_NONE;
	reply.usage = unknown;
	reply.times.first_answer = FM_UNKNOWN;
	reply.body_digest = (struct fm_id){0};
	reply.may_retry = true;
	reply.retry_after_ns = 31;
	reply.limit_said = 8192;
	reply.actual_said = 9000;
	reply.body_complete = false;
	reply.body_bytes = 77;
	reply.reply_bytes = 88;
	reply.redacted = 2;
	return fm_journal_done(j, &(struct fm_done_line){
					  .trial = {0, 1},
                                            .attempt = 2, .reply = &reply
        });
}

static uint64_t put_score(struct fm_journal *j)
{
	const struct fm_grade grade = {
		.grader = "niah/1", .outcome = FM_HIT, .found = 1, .of = 1, .strict = true};
	const struct fm_span expected = fm_span_of("K7Q2M9XD");

	return fm_journal_score(j, (struct fm_id){0, 1}, 1, &grade, &expected, 1);
}

static uint64_t put_note(struct fm_journal *j)
{
	return fm_journal_note(j, INT64_C(1795255200000), "warn", "paused 31 s: 429, Retry-After");
}

static uint64_t put_end(struct fm_journal *j)
{
	return fm_journal_end(j, INT64_C(1795255200000), "done", 262256);
}

#define ID1 "\"00000000000000000000000000000001\""
#define ID9 "\"0000000000000009000000000000000a\""
#define ID11 "\"000000000000000b000000000000000c\""

/* Member for member in the order of the format's examples; `…` stands for what trial writes. */
static struct line_case {
	const char *name;
	uint64_t (*put)(struct fm_journal *);
	const char *head, *tail;
} lines[] = {
	{"run",		      put_run,
         "{\"t\":\"run\",\"v\":1,\"i\":0,\"at\":\"2026-11-21T10:00:00.000Z\",\"run\":\"scout-1m\","
         "\"fathom\":\"0.1.0\",\"plan_id\":\"00000000000000010000000000000002\","
         "\"plan\":{\"seed\":7},\"prices\":{}",                                             ""  },
	{"send",		     put_send,
         "{\"t\":\"send\",\"i\":0,\"trial\":" ID1
         ",\"attempt\":1,\"at\":\"2026-11-21T10:00:00.001Z\","
         "\"body_bytes\":610233,\"reserved_usd_micro\":265000",                             ""  },
	{"done",		     put_done,
         "{\"t\":\"done\",\"i\":0,\"trial\":" ID1
         ",\"attempt\":1,\"outcome\":\"answered\",\"reason\":null,\"status\":200,"
         "\"answer\":\"The code is \\\"K7Q2M9XD\\\".\\n\",\"reasoning_chars\":0,"
         "\"stop\":\"stop\",\"usage\":{\"in\":131080,\"cached\":0,\"written\":0,\"out\":12,"
         "\"reasoning\":0},\"prompt_digest\":" ID9 ",\"body_digest\":" ID11
         ",\"cost_usd_micro\":262256,\"times_ns\":{\"due\":0,\"sent\":1,\"body_out\":2,"
         "\"first_byte\":3,\"first_reasoning\":null,\"first_answer\":4,\"end\":5,\"gap_p95\":6},"
         "\"model_said\":\"gpt-4.1-2025-04-14\"",                                           ""  },
	{"done with all it can say", put_rejected,
         "{\"t\":\"done\",\"i\":0,\"trial\":" ID1
         ",\"attempt\":2,\"outcome\":\"failed\",\"reason\":\"rate\",\"status\":null,"
         "\"answer\":null,\"reasoning_chars\":0,\"stop\":null,\"usage\":{\"in\":null,"
         "\"cached\":null,\"written\":null,\"out\":null,\"reasoning\":null},"
         "\"prompt_digest\":null,\"body_digest\":null,\"cost_usd_micro\":0,"
         "\"times_ns\":{\"due\":0,\"sent\":1,\"body_out\":2,\"first_byte\":3,"
         "\"first_reasoning\":null,\"first_answer\":null,\"end\":5,\"gap_p95\":6},"
         "\"model_said\":null,\"refusal\":\"no\",\"error\":\"bad\xef\xbf\xbd\xef\xbf\xbd\","
         "\"limit_said\":8192,\"actual_said\":9000,\"may_retry\":true,\"retry_after_ns\":31,"
         "\"body_complete\":false,\"body_bytes\":77,\"reply_bytes\":88,\"redacted\":2",     ""  },
	{"score",		    put_score,
         "{\"t\":\"score\",\"i\":0,\"trial\":" ID1
         ",\"attempt\":1,\"grader\":\"niah/1\",\"outcome\":\"hit\","
         "\"expected\":[\"K7Q2M9XD\"],\"found\":1,\"of\":1,\"strict\":true",                ""  },
	{"note",		     put_note,
         "{\"t\":\"note\",\"i\":0,\"at\":\"2026-11-21T10:00:00.000Z\",\"level\":\"warn\","
         "\"what\":\"paused 31 s: 429, Retry-After\"",                                      ""  },
	{"end",		      put_end,
         "{\"t\":\"end\",\"i\":0,\"at\":\"2026-11-21T10:00:00.000Z\",\"why\":\"done\","
         "\"spent_usd_micro\":262256",                                                      ""  },
	{"trial",		    put_trial,    "{\"t\":\"trial\",\"i\":0,\"trial\":\"",
         "\"needles\":[{\"role\":\"target\",\"at_tokens\":65498,\"at_bytes\":301822,"
         "\"landed_ppm\":499987}]"							      },
	{"control",                  put_control,  "{\"t\":\"trial\",\"i\":0,\"trial\":\"", "}]"},
};

static void test_line(void **state)
{
	const struct line_case *c = *state;
	struct place place = place_open();
	struct fm_journal *journal = place_journal(&place);
	struct fm_span line;

	assert_int_equal(c->put(journal), 1);
	close_journal(journal);
	line = last_line(&place);
	if (!fm_span_starts(line, c->head) || !fm_span_ends(line, c->tail))
		fail_msg("%.*s", FM_SPAN_ARGS(line));
	if (c->tail[0] == '\0')
		assert_int_equal(line.len, strlen(c->head));
	place_close(&place);
}

/* The middle of a trial line, whose spec is the trial room's to write. */
static void test_trial_members(void **state)
{
	struct place place = place_open();
	struct fm_journal *journal = place_journal(&place);

	(void)state;              /* one test, no cases */
	(void)add_run(journal);   /* tickets are asked for elsewhere */
	(void)put_trial(journal); /* as above */
	assert_int_equal(fm_journal_line_count(journal), 2);
	close_journal(journal);
	assert_true(fm_span_find(last_line(&place),
	                         fm_span_of("\"model\":\"openai/gpt-4.1\",\"task\":\"niah\","
	                                    "\"length\":131072,\"depth_ppm\":500000,\"repeat\":3,"
	                                    "\"spec\":{")) < last_line(&place).len);
	journal = place_journal(&place);
	(void)put_control(journal); /* as above */
	close_journal(journal);
	assert_true(fm_span_find(last_line(&place),
	                         fm_span_of("\"depth_ppm\":null,\"repeat\":3,"
	                                    "\"control\":\"no_needle\",\"spec\":{")) <
	            last_line(&place).len);
	place_close(&place);
}

/* A text that is too long is cut between two code points, and its true length is told. */
static void test_long_answer(void **state)
{
	struct place place = place_open();
	struct fm_journal *journal = place_journal(&place);
	const size_t len = ((size_t)1 << 20) + 3;
	char *text = fm_arena_take(&place.arena, len);
	struct fm_reply reply = some_reply();
	struct fm_span line;

	(void)state; /* one test, no cases */
	memset(text, 'a', len);
	memcpy(text + len - 4, "\xc3\xa4", 2);
	reply.answer = fm_span_make(text, len);
	(void)add_done(journal, 1, 1, &reply); /* its ticket is 1 */
	close_journal(journal);
	line = last_line(&place);
	assert_true(fm_span_ends(line, "\"answer_bytes\":1048579"));
	assert_true(fm_span_find(line, fm_span_of("aaa\",\"reasoning_chars\"")) < line.len);
	place_close(&place);
}

static bool is_readable(const struct fm_journal *journal)
{
	struct pollfd fd = {.fd = fm_journal_fd(journal), .events = POLLIN};

	return poll(&fd, 1, 0) == 1;
}

static void test_synced(void **state)
{
	struct place place = place_open();
	struct fm_journal *journal = place_journal(&place);
	struct pollfd fd = {.fd = fm_journal_fd(journal), .events = POLLIN};
	struct fm_err err;

	(void)state; /* one test, no cases */
	assert_int_equal(fm_journal_synced(journal), 0);
	assert_int_equal(add_run(journal), 1);
	assert_int_equal(add_trial(journal, 0, NULL), 2);
	assert_int_equal(add_send(journal, 0, 1), 3);
	while (fm_journal_synced(journal) < 3)
		assert_int_equal(poll(&fd, 1, -1), 1), fm_journal_drain(journal);
	assert_int_equal(put_note(journal), 4);
	assert_int_equal(fm_journal_sync(journal, &err), FM_OK);
	assert_int_equal(fm_journal_synced(journal), 4);
	assert_true(is_readable(journal));
	fm_journal_drain(journal);
	assert_false(is_readable(journal));
	assert_int_equal(fm_journal_state(journal, &err), FM_OK);
	close_journal(journal);
	/* What was there counts as synced: opening did it. */
	journal = place_journal(&place);
	assert_int_equal(fm_journal_line_count(journal), 4);
	assert_int_equal(fm_journal_synced(journal), 4);
	assert_int_equal(put_end(journal), 5);
	close_journal(journal);
	assert_true(fm_span_starts(last_line(&place), "{\"t\":\"end\",\"i\":4,"));
	place_close(&place);
}

static struct refused_case {
	const char *name;
	const char *bytes; /* NULL: a good journal whose lines `change` spoils */
	enum fm_code code;
	const char *text;
} refused[] = {
	{"foreign",                "hello\n",				       FM_E_FORMAT,
         "run scout: journal.jsonl: not a fathom journal; move it away, or name another run with "
         "--as NAME"									     },
	{"foreign JSON",           "{\"a\":1}\n",                                   FM_E_FORMAT,
         "run scout: journal.jsonl: not a fathom journal"                                        },
	{"foreign without an end", "hello",                                         FM_E_FORMAT,
         "run scout: journal.jsonl: not a fathom journal"                                        },
	{"newer",		  "{\"t\":\"run\",\"v\":2,\"i\":0,\"new\":1}\n",   FM_E_CHANGED,
         "run scout: journal.jsonl: format 2, written by a newer fathom; this one reads format 1"},
	{"without x",              "{\"t\":\"run\",\"v\":1,\"i\":0,\"at\":\"\"}\n", FM_E_FORMAT,
         "run scout: journal.jsonl:1: damaged"						   },
};

static void test_refused(void **state)
{
	const struct refused_case *c = *state;
	struct place place = place_open();
	struct fm_journal *journal;
	struct fm_err err = {0};
	uint64_t torn;
	struct fm_span after;

	place_write(&place, "journal.jsonl", fm_span_of(c->bytes));
	assert_int_equal(fm_journal_open(place.run, &journal, &torn, &err), c->code);
	if (!fm_span_starts(fm_span_of(err.text), c->text))
		fail_msg("%s", err.text);
	after = place_read(&place, "journal.jsonl");
	assert_true(fm_span_is(after, c->bytes));
	place_close(&place);
}

/* An empty file is a run that never began, and so is one whose first line was torn. */
static void test_never_began(void **state)
{
	static const char *const starts[] = {"", "{", "{\"t\":\"run\",\"v\":1,\"i\":0,\"at"};

	(void)state; /* one test, all its cases in a loop */
	for (size_t i = 0; i < FM_COUNT(starts); i++) {
		struct place place = place_open();
		struct fm_journal *journal = NULL;
		struct fm_err err;
		uint64_t torn = 99;

		place_write(&place, "journal.jsonl", fm_span_of(starts[i]));
		assert_int_equal(fm_journal_open(place.run, &journal, &torn, &err), FM_OK);
		assert_int_equal(torn, strlen(starts[i]));
		assert_int_equal(fm_journal_line_count(journal), 0);
		assert_int_equal(add_run(journal), 1);
		close_journal(journal);
		assert_true(fm_span_starts(last_line(&place), "{\"t\":\"run\",\"v\":1,\"i\":0,"));
		place_close(&place);
	}
}

static void test_sealed(void **state)
{
	struct place place = place_open();
	struct fm_journal *journal;
	struct fm_err err = {0};
	uint64_t torn;

	(void)state; /* one test, no cases */
	place_write(&place, "journal.jsonl.zst", fm_span_of("anything"));
	assert_int_equal(fm_journal_open(place.run, &journal, &torn, &err), FM_E_CHANGED);
	assert_true(fm_span_starts(fm_span_of(err.text), "run scout: it is sealed"));
	place_close(&place);
}

static void test_not_a_file(void **state)
{
	struct place place = place_open();
	struct fm_journal *journal;
	struct fm_err err = {0};
	uint64_t torn;

	(void)state; /* one test, no cases */
	assert_int_equal(fm_folder_make(place_path(&place, "journal.jsonl"), &err), FM_OK);
	assert_int_equal(fm_journal_open(place.run, &journal, &torn, &err), FM_E_IO);
	assert_int_equal(fm_journal_open("/proc/nowhere/run", &journal, &torn, &err), FM_E_IO);
	place_close(&place);
}

/* A process that holds the journal until it is killed; it has it when this returns. */
static pid_t start_holder(struct place *place)
{
	int ready[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct fm_journal *journal = place_journal(place);

		(void)add_run(journal);        /* a line may be on its way when the end comes */
		(void)!write(ready[1], "", 1); /* the other side would wait for ever, and so fail */
		for (;;)
			(void)pause(); /* until the signal that ends it */
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	(void)close(ready[0]); /* they served */
	(void)close(ready[1]);
	return pid;
}

static void test_busy(void **state)
{
	struct place place = place_open();
	const pid_t pid = start_holder(&place);
	const char *want =
		fm_arena_format(&place.arena, "run scout: process %ld is using it", (long)pid);
	struct fm_journal *journal;
	struct fm_err err = {0};
	uint64_t torn;
	int status;

	(void)state; /* one test, no cases */
	assert_int_equal(fm_journal_open(place.run, &journal, &torn, &err), FM_E_BUSY);
	assert_string_equal(err.text, want);
	/* The lock is this process's own, too: one journal is open once. */
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	journal = place_journal(&place);
	assert_int_equal(fm_journal_open(place.run, &journal, &torn, &err), FM_E_BUSY);
	close_journal(journal);
	place_close(&place);
}

/* In a child with a file size limit: the write that crosses it is short, the rest fails. */
static void fill_disk(struct place *place)
{
	struct fm_journal *journal = place_journal(place);
	const struct rlimit limit = {.rlim_cur = 5000, .rlim_max = 5000};
	struct fm_err err = {0};
	uint64_t good;

	(void)add_run(journal); /* far below the limit */
	assert_int_equal(fm_journal_sync(journal, &err), FM_OK);
	good = fm_journal_synced(journal);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	for (int i = 0; i < 100; i++)
		(void)put_note(journal); /* some of them too much */
	assert_int_equal(fm_journal_sync(journal, &err), FM_E_FULL);
	assert_true(fm_span_starts(fm_span_of(err.text), "journal.jsonl: cannot write: "));
	assert_true(is_readable(journal));
	/* It stays so, whatever comes, and the ticket with it. */
	assert_int_equal(fm_journal_state(journal, &err), FM_E_FULL);
	(void)put_send(journal); /* thrown away */
	assert_int_equal(fm_journal_sync(journal, &err), FM_E_FULL);
	assert_int_equal(fm_journal_synced(journal), good);
	assert_int_equal(fm_journal_close(journal, &err), FM_E_FULL);
}

static void test_full(void **state)
{
	struct place place = place_open();
	struct fm_journal *journal = NULL;
	struct fm_err err;
	uint64_t torn = 0;
	int status;
	pid_t pid;

	(void)state; /* one test, no cases */
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		fill_disk(&place);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	/* The short write left a torn line: it is taken off, and nothing is glued to it. */
	assert_int_equal(place_read(&place, "journal.jsonl").len, 5000);
	assert_int_equal(fm_journal_open(place.run, &journal, &torn, &err), FM_OK);
	assert_true(torn > 0);
	assert_int_equal(place_read(&place, "journal.torn").len, torn + 1);
	assert_int_equal(place_read(&place, "journal.jsonl").len, 5000 - torn);
	(void)put_end(journal); /* it goes on */
	close_journal(journal);
	assert_true(fm_span_starts(last_line(&place), "{\"t\":\"end\","));
	place_close(&place);
}

int main(void)
{
	const struct CMUnitTest single[] = {
		cmocka_unit_test(test_trial_members), cmocka_unit_test(test_long_answer),
		cmocka_unit_test(test_synced),        cmocka_unit_test(test_never_began),
		cmocka_unit_test(test_sealed),        cmocka_unit_test(test_not_a_file),
		cmocka_unit_test(test_busy),          cmocka_unit_test(test_full),
	};
	struct CMUnitTest tests[FM_COUNT(lines) + FM_COUNT(refused) + FM_COUNT(single)];
	size_t n = 0;

	for (size_t i = 0; i < FM_COUNT(lines); i++)
		tests[n++] = (struct CMUnitTest){lines[i].name, test_line, NULL, NULL, &lines[i]};
	for (size_t i = 0; i < FM_COUNT(refused); i++)
		tests[n++] =
			(struct CMUnitTest){refused[i].name, test_refused, NULL, NULL, &refused[i]};
	memcpy(tests + n, single, sizeof single);
	return cmocka_run_group_tests_name("store/journal", tests, NULL, NULL) != 0;
}
