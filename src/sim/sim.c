#include "sim/sim.h"

#include <string.h>

#include "act_internal.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/macro.h"
#include "base/memory.h"
#include "call_internal.h"
#include "rule_internal.h"
#include "token/counter.h"

#define CONFIG_BYTES_MAX ((size_t)1 << 20)

static struct fm_call *call_of(struct fm_sim *sim, struct fm_conn *conn)
{
	struct fm_call *call = fm_conn_user(conn);

	if (call != NULL)
		return call;
	call = fm_memory_take(sizeof *call);
	call->sim = sim;
	call->conn = conn;
	fm_conn_set_user(conn, call);
	return call;
}

static void drop_call(struct fm_call *call)
{
	fm_conn_set_user(call->conn, NULL);
	fm_conn_timer(call->conn, -1);
	fm_intake_free(&call->intake);
	fm_generation_give(call->generation);
	fm_sha256_close(call->body_hash, NULL);
	fm_memory_free(call->lines);
	fm_arena_free(&call->arena);
	fm_memory_free(call);
}

/* Clients of some dialects say so where their paths do not. */
static const struct {
	const char *header;
	const char *dialect;
} tells[] = {
	{"anthropic-version", "anthropic"},
	{"x-goog-api-key",    "gemini"   },
};

/* The key is compared and hashed, and nothing else of it is kept. */
static void on_header(void *ctx, struct fm_conn *conn, struct fm_span name, struct fm_span value)
{
	struct fm_sim *sim = ctx;
	struct fm_call *call = call_of(sim, conn);
	struct fm_span key;

	if (sim->config.key != NULL && strchr(sim->config.key, ':') != NULL) {
		name = fm_arena_copy(&call->arena, name);
		value = fm_arena_copy(&call->arena, value);
		call->lines = fm_memory_more(call->lines, call->line_count, &call->line_capacity,
		                             sizeof *call->lines);
		call->lines[call->line_count++] = (struct fm_signed_line){name, value};
	}
	key = fm_shown_header(&call->shown, sim->config.key, name, value);
	for (size_t i = 0; i < FM_COUNT(tells); i++)
		if (fm_span_equal_letters(name, fm_span_of(tells[i].header)))
			call->told = tells[i].dialect;
	call->header_hash = fm_hash_mix(call->header_hash, fm_hash64(name));
	if (key.len > 0)
		call->key_hash = fm_hash64(key);
	else
		call->header_hash = fm_hash_mix(call->header_hash, fm_hash64(value));
}

/* The largest body that any model takes; 0 when one of them takes all. */
static uint64_t body_cap(const struct fm_sim_config *config)
{
	uint64_t most = 0;

	for (size_t i = 0; i < config->model_count; i++) {
		if (config->models[i].caps.body == 0)
			return 0;
		if (config->models[i].caps.body > most)
			most = config->models[i].caps.body;
	}
	return most;
}

static void begin_chat(struct fm_call *call)
{
	struct fm_sim *sim = call->sim;
	const uint64_t cap = body_cap(&sim->config);
	struct fm_fault_said said = {.fault = FM_FAULT_AUTH, .model = ""};
	struct fm_err err;

	fm_intake_start(&call->intake, NULL);
	if (fm_generation_take(sim->store, &call->generation, &err) != FM_OK) {
		said.fault = FM_FAULT_SERVER;
		fm_call_refuse(call, &said);
		return;
	}
	call->intake.generation = call->generation;
	fm_call_find_rule(call, false, 0);
	if (call->rule != NULL && call->rule->at == FM_AT_HEAD && fm_call_break_off(call))
		return;
	if (cap > 0 && call->declared > 0 && (uint64_t)call->declared > cap) {
		said = (struct fm_fault_said){.fault = FM_FAULT_BODY_CAP,
		                              .model = "",
		                              .limit = cap,
		                              .actual = (uint64_t)call->declared};
		fm_call_refuse(call, &said);
	} else if (!fm_call_has_key(call)) {
		fm_call_refuse(call, &said);
	} else if (call->rule == NULL || call->rule->act != FM_ACT_NO_CONTINUE) {
		fm_conn_continue(call->conn);
	}
}

/* The dialect that all models' servers speak; NULL when they differ, or it is not said. */
static const char *only_dialect(const struct fm_sim_config *config)
{
	const char *only = fm_vendor_dialect((enum fm_vendor)config->models[0].vendor);

	for (size_t i = 1; only != NULL && i < config->model_count; i++) {
		const char *other = fm_vendor_dialect((enum fm_vendor)config->models[i].vendor);

		if (other == NULL || strcmp(only, other) != 0)
			only = NULL;
	}
	return only;
}

