#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "sim/shape_internal.h"

#define HEAD "HTTP/1.1 200 OK\r\nConnection: close\r\n"
#define TYPE "Content-Type: text/event-stream\r\n"
#define CHUNKED HEAD TYPE "Transfer-Encoding: chunked\r\n\r\n"
#define CLOSED ", framing: close"
#define FIRST "3\r\na\n\n\r\n"

/* A stream of two events, "a" and "b", under a rule's `as`. */
static struct shape_case {
	const char *name, *as, *want;
} cases[] = {
	{"as it should be",      "lines: lf",                               CHUNKED FIRST "3\r\nb\n\n\r\n0\r\n\r\n"          },
	{"with a length",        "framing: length",                         HEAD TYPE "Content-Length: 6\r\n\r\na\n\nb\n\n"  },
	{"until the end",        "framing: close",                          HEAD TYPE "\r\na\n\nb\n\n"                       },
	{"crlf",		 "lines: crlf" CLOSED,                      HEAD TYPE "\r\na\r\n\r\nb\r\n\r\n"               },
	{"cr",		   "lines: cr" CLOSED,                        HEAD TYPE "\r\na\r\rb\r\r"                       },
	{"swapped",              "swap: [b, xyz]" CLOSED,                   HEAD TYPE "\r\na\n\nxyz\n\n"                     },
	{"another type",         "type: text/html" CLOSED,
         HEAD "Content-Type: text/html\r\n\r\na\n\nb\n\n"								    },
	{"negative chunk",       "chunk: negative",                         CHUNKED FIRST "-5\r\nb\n\n\r\n0\r\n\r\n"         },
	{"chunk overflow",       "chunk: overflow",
         CHUNKED FIRST "ffffffffffffffffffff\r\nb\n\n\r\n0\r\n\r\n"                                                          },
	{"junk chunk",           "chunk: junk",                             CHUNKED FIRST "zz\r\nb\n\n\r\n0\r\n\r\n"         },
	{"chunk without a size", "chunk: empty",                            CHUNKED FIRST "\r\nb\n\n\r\n0\r\n\r\n"           },
	{"short chunk",          "chunk: short",                            CHUNKED FIRST "1\r\nb\n\n\r\n0\r\n\r\n"          },
	{"long chunk",           "chunk: long",                             CHUNKED FIRST "6\r\nb\n\n\r\n0\r\n\r\n"          },
	{"size without its end", "chunk: no_crlf",                          CHUNKED FIRST "3b\n\n\r\n0\r\n\r\n"              },
	{"chunks joined",        "chunk: joined",                           CHUNKED FIRST "3\r\nb\n\n0\r\n\r\n"              },
	{"bare LF",              "chunk: lf",                               CHUNKED FIRST "3\nb\n\n\n0\r\n\r\n"              },
	{"an extension",         "chunk: extension",
         CHUNKED FIRST "3;name=\"a value\"\r\nb\n\n\r\n0\r\n\r\n"                                                            },
	{"no last chunk",        "chunk: no_last",                          CHUNKED FIRST "3\r\nb\n\n\r\n"                   },
	{"a negative length",    "length: negative",                        HEAD TYPE "Content-Length: -5\r\n\r\na\n\nb\n\n" },
	{"2^64",		 "length: overflow",
         HEAD TYPE "Content-Length: 18446744073709551616\r\n\r\na\n\nb\n\n"                                                  },
	{"none",		 "length: zero",                            HEAD TYPE "Content-Length: 0\r\n\r\na\n\nb\n\n"  },
	{"long",		 "length: long",                            HEAD TYPE "Content-Length: 106\r\n\r\na\n\nb\n\n"},
	{"twice the same",       "length: same",
         HEAD TYPE "Content-Length: 6\r\nContent-Length: 6\r\n\r\na\n\nb\n\n"                                                },
	{"two that differ",      "length: differs",
         HEAD TYPE "Content-Length: 106\r\nContent-Length: 6\r\n\r\na\n\nb\n\n"                                              },
	{"a length and chunks",  "length: and_chunks",
         HEAD TYPE "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n" FIRST
                   "3\r\nb\n\n\r\n0\r\n\r\n"										 },
	{"interim",              "interim: 1" CLOSED,
         "HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n" HEAD TYPE "\r\na\n\nb\n\n"                            },
	{"more header",          "header_lines: 2, header_bytes: 3" CLOSED,
         HEAD "X-More-0: xxx\r\nX-More-1: xxx\r\n" TYPE "\r\na\n\nb\n\n"                                                     },
	{"unknown coding",       "encoding: x" CLOSED,                      HEAD TYPE "Content-Encoding: x\r\n\r\na\n\nb\n\n"},
};

