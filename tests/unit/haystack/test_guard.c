#include "haystack_support.h"

#include "base/file.h"
#include "base/macro.h"
#include "base/simd.h"
#include "haystack/guard_fold_internal.h"
#include "haystack/guard_internal.h"
#include "haystack/haystack_internal.h"

static const struct fm_span firsts[] = {
	{"amber",    5},
        {"silvered", 8},
        {"teal",     4},
        {"puffin",   6},
        {"test",     4}
};
static const struct fm_span seconds[] = {
	{"kestrel", 7},
        {"tern",    4},
        {"flying",  6},
        {"raffle",  6}
};
static const struct fm_guard_words words = {firsts, 5, seconds, 4};

/* A line of a text, and what a guard of it holds. */
static struct look_case {
	const char *line;
	const char *value; /* or a key, when it has a blank */
	bool held;
} looks[] = {
	{"it was K7Q2M9XD4 then",                     "K7Q2M9XD4",        true },
	{"it was k7q2m9xd4 then",                     "K7Q2M9XD4",        true },
	{"it was K7Q2-M9XD4 then",                    "K7Q2M9XD4",        true },
	{"it was K7_Q2.M9-XD4.",                      "K7Q2M9XD4",        true },
	{"K-7-Q-2-M-9-X-D-4",                         "K7Q2M9XD4",        true },
	{"it was K7Q2 M9XD4 then",                    "K7Q2M9XD4",        true },
	{"it was K7Q 2M9\nXD4 then",                  "K7Q2M9XD4",        true },
	{"it was K7Q2 m9XD4 then",                    "K7Q2M9XD4",        false},
	{"it was k7q2 M9XD4 then",                    "K7Q2M9XD4",        false},
	{"it was K7Q2  M9XD4 then",                   "K7Q2M9XD4",        false},
	{"it was K7Q2--M9XD4 then",                   "K7Q2M9XD4",        false},
	{"a first one changed: X7Q2M9XD4",            "K7Q2M9XD4",        true },
	{"a last one changed: K7Q2M9XD5",             "K7Q2M9XD4",        true },
	{"the fifth changed: K7Q2Z9XD4",              "K7Q2M9XD4",        true },
	{"the fourth changed: K7QZM9XD4",             "K7Q2M9XD4",        true },
	{"a sign of no value: K7QOM9XD4",             "K7Q2M9XD4",        true },
	{"two changed: X7Q2M9XD5",                    "K7Q2M9XD4",        false},
	{"two turned: 7KQ2M9XD4",                     "K7Q2M9XD4",        false},
	{"one missing: 7Q2M9XD4",                     "K7Q2M9XD4",        true },
	{"one missing: K7Q2M9XD",                     "K7Q2M9XD4",        true },
	{"one missing: K7Q29XD4",                     "K7Q2M9XD4",        true },
	{"one more: KK7Q2M9XD4",                      "K7Q2M9XD4",        true },
	{"one more: K7Q2M9XD45",                      "K7Q2M9XD4",        true },
	{"two more: K7Q2M9XD456",                     "K7Q2M9XD4",        false},
	{"one digit left: KAQBM9XDE",                 "K4QBM9XDE",        true },
	{"one letter left: 123456789A",               "12345678A",        true },
	{"part of a word: AAK7Q2M9XD4BB",             "K7Q2M9XD4",        false},
	{"behind Chinese \xe6\x98\xafK7Q2M9XD4",      "K7Q2M9XD4",        true },
	{"an amber kestrel flew",                     "amber kestrel",    true },
	{"an AMBER Kestrel flew",                     "amber kestrel",    true },
	{"an amber, kestrel",                         "amber kestrel",    true },
	{"an amber_kestrel",                          "amber kestrel",    true },
	{"an amber\xe2\x80\x94kestrel",               "amber kestrel",    true },
	{"an AmberKestrel",                           "amber kestrel",    true },
	{"two amber kestrels",                        "amber kestrel",    true },
	{"an amber kestral",                          "amber kestrel",    true },
	{"an amber kstrl",			    "amber kestrel",    false},
	{"an ambers kestrel",                         "amber kestrel",    true },
	{"an ambery kestrel",                         "amber kestrel",    true },
	{"an abmer kestrel",                          "amber kestrel",    true },
	{"an amer kestrel",                           "amber kestrel",    true },
	{"an amver kestrel",                          "amber kestrel",    true },
	{"an am8er kestrel",                          "amber kestrel",    true },
	{"an axvber kestrel",                         "amber kestrel",    false},
	{"a tel tern",				"teal tern",        true },
	{"a teal trn",				"teal tern",        true },
	{"a teal tren",			       "teal tern",        true },
	{"a teal te7n",			       "teal tern",        true },
	{"a teal turm",			       "teal tern",        false},
	{"an amber ketsrel",                          "amber kestrel",    true },
	{"an amber ksetrle",                          "amber kestrel",    false},
	{"an amber    kestrel",                       "amber kestrel",    true },
	{"an amber \n \n kestrel",                    "amber kestrel",    true },
	{"an **amber** *kestrel*",                    "amber kestrel",    true },
	{"an amber&nbsp;kestrel",                     "amber kestrel",    true },
	{"an amber&#160;kestrel",                     "amber kestrel",    true },
	{"an amber&#8203;&#160;kestrel",              "amber kestrel",    true },
	{"<b>amber</b> <i>kestrel</i>",               "amber kestrel",    true },
	{"an amber's kestrel",                        "amber kestrel",    true },
	{"an amber'is kestrel",                       "amber kestrel",    false},
	{"an amber or kestrel",                       "amber kestrel",    false},
	{"amber ----------------------- kestrel",     "amber kestrel",    false},
	{"amber ---------------------- kestrel",      "amber kestrel",    true },
	{"an amber kes-\ntrel",                       "amber kestrel",    true },
	{"an amber kes.trel",                         "amber kestrel",    true },
	{"an amber kes'trel",                         "amber kestrel",    true },
	{"an amber k e s t r e l",                    "amber kestrel",    true },
	{"a kes-trel, amber",                         "amber kestrel",    true },
	{"an am-ber kestrel",                         "amber kestrel",    true },
	{"an am ber kestrel",                         "amber kestrel",    true },
	{"a te-rn of a teal te-rn",                   "teal tern",        true },
	{"an amber kes-----trel",                     "amber kestrel",    false},
	{"an amver kes-trel",                         "amber kestrel",    false},
	{"a silvred kes-\ntrel",                      "silvered kestrel", true },
	{"a silve-red kestrl",                        "silvered kestrel", false},
	{"silve-red kes-trel",                        "silvered kestrel", false},
	{"an amber kes*rel",                          "amber kestrel",    true },
	{"an am*er kestrel",                          "amber kestrel",    true },
	{"an amber k*s*rel",                          "amber kestrel",    false},
	{"silve\303\246ed kestrel",                   "silvered kestrel", true },
	{"silvered kest\346\227\245el",               "silvered kestrel", true },
	{"silver\341\264\207d kestrel",               "silvered kestrel", true },
	{"an amber kestr\357\277\275l",               "amber kestrel",    true },
	{"a pu\357\254\203n \357\254\202ying",        "puffin flying",    true },
	{"a pu\357\254\200in ra\357\254\200le",       "puffin raffle",    true },
	{"a pu\357\254\201n kestrel",                 "puffin kestrel",   true },
	{"a te\357\254\206 ra\357\254\204e",          "test raffle",      true },
	{"an amber grey kestrel",                     "amber kestrel",    false},
	{"a kestrel amber",                           "amber kestrel",    true },
	{"a Kestrel, Amber",                          "amber kestrel",    true },
	{"a tern of teal",			    "teal tern",        false},
	{"a KestrelAmber",			    "amber kestrel",    true },
	{"a kestrelambr",			     "amber kestrel",    true },
	{"kestrel silvered kestrel",                  "silvered kestrel", true },
	{"an amber kestrel",                          "silvered kestrel", false},
	{"an amber kestrel",                          "amber tern",       false},
	{"a silvred kestrl",                          "silvered kestrel", true },
	{"SilveredKestrls",                           "silvered kestrel", false},
	{"SilveredKestrels",                          "silvered kestrel", true },
	{"ilveredKestrel",			    "silvered kestrel", true },
	{"a teal terns",			      "teal tern",        true },
	{"a teal tern",			       "teal tern",        true },
	{"amber kes\342\200\213trel",                 "amber kestrel",    true },
	{"amb\302\255er\342\200\213 kestrel",         "amber kestrel",    true },
	{"am\342\200\215ber\342\201\240kestrel",      "amber kestrel",    true },
	{"\357\275\201mber \357\274\253estrel",       "amber kestrel",    true },
	{"amber kestr\320\265l",                      "amber kestrel",    true },
	{"\320\260mb\320\265r k\320\265str\320\265l", "amber kestrel",    true },
	{"amb\303\250r k\303\251strel",               "amber kestrel",    true },
	{"ambe\314\201r ke\314\201strel",             "amber kestrel",    true },
	{"\360\235\220\232mber kestrel",              "amber kestrel",    true },
	{"\344\270\200mb\320\265r k\320\265strel",    "amber kestrel",    true },
	{"K7Q2\342\200\213M9XD4",                     "K7Q2M9XD4",        true },
	{"K\357\274\227Q2M9X\320\2244",               "K7Q2M9XD4",        false},
	{"\357\274\253\357\274\227Q2M9XD4",           "K7Q2M9XD4",        true },
	{"\320\2327Q2-M9\320\245D4",                  "K7Q2M9XD4",        true },
};

