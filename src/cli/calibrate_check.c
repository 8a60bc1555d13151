#include "cli/calibrate_check.h"

#include "base/num.h"
#include "cli/command.h"
#include "client/key.h"
#include "text/json.h"
#include "token/calibration.h"

#define ERROR_PPM_MAX 250000

/* No two vocabularies of models are further apart on prose, code or Chinese: one token for four. */
#define FACTOR_PPB_MIN UINT64_C(250000000)
#define FACTOR_PPB_MAX UINT64_C(4000000000)

void fm_calibrate_warn(const struct fm_value *plan, const char *model, const char *name)
{
	const struct fm_value *design = fm_value_get(plan, "design");
	const struct fm_value *m = fm_value_first(fm_value_get(design, "models"));
	struct fm_span asked;
	struct fm_span origin;

	for (; m != NULL; m = fm_value_next(m)) {
		if (!fm_value_text(fm_value_get(m, "model"), &asked) ||
		    !fm_value_text(fm_value_get(m, "origin"), &origin) ||
		    !fm_span_is(asked, model) || !fm_origin_is_loopback(origin))
			continue;
		fm_say("%s was asked at %.*s, on this machine: if that is a simulator, %s counts "
		       "as the simulator does, not as a model",
		       model, FM_SPAN_ARGS(origin), name);
	}
}

enum fm_code fm_calibrate_check_fit(const struct fm_calibration *fit, struct fm_err *err)
{
	char error[FM_NUM_TEXT_MAX];
	char mean[FM_NUM_TEXT_MAX];

	if (fit->unit_count == 0 &&
	    (fit->factor_ppb < FACTOR_PPB_MIN || fit->factor_ppb > FACTOR_PPB_MAX))
		return fm_fail(err, FM_E_FORMAT,
		               "the counts come to %.3f tokens for each of the base, which is no "
		               "tokenizer's: were the prompts cut?",
		               (double)fit->factor_ppb / 1e9);
	if (fit->error_ppm <= ERROR_PPM_MAX)
		return FM_OK;
	return fm_fail(err, FM_E_FORMAT,
	               "the counts do not follow one factor: they miss it by %s, %s in the mean, "
	               "and 25%% is the most that is taken; longer texts of one kind may fit%s",
	               fm_num_percent_text(fit->error_ppm, error),
	               fm_num_percent_text(fit->mean_error_ppm, mean),
	               fit->framing_tokens == 0 ? ", or --framed" : "");
}
