#include <string.h>

#include "base/memory.h"
#include "base/num.h"
#include "chance_internal.h"
#include "pack_parts_internal.h"

/*
 * How often a sentence would stand twice. Two tellings of one alternative are the same with the
 * chance that all their choices fall alike: the product of sum(p * p) over the choices. An
 * alternative that makes the share w of all tellings then repeats (n w)^2 / 2 times that chance
 * among n of them. Other alternatives hardly ever make the same words, and pronouns are taken as
 * if they told nobody apart but by gender, so the sum is an upper bound but for the chapters' pools.
 *
 * An alternative may be several sentences, and each is weighed for itself. What has less than five
 * words ("Is that all?") comes twice in any talk and is not counted, so a chance is kept by the
 * number of words that it goes with.
 */

#define PPM 1000000
#define LONG 5 /* words of a sentence that may not stand twice; more are counted as so many */

/* The chance that two tellings are alike and of so many words, the last of LONG and more. */
struct alike {
	struct fm_chance by[LONG + 1];
};

static uint32_t at_most_long(uint32_t words)
{
	return words < LONG ? words : LONG;
}

static struct alike alike_in(uint32_t words, struct fm_chance chance)
{
	struct alike alike = {0};

	alike.by[at_most_long(words)] = chance;
	return alike;
}

/* One behind the other: their words add up. */
static struct alike joined(const struct alike *a, const struct alike *b)
{
	struct alike both = {0};

	for (uint32_t i = 0; i <= LONG; i++) {
		for (uint32_t k = 0; k <= LONG && a->by[i].top != 0; k++) {
			struct fm_chance *sum = &both.by[at_most_long(i + k)];

			*sum = fm_chance_plus(*sum, fm_chance_times(a->by[i], b->by[k]));
		}
	}
	return both;
}

/* One or the other, which is so likely. */
static void add_share(struct alike *sum, struct fm_chance share, const struct alike *one)
{
	for (uint32_t i = 0; i <= LONG; i++)
		sum->by[i] = fm_chance_plus(sum->by[i], fm_chance_times(share, one->by[i]));
}

static struct fm_chance in_any_words(const struct alike *alike)
{
	struct fm_chance sum = {0};

	for (uint32_t i = 0; i <= LONG; i++)
		sum = fm_chance_plus(sum, alike->by[i]);
	return sum;
}

struct weigher {
	const struct fm_pack *pack;
	uint64_t sentences;  /* among which none is to stand twice */
	struct alike *rules; /* those that are known */
	bool *known;
	struct alike *classes;
	bool *known_classes;
	uint32_t seen; /* memories that stand to the left in this sentence */
	bool inside;   /* a rule, where what stands around it is not known */
	const struct fm_pack_alternative
		*torn; /* inside which a sentence ends, though it is inside */
};

static struct alike weigh_rule(struct weigher *w, uint32_t index);

static struct alike nothing_to_choose(void)
{
	return alike_in(0, FM_CHANCE_CERTAIN);
}

static struct fm_chance weigh_made(const struct fm_made *made)
{
	switch (made->kind) {
	case FM_MADE_NUMBER:
		return fm_chance_ratio(1, (made->range[1] - made->range[0]) / made->range[2] + 1);
	case FM_MADE_HEX: /* as many bits as are drawn, at most */
		return fm_chance_ratio(1, 1ULL << (made->width < 8 ? 4 * made->width : 32));
	case FM_MADE_ID:
	case FM_MADE_STAMP: /* the clock moves on with each tick */
		return (struct fm_chance){0};
	case FM_MADE_NOT:
	case FM_MADE_EARLIER:
	case FM_MADE_COUNT:
	case FM_MADE_TOLD: /* one name may be all there is */
		break;
	}
	return FM_CHANCE_CERTAIN;
}

static bool is_word_byte(char c)
{
	return fm_is_alnum(c) || c == '\'' || c == '-' || (unsigned char)c >= 0x80;
}

static uint32_t count_words(struct fm_span text)
{
	uint32_t words = 0;

	for (size_t i = 0; i < text.len; i++)
		words += is_word_byte(text.ptr[i]) && (i == 0 || !is_word_byte(text.ptr[i - 1]));
	return words;
}

/* Of words that are each as likely as the others of their kind. */
static struct alike weigh_words(const struct fm_pack_class *c)
{
	const uint64_t rare = c->word_count - c->common_count;
	const uint64_t every = FM_RARE_EVERY;
	const struct fm_chance share = fm_chance_ratio((every - 1) * (every - 1), every * every);
	struct fm_chance common = fm_chance_ratio(1, (uint64_t)c->common_count * c->common_count);
	struct alike alike = {0};

