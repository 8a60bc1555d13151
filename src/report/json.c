#include "report/report.h"

#include <math.h>

#include "text/json_write.h"
#include "trial/spec.h"
#include "trial_internal.h"
#include "words_internal.h"

#define JSON_VERSION 1

static void put_known(struct fm_json_writer *w, const char *name, int64_t number)
{
	if (number < 0)
		fm_json_null(w, name);
	else
		fm_json_i64(w, name, number);
}

static void put_ppm(struct fm_json_writer *w, const char *name, uint32_t ppm)
{
	put_known(w, name, ppm == FM_DEPTH_NONE ? -1 : (int64_t)ppm);
}

/* Six digits: more would differ between mathematical libraries, and nobody has that many trials. */
static void put_share(struct fm_json_writer *w, const char *name, double share)
{
	fm_json_real(w, name, round(share * 1e6) / 1e6);
}

static void put_outcomes(struct fm_json_writer *w, const struct fm_cell *cell)
{
	fm_json_object(w, "outcomes");
	for (int i = 0; i < FM_OUTCOME_COUNT; i++)
		if (cell->outcomes[i] > 0)
			fm_json_u64(w, fm_outcome_name((enum fm_outcome)i), cell->outcomes[i]);
	fm_json_end_object(w);
}

static void put_figures(struct fm_json_writer *w, const struct fm_cell *cell)
{
	fm_json_u64(w, "planned", cell->planned);
	fm_json_u64(w, "n", cell->graded);
	fm_json_u64(w, "k", cell->hits);
	fm_json_u64(w, "invalid", fm_cell_invalid(cell));
	if (cell->graded == 0)
		fm_json_null(w, "accuracy");
	else
		put_share(w, "accuracy", fm_cell_accuracy(cell));
	fm_json_list(w, "wilson95");
	put_share(w, NULL, cell->interval.low);
	put_share(w, NULL, cell->interval.high);
	fm_json_end_list(w);
	put_share(w, "if_all_wrong", cell->if_all_wrong);
	put_share(w, "if_all_right", cell->if_all_right);
	put_outcomes(w, cell);
}

static void put_cell(struct fm_json_writer *w, const struct fm_cell *cell)
{
	fm_json_object(w, NULL);
	fm_json_u64(w, "length", cell->length);
	put_ppm(w, "depth_ppm", cell->depth_ppm);
	put_figures(w, cell);
	fm_json_end_object(w);
}

static void put_by_length(struct fm_json_writer *w, const struct fm_panel *panel)
{
	fm_json_list(w, "by_length");
	for (size_t i = 0; i < panel->length_count; i++) {
		fm_json_object(w, NULL);
		fm_json_u64(w, "length", panel->lengths[i]);
		put_figures(w, &panel->by_length[i]);
		fm_json_end_object(w);
	}
	fm_json_end_list(w);
}

static void put_by_depth(struct fm_json_writer *w, const struct fm_panel *panel)
{
	fm_json_list(w, "by_depth");
	for (size_t i = 0; i < panel->depth_count; i++) {
		fm_json_object(w, NULL);
		put_ppm(w, "depth_ppm", panel->depths[i]);
		put_figures(w, &panel->by_depth[i]);
		fm_json_end_object(w);
	}
	fm_json_end_list(w);
}

static void put_controls(struct fm_json_writer *w, const struct fm_panel *panel)
{
	fm_json_list(w, "controls");
	for (size_t i = 0; i < panel->control_count; i++) {
		const struct fm_cell *control = &panel->controls[i];

		fm_json_object(w, NULL);
		fm_json_string(w, "control", control->control);
		fm_json_u64(w, "right", fm_words_control_right(control));
		put_figures(w, control);
		fm_json_end_object(w);
	}
	fm_json_end_list(w);
}

static void put_panel(struct fm_json_writer *w, const struct fm_panel *panel)
{
	fm_json_object(w, NULL);
	fm_json_string(w, "model", panel->model);
	fm_json_string(w, "task", panel->task);
	fm_json_object(w, "whole");
	put_figures(w, &panel->whole);
	fm_json_end_object(w);
	put_by_length(w, panel);
	put_by_depth(w, panel);
	fm_json_list(w, "cells");
	for (size_t i = 0; i < panel->length_count * panel->depth_count; i++)
		put_cell(w, &panel->cells[i]);
	fm_json_end_list(w);
	put_controls(w, panel);
	fm_json_end_object(w);
}

static void put_usage(struct fm_json_writer *w, const struct fm_report_trial *trial)
{
	put_known(w, "tokens_in", trial->usage_in);
	put_known(w, "tokens_out", trial->usage_out);
	put_known(w, "tokens_cached", trial->usage_cached);
	put_known(w, "first_answer_ns", trial->point.first_answer_ns);
	put_known(w, "total_ns", trial->point.total_ns);
	fm_json_u64(w, "cost_usd_micro", trial->point.cost_usd_micro);
}

static void put_identity(struct fm_json_writer *w, const struct fm_report_trial *trial)
{
	fm_json_id(w, "trial", trial->trial);
	fm_json_id(w, "pair", trial->pair);
	fm_json_string(w, "model", trial->point.model);
	fm_json_string(w, "task", trial->point.task);
	fm_json_string(w, "control", trial->point.control);
	fm_json_u64(w, "length", trial->point.length);
	put_ppm(w, "depth_ppm", trial->point.depth_ppm);
	fm_json_u64(w, "repeat", trial->point.repeat);
}

