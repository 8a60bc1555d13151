#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "wire/sse.h"

/* A stream and the events in it, each as [type:data]; a length is given where a NUL is inside. */
static struct sse_case {
	const char *name, *stream, *want;
	size_t stream_len, want_len;
} cases[] = {
	{"typed",		     "event: delta\ndata: a\n\n",                                      "[delta:a]",                     0,  0},
	{"crlf is one end",           "data: a\r\ndata: b\r\n\r\n",                                     "[:a\nb]",                       0,  0},
	{"cr alone ends",             "data: a\rdata: b\r\r",                                           "[:a\nb]",                       0,  0},
	{"ends mixed",                "data: a\rdata: b\r\ndata: c\n\r",                                "[:a\nb\nc]",                    0,  0},
	{"cr cr lf",                  "data: a\r\r\ndata: b\n\n",                                       "[:a][:b]",                      0,  0},
	{"lf cr",		     "data: a\n\rdata: b\n\n",                                         "[:a][:b]",                      0,  0},
	{"cut short",                 "data: a\n\ndata: b",					     "[:a]",                          0,  0},
	{"cut before the blank line", "data: a\n\ndata: b\n",                                           "[:a]",                          0,  0},
	{"byte order mark",
         "\xEF\xBB\xBF"
         "data: a\n\n",                                                                                 "[:a]",			  0,  0},
	{"two byte order marks",
         "\xEF\xBB\xBF\xEF\xBB\xBF"
         "data: a\n\ndata: b\n\n",                                                                      "[:b]",			  0,  0},
	{"mark later is content",
         "\xEF\xBB\xBF"
         "data:1\n\n\xEF\xBB\xBF"
         "data:2\n\ndata:3\n\n",                                                                        "[:1][:3]",		      0,  0},
	{"half a mark",
         "\xEF\xBB"
         "data: a\n\ndata: b\n\n",                                                                      "[:b]",			  0,  0},
	{"only a mark",               "\xEF\xBB\xBF\n\ndata: a\n\n",                                    "[:a]",                          0,  0},
	{"data without colon",        "data\n\n",						       "[:]",                           0,  0},
	{"two without colon",         "data\ndata\n\n",						 "[:\n]",                         0,  0},
	{"empty data",                "data:\n\n",						      "[:]",                           0,  0},
	{"one space goes",            "data:  a\n\n",						   "[: a]",                         0,  0},
	{"a tab stays",               "data:\ta\n\n",						   "[:\ta]",                        0,  0},
	{"no space needed",           "data:a\n\n",						     "[:a]",                          0,  0},
	{"colon in value",            "data: a:b\n\n",						  "[:a:b]",                        0,  0},
	{"case counts",               "Data: a\ndata: b\n\n",                                           "[:b]",                          0,  0},
	{"no trim of names",          " data: a\ndata: b\n\n",                                          "[:b]",                          0,  0},
	{"space before colon",        "data : a\ndata: b\n\n",                                          "[:b]",                          0,  0},
	{"nul in a name",             "data\0: a\ndata: b\n\n",                                         "[:b]",                          19, 0},
	{"nul in data",               "data: a\0b\n\n",						 "[:a\0b]",                       11, 6},
	{"unknown fields",            "foo: x\nbar\ndata: a\nbaz: y\n\n",                               "[:a]",                          0,  0},
	{"junk lines",                "hello there\n<html>\ndata: a\n\n",                               "[:a]",                          0,  0},
	{"lines join",                "data: a\ndata: b\ndata: c\n\n",                                  "[:a\nb\nc]",                    0,  0},
	{"final empty line stays",    "data: a\ndata:\n\n",                                             "[:a\n]",                        0,  0},
	{"no data resets the type",   "event: x\n\ndata: a\n\n",                                        "[:a]",                          0,  0},
	{"empty type is the default", "event: x\nevent:\ndata: a\n\n",                                  "[:a]",                          0,  0},
	{"last type counts",          "event: x\nevent: y\ndata: a\n\n",                                "[y:a]",                         0,  0},
	{"type does not stay",        "event: x\ndata: a\n\ndata: b\n\n",                               "[x:a][:b]",                     0,  0},
	{"type behind data",          "data: a\nevent: x\n\n",                                          "[x:a]",                         0,  0},
	{"id disturbs nothing",       "id: 1\ndata: a\nid\n\nid: 2\n\ndata: b\n\n",                     "[:a][:b]",                      0,  0},
	{"id with nul",               "id: a\0b\ndata: a\n\n",                                          "[:a]",                          17, 0},
	{"retry disturbs nothing",    "retry: 1000x\nretry:\nretry: 99999999999999999999\ndata: a\n\n",
         "[:a]",															 0,  0},
	{"comments",                  ": ping\n\n:\n\n:data:x\ndata: a\n: b\n\n",                       "[:a]",                          0,  0},
	{"comment between",           "data: a\n:x\ndata: b\n\n",                                       "[:a\nb]",                       0,  0},
	{"blank lines",               "\n\n\r\n\r\r\ndata: a\n\n\n\n",                                  "[:a]",                          0,  0},
	{"utf-8 whole",               "data: \xC3\xA4\xF0\x9F\x98\x80\n\n",                             "[:\xC3\xA4\xF0\x9F\x98\x80]",   0,  0},
	{"utf-8 broken",
         "data: a\xFF"
         "b\n\n",                                                                                       "[:a\xEF\xBF\xBD"
         "b]",                                                                                                          0,  0},
	{"utf-8 over lines",          "data: \xC3\ndata: \xA4\n\n",                                     "[:\xEF\xBF\xBD\n\xEF\xBF\xBD]", 0,  0},
	{"utf-8 broken type",         "event: \xFF\ndata: a\n\n",                                       "[\xEF\xBF\xBD:a]",              0,  0},
	{"done",		      "data: {}\n\ndata: [DONE]\n\n",                                   "[:{}][:[DONE]]",                0,  0},
	{"nothing",                   "",							       "",			      0,  0},
};

