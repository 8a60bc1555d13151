#include "place_internal.h"

#include <string.h>

#include "base/buf.h"
#include "dialect_internal.h"

#define URL_BYTES_MAX ((size_t)1 << 20) /* a model's name may be long, and thrice that encoded */

const char *fm_place_model(const char *prefix, const char *model)
{
	const size_t len = strlen(prefix);

	return strncmp(model, prefix, len) == 0 ? model + len : model;
}

/* "http://host/v1" is "http://host" then; an address without a path stays as it is. */
static struct fm_span without_version(struct fm_span base)
{
	size_t end = base.len;
	size_t slashes = 0;

	while (end > 0 && base.ptr[end - 1] != '/')
		end--;
	for (size_t i = 0; i < base.len; i++)
		slashes += base.ptr[i] == '/';
	return slashes > 2 ? fm_span_first(base, end - 1) : base;
}

static void put_path(struct fm_buf *url, const char *path, const char *model)
{
	const struct fm_span hole = fm_span_of("{model}");
	const char *at = strstr(path, hole.ptr);

	if (at == NULL) {
		fm_buf_puts(url, path);
		return;
	}
	fm_buf_put(url, fm_span_make(path, (size_t)(at - path)));
	fm_path_add(url, fm_span_of(fm_place_model("models/", model)));
	fm_buf_puts(url, at + hole.len);
}

const char *fm_place_url(const struct fm_wire_place *place, const char *base_url, const char *model,
                         struct fm_arena *arena)
{
	struct fm_span base = fm_span_of(base_url);
	struct fm_buf url;
	const char *text;

	while (fm_span_ends(base, "/"))
		base.len--;
	fm_buf_init(&url, URL_BYTES_MAX);
	fm_buf_put(&url, place->beside ? without_version(base) : base);
	put_path(&url, place->path, model);
	text = fm_arena_text(arena, fm_buf_span(&url));
	fm_buf_free(&url);
	return text;
}
