#include "cli/opt.h"

#include <string.h>

#include "base/num.h"
#include "base/span.h"
#include "text/nearest.h"

#define NAMES_MAX 64
#define KEY_LETTERS_MIN 20 /* shorter ones are names, such as a model called sk-small */

struct parse {
	const struct fm_opt_input *input;
	size_t next; /* the argument to be read next */
	struct fm_arena *arena;
	struct fm_opt_result *result;
	const struct fm_opt *seen[NAMES_MAX]; /* those that may stand once */
	size_t seen_count;
};

static bool looks_like_a_key(const char *text)
{
	static const char *const starts[] = {"sk-", "sk_", "gsk_", "xai-", "AIza", "Bearer "};
	const struct fm_span span = fm_span_of(text);

	for (size_t i = 0; i < FM_COUNT(starts); i++)
		if (fm_span_starts(span, starts[i]) && span.len >= KEY_LETTERS_MIN)
			return true;
	return false;
}

static const struct fm_opt *find(const struct parse *p, struct fm_span name, char letter,
                                 void **ret_settings)
{
	for (size_t t = 0; t < p->input->table_count; t++) {
		const struct fm_opt_table *table = &p->input->tables[t];

		for (size_t i = 0; i < table->count; i++) {
			const struct fm_opt *opt = &table->opts[i];

			if (letter != 0 ? opt->letter == letter : fm_span_is(name, opt->name)) {
				*ret_settings = table->settings;
				return opt;
			}
		}
	}
	return NULL;
}

static enum fm_code unknown(const struct parse *p, struct fm_span name, struct fm_err *err)
{
	const char *names[NAMES_MAX];
	size_t count = 0;

	if (fm_span_is(name, "key") || fm_span_is(name, "api-key"))
		return fm_fail(err, FM_E_USAGE,
		               "there is no --%.*s: other users can read a command line; a key is "
		               "read from its environment variable or from a file",
		               FM_SPAN_ARGS(name));
	for (size_t t = 0; t < p->input->table_count; t++)
		for (size_t i = 0; i < p->input->tables[t].count && count < FM_COUNT(names); i++)
			names[count++] = p->input->tables[t].opts[i].name;
	const char *nearest = fm_nearest(name, names, count);

	/* A beginning is not taken for the whole, but it tells what was meant. */
	for (size_t i = 0; i < count && nearest == NULL && name.len > 1; i++)
		if (fm_span_equal(fm_span_first(fm_span_of(names[i]), name.len), name))
			nearest = names[i];
	if (nearest == NULL)
		return fm_fail(err, FM_E_USAGE, "unknown option '--%.*s'", FM_SPAN_ARGS(name));
	return fm_fail(err, FM_E_USAGE, "unknown option '--%.*s' (did you mean '--%s'?)",
	               FM_SPAN_ARGS(name), nearest);
}

static void add_to_list(struct fm_opt_list *list, const char *text, struct fm_arena *arena)
{
	const char **more = fm_arena_array(arena, list->count + 1, sizeof more[0]);

	if (list->count > 0)
		memcpy(more, list->texts, list->count * sizeof more[0]);
	more[list->count++] = text;
	list->texts = more;
}

static void add_pair(struct parse *p, const struct fm_opt *opt, const char *text)
{
	struct fm_opt_result *r = p->result;
	struct fm_opt_pair *more = fm_arena_array(p->arena, r->pair_count + 1, sizeof more[0]);

	if (r->pair_count > 0)
		memcpy(more, r->pairs, r->pair_count * sizeof more[0]);
	more[r->pair_count++] = (struct fm_opt_pair){
		fm_arena_format(p->arena, "--%s", opt->name),
		opt->key,
		text,
	};
	r->pairs = more;
}

static enum fm_code bad_value(const struct fm_opt *opt, const char *text, const char *kind,
                              struct fm_err *err)
{
	return fm_fail(err, FM_E_USAGE, "--%s: '%s' is not %s", opt->name, text, kind);
}

static enum fm_code set_count(const struct fm_opt *opt, const char *text, uint32_t *to,
                              struct fm_err *err)
{
	uint64_t number;

	if (!fm_num_count(fm_span_of(text), &number) || number > UINT32_MAX)
		return bad_value(opt, text, "a count, such as 10 or 2k", err);
	*to = (uint32_t)number;
	return FM_OK;
}

/* A plan key that takes no value is one that is true. */
static bool is_flag(const struct fm_opt *opt)
{
	return opt->kind == FM_OPT_FLAG || opt->value == NULL;
}

static bool is_plan_key(const struct fm_opt *opt)
{
	return opt->kind == FM_OPT_PLAN || opt->kind == FM_OPT_PLANS;
}

/* Everything but plan keys, which are not ours to understand, and flags, which have no value. */
static enum fm_code set_value(struct parse *p, const struct fm_opt *opt, void *settings,
                              const char *text, struct fm_err *err)
{
	void *to = is_plan_key(opt) ? NULL : (char *)settings + opt->at;

	switch (opt->kind) {
	case FM_OPT_COUNT:
		return set_count(opt, text, to, err);
	case FM_OPT_TOKENS:
		if (!fm_num_count(fm_span_of(text), to))
			return bad_value(opt, text, "a number of tokens, such as 32k or 64Ki", err);
		return FM_OK;
	case FM_OPT_SHARE:
		if (!fm_num_share(fm_span_of(text), to))
			return bad_value(opt, text, "a share, such as 50%", err);
		return FM_OK;
	case FM_OPT_NUMBER:
		if (!fm_num_u64(fm_span_of(text), to))
			return bad_value(opt, text, "a whole number", err);
		return FM_OK;
	case FM_OPT_TEXT:
		*(const char **)to = text;
		return FM_OK;
	case FM_OPT_LIST:
		add_to_list(to, text, p->arena);
		return FM_OK;
	case FM_OPT_PLAN:
	case FM_OPT_PLANS:
		add_pair(p, opt, text);
		return FM_OK;
	case FM_OPT_FLAG:
		break;
	}
	*(bool *)to = true;
	return FM_OK;
}

