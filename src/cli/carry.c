#include "cli/carry.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/num.h"
#include "cli/command.h"
#include "cli/live.h"
#include "cli/plan_load.h"
#include "cli/plan_window.h"
#include "cli/stop.h"
#include "cli/tell.h"

static int status_of(const struct fm_run_result *r, uint32_t allow_invalid_ppm)
{
	switch (r->why) {
	case FM_WHY_INTERRUPTED:
		return FM_EXIT_INTERRUPTED;
	case FM_WHY_BUDGET:
	case FM_WHY_FORECAST:
		return FM_EXIT_BUDGET;
	case FM_WHY_AUTH:
		return FM_EXIT_AUTH;
	case FM_WHY_UNREACHABLE:
		return FM_EXIT_UNREACHABLE;
	case FM_WHY_DISK: /* or whatever else kept a prompt from being made */
		return r->error.code != FM_OK ? fm_exit_of(r->error.code) : FM_EXIT_FAILED;
	case FM_WHY_DONE:
		break;
	}
	if (r->settled > 0 && r->invalid > fm_num_mul_div(r->settled, allow_invalid_ppm, 1000000))
		return FM_EXIT_INVALID;
	return FM_EXIT_OK;
}

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

/* Why a run stopped early, in one sentence. */
static void say_why(const struct fm_run_result *r)
{
	const unsigned long long settled = r->settled;
	const unsigned long long planned = r->planned;

	switch (r->why) {
	case FM_WHY_INTERRUPTED:
		fm_say("interrupted: %llu of %llu trials are settled and safe", settled, planned);
		break;
	case FM_WHY_BUDGET:
		fm_say("the budget is used up: %llu of %llu trials are settled, %llu were not "
		       "sent; "
		       "a larger one goes on",
		       settled, planned, (unsigned long long)r->skipped);
		break;
	case FM_WHY_FORECAST:
	case FM_WHY_AUTH:
	case FM_WHY_UNREACHABLE:
	case FM_WHY_DISK:
		fm_say("%s", r->error.text[0] != '\0' ? r->error.text : fm_run_why_name(r->why));
		if (r->error.code == FM_E_FULL)
			fm_say("nothing more was sent; make room, and the same command goes on");
		break;
	case FM_WHY_DONE:
		break;
	}
}

static void say_doubt(const struct fm_run_result *r)
{
	char text[FM_NUM_TEXT_MAX];
	const unsigned long long count = r->in_doubt;

	if (r->exposed_usd_micro > 0)
		fm_say("%llu trial%s in doubt may have been paid for, up to %s: sent again only "
		       "with --again in_doubt",
		       count, plural(count), fm_num_usd_text(r->exposed_usd_micro, text));
	else
		fm_say("%llu trial%s in doubt: sent again only with --again in_doubt", count,
		       plural(count));
}

static void say_rest(const struct fm_run_result *r)
{
	if (r->torn_bytes > 0)
		fm_say("the journal ended in a torn line: its %llu bytes are in journal.torn",
		       (unsigned long long)r->torn_bytes);
	if (r->why == FM_WHY_DONE && r->invalid > 0)
		fm_say("%llu of %llu trial%s could not be graded", (unsigned long long)r->invalid,
		       (unsigned long long)r->settled, plural(r->settled));
	if (r->in_doubt > 0)
		say_doubt(r);
}

/* What the corpus cannot give it will not give to the same command again. */
static bool is_lasting(enum fm_code code)
{
	return code == FM_E_SEAM || code == FM_E_LIMIT || code == FM_E_FORMAT;
}

/* What is wrong with filler, and how much there is of it, its own check says. */
static const char *check_of(struct fm_call *call, const struct fm_carry *carry)
{
	const char *name = carry->loaded->settings.corpus.name;

	return fm_arena_format(call->arena, "fathom corpus check %s", fm_call_quote(call, name));
}

