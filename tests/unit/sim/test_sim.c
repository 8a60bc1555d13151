#include "test.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/macro.h"
#include "sim/sim.h"
#include "text/json.h"

#include "chat.h"
#include "server.h"

#define MODELS                                                                               \
	"models:\n"                                                                          \
	"  perfect: {}\n"                                                                    \
	"  small: {window: {tokens: 64, text: vllm}}\n"                                      \
	"  cut: {window: {tokens: 64, over: tail, usage: after}}\n"                          \
	"  before: {window: {tokens: 64, over: head, usage: before}}\n"                      \
	"  capped: {caps: {body: 300}}\n"                                                    \
	"  framed: {frame: {message: 3, prompt: 2}}\n"                                       \
	"  rated: {limits: {rpm: 1, tpm: 100k}}\n"                                           \
	"  groq: {vendor: groq, window: {tokens: 64}}\n"                                     \
	"  caching: {cache: {block: 16, min: 16, ttl: 1h}}\n"                                \
	"  ollama: {vendor: ollama, window: {tokens: 8k, unasked: 64, over: ollama, usage: " \
	"after}}\n"                                                                          \
	"  walled: {limits: {tpm: 10}}\n"                                                    \
	"  slow: {time: {base: 1ms, prefill_tps: 1M, decode_tps: 10k, jitter: 20%}}\n"

/* One server in a child, and what a client of it sees. */
struct fixture {
	struct server server;
	char history[64];
};

static void start(struct fixture *f, const char *faults)
{
	struct fm_buf config = {.max = 8192};
	int fd;

	(void)snprintf(f->history, sizeof f->history, "/tmp/fathom-sim-XXXXXX");
	fd = mkstemp(f->history);
	assert_true(fd >= 0);
	fm_fd_close(&fd);
	fm_buf_putf(&config, "%s%s%s", MODELS, faults[0] != '\0' ? "faults:\n" : "", faults);
	start_server(&f->server, fm_buf_text(&config), f->history);
	fm_buf_free(&config);
}

/* The history, once the server has ended. */
static void stop(struct fixture *f, struct fm_buf *ret_history)
{
	struct fm_arena arena = {0};
	struct fm_span text = {0};
	struct fm_err err;

	stop_server(&f->server);
	assert_int_equal(fm_file_read(f->history, 1 << 20, &arena, &text, &err), FM_OK);
	*ret_history = (struct fm_buf){.max = 1 << 20};
	fm_buf_put(ret_history, text);
	fm_arena_free(&arena);
	assert_int_equal(unlink(f->history), 0);
}

/* What never ends is heard twice, and then believed. */
static bool is_endless(struct fm_span text)
{
	static const char *const signs[] = {": ping", ": still here", "\r\n1\r\n\n"};

	for (size_t i = 0; i < FM_COUNT(signs); i++) {
		const struct fm_span sign = fm_span_of(signs[i]);
		const size_t at = fm_span_find(text, sign);
		const struct fm_span rest = fm_span_skip(text, at + sign.len);

		if (at < text.len && fm_span_find(rest, sign) < rest.len)
			return true;
	}
	return false;
}

/*
 * Read until the end, or until an answer is endless, or for a moment where nothing more comes:
 * "(reset)" and "(open)" are said.
 */
static void receive(int fd, struct fm_buf *got, int patience_ms)
{
	char bytes[4096];

	for (;;) {
		struct pollfd waiting = {.fd = fd, .events = POLLIN};
		const int ready = poll(&waiting, 1, patience_ms);
		const ssize_t n = ready > 0 ? recv(fd, bytes, sizeof bytes, 0) : 0;

		if (ready == 0)
			fm_buf_puts(got, "(open)");
		if (n < 0)
			fm_buf_puts(got, "(reset)");
		if (n <= 0)
			return;
		fm_buf_put(got, fm_span_make(bytes, (size_t)n));
		if (is_endless(fm_buf_span(got)))
			return;
	}
}

static void send_all(int fd, struct fm_span bytes)
{
	while (bytes.len > 0) {
		const ssize_t n = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);

		if (n < 0)
			return; /* it was closed in our face: the answer tells */
		bytes = fm_span_skip(bytes, (size_t)n);
	}
}

struct request {
	const char *model;
	bool stream;
	size_t sentences;
	const char *headers;
	int patience_ms;
};

