#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum fm_code fm_fail(struct fm_err *err, enum fm_code code, const char *format, ...)
{
	va_list args;

	err->code = code;
	err->sys = 0;
	va_start(args, format);
	(void)vsnprintf(err->text, sizeof err->text, format, args); /* a cut text is still a text */
	va_end(args);
	return code;
}

static bool is_full(int sys)
{
	return sys == ENOSPC || sys == EDQUOT || sys == EFBIG;
}

enum fm_code fm_fail_sys(struct fm_err *err, enum fm_code code, int sys, const char *format, ...)
{
	char words[128];
	va_list args;
	size_t used;

	err->code = is_full(sys) ? FM_E_FULL : code;
	err->sys = sys;
	va_start(args, format);
	(void)vsnprintf(err->text, sizeof err->text, format, args); /* a cut text is still a text */
	va_end(args);
	used = strlen(err->text);
	(void)snprintf(err->text + used, sizeof err->text - used, ": %s",
	               strerror_r(sys, words, sizeof words));
	return err->code;
}

enum fm_code fm_err_prefix(struct fm_err *err, const char *format, ...)
{
	char old[sizeof err->text];
	va_list args;
	size_t used;

	memcpy(old, err->text, sizeof old);
	va_start(args, format);
	(void)vsnprintf(err->text, sizeof err->text, format, args); /* a cut text is still a text */
	va_end(args);
	used = strlen(err->text);
	(void)snprintf(err->text + used, sizeof err->text - used, ": %s", old);
	return err->code;
}

void fm_die(const char *what)
{
	(void)fprintf(stderr, "fathom: %s\n", what); /* the last words: nobody is left to tell */
	abort();
}
