#include "cli/command.h"

#include <string.h>

#include "base/buf.h"
#include "base/span.h"

#define TYPED_BYTES_MAX ((size_t)65536)

int fm_exit_of(enum fm_code code)
{
	switch (code) {
	case FM_OK:
		return FM_EXIT_OK;
	case FM_E_USAGE:
	case FM_E_CHANGED:
	case FM_E_LIMIT: /* what was asked for is longer than what there is */
	case FM_E_SEAM:
		return FM_EXIT_USAGE;
	case FM_E_BUDGET:
		return FM_EXIT_BUDGET;
	case FM_E_AUTH:
		return FM_EXIT_AUTH;
	case FM_E_NET:
		return FM_EXIT_UNREACHABLE;
	case FM_E_FORMAT:
	case FM_E_IO:
	case FM_E_FULL:
	case FM_E_BUSY:
		break;
	}
	return FM_EXIT_FAILED;
}

int fm_call_fail(const struct fm_err *err, const char *next)
{
	fm_say("%s", err->text);
	fm_say_next(next);
	return fm_exit_of(err->code);
}

static bool is_plain(const char *text)
{
	if (text[0] == '\0')
		return false;
	for (; *text != '\0'; text++)
		if (!fm_is_alnum(*text) && strchr("-_./:=,+%@", *text) == NULL)
			return false;
	return true;
}

/* Between single quotes a shell takes every byte as it is, but a quote itself. */
static void put_quoted(struct fm_buf *buf, const char *text)
{
	if (is_plain(text)) {
		fm_buf_puts(buf, text);
		return;
	}
	fm_buf_putc(buf, '\'');
	for (; *text != '\0'; text++)
		if (*text == '\'')
			fm_buf_puts(buf, "'\\''");
		else
			fm_buf_putc(buf, *text);
	fm_buf_putc(buf, '\'');
}

const char *fm_call_quote(const struct fm_call *call, const char *text)
{
	struct fm_buf buf;
	const char *quoted;

	/* A quote becomes four characters. */
	fm_buf_init(&buf, fm_span_of(text).len * 4 + 2);
	put_quoted(&buf, text);
	quoted = fm_arena_text(call->arena, fm_buf_span(&buf));
	fm_buf_free(&buf);
	return quoted;
}

const char *fm_call_typed(const struct fm_call *call)
{
	struct fm_buf buf;
	const char *text;
	size_t bytes = 0;

	for (size_t i = 1; i < call->argc; i++)
		bytes += fm_span_of(call->argv[i]).len + 1;
	if (bytes > TYPED_BYTES_MAX)
		return fm_arena_format(call->arena, "fathom %s, as before", call->command->name);
	/* A quote becomes four characters. */
	fm_buf_init(&buf, TYPED_BYTES_MAX * 8);
	fm_buf_puts(&buf, "fathom");
	for (size_t i = 1; i < call->argc; i++) {
		fm_buf_putc(&buf, ' ');
		put_quoted(&buf, call->argv[i]);
	}
	text = fm_arena_text(call->arena, fm_buf_span(&buf));
	fm_buf_free(&buf);
	return text;
}
