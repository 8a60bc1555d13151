#include "test.h"

#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/macro.h"
#include "text/json_write.h"
#include "text/utf8.h"
#include "wire/dialect.h"

/*
 * Streams whose events are alike, or only nearly: whoever reads them by their likeness must read
 * what a parser reads.
 */
static struct stream_case {
	const char *name;
	const char *dialect;
	const char *stream;
	const char *want; /* the answer */
	uint64_t thoughts;
} streams[] = {
	{"one frame",			"openai-chat",
         "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n"
         "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"b\"}}]}\n\n"
         "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"c\"}}]}\n\n"
         "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"d\\n\"}}]}\n\n"
         "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"e\"}}]}\n\n",                "abcd\ne", 0},
	{"the text stands twice",            "openai-chat",
         "data: {\"id\":\"a\",\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n"
         "data: {\"id\":\"a\",\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n"
         "data: {\"id\":\"b\",\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n"
         "data: {\"id\":\"a\",\"choices\":[{\"delta\":{\"content\":\"b\"}}]}\n\n",               "aaab",    0},
	{"the text stands once, as another", "openai-chat",
         "data: {\"id\":\"a\",\"choices\":[{\"delta\":{\"content\":\"\\u0061\"}}]}\n\n"
         "data: {\"id\":\"a\",\"choices\":[{\"delta\":{\"content\":\"\\u0061\"}}]}\n\n"
         "data: {\"id\":\"b\",\"choices\":[{\"delta\":{\"content\":\"\\u0061\"}}]}\n\n",         "aaa",     0},
	{"between two strings",              "openai-chat",
         "data: {\"choices\":[{\"delta\":{\"x\":\"y\",\"content\":\",\"}}]}\n\n"
         "data: {\"choices\":[{\"delta\":{\"x\":\"y\",\"content\":\",\"}}]}\n\n"
         "data: {\"choices\":[{\"delta\":{\"x\":\"y\",\"content\":\":\"}}]}\n\n",                ",,:",     0},
	{"more members inside",              "openai-chat",
         "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n"
         "data: {\"choices\":[{\"delta\":{\"content\":\"b\"}}]}\n\n"
         "data: {\"choices\":[{\"delta\":{\"content\":\"c\",\"reasoning\":\"dd\"}}]}\n\n"
         "data: {\"choices\":[{\"delta\":{\"content\":\"e\"}}]}\n\n",                            "abce",    2},
	{"two texts in one",                 "openai-chat",
         "data: {\"choices\":[{\"delta\":{\"reasoning\":\"x\",\"content\":\"a\"}}]}\n\n"
         "data: {\"choices\":[{\"delta\":{\"reasoning\":\"x\",\"content\":\"b\"}}]}\n\n"
         "data: {\"choices\":[{\"delta\":{\"reasoning\":\"x\",\"content\":\"c\"}}]}\n\n",        "abc",     3},
	{"thoughts",			 "openai-chat",
         "data: {\"choices\":[{\"delta\":{\"reasoning\":\"ab\"}}]}\n\n"
         "data: {\"choices\":[{\"delta\":{\"reasoning\":\"cd\"}}]}\n\n"
         "data: {\"choices\":[{\"delta\":{\"reasoning\":\"\xc3\xa9\"}}]}\n\n"
         "data: {\"choices\":[{\"delta\":{\"reasoning\":\"\"}}]}\n\n"
         "data: {\"choices\":[{\"delta\":{\"content\":\"e\"}}]}\n\n",                            "e",       5},
	{"an end inside the frame",          "openai-chat",
         "data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}\n\n"
         "data: {\"choices\":[{\"delta\":{\"content\":\"b\"},\"finish_reason\":\"stop\"}]}\n\n"
         "data: [DONE]\n\n"
         "data: {\"choices\":[{\"delta\":{\"content\":\"c\"},\"finish_reason\":\"stop\"}]}\n\n", "ab",      0},
	{"behind the end",                   "openai-chat",
         "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n"
         "data: {\"choices\":[{\"delta\":{\"content\":\"b\"}}]}\n\n"
         "data: {\"choices\":[{\"delta\":{\"content\":\"c\"}}]}\n\n"
         "data: [DONE]\n\n"
         "data: {\"choices\":[{\"delta\":{\"content\":\"d\"}}]}\n\n",                            "abc",     0},
	{"a name of another kind",           "anthropic",
         "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
         "\"delta\":{\"type\":\"text_delta\",\"text\":\"a\"}}\n\n"
         "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
         "\"delta\":{\"type\":\"text_delta\",\"text\":\"b\"}}\n\n"
         "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
         "\"delta\":{\"type\":\"text_delta\",\"text\":\"c\"}}\n\n"
         "event: ping\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
         "\"delta\":{\"type\":\"text_delta\",\"text\":\"d\"}}\n\n",                              "abc",     0},
	{"lines",			    "ollama",
         "{\"message\":{\"role\":\"assistant\",\"content\":\"a\"},\"done\":false}\n"
         "{\"message\":{\"role\":\"assistant\",\"content\":\"b\"},\"done\":false}\n"
         "{\"message\":{\"role\":\"assistant\",\"content\":\"c\"},\"done\":false}\n"
         "{\"message\":{\"role\":\"assistant\",\"content\":\"\xff\"},\"done\":false}\n",         NULL,      0},
};

