#include "report/report.h"

#include "base/num.h"
#include "text/escape.h"
#include "trial/spec.h"

static const char header[] =
	"trial,pair,model,task,control,length,depth_ppm,repeat,outcome,reason,status,attempts,"
	"found,of,strict,landed_ppm,at_tokens,at_bytes,tokens_in,tokens_out,tokens_cached,"
	"first_answer_ns,total_ns,cost_usd_micro,stop,model_said,expected,answer,error\r\n";

static void put_text(struct fm_buf *buf, const char *text)
{
	fm_put_csv(buf, fm_span_of(text));
	fm_buf_putc(buf, ',');
}

static void put_u64(struct fm_buf *buf, uint64_t number)
{
	fm_buf_putf(buf, "%llu,", (unsigned long long)number);
}

/* Unknown is an empty field, never zero. */
static void put_known(struct fm_buf *buf, int64_t number)
{
	if (number >= 0)
		fm_buf_putf(buf, "%lld", (long long)number);
	fm_buf_putc(buf, ',');
}

static void put_ppm(struct fm_buf *buf, uint32_t ppm)
{
	put_known(buf, ppm == FM_DEPTH_NONE ? -1 : (int64_t)ppm);
}

static void put_expected(struct fm_buf *buf, const struct fm_report_trial *trial)
{
	struct fm_buf joined;

	fm_buf_init(&joined, SIZE_MAX);
	for (size_t i = 0; i < trial->expected_count; i++) {
		if (i > 0)
			fm_buf_putc(&joined, ' ');
		fm_buf_put(&joined, trial->expected[i]);
	}
	fm_put_csv(buf, fm_buf_span(&joined));
	fm_buf_putc(buf, ',');
	fm_buf_free(&joined);
}

static void put_identity(struct fm_buf *buf, const struct fm_report_trial *trial)
{
	char id[FM_ID_TEXT_MAX];

	put_text(buf, fm_id_text(trial->trial, id));
	put_text(buf, fm_id_is_none(trial->pair) ? "" : fm_id_text(trial->pair, id));
	put_text(buf, trial->point.model);
	put_text(buf, trial->point.task);
	put_text(buf, trial->point.control);
	put_u64(buf, trial->point.length);
	put_ppm(buf, trial->point.depth_ppm);
	put_u64(buf, trial->point.repeat);
}

static void put_result(struct fm_buf *buf, const struct fm_report_trial *trial)
{
	put_text(buf, fm_outcome_name(trial->point.outcome));
	put_text(buf, fm_reason_name(trial->reason));
	put_known(buf, trial->status > 0 ? trial->status : -1);
	put_u64(buf, trial->attempts);
	put_u64(buf, trial->found);
	put_u64(buf, trial->of);
	put_u64(buf, trial->strict ? 1 : 0);
	put_ppm(buf, trial->landed_ppm);
	put_u64(buf, trial->at_tokens);
	put_u64(buf, trial->at_bytes);
	put_known(buf, trial->usage_in);
	put_known(buf, trial->usage_out);
	put_known(buf, trial->usage_cached);
	put_known(buf, trial->point.first_answer_ns);
	put_known(buf, trial->point.total_ns);
	put_u64(buf, trial->point.cost_usd_micro);
}

void fm_report_csv(const struct fm_report *report, struct fm_buf *buf)
{
	fm_buf_puts(buf, header);
	for (size_t i = 0; i < report->trial_count; i++) {
		const struct fm_report_trial *trial = &report->trials[i];

		put_identity(buf, trial);
		put_result(buf, trial);
		put_text(buf, trial->stop);
		put_text(buf, trial->model_said);
		put_expected(buf, trial);
		fm_put_csv(buf, trial->answer);
		fm_buf_putc(buf, ',');
		fm_put_csv(buf, trial->error);
		fm_buf_puts(buf, "\r\n");
	}
}