static bool holds(const struct fm_guard *guard, const char *what, uint64_t tokens)
{
	const struct fm_span span = fm_span_of(what);

	if (fm_span_find_byte(span, ' ') < span.len)
		return fm_guard_holds_key(guard, span, tokens);
	return fm_guard_holds_value(guard, span, tokens);
}

static struct fm_guard *open_guard(const struct fm_haystack *hay)
{
	struct fm_guard *guard = NULL;
	struct fm_err err;

	assert_ok(fm_guard_open(hay, &words, &guard, &err), &err);
	return guard;
}

/* What was gathered, with its first place alone, in the order of codes. */
struct heap {
	struct fm_guard_entry entries[256];
	size_t count;
};

static void gather(void *ctx, uint64_t code, uint64_t place)
{
	struct heap *heap = ctx;
	size_t i = heap->count;

	assert_true(heap->count < FM_COUNT(heap->entries));
	for (size_t j = 0; j < heap->count; j++) {
		struct fm_guard_entry *entry = &heap->entries[j];

		if (entry->code == code) {
			entry->place = place < entry->place ? place : entry->place;
			return;
		}
	}
	for (; i > 0 && heap->entries[i - 1].code > code; i--)
		heap->entries[i] = heap->entries[i - 1];
	heap->entries[i] = (struct fm_guard_entry){code, place};
	heap->count++;
}

