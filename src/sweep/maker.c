#include "sweep/maker.h"

#include <string.h>

#include "base/memory.h"
#include "base/num.h"
#include "haystack/guard.h"
#include "haystack/haystack.h"
#include "haystack/parts.h"
#include "task/layout.h"
#include "token/counter.h"

struct open_counter {
	const char *name; /* "bytes/4@digest" */
	struct fm_counter *counter;
	struct open_counter *next;
};

struct open_haystack {
	uint64_t seed;
	const struct fm_counter *counter;
	uint64_t tokens;
	struct fm_haystack *haystack;
	struct fm_guard *guard;  /* NULL until it is needed */
	struct fm_id guard_pack; /* of whose words it is */
	struct open_haystack *next;
};

struct open_task {
	const char *id;
	struct fm_task *task;
	struct open_task *next;
};

struct fm_maker {
	struct fm_arena arena; /* names and the nodes of the three lists */
	struct fm_maker_spec spec;
	struct fm_corpus *corpus;
	struct open_counter *counters;
	struct open_haystack *haystacks;
	struct open_task *tasks;
};

static const char *keep(struct fm_arena *arena, const char *text)
{
	return text == NULL ? NULL : fm_arena_text(arena, fm_span_of(text));
}

enum fm_code fm_maker_open(const struct fm_maker_spec *spec, struct fm_maker **ret_maker,
                           struct fm_err *err)
{
	struct fm_maker *maker = fm_memory_take(sizeof *maker);
	enum fm_code rc;

	maker->spec = *spec;
	maker->spec.corpus.name = keep(&maker->arena, spec->corpus.name);
	maker->spec.cache_folder = keep(&maker->arena, spec->cache_folder);
	maker->spec.data_folder = keep(&maker->arena, spec->data_folder);
	maker->spec.corpora_folder = keep(&maker->arena, spec->corpora_folder);
	rc = fm_corpus_open(&maker->spec.corpus, &maker->corpus, err);
	if (rc != FM_OK) {
		fm_maker_close(maker);
		return rc;
	}
	*ret_maker = maker;
	return FM_OK;
}

void fm_maker_close(struct fm_maker *maker)
{
	if (maker == NULL)
		return;
	for (struct open_haystack *h = maker->haystacks; h != NULL; h = h->next) {
		fm_guard_close(h->guard);
		fm_haystack_close(h->haystack);
	}
	for (struct open_counter *c = maker->counters; c != NULL; c = c->next)
		fm_counter_close(c->counter);
	for (struct open_task *t = maker->tasks; t != NULL; t = t->next)
		fm_task_close(t->task);
	fm_corpus_close(maker->corpus);
	fm_arena_free(&maker->arena);
	fm_memory_free(maker);
}

static enum fm_code check_digest(struct fm_id have, struct fm_id want, const char *what,
                                 struct fm_err *err)
{
	char have_text[FM_ID_TEXT_MAX];
	char want_text[FM_ID_TEXT_MAX];

	if (fm_id_equal(have, want))
		return FM_OK;
	return fm_fail(err, FM_E_CHANGED, "%s is %s here, the prompt was made from %s", what,
	               fm_id_text(have, have_text), fm_id_text(want, want_text));
}

/* The tokenizer of a spec is name@digest, and that very one or none is opened. */
static enum fm_code find_counter(struct fm_maker *maker, const char *name,
                                 const struct fm_counter **ret_counter, struct fm_err *err)
{
	const struct fm_span whole = fm_span_of(name);
	const size_t at = fm_span_find_byte(whole, '@');
	struct open_counter *c = maker->counters;
	const struct fm_counter_place place = {maker->spec.corpora_folder, maker->spec.cache_folder,
	                                       maker->spec.data_folder};
	struct fm_id ignored;
	enum fm_code rc;

	if (!fm_id_parse(fm_span_skip(whole, at + 1), &ignored))
		return fm_fail(err, FM_E_FORMAT, "the tokenizer %s has no digest", name);
	while (c != NULL && strcmp(c->name, name) != 0)
		c = c->next;
	if (c == NULL) {
		c = fm_arena_take(&maker->arena, sizeof *c);
		rc = fm_counter_open(name, &place, &c->counter, err);
		if (rc != FM_OK)
			return rc;
		c->name = keep(&maker->arena, name);
		c->next = maker->counters;
		maker->counters = c;
	}
	*ret_counter = c->counter;
	return FM_OK;
}

/* Laid in tokens of the counter's base: what is calibrated from it shares them. */
static enum fm_code find_haystack(struct fm_maker *maker, const struct fm_prompt_spec *spec,
                                  const struct fm_counter *of, struct open_haystack **ret_haystack,
                                  struct fm_err *err)
{
	const struct fm_counter *counter = fm_counter_base(of);
	const uint64_t length = fm_counter_from_own(of, spec->length);
	const uint64_t least = fm_counter_from_own(of, maker->spec.tokens_min);
	const uint64_t tokens = least > length ? least : length;
	struct open_haystack *h = maker->haystacks;
	struct fm_haystack_spec wanted;
	enum fm_code rc;