static enum fm_code record(void *ctx, const struct fm_event *event, struct fm_err *err)
{
	struct fm_buf *out = ctx;

	(void)err; /* nothing can fail here */
	fm_buf_putc(out, '[');
	fm_buf_put(out, event->type);
	fm_buf_putc(out, ':');
	fm_buf_put(out, event->data);
	fm_buf_putc(out, ']');
	return FM_OK;
}

struct parse {
	struct fm_sse sse;
	struct fm_buf out;
};

static void parse_start(struct parse *p)
{
	fm_buf_init(&p->out, (size_t)1 << 26);
	fm_sse_init(&p->sse, record, &p->out);
}

static void parse_feed(struct parse *p, const char *bytes, size_t len)
{
	struct fm_err err;

	assert_int_equal(fm_sse_feed(&p->sse, fm_span_make(bytes, len), &err), FM_OK);
}

static void parse_end(struct parse *p, const struct sse_case *c)
{
	const size_t want = c->want_len > 0 ? c->want_len : strlen(c->want);

	assert_int_equal(p->out.len, want);
	assert_memory_equal(fm_buf_text(&p->out), c->want, want);
	fm_buf_free(&p->out);
	fm_sse_free(&p->sse);
}

/* The network may cut anywhere: in two at each byte, and into single bytes. */
static void test_stream(void **state)
{
	const struct sse_case *c = *state;
	const size_t len = c->stream_len > 0 ? c->stream_len : strlen(c->stream);
	struct parse p;

	for (size_t cut = 0; cut <= len; cut++) {
		parse_start(&p);
		parse_feed(&p, c->stream, cut);
		parse_feed(&p, c->stream + cut, len - cut);
		parse_end(&p, c);
	}
	parse_start(&p);
	for (size_t i = 0; i < len; i++)
		parse_feed(&p, c->stream + i, 1);
	parse_end(&p, c);
}

/* Short streams are cut in all of their 2^(n-1) ways. */
static void test_all_cuts(void **state)
{
	static const struct sse_case c = {"",
	                                  "\xEF\xBB\xBF"
	                                  "data:a\r\ndata\r\r\n",
	                                  "[:a\n]", 0, 0};
	const size_t len = strlen(c.stream);

	(void)state;
	for (uint32_t cuts = 0; cuts < (uint32_t)1 << (len - 1); cuts += 7) {
		struct parse p;
		size_t from = 0;

		parse_start(&p);
		for (size_t at = 1; at <= len; at++)
			if (at == len || (cuts >> (at - 1) & 1) != 0) {
				parse_feed(&p, c.stream + from, at - from);
				from = at;
			}
		parse_end(&p, &c);
	}
}

