#include "settings_internal.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "corpus/corpus.h"
#include "wire/dialect.h"

/* Short enough that a row of a table is one line. */
#define MODEL_AT(field) offsetof(struct fm_model_setting, field)
#define CORPUS_AT(field) offsetof(struct fm_corpus_spec, field)
#define PRICE_AT(field) offsetof(struct fm_price, field)
#define TASK_AT(field) offsetof(struct fm_task_setting, field)
#define TOKENIZER_AT(field) offsetof(struct tokenizer_setting, field)

/*
 * key: {env: NAME}, {file: PATH} or {cmd: [PROGRAM, WORD]}. The value of a key never stands in a
 * file of ours.
 */
static void read_key_env(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	struct fm_model_setting *m = target;

	m->key_source = FM_KEY_ENV;
	fm_setting_text(c, node, &m->key_name);
}

static void read_key_file(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	struct fm_model_setting *m = target;

	m->key_source = FM_KEY_FILE;
	fm_setting_text(c, node, &m->key_name);
}

static void read_key_cmd(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	struct fm_model_setting *m = target;
	const char **command;
	size_t count = 0;

	if (node->kind != FM_YAML_LIST || node->count == 0) {
		fm_setting_complain(c, node,
		                    "expected a program and its arguments, such as [pass, show, "
		                    "openai]: there is no shell");
		return;
	}
	command = fm_arena_array(c->arena, node->count + 1, sizeof *command);
	for (const struct fm_yaml *word = node->first; word != NULL; word = word->next)
		fm_setting_text(c, word, &command[count++]);
	m->key_source = FM_KEY_COMMAND;
	m->key_command = command;
}

static void read_key(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	static const struct fm_setting_key keys[] = {
		{"env",  read_key_env,  0},
		{"file", read_key_file, 0},
		{"cmd",  read_key_cmd,  0},
	};

	/* The text is not repeated: it may well be a key. */
	if (node->kind == FM_YAML_SCALAR)
		fm_setting_complain(c, node,
		                    "a key itself must not stand here; use {env: NAME}, {file: "
		                    "PATH} or {cmd: [PROGRAM, WORD]}");
	else
		fm_setting_map(c, node, keys, FM_COUNT(keys), target);
}

struct tokenizer_setting {
	const char *name;
	const char *file;
	bool has_error;
	uint32_t error_ppm;
};

/* A path, even where it has no slash: "./tokenizer.json". */
static void read_token_file(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	struct tokenizer_setting *t = target;

	fm_setting_text(c, node, &t->file);
	if (t->file != NULL && strchr(t->file, '/') == NULL)
		t->file = fm_arena_format(c->arena, "./%s", t->file);
}

static void read_token_error(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	struct tokenizer_setting *t = target;

	if (node->kind == FM_YAML_SCALAR && fm_num_share(node->text, &t->error_ppm))
		t->has_error = true;
	else
		fm_setting_complain(c, node, "expected a share such as 2%%");
}

static void read_tokenizer(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	static const struct fm_setting_key keys[] = {
		{"name",  fm_setting_text,  TOKENIZER_AT(name)},
		{"error", read_token_error, 0                 },
		{"file",  read_token_file,  0                 },
	};
	struct fm_model_setting *m = target;
	struct tokenizer_setting t = {0};

	if (node->kind == FM_YAML_SCALAR)
		fm_setting_text(c, node, &t.name);
	else
		fm_setting_map(c, node, keys, FM_COUNT(keys), &t);
	if (t.name != NULL && t.file != NULL)
		fm_setting_complain(c, node, "a tokenizer has a name or a file, not both");
	m->tokenizer_line = c->file != NULL ? node->line : 0;
	m->tokenizer_column = node->column;
	if (t.name != NULL || t.file != NULL)
		m->tokenizer = t.name != NULL ? t.name : t.file;
	if (t.has_error)
		m->tokenizer_error_ppm = t.error_ppm;
}

static void read_price(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	static const struct fm_setting_key keys[] = {
		{"input",   fm_setting_usd, PRICE_AT(input)  },
		{"output",  fm_setting_usd, PRICE_AT(output) },
		{"cached",  fm_setting_usd, PRICE_AT(cached) },
		{"written", fm_setting_usd, PRICE_AT(written)},
	};
	struct fm_model_setting *m = target;
	struct fm_price price = {.input = UINT64_MAX,
	                         .output = UINT64_MAX,
	                         .cached = UINT64_MAX,
	                         .written = UINT64_MAX};

	fm_setting_map(c, node, keys, FM_COUNT(keys), &price);
	if (price.input == UINT64_MAX || price.output == UINT64_MAX) {
		fm_setting_complain(c, node,
		                    "a price needs both input and output, such as "
		                    "{input: 2USD, output: 8USD} for a million tokens");
		return;
	}
	if (price.cached == UINT64_MAX)
		price.cached = price.input;
	if (price.written == UINT64_MAX)
		price.written = price.input;
	m->price = price;
	m->priced = true;
	m->price_typed = true;
}

