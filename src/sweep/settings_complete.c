#include "sweep/settings.h"

#include <string.h>

#include "base/env.h"
#include "base/num.h"
#include "settings_internal.h"
#include "sweep/catalogue.h"
#include "text/json.h"
#include "text/nearest.h"
#include "token/counter.h"
#include "token/tokenizers.h"
#include "wire/preset.h"

#define ORIGIN_BYTES_MAX 2048

/* Body members that we know are sampling settings; others go under extra_body, unchecked. */
static const char *const known_params[] = {
	"temperature",
	"top_p",
	"top_k",
	"min_p",
	"seed",
	"stop",
	"frequency_penalty",
	"presence_penalty",
	"reasoning_effort",
	"verbosity",
	"service_tier",
};

static void complain_at_model(struct fm_setting_context *c, const struct fm_model_setting *m,
                              const char *text)
{
	const struct fm_yaml at = {.line = m->line, .column = m->column};

	fm_setting_complain(c, m->line > 0 ? &at : NULL, "%s", text);
}

/* At the tokenizer that the file names, else at the model whose own it would have been. */
static void complain_of_tokenizer(struct fm_setting_context *c, const struct fm_model_setting *m,
                                  bool typed, const char *text)
{
	const struct fm_yaml at = {.line = m->tokenizer_line, .column = m->tokenizer_column};

	if (!typed)
		complain_at_model(c, m, text);
	else
		fm_setting_complain(c, at.line > 0 ? &at : NULL, "%s", text);
}

static void complain_of_provider(struct fm_setting_context *c, const struct fm_model_setting *m,
                                 struct fm_span provider)
{
	size_t count;
	const struct fm_preset *const *list = fm_preset_list(&count);
	const char **names = fm_arena_array(c->arena, count, sizeof *names);
	const char *near;

	for (size_t i = 0; i < count; i++)
		names[i] = list[i]->name;
	near = fm_nearest(provider, names, count);
	complain_at_model(
		c, m,
		fm_arena_format(c->arena,
	                        "unknown provider '%.*s'%s%s%s; for any other server that "
	                        "speaks OpenAI's format give its base_url",
	                        FM_SPAN_ARGS(provider), near == NULL ? "" : " (did you mean '",
	                        near == NULL ? "" : near, near == NULL ? "" : "'?)"));
}

/*
 * Where the key is. A preset's variables are for the preset's own address only: at another one it is
 * the key that is named, or one that was stored for that very origin.
 */
static void complete_key(struct fm_setting_context *c, struct fm_model_setting *m,
                         const struct fm_preset *preset, const char *own_url)
{
	const bool is_own = own_url != NULL && strcmp(m->base_url, own_url) == 0;
	const bool named = m->key_source != FM_KEY_NONE;
	struct fm_key_wish wish = {.variables = is_own ? preset->keys : ""};
	struct fm_key_found found = {0};
	char origin[ORIGIN_BYTES_MAX];
	struct fm_err err;

	if (named && m->key_source != FM_KEY_ENV)
		return;
	if (named)
		wish.variables = m->key_name;
	else
		wish.owner = fm_arena_text(
			c->arena, fm_span_first(fm_span_of(m->name),
		                                fm_span_find_byte(fm_span_of(m->name), '/')));
	/* An address that is none is complained of where it is used. */
	if (fm_origin_of(m->base_url, false, origin, sizeof origin, &err) != FM_OK)
		return;
	wish.origin = origin;
	if (fm_key_look(&wish, c->arena, &found, &err) != FM_OK) {
		complain_at_model(c, m, fm_arena_format(c->arena, "%s: %s", m->name, err.text));
		return;
	}
	m->key_name = found.name;
	m->key_exposed = found.exposed;
	if (found.source != FM_KEY_NONE)
		m->key_source = found.source;
	else if (found.name != NULL)
		m->key_source = FM_KEY_ENV; /* whoever opens it says which variable is not set */
}

/* Where it goes. Returns false, having complained, when nobody knows. */
static bool complete_url(struct fm_setting_context *c, struct fm_model_setting *m,
                         const struct fm_preset *preset)
{
	const char *own = NULL;
	struct fm_err err;
	const bool found =
		preset != NULL && fm_preset_url(preset, fm_env_get, c->arena, &own, &err) == FM_OK;

	if (m->base_url == NULL && !found) {
		complain_at_model(c, m, err.text);
		return false;
	}
	if (m->base_url == NULL)
		m->base_url = own;
	complete_key(c, m, preset, own);
	return true;
}

