#include "wire/listing.h"

#include <string.h>

#include "base/macro.h"
#include "base/pattern.h"
#include "place_internal.h"
#include "text/json.h"
#include "text/json_write.h"

#define BODY_BYTES_MAX ((size_t)1 << 20)

struct fm_listing_form {
	const char *presets; /* their names, with a blank between */
	struct fm_wire_place at;
	const char
		*list; /* member that holds the models; "": the root does; NULL: there is no list */
	const char *id;
	const char *prefix;  /* of its names; "" */
	const char *windows; /* members, the first that is there holds: "a b/c" */
	const char *outputs;
	struct fm_wire_place more; /* without a path there is none */
	bool is_open;              /* it lists them to everyone */
	bool more_posts;           /* it is asked about one model, by name */
	const char *more_windows;
};

/* In the order in which a server of an unknown kind is asked: what it loaded before what it could. */
#define ANY_WINDOW                                                           \
	"max_model_len loaded_context_length context_length context_window " \
	"max_context_length max_input_tokens inputTokenLimit meta/n_ctx"

/* They list their models at another address, for other rights. */
static const char *const unlisted[] = {"bedrock", "bedrock-chat", "vertex", "vertex-global",
                                       "vertex-maas"};

static const struct fm_listing_form any = {
	.at = {"/models", false},
	.list = "data",
	.id = "id",
	.prefix = "",
	.windows = ANY_WINDOW,
	.outputs = "",
};

static const struct fm_listing_form forms[] = {
	{
         .presets = "anthropic",
         .at = {"/models?limit=1000", false},
         .list = "data",
         .id = "id",
         .prefix = "",
         .windows = "max_input_tokens",
         .outputs = "max_tokens",
	 },
	{
         .presets = "gemini",
         .at = {"/models?pageSize=1000", false},
         .list = "models",
         .id = "name",
         .prefix = "models/",
         .windows = "inputTokenLimit",
         .outputs = "outputTokenLimit",
	 },
 /* A model's own context_length is the largest of its hosts; this is what a request meets. */
	{
         .presets = "openrouter",
         .is_open = true,
         .at = {"/models", false},
         .list = "data",
         .id = "id",
         .prefix = "",
         .windows = "top_provider/context_length context_length",
         .outputs = "top_provider/max_completion_tokens",
	 },
	{
         .presets = "cohere",
         .at = {"/v1/models?page_size=1000", true},
         .list = "models",
         .id = "name",
         .prefix = "",
         .windows = "context_length",
         .outputs = "",
	 },
	{
         .presets = "together",
         .at = {"/models", false},
         .list = "",
         .id = "id",
         .prefix = "",
         .windows = "context_length",
         .outputs = "",
	 },
	{
         .presets = "huggingface",
         .is_open = true,
         .at = {"/models", false},
         .list = "data",
         .id = "id",
         .prefix = "",
         .windows = "providers/context_length",
         .outputs = "",
	 },
	{
         .presets = "ollama",
         .at = {"/api/tags", false},
         .list = "models",
         .id = "name",
         .prefix = "",
         .windows = "",
         .outputs = "",
         .more = {"/api/show", false},
         .more_posts = true,
         .more_windows = "model_info/*.context_length",
	 },
	{
         .presets = "llamacpp",
         .at = {"/models", false},
         .list = "data",
         .id = "id",
         .prefix = "",
         .windows = "meta/n_ctx",
         .outputs = "",
         .more = {"/props", true},
         .more_windows = "default_generation_settings/n_ctx",
	 },
	{
         .presets = "sglang",
         .at = {"/models", false},
         .list = "data",
         .id = "id",
         .prefix = "",
         .windows = "max_model_len",
         .outputs = "",
         .more = {"/get_server_info", true},
         .more_windows = "max_req_input_len context_length",
	 },
	{
         .presets = "lmstudio",
         .at = {"/api/v0/models", true},
         .list = "data",
         .id = "id",
         .prefix = "",
         .windows = "loaded_context_length max_context_length",
         .outputs = "",
	 },
 /* One server, one model, whatever it is called in a request. */
	{
         .presets = "tgi",
         .at = {"/info", true},
         .id = "model_id",
         .prefix = "",
         .windows = "max_input_tokens max_input_length",
         .outputs = "",
	 },
};

const struct fm_listing_form *fm_listing_find(const char *preset)
{
	for (size_t i = 0; i < FM_COUNT(forms); i++)
		if (fm_pattern_fits(forms[i].presets, fm_span_of(preset)))
			return &forms[i];
	for (size_t i = 0; preset != NULL && i < FM_COUNT(unlisted); i++)
		if (strcmp(unlisted[i], preset) == 0)
			return NULL;
	return &any;
}

bool fm_listing_is_open(const struct fm_listing_form *form)
{
	return form->is_open;
}

const char *fm_listing_url(const struct fm_listing_form *form, const char *base_url,
                           struct fm_arena *arena)
{
	return fm_place_url(&form->at, base_url, "", arena);
}

/* A name, or "*" and what the name ends in. */
static const struct fm_value *member_of(const struct fm_value *object, struct fm_span name)
{
	const bool ending = fm_span_starts(name, "*");
	const struct fm_span tail = fm_span_skip(name, ending);

	for (const struct fm_value *v = fm_value_first(object); v != NULL; v = fm_value_next(v)) {
		const struct fm_span has = fm_span_of(fm_value_name(v));

		if (has.len >= tail.len && (ending || has.len == tail.len) &&
		    fm_span_equal(fm_span_skip(has, has.len - tail.len), tail))
			return v;
	}
	return NULL;
}

