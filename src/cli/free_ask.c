#include "cli/free_ask.h"

#include "base/clock.h"
#include "text/escape.h"
#include "wire/count.h"
#include "wire/dialect.h"
#include "wire/preset.h"

#define ANSWER_BYTES_MAX ((size_t)16 << 20)
#define CONNECT_NS (10 * FM_NS_PER_S)
#define TOTAL_NS (60 * FM_NS_PER_S)
#define SAID_BYTES_MAX 300 /* of what a host says, in one line */

enum fm_code fm_free_ask(const struct fm_free_host *host, const char *url,
                         const struct fm_bytes *body, struct fm_ask_answer *ret_answer,
                         struct fm_err *err)
{
	const struct fm_dialect *dialect = fm_dialect_find(host->dialect);
	const struct fm_ask question = {
		.url = url,
		.key = host->key,
		.key_header = host->key_header != NULL ? host->key_header
	                                               : fm_dialect_key_header(dialect),
		.headers = fm_dialect_headers(dialect),
		.header = host->header,
		.body = body,
		.connect_ns = CONNECT_NS,
		.total_ns = TOTAL_NS,
	};

	return fm_ask_once(&question, ANSWER_BYTES_MAX, ret_answer, err);
}

/* What it said instead of a count. */
static enum fm_code refuse(const struct fm_ask_answer *answer, struct fm_err *err)
{
	const bool key = answer->status == 401 || answer->status == 403;
	struct fm_buf said;
	enum fm_code rc;

	if (answer->end != FM_ASK_ANSWERED)
		return fm_fail(err, FM_E_NET, "no answer: %s", answer->why.text);
	fm_buf_init(&said, (size_t)SAID_BYTES_MAX * 16);
	fm_put_visible(&said, fm_span_first(fm_buf_span(&answer->body), SAID_BYTES_MAX), false);
	rc = fm_fail(err, key ? FM_E_AUTH : FM_E_NET, "it does not count it: HTTP %d: %.*s",
	             answer->status, SAID_BYTES_MAX, fm_buf_text(&said));
	fm_buf_free(&said);
	return rc;
}

enum fm_code fm_free_count(const struct fm_free_host *host, const char *model,
                           const struct fm_prompt *prompt, struct fm_arena *arena,
                           uint64_t *ret_tokens, struct fm_err *err)
{
	const struct fm_count_form *form =
		fm_count_find(host->preset == NULL ? NULL : host->preset->name);
	struct fm_ask_answer answer = {0};
	struct fm_bytes body;
	enum fm_code rc;

	if (form == NULL)
		return fm_fail(err, FM_E_USAGE, "the host does not count for nothing");
	rc = fm_count_body(form, model, prompt, arena, &body, err);
	if (rc == FM_OK)
		rc = fm_free_ask(host, fm_count_url(form, host->base_url, model, arena), &body,
		                 &answer, err);
	if (rc == FM_OK && (answer.end != FM_ASK_ANSWERED || answer.status != 200))
		rc = refuse(&answer, err);
	if (rc == FM_OK && fm_count_read(form, fm_buf_span(&answer.body), ret_tokens, err) != FM_OK)
		rc = err->code = FM_E_NET;
	fm_buf_free(&answer.body);
	return rc;
}
