#include "words_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/num.h"
#include "text/escape.h"
#include "text/utf8.h"
#include "trial/spec.h"

const char *fm_words_percent(uint64_t hits, uint64_t graded, char ret_text[FM_WORDS_MAX])
{
	uint64_t percent;

	if (graded == 0)
		return "-";
	percent = (hits * 100 + graded / 2) / graded;
	if (percent >= 100 && hits < graded)
		return ">99";
	if (percent == 0 && hits > 0)
		return "<1";
	(void)snprintf(ret_text, FM_WORDS_MAX, "%llu", (unsigned long long)percent);
	return ret_text;
}

const char *fm_words_share(double share, char ret_text[FM_WORDS_MAX])
{
	(void)snprintf(ret_text, FM_WORDS_MAX, "%.1f %%", share * 100);
	return ret_text;
}

const char *fm_words_interval(struct fm_interval interval, char ret_text[FM_WORDS_MAX])
{
	(void)snprintf(ret_text, FM_WORDS_MAX, "%.1f–%.1f %%", interval.low * 100,
	               interval.high * 100);
	return ret_text;
}

const char *fm_words_range(struct fm_interval interval, bool utf8, char ret_text[FM_WORDS_MAX])
{
	/* Wilson's ends at 0 and 1 miss them by some 1e-17; rounding outwards must not show it. */
	const double low = floor(interval.low * 100 + 1e-9);
	const double high = ceil(interval.high * 100 - 1e-9);

	(void)snprintf(ret_text, FM_WORDS_MAX, "%.0f%s%.0f", fabs(low), utf8 ? "–" : "-", high);
	return ret_text;
}

const char *fm_words_depth(uint32_t depth_ppm, char ret_text[FM_WORDS_MAX])
{
	if (depth_ppm == FM_DEPTH_NONE)
		return "any";
	(void)snprintf(ret_text, FM_WORDS_MAX, depth_ppm % 10000 == 0 ? "%.0f %%" : "%.1f %%",
	               depth_ppm / 10000.0);
	return ret_text;
}

const char *fm_words_length(uint64_t tokens, char ret_text[FM_WORDS_MAX])
{
	char number[FM_NUM_TEXT_MAX];

	(void)snprintf(ret_text, FM_WORDS_MAX, "%s", fm_num_short(tokens, number));
	return ret_text;
}

const char *fm_words_date(int64_t wall_ms, char ret_text[FM_WORDS_MAX])
{
	char time[FM_TIME_TEXT_MAX];

	(void)snprintf(ret_text, FM_WORDS_MAX, "%.10s", fm_time_text(wall_ms, time));
	return ret_text;
}

void fm_words_put(struct fm_buf *buf, const char *text, size_t max)
{
	struct fm_buf visible;
	struct fm_span rest;
	uint32_t code_point;

	if (text == NULL)
		return;
	fm_buf_init(&visible, SIZE_MAX);
	fm_put_visible(&visible, fm_span_of(text), false);
	rest = fm_buf_span(&visible);
	if (fm_utf8_count(rest) > max) {
		for (size_t i = 0; i + 1 < max; i++) {
			const size_t len = fm_utf8_next(rest, &code_point);

			fm_buf_put(buf, fm_span_first(rest, len));
			rest = fm_span_skip(rest, len);
		}
		fm_buf_puts(buf, "…");
	} else {
		fm_buf_put(buf, rest);
	}
	fm_buf_free(&visible);
}

const char *fm_words_first_row(const struct fm_panel *panel)
{
	if (panel->depth_count > 0 && panel->depths[0] == 0)
		return "start of document";
	return panel->depth_count > 1 ? "towards the start" : NULL;
}

const char *fm_words_last_row(const struct fm_panel *panel)
{
	if (panel->depth_count > 0 && panel->depths[panel->depth_count - 1] == 1000000)
		return "end of document";
	return panel->depth_count > 1 ? "towards the end" : NULL;
}

uint64_t fm_words_common_n(const struct fm_panel *panel)
{
	const size_t count = panel->length_count * panel->depth_count;
	uint64_t common = 0;
	size_t held = 0;

	/* The majority vote of Boyer and Moore: one pass, and right whenever there is a majority. */
	for (size_t i = 0; i < count; i++) {
		const uint64_t n = panel->cells[i].graded;

		if (n == 0)
			continue;
		if (held == 0)
			common = n;
		held = n == common ? held + 1 : held - 1;
	}
	return common;
}

bool fm_words_has_common_n(const struct fm_cell *cell, uint64_t common)
{
	return cell->graded == 0 || (cell->graded == common && fm_cell_invalid(cell) == 0);
}

