#include "test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/macro.h"
#include "client/client.h"
#include "client/key.h"
#include "wire/dialect.h"

#define MS FM_NS_PER_MS
#define SMALL 3000
#define LARGE (4 << 20) /* over the bound from which Expect is sent */
#define SENTINEL "sk-test-0123456789abcdefghijklmnopqrstuvwxyz"

/* The server of tests/support/fault_server.py, and what it said when it began. */
static struct {
	pid_t pid;
	FILE *to, *from;
	int port, second_port;
	size_t answer_bytes, finish_end;
} server;

struct counts {
	unsigned connections, bodies, second;
	unsigned long long bytes;
};

static struct fm_client *client;
static struct fm_arena arena;
static struct fm_key *key;

static struct counts command(const char *line)
{
	struct counts c = {0};
	char said[200];

	assert_true(fprintf(server.to, "%s\n", line) > 0);
	assert_int_equal(fflush(server.to), 0);
	assert_non_null(fgets(said, sizeof said, server.from));
	assert_int_equal(
		sscanf(said, "%u %u %llu %u", &c.connections, &c.bodies, &c.bytes, &c.second), 4);
	return c;
}

static void start_server(void)
{
	char path[500];
	char said[200];
	int to[2];
	int from[2];

	(void)snprintf(path, sizeof path, "%s/tests/support/fault_server.py",
	               getenv("FATHOM_TEST_DATA"));
	assert_int_equal(pipe(to), 0);
	assert_int_equal(pipe(from), 0);
	server.pid = fork();
	if (server.pid == 0) {
		(void)dup2(to[0], 0);
		(void)dup2(from[1], 1);
		(void)close(to[1]);
		(void)close(from[0]);
		(void)execlp("python3", "python3", "-B", path, (char *)NULL);
		_exit(127);
	}
	(void)close(to[0]);
	(void)close(from[1]);
	server.to = fdopen(to[1], "w");
	server.from = fdopen(from[0], "r");
	assert_non_null(fgets(said, sizeof said, server.from));
	assert_int_equal(sscanf(said, "%d %d %zu %zu", &server.port, &server.second_port,
	                        &server.answer_bytes, &server.finish_end),
	                 4);
}

static struct fm_key *open_key(const char *origin)
{
	const struct fm_key_spec spec = {FM_KEY_ENV, "FATHOM_TEST_KEY", origin, NULL};
	struct fm_key *opened = NULL;
	struct fm_err err;

	assert_int_equal(setenv("FATHOM_TEST_KEY", SENTINEL, 1), 0);
	assert_int_equal(fm_key_open(&spec, &opened, &err), FM_OK);
	return opened;
}

static int set_up(void **state)
{
	struct fm_err err;

	(void)state;
	(void)signal(SIGPIPE, SIG_IGN);
	start_server();
	key = open_key(fm_arena_format(&arena, "http://127.0.0.1:%d", server.port));
	assert_int_equal(fm_client_open(&client, &err), FM_OK);
	return 0;
}

static int tear_down(void **state)
{
	int status;

	(void)state;
	fm_client_close(client);
	fm_key_close(key);
	fm_arena_free(&arena);
	(void)fclose(server.to);
	(void)fclose(server.from);
	return waitpid(server.pid, &status, 0) == server.pid && status == 0 ? 0 : -1;
}

/* A body of pieces that share their text, as a haystack's do. */
static struct fm_bytes make_body(size_t len)
{
	static const char text[] =
		"0123456789 the quick brown fox jumps over the lazy dog, and on, ";
	struct fm_bytes body = {0};

	while (body.len < len)
		fm_bytes_add(&body, &arena,
		             fm_span_first(fm_span_of(text), len - (size_t)body.len));
	return body;
}

/* What came back, with the texts that a reply only lends. */
struct result {
	int calls;
	struct fm_reply reply;
	char answer[64];
	char error[512];
};

static void keep(void *ctx, const struct fm_reply *reply)
{
	struct result *r = ctx;

	r->calls++;
	r->reply = *reply;
	(void)snprintf(r->answer, sizeof r->answer, "%.*s", FM_SPAN_ARGS(reply->answer));
	(void)snprintf(r->error, sizeof r->error, "%.*s", FM_SPAN_ARGS(reply->error));
}