	if (c->made.kind != FM_MADE_NOT)
		return alike_in(1, weigh_made(&c->made));
	if (rare > 0)
		common = fm_chance_times(common, share);
	for (uint32_t i = 0; i < c->word_count; i++) {
		const struct fm_term *term = &c->terms[(size_t)i * c->form_count];
		const struct fm_chance one =
			i < c->common_count ? common
					    : fm_chance_ratio(1, rare * rare * every * every);
		struct fm_chance *sum =
			&alike.by[at_most_long(count_words(fm_span_make(term->ptr, term->len)))];

		*sum = fm_chance_plus(*sum, one);
	}
	return alike;
}

static struct alike weigh_class(struct weigher *w, uint32_t class)
{
	if (!w->known_classes[class])
		w->classes[class] = weigh_words(&w->pack->classes[class]);
	w->known_classes[class] = true;
	return w->classes[class];
}

/* Of what may be bound to a memory, whichever is the likeliest to be the same twice. */
static struct alike weigh_bound(struct weigher *w, uint32_t memory)
{
	struct alike most = {0};

	for (size_t p = 0; p < w->pack->plan_count; p++) {
		const struct fm_pack_plan *plan = &w->pack->plans[p];

		for (uint32_t i = 0; i < plan->with_count; i++) {
			if (plan->with[i].memory != memory)
				continue;
			const struct alike one = plan->with[i].class == FM_PACK_TEXT
			                                 ? weigh_rule(w, plan->with[i].rule)
			                                 : weigh_class(w, plan->with[i].class);

			if (fm_chance_is_more(in_any_words(&one), in_any_words(&most)))
				most = one;
		}
	}
	return in_any_words(&most).top == 0 ? alike_in(1, FM_CHANCE_CERTAIN) : most;
}

/* In a rule a person may be a pronoun for one who was named before it, and so may one seen. */
static struct alike weigh_memory(struct weigher *w, uint32_t memory, uint32_t words)
{
	const bool person = w->pack->memory_kinds[memory] == FM_PACK_NONE;
	const bool known = w->inside ? person : (w->seen >> memory & 1U) != 0;

	if (known)
		return alike_in(words, FM_CHANCE_CERTAIN);
	w->seen |= 1U << memory;
	return person ? alike_in(words, fm_chance_ratio(1, 2)) : weigh_bound(w, memory);
}

/* A pronoun or one name is the likeliest to come again; a full name has two words. */
static uint32_t words_of_person(enum fm_person_form form)
{
	return form == FM_PERSON_FULL || form == FM_PERSON_SHORT || form == FM_PERSON_SUBJECT ||
	                       form == FM_PERSON_OBJECT
	               ? 2
	               : 1;
}

static struct alike weigh_op(struct weigher *w, const uint32_t *op)
{
	switch ((enum fm_op)op[0]) {
	case FM_OP_WORD:
		return weigh_class(w, op[1]);
	case FM_OP_BIND:
		return weigh_class(w, op[2]);
	case FM_OP_RULE:
		return weigh_rule(w, op[1]);
	case FM_OP_TEXT:
	case FM_OP_TOLD:
		return weigh_rule(w, op[2]);
	case FM_OP_MEMORY:
		return weigh_memory(w, op[1], 1);
	case FM_OP_PERSON:
		return weigh_memory(w, op[1], words_of_person((enum fm_person_form)op[2]));
	case FM_OP_NUMBER:
		return alike_in(1, fm_chance_ratio(1, (op[2] - op[1]) / op[3] + 1));
	case FM_OP_YEAR:
		return alike_in(1, fm_chance_ratio(1, op[2] - op[1] + 1));
	case FM_OP_MONTH:
		return weigh_class(w, w->pack->months);
	case FM_OP_VARIABLE:
	case FM_OP_ARTICLE:
		return alike_in(1, FM_CHANCE_CERTAIN);
	case FM_OP_END:
	case FM_OP_LITERAL: /* read_literal */
	case FM_OP_CAPITAL:
	case FM_OP_CAPITALS:
	case FM_OP_COMMA:
	case FM_OP_TICK:
		break;
	}
	return nothing_to_choose();
}

/* What a sentence may be alike in, and those before it of the same alternative. */
struct reading {
	struct alike sentence;
	struct fm_chance sum;   /* of the sentences that have ended */
	struct fm_chance worst; /* of one of them */
	uint32_t worst_at;
	uint32_t ended;
};

static void begin_sentence(struct weigher *w, struct reading *reading)
{
	w->seen = 0;
	/* Characters are not words: of what is written without blanks all is weighed. */
	reading->sentence = alike_in(w->pack->no_space ? LONG : 0, FM_CHANCE_CERTAIN);
}

