#include "trial/spec.h"

#include "base/buf.h"
#include "text/escape.h"

/* The text grows with what is in memory already and has no bound of its own. */
#define LINES_MAX (SIZE_MAX / 2)

static void line_text(struct fm_buf *buf, const char *key, const char *value)
{
	fm_buf_puts(buf, key);
	fm_buf_putc(buf, '=');
	fm_put_percent(buf, fm_span_of(value));
	fm_buf_putc(buf, '\n');
}

static void line_u64(struct fm_buf *buf, const char *key, uint64_t value)
{
	fm_buf_putf(buf, "%s=%llu\n", key, (unsigned long long)value);
}

static void line_id(struct fm_buf *buf, const char *key, struct fm_id id)
{
	char text[FM_ID_TEXT_MAX];

	line_text(buf, key, fm_id_text(id, text));
}

static void line_depth(struct fm_buf *buf, uint32_t depth_ppm)
{
	if (depth_ppm == FM_DEPTH_NONE)
		line_text(buf, "depth_ppm", "none");
	else
		line_u64(buf, "depth_ppm", depth_ppm);
}

static struct fm_id hash_and_free(struct fm_buf *buf)
{
	const struct fm_id id = fm_hash128(fm_buf_span(buf));

	fm_buf_free(buf);
	return id;
}

struct fm_id fm_prompt_id(const struct fm_prompt_spec *spec)
{
	struct fm_buf buf;

	fm_buf_init(&buf, LINES_MAX);
	fm_buf_puts(&buf, "fathom-prompt/1\n");
	line_id(&buf, "corpus", spec->corpus);
	line_u64(&buf, "engine", spec->engine);
	line_u64(&buf, "hay_seed", spec->hay_seed);
	line_text(&buf, "tokenizer", spec->tokenizer);
	line_u64(&buf, "length", spec->length);
	line_text(&buf, "length_of", spec->length_of);
	line_text(&buf, "layout", spec->layout);
	line_text(&buf, "task", spec->task);
	line_id(&buf, "pack", spec->pack);
	line_depth(&buf, spec->depth_ppm);
	line_u64(&buf, "repeat", spec->repeat);
	line_u64(&buf, "value_seed", spec->value_seed);
	line_text(&buf, "salt", spec->salt);
	line_id(&buf, "system", spec->system);
	return hash_and_free(&buf);
}

struct fm_id fm_trial_id(const struct fm_trial_spec *spec)
{
	struct fm_buf buf;

	fm_buf_init(&buf, LINES_MAX);
	fm_buf_puts(&buf, "fathom-trial/1\n");
	line_id(&buf, "prompt_id", fm_prompt_id(&spec->prompt));
	line_text(&buf, "dialect", spec->dialect);
	line_text(&buf, "origin", spec->origin);
	line_text(&buf, "model", spec->model);
	line_text(&buf, "route", spec->route);
	line_text(&buf, "parts", spec->parts);
	line_text(&buf, "params", spec->params);
	return hash_and_free(&buf);
}

struct fm_id fm_pair_id(const struct fm_prompt_spec *spec, uint64_t run_seed)
{
	struct fm_buf buf;

	fm_buf_init(&buf, LINES_MAX);
	fm_buf_puts(&buf, "fathom-pair/1\n");
	line_text(&buf, "task", spec->task);
	line_id(&buf, "corpus", spec->corpus);
	line_u64(&buf, "run_seed", run_seed);
	line_u64(&buf, "length", spec->length);
	line_depth(&buf, spec->depth_ppm);
	line_u64(&buf, "repeat", spec->repeat);
	return hash_and_free(&buf);
}
