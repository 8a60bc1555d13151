#ifndef FATHOM_CORPUS_LINES_SHAPE_INTERNAL_H
#define FATHOM_CORPUS_LINES_SHAPE_INTERNAL_H

#include <stdint.h>

#include "pack_shape_internal.h"

/* What only a pack of lines is made of, beside values that are made instead of listed. */

#define FM_LINES_TEXT_KIND 0U    /* the first kind of each such pack: "text", of one form */
#define FM_LINES_BYTES 8000      /* a chapter begins nothing behind so many, if it does not say */
#define FM_LINES_BYTES_MAX 12000 /* what it may say */
#define FM_LINES_TOGETHER_MAX 16 /* plans told at once */
#define FM_LINES_NAMES 16        /* of a class that a chapter mostly speaks of */
#define FM_LINES_STEPS_MAX 400   /* of one plan, as often as they may be told */
#define FM_LINES_TEXT_BYTES_MAX 400 /* of a rule's text that is kept in mind */
#define FM_LINES_INDENT_MAX 64      /* white space that a rule's lines take over */
#define FM_LINES_TICKS_MAX 8192     /* of one chapter: the ms that its clock keeps back for them */

/* A plan that a chapter is made of, and how often. */
struct fm_lines_plan {
	uint32_t plan;
	uint32_t threshold; /* of its weight and those before it */
};

struct fm_lines_chapter {
	struct fm_span name;
	uint32_t threshold;
	struct fm_span first_text;
	struct fm_span plans_text;
	struct fm_pack_plan open;  /* steps at its start, and what it keeps in mind */
	struct fm_pack_plan close; /* steps at its end */
	uint32_t *first;           /* plans told once each, in this order, before the others */
	uint32_t first_count;
	struct fm_lines_plan *plans;
	uint32_t plan_count;
	uint32_t plan_weight;
	uint32_t together;
	uint32_t bytes;
	uint32_t bytes_max; /* that it may grow to */
	struct fm_pack_at at;
};

/* When a chapter's time begins, and how it goes on. */
struct fm_lines_clock {
	uint32_t year_first; /* 0 is no clock */
	uint32_t year_last;
	uint32_t chapter_ms;
	uint32_t gap_ms; /* mean */
};

#endif
