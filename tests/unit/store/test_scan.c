#include "store_support.h"

#include "base/macro.h"
#include "store/history.h"
#include "store/scan_internal.h"

/* Five trials: 1 + 5 × 4 lines, and an end. */
static struct fm_span make_journal(struct place *place)
{
	struct fm_journal *journal = place_journal(place);

	(void)add_run(journal); /* tickets are asked for elsewhere */
	add_trials(journal, 5);
	(void)fm_journal_end(journal, INT64_C(1795255209000), "done", 5 * 262256); /* as above */
	close_journal(journal);
	return place_read(place, "journal.jsonl");
}

/* How many whole lines a reader gets, and what stops it. */
static enum fm_code scan_all(struct fm_span bytes, struct fm_scan *scan, struct fm_err *err)
{
	struct fm_scan_line line;
	enum fm_code rc;

	*scan = (struct fm_scan){.bytes = bytes, .file = "journal.jsonl"};
	do
		rc = fm_scan_next(scan, &line, err);
	while (rc == FM_OK && line.json.len > 0);
	return rc;
}

static size_t count_lines(struct fm_span bytes)
{
	size_t count = 0;

	for (size_t i = 0; i < bytes.len; i++)
		count += bytes.ptr[i] == '\n';
	return count;
}

/* Each single flipped bit is found: as an error, or as a last line that has lost its end. */
static void test_flips(void **state)
{
	struct place place = place_open();
	const struct fm_span good = make_journal(&place);
	char *bytes = fm_arena_take(&place.arena, good.len);
	const struct fm_span flipped = fm_span_make(bytes, good.len);
	struct fm_scan scan;
	struct fm_err err;

	(void)state; /* one test, no cases */
	memcpy(bytes, good.ptr, good.len);
	assert_int_equal(scan_all(flipped, &scan, &err), FM_OK);
	assert_int_equal(scan.line, 22);
	assert_int_equal(scan.at, good.len);
	for (size_t bit = 0; bit < good.len * 8; bit++) {
		const size_t before = count_lines(fm_span_first(good, bit / 8));
		enum fm_code rc;

		bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
		rc = scan_all(flipped, &scan, &err);
		if (bit / 8 == good.len - 1)
			assert_true(rc == FM_OK && scan.at < good.len);
		else
			assert_int_not_equal(rc, FM_OK);
		/* Nothing behind the flipped line was taken, and all before it was. */
		assert_int_equal(scan.line, before);
		bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
	}
	place_close(&place);
}

static void assert_history_sees(struct place *place, size_t lines, size_t torn)
{
	struct fm_history history = {0};
	struct fm_err err;

	if (lines == 0)
		return;
	assert_int_equal(fm_history_open(place->run, &history, &err), FM_OK);
	assert_int_equal(history.torn_bytes, torn);
	assert_int_equal(history.line_count, lines);
	fm_history_close(&history);
}

static void assert_torn_kept(struct place *place, struct fm_span torn)
{
	struct fm_span kept;

	if (torn.len == 0) {
		assert_false(fm_file_exists(place_path(place, "journal.torn")));
		return;
	}
	kept = place_read(place, "journal.torn");
	assert_int_equal(kept.len, torn.len + 1);
	assert_memory_equal(kept.ptr, torn.ptr, torn.len);
	assert_int_equal(unlink(place_path(place, "journal.torn")), 0);
}

/* Opening a journal that was cut anywhere keeps every whole line and goes on behind them. */
static void assert_heals(struct place *place, struct fm_span good, size_t cut)
{
	const struct fm_span bytes = fm_span_first(good, cut);
	const size_t lines = count_lines(bytes);
	struct fm_journal *journal = NULL;
	struct fm_err err;
	struct fm_span healed;
	size_t whole = cut;
	uint64_t torn;

	while (whole > 0 && bytes.ptr[whole - 1] != '\n')
		whole--;
	place_write(place, "journal.jsonl", bytes);
	assert_history_sees(place, lines, cut - whole);
	assert_int_equal(fm_journal_open(place->run, &journal, &torn, &err), FM_OK);
	assert_int_equal(torn, cut - whole);
	assert_int_equal(fm_journal_line_count(journal), lines);
	(void)add_run(journal); /* a line behind the healed end */
	close_journal(journal);
	healed = place_read(place, "journal.jsonl");
	assert_int_equal(count_lines(healed), lines + 1);
	assert_true(fm_span_equal(fm_span_first(healed, whole), fm_span_first(good, whole)));
	assert_true(fm_span_starts(fm_span_skip(healed, whole), "{\"t\":\"run\","));
	assert_torn_kept(place, fm_span_skip(bytes, whole));
}

static void test_cuts(void **state)
{
	struct place place = place_open();
	const struct fm_span good = make_journal(&place);
	size_t begin = good.len;

	(void)state; /* one test, all its cases in a loop */
	for (int lines = 0; lines < 3; begin--)
		lines += good.ptr[begin - 1] == '\n';
	for (size_t cut = begin + 1; cut <= good.len; cut++)
		assert_heals(&place, good, cut);
	for (size_t cut = 0; cut < 40; cut++)
		assert_heals(&place, good, cut);
	place_close(&place);
}

