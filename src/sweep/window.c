#include "sweep/window.h"

#include <string.h>

#include "base/num.h"
#include "store/history.h"
#include "sweep/catalogue.h"

/* More than the words of any task, the question twice and a salt among them. */
#define WORDS_TOKENS_MAX 2048

#define LENGTH_MAX UINT64_C(1000000000000) /* as settings have it */

uint64_t fm_window_bound(const struct fm_settings *settings, size_t model, uint64_t length)
{
	const struct fm_model_setting *m = &settings->models[model];
	const uint64_t tokens = length + (settings->length_of_document ? WORDS_TOKENS_MAX : 0);

	return tokens + fm_num_mul_div_up(tokens, m->tokenizer_error_ppm, 1000000) +
	       FM_FRAME_TOKENS_MAX;
}

uint64_t fm_window_of(const struct fm_model_setting *model)
{
	if (model->window > 0 || model->row == NULL)
		return model->window;
	return model->row->window;
}

/* Some hosts keep a share of the window for the answer, however short it is. */
static uint64_t prompt_share(const struct fm_model_setting *model)
{
	if (model->window > 0 || model->row == NULL || model->row->prompt_max == 0)
		return UINT64_MAX;
	return model->row->prompt_max;
}

/* Of a window, what an answer leaves. */
static uint64_t room_of(const struct fm_settings *settings, size_t model)
{
	const uint64_t window = fm_window_of(&settings->models[model]);
	const uint64_t share = prompt_share(&settings->models[model]);
	const uint64_t room = window > settings->max_tokens ? window - settings->max_tokens : 0;

	return room < share ? room : share;
}

static bool surely_fits(const struct fm_settings *settings, uint64_t length)
{
	for (size_t i = 0; i < settings->model_count; i++)
		if (fm_window_bound(settings, i, length) > room_of(settings, i))
			return false;
	return true;
}

uint64_t fm_window_sure(const struct fm_settings *settings)
{
	uint64_t low = 0;
	uint64_t high = LENGTH_MAX;

	while (low + 1 < high) {
		const uint64_t middle = low + (high - low) / 2;

		if (surely_fits(settings, middle))
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* A prompt that was cut is no measure of what is counted; one that was answered is. */
static bool tells_count(const struct fm_record *record)
{
	const enum fm_outcome outcome = record->outcome;

	return record->last != NULL && record->control == NULL &&
	       (outcome == FM_ANSWERED || fm_outcome_is_graded(outcome)) &&
	       strcmp(record->spec.prompt.length_of, "prompt") == 0 &&
	       record->last->reply.usage.in > 0;
}

struct fm_overcount fm_window_learn(const struct fm_history *history, const char *model,
                                    const char *origin, const char *tokenizer,
                                    struct fm_arena *arena)
{
	struct fm_counted *prompts = fm_arena_array(arena, history->record_count, sizeof *prompts);
	size_t count = 0;

	for (size_t i = 0; i < history->record_count; i++) {
		const struct fm_record *r = &history->records[i];

		if (tells_count(r) && strcmp(r->model, model) == 0 &&
		    strcmp(r->spec.origin, origin) == 0 &&
		    strcmp(r->spec.prompt.tokenizer, tokenizer) == 0)
			prompts[count++] =
				(struct fm_counted){r->length, (uint64_t)r->last->reply.usage.in};
	}
	return fm_overcount_fit(prompts, count, arena);
}

uint64_t fm_window_longest(const struct fm_settings *settings, size_t model,
                           const struct fm_overcount *overcount)
{
	return fm_overcount_longest(overcount, room_of(settings, model));
}