bool fm_words_all_common_n(const struct fm_cell *cells, size_t count, uint64_t common)
{
	for (size_t i = 0; i < count; i++)
		if (!fm_words_has_common_n(&cells[i], common))
			return false;
	return true;
}

const char *fm_words_glyph(enum fm_outcome outcome)
{
	const char *glyph = fm_outcome_glyph(outcome);

	return glyph[0] == '\0' ? "?" : glyph;
}

uint64_t fm_words_control_right(const struct fm_cell *control)
{
	if (strcmp(control->control, "no_needle") == 0)
		return control->outcomes[FM_ABSTAINED];
	return control->hits;
}

const char *fm_words_control_says(const struct fm_cell *control)
{
	return strcmp(control->control, "no_needle") == 0 ? "abstained" : "hit";
}

void fm_words_accuracy(const struct fm_cell *whole, char *ret_text, size_t size)
{
	char percent[FM_WORDS_MAX];
	char interval[FM_WORDS_MAX];

	if (whole->graded == 0) {
		(void)snprintf(ret_text, size, "no trial has a grade, so there is no accuracy");
		return;
	}
	(void)snprintf(ret_text, size, "accuracy %s (Wilson 95 %%: %s), %llu hits in n = %llu",
	               fm_words_share(fm_cell_accuracy(whole), percent),
	               fm_words_interval(whole->interval, interval),
	               (unsigned long long)whole->hits, (unsigned long long)whole->graded);
}

bool fm_words_bounds(const struct fm_cell *whole, char *ret_text, size_t size)
{
	const uint64_t invalid = fm_cell_invalid(whole);
	char wrong[FM_WORDS_MAX];
	char right[FM_WORDS_MAX];

	if (invalid == 0)
		return false;
	(void)snprintf(ret_text, size,
	               "%llu ran and have no grade: if all of them were wrong %s, if all were "
	               "right %s",
	               (unsigned long long)invalid, fm_words_share(whole->if_all_wrong, wrong),
	               fm_words_share(whole->if_all_right, right));
	return true;
}

void fm_words_control(const struct fm_cell *control, char *ret_text, size_t size)
{
	const uint64_t right = fm_words_control_right(control);
	const struct fm_interval interval = fm_wilson(right, control->graded, FM_Z_95);
	char text[FM_WORDS_MAX];

	(void)snprintf(ret_text, size, "control %s: %llu of %llu %s (Wilson 95 %%: %s)",
	               strcmp(control->control, "no_needle") == 0 ? "no_needle" : "no_haystack",
	               (unsigned long long)right, (unsigned long long)control->graded,
	               fm_words_control_says(control), fm_words_interval(interval, text));
}

void fm_words_partial(const struct fm_report *report, char *ret_text, size_t size)
{
	const uint64_t percent = report->planned == 0 ? 0 : report->settled * 100 / report->planned;

	(void)snprintf(ret_text, size, "PARTIAL: %llu %% settled (%llu of %llu trials)",
	               (unsigned long long)percent, (unsigned long long)report->settled,
	               (unsigned long long)report->planned);
}

static void add_seen(const struct fm_overcount *o, char *ret_text, size_t size)
{
	const bool grows = o->more_ppb != 0;
	const unsigned long long frame =
		(unsigned long long)(o->frame_tokens < 0 ? -o->frame_tokens : o->frame_tokens);
	char share[FM_WORDS_MAX];
	char frame_text[FM_WORDS_MAX];

	(void)snprintf(frame_text, sizeof frame_text, "%llu token%s", frame, frame == 1 ? "" : "s");
	if (grows)
		(void)snprintf(ret_text, size, "%s %s, %s %s",
		               fm_words_share(fabs((double)o->more_ppb) / 1e9, share),
		               o->more_ppb < 0 ? "fewer" : "more",
		               o->frame_tokens < 0 ? "less" : "and", frame_text);
	else if (frame == 0)
		(void)snprintf(ret_text, size, "as many tokens");
	else
		(void)snprintf(ret_text, size, "%s %s%s", frame_text,
		               o->frame_tokens < 0 ? "fewer" : "more",
		               o->lengths > 1 ? " in each prompt" : "");
}

/* One length cannot tell a frame from a tokenizer; more can. */
static const char *meaning_of(const struct fm_report_model *model)
{
	const struct fm_overcount *o = &model->overcount;
	const bool fewer = o->more_ppb < 0 || (o->more_ppb == 0 && o->frame_tokens < 0);

	if (fm_overcount_is_frame(o) && (o->frame_tokens == 0 || !model->exact))
		return "";
	if (fm_overcount_is_frame(o))
		return o->lengths == 1 ? ": a frame, or another tokenizer" : ": its frame";
	if (!model->exact)
		return "";
	if (o->lengths == 1 && !fewer)
		return ": it has another tokenizer, or puts words of its own to prompts";
	return fewer ? ": it has another tokenizer, or cuts prompts; lengths are not exact"
	             : ": it has another tokenizer; lengths are not exact";
}

