#include "cli/command.h"

#include <string.h>

#include "base/env.h"
#include "base/file.h"
#include "cli/doctor.h"
#include "cli/key_words.h"
#include "cli/plan_load.h"
#include "client/key.h"
#include "text/escape.h"
#include "text/json_write.h"

#define LISTING_BYTES_MAX ((size_t)16 << 20)
#define ORIGIN_MAX 2048

static const struct fm_opt opts[] = {
	{FM_OPT_PLANS, 'm', "model",     "P/MODEL", 0, NULL, "whom to look at; again for more",
         "models"											  },
	{FM_OPT_PLAN,  0,   "base-url",  "URL",     0, NULL, "a server of your own",            "base_url" },
	{FM_OPT_PLAN,  0,   "key-env",   "NAME",    0, NULL, "variable that holds its key",     "key.env"  },
	{FM_OPT_PLAN,  0,   "tokenizer", "NAME",    0, NULL, "to count a sample with",          "tokenizer"},
};

/* All that are looked at in one call. */
struct ward {
	struct fm_call *call;
	struct fm_patient *patients;
	struct fm_key_spec *keys;
	struct fm_checkup *checkups;
	size_t count;
	struct fm_counter_place place;
};

static void make_room(struct ward *ward, size_t count)
{
	struct fm_arena *arena = ward->call->arena;

	ward->patients = fm_arena_array(arena, count, sizeof *ward->patients);
	ward->keys = fm_arena_array(arena, count, sizeof *ward->keys);
	ward->checkups = fm_arena_array(arena, count, sizeof *ward->checkups);
}

/* A variable by its name alone; what is elsewhere says where. */
static const char *place_of(const struct fm_key_spec *key, struct fm_arena *arena)
{
	const bool runs = key->source == FM_KEY_COMMAND && key->command != NULL;
	const char *name = runs ? key->command[0] : key->name;

	if (key->source == FM_KEY_ENV || key->source == FM_KEY_FILE)
		return name;
	return fm_arena_format(arena, "%s (%s)", name, fm_key_source_name(key->source));
}

/* A key goes to the address that its preset or its person says, as in a run. */
static void add(struct ward *ward, const struct fm_patient *patient, struct fm_key_spec key)
{
	struct fm_arena *arena = ward->call->arena;
	struct fm_patient *p = &ward->patients[ward->count];
	char origin[ORIGIN_MAX] = "";
	struct fm_err err = {0};
	const enum fm_code rc =
		fm_origin_of(patient->host.base_url, false, origin, sizeof origin, &err);

	*p = *patient;
	key.origin = fm_arena_text(arena, fm_span_of(origin));
	if (key.source != FM_KEY_NONE)
		p->key_name = place_of(&key, arena);
	if (rc != FM_OK) {
		p->key_error = fm_arena_text(arena, fm_span_of(err.text));
		key.source = FM_KEY_NONE; /* it belongs nowhere */
	}
	ward->keys[ward->count++] = key;
}

static void open_keys(struct ward *ward, bool commands)
{
	for (size_t i = 0; i < ward->count; i++) {
		const struct fm_key_spec *key = &ward->keys[i];
		struct fm_patient *p = &ward->patients[i];
		struct fm_err err = {0};

		if (key->source != FM_KEY_NONE && (key->source == FM_KEY_COMMAND) == commands &&
		    fm_key_open(key, &p->host.key, &err) != FM_OK)
			p->key_error = fm_arena_text(ward->call->arena, fm_span_of(err.text));
	}
}

static enum fm_code add_models(struct ward *ward, struct fm_loaded *loaded, struct fm_err *err)
{
	const struct fm_settings *s = &loaded->settings;

	(void)err; /* keys that are missing are findings */
	make_room(ward, s->model_count);
	for (size_t i = 0; i < s->model_count; i++) {
		const struct fm_model_setting *m = &s->models[i];
		const struct fm_span name = fm_span_of(m->name);
		const struct fm_span provider = fm_span_first(name, fm_span_find_byte(name, '/'));
		const struct fm_patient patient = {
			.name = m->name,
			.host = {.preset = fm_preset_find(provider),
		                 .base_url = m->base_url,
		                 .dialect = m->dialect,
		                 .key_header = m->key_header,
		                 .header = m->header},
			.model = m,
			.max_tokens = s->max_tokens,
		};

		add(ward, &patient,
		    (struct fm_key_spec){.source = m->key_source,
		                         .name = m->key_name,
		                         .command = m->key_command});
	}
	return FM_OK;
}