/* What is asked beside the trials; a body of it may be as large as theirs. */
static void begin_other(struct fm_call *call)
{
	struct fm_err err;

	fm_intake_start(&call->intake, NULL);
	if (fm_generation_take(call->sim->store, &call->generation, &err) != FM_OK) {
		const struct fm_fault_said said = {.fault = FM_FAULT_SERVER, .model = ""};

		fm_call_deny(call, &said);
		return;
	}
	call->intake.generation = call->generation;
	fm_conn_continue(call->conn);
}

static void on_head(void *ctx, struct fm_conn *conn, const struct fm_request *request)
{
	struct fm_sim *sim = ctx;
	struct fm_call *call = call_of(sim, conn);

	call->path = fm_arena_copy(&call->arena, request->path);
	fm_route_find(request->method, call->path,
	              call->told != NULL ? call->told : only_dialect(&sim->config), &call->arena,
	              &call->route);
	if (call->route.dialect == fm_dialect_find("anthropic") &&
	    (call->told == NULL || strcmp(call->told, "anthropic") != 0))
		call->route.lacks = "anthropic-version: header is required";
	fm_shown_path(&call->shown, sim->config.key, call->path);
	if (call->line_count > 0 && call->shown.signature.mac.len > 0)
		call->body_hash = fm_sha256_open();
	call->asked.dialect = call->route.dialect;
	call->declared = request->length;
	call->connection = request->number;
	call->said_before = fm_conn_tally(conn).said;
	if (call->route.kind == FM_CALL_CHAT) {
		call->number = ++sim->arrivals;
		begin_chat(call);
	} else if (call->route.kind == FM_CALL_COUNT || call->route.kind == FM_CALL_MODELS) {
		begin_other(call);
	} else {
		fm_conn_continue(conn);
	}
}

/* How many bytes of the body a rule waits for. */
static uint64_t place_of(const struct fm_call *call)
{
	const struct fm_rule *rule = call->rule;

	if (!rule->of_body)
		return rule->place;
	return call->declared > 0 ? (uint64_t)((double)call->declared * (double)rule->place / 1e6)
	                          : 0;
}

static void on_body(void *ctx, struct fm_conn *conn, struct fm_span bytes)
{
	struct fm_call *call = fm_conn_user(conn);

	(void)ctx;
	if (call == NULL || call->generation == NULL)
		return;
	fm_intake_feed(&call->intake, bytes);
	if (call->body_hash != NULL)
		fm_sha256_add(call->body_hash, bytes);
	if (call->slow)
		fm_call_read_slowly(call, bytes.len);
	if (call->phase == FM_CALL_READING && call->rule != NULL && !call->slow &&
	    call->rule->at == FM_AT_BODY && call->intake.received >= place_of(call))
		(void)fm_call_break_off(
			call); /* whatever comes of it, the body goes on being counted */
}

static void answer_other(struct fm_call *call)
{
	if (call->route.kind == FM_CALL_MODELS) {
		fm_call_answer_catalogue(call);
	} else if (call->route.kind == FM_CALL_COUNT) {
		fm_call_answer_count(call);
	} else if (call->route.kind == FM_CALL_HISTORY) {
		fm_conn_status(call->conn, 200, "application/jsonl");
		fm_conn_body(call->conn, fm_buf_span(&call->sim->history.shown));
	} else {
		fm_conn_status(call->conn, 404, "application/json");
		fm_conn_body(call->conn,
		             fm_span_of("{\"error\":{\"message\":\"there is nothing here\","
		                        "\"type\":\"invalid_request_error\",\"param\":null,"
		                        "\"code\":null}}"));
	}
}

/* Whole and answered: nothing more is to come of it. */
static void settle(struct fm_call *call)
{
	if (call->ended && call->listed)
		drop_call(call);
}

static void on_end(void *ctx, struct fm_conn *conn)
{
	struct fm_call *call = fm_conn_user(conn);

	(void)ctx;
	if (call == NULL)
		return;
	if (call->route.kind != FM_CALL_CHAT) {
		answer_other(call);
		drop_call(call);
		return;
	}
	fm_call_answer(call);
	settle(call);
}

static void on_timer(void *ctx, struct fm_conn *conn)
{
	struct fm_call *call = fm_conn_user(conn);

	(void)ctx;
	if (call == NULL)
		return;
	fm_call_talk(call);
	settle(call);
}

