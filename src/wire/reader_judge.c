#include "dialect_internal.h"

#include <string.h>

#include "wait_internal.h"
#include "wire/negotiate.h"
#include "wire/overflow.h"

static void set(struct fm_reply *reply, enum fm_outcome outcome, enum fm_reason reason)
{
	reply->outcome = outcome;
	reply->reason = reason;
}

/* Free to be sent again by itself: provably nobody has made a token of it (D10). */
static void set_free(struct fm_reply *reply, enum fm_reason reason)
{
	set(reply, FM_FAILED, reason);
	reply->may_retry = true;
}

static struct fm_error_said classify(const struct fm_reader *reader, int status)
{
	return fm_error_classify(status, fm_buf_span(&reader->code), fm_buf_span(&reader->error));
}

/* Milliseconds, with a fraction when it pleases the server. */
static bool wait_of_ms(struct fm_span number, int64_t *ret_ns)
{
	char text[40];

	if (number.len > sizeof text - 2)
		return false;
	memcpy(text, number.ptr, number.len);
	text[number.len] = 'm';
	text[number.len + 1] = 's';
	return fm_wait_parse(fm_span_make(text, number.len + 2), 0, false, ret_ns);
}

/* A header's wait is worth more than one out of a text. */
static int64_t asked_wait(const struct fm_reader *reader, const struct fm_error_said *said,
                          int64_t now_wall_ms)
{
	int64_t ns;

	if (reader->wait_ms.len > 0 && wait_of_ms(fm_buf_span(&reader->wait_ms), &ns))
		return ns;
	if (reader->wait.len > 0 &&
	    fm_wait_parse(fm_buf_span(&reader->wait), now_wall_ms, false, &ns))
		return ns;
	return said->wait_ns;
}

static void say_limit(const struct fm_reader *reader, const struct fm_error_said *said,
                      struct fm_reply *reply)
{
	set(reply, FM_REJECTED_LIMIT, FM_REASON_NONE);
	reply->limit_said = said->limit != FM_UNKNOWN ? said->limit : reader->said_limit;
	reply->actual_said = said->actual != FM_UNKNOWN ? said->actual : reader->said_actual;
}

/* What the words decide, whatever the status; false when they decide nothing. */
static bool judge_words(const struct fm_reader *reader, const struct fm_error_said *said,
                        struct fm_reply *reply)
{
	switch (said->class_) {
	case FM_ERROR_CONTEXT:
		say_limit(reader, said, reply);
		return true;
	case FM_ERROR_MINUTE_WALL:
		set(reply, FM_FAILED, FM_REASON_MINUTE_WALL);
		return true;
	case FM_ERROR_QUOTA:
		if (reader->quota_told) /* it is no bill that is due */
			return false;
		set(reply, FM_FAILED, FM_REASON_AUTH);
		return true;
	case FM_ERROR_KEY:
		set(reply, FM_FAILED, FM_REASON_AUTH);
		return true;
	case FM_ERROR_BODY_CAP:
		set(reply, FM_FAILED, FM_REASON_BODY_CAP);
		return true;
	case FM_ERROR_ENTITLEMENT: /* no wait changes it, and shorter prompts may pass */
		set(reply, FM_REJECTED_OTHER, FM_REASON_NONE);
		return true;
	case FM_ERROR_OTHER:
	case FM_ERROR_RATE:
	case FM_ERROR_OUTPUT_CAP:
	default:
		return false;
	}
}

/* 498 is Cohere's "invalid token". */
static bool is_key_status(int status)
{
	return status == 401 || status == 402 || status == 403 || status == 498;
}

static bool is_free_status(int status)
{
	return status == 408 || status == 409 || status == 429 || status == 503 || status == 529;
}

/* 500 and its kin tell nothing about the bill: only an incomplete body proves that there is none. */
static void judge_server(struct fm_reply *reply)
{
	if (reply->body_complete)
		set(reply, FM_IN_DOUBT, FM_REASON_SERVER);
	else
		set_free(reply, FM_REASON_SERVER);
}

