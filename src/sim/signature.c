#include "signature_internal.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/macro.h"

#define TEXT_MAX ((size_t)1 << 20)
#define SKEW_MS INT64_C(300000)
#define DATE_LEN 8
#define SECRET_MAX 256

/* What stands behind "NAME=" up to the next comma; empty when there is none. */
static struct fm_span part_of(struct fm_span text, const char *name)
{
	const struct fm_span rest =
		fm_span_skip(text, fm_span_find(text, fm_span_of(name)) + strlen(name));

	return fm_span_trim(fm_span_first(rest, fm_span_find_byte(rest, ',')));
}

bool fm_signature_read(struct fm_span text, struct fm_signature *ret_signature)
{
	const struct fm_span credential = part_of(text, "Credential=");
	const size_t slash = fm_span_find_byte(credential, '/');
	const struct fm_signature s = {.access = fm_span_first(credential, slash),
	                               .scope = fm_span_skip(credential, slash + 1),
	                               .names = part_of(text, "SignedHeaders="),
	                               .mac = part_of(text, "Signature=")};

	if (s.access.len == 0 || s.scope.len < DATE_LEN || s.names.len == 0 ||
	    !fm_span_ends(s.scope, "/aws4_request") || s.mac.len != FM_SHA256_TEXT_MAX - 1)
		return false;
	*ret_signature = s;
	return true;
}

static struct fm_span header_of(const struct fm_signed_request *request, struct fm_span name)
{
	for (size_t i = 0; i < request->line_count; i++)
		if (fm_span_equal_letters(request->lines[i].name, name))
			return fm_span_trim(request->lines[i].value);
	return (struct fm_span){0};
}

/* Encoded once more than it was sent, but for the slashes. */
static void put_path(struct fm_buf *buf, struct fm_span path)
{
	for (size_t i = 0; i < path.len; i++) {
		const char c = path.ptr[i];

		if (fm_is_alnum(c) || strchr("-._~/", c) != NULL)
			fm_buf_putc(buf, c);
		else
			fm_buf_putf(buf, "%%%02X", (unsigned)(unsigned char)c);
	}
}

static void put_request(struct fm_buf *buf, const struct fm_signature *signature,
                        const struct fm_signed_request *request)
{
	const size_t path_len = fm_span_find_byte(request->path, '?');
	struct fm_span names = signature->names;
	struct fm_span name;

	fm_buf_put(buf, request->method);
	fm_buf_putc(buf, '\n');
	put_path(buf, fm_span_first(request->path, path_len));
	fm_buf_putc(buf, '\n');
	fm_buf_put(buf, fm_span_skip(request->path, path_len + 1));
	fm_buf_putc(buf, '\n');
	/* A list that names one header again and again is nobody's. */
	while (buf->len < TEXT_MAX / 2 && fm_span_split(&names, ';', &name)) {
		fm_buf_put(buf, name);
		fm_buf_putc(buf, ':');
		fm_buf_put(buf, header_of(request, name));
		fm_buf_putc(buf, '\n');
	}
	fm_buf_putc(buf, '\n');
	fm_buf_put(buf, signature->names);
	fm_buf_putf(buf, "\n%s", request->body_digest);
}

/* A key for one day, region and service, and with it the signature. */
static void sign(struct fm_span secret, struct fm_span scope, struct fm_span text,
                 char ret_mac[FM_SHA256_BYTES])
{
	char first[4 + SECRET_MAX] = "AWS4";
	struct fm_span key = fm_span_make(first, 4 + secret.len);
	struct fm_span step;

	memcpy(first + 4, secret.ptr, secret.len);
	while (fm_span_split(&scope, '/', &step)) {
		fm_hmac_sha256(key, step, ret_mac);
		key = fm_span_make(ret_mac, FM_SHA256_BYTES);
	}
	fm_hmac_sha256(key, text, ret_mac);
	explicit_bzero(first, sizeof first);
}

/* "20261121T100000Z" */
static bool is_fresh(struct fm_span stamp, int64_t now_wall_ms, struct fm_arena *arena)
{
	const char *s = stamp.ptr;
	int64_t at_ms = 0;

	if (stamp.len != DATE_LEN + 8)
		return false;
	if (!fm_time_parse(fm_span_of(fm_arena_format(arena, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s.000Z",
	                                              s, s + 4, s + 6, s + 9, s + 11, s + 13)),
	                   &at_ms))
		return false;
	return now_wall_ms - at_ms <= SKEW_MS && at_ms - now_wall_ms <= SKEW_MS;
}

bool fm_signature_fits(const struct fm_signature *signature,
                       const struct fm_signed_request *request, struct fm_span secret,
                       int64_t now_wall_ms, struct fm_arena *arena)
{
	const struct fm_span stamp = header_of(request, fm_span_of("x-amz-date"));
	char digest[FM_SHA256_TEXT_MAX];
	char mac[FM_SHA256_BYTES];
	struct fm_buf buf;

	if (secret.len > SECRET_MAX || !is_fresh(stamp, now_wall_ms, arena) ||
	    !fm_span_equal(fm_span_first(stamp, DATE_LEN),
	                   fm_span_first(signature->scope, DATE_LEN)))
		return false;
	fm_buf_init(&buf, TEXT_MAX);
	put_request(&buf, signature, request);
	(void)fm_sha256_text(fm_buf_span(&buf), digest); /* it is in `digest` */
	fm_buf_clear(&buf);
	fm_buf_puts(&buf, FM_SIGNATURE_SCHEME);
	buf.len--; /* the blank */
	fm_buf_putc(&buf, '\n');
	fm_buf_put(&buf, stamp);
	fm_buf_putc(&buf, '\n');
	fm_buf_put(&buf, signature->scope);
	fm_buf_putf(&buf, "\n%s", digest);
	sign(secret, signature->scope, fm_buf_span(&buf), mac);
	fm_buf_free(&buf);
	return fm_span_is(signature->mac, fm_sha256_hex(mac, digest));
}
