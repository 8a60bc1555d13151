#include "haystack/document.h"

#include <stdlib.h>

#include "base/num.h"
#include "fill_internal.h"
#include "haystack/haystack.h"
#include "haystack_internal.h"
#include "token/counter.h"

#define PPM 1000000
#define FREE_ROUNDS 8

/* How a needle stands in the text, by what is before it. */
enum form {
	FORM_INLINE,    /* " needle", inside a paragraph */
	FORM_LINE,      /* "needle\n" */
	FORM_PARAGRAPH, /* "needle\n\n" */
	FORM_COUNT
};

struct planting {
	struct fm_needle *needle;
	struct fm_span texts[FORM_COUNT];
	uint64_t tokens[FORM_COUNT];
	enum form form;
	uint64_t stop;
	uint64_t wanted; /* tokens of filler, for the order of needles alone */
	size_t given;
};

struct planner {
	const struct fm_haystack *hay;
	const struct fm_document_spec *spec;
	struct fm_arena *arena;
	struct fm_filler filler;
	struct planting *plantings; /* by place, those of one place as they were given */
	bool forms_fixed;
	bool stays_open;
	int64_t lead_tokens; /* what the first piece has more at the start of a text */
};

/* Where a needle is to stand, in tokens of so much filler. */
static uint64_t wanted_at(const struct fm_needle *needle, uint64_t filler)
{
	return fm_num_mul_div(filler, needle->depth_ppm, PPM) + needle->more_tokens;
}

static int by_place(const void *a, const void *b)
{
	const struct planting *left = a;
	const struct planting *right = b;

	if (left->stop != right->stop)
		return left->stop < right->stop ? -1 : 1;
	if (left->wanted != right->wanted)
		return left->wanted < right->wanted ? -1 : 1;
	return left->given < right->given ? -1 : left->given > right->given;
}

static void prepare(struct planner *planner)
{
	const size_t count = planner->spec->needle_count;
	struct planting *plantings = fm_arena_array(planner->arena, count, sizeof *plantings);

	for (size_t i = 0; i < count; i++) {
		struct fm_needle *needle = &planner->spec->needles[i];
		const int len = (int)needle->text.len;
		struct planting *p = &plantings[i];

		p->needle = needle;
		p->given = i;
		/* As good as the filler's own tokens, which are not known yet. */
		p->wanted = wanted_at(needle, planner->spec->length_tokens);
		p->texts[FORM_INLINE] =
			fm_span_of(fm_arena_format(planner->arena, " %.*s", len, needle->text.ptr));
		p->texts[FORM_LINE] = fm_span_of(
			fm_arena_format(planner->arena, "%.*s\n", len, needle->text.ptr));
		p->texts[FORM_PARAGRAPH] = fm_span_of(
			fm_arena_format(planner->arena, "%.*s\n\n", len, needle->text.ptr));
		for (size_t f = 0; f < FORM_COUNT; f++)
			p->tokens[f] = fm_haystack_count_more(planner->hay, p->texts[f]);
	}
	if (count > 1)
		qsort(plantings, count, sizeof *plantings, by_place);
	planner->plantings = plantings;
}

static enum form form_behind(struct fm_span before)
{
	if (!fm_span_ends(before, "\n"))
		return FORM_INLINE;
	return fm_span_ends(before, "\n\n") || fm_span_ends(before, "\n\r\n") ? FORM_PARAGRAPH
	                                                                      : FORM_LINE;
}

/* Nothing is before the first stop: the text's first cut tells whether it is one of lines. */
static enum form form_at(const struct planner *planner, uint64_t stop, struct fm_span before)
{
	struct fm_span first;

	if (stop > 0)
		return form_behind(before);
	if (fm_filler_stops(&planner->filler) == 1)
		return FORM_PARAGRAPH;
	first = fm_filler_stop(planner->hay, &planner->filler, 1).before;
	return form_behind(first) == FORM_LINE ? FORM_LINE : FORM_PARAGRAPH;
}

