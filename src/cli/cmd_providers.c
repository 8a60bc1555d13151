#include "cli/command.h"

#include <string.h>

#include "base/num.h"
#include "base/pattern.h"
#include "cli/key_words.h"
#include "text/json_write.h"
#include "text/nearest.h"
#include "wire/preset.h"

#define LISTING_BYTES_MAX ((size_t)1 << 20)

static const char *const unit_words[] = {"characters (code points)", "characters (UTF-16)"};

/* Where a key is, is said, never what it is. A file that cannot be trusted has none. */
static struct fm_key_found key_of(const struct fm_preset *preset, struct fm_arena *arena)
{
	struct fm_key_found found = {0};
	const char *origin;
	struct fm_err ignored; /* `fathom keys list` says it */

	if (fm_key_of_preset(preset, arena, &origin, &found, &ignored) != FM_OK)
		found = (struct fm_key_found){0};
	return found;
}

static bool has_key(const struct fm_preset *preset, struct fm_arena *arena)
{
	return key_of(preset, arena).source != FM_KEY_NONE;
}

/* "environment" and the like, "not set", or "-" for one that takes none. */
static const char *key_words(const struct fm_preset *preset, struct fm_arena *arena)
{
	const enum fm_key_source source = key_of(preset, arena).source;

	if (source != FM_KEY_NONE)
		return fm_key_source_name(source);
	return preset->keys[0] == '\0' ? "-" : "not set";
}

static bool holds(const struct fm_quirk *quirk, const struct fm_preset *preset)
{
	return fm_pattern_fits(quirk->presets, fm_span_of(preset->name));
}

static void put_words(struct fm_buf *buf, const char *name, const char *words)
{
	if (words != NULL && words[0] != '\0')
		fm_buf_putf(buf, "  %-9s %s\n", name, words);
}

static void put_caps(struct fm_buf *buf, const struct fm_preset *p)
{
	char count[FM_NUM_TEXT_MAX];

	if (p->string_chars_max > 0)
		fm_buf_putf(buf, "  %-9s %s %s in one string: longer prompts go in parts\n", "cap",
		            fm_num_grouped(p->string_chars_max, count), unit_words[p->string_unit]);
	if (p->body_bytes_max > 0)
		fm_buf_putf(buf, "  %-9s %s bytes in one request\n", "cap",
		            fm_num_grouped(p->body_bytes_max, count));
}

static void put_quirk(struct fm_buf *buf, const struct fm_quirk *q)
{
	fm_buf_putf(buf, "  %-9s %s", q->name != NULL ? "calls" : "never", q->member);
	if (q->with != NULL)
		fm_buf_putf(buf, " beside %s", q->with);
	if (q->name != NULL)
		fm_buf_putf(buf, " %s", q->name);
	else
		fm_buf_putf(buf, ": %s", q->why);
	if (strcmp(q->models, "*") != 0)
		fm_buf_putf(buf, " (%s)", q->models);
	fm_buf_putc(buf, '\n');
}

static void put_one(struct fm_buf *buf, const struct fm_preset *p, struct fm_arena *arena)
{
	size_t count;
	const struct fm_quirk *quirks = fm_quirk_list(&count);

	fm_buf_putf(buf, "%s: %s\n", p->name, p->title);
	put_words(buf, "address", p->base_url);
	put_words(buf, "dialect", p->dialect);
	if (has_key(p, arena))
		fm_buf_putf(buf, "  %-9s %s: set (%s)\n", "key", p->keys, key_words(p, arena));
	else if (p->keys[0] != '\0')
		fm_buf_putf(buf, "  %-9s %s: not set\n", "key", p->keys);
	put_caps(buf, p);
	put_words(buf, "always", p->always);
	put_words(buf, "route", p->route);
	put_words(buf, "header", p->header);
	for (size_t i = 0; i < count; i++)
		if (holds(&quirks[i], p))
			put_quirk(buf, &quirks[i]);
	put_words(buf, "usage", p->usage);
	put_words(buf, "window", p->window_at);
	put_words(buf, "note", p->note);
}

static void put_line(struct fm_buf *buf, const struct fm_preset *p, struct fm_arena *arena)
{
	fm_buf_putf(buf, "%-16s %-11s %-46s %s\n", p->name, key_words(p, arena),
	            p->keys[0] == '\0' ? "takes no key" : p->keys, p->base_url);
}

static void write_quirks(const struct fm_preset *p, struct fm_json_writer *w)
{
	size_t count;
	const struct fm_quirk *quirks = fm_quirk_list(&count);

	fm_json_list(w, "quirks");
	for (size_t i = 0; i < count; i++) {
		if (!holds(&quirks[i], p))
			continue;
		fm_json_object(w, NULL);
		fm_json_string(w, "member", quirks[i].member);
		fm_json_string(w, "models", quirks[i].models);
		fm_json_string(w, "beside", quirks[i].with);
		fm_json_string(w, "sent_as", quirks[i].name);
		fm_json_string(w, "why", quirks[i].why);
		fm_json_end_object(w);
	}
	fm_json_end_list(w);
}