/* What never comes ends after a third of a second; all else takes what it takes. */
static const struct fm_deadlines quick = {
	.connect_ns = 5000 * MS,
	.stall_ns = 300 * MS,
	.first_ns = 300 * MS,
	.first_per_1k_ns = 1,
	.progress_ns = 300 * MS,
	.total_ns = 15000 * MS,
};

static const struct fm_deadlines dripping = {
	.first_ns = 15000 * MS,
	.progress_ns = 300 * MS,
};

static const struct fm_deadlines patient = {.total_ns = 25000 * MS};

static struct fm_send make_send(const char *path, const struct fm_bytes *body)
{
	return (struct fm_send){
		.dialect = fm_dialect_find("openai-chat"),
		.url = fm_arena_format(&arena, "http://127.0.0.1:%d/%s", server.port, path),
		.body = body,
		.prompt_tokens = 1000,
		.max_tokens = 100,
		.stream = true,
		.due_ns = fm_clock_mono_ns(),
		.deadlines = &patient,
	};
}

static void run_all(void)
{
	struct fm_err err;

	while (fm_client_in_flight(client) > 0)
		assert_int_equal(fm_client_turn(client, 1000 * MS, &err), FM_OK);
}

static void run_one(const struct fm_send *send, struct result *r)
{
	struct fm_err err;

	*r = (struct result){0};
	assert_int_equal(fm_client_send(client, send, keep, r, &err), FM_OK);
	run_all();
	assert_int_equal(r->calls, 1);
}

