#include "scan_pattern_internal.h"

enum fm_code fm_pattern_open(const char *text, struct fm_pattern **ret_pattern, struct fm_err *err)
{
	(void)ret_pattern; /* there never is one */
	return fm_fail(err, FM_E_FORMAT,
	               "text would be cut by a pattern that is not known by heart, and this fathom "
	               "was built without PCRE2: %.100s",
	               text);
}

void fm_pattern_close(struct fm_pattern *pattern)
{
	(void)pattern; /* always NULL */
}

size_t fm_pattern_scan(const struct fm_pattern *pattern, struct fm_span text, size_t at,
                       size_t *ret_lengths)
{
	(void)pattern; /* none was ever opened, so none asks */
	(void)text;
	(void)at;
	*ret_lengths = 0;
	return 0;
}
