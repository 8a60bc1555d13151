#include "records_internal.h"

#include <string.h>

#include "text/json_pull.h"
#include "user_internal.h"

#define BLOCK_BYTES 65536
#define NAMES_BYTES_MAX 120 /* of the fields that are there, in an error */
#define BOM "\xef\xbb\xbf"

void fm_records_init(struct fm_records *records, struct fm_unpack *in, const char *field)
{
	*records = (struct fm_records){.in = in, .field = field};
	fm_buf_init(&records->bytes, FM_USER_SEGMENT_MAX + BLOCK_BYTES);
	fm_buf_init(&records->text, FM_USER_SEGMENT_MAX + BLOCK_BYTES);
}

void fm_records_free(struct fm_records *records)
{
	fm_buf_free(&records->bytes);
	fm_buf_free(&records->text);
}

static enum fm_code read_more(struct fm_records *r, struct fm_err *err)
{
	char block[BLOCK_BYTES];
	size_t len = 0;
	enum fm_code rc = fm_unpack_read(r->in, block, sizeof block, &len, err);

	if (rc != FM_OK)
		return rc;
	r->ended = len == 0;
	fm_buf_drop(&r->bytes, r->from);
	r->from = 0;
	if (r->bytes.len > FM_USER_SEGMENT_MAX)
		return fm_fail(err, FM_E_LIMIT, "line %llu: is longer than 8 MiB",
		               (unsigned long long)r->line + 1);
	return fm_buf_add(&r->bytes, fm_span_make(block, len), err);
}

/* The next line without its end, blank or not. False behind the last one. */
static enum fm_code next_line(struct fm_records *r, bool *ret_there, struct fm_span *ret_line,
                              struct fm_err *err)
{
	size_t looked = 0; /* a long line is not searched again with every block */

	for (;;) {
		const struct fm_span rest = fm_span_skip(fm_buf_span(&r->bytes), r->from);
		const size_t len = looked + fm_span_find_byte(fm_span_skip(rest, looked), '\n');
		enum fm_code rc;

		if (len < rest.len || r->ended) {
			*ret_there = rest.len > 0;
			*ret_line = fm_span_first(rest, len);
			r->from += len < rest.len ? len + 1 : rest.len;
			r->line += rest.len > 0;
			return FM_OK;
		}
		looked = rest.len;
		rc = read_more(r, err);
		if (rc != FM_OK)
			return rc;
	}
}

static enum fm_code fail_missing(const struct fm_records *r, struct fm_span names,
                                 struct fm_err *err)
{
	return fm_fail(err, FM_E_FORMAT,
	               "has no \"%.60s\" (it has: %.*s); say with --field which one the text is in",
	               r->field, FM_SPAN_ARGS(names));
}

/* A member's value, if it is the one; all others are passed over, but checked. */
static enum fm_code read_member(struct fm_records *r, struct fm_json_pull *pull, bool *found,
                                struct fm_err *err)
{
	const bool wanted = fm_span_is(pull->value, r->field);
	enum fm_pull_event event;
	struct fm_span passed;
	enum fm_code rc;

	if (!wanted)
		return fm_json_pull_skip(pull, &passed, err);
	if (*found)
		return fm_fail(err, FM_E_FORMAT, "has \"%.60s\" twice", r->field);
	*found = true;
	rc = fm_json_pull_next(pull, &event, err);
	if (rc != FM_OK)
		return rc;
	if (event != FM_PULL_TEXT)
		return fm_fail(err, FM_E_FORMAT, "\"%.60s\" is no text", r->field);
	if (memchr(pull->value.ptr, 0, pull->value.len) != NULL)
		return fm_fail(err, FM_E_FORMAT, "\"%.60s\" holds a NUL", r->field);
	fm_buf_clear(&r->text);
	fm_buf_put(&r->text, pull->value);
	return FM_OK;
}

static enum fm_code read_object(struct fm_records *r, struct fm_json_pull *pull, struct fm_err *err)
{
	struct fm_buf names;
	enum fm_pull_event event = FM_PULL_END;
	bool found = false;
	enum fm_code rc = fm_json_pull_next(pull, &event, err);

	if (rc == FM_OK && event != FM_PULL_OBJECT)
		rc = fm_fail(err, FM_E_FORMAT, "is no JSON object");
	fm_buf_init(&names, (size_t)2 * NAMES_BYTES_MAX);
	while (rc == FM_OK) {
		rc = fm_json_pull_next(pull, &event, err);
		if (rc != FM_OK || event != FM_PULL_NAME)
			break;
		if (names.len + pull->value.len < NAMES_BYTES_MAX)
			fm_buf_putf(&names, "%s%.*s", names.len > 0 ? ", " : "",
			            FM_SPAN_ARGS(pull->value));
		rc = read_member(r, pull, &found, err);
	}
	if (rc == FM_OK)
		rc = fm_json_pull_next(pull, &event, err); /* nothing may follow */
	if (rc == FM_OK && !found)
		rc = fail_missing(r, fm_buf_span(&names), err);
	fm_buf_free(&names);
	return rc;
}

static enum fm_code read_record(struct fm_records *r, struct fm_span line, struct fm_err *err)
{
	struct fm_json_pull pull = {0};
	enum fm_code rc = fm_json_pull_init(&pull, line, err);

	if (rc == FM_OK)
		rc = read_object(r, &pull, err);
	fm_json_pull_free(&pull);
	return rc == FM_OK ? rc : fm_err_prefix(err, "line %llu", (unsigned long long)r->line);
}

enum fm_code fm_records_next(struct fm_records *records, bool *ret_there, struct fm_span *ret_text,
                             struct fm_err *err)
{
	struct fm_span line = {0};
	enum fm_code rc;

	do {
		rc = next_line(records, ret_there, &line, err);
		if (rc != FM_OK || !*ret_there)
			return rc;
		if (records->line == 1 && fm_span_starts(line, BOM))
			line = fm_span_skip(line, strlen(BOM));
	} while (fm_span_trim(line).len == 0);
	rc = read_record(records, line, err);
	if (rc == FM_OK)
		*ret_text = fm_span_trim(fm_buf_span(&records->text));
	return rc;
}
