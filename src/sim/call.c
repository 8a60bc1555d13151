#include "call_internal.h"

#include "act_internal.h"
#include "base/clock.h"
#include "prefill_internal.h"
#include "rule_internal.h"
#include "token/counter.h"
#include "view_internal.h"
#include "window_internal.h"

void fm_sim_check(struct fm_sim *sim, enum fm_code rc, const struct fm_err *err)
{
	if (rc == FM_OK || sim->failed != FM_OK)
		return;
	sim->failed = rc;
	sim->err = *err;
	fm_server_stop(sim->server);
}

bool fm_call_has_key(const struct fm_call *call)
{
	return call->sim->config.key == NULL || fm_shown_fits(&call->shown, call->route.dialect);
}

bool fm_call_is_signed(struct fm_call *call)
{
	struct fm_signed_request request = {.method = fm_span_of("POST"),
	                                    .path = call->path,
	                                    .lines = call->lines,
	                                    .line_count = call->line_count};
	char digest[FM_SHA256_TEXT_MAX];
	struct fm_span access;
	struct fm_span secret;

	if (call->body_hash == NULL || !fm_key_signs(call->sim->config.key, &access, &secret))
		return true;
	fm_sha256_close(call->body_hash, digest);
	call->body_hash = NULL;
	request.body_digest = digest;
	return fm_signature_fits(&call->shown.signature, &request, secret, fm_clock_wall_ms(),
	                         &call->arena);
}

void fm_call_list(struct fm_call *call, bool complete, bool asked)
{
	struct fm_sim_history_body body = {.number = call->number,
	                                   .connection = call->connection,
	                                   .declared = call->declared,
	                                   .received = call->intake.received,
	                                   .complete = complete,
	                                   .header_hash = call->header_hash,
	                                   .key_hash = call->key_hash,
	                                   .body = call->body_digest,
	                                   .has_tokens = asked};
	struct fm_err err;

	if (call->listed)
		return;
	call->listed = true;
	if (asked) {
		body.prompt = call->asked.digest;
		body.model = fm_arena_text(&call->arena, call->asked.model);
		for (size_t i = 0; i < call->asked.message_count; i++)
			body.tokens += call->asked.messages[i].tokens;
	}
	fm_sim_check(call->sim, fm_sim_history_body(&call->sim->history, &body, &err), &err);
}

void fm_call_end(struct fm_call *call, const char *how)
{
	struct fm_err err;

	call->phase = FM_CALL_ANSWERED;
	if (call->ended)
		return;
	call->ended = true;
	call->end.number = call->number;
	call->end.how = how;
	call->end.sent = fm_conn_tally(call->conn).said - call->said_before;
	fm_sim_check(call->sim, fm_sim_history_end(&call->sim->history, &call->end, &err), &err);
}

static void finish_by_rule(struct fm_call *call)
{
	struct fm_said *said = &call->said;
	const uint64_t half = (said->text_tokens + said->reasoning_tokens) / 2;

	switch (call->rule->finish) {
	case FM_FINISH_NONE:
		break;
	case FM_FINISH_LENGTH:
		fm_said_cut(said, call->sim->counter, half);
		said->stop = FM_STOP_LENGTH;
		break;
	case FM_FINISH_FILTER:
		fm_said_cut(said, call->sim->counter, half);
		said->stop = FM_STOP_CONTENT_FILTER;
		break;
	case FM_FINISH_REFUSAL:
		said->text = (struct fm_span){0};
		said->refusal = fm_span_of("I'm sorry, but I can't help with that request.");
		break;
	case FM_FINISH_EMPTY:
		said->text = (struct fm_span){0};
		said->text_tokens = 0;
		break;
	}
}