static void ask(const struct fixture *f, const struct request *r, struct fm_buf *got)
{
	struct fm_buf text = {.max = 1 << 20};
	struct fm_buf body = {.max = 1 << 20};
	struct fm_buf head = {.max = 4096};
	int fd = connect_to(&f->server);

	put_document(&text, 1, r->sentences, 0, "The cargo mark of the amber kestrel is K7Q2M9XD.");
	fm_buf_puts(&text, "\n\nWhat is the cargo mark of the amber kestrel?");
	put_chat(&body, r->model, fm_buf_span(&text), r->stream);
	fm_buf_putf(&head,
	            "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
	            "Content-Length: %zu\r\n%s\r\n",
	            body.len, r->headers != NULL ? r->headers : "");
	send_all(fd, fm_buf_span(&head));
	send_all(fd, fm_buf_span(&body));
	receive(fd, got, r->patience_ms);
	fm_fd_close(&fd);
	fm_buf_free(&text);
	fm_buf_free(&body);
	fm_buf_free(&head);
}

/* What a request gets, under which faults: words that stand in the answer, in this order. */
static struct sim_case {
	const char *name, *faults, *model;
	bool stream;
	const char *want[5];
	const char *never;   /* words that do not stand there */
	const char *history; /* words of its end in the history */
} cases[] = {
	{"whole",
         "",                                                                               "perfect",
         false,                                                                                              {" 200 ", "\"content\":\"K7Q2M9XD\"", "\"finish_reason\":\"stop\""},
         "(",                                                                                                                                                                                          "\"status\":200,\"how\":\"done\",\"fault\":null,\"outcome\":\"read\""},
	{"streamed",
         "",                                                                               "perfect",
         true,                                                                                               {"\"content\":\"K7Q2\"", "M9XD", "\"stop\"", "\"usage\":{", "[DONE]"},
         "(",                                                                                                                                                                                          "\"how\":\"done\""						   },
	{"streamed in time",
         "",                                                                               "slow",
         true,                                                                                               {"K7Q2", "M9XD", "\"usage\":{", "[DONE]"},
         "(",                                                                                                                                                                                          "\"done\""							   },
	{"no such model",                        "",				       "nobody",  false, {" 404 ", "model_not_found"},                                                 "(",        "\"status\":404"                                                     },
	{"over the window",                      "",				       "small",   false, {" 400 ", "64"},                                                              "K7Q2M9XD", "\"status\":400"                                                     },
	{"over the window, in a vendor's words",
         "",                                                                               "groq",
         false,                                                                                              {" 400 ", "length of the messages or completion", "context_length_exceeded"},
         "(",                                                                                                                                                                                          "\"status\":400"						     },
	{"cut as Ollama cuts",
         "",                                                                               "ollama",
         false,                                                                                              {" 200 ", "\"prompt_tokens\":34,"},
         "(",                                                                                                                                                                                          "\"kept\":34"							},
	{"cut, and told after",
         "",                                                                               "cut",
         false,                                                                                              {" 200 ", "\"prompt_tokens\":64,"},
         "(",                                                                                                                                                                                          "\"kept\":64"							},
	{"cut, and told before",
         "",                                                                               "before",
         false,                                                                                              {" 200 ", "\"prompt_tokens\":308,"},
         "\"prompt_tokens\":64,",                                                                                                                                                                      "\"kept\":64"							},
	{"body over its cap",                    "",				       "capped",  false, {" 413 "},								    "(",        "\"status\":413"                                                     },
	{"never enough tokens a minute",
         "",                                                                               "walled",
         false,                                                                                              {" 429 ", "x-ratelimit-limit-tokens: 10"},
         "K7Q2M9XD",                                                                                                                                                                                   "\"status\":429"						     },
	{"within the limits",
         "",                                                                               "rated",
         false,                                                                                              {" 200 ", "x-ratelimit-remaining-requests: 0", "K7Q2M9XD"},
         "(",                                                                                                                                                                                          "\"status\":200"						     },
	{"status at the head",
         "  - {at: head, do: {status: 429, retry_after: 7}}\n",                            "perfect",
         false,                                                                                              {" 429 ", "Retry-After: 7"},
         "K7Q2M9XD",                                                                                                                                                                                   "\"status\":429,\"how\":\"done\",\"fault\":\"status\""               },
	{"status in the body",
         "  - {at: body@50%, do: {status: 413}}\n",                                        "perfect",
         false,                                                                                              {" 413 "},
         "K7Q2M9XD",                                                                                                                                                                                   "\"status\":413"						     },
	{"status behind it",
         "  - {do: {status: 503}}\n",                                                      "perfect",
         false,                                                                                              {" 503 "},
         "Retry-After",                                                                                                                                                                                "\"status\":503"						     },
	{"close in the body",
         "  - {at: body@100, do: close}\n",                                                "perfect",
         false,                                                                                              {""},
         "HTTP",                                                                                                                                                                                       "\"how\":\"closed\",\"fault\":\"close\""                             },
	{"close behind it",
         "  - {do: close}\n",                                                              "perfect",
         false,                                                                                              {""},
         "HTTP",                                                                                                                                                                                       "\"how\":\"closed\""						 },
	{"reset behind it",
         "  - {do: reset}\n",                                                              "perfect",
         false,                                                                                              {"(reset)"},
         "HTTP",                                                                                                                                                                                       "\"how\":\"reset\""						  },
	{"reset at an event",
         "  - {at: event@2, do: reset}\n",                                                 "perfect",
         true,                                                                                               {"K7Q2", "(reset)"},
         "M9XD",                                                                                                                                                                                       "\"fault\":\"reset\""						},
	{"reset at a byte",
         "  - {at: byte@20, do: reset}\n",                                                 "perfect",
         true,                                                                                               {"HTTP/1.1 200 OK\r\nCon(reset)"},
         "K7Q2",                                                                                                                                                                                       "\"fault\":\"reset\""						},
	{"close at a byte",
         "  - {at: byte@17, do: close}\n",                                                 "perfect",
         false,                                                                                              {"HTTP/1.1 200 OK\r\n"},
         "Content",                                                                                                                                                                                    "\"how\":\"closed\""						 },
	{"stall",
         "  - {do: stall}\n",                                                              "perfect",
         false,                                                                                              {"(open)"},
         "HTTP",                                                                                                                                                                                       "\"how\":\"stalled\",\"fault\":\"stall\""                            },
	{"stall at an event",
         "  - {at: event@2, do: stall}\n",                                                 "perfect",
         true,                                                                                               {"K7Q2", "(open)"},
         "M9XD",                                                                                                                                                                                       "\"how\":\"stalled\""						},
	{"drip",
         "  - {at: byte@100, do: {drip: 100k}}\n",                                         "perfect",
         true,                                                                                               {"K7Q2", "M9XD", "[DONE]"},
         "(",                                                                                                                                                                                          "\"fault\":\"drip\""						 },
	{"split",
         "  - {at: byte@0, do: {split: [1, 700]}}\n",                                      "perfect",
         true,                                                                                               {"K7Q2", "M9XD", "[DONE]"},
         "(",                                                                                                                                                                                          "\"fault\":\"split\""						},
	{"no terminator",
         "  - {do: drop_terminator}\n",                                                    "perfect",
         true,                                                                                               {"K7Q2", "M9XD", "\"usage\":{"},
         "[DONE]",                                                                                                                                                                                     "\"fault\":\"drop_terminator\""                                      },
	{"an error event",
         "  - {at: event@2, do: error_event}\n",                                           "perfect",
         true,                                                                                               {"K7Q2", "{\"error\":"},
         "M9XD",                                                                                                                                                                                       "\"fault\":\"error_event\""					  },
	{"pings for ever",
         "  - {at: event@2, do: ping_forever}\n",                                          "perfect",
         true,                                                                                               {"K7Q2", ": ping", ": ping"},
         "M9XD",                                                                                                                                                                                       "\"how\":\"gone\",\"fault\":\"ping_forever\""                        },
	{"garbage",
         "  - {do: garbage}\n",                                                            "perfect",
         false,                                                                                              {"\x7f\xff{]"},
         "K7Q2M9XD",                                                                                                                                                                                   "\"fault\":\"garbage\""					      },
	{"raw",
         "  - {do: {raw: \"HTTP/1.1 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\nshort\"}}\n", "perfect",
         false,                                                                                              {"Content-Length: 9\r\n\r\nshort"},
         "K7Q2M9XD",                                                                                                                                                                                   "\"fault\":\"raw\""						  },
	{"finish: length",
         "  - {do: {finish: length}}\n",                                                   "perfect",
         false,                                                                                              {"\"content\":\"K7Q2\"", "\"length\""},
         "M9XD",                                                                                                                                                                                       "\"fault\":\"finish\""					       },
	{"finish: filter",
         "  - {do: {finish: content_filter}}\n",                                           "perfect",
         true,                                                                                               {"K7Q2", "\"content_filter\"", "[DONE]"},
         "M9XD",                                                                                                                                                                                       "\"fault\":\"finish\""					       },
	{"finish: refusal",
         "  - {do: {finish: refusal}}\n",                                                  "perfect",
         false,                                                                                              {"\"refusal\":\"I'm sorry"},
         "K7Q2",                                                                                                                                                                                       "\"fault\":\"finish\""					       },
	{"finish: empty",
         "  - {do: {finish: empty}}\n",                                                    "perfect",
         false,                                                                                              {"\"content\":\"\""},
         "K7Q2",                                                                                                                                                                                       "\"fault\":\"finish\""					       },
	{"twice",
         "  - {do: twice}\n",                                                              "perfect",
         true,                                                                                               {"data: [DONE]", "data: [DONE]"},
         "(",                                                                                                                                                                                          "\"how\":\"done\",\"fault\":\"twice\""                               },
	{"comments for ever",
         "  - {at: event@2, do: {forever: comment}}\n",                                    "perfect",
         true,                                                                                               {"K7Q2", ": still here", ": still here"},
         "M9XD",                                                                                                                                                                                       "\"fault\":\"forever\""					      },
	{"blanks for ever",
         "  - {at: event@2, do: {forever: blank}}\n",                                      "perfect",
         true,                                                                                               {"K7Q2", "1\r\n\n\r\n", "1\r\n\n\r\n"},
         "M9XD",                                                                                                                                                                                       "\"fault\":\"forever\""					      },
	{"blanks before a whole answer",
         "  - {do: {forever: blank}}\n",                                                   "perfect",
         false,                                                                                              {" 200 ", "1\r\n\n\r\n", "1\r\n\n\r\n"},
         "K7Q2",                                                                                                                                                                                       "\"fault\":\"forever\""					      },
	{"another model's name",
         "  - {do: {rename: other}}\n",                                                    "perfect",
         false,                                                                                              {"\"model\":\"other\""},
         "perfect",                                                                                                                                                                                    "\"fault\":\"rename\""					       },
	{"usage that lies",
         "  - {do: {lie: {in: 5, out: 1000000000000}}}\n",                                 "perfect",
         false,                                                                                              {"\"prompt_tokens\":5", "\"completion_tokens\":1000000000000"},
         "(",                                                                                                                                                                                          "\"fault\":\"lie\""						  },
	{"finish and reset",
         "  - {at: event@1, do: {finish: length, act: reset}}\n",                          "perfect",
         true,                                                                                               {"(reset)"},
         "K7Q2",                                                                                                                                                                                       "\"fault\":\"reset\""						},
	{"two lengths",
         "  - {as: {length: differs}}\n",                                                  "perfect",
         false,                                                                                              {"Content-Length: ", "Content-Length: ", "K7Q2M9XD"},
         "(",                                                                                                                                                                                          "\"fault\":\"length\""					       },
	{"a bad chunk",
         "  - {as: {chunk: negative}}\n",                                                  "perfect",
         true,                                                                                               {"\r\n-5\r\n", "[DONE]"},
         "(",                                                                                                                                                                                          "\"fault\":\"chunk\""						},
	{"cut inside a character",
         "  - {at: char@1, do: {rename: mod\u00e8le, act: close}}\n",                      "perfect",
         true,                                                                                               {"\"model\":\"mod\xc3"},
         "\xc3\xa8",                                                                                                                                                                                   "\"how\":\"closed\",\"fault\":\"close\""                             },
	{"cut inside a string",
         "  - {at: string@3, do: reset}\n",                                                "perfect",
         true,                                                                                               {"\"choices\"", "data: {\"id\":\"chatcmpl-", "(reset)"},
         "[DONE]",                                                                                                                                                                                     "\"how\":\"reset\""						  },
	{"cut between CR and LF",
         "  - {as: {lines: crlf}, at: crlf@3, do: close}\n",                               "perfect",
         true,                                                                                               {"}\r\n\r"},
         "K7Q2",                                                                                                                                                                                       "\"how\":\"closed\""						 },
	{"close behind all of it",
         "  - {as: {framing: close}, do: reset}\n",                                        "perfect",
         true,                                                                                               {"[DONE]", "(reset)"},
         "chunked",                                                                                                                                                                                    "\"how\":\"reset\""						  },
	{"redirected",
         "  - {do: {status: 307, location: 'file:///etc/passwd'}}\n",                      "perfect",
         false,                                                                                              {" 307 ", "Location: file:///etc/passwd"},
         "K7Q2",                                                                                                                                                                                       "\"status\":307"						     },
	{"status and reset",
         "  - {at: head, do: {status: 413, then: reset}}\n",                               "perfect",
         false,                                                                                              {"(reset)"},
         "K7Q2",                                                                                                                                                                                       "\"status\":413,\"how\":\"done\",\"fault\":\"status\""               },
	{"of another path",
         "  - {when: {path: elsewhere}, do: reset}\n",                                     "perfect",
         false,                                                                                              {"K7Q2M9XD"},
         "(",                                                                                                                                                                                          "\"fault\":null"						     },
	{"of this path",
         "  - {when: {path: chat}, do: reset}\n",                                          "perfect",
         false,                                                                                              {"(reset)"},
         "K7Q2",                                                                                                                                                                                       "\"fault\":\"reset\""						},
	{"of another key",
         "  - {when: {key: sk-1}, do: reset}\n",                                           "perfect",
         false,                                                                                              {"K7Q2M9XD"},
         "(",                                                                                                                                                                                          "\"fault\":null"						     },
	{"read slowly",
         "  - {at: body@10, do: {read_rate: 100k}}\n",                                     "perfect",
         false,                                                                                              {"K7Q2M9XD"},
         "(",                                                                                                                                                                                          "\"fault\":\"read_rate\""					    },
	{"a window that stays shut",
         "  - {do: window0}\n",                                                            "perfect",
         false,                                                                                              {"(open)"},
         "HTTP",                                                                                                                                                                                       "\"how\":\"stalled\",\"fault\":\"window0\""                          },
	{"another time",
         "  - {when: {nth: 2}, do: reset}\n",                                              "perfect",
         false,                                                                                              {"K7Q2M9XD"},
         "(",                                                                                                                                                                                          "\"fault\":null"						     },
	{"another model",
         "  - {when: {model: cut}, do: reset}\n",                                          "perfect",
         false,                                                                                              {"K7Q2M9XD"},
         "(",                                                                                                                                                                                          "\"fault\":null"						     },
	{"fewer tokens",
         "  - {when: {tokens: \">100k\"}, do: reset}\n",                                   "perfect",
         false,                                                                                              {"K7Q2M9XD"},
         "(",                                                                                                                                                                                          "\"fault\":null"						     },
};

