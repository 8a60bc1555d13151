#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/num.h"
#include "lines_internal.h"
#include "made_internal.h"
#include "told_internal.h"

/*
 * The lines of a pack's files. A line that begins in its first column declares something; indented
 * lines below it are its words, its alternatives or its steps. `#` begins a comment line.
 */

#define UNIQUE_MAX (1U << 30)
#define FRAME_WORDS_MAX 9
#define FRAME_WORD_BYTES_MAX 40
#define FRAME_LINE_BYTES_MAX 4000
#define FRAME_BYTES_MAX ((size_t)FRAME_LINE_BYTES_MAX * FRAME_WORD_BYTES_MAX)

enum section {
	SECTION_NONE,
	SECTION_CLASS,
	SECTION_RULE,
	SECTION_PLAN,
	SECTION_CHAPTER,
};

struct reader {
	struct fm_pack *pack;
	struct fm_pack_at at;
	enum section section; /* of the newest class, rule or plan */
};

struct fm_span fm_pack_take_word(struct fm_span *rest)
{
	struct fm_span word = fm_span_trim(*rest);
	size_t len = 0;

	while (len < word.len && !fm_is_space(word.ptr[len]))
		len++;
	*rest = fm_span_skip(word, len);
	return fm_span_first(word, len);
}

uint32_t fm_pack_find_kind(const struct fm_pack *pack, struct fm_span name)
{
	for (size_t i = 0; i < pack->kind_count; i++)
		if (fm_span_equal(pack->kinds[i].name, name))
			return (uint32_t)i;
	return FM_PACK_NONE;
}

uint32_t fm_pack_find_class(const struct fm_pack *pack, struct fm_span name)
{
	for (size_t i = 0; i < pack->class_count; i++)
		if (fm_span_equal(pack->classes[i].name, name))
			return (uint32_t)i;
	return FM_PACK_NONE;
}

uint32_t fm_pack_find_rule(const struct fm_pack *pack, struct fm_span name)
{
	if (name.len == 0)
		return FM_PACK_NONE;
	for (size_t i = 0; i < pack->rule_count; i++)
		if (fm_span_equal(pack->rules[i].name, name))
			return (uint32_t)i;
	return FM_PACK_NONE;
}

uint32_t fm_pack_find_memory(const struct fm_pack *pack, struct fm_span name)
{
	for (uint32_t i = 0; i < pack->memory_count; i++)
		if (fm_span_equal(pack->memories[i], name))
			return i;
	return FM_PACK_NONE;
}

uint32_t fm_pack_find_form(const struct fm_pack_kind *kind, struct fm_span form)
{
	if (form.len == 0)
		return 0;
	for (uint32_t i = 0; i < kind->form_count; i++)
		if (fm_span_equal(kind->forms[i], form))
			return i;
	return FM_PACK_NONE;
}

static enum fm_code wrong(const struct reader *r, struct fm_err *err, const char *what,
                          struct fm_span name)
{
	return fm_fail(err, FM_E_FORMAT, "%s:%u: %s '%.*s'", r->at.file, r->at.line, what,
	               FM_SPAN_ARGS(name));
}

static enum fm_code read_kind(struct reader *r, struct fm_span rest, struct fm_err *err)
{
	struct fm_pack *pack = r->pack;
	struct fm_pack_kind kind = {.at = r->at};

	kind.name = fm_pack_take_word(&rest);
	if (fm_pack_find_kind(pack, kind.name) != FM_PACK_NONE)
		return wrong(r, err, "a second kind", kind.name);
	for (struct fm_span form; (form = fm_pack_take_word(&rest)).len > 0;) {
		if (kind.form_count == FM_PACK_FORMS_MAX)
			return wrong(r, err, "too many forms of kind", kind.name);
		kind.forms[kind.form_count++] = form;
	}
	if (kind.form_count == 0)
		return wrong(r, err, "no forms of kind", kind.name);
	pack->kinds = fm_memory_more(pack->kinds, pack->kind_count, &pack->kind_capacity,
	                             sizeof *pack->kinds);
	pack->kinds[pack->kind_count++] = kind;
	return FM_OK;
}

