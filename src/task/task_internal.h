#ifndef FATHOM_TASK_TASK_INTERNAL_H
#define FATHOM_TASK_TASK_INTERNAL_H

#include "task/task.h"
#include "words_internal.h"

struct fm_task {
	struct fm_arena arena;
	struct fm_task_spec spec; /* its name borrowed from the arena, its keys as they count */
	struct fm_words words;
	const char *id;
	const char *grader; /* the id without settings */
};

#endif