static struct fault_case {
	const char *name, *path;
	size_t body;
	const struct fm_deadlines *deadlines;
	enum fm_outcome outcome;
	enum fm_reason reason;
	int status;
	bool may_retry;
	unsigned bodies; /* whole ones that the server read */
	const char *error;
} faults[] = {
	{"answered",             "ok",                  SMALL,    &patient,  FM_ANSWERED,           FM_REASON_NONE,        200, false, 1, ""                         },
	{"answered, large",      "ok",                  LARGE,    &patient,  FM_ANSWERED,           FM_REASON_NONE,        200, false, 1, ""                         },
	{"answered by http/1.0", "raw/http10",          SMALL,    &patient,  FM_ANSWERED,           FM_REASON_NONE,        200,
         false,															1, ""			 },
	{"expect ignored",       "deaf",                LARGE,    &patient,  FM_ANSWERED,           FM_REASON_NONE,        200, false, 1, ""                         },
	{"line kept open",       "open-end",            SMALL,    &patient,  FM_ANSWERED,           FM_REASON_NONE,        200, false, 1,
         ""																			  },
	{"dies unanswered",      "lost/3000/fin",       SMALL,    &patient,  FM_IN_DOUBT,           FM_REASON_LOST,        0,   false,
         1,															       "Empty reply"              },
	{"reset unanswered",     "lost/3000/rst",       SMALL,    &patient,  FM_IN_DOUBT,           FM_REASON_LOST,        0,
         false,															1, ""			 },
	{"lost in the body",     "lost/100000/fin",     LARGE,    &patient,  FM_FAILED,             FM_REASON_UNREACHABLE,
         0,														     true,  0, ""			 },
	{"reset in the body",    "lost/100000/rst",     LARGE,    &patient,  FM_FAILED,             FM_REASON_UNREACHABLE,
         0,														     true,  0, ""			 },
	{"lost before the body", "lost/0/rst",          LARGE,    &patient,  FM_FAILED,             FM_REASON_UNREACHABLE, 0,
         true,															 0, ""			 },
	{"413 early",            "status/413/early",    LARGE,    &patient,  FM_FAILED,             FM_REASON_BODY_CAP,    413,
         false,															0, "because"                  },
	{"429 early",            "status/429/early",    LARGE,    &patient,  FM_FAILED,             FM_REASON_RATE,        429, true,  0,
         "because"																		   },
	{"429 late",             "status/429/late",     SMALL,    &patient,  FM_FAILED,             FM_REASON_RATE,        429, true,  1,
         "because"																		   },
	{"401",		  "status/401/early",    LARGE,    &patient,  FM_FAILED,             FM_REASON_AUTH,        401, false, 0,
         "because"																		   },
	{"500 after the body",   "status/500/late",     SMALL,    &patient,  FM_IN_DOUBT,           FM_REASON_SERVER,
         500,														   false, 1, "because"                  },
	{"500 before the body",  "status/500/early",    LARGE,    &patient,  FM_FAILED,             FM_REASON_SERVER,
         500,														   true,  0, "because"                  },
	{"503",		  "status/503/late",     SMALL,    &patient,  FM_FAILED,             FM_REASON_RATE,        503, true,  1,
         "because"																		   },
	{"301",		  "redirect/301",        SMALL,    &patient,  FM_ENDPOINT_VIOLATION, FM_REASON_NONE,        301, false,
         1,															       "redirect"                 },
	{"303",		  "redirect/303",        SMALL,    &patient,  FM_ENDPOINT_VIOLATION, FM_REASON_NONE,        303, false,
         1,															       "redirect"                 },
	{"307",		  "redirect/307",        SMALL,    &patient,  FM_ENDPOINT_VIOLATION, FM_REASON_NONE,        307, false,
         1,															       "redirect"                 },
	{"308",		  "redirect/308",        SMALL,    &patient,  FM_ENDPOINT_VIOLATION, FM_REASON_NONE,        308, false,
         1,															       "redirect"                 },
	{"never answers",        "silent",              SMALL,    &quick,    FM_IN_DOUBT,           FM_REASON_TIMEOUT,     0,   false, 1,
         "deadline passed: first"																    },
	{"never reads",          "stall",               16 << 20, &quick,    FM_FAILED,             FM_REASON_UNREACHABLE, 0,   true,  0,
         "deadline passed: stall"																    },
	{"drip of comments",     "comments",            SMALL,    &quick,    FM_IN_DOUBT,           FM_REASON_TIMEOUT,     200, false,
         1,															       "deadline passed: first"   },
	{"drip after content",   "comments-later",      SMALL,    &dripping, FM_IN_DOUBT,           FM_REASON_TIMEOUT,
         200,														   false, 1, "deadline passed: progress"},
	{"endless answer",       "endless",             SMALL,    &patient,  FM_ENDPOINT_VIOLATION, FM_REASON_NONE,        200,
         false,															1, "longer"                   },
	{"header flood",         "headers",             SMALL,    &patient,  FM_ENDPOINT_VIOLATION, FM_REASON_NONE,        200,
         false,															1, "more headers"             },
	{"interim flood",        "interim",             SMALL,    &patient,  FM_ENDPOINT_VIOLATION, FM_REASON_NONE,        0,
         false,															1, "more headers"             },
	{"one endless header",   "raw/long-header",     SMALL,    &patient,  FM_ENDPOINT_VIOLATION,
         FM_REASON_NONE,												   200, false, 1, ""                         },
	{"gzip",		 "raw/gzip",            SMALL,    &patient,  FM_ENDPOINT_VIOLATION, FM_REASON_NONE,        200, false, 1,
         "encoding"																		  },
	{"gzip in transfer",     "raw/te-gzip",         SMALL,    &patient,  FM_ENDPOINT_VIOLATION, FM_REASON_NONE,
         200,														   false, 1, "encoding"                 },
	{"bad chunk",            "raw/bad-chunk",       SMALL,    &patient,  FM_ENDPOINT_VIOLATION, FM_REASON_NONE,        200,
         false,															1, "chunk"                    },
	{"huge chunk",           "raw/huge-chunk",      SMALL,    &patient,  FM_ENDPOINT_VIOLATION, FM_REASON_NONE,
         200,														   false, 1, "chunk"                    },
	{"length too long",      "raw/long-length",     SMALL,    &patient,  FM_IN_DOUBT,           FM_REASON_LOST,        200,
         false,															1, ""			 },
	{"length too short",     "raw/short-length",    SMALL,    &patient,  FM_IN_DOUBT,           FM_REASON_INCOMPLETE,
         200,														   false, 1, ""                         },
	{"length negative",      "raw/negative-length", SMALL,    &patient,  FM_ENDPOINT_VIOLATION,
         FM_REASON_NONE,												   200, false, 1, ""                         },
	{"length giant",         "raw/giant-length",    SMALL,    &patient,  FM_IN_DOUBT,           FM_REASON_INCOMPLETE,
         200,														   false, 1, ""                         },
	{"a page",               "raw/html",            SMALL,    &patient,  FM_ENDPOINT_VIOLATION, FM_REASON_NONE,        200, false,
         1,															       "<html>"                   },
	{"no http",              "raw/no-http",         SMALL,    &patient,  FM_ENDPOINT_VIOLATION, FM_REASON_NONE,        0,   false,
         1,															       ""			 },
	{"no json",              "raw/bad-json",        SMALL,    &patient,  FM_ENDPOINT_VIOLATION, FM_REASON_NONE,        200,
         false,															1, ""			 },
	{"error inside",         "raw/error-inside",    SMALL,    &patient,  FM_IN_DOUBT,           FM_REASON_SERVER,      200,
         false,															1, "it broke"                 },
	{"no terminator",        "raw/no-terminator",   SMALL,    &patient,  FM_IN_DOUBT,           FM_REASON_INCOMPLETE,
         200,														   false, 1, ""                         },
	{"cut by length",        "raw/length-stop",     SMALL,    &patient,  FM_CUT_OUTPUT,         FM_REASON_NONE,        200,
         false,															1, ""			 },
};

