#include "dialect_support.h"

#define WHY "{\"role\":\"user\",\"content\":\"Why?\"}]}"

/* A text of three parts, as each dialect sends it: a list, or one text where there are no lists. */
static const char chat[] = "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\","
			   "\"text\":\"on\"},{\"type\":\"text\",\"text\":\"e \\\"t\\\"\"},"
			   "{\"type\":\"text\",\"text\":\"wo\"}]}," WHY;
static const char responses[] =
	"\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"on\"},"
	"{\"type\":\"input_text\",\"text\":\"e \\\"t\\\"\"},{\"type\":\"input_text\",\"text\":"
	"\"wo\"}]}," WHY;
static const char joined[] =
	"\"messages\":[{\"role\":\"user\",\"content\":\"one \\\"t\\\"wo\"}," WHY;

static struct parts_case {
	const char *dialect;
	const char *want;
} cases[] = {
	{"openai-chat",      chat     },
	{"openai-responses", responses},
	{"ollama",           joined   },
};

static void test_body(void **state)
{
	static const size_t ends[] = {1, 2, 4};
	const struct parts_case *c = *state;
	struct fm_arena arena = {0};
	struct fm_prompt prompt = {.count = 1};
	struct fm_message *message = &prompt.messages[0];
	struct fm_bytes_place place = {0};
	struct fm_bytes body = {0};
	struct fm_json json = {0};
	struct fm_err err;
	char text[1000];
	size_t len;

	message->role = FM_ROLE_USER;
	fm_rope_add_text(&message->text, &arena, fm_span_of("on"));
	fm_rope_add_text(&message->text, &arena, fm_span_of("e \"t\""));
	fm_rope_add_text(&message->text, &arena, fm_span_of("w"));
	fm_rope_add_text(&message->text, &arena, fm_span_of("o"));
	message->part_ends = ends;
	message->part_count = FM_COUNT(ends);
	add_message(&prompt, &arena, FM_ROLE_USER, "Why?");
	fm_dialect_body(fm_dialect_find(c->dialect), &prompt, "{\"model\":\"m\"}", &arena, &body);
	len = fm_bytes_read(&body, &place, text, sizeof text);
	assert_int_equal(len, body.len);
	text[len] = '\0';
	assert_string_equal(text + strlen("{\"model\":\"m\","), c->want);
	assert_int_equal(fm_json_open(fm_span_make(text, len), &json, &err), FM_OK);
	fm_json_close(&json);
	fm_arena_free(&arena);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases)];

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){cases[i].dialect, test_body, NULL, NULL, &cases[i]};
	return cmocka_run_group_tests_name("wire/parts", tests, NULL, NULL) != 0;
}
