#include "plan_internal.h"

#include <string.h>

#include "text/json_write.h"

/* A plan of a thousand lengths and as many depths takes some 30 kB. */
#define PLAN_BYTES_MAX ((size_t)4 << 20)

static void write_models(const struct fm_plan_parts *parts, struct fm_json_writer *w)
{
	fm_json_list(w, "models");
	for (size_t i = 0; i < parts->settings->model_count; i++) {
		const struct fm_model_setting *m = &parts->settings->models[i];

		fm_json_object(w, NULL);
		fm_json_string(w, "model", m->name);
		fm_json_string(w, "origin", parts->models[i].origin);
		fm_json_string(w, "dialect", m->dialect);
		fm_json_string(w, "route", m->route);
		fm_json_string(w, "tokenizer", parts->models[i].tokenizer);
		fm_json_u64(w, "tokenizer_error_ppm", m->tokenizer_error_ppm);
		fm_json_u64(w, "window", m->window);
		if (parts->models[i].parts[0] != '\0')
			fm_json_string(w, "parts", parts->models[i].parts);
		fm_json_raw(w, "params", fm_span_of(parts->models[i].params));
		fm_json_end_object(w);
	}
	fm_json_end_list(w);
}

static void write_tasks(const struct fm_plan_parts *parts, struct fm_json_writer *w)
{
	fm_json_list(w, "tasks");
	for (size_t i = 0; i < parts->settings->task_count; i++) {
		fm_json_object(w, NULL);
		fm_json_string(w, "task", parts->tasks[i].id[FM_CONTROL_NONE]);
		fm_json_id(w, "pack", parts->tasks[i].pack);
		fm_json_end_object(w);
	}
	fm_json_end_list(w);
}

static void write_axes(const struct fm_settings *s, struct fm_json_writer *w)
{
	fm_json_list(w, "lengths");
	for (size_t i = 0; i < s->length_count; i++)
		fm_json_u64(w, NULL, s->lengths[i]);
	fm_json_end_list(w);
	fm_json_string(w, "length_of", s->length_of_document ? "document" : "prompt");
	fm_json_list(w, "depths_ppm");
	for (size_t i = 0; i < s->depths.count; i++)
		fm_json_u64(w, NULL, s->depths.ppm[i]);
	fm_json_end_list(w);
	fm_json_u64(w, "repeats", s->repeats);
	fm_json_u64(w, "haystacks", s->haystacks);
	fm_json_object(w, "controls");
	fm_json_u64(w, "no_needle", s->no_needle);
	fm_json_u64(w, "no_haystack", s->no_haystack);
	fm_json_end_object(w);
}

static void write_corpus(const struct fm_plan_parts *parts, struct fm_json_writer *w)
{
	static const char *const units[] = {"sentence", "line", "paragraph", "turn"};
	const struct fm_corpus_spec *corpus = &parts->corpus_spec;

	fm_json_object(w, "corpus");
	fm_json_string(w, "name", corpus->name);
	fm_json_string(w, "unit", units[corpus->unit]);
	fm_json_string(w, "order", corpus->order == FM_ORDER_AS_IS ? "as-is" : "shuffled");
	fm_json_bool(w, "wrap", corpus->wrap);
	if (corpus->pattern != NULL)
		fm_json_string(w, "pattern", corpus->pattern);
	if (corpus->field != NULL)
		fm_json_string(w, "field", corpus->field);
	fm_json_id(w, "digest", parts->corpus);
	fm_json_u64(w, "engine", parts->engine);
	if (parts->corpus_bytes > 0)
		fm_json_u64(w, "bytes", parts->corpus_bytes);
	if (parts->repeats && !corpus->wrap)
		fm_json_bool(w, "repeats", true);
	fm_json_end_object(w);
}

static void write_design(const struct fm_plan_parts *parts, const char *name,
                         struct fm_json_writer *w)
{
	const struct fm_settings *s = parts->settings;

	fm_json_object(w, name);
	fm_json_u64(w, "fathom", 1);
	fm_json_u64(w, "seed", s->seed);
	write_models(parts, w);
	write_tasks(parts, w);
	write_axes(s, w);
	write_corpus(parts, w);
	fm_json_string(w, "layout", s->layout);
	fm_json_string(w, "cache", s->cache_defeat ? "defeat" : "shared");
	fm_json_end_object(w);
}

