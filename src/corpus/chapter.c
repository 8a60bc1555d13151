#include <string.h>

#include "lines_internal.h"
#include "permute_internal.h"
#include "teller_internal.h"

/*
 * A chapter: paragraphs told by plans until it is long enough. Nothing carries over from one
 * chapter to the next but what its number gives: state = f(pack, seed, book, chapter).
 */

#define CHAPTER_BYTES_MIN 9000 /* then the paragraph is finished: well below 4,096 tokens */
#define PARAGRAPHS_MAX 40
#define SEGMENTS_BYTES ((size_t)PARAGRAPHS_MAX * FM_PACK_SENTENCES_MAX * sizeof(struct fm_segment))
#define YEAR_FIRST 1840
#define BOOK_YEARS 70

uint64_t fm_teller_book_name(const struct fm_teller *t, uint32_t class, uint64_t k)
{
	const uint64_t count = t->pack->classes[class].word_count;

	return fm_permute(t->seed + class, (8 * t->book + k) % count, count);
}

/*
 * Person k of book b is number 16 b + k of a permutation of all full names, so a full name belongs
 * to one book only, until all books of the permutation are written.
 */
static struct fm_person make_person(const struct fm_teller *t, uint64_t k)
{
	const struct fm_pack *pack = t->pack;
	const struct fm_pack_class *surnames = &pack->classes[pack->surnames];
	struct fm_person p = {0};
	uint64_t first_count = pack->classes[pack->genders[0].first_names].word_count;
	const uint64_t other = pack->classes[pack->genders[1].first_names].word_count;

	if (other < first_count)
		first_count = other;
	const uint64_t all = 2 * first_count * surnames->word_count;
	uint64_t number = fm_permute(t->seed, (16 * t->book + k) % all, all);
	struct fm_rng rng = fm_rng_make(fm_hash_mix(t->book_seed, k));

	p.gender_index = (uint32_t)(number % 2);
	p.gender = &pack->genders[p.gender_index];
	number /= 2;
	p.first = pack->classes[p.gender->first_names].settled[number % first_count].term;
	p.surname = surnames->settled[number / first_count].term;
	p.role = (uint32_t)fm_rng_below(&rng, pack->classes[pack->roles].word_count);
	if (p.gender->title_count > 0)
		p.title = p.gender->titles[fm_rng_below(&rng, p.gender->title_count)];
	return p;
}

/* In turns a first name says who speaks, so no two of a cast may share one. */
static bool shares_first_name(const struct fm_teller *t, uint32_t person)
{
	for (uint32_t i = 0; i < person; i++)
		if (t->cast[i].first.ptr == t->cast[person].first.ptr)
			return true;
	return false;
}

static void begin_cast(struct fm_teller *t)
{
	uint64_t next = 0;

	for (uint32_t i = 0; i < FM_CAST; i++)
		do
			t->cast[i] =
				make_person(t, fm_permute(t->chapter_seed, next++, FM_BOOK_CAST));
		while (t->pack->segment == FM_PACK_TURN && next < FM_BOOK_CAST &&
		       shares_first_name(t, i));
}

static void begin_chapter(struct fm_teller *t, uint64_t chapter)
{
	const uint64_t part = chapter % FM_BOOK_CHAPTERS;

	t->book = chapter / FM_BOOK_CHAPTERS;
	t->book_seed = fm_hash_seed(t->seed, "book", t->book);
	t->chapter_seed = fm_hash_seed(t->seed, "chapter", chapter);
	t->rng = fm_rng_make(t->chapter_seed);
	t->months = 12 * (YEAR_FIRST + t->book_seed % BOOK_YEARS) + part * 6;
	for (size_t i = 0; i < t->pack->class_count; i++)
		t->pools[i] = (uint32_t)(fm_hash_mix(t->chapter_seed, i) %
		                         t->pack->classes[i].common_count);
	begin_cast(t);
}

/* People of a paragraph are different ones; of names and words none stands twice in mind either. */
static void begin_paragraph(struct fm_teller *t, const struct fm_pack_plan *plan)
{
	const uint64_t order = fm_rng_next(&t->rng);
	uint64_t people = 0;

	t->used_count = 0;
	t->last[0] = t->last[1] = t->subject = FM_PACK_NONE;
	t->pronouns = 0;
	for (uint32_t i = 0; i < FM_CAST; i++)
		t->cast[i].named = false;
	for (uint32_t i = 0; i < plan->with_count; i++) {
		struct fm_thing *thing = &t->memories[plan->with[i].memory];

		thing->class = plan->with[i].class;
		if (thing->class == FM_PACK_NONE)
			thing->index = (uint32_t)fm_permute(order, people++ % FM_CAST, FM_CAST);
		else
			thing->index = fm_teller_pick(t, thing->class);
	}
	t->months += fm_rng_below(&t->rng, 2);
}

/* Any word that a sentence brings in is another one than those the paragraph has in mind. */
static void keep_words_apart(struct fm_teller *t, const struct fm_pack_plan *plan)
{
	for (uint32_t i = 0; i < plan->with_count; i++) {
		const struct fm_thing thing = t->memories[plan->with[i].memory];

		if (thing.class != FM_PACK_NONE)
			t->used[t->used_count++] = (uint64_t)thing.class << 32 | thing.index;
	}
	t->kept_count = t->used_count;
}

