#include "base/env.h"

#include <stdlib.h>
#include <string.h>

const char *fm_env_get(const char *name)
{
	const char *value = getenv(name);

	return value == NULL || value[0] == '\0' ? NULL : value;
}

void fm_env_drop(const char *name)
{
	char *value = getenv(name);

	/* The system shows the memory that a process began with, whatever was unset since. */
	if (value != NULL)
		explicit_bzero(value, strlen(value));
	(void)unsetenv(name); /* fails for malformed names only */
}

static const char *xdg(struct fm_arena *arena, const char *variable, const char *below_home)
{
	const char *base = fm_env_get(variable);
	const char *home = fm_env_get("HOME");

	if (base != NULL && base[0] == '/')
		return fm_arena_format(arena, "%s/fathom", base);
	if (home == NULL)
		return NULL;
	return fm_arena_format(arena, "%s/%s/fathom", home, below_home);
}

const char *fm_env_cache_folder(struct fm_arena *arena)
{
	return xdg(arena, "XDG_CACHE_HOME", ".cache");
}

const char *fm_env_data_folder(struct fm_arena *arena)
{
	return xdg(arena, "XDG_DATA_HOME", ".local/share");
}

const char *fm_env_config_folder(struct fm_arena *arena)
{
	return xdg(arena, "XDG_CONFIG_HOME", ".config");
}
