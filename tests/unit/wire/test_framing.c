#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "wire/frames.h"
#include "wire/lines.h"

#define STREAM_MAX 4096

/* A stream of messages as hexadecimal digits, and what it says; NULL where it is refused. */
static struct frames_case {
	const char *name, *hex, *want;
} frames_cases[] = {
  /* The first two are aws-c-event-stream's own, the others the provider reference's. */
	{"empty message",      "000000100000000005c248eb7d98c8ff",                                 "[:]"								      },
	{"payload alone",      "0000001d00000000fd528c5a7b27666f6f273a27626172277dc3653936",
         "[:{'foo':'bar'}]"																		   },
	{"delta",
         "0000009400000057b4ab9aee0b3a6576656e742d74797065070011636f6e74656e74426c6f636b44656c74610"
         "d3a636f6e7465"
         "6e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d74797065070005657"
         "6656e747b2263"
         "6f6e74656e74426c6f636b496e646578223a302c2264656c7461223a7b2274657874223a224869227d7d1f944"
         "657",                                                                                    "[contentBlockDelta:{\"contentBlockIndex\":0,\"delta\":{\"text\":\"Hi\"}}]"},
	{"stop",
         "0000007a00000051ca2c46650b3a6576656e742d7479706507000b6d65737361676553746f700d3a636f6e746"
         "56e742d747970"
         "650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b227"
         "3746f70526561"
         "736f6e223a22656e645f7475726e227d5fbf09fc",                                               "[messageStop:{\"stopReason\":\"end_turn\"}]"                              },
	{"two messages",       "000000100000000005c248eb7d98c8ff000000100000000005c248eb7d98c8ff",
         "[:][:]"																			     },
	{"cut in the payload", "0000001d00000000fd528c5a7b27666f6f",                               ""									 },
	{"cut in the prelude", "00000010000000",						   ""									 },
	{"first sum wrong",    "000000100000000005c248ec7d98c8ff",                                 NULL								       },
	{"last sum wrong",     "000000100000000005c248eb7d98c8fe",                                 NULL								       },
	{"payload changed",    "0000001d00000000fd528c5a7b27666f6f273a27626173277dc3653936",       NULL                                                                       },
};

static enum fm_code record(void *ctx, const struct fm_event *event, struct fm_err *err)
{
	struct fm_buf *out = ctx;

	(void)err; /* nothing can fail here */
	fm_buf_puts(out, event->exception ? "![" : "[");
	fm_buf_put(out, event->type);
	fm_buf_putc(out, ':');
	fm_buf_put(out, event->data);
	fm_buf_putc(out, ']');
	return FM_OK;
}

static size_t from_hex(const char *hex, char *ret_bytes)
{
	static const char digits[] = "0123456789abcdef";
	const size_t len = strlen(hex) / 2;

	for (size_t i = 0; i < len; i++)
		ret_bytes[i] = (char)(unsigned char)((strchr(digits, hex[2 * i]) - digits) * 16 +
		                                     (strchr(digits, hex[2 * i + 1]) - digits));
	return len;
}

/* What comes of the bytes in pieces of `cut`; false when they are refused. */
static bool read_frames(struct fm_span bytes, size_t cut, struct fm_buf *out)
{
	struct fm_frames frames;
	struct fm_err err;
	bool good = true;

	fm_frames_init(&frames, record, out);
	while (bytes.len > 0 && good) {
		const struct fm_span part = fm_span_first(bytes, cut);

		good = fm_frames_feed(&frames, part, &err) == FM_OK;
		bytes = fm_span_skip(bytes, part.len);
	}
	fm_frames_free(&frames);
	return good;
}