/* May the needle stand there, so that counts add up on both sides of it? */
static bool may_stand(const struct planner *planner, const struct planting *planting, uint64_t stop,
                      enum form *ret_form)
{
	const struct fm_counter *counter = fm_haystack_counter(planner->hay);
	const struct fm_stop s = fm_filler_stop(planner->hay, &planner->filler, stop);
	const enum form form = form_at(planner, stop, s.before);
	const struct fm_span text = planting->texts[form];
	const struct fm_span tail =
		form == FORM_INLINE ? planner->spec->open_tail : planner->spec->tail;
	const struct fm_span before = s.before.len > 0 ? s.before : fm_span_of(FM_HAYSTACK_BEFORE);
	const struct fm_span after = s.after.len > 0 ? s.after : tail;

	if (planner->forms_fixed && form != planting->form)
		return false;
	*ret_form = form;
	return fm_counter_adds_up(counter, before, text) &&
	       (after.len == 0 || fm_counter_adds_up(counter, text, after));
}

static uint64_t distance(const struct planner *planner, uint64_t stop, uint64_t tokens)
{
	const uint64_t at = fm_filler_stop(planner->hay, &planner->filler, stop).tokens;

	return at > tokens ? at - tokens : tokens - at;
}

/* The nearest stop where the needle may stand, the earlier of two; false when there is none. */
static bool find_stop(const struct planner *planner, struct planting *planting, uint64_t tokens,
                      uint64_t *ret_distance, enum form *ret_form)
{
	const uint64_t count = fm_filler_stops(&planner->filler);
	uint64_t high = fm_filler_stop_before(planner->hay, &planner->filler, tokens) + 1;
	uint64_t low = high; /* one behind the next lower one; 0 when there are no more */

	while (low > 0 || high < count) {
		const bool down =
			high == count || (low > 0 && distance(planner, low - 1, tokens) <=
		                                             distance(planner, high, tokens));
		const uint64_t stop = down ? low - 1 : high;

		low -= down ? 1 : 0;
		high += down ? 0 : 1;
		if (!may_stand(planner, planting, stop, ret_form))
			continue;
		planting->stop = stop;
		*ret_distance = distance(planner, stop, tokens);
		return true;
	}
	return false;
}

static enum fm_code fail_no_seam(const struct planner *planner, const struct planting *planting,
                                 uint64_t away, struct fm_err *err)
{
	char depth[FM_NUM_TEXT_MAX];
	char filler[FM_NUM_TEXT_MAX];
	char tokens[FM_NUM_TEXT_MAX];

	return fm_fail(err, FM_E_SEAM,
	               "corpus %s: no seam within 1%% or %d tokens of depth %s in %s tokens of "
	               "filler: the nearest is %s tokens away; take shorter segments (sentence, "
	               "line), another depth or a longer length",
	               fm_haystack_corpus(planner->hay), FM_SEAM_TOKENS,
	               fm_num_percent_text(planting->needle->depth_ppm, depth),
	               fm_num_grouped(planner->filler.tokens, filler),
	               fm_num_grouped(away, tokens));
}

static enum fm_code fail_too_far(const struct planner *planner, uint64_t tokens, struct fm_err *err)
{
	char wanted[FM_NUM_TEXT_MAX];
	char filler[FM_NUM_TEXT_MAX];

	return fm_fail(
		err, FM_E_LIMIT,
		"a needle is to stand behind %s tokens of filler, and there are %s: make the "
		"gaps smaller or the document longer",
		fm_num_grouped(tokens, wanted), fm_num_grouped(planner->filler.tokens, filler));
}

/* Two needles at one seam stand next to each other. */
static enum fm_code check_neighbours(const struct planner *planner, struct fm_err *err)
{
	const struct fm_counter *counter = fm_haystack_counter(planner->hay);

	for (size_t i = 1; i < planner->spec->needle_count; i++) {
		const struct planting *a = &planner->plantings[i - 1];
		const struct planting *b = &planner->plantings[i];

		if (a->stop == b->stop &&
		    !fm_counter_adds_up(counter, a->texts[a->form], b->texts[b->form]))
			return fm_fail(err, FM_E_SEAM,
			               "corpus %s: two needles cannot stand side by side there for "
			               "tokenizer %s: place them further apart",
			               fm_haystack_corpus(planner->hay), fm_counter_name(counter));
	}
	return FM_OK;
}