/* The number at "a/b"; of a list on the way the smallest, which no choice of a host is below. */
static uint64_t number_at(const struct fm_value *value, struct fm_span path)
{
	struct fm_span name;
	uint64_t number = 0;

	if (fm_value_kind(value) == FM_VALUE_LIST) {
		for (const struct fm_value *v = fm_value_first(value); v != NULL;
		     v = fm_value_next(v)) {
			const uint64_t other = number_at(v, path);

			if (other > 0 && (number == 0 || other < number))
				number = other;
		}
		return number;
	}
	if (fm_span_split(&path, '/', &name))
		return fm_value_kind(value) == FM_VALUE_OBJECT
		               ? number_at(member_of(value, name), path)
		               : 0;
	return fm_value_u64(value, &number) ? number : 0;
}

/* The first of the members that says a number; `ret_at` is its path. */
static uint64_t first_number(const struct fm_value *value, const char *paths,
                             struct fm_arena *arena, const char **ret_at)
{
	struct fm_span left = fm_span_of(paths);
	struct fm_span path;

	while (fm_span_split(&left, ' ', &path)) {
		const uint64_t number = number_at(value, path);

		if (number == 0)
			continue;
		if (ret_at != NULL)
			*ret_at = fm_arena_text(arena, path);
		return number;
	}
	return 0;
}

/* "qwen3" is "qwen3:latest" where names have tags. */
static bool is_model(struct fm_span id, const char *model)
{
	const struct fm_span name = fm_span_of(model);

	if (fm_span_equal(id, name))
		return true;
	return fm_span_equal(fm_span_first(id, name.len), name) &&
	       fm_span_is(fm_span_skip(id, name.len), ":latest");
}

static void take_model(const struct fm_listing_form *form, const struct fm_value *value,
                       const char *model, struct fm_arena *arena, struct fm_listed *listed)
{
	struct fm_span id;

	if (!fm_value_text(fm_value_get(value, form->id), &id))
		return;
	if (fm_span_starts(id, form->prefix))
		id = fm_span_skip(id, strlen(form->prefix));
	listed->ids[listed->id_count++] = fm_arena_text(arena, id);
	if (model == NULL || listed->found ||
	    (form->list != NULL && !is_model(id, fm_place_model(form->prefix, model))))
		return;
	listed->found = true;
	listed->window = first_number(value, form->windows, arena, &listed->window_at);
	listed->output_max = first_number(value, form->outputs, arena, NULL);
}

enum fm_code fm_listing_read(const struct fm_listing_form *form, struct fm_span answer,
                             const char *model, struct fm_arena *arena,
                             struct fm_listed *ret_listed, struct fm_err *err)
{
	struct fm_listed listed = {.known = form->list != NULL};
	const struct fm_value *list;
	struct fm_json json = {0};
	enum fm_code rc = fm_json_open(answer, &json, err);

	if (rc != FM_OK)
		return rc;
	list = form->list == NULL || form->list[0] == '\0' ? json.root
	                                                   : fm_value_get(json.root, form->list);
	if (fm_value_kind(list) != (form->list == NULL ? FM_VALUE_OBJECT : FM_VALUE_LIST)) {
		rc = fm_fail(err, FM_E_FORMAT, "the answer has no list of models");
		goto out;
	}
	listed.ids = fm_arena_array(arena, fm_value_count(list) + 1, sizeof *listed.ids);
	if (form->list == NULL)
		take_model(form, list, model, arena, &listed);
	else
		for (const struct fm_value *v = fm_value_first(list); v != NULL;
		     v = fm_value_next(v))
			take_model(form, v, model, arena, &listed);
	*ret_listed = listed;
out:
	fm_json_close(&json);
	return rc;
}

const char *fm_listing_window_url(const struct fm_listing_form *form, const char *base_url,
                                  const char *model, struct fm_arena *arena,
                                  struct fm_bytes *ret_body)
{
	struct fm_buf buf;
	struct fm_json_writer w = {.buf = &buf};

	*ret_body = (struct fm_bytes){0};
	if (form->more.path == NULL)
		return NULL;
	if (form->more_posts) {
		fm_buf_init(&buf, BODY_BYTES_MAX);
		fm_json_object(&w, NULL);
		fm_json_string(&w, "model", model);
		fm_json_end_object(&w);
		fm_bytes_add(ret_body, arena, fm_arena_copy(arena, fm_buf_span(&buf)));
		fm_buf_free(&buf);
	}
	return fm_place_url(&form->more, base_url, model, arena);
}

enum fm_code fm_listing_read_window(const struct fm_listing_form *form, struct fm_span answer,
                                    struct fm_arena *arena, struct fm_listed *listed,
                                    struct fm_err *err)
{
	struct fm_json json = {0};
	const char *at = NULL;
	uint64_t window;
	const enum fm_code rc = fm_json_open(answer, &json, err);

	if (rc != FM_OK)
		return rc;
	window = first_number(json.root, form->more_windows, arena, &at);
	if (window > 0) {
		listed->window = window;
		listed->window_at = at;
	}
	fm_json_close(&json);
	return FM_OK;
}
