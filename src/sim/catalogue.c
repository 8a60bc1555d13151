#include "call_internal.h"

#define CATALOGUE_BYTES_MAX ((size_t)4 << 20)

static struct fm_answer_model row_of(const struct fm_model *model)
{
	return (struct fm_answer_model){
		.id = model->name, .owned_by = "fathom", .window = model->window.tokens};
}

static void put_list(const struct fm_call *call, struct fm_arena *arena, struct fm_buf *body)
{
	const struct fm_sim_config *config = &call->sim->config;
	struct fm_answer_model *rows = fm_arena_array(arena, config->model_count, sizeof *rows);

	for (size_t i = 0; i < config->model_count; i++)
		rows[i] = row_of(&config->models[i]);
	fm_answer_put_models(body, rows, config->model_count);
}

/* These are asked for beside the trials: the history, which counts those, does not hold them. */
void fm_call_answer_catalogue(struct fm_call *call)
{
	struct fm_fault_said said = {.fault = FM_FAULT_AUTH, .model = ""};
	struct fm_buf body = {.max = CATALOGUE_BYTES_MAX};
	const struct fm_span name = call->route.model;
	const struct fm_model *model = fm_config_model(&call->sim->config, name);
	struct fm_fault_head head = {.status = 200, .type = "application/json"};

	if (call->sim->config.key != NULL && !call->authorized) {
		head = fm_fault_put(&body, fm_call_vendor(call), &said);
	} else if (name.len == 0) {
		put_list(call, &call->arena, &body);
	} else if (model != NULL) {
		const struct fm_answer_model row = row_of(model);

		fm_answer_put_model(&body, &row);
	} else {
		said.fault = FM_FAULT_NO_MODEL;
		said.model = fm_arena_text(&call->arena, name);
		head = fm_fault_put(&body, fm_call_vendor(call), &said);
	}
	fm_conn_status(call->conn, head.status, head.type);
	if (head.header != NULL)
		fm_conn_header(call->conn, head.header, head.value);
	fm_conn_body(call->conn, fm_buf_span(&body));
	fm_buf_free(&body);
}