/* In a short document one per cent is less than a sentence: half of a long one is let pass. */
static uint64_t slack(uint64_t filler)
{
	const uint64_t share = filler / 100;

	return share > FM_SEAM_TOKENS ? share : FM_SEAM_TOKENS;
}

/*
 * Give every needle its stop; `ret_changed` says that one's form is another than it was counted
 * with. Only a target's depth is asked for; a decoy's is drawn, and may lie where it can.
 */
static enum fm_code place_all(struct planner *planner, bool *ret_changed, struct fm_err *err)
{
	const uint64_t filler = planner->filler.tokens;

	*ret_changed = false;
	for (size_t i = 0; i < planner->spec->needle_count; i++) {
		struct planting *planting = &planner->plantings[i];
		const uint64_t tokens = wanted_at(planting->needle, filler);
		uint64_t away = filler;
		enum form form = planting->form;

		if (tokens > filler)
			return fail_too_far(planner, tokens, err);
		if (!find_stop(planner, planting, tokens, &away, &form) ||
		    (planting->needle->role == FM_NEEDLE_TARGET && away > slack(filler)))
			return fail_no_seam(planner, planting, away, err);
		if (planting->tokens[form] != planting->tokens[planting->form])
			*ret_changed = true;
		planting->form = form;
	}
	/* One that may not stand where it should can have passed others. */
	if (planner->spec->needle_count > 1)
		qsort(planner->plantings, planner->spec->needle_count, sizeof *planner->plantings,
		      by_place);
	return check_neighbours(planner, err);
}

static enum fm_code fit_filler(struct planner *planner, struct fm_err *err)
{
	const struct fm_document_spec *spec = planner->spec;
	const uint64_t length = spec->length_tokens;
	struct fm_filler_spec filler = {.closing_tokens = spec->closing_tokens,
	                                .tail = spec->tail,
	                                .open_tail = spec->open_tail,
	                                .stays_open = planner->stays_open};
	int64_t needles = planner->lead_tokens;
	char text[FM_NUM_TEXT_MAX];
	char most[FM_NUM_TEXT_MAX];

	for (size_t i = 0; i < spec->needle_count; i++)
		needles += (int64_t)planner->plantings[i].tokens[planner->plantings[i].form];
	if (needles > (int64_t)length)
		return fm_fail(
			err, FM_E_LIMIT,
			"the needles alone are %s tokens, the document %s: make it longer than "
			"the needles",
			fm_num_grouped((uint64_t)needles, text), fm_num_grouped(length, most));
	filler.tokens = (uint64_t)((int64_t)length - needles);
	return fm_filler_fit(planner->hay, &filler, planner->arena, &planner->filler, err);
}

/*
 * A tokenizer may begin a text with a blank of its own, and so make other tokens of its first
 * words: how many more than behind a seam.
 */
static int64_t lead_of(const struct planner *planner)
{
	struct fm_span first = fm_filler_stop(planner->hay, &planner->filler, 0).after;

	if (planner->spec->needle_count > 0 && planner->plantings[0].stop == 0)
		first = planner->plantings[0].texts[planner->plantings[0].form];
	return (int64_t)fm_haystack_count(planner->hay, first) -
	       (int64_t)fm_haystack_count_more(planner->hay, first);
}

/*
 * Where needles stand depends on how much filler there is, that on what the needles cost, and that
 * on where they stand, for a line end may be a token more than a blank. Nearly always the second
 * round changes nothing. Rounds that go in a circle do so by a needle at the end, whose form is
 * another behind a line: then the filler is to end open. What still goes round, or where no filler
 * ends open, has its forms held fast.
 */
static enum fm_code fit_round(struct planner *planner, unsigned round, struct fm_err *err)
{
	enum fm_code rc;

	planner->forms_fixed = planner->forms_fixed || round == 2 * FREE_ROUNDS;
	planner->stays_open = round >= FREE_ROUNDS && !planner->forms_fixed;
	rc = fit_filler(planner, err);
	if (rc != FM_E_SEAM || !planner->stays_open)
		return rc;
	planner->stays_open = false;
	planner->forms_fixed = true;
	return fit_filler(planner, err);
}

static enum fm_code plan(struct planner *planner, struct fm_err *err)
{
	bool changed = true;
	enum fm_code rc = FM_OK;

