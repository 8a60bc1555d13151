#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "sim/read_internal.h"
#include "token/counter.h"

#include "chat.h"

#define BODY_MAX ((size_t)4 << 20)

/* One document asked about, by whatever model. */
struct asking {
	struct fm_counter *counter;
	struct fm_store *store;
	struct fm_generation *generation;
	struct fm_intake intake;
	struct fm_arena arena;
	struct fm_asked asked;
	struct fm_view view;
	struct fm_buf body;
};

static void ask(struct asking *a, struct fm_span text)
{
	const struct fm_route route = chat_route();
	struct fm_err err;

	*a = (struct asking){.body.max = BODY_MAX};
	assert_int_equal(fm_counter_open("bytes/4", NULL, &a->counter, &err), FM_OK);
	assert_int_equal(fm_store_open((uint64_t)1 << 26, a->counter, &a->store, &err), FM_OK);
	assert_int_equal(fm_generation_take(a->store, &a->generation, &err), FM_OK);
	fm_intake_start(&a->intake, a->generation);
	put_chat(&a->body, "m", text, false);
	fm_intake_feed(&a->intake, fm_buf_span(&a->body));
	assert_int_equal(fm_asked_read(&a->intake, &route, a->counter, &a->arena, &a->asked, &err),
	                 FM_OK);
	fm_view_make(&a->intake, &a->asked, a->counter, &a->arena, &a->view);
	assert_int_equal(a->view.tokens, a->asked.messages[0].tokens);
}

static void done(struct asking *a)
{
	fm_buf_free(&a->body);
	fm_intake_free(&a->intake);
	fm_generation_give(a->generation);
	fm_store_close(a->store);
	fm_counter_close(a->counter);
	fm_arena_free(&a->arena);
}

static struct fm_said answer(struct asking *a, const struct fm_model *model)
{
	const struct fm_reading reading = {.view = &a->view,
	                                   .model = model,
	                                   .counter = a->counter,
	                                   .seed = 7,
	                                   .prompt = a->asked.digest,
	                                   .max_tokens = 64};
	struct fm_said said;

	fm_read(&reading, &a->arena, &said);
	return said;
}

static void assert_said(struct fm_said said, const char *want)
{
	char text[256] = "";

	assert_true(said.text.len < sizeof text);
	if (said.text.len > 0)
		memcpy(text, said.text.ptr, said.text.len);
	assert_string_equal(text, want);
}

static const char absent[] = "The answer is not in the document.";

/* What is planted in the middle of some text, what is asked of it, and the answer. */
static struct read_case {
	const char *name, *planted, *question, *want;
} cases[] = {
	{"plain",		      "The cargo mark of the amber kestrel is K7Q2M9XD.",
         "What is the cargo mark of the amber kestrel?",													"K7Q2M9XD"                                            },
	{"value first",                "The clerk wrote down K7Q2M9XD as the cargo mark of the amber kestrel.",
         "Which cargo mark does the amber kestrel have?",												       "K7Q2M9XD"                                            },
	{"other case and number",      "For Amber Kestrels the Cargo Mark was entered as K7Q2M9XD.",
         "According to the document, what is the cargo mark of the amber kestrel?",                                                                             "K7Q2M9XD"                                            },
	{"nothing planted",            "",								      "What is the cargo mark of the amber kestrel?", absent                                                },
	{"another key",                "The cargo mark of the amber heron is K7Q2M9XD.",
         "What is the cargo mark of the amber kestrel?",													absent                                                },
	{"another thing asked",        "The shelf number of the amber kestrel is K7Q2M9XD.",
         "What is the cargo mark of the amber kestrel?",													absent                                                },
	{"true one among look-alikes",
         "The cargo mark of the amber heron is AAAA1111. The cargo mark of the jade kestrel is "
         "BBBB2222. "
         "The cargo mark of the amber kestrel is K7Q2M9XD. The shelf mark of the amber kestrel is "
         "CCCC3333.",                                                                                           "What is the cargo mark of the amber kestrel?", "K7Q2M9XD"                                            },
	{"look-alikes alone",
         "The cargo mark of the amber heron is AAAA1111. The cargo mark of the jade kestrel is "
         "BBBB2222.",                                                                                           "What is the cargo mark of the amber kestrel?", absent                                                },
	{"all of them",
         "The cargo mark of the amber kestrel is K7Q2M9XD. And the cargo mark of the amber kestrel "
         "is also "
         "ZZ55QQ77.",                                                                                           "List all cargo marks of the amber kestrel.",   "K7Q2M9XD, ZZ55QQ77"                                  },
	{"no code",		    "The best thing to do in Lisbon was to eat a pear under the bridge.",
         "What was the best thing to do in Lisbon?",													    "to eat a pear under the bridge"                      },
	{"a question is no answer",
         "Did anyone ask what the cargo mark of the amber kestrel was, or if it is AAAA1111?",                  "What is the cargo mark of the amber kestrel?", absent                                                },
	{"nothing asked",              "The cargo mark of the amber kestrel is K7Q2M9XD.",
         "Thank you very kindly.",															      "Thank you for the text. What would you like to know?"},
};

