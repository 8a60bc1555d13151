#include "client/key.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/env.h"
#include "base/file.h"
#include "key_internal.h"
#include "origin_internal.h"

#define KEY_MAX 2048

/* A shorter one could be a word of any answer. */
#define MASK_MIN 8

/* One page of its own, which neither a core dump nor the swap shall hold. */
struct fm_key {
	char origin[FM_ORIGIN_MAX];
	char text[KEY_MAX];
	size_t len;
};

/* Neither the key nor its length is said: an error may be printed anywhere. */
static enum fm_code keep(struct fm_key *key, struct fm_span text, struct fm_err *err)
{
	text = fm_span_trim(text);
	if (text.len == 0)
		return fm_fail(err, FM_E_AUTH, "is empty");
	if (text.len >= KEY_MAX)
		return fm_fail(err, FM_E_AUTH, "is too long for a key");
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] < '!' || text.ptr[i] > '~')
			return fm_fail(err, FM_E_AUTH, "holds what a header cannot carry");
	memcpy(key->text, text.ptr, text.len);
	key->len = text.len;
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
		rc = keep(key, fm_span_make(text, (size_t)len), err);
out:
	explicit_bzero(text, sizeof text);
	fm_fd_close(&fd);
	return rc == FM_OK ? rc : fm_err_prefix(err, "key file %s", path);
}

static enum fm_code read_variable(struct fm_key *key, const char *name, struct fm_err *err)
{
	const char *value = fm_env_get(name);
	enum fm_code rc;

	if (value == NULL)
		rc = fm_fail(err, FM_E_AUTH, "is not set");
	else
		rc = keep(key, fm_span_of(value), err);
	return rc == FM_OK ? rc : fm_err_prefix(err, "key variable %s", name);
}

static struct fm_key *take_page(void)
{
	void *page = mmap(NULL, sizeof(struct fm_key), PROT_READ | PROT_WRITE,
	                  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		fm_die("out of memory");
	(void)madvise(page, sizeof(struct fm_key), MADV_DONTDUMP); /* without it we still run */
	(void)mlock(page, sizeof(struct fm_key)); /* so here: a limit may forbid it */
	return page;
}

enum fm_code fm_key_open(const struct fm_key_spec *spec, struct fm_key **ret_key,
                         struct fm_err *err)
{
	struct fm_key *key = take_page();
	enum fm_code rc = FM_OK;

	if (strlen(spec->origin) >= sizeof key->origin) {
		rc = fm_fail(err, FM_E_USAGE, "key: the origin is too long");
		goto out;
	}
	memcpy(key->origin, spec->origin, strlen(spec->origin) + 1);
	switch (spec->source) {
	case FM_KEY_ENV:
		rc = read_variable(key, spec->name, err);
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
	if (key == NULL)
		return;
	explicit_bzero(key, sizeof *key);
	(void)munmap(key, sizeof *key); /* fails for a wrong address only */
}

bool fm_key_fits(const struct fm_key *key, struct fm_span origin)
{
	return fm_span_is(origin, key->origin);
}

struct curl_slist *fm_key_add_header(const struct fm_key *key, const char *prefix,
                                     struct curl_slist *list)
{
	char line[KEY_MAX + 64];
	struct curl_slist *more;

	(void)snprintf(line, sizeof line, "%s%s", prefix, key->text); /* prefixes are short */
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

struct fm_span fm_key_mask(const struct fm_key *key, struct fm_span text, struct fm_buf *buf)
{
	const struct fm_span secret = fm_span_make(key->text, key->len);
	size_t at = fm_span_find(text, secret);

	if (key->len < MASK_MIN || at == text.len)
		return text;
	fm_buf_init(buf, 2 * text.len + 64);
	while (at < text.len) {
		fm_buf_put(buf, fm_span_first(text, at));
		fm_buf_puts(buf, "[key]");
		text = fm_span_skip(text, at + secret.len);
		at = fm_span_find(text, secret);
	}
	fm_buf_put(buf, text);
	return fm_buf_span(buf);
}
