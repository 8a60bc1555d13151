#include "test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "serve/serve.h"

/* A handler that answers by the path, and writes down what it was told. */
struct told {
	struct fm_buf log;
	char path[64];
	uint64_t body_bytes;
	bool gone;
};

static void on_header(void *ctx, struct fm_conn *conn, struct fm_span name, struct fm_span value)
{
	struct told *told = ctx;

	(void)conn;
	if (fm_span_is(name, "X-Test"))
		fm_buf_putf(&told->log, "<%.*s>", FM_SPAN_ARGS(value));
}

static void answer(struct fm_conn *conn, int status, const char *text)
{
	fm_conn_status(conn, status, "text/plain");
	fm_conn_body(conn, fm_span_of(text));
}

static void on_head(void *ctx, struct fm_conn *conn, const struct fm_request *request)
{
	struct told *told = ctx;
	const struct fm_span path = fm_span_first(request->path, sizeof told->path - 1);

	memcpy(told->path, path.ptr, path.len);
	told->path[path.len] = '\0';
	fm_buf_putf(&told->log, "{%s", told->path);
	if (strcmp(told->path, "/early") == 0)
		answer(conn, 413, "too much");
	else
		fm_conn_continue(conn);
}

static void on_body(void *ctx, struct fm_conn *conn, struct fm_span bytes)
{
	struct told *told = ctx;

	told->body_bytes += bytes.len;
	if (strcmp(told->path, "/reset") == 0 && told->body_bytes >= 2)
		fm_conn_reset(conn);
	if (strcmp(told->path, "/drop") == 0 && told->body_bytes >= 2)
		fm_conn_close(conn);
	if (strcmp(told->path, "/pause") == 0) {
		fm_conn_pause(conn, true);
		fm_conn_timer(conn, fm_clock_mono_ns() + FM_NS_PER_MS);
	}
}

static void on_end(void *ctx, struct fm_conn *conn)
{
	struct told *told = ctx;

	fm_buf_puts(&told->log, "}");
	if (strcmp(told->path, "/chunks") == 0) {
		fm_conn_status(conn, 200, "text/plain");
		fm_conn_chunk(conn, fm_span_of("hello "));
		fm_conn_chunk(conn, fm_span_of("world"));
		fm_conn_end(conn);
	} else if (strcmp(told->path, "/later") == 0) {
		fm_conn_timer(conn, fm_clock_mono_ns() + FM_NS_PER_MS);
	} else if (strcmp(told->path, "/raw") == 0) {
		fm_conn_raw(conn, fm_span_of("garbage"));
		fm_conn_close(conn);
	} else if (strcmp(told->path, "/early") != 0) {
		answer(conn, 200, "ok");
	}
}

static void on_timer(void *ctx, struct fm_conn *conn)
{
	struct told *told = ctx;

	fm_buf_puts(&told->log, "!");
	if (strcmp(told->path, "/pause") == 0)
		fm_conn_pause(conn, false);
	else
		answer(conn, 200, "late");
}

static void on_gone(void *ctx, struct fm_conn *conn, bool request_whole)
{
	struct told *told = ctx;

	(void)conn;
	fm_buf_puts(&told->log, request_whole ? " gone" : " lost");
	told->gone = true;
}

