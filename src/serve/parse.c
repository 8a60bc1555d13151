#include "parse_internal.h"

#include <string.h>

#include "base/num.h"

size_t fm_head_size(struct fm_span text, size_t *scanned)
{
	size_t at = *scanned;

	while (at < text.len) {
		const char *lf = memchr(text.ptr + at, '\n', text.len - at);

		if (lf == NULL) {
			*scanned = text.len;
			return 0;
		}
		const size_t next = (size_t)(lf - text.ptr) + 1;
		const bool crlf = next + 1 < text.len && text.ptr[next] == '\r';

		if (next < text.len && text.ptr[next] == '\n')
			return next + 1;
		if (crlf && text.ptr[next + 1] == '\n')
			return next + 2;
		/* What follows this LF has not come: it must be looked at again. */
		if (next + 1 >= text.len) {
			*scanned = next - 1;
			return 0;
		}
		at = next;
	}
	*scanned = at;
	return 0;
}

/* RFC 9110, 5.6.2: what a method or the name of a field may be made of. */
static bool is_token(struct fm_span span)
{
	for (size_t i = 0; i < span.len; i++) {
		const char c = span.ptr[i];

		if (!fm_is_alnum(c) && (c == '\0' || strchr("!#$%&'*+-.^_`|~", c) == NULL))
			return false;
	}
	return span.len > 0;
}

static bool is_visible(struct fm_span span, bool blanks)
{
	for (size_t i = 0; i < span.len; i++) {
		const unsigned char c = (unsigned char)span.ptr[i];

		if ((c < 0x21 || c == 0x7f) && !(blanks && (c == ' ' || c == '\t')))
			return false;
	}
	return true;
}

static bool take_line(struct fm_span *rest, struct fm_span *ret_line)
{
	const size_t len = fm_span_find_byte(*rest, '\n');

	if (len == rest->len)
		return false;
	*ret_line = fm_span_first(*rest, len);
	*rest = fm_span_skip(*rest, len + 1);
	if (len > 0 && ret_line->ptr[len - 1] == '\r')
		ret_line->len--;
	return true;
}

bool fm_head_line(struct fm_span *lines, struct fm_span *ret_name, struct fm_span *ret_value)
{
	struct fm_span line;
	size_t colon;

	if (!take_line(lines, &line) || line.len == 0)
		return false;
	colon = fm_span_find_byte(line, ':');
	*ret_name = fm_span_first(line, colon);
	*ret_value = fm_span_trim(fm_span_skip(line, colon + 1));
	return true;
}

static bool same_word(struct fm_span a, const char *lower)
{
	if (a.len != strlen(lower))
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (fm_to_lower(a.ptr[i]) != lower[i])
			return false;
	return true;
}

static bool list_has(struct fm_span list, const char *word)
{
	struct fm_span part;

	while (fm_span_split(&list, ',', &part))
		if (same_word(fm_span_trim(part), word))
			return true;
	return false;
}

static int read_request_line(struct fm_span line, struct fm_head *head)
{
	struct fm_span rest = line;
	struct fm_span version;
	const size_t method = fm_span_find_byte(rest, ' ');
	size_t path;

	head->request.method = fm_span_first(rest, method);
	rest = fm_span_skip(rest, method + 1);
	path = fm_span_find_byte(rest, ' ');
	head->request.path = fm_span_first(rest, path);
	version = fm_span_skip(rest, path + 1);
	if (!is_token(head->request.method) || head->request.method.len > 16 || path == 0 ||
	    !is_visible(head->request.path, false) || !fm_span_starts(version, "HTTP/"))
		return 400;
	head->old = fm_span_is(version, "HTTP/1.0");
	head->keep_alive = !head->old;
	return head->old || fm_span_is(version, "HTTP/1.1") ? 0 : 505;
}

struct seen {
	bool host;
	bool length;
	bool coding;
};

static int read_length(struct fm_span value, struct fm_head *head, struct seen *seen)
{
	uint64_t length = 0;

	if (!fm_num_u64(value, &length) || length > INT64_MAX)
		return 400;
	if (seen->length && head->request.length != (int64_t)length)
		return 400;
	seen->length = true;
	head->request.length = (int64_t)length;
	return 0;
}

static int read_field(struct fm_span name, struct fm_span value, struct fm_head *head,
                      struct seen *seen)
{
	if (same_word(name, "content-length"))
		return read_length(value, head, seen);
	if (same_word(name, "transfer-encoding")) {
		if (seen->coding || !same_word(value, "chunked"))
			return 501;
		seen->coding = true;
	}
	if (same_word(name, "host")) {
		if (seen->host)
			return 400;
		seen->host = true;
	}
	if (same_word(name, "connection") && list_has(value, "close"))
		head->keep_alive = false;
	if (same_word(name, "connection") && head->old && list_has(value, "keep-alive"))
		head->keep_alive = true;
	if (same_word(name, "expect") && same_word(value, "100-continue"))
		head->request.expects_continue = !head->old;
	return 0;
}

