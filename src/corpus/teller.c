#include "teller_internal.h"

#include <string.h>

#include "base/simd.h"
#include "lines_internal.h"
#include "made_internal.h"
#include "told_internal.h"

/* From operations to text: words are drawn, people are named as a reader expects them. */

static bool closes(char c)
{
	return c == ',' || c == '.' || c == ';' || c == ':' || c == '?' || c == '!' || c == '\'';
}

/* Chinese marks: U+3001 and U+3002, U+201D, and the wide ones from U+FF01 to U+FF3F. */
static bool closes_wide(struct fm_term term)
{
	const unsigned char *b = (const unsigned char *)term.ptr;

	if (term.len < 3)
		return false;
	return (b[0] == 0xe3 && b[1] == 0x80 && (b[2] == 0x81 || b[2] == 0x82)) ||
	       (b[0] == 0xe2 && b[1] == 0x80 && b[2] == 0x9d) || (b[0] == 0xef && b[1] == 0xbc);
}

static void settle_comma(struct fm_teller *t, struct fm_term next)
{
	const struct fm_term comma = t->pack->comma;

	if (!t->comma)
		return;
	t->comma = false;
	if (closes(next.ptr[0]) || closes_wide(next))
		return;
	memcpy(t->out + t->len, comma.ptr, comma.len);
	t->len += comma.len;
	t->gap = true;
}

/* A text of the pack's table is copied whole, whatever its length: what is too much is written over. */
static void copy_bytes(struct fm_teller *t, struct fm_term term)
{
	const uintptr_t at = (uintptr_t)term.ptr - (uintptr_t)t->pack->settled;

	if (term.len <= FM_SETTLED_BYTES && at < t->pack->settled_bytes)
		memcpy(t->out + t->len, term.ptr, FM_SETTLED_BYTES);
	else
		memcpy(t->out + t->len, term.ptr, term.len);
}

static char to_upper(char c)
{
	if (c >= 'a' && c <= 'z')
		return (char)(c - 'a' + 'A');
	return c;
}

static void settle_capitals(struct fm_teller *t, uint32_t len)
{
	char *first = t->out + t->len;

	for (uint32_t i = 0; t->capitals && i < len; i++)
		first[i] = to_upper(first[i]);
	t->capitals = false;
	if (t->capital) {
		*first = to_upper(*first);
		/* A quotation mark leaves the capital to the letter behind it. */
		t->capital = *first == '"' && len == 1;
	}
}

void fm_teller_add(struct fm_teller *t, uint32_t len)
{
	if (t->capital || t->capitals)
		settle_capitals(t, len);
	t->len += len;
}

static void copy_text(struct fm_teller *t, struct fm_term term)
{
	copy_bytes(t, term);
	fm_teller_add(t, term.len);
}

void fm_teller_write(struct fm_teller *t, struct fm_term term)
{
	if (t->pack->segment == FM_PACK_LINE) {
		fm_lines_write(t, term);
		return;
	}
	if (t->article) {
		t->article = false;
		copy_text(t, t->pack->articles[term.vowel]);
		t->gap = true;
	}
	settle_comma(t, term);
	if (t->gap && !t->pack->no_space && !closes(term.ptr[0]))
		t->out[t->len++] = ' ';
	t->gap = false;
	copy_text(t, term);
}

void fm_teller_article(struct fm_teller *t)
{
	if (t->pack->segment == FM_PACK_LINE) {
		t->article_at = t->len;
		copy_text(t, t->pack->articles[0]);
		t->article = true;
		return;
	}
	settle_comma(t, t->pack->articles[0]);
	if (t->gap)
		t->out[t->len++] = ' ';
	t->gap = false;
	t->article = true;
}

void fm_teller_write_number(struct fm_teller *t, uint64_t number, uint32_t width)
{
	char digits[20];
	size_t at = sizeof digits;

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0 || sizeof digits - at < width);
	/* "an 8", "an 80" and so on: eight is the one that begins with a vowel and is not rare. */
	fm_teller_write(t, (struct fm_term){digits + at, (uint32_t)(sizeof digits - at),
	                                    digits[at] == '8'});
}

static void write_literal(struct fm_teller *t, const struct fm_literal *literal)
{
	t->gap = t->gap || literal->gap_before;
	if (literal->term.len > 0)
		fm_teller_write(t, literal->term);
	t->gap = t->gap || literal->gap_after;
}