	while (h != NULL &&
	       !(h->seed == spec->hay_seed && h->counter == counter && h->tokens >= length))
		h = h->next;
	if (h == NULL) {
		h = fm_arena_take(&maker->arena, sizeof *h);
		wanted = (struct fm_haystack_spec){
			.cache_folder = maker->spec.cache_folder,
			.corpus = maker->corpus,
			.counter = counter,
			.seed = spec->hay_seed,
			.tokens_min = tokens,
		};
		rc = fm_haystack_open(&wanted, &h->haystack, err);
		if (rc != FM_OK)
			return rc;
		*h = (struct open_haystack){.seed = spec->hay_seed,
		                            .counter = counter,
		                            .tokens = tokens,
		                            .haystack = h->haystack,
		                            .next = maker->haystacks};
		maker->haystacks = h;
	}
	*ret_haystack = h;
	return FM_OK;
}

enum fm_code fm_maker_count(struct fm_maker *maker, const char *tokenizer, struct fm_span text,
                            uint64_t *ret_tokens, struct fm_err *err)
{
	const struct fm_counter *counter;
	const enum fm_code rc = find_counter(maker, tokenizer, &counter, err);

	if (rc == FM_OK)
		*ret_tokens = fm_counter_count(counter, text);
	return rc;
}

enum fm_code fm_maker_task(struct fm_maker *maker, const char *task_id,
                           const struct fm_task **ret_task, struct fm_err *err)
{
	struct open_task *t = maker->tasks;

	while (t != NULL && strcmp(t->id, task_id) != 0)
		t = t->next;
	if (t == NULL) {
		struct fm_task *task;
		const enum fm_code rc =
			fm_task_open_id(task_id, maker->spec.corpora_folder, &task, err);

		if (rc != FM_OK)
			return rc;
		t = fm_arena_take(&maker->arena, sizeof *t);
		*t = (struct open_task){keep(&maker->arena, task_id), task, maker->tasks};
		maker->tasks = t;
	}
	*ret_task = t->task;
	return FM_OK;
}

static enum fm_code check_spec(const struct fm_maker *maker, const struct fm_task *task,
                               const struct fm_prompt_spec *spec, struct fm_err *err)
{
	enum fm_code rc =
		check_digest(fm_corpus_digest(maker->corpus), spec->corpus, "the corpus", err);

	if (rc == FM_OK)
		rc = check_digest(fm_task_pack(task), spec->pack, "the task's pack of words", err);
	if (rc == FM_OK && fm_corpus_engine(maker->corpus) != spec->engine)
		rc = fm_fail(err, FM_E_CHANGED,
		             "the generator is engine %u here, the prompt was made by engine %u",
		             fm_corpus_engine(maker->corpus), spec->engine);
	return rc;
}

struct parts {
	const struct fm_task *task;
	const struct fm_counter *counter;
	struct open_haystack *hay;
};

/* What a spec is made of, opened and checked. */
static enum fm_code find_parts(struct fm_maker *maker, const struct fm_prompt_spec *spec,
                               struct parts *ret_parts, struct fm_err *err)
{
	struct parts parts = {0};
	enum fm_code rc = fm_maker_task(maker, spec->task, &parts.task, err);

	if (rc == FM_OK)
		rc = check_spec(maker, parts.task, spec, err);
	if (rc == FM_OK)
		rc = find_counter(maker, spec->tokenizer, &parts.counter, err);
	if (rc == FM_OK)
		rc = find_haystack(maker, spec, parts.counter, &parts.hay, err);
	if (rc == FM_OK)
		*ret_parts = parts;
	return rc;
}

/* All tasks share their keys, so that one guard serves nearly always. */
static enum fm_code find_guard(const struct parts *parts, struct fm_err *err)
{
	struct open_haystack *h = parts->hay;
	const struct fm_id pack = fm_task_pack(parts->task);
	enum fm_code rc;

	if (h->guard != NULL && fm_id_equal(h->guard_pack, pack))
		return FM_OK;
	fm_guard_close(h->guard);
	h->guard = NULL;
	rc = fm_task_open_guard(parts->task, h->haystack, &h->guard, err);
	if (rc == FM_OK)
		h->guard_pack = pack;
	return rc;
}

enum fm_code fm_maker_lay(struct fm_maker *maker, const struct fm_prompt_spec *spec,
                          struct fm_err *err)
{
	struct parts parts;
	const enum fm_code rc = find_parts(maker, spec, &parts, err);

	return rc == FM_OK ? find_guard(&parts, err) : rc;
}