/* The line alone, and behind others, where its place is another. */
static void test_look(void **state)
{
	static const char before[] = "a plain line 17 of words\n";
	const struct look_case *look = *state;
	const struct fm_span what = fm_span_of(look->value);
	const bool is_key = fm_span_find_byte(what, ' ') < what.len;

	for (int behind = 0; behind < 2; behind++) {
		const size_t from = behind != 0 ? sizeof before - 1 : 0;
		char bytes[sizeof((struct heap *)0)->entries];
		char text[256];
		struct heap heap = {.count = 0};
		struct fm_span entries;

		(void)snprintf(text, sizeof text, "%s%s", behind != 0 ? before : "", look->line);
		fm_guard_gather(&words, fm_span_of(text), 0, gather, &heap);
		for (size_t i = 0; i < heap.count; i++)
			fm_guard_put_entry(heap.entries[i], bytes + i * FM_GUARD_ENTRY_BYTES);
		entries = fm_span_make(bytes, heap.count * FM_GUARD_ENTRY_BYTES);
		assert_int_equal(is_key ? fm_guard_finds_key(entries, what, strlen(text))
		                        : fm_guard_finds_value(entries, what, strlen(text)),
		                 look->held);
		assert_false(is_key ? fm_guard_finds_key(entries, what, from + 5)
		                    : fm_guard_finds_value(entries, what, from + 5));
	}
}

/* A long stretch is folded in parts: a key is found wherever in it the parts meet, once, whole. */
static void test_long_stretch(void **state)
{
	const struct fm_span key = fm_span_of("amber kestrel");
	struct fm_buf buf;

	(void)state;
	fm_buf_init(&buf, GROUND_BYTES_MAX);
	for (size_t before = 1980; before < 2090; before++) {
		char bytes[sizeof((struct heap *)0)->entries];
		struct heap heap = {.count = 0};
		struct fm_span entries;

		fm_buf_clear(&buf);
		for (size_t i = 0; i < before; i++)
			fm_buf_puts(&buf, "\320\260 "); /* folds to "a " */
		fm_buf_puts(&buf, "\320\260mber kestr\320\265l");
		fm_guard_gather(&words, fm_buf_span(&buf), 0, gather, &heap);
		assert_int_equal(heap.count, 1);
		fm_guard_put_entry(heap.entries[0], bytes);
		entries = fm_span_make(bytes, FM_GUARD_ENTRY_BYTES);
		assert_true(fm_guard_finds_key(entries, key, buf.len));
		assert_int_equal(heap.entries[0].place, buf.len);
	}
	fm_buf_free(&buf);
}