static void test_frames(void **state)
{
	const struct frames_case *c = *state;
	char bytes[STREAM_MAX];
	const size_t len = from_hex(c->hex, bytes);

	for (size_t cut = 1; cut <= len; cut++) {
		struct fm_buf out;
		bool good;

		fm_buf_init(&out, STREAM_MAX);
		good = read_frames(fm_span_make(bytes, len), cut, &out);
		assert_int_equal(good, c->want != NULL);
		if (good)
			assert_string_equal(fm_buf_text(&out), c->want);
		fm_buf_free(&out);
	}
}

/* Any changed byte of a message is noticed: by its sums, or by never becoming whole. */
static void test_frames_flipped(void **state)
{
	char bytes[STREAM_MAX];
	const size_t len = from_hex(frames_cases[2].hex, bytes);

	(void)state;
	for (size_t i = 0; i < 8 * len; i++) {
		struct fm_buf out;

		bytes[i / 8] = (char)(bytes[i / 8] ^ (1 << i % 8));
		fm_buf_init(&out, STREAM_MAX);
		assert_false(read_frames(fm_span_make(bytes, len), len, &out));
		fm_buf_free(&out);
		bytes[i / 8] = (char)(bytes[i / 8] ^ (1 << i % 8));
	}
}

static void test_frames_written(void **state)
{
	static const struct fm_event events[] = {
		{{"metadata", 8},             {"{}", 2},                   false},
		{{"throttlingException", 19}, {"{\"message\":\"x\"}", 15}, true },
		{{"", 0},                     {"", 0},                     false},
	};
	struct fm_buf stream;
	struct fm_buf out;

	(void)state;
	fm_buf_init(&stream, STREAM_MAX);
	fm_buf_init(&out, STREAM_MAX);
	for (size_t i = 0; i < FM_COUNT(events); i++)
		fm_frames_put(&stream, &events[i]);
	assert_true(read_frames(fm_buf_span(&stream), 7, &out));
	assert_string_equal(fm_buf_text(&out),
	                    "[metadata:{}]![throttlingException:{\"message\":\"x\"}][:]");
	fm_buf_free(&stream);
	fm_buf_free(&out);
}

static struct lines_case {
	const char *name, *stream, *want;
} lines_cases[] = {
	{"two lines",       "{\"a\":1}\n{\"b\":2}\n", "[:{\"a\":1}][:{\"b\":2}]"},
	{"crlf",            "{}\r\n{}\r\n",           "[:{}][:{}]"              },
	{"empty lines",     "\n\n{}\n \n",            "[:{}]"                   },
	{"last has no end", "{}\n{\"done\":true}",    "[:{}]"                   },
	{"nothing",         "",                       ""                        },
};

static void test_lines(void **state)
{
	const struct lines_case *c = *state;
	const struct fm_span stream = fm_span_of(c->stream);

	for (size_t cut = 1; cut <= stream.len + 1; cut++) {
		struct fm_span rest = stream;
		struct fm_lines lines;
		struct fm_buf out;
		struct fm_err err;

		fm_buf_init(&out, STREAM_MAX);
		fm_lines_init(&lines, record, &out);
		while (rest.len > 0) {
			assert_int_equal(fm_lines_feed(&lines, fm_span_first(rest, cut), &err),
			                 FM_OK);
			rest = fm_span_skip(rest, cut);
		}
		assert_string_equal(fm_buf_text(&out), c->want);
		fm_lines_free(&lines);
		fm_buf_free(&out);
	}
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(frames_cases) + FM_COUNT(lines_cases) + 2];
	size_t n = 0;

	for (size_t i = 0; i < FM_COUNT(frames_cases); i++)
		tests[n++] = (struct CMUnitTest){frames_cases[i].name, test_frames, NULL, NULL,
		                                 &frames_cases[i]};
	for (size_t i = 0; i < FM_COUNT(lines_cases); i++)
		tests[n++] = (struct CMUnitTest){lines_cases[i].name, test_lines, NULL, NULL,
		                                 &lines_cases[i]};
	tests[n++] = (struct CMUnitTest){"any flipped bit", test_frames_flipped, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"written and read", test_frames_written, NULL, NULL, NULL};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
