#include "test.h"

#include <string.h>

#include "base/arena.h"
#include "base/macro.h"
#include "cli/haystack_facts.h"
#include "token/counter.h"

#define TEXT "Caf\xc3\xa9s open. The mark is K7Q2M9XD4. It rained."
#define NEEDLE "The mark is K7Q2M9XD4."

/* What was laid, and one thing that is off in it or in what was written. */
static struct verify_case {
	const char *name;
	const char *written; /* NULL: as it was laid */
	uint64_t tokens, at_bytes, at_chars, at_tokens;
	const char *want; /* NULL: nothing is off */
} cases[] = {
	{"as it was laid",       NULL,						   13, 13, 12, 4, NULL                                    },
	{"read back",            TEXT,						   13, 13, 12, 4, NULL                                    },
	{"another text",         "Caf\xc3\xa9s open. The mark is K7Q2M9XD5. It rained.", 13, 13, 12, 4,
         "its digest is "														       },
	{"cut short",            "Caf\xc3\xa9s open.",                                   13, 13, 12, 4, "its digest is "                        },
	{"too many tokens",      NULL,						   12, 13, 12, 4,
         "the document counts 13, and 12 were laid: 1 too many"										 },
	{"too few tokens",       NULL,						   14, 13, 12, 4,
         "the document counts 13, and 14 were laid: 1 too few"										  },
	{"at another byte",      NULL,						   13, 14, 12, 4, "the needle K7Q2M9XD4 is not at byte 14"},
	{"behind the end",       NULL,						   13, 90, 12, 4, "the needle K7Q2M9XD4 is not at byte 90"},
	{"at another character", NULL,						   13, 13, 13, 4,
         "the needle K7Q2M9XD4 has 12 characters before it, not 13"									     },
	{"at another token",     NULL,						   13, 13, 12, 5,
         "the needle K7Q2M9XD4 has 4 tokens before it, not 5"										   },
};

static void test_verify(void **state)
{
	const struct verify_case *c = *state;
	const struct fm_counter_place place = {0};
	struct fm_counter *counter = NULL;
	struct fm_arena arena = {0};
	struct fm_needle needle = {
		.value = fm_span_of("K7Q2M9XD4"),
		.text = fm_span_of(NEEDLE),
		.at_bytes = c->at_bytes,
		.at_chars = c->at_chars,
		.at_tokens = c->at_tokens,
	};
	struct fm_made made = {
		.prompt = {.document_tokens = c->tokens, .needles = &needle, .needle_count = 1},
	};
	struct fm_span written = {0};
	struct fm_err err = {0};
	enum fm_code rc;

	assert_int_equal(fm_counter_open("bytes/4", &place, &counter, &err), FM_OK);
	made.counter = counter;
	fm_rope_add_text(&made.document, &arena, fm_span_of(TEXT));
	if (c->written != NULL)
		written = fm_span_of(c->written);
	rc = fm_made_verify(&made, written, &arena, &err);
	assert_int_equal(rc, c->want == NULL ? FM_OK : FM_E_FORMAT);
	if (c->want != NULL && strstr(err.text, c->want) == NULL)
		fail_msg("%s", err.text);
	fm_counter_close(counter);
	fm_arena_free(&arena);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases)];

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){cases[i].name, test_verify, NULL, NULL, &cases[i]};
	return cmocka_run_group_tests_name("cli/haystack_verify", tests, NULL, NULL) != 0;
}
