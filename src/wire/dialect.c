#include "wire/dialect.h"

#include <string.h>

#include "base/macro.h"
#include "dialect_internal.h"

static const struct fm_dialect *const dialects[] = {
	&fm_dialect_openai_chat,
};

static const char *const names[] = {
	"openai-chat",
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

const char *fm_dialect_path(const struct fm_dialect *dialect)
{
	return dialect->path;
}

const char *fm_dialect_key_header(const struct fm_dialect *dialect)
{
	return dialect->key_header;
}

enum fm_code fm_dialect_params(const struct fm_dialect *dialect, const struct fm_body_spec *spec,
                               struct fm_arena *arena, const char **ret_params, struct fm_err *err)
{
	return dialect->params(spec, arena, ret_params, err);
}

void fm_dialect_body(const struct fm_dialect *dialect, const struct fm_prompt *prompt,
                     const char *params, struct fm_arena *arena, struct fm_bytes *ret_body)
{
	dialect->body(prompt, params, arena, ret_body);
}