void fm_report_trial_facts(struct fm_json_writer *w, const struct fm_report_trial *trial)
{
	fm_json_string(w, "outcome", fm_outcome_name(trial->point.outcome));
	fm_json_string(w, "reason", fm_reason_name(trial->reason));
	put_known(w, "status", trial->status > 0 ? trial->status : -1);
	fm_json_u64(w, "attempts", trial->attempts);
	fm_json_u64(w, "found", trial->found);
	fm_json_u64(w, "of", trial->of);
	fm_json_bool(w, "strict", trial->strict);
	put_ppm(w, "landed_ppm", trial->landed_ppm);
	fm_json_u64(w, "at_tokens", trial->at_tokens);
	fm_json_u64(w, "at_bytes", trial->at_bytes);
	put_usage(w, trial);
	fm_json_string(w, "stop", trial->stop);
	fm_json_string(w, "model_said", trial->model_said);
	fm_json_list(w, "expected");
	for (size_t i = 0; i < trial->expected_count; i++)
		fm_json_text(w, NULL, trial->expected[i]);
	fm_json_end_list(w);
}

static void put_trial(struct fm_json_writer *w, const struct fm_report_trial *trial)
{
	fm_json_object(w, NULL);
	put_identity(w, trial);
	fm_report_trial_facts(w, trial);
	fm_json_text(w, "answer", trial->answer);
	fm_json_text(w, "error", trial->error);
	fm_json_end_object(w);
}

static void put_models(struct fm_json_writer *w, const struct fm_report *report)
{
	fm_json_list(w, "models");
	for (size_t i = 0; i < report->model_count; i++) {
		const struct fm_report_model *model = &report->models[i];
		const struct fm_overcount *o = &model->overcount;

		fm_json_object(w, NULL);
		fm_json_string(w, "model", model->name);
		fm_json_string(w, "tokenizer", model->tokenizer);
		fm_json_bool(w, "exact", model->exact && fm_overcount_is_frame(o));
		if (o->trials > 0) {
			fm_json_i64(w, "framing_tokens", o->frame_tokens);
			fm_json_i64(w, "more_ppb", o->more_ppb);
		} else {
			fm_json_null(w, "framing_tokens");
			fm_json_null(w, "more_ppb");
		}
		fm_json_u64(w, "framing_trials", o->trials);
		fm_json_u64(w, "framing_lengths", o->lengths);
		fm_json_u64(w, "flat_length", o->flat_length);
		fm_json_u64(w, "usage_unsaid", model->unsaid);
		fm_json_end_object(w);
	}
	fm_json_end_list(w);
}

static void put_head(struct fm_json_writer *w, const struct fm_report *report)
{
	fm_json_u64(w, "fathom_report", JSON_VERSION);
	fm_json_string(w, "fathom", report->fathom);
	fm_json_string(w, "run", report->run);
	fm_json_id(w, "plan_id", report->plan_id);
	fm_json_hex64(w, "seed", report->seed);
	fm_json_string(w, "corpus", report->corpus);
	fm_json_string(w, "coverage", report->coverage);
	fm_json_string(w, "tokenizer", report->tokenizer);
	put_models(w, report);
	fm_json_i64(w, "started_ms", report->started_ms);
	fm_json_i64(w, "last_ms", report->last_ms);
	fm_json_bool(w, "partial", report->ended == NULL);
	fm_json_string(w, "ended", report->ended);
	fm_json_u64(w, "planned", report->planned);
	fm_json_u64(w, "settled", report->settled);
	if (report->priced) {
		fm_json_u64(w, "spent_usd_micro", report->spent_usd_micro);
		fm_json_u64(w, "exposed_usd_micro", report->exposed_usd_micro);
	} else {
		fm_json_null(w, "spent_usd_micro");
		fm_json_null(w, "exposed_usd_micro");
	}
}

static void put_notes(struct fm_json_writer *w, const struct fm_report *report)
{
	fm_json_list(w, "notes");
	for (size_t i = 0; i < report->note_count; i++) {
		fm_json_object(w, NULL);
		fm_json_i64(w, "at_ms", report->notes[i].at_ms);
		fm_json_string(w, "level", report->notes[i].level);
		fm_json_string(w, "what", report->notes[i].what);
		fm_json_end_object(w);
	}
	fm_json_end_list(w);
}

void fm_report_json(const struct fm_report *report, struct fm_buf *buf)
{
	struct fm_json_writer w = {.buf = buf};

	fm_json_object(&w, NULL);
	put_head(&w, report);
	fm_json_list(&w, "panels");
	for (size_t i = 0; i < report->panel_count; i++)
		put_panel(&w, &report->panels[i]);
	fm_json_end_list(&w);
	put_notes(&w, report);
	fm_json_list(&w, "trials");
	for (size_t i = 0; i < report->trial_count; i++)
		put_trial(&w, &report->trials[i]);
	fm_json_end_list(&w);
	fm_json_end_object(&w);
	fm_buf_putc(buf, '\n');
}