static enum fm_code set_presets(struct parse *p, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	for (size_t t = 0; t < p->input->table_count && rc == FM_OK; t++)
		for (size_t i = 0; i < p->input->tables[t].count && rc == FM_OK; i++) {
			const struct fm_opt *opt = &p->input->tables[t].opts[i];

			/* A plan key's preset is that of the file, and stands here for the help. */
			if (opt->preset != NULL && !is_plan_key(opt))
				rc = set_value(p, opt, p->input->tables[t].settings, opt->preset,
				               err);
		}
	return rc;
}

/* Of two values one would be lost without a word. */
static enum fm_code check_once(struct parse *p, const struct fm_opt *opt, struct fm_err *err)
{
	if (opt->kind == FM_OPT_LIST || opt->kind == FM_OPT_PLANS)
		return FM_OK;
	for (size_t i = 0; i < p->seen_count; i++)
		if (p->seen[i] == opt)
			return fm_fail(err, FM_E_USAGE, "--%s stands twice", opt->name);
	if (p->seen_count < FM_COUNT(p->seen))
		p->seen[p->seen_count++] = opt;
	return FM_OK;
}

static bool is_option(const char *arg)
{
	return arg[0] == '-' && arg[1] != '\0' && !fm_is_digit(arg[1]);
}

/* The value of an option: what is `attached` to it, else the next argument. */
static enum fm_code take_value(struct parse *p, const struct fm_opt *opt, void *settings,
                               const char *attached, struct fm_err *err)
{
	const char *text = attached;

	if (text == NULL) {
		const char *next = p->next < p->input->arg_count ? p->input->args[p->next] : NULL;

		if (next == NULL || is_option(next))
			return fm_fail(err, FM_E_USAGE, "--%s needs a value: --%s %s", opt->name,
			               opt->name, opt->value);
		text = next;
		p->next++;
	}
	if (text[0] == '\0')
		return fm_fail(err, FM_E_USAGE, "--%s needs a value: --%s %s", opt->name, opt->name,
		               opt->value);
	if (looks_like_a_key(text))
		return fm_fail(err, FM_E_USAGE,
		               "--%s: its value looks like a key and is not taken: other users "
		               "can read a command line",
		               opt->name);
	if (check_once(p, opt, err) != FM_OK)
		return err->code;
	return set_value(p, opt, settings, text, err);
}

static bool is_help(struct parse *p, const struct fm_opt *opt)
{
	if (opt->kind != FM_OPT_FLAG || strcmp(opt->name, "help") != 0)
		return false;
	p->next = p->input->arg_count;
	return true;
}

static enum fm_code read_long(struct parse *p, const char *arg, struct fm_err *err)
{
	const struct fm_span whole = fm_span_of(arg + 2);
	const size_t equals = fm_span_find_byte(whole, '=');
	const struct fm_span name = fm_span_first(whole, equals);
	const char *attached = equals < whole.len ? arg + 2 + equals + 1 : NULL;
	void *settings = NULL;
	const struct fm_opt *opt = find(p, name, 0, &settings);

	if (opt == NULL)
		return unknown(p, name, err);
	if (!is_flag(opt))
		return take_value(p, opt, settings, attached, err);
	if (attached != NULL)
		return fm_fail(err, FM_E_USAGE, "--%s takes no value", opt->name);
	if (opt->kind == FM_OPT_PLAN && check_once(p, opt, err) != FM_OK)
		return err->code;
	if (is_help(p, opt)) {
		p->result->long_help = true;
		return FM_OK;
	}
	return set_value(p, opt, settings, "true", err);
}

static enum fm_code read_letters(struct parse *p, const char *arg, struct fm_err *err)
{
	for (const char *at = arg + 1; *at != '\0'; at++) {
		void *settings = NULL;
		const struct fm_opt *opt = find(p, (struct fm_span){0}, *at, &settings);
		enum fm_code rc;

		if (opt == NULL)
			return fm_fail(err, FM_E_USAGE, "unknown option '-%c'", *at);
		if (opt->kind != FM_OPT_FLAG)
			return take_value(p, opt, settings, at[1] != '\0' ? at + 1 : NULL, err);
		if (is_help(p, opt)) {
			p->result->short_help = true;
			return FM_OK;
		}
		rc = set_value(p, opt, settings, NULL, err);
		if (rc != FM_OK)
			return rc;
	}
	return FM_OK;
}

enum fm_code fm_opt_parse(const struct fm_opt_input *input, struct fm_arena *arena,
                          struct fm_opt_result *ret_result, struct fm_err *err)
{
	struct fm_opt_result result = {0};
	struct parse p = {.input = input, .arena = arena, .result = &result};
	bool options = true;
	enum fm_code rc;

	result.operands = fm_arena_array(arena, input->arg_count + 1, sizeof result.operands[0]);
	rc = set_presets(&p, err);
	while (rc == FM_OK && p.next < input->arg_count) {
		const char *arg = input->args[p.next++];

		if (!options || arg[0] != '-' || arg[1] == '\0')
			result.operands[result.operand_count++] = arg;
		else if (strcmp(arg, "--") == 0)
			options = false;
		else if (arg[1] == '-')
			rc = read_long(&p, arg, err);
		else
			rc = read_letters(&p, arg, err);
	}
	if (rc == FM_OK)
		*ret_result = result;
	return rc;
}
