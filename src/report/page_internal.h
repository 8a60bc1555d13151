#ifndef FATHOM_REPORT_PAGE_INTERNAL_H
#define FATHOM_REPORT_PAGE_INTERNAL_H

#include "report/report.h"

/* Bytes of trials in the page; beyond them hits are left out first, and the page says so. */
#define FM_PAGE_TRIALS_MAX ((size_t)20 << 20)
#define FM_PAGE_ANSWER_MAX ((size_t)16 << 10) /* of one answer; the rest is cut, and marked */

/* A file of reports/page/, as it stands in the page; made by embed.py when fathom is built. */
struct fm_page_part {
	const char *bytes;
	size_t len;
	const char *hash; /* "sha256-…", as a security policy names it */
};

extern const struct fm_page_part fm_page_style;
extern const struct fm_page_part fm_page_script;

/* The map once more as a table, the outcomes, the controls. */
void fm_page_tables(const struct fm_panel *panel, struct fm_buf *buf);

/*
 * All trials as JSON inside a script element that is not run: '<' never stands in it, so that no
 * answer can end the element.
 *
 * Returns how many trials the page holds.
 */
size_t fm_page_data(const struct fm_report *report, struct fm_buf *buf);

#endif
