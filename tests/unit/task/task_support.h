#ifndef FATHOM_UNIT_TASK_TASK_SUPPORT_H
#define FATHOM_UNIT_TASK_TASK_SUPPORT_H

#include "test.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/env.h"
#include "task/task.h"
#include "trial/spec.h"

static inline void assert_ok(enum fm_code rc, const struct fm_err *err)
{
	if (rc != FM_OK)
		fail_msg("%s", err->text);
}

static inline const char *own_corpora(struct fm_arena *arena)
{
	return fm_arena_format(arena, "%s/corpora", fm_env_get("FATHOM_TEST_DATA"));
}

static inline struct fm_task *task_open(const char *name, uint32_t keys, enum fm_control control)
{
	const struct fm_task_spec spec = {name, keys, control};
	struct fm_arena arena = {0};
	struct fm_task *task = NULL;
	struct fm_err err;

	assert_ok(fm_task_open(&spec, own_corpora(&arena), &task, &err), &err);
	fm_arena_free(&arena);
	return task;
}

#endif
