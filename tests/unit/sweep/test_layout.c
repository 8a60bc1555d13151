#include "test.h"
#include "toy_tokenizer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/env.h"
#include "base/file.h"
#include "base/macro.h"
#include "base/rng.h"
#include "corpus/corpus.h"
#include "haystack/guard.h"
#include "haystack/haystack.h"
#include "task/layout.h"
#include "task/task.h"
#include "token/counter.h"
#include "trial/spec.h"

/*
 * A layout's promise is exact tokens, which only a room that sees the tokenizers, the corpus and
 * the task at once can hold it to.
 */

static struct {
	struct fm_arena arena;
	char folder[64];
	const char *corpora;
	struct fm_corpus *corpus;
} ground;

static void put_text(struct fm_buf *buf)
{
	static const char *const words[] = {"the",  "river", "ran", "\"low\"", "under",
	                                    "grey", "1834",  "nor", "bridges", "a"};
	struct fm_rng rng = fm_rng_make(5);

	while (buf->len < 500000) {
		for (uint64_t s = fm_rng_between(&rng, 1, 6); s > 0; s--) {
			fm_buf_putf(buf, "Here %llu",
			            (unsigned long long)fm_rng_below(&rng, 90000));
			for (uint64_t w = fm_rng_between(&rng, 4, 20); w > 0; w--)
				fm_buf_putf(buf, " %s", words[fm_rng_below(&rng, 10)]);
			fm_buf_puts(buf, s > 1 ? ". " : ".\n\n");
		}
	}
}

static int open_ground(void **state)
{
	struct fm_corpus_spec spec = {0};
	struct fm_buf buf;
	struct fm_err err;

	(void)state;
	(void)snprintf(ground.folder, sizeof ground.folder, "/tmp/fathom-layout-XXXXXX");
	assert_non_null(mkdtemp(ground.folder));
	ground.corpora =
		fm_arena_format(&ground.arena, "%s/corpora", fm_env_get("FATHOM_TEST_DATA"));
	spec.name = fm_arena_format(&ground.arena, "%s/text.txt", ground.folder);
	fm_buf_init(&buf, 1000000);
	put_text(&buf);
	assert_int_equal(fm_file_replace(spec.name, fm_buf_span(&buf), &err), FM_OK);
	fm_buf_free(&buf);
	assert_int_equal(fm_corpus_open(&spec, &ground.corpus, &err), FM_OK);
	return 0;
}

static int close_ground(void **state)
{
	const char *command = fm_arena_format(&ground.arena, "rm -rf '%s'", ground.folder);

	(void)state;
	fm_corpus_close(ground.corpus);
	assert_int_equal(system(command), 0);
	fm_arena_free(&ground.arena);
	return 0;
}

static struct layout_case {
	const char *name;
	const char *layout;
	const char *task;
	const char *salt;
	const char *counter;
	enum fm_control control;
	bool of_document;
} cases[] = {
	{"document first",         "document-first/1", "niah",     "",                    "bytes/4", FM_CONTROL_NONE,        false},
	{"question first",         "question-first/1", "niah",     "",                    "bytes/4", FM_CONTROL_NONE,        false},
	{"both ends",              "both-ends/1",      "niah",     "",                    "bytes/4", FM_CONTROL_NONE,        false},
	{"salted",                 "document-first/1", "multikey", "Request 0f3a, no. 1", "bytes/4",
         FM_CONTROL_NONE,												    false},
	{"salted question first",  "question-first/1", "multikey", "Request 0f3a, no. 1", "bytes/3",
         FM_CONTROL_NONE,												    false},
	{"another counter",        "both-ends/1",      "multikey", "",                    "bytes/1", FM_CONTROL_NONE,        false},
	{"length of the document", "document-first/1", "niah",     "",                    "bytes/4", FM_CONTROL_NONE,
         true														     },
	{"a blank before a text",  "document-first/1", "niah",     "",                    "toy",     FM_CONTROL_NONE,        false},
	{"the same, both ends",    "both-ends/1",      "multikey", "Request 0f3a, no. 1", "toy",
         FM_CONTROL_NONE,												    false},
	{"the same, the document", "document-first/1", "niah",     "",                    "toy",     FM_CONTROL_NONE,        true },
	{"the same, no haystack",  "document-first/1", "multikey", "",                    "toy",     FM_CONTROL_NO_HAYSTACK,
         false														    },
	{"cl100k",                 "document-first/1", "multikey", "",                    "cl100k",  FM_CONTROL_NONE,        false},
	{"no needle",              "document-first/1", "niah",     "",                    "bytes/4", FM_CONTROL_NO_NEEDLE,   false},
	{"decoys alone",           "document-first/1", "multikey", "",                    "bytes/4", FM_CONTROL_NO_NEEDLE,
         false														    },
	{"no haystack",            "document-first/1", "multikey", "",                    "bytes/4", FM_CONTROL_NO_HAYSTACK,
         false														    },
};