/* What is folded is read last, and where it stands first its first place is told all the same. */
static void test_folded_first(void **state)
{
	static const char text[] = "\357\274\2537Q2M\357\274\231XD4 and then K7Q2M9XD4";
	const struct fm_span value = fm_span_of("K7Q2M9XD4");
	char bytes[sizeof((struct heap *)0)->entries];
	struct heap heap = {.count = 0};
	struct fm_span entries;

	(void)state;
	fm_guard_gather(&words, fm_span_of(text), 0, gather, &heap);
	for (size_t i = 0; i < heap.count; i++)
		fm_guard_put_entry(heap.entries[i], bytes + i * FM_GUARD_ENTRY_BYTES);
	entries = fm_span_make(bytes, heap.count * FM_GUARD_ENTRY_BYTES);
	assert_true(fm_guard_finds_value(entries, value, value.len + 4));
	assert_false(fm_guard_finds_value(entries, value, value.len + 3));
}

/* What begins before the text is passed over: a rest of a word, seen or not, is no word. */
static void test_word_rest(void **state)
{
	(void)state;
	assert_int_equal(fm_guard_word_rest(fm_span_of("bc1 d")), 3);
	assert_int_equal(fm_guard_word_rest(fm_span_of(" d")), 0);
	assert_int_equal(fm_guard_word_rest(fm_span_of("\260b\320\265\342\200\213c, d")), 8);
	assert_int_equal(fm_guard_word_rest(fm_span_of("\344\270\200")), 0);
	assert_int_equal(fm_guard_word_rest(fm_span_of("abc")), 3);
}

/* Lines that each hold a value of their own; some, a key. */
static void put_valued(struct fm_buf *buf, size_t count)
{
	for (size_t i = 0; i < count; i++)
		fm_buf_putf(buf, "at=%zu id=%04zXQ%zu7X level=info%s\n", i, i, i % 10,
		            i == 700 ? " teal tern" : "");
}

static const char *value_of(char text[32], size_t i)
{
	(void)snprintf(text, 32, "%04zXQ%zu7XA", i, i % 10); /* one letter more: a near copy */
	return text;
}

/*
 * What lies behind a document's end does not count, however much is laid, and a guard that grew
 * with its text says what one says that is made at once.
 */
static void test_grows(void **state)
{
	struct ground g;
	struct fm_haystack *hay;
	struct fm_guard *guard;
	struct fm_buf buf;
	char text[32];

	(void)state;
	fm_buf_init(&buf, GROUND_BYTES_MAX);
	put_valued(&buf, 9000);
	ground_open_text(&g, FM_UNIT_LINE, "bytes/4", fm_buf_span(&buf));
	fm_buf_free(&buf);
	for (uint64_t laid = 2000; laid <= 50000; laid *= 5) {
		hay = ground_lay(&g, 0, laid); /* from the text's beginning */
		guard = open_guard(hay);
		for (size_t i = 0; i < 9000; i += 7) {
			const uint64_t end =
				fm_haystack_seam(hay,
			                         i + 1 < fm_haystack_seam_count(hay) ? i + 1 : 0)
					.tokens;
			const bool there = end > 0;

			assert_int_equal(holds(guard, value_of(text, i), laid * 9), there);
			/* 64 lines behind a document's end its pads may come from. */
			if (there && i > 64) {
				const uint64_t before = fm_haystack_seam(hay, i - 64).tokens;

				assert_true(holds(guard, text, before + 60));
				assert_false(holds(guard, text, before - 1));
			}
		}
		assert_int_equal(holds(guard, "teal tern", laid * 9),
		                 fm_haystack_seam_count(hay) > 701);
		fm_guard_close(guard);
		fm_haystack_close(hay);
	}
	ground_close(&g);
}