static const char *next_of(struct fm_call *call, const struct fm_carry *carry,
                           const struct fm_run_result *r)
{
	const char *name = strrchr(carry->folder, '/');

	name = name == NULL ? carry->folder : name + 1;
	if (r->why == FM_WHY_BUDGET)
		return fm_arena_format(call->arena, "fathom report %s", name);
	if (r->why == FM_WHY_FORECAST) /* some tenths more than it has come to */
		return fm_arena_format(call->arena, "%s --overrun %" PRIu64 "%%", carry->go_on,
		                       r->overrun_ppm / 100000 * 10 + 20);
	if (r->why == FM_WHY_DISK && is_lasting(r->error.code))
		return check_of(call, carry);
	if (r->why != FM_WHY_DONE)
		return carry->go_on;
	if (carry->after != NULL)
		return carry->after;
	if (r->in_doubt > 0)
		return fm_arena_format(call->arena, "fathom show %s --outcome in_doubt", name);
	return fm_arena_format(call->arena, "fathom report %s -o %s.html", name, name);
}

static enum fm_code carry_out(struct fm_call *call, const struct fm_carry *carry,
                              struct fm_run_result *result, struct fm_err *err)
{
	const struct fm_loaded *l = carry->loaded;
	struct fm_live live = {0};
	struct fm_run_spec spec = {
		.plan = &l->plan,
		.folder = carry->folder,
		.cache_folder = l->cache_folder,
		.data_folder = l->data_folder,
		.corpora_folder = l->corpora_folder,
		.again_in_doubt = carry->again_in_doubt,
		.mono_ns = fm_clock_mono_ns,
		.wall_ms = fm_clock_wall_ms,
		.show = fm_live_show,
		.show_ctx = &live,
	};
	enum fm_code rc = fm_stop_open(&spec.stop_fd, err);

	if (rc != FM_OK)
		return rc;
	if (call->common.verbose)
		fm_say("%zu trials into %s; haystacks in %s; corpora from %s", l->plan.trial_count,
		       carry->folder, l->cache_folder, l->corpora_folder);
	fm_live_open(&live, &call->err, call->common.quiet, l->forecast.priced);
	rc = fm_run_carry_out(&spec, result, err);
	fm_live_close(&live);
	return rc;
}

int fm_carry_out(struct fm_call *call, const struct fm_carry *carry,
                 struct fm_run_result *ret_result)
{
	struct fm_err err = {0};
	enum fm_code rc;
	int status;

	*ret_result = (struct fm_run_result){0};
	rc = carry_out(call, carry, ret_result, &err);
	if (rc == FM_E_CHANGED)
		return fm_call_fail(&err,
		                    fm_arena_format(call->arena, "%s --as NAME", carry->go_on));
	if (rc == FM_E_SEAM || rc == FM_E_LIMIT)
		return fm_call_fail(&err, check_of(call, carry));
	if (rc == FM_E_BUSY || rc == FM_E_FORMAT)
		return fm_call_fail(&err, "fathom show");
	if (rc != FM_OK)
		return fm_call_fail(&err, carry->go_on);
	/* A partial map says so itself; one without a single grade says nothing. */
	if (ret_result->settled > ret_result->invalid || ret_result->why == FM_WHY_DONE)
		rc = fm_tell_run(call, carry->folder, carry->last_words == NULL, &err);
	say_why(ret_result);
	say_rest(ret_result);
	fm_plan_window_learn(call, carry->loaded);
	if (!call->common.quiet)
		fm_plan_window_say(carry->loaded);
	if (rc == FM_OK && carry->page != NULL && ret_result->why == FM_WHY_DONE)
		rc = fm_tell_file(call, carry->folder, carry->page, &err);
	if (rc != FM_OK)
		return fm_call_fail(&err, NULL);
	if (!call->common.quiet && carry->last_words != NULL && ret_result->why == FM_WHY_DONE)
		fm_say("%s", carry->last_words);
	status = status_of(ret_result, carry->allow_invalid_ppm);
	if (!call->common.quiet || status != FM_EXIT_OK)
		fm_say_next(next_of(call, carry, ret_result));
	return status;
}