static int read_fields(struct fm_head *head)
{
	struct seen seen = {0};
	struct fm_span lines = head->lines;
	struct fm_span name;
	struct fm_span value;
	size_t count = 0;

	while (fm_head_line(&lines, &name, &value)) {
		count++;
		if (count > FM_HEAD_LINES_MAX)
			return 431;
		/* A line without a colon is all name, and has a blank or nothing to be its value. */
		if (!is_token(name) || name.ptr[name.len] != ':' || !is_visible(value, true))
			return 400;
		const int status = read_field(name, value, head, &seen);

		if (status != 0)
			return status;
	}
	if (lines.len > 0 || (seen.coding && (seen.length || head->old)) ||
	    (!seen.host && !head->old))
		return 400;
	head->request.chunked = seen.coding;
	if (seen.coding)
		head->request.length = -1;
	return 0;
}

int fm_head_parse(struct fm_span text, struct fm_head *ret_head)
{
	struct fm_head head = {0};
	struct fm_span line;
	int status;

	head.lines = text;
	if (!take_line(&head.lines, &line))
		return 400;
	status = read_request_line(line, &head);
	if (status == 0)
		status = read_fields(&head);
	if (status == 0)
		*ret_head = head;
	return status;
}

struct fm_body fm_body_start(const struct fm_request *request)
{
	if (request->chunked)
		return (struct fm_body){.state = FM_BODY_SIZE};
	return (struct fm_body){.state = request->length > 0 ? FM_BODY_COUNTED : FM_BODY_DONE,
	                        .left = (uint64_t)request->length};
}

static enum fm_body_state add_digit(struct fm_body *body, char c)
{
	const char lower = fm_to_lower(c);
	unsigned digit;

	if (fm_is_digit(c))
		digit = (unsigned)(c - '0');
	else if (lower >= 'a' && lower <= 'f')
		digit = (unsigned)(lower - 'a') + 10;
	else if (body->digits > 0 && c == '\r')
		return FM_BODY_SIZE_LF;
	else
		return body->digits > 0 && (c == ';' || c == ' ' || c == '\t') ? FM_BODY_EXTENSION
		                                                               : FM_BODY_BAD;
	/* 15 digits are 2^60 bytes: more is no size, and would soon overflow. */
	if (++body->digits > 15)
		return FM_BODY_BAD;
	body->left = body->left * 16 + digit;
	return FM_BODY_SIZE;
}

static enum fm_body_state after_size(struct fm_body *body, char c)
{
	if (c != '\n')
		return FM_BODY_BAD;
	body->digits = 0;
	return body->left > 0 ? FM_BODY_DATA : FM_BODY_TRAILER;
}

/* One byte of the framing; never called in data. */
static enum fm_body_state step(struct fm_body *body, char c)
{
	switch (body->state) {
	case FM_BODY_SIZE:
		return add_digit(body, c);
	case FM_BODY_EXTENSION:
		if (c == '\n' || ++body->extra > FM_HEAD_BYTES_MAX)
			return FM_BODY_BAD;
		return c == '\r' ? FM_BODY_SIZE_LF : FM_BODY_EXTENSION;
	case FM_BODY_SIZE_LF:
		return after_size(body, c);
	case FM_BODY_DATA_CR:
		return c == '\r' ? FM_BODY_DATA_LF : FM_BODY_BAD;
	case FM_BODY_DATA_LF:
		return c == '\n' ? FM_BODY_SIZE : FM_BODY_BAD;
	case FM_BODY_TRAILER:
		if (c == '\r')
			return FM_BODY_LAST_LF;
		return c == '\n' ? FM_BODY_BAD : FM_BODY_TRAILER_LINE;
	case FM_BODY_TRAILER_LINE:
		if (++body->extra > FM_HEAD_BYTES_MAX)
			return FM_BODY_BAD;
		return c == '\n' ? FM_BODY_TRAILER : FM_BODY_TRAILER_LINE;
	case FM_BODY_LAST_LF:
		return c == '\n' ? FM_BODY_DONE : FM_BODY_BAD;
	case FM_BODY_COUNTED:
	case FM_BODY_DATA:
	case FM_BODY_DONE:
	case FM_BODY_BAD:
		break;
	}
	return body->state;
}

bool fm_body_next(struct fm_body *body, struct fm_span *bytes, struct fm_span *ret_piece)
{
	while (bytes->len > 0 && body->state != FM_BODY_DONE && body->state != FM_BODY_BAD) {
		if (body->state != FM_BODY_COUNTED && body->state != FM_BODY_DATA) {
			body->state = step(body, bytes->ptr[0]);
			*bytes = fm_span_skip(*bytes, 1);
			continue;
		}
		const size_t len = body->left < bytes->len ? (size_t)body->left : bytes->len;

		*ret_piece = fm_span_first(*bytes, len);
		*bytes = fm_span_skip(*bytes, len);
		body->left -= len;
		if (body->left == 0)
			body->state = body->state == FM_BODY_DATA ? FM_BODY_DATA_CR : FM_BODY_DONE;
		return true;
	}
	return false;
}