/* A line for the connection, whatever came over it: one that brought nothing is told too. */
static void list_connection(struct fm_sim *sim, const struct fm_conn *conn)
{
	const struct fm_conn_tally tally = fm_conn_tally(conn);
	const struct fm_sim_history_connection line = {.number = tally.number,
	                                               .began_ns = tally.began_ns,
	                                               .requests = tally.requests,
	                                               .received = tally.received,
	                                               .sent = tally.sent};
	struct fm_err err;

	fm_sim_check(sim, fm_sim_history_connection(&sim->history, &line, &err), &err);
}

static void on_gone(void *ctx, struct fm_conn *conn, bool request_whole)
{
	struct fm_call *call = fm_conn_user(conn);

	(void)request_whole; /* a whole one is in the history by now */
	if (call != NULL && call->route.kind == FM_CALL_CHAT && call->number > 0) {
		if (call->intake.hasher != NULL && !call->listed)
			call->body_digest = fm_intake_digest(&call->intake);
		fm_call_list(call, false, false);
		fm_call_end(call, call->phase == FM_CALL_STALLED ? "stalled" : "gone");
	}
	if (call != NULL)
		drop_call(call);
	list_connection(ctx, conn);
}

static enum fm_code read_config(const struct fm_sim_spec *spec, struct fm_sim *sim,
                                struct fm_err *err)
{
	struct fm_span text = fm_span_of(spec->config_text);
	enum fm_code rc;

	if (spec->config_path != NULL) {
		rc = fm_file_read(spec->config_path, CONFIG_BYTES_MAX, &sim->arena, &text, err);
		if (rc != FM_OK)
			return fm_err_prefix(err, "%s", spec->config_path);
	}
	rc = fm_config_read(spec->config_path != NULL ? spec->config_path : "simulator", text,
	                    &sim->arena, &sim->config, err);
	if (rc != FM_OK)
		return rc;
	sim->names = fm_arena_array(&sim->arena, sim->config.model_count, sizeof(const char *));
	for (size_t i = 0; i < sim->config.model_count; i++)
		sim->names[i] = sim->config.models[i].name;
	return FM_OK;
}

enum fm_code fm_sim_open(const struct fm_sim_spec *spec, struct fm_sim **ret_sim,
                         struct fm_err *err)
{
	struct fm_sim *sim = fm_memory_take(sizeof *sim);
	const struct fm_handler handler = {.ctx = sim,
	                                   .head = on_head,
	                                   .header = on_header,
	                                   .body = on_body,
	                                   .end = on_end,
	                                   .timer = on_timer,
	                                   .gone = on_gone};
	enum fm_code rc;

	rc = read_config(spec, sim, err);
	if (rc == FM_OK)
		rc = fm_counter_open(sim->config.tokens, spec->place, &sim->counter, err);
	if (rc == FM_OK && fm_counter_base(sim->counter) != sim->counter)
		rc = fm_fail(err, FM_E_USAGE,
		             "tokens: %s is calibrated, and the simulator counts exactly",
		             fm_counter_name(sim->counter));
	sim->prefixes = fm_prefixes_open();
	if (rc == FM_OK)
		rc = fm_store_open(sim->config.store_max, sim->counter, &sim->store, err);
	if (rc == FM_OK)
		rc = fm_sim_history_open(spec->history_path != NULL ? spec->history_path
		                                                    : sim->config.history,
		                         &sim->history, err);
	if (rc == FM_OK)
		rc = fm_server_open(spec->address, spec->port, true, &handler, &sim->server, err);
	if (rc != FM_OK) {
		fm_sim_close(sim);
		return rc;
	}
	*ret_sim = sim;
	return FM_OK;
}

void fm_sim_close(struct fm_sim *sim)
{
	if (sim == NULL)
		return;
	fm_server_close(sim->server); /* its connections still write into the history */
	fm_sim_history_close(&sim->history);
	fm_prefixes_close(sim->prefixes);
	fm_store_close(sim->store);
	fm_counter_close(sim->counter);
	fm_arena_free(&sim->arena);
	fm_memory_free(sim);
}

uint16_t fm_sim_port(const struct fm_sim *sim)
{
	return fm_server_port(sim->server);
}

enum fm_code fm_sim_run(struct fm_sim *sim, struct fm_err *err)
{
	const enum fm_code rc = fm_server_run(sim->server, err);

	if (rc == FM_OK && sim->failed != FM_OK)
		*err = sim->err;
	return rc != FM_OK ? rc : sim->failed;
}

void fm_sim_stop(struct fm_sim *sim)
{
	fm_server_stop(sim->server);
}

const char *const *fm_sim_models(const struct fm_sim *sim, size_t *ret_count)
{
	*ret_count = sim->config.model_count;
	return sim->names;
}