static void put_prompt(struct fm_buf *text, const struct read_case *c, uint64_t seed, size_t count)
{
	put_document(text, seed, count, count / 2, c->planted);
	fm_buf_puts(text,
	            "\n\nAnswer from the document alone, with the code only. If it does not say, "
	            "answer exactly: not in the document\n\n");
	fm_buf_puts(text, c->question);
}

static void test_read(void **state)
{
	const struct read_case *c = *state;
	const struct fm_model model = {.attention = 0.85};
	static const size_t counts[] = {4, 60, 2000};

	for (size_t i = 0; i < FM_COUNT(counts); i++) {
		struct fm_buf text = {.max = BODY_MAX};
		struct asking a;

		put_prompt(&text, c, i, counts[i]);
		ask(&a, fm_buf_span(&text));
		assert_said(answer(&a, &model), c->want);
		done(&a);
		fm_buf_free(&text);
	}
}

/* The values alone decide: two that change places in the same text change the answer. */
static void test_swapped(void **state)
{
	static const char *const values[] = {"K7Q2M9XD", "4HZ9WB1C"};
	const struct fm_model model = {.attention = 0.85};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct fm_buf text = {.max = BODY_MAX};
		struct fm_buf planted = {.max = 4096};
		struct read_case c = {NULL, NULL, "What is the cargo mark of the amber kestrel?",
		                      NULL};
		struct asking a;

		fm_buf_putf(&planted,
		            "The cargo mark of the amber kestrel is %s. The cargo mark of the jade "
		            "heron is %s.",
		            values[i], values[1 - i]);
		c.planted = fm_buf_text(&planted);
		put_prompt(&text, &c, 3, 500);
		ask(&a, fm_buf_span(&text));
		assert_said(answer(&a, &model), values[i]);
		done(&a);
		fm_buf_free(&text);
		fm_buf_free(&planted);
	}
}

/* What a model that finds nothing does, each by its own. */
static void test_lost(void **state)
{
	static const enum fm_stop stops[FM_LOST_COUNT] = {
		FM_STOP_STOP, FM_STOP_STOP,   FM_STOP_STOP,   FM_STOP_STOP,
		FM_STOP_STOP, FM_STOP_LENGTH, FM_STOP_LENGTH,
	};
	const struct read_case c = {NULL, "The cargo mark of the amber heron is AA11AA11.",
	                            "What is the cargo mark of the amber kestrel?", NULL};
	struct fm_buf text = {.max = BODY_MAX};
	struct asking a;

	(void)state;
	put_prompt(&text, &c, 3, 50);
	ask(&a, fm_buf_span(&text));
	for (int lost = 0; lost < FM_LOST_COUNT; lost++) {
		struct fm_model model = {.attention = 0.85};
		struct fm_said said;

		model.lost[lost] = 1;
		said = answer(&a, &model);
		assert_string_equal(said.outcome, fm_lost_name((enum fm_lost)lost));
		assert_int_equal(said.stop, stops[lost]);
		assert_int_equal(said.refusal.len > 0, lost == FM_LOST_REFUSE);
		assert_int_equal(said.reasoning.len > 0, lost == FM_LOST_THINK);
		assert_int_equal(said.text.len > 0, lost != FM_LOST_REFUSE &&
		                                            lost != FM_LOST_EMPTY &&
		                                            lost != FM_LOST_THINK);
		assert_true(said.text_tokens + said.reasoning_tokens <= 64);
		if (lost == FM_LOST_WRONG)
			assert_said(said, "AA11AA11");
	}
	done(&a);
	fm_buf_free(&text);
}

#define DEPTHS 11
#define DOCUMENTS 40

/*
 * Hits over 11 depths of a surface with a dip, against what it says: chi-square on 11 degrees of
 * freedom stays below its 99.9th percentile. The seed is fixed, so that this holds or never did.
 */