static enum fm_code count(void *ctx, const struct fm_event *event, struct fm_err *err)
{
	size_t *sum = ctx;

	(void)err; /* nothing can fail here */
	*sum += event->data.len;
	return FM_OK;
}

#define LONG                                                               \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define EIGHT_BAD "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF" /* three bytes each, once repaired */

/* What is fed, how often, and what comes of it. */
static struct long_case {
	const char *name, *once, *piece, *end;
	size_t times;
	enum fm_code want;
	size_t want_bytes;
} longs[] = {
	{"many events",             "",        "data: a\n\n",      "",               100000,  FM_OK,      100000  },
	{"many comments",           "",        ": ping\n",         "data: a\n\n",    100000,  FM_OK,      1       },
	{"many lines",              "",        "data: a\n",        "\n",             100000,  FM_OK,      199999  },
	{"lines without end",       "",        "data: " LONG "\n", "",               100000,  FM_E_LIMIT, 0       },
	{"lines that end in CR",    "",        "data: a\r",        "\r\n",           100000,  FM_OK,      199999  },
	{"a line without end",      "data: ",  "0123456789abcdef", "",               1100000, FM_E_LIMIT, 0       },
	{"a type without end",      "event: ", "0123456789abcdef", "\n",             1100000, FM_E_LIMIT, 0       },
	{"the largest line",        "data: ",  "0123456789abcdef", "\n\n",           1048576, FM_OK,      16777216},
	{"a byte too many",         "data: x", "0123456789abcdef", "\n\n",           1048576, FM_E_LIMIT, 0       },
	{"repaired past the bound", "data: ",  "0123456789abcdef", EIGHT_BAD "\n\n", 1048575,
         FM_E_LIMIT,										      0       },
};

/* As pieces of the network are: many lines in one. */
#define AT_ONCE 500

static void test_long(void **state)
{
	const struct long_case *c = *state;
	struct fm_buf pieces;
	struct fm_sse sse;
	struct fm_err err;
	size_t sum = 0;

	fm_buf_init(&pieces, 100000);
	fm_sse_init(&sse, count, &sum);
	fm_buf_put_repeat(&pieces, c->piece, AT_ONCE);
	enum fm_code rc = fm_sse_feed(&sse, fm_span_of(c->once), &err);

	for (size_t i = 0; i < c->times / AT_ONCE && rc == FM_OK; i++)
		rc = fm_sse_feed(&sse, fm_buf_span(&pieces), &err);
	fm_buf_clear(&pieces);
	fm_buf_put_repeat(&pieces, c->piece, c->times % AT_ONCE);
	if (rc == FM_OK)
		rc = fm_sse_feed(&sse, fm_buf_span(&pieces), &err);
	if (rc == FM_OK)
		rc = fm_sse_feed(&sse, fm_span_of(c->end), &err);
	assert_int_equal(rc, c->want);
	if (rc == FM_OK)
		assert_int_equal(sum, c->want_bytes);
	fm_sse_free(&sse);
	fm_buf_free(&pieces);
}

static enum fm_code refuse(void *ctx, const struct fm_event *event, struct fm_err *err)
{
	(void)ctx;
	(void)event;
	return fm_fail(err, FM_E_FORMAT, "no");
}

static void test_refused(void **state)
{
	struct fm_sse sse;
	struct fm_err err;

	(void)state;
	fm_sse_init(&sse, refuse, NULL);
	assert_int_equal(fm_sse_feed(&sse, fm_span_of("data: a\n"), &err), FM_OK);
	assert_int_equal(fm_sse_feed(&sse, fm_span_of("\ndata: b\n\n"), &err), FM_E_FORMAT);
	assert_string_equal(err.text, "no");
	fm_sse_free(&sse);
	fm_sse_free(&sse);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases) + FM_COUNT(longs) + 2];
	size_t n = 0;

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[n++] = (struct CMUnitTest){cases[i].name, test_stream, NULL, NULL, &cases[i]};
	for (size_t i = 0; i < FM_COUNT(longs); i++)
		tests[n++] = (struct CMUnitTest){longs[i].name, test_long, NULL, NULL, &longs[i]};
	tests[n++] = (struct CMUnitTest){"all cuts", test_all_cuts, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"refused", test_refused, NULL, NULL, NULL};
	return cmocka_run_group_tests_name("wire/sse", tests, NULL, NULL) != 0;
}
