#include "stream_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/memory.h"
#include "client/key.h"
#include "key_internal.h"
#include "sign_internal.h"
#include "text/secret.h"

static void fail_out_of_memory(const void *ptr)
{
	if (ptr == NULL)
		fm_die("out of memory");
}

static enum fm_code check_url(const struct fm_send *send, struct fm_span origin, struct fm_err *err)
{
	if (send->key != NULL && !fm_key_fits(send->key, origin))
		return fm_fail(err, FM_E_USAGE, "the key belongs to another origin than %.*s",
		               FM_SPAN_ARGS(origin));
	if (send->key != NULL && fm_origin_is_clear(origin) && !fm_origin_is_loopback(origin))
		return fm_fail(err, FM_E_USAGE, "http would send the key in clear: use https");
	return fm_sign_is_asked(send) ? fm_sign_check(send, err) : FM_OK;
}

enum fm_code fm_stream_open(const struct fm_send *send, struct fm_deaf_hosts *deaf,
                            struct fm_stream **ret_stream, struct fm_err *err)
{
	struct fm_stream *stream = fm_memory_take(sizeof *stream);
	struct fm_span origin;
	enum fm_code rc;

	stream->send = *send;
	stream->deaf = deaf;
	rc = fm_origin_of(send->url, false, stream->origin, sizeof stream->origin, err);
	if (rc != FM_OK)
		goto out;
	origin = fm_span_of(stream->origin);
	rc = check_url(send, origin, err);
	if (rc != FM_OK)
		goto out;
	stream->reader = fm_reader_open(send->dialect, send->stream);
	stream->hasher = fm_hasher_open();
	stream->moments = (struct fm_moments){FM_UNKNOWN, FM_UNKNOWN, FM_UNKNOWN, FM_UNKNOWN,
	                                      FM_UNKNOWN, FM_UNKNOWN, FM_UNKNOWN};
	stream->moments.began = fm_clock_mono_ns();
	stream->first_byte_ns = FM_UNKNOWN;
	stream->first_reasoning_ns = FM_UNKNOWN;
	stream->first_answer_ns = FM_UNKNOWN;
	stream->last_answer_ns = FM_UNKNOWN;
	stream->easy = curl_easy_init();
	fail_out_of_memory(stream->easy);
	fm_stream_setup(stream, fm_origin_is_loopback(origin));
	*ret_stream = stream;
	stream = NULL;
out:
	fm_stream_close(stream);
	return rc;
}

void fm_stream_close(struct fm_stream *stream)
{
	if (stream == NULL)
		return;
	curl_easy_cleanup(stream->easy);
	fm_key_wipe_list(stream->headers);
	fm_reader_close(stream->reader);
	fm_hasher_close(stream->hasher);
	fm_memory_free(stream->gaps);
	fm_memory_free(stream);
}

void fm_stream_cut(struct fm_stream *stream, enum fm_transport_end end, const char *why)
{
	if (stream->cut)
		return;
	stream->cut = true;
	stream->end = end;
	(void)fm_fail(&stream->why, FM_E_NET, "%s", why); /* kept for the reply */
}

/*
 * What libcurl's result says about the connection. 27, "out of memory", is what an endless header
 * line gives; ours stops the program elsewhere.
 */
static enum fm_transport_end end_of(const struct fm_stream *stream, CURLcode result)
{
	switch (result) {
	case CURLE_OK: /* libcurl takes half a head for an answer without a body */
		return stream->head_whole ? FM_END_CLEAN : FM_END_LOST;
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
	case CURLE_PROXY:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_INTERFACE_FAILED:
		return FM_END_UNREACHABLE;
	case CURLE_OPERATION_TIMEDOUT:
		return FM_END_TIMEOUT;
	case CURLE_OUT_OF_MEMORY:
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_FILESIZE_EXCEEDED:
	case CURLE_BAD_CONTENT_ENCODING:
		return FM_END_VIOLATION;
	case CURLE_RECV_ERROR: /* the same number for a lost connection and for broken framing */
		return strstr(stream->said, "chunk") != NULL ||
		                       strstr(stream->said, "header") != NULL
		               ? FM_END_VIOLATION
		               : FM_END_LOST;
	default:
		return FM_END_LOST;
	}
}

static int by_length(const void *a, const void *b)
{
	const int64_t *left = a;
	const int64_t *right = b;

	return (*left > *right) - (*left < *right);
}