/* "ending noun.pl y>ies >s" */
static enum fm_code read_ending(struct reader *r, struct fm_span rest, struct fm_err *err)
{
	const struct fm_span what = fm_pack_take_word(&rest);
	const size_t dot = fm_span_find_byte(what, '.');
	const uint32_t kind = fm_pack_find_kind(r->pack, fm_span_first(what, dot));

	if (kind == FM_PACK_NONE)
		return wrong(r, err, "no kind of word for", what);
	const uint32_t form = fm_pack_find_form(&r->pack->kinds[kind], fm_span_skip(what, dot + 1));

	if (form == FM_PACK_NONE)
		return wrong(r, err, "no form of that kind for", what);
	for (struct fm_span left = rest, one; (one = fm_pack_take_word(&left)).len > 0;)
		if (fm_span_find_byte(one, '>') == one.len)
			return wrong(r, err, "an ending is 'from>to', not", one);
	r->pack->kinds[kind].endings[form] = rest;
	return FM_OK;
}

static struct fm_term plain_term(struct fm_span word)
{
	return (struct fm_term){.ptr = word.ptr, .len = (uint32_t)word.len};
}

/* "article a an aeiou" */
static enum fm_code read_article(struct reader *r, struct fm_span rest, struct fm_err *err)
{
	for (size_t i = 0; i < 2; i++)
		r->pack->articles[i] = plain_term(fm_pack_take_word(&rest));
	r->pack->article_letters = fm_pack_take_word(&rest);
	if (r->pack->article_letters.len == 0)
		return wrong(r, err, "an article is 'article a an aeiou', not", rest);
	return FM_OK;
}

/* "gender f she her her herself : Mrs Miss" */
static enum fm_code read_gender(struct reader *r, struct fm_span rest, struct fm_err *err)
{
	struct fm_pack_gender gender = {.first_names = FM_PACK_NONE};
	const struct fm_span name = fm_pack_take_word(&rest);

	if (r->pack->gender_count == FM_COUNT(r->pack->genders))
		return wrong(r, err, "too many genders with", name);
	for (size_t i = 0; i < FM_PACK_PRONOUNS; i++)
		gender.pronouns[i] = plain_term(fm_pack_take_word(&rest));
	struct fm_span title = fm_pack_take_word(&rest);

	if (gender.pronouns[FM_PACK_PRONOUNS - 1].len == 0 || !fm_span_is(title, ":"))
		return wrong(r, err, "four pronouns and ':' are missing of gender", name);
	while ((title = fm_pack_take_word(&rest)).len > 0) {
		if (gender.title_count == FM_PACK_TITLES_MAX)
			return wrong(r, err, "too many titles of gender", name);
		gender.titles[gender.title_count++] =
			fm_span_is(title, "-") ? (struct fm_term){0} : plain_term(title);
	}
	r->pack->genders[r->pack->gender_count++] = gender;
	return FM_OK;
}

static enum fm_code read_part(struct reader *r, struct fm_span rest)
{
	struct fm_pack *pack = r->pack;

	pack->parts = fm_memory_more(pack->parts, pack->part_count, &pack->part_capacity,
	                             sizeof *pack->parts);
	struct fm_pack_part *part = &pack->parts[pack->part_count++];

	part->name = fm_pack_take_word(&rest);
	part->syllables = rest;
	return FM_OK;
}

/* "people given_m given_f surname trade": classes of first names by gender, and the rest */
static enum fm_code read_people(struct reader *r, struct fm_span rest, struct fm_err *err)
{
	struct fm_pack *pack = r->pack;
	uint32_t *const ends[] = {&pack->surnames, &pack->roles};

	for (uint32_t i = 0; i < pack->gender_count + 2; i++) {
		const struct fm_span name = fm_pack_take_word(&rest);
		const uint32_t class = fm_pack_find_class(pack, name);

		if (class == FM_PACK_NONE)
			return wrong(r, err, "people need a class that stands above, not", name);
		if (i < pack->gender_count)
			pack->genders[i].first_names = class;
		else
			*ends[i - pack->gender_count] = class;
		pack->classes[class].used = true;
	}
	pack->people_at = r->at;
	return FM_OK;
}

