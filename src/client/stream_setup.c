#include "stream_internal.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/env.h"
#include "base/hash.h"
#include "base/macro.h"
#include "base/memory.h"
#include "base/num.h"
#include "key_internal.h"
#include "sign_internal.h"

#define HEADER_BYTES_MAX ((uint64_t)64 << 10) /* interim answers included */
#define EXPECT_FROM_BYTES ((uint64_t)1 << 20)
#define EXPECT_WAIT_MS 1000L
#define EXPECT_DEAF_WAIT_MS 50L /* a host that never answered it may have learned to */
#define NOT_SENT_MAX (128 << 10)
#define ACCEPT_BYTES_MAX 64
#define GAPS_MAX ((size_t)1 << 20)

static bool is_deaf(const struct fm_stream *stream)
{
	const uint64_t hash = fm_hash64(fm_span_of(stream->origin));

	for (size_t i = 0; i < stream->deaf->count; i++)
		if (stream->deaf->hashes[i] == hash)
			return true;
	return false;
}

static void note_deaf(struct fm_stream *stream)
{
	if (stream->send.body->len <= EXPECT_FROM_BYTES || stream->continued || is_deaf(stream) ||
	    stream->deaf->count == FM_DEAF_HOSTS_MAX)
		return;
	stream->deaf->hashes[stream->deaf->count++] = fm_hash64(fm_span_of(stream->origin));
}

/* Connected, TLS included: the request's first byte leaves next. */
/* NOLINTNEXTLINE(readability-non-const-parameter): libcurl's type */
static int on_ready(void *ctx, char *remote, char *local, int remote_port, int local_port)
{
	struct fm_stream *stream = ctx;

	(void)remote;
	(void)local;
	(void)remote_port;
	(void)local_port;
	stream->moments.connected = fm_clock_mono_ns();
	stream->moments.taken = stream->moments.connected;
	return CURL_PREREQFUNC_OK;
}

static size_t on_read(char *to, size_t size, size_t count, void *ctx)
{
	struct fm_stream *stream = ctx;
	size_t len;

	if (stream->place.done == 0)
		note_deaf(stream);
	len = fm_bytes_read(stream->send.body, &stream->place, to, size * count);
	fm_hasher_add(stream->hasher, fm_span_make(to, len));
	*stream->bytes_out += len;
	stream->moments.taken = fm_clock_mono_ns();
	if (stream->place.done == stream->send.body->len)
		stream->moments.body_out = stream->moments.taken;
	return len;
}

/*
 * libcurl rewinds a body to send it again: for a redirect, for a reused connection that died. Once
 * a byte has left that would be a second paid request which nobody asked for.
 */
static int on_seek(void *ctx, curl_off_t offset, int origin)
{
	const struct fm_stream *stream = ctx;

	return stream->place.done == 0 && offset == 0 && origin == SEEK_SET ? CURL_SEEKFUNC_OK
	                                                                    : CURL_SEEKFUNC_FAIL;
}

static void note_progress(struct fm_stream *stream, const struct fm_progress *p, int64_t now_ns)
{
	if (p->reasoning || p->answer)
		stream->moments.progress = now_ns;
	if (p->terminal && stream->moments.terminal == FM_UNKNOWN)
		stream->moments.terminal = now_ns;
	if (p->reasoning && stream->first_reasoning_ns == FM_UNKNOWN)
		stream->first_reasoning_ns = now_ns;
	if (!p->answer)
		return;
	if (stream->first_answer_ns == FM_UNKNOWN)
		stream->first_answer_ns = now_ns;
	if (stream->last_answer_ns != FM_UNKNOWN && stream->gap_count < GAPS_MAX) {
		stream->gaps = fm_memory_more(stream->gaps, stream->gap_count,
		                              &stream->gap_capacity, sizeof *stream->gaps);
		stream->gaps[stream->gap_count++] = now_ns - stream->last_answer_ns;
	}
	stream->last_answer_ns = now_ns;
}

uint64_t fm_stream_reply_bytes_max(const struct fm_send *send)
{
	if (send->deadlines->reply_bytes_max > 0)
		return send->deadlines->reply_bytes_max;
	if (send->max_tokens > UINT64_MAX >> 8)
		return UINT64_MAX;
	return 4 * send->max_tokens * 16 + ((uint64_t)1 << 20);
}

