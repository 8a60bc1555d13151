#include <string.h>

#include "base/memory.h"
#include "pack_parts_internal.h"

/*
 * How often a sentence would stand twice. Two tellings of one alternative are the same with the
 * chance that all their choices fall alike: the product of sum(p * p) over the choices. An
 * alternative that makes the share w of all sentences then repeats (n w)^2 / 2 times that chance
 * among n sentences. Other alternatives hardly ever make the same words, and pronouns are taken as
 * if they told nobody apart but by gender, so the sum is an upper bound but for the chapters' pools.
 */

/* A number from 0 to 2^32 or so without floating point: top / 2^shift, top below 2^32. */
struct chance {
	uint64_t top;
	int shift;
};

#define PPM 1000000

static const struct chance certain = {1ULL << 31, 31};

static struct chance settle(struct chance c)
{
	if (c.top == 0)
		return (struct chance){0};
	for (; c.top >> 32 != 0; c.top >>= 1)
		c.shift--;
	for (; c.top >> 31 == 0; c.top <<= 1)
		c.shift++;
	return c;
}

static struct chance ratio(uint64_t part, uint64_t whole)
{
	return settle((struct chance){(part << 32) / whole, 32});
}

static struct chance times(struct chance a, struct chance b)
{
	return settle((struct chance){a.top * b.top >> 16, a.shift + b.shift - 16});
}

static struct chance plus(struct chance a, struct chance b)
{
	if (a.top == 0 || (b.top != 0 && b.shift < a.shift)) {
		const struct chance larger = b;

		b = a;
		a = larger;
	}
	if (b.top == 0 || b.shift - a.shift > 40)
		return a;
	a.top += b.top >> (b.shift - a.shift);
	return settle(a);
}

static bool is_more(struct chance a, struct chance b)
{
	if (a.top == 0 || b.top == 0)
		return a.top > b.top;
	return a.shift != b.shift ? a.shift < b.shift : a.top > b.top;
}

struct weigher {
	const struct fm_pack *pack;
	uint64_t sentences; /* among which none is to stand twice */
	struct chance *rules;
	bool *known;
	uint32_t seen; /* memories that stand to the left in this alternative */
	bool inside;   /* a rule, where what stands around it is not known */
};

static struct chance weigh_rule(struct weigher *w, uint32_t index);

static struct chance weigh_made(const struct fm_made *made)
{
	switch (made->kind) {
	case FM_MADE_NUMBER:
		return ratio(1, (made->range[1] - made->range[0]) / made->range[2] + 1);
	case FM_MADE_HEX: /* as many bits as are drawn, at most */
		return ratio(1, 1ULL << (made->width < 8 ? 4 * made->width : 32));
	case FM_MADE_ID:
	case FM_MADE_STAMP: /* the clock moves on with each tick */
		return (struct chance){0};
	case FM_MADE_NOT:
	case FM_MADE_EARLIER:
	case FM_MADE_COUNT:
	case FM_MADE_TOLD: /* one name may be all there is */
		break;
	}
	return certain;
}

static struct chance weigh_class(const struct fm_pack *pack, uint32_t class)
{
	const struct fm_pack_class *c = &pack->classes[class];
	const uint32_t rare = c->word_count - c->common_count;
	const uint64_t every = FM_RARE_EVERY;
	const struct chance common = ratio(1, c->common_count);

	if (c->made.kind != FM_MADE_NOT)
		return weigh_made(&c->made);
	if (rare == 0)
		return common;
	return plus(times(common, ratio((every - 1) * (every - 1), every * every)),
	            times(ratio(1, rare), ratio(1, every * every)));
}

/* A memory may be of any class that a plan binds it to: the smallest counts. */
static struct chance weigh_memory(struct weigher *w, uint32_t memory)
{
	struct chance most = {0};

	const bool person = w->pack->memory_kinds[memory] == FM_PACK_NONE;

	/* In a rule a person may be a pronoun for one who was named before it. */
	if (w->inside ? person : (w->seen >> memory & 1U) != 0)
		return certain;
	w->seen |= 1U << memory;
	if (person)
		return ratio(1, 2);
	for (size_t p = 0; p < w->pack->plan_count; p++) {
		const struct fm_pack_plan *plan = &w->pack->plans[p];

		for (uint32_t i = 0; i < plan->with_count; i++) {
			if (plan->with[i].memory != memory)
				continue;
			const struct chance one =
				plan->with[i].class == FM_PACK_TEXT
					? weigh_rule(w, plan->with[i].rule)
					: weigh_class(w->pack, plan->with[i].class);

			most = is_more(one, most) ? one : most;
		}
	}
	return most.top == 0 ? certain : most;
}

