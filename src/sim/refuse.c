#include "call_internal.h"

#include "base/clock.h"
#include "limit_internal.h"
#include "rule_internal.h"

static void put_number(struct fm_call *call, const char *name, uint64_t number, const char *unit)
{
	fm_conn_header(call->conn, name,
	               fm_arena_format(&call->arena, "%llu%s", (unsigned long long)number, unit));
}

void fm_call_put_limits(struct fm_call *call)
{
	const struct fm_model *model = call->model;

	if (model == NULL)
		return;
	if (model->limits.rpm > 0) {
		put_number(call, "x-ratelimit-limit-requests", model->limits.rpm, "");
		put_number(call, "x-ratelimit-remaining-requests", fm_limit_left(&model->requests),
		           "");
		put_number(call, "x-ratelimit-reset-requests",
		           fm_limit_reset_ms(&model->requests, model->limits.rpm,
		                             call->sim->config.clock),
		           "ms");
	}
	if (model->limits.tpm > 0) {
		put_number(call, "x-ratelimit-limit-tokens", model->limits.tpm, "");
		put_number(call, "x-ratelimit-remaining-tokens", fm_limit_left(&model->tokens), "");
		put_number(call, "x-ratelimit-reset-tokens",
		           fm_limit_reset_ms(&model->tokens, model->limits.tpm,
		                             call->sim->config.clock),
		           "ms");
	}
}

static int words_of(const struct fm_model *model)
{
	return model->window.words != FM_VENDOR_COUNT ? model->window.words : model->vendor;
}

/* Before the model is known, a server all of whose models have one vendor answers as that one. */
static int shared_words(const struct fm_sim_config *config)
{
	const int words = words_of(&config->models[0]);

	for (size_t i = 1; i < config->model_count; i++)
		if (words_of(&config->models[i]) != words)
			return FM_VENDOR_COUNT;
	return words;
}

enum fm_vendor fm_call_vendor(const struct fm_call *call)
{
	const int words =
		call->model != NULL ? words_of(call->model) : shared_words(&call->sim->config);

	return fm_vendor_of((enum fm_vendor)words, call->route.dialect);
}

void fm_call_refuse(struct fm_call *call, const struct fm_fault_said *said, int64_t retry_after_s)
{
	struct fm_buf body = {.max = (size_t)64 << 10};
	const struct fm_fault_head head = fm_fault_put(&body, fm_call_vendor(call), said);

	call->end.status = head.status;
	fm_conn_status(call->conn, head.status, head.type);
	if (head.header != NULL)
		fm_conn_header(call->conn, head.header, head.value);
	fm_call_put_limits(call);
	if (retry_after_s >= 0)
		put_number(call, "Retry-After", (uint64_t)retry_after_s, "");
	fm_conn_body(call->conn, fm_buf_span(&body));
	fm_buf_free(&body);
	fm_call_end(call, "done");
}

void fm_call_refuse_by_rule(struct fm_call *call)
{
	static const struct {
		int status;
		enum fm_fault fault;
	} faults[] = {
		{400, FM_FAULT_BAD_REQUEST},
                {401, FM_FAULT_AUTH       },
                {402, FM_FAULT_QUOTA      },
		{403, FM_FAULT_AUTH       },
                {404, FM_FAULT_NO_MODEL   },
                {413, FM_FAULT_BODY_CAP   },
		{422, FM_FAULT_BAD_REQUEST},
                {429, FM_FAULT_RATE       },
                {503, FM_FAULT_OVERLOADED },
		{529, FM_FAULT_OVERLOADED },
	};
	const struct fm_rule *rule = call->rule;
	struct fm_fault_said said = {
		.fault = FM_FAULT_SERVER,
		.status = rule->status,
		.model = call->model != NULL ? call->model->name : "model",
		.text = "the simulator was told to refuse this request",
		.actual = call->intake.received,
		.wait_ms = rule->retry_after_s >= 0 ? rule->retry_after_s * 1000 : 1000};

	for (size_t i = 0; i < FM_COUNT(faults); i++)
		if (faults[i].status == rule->status)
			said.fault = faults[i].fault;
	/* A minute that is full now would hold this request later; else it would be a wall. */
	if (said.fault == FM_FAULT_RATE)
		said.limit = 2 * said.actual;
	said.used = said.limit;
	fm_call_refuse(call, &said, rule->retry_after_s);
}

bool fm_call_is_capped(struct fm_call *call)
{
	const struct fm_model *model = call->model;
	struct fm_fault_said said = {.fault = FM_FAULT_BODY_CAP, .model = model->name};

	if (model->caps.body > 0 && call->intake.received > model->caps.body) {
		said.limit = model->caps.body;
		said.actual = call->intake.received;
	} else if (model->caps.string > 0 && call->asked.chars_max > model->caps.string) {
		said.fault = FM_FAULT_STRING_CAP;
		said.limit = model->caps.string;
		said.actual = call->asked.chars_max;
	} else {
		return false;
	}
	fm_call_refuse(call, &said, -1);
	return true;
}

bool fm_call_is_limited(struct fm_call *call, uint64_t tokens)
{
	struct fm_fault_said said = {.fault = FM_FAULT_RATE,
	                             .model = call->model->name,
	                             .limit = call->model->limits.tpm,
	                             .used = call->model->limits.tpm,
	                             .actual = tokens};
	int64_t wait_ns;

	if (call->model->limits.rpm == 0 && call->model->limits.tpm == 0)
		return false;
	wait_ns = fm_limit_take(call->model, tokens, call->sim->config.clock, fm_clock_mono_ns());
	if (wait_ns == 0)
		return false;
	if (wait_ns < 0) {
		said.fault = FM_FAULT_MINUTE_WALL;
		fm_call_refuse(call, &said, -1);
		return true;
	}
	said.wait_ms = (wait_ns + FM_NS_PER_MS - 1) / FM_NS_PER_MS;
	fm_call_refuse(call, &said, (wait_ns + FM_NS_PER_S - 1) / FM_NS_PER_S);
	return true;
}
