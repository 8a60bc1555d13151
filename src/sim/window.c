#include "window_internal.h"

#include <string.h>

#include "wire/dialect.h"

/* The window that holds for this request: at most the model's own. */
static uint64_t window_of(const struct fm_call *call)
{
	const struct fm_model *model = call->model;
	const uint64_t asked = call->asked.window > 0 ? call->asked.window : model->window.unasked;

	if (asked > 0 && (model->window.tokens == 0 || asked < model->window.tokens))
		return asked;
	return model->window.tokens;
}

/*
 * Two dialects let the asker say whether a prompt may be cut: one that refuses cuts by leave, and
 * Ollama refuses where it is told to. Other cuts are made whatever was asked: they are silent.
 */
static int over_of(const struct fm_call *call)
{
	const bool ollama = strcmp(fm_dialect_name(call->asked.dialect), "ollama") == 0;
	const int over = call->model->window.over;

	if (over == FM_OVER_REJECT && call->asked.truncates)
		return ollama ? FM_OVER_OLLAMA : FM_OVER_HEAD;
	if (over == FM_OVER_OLLAMA && ollama && !call->asked.truncates)
		return FM_OVER_REJECT;
	return over;
}

bool fm_call_fits(struct fm_call *call, uint64_t tokens, struct fm_view *view)
{
	static const enum fm_cut_side sides[] = {
		[FM_OVER_HEAD] = FM_CUT_HEAD,         [FM_OVER_TAIL] = FM_CUT_TAIL,
		[FM_OVER_MIDDLE] = FM_CUT_MIDDLE,     [FM_OVER_OLLAMA] = FM_CUT_OLLAMA,
		[FM_OVER_COMPRESS] = FM_CUT_COMPRESS,
	};
	const struct fm_model *model = call->model;
	const uint64_t output = model->window.counts_output ? call->asked.max_tokens : 0;
	const uint64_t limit = window_of(call);
	const uint64_t frame = fm_call_frame(call, 0);
	const int over = over_of(call);
	const struct fm_fault_said said = {.fault = FM_FAULT_OVERFLOW,
	                                   .model = model->name,
	                                   .limit = limit,
	                                   .actual = tokens + frame,
	                                   .output = call->asked.max_tokens};

	if (limit == 0 || tokens + frame + output <= limit)
		return true;
	if (over == FM_OVER_REJECT) {
		fm_call_refuse(call, &said);
		return false;
	}
	const struct fm_cut cut = {.side = sides[over],
	                           .tokens = limit > frame + output ? limit - frame - output : 0,
	                           .message_tokens = model->frame.message,
	                           .keep_tokens = model->window.keep,
	                           .asked = &call->asked};

	fm_view_cut(view, call->sim->counter, &cut, &call->arena);
	return true;
}

uint64_t fm_call_frame(const struct fm_call *call, size_t dropped)
{
	return call->model->frame.prompt +
	       call->model->frame.message * (call->asked.message_count - dropped);
}
