#include "key_read_internal.h"

#include <string.h>

#include "base/file.h"
#include "base/locked.h"

#define DOTENV_BYTES_MAX ((size_t)256 << 10)

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct fm_span skip_blanks(struct fm_span text)
{
	while (text.len > 0 && is_blank(text.ptr[0]))
		text = fm_span_skip(text, 1);
	return text;
}

/* Up to a comment, without the blanks around it. */
static struct fm_span plain_value(struct fm_span line)
{
	for (size_t i = 0; i < line.len; i++)
		if (line.ptr[i] == '#' && (i == 0 || is_blank(line.ptr[i - 1])))
			return fm_span_trim(fm_span_first(line, i));
	return fm_span_trim(line);
}

static char unescape(char c)
{
	switch (c) {
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	default:
		return c;
	}
}

/*
 * A value in quotes, from behind the first one on. Its end is given as the rest of the text; a
 * quote without its pair ends nowhere, and what it begins is no value.
 */
static bool quoted_value(struct fm_span *rest, char quote, char *room, struct fm_span *ret_value)
{
	size_t len = 0;

	for (size_t i = 0; i < rest->len; i++) {
		const char c = rest->ptr[i];

		if (c == quote) {
			*ret_value = fm_span_make(room, len);
			*rest = fm_span_skip(*rest, i + 1);
			return true;
		}
		if (c == '\\' && quote == '"' && i + 1 < rest->len &&
		    strchr("nrt\"\\", rest->ptr[i + 1]) != NULL)
			room[len++] = unescape(rest->ptr[++i]);
		else
			room[len++] = c;
	}
	return false;
}

static void copy(struct fm_span from, char *room, struct fm_span *ret_value)
{
	memcpy(room, from.ptr, from.len);
	*ret_value = fm_span_make(room, from.len);
}

/* A line that assigns: what is behind its '=' begins `ret_rest`. */
static bool is_assignment(struct fm_span text, struct fm_span *ret_name, struct fm_span *ret_rest)
{
	const struct fm_span line = fm_span_first(text, fm_span_find_eol(text));
	const size_t equals = fm_span_find_byte(line, '=');
	struct fm_span name = fm_span_trim(fm_span_first(line, equals));

	if (equals == line.len || fm_span_starts(name, "#"))
		return false;
	if (fm_span_starts(name, "export") && name.len > 6 && is_blank(name.ptr[6]))
		name = fm_span_trim(fm_span_skip(name, 6));
	*ret_name = name;
	*ret_rest = fm_span_skip(text, equals + 1);
	return true;
}

bool fm_dotenv_find(struct fm_span text, struct fm_span name, char *room, struct fm_span *ret_value)
{
	struct fm_span value = {0};
	struct fm_span other = {0};
	struct fm_span rest;
	struct fm_span found;
	char *free_room = room; /* behind what was found already: the last one counts */

	if (fm_span_starts(text, "\xef\xbb\xbf"))
		text = fm_span_skip(text, 3);
	for (; text.len > 0; text = fm_span_skip(text, fm_span_find_eol(text) + 1)) {
		if (!is_assignment(text, &found, &rest))
			continue;
		text = rest;
		rest = skip_blanks(rest);
		if (rest.len > 0 && strchr("'\"`", rest.ptr[0]) != NULL) {
			const char quote = rest.ptr[0];

			rest = fm_span_skip(rest, 1);
			if (!quoted_value(&rest, quote, free_room, &other))
				continue;
			text = rest;
		} else {
			copy(plain_value(fm_span_first(rest, fm_span_find_eol(rest))), free_room,
			     &other);
		}
		if (!fm_span_equal(found, name))
			continue;
		value = other;
		free_room = room + (other.ptr - room) + other.len;
	}
	*ret_value = value;
	return value.len > 0;
}

enum fm_code fm_dotenv_open(struct fm_dotenv *ret_file, struct fm_err *err)
{
	struct fm_dotenv d = {0};
	enum fm_code rc;

	if (fm_file_exists(FM_DOTENV_FILE)) {
		rc = fm_key_text_open(FM_DOTENV_FILE, DOTENV_BYTES_MAX, false, &d.file, err);
		if (rc != FM_OK)
			return fm_err_prefix(err, "%s", FM_DOTENV_FILE);
		d.text = fm_span_make(d.file.bytes, d.file.len);
		d.room = fm_locked_take(DOTENV_BYTES_MAX);
	}
	*ret_file = d;
	return FM_OK;
}

void fm_dotenv_close(struct fm_dotenv *file)
{
	fm_key_text_close(&file->file);
	fm_locked_free(file->room, DOTENV_BYTES_MAX);
	*file = (struct fm_dotenv){0};
}