static struct fm_span joined(const struct fm_rope *rope, struct fm_arena *arena)
{
	char *text = fm_arena_take(arena, rope->raw_bytes + 1);
	size_t at = 0;

	for (size_t i = 0; i < rope->count; i++) {
		memcpy(text + at, rope->pieces[i].raw.ptr, rope->pieces[i].raw.len);
		at += rope->pieces[i].raw.len;
	}
	return fm_span_make(text, at);
}

static void check_needle(const struct fm_haystack *hay, const struct fm_needle *needle,
                         struct fm_span user, uint64_t system_tokens)
{
	const size_t at = fm_span_find(user, needle->text);
	struct fm_span before = fm_span_first(user, at);

	assert_true(at < user.len);
	if (fm_span_ends(before, " "))
		before.len--;
	assert_int_equal(needle->prompt_tokens, system_tokens + fm_haystack_count(hay, before));
	assert_true(fm_span_ends(before, ".") || fm_span_ends(before, "\n"));
}

/*
 * Needle, what is behind it and the question add up to the whole message, but for the blank or the
 * line ends that the needle takes along, which are tokens of their own to some.
 */
static void check_way(const struct fm_haystack *hay, const struct fm_needle *needle,
                      const struct fm_question *question, struct fm_span user,
                      uint64_t system_tokens)
{
	const struct fm_span behind = fm_span_skip(user, fm_span_find(user, needle->text));
	const uint64_t form_max = fm_haystack_count_more(hay, fm_span_of("\n\n"));
	uint64_t sum = needle->prompt_tokens - system_tokens + needle->question_tokens;

	if (!fm_span_ends(user, "?"))
		return;
	sum += fm_haystack_count_more(hay, needle->text);
	sum += fm_haystack_count_more(hay, question->question);
	assert_in_range(fm_haystack_count(hay, user), sum, sum + form_max);
	assert_true(needle->question_tokens < fm_haystack_count(hay, behind));
}

static void check_prompt(const struct fm_haystack *hay, const struct layout_case *c,
                         const struct fm_question *question, uint64_t length,
                         struct fm_arena *arena)
{
	const struct fm_layout_spec spec = {c->layout, length, c->of_document, c->salt};
	struct fm_prompt prompt;
	struct fm_err err;
	struct fm_span user;
	uint64_t system_tokens;
	uint64_t tokens;

	if (fm_layout_make(hay, question, &spec, arena, &prompt, &err) != FM_OK)
		fail_msg("%s", err.text);
	assert_int_equal(prompt.count, 2);
	assert_int_equal(prompt.messages[0].role, FM_ROLE_SYSTEM);
	assert_int_equal(prompt.messages[1].role, FM_ROLE_USER);
	system_tokens = fm_haystack_count(hay, joined(&prompt.messages[0].text, arena));
	user = joined(&prompt.messages[1].text, arena);
	tokens = system_tokens + fm_haystack_count(hay, user);
	assert_int_equal(prompt.tokens, tokens);
	if (c->control != FM_CONTROL_NO_HAYSTACK)
		assert_int_equal(c->of_document ? prompt.document_tokens : tokens, length);
	assert_true(fm_span_starts(user, c->salt));
	assert_int_equal(prompt.needle_count, question->needle_count);
	for (size_t i = 0; i < prompt.needle_count; i++) {
		check_needle(hay, &prompt.needles[i], user, system_tokens);
		check_way(hay, &prompt.needles[i], question, user, system_tokens);
	}
}

