#include "test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/macro.h"
#include "client/ask.h"
#include "client/key.h"
#include "text/secret.h"
#include "trial/reply.h"

#define SENTINEL "sk-test-0123456789abcdefghijklmnopqrstuvwxyz"
#define REQUEST_MAX 8192

/* A server of one connection, in a process of its own: it answers `reply`, whatever it is asked. */
struct once {
	pid_t pid;
	int port;
	int asked; /* a pipe with the request's bytes */
};

static void answer(int listener, const char *reply, int asked)
{
	const int fd = accept(listener, NULL, NULL);
	char request[REQUEST_MAX];
	const ssize_t got = read(fd, request, sizeof request);

	if (got <= 0 || write(asked, request, (size_t)got) != got)
		_exit(1);
	if (write(fd, reply, strlen(reply)) != (ssize_t)strlen(reply))
		_exit(1);
	/* A body that nobody took in would make the close a reset, and may lose the answer. */
	(void)shutdown(fd, SHUT_WR);
	while (read(fd, request, sizeof request) > 0)
		continue;
	_exit(close(fd));
}

static struct once serve(const char *reply)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof at;
	const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct once once = {0};
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&at, &size), 0);
	once.port = ntohs(at.sin_port);
	once.asked = ends[0];
	once.pid = fork();
	if (once.pid == 0)
		answer(listener, reply, ends[1]);
	(void)close(listener);
	(void)close(ends[1]);
	return once;
}

/* What it was asked. */
static const char *end(struct once *once, struct fm_arena *arena)
{
	char *request = fm_arena_take(arena, REQUEST_MAX + 1);
	const ssize_t got = read(once->asked, request, REQUEST_MAX);
	int status;

	assert_int_equal(waitpid(once->pid, &status, 0), once->pid);
	(void)close(once->asked);
	request[got < 0 ? 0 : got] = '\0';
	return request;
}

static struct fm_key *open_key(const char *names, int port, struct fm_arena *arena)
{
	const struct fm_key_spec spec = {FM_KEY_ENV, names,
	                                 fm_arena_format(arena, "http://127.0.0.1:%d", port), NULL};
	struct fm_key *key = NULL;
	struct fm_err err;

	assert_int_equal(setenv("FATHOM_TEST_KEY", SENTINEL, 1), 0);
	assert_int_equal(setenv("FATHOM_TEST_SECRET", "a-secret-that-signs-and-nothing-else", 1),
	                 0);
	fm_secret_add(fm_span_of(SENTINEL));
	assert_int_equal(fm_key_open(&spec, &key, &err), FM_OK);
	return key;
}

static struct fm_ask question(int port, const char *path, struct fm_arena *arena)
{
	return (struct fm_ask){
		.url = fm_arena_format(arena, "http://127.0.0.1:%d%s", port, path),
		.key_header = "x-key: ",
		.connect_ns = 5 * FM_NS_PER_S,
		.total_ns = 10 * FM_NS_PER_S,
	};
}

static struct answer_case {
	const char *name;
	const char *reply;
	enum fm_ask_end end;
	int status;
	int64_t date_ms;
	const char *body;
} answers[] = {
	{"a list with its day",
         "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 2\r\n\r\n{}",           FM_ASK_ANSWERED, 200, 784111777000, "{}"      },
	{"a day that is none",         "HTTP/1.1 200 OK\r\nDate: yesterday\r\nContent-Length: 2\r\n\r\n{}",
         FM_ASK_ANSWERED,												    200, FM_UNKNOWN,   "{}"      },
	{"refused",		    "HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\nno",                    FM_ASK_ANSWERED, 401,
         FM_UNKNOWN,															    "no"      },
	{"a redirect is not followed",
         "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",                FM_ASK_ANSWERED, 302, FM_UNKNOWN,   ""        },
	{"a key that is handed back",
         "HTTP/1.1 400 No\r\nContent-Length: 47\r\n\r\n<" SENTINEL ">!",                                    FM_ASK_ANSWERED, 400,
         FM_UNKNOWN,															    "<[key]>!"},
	{"no answer",                  "",								  FM_ASK_BROKEN,   0,   FM_UNKNOWN,   ""        },
	{"cut off",		    "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}",                    FM_ASK_BROKEN,   200,
         FM_UNKNOWN,															    "{}"      },
	{"longer than it may be",
         "HTTP/1.1 200 OK\r\nContent-Length: 65\r\n\r\n"
         "0123456789012345678901234567890123456789012345678901234567890123456789",                          FM_ASK_BROKEN,   200, FM_UNKNOWN,   ""        },
	{"no HTTP",		    "SSH-2.0-OpenSSH_9.2\r\n",                                           FM_ASK_BROKEN,   0,   FM_UNKNOWN,   ""        },
};

