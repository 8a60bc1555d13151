#ifndef FATHOM_CORPUS_PACK_SHAPE_INTERNAL_H
#define FATHOM_CORPUS_PACK_SHAPE_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "pack_class_internal.h"

/* What a pack is made of. */

#define FM_PACK_SENTENCE_BYTES_MAX 8000 /* of its longest, which hardly ever comes */
#define FM_PACK_STEPS_MAX 16            /* of one plan */
#define FM_PACK_SENTENCES_MAX 24        /* of one paragraph */
#define FM_PACK_MEMORIES_MAX 32         /* names such as @who, and as many names such as x: */
#define FM_PACK_WEIGHT_MAX 100000       /* of a rule's alternatives together */
#define FM_PACK_CLASSES_MAX 512
#define FM_PACK_NONE UINT32_MAX
#define FM_PACK_TEXT (UINT32_MAX - 1) /* in a class's place: a text that was kept in mind */

/* What may be cut: the words of `segment` in pack.yaml, in their order. */
enum fm_pack_segment {
	FM_PACK_SENTENCE,
	FM_PACK_PARAGRAPH,
	FM_PACK_TURN,
	FM_PACK_LINE, /* made by plans it is told as written: see lines.c */
};

/* What text is made by: the words of `root`. */
enum fm_pack_root {
	FM_PACK_ROOT_PLAN,
	FM_PACK_ROOT_TEXT, /* the lines of its files, again and again */
};

struct fm_pack_file {
	const char *name;
	struct fm_span text;
	bool included; /* by another, out of another pack */
};

/* One way to expand a rule: a run of operations, chosen below a running sum of weights. */
struct fm_pack_alternative {
	struct fm_span text;
	uint32_t ops;       /* index of the first operation */
	uint32_t threshold; /* of this weight and those before it */
	struct fm_pack_at at;
};

struct fm_pack_rule {
	struct fm_span name; /* empty for an inline choice */
	struct fm_pack_alternative *alternatives;
	uint32_t count;
	size_t capacity;
	uint32_t weight;
	uint32_t bytes_max; /* of its longest expansion */
	uint32_t memories;  /* that an expansion may speak of, one bit each */
	uint8_t visit;      /* 0 unseen, 1 being walked, 2 done */
	bool used;
	bool is_frame; /* rules are made out of it; it is never told itself */
	struct fm_pack_at at;
};

/* How a rule is drawn from: one of `weight` entries from `first` on; one alternative needs none. */
struct fm_pack_draw {
	uint32_t first; /* in the pack's table of starts */
	uint32_t weight;
};

struct fm_pack_step {
	uint32_t rule;
	uint32_t times_min;
	uint32_t times_max;
	uint32_t percent;
	uint32_t speaker; /* memories of a turn: who says it, and to whom */
	uint32_t hearer;
};

/* What a paragraph keeps in mind under a name: a person, a name or a word. */
struct fm_pack_memory {
	uint32_t memory; /* index of its name */
	uint32_t class;  /* FM_PACK_NONE is a person of the chapter's cast */
	uint32_t rule;   /* of FM_PACK_TEXT, the text that it is told as */
};

struct fm_pack_plan {
	struct fm_span name;
	uint32_t weight;
	uint32_t threshold;
	struct fm_span with_text;
	struct fm_span steps_text;
	struct fm_pack_memory with[FM_PACK_MEMORIES_MAX];
	uint32_t with_count;
	struct fm_pack_step steps[FM_PACK_STEPS_MAX];
	uint32_t step_count;
	struct fm_pack_at at;
};

/* What stands for a person: "he him his himself", and titles before the family name. */
#define FM_PACK_PRONOUNS 4
#define FM_PACK_TITLES_MAX 4
struct fm_pack_gender {
	struct fm_term pronouns[FM_PACK_PRONOUNS];
	struct fm_term titles[FM_PACK_TITLES_MAX];
	uint32_t title_count;
	uint32_t first_names; /* class */
};

/* A literal piece, and whether white space stood before and behind it. */
struct fm_literal {
	struct fm_term term; /* len 0: only white space */
	bool gap_before;
	bool gap_after;
};

#endif
