#include "cli/report_make.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "cli/report_models.h"
#include "corpus/corpus.h"
#include "store/history.h"
#include "text/json.h"
#include "trial/spec.h"

/* Points with room for what the plan has beyond the journal. */
struct points {
	struct fm_point *list;
	size_t count;
	size_t capacity;
	struct fm_arena *arena;
	uint64_t *cells; /* a hash of each journal trial's cell, sorted */
	size_t cell_count;
};

static void add_point(struct points *p, const struct fm_point *point)
{
	if (p->count == p->capacity) {
		const size_t capacity = p->capacity * 2 + 64;
		struct fm_point *more = fm_arena_array(p->arena, capacity, sizeof more[0]);

		if (p->count > 0)
			memcpy(more, p->list, p->count * sizeof more[0]);
		p->list = more;
		p->capacity = capacity;
	}
	p->list[p->count++] = *point;
}

static uint64_t cell_of(const struct fm_point *point)
{
	uint64_t hash = fm_hash64(fm_span_of(point->model));

	hash = fm_hash_mix(hash, fm_hash64(fm_span_of(point->task)));
	hash = fm_hash_mix(hash, fm_hash64(fm_span_of(point->control)));
	if (point->control != NULL)
		return hash; /* controls have no place on the map */
	return fm_hash_mix(fm_hash_mix(hash, point->length), point->depth_ppm);
}

static int compare_u64(const void *a, const void *b)
{
	const uint64_t left = *(const uint64_t *)a;
	const uint64_t right = *(const uint64_t *)b;

	return left < right ? -1 : left > right;
}

static void sort_cells(struct points *p)
{
	p->cells = fm_arena_array(p->arena, p->count + 1, sizeof p->cells[0]);
	p->cell_count = p->count;
	for (size_t i = 0; i < p->count; i++)
		p->cells[i] = cell_of(&p->list[i]);
	qsort(p->cells, p->cell_count, sizeof p->cells[0], compare_u64);
}

