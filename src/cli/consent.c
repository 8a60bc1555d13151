#include "cli/consent.h"

#include <errno.h>
#include <unistd.h>

#include "base/num.h"
#include "cli/command.h"
#include "cli/plan_load.h"
#include "store/history.h"
#include "sweep/run.h"

/* What is still to be paid. */
struct bill {
	uint64_t trials;
	uint64_t again; /* of those, sent once more although they may have been paid */
	uint64_t worst_usd_micro;
	uint64_t again_usd_micro;
	uint64_t unpriced; /* to endpoints that may well cost something, nobody knows how much */
	const char *model; /* one of them */
};

/* A server on this machine costs nothing by the token; of any other it is not known. */
static bool is_unknown(const struct fm_model_setting *m)
{
	const struct fm_span url = fm_span_of(m->base_url);

	return !m->priced && !fm_span_starts(url, "http://127.0.0.1") &&
	       !fm_span_starts(url, "http://localhost") && !fm_span_starts(url, "http://[::1]");
}

/* A folder without a readable journal has nothing that is settled; opening it will say more. */
static struct bill make_bill(const struct fm_loaded *l, const struct fm_consent_spec *spec)
{
	struct fm_history history = {0};
	struct fm_err ignored = {0};
	const bool there = fm_history_open(spec->folder, &history, &ignored) == FM_OK;
	struct bill bill = {0};

	for (size_t i = 0; i < l->plan.trial_count; i++) {
		const struct fm_plan_trial *t = &l->plan.trials[i];
		const struct fm_record *r = there ? fm_history_find(&history, t->trial) : NULL;

		if (!fm_run_will_send(r == NULL ? FM_NOT_RUN : r->outcome, spec->again_in_doubt))
			continue;
		bill.trials++;
		if (is_unknown(&l->settings.models[t->model])) {
			bill.unpriced++;
			bill.model = l->settings.models[t->model].name;
		}
		bill.worst_usd_micro += t->reserve_usd_micro;
		if (r != NULL && r->outcome == FM_IN_DOUBT) {
			bill.again++;
			bill.again_usd_micro += t->reserve_usd_micro;
		}
	}
	if (there)
		fm_history_close(&history);
	return bill;
}

static void put_price(struct fm_buf *buf, const struct fm_loaded *l, const struct bill *bill)
{
	const struct fm_forecast *f = &l->forecast;
	char likely[FM_NUM_TEXT_MAX];
	char worst[FM_NUM_TEXT_MAX];
	const uint64_t part = f->worst_usd_micro == 0 ? 0
	                                              : fm_num_mul_div_up(f->likely_usd_micro,
	                                                                  bill->worst_usd_micro,
	                                                                  f->worst_usd_micro);

	fm_buf_putf(buf, "%llu trials are likely to cost %s, at most %s",
	            (unsigned long long)bill->trials, fm_num_usd_text(part, likely),
	            fm_num_usd_text(bill->worst_usd_micro, worst));
	if (l->settings.has_budget)
		fm_buf_putf(buf, ", and never more than %s",
		            fm_num_usd_text(l->settings.budget_usd_micro, worst));
	if (bill->again > 0)
		fm_buf_putf(buf, "; %llu of them, up to %s, may be paid for a second time",
		            (unsigned long long)bill->again,
		            fm_num_usd_text(bill->again_usd_micro, worst));
}

/* One line from the terminal; only "y" and "yes" are consent. */
static bool read_yes(void)
{
	char line[16];
	size_t len = 0;
	char c;

	for (;;) {
		const ssize_t got = read(STDIN_FILENO, &c, 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0 || c == '\n')
			break;
		if (len < sizeof line)
			line[len++] = fm_to_lower(c);
	}
	const struct fm_span said = fm_span_trim(fm_span_make(line, len));

	return fm_span_is(said, "y") || fm_span_is(said, "yes");
}

enum fm_code fm_consent_ask(struct fm_call *call, const struct fm_loaded *loaded,
                            const struct fm_consent_spec *spec, struct fm_err *err)
{
	const struct bill bill = make_bill(loaded, spec);
	struct fm_buf buf;
	enum fm_code rc = FM_OK;

	if (bill.worst_usd_micro == 0 && bill.unpriced == 0)
		return FM_OK;
	fm_buf_init(&buf, 4096);
	if (bill.unpriced > 0)
		fm_buf_putf(&buf, "%llu trial%s to %s at a price that is not known%s",
		            (unsigned long long)bill.unpriced,
		            bill.unpriced == 1 ? " goes" : "s go", bill.model,
		            bill.worst_usd_micro > 0 ? "; " : "");
	if (bill.worst_usd_micro > 0)
		put_price(&buf, loaded, &bill);
	if (spec->yes) {
		if (!call->common.quiet)
			fm_say("%s", fm_buf_text(&buf));
	} else if (isatty(STDIN_FILENO) == 1 && call->err.tty) {
		fm_buf_puts(&buf, ". Go on? [y/N] ");
		fm_say_raw(fm_buf_span(&buf));
		if (!read_yes())
			rc = fm_fail(err, FM_E_BUDGET, "nothing was sent");
	} else if (!loaded->settings.has_budget) {
		rc = fm_fail(err, FM_E_BUDGET,
		             "%s, and there is nobody to ask: set a --budget, or say --yes",
		             fm_buf_text(&buf));
	}
	fm_buf_free(&buf);
	return rc;
}
