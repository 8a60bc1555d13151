#include "call_internal.h"

#include "base/clock.h"
#include "limit_internal.h"
#include "rule_internal.h"

static void put_header(void *ctx, const char *name, const char *value)
{
	struct fm_call *call = ctx;

	fm_conn_header(call->conn, name, fm_arena_text(&call->arena, fm_span_of(value)));
}

enum fm_vendor fm_call_server(const struct fm_call *call)
{
	return fm_vendor_of((enum fm_vendor)call->model->vendor, call->route.dialect);
}

/* Whose headers and ways of counting a model's limits have. */
static enum fm_vendor limiter_of(const struct fm_call *call)
{
	const int vendor = call->model->limits.vendor;

	if (vendor == FM_VENDOR_COUNT)
		return fm_call_server(call);
	return fm_vendor_of((enum fm_vendor)vendor, call->route.dialect);
}

static void put_limits(struct fm_call *call, bool refused, int64_t wait_ms)
{
	if (call->model == NULL)
		return;
	const struct fm_limit_head head = {.limits = &call->model->limits,
	                                   .vendor = limiter_of(call),
	                                   .refused = refused,
	                                   .wait_ms = wait_ms,
	                                   .clock = call->sim->config.clock,
	                                   .wall_ms = fm_clock_wall_ms()};

	fm_limit_put_head(&head, put_header, call);
}

void fm_call_put_limits(struct fm_call *call)
{
	put_limits(call, false, -1);
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

/* A wait by a rule is said as HTTP says it, whatever the vendor does. */
static int put_error(struct fm_call *call, const struct fm_fault_said *said, int64_t wait_ms,
                     int64_t retry_after_s)
{
	struct fm_buf body = {.max = (size_t)64 << 10};
	const struct fm_fault_head head = fm_fault_put(&body, fm_call_vendor(call), said);

	fm_conn_status(call->conn, head.status, head.type);
	if (head.header != NULL)
		fm_conn_header(call->conn, head.header, head.value);
	put_limits(call, head.status == 429, wait_ms);
	if (retry_after_s >= 0)
		fm_conn_header(call->conn, "Retry-After",
		               fm_arena_format(&call->arena, "%lld", (long long)retry_after_s));
	if (call->rule != NULL && call->rule->location != NULL)
		fm_conn_header(call->conn, "Location", call->rule->location);
	fm_conn_body(call->conn, fm_buf_span(&body));
	fm_buf_free(&body);
	return head.status;
}

static void refuse(struct fm_call *call, const struct fm_fault_said *said, int64_t wait_ms,
                   int64_t retry_after_s)
{
	call->end.status = put_error(call, said, wait_ms, retry_after_s);
	fm_call_end(call, "done");
}

void fm_call_deny(struct fm_call *call, const struct fm_fault_said *said)
{
	(void)put_error(call, said, -1, -1); /* no history wants its status */
}

void fm_call_refuse(struct fm_call *call, const struct fm_fault_said *said)
{
	refuse(call, said, -1, -1);
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
	refuse(call, &said, -1, rule->retry_after_s);
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
	} else if (model->caps.output > 0 && call->asked.max_tokens > model->caps.output) {
		said.fault = FM_FAULT_OUTPUT_CAP;
		said.limit = model->caps.output;
		said.output = call->asked.max_tokens;
	} else {
		return false;
	}
	fm_call_refuse(call, &said);
	return true;
}

bool fm_call_is_limited(struct fm_call *call, const struct fm_charge *charge)
{
	const double clock = call->sim->config.clock;
	struct fm_limits *limits = &call->model->limits;
	const enum fm_vendor vendor = limiter_of(call);
	const struct fm_limit_said limit =
		fm_limit_take(limits, vendor, charge, clock, fm_clock_mono_ns());
	struct fm_fault_said said = {.fault = FM_FAULT_RATE, .model = call->model->name};
	int64_t wait_ms = (limit.wait_ns + FM_NS_PER_MS - 1) / FM_NS_PER_MS;

	if (!limit.refused)
		return false;
	if (limit.wall) {
		said.fault = FM_FAULT_MINUTE_WALL;
		wait_ms = fm_limit_wall_wait_ms(vendor, clock);
	} else if (limit.pool == FM_POOL_REQUESTS || limit.pool == FM_POOL_DAY) {
		said.fault = FM_FAULT_REQUESTS;
	}
	said.limit = limits->pools[limit.pool].most;
	said.used = said.limit - fm_limit_left(limits, limit.pool);
	said.actual = limit.asked;
	said.wait_ms = wait_ms < 0 ? 0 : wait_ms;
	refuse(call, &said, wait_ms, -1);
	return true;
}
