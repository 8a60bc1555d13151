#include "test.h"

#include <stdlib.h>

#include "base/env.h"

static void test_get(void **state)
{
	(void)state;
	assert_int_equal(setenv("FATHOM_TEST_ENV", "value", 1), 0);
	assert_string_equal(fm_env_get("FATHOM_TEST_ENV"), "value");
	assert_int_equal(setenv("FATHOM_TEST_ENV", "", 1), 0);
	assert_null(fm_env_get("FATHOM_TEST_ENV"));
	assert_int_equal(setenv("FATHOM_TEST_ENV", "value", 1), 0);
	fm_env_drop("FATHOM_TEST_ENV");
	assert_null(getenv("FATHOM_TEST_ENV"));
	fm_env_drop("FATHOM_TEST_ENV");
	assert_null(fm_env_get("FATHOM_TEST_ENV"));
}

static struct folder_case {
	const char *name, *xdg, *home, *cache, *config, *data;
} folders[] = {
	{"home",                "",   "/h", "/h/.cache/fathom", "/h/.config/fathom", "/h/.local/share/fathom"},
	{"xdg wins",            "/x", "/h", "/x/fathom",        "/x/fathom",         "/x/fathom"             },
	{"relative is ignored", "x",  "/h", "/h/.cache/fathom", "/h/.config/fathom",
         "/h/.local/share/fathom"									    },
	{"neither",             "",   "",   NULL,               NULL,                NULL                    },
	{"xdg alone",           "/x", "",   "/x/fathom",        "/x/fathom",         "/x/fathom"             },
	{"relative, no home",   "x",  "",   NULL,               NULL,                NULL                    },
};

static void assert_text(const char *got, const char *want)
{
	if (want == NULL)
		assert_null(got);
	else
		assert_string_equal(got, want);
}

static void test_folder(void **state)
{
	const struct folder_case *c = *state;
	struct fm_arena arena = {0};

	assert_int_equal(setenv("XDG_CACHE_HOME", c->xdg, 1), 0);
	assert_int_equal(setenv("XDG_CONFIG_HOME", c->xdg, 1), 0);
	assert_int_equal(setenv("XDG_DATA_HOME", c->xdg, 1), 0);
	assert_int_equal(setenv("HOME", c->home, 1), 0);
	assert_text(fm_env_cache_folder(&arena), c->cache);
	assert_text(fm_env_config_folder(&arena), c->config);
	assert_text(fm_env_data_folder(&arena), c->data);
	fm_arena_free(&arena);
}

int main(void)
{
	struct CMUnitTest tests[7] = {cmocka_unit_test(test_get)};

	for (size_t i = 0; i < 6; i++)
		tests[1 + i] =
			(struct CMUnitTest){folders[i].name, test_folder, NULL, NULL, &folders[i]};
	return cmocka_run_group_tests_name("base/env", tests, NULL, NULL) != 0;
}
