#ifndef FATHOM_TASK_LAYOUT_H
#define FATHOM_TASK_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "trial/prompt.h"

struct fm_haystack;
struct fm_question;

#define FM_LAYOUT_DEFAULT "document-first/1"

struct fm_layout_spec {
	const char *layout;      /* FM_LAYOUT_DEFAULT, "question-first/1", "both-ends/1" */
	uint64_t length;         /* tokens */
	bool length_of_document; /* the length is the document's alone, not all messages' */
	const char *salt;        /* "" or a line that goes first and defeats prompt caches */
};

/*
 * Join system words, document, instruction and question into the messages that are sent (D5), with
 * the document as long as it takes to make the whole exactly spec->length tokens.
 *
 * Memory  in `arena`; borrows the haystack and the question
 * Errors  FM_E_LIMIT  the words alone are longer; FM_E_SEAM; FM_E_USAGE  no such layout
 */
FM_MUST_CHECK enum fm_code fm_layout_make(const struct fm_haystack *haystack,
                                          const struct fm_question *question,
                                          const struct fm_layout_spec *spec, struct fm_arena *arena,
                                          struct fm_prompt *ret_prompt, struct fm_err *err);

#endif