static void end_sentence(struct weigher *w, struct reading *reading)
{
	const struct fm_chance alike = reading->sentence.by[LONG];

	reading->ended++;
	reading->sum = fm_chance_plus(reading->sum, alike);
	if (fm_chance_is_more(alike, reading->worst)) {
		reading->worst = alike;
		reading->worst_at = reading->ended;
	}
	begin_sentence(w, reading);
}

static void add_words(struct reading *reading, uint32_t words)
{
	const struct alike more = alike_in(words, FM_CHANCE_CERTAIN);

	reading->sentence = joined(&reading->sentence, &more);
}

/* The length of the mark that ends a sentence here, with its quotation mark; 0 when none does. */
static size_t end_mark(struct fm_span text)
{
	static const char *const wide[] = {"。”", "！”", "？”", "。", "！", "？"};

	if (text.ptr[0] == '.' || text.ptr[0] == '!' || text.ptr[0] == '?')
		return 1;
	for (size_t i = 0; i < FM_COUNT(wide); i++)
		if (fm_span_starts(text, wide[i]))
			return strlen(wide[i]);
	return 0;
}

/*
 * A sentence ends where a mark has white space behind it, or the next one begins at once. The
 * alternative's last mark ends none here: what is left at its end is ended there.
 */
static void read_literal(struct weigher *w, const struct fm_literal *literal, bool last,
                         const struct fm_pack_alternative *one, struct reading *reading)
{
	const struct fm_span text = fm_span_make(literal->term.ptr, literal->term.len);
	size_t start = 0;

	for (size_t i = 0; i < text.len;) {
		const size_t mark = end_mark(fm_span_skip(text, i));
		const size_t next = i + (mark == 0 ? 1 : mark);
		const bool gap = next < text.len ? text.ptr[next] == ' ' : literal->gap_after;

		i = next;
		if (mark == 0 || (last && i == text.len) || !(gap || mark > 1))
			continue;
		add_words(reading, count_words(fm_span_make(text.ptr + start, i - start)));
		start = i;
		end_sentence(w, reading);
		if (w->inside)
			w->torn = one;
	}
	add_words(reading, count_words(fm_span_skip(text, start)));
}

static struct reading read_alternative(struct weigher *w, const struct fm_pack_alternative *one,
                                       uint32_t words)
{
	struct reading reading = {0};

	begin_sentence(w, &reading);
	add_words(&reading, words);
	for (const uint32_t *op = w->pack->ops + one->ops; *op != FM_OP_END;
	     op += 1 + fm_op_arguments(*op)) {
		if (*op == FM_OP_LITERAL) {
			read_literal(w, &w->pack->literals[op[1]],
			             op[1 + fm_op_arguments(*op)] == FM_OP_END, one, &reading);
			continue;
		}
		const struct alike more = weigh_op(w, op);

		reading.sentence = joined(&reading.sentence, &more);
	}
	return reading;
}

static struct fm_chance share_of(const struct fm_pack_rule *rule, uint32_t i)
{
	const uint32_t before = i == 0 ? 0 : rule->alternatives[i - 1].threshold;

	return fm_chance_ratio(rule->alternatives[i].threshold - before, rule->weight);
}

static struct alike weigh_rule(struct weigher *w, uint32_t index)
{
	const struct fm_pack_rule *rule = &w->pack->rules[index];
	const bool inside = w->inside;
	const uint32_t seen = w->seen;
	struct alike sum = {0};

	if (w->known[index])
		return w->rules[index];
	w->inside = true;
	for (uint32_t i = 0; i < rule->count; i++) {
		const struct fm_chance share = share_of(rule, i);
		const struct reading one = read_alternative(w, &rule->alternatives[i], 0);

		add_share(&sum, fm_chance_times(share, share), &one.sentence);
	}
	w->inside = inside;
	w->seen = seen;
	w->known[index] = true;
	w->rules[index] = sum;
	return sum;
}

/* Mean sentences that a plan's step tells, times the plan's weight, in hundredths of halves. */
static uint64_t told(const struct fm_pack_plan *plan, const struct fm_pack_step *step)
{
	return (uint64_t)plan->weight * (step->times_min + step->times_max) * step->percent;
}

struct verdict {
	struct fm_chance sum;
	struct fm_chance worst;
	const struct fm_pack_alternative *alternative;
	uint32_t sentence; /* of the alternative */
	int bits;
};

static void judge_sentence(struct weigher *w, const struct fm_pack_alternative *one,
                           const struct reading *reading, struct fm_chance share,
                           struct verdict *verdict)
{
	const struct fm_chance mine =
		fm_chance_times(share, fm_chance_ratio(w->sentences, 1ULL << 31));
	struct fm_chance repeats = fm_chance_times(fm_chance_times(mine, mine), reading->sum);

