#include "corpus/outlook.h"

#include "base/memory.h"
#include "base/num.h"
#include "pack_parts_internal.h"

/*
 * How often each fixed run of words is told: a step's share of all sentences, handed down through
 * the rules that its alternatives tell. Rules lead to no rule of their own, so that a walk in the
 * order in which they may tell each other meets each one once.
 */

#define RUN_WORDS_MIN 4
#define OVER_MILLI 1500
#define SHARE (1ULL << 40) /* of one telling: shares are integers, alike on any machine */

struct walker {
	const struct fm_pack *pack;
	uint64_t *shares; /* tellings of each rule in a sentence */
	uint32_t *order;  /* rules, those that tell others first */
	bool *seen;
	size_t count;
	uint64_t *uses; /* of each literal */
	uint64_t *most; /* of these, at the place that tells it most */
	const struct fm_pack_alternative **places;
};

static uint32_t told_rule(const uint32_t *op)
{
	return op[0] == FM_OP_RULE ? op[1] : op[0] == FM_OP_TEXT ? op[2] : FM_PACK_NONE;
}

/* Rules behind those that they tell: read from its end, the list has tellers first. */
static void visit(struct walker *w, uint32_t index)
{
	const struct fm_pack_rule *rule = &w->pack->rules[index];

	if (w->seen[index])
		return;
	w->seen[index] = true;
	for (uint32_t i = 0; i < rule->count && !rule->is_frame; i++)
		for (const uint32_t *op = w->pack->ops + rule->alternatives[i].ops;
		     *op != FM_OP_END; op += 1 + fm_op_arguments(*op))
			if (told_rule(op) != FM_PACK_NONE)
				visit(w, told_rule(op));
	w->order[w->count++] = index;
}

static uint64_t share_of_step(const struct fm_pack_plan *plan, const struct fm_pack_step *step)
{
	return (uint64_t)plan->weight * (step->times_min + step->times_max) * step->percent;
}

/* What each step's rule tells of all sentences. */
static void share_steps(struct walker *w)
{
	const struct fm_pack *pack = w->pack;
	uint64_t all = 0;

	for (size_t p = 0; p < pack->plan_count; p++)
		for (uint32_t s = 0; s < pack->plans[p].step_count; s++)
			all += share_of_step(&pack->plans[p], &pack->plans[p].steps[s]);
	for (size_t p = 0; p < pack->plan_count; p++) {
		for (uint32_t s = 0; s < pack->plans[p].step_count; s++) {
			const struct fm_pack_step *step = &pack->plans[p].steps[s];

			w->shares[step->rule] += fm_num_mul_div(
				share_of_step(&pack->plans[p], step), SHARE, all == 0 ? 1 : all);
		}
	}
}

static void tell_alternative(struct walker *w, const struct fm_pack_alternative *one,
                             uint64_t share)
{
	for (const uint32_t *op = w->pack->ops + one->ops; *op != FM_OP_END;
	     op += 1 + fm_op_arguments(*op)) {
		if (told_rule(op) != FM_PACK_NONE)
			w->shares[told_rule(op)] += share;
		if (*op != FM_OP_LITERAL)
			continue;
		w->uses[op[1]] += share;
		if (w->places[op[1]] != NULL && w->most[op[1]] >= share)
			continue;
		w->most[op[1]] = share;
		w->places[op[1]] = one;
	}
}

static void hand_down(struct walker *w)
{
	for (size_t i = w->count; i-- > 0;) {
		const struct fm_pack_rule *rule = &w->pack->rules[w->order[i]];
		uint32_t before = 0;

		for (uint32_t k = 0; k < rule->count && !rule->is_frame; k++) {
			const struct fm_pack_alternative *one = &rule->alternatives[k];

			tell_alternative(w, one,
			                 fm_num_mul_div(w->shares[w->order[i]],
			                                one->threshold - before, rule->weight));
			before = one->threshold;
		}
	}
}

static size_t count_words(struct fm_span text)
{
	size_t words = 0;
	bool inside = false;

	for (size_t i = 0; i < text.len; i++) {
		const bool letter =
			fm_is_alnum(text.ptr[i]) || text.ptr[i] == '\'' || text.ptr[i] == '-';

		words += letter && !inside;
		inside = letter;
	}
	return words;
}

/* The commonest first; what does not fit falls off the end. */
static void keep_run(struct fm_outlook *outlook, struct fm_fixed_run run)
{
	size_t at = outlook->run_count;

	while (at > 0 && outlook->runs[at - 1].uses_milli < run.uses_milli)
		at--;
	if (at == FM_OUTLOOK_RUNS)
		return;
	if (outlook->run_count < FM_OUTLOOK_RUNS)
		outlook->run_count++;
	for (size_t i = outlook->run_count - 1; i > at; i--)
		outlook->runs[i] = outlook->runs[i - 1];
	outlook->runs[at] = run;
}

static void list_runs(const struct walker *w, uint64_t window_sentences, struct fm_outlook *outlook)
{
	for (size_t i = 0; i < w->pack->literal_count; i++) {
		const struct fm_term *term = &w->pack->literals[i].term;
		struct fm_fixed_run run = {.text = fm_span_make(term->ptr, term->len)};

		if (w->places[i] == NULL || count_words(run.text) < RUN_WORDS_MIN)
			continue;
		run.uses_milli = fm_num_mul_div(w->uses[i], window_sentences * 1000, SHARE);
		run.file = w->places[i]->at.file;
		run.line = w->places[i]->at.line;
		outlook->runs_over += run.uses_milli > OVER_MILLI;
		keep_run(outlook, run);
	}
}

bool fm_corpus_outlook(const struct fm_corpus *corpus, uint64_t window_sentences,
                       uint64_t sentences, struct fm_outlook *ret_outlook)
{
	struct fm_pack *pack = fm_corpus_pack(corpus);
	struct walker w = {.pack = pack};
	struct fm_outlook outlook = {0};
	struct fm_err err = {0};

	if (pack == NULL || fm_pack_ready(pack, &err) != FM_OK || pack->plan_count == 0 ||
	    pack->segment == FM_PACK_LINE)
		return false;
	w.shares = fm_memory_take(pack->rule_count * sizeof *w.shares);
	w.order = fm_memory_take(pack->rule_count * sizeof *w.order);
	w.seen = fm_memory_take(pack->rule_count * sizeof *w.seen);
	w.uses = fm_memory_take(pack->literal_count * sizeof *w.uses);
	w.most = fm_memory_take(pack->literal_count * sizeof *w.most);
	w.places = fm_memory_take(pack->literal_count * sizeof(void *));
	for (uint32_t i = 0; i < pack->rule_count; i++)
		visit(&w, i);
	share_steps(&w);
	hand_down(&w);
	list_runs(&w, window_sentences, &outlook);
	fm_memory_free(w.shares);
	fm_memory_free(w.order);
	fm_memory_free(w.seen);
	fm_memory_free(w.uses);
	fm_memory_free(w.most);
	fm_memory_free(w.places);
	outlook.promised = pack->unique_sentences;
	outlook.repeats_ppm = fm_pack_repeats_ppm(pack, sentences);
	outlook.repeats_ten_ppm = fm_pack_repeats_ppm(pack, 10 * sentences);
	*ret_outlook = outlook;
	return true;
}
