#include "call_internal.h"

#include <string.h>

#include "base/macro.h"
#include "text/json_write.h"

#define CATALOGUE_BYTES_MAX ((size_t)16 << 20)
#define SINCE "2026-01-01T00:00:00Z" /* a model has been there for ever, which no client can read */

/* Where hosts that took OpenAI's list over tell the window, in the list or an object of its own. */
static const struct {
	enum fm_vendor vendor; /* FM_VENDOR_COUNT: ours */
	const char *object;
	const char *list;
	const char *name;
} windows[] = {
	{FM_VENDOR_COUNT,       NULL,           NULL,        "max_model_len"        },
	{FM_VENDOR_VLLM,        NULL,           NULL,        "max_model_len"        },
	{FM_VENDOR_VLLM_LAZY,   NULL,           NULL,        "max_model_len"        },
	{FM_VENDOR_SGLANG,      NULL,           NULL,        "max_model_len"        },
	{FM_VENDOR_TOGETHER,    NULL,           NULL,        "context_length"       },
	{FM_VENDOR_FIREWORKS,   NULL,           NULL,        "context_length"       },
	{FM_VENDOR_OPENROUTER,  NULL,           NULL,        "context_length"       },
	{FM_VENDOR_OPENROUTER,  "top_provider", NULL,        "context_length"       },
	{FM_VENDOR_GROQ,        NULL,           NULL,        "context_window"       },
	{FM_VENDOR_MISTRAL,     NULL,           NULL,        "max_context_length"   },
	{FM_VENDOR_LMSTUDIO,    NULL,           NULL,        "max_context_length"   },
	{FM_VENDOR_LMSTUDIO,    NULL,           NULL,        "loaded_context_length"},
	{FM_VENDOR_LLAMACPP,    "meta",         NULL,        "n_ctx"                },
	{FM_VENDOR_HUGGINGFACE, NULL,           "providers", "context_length"       },
};

/* A model without an end declares no window. */
static void put_window(struct fm_json_writer *w, const char *name, const struct fm_model *model)
{
	if (model->window.tokens > 0)
		fm_json_u64(w, name, model->window.tokens);
}

static void put_openai(struct fm_json_writer *w, const struct fm_model *model)
{
	fm_json_string(w, "id", model->name);
	fm_json_string(w, "object", "model");
	fm_json_i64(w, "created", 0);
	fm_json_string(w, "owned_by", "fathom");
	if (model->vendor == FM_VENDOR_MISTRAL) { /* its SDK passes over a model of no type */
		fm_json_string(w, "type", "base");
		fm_json_object(w, "capabilities");
		fm_json_bool(w, "completion_chat", true);
		fm_json_end_object(w);
	}
	for (size_t i = 0; i < FM_COUNT(windows); i++) {
		if ((int)windows[i].vendor != model->vendor)
			continue;
		if (windows[i].list != NULL)
			fm_json_list(w, windows[i].list);
		if (windows[i].list != NULL || windows[i].object != NULL)
			fm_json_object(w, windows[i].object);
		put_window(w, windows[i].name, model);
		if (windows[i].list != NULL || windows[i].object != NULL)
			fm_json_end_object(w);
		if (windows[i].list != NULL)
			fm_json_end_list(w);
	}
}

static void put_anthropic(struct fm_json_writer *w, const struct fm_model *model)
{
	fm_json_string(w, "type", "model");
	fm_json_string(w, "id", model->name);
	fm_json_string(w, "display_name", model->name);
	fm_json_string(w, "created_at", SINCE);
	put_window(w, "max_input_tokens", model);
}

static void put_gemini(struct fm_json_writer *w, const struct fm_model *model)
{
	static const char methods[] =
		"[\"generateContent\",\"streamGenerateContent\",\"countTokens\"]";
	struct fm_buf name = {.max = CATALOGUE_BYTES_MAX};

	fm_buf_putf(&name, "models/%s", model->name);
	fm_json_string(w, "name", fm_buf_text(&name));
	fm_json_string(w, "displayName", model->name);
	put_window(w, "inputTokenLimit", model);
	fm_json_raw(w, "supportedGenerationMethods", fm_span_of(methods));
	fm_buf_free(&name);
}

static void put_cohere(struct fm_json_writer *w, const struct fm_model *model)
{
	fm_json_string(w, "name", model->name);
	fm_json_raw(w, "endpoints", fm_span_of("[\"chat\"]"));
	fm_json_bool(w, "finetuned", false);
	put_window(w, "context_length", model);
}

static void put_endpoints(struct fm_json_writer *w, const struct fm_model *model)
{
	fm_json_object(w, "data");
	fm_json_string(w, "id", model->name);
	fm_json_list(w, "endpoints");
	fm_json_object(w, NULL);
	fm_json_string(w, "provider_name", "fathom");
	fm_json_string(w, "tag", "fathom");
	put_window(w, "context_length", model);
	fm_json_end_object(w);
	fm_json_end_list(w);
	fm_json_end_object(w);
}

static void put_tag(struct fm_json_writer *w, const struct fm_model *model)
{
	fm_json_string(w, "name", model->name);
	fm_json_string(w, "model", model->name);
	fm_json_string(w, "modified_at", SINCE);
	fm_json_u64(w, "size", 0);
	fm_json_string(w, "digest", "");
	fm_json_raw(w, "details", fm_span_of("{\"family\":\"fathom\"}"));
}

static void put_running(struct fm_json_writer *w, const struct fm_model *model)
{
	put_tag(w, model);
	put_window(w, "context_length", model);
}

