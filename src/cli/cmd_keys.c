#include "cli/command.h"

#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/env.h"
#include "base/file.h"
#include "base/locked.h"
#include "cli/key_words.h"
#include "client/key_store.h"
#include "text/json_write.h"
#include "text/nearest.h"
#include "wire/preset.h"

#define LISTING_BYTES_MAX ((size_t)1 << 20)
#define ORIGIN_BYTES_MAX 2048
#define TYPED_BYTES_MAX ((size_t)16 << 10)
#define CANCEL 3 /* what Ctrl-C sends */

struct keys_settings {
	const char *base_url;
};

static const struct fm_opt opts[] = {
	{FM_OPT_TEXT, 0, "base-url", "URL", FM_AT(struct keys_settings, base_url, const char *),
         NULL, "set: where else its key goes, and there alone", NULL},
};

/* One line of the listing. */
struct row {
	const char *provider;
	enum fm_key_source source;
	const char *name; /* of its variables; NULL: it has none */
	const char *origin;
	bool exposed;
};

static void put_people(const struct row *rows, size_t count, struct fm_buf *buf)
{
	if (count == 0)
		fm_buf_puts(buf, "no key is set\n");
	else
		fm_buf_putf(buf, "%-16s %-12s %-38s %s\n", "provider", "in", "goes to", "variable");
	for (size_t i = 0; i < count; i++) {
		const struct row *r = &rows[i];

		fm_buf_putf(buf, "%-16s %-12s %-38s %s%s\n", r->provider,
		            fm_key_source_name(r->source), r->origin == NULL ? "-" : r->origin,
		            r->name == NULL ? "-" : r->name,
		            r->exposed ? " (others may read it: chmod 600 .env)" : "");
	}
}

static void put_json(const struct row *rows, size_t count, struct fm_buf *buf)
{
	struct fm_json_writer w = {.buf = buf};

	fm_json_object(&w, NULL);
	fm_json_u64(&w, "fathom_keys", 1);
	fm_json_list(&w, "keys");
	for (size_t i = 0; i < count; i++) {
		fm_json_object(&w, NULL);
		fm_json_string(&w, "provider", rows[i].provider);
		fm_json_string(&w, "source", fm_key_source_name(rows[i].source));
		fm_json_string(&w, "origin", rows[i].origin);
		fm_json_string(&w, "variable", rows[i].name);
		fm_json_bool(&w, "exposed", rows[i].exposed);
		fm_json_end_object(&w);
	}
	fm_json_end_list(&w);
	fm_json_end_object(&w);
	fm_buf_putc(buf, '\n');
}

static enum fm_code add_presets(struct fm_call *call, struct row *rows, size_t *count,
                                struct fm_err *err)
{
	size_t preset_count;
	const struct fm_preset *const *presets = fm_preset_list(&preset_count);
	enum fm_code rc = FM_OK;

	for (size_t i = 0; i < preset_count && rc == FM_OK; i++) {
		struct row row = {.provider = presets[i]->name};
		struct fm_key_found found;

		rc = fm_key_of_preset(presets[i], call->arena, &row.origin, &found, err);
		if (rc != FM_OK || (found.source != FM_KEY_ENV && found.source != FM_KEY_DOTENV))
			continue;
		row.source = found.source;
		row.name = found.name;
		row.exposed = found.exposed;
		rows[(*count)++] = row;
	}
	return rc;
}

/* Presets whose key is in a variable, then all that are stored. */
static enum fm_code list_all(struct fm_call *call, struct fm_err *err)
{
	struct fm_stored_key *stored;
	struct fm_buf buf;
	struct row *rows;
	size_t stored_count;
	size_t preset_count;
	size_t count = 0;
	enum fm_code rc = fm_key_store_list(call->arena, &stored, &stored_count, err);

	if (rc != FM_OK)
		return rc;
	(void)fm_preset_list(&preset_count); /* only how many there are */
	rows = fm_arena_array(call->arena, preset_count + stored_count, sizeof *rows);
	rc = add_presets(call, rows, &count, err);
	if (rc != FM_OK)
		return rc;
	for (size_t i = 0; i < stored_count; i++)
		rows[count++] =
			(struct row){stored[i].owner, FM_KEY_STORE, NULL, stored[i].origin, false};
	fm_buf_init(&buf, LISTING_BYTES_MAX);
	if (call->common.json)
		put_json(rows, count, &buf);
	else
		put_people(rows, count, &buf);
	rc = fm_tell(fm_buf_span(&buf), err);
	fm_buf_free(&buf);
	return rc;
}