static void write_one(const struct fm_preset *p, struct fm_arena *arena, struct fm_json_writer *w)
{
	struct fm_span keys = fm_span_of(p->keys);
	struct fm_span key;

	fm_json_object(w, NULL);
	fm_json_string(w, "name", p->name);
	fm_json_string(w, "title", p->title);
	fm_json_string(w, "base_url", p->base_url);
	fm_json_string(w, "dialect", p->dialect);
	fm_json_list(w, "keys");
	while (fm_span_split(&keys, ' ', &key))
		fm_json_text(w, NULL, key);
	fm_json_end_list(w);
	fm_json_bool(w, "key_set", has_key(p, arena));
	fm_json_string(w, "key_source", fm_key_source_name(key_of(p, arena).source));
	fm_json_string(w, "max_tokens", p->max_tokens_name);
	fm_json_u64(w, "string_cap", p->string_chars_max);
	fm_json_string(w, "string_unit",
	               p->string_unit == FM_CHAR_UTF16 ? "utf-16" : "code points");
	fm_json_u64(w, "body_cap", p->body_bytes_max);
	fm_json_string(w, "header", p->header);
	fm_json_string(w, "window", p->window_at);
	fm_json_string(w, "usage", p->usage);
	fm_json_string(w, "note", p->note);
	if (p->always != NULL)
		fm_json_raw(w, "always", fm_span_of(p->always));
	else
		fm_json_null(w, "always");
	fm_json_bool(w, "route", p->route != NULL);
	write_quirks(p, w);
	fm_json_end_object(w);
}

static void put_json(struct fm_call *call, struct fm_buf *buf, const struct fm_preset *only)
{
	struct fm_json_writer w = {.buf = buf};
	size_t count;
	const struct fm_preset *const *list = fm_preset_list(&count);

	fm_json_object(&w, NULL);
	fm_json_u64(&w, "fathom_providers", 1);
	fm_json_list(&w, "providers");
	for (size_t i = 0; i < count; i++)
		if (only == NULL || only == list[i])
			write_one(list[i], call->arena, &w);
	fm_json_end_list(&w);
	fm_json_end_object(&w);
	fm_buf_putc(buf, '\n');
}

static void put_table(struct fm_call *call, struct fm_buf *buf)
{
	size_t count;
	const struct fm_preset *const *list = fm_preset_list(&count);

	fm_buf_putf(buf, "%-16s %-11s %-46s %s\n", "provider", "key is in",
	            "of the first that is set", "address");
	for (size_t i = 0; i < count; i++)
		put_line(buf, list[i], call->arena);
}

static int fail_unknown(struct fm_call *call, const char *name)
{
	size_t count;
	const struct fm_preset *const *list = fm_preset_list(&count);
	const char **names = fm_arena_array(call->arena, count, sizeof *names);
	const char *near;
	struct fm_err err = {0};

	for (size_t i = 0; i < count; i++)
		names[i] = list[i]->name;
	near = fm_nearest(fm_span_of(name), names, count);
	(void)fm_fail(&err, FM_E_USAGE, "unknown provider '%.64s'%s%s%s", name,
	              near == NULL ? "" : " (did you mean '", near == NULL ? "" : near,
	              near == NULL ? "" : "'?)"); /* said below */
	return fm_call_fail(&err, "fathom providers");
}

static int run(struct fm_call *call)
{
	const char *asked = call->args.operand_count > 0 ? call->args.operands[0] : NULL;
	const struct fm_preset *only = asked == NULL ? NULL : fm_preset_find(fm_span_of(asked));
	struct fm_err err = {0};
	struct fm_buf buf;
	enum fm_code rc;

	if (asked != NULL && only == NULL)
		return fail_unknown(call, asked);
	fm_buf_init(&buf, LISTING_BYTES_MAX);
	if (call->common.json)
		put_json(call, &buf, only);
	else if (only != NULL)
		put_one(&buf, only, call->arena);
	else
		put_table(call, &buf);
	rc = fm_tell(fm_buf_span(&buf), &err);
	fm_buf_free(&buf);
	return rc == FM_OK ? FM_EXIT_OK : fm_call_fail(&err, NULL);
}

const struct fm_command fm_command_providers = {
	.name = "providers",
	.about = "whom fathom knows: keys, caps, what they do not take",
	.operands = "[NAME]",
	.examples = "  fathom providers             all, and whether a key is set\n"
		    "  fathom providers openrouter  one, with all that is known of it\n",
	.words = "A provider is what stands before the first slash of -m provider/model. Its key\n"
		 "is that of the first of its variables that is set, and is never shown. An\n"
		 "address with {NAME} in it takes that part from the variable NAME. What a\n"
		 "provider does not take is refused in a plan, with the reason; what is always\n"
		 "sent keeps prompts from being cut and requests from going elsewhere. base_url,\n"
		 "dialect, key, string_cap, body_cap and max_tokens_name of a model in a plan go\n"
		 "before what is said here.\n",
	.operand_max = 1,
	.run = run,
};
