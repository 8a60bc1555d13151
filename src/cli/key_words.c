#include "cli/key_words.h"

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

static bool has_word(const char *words, const char *word)
{
	struct fm_span rest = fm_span_of(words);
	struct fm_span one;

	while (fm_span_split(&rest, ' ', &one))
		if (fm_span_is(one, word))
			return true;
	return false;
}

bool fm_key_is_lent(const char *variable, const char *base_url, struct fm_arena *arena)
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

		if (!has_word(presets[i]->keys, variable))
			continue;
		named = true;
		own = origin_of(presets[i], arena);
		if (own != NULL && fm_span_is(fm_span_of(own), origin))
			return false;
	}
	return named;
}
