#include "wire/dialect.h"

#include <string.h>

#include "base/macro.h"
#include "dialect_internal.h"

#define URL_BYTES_MAX ((size_t)1 << 20) /* a model's name may be long, and thrice that encoded */

static const struct fm_dialect *const dialects[] = {
	&fm_dialect_openai_chat, &fm_dialect_openai_responses, &fm_dialect_anthropic,
	&fm_dialect_gemini,      &fm_dialect_cohere,           &fm_dialect_ollama,
	&fm_dialect_llama,       &fm_dialect_bedrock,
};

static const char *const names[] = {
	"openai-chat", "openai-responses", "anthropic", "gemini",
	"cohere",      "ollama",           "llama",     "bedrock",
};

const struct fm_dialect *fm_dialect_find(const char *name)
{
	for (size_t i = 0; i < FM_COUNT(dialects); i++)
		if (strcmp(dialects[i]->name, name) == 0)
			return dialects[i];
	return NULL;
}

const char *fm_dialect_name(const struct fm_dialect *dialect)
{
	return dialect->name;
}

const char *const *fm_dialect_names(size_t *ret_count)
{
	*ret_count = FM_COUNT(names);
	return names;
}

/* RFC 3986's unreserved characters pass. */
void fm_path_add(struct fm_buf *path, struct fm_span segment)
{
	for (size_t i = 0; i < segment.len; i++) {
		const char c = segment.ptr[i];

		if (fm_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~')
			fm_buf_putc(path, c);
		else
			fm_buf_putf(path, "%%%02X", (unsigned)(unsigned char)c);
	}
}

const char *fm_dialect_url(const struct fm_dialect *dialect, const char *base_url,
                           const char *model, bool stream, struct fm_arena *arena)
{
	struct fm_span base = fm_span_of(base_url);
	struct fm_buf url;
	const char *text;

	while (fm_span_ends(base, "/"))
		base.len--;
	fm_buf_init(&url, URL_BYTES_MAX);
	fm_buf_put(&url, base);
	if (dialect->model_path != NULL)
		dialect->model_path(model, stream, &url);
	else
		fm_buf_puts(&url, dialect->path);
	text = fm_arena_text(arena, fm_buf_span(&url));
	fm_buf_free(&url);
	return text;
}

const char *const *fm_dialect_headers(const struct fm_dialect *dialect)
{
	static const char *const none[] = {NULL};

	return dialect->headers != NULL ? dialect->headers : none;
}

const char *fm_dialect_accept(const struct fm_dialect *dialect, bool stream)
{
	return stream ? fm_framing_type(dialect->framing) : "application/json";
}

const char *fm_dialect_key_header(const struct fm_dialect *dialect)
{
	return dialect->key_header;
}

enum fm_code fm_dialect_params(const struct fm_dialect *dialect, const struct fm_body_spec *spec,
                               struct fm_arena *arena, const char **ret_params, struct fm_err *err)
{
	return fm_params_make(dialect->params, spec, arena, ret_params, err);
}

void fm_dialect_body(const struct fm_dialect *dialect, const struct fm_prompt *prompt,
                     const char *params, struct fm_arena *arena, struct fm_bytes *ret_body)
{
	fm_body_make(dialect->body, prompt, params, arena, ret_body);
}
