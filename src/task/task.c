#include "task/task.h"

#include "base/memory.h"
#include "base/num.h"
#include "haystack/guard.h"
#include "task_internal.h"

#define KEYS_DEFAULT 8

static const char *const control_names[] = {"none", "no_needle", "no_haystack"};

/* A task's name is also that of its file of words. */
static const struct task_kind {
	const char *name;
	bool has_keys;
} kinds[] = {
	{"niah",     false},
	{"multikey", true },
};

static enum fm_code check_spec(struct fm_task_spec *spec, struct fm_err *err)
{
	const struct task_kind *kind = NULL;

	for (size_t i = 0; i < FM_COUNT(kinds); i++)
		if (fm_span_is(fm_span_of(spec->name), kinds[i].name))
			kind = &kinds[i];
	if (kind == NULL)
		return fm_fail(err, FM_E_USAGE,
		               "no task is named \"%.60s\"; there are niah, multikey", spec->name);
	if (!kind->has_keys && spec->keys != 0)
		return fm_fail(err, FM_E_USAGE, "task %s has no setting \"keys\"", kind->name);
	if (kind->has_keys && spec->keys == 0)
		spec->keys = KEYS_DEFAULT;
	if (kind->has_keys && (spec->keys < 2 || spec->keys > FM_NEEDLES_MAX))
		return fm_fail(err, FM_E_USAGE, "task %s: keys is 2 to %d, not %u", kind->name,
		               FM_NEEDLES_MAX, (unsigned)spec->keys);
	spec->name = kind->name;
	return FM_OK;
}

static void name_task(struct fm_task *task)
{
	const struct fm_task_spec *spec = &task->spec;
	const unsigned long long version = task->words.version;

	task->grader = fm_arena_format(&task->arena, "%s/%llu", spec->name, version);
	task->id = task->grader;
	if (spec->keys > 0)
		task->id =
			fm_arena_format(&task->arena, "%s;keys=%u", task->id, (unsigned)spec->keys);
	else
		task->spec.keys = 1; /* the target's own */
	if (spec->control != FM_CONTROL_NONE)
		task->id = fm_arena_format(&task->arena, "%s;control=%s", task->id,
		                           control_names[spec->control]);
}

enum fm_code fm_task_open(const struct fm_task_spec *spec, const char *corpora_folder,
                          struct fm_task **ret_task, struct fm_err *err)
{
	struct fm_task *task = fm_memory_take(sizeof *task);
	enum fm_code rc;

	task->spec = *spec;
	rc = check_spec(&task->spec, err);
	if (rc == FM_OK)
		rc = fm_words_read(corpora_folder, task->spec.name, &task->arena, &task->words,
		                   err);
	if (rc != FM_OK)
		goto out;
	name_task(task);
	*ret_task = task;
	task = NULL;
out:
	fm_task_close(task);
	return rc;
}

void fm_task_close(struct fm_task *task)
{
	if (task == NULL)
		return;
	fm_arena_free(&task->arena);
	fm_memory_free(task);
}

const char *fm_task_id(const struct fm_task *task)
{
	return task->id;
}

struct fm_id fm_task_pack(const struct fm_task *task)
{
	return task->words.digest;
}

struct fm_id fm_task_system(const struct fm_task *task)
{
	return task->words.system.len > 0 ? fm_hash128(task->words.system) : (struct fm_id){0};
}

enum fm_code fm_task_open_guard(const struct fm_task *task, const struct fm_haystack *haystack,
                                struct fm_guard **ret_guard, struct fm_err *err)
{
	const struct fm_words *words = &task->words;
	const struct fm_guard_words keys = {words->adjectives.items, words->adjectives.count,
	                                    words->nouns.items, words->nouns.count};

	return fm_guard_open(haystack, &keys, ret_guard, err);
}

static bool read_setting(struct fm_span setting, struct fm_task_spec *spec)
{
	uint64_t keys;

	if (fm_span_starts(setting, "keys=")) {
		if (!fm_num_u64(fm_span_skip(setting, 5), &keys) || keys > FM_NEEDLES_MAX)
			return false;
		spec->keys = (uint32_t)keys;
		return true;
	}
	if (!fm_span_starts(setting, "control="))
		return false;
	for (size_t i = 1; i < FM_COUNT(control_names); i++) {
		if (!fm_span_is(fm_span_skip(setting, 8), control_names[i]))
			continue;
		spec->control = (enum fm_control)i;
		return true;
	}
	return false;
}

enum fm_code fm_task_open_id(const char *id, const char *corpora_folder, struct fm_task **ret_task,
                             struct fm_err *err)
{
	struct fm_arena arena = {0};
	struct fm_task_spec spec = {0};
	struct fm_task *task = NULL;
	struct fm_span rest = fm_span_of(id);
	struct fm_span part = {0};
	bool good = fm_span_split(&rest, ';', &part);
	enum fm_code rc = FM_OK;

	spec.name = fm_arena_text(&arena, fm_span_first(part, fm_span_find_byte(part, '/')));
	while (good && fm_span_split(&rest, ';', &part))
		good = read_setting(part, &spec);
	if (!good) {
		rc = fm_fail(err, FM_E_USAGE, "\"%.120s\" is no task's identity", id);
		goto out;
	}
	rc = fm_task_open(&spec, corpora_folder, &task, err);
	if (rc != FM_OK)
		goto out;
	if (!fm_span_is(fm_span_of(id), task->id)) {
		rc = fm_fail(err, FM_E_CHANGED, "task %.120s is %s here", id, task->id);
		goto out;
	}
	*ret_task = task;
	task = NULL;
out:
	fm_task_close(task);
	fm_arena_free(&arena);
	return rc;
}