/* What the host is sent, and how much of it at once. */
static void complete_body(struct fm_setting_context *c, struct fm_model_setting *m,
                          const struct fm_preset *preset)
{
	static const struct fm_preset plain = {.dialect = "openai-chat",
	                                       .max_tokens_name = "max_tokens"};
	const struct fm_preset *p = preset != NULL ? preset : &plain;
	const struct fm_preset_body body = {
		.preset = preset,
		.model = m->model,
		.params = c->settings->params,
		.extra_body = c->settings->extra_body,
		.route = m->route,
		.typed = c->settings->params_typed,
	};
	struct fm_err err;

	if (m->dialect == NULL)
		m->dialect = p->dialect;
	if (m->max_tokens_name == NULL)
		m->max_tokens_name = p->max_tokens_name;
	if (m->string_cap == UINT64_MAX)
		m->string_cap = p->string_chars_max;
	if (m->body_cap == UINT64_MAX)
		m->body_cap = p->body_bytes_max;
	m->string_unit = p->string_unit;
	m->key_header = p->key_header;
	m->header = p->header;
	m->usage_unasked = p->usage_unasked;
	if (fm_preset_apply(&body, c->arena, &m->params, &m->extra_body, &err) != FM_OK)
		complain_at_model(c, m, fm_arena_format(c->arena, "%s: %s", m->name, err.text));
}

/* An exact tokenizer of the model's own, where it is known and here. */
static bool open_own(const struct fm_counter_place *place, struct fm_model_setting *m,
                     struct fm_counter **ret_counter)
{
	const char *own = m->row != NULL && m->row->tokenizer != NULL
	                          ? m->row->tokenizer
	                          : fm_tokenizers_of_model(m->model);
	struct fm_err ignored;

	if (own == NULL || fm_counter_open(own, place, ret_counter, &ignored) != FM_OK)
		return false;
	m->tokenizer = own;
	return true;
}

/* A person who names an exact tokenizer is believed, but where nobody can have the model's. */
static uint32_t error_of(const struct fm_counter *counter, const struct fm_model_setting *m,
                         const struct fm_preset *preset)
{
	const uint32_t rough = preset != NULL && preset->exact ? 0 : FM_ROUGH_PPM;

	if (counter == NULL)
		return rough;
	if (fm_counter_is_calibrated(counter))
		return fm_counter_error_ppm(counter);
	return fm_counter_has_ids(counter) && !fm_tokenizers_is_closed(m->model) ? 0 : rough;
}

static void complete_tokenizer(struct fm_setting_context *c, const struct fm_counter_place *place,
                               struct fm_model_setting *m, const struct fm_preset *preset)
{
	const bool serves_all = preset != NULL && preset->exact;
	const bool typed = m->tokenizer != NULL;
	struct fm_counter *counter = NULL;
	struct fm_err err;

	/* The simulator counts by a tokenizer of its own, whatever its models are called. */
	if (m->tokenizer != NULL || serves_all || !open_own(place, m, &counter)) {
		if (m->tokenizer == NULL)
			m->tokenizer = "bytes/4";
		if (fm_counter_open(m->tokenizer, place, &counter, &err) != FM_OK)
			complain_of_tokenizer(c, m, typed, err.text);
	}
	if (m->tokenizer_error_ppm == UINT32_MAX)
		m->tokenizer_error_ppm = error_of(counter, m, preset);
	fm_counter_close(counter);
}

/* A short name becomes the one that the provider knows. */
static void complete_row(struct fm_model_setting *m, const struct fm_catalogue *catalogue,
                         const char *provider)
{
	m->row = fm_catalogue_find(catalogue, provider, m->model);
	if (m->row == NULL)
		return;
	if (strcmp(m->row->model, "*") != 0)
		m->model = m->row->model;
	if (m->priced || !m->row->priced)
		return;
	m->price = m->row->price;
	m->priced = true;
}

static void complete_model(struct fm_setting_context *c, const struct fm_counter_place *place,
                           const struct fm_catalogue *catalogue, struct fm_model_setting *m)
{
	const struct fm_span name = fm_span_of(m->name);
	const struct fm_span provider = fm_span_first(name, fm_span_find_byte(name, '/'));
	const struct fm_preset *preset = fm_preset_find(provider);

	if (preset == NULL && m->base_url == NULL) {
		complain_of_provider(c, m, provider);
		return;
	}
	if (!complete_url(c, m, preset))
		return;
	complete_row(m, catalogue,
	             preset != NULL && preset->catalogue != NULL
	                     ? preset->catalogue
	                     : fm_arena_text(c->arena, provider));
	complete_body(c, m, preset);
	complete_tokenizer(c, place, m, preset);
}

