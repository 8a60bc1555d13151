#ifndef FATHOM_CORPUS_TELLER_INTERNAL_H
#define FATHOM_CORPUS_TELLER_INTERNAL_H

#include "base/clock.h"
#include "base/rng.h"
#include "corpus/corpus.h"
#include "pack_parts_internal.h"

#define FM_CAST 5       /* people of a chapter, out of a book's */
#define FM_BOOK_CAST 12 /* 16 numbers are set aside for each book */
#define FM_BOOK_NAMES 8 /* places of a book, and as many family names beside its people */
#define FM_BOOK_CHAPTERS 6
#define FM_SENTENCE_WORDS_MAX 64 /* that are kept in mind, so as not to stand twice */

#define FM_MADE_BYTES_MAX 160 /* of a value that is made instead of listed */
#define FM_RECENT_MAX 32      /* sentence frames: one that was just heard is not told again */

struct fm_person {
	const struct fm_pack_gender *gender;
	uint32_t gender_index;
	struct fm_term title; /* len 0: none */
	struct fm_term first;
	struct fm_term surname;
	uint32_t role;
	bool met;   /* named in this chapter */
	bool named; /* in this paragraph */
};

/* What a paragraph has in mind under one name: a person of the cast, or a word of a class. */
struct fm_thing {
	uint32_t class; /* FM_PACK_NONE is a person, FM_PACK_TEXT a text */
	uint32_t index;
};

/* One chapter while it is told. Small, and on the stack: any thread may tell any chapter. */
struct fm_teller {
	const struct fm_pack *pack;
	struct fm_rng rng;
	uint64_t seed;
	uint64_t book_seed;
	uint64_t chapter_seed;
	uint64_t book;
	uint64_t chapter;
	struct fm_arena *arena;

	char *out;
	size_t len;
	bool gap;      /* white space is due before the next word */
	bool capital;  /* the next letter is a capital */
	bool capitals; /* all letters of the next word are */
	bool comma;    /* a comma is due unless a mark follows */
	bool article;  /* an article is due, and is chosen by the next word */

	struct fm_person cast[FM_CAST];
	struct fm_thing memories[FM_PACK_MEMORIES_MAX];
	struct fm_thing variables[FM_PACK_MEMORIES_MAX];
	uint64_t used[FM_SENTENCE_WORDS_MAX]; /* words of this sentence */
	uint32_t used_count;
	uint32_t pools[FM_PACK_CLASSES_MAX]; /* where a class's pool begins in this chapter */
	uint32_t kept_count;                 /* of these, what the paragraph has in mind anyway */

	uint32_t last[2];     /* who was named last, by gender */
	uint32_t subject;     /* whom the last sentence was about */
	uint32_t subject_now; /* the same of this sentence */
	uint32_t pronouns;    /* how often in a row a pronoun stood for the subject */

	uint64_t recent[FM_RECENT_MAX]; /* sentence frames told last, a ring */
	uint32_t recent_count;
	const struct fm_pack_plan *plans[4]; /* of the last paragraphs */
	uint32_t plan_count;

	uint64_t months; /* the clock, since year 0 */

	/* Of a pack of lines. */
	const struct fm_lines_chapter *kind;
	struct fm_told *names; /* that the chapter has told */
	size_t name_count, name_capacity;
	uint32_t name_step;    /* counts steps and what is bound, so that draws differ */
	struct fm_span indent; /* what the lines of the rule that is being told begin with */
	size_t article_at;     /* where the article that is due was begun */
	struct fm_term *texts; /* told by rules and kept in mind */
	size_t text_count, text_capacity;
	uint32_t told[FM_PACK_CLASSES_MAX]; /* ids when this step began; pools counts them all */
	int64_t chapter_ms;                 /* the clock when the chapter began, and now */
	int64_t now_ms;
	int64_t stamp_day; /* whose date stands in `stamp` */
	char stamp[FM_TIME_TEXT_MAX];
	char made[FM_MADE_BYTES_MAX]; /* a made value, until the next one */
};

/* Write one word or piece of text: gaps, commas, articles and capitals are settled here. */
void fm_teller_write(struct fm_teller *t, struct fm_term term);
void fm_teller_write_number(struct fm_teller *t, uint64_t number, uint32_t width);
void fm_teller_article(struct fm_teller *t);

/* So many bytes stand behind the text: they become a part of it, with the capitals that are due. */
void fm_teller_add(struct fm_teller *t, uint32_t len);

void fm_teller_person(struct fm_teller *t, uint32_t person, enum fm_person_form form);
void fm_teller_rule(struct fm_teller *t, uint32_t rule);
void fm_teller_sentence(struct fm_teller *t, uint32_t rule); /* by a frame not told of late */
uint32_t fm_teller_pick(struct fm_teller *t, uint32_t class);
struct fm_term fm_teller_term(struct fm_teller *t, struct fm_thing thing, uint32_t form);

/* What stands in the output from `start` on is kept in mind too. */
struct fm_thing fm_teller_keep_text(struct fm_teller *t, size_t start);

/* The k-th name that a class of names has in this book. */
uint64_t fm_teller_book_name(const struct fm_teller *t, uint32_t class, uint64_t k);

/* One chapter of a pack: see fm_corpus_chapter. */
struct fm_chapter fm_pack_chapter(const struct fm_pack *pack, uint64_t seed, uint64_t number,
                                  struct fm_arena *arena);

#endif
