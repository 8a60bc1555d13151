#include "client/ask.h"

#include <string.h>

#include "base/clock.h"
#include "key_internal.h"
#include "sign_internal.h"
#include "stream_internal.h"
#include "text/secret.h"

/* What is being asked, for libcurl's calls. */
struct asking {
	const struct fm_ask *ask;
	struct fm_ask_answer *answer;
	CURL *easy;
	struct curl_slist *headers;
	struct fm_bytes_place place;
	char origin[FM_ORIGIN_MAX];
	char said[CURL_ERROR_SIZE];
};

static size_t on_read(char *to, size_t size, size_t count, void *ctx)
{
	struct asking *a = ctx;

	return fm_bytes_read(a->ask->body, &a->place, to, size * count);
}

static size_t on_write(char *bytes, size_t size, size_t count, void *ctx)
{
	struct asking *a = ctx;
	struct fm_buf *body = &a->answer->body;

	if (size * count > body->max - body->len)
		return 0;
	fm_buf_put(body, fm_span_make(bytes, size * count));
	return size * count;
}

static size_t on_header(char *bytes, size_t size, size_t count, void *ctx)
{
	struct asking *a = ctx;
	const struct fm_span line = fm_span_trim(fm_span_make(bytes, size * count));
	const size_t colon = fm_span_find_byte(line, ':');
	const char date[] = "date";
	bool same = colon == sizeof date - 1;

	for (size_t i = 0; same && i < colon; i++)
		same = fm_to_lower(line.ptr[i]) == date[i];
	if (same &&
	    !fm_time_parse_http(fm_span_trim(fm_span_skip(line, colon + 1)), &a->answer->date_ms))
		a->answer->date_ms = FM_UNKNOWN;
	return size * count;
}

static void add_header(struct asking *a, const char *line)
{
	struct curl_slist *more = curl_slist_append(a->headers, line);

	if (more == NULL)
		fm_die("out of memory");
	a->headers = more;
}

static bool posts(const struct fm_ask *ask)
{
	return ask->body != NULL && ask->body->len > 0;
}

/* What a signature is made of. */
static struct fm_send as_sent(const struct fm_ask *ask)
{
	return (struct fm_send){.url = ask->url, .key = ask->key, .body = ask->body};
}

static void add_headers(struct asking *a)
{
	const struct fm_ask *ask = a->ask;
	const struct fm_send send = as_sent(ask);

	for (const char *const *more = ask->headers; more != NULL && *more != NULL; more++)
		add_header(a, *more);
	if (ask->header != NULL)
		add_header(a, ask->header);
	add_header(a, "Accept: application/json");
	add_header(a, "Accept-Encoding: identity");
	add_header(a, "User-Agent: fathom/" FATHOM_VERSION);
	add_header(a, "Expect:");
	if (posts(ask))
		add_header(a, "Content-Type: application/json");
	if (fm_sign_is_asked(&send))
		a->headers = fm_sign_add_headers(&send, a->headers);
	else if (ask->key != NULL)
		a->headers = fm_key_add_header(ask->key, ask->key_header, a->headers);
}

static void must(CURLcode rc)
{
	if (rc != CURLE_OK)
		fm_die("libcurl refuses an option that free requests need");
}

static void set_up(struct asking *a)
{
	const struct fm_ask *ask = a->ask;

	add_headers(a);
	fm_stream_rules(a->easy, fm_origin_is_loopback(fm_span_of(a->origin)));
	must(curl_easy_setopt(a->easy, CURLOPT_URL, ask->url));
	must(curl_easy_setopt(a->easy, CURLOPT_HTTPHEADER, a->headers));
	must(curl_easy_setopt(a->easy, CURLOPT_ERRORBUFFER, a->said));
	must(curl_easy_setopt(a->easy, CURLOPT_WRITEFUNCTION, on_write));
	must(curl_easy_setopt(a->easy, CURLOPT_WRITEDATA, a));
	must(curl_easy_setopt(a->easy, CURLOPT_HEADERFUNCTION, on_header));
	must(curl_easy_setopt(a->easy, CURLOPT_HEADERDATA, a));
	must(curl_easy_setopt(a->easy, CURLOPT_CONNECTTIMEOUT_MS,
	                      (long)(ask->connect_ns / FM_NS_PER_MS)));
	must(curl_easy_setopt(a->easy, CURLOPT_TIMEOUT_MS, (long)(ask->total_ns / FM_NS_PER_MS)));
	if (!posts(ask))
		return;
	must(curl_easy_setopt(a->easy, CURLOPT_POST, 1L));
	must(curl_easy_setopt(a->easy, CURLOPT_READFUNCTION, on_read));
	must(curl_easy_setopt(a->easy, CURLOPT_READDATA, a));
	must(curl_easy_setopt(a->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)ask->body->len));
}