/* Words that stand in a text, each behind the one before. */
static void assert_holds(struct fm_span text, const char *const *want, size_t count)
{
	for (size_t i = 0; i < count && want[i] != NULL; i++) {
		const size_t at = fm_span_find(text, fm_span_of(want[i]));

		if (at == text.len && want[i][0] != '\0')
			fail_msg("no \"%s\" in: %.*s", want[i], FM_SPAN_ARGS(text));
		text = fm_span_skip(text, at + strlen(want[i]));
	}
}

static void test_case(void **state)
{
	const struct sim_case *c = *state;
	const bool endless =
		strstr(c->faults, "stall") != NULL || strstr(c->faults, "window0") != NULL;
	const struct request request = {.model = c->model,
	                                .stream = c->stream,
	                                .sentences = 10,
	                                .patience_ms = endless ? 60 : 20000};
	struct fm_buf got = {.max = 1 << 20};
	struct fm_buf history;
	struct fixture f;

	start(&f, c->faults);
	ask(&f, &request, &got);
	stop(&f, &history);
	assert_holds(fm_buf_span(&got), c->want, FM_COUNT(c->want));
	if (fm_span_find(fm_buf_span(&got), fm_span_of(c->never)) < got.len)
		fail_msg("\"%s\" stands in: %s", c->never, fm_buf_text(&got));
	assert_holds(fm_buf_span(&history), &c->history, 1);
	fm_buf_free(&got);
	fm_buf_free(&history);
}

