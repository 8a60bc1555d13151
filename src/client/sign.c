#include "sign_internal.h"

#include <curl/curl.h>

#include "base/clock.h"
#include "base/env.h"
#include "key_internal.h"
#include "wire/sigv4.h"

bool fm_sign_is_asked(const struct fm_send *send)
{
	return send->key != NULL && fm_key_part(send->key, FM_KEY_SECRET).len > 0;
}

/* A gateway's address names no region: then the variables do by which AWS's own clients go. */
static bool find_region(const struct fm_send *send, struct fm_span *ret_region)
{
	const char *named = fm_env_get("AWS_REGION");

	if (fm_sigv4_region(fm_span_of(send->url), ret_region))
		return true;
	if (named == NULL || named[0] == '\0')
		named = fm_env_get("AWS_DEFAULT_REGION");
	*ret_region = fm_span_of(named);
	return ret_region->len > 0;
}

enum fm_code fm_sign_check(const struct fm_send *send, struct fm_err *err)
{
	const struct fm_span url = fm_span_of(send->url);
	struct fm_span region;

	if (fm_span_find_byte(url, '?') < url.len)
		return fm_fail(err, FM_E_USAGE,
		               "an address with a query is not signed: use a key that needs none");
	if (!find_region(send, &region))
		return fm_fail(err, FM_E_USAGE,
		               "to sign it a region is needed: set AWS_REGION, or use an address "
		               "that names it");
	return FM_OK;
}

static void add_line(void *ctx, const char *line)
{
	struct curl_slist **list = ctx;
	struct curl_slist *more = curl_slist_append(*list, line);

	if (more == NULL)
		fm_die("out of memory");
	*list = more;
}

struct curl_slist *fm_sign_add_headers(const struct fm_send *send, struct curl_slist *list)
{
	const struct fm_sigv4_keys keys = {
		.access = fm_key_part(send->key, FM_KEY_TEXT),
		.secret = fm_key_part(send->key, FM_KEY_SECRET),
		.session = fm_key_part(send->key, FM_KEY_SESSION),
	};
	struct fm_sigv4_request request = {
		.url = fm_span_of(send->url),
		.service = fm_span_of("bedrock"),
		.body = send->body,
	};

	if (find_region(send, &request.region)) /* it was checked */
		fm_sigv4_sign(&request, &keys, fm_clock_wall_ms(), add_line, &list);
	return list;
}