static size_t on_write(char *bytes, size_t size, size_t count, void *ctx)
{
	/* Stamped before the parse: a slow parser of ours must not look like a slow model of theirs. */
	const int64_t now_ns = fm_clock_mono_ns();
	struct fm_stream *stream = ctx;
	const size_t len = size * count;
	struct fm_progress progress = {0};
	struct fm_err err;

	stream->body_began = true;
	stream->reply_bytes += len;
	if (stream->moments.heard == FM_UNKNOWN)
		stream->moments.heard = now_ns;
	if (fm_reader_feed(stream->reader, fm_span_make(bytes, len), &progress, &err) != FM_OK) {
		fm_stream_cut(stream, FM_END_VIOLATION, err.text);
		return 0;
	}
	note_progress(stream, &progress, now_ns);
	if (stream->reply_bytes > fm_stream_reply_bytes_max(&stream->send)) {
		fm_stream_cut(stream, FM_END_VIOLATION, "the answer is longer than it may be");
		stream->deadline = "bytes";
		return 0;
	}
	return len;
}

static bool is_name(struct fm_span text, const char *lower)
{
	const struct fm_span other = fm_span_of(lower);
	size_t same = 0;

	while (same < text.len && same < other.len &&
	       fm_to_lower(text.ptr[same]) == other.ptr[same])
		same++;
	return same == text.len && same == other.len;
}

/* What was not asked for is never decoded: a kilobyte could become a gigabyte. */
static bool is_encoded(struct fm_span name, struct fm_span value)
{
	if (is_name(name, "content-encoding"))
		return value.len > 0 && !is_name(value, "identity");
	if (is_name(name, "transfer-encoding"))
		return !is_name(value, "chunked") && !is_name(value, "identity");
	return false;
}

static void take_status(struct fm_stream *stream, struct fm_span line)
{
	const size_t blank = fm_span_find_byte(line, ' ');
	uint64_t status;

	if (!fm_num_u64(fm_span_first(fm_span_skip(line, blank + 1), 3), &status))
		return;
	stream->status = (int)status;
	if (status == 100)
		stream->continued = true;
	else
		fm_reader_status(stream->reader, stream->status);
}

static void end_head(struct fm_stream *stream)
{
	stream->head_whole = true;
	if (stream->send.heard == NULL)
		return;
	const struct fm_rate_said said = fm_reader_rate(stream->reader, fm_clock_wall_ms());

	stream->send.heard(stream->ctx, &said);
}

static size_t on_header(char *bytes, size_t size, size_t count, void *ctx)
{
	struct fm_stream *stream = ctx;
	const size_t len = size * count;
	const struct fm_span line = fm_span_trim(fm_span_make(bytes, len));
	const size_t colon = fm_span_find_byte(line, ':');
	const struct fm_span name = fm_span_first(line, colon);
	const struct fm_span value = fm_span_trim(fm_span_skip(line, colon + 1));

	const int64_t now_ns = fm_clock_mono_ns();

	stream->header_bytes += len;
	if (stream->header_bytes > HEADER_BYTES_MAX) {
		fm_stream_cut(stream, FM_END_VIOLATION, "more headers than an answer may have");
		return 0;
	}
	if (stream->body_began)
		return len;
	if (line.len == 0 && stream->status >= 200) {
		end_head(stream);
	} else if (fm_span_starts(line, "HTTP/")) {
		take_status(stream, line);
		/* A "100 Continue" comes before the body is out: it is no byte of the answer. */
		if (stream->first_byte_ns == FM_UNKNOWN && stream->status >= 200)
			stream->first_byte_ns = now_ns;
	} else if (is_encoded(name, value)) {
		fm_stream_cut(stream, FM_END_VIOLATION, "an encoding that nobody asked for");
		return 0;
	} else if (colon < line.len && stream->status >= 200) {
		fm_reader_header(stream->reader, name, value);
	}
	return len;
}

/*
 * Keepalive proves that the next hop lives while a model reads for minutes; a limit on low speed
 * would kill exactly that silence. Few unsent bytes in the kernel mean few wasted ones when an
 * early answer comes, and an honest end of the upload. All of it is best effort.
 */
static int on_socket(void *ctx, curl_socket_t fd, curlsocktype purpose)
{
	const struct {
		int level, name, value;
	} rows[] = {
		{SOL_SOCKET,  SO_KEEPALIVE,      1           },
		{IPPROTO_TCP, TCP_KEEPIDLE,      45          },
		{IPPROTO_TCP, TCP_KEEPINTVL,     15          },
		{IPPROTO_TCP, TCP_KEEPCNT,       4           },
		{IPPROTO_TCP, TCP_USER_TIMEOUT,  120000      },
		{IPPROTO_TCP, TCP_NOTSENT_LOWAT, NOT_SENT_MAX},
	};

	(void)ctx;
	(void)purpose;
	for (size_t i = 0; i < FM_COUNT(rows); i++)
		(void)setsockopt(fd, rows[i].level, rows[i].name, &rows[i].value,
		                 sizeof rows[i].value);
	return CURL_SOCKOPT_OK;
}