/* Where a provider's key will go: what is said, else the preset's own address. */
static enum fm_code find_origin(struct fm_call *call, const char *provider, char *origin,
                                struct fm_err *err)
{
	const struct keys_settings *s = call->settings;
	const struct fm_preset *preset = fm_preset_find(fm_span_of(provider));
	const char *url = s->base_url;

	if (url == NULL && preset == NULL)
		return fm_fail(err, FM_E_USAGE,
		               "%s is no provider that fathom knows: say with --base-url where its "
		               "key goes",
		               provider);
	if (url == NULL && fm_preset_url(preset, fm_env_get, call->arena, &url, err) != FM_OK)
		return err->code;
	return fm_origin_of(url, false, origin, ORIGIN_BYTES_MAX, err);
}

/*
 * A line from a terminal that shows nothing of it. Signals of its keys are off meanwhile, because
 * one that ended us here would leave the terminal mute; Ctrl-C is read as what it means.
 */
static enum fm_code read_hidden(char *to, size_t *ret_len, struct fm_err *err)
{
	struct termios before;
	struct termios quiet;
	enum fm_code rc = FM_OK;
	size_t len = 0;
	bool ended = false;
	char c = 0;

	if (tcgetattr(STDIN_FILENO, &before) != 0)
		return fm_fail(err, FM_E_IO, "the terminal cannot be made silent");
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG);
	if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) != 0)
		return fm_fail(err, FM_E_IO, "the terminal cannot be made silent");
	while (rc == FM_OK && !ended && len < TYPED_BYTES_MAX)
		if (read(STDIN_FILENO, &c, 1) != 1)
			rc = fm_fail(err, FM_E_IO, "the terminal went away: nothing was changed");
		else if (c == CANCEL)
			rc = fm_fail(err, FM_E_USAGE, "cancelled: nothing was changed");
		else if (c == '\n' || c == '\r' || c == CEOF)
			ended = true;
		else if ((cc_t)c == before.c_cc[VERASE])
			len -= len > 0;
		else if ((cc_t)c == before.c_cc[VKILL])
			len = 0;
		else
			to[len++] = c;
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before); /* it was taken before */
	fm_say_raw(fm_span_of("\n"));
	*ret_len = len;
	return rc;
}

static enum fm_code read_all(char *to, size_t *ret_len, struct fm_err *err)
{
	size_t len = 1;
	size_t all = 0;
	enum fm_code rc = FM_OK;

	while (rc == FM_OK && len > 0 && all < TYPED_BYTES_MAX) {
		rc = fm_input_read(STDIN_FILENO, to + all, TYPED_BYTES_MAX - all, &len, err);
		all += rc == FM_OK ? len : 0;
	}
	*ret_len = all;
	return rc;
}

static enum fm_code set(struct fm_call *call, struct fm_err *err)
{
	const char *provider = call->args.operands[1];
	const bool typed = isatty(STDIN_FILENO) == 1;
	char origin[ORIGIN_BYTES_MAX];
	size_t len = 0;
	char *key;
	enum fm_code rc = find_origin(call, provider, origin, err);

	if (rc != FM_OK)
		return rc;
	fm_locked_close_process();
	key = fm_locked_take(TYPED_BYTES_MAX);
	if (typed)
		fm_say_raw(fm_span_of(fm_arena_format(
			call->arena, "key of %s for %s (not shown): ", provider, origin)));
	rc = typed ? read_hidden(key, &len, err) : read_all(key, &len, err);
	if (rc == FM_OK)
		rc = fm_key_store_set(provider, origin, fm_span_make(key, len), err);
	fm_locked_free(key, TYPED_BYTES_MAX);
	if (rc == FM_OK && !call->common.quiet)
		fm_say("the key of %s is stored; it goes to %s alone", provider, origin);
	return rc;
}

