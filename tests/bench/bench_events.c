#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "base/macro.h"
#include "text/json.h"
#include "wire/dialect.h"

#define EVENTS 200000
#define ROUNDS 11
#define CHUNK ((size_t)16 << 10) /* as libcurl hands them over */

/* glibc's own, under the names that it keeps for those who stand in its way. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static uint64_t taken; /* how often memory was asked for */

void *malloc(size_t size)
{
	taken++;
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	taken++;
	return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	taken++;
	return __libc_realloc(old, size);
}

static int64_t cpu_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now); /* this clock is always there */
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Events of one token each: one text differs, or a number beside it does, too. */
static const struct stream {
	const char *dialect;
	const char *what;
	const char *format; /* of a token's number, twice */
} streams[] = {
	{"openai-chat",      "one text differs",
         "data: {\"id\":\"chatcmpl-0123456789abcdef\",\"object\":\"chat.completion.chunk\","
         "\"created\":1764000000,\"model\":\"gpt-4.1-2025-04-14\",\"choices\":[{\"index\":0,"
         "\"delta\":{\"content\":\" w%d\"},\"logprobs\":null,\"finish_reason\":null}],"
         "\"usage\":null}\n\n"							},
	{"anthropic",        "one text differs",
         "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
         "\"delta\":{\"type\":\"text_delta\",\"text\":\" w%d\"}}\n\n"                 },
	{"openai-responses", "numbers differ, too",
         "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\","
         "\"item_id\":\"msg_0123456789abcdef\",\"output_index\":0,\"content_index\":0,"
         "\"delta\":\" w%d\",\"sequence_number\":%d}\n\n"                             },
	{"ollama",           "times differ, too",
         "{\"model\":\"llama3.3\",\"created_at\":\"2026-11-21T10:00:00.%03d000000Z\","
         "\"message\":{\"role\":\"assistant\",\"content\":\" w%d\"},\"done\":false}\n"},
};

static void put_events(const struct stream *stream, struct fm_buf *buf)
{
	for (int i = 0; i < EVENTS; i++)
		fm_buf_putf(buf, stream->format, i % 1000, i % 1000);
}

/* Reads all, and says how long that took and how often memory was taken behind the first half. */
static int64_t read_all(const struct stream *stream, struct fm_span events, uint64_t *ret_taken)
{
	const struct fm_dialect *dialect = fm_dialect_find(stream->dialect);
	struct fm_reader *reader = fm_reader_open(dialect, true);
	const size_t half = events.len / 2;
	const int64_t begin_ns = cpu_ns();
	struct fm_progress progress;
	struct fm_err err;
	int64_t took_ns;
	uint64_t before = 0;

	fm_reader_status(reader, 200);
	fm_reader_header(reader, fm_span_of("content-type"),
	                 fm_span_of(fm_dialect_accept(dialect, true)));
	while (events.len > 0) {
		if (before == 0 && events.len < half)
			before = taken;
		if (fm_reader_feed(reader, fm_span_first(events, CHUNK), &progress, &err) !=
		    FM_OK) {
			printf("%s\n", err.text);
			exit(1);
		}
		events = fm_span_skip(events, CHUNK);
	}
	took_ns = cpu_ns() - begin_ns;
	*ret_taken = taken - before;
	fm_reader_close(reader);
	return took_ns;
}

/* What parsing each event into a tree of its own would cost alone. */
static int64_t parse_all(const struct stream *stream, struct fm_span events)
{
	const int64_t begin_ns = cpu_ns();
	struct fm_err err;
	size_t at;

	while ((at = fm_span_find_byte(events, '{')) < events.len) {
		struct fm_json json = {0};

		events = fm_span_skip(events, at);
		at = fm_span_find_byte(events, '\n');
		if (fm_json_open(fm_span_first(events, at), &json, &err) != FM_OK) {
			printf("%s: %s\n", stream->dialect, err.text);
			exit(1);
		}
		fm_json_close(&json);
		events = fm_span_skip(events, at);
	}
	return cpu_ns() - begin_ns;
}

/* The fastest of some rounds, taken in turns: what a busy machine adds is no property of ours. */
static void bench(const struct stream *stream)
{
	int64_t read_ns = INT64_MAX;
	int64_t parse_ns = INT64_MAX;
	uint64_t often = 0;
	struct fm_buf buf;

	fm_buf_init(&buf, SIZE_MAX);
	put_events(stream, &buf);
	for (int i = 0; i < ROUNDS; i++) {
		const int64_t read = read_all(stream, fm_buf_span(&buf), &often);
		const int64_t parse = parse_all(stream, fm_buf_span(&buf));

		read_ns = read < read_ns ? read : read_ns;
		parse_ns = parse < parse_ns ? parse : parse_ns;
	}
	printf("%-17s %-20s %7.2f %8.0f %9.2f %8" PRIu64 "\n", stream->dialect, stream->what,
	       EVENTS * 1e3 / (double)read_ns, (double)buf.len * 1e3 / (double)read_ns,
	       (double)parse_ns / (double)read_ns, often);
	fm_buf_free(&buf);
}

int main(void)
{
	printf("%-17s %-20s %7s %8s %9s %8s\n", "dialect", "stream", "M/s", "MB/s", "x a parse",
	       "mallocs");
	for (size_t i = 0; i < FM_COUNT(streams); i++)
		bench(&streams[i]);
	return 0;
}