static void put_show(struct fm_json_writer *w, const struct fm_model *model)
{
	fm_json_raw(w, "details", fm_span_of("{\"family\":\"fathom\"}"));
	fm_json_object(w, "model_info");
	fm_json_string(w, "general.architecture", "fathom");
	put_window(w, "fathom.context_length", model);
	fm_json_end_object(w);
	fm_json_raw(w, "capabilities", fm_span_of("[\"completion\"]"));
}

static void put_props(struct fm_json_writer *w, const struct fm_model *model)
{
	fm_json_object(w, "default_generation_settings");
	put_window(w, "n_ctx", model);
	fm_json_end_object(w);
	fm_json_u64(w, "total_slots", 1);
	fm_json_string(w, "model_path", model->name);
}

static void put_info(struct fm_json_writer *w, const struct fm_model *model)
{
	fm_json_string(w, "model_id", model->name);
	put_window(w, "max_input_tokens", model);
	put_window(w, "max_total_tokens", model);
}

static void put_server(struct fm_json_writer *w, const struct fm_model *model)
{
	fm_json_string(w, "model_path", model->name);
	put_window(w, "context_length", model);
	put_window(w, "max_total_num_tokens", model);
	put_window(w, "max_req_input_len", model);
	fm_json_bool(w, "allow_auto_truncate", model->window.over != FM_OVER_REJECT);
}

/* What a list is in, with one more member; what has no list tells of one model. */
static const struct shape {
	int form;
	const char *list;
	const char *beside;
	const char *beside_json;
	void (*put)(struct fm_json_writer *w, const struct fm_model *model);
} shapes[] = {
	{FM_LIST_OPENAI,    "data",   "object",          "\"list\"", put_openai   },
	{FM_LIST_ANTHROPIC, "data",   "has_more",        "false",    put_anthropic},
	{FM_LIST_GEMINI,    "models", NULL,              NULL,       put_gemini   },
	{FM_LIST_COHERE,    "models", "next_page_token", "\"\"",     put_cohere   },
	{FM_LIST_TAGS,      "models", NULL,              NULL,       put_tag      },
	{FM_LIST_RUNNING,   "models", NULL,              NULL,       put_running  },
	{FM_LIST_ENDPOINTS, NULL,     NULL,              NULL,       put_endpoints},
	{FM_LIST_SHOW,      NULL,     NULL,              NULL,       put_show     },
	{FM_LIST_PROPS,     NULL,     NULL,              NULL,       put_props    },
	{FM_LIST_INFO,      NULL,     NULL,              NULL,       put_info     },
	{FM_LIST_SERVER,    NULL,     NULL,              NULL,       put_server   },
};

static const struct shape *shape_of(int form)
{
	size_t i = 0;

	while (i + 1 < FM_COUNT(shapes) && shapes[i].form != form)
		i++;
	return &shapes[i];
}

static void put_one(struct fm_json_writer *w, const struct shape *shape,
                    const struct fm_model *model)
{
	fm_json_object(w, NULL);
	shape->put(w, model);
	fm_json_end_object(w);
}

static void put_all(struct fm_json_writer *w, const struct shape *shape,
                    const struct fm_sim_config *config)
{
	/* This one host has no object round its list. */
	const bool bare =
		shape->form == FM_LIST_OPENAI && config->models[0].vendor == FM_VENDOR_TOGETHER;

	if (!bare) {
		fm_json_object(w, NULL);
		if (shape->beside != NULL)
			fm_json_raw(w, shape->beside, fm_span_of(shape->beside_json));
	}
	fm_json_list(w, bare ? NULL : shape->list);
	for (size_t i = 0; i < config->model_count; i++)
		put_one(w, shape, &config->models[i]);
	fm_json_end_list(w);
	if (!bare)
		fm_json_end_object(w);
}

/* The model that a path or a body names, empty for none; the server's one where neither does. */
static enum fm_code read_name(struct fm_call *call, struct fm_span *ret_name, struct fm_err *err)
{
	const int form = call->route.form;

	*ret_name = call->route.model;
	if (call->route.lacks != NULL)
		return fm_fail(err, FM_E_FORMAT, "%s", call->route.lacks);
	if (form == FM_LIST_SHOW)
		return fm_asked_name(&call->intake, &call->arena, ret_name, err);
	if (shape_of(form)->list == NULL && ret_name->len == 0)
		*ret_name = fm_span_of(call->sim->config.models[0].name);
	return FM_OK;
}

/* These are asked for beside the trials: the history, which counts those, does not hold them. */
void fm_call_answer_catalogue(struct fm_call *call)
{
	struct fm_sim_config *config = &call->sim->config;
	struct fm_fault_said said = {.fault = FM_FAULT_AUTH, .model = ""};
	struct fm_buf body = {.max = CATALOGUE_BYTES_MAX};
	struct fm_json_writer w = {&body, false};
	const struct shape *shape = shape_of(call->route.form);
	const struct fm_model *model = NULL;
	struct fm_span name = {0};
	struct fm_err err;

	if (fm_call_has_key(call)) {
		said.fault = FM_FAULT_BAD_REQUEST;
		said.text = err.text;
		if (read_name(call, &name, &err) == FM_OK) {
			said.fault = FM_FAULT_NO_MODEL;
			said.model = fm_arena_text(&call->arena, name);
			model = fm_config_model(config, name);
		}
	}
	if (model != NULL)
		put_one(&w, shape, model);
	else if (said.fault == FM_FAULT_NO_MODEL && name.len == 0 && shape->list != NULL)
		put_all(&w, shape, config);
	if (body.len > 0) {
		fm_conn_status(call->conn, 200, "application/json");
		fm_conn_body(call->conn, fm_buf_span(&body));
	} else {
		fm_call_deny(call, &said);
	}
	fm_buf_free(&body);
}
