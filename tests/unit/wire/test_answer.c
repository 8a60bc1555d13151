#include "test.h"

#include "base/macro.h"
#include "wire/answer.h"

static const char models[] = "{\"object\":\"list\",\"data\":[{\"id\":\"m-1\",\"object\":\"model\","
			     "\"created\":5,\"owned_by\":"
			     "\"us\",\"max_model_len\":4096},{\"id\":\"m-2\",\"object\":\"model\","
			     "\"created\":5,\"owned_by\":"
			     "\"us\"}]}";

static void test_models(void **state)
{
	static const struct fm_answer_model rows[] = {
		{"m-1", "us", 5, 4096},
                {"m-2", "us", 5, 0   }
        };
	struct fm_buf buf;

	(void)state;
	fm_buf_init(&buf, 100000);
	fm_answer_put_models(&buf, rows, FM_COUNT(rows));
	assert_string_equal(fm_buf_text(&buf), models);
	fm_buf_clear(&buf);
	fm_answer_put_model(&buf, &rows[1]);
	assert_string_equal(
		fm_buf_text(&buf),
		"{\"id\":\"m-2\",\"object\":\"model\",\"created\":5,\"owned_by\":\"us\"}");
	fm_buf_free(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{"models", test_models, NULL, NULL, NULL},
	};

	return cmocka_run_group_tests_name("wire/answer", tests, NULL, NULL) != 0;
}