static enum fm_code forget(struct fm_call *call, struct fm_err *err)
{
	const char *provider = call->args.operands[1];
	bool found;
	enum fm_code rc = fm_key_store_remove(provider, &found, err);

	if (rc == FM_OK && !found)
		rc = fm_fail(err, FM_E_USAGE, "no key of %s is stored", provider);
	if (rc == FM_OK && !call->common.quiet)
		fm_say("the key of %s is removed", provider);
	return rc;
}

static const struct verb {
	const char *name;
	size_t operands;
	enum fm_code (*run)(struct fm_call *call, struct fm_err *err);
} verbs[] = {
	{"list",   1, list_all},
	{"set",    2, set     },
	{"remove", 2, forget  },
};

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < FM_COUNT(verbs); i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

static bool is_name(const char *text)
{
	return text[0] != '\0' &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                    "0123456789-_.") == strlen(text);
}

/* Nothing of what was typed is repeated: it may be a key in the wrong place. */
static enum fm_code check(const struct fm_call *call, const struct verb *verb, struct fm_err *err)
{
	const struct keys_settings *s = call->settings;
	const size_t count = call->args.operand_count;

	if (verb == NULL)
		return fm_fail(err, FM_E_USAGE,
		               "keys: there is list, set PROVIDER and remove PROVIDER");
	if (count > 2 && strcmp(verb->name, "set") == 0)
		return fm_fail(
			err, FM_E_USAGE,
			"keys: a key is not taken from the command line, which other users can "
			"read: it is asked for, or read from stdin");
	if (count > 0 && count != verb->operands)
		return fm_fail(err, FM_E_USAGE,
		               "keys: say list, or set or remove and one provider");
	if (count == 2 && !is_name(call->args.operands[1]))
		return fm_fail(err, FM_E_USAGE, "keys: that is no provider's name");
	if (s->base_url != NULL && strcmp(verb->name, "set") != 0)
		return fm_fail(err, FM_E_USAGE, "keys: --base-url is for set");
	return FM_OK;
}

static int run(struct fm_call *call)
{
	const struct verb *verb =
		find_verb(call->args.operand_count > 0 ? call->args.operands[0] : "list");
	struct fm_err err = {0};
	const char *next = "fathom keys -h";
	enum fm_code rc = check(call, verb, &err);

	if (rc == FM_OK) {
		rc = verb->run(call, &err);
		next = verb->run == list_all ? NULL : "fathom keys list";
	}
	return rc == FM_OK ? FM_EXIT_OK : fm_call_fail(&err, next);
}

const struct fm_command fm_command_keys = {
	.name = "keys",
	.about = "which keys are set, and where; store or remove one",
	.operands = "[list|set|remove PROVIDER]",
	.examples = "  fathom keys list\n"
		    "  fathom keys set openai              asks for it, and shows nothing of it\n"
		    "  pass show openai | fathom keys set openai\n"
		    "  fathom keys set local --base-url https://llm.example/v1\n"
		    "  fathom keys remove openai\n",
	.words =
		"The key of a model is looked for in this order, and the first one counts:\n"
		"\n"
		"  key: of the plan            {env: NAME}, {file: PATH} that its owner alone may\n"
		"                              read, {cmd: [PROGRAM, WORD]} without a shell\n"
		"  the environment             the variables that fathom providers names\n"
		"  .env in this folder         the same variables, and nothing else that is in it\n"
		"  $XDG_CONFIG_HOME/fathom/keys  what fathom keys set was given (~/.config)\n"
		"\n"
		"Each is sent to one origin alone: scheme, host and port of the plan's base_url\n"
		"where the plan names it, else of the provider's own address. A model with\n"
		"another base_url gets no key but one that the plan names, or that was stored\n"
		"with that --base-url. No key is taken from the command line, and none is ever\n"
		"written: in an answer, an error or a report it reads [key].\n"
		"\n"
		"A plan that somebody else wrote may name any variable, file or program: read its\n"
		"key: and base_url: before you run it.\n",
	.opts = opts,
	.opt_count = FM_COUNT(opts),
	.operand_max = 3,
	.settings_size = sizeof(struct keys_settings),
	.run = run,
};