/* The nearest rank: of twenty gaps the nineteenth. */
static int64_t gap_p95(struct fm_stream *stream)
{
	if (stream->gap_count == 0)
		return FM_UNKNOWN;
	qsort(stream->gaps, stream->gap_count, sizeof *stream->gaps, by_length);
	return stream->gaps[(stream->gap_count * 95 + 99) / 100 - 1];
}

static int64_t since(int64_t at_ns, int64_t due_ns)
{
	return at_ns == FM_UNKNOWN ? FM_UNKNOWN : at_ns - due_ns;
}

static void fill_times(struct fm_stream *stream, struct fm_times *times)
{
	const int64_t due_ns = stream->send.due_ns;

	*times = (struct fm_times){
		.due = 0,
		.sent = since(stream->moments.connected, due_ns),
		.body_out = since(stream->moments.body_out, due_ns),
		.first_byte = since(stream->first_byte_ns, due_ns),
		.first_reasoning = since(stream->first_reasoning_ns, due_ns),
		.first_answer = since(stream->first_answer_ns, due_ns),
		.end = fm_clock_mono_ns() - due_ns,
		.gap_p95 = gap_p95(stream),
	};
}

static void fill_limits(const struct fm_stream *stream, struct fm_reply *reply)
{
	const struct fm_deadlines *d = stream->send.deadlines;

	reply->deadline = stream->deadline;
	reply->limits = (struct fm_reply_limits){
		.connect_ns = d->connect_ns,
		.stall_ns = d->stall_ns,
		.first_ns = fm_deadline_first(d, stream->send.prompt_tokens),
		.progress_ns = d->progress_ns,
		.total_ns = d->total_ns,
		.reply_bytes = fm_stream_reply_bytes_max(&stream->send),
	};
}

/*
 * Only what the socket took can have arrived: what libcurl still holds in its buffer when the
 * connection breaks has provably not.
 */
static bool body_complete(const struct fm_stream *stream)
{
	curl_off_t written = 0;

	if (stream->place.done < stream->send.body->len)
		return false;
	if (curl_easy_getinfo(stream->easy, CURLINFO_SIZE_UPLOAD_T, &written) != CURLE_OK)
		return true;
	return (uint64_t)written >= stream->send.body->len;
}

/* An endpoint may hand a key back to us, ours or another model's; it goes no further. */
struct masks {
	struct fm_buf answer;
	struct fm_buf refusal;
	struct fm_buf error;
	struct fm_buf model;
};

static void mask(struct fm_reply *reply, struct masks *m)
{
	uint64_t *count = &reply->redacted;

	reply->answer = fm_redact(reply->answer, FM_REDACT_ENDS, &m->answer, count);
	reply->refusal = fm_redact(reply->refusal, FM_REDACT_ENDS, &m->refusal, count);
	reply->error = fm_redact(reply->error, FM_REDACT_ENDS, &m->error, count);
	reply->model_said = fm_redact(reply->model_said, FM_REDACT_ENDS, &m->model, count);
}

/* Where the endpoint gave no words of its own, ours or libcurl's stand. */
static void say_why(const struct fm_stream *stream, CURLcode result, struct fm_reply *reply)
{
	const bool complete = reply->outcome == FM_ANSWERED || reply->outcome == FM_REFUSED ||
	                      reply->outcome == FM_CUT_OUTPUT;

	if (reply->error.len > 0 || complete)
		return;
	if (stream->cut)
		reply->error = fm_span_of(stream->why.text);
	else if (result != CURLE_OK)
		reply->error = fm_span_of(stream->said[0] != '\0' ? stream->said
		                                                  : curl_easy_strerror(result));
}

void fm_stream_tell(struct fm_stream *stream, CURLcode result)
{
	const enum fm_transport_end end = stream->cut ? stream->end : end_of(stream, result);
	struct masks masks = {0};
	struct fm_reply reply;

	fm_reader_finish(stream->reader, end, body_complete(stream), fm_clock_wall_ms(), &reply);
	fill_times(stream, &reply.times);
	fill_limits(stream, &reply);
	reply.body_digest = fm_hasher_id(stream->hasher);
	reply.body_bytes = stream->place.done;
	reply.reply_bytes = stream->reply_bytes;
	say_why(stream, result, &reply);
	mask(&reply, &masks);
	stream->done(stream->ctx, &reply);
	fm_buf_free(&masks.answer);
	fm_buf_free(&masks.refusal);
	fm_buf_free(&masks.error);
	fm_buf_free(&masks.model);
}