/* "class machine noun pool=40" */
static enum fm_code read_class(struct reader *r, struct fm_span rest, struct fm_err *err)
{
	struct fm_pack *pack = r->pack;
	struct fm_pack_class class = {.at = r->at};
	uint64_t percent = 0;

	class.name = fm_pack_take_word(&rest);
	const struct fm_span kind = fm_pack_take_word(&rest);
	const struct fm_span pool = fm_pack_take_word(&rest);

	class.kind = fm_pack_find_kind(pack, kind);
	if (class.kind == FM_PACK_NONE)
		return wrong(r, err, "no kind of word is called", kind);
	if (fm_pack_find_class(pack, class.name) != FM_PACK_NONE)
		return wrong(r, err, "a second class", class.name);
	if (pool.len > 0 && (!fm_span_starts(pool, "pool=") ||
	                     !fm_num_u64(fm_span_skip(pool, 5), &percent) || percent > 100))
		return wrong(r, err, "after the kind stands pool=PERCENT, not", pool);
	class.pool_percent = (uint32_t)percent;
	class.form_count = pack->kinds[class.kind].form_count;
	pack->classes = fm_memory_more(pack->classes, pack->class_count, &pack->class_capacity,
	                               sizeof *pack->classes);
	pack->classes[pack->class_count++] = class;
	r->section = SECTION_CLASS;
	return FM_OK;
}

static void add_alternative(struct fm_pack_rule *rule, struct fm_pack_alternative one,
                            uint32_t weight)
{
	rule->weight += weight;
	one.threshold = rule->weight;
	rule->alternatives = fm_memory_more(rule->alternatives, rule->count, &rule->capacity,
	                                    sizeof *rule->alternatives);
	rule->alternatives[rule->count++] = one;
}

/* A text with $1, $2 … replaced by words; a number that no word was given for stays. */
static struct fm_span fill_in(struct fm_pack *pack, struct fm_span text,
                              const struct fm_span *words, size_t count)
{
	struct fm_buf buf;
	struct fm_span filled;

	fm_buf_init(&buf, FRAME_BYTES_MAX);
	for (size_t i = 0; i < text.len; i++) {
		const size_t word = text.ptr[i] == '$' && i + 1 < text.len
		                            ? (size_t)(unsigned char)text.ptr[i + 1] - '1'
		                            : count;

		if (word < count)
			fm_buf_put(&buf, words[word]);
		else
			fm_buf_putc(&buf, text.ptr[i]);
		i += word < count;
	}
	filled = fm_arena_copy(&pack->arena, fm_buf_span(&buf));
	fm_buf_free(&buf);
	return filled;
}

/* "= FRAME WORD WORD": the rule's alternatives are the frame's, with the words put in. */
static enum fm_code copy_frame(struct reader *r, struct fm_pack_rule *rule, struct fm_span rest,
                               struct fm_err *err)
{
	const struct fm_span name = fm_pack_take_word(&rest);
	const uint32_t frame = fm_pack_find_rule(r->pack, name);
	struct fm_span words[FRAME_WORDS_MAX];
	size_t count = 0;
	uint32_t before = 0;

	if (frame == FM_PACK_NONE || !r->pack->rules[frame].is_frame)
		return wrong(r, err, "no frame stands above that is called", name);
	for (struct fm_span word; (word = fm_pack_take_word(&rest)).len > 0;) {
		if (count == FRAME_WORDS_MAX || word.len > FRAME_WORD_BYTES_MAX)
			return wrong(r, err, "too many or too long words for frame", name);
		words[count++] = word;
	}
	r->pack->rules[frame].used = true;
	for (uint32_t i = 0; i < r->pack->rules[frame].count; i++) {
		struct fm_pack_alternative one = r->pack->rules[frame].alternatives[i];
		const uint32_t weight = one.threshold - before;

		before = one.threshold;
		one.text = fill_in(r->pack, one.text, words, count);
		if (one.text.len > FRAME_LINE_BYTES_MAX)
			return wrong(r, err, "too long an alternative of frame", name);
		add_alternative(rule, one, weight);
	}
	return FM_OK;
}

static enum fm_code read_rule(struct reader *r, struct fm_span rest, bool is_frame,
                              struct fm_err *err)
{
	struct fm_pack *pack = r->pack;
	struct fm_pack_rule rule = {.at = r->at, .is_frame = is_frame};
	enum fm_code rc = FM_OK;