static struct fm_layout_spec layout_of(const struct fm_prompt_spec *spec,
                                       const struct fm_counter *counter)
{
	return (struct fm_layout_spec){
		.layout = spec->layout,
		.length = fm_counter_from_own(counter, spec->length),
		.length_of_document = strcmp(spec->length_of, "document") == 0,
		.salt = spec->salt,
	};
}

struct made {
	const struct fm_counter *counter;
	struct fm_question question;
	struct fm_prompt prompt;
};

/* Both a prompt and what is asked of it, in tokens of the counter's base. */
static enum fm_code make_prompt(struct fm_maker *maker, const struct fm_prompt_spec *spec,
                                struct fm_arena *arena, struct made *ret_made, struct fm_err *err)
{
	struct fm_make_spec make = {.value_seed = spec->value_seed, .depth_ppm = spec->depth_ppm};
	struct fm_layout_spec layout;
	struct parts parts;
	enum fm_code rc = find_parts(maker, spec, &parts, err);

	if (rc == FM_OK)
		rc = find_guard(&parts, err);
	if (rc != FM_OK)
		return rc;
	layout = layout_of(spec, parts.counter);
	make.guard = parts.hay->guard;
	make.tokens = layout.length;
	ret_made->counter = parts.counter;
	rc = fm_task_make(parts.task, &make, arena, &ret_made->question, err);
	if (rc != FM_OK)
		return rc;
	return fm_layout_make(parts.hay->haystack, &ret_made->question, &layout, arena,
	                      &ret_made->prompt, err);
}

#define RULE_HEAD "seams/1;max="
#define RULE_POINTS ";of=code-points"
#define RULE_UTF16 ";of=utf-16"

const char *fm_parts_rule(uint64_t chars_max, bool utf16, struct fm_arena *arena)
{
	if (chars_max == 0)
		return "";
	return fm_arena_format(arena, RULE_HEAD "%llu%s", (unsigned long long)chars_max,
	                       utf16 ? RULE_UTF16 : RULE_POINTS);
}

static bool read_rule(const char *text, struct fm_part_rule *ret_rule)
{
	struct fm_span rest = fm_span_of(text);

	*ret_rule = (struct fm_part_rule){.utf16 = fm_span_ends(rest, RULE_UTF16)};
	if (!fm_span_starts(rest, RULE_HEAD))
		return rest.len == 0;
	if (!ret_rule->utf16 && !fm_span_ends(rest, RULE_POINTS))
		return false;
	rest = fm_span_skip(rest, sizeof RULE_HEAD - 1);
	return fm_num_u64(fm_span_first(rest, fm_span_find_byte(rest, ';')), &ret_rule->chars_max);
}

enum fm_code fm_maker_cut(struct fm_maker *maker, const struct fm_trial_spec *spec,
                          struct fm_arena *arena, struct fm_prompt *prompt, struct fm_err *err)
{
	struct fm_part_rule rule;
	struct parts parts;
	enum fm_code rc;

	if (!read_rule(spec->parts, &rule))
		return fm_fail(err, FM_E_FORMAT, "parts by an unknown rule: %.100s", spec->parts);
	if (rule.chars_max == 0)
		return FM_OK;
	rc = find_parts(maker, &spec->prompt, &parts, err);
	for (size_t i = 0; i < prompt->count && rc == FM_OK; i++)
		rc = fm_message_cut(parts.hay->haystack, &rule, arena, &prompt->messages[i], err);
	return rc;
}

enum fm_code fm_maker_check(struct fm_maker *maker, const struct fm_prompt_spec *spec,
                            struct fm_arena *arena, struct fm_err *err)
{
	struct made made;

	return make_prompt(maker, spec, arena, &made, err);
}

void fm_prompt_make_own(const struct fm_counter *counter, struct fm_prompt *prompt)
{
	prompt->tokens = fm_counter_to_own(counter, prompt->tokens);
	prompt->document_tokens = fm_counter_to_own(counter, prompt->document_tokens);
	for (size_t i = 0; i < prompt->needle_count; i++) {
		struct fm_needle *n = &prompt->needles[i];

		n->more_tokens = fm_counter_to_own(counter, n->more_tokens);
		n->at_tokens = fm_counter_to_own(counter, n->at_tokens);
		n->prompt_tokens = fm_counter_to_own(counter, n->prompt_tokens);
		n->question_tokens = fm_counter_to_own(counter, n->question_tokens);
	}
}

enum fm_code fm_maker_prompt(struct fm_maker *maker, const struct fm_prompt_spec *spec,
                             struct fm_arena *arena, struct fm_prompt *ret_prompt,
                             struct fm_question *ret_question, struct fm_err *err)
{
	struct made made;
	const enum fm_code rc = make_prompt(maker, spec, arena, &made, err);

	if (rc != FM_OK)
		return rc;
	fm_prompt_make_own(made.counter, &made.prompt);
	*ret_prompt = made.prompt;
	*ret_question = made.question;
	return FM_OK;
}
