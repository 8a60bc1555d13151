#include "test.h"

#include "base/macro.h"
#include "sim/view_internal.h"
#include "token/counter.h"

#include "chat.h"

/* Each word is a token. */
static const char conversation[] =
	"{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"s1 s2\"},"
	"{\"role\":\"user\",\"content\":\"a1 a2 a3\"},"
	"{\"role\":\"assistant\",\"content\":\"b1 b2 b3\"},"
	"{\"role\":\"user\",\"content\":\"c1 c2 c3\"}]}";

static struct cut_case {
	const char *name;
	enum fm_cut_side side;
	uint64_t tokens, message_tokens, keep;
	const char *want; /* the pieces that are left, "|" between two */
	size_t dropped;
} cases[] = {
	{"it fits",			 FM_CUT_OLLAMA,   11, 0, 4, "s1 s2|a1 a2 a3|b1 b2 b3|c1 c2 c3", 0},
	{"the oldest goes, system stays",   FM_CUT_OLLAMA,   8,  0, 4, "s1 s2|b1 b2 b3|c1 c2 c3",          1},
	{"and frees its frame",             FM_CUT_OLLAMA,   7,  1, 4, "s1 s2|b1 b2 b3|c1 c2 c3",          1},
	{"the last stays too",              FM_CUT_OLLAMA,   5,  0, 4, "s1 s2|c1 c2 c3",                   2},
	{"then tokens behind the start go", FM_CUT_OLLAMA,   4,  0, 1, "s1| c2 c3",                        2},
	{"half of what is not kept",        FM_CUT_OLLAMA,   4,  0, 0, " c2 c3",                           2},
	{"more is kept than there is",      FM_CUT_OLLAMA,   2,  0, 4, "s1 s2",                            2},
	{"the middle goes",                 FM_CUT_COMPRESS, 8,  0, 4, "s1 s2|a1 a2 a3|c1 c2 c3",          1},
	{"both ends stay",                  FM_CUT_COMPRESS, 5,  0, 4, "s1 s2|c1 c2 c3",                   2},
	{"then tokens of the middle go",    FM_CUT_COMPRESS, 4,  0, 4, "s1 s2| c2 c3",                     2},
	{"the front",		       FM_CUT_HEAD,     4,  0, 4, " b3|c1 c2 c3",                     0},
	{"the back",			FM_CUT_TAIL,     4,  0, 4, "s1 s2|a1 a2",                      0},
	{"nothing may stay",                FM_CUT_OLLAMA,   0,  0, 4, "",                                 2},
};

static void test_cut(void **state)
{
	const struct cut_case *c = *state;
	const struct fm_route route = chat_route();
	struct fm_counter *counter = NULL;
	struct fm_store *store = NULL;
	struct fm_generation *generation = NULL;
	struct fm_intake intake = {0};
	struct fm_arena arena = {0};
	struct fm_asked asked;
	struct fm_view view;
	struct fm_buf left = {.max = 1000};
	struct fm_err err;

	assert_int_equal(fm_counter_open("bytes/16", NULL, &counter, &err), FM_OK);
	assert_int_equal(fm_store_open(1 << 20, counter, &store, &err), FM_OK);
	assert_int_equal(fm_generation_take(store, &generation, &err), FM_OK);
	fm_intake_start(&intake, generation);
	fm_intake_feed(&intake, fm_span_of(conversation));
	assert_int_equal(fm_asked_read(&intake, &route, counter, &arena, &asked, &err), FM_OK);
	fm_view_make(&intake, &asked, counter, &arena, &view);
	assert_int_equal(view.tokens, 11);
	const struct fm_cut cut = {.side = c->side,
	                           .tokens = c->tokens,
	                           .message_tokens = c->message_tokens,
	                           .keep_tokens = c->keep,
	                           .asked = &asked};

	fm_view_cut(&view, counter, &cut, &arena);
	for (size_t i = 0; i < view.count; i++) {
		fm_buf_puts(&left, i > 0 ? "|" : "");
		fm_buf_put(&left, view.seen[i].text);
	}
	assert_string_equal(fm_buf_text(&left), c->want);
	assert_int_equal(view.dropped, c->dropped);
	fm_buf_free(&left);
	fm_intake_free(&intake);
	fm_generation_give(generation);
	fm_store_close(store);
	fm_counter_close(counter);
	fm_arena_free(&arena);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases)];

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){cases[i].name, test_cut, NULL, NULL, &cases[i]};
	return cmocka_run_group_tests_name("sim/view", tests, NULL, NULL) != 0;
}