	repeats.shift -= 61; /* twice 2^31, and one half */
	verdict->sum = fm_chance_plus(verdict->sum, repeats);
	if (!fm_chance_is_more(repeats, verdict->worst))
		return;
	verdict->worst = repeats;
	verdict->alternative = one;
	verdict->sentence = reading->worst_at;
	verdict->bits = reading->worst.shift - 31;
}

static void judge_rule(struct weigher *w, uint32_t index, struct fm_chance share,
                       struct verdict *verdict)
{
	const struct fm_pack_rule *rule = &w->pack->rules[index];

	/* The first sentence of a turn stands behind its speaker's name. */
	for (uint32_t i = 0; i < rule->count; i++) {
		const struct fm_pack_alternative *one = &rule->alternatives[i];
		struct reading reading = read_alternative(w, one, w->pack->segment == FM_PACK_TURN);

		end_sentence(w, &reading);
		judge_sentence(w, one, &reading, fm_chance_times(share, share_of(rule, i)),
		               verdict);
	}
}

static struct verdict judge(struct weigher *w)
{
	const struct fm_pack *pack = w->pack;
	struct verdict verdict = {0};
	uint64_t all = 0;

	for (size_t p = 0; p < pack->plan_count; p++)
		for (uint32_t s = 0; s < pack->plans[p].step_count; s++)
			all += told(&pack->plans[p], &pack->plans[p].steps[s]);
	for (uint32_t r = 0; r < pack->rule_count; r++) {
		uint64_t mine = 0;

		for (size_t p = 0; p < pack->plan_count; p++)
			for (uint32_t s = 0; s < pack->plans[p].step_count; s++)
				if (pack->plans[p].steps[s].rule == r)
					mine += told(&pack->plans[p], &pack->plans[p].steps[s]);
		if (mine > 0)
			judge_rule(w, r, fm_chance_ratio(mine, all), &verdict);
	}
	return verdict;
}

static struct verdict weigh_pack(const struct fm_pack *pack, uint64_t sentences,
                                 const struct fm_pack_alternative **ret_torn)
{
	struct weigher w = {.pack = pack, .sentences = sentences};
	struct verdict verdict;

	w.rules = fm_memory_take(pack->rule_count * sizeof *w.rules);
	w.known = fm_memory_take(pack->rule_count * sizeof *w.known);
	w.classes = fm_memory_take(pack->class_count * sizeof *w.classes);
	w.known_classes = fm_memory_take(pack->class_count * sizeof *w.known_classes);
	verdict = judge(&w);
	*ret_torn = w.torn;
	fm_memory_free(w.rules);
	fm_memory_free(w.known);
	fm_memory_free(w.classes);
	fm_memory_free(w.known_classes);
	return verdict;
}

uint64_t fm_pack_repeats_ppm(const struct fm_pack *pack, uint64_t sentences)
{
	const struct fm_pack_alternative *torn;

	return fm_chance_whole(fm_chance_times(weigh_pack(pack, sentences, &torn).sum,
	                                       fm_chance_ratio(PPM, 1ULL << 31)));
}

enum fm_code fm_pack_weigh(struct fm_pack *pack, struct fm_err *err)
{
	const struct fm_pack_alternative *torn;
	struct verdict verdict;

	if (pack->unique_sentences == 0)
		return FM_OK;
	verdict = weigh_pack(pack, pack->unique_sentences, &torn);
	if (torn != NULL)
		return fm_fail(err, FM_E_FORMAT,
		               "%s:%u: a sentence ends in a rule that stands inside of another, "
		               "where 'unique' cannot weigh it",
		               torn->at.file, torn->at.line);
	pack->repeats_ppm =
		fm_chance_whole(fm_chance_times(verdict.sum, fm_chance_ratio(PPM, 1ULL << 31)));
	if (verdict.alternative == NULL || pack->repeats_ppm <= FM_REPEATS_PPM_MAX)
		return FM_OK; /* without a form of sentence none stands twice */
	return fm_fail(err, FM_E_FORMAT,
	               "%s:%u: of %llu sentences some %llu.%06llu would stand twice, 0.01 at most; "
	               "the worst are its sentence %u, told apart by %d bits",
	               verdict.alternative->at.file, verdict.alternative->at.line,
	               (unsigned long long)pack->unique_sentences,
	               (unsigned long long)(pack->repeats_ppm / PPM),
	               (unsigned long long)(pack->repeats_ppm % PPM), verdict.sentence,
	               verdict.bits);
}