static void test_answer(void **state)
{
	const struct answer_case *c = *state;
	struct once once = serve(c->reply);
	struct fm_arena arena = {0};
	struct fm_ask ask = question(once.port, "/v1/models", &arena);
	struct fm_key *key = open_key("FATHOM_TEST_KEY", once.port, &arena);
	struct fm_ask_answer got = {0};
	struct fm_err err;
	const char *asked;

	ask.key = key;
	assert_int_equal(fm_ask_once(&ask, 64, &got, &err), FM_OK);
	assert_int_equal(got.end, c->end);
	assert_int_equal(got.status, c->status);
	assert_int_equal(got.date_ms, c->date_ms);
	assert_string_equal(fm_buf_text(&got.body), c->body);
	assert_int_equal(got.why.text[0] != '\0', c->end != FM_ASK_ANSWERED);
	asked = end(&once, &arena);
	assert_non_null(strstr(asked, "GET /v1/models HTTP/1.1\r\n"));
	assert_non_null(strstr(asked, "x-key: " SENTINEL "\r\n"));
	fm_buf_free(&got.body);
	fm_key_close(key);
	fm_arena_free(&arena);
}

/* With a body it is posted, and a key that signs signs it. */
static void test_signed(void **state)
{
	struct once once = serve("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
	struct fm_arena arena = {0};
	struct fm_ask ask = question(once.port, "/model/m/count-tokens", &arena);
	struct fm_key *key = open_key("FATHOM_TEST_KEY+FATHOM_TEST_SECRET", once.port, &arena);
	struct fm_ask_answer got = {0};
	struct fm_bytes body = {0};
	struct fm_err err;
	const char *asked;

	(void)state;
	assert_int_equal(setenv("AWS_REGION", "eu-west-1", 1), 0);
	ask.key = key;
	assert_int_equal(fm_ask_once(&ask, 64, &got, &err), FM_E_USAGE);
	assert_string_equal(err.text, "its key signs what is posted, and nothing else");
	fm_bytes_add(&body, &arena, fm_span_of("{\"input\""));
	fm_bytes_add(&body, &arena, fm_span_of(":{}}"));
	ask.body = &body;
	assert_int_equal(fm_ask_once(&ask, 64, &got, &err), FM_OK);
	assert_int_equal(got.status, 200);
	asked = end(&once, &arena);
	assert_non_null(strstr(asked, "POST /model/m/count-tokens HTTP/1.1\r\n"));
	assert_non_null(strstr(asked, "AWS4-HMAC-SHA256 Credential=" SENTINEL));
	assert_non_null(strstr(asked, "Content-Length: 12\r\n"));
	assert_null(strstr(asked, "a-secret-that-signs"));
	fm_buf_free(&got.body);
	fm_key_close(key);
	fm_arena_free(&arena);
}

/* Nothing leaves for another origin than the key's, and nobody there is told as what it is. */
static void test_who_is_not_there(void **state)
{
	struct once once = serve("");
	struct fm_arena arena = {0};
	struct fm_ask ask = question(once.port, "/", &arena);
	struct fm_key *key = open_key("FATHOM_TEST_KEY", once.port + 1, &arena);
	struct fm_ask_answer got = {0};
	struct fm_err err;

	(void)state;
	ask.key = key;
	assert_int_equal(fm_ask_once(&ask, 64, &got, &err), FM_E_USAGE);
	ask.key = NULL;
	ask.url = "ftp://127.0.0.1/";
	assert_int_equal(fm_ask_once(&ask, 64, &got, &err), FM_E_USAGE);
	ask.url = "http://127.0.0.1:1/";
	assert_int_equal(fm_ask_once(&ask, 64, &got, &err), FM_OK);
	assert_int_equal(got.end, FM_ASK_CONNECT);
	assert_int_equal(got.status, 0);
	fm_buf_free(&got.body);
	assert_int_equal(kill(once.pid, SIGTERM), 0);
	(void)end(&once, &arena);
	fm_key_close(key);
	fm_arena_free(&arena);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(answers) + 2];
	size_t n = 0;

	(void)signal(SIGPIPE, SIG_IGN);
	for (; n < FM_COUNT(answers); n++)
		tests[n] =
			(struct CMUnitTest){answers[n].name, test_answer, NULL, NULL, &answers[n]};
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_signed);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_who_is_not_there);
	return cmocka_run_group_tests_name("client/ask", tests, NULL, NULL) != 0;
}
