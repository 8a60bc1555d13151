#include "test.h"

#include <string.h>

#include "base/buf.h"
#include "serve/parse_internal.h"

/* What a request reads as, whatever its cut: its head, then its body between brackets. */
static struct request_case {
	const char *name, *bytes, *want;
} requests[] = {
	{"plain",		       "GET /v1/models HTTP/1.1\r\nHost: a\r\n\r\n",                                 "GET /v1/models 0 keep Host=a []"                                      },
	{"bare line feeds",             "GET / HTTP/1.1\nHost: a\n\n",                                                "GET / 0 keep Host=a []"                                               },
	{"no host",		     "GET / HTTP/1.1\r\n\r\n",						     "400"								  },
	{"two hosts",                   "GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n",                               "400"                                                                  },
	{"old",			 "GET / HTTP/1.0\r\n\r\n",						     "GET / 0 old []"                                                       },
	{"old, kept",                   "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
         "GET / 0 keep old Connection=keep-alive []"																	 },
	{"to be closed",                "GET / HTTP/1.1\r\nHost:a\r\nConnection: x, Close\r\n\r\n",
         "GET / 0 Host=a Connection=x, Close []"																	     },
	{"of the future",               "GET / HTTP/2.0\r\nHost: a\r\n\r\n",                                          "505"                                                                  },
	{"not HTTP",                    "SSH-2.0-x\r\n\r\n",							  "400"								  },
	{"no path",		     "GET  HTTP/1.1\r\nHost: a\r\n\r\n",                                           "400"								  },
	{"control in the path",         "GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n",                                      "400"                                                                  },
	{"folded",		      "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",                                    "400"                                                                  },
	{"blank before the colon",      "GET / HTTP/1.1\r\nHost : a\r\n\r\n",                                         "400"                                                                  },
	{"no colon",                    "GET / HTTP/1.1\r\nHost: a\r\nb\r\n\r\n",                                     "400"                                                                  },
	{"no name",		     "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",                                   "400"                                                                  },
	{"counted",		     "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
         "POST / 3 keep Host=a Content-Length=3 [abc]"																       },
	{"said twice alike",
         "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",                           "POST / 3 keep Host=a Content-Length=3 Content-Length=3 [abc]"         },
	{"two lengths",
         "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",                           "400"                                                                  },
	{"negative",                    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",                   "400"                                                                  },
	{"signed",		      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\na",                  "400"                                                                  },
	{"2^64",			"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551616\r\n\r\n",
         "400"																					       },
	{"length and coding",
         "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",                     "400"								  },
	{"other coding",                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
         "501"																					       },
	{"expects",
         "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\nz",                          "POST / 1 keep expects Host=a Expect=100-Continue Content-Length=1 [z]"},
	{"chunked",
         "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA "
         "\r\n0123456789\r\n0\r\nT: u\r\n\r\n",                                                                       "POST / -1 keep Host=a Transfer-Encoding=chunked [abc0123456789]"      },
	{"chunk of no size",
         "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\r\nabc\r\n0\r\n\r\n",                      "POST / -1 keep Host=a Transfer-Encoding=chunked [!"                   },
	{"chunk too long",
         "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n",                     "POST / -1 keep Host=a Transfer-Encoding=chunked [ab!"                 },
	{"chunk of 2^64",
         "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000000\r\na",                    "POST / -1 keep Host=a Transfer-Encoding=chunked [!"                   },
	{"chunk with a bare line feed",
         "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n",                       "POST / -1 keep Host=a Transfer-Encoding=chunked [!"                   },
	{"not whole",                   "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc",
         "POST / 5 keep Host=a Content-Length=5 [abc"																	},
	{"no end of the head",          "GET / HTTP/1.1\r\nHost: a\r\n",                                              ""								     },
};

static void put_head(struct fm_buf *out, const struct fm_head *head)
{
	struct fm_span lines = head->lines;
	struct fm_span name;
	struct fm_span value;

	fm_buf_putf(out, "%.*s %.*s %lld%s%s%s", FM_SPAN_ARGS(head->request.method),
	            FM_SPAN_ARGS(head->request.path), (long long)head->request.length,
	            head->keep_alive ? " keep" : "", head->old ? " old" : "",
	            head->request.expects_continue ? " expects" : "");
	while (fm_head_line(&lines, &name, &value))
		fm_buf_putf(out, " %.*s=%.*s", FM_SPAN_ARGS(name), FM_SPAN_ARGS(value));
	fm_buf_puts(out, " [");
}

struct reading {
	struct fm_buf head;
	struct fm_buf out;
	size_t scanned;
	bool in_body;
	bool over;
	struct fm_body body;
};

static struct fm_span read_head(struct reading *r, struct fm_span bytes)
{
	const size_t before = r->head.len;
	struct fm_head head = {0};
	size_t size;
	int status;

	fm_buf_put(&r->head, bytes);
	size = fm_head_size(fm_buf_span(&r->head), &r->scanned);
	if (size == 0)
		return (struct fm_span){0};
	status = fm_head_parse(fm_span_first(fm_buf_span(&r->head), size), &head);
	r->over = status != 0;
	r->in_body = !r->over;
	if (r->over) {
		fm_buf_putf(&r->out, "%d", status);
		return (struct fm_span){0};
	}
	put_head(&r->out, &head);
	r->body = fm_body_start(&head.request);
	return fm_span_skip(bytes, size - before);
}

static void read_bytes(struct reading *r, struct fm_span bytes)
{
	struct fm_span piece;

	if (!r->in_body && !r->over)
		bytes = read_head(r, bytes);
	while (r->in_body && fm_body_next(&r->body, &bytes, &piece))
		fm_buf_put(&r->out, piece);
	if (!r->in_body || (r->body.state != FM_BODY_DONE && r->body.state != FM_BODY_BAD))
		return;
	fm_buf_puts(&r->out, r->body.state == FM_BODY_DONE ? "]" : "!");
	r->in_body = false;
	r->over = true;
}

static void assert_reads(struct fm_span bytes, size_t cut, size_t second, const char *want)
{
	struct reading r = {0};

	fm_buf_init(&r.head, FM_HEAD_BYTES_MAX);
	fm_buf_init(&r.out, FM_HEAD_BYTES_MAX);
	read_bytes(&r, fm_span_first(bytes, cut));
	read_bytes(&r, fm_span_first(fm_span_skip(bytes, cut), second));
	read_bytes(&r, fm_span_skip(bytes, cut + second));
	assert_string_equal(fm_buf_text(&r.out), want);
	fm_buf_free(&r.head);
	fm_buf_free(&r.out);
}

/* The network may cut anywhere: in two at each byte, and in three around each byte. */
static void test_request(void **state)
{
	const struct request_case *c = *state;
	const struct fm_span bytes = fm_span_of(c->bytes);

	for (size_t cut = 0; cut <= bytes.len; cut++) {
		assert_reads(bytes, cut, 0, c->want);
		assert_reads(bytes, cut, 1, c->want);
		assert_reads(bytes, cut, 2, c->want);
	}
}

static void test_lines_max(void **state)
{
	struct fm_buf text = {.max = FM_HEAD_BYTES_MAX};
	struct fm_head head;

	(void)state;
	fm_buf_puts(&text, "GET / HTTP/1.1\r\nHost: a\r\n");
	fm_buf_put_repeat(&text, "a: b\r\n", FM_HEAD_LINES_MAX - 1);
	fm_buf_puts(&text, "\r\n");
	assert_int_equal(fm_head_parse(fm_buf_span(&text), &head), 0);
	text.len -= 2;
	fm_buf_puts(&text, "a: b\r\n\r\n");
	assert_int_equal(fm_head_parse(fm_buf_span(&text), &head), 431);
	fm_buf_free(&text);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(requests) + 1];

	for (size_t i = 0; i < FM_COUNT(requests); i++)
		tests[i] = (struct CMUnitTest){requests[i].name, test_request, NULL, NULL,
		                               &requests[i]};
	tests[FM_COUNT(requests)] =
		(struct CMUnitTest){"more lines than are read", test_lines_max, NULL, NULL, NULL};
	return cmocka_run_group_tests_name("serve/parse", tests, NULL, NULL) != 0;
}
