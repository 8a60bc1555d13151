#include "cli/faults.h"

#include <stdlib.h>

#include "base/buf.h"
#include "cli/screen.h"
#include "report/report.h"

#define KINDS_MAX 64 /* outcomes, reasons and statuses together are fewer in any sane run */
#define KINDS_SAID 3
#define WORDS_BYTES_MAX 200

struct kind {
	enum fm_outcome outcome;
	enum fm_reason reason;
	int status;
	size_t count;
	struct fm_span words; /* of the first trial that had any */
};

static bool is_fault(enum fm_outcome outcome)
{
	return outcome > FM_CANCELLED && !fm_outcome_is_graded(outcome) && outcome != FM_ANSWERED;
}

static void add(struct kind *kinds, size_t *count, const struct fm_report_trial *t)
{
	size_t i = 0;

	while (i < *count && (kinds[i].outcome != t->point.outcome ||
	                      kinds[i].reason != t->reason || kinds[i].status != t->status))
		i++;
	if (i == KINDS_MAX)
		return;
	if (i == *count)
		kinds[(*count)++] = (struct kind){t->point.outcome, t->reason, t->status, 0, {0}};
	kinds[i].count++;
	if (kinds[i].words.len == 0)
		kinds[i].words = t->error;
}

/* Sorted by how often, then as the outcomes stand, so that the same run says the same. */
static int compare(const void *a, const void *b)
{
	const struct kind *left = a;
	const struct kind *right = b;

	if (left->count != right->count)
		return left->count > right->count ? -1 : 1;
	if (left->outcome != right->outcome)
		return left->outcome < right->outcome ? -1 : 1;
	return left->status < right->status ? -1 : left->status > right->status;
}

static void say(const struct kind *k)
{
	const char *reason = fm_reason_name(k->reason);
	struct fm_buf buf;

	fm_buf_init(&buf, 4096);
	fm_buf_putf(&buf, "%zu %s", k->count, fm_outcome_name(k->outcome));
	if (reason != NULL)
		fm_buf_putf(&buf, " (%s)", reason);
	if (k->status > 0)
		fm_buf_putf(&buf, ", HTTP %d", k->status);
	if (k->words.len > 0) {
		fm_buf_puts(&buf, ": ");
		fm_buf_put(&buf, fm_span_first(k->words, WORDS_BYTES_MAX));
	}
	fm_say("%s", fm_buf_text(&buf));
	fm_buf_free(&buf);
}

void fm_faults_say(const struct fm_report *report)
{
	struct kind kinds[KINDS_MAX];
	size_t count = 0;
	size_t rest = 0;

	for (size_t i = 0; i < report->trial_count; i++)
		if (is_fault(report->trials[i].point.outcome))
			add(kinds, &count, &report->trials[i]);
	qsort(kinds, count, sizeof kinds[0], compare);
	for (size_t i = 0; i < count; i++) {
		if (i < KINDS_SAID)
			say(&kinds[i]);
		else
			rest += kinds[i].count;
	}
	if (rest > 0)
		fm_say("and %zu of other kinds", rest);
}