	for (unsigned round = 0; changed && rc == FM_OK; round++) {
		if (round == 3 * FREE_ROUNDS) /* two first pieces that each put the other first */
			return fm_fail(err, FM_E_SEAM,
			               "corpus %s: no document of exactly %llu tokens can be laid",
			               fm_haystack_corpus(planner->hay),
			               (unsigned long long)planner->spec->length_tokens);
		rc = fit_round(planner, round, err);
		if (rc == FM_OK)
			rc = place_all(planner, &changed, err);
		if (rc == FM_OK && planner->spec->alone) {
			const int64_t lead = lead_of(planner);

			changed = changed || lead != planner->lead_tokens;
			planner->lead_tokens = lead;
		}
	}
	return rc;
}

static void add_needle(struct planner *planner, const struct planting *planting,
                       struct fm_document *document)
{
	struct fm_needle *needle = planting->needle;
	const struct fm_span text = planting->texts[planting->form];
	const uint64_t lead = planting->form == FORM_INLINE ? 1 : 0;

	needle->at_tokens = document->tokens;
	needle->at_bytes = document->text.raw_bytes + lead;
	fm_rope_add_text(&document->text, planner->arena, text);
	document->tokens += planting->tokens[planting->form];
}

static void add_filler(struct planner *planner, uint64_t from, uint64_t to,
                       struct fm_document *document)
{
	fm_filler_add(planner->hay, &planner->filler, from, to, planner->arena, &document->text);
	document->tokens += fm_filler_stop(planner->hay, &planner->filler, to).tokens -
	                    fm_filler_stop(planner->hay, &planner->filler, from).tokens;
}

static void assemble(struct planner *planner, struct fm_document *document)
{
	const uint64_t end = fm_filler_stops(&planner->filler) - 1;
	const size_t count = planner->spec->needle_count;
	uint64_t stop = 0;

	for (size_t i = 0; i < count; i++) {
		struct planting *planting = &planner->plantings[i];
		const uint64_t before =
			fm_filler_stop(planner->hay, &planner->filler, planting->stop).tokens;

		add_filler(planner, stop, planting->stop, document);
		stop = planting->stop;
		planting->needle->landed_ppm =
			planner->filler.tokens == 0
				? planting->needle->depth_ppm
				: (uint32_t)fm_num_mul_div(before, PPM, planner->filler.tokens);
		add_needle(planner, planting, document);
	}
	add_filler(planner, stop, end, document);
	document->filler_tokens = planner->filler.tokens;
	document->open_paragraph = planner->filler.open;
}

/* Every needle a paragraph, in the order of their depths. */
static void assemble_alone(struct planner *planner, struct fm_document *document)
{
	for (size_t i = 0; i < planner->spec->needle_count; i++) {
		planner->plantings[i].form = FORM_PARAGRAPH;
		planner->plantings[i].needle->landed_ppm = planner->plantings[i].needle->depth_ppm;
		add_needle(planner, &planner->plantings[i], document);
	}
}

enum fm_code fm_document_lay(const struct fm_haystack *haystack,
                             const struct fm_document_spec *spec, struct fm_arena *arena,
                             struct fm_document *ret_document, struct fm_err *err)
{
	struct planner planner = {.hay = haystack, .spec = spec, .arena = arena};
	struct fm_document document = {0};

	prepare(&planner);
	if (spec->empty) {
		assemble_alone(&planner, &document);
	} else {
		const enum fm_code rc = plan(&planner, err);

		if (rc != FM_OK)
			return rc;
		assemble(&planner, &document);
	}
	for (size_t i = 0; i < spec->needle_count; i++) {
		const struct planting *p = &planner.plantings[i];
		struct fm_needle *needle = p->needle;

		needle->question_tokens = document.tokens - needle->at_tokens - p->tokens[p->form];
		if (needle->at_tokens > 0)
			needle->at_tokens += (uint64_t)planner.lead_tokens;
		needle->prompt_tokens = needle->at_tokens;
	}
	document.lead_tokens = planner.lead_tokens;
	document.tokens += (uint64_t)planner.lead_tokens; /* may be less than none */
	*ret_document = document;
	return FM_OK;
}