static void write_conduct(const struct fm_settings *s, struct fm_json_writer *w)
{
	fm_json_object(w, "conduct");
	fm_json_u64(w, "concurrency", s->pace.concurrency);
	fm_json_u64(w, "requests_per_minute", s->pace.requests_per_minute);
	fm_json_u64(w, "tokens_per_minute", s->pace.tokens_per_minute);
	fm_json_i64(w, "max_wait_ns", s->pace.max_wait_ns);
	if (s->has_budget)
		fm_json_u64(w, "budget_usd_micro", s->budget_usd_micro);
	else
		fm_json_null(w, "budget_usd_micro");
	fm_json_u64(w, "overrun_ppm", s->overrun_ppm);
	fm_json_i64(w, "connect_ns", s->deadlines.connect_ns);
	fm_json_i64(w, "stall_ns", s->deadlines.stall_ns);
	fm_json_i64(w, "first_ns", s->deadlines.first_ns);
	fm_json_i64(w, "first_per_1k_ns", s->deadlines.first_per_1k_ns);
	fm_json_i64(w, "progress_ns", s->deadlines.progress_ns);
	fm_json_i64(w, "total_ns", s->deadlines.total_ns);
	if (s->deadlines.reply_bytes_max > 0)
		fm_json_u64(w, "reply_bytes_max", s->deadlines.reply_bytes_max);
	fm_json_u64(w, "retry_free", s->retry_free);
	fm_json_end_object(w);
}

struct fm_span fm_plan_json(const struct fm_plan_parts *parts, struct fm_arena *arena,
                            struct fm_id *ret_plan_id)
{
	struct fm_buf buf;
	struct fm_json_writer w = {.buf = &buf};
	struct fm_json_writer design = {.buf = &buf};
	struct fm_span json;

	fm_buf_init(&buf, PLAN_BYTES_MAX);
	write_design(parts, NULL, &design);
	*ret_plan_id = fm_hash128(fm_buf_span(&buf));
	fm_buf_clear(&buf);
	fm_json_object(&w, NULL);
	write_design(parts, "design", &w);
	write_conduct(parts->settings, &w);
	fm_json_end_object(&w);
	json = fm_arena_copy(arena, fm_buf_span(&buf));
	fm_buf_free(&buf);
	return json;
}

struct fm_span fm_plan_prices(const struct fm_settings *settings, struct fm_arena *arena)
{
	struct fm_buf buf;
	struct fm_json_writer w = {.buf = &buf};
	struct fm_span json;

	fm_buf_init(&buf, PLAN_BYTES_MAX);
	fm_json_object(&w, NULL);
	for (size_t i = 0; i < settings->model_count; i++) {
		if (settings->models[i].priced)
			fm_price_write(&settings->models[i].price, settings->models[i].name, &w);
		else
			fm_json_null(&w, settings->models[i].name);
	}
	fm_json_end_object(&w);
	json = fm_arena_copy(arena, fm_buf_span(&buf));
	fm_buf_free(&buf);
	return json;
}

/* A field as it is stored, short enough for a line. */
static void put_value(const struct fm_value *value, struct fm_buf *buf)
{
	struct fm_buf text;

	if (value == NULL) {
		fm_buf_puts(buf, "nothing");
		return;
	}
	fm_buf_init(&text, PLAN_BYTES_MAX);
	fm_value_put_canonical(value, &text);
	fm_buf_put(buf, fm_span_first(fm_buf_span(&text), 120));
	if (text.len > 120)
		fm_buf_puts(buf, "…");
	fm_buf_free(&text);
}

bool fm_plan_is_same(const struct fm_value *a, const struct fm_value *b)
{
	struct fm_buf left;
	struct fm_buf right;
	bool same;

	if (a == NULL || b == NULL)
		return a == b;
	fm_buf_init(&left, PLAN_BYTES_MAX);
	fm_buf_init(&right, PLAN_BYTES_MAX);
	fm_value_put_canonical(a, &left);
	fm_value_put_canonical(b, &right);
	same = fm_span_equal(fm_buf_span(&left), fm_buf_span(&right));
	fm_buf_free(&left);
	fm_buf_free(&right);
	return same;
}

size_t fm_plan_difference(const struct fm_value *old_plan, const struct fm_value *new_plan,
                          struct fm_buf *buf)
{
	const struct fm_value *before = fm_value_get(old_plan, "design");
	const struct fm_value *now = fm_value_get(new_plan, "design");
	size_t count = 0;

	for (const struct fm_value *v = fm_value_first(now); v != NULL; v = fm_value_next(v)) {
		const struct fm_value *was = fm_value_get(before, fm_value_name(v));

		if (fm_plan_is_same(v, was))
			continue;
		fm_buf_putf(buf, "%s: ", fm_value_name(v));
		put_value(v, buf);
		fm_buf_puts(buf, ", was ");
		put_value(was, buf);
		fm_buf_putc(buf, '\n');
		count++;
	}
	return count;
}