/* Send these bytes as they are, and read what comes. */
static void talk(const struct fixture *f, const char *bytes, struct fm_buf *got)
{
	int fd = connect_to(&f->server);

	send_all(fd, fm_span_of(bytes));
	assert_int_equal(shutdown(fd, SHUT_WR), 0);
	receive(fd, got, 20000);
	fm_fd_close(&fd);
}

static void test_paths(void **state)
{
	static const char *const paths[][2] = {
		{"GET /v1/models HTTP/1.1\r\nHost: a\r\n\r\n",                                   "\"id\":\"perfect\""  },
		{"GET /v1/models?x=y HTTP/1.1\r\nHost: a\r\n\r\n",                               "\"max_model_len\":64"},
		{"GET /sim/history HTTP/1.1\r\nHost: a\r\n\r\n",                                 "\"complete\":false"  },
		{"GET / HTTP/1.1\r\nHost: a\r\n\r\n",                                            " 404 "               },
		{"POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}",
	         " 400 "											       },
	};
	struct fm_buf got = {.max = 1 << 20};
	struct fm_buf history;
	struct fixture f;

	(void)state;
	start(&f, "");
	talk(&f, "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{\"a",
	     &got);
	assert_int_equal(got.len, 0);
	for (size_t i = 0; i < FM_COUNT(paths); i++) {
		fm_buf_clear(&got);
		talk(&f, paths[i][0], &got);
		assert_holds(fm_buf_span(&got), &paths[i][1], 1);
	}
	stop(&f, &history);
	fm_buf_free(&got);
	fm_buf_free(&history);
}

