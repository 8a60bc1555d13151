#include "client/key.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#include "base/env.h"
#include "base/locked.h"
#include "key_internal.h"
#include "key_read_internal.h"
#include "origin_internal.h"
#include "text/secret.h"
#include "wire/sigv4.h"

/* Pages of its own, which neither a core dump nor the swap shall hold. */
struct fm_key {
	char origin[FM_ORIGIN_MAX];
	struct fm_span parts[FM_KEY_PARTS];
	size_t used; /* of `bytes` */
	char bytes[FM_KEY_BYTES_MAX];
};

/* Neither the key nor its length is said: an error may be printed anywhere. */
enum fm_code fm_key_check(struct fm_span text, struct fm_err *err)
{
	if (text.len == 0)
		return fm_fail(err, FM_E_AUTH, "is empty");
	if (text.len > FM_KEY_BYTES_MAX)
		return fm_fail(err, FM_E_AUTH, "is too long for a key");
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] < '!' || text.ptr[i] > '~')
			return fm_fail(err, FM_E_AUTH, "holds what a header cannot carry");
	return FM_OK;
}

enum fm_code fm_key_keep(struct fm_key *key, enum fm_key_part part, struct fm_span text,
                         struct fm_err *err)
{
	char *to = key->bytes + key->used;

	text = fm_span_trim(text);
	if (fm_key_check(text, err) != FM_OK)
		return err->code;
	if (text.len > FM_KEY_BYTES_MAX - key->used ||
	    (part == FM_KEY_SECRET && text.len > FM_SIGV4_SECRET_MAX))
		return fm_fail(err, FM_E_AUTH, "is too long for a key");
	memcpy(to, text.ptr, text.len);
	key->parts[part] = fm_span_make(to, text.len);
	key->used += text.len;
	fm_secret_add(text);
	return FM_OK;
}

static enum fm_code read_file(struct fm_key *key, const char *path, struct fm_err *err)
{
	struct fm_key_text text = {0};
	enum fm_code rc = fm_key_text_open(path, FM_KEY_BYTES_MAX, true, &text, err);

	if (rc == FM_E_LIMIT)
		rc = fm_fail(err, FM_E_AUTH, "is too long for a key");
	if (rc == FM_OK)
		rc = fm_key_keep(key, FM_KEY_TEXT, fm_span_make(text.bytes, text.len), err);
	fm_key_text_close(&text);
	return rc == FM_OK ? rc : fm_err_prefix(err, "key file %s", path);
}

bool fm_key_next_variable(struct fm_span *rest, char name[FM_KEY_NAME_MAX], bool *ret_may_miss)
{
	struct fm_span word;

	if (!fm_span_split(rest, '+', &word))
		return false;
	*ret_may_miss = fm_span_ends(word, "?");
	if (*ret_may_miss)
		word.len--;
	(void)snprintf(name, FM_KEY_NAME_MAX, "%.*s",
	               FM_SPAN_ARGS(word)); /* one that is cut is not set */
	return true;
}

/* Gives a variable's value, an empty one when it is not set. */
typedef struct fm_span (*variable_fn)(void *ctx, const char *name);

static struct fm_span of_environment(void *ctx, const char *name)
{
	(void)ctx;
	return fm_span_of(fm_env_get(name));
}

static struct fm_span of_dotenv(void *ctx, const char *name)
{
	struct fm_dotenv *file = ctx;
	struct fm_span value;

	(void)fm_dotenv_find(file->text, fm_span_of(name), file->room,
	                     &value); /* it is empty then */
	return value;
}

static enum fm_code read_variables(struct fm_key *key, const char *names, variable_fn variable,
                                   void *ctx, struct fm_err *err)
{
	struct fm_span rest = fm_span_of(names);
	enum fm_key_part part = FM_KEY_TEXT;
	enum fm_code rc = FM_OK;
	char name[FM_KEY_NAME_MAX] = "";
	bool may_miss;

	for (; rc == FM_OK && part < FM_KEY_PARTS && fm_key_next_variable(&rest, name, &may_miss);
	     part++) {
		const struct fm_span value = variable(ctx, name);

		if (value.len > 0)
			rc = fm_key_keep(key, part, value, err);
		else if (!may_miss)
			rc = fm_fail(err, FM_E_AUTH, "is not set");
	}
	return rc == FM_OK ? rc : fm_err_prefix(err, "key variable %s", name);
}

static enum fm_code read_dotenv(struct fm_key *key, const char *names, struct fm_err *err)
{
	struct fm_dotenv file = {0};
	enum fm_code rc = fm_dotenv_open(&file, err);

	if (rc == FM_OK)
		rc = read_variables(key, names, of_dotenv, &file, err);
	fm_dotenv_close(&file);
	return rc == FM_OK ? rc : fm_err_prefix(err, "%s", FM_DOTENV_FILE);
}

void fm_key_drop(const struct fm_key_spec *spec)
{
	struct fm_span rest = fm_span_of(spec->name);
	char name[FM_KEY_NAME_MAX];
	bool may_miss;

	while (spec->source == FM_KEY_ENV && fm_key_next_variable(&rest, name, &may_miss))
		fm_env_drop(name);
}

enum fm_code fm_key_open(const struct fm_key_spec *spec, struct fm_key **ret_key,
                         struct fm_err *err)
{
	struct fm_key *key = fm_locked_take(sizeof *key);
	enum fm_code rc = FM_OK;

	fm_locked_close_process();
	if (strlen(spec->origin) >= sizeof key->origin) {
		rc = fm_fail(err, FM_E_USAGE, "key: the origin is too long");
		goto out;
	}
	memcpy(key->origin, spec->origin, strlen(spec->origin) + 1);
	switch (spec->source) {
	case FM_KEY_ENV:
		rc = read_variables(key, spec->name, of_environment, NULL, err);
		break;
	case FM_KEY_DOTENV:
		rc = read_dotenv(key, spec->name, err);
		break;
	case FM_KEY_FILE:
		rc = read_file(key, spec->name, err);
		break;
	case FM_KEY_COMMAND:
		rc = fm_key_run_command(key, spec->command, err);
		break;
	case FM_KEY_STORE:
		rc = fm_key_read_store(key, spec->name, spec->origin, err);
		break;
	case FM_KEY_NONE:
	default:
		rc = fm_fail(err, FM_E_AUTH, "key: none is named");
		break;
	}
	if (rc != FM_OK)
		goto out;
	*ret_key = key;
	key = NULL;
out:
	fm_key_close(key);
	return rc;
}

void fm_key_close(struct fm_key *key)
{
	fm_locked_free(key, sizeof *key);
}

bool fm_key_fits(const struct fm_key *key, struct fm_span origin)
{
	return fm_span_is(origin, key->origin);
}

struct fm_span fm_key_part(const struct fm_key *key, enum fm_key_part part)
{
	return key->parts[part];
}

struct curl_slist *fm_key_add_header(const struct fm_key *key, const char *prefix,
                                     struct curl_slist *list)
{
	char line[FM_KEY_BYTES_MAX + 64];
	struct curl_slist *more;

	(void)snprintf(line, sizeof line, "%s%.*s", prefix,
	               FM_SPAN_ARGS(key->parts[FM_KEY_TEXT])); /* prefixes are short */
	more = curl_slist_append(list, line);
	explicit_bzero(line, sizeof line);
	if (more == NULL)
		fm_die("out of memory");
	return more;
}

void fm_key_wipe_list(struct curl_slist *list)
{
	for (struct curl_slist *node = list; node != NULL; node = node->next)
		explicit_bzero(node->data, strlen(node->data));
	curl_slist_free_all(list);
}