static void read_model_name(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	struct fm_model_setting *m = target;
	size_t slash;

	if (node->kind != FM_YAML_SCALAR || node->text.len == 0) {
		fm_setting_complain(c, node, "expected provider/model, such as openai/gpt-4.1");
		return;
	}
	slash = fm_span_find_byte(node->text, '/');
	if (slash == 0 || slash + 1 >= node->text.len) {
		fm_setting_complain(c, node, "'%.*s' is not provider/model, such as openai/gpt-4.1",
		                    FM_SPAN_ARGS(node->text));
		return;
	}
	m->name = fm_arena_text(c->arena, node->text);
	m->model = m->name + slash + 1;
	m->line = node->line;
	m->column = node->column;
}

static void read_dialect(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	size_t count;
	const char *const *names = fm_dialect_names(&count);
	const size_t choice = fm_setting_choice(c, node, names, count);

	if (choice < count)
		*(const char **)target = names[choice];
}

/* Below it a sentence might not find its end in a part. */
#define STRING_CAP_MIN 4096

static void read_string_cap(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	const size_t before = c->complaint_count;
	uint64_t *cap = target;

	fm_setting_u64(c, node, cap);
	if (c->complaint_count == before && *cap > 0 && *cap < STRING_CAP_MIN)
		fm_setting_complain(c, node, "a part has at least %d characters; 0 is no cap",
		                    STRING_CAP_MIN);
}

static void read_answer_cap_name(struct fm_setting_context *c, const struct fm_yaml *node,
                                 void *target)
{
	static const char *const names[] = {"max_tokens", "max_completion_tokens"};
	const size_t choice = fm_setting_choice(c, node, names, FM_COUNT(names));

	if (choice < FM_COUNT(names))
		*(const char **)target = names[choice];
}

/* The keys of one model, in the file and behind a model on the command line. */
static const struct fm_setting_key model_keys[] = {
	{"model",           read_model_name,      0                        },
	{"base_url",        fm_setting_text,      MODEL_AT(base_url)       },
	{"dialect",         read_dialect,         MODEL_AT(dialect)        },
	{"key",             read_key,             0                        },
	{"tokenizer",       read_tokenizer,       0                        },
	{"window",          fm_setting_u64,       MODEL_AT(window)         },
	{"price",           read_price,           0                        },
	{"route",           fm_setting_text,      MODEL_AT(route)          },
	{"max_tokens_name", read_answer_cap_name, MODEL_AT(max_tokens_name)},
	{"string_cap",      read_string_cap,      MODEL_AT(string_cap)     },
	{"body_cap",        fm_setting_u64,       MODEL_AT(body_cap)       },
};

static void read_model(struct fm_setting_context *c, const struct fm_yaml *node)
{
	struct fm_settings *s = c->settings;
	struct fm_model_setting m = {.route = "",
	                             .tokenizer_error_ppm = UINT32_MAX,
	                             .string_cap = UINT64_MAX,
	                             .body_cap = UINT64_MAX};

	if (s->model_count == FM_MODELS_MAX) {
		fm_setting_complain(c, node, "more than %d models", FM_MODELS_MAX);
		return;
	}
	if (node->kind == FM_YAML_MAP)
		fm_setting_map(c, node, model_keys, FM_COUNT(model_keys), &m);
	else
		read_model_name(c, node, &m);
	if (node->kind == FM_YAML_MAP && fm_yaml_get(node, "model") == NULL)
		fm_setting_complain(c, node, "a model needs 'model: provider/model'");
	if (m.name != NULL)
		s->models[s->model_count++] = m;
}

void fm_setting_models(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	(void)target; /* a count and an array */
	if (node->kind == FM_YAML_LIST && node->count > 0)
		for (const struct fm_yaml *m = node->first; m != NULL; m = m->next)
			read_model(c, m);
	else if (node->kind == FM_YAML_LIST)
		fm_setting_complain(c, node, "expected a list of models");
	else
		read_model(c, node);
}

