#include "sweep/window.h"

#include <stdlib.h>
#include <string.h>

#include "store/history.h"

/* The specs of the plan's trials say which endpoint a model's name stands for. */
static const struct fm_trial_spec *spec_of(const struct fm_plan *plan, size_t model)
{
	for (size_t i = 0; i < plan->trial_count; i++)
		if (plan->trials[i].model == model)
			return &plan->trials[i].spec;
	return NULL;
}

static bool tells_framing(const struct fm_record *record, const struct fm_trial_spec *like)
{
	const enum fm_outcome outcome = record->outcome;

	return record->last != NULL && record->control == NULL &&
	       (outcome == FM_ANSWERED || fm_outcome_is_graded(outcome)) &&
	       strcmp(record->spec.prompt.length_of, "prompt") == 0 &&
	       strcmp(record->spec.model, like->model) == 0 &&
	       strcmp(record->spec.origin, like->origin) == 0 &&
	       strcmp(record->spec.prompt.tokenizer, like->prompt.tokenizer) == 0 &&
	       record->last->reply.usage.in >= (int64_t)record->length;
}

static int by_size(const void *a, const void *b)
{
	const uint64_t left = *(const uint64_t *)a;
	const uint64_t right = *(const uint64_t *)b;

	return left < right ? -1 : left > right;
}

struct fm_framing fm_framing_learn(const struct fm_plan *plan, size_t model,
                                   const struct fm_history *history, struct fm_arena *arena)
{
	const struct fm_trial_spec *like = spec_of(plan, model);
	uint64_t *over = fm_arena_array(arena, history->record_count, sizeof *over);
	struct fm_framing framing = {0};

	if (like == NULL || plan->settings->models[model].tokenizer_error_ppm > 0)
		return framing;
	for (size_t i = 0; i < history->record_count; i++) {
		const struct fm_record *record = &history->records[i];

		if (tells_framing(record, like))
			over[framing.trials++] =
				(uint64_t)record->last->reply.usage.in - record->length;
	}
	if (framing.trials == 0)
		return framing;
	qsort(over, framing.trials, sizeof *over, by_size);
	framing.tokens = over[framing.trials / 2];
	return framing;
}

uint64_t fm_window_longest(const struct fm_settings *settings, size_t model,
                           const struct fm_framing *framing)
{
	const uint64_t window = settings->models[model].window;
	const uint64_t kept = settings->max_tokens + framing->tokens;

	return window > kept ? window - kept : 0;
}