static void test_shape(void **state)
{
	const struct shape_case *c = *state;
	const struct fm_span events[] = {fm_span_of("a\n\n"), fm_span_of("b\n\n")};
	const struct fm_shape_text text = {true, "text/event-stream", events, 2};
	struct fm_arena arena = {0};
	struct fm_walk walk = {.name = "t", .arena = &arena, .mistakes.max = 4096};
	struct fm_buf raw = {.max = FM_SHAPE_BYTES_MAX};
	struct fm_shape shape = {0};
	struct fm_yaml *root = NULL;
	size_t starts[3] = {0};
	struct fm_err err;
	const char *as = fm_arena_format(&arena, "{%s}", c->as);

	assert_int_equal(fm_yaml_read(fm_span_of(as), &arena, &root, &err), FM_OK);
	(void)fm_shape_read(&walk, root, &shape); /* its name is for the history */
	assert_string_equal(fm_buf_text(&walk.mistakes), "");
	assert_true(fm_shape_render(&shape, &text, &raw, starts));
	assert_string_equal(fm_buf_text(&raw), c->want);
	assert_true(starts[0] < starts[1] && starts[1] < starts[2] && starts[2] <= raw.len);
	fm_buf_free(&raw);
	fm_arena_free(&arena);
}

/* What cannot be kept is not begun. */
static void test_too_long(void **state)
{
	const struct fm_span event = {"a", FM_SHAPE_BYTES_MAX};
	const struct fm_shape_text text = {true, "text/event-stream", &event, 1};
	const struct fm_shape shape = {0};
	struct fm_buf raw = {.max = FM_SHAPE_BYTES_MAX};
	size_t starts[2];

	(void)state;
	assert_false(fm_shape_render(&shape, &text, &raw, starts));
	assert_int_equal(raw.len, 0);
}

/* Each coding of "abc", by its own bytes: what decoders of others read back to "abc". */
static void test_encode(void **state)
{
	static const struct {
		const char *name;
		struct fm_span want;
	} codings[] = {
		{"gzip",
	         {"\x1f\x8b\x08\0\0\0\0\0\0\xff\x01\x03\0\xfc\xff"
	          "abc\xc2\x41\x24\x35\x03\0\0\0",
	          26}},
		{"deflate",
	         {"\x78\x01\x01\x03\0\xfc\xff"
	          "abc\x02\x4d\x01\x27",
	          14}},
		{"br",
	         {"\x20\0\x10"
	          "abc\x03",
	          7} },
		{"zstd",
	         {"\x28\xb5\x2f\xfd\xa0\x03\0\0\0\x19\0\0"
	          "abc",
	          15}},
	};

	(void)state;
	for (size_t i = 0; i < FM_COUNT(codings); i++) {
		struct fm_buf buf = {.max = 100};

		assert_true(fm_encode(fm_span_of(codings[i].name), fm_span_of("abc"), &buf));
		assert_int_equal(buf.len, codings[i].want.len);
		assert_memory_equal(buf.ptr, codings[i].want.ptr, buf.len);
		fm_buf_free(&buf);
	}
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases) + 2];

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){cases[i].name, test_shape, NULL, NULL, &cases[i]};
	tests[FM_COUNT(cases)] = (struct CMUnitTest){"too long", test_too_long, NULL, NULL, NULL};
	tests[FM_COUNT(cases) + 1] = (struct CMUnitTest){"codings", test_encode, NULL, NULL, NULL};
	return cmocka_run_group_tests_name("sim/shape", tests, NULL, NULL) != 0;
}
