#include "cli/calibrate_ask.h"

#include <string.h>

#include "cli/catalogue_load.h"
#include "cli/command.h"
#include "cli/corpus_text.h"
#include "cli/free_ask.h"
#include "client/key.h"
#include "sweep/settings.h"

#define ORIGIN_MAX 2048
#define COMPLAINTS_BYTES_MAX 65536
#define SEED 7

/*
 * From a page to what the narrowest of the hosts counts at once. A factor shows in long texts, the
 * frame in short ones; each of another chapter, so that no text is in another.
 */
static const uint64_t text_bytes[] = {1000,  1500,  2000,  3000,  4000,  6000,  8000,
                                      12000, 16000, 24000, 32000, 40000, 48000, 56000};

static enum fm_code set(struct fm_settings *s, const char *key, const char *value,
                        struct fm_arena *arena, struct fm_err *err)
{
	return value == NULL ? FM_OK : fm_settings_set(s, key, fm_span_of(value), arena, err);
}

/* The model as a plan would have it: its address, dialect and key. */
static enum fm_code find_model(struct fm_call *call, const struct fm_calibrate_ask_spec *spec,
                               struct fm_settings *s, struct fm_err *err)
{
	struct fm_catalogue catalogue;
	struct fm_buf complaints;
	enum fm_code rc = fm_catalogue_load(call, &catalogue, err);

	fm_settings_init(s, call->arena);
	if (rc == FM_OK)
		rc = set(s, "models", spec->endpoint, call->arena, err);
	if (rc == FM_OK)
		rc = set(s, "base_url", spec->base_url, call->arena, err);
	if (rc == FM_OK)
		rc = set(s, "key.env", spec->key_env, call->arena, err);
	if (rc == FM_OK)
		rc = set(s, "tokenizer", "bytes/4", call->arena, err);
	if (rc != FM_OK)
		return fm_err_prefix(err, "--endpoint");
	fm_buf_init(&complaints, COMPLAINTS_BYTES_MAX);
	rc = fm_settings_complete(s, NULL, &catalogue, call->arena, &complaints, err);
	if (rc != FM_OK) {
		const struct fm_span all = fm_buf_span(&complaints);

		rc = fm_fail(err, FM_E_USAGE, "--endpoint: %.*s",
		             FM_SPAN_ARGS(fm_span_first(all, fm_span_find_byte(all, '\n'))));
	}
	fm_buf_free(&complaints);
	return rc;
}

static enum fm_code open_key(const struct fm_model_setting *m, struct fm_free_host *host,
                             struct fm_err *err)
{
	struct fm_key_spec key = {
		.source = m->key_source, .name = m->key_name, .command = m->key_command};
	char origin[ORIGIN_MAX];
	enum fm_code rc = fm_origin_of(m->base_url, false, origin, sizeof origin, err);

	key.origin = origin;
	if (rc == FM_OK && key.source != FM_KEY_NONE)
		rc = fm_key_open(&key, &host->key, err);
	if (rc == FM_OK && host->key != NULL)
		fm_key_drop(&key);
	return rc;
}

static enum fm_code count_one(const struct fm_free_host *host, const char *model,
                              struct fm_span text, uint64_t *ret_tokens, struct fm_err *err)
{
	struct fm_prompt prompt = {.messages = {{.role = FM_ROLE_USER}}, .count = 1};
	struct fm_arena arena = {0};
	enum fm_code rc;

	fm_rope_add_text(&prompt.messages[0].text, &arena, text);
	rc = fm_free_count(host, model, &prompt, &arena, ret_tokens, err);
	fm_arena_free(&arena);
	return rc;
}

static enum fm_code count_all(const struct fm_free_host *host, const char *model,
                              const struct fm_corpus *corpus, fm_calibrate_take_fn take, void *ctx,
                              struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	for (size_t i = 0; i < FM_COUNT(text_bytes) && rc == FM_OK; i++) {
		struct fm_map map = {0};
		uint64_t tokens = 0;

		rc = fm_corpus_text(corpus, SEED, i * 8, text_bytes[i], &map, err);
		if (rc == FM_OK)
			rc = count_one(host, model, map.bytes, &tokens, err);
		if (rc == FM_OK)
			rc = take(ctx, map.bytes, tokens, err);
		fm_map_close(&map);
	}
	return rc;
}

enum fm_code fm_calibrate_ask(struct fm_call *call, const struct fm_calibrate_ask_spec *spec,
                              fm_calibrate_take_fn take, void *ctx, struct fm_err *err)
{
	struct fm_settings *s = fm_arena_take(call->arena, sizeof *s);
	const struct fm_corpus_spec corpus_spec = {.name = spec->corpus != NULL ? spec->corpus
	                                                                        : "prose-en"};
	const struct fm_model_setting *m = &s->models[0];
	const struct fm_span name = fm_span_of(spec->endpoint);
	struct fm_free_host host = {0};
	struct fm_corpus *corpus = NULL;
	enum fm_code rc = find_model(call, spec, s, err);

	if (rc != FM_OK)
		return rc;
	host = (struct fm_free_host){
		.preset = fm_preset_find(fm_span_first(name, fm_span_find_byte(name, '/'))),
		.base_url = m->base_url,
		.dialect = m->dialect,
		.key_header = m->key_header,
		.header = m->header,
	};
	rc = open_key(m, &host, err);
	if (rc == FM_OK)
		rc = fm_corpus_open(&corpus_spec, &corpus, err);
	if (rc == FM_OK)
		rc = count_all(&host, m->model, corpus, take, ctx, err);
	fm_corpus_close(corpus);
	fm_key_close(host.key);
	return rc == FM_OK ? rc : fm_err_prefix(err, "%s", m->name);
}
