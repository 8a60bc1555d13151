#include "cli/plan_window.h"

#include "base/num.h"
#include "cli/command.h"
#include "store/history.h"
#include "text/json_write.h"

struct fm_framing fm_plan_framing(struct fm_call *call, const struct fm_plan *plan, size_t model)
{
	const char *folder = fm_arena_format(call->arena, "%s/%s", FM_RUNS_FOLDER, plan->name);
	struct fm_framing framing = {0};
	struct fm_history history = {0};
	struct fm_err err;

	/* No run of that name yet, or one that cannot be read: then nothing is known. */
	if (fm_history_open(folder, &history, &err) == FM_OK)
		framing = fm_framing_learn(plan, model, &history, call->arena);
	fm_history_close(&history);
	return framing;
}

static void put_framing(const struct fm_framing *framing, struct fm_buf *buf)
{
	char tokens[FM_NUM_TEXT_MAX];
	char trials[FM_NUM_TEXT_MAX];

	if (framing->trials == 0)
		fm_buf_puts(buf, "framing is not known yet");
	else
		fm_buf_putf(buf, "%s for framing (median of %s trial%s)",
		            fm_num_grouped(framing->tokens, tokens),
		            fm_num_grouped(framing->trials, trials),
		            framing->trials == 1 ? "" : "s");
}

static void put_too_long(const struct fm_settings *s, uint64_t longest, struct fm_buf *buf)
{
	char length[FM_NUM_TEXT_MAX];
	char over[FM_NUM_TEXT_MAX];

	for (size_t i = 0; i < s->length_count; i++)
		if (s->lengths[i] > longest)
			fm_buf_putf(buf, "          length %s is %s tokens too long for it\n",
			            fm_num_grouped(s->lengths[i], length),
			            fm_num_grouped(s->lengths[i] - longest, over));
}

void fm_plan_window(struct fm_call *call, const struct fm_plan *plan, size_t model,
                    struct fm_buf *buf)
{
	const struct fm_settings *s = plan->settings;
	const struct fm_framing framing = fm_plan_framing(call, plan, model);
	char window[FM_NUM_TEXT_MAX];
	char answer[FM_NUM_TEXT_MAX];
	char longest_text[FM_NUM_TEXT_MAX];
	uint64_t longest;

	if (s->models[model].window == 0 && framing.trials == 0)
		return;
	if (s->models[model].window == 0) {
		fm_buf_puts(buf, "  window  unknown: ");
		put_framing(&framing, buf);
		fm_buf_putc(buf, '\n');
		return;
	}
	longest = fm_window_longest(s, model, &framing);
	fm_buf_putf(buf, "  window  %s: %s kept for the answer, ",
	            fm_num_grouped(s->models[model].window, window),
	            fm_num_grouped(s->max_tokens, answer));
	put_framing(&framing, buf);
	fm_buf_putf(buf, "; the longest %s is %s\n",
	            s->length_of_document ? "document, with the words round it," : "length",
	            fm_num_grouped(longest, longest_text));
	put_too_long(s, longest, buf);
}

void fm_plan_windows_json(struct fm_call *call, const struct fm_plan *plan,
                          struct fm_json_writer *w)
{
	const struct fm_settings *s = plan->settings;

	fm_json_list(w, "windows");
	for (size_t i = 0; i < s->model_count; i++) {
		const struct fm_framing framing = fm_plan_framing(call, plan, i);

		fm_json_object(w, NULL);
		fm_json_string(w, "model", s->models[i].name);
		if (s->models[i].window > 0) {
			fm_json_u64(w, "window", s->models[i].window);
			fm_json_u64(w, "longest", fm_window_longest(s, i, &framing));
		} else {
			fm_json_null(w, "window");
			fm_json_null(w, "longest");
		}
		fm_json_u64(w, "answer_tokens", s->max_tokens);
		if (framing.trials > 0)
			fm_json_u64(w, "framing_tokens", framing.tokens);
		else
			fm_json_null(w, "framing_tokens");
		fm_json_u64(w, "framing_trials", framing.trials);
		fm_json_end_object(w);
	}
	fm_json_end_list(w);
}