/* All are looked at: where to stop could not be foretold. */
static bool is_used(const struct fm_teller *t, uint64_t mark)
{
	bool used = false;

	for (uint32_t i = 0; i < t->used_count; i++)
		used |= t->used[i] == mark;
	return used;
}

/* A word that this sentence has not used yet, mostly out of the chapter's pool. */
uint32_t fm_teller_pick(struct fm_teller *t, uint32_t class)
{
	const struct fm_pack_class *c = &t->pack->classes[class];
	const bool of_book = c->is_names && t->pack->segment != FM_PACK_LINE;
	const uint64_t count = c->common_count;
	const uint64_t rare = c->word_count - count;
	uint64_t word = 0;

	if (c->made.kind != FM_MADE_NOT)
		return fm_made_pick(t, class);
	/* In a pack of lines names are drawn as words are, mostly those of their chapter. */
	const uint64_t pool = c->is_names ? FM_LINES_NAMES : count * c->pool_percent / 100;

	for (int tries = 0; tries < 8; tries++) {
		/* One draw says where from: one in twenty is rare, three in four of the pool. */
		const uint64_t from =
			of_book ? 0 : fm_rng_below(&t->rng, 4 * (uint64_t)FM_RARE_EVERY);

		if (of_book) {
			const uint64_t k = fm_rng_below(&t->rng, FM_BOOK_NAMES);

			word = fm_teller_book_name(t, class, k);
		} else if (rare > 0 && from < 4) {
			word = count + fm_rng_below(&t->rng, rare);
		} else if (pool >= 4 && from >= 4 + FM_RARE_EVERY) {
			word = t->pools[class] + fm_rng_below(&t->rng, pool);
			word -= word >= count ? count : 0;
		} else {
			word = fm_rng_below(&t->rng, count);
		}
		const uint64_t mark = (uint64_t) class << 32 | word;

		fm_prefetch(&c->settled[(size_t)word * c->form_count]);
		if (!is_used(t, mark)) {
			if (t->used_count < FM_SENTENCE_WORDS_MAX)
				t->used[t->used_count++] = mark;
			break;
		}
	}
	return (uint32_t)word;
}

struct fm_term fm_teller_term(struct fm_teller *t, struct fm_thing thing, uint32_t form)
{
	if (thing.class == FM_PACK_TEXT)
		return t->texts[thing.index];
	const struct fm_pack_class *c = &t->pack->classes[thing.class];

	if (c->made.kind == FM_MADE_TOLD)
		return fm_told_term(t, thing.index, form);
	if (c->made.kind != FM_MADE_NOT)
		return fm_made_term(t, thing.class, thing.index);
	return c->settled[(size_t)thing.index * c->form_count + form].term;
}

/* Has it been said in this sentence? What the paragraph merely has in mind does not count. */
static bool is_said(const struct fm_teller *t, uint64_t mark)
{
	for (uint32_t i = t->kept_count; i < t->used_count; i++)
		if (t->used[i] == mark)
			return true;
	return false;
}

static void write_memory(struct fm_teller *t, struct fm_thing thing, uint32_t form)
{
	const uint64_t mark = (uint64_t)thing.class << 32 | thing.index;

	/* A text stands as it was told: there is no other one. */
	if ((form & FM_FORM_APART) != 0 && thing.class != FM_PACK_TEXT && is_said(t, mark))
		thing.index = fm_teller_pick(t, thing.class);
	else if (t->used_count < FM_SENTENCE_WORDS_MAX)
		t->used[t->used_count++] = mark;
	fm_teller_write(t, fm_teller_term(t, thing, form & ~FM_FORM_APART));
}

static void write_number(struct fm_teller *t, const uint32_t *range)
{
	const uint64_t steps = (range[1] - range[0]) / range[2];

	fm_teller_write_number(t, range[0] + range[2] * fm_rng_below(&t->rng, steps + 1), range[3]);
}

static void write_month(struct fm_teller *t, bool next)
{
	const struct fm_thing month = {t->pack->months, 0};

	if (next)
		t->months += 1 + fm_rng_below(&t->rng, 2);
	fm_teller_write(
		t,
		fm_teller_term(t, (struct fm_thing){month.class, (uint32_t)(t->months % 12)}, 0));
}

