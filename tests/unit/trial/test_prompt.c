#include "test.h"

#include <string.h>

#include "trial/prompt.h"

/* XXH3-128 of "system\x1fBe short.\x1euser\x1fone two\x1e", computed by another program. */
static const char want[] = "3a1cd598917b00e318bc47bfbfc87759";

static void assert_digest(const struct fm_prompt *prompt, const char *digest)
{
	char text[FM_ID_TEXT_MAX];

	assert_string_equal(fm_id_text(fm_prompt_digest(prompt), text), digest);
}

/* The digest does not see where a text is cut into pieces. */
static void test_digest(void **state)
{
	static const char user[] = "one two";
	struct fm_arena arena = {0};

	(void)state;
	for (size_t cut = 0; cut <= strlen(user); cut++) {
		struct fm_prompt prompt = {.count = 2};

		prompt.messages[0].role = FM_ROLE_SYSTEM;
		prompt.messages[1].role = FM_ROLE_USER;
		fm_rope_add_text(&prompt.messages[0].text, &arena, fm_span_of("Be short."));
		fm_rope_add_text(&prompt.messages[1].text, &arena, fm_span_make(user, cut));
		fm_rope_add_text(&prompt.messages[1].text, &arena, fm_span_of(user + cut));
		assert_digest(&prompt, want);
	}
	fm_arena_free(&arena);
}

static void test_empty(void **state)
{
	const struct fm_prompt prompt = {0};

	(void)state;
	assert_digest(&prompt, "99aa06d3014798d86001c324468d497f");
}

static void test_roles(void **state)
{
	(void)state;
	assert_string_equal(fm_role_name(FM_ROLE_SYSTEM), "system");
	assert_string_equal(fm_role_name(FM_ROLE_USER), "user");
	assert_string_equal(fm_role_name(FM_ROLE_ASSISTANT), "assistant");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_digest),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_roles),
	};

	return cmocka_run_group_tests_name("trial/prompt", tests, NULL, NULL) != 0;
}