static struct fm_counter *open_counter(const char *name)
{
	const struct fm_counter_place place = {.corpora_folder = ground.corpora,
	                                       .cache_folder = ground.folder};
	const char *path = fm_arena_format(&ground.arena, "%s/tokenizer.json", ground.folder);
	struct fm_counter *counter = NULL;
	struct fm_err err;

	if (strcmp(name, "toy") == 0)
		toy_tokenizer_write(path);
	if (fm_counter_open(strcmp(name, "toy") == 0 ? path : name, &place, &counter, &err) !=
	    FM_OK)
		fail_msg("%s", err.text);
	return counter;
}

static void test_layout(void **state)
{
	const struct layout_case *c = *state;
	const struct fm_task_spec task_spec = {c->task, 0, c->control};
	struct fm_haystack_spec spec = {.cache_folder = ground.folder,
	                                .corpus = ground.corpus,
	                                .seed = 9,
	                                .tokens_min = 20000};
	struct fm_counter *counter;
	struct fm_haystack *hay;
	struct fm_guard *guard;
	struct fm_task *task;
	struct fm_err err;

	counter = open_counter(c->counter);
	spec.counter = counter;
	assert_int_equal(fm_haystack_open(&spec, &hay, &err), FM_OK);
	assert_int_equal(fm_task_open(&task_spec, ground.corpora, &task, &err), FM_OK);
	assert_int_equal(fm_task_open_guard(task, hay, &guard, &err), FM_OK);
	for (uint64_t i = 0; i < 15; i++) {
		struct fm_arena arena = {0};
		const struct fm_make_spec make = {.value_seed = i,
		                                  .depth_ppm = (uint32_t)(i % 11) * 100000,
		                                  .guard = guard,
		                                  .tokens = 20000};
		struct fm_question question;

		assert_int_equal(fm_task_make(task, &make, &arena, &question, &err), FM_OK);
		check_prompt(hay, c, &question, 6000 + i * 933, &arena);
		fm_arena_free(&arena);
	}
	fm_guard_close(guard);
	fm_task_close(task);
	fm_haystack_close(hay);
	fm_counter_close(counter);
}

static void test_errors(void **state)
{
	struct fm_haystack_spec spec = {
		.cache_folder = ground.folder, .corpus = ground.corpus, .tokens_min = 1000};
	struct fm_question question = {.question = fm_span_of("What is it?")};
	struct fm_layout_spec layout = {"sideways/1", 1000, false, ""};
	struct fm_prompt prompt;
	struct fm_counter *counter;
	struct fm_haystack *hay;
	struct fm_err err;

	(void)state;
	assert_int_equal(fm_counter_open("bytes/4", NULL, &counter, &err), FM_OK);
	spec.counter = counter;
	assert_int_equal(fm_haystack_open(&spec, &hay, &err), FM_OK);
	assert_int_equal(fm_layout_make(hay, &question, &layout, &ground.arena, &prompt, &err),
	                 FM_E_USAGE);
	layout.layout = FM_LAYOUT_DEFAULT;
	layout.length = 5;
	assert_int_equal(fm_layout_make(hay, &question, &layout, &ground.arena, &prompt, &err),
	                 FM_E_LIMIT);
	assert_non_null(strstr(err.text, "a prompt of 5 tokens is too short: its words alone"));
	fm_haystack_close(hay);
	fm_counter_close(counter);
}

int main(void)
{
	struct CMUnitTest tests[2 + FM_COUNT(cases)] = {
		cmocka_unit_test(test_errors),
	};

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[2 + i] =
			(struct CMUnitTest){cases[i].name, test_layout, NULL, NULL, &cases[i]};
	return cmocka_run_group_tests_name("sweep/layout", tests, open_ground, close_ground) != 0;
}