/* Who says it stands before what is said: "Osbert: ". */
static void put_speaker(struct fm_teller *t, const struct fm_pack_step *step)
{
	const struct fm_term name = t->cast[t->memories[step->speaker].index].first;

	memcpy(t->out + t->len, name.ptr, name.len);
	memcpy(t->out + t->len + name.len, ": ", 2);
	t->len += name.len + 2;
}

/*
 * Where a step's sentence begins: in a segment of its own, or behind the paragraph's or the same
 * speaker's last one. A sentence but a paragraph's first brings the blank before it along.
 */
static void begin_step(struct fm_teller *t, const struct fm_pack_step *step, bool first,
                       struct fm_chapter *chapter)
{
	const enum fm_pack_segment unit = t->pack->segment;
	const bool speaks_on =
		!first && t->memories[FM_MEMORY_ME].index == t->memories[step->speaker].index;
	const bool joined = unit == FM_PACK_TURN ? speaks_on : !first && unit == FM_PACK_PARAGRAPH;

	if (!joined && !first && unit == FM_PACK_TURN) {
		t->out[t->len++] = '\n';
		chapter->segments[chapter->count - 1].text.len++;
	}
	if (!joined)
		chapter->segments[chapter->count++].text = fm_span_make(t->out + t->len, 0);
	if (unit == FM_PACK_TURN && !joined)
		put_speaker(t, step);
	else if (!first && !t->pack->no_space)
		t->out[t->len++] = ' ';
	if (unit != FM_PACK_TURN)
		return;
	t->memories[FM_MEMORY_ME] = t->memories[step->speaker];
	t->memories[FM_MEMORY_YOU] = t->memories[step->hearer];
}

static void tell_step(struct fm_teller *t, const struct fm_pack_plan *plan,
                      const struct fm_pack_step *step, bool first, struct fm_chapter *chapter)
{
	t->used_count = 0;
	t->subject_now = FM_PACK_NONE;
	t->gap = t->comma = t->article = false;
	t->capital = true;
	begin_step(t, step, first, chapter);
	keep_words_apart(t, plan);
	fm_teller_sentence(t, step->rule);
	t->subject = t->subject_now;

	struct fm_span *text = &chapter->segments[chapter->count - 1].text;

	text->len = (size_t)(t->out + t->len - text->ptr);
}

static const struct fm_pack_plan *draw_plan(struct fm_teller *t)
{
	const uint64_t at = fm_rng_below(&t->rng, t->pack->plan_weight);
	const struct fm_pack_plan *plan = t->pack->plans;

	while (plan->threshold <= at)
		plan++;
	return plan;
}

static bool told_of_late(const struct fm_teller *t, const struct fm_pack_plan *plan)
{
	for (size_t i = 0; i < FM_COUNT(t->plans); i++)
		if (t->plans[i] == plan)
			return true;
	return false;
}

static void tell_paragraph(struct fm_teller *t, struct fm_chapter *chapter)
{
	const struct fm_pack_plan *plan = draw_plan(t);
	const size_t first = chapter->count;

	for (int tries = 0; tries < 4 && told_of_late(t, plan); tries++)
		plan = draw_plan(t);
	t->plans[t->plan_count++ % FM_COUNT(t->plans)] = plan;
	begin_paragraph(t, plan);
	for (uint32_t i = 0; i < plan->step_count; i++) {
		const struct fm_pack_step *step = &plan->steps[i];
		uint64_t times = fm_rng_between(&t->rng, step->times_min, step->times_max);

		if (step->percent < 100 && fm_rng_below(&t->rng, 100) >= step->percent)
			times = 0;
		for (; times > 0; times--)
			tell_step(t, plan, step, chapter->count == first, chapter);
	}
	memcpy(t->out + t->len, "\n\n", 2);
	t->len += 2;
	chapter->segments[chapter->count - 1].text.len += 2;
}

struct fm_chapter fm_pack_chapter(const struct fm_pack *pack, uint64_t seed, uint64_t number,
                                  struct fm_arena *arena)
{
	struct fm_teller t = {.pack = pack, .seed = seed};
	struct fm_chapter chapter = {0};

	if (pack->root == FM_PACK_ROOT_TEXT)
		return fm_pack_text_chapter(pack, arena);
	if (pack->segment == FM_PACK_LINE)
		return fm_lines_chapter(pack, seed, number, arena);
	/* One piece: the arena keeps it for the next chapter. */
	chapter.segments =
		fm_arena_take(arena, SEGMENTS_BYTES + CHAPTER_BYTES_MIN +
	                                     pack->paragraph_bytes_max + 2 + FM_SETTLED_BYTES);
	t.out = (char *)chapter.segments + SEGMENTS_BYTES;
	begin_chapter(&t, number);
	for (int i = 0; i < PARAGRAPHS_MAX && t.len < CHAPTER_BYTES_MIN; i++)
		tell_paragraph(&t, &chapter);
	fm_arena_trim(arena, chapter.segments, SEGMENTS_BYTES + t.len + FM_SETTLED_BYTES);
	return chapter;
}
