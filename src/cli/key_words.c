#include "cli/key_words.h"

#include <string.h>

#include "base/env.h"
#include "wire/preset.h"

#define ORIGIN_BYTES_MAX 2048

const char *fm_key_source_name(enum fm_key_source source)
{
	switch (source) {
	case FM_KEY_ENV:
		return "environment";
	case FM_KEY_DOTENV:
		return ".env";
	case FM_KEY_FILE:
		return "file";
	case FM_KEY_COMMAND:
		return "command";
	case FM_KEY_STORE:
		return "store";
	case FM_KEY_NONE:
		break;
	}
	return "nowhere";
}

static const char *origin_of(const struct fm_preset *preset, struct fm_arena *arena)
{
	char origin[ORIGIN_BYTES_MAX];
	const char *url;
	struct fm_err unset;

	if (fm_preset_url(preset, fm_env_get, arena, &url, &unset) != FM_OK ||
	    fm_origin_of(url, false, origin, sizeof origin, &unset) != FM_OK)
		return NULL;
	return fm_arena_text(arena, fm_span_of(origin));
}

enum fm_code fm_key_of_preset(const struct fm_preset *preset, struct fm_arena *arena,
                              const char **ret_origin, struct fm_key_found *ret_found,
                              struct fm_err *err)
{
	struct fm_key_wish wish = {.variables = preset->keys};

	*ret_origin = origin_of(preset, arena);
	if (*ret_origin != NULL) {
		wish.owner = preset->name;
		wish.origin = *ret_origin;
	}
	return fm_key_look(&wish, arena, ret_found, err);
}

/* The next one of "A B+C?" alone. */
static bool next_variable(struct fm_span *rest, struct fm_span *ret_variable)
{
	static const char between[] = " +?";
	size_t len = 0;

	while (rest->len > 0 && strchr(between, rest->ptr[0]) != NULL)
		*rest = fm_span_skip(*rest, 1);
	while (len < rest->len && strchr(between, rest->ptr[len]) == NULL)
		len++;
	*ret_variable = fm_span_first(*rest, len);
	*rest = fm_span_skip(*rest, len);
	return len > 0;
}

static bool share_one(const char *variables, const char *others)
{
	struct fm_span rest = fm_span_of(variables);
	struct fm_span one;

	while (next_variable(&rest, &one)) {
		struct fm_span left = fm_span_of(others);
		struct fm_span other;

		while (next_variable(&left, &other))
			if (fm_span_equal(one, other))
				return true;
	}
	return false;
}

bool fm_key_is_lent(const char *variables, const char *base_url, struct fm_arena *arena)
{
	size_t count;
	const struct fm_preset *const *presets = fm_preset_list(&count);
	char origin[ORIGIN_BYTES_MAX];
	struct fm_err err;
	bool named = false;

	if (fm_origin_of(base_url, false, origin, sizeof origin, &err) != FM_OK)
		return false;
	for (size_t i = 0; i < count; i++) {
		const char *own;

		if (!share_one(presets[i]->keys, variables))
			continue;
		named = true;
		own = origin_of(presets[i], arena);
		if (own != NULL && fm_span_is(fm_span_of(own), origin))
			return false;
	}
	return named;
}
