#include "cli/screen.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/env.h"
#include "base/file.h"
#include "base/num.h"
#include "base/pipe.h"
#include "text/escape.h"
#include "text/secret.h"

#define WIDTH_UNKNOWN 80
#define WIDTH_MIN 20
#define WIDTH_MAX 500
#define LINE_MAX_BYTES ((size_t)2048)

static bool env_is(const char *name, const char *value)
{
	const char *text = fm_env_get(name);

	return text != NULL && strcmp(text, value) == 0;
}

static enum fm_color_depth depth_of_terminal(void)
{
	if (env_is("COLORTERM", "truecolor") || env_is("COLORTERM", "24bit"))
		return FM_COLOR_TRUE;
	return FM_COLOR_256;
}

static enum fm_color_depth color_of(bool tty, bool no_color)
{
	if (no_color || env_is("FATHOM_COLOR", "never"))
		return FM_COLOR_NONE;
	if (env_is("FATHOM_COLOR", "always"))
		return depth_of_terminal();
	if (fm_env_get("NO_COLOR") != NULL)
		return FM_COLOR_NONE;
	if (fm_env_get("FORCE_COLOR") != NULL)
		return env_is("FORCE_COLOR", "0") ? FM_COLOR_NONE : depth_of_terminal();
	if (!tty || fm_env_get("TERM") == NULL || env_is("TERM", "dumb"))
		return FM_COLOR_NONE;
	return depth_of_terminal();
}

/* The first of the three that is set decides, as in setlocale(3); none says nothing against it. */
static bool speaks_utf8(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

	for (size_t i = 0; i < FM_COUNT(names); i++) {
		const struct fm_span locale = fm_span_of(fm_env_get(names[i]));

		if (locale.len == 0)
			continue;
		return fm_span_find(locale, fm_span_of("UTF-8")) < locale.len ||
		       fm_span_find(locale, fm_span_of("utf8")) < locale.len;
	}
	return true;
}

void fm_screen_measure(struct fm_screen *screen)
{
	struct winsize size = {0};
	uint64_t columns = 0;

	if (screen->tty && ioctl(screen->fd, TIOCGWINSZ, &size) == 0) {
		columns = size.ws_col;
		screen->rows = size.ws_row;
	}
	if (columns == 0 && !fm_num_u64(fm_span_of(fm_env_get("COLUMNS")), &columns))
		columns = WIDTH_UNKNOWN;
	if (columns < WIDTH_MIN || columns > WIDTH_MAX)
		columns = WIDTH_UNKNOWN;
	screen->terminal.width = (unsigned)columns;
}

void fm_screen_look(struct fm_screen *screen, int fd, bool no_color)
{
	*screen = (struct fm_screen){.fd = fd, .tty = isatty(fd) == 1};
	screen->moves = screen->tty && fm_env_get("TERM") != NULL && !env_is("TERM", "dumb");
	screen->terminal.color = color_of(screen->tty, no_color);
	screen->terminal.utf8 = speaks_utf8();
	fm_screen_measure(screen);
}

static enum fm_code told(enum fm_code rc, struct fm_err *err)
{
	if (rc == FM_OK || err->sys == EPIPE)
		return FM_OK;
	return fm_err_prefix(err, "stdout");
}

enum fm_code fm_tell(struct fm_span bytes, struct fm_err *err)
{
	struct fm_buf buf = {0};
	uint64_t keys = 0;
	const struct fm_span clean = fm_redact(bytes, FM_REDACT_WHOLE, &buf, &keys);
	const enum fm_code rc = told(fm_file_write_fd(STDOUT_FILENO, clean, err), err);

	fm_buf_free(&buf);
	return rc;
}

enum fm_code fm_tell_to(const char *path, struct fm_span bytes, struct fm_err *err)
{
	struct fm_buf buf = {0};
	uint64_t keys = 0;
	const struct fm_span clean = fm_redact(bytes, FM_REDACT_WHOLE, &buf, &keys);
	const enum fm_code rc = fm_file_replace(path, clean, err);

	fm_buf_free(&buf);
	return rc;
}

enum fm_code fm_tell_lent(struct fm_span bytes, struct fm_err *err)
{
	const enum fm_code rc = fm_pipe_lend(STDOUT_FILENO, bytes, err);

	return rc == FM_OK ? rc : fm_err_prefix(err, "stdout");
}

void fm_say_raw(struct fm_span text)
{
	struct fm_buf buf = {0};
	struct fm_err ignored;
	uint64_t keys = 0;
	const struct fm_span clean = fm_redact(text, FM_REDACT_ENDS, &buf, &keys);

	/* There is nowhere left to say that stderr cannot be written. */
	(void)!fm_file_write_fd(STDERR_FILENO, clean, &ignored);
	fm_buf_free(&buf);
}

void fm_say(const char *format, ...)
{
	char text[LINE_MAX_BYTES];
	struct fm_buf line;
	va_list args;

	va_start(args, format);
	const int len = vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (len < 0)
		return;
	/* One byte may become "\xNN", and a line starts and ends. */
	fm_buf_init(&line, sizeof text * 12 + 16);
	fm_buf_puts(&line, "fathom: ");
	fm_put_visible(&line, fm_span_trim(fm_span_of(text)), true);
	fm_buf_putc(&line, '\n');
	fm_say_raw(fm_buf_span(&line));
	fm_buf_free(&line);
}

void fm_say_next(const char *command)
{
	struct fm_buf line;

	if (command == NULL)
		return;
	fm_buf_init(&line, LINE_MAX_BYTES * 12);
	fm_buf_puts(&line, "try: ");
	fm_put_visible(&line, fm_span_first(fm_span_of(command), LINE_MAX_BYTES), false);
	fm_buf_putc(&line, '\n');
	fm_say_raw(fm_buf_span(&line));
	fm_buf_free(&line);
}