	rule.name = fm_pack_take_word(&rest);
	if (rule.name.len == 0 || fm_pack_find_rule(pack, rule.name) != FM_PACK_NONE ||
	    fm_pack_find_class(pack, rule.name) != FM_PACK_NONE)
		return wrong(r, err, "something else is already called", rule.name);
	if (fm_span_is(fm_pack_take_word(&rest), "="))
		rc = copy_frame(r, &rule, rest, err);
	pack->rules = fm_memory_more(pack->rules, pack->rule_count, &pack->rule_capacity,
	                             sizeof *pack->rules);
	pack->rules[pack->rule_count++] = rule;
	r->section = SECTION_RULE;
	return rc;
}

/* "unique 320000": among so many sentences none stands twice, by the chances of their choices */
static enum fm_code read_unique(struct reader *r, struct fm_span rest, struct fm_err *err)
{
	const struct fm_span number = fm_pack_take_word(&rest);

	if (!fm_num_u64(number, &r->pack->unique_sentences) ||
	    r->pack->unique_sentences > UNIQUE_MAX)
		return wrong(r, err, "'unique' takes a number of sentences, not", number);
	return FM_OK;
}

static enum fm_code read_plan(struct reader *r, struct fm_span rest, struct fm_err *err)
{
	struct fm_pack *pack = r->pack;
	struct fm_pack_plan plan = {.at = r->at};
	uint64_t weight;

	plan.name = fm_pack_take_word(&rest);
	if (!fm_num_u64(fm_pack_take_word(&rest), &weight) || weight == 0 || weight > 10000)
		return wrong(r, err, "a weight from 1 to 10000 is missing of plan", plan.name);
	plan.weight = (uint32_t)weight;
	pack->plan_weight += plan.weight;
	plan.threshold = pack->plan_weight;
	pack->plans = fm_memory_more(pack->plans, pack->plan_count, &pack->plan_capacity,
	                             sizeof *pack->plans);
	pack->plans[pack->plan_count++] = plan;
	r->section = SECTION_PLAN;
	return FM_OK;
}

/* "oak | elm | ash", or "~ lime | yew": rare words, behind all others of their class. */
static enum fm_code read_words(struct reader *r, struct fm_span line, struct fm_err *err)
{
	struct fm_pack_class *class = &r->pack->classes[r->pack->class_count - 1];
	const bool rare = fm_span_starts(line, "~");
	const bool is_lines = r->pack->segment == FM_PACK_LINE;
	struct fm_span word;
	enum fm_code rc = FM_OK;

	if (rare)
		line = fm_span_skip(line, 1);
	if (!rare && class->common_count < class->word_count)
		return wrong(r, err, "rare words stand before", line);

	while (rc == FM_OK &&
	       (is_lines ? fm_lines_split(&line, '|', &word) : fm_span_split(&line, '|', &word)))
		rc = is_lines ? fm_lines_add_word(r->pack, class, fm_span_trim(word), r->at, err)
		              : fm_pack_add_word(r->pack, class, fm_span_trim(word), r->at, err);
	if (!rare)
		class->common_count = class->word_count;
	return rc;
}

static enum fm_code read_alternative(struct reader *r, struct fm_span line, struct fm_err *err)
{
	struct fm_pack_rule *rule = &r->pack->rules[r->pack->rule_count - 1];
	struct fm_pack_alternative one = {.at = r->at};
	uint64_t weight;

	if (!fm_num_u64(fm_pack_take_word(&line), &weight) || weight == 0 || weight > 10000)
		return wrong(r, err, "a weight from 1 to 10000 begins an alternative of rule",
		             rule->name);
	one.text = fm_span_trim(line);
	if (one.text.len > FRAME_LINE_BYTES_MAX)
		return wrong(r, err, "too long an alternative of rule", rule->name);
	add_alternative(rule, one, (uint32_t)weight);
	return FM_OK;
}

static enum fm_code read_plan_line(struct reader *r, struct fm_span line, struct fm_err *err)
{
	struct fm_pack_plan *plan = &r->pack->plans[r->pack->plan_count - 1];
	const struct fm_span what = fm_pack_take_word(&line);