/* Is it worth a look when nobody is named? Whose key is set, and what serves on this machine. */
static bool is_here(const struct fm_preset *preset, const struct fm_patient *patient,
                    const struct fm_key_found *found)
{
	char origin[ORIGIN_MAX];
	struct fm_err ignored;

	if (preset->keys[0] != '\0')
		return found->source != FM_KEY_NONE;
	if (strcmp(preset->name, "local") == 0) /* it stands where vLLM does */
		return false;
	return fm_origin_of(patient->host.base_url, false, origin, sizeof origin, &ignored) ==
	               FM_OK &&
	       fm_origin_is_loopback(fm_span_of(origin)) && fm_doctor_hears(patient);
}

static void add_providers(struct ward *ward)
{
	struct fm_arena *arena = ward->call->arena;
	size_t count;
	const struct fm_preset *const *presets = fm_preset_list(&count);

	make_room(ward, count);
	for (size_t i = 0; i < count; i++) {
		const struct fm_preset *preset = presets[i];
		struct fm_patient patient = {
			.name = preset->name,
			.host = {.preset = preset,
		                 .dialect = preset->dialect,
		                 .key_header = preset->key_header,
		                 .header = preset->header},
		};
		struct fm_key_found found = {0};
		const char *origin;
		struct fm_err ignored; /* a file that cannot be trusted has no key */

		/* One whose address needs a variable that is not set is not used here. */
		if (fm_preset_url(preset, fm_env_get, arena, &patient.host.base_url, &ignored) !=
		            FM_OK ||
		    fm_key_of_preset(preset, arena, &origin, &found, &ignored) != FM_OK ||
		    !is_here(preset, &patient, &found))
			continue;
		add(ward, &patient,
		    (struct fm_key_spec){.source = found.source, .name = found.name});
	}
}

static void put_people(const struct ward *ward, struct fm_buf *buf)
{
	for (size_t i = 0; i < ward->count; i++) {
		const struct fm_checkup *c = &ward->checkups[i];

		fm_put_visible(buf, fm_span_of(ward->patients[i].name), false);
		fm_buf_putc(buf, '\n');
		for (size_t k = 0; k < c->count; k++)
			fm_buf_putf(buf, "  %-11s  %-9s %s\n",
			            fm_health_name(c->findings[k].health), c->findings[k].check,
			            c->findings[k].text);
	}
}

static void put_known(struct fm_json_writer *w, const char *name, int64_t number, bool known)
{
	if (known)
		fm_json_i64(w, name, number);
	else
		fm_json_null(w, name);
}

static void put_json(const struct ward *ward, struct fm_buf *buf)
{
	struct fm_json_writer w = {.buf = buf};

	fm_json_object(&w, NULL);
	fm_json_u64(&w, "fathom_doctor", 1);
	fm_json_u64(&w, "spent_usd_micro", 0);
	fm_json_list(&w, "endpoints");
	for (size_t i = 0; i < ward->count; i++) {
		const struct fm_patient *p = &ward->patients[i];
		const struct fm_checkup *c = &ward->checkups[i];

		fm_json_object(&w, NULL);
		fm_json_string(&w, "name", p->name);
		fm_json_string(&w, "base_url", p->host.base_url);
		fm_json_string(&w, "key", p->key_name);
		fm_json_bool(&w, "reachable", !c->unreachable);
		fm_json_bool(&w, "unauthorized", c->unauthorized);
		put_known(&w, "status", c->status, c->status > 0);
		put_known(&w, "took_ns", c->took_ns, c->took_ns >= 0);
		put_known(&w, "skew_ms", c->skew_ms, c->dated);
		put_known(&w, "window_said", c->window_said, c->window_said >= 0);
		put_known(&w, "output_said", c->output_said, c->output_said >= 0);
		put_known(&w, "tokens_theirs", c->tokens_theirs, c->tokens_theirs >= 0);
		put_known(&w, "tokens_ours", c->tokens_ours, c->tokens_ours >= 0);
		fm_json_list(&w, "findings");
		for (size_t k = 0; k < c->count; k++) {
			fm_json_object(&w, NULL);
			fm_json_string(&w, "check", c->findings[k].check);
			fm_json_string(&w, "health", fm_health_name(c->findings[k].health));
			fm_json_string(&w, "text", c->findings[k].text);
			fm_json_end_object(&w);
		}
		fm_json_end_list(&w);
		fm_json_end_object(&w);
	}
	fm_json_end_list(&w);
	fm_json_end_object(&w);
	fm_buf_putc(buf, '\n');
}

