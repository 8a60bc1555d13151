#include "test.h"

#include "text/json.h"
#include "text/json_write.h"

/* One of everything, in the order of the calls, and our own reader takes it. */
static void test_all(void **state)
{
	static const char want[] =
		"{\"text\":\"a\\\"\\n\",\"string\":\"b\",\"none\":null,\"u64\":"
		"18446744073709551615,"
		"\"i64\":-9223372036854775808,\"hex\":\"00000000000000ff\",\"real\":0.1,"
		"\"yes\":true,\"no\":false,\"null\":null,"
		"\"id\":\"000000000000000100000000000000a0\",\"no_id\":null,\"raw\":{\"x\":[]},"
		"\"list\":[1,[],{},\"two\\\\xff\\\"\",{\"a\":1}],\"o\":{},\"quote\\\"d\":0}";
	const struct fm_id id = {.high = 1, .low = 0xa0};
	struct fm_buf buf;
	struct fm_json_writer w = {.buf = &buf};
	struct fm_json json = {0};
	struct fm_err err;

	(void)state;
	fm_buf_init(&buf, 4096);
	fm_json_object(&w, NULL);
	fm_json_text(&w, "text", fm_span_of("a\"\n"));
	fm_json_string(&w, "string", "b");
	fm_json_string(&w, "none", NULL);
	fm_json_u64(&w, "u64", UINT64_MAX);
	fm_json_i64(&w, "i64", INT64_MIN);
	fm_json_hex64(&w, "hex", 255);
	fm_json_real(&w, "real", 0.1);
	fm_json_bool(&w, "yes", true);
	fm_json_bool(&w, "no", false);
	fm_json_null(&w, "null");
	fm_json_id(&w, "id", id);
	fm_json_id(&w, "no_id", (struct fm_id){0});
	fm_json_raw(&w, "raw", fm_span_of("{\"x\":[]}"));
	fm_json_list(&w, "list");
	fm_json_u64(&w, NULL, 1);
	fm_json_list(&w, NULL);
	fm_json_end_list(&w);
	fm_json_object(&w, NULL);
	fm_json_end_object(&w);
	fm_json_string(&w, NULL, "two\xff\"");
	fm_json_object(&w, NULL);
	fm_json_i64(&w, "a", 1);
	fm_json_end_object(&w);
	fm_json_end_list(&w);
	fm_json_object(&w, "o");
	fm_json_end_object(&w);
	fm_json_u64(&w, "quote\"d", 0);
	fm_json_end_object(&w);
	assert_string_equal(fm_buf_text(&buf), want);
	assert_int_equal(fm_json_open(fm_buf_span(&buf), &json, &err), FM_OK);
	fm_json_close(&json);
	fm_buf_free(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
	};

	return cmocka_run_group_tests_name("text/json_write", tests, NULL, NULL) != 0;
}