	if (fm_span_is(what, "with"))
		plan->with_text = line;
	else if (fm_span_is(what, "steps"))
		plan->steps_text = line;
	else
		return wrong(r, err, "a plan has lines 'with …' and 'steps …', not", what);
	return FM_OK;
}

static enum fm_code read_indented(struct reader *r, struct fm_span line, struct fm_err *err)
{
	switch (r->section) {
	case SECTION_CLASS:
		return read_words(r, line, err);
	case SECTION_RULE:
		if (fm_span_starts(line, "|") && r->pack->segment == FM_PACK_LINE)
			return fm_lines_add_line(r->pack, line, r->at, err);
		return read_alternative(r, line, err);
	case SECTION_PLAN:
		return read_plan_line(r, line, err);
	case SECTION_CHAPTER:
		return fm_lines_read_chapter_line(r->pack, line, r->at, err);
	case SECTION_NONE:
		break;
	}
	return wrong(r, err, "no class, rule or plan stands above", line);
}

static enum fm_code read_declaration(struct reader *r, struct fm_span line, struct fm_err *err)
{
	struct fm_span rest = line;
	const struct fm_span what = fm_pack_take_word(&rest);
	enum fm_code rc;

	r->section = SECTION_NONE;
	rest = fm_span_trim(rest);
	if (fm_span_is(what, "allow") || fm_span_is(what, "avoid"))
		return fm_pack_read_fence(r->pack, what, rest, r->at, err);
	if (fm_span_is(what, "include") && !r->at.included)
		return FM_OK; /* it was read before this file: see fm_pack_include */
	if (fm_span_is(what, "include"))
		return wrong(r, err, "a file that is included includes no other, not", rest);
	if (fm_pack_read_script(r->pack, what, rest, r->at, &rc, err))
		return rc;
	if (fm_span_is(what, "kind"))
		return read_kind(r, rest, err);
	if (fm_span_is(what, "ending"))
		return read_ending(r, rest, err);
	if (fm_span_is(what, "article"))
		return read_article(r, rest, err);
	if (fm_span_is(what, "gender"))
		return read_gender(r, rest, err);
	if (fm_span_is(what, "part"))
		return read_part(r, rest);
	if (fm_span_is(what, "names"))
		return fm_pack_make_names(r->pack, rest, r->at, err);
	if (fm_span_is(what, "people"))
		return read_people(r, rest, err);
	if (fm_span_is(what, "class"))
		return read_class(r, rest, err);
	if (fm_span_is(what, "rule") || fm_span_is(what, "frame"))
		return read_rule(r, rest, fm_span_is(what, "frame"), err);
	if (fm_span_is(what, "unique"))
		return read_unique(r, rest, err);
	if (fm_span_is(what, "plan"))
		return read_plan(r, rest, err);
	if (fm_span_is(what, "chapter")) {
		r->section = SECTION_CHAPTER;
		return fm_lines_read_chapter(r->pack, rest, r->at, err);
	}
	if (fm_span_is(what, "clock"))
		return fm_lines_read_clock(r->pack, rest, r->at, err);
	if (fm_span_is(what, "told"))
		return fm_told_read(r->pack, rest, r->at, err);
	if (fm_made_is_declared_by(what))
		return fm_made_read(r->pack, what, rest, r->at, err);
	return wrong(r, err, "nothing is declared by", what);
}

enum fm_code fm_pack_read_lines(struct fm_pack *pack, const struct fm_pack_file *file,
                                struct fm_err *err)
{
	struct reader r = {
		.pack = pack, .at = {.file = file->name, .included = file->included}
        };
	struct fm_span text = file->text;
	struct fm_span line;
	enum fm_code rc = FM_OK;

	while (rc == FM_OK && fm_span_split(&text, '\n', &line)) {
		r.at.line++;
		const struct fm_span bare = fm_span_trim(line);

		if (bare.len == 0 || bare.ptr[0] == '#')
			continue;
		rc = line.ptr[0] == bare.ptr[0] ? read_declaration(&r, bare, err)
		                                : read_indented(&r, bare, err);
	}
	return rc;
}
