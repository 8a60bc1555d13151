#include "preset_internal.h"

#include <string.h>

#include "base/buf.h"

#define URL_BYTES_MAX ((size_t)8 << 10)

const struct fm_preset *fm_preset_find(struct fm_span name)
{
	for (size_t i = 0; i < fm_preset_row_count; i++)
		if (fm_span_is(name, fm_preset_rows[i]->name))
			return fm_preset_rows[i];
	return NULL;
}

const struct fm_preset *const *fm_preset_list(size_t *ret_count)
{
	*ret_count = fm_preset_row_count;
	return fm_preset_rows;
}

/* The port of "http://host:port", with its colon. */
static struct fm_span port_of(struct fm_span url)
{
	const struct fm_span host = fm_span_skip(url, fm_span_find(url, fm_span_of("://")) + 3);

	return fm_span_skip(host, fm_span_find_byte(host, ':'));
}

/* "192.168.1.2" or "box:8080", where a whole address was expected: the default has the rest. */
static void put_host(struct fm_span host, struct fm_span otherwise, struct fm_buf *url)
{
	const size_t scheme = fm_span_find(otherwise, fm_span_of("://"));

	fm_buf_put(url, fm_span_first(otherwise, scheme + 3));
	fm_buf_put(url, host);
	if (fm_span_find_byte(host, ':') == host.len || fm_span_ends(host, "]"))
		fm_buf_put(url, port_of(otherwise));
}

/* Behind the scheme a value stands inside a name or a folder, and may not begin another one. */
static bool is_plain(struct fm_span value)
{
	for (size_t i = 0; i < value.len; i++)
		if (!fm_is_alnum(value.ptr[i]) && value.ptr[i] != '-' && value.ptr[i] != '_')
			return false;
	return true;
}

/* What stands between braces: "NAME" or "NAME=default". */
static enum fm_code put_variable(const struct fm_preset *preset, struct fm_span words,
                                 fm_variable_fn variable, struct fm_arena *arena,
                                 struct fm_buf *url, struct fm_err *err)
{
	const size_t equals = fm_span_find_byte(words, '=');
	const char *name = fm_arena_text(arena, fm_span_first(words, equals));
	const struct fm_span otherwise = fm_span_skip(words, equals + 1);
	struct fm_span value = fm_span_of(variable(name));

	while (fm_span_ends(value, "/"))
		value.len--;
	if (value.len == 0)
		value = otherwise;
	if (value.len == 0)
		return fm_fail(err, FM_E_USAGE,
		               "%s is not set, and the address of %s needs it: set it, or give a "
		               "base_url",
		               name, preset->name);
	if (url->len > 0 && !is_plain(value))
		return fm_fail(
			err, FM_E_USAGE,
			"%s holds what cannot stand in the address of %s: letters, digits, - "
			"and _ can",
			name, preset->name);
	if (url->len == 0 && otherwise.len > 0 &&
	    fm_span_find(value, fm_span_of("://")) == value.len)
		put_host(value, otherwise, url);
	else
		fm_buf_put(url, value);
	return FM_OK;
}

enum fm_code fm_preset_url(const struct fm_preset *preset, fm_variable_fn variable,
                           struct fm_arena *arena, const char **ret_url, struct fm_err *err)
{
	struct fm_span rest = fm_span_of(preset->base_url);
	struct fm_buf url;
	enum fm_code rc = FM_OK;

	fm_buf_init(&url, URL_BYTES_MAX);
	while (rest.len > 0 && rc == FM_OK) {
		const size_t open = fm_span_find_byte(rest, '{');
		const struct fm_span behind = fm_span_skip(rest, open + 1);
		const size_t close = fm_span_find_byte(behind, '}');

		fm_buf_put(&url, fm_span_first(rest, open));
		if (open < rest.len)
			rc = put_variable(preset, fm_span_first(behind, close), variable, arena,
			                  &url, err);
		rest = fm_span_skip(behind, close + 1);
	}
	if (rc == FM_OK)
		*ret_url = fm_arena_text(arena, fm_buf_span(&url));
	fm_buf_free(&url);
	return rc;
}
