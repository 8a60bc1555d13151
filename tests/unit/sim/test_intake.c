#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "sim/asked_internal.h"
#include "token/counter.h"

#include "chat.h"

#define BODY_MAX ((size_t)16 << 20)

struct fixture {
	struct fm_counter *counter;
	struct fm_store *store;
};

static int set_up(void **state)
{
	static struct fixture f;
	struct fm_err err;

	assert_int_equal(fm_counter_open("bytes/4", NULL, &f.counter, &err), FM_OK);
	assert_int_equal(fm_store_open((uint64_t)1 << 30, f.counter, &f.store, &err), FM_OK);
	*state = &f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	fm_store_close(f->store);
	fm_counter_close(f->counter);
	return 0;
}

static void take(struct fixture *f, struct fm_span body, size_t step, struct fm_intake *ret_intake)
{
	struct fm_generation *generation = NULL;
	struct fm_err err;

	assert_int_equal(fm_generation_take(f->store, &generation, &err), FM_OK);
	fm_intake_start(ret_intake, generation);
	for (; body.len > 0; body = fm_span_skip(body, step))
		fm_intake_feed(ret_intake, fm_span_first(body, step));
}

static void drop(struct fm_intake *intake)
{
	struct fm_generation *generation = intake->generation;

	fm_intake_free(intake);
	fm_generation_give(generation);
}

/* Whatever the cut, the same chunks and digests, and digests as anybody computes them. */
static void test_slicing(void **state)
{
	static const size_t steps[] = {BODY_MAX, 1, 7, 100, 4096, 8191, 70000};
	struct fixture *f = *state;
	struct fm_buf text = {.max = BODY_MAX};
	struct fm_buf body = {.max = BODY_MAX};
	struct fm_buf joined = {.max = BODY_MAX};
	struct fm_intake first;

	put_document(&text, 3, 4000, 1000, "The cargo mark is \"K7Q2\" \xc3\xa9.");
	put_chat(&body, "m", fm_buf_span(&text), false);
	take(f, fm_buf_span(&body), BODY_MAX, &first);
	assert_true(first.chunk_count > 10);
	for (size_t i = 0; i < FM_COUNT(steps); i++) {
		struct fm_arena arena = {0};
		const struct fm_route route = chat_route();
		struct fm_asked asked;
		struct fm_intake intake;
		struct fm_err err;

		take(f, fm_buf_span(&body), steps[i], &intake);
		assert_int_equal(intake.chunk_count, first.chunk_count);
		assert_memory_equal(intake.chunks, first.chunks,
		                    first.chunk_count * sizeof(uint32_t));
		assert_true(fm_id_equal(fm_intake_digest(&intake), fm_hash128(fm_buf_span(&body))));
		assert_int_equal(fm_asked_read(&intake, &route, f->counter, &arena, &asked, &err),
		                 FM_OK);
		fm_buf_clear(&joined);
		fm_buf_puts(&joined, "user\x1f");
		fm_buf_put(&joined, fm_buf_span(&text));
		fm_buf_puts(&joined, "\x1e");
		assert_true(fm_id_equal(asked.digest, fm_hash128(fm_buf_span(&joined))));
		assert_int_equal(asked.messages[0].tokens,
		                 fm_counter_count(f->counter, fm_buf_span(&text)));
		fm_arena_free(&arena);
		drop(&intake);
	}
	drop(&first);
	fm_buf_free(&text);
	fm_buf_free(&body);
	fm_buf_free(&joined);
}

/* A sentence planted at another place adds a chunk or two, not all that is behind it. */
static void test_kept_once(void **state)
{
	struct fixture *f = *state;
	uint64_t before = 0;

	for (size_t at = 0; at < 4000; at += 400) {
		struct fm_buf text = {.max = BODY_MAX};
		struct fm_buf body = {.max = BODY_MAX};
		struct fm_intake intake;

		put_document(&text, 5, 4000, at, "The mark of the heron is K7Q2M9XD.");
		put_chat(&body, "m", fm_buf_span(&text), false);
		take(f, fm_buf_span(&body), 65536, &intake);
		drop(&intake);
		if (at > 0)
			assert_true(fm_store_bytes(f->store) - before < (size_t)100 << 10);
		before = fm_store_bytes(f->store);
		fm_buf_free(&text);
		fm_buf_free(&body);
	}
}

/* Texts that no seam divides, of which one token runs over the chunks' ends. */
static void test_no_seams(void **state)
{
	static const char *const parts[] = {"x",       "\xe4\xb8\xad\xe6\x96\x87", "ab ", "line\n",
	                                    "a\n\n\n", "\xe4\xb8\xad\xe3\x80\x82"};
	struct fixture *f = *state;

	for (size_t i = 0; i < FM_COUNT(parts); i++) {
		struct fm_buf text = {.max = BODY_MAX};
		struct fm_buf body = {.max = BODY_MAX};
		struct fm_arena arena = {0};
		const struct fm_route route = chat_route();
		struct fm_asked asked;
		struct fm_intake intake;
		struct fm_err err;
		uint64_t want;

		fm_buf_put_repeat(&text, parts[i], 50000);
		put_chat(&body, "m", fm_buf_span(&text), false);
		take(f, fm_buf_span(&body), 65536, &intake);
		assert_int_equal(fm_asked_read(&intake, &route, f->counter, &arena, &asked, &err),
		                 FM_OK);
		want = fm_counter_count(f->counter, fm_buf_span(&text));
		/* A word of 50,000 bytes has its count guessed at each chunk's end. */
		assert_in_range(asked.messages[0].tokens, want > 8 ? want - 8 : 0, want + 8);
		fm_arena_free(&arena);
		drop(&intake);
		fm_buf_free(&text);
		fm_buf_free(&body);
	}
}