/* The history's digests are those that anybody computes of the same bytes. */
static void test_digests(void **state)
{
	static const char body[] =
		"{\"model\":\"perfect\",\"messages\":[{\"role\":\"system\","
		"\"content\":\"Be kind.\"},{\"role\":\"user\",\"content\":\"Who?\"}]}";
	static const char prompt[] = "system\x1f"
				     "Be kind.\x1e"
				     "user\x1fWho?\x1e";
	struct fm_buf request = {.max = 4096};
	struct fm_buf want = {.max = 4096};
	struct fm_buf got = {.max = 1 << 20};
	char id[2][FM_ID_TEXT_MAX];
	const char *words;
	struct fm_buf history;
	struct fixture f;

	(void)state;
	start(&f, "");
	fm_buf_putf(&request,
	            "POST /chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: %zu\r\n\r\n%s",
	            sizeof body - 1, body);
	talk(&f, fm_buf_text(&request), &got);
	stop(&f, &history);
	fm_buf_putf(
		&want,
		"\"declared\":%zu,\"received\":%zu,\"complete\":true,\"body_digest\":\"%s\","
		"\"prompt_digest\":\"%s\",\"model\":\"perfect\",\"tokens\":4,\"header_digest\":\"",
		sizeof body - 1, sizeof body - 1, fm_id_text(fm_hash128(fm_span_of(body)), id[0]),
		fm_id_text(fm_hash128(fm_span_of(prompt)), id[1]));
	words = fm_buf_text(&want);
	assert_holds(fm_buf_span(&history), &words, 1);
	fm_buf_free(&request);
	fm_buf_free(&want);
	fm_buf_free(&got);
	fm_buf_free(&history);
}

