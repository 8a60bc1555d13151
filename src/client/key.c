#include "client/key.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/env.h"
#include "base/file.h"
#include "base/locked.h"
#include "key_internal.h"
#include "origin_internal.h"
#include "text/secret.h"
#include "wire/sigv4.h"

/* Tokens of a session are the longest: some 2 KiB. A secret must be one that fm_sigv4_sign takes. */
#define KEY_MAX 8192

#define NAME_MAX_BYTES 256 /* of a variable's name */

/* Pages of its own, which neither a core dump nor the swap shall hold. */
struct fm_key {
	char origin[FM_ORIGIN_MAX];
	struct fm_span parts[FM_KEY_PARTS];
	size_t used; /* of `bytes` */
	char bytes[KEY_MAX];
};

/* Neither the key nor its length is said: an error may be printed anywhere. */
static enum fm_code keep(struct fm_key *key, enum fm_key_part part, struct fm_span text,
                         struct fm_err *err)
{
	char *to = key->bytes + key->used;

	text = fm_span_trim(text);
	if (text.len == 0)
		return fm_fail(err, FM_E_AUTH, "is empty");
	if (text.len > KEY_MAX - key->used ||
	    (part == FM_KEY_SECRET && text.len > FM_SIGV4_SECRET_MAX))
		return fm_fail(err, FM_E_AUTH, "is too long for a key");
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] < '!' || text.ptr[i] > '~')
			return fm_fail(err, FM_E_AUTH, "holds what a header cannot carry");
	memcpy(to, text.ptr, text.len);
	key->parts[part] = fm_span_make(to, text.len);
	key->used += text.len;
	fm_secret_add(text);
	return FM_OK;
}

static enum fm_code check_file(int fd, struct fm_err *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return fm_fail(err, FM_E_USAGE, "is not a regular file");
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return fm_fail(err, FM_E_USAGE, "belongs to somebody else");
	if ((st.st_mode & 077) != 0)
		return fm_fail(err, FM_E_USAGE, "may be read by others: chmod 600 it");
	return FM_OK;
}

static enum fm_code read_file(struct fm_key *key, const char *path, struct fm_err *err)
{
	char text[KEY_MAX + 8];
	ssize_t len;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	enum fm_code rc;

	if (fd < 0) {
		rc = fm_fail_sys(err, FM_E_AUTH, errno, "cannot open");
		goto out;
	}
	rc = check_file(fd, err);
	if (rc != FM_OK)
		goto out;
	len = read(fd, text, sizeof text);
	if (len < 0)
		rc = fm_fail_sys(err, FM_E_AUTH, errno, "cannot read");
	else
		rc = keep(key, FM_KEY_TEXT, fm_span_make(text, (size_t)len), err);
out:
	explicit_bzero(text, sizeof text);
	fm_fd_close(&fd);
	return rc == FM_OK ? rc : fm_err_prefix(err, "key file %s", path);
}

/* The next variable of "ID+SECRET+SESSION?" as a text; `ret_may_miss` is what its '?' says. */
static bool next_variable(struct fm_span *rest, char name[NAME_MAX_BYTES], bool *ret_may_miss)
{
	struct fm_span word;

	if (!fm_span_split(rest, '+', &word))
		return false;
	*ret_may_miss = fm_span_ends(word, "?");
	if (*ret_may_miss)
		word.len--;
	(void)snprintf(name, NAME_MAX_BYTES, "%.*s", FM_SPAN_ARGS(word)); /* else it is not set */
	return true;
}

static enum fm_code read_variables(struct fm_key *key, const char *names, struct fm_err *err)
{
	struct fm_span rest = fm_span_of(names);
	enum fm_key_part part = FM_KEY_TEXT;
	enum fm_code rc = FM_OK;
	char name[NAME_MAX_BYTES] = "";
	bool may_miss;

	for (; rc == FM_OK && part < FM_KEY_PARTS && next_variable(&rest, name, &may_miss);
	     part++) {
		const char *value = fm_env_get(name);

		if (value != NULL)
			rc = keep(key, part, fm_span_of(value), err);
		else if (!may_miss)
			rc = fm_fail(err, FM_E_AUTH, "is not set");
	}
	return rc == FM_OK ? rc : fm_err_prefix(err, "key variable %s", name);
}

bool fm_key_is_set(struct fm_span variables)
{
	char name[NAME_MAX_BYTES];
	bool may_miss;

	while (next_variable(&variables, name, &may_miss))
		if (!may_miss && fm_env_get(name) == NULL)
			return false;
	return true;
}

const char *fm_key_choose(const char *words, struct fm_arena *arena)
{
	struct fm_span rest = fm_span_of(words);
	struct fm_span first = {0};
	struct fm_span word;

	while (fm_span_split(&rest, ' ', &word)) {
		if (fm_key_is_set(word))
			return fm_arena_text(arena, word);
		if (first.len == 0)
			first = word;
	}
	return first.len == 0 ? NULL : fm_arena_text(arena, first);
}

void fm_key_drop(const struct fm_key_spec *spec)
{
	struct fm_span rest = fm_span_of(spec->name);
	char name[NAME_MAX_BYTES];
	bool may_miss;

	while (spec->source == FM_KEY_ENV && next_variable(&rest, name, &may_miss))
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
		rc = read_variables(key, spec->name, err);
		break;
	case FM_KEY_FILE:
		rc = read_file(key, spec->name, err);
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
	char line[KEY_MAX + 64];
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
