#ifndef FATHOM_CORPUS_TOLD_INTERNAL_H
#define FATHOM_CORPUS_TOLD_INTERNAL_H

#include "lines_internal.h"

/*
 * Names that a chapter tells and speaks of again: the fields, constants and functions of a file of
 * source code. A list of them is a class whose words are made by the chapter itself.
 */

enum fm_told_form {
	FM_TOLD_PLAIN, /* as it was told, with '_' for a blank */
	FM_TOLD_WORDS, /* in small letters, with a blank for '_' */
	FM_TOLD_FORMS,
};

struct fm_told {
	uint32_t class;
	uint32_t drawn; /* the step in which it was drawn last */
	uint32_t bound; /* the same, under a name that the step keeps */
	struct fm_term forms[FM_TOLD_FORMS];
};

/* "field flag helper" behind "told": a list for each word. */
FM_MUST_CHECK enum fm_code fm_told_read(struct fm_pack *pack, struct fm_span rest,
                                        struct fm_pack_at at, struct fm_err *err);

/* In every chapter each list has a name when one is drawn from it. */
FM_MUST_CHECK enum fm_code fm_told_check(const struct fm_pack *pack,
                                         const struct fm_lines_chapter *kind, struct fm_err *err);

/* A step begins: what it draws is to be different, and differ from what it has in mind. */
void fm_told_begin_step(struct fm_teller *t, const struct fm_pack_plan *plan);

/* Tell the rule until it makes a name that the chapter has not, and add it to the list. */
void fm_told_tell(struct fm_teller *t, uint32_t class, uint32_t rule);

uint32_t fm_told_pick(struct fm_teller *t, uint32_t class);
struct fm_term fm_told_term(const struct fm_teller *t, uint32_t index, uint32_t form);

/* What was drawn is kept under a name: nothing else of this step is it. */
void fm_told_bind(struct fm_teller *t, struct fm_thing thing);

#endif