/* A time that passed while it connected says what was waited for. */
static enum fm_ask_end end_of(const struct asking *a, CURLcode result)
{
	double connected = 0;

	switch (result) {
	case CURLE_OK:
		return FM_ASK_ANSWERED;
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_RESOLVE_HOST:
		return FM_ASK_RESOLVE;
	case CURLE_COULDNT_CONNECT:
	case CURLE_PROXY:
	case CURLE_INTERFACE_FAILED:
		return FM_ASK_CONNECT;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
		return FM_ASK_TLS;
	case CURLE_OPERATION_TIMEDOUT:
		(void)curl_easy_getinfo(a->easy, CURLINFO_CONNECT_TIME,
		                        &connected); /* 0 where it is not known */
		return connected > 0 ? FM_ASK_BROKEN : FM_ASK_CONNECT;
	default:
		return FM_ASK_BROKEN;
	}
}

/* An endpoint may hand a key back to us; it goes no further. */
static void mask_body(struct fm_buf *body)
{
	struct fm_buf masked = {0};
	uint64_t count = 0;

	(void)fm_redact(fm_buf_span(body), FM_REDACT_ENDS, &masked, &count); /* it is in `masked` */
	if (count == 0) {
		fm_buf_free(&masked);
		return;
	}
	fm_buf_free(body);
	*body = masked;
}

static void carry_out(struct asking *a)
{
	struct fm_ask_answer *answer = a->answer;
	const int64_t began_ns = fm_clock_mono_ns();
	const CURLcode result = curl_easy_perform(a->easy);
	long connect_code = 0;
	long status = 0;

	answer->took_ns = fm_clock_mono_ns() - began_ns;
	answer->end = end_of(a, result);
	(void)curl_easy_getinfo(a->easy, CURLINFO_RESPONSE_CODE, &status); /* 0: none came */
	(void)curl_easy_getinfo(a->easy, CURLINFO_HTTP_CONNECTCODE, &connect_code);
	answer->status = (int)status;
	answer->tunnelled = connect_code != 0;
	if (answer->end != FM_ASK_ANSWERED)
		(void)fm_fail(&answer->why, FM_E_NET, "%s",
		              a->said[0] != '\0' ? a->said : curl_easy_strerror(result)); /* kept */
	mask_body(&answer->body);
}

static enum fm_code check(const struct fm_ask *ask, const char *origin, struct fm_err *err)
{
	const struct fm_span span = fm_span_of(origin);
	const struct fm_send send = as_sent(ask);

	if (ask->key == NULL)
		return FM_OK;
	if (!fm_key_fits(ask->key, span))
		return fm_fail(err, FM_E_USAGE, "the key belongs to another origin than %s",
		               origin);
	if (fm_origin_is_clear(span) && !fm_origin_is_loopback(span))
		return fm_fail(err, FM_E_USAGE, "http would send the key in clear: use https");
	if (!fm_sign_is_asked(&send))
		return FM_OK;
	if (!posts(ask))
		return fm_fail(err, FM_E_USAGE, "its key signs what is posted, and nothing else");
	return fm_sign_check(&send, err);
}

enum fm_code fm_ask_once(const struct fm_ask *ask, size_t body_max,
                         struct fm_ask_answer *ret_answer, struct fm_err *err)
{
	struct fm_ask_answer answer = {.date_ms = FM_UNKNOWN};
	struct asking a = {.ask = ask, .answer = &answer};
	enum fm_code rc = fm_origin_of(ask->url, false, a.origin, sizeof a.origin, err);

	if (rc == FM_OK)
		rc = check(ask, a.origin, err);
	if (rc != FM_OK)
		return rc;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return fm_fail(err, FM_E_IO, "libcurl cannot start");
	a.easy = curl_easy_init();
	if (a.easy == NULL)
		fm_die("out of memory");
	fm_buf_init(&answer.body, body_max);
	set_up(&a);
	carry_out(&a);
	*ret_answer = answer;
	curl_easy_cleanup(a.easy);
	fm_key_wipe_list(a.headers);
	curl_global_cleanup();
	return FM_OK;
}
