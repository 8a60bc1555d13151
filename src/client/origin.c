#include "origin_internal.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#include "client/key.h"

/* A host's bytes once libcurl has decoded it; anything else is somebody's trick. */
static bool is_plain_host(const char *host)
{
	for (; *host != '\0'; host++)
		if (!fm_is_alnum(*host) && strchr(".-_:[]", *host) == NULL)
			return false;
	return true;
}

static bool has_part(CURLU *url, CURLUPart part)
{
	char *text = NULL;
	const CURLUcode rc = curl_url_get(url, part, &text, 0);

	curl_free(text);
	return rc == CURLUE_OK;
}

static char *part_of(CURLU *url, CURLUPart part, unsigned flags)
{
	char *text = NULL;

	return curl_url_get(url, part, &text, flags) == CURLUE_OK ? text : NULL;
}

/* The parts are libcurl's own reading, so that a key goes where libcurl goes and nowhere else. */
static enum fm_code put_origin(CURLU *url, bool path, char *ret_origin, size_t size,
                               struct fm_err *err)
{
	char *scheme = part_of(url, CURLUPART_SCHEME, 0);
	char *host = part_of(url, CURLUPART_HOST, 0);
	char *port = part_of(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
	char *below = part_of(url, CURLUPART_PATH, 0);
	struct fm_span tail = fm_span_of(path ? below : NULL);
	enum fm_code rc = FM_OK;
	int len;

	if (scheme == NULL || host == NULL || port == NULL || !is_plain_host(host)) {
		rc = fm_fail(err, FM_E_USAGE, "not a host's address");
		goto out;
	}
	for (char *c = host; *c != '\0'; c++)
		*c = fm_to_lower(*c);
	while (fm_span_ends(tail, "/"))
		tail.len--;
	len = snprintf(ret_origin, size, "%s://%s:%s%.*s", scheme, host, port, FM_SPAN_ARGS(tail));
	if (len < 0 || (size_t)len >= size)
		rc = fm_fail(err, FM_E_USAGE, "too long");
out:
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	curl_free(below);
	return rc;
}

enum fm_code fm_origin_of(const char *url, bool path, char *ret_origin, size_t size,
                          struct fm_err *err)
{
	CURLU *parsed = curl_url();
	enum fm_code rc = FM_OK;

	if (parsed == NULL)
		fm_die("out of memory");
	if (!fm_span_starts(fm_span_of(url), "http://") &&
	    !fm_span_starts(fm_span_of(url), "https://")) {
		rc = fm_fail(err, FM_E_USAGE, "must begin with https:// or http://");
		goto out;
	}
	if (curl_url_set(parsed, CURLUPART_URL, url, 0) != CURLUE_OK) {
		rc = fm_fail(err, FM_E_USAGE, "not a URL");
		goto out;
	}
	/*
	 * Not one of them is shown: a password may stand there. Behind the query of an address no
	 * dialect's path could follow; Gemini's own path ends in one.
	 */
	if (has_part(parsed, CURLUPART_USER) || has_part(parsed, CURLUPART_PASSWORD) ||
	    (path && has_part(parsed, CURLUPART_QUERY)) || has_part(parsed, CURLUPART_FRAGMENT)) {
		rc = fm_fail(err, FM_E_USAGE, "holds a user, a query or a fragment");
		goto out;
	}
	/* Through another interface the same address is another machine. */
	if (has_part(parsed, CURLUPART_ZONEID)) {
		rc = fm_fail(err, FM_E_USAGE, "names a network interface");
		goto out;
	}
	rc = put_origin(parsed, path, ret_origin, size, err);
out:
	curl_url_cleanup(parsed);
	return rc == FM_OK ? rc : fm_err_prefix(err, "URL");
}

bool fm_origin_is_clear(struct fm_span origin)
{
	return fm_span_starts(origin, "http://");
}

bool fm_origin_is_loopback(struct fm_span origin)
{
	const struct fm_span rest = fm_span_skip(origin, fm_origin_is_clear(origin) ? 7 : 8);
	struct fm_span part;
	struct fm_span host;
	size_t digits = 0;

	if (fm_span_starts(rest, "[::1]:") || fm_span_starts(rest, "localhost:"))
		return true;
	host = fm_span_first(rest, fm_span_find_byte(rest, ':'));
	if (!fm_span_starts(host, "127."))
		return false;
	/* "127.evil.example" begins like an address and is none. */
	while (fm_span_split(&host, '.', &part)) {
		for (size_t i = 0; i < part.len; i++)
			if (!fm_is_digit(part.ptr[i]))
				return false;
		digits++;
	}
	return digits == 4;
}