static void write_thing(struct fm_teller *t, struct fm_thing thing, uint32_t form)
{
	fm_teller_write(t, fm_teller_term(t, thing, form));
}

static struct fm_thing draw_thing(struct fm_teller *t, uint32_t class)
{
	return (struct fm_thing){class, fm_teller_pick(t, class)};
}

static void bind_word(struct fm_teller *t, const uint32_t *op)
{
	const struct fm_thing thing = draw_thing(t, op[2]);

	t->variables[op[1]] = thing;
	fm_told_bind(t, thing);
	write_thing(t, thing, op[3]);
}

static void bind_text(struct fm_teller *t, const uint32_t *op)
{
	const size_t start = t->len;

	fm_teller_rule(t, op[2]);
	t->variables[op[1]] = fm_teller_keep_text(t, start);
}

static void tell_rule(struct fm_teller *t, uint32_t rule)
{
	if (t->pack->segment == FM_PACK_LINE)
		fm_lines_tell_rule(t, rule);
	else
		fm_teller_rule(t, rule);
}

static void tell_op(struct fm_teller *t, const uint32_t *op)
{
	switch ((enum fm_op)op[0]) {
	case FM_OP_LITERAL:
		write_literal(t, &t->pack->literals[op[1]]);
		break;
	case FM_OP_WORD:
		write_thing(t, draw_thing(t, op[1]), op[2]);
		break;
	case FM_OP_RULE:
		tell_rule(t, op[1]);
		break;
	case FM_OP_MEMORY:
		write_memory(t, t->memories[op[1]], op[2]);
		break;
	case FM_OP_PERSON:
		fm_teller_person(t, t->memories[op[1]].index, (enum fm_person_form)op[2]);
		break;
	case FM_OP_BIND:
		bind_word(t, op);
		break;
	case FM_OP_VARIABLE:
		write_thing(t, t->variables[op[1]], op[2]);
		break;
	case FM_OP_NUMBER:
		write_number(t, op + 1);
		break;
	case FM_OP_YEAR:
		fm_teller_write_number(t, t->months / 12 - fm_rng_between(&t->rng, op[1], op[2]),
		                       0);
		break;
	case FM_OP_MONTH:
		write_month(t, op[1] != 0);
		break;
	case FM_OP_ARTICLE:
		fm_teller_article(t);
		break;
	case FM_OP_CAPITAL:
		t->capital = true;
		break;
	case FM_OP_COMMA:
		t->comma = true;
		break;
	case FM_OP_TEXT:
		bind_text(t, op);
		break;
	case FM_OP_TICK:
		fm_made_tick(t, op[1]);
		break;
	case FM_OP_TOLD:
		fm_told_tell(t, op[1], op[2]);
		break;
	case FM_OP_CAPITALS:
		t->capitals = true;
		break;
	case FM_OP_END:
		break;
	}
}

/* The first operation of an alternative of the rule. */
static uint32_t draw_alternative(struct fm_teller *t, uint32_t rule)
{
	const struct fm_pack_draw draw = t->pack->draws[rule];

	return t->pack
	        ->starts[draw.first + (draw.weight > 1 ? fm_rng_below(&t->rng, draw.weight) : 0)];
}

static void tell_ops(struct fm_teller *t, uint32_t first)
{
	for (const uint32_t *op = t->pack->ops + first; *op != FM_OP_END;
	     op += 1 + fm_op_arguments(*op))
		tell_op(t, op);
}

void fm_teller_rule(struct fm_teller *t, uint32_t rule)
{
	tell_ops(t, draw_alternative(t, rule));
}

static bool is_recent(const struct fm_teller *t, uint64_t frame)
{
	for (uint32_t i = 0; i < FM_RECENT_MAX; i++)
		if (t->recent[i] == frame)
			return true;
	return false;
}

void fm_teller_sentence(struct fm_teller *t, uint32_t rule)
{
	uint32_t frame = draw_alternative(t, rule);

	for (int tries = 0; tries < 8 && is_recent(t, frame); tries++)
		frame = draw_alternative(t, rule);
	t->recent[t->recent_count++ % FM_RECENT_MAX] = frame;
	tell_ops(t, frame);
}