static struct fm_reader *open_reader(const char *name)
{
	const struct fm_dialect *dialect = fm_dialect_find(name);
	struct fm_reader *reader = fm_reader_open(dialect, true);

	fm_reader_status(reader, 200);
	fm_reader_header(reader, fm_span_of("content-type"),
	                 fm_span_of(fm_dialect_accept(dialect, true)));
	return reader;
}

static void test_stream(void **state)
{
	const struct stream_case *c = *state;
	struct fm_reader *reader = open_reader(c->dialect);
	struct fm_progress progress;
	struct fm_reply reply;
	struct fm_err err;
	const enum fm_code rc = fm_reader_feed(reader, fm_span_of(c->stream), &progress, &err);

	fm_reader_finish(reader, FM_END_CLEAN, true, 0, &reply);
	assert_int_equal(rc, c->want == NULL ? FM_E_FORMAT : FM_OK);
	if (c->want != NULL)
		assert_true(fm_span_is(reply.answer, c->want));
	assert_int_equal(reply.reasoning_chars, c->thoughts);
	fm_reader_close(reader);
}

/* Words of which some are like what stands around them, and some need escapes. */
static const char *const words[] = {"a",  " b", "content", "\"", "\\", "\n",   "\xc3\xa9", ",", ":",
                                    "{}", "x",  "delta",   "0",  "1",  "null", "\t",       " c"};

static uint64_t draw(uint64_t *seed, uint64_t end)
{
	*seed = fm_hash_mix(*seed, 1);
	return *seed % end;
}

static void put_event(struct fm_buf *buf, struct fm_span text, uint64_t shape)
{
	static const char *const names[] = {"content", "reasoning", "refusal"};
	struct fm_json_writer w = {buf, false};

	fm_buf_puts(buf, "data: ");
	fm_json_object(&w, NULL);
	fm_json_string(&w, "id", shape & 1 ? "a" : "x");
	fm_json_list(&w, "choices");
	fm_json_object(&w, NULL);
	fm_json_u64(&w, "index", 0);
	fm_json_object(&w, "delta");
	fm_json_text(&w, names[shape / 2], text);
	fm_json_end_object(&w);
	fm_json_end_object(&w);
	fm_json_end_list(&w);
	fm_json_end_object(&w);
	fm_buf_puts(buf, "\n\n");
}

/* Random runs of events of few shapes, whose texts are known. */
static void test_random(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (int round = 0; round < 500; round++) {
		struct fm_reader *reader = open_reader("openai-chat");
		struct fm_buf stream = {.max = (size_t)1 << 20};
		struct fm_buf want[3] = {{.max = 4096}, {.max = 4096}, {.max = 4096}};
		struct fm_progress progress;
		struct fm_reply reply;
		struct fm_err err;

		for (int run = 0; run < 12; run++) {
			const uint64_t shape = draw(&seed, 6);

			for (uint64_t n = draw(&seed, 6); n > 0; n--) {
				const char *word = words[draw(&seed, FM_COUNT(words))];

				put_event(&stream, fm_span_of(word), shape);
				fm_buf_puts(&want[shape / 2], word);
			}
		}
		assert_int_equal(fm_reader_feed(reader, fm_buf_span(&stream), &progress, &err),
		                 FM_OK);
		fm_reader_finish(reader, FM_END_CLEAN, true, 0, &reply);
		assert_true(fm_span_equal(reply.answer, fm_buf_span(&want[0])));
		assert_int_equal(reply.reasoning_chars, fm_utf8_count(fm_buf_span(&want[1])));
		assert_true(fm_span_equal(reply.refusal, fm_buf_span(&want[2])));
		fm_reader_close(reader);
		fm_buf_free(&stream);
		for (size_t i = 0; i < FM_COUNT(want); i++)
			fm_buf_free(&want[i]);
	}
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(streams) + 1];
	size_t n = 0;

	for (size_t i = 0; i < FM_COUNT(streams); i++)
		tests[n++] =
			(struct CMUnitTest){streams[i].name, test_stream, NULL, NULL, &streams[i]};
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_random);
	return cmocka_run_group_tests_name("wire/likeness", tests, NULL, NULL) != 0;
}
