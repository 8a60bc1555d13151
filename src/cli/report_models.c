#include "cli/report_models.h"

#include <string.h>

#include "store/history.h"
#include "sweep/window.h"

static const char *text_of(const struct fm_value *object, const char *name, struct fm_arena *arena)
{
	struct fm_span text = {0};

	(void)fm_value_text(fm_value_get(object, name), &text); /* what is not there is "" */
	return fm_arena_text(arena, text);
}

/* From here on only a prompt of which less than half was counted is surely cut. */
#define ROUGH_ERROR_PPM 125000

/* "bytes/4@0123…" is "bytes/4" to a reader. */
static const char *without_digest(const char *tokenizer, struct fm_arena *arena)
{
	const struct fm_span whole = fm_span_of(tokenizer);

	return fm_arena_text(arena, fm_span_first(whole, fm_span_find_byte(whole, '@')));
}

/* Answers that were graded and did not say how many tokens were read. */
static uint64_t count_unsaid(const struct fm_history *history, const char *model)
{
	uint64_t count = 0;

	for (size_t i = 0; i < history->record_count; i++) {
		const struct fm_record *r = &history->records[i];

		if (r->last != NULL && fm_outcome_is_graded(r->outcome) &&
		    r->last->reply.usage.in <= 0 && strcmp(r->model, model) == 0)
			count++;
	}
	return count;
}

static struct fm_report_model model_of(const struct fm_history *history,
                                       const struct fm_value *model, struct fm_arena *arena)
{
	const char *name = text_of(model, "model", arena);
	const char *tokenizer = text_of(model, "tokenizer", arena);
	uint64_t error_ppm = 0;
	const bool known = fm_value_u64(fm_value_get(model, "tokenizer_error_ppm"), &error_ppm);

	return (struct fm_report_model){
		.name = name,
		.tokenizer = without_digest(tokenizer, arena),
		.exact = known && error_ppm == 0,
		.rough = error_ppm >= ROUGH_ERROR_PPM,
		.unsaid = count_unsaid(history, name),
		.overcount = fm_window_learn(history, name, text_of(model, "origin", arena),
	                                     tokenizer, arena),
	};
}

void fm_report_models(const struct fm_history *history, const struct fm_value *design,
                      struct fm_arena *arena, struct fm_report *report)
{
	const struct fm_value *models = fm_value_get(design, "models");
	size_t count = 0;

	for (const struct fm_value *m = fm_value_first(models); m != NULL; m = fm_value_next(m))
		count++;
	report->models = fm_arena_array(arena, count, sizeof *report->models);
	for (const struct fm_value *m = fm_value_first(models); m != NULL; m = fm_value_next(m))
		report->models[report->model_count++] = model_of(history, m, arena);
}