static void test_surface(void **state)
{
	const struct fm_model model = {
		.attention = 0.85,
		.surface = {.has_dip = true, .dip = {0.95, 0.5, 0.6, 0.2, 0, 0}},
	};
	double chi_square = 0;

	(void)state;
	for (size_t d = 0; d < DEPTHS; d++) {
		double hits = 0;
		double want = 0;
		double variance = 0;

		for (size_t i = 0; i < DOCUMENTS; i++) {
			struct fm_buf text = {.max = BODY_MAX};
			struct asking a;
			struct fm_said said;
			double p;

			put_document(&text, 1000 + i, 41, d * 4,
			             "The cargo mark of the amber kestrel is K7Q2M9XD.");
			p = (double)fm_span_find(fm_buf_span(&text), fm_span_of("The cargo mark")) /
			    (double)text.len;
			fm_buf_puts(&text, "\n\nWhat is the cargo mark of the amber kestrel?");
			ask(&a, fm_buf_span(&text));
			said = answer(&a, &model);
			p = fm_surface_read(&model.surface, a.view.tokens, p);
			hits += fm_span_is(said.text, "K7Q2M9XD");
			want += p;
			variance += p * (1 - p);
			assert_int_equal(said.found, 1);
			done(&a);
			fm_buf_free(&text);
		}
		chi_square += (hits - want) * (hits - want) / variance;
	}
	assert_true(chi_square < 31.26);
	assert_true(chi_square > 2);
}

static void cut(struct fm_view *view, struct asking *a, enum fm_cut_side side, uint64_t tokens)
{
	const struct fm_cut how = {.side = side, .tokens = tokens, .asked = &a->asked};

	fm_view_cut(view, a->counter, &how, &a->arena);
}

/* What the cuts leave, in tokens exactly and of the right ends. */
static void test_cut(void **state)
{
	static const uint64_t keeps[] = {1, 2, 100, 5000, 20001};
	struct fm_buf text = {.max = BODY_MAX};
	struct asking a;

	(void)state;
	put_document(&text, 4, 1500, 0, "");
	ask(&a, fm_buf_span(&text));
	for (size_t i = 0; i < FM_COUNT(keeps) * 3; i++) {
		const uint64_t keep = keeps[i / 3];
		const enum fm_cut_side side = (enum fm_cut_side)(i % 3);
		struct fm_view view = a.view;
		struct fm_span whole = fm_buf_span(&text);
		uint64_t tokens = 0;

		assert_true(keep < view.tokens);
		cut(&view, &a, side, keep);
		assert_int_equal(view.tokens, keep);
		for (size_t k = 0; k < view.count; k++) {
			assert_int_equal(view.seen[k].before_tokens, tokens);
			tokens += view.seen[k].tokens;
		}
		assert_int_equal(tokens, keep);
		const struct fm_span first = view.seen[0].text;
		const struct fm_span last = view.seen[view.count - 1].text;

		if (side != FM_CUT_HEAD && keep > 1)
			assert_memory_equal(first.ptr, whole.ptr, first.len);
		else if (side == FM_CUT_HEAD)
			assert_memory_not_equal(first.ptr, whole.ptr,
			                        first.len > 5 ? first.len : 6);
		if (side != FM_CUT_TAIL)
			assert_memory_equal(last.ptr, whole.ptr + whole.len - last.len, last.len);
	}
	cut(&a.view, &a, FM_CUT_TAIL, a.view.tokens);
	assert_int_equal(a.view.tokens, fm_counter_count(a.counter, fm_buf_span(&text)));
	done(&a);
	fm_buf_free(&text);
}

/* A needle in what was cut away is not found, one beside the cut is. */
static void test_cut_needle(void **state)
{
	static const struct {
		enum fm_cut_side side;
		size_t at;
		bool found;
	} rows[] = {
		{FM_CUT_HEAD,   10,  false},
                {FM_CUT_HEAD,   990, true },
                {FM_CUT_MIDDLE, 10,  true },
		{FM_CUT_MIDDLE, 500, false},
                {FM_CUT_MIDDLE, 990, true },
	};
	const struct fm_model model = {.attention = 0.85};

	(void)state;
	for (size_t i = 0; i < FM_COUNT(rows); i++) {
		struct fm_buf text = {.max = BODY_MAX};
		struct asking a;

		put_document(&text, 4, 1000, rows[i].at,
		             "The cargo mark of the amber kestrel is K7Q2M9XD.");
		fm_buf_puts(&text, "\n\nWhat is the cargo mark of the amber kestrel?");
		ask(&a, fm_buf_span(&text));
		cut(&a.view, &a, rows[i].side, a.view.tokens / 2);
		assert_said(answer(&a, &model), rows[i].found ? "K7Q2M9XD" : absent);
		done(&a);
		fm_buf_free(&text);
	}
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(test_swapped),    cmocka_unit_test(test_lost),
		cmocka_unit_test(test_surface),    cmocka_unit_test(test_cut),
		cmocka_unit_test(test_cut_needle),
	};
	struct CMUnitTest tests[FM_COUNT(cases) + FM_COUNT(others)];

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){cases[i].name, test_read, NULL, NULL, &cases[i]};
	memcpy(tests + FM_COUNT(cases), others, sizeof others);
	return cmocka_run_group_tests_name("sim/read", tests, NULL, NULL) != 0;
}
