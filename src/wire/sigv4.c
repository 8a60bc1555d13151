#include "wire/sigv4.h"

#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/macro.h"
#include "base/sha256.h"
#include "dialect_internal.h"

#define TEXT_MAX ((size_t)4 << 20)
#define STAMP_MAX 17 /* "20261121T100000Z" and a NUL */
#define DATE_LEN 8

struct url {
	bool secure;
	struct fm_span host; /* with a port that is not the scheme's own, as HTTP's Host has it */
	struct fm_span path;
};

static struct url split(struct fm_span url)
{
	struct url parts = {.secure = fm_span_starts(url, "https:")};
	const char *port = parts.secure ? ":443" : ":80";

	url = fm_span_skip(url, fm_span_find(url, fm_span_of("://")) + 3);
	parts.host = fm_span_first(url, fm_span_find_byte(url, '/'));
	parts.path = fm_span_skip(url, parts.host.len);
	if (fm_span_ends(parts.host, port))
		parts.host.len -= strlen(port);
	return parts;
}

bool fm_sigv4_region(struct fm_span url, struct fm_span *ret_region)
{
	struct fm_span rest = split(url).host;
	struct fm_span label;

	while (fm_span_split(&rest, '.', &label))
		if (fm_span_starts(label, "bedrock"))
			return fm_span_split(&rest, '.', ret_region) && ret_region->len > 0;
	return false;
}

/* "2026-11-21T10:00:00.000Z" without its punctuation and fraction. */
static void put_stamp(int64_t now_wall_ms, char ret_stamp[STAMP_MAX])
{
	char text[FM_TIME_TEXT_MAX];
	size_t n = 0;

	for (const char *c = fm_time_text(now_wall_ms, text); *c != '.'; c++)
		if (*c != '-' && *c != ':' && n < STAMP_MAX - 2)
			ret_stamp[n++] = *c;
	ret_stamp[n++] = 'Z';
	ret_stamp[n] = '\0';
}

/* The names of what is signed, in the order in which it is. */
static const char *signed_names(const struct fm_sigv4_keys *keys)
{
	return keys->session.len > 0 ? "content-type;host;x-amz-date;x-amz-security-token"
	                             : "content-type;host;x-amz-date";
}

static void put_path(struct fm_buf *buf, struct fm_span path)
{
	struct fm_span segment;
	bool any = false;

	while (fm_span_split(&path, '/', &segment)) {
		if (segment.len == 0)
			continue;
		fm_buf_putc(buf, '/');
		fm_path_add(buf, segment);
		any = true;
	}
	if (!any)
		fm_buf_putc(buf, '/');
}

/* The request in the form whose hash is signed; its empty line is the query. */
static void put_request(struct fm_buf *buf, const struct fm_sigv4_request *request,
                        const struct fm_sigv4_keys *keys, const char *stamp)
{
	const struct url url = split(request->url);
	char digest[FM_SHA256_TEXT_MAX];

	fm_buf_puts(buf, "POST\n");
	put_path(buf, url.path);
	fm_buf_puts(buf, "\n\ncontent-type:application/json\nhost:");
	fm_buf_put(buf, url.host);
	fm_buf_putf(buf, "\nx-amz-date:%s\n", stamp);
	if (keys->session.len > 0) {
		fm_buf_puts(buf, "x-amz-security-token:");
		fm_buf_put(buf, keys->session);
		fm_buf_putc(buf, '\n');
	}
	fm_buf_putf(buf, "\n%s\n%s", signed_names(keys),
	            fm_sha256_text_of(request->body->spans, request->body->count, digest));
}

static void put_scope(struct fm_buf *buf, const struct fm_sigv4_request *request, const char *stamp)
{
	fm_buf_put(buf, fm_span_make(stamp, DATE_LEN));
	fm_buf_putc(buf, '/');
	fm_buf_put(buf, request->region);
	fm_buf_putc(buf, '/');
	fm_buf_put(buf, request->service);
	fm_buf_puts(buf, "/aws4_request");
}

/* A key for one day, region and service, and with it the signature. */
static void sign(const struct fm_sigv4_request *request, struct fm_span secret, const char *stamp,
                 struct fm_span text, char ret_mac[FM_SHA256_BYTES])
{
	const struct fm_span steps[] = {fm_span_make(stamp, DATE_LEN), request->region,
	                                request->service, fm_span_of("aws4_request"), text};
	char first[4 + FM_SIGV4_SECRET_MAX] = "AWS4";
	struct fm_span key = fm_span_make(first, 4 + secret.len);

	assert(secret.len <= FM_SIGV4_SECRET_MAX);
	memcpy(first + 4, secret.ptr, secret.len);
	for (size_t i = 0; i < FM_COUNT(steps); i++) {
		fm_hmac_sha256(key, steps[i], ret_mac);
		key = fm_span_make(ret_mac, FM_SHA256_BYTES);
	}
	explicit_bzero(first, sizeof first);
}

/* Its memory has held a session's token, or goes to who shall not keep it. */
static void wipe(struct fm_buf *buf)
{
	if (buf->ptr != NULL)
		explicit_bzero(buf->ptr, buf->capacity);
	fm_buf_clear(buf);
}

void fm_sigv4_sign(const struct fm_sigv4_request *request, const struct fm_sigv4_keys *keys,
                   int64_t now_wall_ms, fm_sigv4_line_fn line, void *ctx)
{
	char stamp[STAMP_MAX];
	char digest[FM_SHA256_TEXT_MAX];
	char mac[FM_SHA256_BYTES];
	struct fm_buf buf;

	fm_buf_init(&buf, TEXT_MAX);
	put_stamp(now_wall_ms, stamp);
	put_request(&buf, request, keys, stamp);
	(void)fm_sha256_text(fm_buf_span(&buf), digest); /* it is in `digest` */
	wipe(&buf);
	fm_buf_putf(&buf, "AWS4-HMAC-SHA256\n%s\n", stamp);
	put_scope(&buf, request, stamp);
	fm_buf_putf(&buf, "\n%s", digest);
	sign(request, keys->secret, stamp, fm_buf_span(&buf), mac);
	fm_buf_clear(&buf);
	fm_buf_putf(&buf, "X-Amz-Date: %s", stamp);
	line(ctx, fm_buf_text(&buf));
	fm_buf_clear(&buf);
	fm_buf_puts(&buf, "Authorization: AWS4-HMAC-SHA256 Credential=");
	fm_buf_put(&buf, keys->access);
	fm_buf_putc(&buf, '/');
	put_scope(&buf, request, stamp);
	fm_buf_putf(&buf, ", SignedHeaders=%s, Signature=%s", signed_names(keys),
	            fm_sha256_hex(mac, digest));
	line(ctx, fm_buf_text(&buf));
	wipe(&buf);
	if (keys->session.len > 0) {
		fm_buf_puts(&buf, "X-Amz-Security-Token: ");
		fm_buf_put(&buf, keys->session);
		line(ctx, fm_buf_text(&buf));
	}
	wipe(&buf);
	fm_buf_free(&buf);
}
