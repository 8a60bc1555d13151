#include "task_support.h"

#include "base/macro.h"

static struct id_case {
	const char *task;
	uint32_t keys;
	enum fm_control control;
	const char *id;
} ids[] = {
	{"niah",     0,  FM_CONTROL_NONE,        "niah/2"                             },
	{"niah",     0,  FM_CONTROL_NO_NEEDLE,   "niah/2;control=no_needle"           },
	{"niah",     0,  FM_CONTROL_NO_HAYSTACK, "niah/2;control=no_haystack"         },
	{"multikey", 0,  FM_CONTROL_NONE,        "multikey/2;keys=8"                  },
	{"multikey", 32, FM_CONTROL_NONE,        "multikey/2;keys=32"                 },
	{"multikey", 4,  FM_CONTROL_NO_NEEDLE,   "multikey/2;keys=4;control=no_needle"},
};

static void test_id(void **state)
{
	const struct id_case *c = *state;
	struct fm_task *task = task_open(c->task, c->keys, c->control);
	struct fm_task *same = NULL;
	struct fm_arena arena = {0};
	struct fm_err err;

	assert_string_equal(fm_task_id(task), c->id);
	assert_ok(fm_task_open_id(c->id, own_corpora(&arena), &same, &err), &err);
	assert_string_equal(fm_task_id(same), c->id);
	assert_true(fm_id_equal(fm_task_pack(task), fm_task_pack(same)));
	assert_false(fm_id_is_none(fm_task_pack(task)));
	assert_false(fm_id_is_none(fm_task_system(task)));
	fm_task_close(task);
	fm_task_close(same);
	fm_arena_free(&arena);
}

static struct wrong_id {
	const char *id;
	enum fm_code code;
} wrong_ids[] = {
	{"",		     FM_E_USAGE  },
	{"nosuch/1",             FM_E_USAGE  },
	{"niah/1;keys=8",        FM_E_USAGE  },
	{"niah/1;control=some",  FM_E_USAGE  },
	{"niah/1;colour=red",    FM_E_USAGE  },
	{"multikey/1;keys=8888", FM_E_USAGE  },
	{"multikey/1;keys=1",    FM_E_USAGE  },
	{"niah/999",             FM_E_CHANGED},
	{"niah",		 FM_E_CHANGED},
};

static void test_wrong_id(void **state)
{
	const struct wrong_id *c = *state;
	struct fm_task *task = NULL;
	struct fm_arena arena = {0};
	struct fm_err err;

	assert_int_equal(fm_task_open_id(c->id, own_corpora(&arena), &task, &err), c->code);
	assert_null(task);
	fm_arena_free(&arena);
}

static void test_usage(void **state)
{
	struct fm_task_spec spec = {"nihah", 0, FM_CONTROL_NONE};
	struct fm_task *task = NULL;
	struct fm_arena arena = {0};
	struct fm_err err;

	(void)state;
	assert_int_equal(fm_task_open(&spec, own_corpora(&arena), &task, &err), FM_E_USAGE);
	assert_string_equal(err.text, "no task is named \"nihah\"; there are niah, multikey");
	spec = (struct fm_task_spec){"multikey", 1, FM_CONTROL_NONE};
	assert_int_equal(fm_task_open(&spec, own_corpora(&arena), &task, &err), FM_E_USAGE);
	assert_string_equal(err.text, "task multikey: keys is 2 to 1000, not 1");
	fm_task_close(NULL);
	fm_arena_free(&arena);
}

int main(void)
{
	struct CMUnitTest tests[1 + FM_COUNT(ids) + FM_COUNT(wrong_ids)] = {
		cmocka_unit_test(test_usage)};
	size_t count = 1;

	for (size_t i = 0; i < FM_COUNT(ids); i++)
		tests[count++] = (struct CMUnitTest){ids[i].id, test_id, NULL, NULL, &ids[i]};
	for (size_t i = 0; i < FM_COUNT(wrong_ids); i++)
		tests[count++] = (struct CMUnitTest){wrong_ids[i].id, test_wrong_id, NULL, NULL,
		                                     &wrong_ids[i]};
	return cmocka_run_group_tests_name("task/task", tests, NULL, NULL) != 0;
}
