#include "test.h"

#include "trial/needle.h"
#include "trial/spec.h"

static const struct {
	bool facts;
	const char *want;
} forms[] = {
	{false, "[{\"role\":\"target\",\"at_tokens\":65498,\"at_bytes\":301822,"
                "\"landed_ppm\":499987},{\"role\":\"decoy\",\"at_tokens\":0,\"at_bytes\":0,"
                "\"landed_ppm\":0}]"},
	{true,
         "[{\"role\":\"target\",\"key\":\"Oslo\",\"value\":\"K7Q2M9XD\","
         "\"text\":\"The \\\"code\\\" is K7Q2M9XD.\",\"depth_ppm\":500000,"
         "\"landed_ppm\":499987,\"at_tokens\":65498,\"at_bytes\":301822,"
         "\"at_chars\":301800,\"prompt_tokens\":65521,\"question_tokens\":44,\"len_bytes\":23,"
         "\"question\":\"What?\"},{\"role\":\"decoy\",\"key\":\"\","
         "\"value\":\"\",\"text\":\"\",\"depth_ppm\":null,\"landed_ppm\":0,\"at_tokens\":0,"
         "\"at_bytes\":0,\"at_chars\":0,\"prompt_tokens\":0,\"question_tokens\":0,"
         "\"len_bytes\":0}]"                       },
};

static void test_write(void **state)
{
	const struct fm_needle needles[] = {
		{
                 .role = FM_NEEDLE_TARGET,
                 .key = fm_span_of("Oslo"),
                 .value = fm_span_of("K7Q2M9XD"),
                 .text = fm_span_of("The \"code\" is K7Q2M9XD."),
                 .depth_ppm = 500000,
                 .landed_ppm = 499987,
                 .at_tokens = 65498,
                 .at_bytes = 301822,
                 .at_chars = 301800,
                 .prompt_tokens = 65521,
                 .question_tokens = 44,
                 .question = fm_span_of("What?"),
		 },
		{.role = FM_NEEDLE_DECOY, .depth_ppm = FM_DEPTH_NONE      },
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct fm_buf buf;
		struct fm_json_writer w = {.buf = &buf};

		fm_buf_init(&buf, 4096);
		fm_needles_write(needles, 2, forms[i].facts, NULL, &w);
		assert_string_equal(fm_buf_text(&buf), forms[i].want);
		fm_buf_free(&buf);
	}
}

static void test_none(void **state)
{
	struct fm_buf buf;
	struct fm_json_writer w = {.buf = &buf};

	(void)state;
	fm_buf_init(&buf, 64);
	fm_json_object(&w, NULL);
	fm_needles_write(NULL, 0, true, "needles", &w);
	fm_json_end_object(&w);
	assert_string_equal(fm_buf_text(&buf), "{\"needles\":[]}");
	fm_buf_free(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests_name("trial/needle", tests, NULL, NULL) != 0;
}