static void test_fault(void **state)
{
	const struct fault_case *c = *state;
	const struct fm_bytes body = make_body(c->body);
	struct fm_send send = make_send(c->path, &body);
	struct counts counts;
	struct result r;

	(void)command("reset");
	send.deadlines = c->deadlines;
	run_one(&send, &r);
	counts = command("count");
	assert_int_equal(r.reply.outcome, c->outcome);
	assert_int_equal(r.reply.reason, c->reason);
	assert_int_equal(r.reply.status, c->status);
	assert_int_equal(r.reply.may_retry, c->may_retry);
	assert_int_equal(counts.bodies, c->bodies);
	assert_int_equal(r.reply.body_complete, c->bodies == 1);
	assert_int_equal(counts.connections, 1);
	assert_int_equal(counts.second, 0);
	assert_non_null(strstr(r.error, c->error));
	assert_true(r.reply.times.end >= r.reply.times.sent);
	if (c->outcome == FM_ANSWERED) {
		assert_string_equal(r.answer, "Hello");
		assert_true(r.reply.times.first_answer >= r.reply.times.body_out);
		assert_int_equal(r.reply.usage.in, 9);
	}
	if (c->status == 429)
		assert_int_equal(r.reply.retry_after_ns, 2000 * MS);
}

/* What libcurl does by itself on a connection that it may use again, and must not here. */
static void test_resend_trap(void **state)
{
	const struct fm_bytes body = make_body(SMALL);
	struct fm_send send = make_send("keep", &body);
	struct result r;

	(void)state;
	(void)command("reset");
	for (int i = 0; i < 2; i++) {
		run_one(&send, &r);
		assert_int_equal(r.reply.outcome, FM_ANSWERED);
	}
	const struct counts counts = command("count");

	assert_int_equal(counts.bodies, 2);
	assert_int_equal(counts.connections, 2);
}

static void test_digest(void **state)
{
	static const size_t sizes[] = {1, SMALL, 65536, 65537, LARGE};
	char path[] = "/tmp/fathom-test-XXXXXX";
	const int fd = mkstemp(path);
	char line[100];

	(void)state;
	assert_true(fd >= 0);
	(void)close(fd);
	(void)snprintf(line, sizeof line, "save %s", path);
	for (size_t i = 0; i < FM_COUNT(sizes); i++) {
		const struct fm_bytes body = make_body(sizes[i]);
		struct fm_send send = make_send("ok", &body);
		struct fm_span seen;
		struct fm_err err;
		struct result r;

		(void)command(line);
		run_one(&send, &r);
		assert_int_equal(fm_file_read(path, LARGE, &arena, &seen, &err), FM_OK);
		assert_int_equal(seen.len, sizes[i]);
		assert_true(fm_id_equal(r.reply.body_digest, fm_hash128(seen)));
		assert_int_equal(r.reply.body_bytes, sizes[i]);
	}
	(void)unlink(path);
}

