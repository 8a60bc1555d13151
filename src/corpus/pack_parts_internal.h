#ifndef FATHOM_CORPUS_PACK_PARTS_INTERNAL_H
#define FATHOM_CORPUS_PACK_PARTS_INTERNAL_H

#include "corpus/corpus.h"
#include "pack_internal.h"

/* What the files that read, compile, check and tell a pack share. */

enum fm_op {
	FM_OP_END,
	FM_OP_LITERAL,  /* literal */
	FM_OP_WORD,     /* class, form */
	FM_OP_RULE,     /* rule */
	FM_OP_MEMORY,   /* memory, form */
	FM_OP_PERSON,   /* memory, enum fm_person_form */
	FM_OP_BIND,     /* variable, class, form */
	FM_OP_VARIABLE, /* variable, form */
	FM_OP_NUMBER,   /* low, high, step, width */
	FM_OP_YEAR,     /* least and most years before the clock's */
	FM_OP_MONTH,    /* 1 first moves the clock on */
	FM_OP_ARTICLE,
	FM_OP_CAPITAL,
	FM_OP_COMMA,    /* unless a mark follows */
	FM_OP_TEXT,     /* variable, rule: what it is told as is kept */
	FM_OP_TICK,     /* mean gap in ms */
	FM_OP_TOLD,     /* class, rule: what it is told as is added to the list */
	FM_OP_CAPITALS, /* of the next word all letters */
};

#define FM_RARE_EVERY 20         /* one word of a class in so many is a rare one */
#define FM_REPEATS_PPM_MAX 10000 /* a hundredth: what a pack may promise to be unique by */

/* In a pack of turns who speaks and who is spoken to; before them is @self. */
#define FM_MEMORY_ME 1
#define FM_MEMORY_YOU 2

#define FM_FORM_APART (1U << 31) /* of a memory: another word of its class once it is said */

enum fm_person_form {
	FM_PERSON_SUBJECT,
	FM_PERSON_OBJECT,
	FM_PERSON_HE,
	FM_PERSON_HIM,
	FM_PERSON_HIS,
	FM_PERSON_HIMSELF,
	FM_PERSON_FULL,
	FM_PERSON_SHORT,
	FM_PERSON_FIRST,
	FM_PERSON_SURNAME,
	FM_PERSON_ROLE,
};