static void read_task(struct fm_setting_context *c, const struct fm_yaml *node)
{
	static const char *const served[] = {"niah", "multikey"};
	static const struct fm_setting_key keys[] = {
		{"task", fm_setting_text, TASK_AT(task)},
		{"keys", fm_setting_u32,  TASK_AT(keys)},
	};
	struct fm_settings *s = c->settings;
	struct fm_task_setting t = {0};
	struct fm_yaml name = *node;

	if (node->kind == FM_YAML_MAP) {
		fm_setting_map(c, node, keys, FM_COUNT(keys), &t);
		if (fm_yaml_get(node, "task") == NULL) {
			fm_setting_complain(c, node, "a task needs 'task: NAME'");
			return;
		}
		name = *fm_yaml_get(node, "task");
	}
	if (fm_setting_choice(c, &name, served, FM_COUNT(served)) == FM_COUNT(served))
		return;
	t.task = fm_arena_text(c->arena, name.text);
	if (s->task_count == FM_TASKS_MAX)
		fm_setting_complain(c, node, "more than %d tasks", FM_TASKS_MAX);
	else
		s->tasks[s->task_count++] = t;
}

/* "niah,multikey", as the command line has it. */
static void read_task_names(struct fm_setting_context *c, const struct fm_yaml *node)
{
	struct fm_span rest = node->text;
	struct fm_yaml one = *node;

	while (fm_span_split(&rest, ',', &one.text)) {
		one.text = fm_span_trim(one.text);
		read_task(c, &one);
	}
	if (c->settings->task_count == 0 && node->text.len == 0)
		fm_setting_complain(c, node, "expected a task, such as niah");
}

void fm_setting_tasks(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	(void)target; /* a count and an array */
	c->settings->task_count = 0;
	if (node->kind == FM_YAML_SCALAR)
		read_task_names(c, node);
	else if (node->kind == FM_YAML_LIST && node->count > 0)
		for (const struct fm_yaml *m = node->first; m != NULL; m = m->next)
			read_task(c, m);
	else if (node->kind == FM_YAML_LIST)
		fm_setting_complain(c, node, "expected a list of tasks");
	else
		read_task(c, node);
}

static void read_unit(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	static const char *const names[] = {"sentence", "line", "paragraph", "turn"};
	const size_t choice = fm_setting_choice(c, node, names, FM_COUNT(names));

	if (choice < FM_COUNT(names))
		*(enum fm_corpus_unit *)target = (enum fm_corpus_unit)choice; /* in its order */
}

static void read_order(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	static const char *const names[] = {"as-is", "shuffled"};
	const size_t choice = fm_setting_choice(c, node, names, FM_COUNT(names));

	if (choice < FM_COUNT(names))
		*(enum fm_corpus_order *)target = choice == 0 ? FM_ORDER_AS_IS : FM_ORDER_SHUFFLED;
}

static void refuse_beside_name(struct fm_setting_context *c, const struct fm_yaml *key,
                               const char *name)
{
	struct fm_err err;
	char option[64];

	(void)snprintf(option, sizeof option, "'%.*s'", FM_SPAN_ARGS(key->text)); /* one of ours */
	if (fm_corpus_refuse(name, option, &err) != FM_OK)
		fm_setting_complain(c, key, "%s", err.text);
}

void fm_setting_corpus(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	static const struct fm_setting_key keys[] = {
		{"path",    fm_setting_text, CORPUS_AT(name)   },
		{"segment", read_unit,       CORPUS_AT(unit)   },
		{"order",   read_order,      CORPUS_AT(order)  },
		{"wrap",    fm_setting_bool, CORPUS_AT(wrap)   },
		{"pattern", fm_setting_text, CORPUS_AT(pattern)},
		{"field",   fm_setting_text, CORPUS_AT(field)  },
	};
	struct fm_corpus_spec *corpus = target;

	/* A name alone is all there is to it: what was said of another text does not go with it. */
	if (node->kind == FM_YAML_SCALAR) {
		*corpus = (struct fm_corpus_spec){0};
		fm_setting_text(c, node, &corpus->name);
		return;
	}
	fm_setting_map(c, node, keys, FM_COUNT(keys), corpus);
	for (const struct fm_yaml *m = node->first; m != NULL && corpus->name != NULL; m = m->next)
		if (!fm_span_is(m->key->text, "path") && strpbrk(corpus->name, "/.") == NULL) {
			refuse_beside_name(c, m->key, corpus->name);
			return;
		}
}

bool fm_setting_last_model(struct fm_setting_context *c, const char *key,
                           const struct fm_yaml *node)
{
	struct fm_settings *s = c->settings;

	for (size_t i = 1; i < FM_COUNT(model_keys); i++) {
		if (strcmp(model_keys[i].name, key) != 0)
			continue;
		if (s->model_count == 0)
			fm_setting_complain(c, node, "%s belongs to a model; name the model first",
			                    key);
		else
			model_keys[i].read(c, node,
			                   (char *)&s->models[s->model_count - 1] +
			                           model_keys[i].offset);
		return true;
	}
	return false;
}