/* A key is asked for before the body is, and stands nowhere afterwards. */
static void test_key(void **state)
{
	static const char *const keys[][2] = {
		{"",				   " 401 "},
		{"Authorization: Bearer sk-wrong\r\n", " 401 "},
		{"authorization: Bearer sk-right\r\n", " 200 "},
	};
	struct fm_buf history;
	struct fixture f;

	(void)state;
	start(&f, "  - {when: {nth: 99}, do: close}\nkey: sk-right\n");
	for (size_t i = 0; i < FM_COUNT(keys); i++) {
		const struct request request = {"perfect", false, 10, keys[i][0], 20000};
		struct fm_buf got = {.max = 1 << 20};

		ask(&f, &request, &got);
		assert_holds(fm_buf_span(&got), &keys[i][1], 1);
		fm_buf_free(&got);
	}
	stop(&f, &history);
	assert_int_equal(fm_span_find(fm_buf_span(&history), fm_span_of("sk-")), history.len);
	fm_buf_free(&history);
}

/* The same prompt again is read from the cache in whole blocks; under another key it is not. */
static void test_cached(void **state)
{
	static const struct {
		const char *model, *headers, *want;
	} rows[] = {
		{"perfect", "",                            "\"cached_tokens\":0}"  },
		{"perfect", "",                            "\"cached_tokens\":0}"  },
		{"caching", "",                            "\"cached_tokens\":0}"  },
		{"caching", "",                            "\"cached_tokens\":304}"},
		{"caching", "Authorization: Bearer k\r\n", "\"cached_tokens\":0}"  },
	};
	struct fm_buf history;
	struct fixture f;

	(void)state;
	start(&f, "");
	for (size_t i = 0; i < FM_COUNT(rows); i++) {
		const struct request request = {rows[i].model, true, 10, rows[i].headers, 20000};
		struct fm_buf got = {.max = 1 << 20};

		ask(&f, &request, &got);
		assert_holds(fm_buf_span(&got), &rows[i].want, 1);
		fm_buf_free(&got);
	}
	stop(&f, &history);
	fm_buf_free(&history);
}