static struct asked_case {
	const char *name, *body, *want;
} cases[] = {
	{"plain",              "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
         "m/user:hi"													    },
	{"parts",
         "{\"messages\":[{\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\","
         "\"text\":\"b\"}]"
         ",\"role\":\"system\"},{\"role\":\"user\",\"content\":\"c\"}],\"model\":\"m\"}",                   "m/system:ab/user:c"},
	{"an escaped role",
         "{\"model\":\"m\",\"messages\":[{\"role\":\"\\u0075ser\",\"content\":\"\"}]}",                     "m/user:"           },
	{"no model",           "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",                   NULL                },
	{"no messages",        "{\"model\":\"m\"}",							 NULL                },
	{"empty messages",     "{\"model\":\"m\",\"messages\":[]}",                                         NULL                },
	{"no role",            "{\"model\":\"m\",\"messages\":[{\"content\":\"hi\"}]}",                     NULL                },
	{"no content",         "{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}]}",                      NULL                },
	{"a picture",
         "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}"
         "]}",                                                                                              NULL		},
	{"a negative limit",
         "{\"model\":\"m\",\"max_tokens\":-1,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]"
         "}",                                                                                               NULL		},
	{"a forged reference",
         "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"\\u00017\"}]}",                   "m/user:\x01"
         "7"			   },
	{"not UTF-8",          "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"\xff\"}]}",
         NULL														   },
	{"cut off",            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi",        NULL                },
	{"two values",         "{} {}",								     NULL                },
	{"empty",              "",									  NULL                },
};

static void test_asked(void **state)
{
	const struct asked_case *c = *state;
	struct fixture *f = NULL;
	void *made = NULL;
	struct fm_buf got = {.max = 4096};
	struct fm_arena arena = {0};
	const struct fm_route route = chat_route();
	struct fm_asked asked = {0};
	struct fm_intake intake;
	struct fm_err err;
	enum fm_code rc;

	assert_int_equal(set_up(&made), 0);
	f = made;
	take(f, fm_span_of(c->body), 3, &intake);
	rc = fm_asked_read(&intake, &route, f->counter, &arena, &asked, &err);
	assert_int_equal(rc, c->want == NULL ? FM_E_FORMAT : FM_OK);
	fm_buf_put(&got, asked.model);
	for (size_t m = 0; m < asked.message_count; m++) {
		fm_buf_putf(&got, "/%.*s:", FM_SPAN_ARGS(asked.messages[m].role));
		for (uint32_t i = 0; i < asked.messages[m].text.count; i++)
			fm_buf_put(&got,
			           fm_chunk_text(intake.generation,
			                         intake.chunks[asked.messages[m].text.first + i]));
	}
	if (c->want != NULL)
		assert_string_equal(fm_buf_text(&got), c->want);
	fm_buf_free(&got);
	fm_arena_free(&arena);
	drop(&intake);
	tear_down(&made);
}

/* A full generation goes when nobody uses it, and its numbers stay good as long as somebody does. */
static void test_generations(void **state)
{
	struct fixture *f = *state;
	struct fm_generation *first = NULL;
	struct fm_generation *second = NULL;
	struct fm_store *store = NULL;
	uint32_t chunk = 0;
	struct fm_err err;

	assert_int_equal(fm_store_open(4096, f->counter, &store, &err), FM_OK);
	assert_int_equal(fm_generation_take(store, &first, &err), FM_OK);
	for (uint32_t i = 0; i < 4; i++) {
		char text[1024];

		memset(text, (int)('a' + i), sizeof text);
		assert_int_equal(
			fm_chunk_keep(first, fm_span_make(text, sizeof text), &chunk, &err), FM_OK);
		assert_int_equal(chunk, i);
	}
	assert_int_equal(fm_generation_take(store, &second, &err), FM_OK);
	assert_ptr_not_equal(first, second);
	assert_int_equal(fm_store_bytes(store), 0);
	assert_int_equal(fm_chunk_text(first, 3).ptr[0], 'd');
	assert_int_equal(fm_chunk_keep(first, fm_span_of("\xc3"), &chunk, &err), FM_E_FORMAT);
	fm_generation_give(first);
	fm_generation_give(second);
	fm_store_close(store);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases) + 4];
	size_t count = 0;

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[count++] =
			(struct CMUnitTest){cases[i].name, test_asked, NULL, NULL, &cases[i]};
	tests[count++] = (struct CMUnitTest){"any slicing", test_slicing, set_up, tear_down, NULL};
	tests[count++] = (struct CMUnitTest){"kept once", test_kept_once, set_up, tear_down, NULL};
	tests[count++] = (struct CMUnitTest){"no seams", test_no_seams, set_up, tear_down, NULL};
	tests[count++] =
		(struct CMUnitTest){"generations", test_generations, set_up, tear_down, NULL};
	return cmocka_run_group_tests_name("sim/intake", tests, NULL, NULL) != 0;
}