static struct chance weigh_op(struct weigher *w, const uint32_t *op)
{
	switch ((enum fm_op)op[0]) {
	case FM_OP_WORD:
		return weigh_class(w->pack, op[1]);
	case FM_OP_BIND:
		return weigh_class(w->pack, op[2]);
	case FM_OP_RULE:
		return weigh_rule(w, op[1]);
	case FM_OP_TEXT:
	case FM_OP_TOLD:
		return weigh_rule(w, op[2]);
	case FM_OP_MEMORY:
	case FM_OP_PERSON:
		return weigh_memory(w, op[1]);
	case FM_OP_NUMBER:
		return ratio(1, (op[2] - op[1]) / op[3] + 1);
	case FM_OP_YEAR:
		return ratio(1, op[2] - op[1] + 1);
	case FM_OP_MONTH:
		return ratio(1, w->pack->classes[w->pack->months].word_count);
	case FM_OP_END:
	case FM_OP_LITERAL:
	case FM_OP_VARIABLE:
	case FM_OP_ARTICLE:
	case FM_OP_CAPITAL:
	case FM_OP_CAPITALS:
	case FM_OP_COMMA:
	case FM_OP_TICK:
		break;
	}
	return certain;
}

static struct chance weigh_alternative(struct weigher *w, const struct fm_pack_alternative *one)
{
	struct chance all = certain;

	for (const uint32_t *op = w->pack->ops + one->ops; *op != FM_OP_END;
	     op += 1 + fm_op_arguments(*op))
		all = times(all, weigh_op(w, op));
	return all;
}

static struct chance share_of(const struct fm_pack_rule *rule, uint32_t i)
{
	const uint32_t before = i == 0 ? 0 : rule->alternatives[i - 1].threshold;

	return ratio(rule->alternatives[i].threshold - before, rule->weight);
}

static struct chance weigh_rule(struct weigher *w, uint32_t index)
{
	const struct fm_pack_rule *rule = &w->pack->rules[index];
	const bool inside = w->inside;
	struct chance sum = {0};

	if (w->known[index])
		return w->rules[index];
	w->inside = true;
	for (uint32_t i = 0; i < rule->count; i++) {
		const struct chance share = share_of(rule, i);

		sum = plus(sum, times(times(share, share),
		                      weigh_alternative(w, &rule->alternatives[i])));
	}
	w->inside = inside;
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
	struct chance sum;
	struct chance worst;
	const struct fm_pack_alternative *alternative;
	int bits;
};

static void judge_rule(struct weigher *w, uint32_t index, struct chance share,
                       struct verdict *verdict)
{
	const struct fm_pack_rule *rule = &w->pack->rules[index];

	for (uint32_t i = 0; i < rule->count; i++) {
		const struct chance mine =
			times(times(share, share_of(rule, i)), ratio(w->sentences, 1ULL << 31));

		w->seen = 0;
		const struct chance alike = weigh_alternative(w, &rule->alternatives[i]);
		struct chance repeats = times(times(mine, mine), alike);

		repeats.shift -= 61; /* twice 2^31, and one half */
		verdict->sum = plus(verdict->sum, repeats);
		if (!is_more(repeats, verdict->worst))
			continue;
		verdict->worst = repeats;
		verdict->alternative = &rule->alternatives[i];
		verdict->bits = alike.shift - 31;
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
			judge_rule(w, r, ratio(mine, all), &verdict);
	}
	return verdict;
}

/* Of a number from which 2^31 was taken off. */
static uint64_t whole(struct chance c)
{
	const int shift = c.shift - 31;

	if (shift > 63)
		return 0;
	if (shift < -31)
		return UINT64_MAX;
	return shift >= 0 ? c.top >> shift : c.top << -shift;
}

static struct verdict weigh_pack(const struct fm_pack *pack, uint64_t sentences)
{
	struct weigher w = {.pack = pack, .sentences = sentences};
	struct verdict verdict;

	w.rules = fm_memory_take(pack->rule_count * sizeof *w.rules);
	w.known = fm_memory_take(pack->rule_count * sizeof *w.known);
	verdict = judge(&w);
	fm_memory_free(w.rules);
	fm_memory_free(w.known);
	return verdict;
}

uint64_t fm_pack_repeats_ppm(const struct fm_pack *pack, uint64_t sentences)
{
	return whole(times(weigh_pack(pack, sentences).sum, ratio(PPM, 1ULL << 31)));
}

enum fm_code fm_pack_weigh(struct fm_pack *pack, struct fm_err *err)
{
	struct verdict verdict;

	if (pack->unique_sentences == 0)
		return FM_OK;
	verdict = weigh_pack(pack, pack->unique_sentences);
	pack->repeats_ppm = whole(times(verdict.sum, ratio(PPM, 1ULL << 31)));
	if (verdict.alternative == NULL || pack->repeats_ppm <= FM_REPEATS_PPM_MAX)
		return FM_OK; /* without a form of sentence none stands twice */
	return fm_fail(err, FM_E_FORMAT,
	               "%s:%u: of %llu sentences some %llu.%06llu would stand twice, 0.01 at most; "
	               "the worst are this one's, told apart by %d bits",
	               verdict.alternative->at.file, verdict.alternative->at.line,
	               (unsigned long long)pack->unique_sentences,
	               (unsigned long long)(pack->repeats_ppm / PPM),
	               (unsigned long long)(pack->repeats_ppm % PPM), verdict.bits);
}