static void test_whole(void **state)
{
	const struct fm_bytes body = make_body(SMALL);
	struct fm_send send = make_send("whole", &body);
	struct result r;

	(void)state;
	send.stream = false;
	run_one(&send, &r);
	assert_int_equal(r.reply.outcome, FM_ANSWERED);
	assert_string_equal(r.answer, "Hello");
	assert_int_equal(r.reply.usage.out, 2);
}

/* The key reaches its origin, and comes back masked whatever the endpoint does with it. */
static void test_key(void **state)
{
	const struct fm_bytes body = make_body(SMALL);
	struct fm_send send = make_send("echo-key", &body);
	struct fm_err err;
	struct result r;

	(void)state;
	run_one(&send, &r);
	assert_string_equal(r.error, "bad key None");
	send.key = key;
	run_one(&send, &r);
	assert_string_equal(r.error, "bad key Bearer [key]");
	send.url = fm_arena_format(&arena, "http://127.0.0.1:%d/ok", server.second_port);
	assert_int_equal(fm_client_send(client, &send, keep, &r, &err), FM_E_USAGE);
	assert_null(strstr(err.text, SENTINEL));
	send.url = "http://192.0.2.1/ok";
	assert_int_equal(fm_client_send(client, &send, keep, &r, &err), FM_E_USAGE);
	send.url = "http://127.evil.example/ok";
	struct fm_key *other = open_key("http://127.evil.example:80");

	send.key = other;
	assert_int_equal(fm_client_send(client, &send, keep, &r, &err), FM_E_USAGE);
	assert_non_null(strstr(err.text, "clear"));
	fm_key_close(other);
	send.key = NULL;
	send.url = "ftp://127.0.0.1/ok";
	assert_int_equal(fm_client_send(client, &send, keep, &r, &err), FM_E_USAGE);
	assert_int_equal(command("count").second, 0);
}

/*
 * A key that signs goes nowhere as it is. Which signature is right, AWS's own signer says in
 * tests/sdk; here, that there is one, and what cannot be signed is not sent.
 */
static void test_signed(void **state)
{
	const struct fm_key_spec spec = {
		FM_KEY_ENV, "FATHOM_TEST_ID+FATHOM_TEST_SECRET+FATHOM_TEST_SESSION?",
		fm_arena_format(&arena, "http://127.0.0.1:%d", server.port), NULL};
	const struct fm_bytes body = make_body(SMALL);
	struct fm_send send = make_send("echo-key", &body);
	struct fm_key *signer = NULL;
	struct fm_err err;
	struct result r;

	(void)state;
	assert_int_equal(setenv("FATHOM_TEST_ID", "AKIDEXAMPLE", 1), 0);
	assert_int_equal(setenv("FATHOM_TEST_SECRET", SENTINEL, 1), 0);
	assert_int_equal(fm_key_open(&spec, &signer, &err), FM_OK);
	send.key = signer;
	(void)unsetenv("AWS_REGION");
	(void)unsetenv("AWS_DEFAULT_REGION");
	assert_int_equal(fm_client_send(client, &send, keep, &r, &err), FM_E_USAGE);
	assert_non_null(strstr(err.text, "AWS_REGION"));
	assert_int_equal(setenv("AWS_DEFAULT_REGION", "eu-west-3", 1), 0);
	run_one(&send, &r);
	assert_non_null(strstr(r.error, "AWS4-HMAC-SHA256 Credential="));
	assert_non_null(strstr(r.error, "/eu-west-3/bedrock/aws4_request"));
	assert_null(strstr(r.error, SENTINEL));
	send.url = fm_arena_format(&arena, "%s?alt=sse", send.url);
	assert_int_equal(fm_client_send(client, &send, keep, &r, &err), FM_E_USAGE);
	assert_non_null(strstr(err.text, "query"));
	fm_key_close(signer);
}