/* What one client sends, what it gets, and what the handler was told. */
static struct serve_case {
	const char *name, *send, *got, *told;
	bool half_close; /* it says that nothing more comes */
} cases[] = {
	{"one request",				 "GET / HTTP/1.1\r\nHost: a\r\nX-Test: v\r\nConnection: close\r\n\r\n",
         "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: "
         "close\r\n\r\nok",                                                                                                                                    "<v>{/} gone",                 false},
	{"three in one piece",
         "GET /later HTTP/1.1\r\nHost: a\r\n\r\nPOST /b HTTP/1.1\r\nHost: a\r\nContent-Length: "
         "2\r\n\r\nxyGET /chunks HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",                                            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nlate"
         "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"
         "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n"
         "Connection: close\r\n\r\n6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n", "{/later}!{/b}{/chunks} gone", false},
	{"half closed, still answered",                 "GET /later HTTP/1.1\r\nHost: a\r\n\r\n",
         "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nlate",                                                                       "{/later}! gone",              true },
	{"chunks for HTTP/1.0 end with the connection", "GET /chunks HTTP/1.0\r\n\r\n",
         "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nhello world",                                                                "{/chunks} gone",              false},
	{"a head alone",				"HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
         "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: "
         "close\r\n\r\n",                                                                                                                                      "{/} gone",                    false},
	{"continue",
         "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nConnection: close\r\n"
         "Content-Length: 2\r\n\r\nxy",                                                                                        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
         "Content-Length: 2\r\nConnection: close\r\n\r\nok",                                                            "{/} gone",                    false},
	{"an early answer, and the rest is heard",
         "POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcd",                                                   "HTTP/1.1 413 Content Too Large\r\nContent-Type: text/plain\r\nContent-Length: 8\r\n"
         "Connection: close\r\n\r\ntoo much",                                      "{/early} gone",               false},
	{"an early answer, and the rest never comes",
         "POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabcd",                                                   "HTTP/1.1 413 Content Too Large\r\nContent-Type: text/plain\r\nContent-Length: 8\r\n"
         "Connection: close\r\n\r\ntoo much",                                      "{/early lost",                true },
	{"paused and read on",
         "POST /pause HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\nxy",                                "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: "
         "close\r\n\r\nok",                                     "{/pause!} gone",              false},
	{"raw bytes",				   "GET /raw HTTP/1.1\r\nHost: a\r\n\r\n",                                "garbage",                      "{/raw} gone",                 false},
	{"reset in the body",                           "POST /reset HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc",
         "(reset)",																	    "{/reset lost",                false},
	{"closed in the body",                          "POST /drop HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc",      "",
         "{/drop lost",																				       false},
	{"no HTTP",				     "\x16\x03\x01 hello\r\n\r\n",
         "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 42\r\n"
         "Connection: close\r\n\r\nThis is not a request that can be served.\n",                                                                               " lost",		       true },
	{"lost in the head",                            "GET / HTT",							   "",                             " gone",                       true },
	{"lost in the body",                            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc",          "",
         "{/ lost",																					   true },
};

static int connect_to(uint16_t port)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)&to, sizeof to), 0);
	return fd;
}

static bool receive(int fd, struct fm_buf *got)
{
	char bytes[4096];
	const ssize_t n = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);

	if (n > 0)
		fm_buf_put(got, fm_span_make(bytes, (size_t)n));
	else if (n < 0 && errno == ECONNRESET)
		fm_buf_puts(got, "(reset)");
	return n > 0 || (n < 0 && errno == EAGAIN);
}

static void test_serve(void **state)
{
	const struct serve_case *c = *state;
	struct told told = {.log.max = 4096};
	struct fm_buf got = {.max = 65536};
	const struct fm_handler handler = {.ctx = &told,
	                                   .head = on_head,
	                                   .header = on_header,
	                                   .body = on_body,
	                                   .end = on_end,
	                                   .timer = on_timer,
	                                   .gone = on_gone};
	struct fm_server *server = NULL;
	struct fm_err err;
	bool open = true;
	int fd;

	assert_int_equal(fm_server_open("127.0.0.1", 0, false, &handler, &server, &err), FM_OK);
	fd = connect_to(fm_server_port(server));
	assert_int_equal(send(fd, c->send, strlen(c->send), MSG_NOSIGNAL), strlen(c->send));
	if (c->half_close)
		assert_int_equal(shutdown(fd, SHUT_WR), 0);
	while (open || !told.gone) {
		assert_int_equal(fm_server_turn(server, FM_NS_PER_MS, &err), FM_OK);
		open = open && receive(fd, &got);
		if (!open)
			fm_fd_close(&fd);
	}
	/* Unread bytes make the kernel reset a closed connection: both are its end here. */
	if (got.len >= 7 && c->got[0] == '\0')
		got.len = 0;
	assert_string_equal(got.len > 0 ? fm_buf_text(&got) : "", c->got);
	assert_string_equal(fm_buf_text(&told.log), c->told);
	fm_server_close(server);
	fm_buf_free(&got);
	fm_buf_free(&told.log);
}

static void test_address(void **state)
{
	const struct fm_handler handler = {0};
	struct fm_server *server = NULL;
	struct fm_server *second = NULL;
	struct fm_err err;

	(void)state;
	assert_int_equal(fm_server_open("0.0.0.0", 0, false, &handler, &server, &err), FM_E_USAGE);
	assert_int_equal(fm_server_open("there", 0, false, &handler, &server, &err), FM_E_USAGE);
	assert_int_equal(fm_server_open("localhost", 0, false, &handler, &server, &err), FM_OK);
	assert_int_equal(
		fm_server_open("127.0.0.1", fm_server_port(server), false, &handler, &second, &err),
		FM_E_IO);
	fm_server_stop(server);
	assert_int_equal(fm_server_run(server, &err), FM_OK);
	fm_server_close(server);
	fm_server_close(NULL);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases) + 1];

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){cases[i].name, test_serve, NULL, NULL, &cases[i]};
	tests[FM_COUNT(cases)] =
		(struct CMUnitTest){"addresses and the stop", test_address, NULL, NULL, NULL};
	return cmocka_run_group_tests_name("serve/serve", tests, NULL, NULL) != 0;
}