/* Any byte of the file that turned is noticed, and the guard made again as it was. */
static void test_damaged(void **state)
{
	struct ground g;
	struct fm_haystack *hay;
	struct fm_buf buf;
	struct fm_span good;
	struct fm_err err;
	const char *path;
	char text[32];

	(void)state;
	fm_buf_init(&buf, GROUND_BYTES_MAX);
	put_valued(&buf, 20);
	ground_open_text(&g, FM_UNIT_LINE, "bytes/4", fm_buf_span(&buf));
	fm_buf_free(&buf);
	hay = ground_lay(&g, 1, 50);
	fm_guard_close(open_guard(hay));
	path = cached(&g, "guard-");
	assert_ok(fm_file_read(path, 1 << 20, &g.arena, &good, &err), &err);
	for (size_t i = 0; i <= good.len; i += i < 64 ? 1 : 97) {
		struct fm_span now = fm_arena_copy(&g.arena, good);
		struct fm_guard *guard;

		if (i < good.len)
			((char *)(uintptr_t)now.ptr)[i] ^= 0x40;
		else
			now.len -= 16;
		assert_ok(fm_file_replace(path, now, &err), &err);
		guard = open_guard(hay);
		assert_true(holds(guard, value_of(text, 19), 1000));
		fm_guard_close(guard);
		assert_ok(fm_file_read(path, 1 << 20, &g.arena, &now, &err), &err);
		assert_true(fm_span_equal(now, good));
	}
	fm_haystack_close(hay);
	ground_close(&g);
}

/* Where the cache cannot be written the same is made in a temporary file. */
static void test_temporary(void **state)
{
	struct ground g;
	struct fm_haystack *hay;
	struct fm_guard_writing writing = {.words = &words};
	struct fm_guard_file old = {0};
	struct fm_map map = {0};
	struct fm_buf buf;
	struct fm_span good;
	struct fm_err err;

	(void)state;
	fm_buf_init(&buf, GROUND_BYTES_MAX);
	put_valued(&buf, 900);
	ground_open_text(&g, FM_UNIT_LINE, "bytes/4", fm_buf_span(&buf));
	fm_buf_free(&buf);
	hay = ground_lay(&g, 0, 5000);
	fm_guard_close(open_guard(hay));
	assert_ok(fm_file_read(cached(&g, "guard-"), 1 << 20, &g.arena, &good, &err), &err);
	writing.text = fm_haystack_between(hay, (struct fm_seam){0},
	                                   fm_haystack_seam(hay, fm_haystack_seam_count(hay) - 1))
	                       .raw;
	old.owner = fm_load_le64(good.ptr + 40);
	assert_ok(fm_guard_write(&writing, &old, &map, &err), &err);
	assert_true(fm_span_equal(map.bytes, good));
	assert_true(map.bytes.len > 64);
	fm_map_close(&map);
	fm_haystack_close(hay);
	ground_close(&g);
}

/* Other words make another guard beside it. */
static void test_other_words(void **state)
{
	const struct fm_guard_words fewer = {firsts, 1, seconds, 1};
	struct ground g;
	struct fm_haystack *hay;
	struct fm_guard *guard = NULL;
	struct fm_err err;

	(void)state;
	ground_open_text(&g, FM_UNIT_LINE, "bytes/4",
	                 fm_span_of("a teal tern\nan amber kestrel\n"));
	hay = ground_lay(&g, 1, 1);
	guard = open_guard(hay);
	assert_true(holds(guard, "teal tern", 100));
	fm_guard_close(guard);
	assert_ok(fm_guard_open(hay, &fewer, &guard, &err), &err);
	assert_false(holds(guard, "teal tern", 100));
	assert_true(holds(guard, "amber kestrel", 100));
	fm_guard_close(guard);
	fm_haystack_close(hay);
	ground_close(&g);
}

int main(void)
{
	struct CMUnitTest tests[7 + FM_COUNT(looks)] = {
		cmocka_unit_test(test_grows),       cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_other_words), cmocka_unit_test(test_long_stretch),
		cmocka_unit_test(test_word_rest),   cmocka_unit_test(test_folded_first),
		cmocka_unit_test(test_temporary),
	};

	for (size_t i = 0; i < FM_COUNT(looks); i++)
		tests[7 + i] = (struct CMUnitTest){looks[i].line, test_look, NULL, NULL, &looks[i]};
	return cmocka_run_group_tests_name("haystack/guard", tests, NULL, NULL) != 0;
}