/* The first index whose cell is not below `cell`. */
static size_t lower_bound(const struct points *p, uint64_t cell)
{
	size_t low = 0;
	size_t high = p->cell_count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (p->cells[middle] < cell)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The journal holds so many of a cell's trials; the rest of the plan's are not run. */
static void add_missing(struct points *p, const struct fm_point *like, uint64_t planned)
{
	const uint64_t cell = cell_of(like);
	uint64_t there = 0;

	for (size_t i = lower_bound(p, cell); i < p->cell_count && p->cells[i] == cell; i++)
		there++;
	for (; there < planned; there++)
		add_point(p, like);
}

static uint64_t number_of(const struct fm_value *object, const char *name)
{
	uint64_t number = 0;

	(void)fm_value_u64(fm_value_get(object, name), &number);
	return number;
}

static const char *text_of(const struct fm_value *value, struct fm_arena *arena)
{
	struct fm_span text = {0};

	(void)fm_value_text(value, &text);
	return fm_arena_text(arena, text);
}

static void add_missing_cells(struct points *p, const struct fm_value *design, struct fm_point like)
{
	const struct fm_value *lengths = fm_value_get(design, "lengths");
	const struct fm_value *depths = fm_value_get(design, "depths_ppm");
	const uint64_t repeats = number_of(design, "repeats");

	for (const struct fm_value *l = fm_value_first(lengths); l != NULL; l = fm_value_next(l)) {
		uint64_t length = 0;

		if (!fm_value_u64(l, &length))
			continue;
		like.length = length;
		for (const struct fm_value *d = fm_value_first(depths); d != NULL;
		     d = fm_value_next(d)) {
			uint64_t depth = 0;

			if (!fm_value_u64(d, &depth) || depth > 1000000)
				continue;
			like.depth_ppm = (uint32_t)depth;
			add_missing(p, &like, repeats);
		}
	}
}

static void add_missing_controls(struct points *p, const struct fm_value *design,
                                 struct fm_point like)
{
	static const char *const names[] = {"no_needle", "no_haystack"};
	const struct fm_value *controls = fm_value_get(design, "controls");

	like.length = 0;
	(void)fm_value_u64(fm_value_first(fm_value_get(design, "lengths")), &like.length);
	like.depth_ppm = FM_DEPTH_NONE;
	for (size_t i = 0; i < FM_COUNT(names); i++) {
		like.control = names[i];
		add_missing(p, &like, number_of(controls, names[i]));
	}
}

static void add_unrun(struct points *p, const struct fm_value *plan, enum fm_outcome outcome)
{
	const struct fm_value *design = fm_value_get(plan, "design");
	const struct fm_value *models = fm_value_get(design, "models");
	const struct fm_value *tasks = fm_value_get(design, "tasks");

	sort_cells(p);
	for (const struct fm_value *t = fm_value_first(tasks); t != NULL; t = fm_value_next(t)) {
		const char *id = text_of(fm_value_get(t, "task"), p->arena);
		const struct fm_span name = fm_span_of(id);

		for (const struct fm_value *m = fm_value_first(models); m != NULL;
		     m = fm_value_next(m)) {
			const struct fm_point like = {
				.model = text_of(fm_value_get(m, "model"), p->arena),
				/* "niah/1" is the first version of "niah". */
				.task = fm_arena_text(
					p->arena,
					fm_span_first(name, fm_span_find_byte(name, '/'))),
				.outcome = outcome,
				.first_answer_ns = -1,
				.total_ns = -1,
				.tokens_in = -1,
			};

			add_missing_cells(p, design, like);
			add_missing_controls(p, design, like);
		}
	}
}

static struct fm_point point_of(const struct fm_record *r)
{
	struct fm_point point = {
		.model = r->model,
		.task = r->task,
		.control = r->control,
		.length = r->length,
		.depth_ppm = r->depth_ppm,
		.repeat = r->repeat,
		.outcome = r->outcome,
		.first_answer_ns = -1,
		.total_ns = -1,
		.tokens_in = -1,
	};

	for (const struct fm_attempt *a = r->attempts; a != NULL; a = a->next)
		point.cost_usd_micro += a->cost_usd_micro;
	if (r->last != NULL && r->last->settled) {
		const struct fm_times *times = &r->last->reply.times;

		point.first_answer_ns = times->first_answer;
		point.total_ns = times->end;
		point.tokens_in = r->last->reply.usage.in;
	}
	return point;
}

static void find_target(const struct fm_record *r, struct fm_report_trial *t)
{
	for (const struct fm_value *n = fm_value_first(r->needles); n != NULL;
	     n = fm_value_next(n)) {
		struct fm_span role;

		if (!fm_value_text(fm_value_get(n, "role"), &role) || !fm_span_is(role, "target"))
			continue;
		t->landed_ppm = (uint32_t)number_of(n, "landed_ppm");
		t->at_tokens = number_of(n, "at_tokens");
		t->at_bytes = number_of(n, "at_bytes");
		return;
	}
}

static struct fm_report_trial trial_of(const struct fm_record *r, struct fm_arena *arena)
{
	struct fm_report_trial t = {
		.point = point_of(r),
		.trial = r->trial,
		.pair = r->pair,
		.attempts = r->attempt_count,
		.reason = r->reason,
		.expected = r->expected,
		.expected_count = r->expected_count,
		.model_said = "",
		.stop = "",
		.landed_ppm = FM_DEPTH_NONE,
		.found = r->found,
		.of = r->of,
		.strict = r->strict,
		.usage_in = FM_UNKNOWN,
		.usage_out = FM_UNKNOWN,
		.usage_cached = FM_UNKNOWN,
	};

	find_target(r, &t);
	if (r->last == NULL || !r->last->settled)
		return t;
	const struct fm_reply *reply = &r->last->reply;
	const char *stop = fm_stop_name(reply->stop);

	t.status = reply->status;
	t.answer = reply->answer.len > 0 ? reply->answer : reply->refusal;
	t.error = reply->error;
	t.model_said = fm_arena_text(arena, reply->model_said);
	t.stop = stop != NULL ? stop : "";
	t.usage_in = reply->usage.in;
	t.usage_out = reply->usage.out;
	t.usage_cached = reply->usage.cached;
	return t;
}

static bool is_settled(enum fm_outcome outcome)
{
	return outcome != FM_NOT_RUN && outcome != FM_SKIPPED_BUDGET && outcome != FM_CANCELLED;
}

static bool is_priced(const struct fm_value *prices)
{
	for (const struct fm_value *p = fm_value_first(prices); p != NULL; p = fm_value_next(p))
		if (fm_value_kind(p) == FM_VALUE_OBJECT)
			return true;
	return false;
}

/* "bytes/4@0123…" is "bytes/4" to a reader. */
static const char *tokenizer_of(const struct fm_value *design, struct fm_arena *arena)
{
	const struct fm_value *first = fm_value_first(fm_value_get(design, "models"));
	const struct fm_span whole = fm_span_of(text_of(fm_value_get(first, "tokenizer"), arena));

	return fm_arena_text(arena, fm_span_first(whole, fm_span_find_byte(whole, '@')));
}

/* A person's text in its own order is one text for every seed: n then counts it more than once. */
static bool is_shared(const struct fm_value *design, struct fm_arena *arena)
{
	const struct fm_value *corpus = fm_value_get(design, "corpus");
	uint64_t repeats = 0;

	return fm_value_get(corpus, "bytes") != NULL &&
	       strcmp(text_of(fm_value_get(corpus, "order"), arena), "as-is") == 0 &&
	       fm_value_u64(fm_value_get(design, "repeats"), &repeats) && repeats > 1;
}

/* How often a text that wraps went round in the longest prompt that was sent. */
static const char *coverage_of(const struct fm_history *h, const struct fm_value *design,
                               struct fm_arena *arena)
{
	const struct fm_value *corpus = fm_value_get(design, "corpus");
	const char *words = "the corpus may have been repeated (wrap: true)";
	const char *not_repeated = NULL;
	uint64_t bytes = 0;
	uint64_t longest = 0;
	bool repeats = false;
	bool wrap = false;

	if (fm_value_bool(fm_value_get(corpus, "repeats"), &repeats) && repeats)
		return "the same few sentences, again and again";
	if (is_shared(design, arena))
		not_repeated = "as-is: repeats share one text from different places on, their "
			       "trials may overlap";
	if (!fm_value_bool(fm_value_get(corpus, "wrap"), &wrap) || !wrap)
		return not_repeated;
	for (size_t i = 0; i < h->record_count; i++)
		for (const struct fm_attempt *a = h->records[i].attempts; a != NULL; a = a->next)
			longest = a->body_bytes > longest ? a->body_bytes : longest;
	if (fm_value_u64(fm_value_get(corpus, "bytes"), &bytes) && longest <= bytes)
		return not_repeated;
	if (bytes > 0)
		words = fm_arena_format(arena,
		                        "the corpus was repeated: the longest prompt is %.1f times "
		                        "as long",
		                        (double)longest / (double)bytes);
	return words;
}

static void fill_trials(const struct fm_history *h, struct points *p, struct fm_report *r)
{
	r->trials = fm_arena_array(p->arena, h->record_count + 1, sizeof r->trials[0]);
	r->trial_count = h->record_count;
	for (size_t i = 0; i < h->record_count; i++) {
		r->trials[i] = trial_of(&h->records[i], p->arena);
		r->settled += is_settled(h->records[i].outcome);
		add_point(p, &r->trials[i].point);
	}
	/* The journal has no line for what the cap did not let go out; its end says it. */
	if (h->ended != NULL && strcmp(h->ended, "budget") == 0)
		add_unrun(p, h->plan, FM_SKIPPED_BUDGET);
	else
		add_unrun(p, h->plan, FM_NOT_RUN);
	r->planned = p->count;
}

static void put_back_flying(struct fm_history *h)
{
	for (size_t i = 0; i < h->record_count; i++) {
		struct fm_record *r = &h->records[i];

		if (r->last == NULL || r->last->settled)
			continue;
		r->outcome = FM_NOT_RUN;
		r->reason = FM_REASON_NONE;
		h->spent_usd_micro -= r->last->reserved_usd_micro;
		h->exposed_usd_micro -= r->last->reserved_usd_micro;
	}
}

enum fm_code fm_report_open(const char *folder, struct fm_history *ret_history, struct fm_err *err)
{
	/* Asked first: a run that ends in between has settled all that is read. */
	const bool live = fm_runs_is_live(folder);
	const enum fm_code rc = fm_history_open(folder, ret_history, err);

	if (rc != FM_OK || !live)
		return rc;
	put_back_flying(ret_history);
	ret_history->torn_bytes = 0; /* a line on its way */
	return FM_OK;
}

void fm_report_make(const struct fm_history *history, struct fm_arena *arena,
                    struct fm_report *ret_report)
{
	const struct fm_value *design = fm_value_get(history->plan, "design");
	struct points p = {.arena = arena};
	struct fm_report r = {
		.run = history->run,
		.fathom = history->fathom,
		.corpus = text_of(fm_value_get(fm_value_get(design, "corpus"), "name"), arena),
		.tokenizer = tokenizer_of(design, arena),
		.coverage = coverage_of(history, design, arena),
		.seed = number_of(design, "seed"),
		.plan_id = history->plan_id,
		.started_ms = history->started_ms,
		.last_ms = history->last_ms,
		.spent_usd_micro = history->spent_usd_micro,
		.exposed_usd_micro = history->exposed_usd_micro,
		.priced = is_priced(history->prices),
		.note_count = history->note_count,
	};

	fm_report_models(history, design, arena, &r);
	fill_trials(history, &p, &r);
	/* An end for another reason than being done is no end of the plan: it can go on. */
	if (history->ended != NULL && strcmp(history->ended, "done") == 0 && r.settled >= r.planned)
		r.ended = history->ended;
	fm_panels_make(p.list, p.count, arena, &r.panels, &r.panel_count);
	r.notes = fm_arena_array(arena, history->note_count + 1, sizeof r.notes[0]);
	for (size_t i = 0; i < history->note_count; i++)
		r.notes[i] = (struct fm_report_note){
			history->notes[i].at_ms,
			history->notes[i].level,
			history->notes[i].what,
		};
	*ret_report = r;
}
