#include "key_read_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/locked.h"

static enum fm_code check_file(int fd, bool strict, bool *ret_exposed, struct fm_err *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return fm_fail(err, FM_E_USAGE, "is not a regular file");
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return fm_fail(err, FM_E_USAGE, "belongs to somebody else");
	*ret_exposed = (st.st_mode & 077) != 0;
	if (strict && *ret_exposed)
		return fm_fail(err, FM_E_USAGE, "may be read by others: chmod 600 it");
	return FM_OK;
}

static enum fm_code read_all(int fd, size_t max, struct fm_key_text *text, struct fm_err *err)
{
	size_t len = 1;
	enum fm_code rc = FM_OK;

	text->size = max + 1;
	text->bytes = fm_locked_take(text->size);
	while (rc == FM_OK && len > 0 && text->len <= max) {
		rc = fm_input_read(fd, text->bytes + text->len, text->size - text->len, &len, err);
		text->len += rc == FM_OK ? len : 0;
	}
	if (rc == FM_OK && text->len > max)
		return fm_fail(err, FM_E_LIMIT, "is longer than %zu bytes", max);
	return rc;
}

enum fm_code fm_key_text_open(const char *path, size_t max, bool strict,
                              struct fm_key_text *ret_text, struct fm_err *err)
{
	const int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (strict ? O_NOFOLLOW : 0);
	struct fm_key_text text = {0};
	int fd = open(path, flags);
	enum fm_code rc;

	if (fd < 0) {
		rc = fm_fail_sys(err, FM_E_AUTH, errno, "cannot open");
		goto out;
	}
	rc = check_file(fd, strict, &text.exposed, err);
	if (rc == FM_OK)
		rc = read_all(fd, max, &text, err);
	if (rc != FM_OK)
		goto out;
	*ret_text = text;
	text = (struct fm_key_text){0};
out:
	fm_fd_close(&fd);
	fm_key_text_close(&text);
	return rc;
}

void fm_key_text_close(struct fm_key_text *text)
{
	fm_locked_free(text->bytes, text->size);
	*text = (struct fm_key_text){0};
}