static void test_refused(void **state)
{
	const struct fm_bytes body = make_body(SMALL);
	struct fm_send send = make_send("ok", &body);
	struct result r;

	(void)state;
	send.url = "http://127.0.0.1:1/ok"; /* nobody listens on a port that only root may take */
	run_one(&send, &r);
	assert_int_equal(r.reply.outcome, FM_FAILED);
	assert_int_equal(r.reply.reason, FM_REASON_UNREACHABLE);
	assert_true(r.reply.may_retry);
	assert_int_equal(r.reply.times.sent, FM_UNKNOWN);
	assert_non_null(strstr(r.error, "127.0.0.1"));
}

static void test_cancel(void **state)
{
	const struct fm_bytes body = make_body(SMALL);
	struct fm_send send = make_send("silent", &body);
	struct fm_err err;
	struct result sent = {0};
	struct result fresh = {0};

	(void)state;
	assert_int_equal(fm_client_send(client, &send, keep, &sent, &err), FM_OK);
	while (fm_client_now(client).waiting == 0)
		assert_int_equal(fm_client_turn(client, 1000 * MS, &err), FM_OK);
	assert_int_equal(fm_client_send(client, &send, keep, &fresh, &err), FM_OK);
	fm_client_cancel_all(client);
	assert_int_equal(fm_client_in_flight(client), 0);
	assert_int_equal(sent.reply.outcome, FM_IN_DOUBT);
	assert_int_equal(fresh.reply.outcome, FM_CANCELLED);
	assert_int_equal(sent.calls + fresh.calls, 2);
}

static void drain(void *ctx)
{
	int *fds = ctx;
	char byte;

	assert_int_equal(read(fds[0], &byte, 1), 1);
	fds[1] = -fds[1];
}

static void test_watch(void **state)
{
	struct fm_err err;
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	const int out = fds[1];

	assert_int_equal(fm_client_watch(client, fds[0], drain, fds, &err), FM_OK);
	assert_int_equal(write(out, "x", 1), 1);
	while (fds[1] == out)
		assert_int_equal(fm_client_turn(client, 1000 * MS, &err), FM_OK);
	(void)close(fds[0]);
	(void)close(out);
}

/* The reply is cut behind each of its bytes. What a FIN ends, all of it has come. */
static void test_cuts(void **state)
{
	const bool reset = *state != NULL;
	const struct fm_bytes body = make_body(SMALL);
	struct result *results = fm_arena_array(&arena, server.answer_bytes + 1, sizeof *results);
	struct fm_err err;

	for (size_t at = 0; at <= server.answer_bytes; at++) {
		char path[40];

		(void)snprintf(path, sizeof path, "cut/%zu/%s", at, reset ? "rst" : "fin");
		struct fm_send send = make_send(path, &body);

		assert_int_equal(fm_client_send(client, &send, keep, &results[at], &err), FM_OK);
		while (fm_client_in_flight(client) >= 16)
			assert_int_equal(fm_client_turn(client, 1000 * MS, &err), FM_OK);
	}
	run_all();
	for (size_t at = 0; at <= server.answer_bytes; at++) {
		const struct fm_reply *reply = &results[at].reply;

		assert_int_equal(results[at].calls, 1);
		if (reply->outcome != FM_ANSWERED) {
			assert_int_equal(reply->outcome, FM_IN_DOUBT);
			assert_int_equal(reply->reason, FM_REASON_LOST);
			assert_false(reply->may_retry);
		}
		if (at < server.finish_end)
			assert_int_equal(reply->outcome, FM_IN_DOUBT);
		else if (!reset)
			assert_int_equal(reply->outcome, FM_ANSWERED);
	}
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(faults) + 10];
	size_t n = 0;

	for (size_t i = 0; i < FM_COUNT(faults); i++)
		tests[n++] =
			(struct CMUnitTest){faults[i].name, test_fault, NULL, NULL, &faults[i]};
	tests[n++] = (struct CMUnitTest){"resend trap", test_resend_trap, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"digest", test_digest, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"whole", test_whole, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"key", test_key, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"signed", test_signed, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"refused", test_refused, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"cancel", test_cancel, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"watch", test_watch, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"fin at every byte", test_cuts, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"rst at every byte", test_cuts, NULL, NULL, &server};
	return cmocka_run_group_tests_name("client/client", tests, set_up, tear_down) != 0;
}
