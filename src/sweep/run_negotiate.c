#include "run_internal.h"

#include <string.h>

#include "wire/negotiate.h"

const char *fm_run_params(const struct fm_run *run, size_t trial, struct fm_arena *arena)
{
	const struct fm_plan_trial *t = &run->plan->trials[trial];
	const struct fm_run_model *model = &run->models[t->model];
	const char *params = t->spec.params;

	for (size_t i = 0; i < model->change_count; i++)
		params = fm_negotiate_apply(params, &model->changes[i], arena);
	return params;
}

static void note(struct fm_run *run, const char *what)
{
	(void)fm_journal_note(run->journal, run->spec->wall_ms(), "warn",
	                      what); /* a ticket nobody waits for */
}

static void note_change(struct fm_run *run, const char *model, const struct fm_change *change)
{
	if (change->now == NULL)
		note(run, fm_arena_format(&run->arena,
		                          "%s does not take \"%s\": from here on it is asked "
		                          "without, and answers as it does by itself",
		                          model, change->member));
	else
		note(run, fm_arena_format(&run->arena,
		                          "%s does not take \"%s\": from here on it is sent as "
		                          "\"%s\"",
		                          model, change->member, change->now));
}

/* Others in flight were refused for the same: the first of them changed it, they only go again. */
static bool is_known(const struct fm_run_model *model, const struct fm_change *change,
                     size_t *ret_index)
{
	for (size_t i = 0; i < model->change_count; i++)
		if (strcmp(model->changes[i].member, change->member) == 0) {
			*ret_index = i;
			return true;
		}
	return false;
}

static void add_change(struct fm_run *run, struct fm_run_model *model, const char *name,
                       const struct fm_change *change)
{
	struct fm_change *kept = &model->changes[model->change_count++];

	kept->member = fm_arena_format(&run->arena, "%s", change->member);
	kept->now = change->now;
	note_change(run, name, kept);
}

bool fm_run_negotiate(struct fm_run *run, struct fm_slot *slot, const struct fm_reply *reply)
{
	const uint32_t index = run->plan->trials[slot->trial].model;
	const struct fm_model_setting *setting = &run->plan->settings->models[index];
	struct fm_run_model *model = &run->models[index];
	struct fm_change change;
	size_t known;

	if (reply->outcome != FM_REJECTED_OTHER || reply->param_refused.len == 0 || run->stopping)
		return false;
	switch (fm_negotiate(slot->params, setting->extra_body, reply->param_refused, &slot->arena,
	                     &change)) {
	case FM_NEGOTIATE_CHANGE:
		break;
	case FM_NEGOTIATE_ASKED:
		if (!model->asked)
			note(run,
			     fm_arena_format(&run->arena,
			                     "%s does not take \"%.*s\", which extra_body asks "
			                     "for: it stays",
			                     setting->name, FM_SPAN_ARGS(reply->param_refused)));
		model->asked = true;
		return false;
	case FM_NEGOTIATE_NOTHING:
	default:
		return false;
	}
	/* What was changed already and is refused again is no matter of its name. */
	if (is_known(model, &change, &known))
		return known >= slot->change_count;
	if (model->change_count == FM_RUN_CHANGES_MAX)
		return false;
	add_change(run, model, setting->name, &change);
	return true;
}