static void answer_model(struct fm_call *call, uint64_t tokens)
{
	struct fm_sim *sim = call->sim;
	const struct fm_model *model = call->model;
	struct fm_reading reading = {.model = model,
	                             .counter = sim->counter,
	                             .seed = sim->config.seed,
	                             .prompt = call->asked.digest,
	                             .max_tokens = call->asked.max_tokens};
	struct fm_charge charge = {.tokens = tokens + fm_call_frame(call, 0),
	                           .output = call->asked.max_tokens};
	struct fm_view view = {0};

	if (fm_call_is_capped(call))
		return;
	fm_view_make(&call->intake, &call->asked, sim->counter, &call->arena, &view);
	fm_call_prefill(call, &view);
	charge.cached = call->prefill.cached;
	if (fm_call_is_limited(call, &charge) || !fm_call_fits(call, tokens, &view))
		return;
	fm_call_prefill(call, &view); /* what was cut off is not read */
	fm_call_keep_prefix(call, &view);
	reading.view = &view;
	fm_read(&reading, &call->arena, &call->said);
	call->end.has_kept = true;
	call->end.kept = view.tokens;
	call->end.outcome = call->said.outcome;
	if (call->rule != NULL)
		finish_by_rule(call);
	if (call->rule != NULL && call->rule->act == FM_ACT_NONE)
		fm_call_note_fault(call);
	call->end.out = call->said.text_tokens + call->said.reasoning_tokens;
	fm_call_render(call, model->window.usage_after
	                             ? fm_call_frame(call, view.dropped) + view.tokens
	                             : fm_call_frame(call, 0) + tokens);
	call->phase = FM_CALL_WAITING;
	if (call->prefill.ns > 0)
		fm_conn_timer(call->conn,
		              fm_clock_mono_ns() + fm_call_scaled(call, call->prefill.ns));
	else
		fm_call_talk(call);
}

void fm_call_find_rule(struct fm_call *call, bool read, uint64_t tokens)
{
	const struct fm_occasion occasion = {.seed = call->sim->config.seed,
	                                     .number = call->number,
	                                     .path = call->path,
	                                     .key_hash = call->key_hash,
	                                     .read = read,
	                                     .model = read ? call->model->name : NULL,
	                                     .tokens = tokens};

	call->rule = fm_rule_find(&call->sim->config, &occasion);
}

void fm_call_note_fault(struct fm_call *call)
{
	call->end.fault = call->rule->name;
	call->end.fault_line = call->rule->line;
}

static bool breaks(struct fm_call *call, uint64_t tokens)
{
	fm_call_find_rule(call, true, tokens);
	if (call->rule == NULL || call->rule->at != FM_AT_AFTER_BODY || call->rule->shaped ||
	    call->rule->act == FM_ACT_NONE)
		return false;
	return fm_call_break_off(call);
}

/* Two dialects may have one path; then it is the one that the model's vendor speaks. */
static void find_dialect(struct fm_call *call)
{
	const char *dialect = fm_vendor_dialect((enum fm_vendor)call->model->vendor);
	struct fm_route route;

	if (dialect == NULL)
		return;
	fm_route_find(fm_span_of("POST"), call->path, dialect, &call->arena, &route);
	call->route = route;
	call->asked.dialect = route.dialect;
}

void fm_call_answer(struct fm_call *call)
{
	struct fm_sim *sim = call->sim;
	struct fm_fault_said said = {.fault = FM_FAULT_BAD_REQUEST};
	uint64_t tokens = 0;
	struct fm_err err;
	enum fm_code rc;

	call->body_digest = fm_intake_digest(&call->intake);
	rc = fm_asked_read(&call->intake, &call->route, sim->counter, &call->arena, &call->asked,
	                   &err);
	fm_call_list(call, true, rc == FM_OK);
	if (call->ended || call->phase == FM_CALL_STALLED || sim->failed != FM_OK)
		return;
	said.model = "";
	if (!fm_call_is_signed(call)) {
		said.fault = FM_FAULT_AUTH;
		fm_call_refuse(call, &said);
		return;
	}
	if (rc != FM_OK) {
		said.fault = rc == FM_E_FORMAT ? FM_FAULT_BAD_REQUEST : FM_FAULT_SERVER;
		said.text = err.text;
		fm_call_refuse(call, &said);
		return;
	}
	call->model = fm_config_model(&sim->config, call->asked.model);
	if (call->model == NULL) {
		said.fault = FM_FAULT_NO_MODEL;
		said.model = fm_arena_text(&call->arena, call->asked.model);
		fm_call_refuse(call, &said);
		return;
	}
	find_dialect(call);
	for (size_t i = 0; i < call->asked.message_count; i++)
		tokens += call->asked.messages[i].tokens;
	if (!breaks(call, tokens))
		answer_model(call, tokens);
}