static void check_params(struct fm_setting_context *c)
{
	struct fm_json json = {0};
	struct fm_err err;

	if (fm_json_open(fm_span_of(c->settings->params), &json, &err) != FM_OK)
		return; /* was told when it was read */
	for (const struct fm_value *v = fm_value_first(json.root); v != NULL;
	     v = fm_value_next(v)) {
		const char *name = fm_value_name(v);
		const char *near =
			fm_nearest(fm_span_of(name), known_params, FM_COUNT(known_params));
		size_t i = 0;

		while (i < FM_COUNT(known_params) && strcmp(known_params[i], name) != 0)
			i++;
		if (i < FM_COUNT(known_params))
			continue;
		fm_setting_complain(c, NULL,
		                    "params: unknown setting '%s'%s%s%s; what is not checked "
		                    "goes under extra_body",
		                    name, near == NULL ? "" : " (did you mean '",
		                    near == NULL ? "" : near, near == NULL ? "" : "'?)");
	}
	fm_json_close(&json);
}

bool fm_settings_is_name(const char *name)
{
	for (size_t i = 0; name[i] != '\0'; i++)
		if (!fm_is_alnum(name[i]) && (i == 0 || strchr("._-", name[i]) == NULL))
			return false;
	return name[0] != '\0';
}

static void check_name(struct fm_setting_context *c)
{
	const char *name = c->settings->name;

	if (name == NULL)
		return;
	if (!fm_settings_is_name(name))
		fm_setting_complain(
			c, NULL, "name: '%s' is to be a folder: letters, digits, '.', '_' and '-'",
			name);
}

static void check_sizes(struct fm_setting_context *c)
{
	const struct fm_settings *s = c->settings;
	fm_u128 trials = (fm_u128)s->length_count * s->depths.count * s->repeats;

	trials = (trials + s->no_needle + s->no_haystack) * s->model_count * s->task_count;
	if (trials > FM_TRIALS_MAX)
		fm_setting_complain(c, NULL, "more than %d trials are asked for", FM_TRIALS_MAX);
	if (s->max_tokens == 0 || s->max_tokens > 10000000)
		fm_setting_complain(c, NULL, "answer.max_tokens must be from 1 to 10M");
	for (size_t i = 0; i < s->length_count; i++)
		if (s->lengths[i] > UINT64_C(1000000000000))
			fm_setting_complain(c, NULL, "a length is more than 1000G tokens");
	if (s->model_count == 0)
		fm_setting_complain(c, NULL,
		                    "no model is named: write 'models: [provider/model]' "
		                    "or give -m provider/model");
}

static bool goes_elsewhere(const struct fm_model_setting *a, const struct fm_model_setting *b)
{
	return strcmp(a->route, b->route) != 0 || strcmp(a->base_url, b->base_url) != 0;
}

/* One model on two hosts: each is named with its own, by the route or else by the address. */
static void name_apart(struct fm_setting_context *c)
{
	struct fm_settings *s = c->settings;
	const char **names = fm_arena_array(c->arena, s->model_count, sizeof *names);

	for (size_t i = 0; i < s->model_count; i++)
		names[i] = s->models[i].name;
	for (size_t i = 0; i < s->model_count; i++) {
		struct fm_model_setting *m = &s->models[i];
		const char *host = strstr(m->base_url, "://");
		bool shared = false;

		for (size_t j = 0; j < s->model_count; j++)
			shared = shared || (strcmp(names[i], names[j]) == 0 &&
			                    goes_elsewhere(m, &s->models[j]));
		if (shared && m->route[0] != '\0')
			host = m->route;
		else if (host != NULL)
			host += strlen("://");
		if (shared && host != NULL)
			m->name = fm_arena_format(c->arena, "%s@%s", names[i], host);
	}
}

/* The same model twice would be the same trials twice. */
static void check_models(struct fm_setting_context *c)
{
	const struct fm_settings *s = c->settings;

	if (c->complaint_count == 0)
		name_apart(c);
	for (size_t i = 0; i < s->model_count; i++)
		for (size_t j = 0; j < i; j++)
			if (strcmp(s->models[i].name, s->models[j].name) == 0)
				complain_at_model(c, &s->models[i],
				                  fm_arena_format(c->arena,
				                                  "the model %s is named twice",
				                                  s->models[i].name));
}

enum fm_code fm_settings_complete(struct fm_settings *settings,
                                  const struct fm_counter_place *place,
                                  const struct fm_catalogue *catalogue, struct fm_arena *arena,
                                  struct fm_buf *complaints, struct fm_err *err)
{
	struct fm_setting_context c = {settings, arena, complaints, settings->file, 0, false};

	for (size_t i = 0; i < settings->model_count; i++)
		complete_model(&c, place, catalogue, &settings->models[i]);
	if (c.complaint_count == 0)
		fm_setting_window(&c);
	if (settings->haystacks == 0)
		settings->haystacks = settings->repeats;
	check_params(&c);
	check_name(&c);
	check_models(&c);
	check_sizes(&c);
	if (c.complaint_count > 0)
		return fm_fail(err, FM_E_USAGE, "the plan has %zu mistake%s", c.complaint_count,
		               c.complaint_count == 1 ? "" : "s");
	return FM_OK;
}