/* Two tails in one journal.torn stand in lines of their own. */
static void test_torn_twice(void **state)
{
	struct place place = place_open();
	const struct fm_span good = make_journal(&place);

	(void)state; /* one test, no cases */
	for (int i = 1; i <= 2; i++) {
		place_write(&place, "journal.jsonl", fm_span_first(good, good.len - 3));
		close_journal(place_journal(&place));
		assert_int_equal(count_lines(place_read(&place, "journal.torn")), i);
	}
	place_close(&place);
}

/* A line is taken out, or stands twice: its neighbours are whole, but their numbers tell. */
static void test_gaps(void **state)
{
	struct place place = place_open();
	const struct fm_span good = make_journal(&place);
	const size_t lines = count_lines(good);
	size_t begin = 0;

	(void)state; /* one test, all its cases in a loop */
	for (size_t i = 0; i + 1 < lines; i++) {
		const struct fm_span rest = fm_span_skip(good, begin);
		const size_t len = fm_span_find_byte(rest, '\n') + 1;
		char *bytes = fm_arena_take(&place.arena, good.len + len);
		struct fm_scan scan;
		struct fm_err err;

		memcpy(bytes, good.ptr, begin + len);
		memcpy(bytes + begin + len, rest.ptr, rest.len);
		assert_int_equal(scan_all(fm_span_make(bytes, good.len + len), &scan, &err),
		                 FM_E_FORMAT);
		assert_int_equal(scan.line, i + 1);
		memmove(bytes + begin, rest.ptr + len, rest.len - len);
		assert_int_equal(scan_all(fm_span_make(bytes, good.len - len), &scan, &err),
		                 FM_E_FORMAT);
		assert_int_equal(scan.line, i);
		begin += len;
	}
	place_close(&place);
}

/* A line with the right `x` whatever it says. */
static const char *seal(struct fm_arena *arena, const char *body)
{
	return fm_arena_format(arena, "%s,\"x\":\"%016llx\"}\n", body,
	                       (unsigned long long)fm_hash64(fm_span_of(body)));
}

#define RUN "{\"t\":\"run\",\"v\":1,\"i\":0"

static struct head_case {
	const char *name, *first, *second;
	enum fm_code code;
	const char *text;
} heads[] = {
	{"a run alone",      RUN,			      NULL,					 FM_OK,        ""                        },
	{"unknown type",     RUN,			      "{\"t\":\"later\",\"i\":1,\"y\":2",           FM_OK,        ""                        },
	{"gap",              RUN,			      "{\"t\":\"note\",\"i\":2",                    FM_E_FORMAT,
         "journal.jsonl:2: `i` is 2 where 1 must come"											       },
	{"first is no run",  "{\"t\":\"note\",\"i\":0",        NULL,                                         FM_E_FORMAT,
         "journal.jsonl: not a fathom journal"												       },
	{"newer, sealed",    "{\"t\":\"run\",\"v\":2,\"i\":0", NULL,                                         FM_E_CHANGED,
         "journal.jsonl: format 2"														   },
	{"newer further on", RUN,                              "{\"t\":\"run\",\"v\":9,\"i\":1",             FM_E_CHANGED,
         "journal.jsonl: format 9"														   },
	{"no number",        RUN,			      "{\"t\":\"note\"",                            FM_E_FORMAT,  "journal.jsonl:2: damaged"},
	{"number as text",   RUN,                              "{\"t\":\"note\",\"i\":\"1\"",                FM_E_FORMAT,
         "journal.jsonl:2: damaged"														  },
	{"number too large", RUN,                              "{\"t\":\"note\",\"i\":18446744073709551616", FM_E_FORMAT,
         "journal.jsonl:2: damaged"														  },
};

static void test_head(void **state)
{
	const struct head_case *c = *state;
	struct fm_arena arena = {0};
	const char *first = seal(&arena, c->first);
	const char *second = c->second == NULL ? "" : seal(&arena, c->second);
	struct fm_err err = {0};
	struct fm_scan scan;

	assert_int_equal(
		scan_all(fm_span_of(fm_arena_format(&arena, "%s%s", first, second)), &scan, &err),
		c->code);
	if (!fm_span_starts(fm_span_of(err.text), c->text))
		fail_msg("%s", err.text);
	fm_arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest single[] = {
		cmocka_unit_test(test_flips),
		cmocka_unit_test(test_cuts),
		cmocka_unit_test(test_torn_twice),
		cmocka_unit_test(test_gaps),
	};
	struct CMUnitTest tests[FM_COUNT(heads) + FM_COUNT(single)];

	for (size_t i = 0; i < FM_COUNT(heads); i++)
		tests[i] = (struct CMUnitTest){heads[i].name, test_head, NULL, NULL, &heads[i]};
	memcpy(tests + FM_COUNT(heads), single, sizeof single);
	return cmocka_run_group_tests_name("store/scan", tests, NULL, NULL) != 0;
}