/* The gravest of all: who cannot be reached cannot refuse a key. */
static int status_of(const struct ward *ward)
{
	int status = FM_EXIT_OK;

	for (size_t i = 0; i < ward->count; i++) {
		const struct fm_checkup *c = &ward->checkups[i];

		if (c->unreachable)
			return FM_EXIT_UNREACHABLE;
		if (c->unauthorized)
			status = FM_EXIT_AUTH;
		else if (c->wrong && status == FM_EXIT_OK)
			status = FM_EXIT_USAGE;
	}
	return status;
}

static bool names_models(const struct fm_call *call)
{
	for (size_t i = 0; i < call->args.pair_count; i++)
		if (strcmp(call->args.pairs[i].key, "models") == 0)
			return true;
	return call->args.operand_count > 0 || fm_file_exists(FM_PLAN_FILE);
}

static enum fm_code tell(const struct ward *ward, struct fm_err *err)
{
	struct fm_call *call = ward->call;
	struct fm_buf buf;
	enum fm_code rc;

	fm_buf_init(&buf, LISTING_BYTES_MAX);
	if (call->common.json)
		put_json(ward, &buf);
	else
		put_people(ward, &buf);
	rc = fm_tell(fm_buf_span(&buf), err);
	fm_buf_free(&buf);
	if (rc == FM_OK && !call->common.quiet)
		fm_say("nothing was spent: no paid request was sent");
	return rc;
}

static enum fm_code admit(struct ward *ward, const char **ret_next, struct fm_err *err)
{
	struct fm_call *call = ward->call;
	struct fm_loaded *loaded = NULL;
	enum fm_code rc;

	if (names_models(call)) {
		rc = fm_loaded_models(call, &loaded, ret_next, err);
		return rc == FM_OK ? add_models(ward, loaded, err) : rc;
	}
	add_providers(ward);
	if (ward->count > 0)
		return FM_OK;
	*ret_next = "fathom providers";
	return fm_fail(err, FM_E_AUTH,
	               "no provider's key is set, no server answers on this machine, and there is "
	               "no %s: name a model with -m",
	               FM_PLAN_FILE);
}

static int run(struct fm_call *call)
{
	struct ward ward = {
		.call = call,
		.place = {fm_corpora_folder(call->arena), fm_env_cache_folder(call->arena),
	                  fm_env_data_folder(call->arena)}
        };
	const char *next = NULL;
	struct fm_err err = {0};
	enum fm_code rc = admit(&ward, &next, &err);

	if (rc != FM_OK)
		return fm_call_fail(&err, next);
	open_keys(&ward, false);
	/* Only now, because two may share a key; and no program that prints one sees the others. */
	for (size_t i = 0; i < ward.count; i++)
		fm_key_drop(&ward.keys[i]);
	open_keys(&ward, true);
	for (size_t i = 0; i < ward.count; i++)
		fm_doctor_look(&ward.patients[i], &ward.place, call->arena, &ward.checkups[i]);
	rc = tell(&ward, &err);
	for (size_t i = 0; i < ward.count; i++)
		fm_key_close(ward.patients[i].host.key);
	return rc == FM_OK ? status_of(&ward) : fm_call_fail(&err, NULL);
}

const struct fm_command fm_command_doctor = {
	.name = "doctor",
	.about = "keys, endpoints, declared windows; costs nothing",
	.operands = "[fathom.yaml]",
	.examples =
		"  fathom doctor                the models of fathom.yaml, or whose keys are set\n"
		"  fathom doctor -m groq/llama-4-scout\n"
		"  fathom doctor -m local/qwen3 --base-url http://127.0.0.1:8000/v1\n",
	.words =
		"Looks at what a run would meet, with free requests alone: is there a key, and\n"
		"does the host take it; can the endpoint be reached, by which proxy, and does its\n"
		"clock agree; does it list the model; which window and which cap of an answer it\n"
		"declares, beside the catalogue's; what it counts of a short sample, beside the\n"
		"plan's tokenizer. Where a host has no free request for a check, that is 'not\n"
		"checked', and nothing is guessed. No prompt is sent, and nothing is spent.\n"
		"\n"
		"Without a file and without -m these are all providers whose key is set, and the\n"
		"servers that answer on this machine.\n"
		"\n"
		"Exit status: 0, nothing is wrong; 7, an endpoint cannot be reached; 4, a key is\n"
		"missing or refused; 2, a model is not listed, or a plan asks too much.\n",
	.opts = opts,
	.opt_count = FM_COUNT(opts),
	.operand_max = 1,
	.run = run,
};
