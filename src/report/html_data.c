#include "page_internal.h"

#include <string.h>

#include "base/memory.h"
#include "text/json_write.h"
#include "text/utf8.h"
#include "trial_internal.h"

/* Where a trial stands in the page's maps. */
struct place {
	size_t panel;
	size_t length;
	size_t depth;
};

static bool find_place(const struct fm_report *report, const struct fm_point *point,
                       struct place *ret_place)
{
	struct place at = {0, 0, 0};

	for (; at.panel < report->panel_count; at.panel++) {
		const struct fm_panel *panel = &report->panels[at.panel];

		if (strcmp(panel->model, point->model) != 0 ||
		    strcmp(panel->task, point->task) != 0)
			continue;
		while (at.length < panel->length_count &&
		       panel->lengths[at.length] != point->length)
			at.length++;
		while (at.depth < panel->depth_count && panel->depths[at.depth] != point->depth_ppm)
			at.depth++;
		*ret_place = at;
		return true;
	}
	return false;
}

/* The start of an answer, never cut inside a code point. */
static struct fm_span first_part(struct fm_span answer)
{
	const struct fm_span part = fm_span_first(answer, FM_PAGE_ANSWER_MAX);

	return fm_span_first(part, fm_utf8_check(part));
}

static void put_trial(struct fm_json_writer *w, const struct fm_report *report,
                      const struct fm_report_trial *trial)
{
	const struct fm_span answer = first_part(trial->answer);
	struct place at = {0, 0, 0};

	fm_json_object(w, NULL);
	fm_json_id(w, "trial", trial->trial);
	if (find_place(report, &trial->point, &at))
		fm_json_u64(w, "panel", at.panel);
	if (trial->point.control != NULL) {
		fm_json_string(w, "control", trial->point.control);
	} else {
		fm_json_u64(w, "column", at.length);
		fm_json_u64(w, "row", at.depth);
	}
	fm_json_u64(w, "length", trial->point.length);
	fm_json_u64(w, "repeat", trial->point.repeat);
	fm_report_trial_facts(w, trial);
	fm_json_text(w, "answer", answer);
	if (answer.len < trial->answer.len)
		fm_json_u64(w, "answer_bytes", trial->answer.len);
	fm_json_text(w, "error", first_part(trial->error));
	fm_json_end_object(w);
}

/* '<' can only stand inside a string of JSON, where its escape means the same. */
static void put_without_angles(struct fm_buf *buf, struct fm_span json)
{
	while (json.len > 0) {
		const size_t len = fm_span_find_byte(json, '<');

		fm_buf_put(buf, fm_span_first(json, len));
		if (len < json.len)
			fm_buf_puts(buf, "\\u003c");
		json = fm_span_skip(json, len + 1);
	}
}

/* All trials one after another in `text`, each ending where `ends` says. */
static void render(const struct fm_report *report, struct fm_buf *text, size_t *ends)
{
	struct fm_buf json;

	fm_buf_init(&json, SIZE_MAX);
	for (size_t i = 0; i < report->trial_count; i++) {
		struct fm_json_writer w = {.buf = &json};

		fm_buf_clear(&json);
		put_trial(&w, report, &report->trials[i]);
		put_without_angles(text, fm_buf_span(&json));
		ends[i] = text->len;
	}
	fm_buf_free(&json);
}

/* What is not a hit is why a person opens the page: it comes first, hits fill up what is left. */
static size_t choose(const struct fm_report *report, const size_t *ends, bool *kept)
{
	size_t count = 0;
	size_t used = 0;

	for (int hits = 0; hits < 2; hits++) {
		for (size_t i = 0; i < report->trial_count; i++) {
			const size_t len = ends[i] - (i == 0 ? 0 : ends[i - 1]);

			if ((report->trials[i].point.outcome == FM_HIT) != (hits == 1) ||
			    used + len > FM_PAGE_TRIALS_MAX)
				continue;
			kept[i] = true;
			used += len;
			count++;
		}
	}
	return count;
}

static void put_axes(const struct fm_report *report, struct fm_buf *buf)
{
	struct fm_buf json;
	struct fm_json_writer w = {.buf = &json};

	fm_buf_init(&json, SIZE_MAX);
	fm_json_list(&w, NULL);
	for (size_t i = 0; i < report->panel_count; i++) {
		const struct fm_panel *panel = &report->panels[i];

		fm_json_object(&w, NULL);
		fm_json_string(&w, "model", panel->model);
		fm_json_string(&w, "task", panel->task);
		fm_json_list(&w, "lengths");
		for (size_t l = 0; l < panel->length_count; l++)
			fm_json_u64(&w, NULL, panel->lengths[l]);
		fm_json_end_list(&w);
		fm_json_list(&w, "depths");
		for (size_t d = 0; d < panel->depth_count; d++)
			fm_json_u64(&w, NULL, panel->depths[d]);
		fm_json_end_list(&w);
		fm_json_end_object(&w);
	}
	fm_json_end_list(&w);
	put_without_angles(buf, fm_buf_span(&json));
	fm_buf_free(&json);
}

size_t fm_page_data(const struct fm_report *report, struct fm_buf *buf)
{
	struct fm_buf text;
	size_t *ends = fm_memory_take((report->trial_count + 1) * sizeof(*ends));
	bool *kept = fm_memory_take((report->trial_count + 1) * sizeof(*kept));
	const char *comma = "";
	size_t count;

	fm_buf_init(&text, SIZE_MAX);
	render(report, &text, ends);
	count = choose(report, ends, kept);
	fm_buf_puts(buf, "<script type=\"application/json\" id=\"data\">{\"panels\":");
	put_axes(report, buf);
	fm_buf_puts(buf, ",\"trials\":[");
	for (size_t i = 0; i < report->trial_count; i++) {
		const size_t from = i == 0 ? 0 : ends[i - 1];

		if (!kept[i])
			continue;
		fm_buf_puts(buf, comma);
		fm_buf_put(buf, fm_span_make(text.ptr + from, ends[i] - from));
		comma = ",\n";
	}
	fm_buf_puts(buf, "]}</script>\n");
	fm_buf_free(&text);
	fm_memory_free(ends);
	fm_memory_free(kept);
	return count;
}