/* Its parts, each in a file of its own, in the order in which they are called. */
FM_MUST_CHECK enum fm_code fm_pack_read_head(struct fm_pack *pack, struct fm_span text,
                                             struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_pack_read_lines(struct fm_pack *pack, const struct fm_pack_file *file,
                                              struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_pack_make_names(struct fm_pack *pack, struct fm_span declaration,
                                              struct fm_pack_at at, struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_pack_add_word(struct fm_pack *pack, struct fm_pack_class *class,
                                            struct fm_span text, struct fm_pack_at at,
                                            struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_pack_compile(struct fm_pack *pack, struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_pack_compile_plan(struct fm_pack *pack, struct fm_pack_plan *plan,
                                                struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_pack_compile_plans(struct fm_pack *pack, struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_pack_check(struct fm_pack *pack, struct fm_err *err);

/* Finds how long a rule may get, and what it speaks of; it must not lead to itself. */
FM_MUST_CHECK enum fm_code fm_pack_measure_rule(struct fm_pack *pack, uint32_t index,
                                                struct fm_err *err);

/* The most that a plan may come to. */
struct fm_pack_plan_size {
	uint32_t sentences;
	uint32_t bytes;
};

/* Its rules are measured, and speak of nothing that neither it nor `bound` keeps in mind. */
FM_MUST_CHECK enum fm_code fm_pack_check_plan(struct fm_pack *pack, const struct fm_pack_plan *plan,
                                              uint32_t bound, struct fm_pack_plan_size *ret_size,
                                              struct fm_err *err);

FM_MUST_CHECK enum fm_code fm_pack_weigh(struct fm_pack *pack, struct fm_err *err);

/* How many of so many sentences would stand twice, in millionths. */
uint64_t fm_pack_repeats_ppm(const struct fm_pack *pack, uint64_t sentences);

/* Move what is told into one table; classes and literals stay what they are. The last step. */
void fm_pack_settle(struct fm_pack *pack);

/* Marks of special tokens and of markup, which filler may not hold: is there one? */
bool fm_pack_has_markup(struct fm_span text);

/* A pack whose root is text: its lines as they stand, and a chapter of them. */
FM_MUST_CHECK enum fm_code fm_pack_read_text(struct fm_pack *pack, const char *file,
                                             struct fm_span text, struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_pack_check_text(const struct fm_pack *pack, struct fm_err *err);
struct fm_chapter fm_pack_text_chapter(const struct fm_pack *pack, struct fm_arena *arena);

/* The fence around a pack's text: see pack_fence.c. */
FM_MUST_CHECK enum fm_code fm_pack_read_fence(struct fm_pack *pack, struct fm_span what,
                                              struct fm_span rest, struct fm_pack_at at,
                                              struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_pack_check_words(const struct fm_pack *pack, struct fm_span text,
                                               struct fm_pack_at at, struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_pack_check_alternative(const struct fm_pack *pack,
                                                     const struct fm_pack_alternative *one,
                                                     struct fm_err *err);
/* One letter more, less or another turns one word into the other, and case does not matter. */
bool fm_pack_is_near(struct fm_span a, struct fm_span b);
bool fm_pack_name_is_clear(const struct fm_pack *pack, struct fm_span name);
/* A file of a folder, read whole and known to be UTF-8; it goes into the pack's digest. */
FM_MUST_CHECK enum fm_code fm_pack_read_file(struct fm_pack *pack, const char *folder,
                                             const char *name, struct fm_pack_file *ret_file,
                                             struct fm_err *err);
void fm_pack_keep_file(struct fm_pack *pack, struct fm_pack_file file);

/* Read and keep the files that its lines "include prose-en/11-things.pack" name. */
FM_MUST_CHECK enum fm_code fm_pack_include(struct fm_pack *pack, const struct fm_pack_file *file,
                                           struct fm_err *err);

/* Declarations of how a language is written; false: `what` is none of them. */
bool fm_pack_read_script(struct fm_pack *pack, struct fm_span what, struct fm_span rest,
                         struct fm_pack_at at, enum fm_code *ret_rc, struct fm_err *err);

/* The index of what has that name, or FM_PACK_NONE. */
uint32_t fm_pack_find_kind(const struct fm_pack *pack, struct fm_span name);
uint32_t fm_pack_find_class(const struct fm_pack *pack, struct fm_span name);
uint32_t fm_pack_find_rule(const struct fm_pack *pack, struct fm_span name);
uint32_t fm_pack_find_memory(const struct fm_pack *pack, struct fm_span name);
uint32_t fm_pack_find_form(const struct fm_pack_kind *kind, struct fm_span form);

/* Words behind which white space stands are taken off `rest`; an empty word is the end. */
struct fm_span fm_pack_take_word(struct fm_span *rest);

/* How many numbers follow the operation of that name. */
static inline uint32_t fm_op_arguments(uint32_t op)
{
	static const uint8_t counts[FM_OP_CAPITALS + 1] = {
		[FM_OP_LITERAL] = 1, [FM_OP_WORD] = 2,  [FM_OP_RULE] = 1,     [FM_OP_MEMORY] = 2,
		[FM_OP_PERSON] = 2,  [FM_OP_BIND] = 3,  [FM_OP_VARIABLE] = 2, [FM_OP_NUMBER] = 4,
		[FM_OP_YEAR] = 2,    [FM_OP_MONTH] = 1, [FM_OP_TEXT] = 2,     [FM_OP_TICK] = 1,
		[FM_OP_TOLD] = 2,
	};

	return counts[op];
}

#endif