static void judge_status(struct fm_reader *reader, int64_t now_wall_ms, struct fm_reply *reply)
{
	const int status = reader->status;
	const struct fm_error_said said = classify(reader, status);

	reply->retry_after_ns = asked_wait(reader, &said, now_wall_ms);
	if (status < 400) {
		fm_buf_clear(&reader->error);
		fm_reader_keep(&reader->error,
		               fm_span_of("a redirect, which is never followed, to "));
		fm_reader_keep(&reader->error, fm_buf_span(&reader->location));
		set(reply, FM_ENDPOINT_VIOLATION, FM_REASON_NONE);
	} else if (is_key_status(status)) {
		set(reply, FM_FAILED, FM_REASON_AUTH);
	} else if (judge_words(reader, &said, reply)) {
		reply->may_retry = false;
	} else if (is_free_status(status)) {
		set_free(reply, FM_REASON_RATE);
		reply->may_retry = !reader->no_retry && !reader->quota_day;
	} else if (status == 413) {
		set(reply, FM_FAILED, FM_REASON_BODY_CAP);
	} else if (status >= 500) {
		judge_server(reply);
	} else {
		set(reply, FM_REJECTED_OTHER, FM_REASON_NONE);
		(void)fm_negotiate_named(status, fm_buf_span(&reader->error),
		                         &reply->param_refused); /* or it is none */
	}
}

/* The model said why it stopped: whatever the connection did then, the answer is whole. */
static void judge_finished(const struct fm_reader *reader, struct fm_reply *reply)
{
	switch (reader->stop) {
	case FM_STOP_LENGTH:
	case FM_STOP_CONTEXT_FULL:
		set(reply, FM_CUT_OUTPUT, FM_REASON_NONE);
		break;
	case FM_STOP_CONTENT_FILTER:
	case FM_STOP_REFUSAL:
		set(reply, FM_REFUSED, FM_REASON_NONE);
		break;
	case FM_STOP_ERROR:
		set(reply, FM_IN_DOUBT,
		    reader->unknown_stop ? FM_REASON_INCOMPLETE : FM_REASON_SERVER);
		break;
	case FM_STOP_NONE:
	case FM_STOP_STOP:
	case FM_STOP_TOOL:
	case FM_STOP_COUNT:
	default:
		set(reply, FM_ANSWERED, FM_REASON_NONE);
		break;
	}
	if (reader->refusal.len == 0 || reply->outcome == FM_IN_DOUBT)
		return;
	set(reply, FM_REFUSED, FM_REASON_NONE);
	if (reply->stop == FM_STOP_STOP) /* the vendor's word does not tell them apart */
		reply->stop = FM_STOP_REFUSAL;
}

/* Nothing was finished. With the whole body out, or any event back, it may have been billed. */
static void judge_unfinished(struct fm_reader *reader, enum fm_transport_end end,
                             struct fm_reply *reply)
{
	const bool doubt = reply->body_complete || reader->any_event;

	if (reader->broken || end == FM_END_VIOLATION || reader->kind == FM_READER_FOREIGN) {
		set(reply, FM_ENDPOINT_VIOLATION, FM_REASON_NONE);
		return;
	}
	if (!doubt && end == FM_END_CANCELLED) {
		set(reply, FM_CANCELLED, FM_REASON_NONE);
		return;
	}
	if (!doubt) {
		set_free(reply, FM_REASON_UNREACHABLE);
		return;
	}
	switch (end) {
	case FM_END_CLEAN:
		set(reply, FM_IN_DOUBT,
		    reader->status == 0 ? FM_REASON_LOST : FM_REASON_INCOMPLETE);
		break;
	case FM_END_TIMEOUT:
		set(reply, FM_IN_DOUBT, FM_REASON_TIMEOUT);
		break;
	case FM_END_UNREACHABLE:
	case FM_END_LOST:
	case FM_END_VIOLATION:
	case FM_END_CANCELLED:
	default:
		set(reply, FM_IN_DOUBT, FM_REASON_LOST);
		break;
	}
}

/*
 * A finished answer may have lost a piece all the same: where chunks are cut wrong, their sizes
 * stand among the lines and the last one is never reached. Either alone is harmless.
 */
static bool is_torn(const struct fm_reader *reader, enum fm_transport_end end)
{
	return (end == FM_END_LOST || end == FM_END_VIOLATION) &&
	       reader->framer.framing == FM_FRAMING_SSE && reader->framer.sse.strange;
}

void fm_reader_judge(struct fm_reader *reader, enum fm_transport_end end, int64_t now_wall_ms,
                     struct fm_reply *reply)
{
	const bool success = reader->status >= 200 && reader->status <= 299;

	if (reader->status >= 300) {
		judge_status(reader, now_wall_ms, reply);
	} else if (success && reader->error_inside) {
		const struct fm_error_said said = classify(reader, 0);

		/* Only before the first word of an answer is it about the prompt's length. */
		if (said.class_ == FM_ERROR_CONTEXT && reader->answer.len == 0)
			say_limit(reader, &said, reply);
		else
			set(reply, FM_IN_DOUBT, FM_REASON_SERVER);
	} else if (success && reader->finished && !is_torn(reader, end)) {
		judge_finished(reader, reply);
	} else {
		judge_unfinished(reader, end, reply);
	}
}
