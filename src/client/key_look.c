#include "client/key.h"

#include "base/env.h"
#include "client/key_store.h"
#include "key_read_internal.h"

/* Has it all the variables of "ID+SECRET+SESSION?", but those that may be missing? */
static bool has_all(struct fm_span variables, struct fm_dotenv *file)
{
	char name[FM_KEY_NAME_MAX];
	struct fm_span value;
	bool may_miss;

	while (fm_key_next_variable(&variables, name, &may_miss)) {
		const bool found = file == NULL ? fm_env_get(name) != NULL
		                                : fm_dotenv_find(file->text, fm_span_of(name),
		                                                 file->room, &value);

		if (!found && !may_miss)
			return false;
	}
	return true;
}

/* The first of the words that is there as a whole; `file` NULL: in the environment. */
static const char *choose(const char *words, struct fm_dotenv *file, struct fm_arena *arena)
{
	struct fm_span rest = fm_span_of(words);
	struct fm_span word;

	while (fm_span_split(&rest, ' ', &word))
		if (has_all(word, file))
			return fm_arena_text(arena, word);
	return NULL;
}

static enum fm_code look_into_dotenv(const struct fm_key_wish *wish, struct fm_arena *arena,
                                     struct fm_key_found *found, struct fm_err *err)
{
	struct fm_dotenv file = {0};
	const enum fm_code rc = fm_dotenv_open(&file, err);
	const char *name;

	if (rc != FM_OK)
		return rc;
	name = choose(wish->variables, &file, arena);
	if (name != NULL)
		*found = (struct fm_key_found){FM_KEY_DOTENV, name, file.file.exposed};
	fm_dotenv_close(&file);
	return FM_OK;
}

static enum fm_code look_into_store(const struct fm_key_wish *wish, struct fm_arena *arena,
                                    struct fm_key_found *found, struct fm_err *err)
{
	struct fm_stored_key *list;
	size_t count;
	const enum fm_code rc = fm_key_store_list(arena, &list, &count, err);

	for (size_t i = 0; rc == FM_OK && i < count; i++)
		if (fm_span_is(fm_span_of(list[i].owner), wish->owner) &&
		    fm_span_is(fm_span_of(list[i].origin), wish->origin))
			*found = (struct fm_key_found){FM_KEY_STORE, list[i].owner, false};
	return rc;
}

enum fm_code fm_key_look(const struct fm_key_wish *wish, struct fm_arena *arena,
                         struct fm_key_found *ret_found, struct fm_err *err)
{
	struct fm_span rest = fm_span_of(wish->variables);
	struct fm_key_found found = {0};
	struct fm_span first;
	enum fm_code rc = FM_OK;

	found.name = choose(wish->variables, NULL, arena);
	if (found.name != NULL)
		found.source = FM_KEY_ENV;
	else if (rest.len > 0)
		rc = look_into_dotenv(wish, arena, &found, err);
	if (rc == FM_OK && found.source == FM_KEY_NONE && wish->owner != NULL)
		rc = look_into_store(wish, arena, &found, err);
	if (rc != FM_OK)
		return rc;
	if (found.name == NULL && fm_span_split(&rest, ' ', &first))
		found.name = fm_arena_text(arena, first);
	*ret_found = found;
	return FM_OK;
}