static void add_header(struct fm_stream *stream, const char *line)
{
	struct curl_slist *more = curl_slist_append(stream->headers, line);

	if (more == NULL)
		fm_die("out of memory");
	stream->headers = more;
}

static void add_headers(struct fm_stream *stream)
{
	const struct fm_send *send = &stream->send;
	char accept[ACCEPT_BYTES_MAX];

	(void)snprintf(accept, sizeof accept, "Accept: %s",
	               fm_dialect_accept(send->dialect, send->stream)); /* it has room for all */
	add_header(stream, "Content-Type: application/json");
	add_header(stream, accept);
	for (const char *const *more = fm_dialect_headers(send->dialect); *more != NULL; more++)
		add_header(stream, *more);
	if (send->header != NULL)
		add_header(stream, send->header);
	add_header(stream, "Accept-Encoding: identity");
	add_header(stream, "User-Agent: fathom/" FATHOM_VERSION);
	if (send->body->len <= EXPECT_FROM_BYTES)
		add_header(stream, "Expect:");
	if (fm_sign_is_asked(send))
		stream->headers = fm_sign_add_headers(send, stream->headers);
	else if (send->key != NULL)
		stream->headers = fm_key_add_header(send->key,
		                                    send->key_header != NULL
		                                            ? send->key_header
		                                            : fm_dialect_key_header(send->dialect),
		                                    stream->headers);
}

/* An option that libcurl does not take would silently be a rule that does not hold. */
static void must(CURLcode rc)
{
	if (rc != CURLE_OK)
		fm_die("libcurl refuses an option that paid requests need");
}

/*
 * The authorities are half a megabyte when they are parsed. libcurl shares them among the streams
 * of one loop, but only when no folder of them is set besides the bundle.
 */
static void set_authorities(CURL *easy)
{
	const curl_version_info_data *built = curl_version_info(CURLVERSION_NOW);
	const char *bundle = fm_env_get("CURL_CA_BUNDLE");

	if (bundle == NULL)
		bundle = fm_env_get("SSL_CERT_FILE");
	if (bundle != NULL)
		must(curl_easy_setopt(easy, CURLOPT_CAINFO, bundle));
	if (bundle != NULL || built->cainfo != NULL)
		must(curl_easy_setopt(easy, CURLOPT_CAPATH, NULL));
	must(curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L));
	must(curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L));
}

void fm_stream_rules(CURL *easy, bool loopback)
{
	must(curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L));
	/* What a proxy says to CONNECT is not the endpoint's status. */
	must(curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L));
	must(curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https"));
	must(curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L));
	must(curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1));
	must(curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L));
	must(curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L));
	must(curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, 64L << 10));
	must(curl_easy_setopt(easy, CURLOPT_HTTP_TRANSFER_DECODING, 1L));
	set_authorities(easy);
	if (loopback)
		must(curl_easy_setopt(easy, CURLOPT_PROXY, ""));
}

static void set_calls(CURL *easy, struct fm_stream *stream)
{
	must(curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_read));
	must(curl_easy_setopt(easy, CURLOPT_READDATA, stream));
	must(curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, on_seek));
	must(curl_easy_setopt(easy, CURLOPT_SEEKDATA, stream));
	must(curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_write));
	must(curl_easy_setopt(easy, CURLOPT_WRITEDATA, stream));
	must(curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header));
	must(curl_easy_setopt(easy, CURLOPT_HEADERDATA, stream));
	must(curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, on_socket));
	must(curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_ready));
	must(curl_easy_setopt(easy, CURLOPT_PREREQDATA, stream));
	must(curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, stream->said));
	must(curl_easy_setopt(easy, CURLOPT_PRIVATE, stream));
}

void fm_stream_setup(struct fm_stream *stream, bool loopback)
{
	CURL *easy = stream->easy;

	add_headers(stream);
	fm_stream_rules(easy, loopback);
	set_calls(easy, stream);
	must(curl_easy_setopt(easy, CURLOPT_URL, stream->send.url));
	must(curl_easy_setopt(easy, CURLOPT_POST, 1L));
	must(curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
	                      (curl_off_t)stream->send.body->len));
	must(curl_easy_setopt(easy, CURLOPT_HTTPHEADER, stream->headers));
	must(curl_easy_setopt(easy, CURLOPT_EXPECT_100_TIMEOUT_MS,
	                      is_deaf(stream) ? EXPECT_DEAF_WAIT_MS : EXPECT_WAIT_MS));
}