/* The second request of a minute has to wait, and is told how long. */
static void test_rate(void **state)
{
	static const char *const want[] = {" 429 ", "retry-after-ms: ", "Retry-After: ",
	                                   "requests per min (RPM): Limit 1, Used 1, "};
	const struct request request = {"rated", true, 10, NULL, 20000};
	struct fm_buf got = {.max = 1 << 20};
	struct fm_buf history;
	struct fixture f;

	(void)state;
	start(&f, "");
	ask(&f, &request, &got);
	fm_buf_clear(&got);
	ask(&f, &request, &got);
	assert_holds(fm_buf_span(&got), want, FM_COUNT(want));
	stop(&f, &history);
	fm_buf_free(&got);
	fm_buf_free(&history);
}

/* Whether a body is asked for with 100 Continue, and what a rule does to that. */
static void test_continue(void **state)
{
	static const char *const faults[] = {"", "  - {do: no_continue}\n"};
	struct fm_buf history;
	struct fixture f;

	(void)state;
	for (size_t i = 0; i < FM_COUNT(faults); i++) {
		struct fm_buf got = {.max = 4096};
		int fd;

		start(&f, faults[i]);
		fd = connect_to(&f.server);
		send_all(fd, fm_span_of("POST /chat/completions HTTP/1.1\r\nHost: a\r\n"
		                        "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
		receive(fd, &got, 100);
		assert_string_equal(fm_buf_text(&got),
		                    i == 0 ? "HTTP/1.1 100 Continue\r\n\r\n(open)" : "(open)");
		fm_fd_close(&fd);
		stop(&f, &history);
		fm_buf_free(&got);
		fm_buf_free(&history);
	}
}

static void test_open(void **state)
{
	struct fm_sim_spec spec = {.address = "127.0.0.1"};
	struct fm_sim *sim = NULL;
	struct fm_err err;
	size_t count = 0;

	(void)state;
	spec.config_text = "models: {}";
	assert_int_equal(fm_sim_open(&spec, &sim, &err), FM_E_USAGE);
	spec.config_text = "models: {m: {}}\ntokens: none";
	assert_int_equal(fm_sim_open(&spec, &sim, &err), FM_E_USAGE);
	spec.config_text = NULL;
	spec.history_path = "/nowhere/at/all";
	assert_int_equal(fm_sim_open(&spec, &sim, &err), FM_E_IO);
	spec.history_path = NULL;
	assert_int_equal(fm_sim_open(&spec, &sim, &err), FM_OK);
	assert_string_equal(fm_sim_models(sim, &count)[0], "perfect");
	assert_string_equal(fm_sim_models(sim, &count)[1], "demo");
	assert_int_equal(count, 2);
	spec.port = fm_sim_port(sim);
	struct fm_sim *second = NULL;

	assert_int_equal(fm_sim_open(&spec, &second, &err), FM_E_IO);
	fm_sim_close(sim);
	fm_sim_close(NULL);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(test_paths),    cmocka_unit_test(test_digests),
		cmocka_unit_test(test_key),      cmocka_unit_test(test_rate),
		cmocka_unit_test(test_continue), cmocka_unit_test(test_open),
		cmocka_unit_test(test_cached),
	};
	struct CMUnitTest tests[FM_COUNT(cases) + FM_COUNT(others)];

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){cases[i].name, test_case, NULL, NULL, &cases[i]};
	memcpy(tests + FM_COUNT(cases), others, sizeof others);
	return cmocka_run_group_tests_name("sim/sim", tests, NULL, NULL) != 0;
}
