#include "dialect_internal.h"

#include "base/num.h"
#include "wait_internal.h"

static void keep_code(struct fm_reader *reader, const struct fm_value *value)
{
	struct fm_span code;

	if (reader->code.len == 0 && fm_value_text(value, &code))
		fm_reader_keep(&reader->code, code);
}

static bool keep_text(struct fm_reader *reader, const struct fm_value *value)
{
	struct fm_span text;

	if (!fm_value_text(value, &text) || text.len == 0)
		return false;
	fm_buf_clear(&reader->error);
	fm_reader_keep(&reader->error, text);
	return true;
}

static bool holds(struct fm_span text, const char *what)
{
	return fm_span_find(text, fm_span_of(what)) < text.len;
}

/* "GenerateContentInputTokensPerModelPerMinute-FreeTier": what Google counts, and for how long. */
static void take_violation(struct fm_reader *reader, const struct fm_value *violation)
{
	struct fm_span id;
	struct fm_span limit;

	if (!fm_value_text(fm_value_get(violation, "quotaId"), &id))
		return;
	const struct fm_rate_row row = {
		.meter = holds(id, "InputToken") ? FM_METER_TOKENS_IN
	                 : holds(id, "Token")    ? FM_METER_TOKENS
	                                         : FM_METER_REQUESTS,
		.period = holds(id, "PerMinute") ? FM_RATE_MINUTE : FM_RATE_OTHER,
	};

	reader->quota_told = reader->quota_told || holds(id, "PerMinute") || holds(id, "PerDay");
	reader->quota_day = reader->quota_day || holds(id, "PerDay");
	if (fm_value_text(fm_value_get(violation, "quotaValue"), &limit))
		(void)fm_rate_put(&reader->rate, &row, FM_RATE_LIMIT,
		                  limit); /* junk says nothing */
}

static void take_violations(struct fm_reader *reader, const struct fm_value *list)
{
	if (fm_value_kind(list) != FM_VALUE_LIST)
		return;
	for (const struct fm_value *v = fm_value_first(list); v != NULL; v = fm_value_next(v))
		take_violation(reader, v);
}

/*
 * Google says its wait in one detail, what is wrong with a key in another, and in a third which
 * allowance was used up.
 */
static void take_details(struct fm_reader *reader, const struct fm_value *details)
{
	struct fm_span wait;

	if (fm_value_kind(details) != FM_VALUE_LIST)
		return;
	for (const struct fm_value *d = fm_value_first(details); d != NULL; d = fm_value_next(d)) {
		keep_code(reader, fm_value_get(d, "reason"));
		take_violations(reader, fm_value_get(d, "violations"));
		if (reader->wait.len == 0 && fm_value_text(fm_value_get(d, "retryDelay"), &wait))
			fm_reader_keep(&reader->wait, wait);
	}
}

/* llama.cpp says its numbers beside the text. */
static void keep_numbers(struct fm_reader *reader, const struct fm_value *error)
{
	uint64_t number;

	if (fm_value_u64(fm_value_get(error, "n_ctx"), &number))
		reader->said_limit = (int64_t)number;
	if (fm_value_u64(fm_value_get(error, "n_prompt_tokens"), &number))
		reader->said_actual = (int64_t)number;
}

/* OpenRouter hands on what its upstream wrote, as JSON in a string or as plain text. */
static void take_raw(struct fm_reader *reader, const struct fm_value *metadata)
{
	struct fm_json json = {0};
	struct fm_err err;
	struct fm_span raw;

	keep_code(reader, fm_value_get(metadata, "error_type"));
	if (!fm_value_text(fm_value_get(metadata, "raw"), &raw) || raw.len == 0)
		return;
	if (fm_json_open(raw, &json, &err) != FM_OK) {
		fm_buf_clear(&reader->error);
		fm_reader_keep(&reader->error, raw);
		return;
	}
	const struct fm_value *error = fm_value_get(json.root, "error");

	keep_code(reader, fm_value_get(error, "code"));
	if (!keep_text(reader, fm_value_get(error, "message")) && !keep_text(reader, error))
		(void)keep_text(reader,
		                fm_value_get(json.root, "message")); /* else the outer one */
	fm_json_close(&json);
}

/* Where it stands, and what is wrong with it: "seed: Extra inputs are not permitted". */
static bool keep_detail(struct fm_reader *reader, const struct fm_value *detail)
{
	struct fm_span place = {0};
	struct fm_span said;

	if (fm_value_kind(detail) != FM_VALUE_LIST)
		return keep_text(reader, detail);
	detail = fm_value_first(detail);
	keep_code(reader, fm_value_get(detail, "type"));
	if (!fm_value_text(fm_value_get(detail, "msg"), &said) || said.len == 0)
		return false;
	for (const struct fm_value *v = fm_value_first(fm_value_get(detail, "loc")); v != NULL;
	     v = fm_value_next(v))
		(void)fm_value_text(v, &place); /* the last that is one */
	fm_buf_clear(&reader->error);
	if (place.len > 0) {
		fm_reader_keep(&reader->error, place);
		fm_reader_keep(&reader->error, fm_span_of(": "));
	}
	fm_reader_keep(&reader->error, said);
	return true;
}

/*
 * The shapes seen: {"error":{"message":…}}, {"error":"…"}, {"message":…}, {"detail":"…"},
 * {"detail":[{"type":"…","loc":[…],"msg":"…"}]}, the same as "message", {"title":"…"},
 * {"errors":[{"message":"…"}]}, and any of them first in a list.
 */
void fm_reader_take_error_value(struct fm_reader *reader, const struct fm_value *value)
{
	if (fm_value_kind(value) == FM_VALUE_LIST)
		value = fm_value_first(value);
	const struct fm_value *error = fm_value_get(value, "error");
	const struct fm_value *errors = fm_value_get(value, "errors");
	const struct fm_value *message = fm_value_get(value, "message");
	const struct fm_value *detail =
		fm_value_get(fm_value_kind(message) == FM_VALUE_OBJECT ? message : value, "detail");

	if (fm_value_kind(errors) == FM_VALUE_LIST && fm_value_kind(error) == FM_VALUE_NONE)
		error = fm_value_first(errors);
	if (fm_value_kind(error) == FM_VALUE_OBJECT) {
		keep_code(reader, fm_value_get(fm_value_get(error, "details"), "error_code"));
		keep_code(reader, fm_value_get(error, "code"));
		keep_code(reader, fm_value_get(error, "type"));
		(void)keep_text(reader, fm_value_get(error, "message")); /* it may have none */
		keep_numbers(reader, error);
		take_details(reader, fm_value_get(error, "details"));
		keep_code(reader, fm_value_get(error, "status"));
		take_raw(reader, fm_value_get(error, "metadata"));
		return;
	}
	keep_code(reader, fm_value_get(value, "code"));
	keep_code(reader, fm_value_get(value, "type"));
	keep_numbers(reader, value);
	if (!keep_text(reader, error) && !keep_text(reader, message) &&
	    !keep_text(reader, fm_value_get(value, "Message")) && !keep_detail(reader, detail))
		(void)keep_text(reader, fm_value_get(value, "title")); /* or it has no words */
}

void fm_reader_take_error(struct fm_reader *reader, struct fm_span body)
{
	struct fm_json json = {0};
	struct fm_err err;

	body = fm_span_trim(body);
	if (body.len == 0)
		return;
	if (fm_json_open(body, &json, &err) == FM_OK)
		fm_reader_take_error_value(reader, json.root);
	if (reader->error.len == 0)
		fm_reader_keep(&reader->error, body);
	fm_json_close(&json);
}