bool fm_words_overcount(const struct fm_report_model *model, char *ret_text, size_t size)
{
	const struct fm_overcount *o = &model->overcount;
	char seen[FM_WORDS_CELL_MAX];
	char lengths[FM_WORDS_MAX];

	if (o->trials == 0)
		return false;
	add_seen(o, seen, sizeof seen);
	(void)snprintf(lengths, sizeof lengths, o->lengths == 1 ? "one length" : "%zu lengths",
	               o->lengths);
	(void)snprintf(ret_text, size, "the endpoint counts %s (%zu trial%s of %s)%s", seen,
	               o->trials, o->trials == 1 ? "" : "s", lengths, meaning_of(model));
	return true;
}

bool fm_words_cuts(const struct fm_report_model *model, char *ret_text, size_t size)
{
	const uint64_t flat = model->exact ? 0 : model->overcount.flat_length;
	char number[FM_NUM_TEXT_MAX];

	if (model->unsaid > 0)
		(void)snprintf(ret_text, size,
		               "%s answer%s did not say how many tokens were read: whether a "
		               "prompt was cut is not known",
		               fm_num_grouped(model->unsaid, number),
		               model->unsaid == 1 ? "" : "s");
	else if (flat > 0)
		(void)snprintf(ret_text, size,
		               "from length %s on the endpoint's count hardly grows: those prompts "
		               "were cut, it seems, and their answers are of what was left",
		               fm_num_grouped(flat, number));
	else if (model->rough)
		(void)snprintf(ret_text, size,
		               "lengths are estimates: a prompt is called cut (T) only when less "
		               "than half of it was counted");
	return model->unsaid > 0 || flat > 0 || model->rough;
}

void fm_words_put_of_model(struct fm_buf *buf, const struct fm_report *report,
                           const struct fm_report_model *model, const char *sentence)
{
	if (report->model_count > 1)
		fm_buf_putf(buf, "%s: ", model->name);
	fm_buf_puts(buf, sentence);
}

/* What is in doubt stands in what is spent already, and is not added to it. */
void fm_words_money(const struct fm_report *report, char *ret_text, size_t size)
{
	const bool doubt = report->exposed_usd_micro > 0;
	char spent[FM_NUM_TEXT_MAX];
	char exposed[FM_NUM_TEXT_MAX];

	(void)snprintf(ret_text, size, "%s%s%s%s", fm_num_usd_text(report->spent_usd_micro, spent),
	               doubt ? ", up to " : "",
	               doubt ? fm_num_usd_text(report->exposed_usd_micro, exposed) : "",
	               doubt ? " of it in doubt" : "");
}

/* What was not graded, by name: "2 truncated_input, 1 refused". */
static void add_ungraded(const struct fm_cell *cell, char *ret_text, size_t size)
{
	const char *before = cell->graded > 0 ? "; no grade: " : ": ";

	for (int i = 0; i < FM_OUTCOME_COUNT; i++) {
		const size_t len = strlen(ret_text);

		if (cell->outcomes[i] == 0 || fm_outcome_is_graded((enum fm_outcome)i))
			continue;
		(void)snprintf(ret_text + len, size - len, "%s%llu %s", before,
		               (unsigned long long)cell->outcomes[i],
		               fm_outcome_name((enum fm_outcome)i));
		before = ", ";
	}
}

void fm_words_cell(const struct fm_cell *cell, char *ret_text, size_t size)
{
	char length[FM_WORDS_MAX];
	char depth[FM_WORDS_MAX];
	char interval[FM_WORDS_MAX];
	size_t len;

	(void)snprintf(ret_text, size, "%s%s%s%s%s", cell->length == 0 ? "all lengths" : "",
	               cell->length == 0 ? "" : fm_words_length(cell->length, length),
	               cell->length == 0 ? "" : " tokens",
	               cell->depth_ppm == FM_DEPTH_NONE ? ", all depths" : ", depth ",
	               cell->depth_ppm == FM_DEPTH_NONE ? ""
	                                                : fm_words_depth(cell->depth_ppm, depth));
	len = strlen(ret_text);
	if (cell->graded > 0)
		(void)snprintf(ret_text + len, size - len,
		               ": %llu of %llu hit (%s), Wilson 95 %%: %s",
		               (unsigned long long)cell->hits, (unsigned long long)cell->graded,
		               fm_words_share(fm_cell_accuracy(cell), depth),
		               fm_words_interval(cell->interval, interval));
	add_ungraded(cell, ret_text, size);
}
