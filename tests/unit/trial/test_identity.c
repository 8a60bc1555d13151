#include "test.h"

#include "trial/spec.h"

/* The identities below are XXH3-128 of these very lines, computed by another program. */
static const char prompt_lines[] = "fathom-prompt/1\n"
				   "corpus=0123456789abcdeffedcba9876543210\n"
				   "engine=1\n"
				   "hay_seed=18446744073709551615\n"
				   "tokenizer=bytes/4@00000000000000000000000000000abc\n"
				   "length=131072\n"
				   "length_of=prompt\n"
				   "layout=document-first/1\n"
				   "task=multikey/1;keys=8\n"
				   "pack=000000000000000000000000000000ff\n"
				   "depth_ppm=500000\n"
				   "repeat=3\n"
				   "value_seed=42\n"
				   "salt=a%0Ab%0D100%25\n"
				   "system=00000000000000000000000000000000\n";
static const char prompt_id[] = "f7012572eac3c1640c54ac52356427a1";

static const char trial_lines[] = "fathom-trial/1\n"
				  "prompt_id=f7012572eac3c1640c54ac52356427a1\n"
				  "dialect=openai-chat\n"
				  "origin=http://127.0.0.1:8000/v1\n"
				  "model=ä/b\n"
				  "route=\n"
				  "parts=\n"
				  "params={\"max_tokens\":256,\"temperature\":0}\n";
static const char trial_id[] = "980f486ed363add8a7c0f653237a4f75";

static const char pair_lines[] = "fathom-pair/1\n"
				 "task=multikey/1;keys=8\n"
				 "corpus=0123456789abcdeffedcba9876543210\n"
				 "run_seed=7\n"
				 "length=131072\n"
				 "depth_ppm=none\n"
				 "repeat=3\n";
static const char pair_id[] = "4559f6d83460bab2a73f996b60eaa9a3";

static struct fm_trial_spec make_spec(void)
{
	return (struct fm_trial_spec){
		.prompt =
			{
				 .corpus = {0x0123456789abcdef, 0xfedcba9876543210},
				 .engine = 1,
				 .hay_seed = UINT64_MAX,
				 .tokenizer = "bytes/4@00000000000000000000000000000abc",
				 .length = 131072,
				 .length_of = "prompt",
				 .layout = "document-first/1",
				 .task = "multikey/1;keys=8",
				 .pack = {0, 0xff},
				 .depth_ppm = 500000,
				 .repeat = 3,
				 .value_seed = 42,
				 .salt = "a\nb\r100%",
				 },
		.dialect = "openai-chat",
		.origin = "http://127.0.0.1:8000/v1",
		.model = "ä/b",
		.route = "",
		.parts = "",
		.params = "{\"max_tokens\":256,\"temperature\":0}",
	};
}

static void assert_id(struct fm_id id, const char *lines, const char *want)
{
	char text[FM_ID_TEXT_MAX];

	assert_string_equal(fm_id_text(id, text), want);
	assert_true(fm_id_equal(id, fm_hash128(fm_span_of(lines))));
}

static void test_lines(void **state)
{
	struct fm_trial_spec spec = make_spec();

	(void)state;
	assert_id(fm_prompt_id(&spec.prompt), prompt_lines, prompt_id);
	assert_id(fm_trial_id(&spec), trial_lines, trial_id);
	spec.prompt.depth_ppm = FM_DEPTH_NONE;
	assert_id(fm_pair_id(&spec.prompt, 7), pair_lines, pair_id);
}

#define CHANGED(field, value)                                                       \
	do {                                                                        \
		struct fm_trial_spec other = make_spec();                           \
		other.field = value;                                                \
		assert_false(fm_id_equal(fm_trial_id(&other), fm_trial_id(&spec))); \
	} while (0)

/* There is no member that an identity does not see. */
static void test_every_member_counts(void **state)
{
	const struct fm_trial_spec spec = make_spec();

	(void)state;
	CHANGED(prompt.corpus.low, 1);
	CHANGED(prompt.engine, 2);
	CHANGED(prompt.hay_seed, 1);
	CHANGED(prompt.tokenizer, "bytes/3");
	CHANGED(prompt.length, 1);
	CHANGED(prompt.length_of, "document");
	CHANGED(prompt.layout, "both-ends/1");
	CHANGED(prompt.task, "niah/1");
	CHANGED(prompt.pack.high, 1);
	CHANGED(prompt.depth_ppm, 0);
	CHANGED(prompt.depth_ppm, FM_DEPTH_NONE);
	CHANGED(prompt.repeat, 0);
	CHANGED(prompt.value_seed, 0);
	CHANGED(prompt.salt, "");
	CHANGED(prompt.system.low, 1);
	CHANGED(dialect, "");
	CHANGED(origin, "http://127.0.0.1:8001/v1");
	CHANGED(model, "b");
	CHANGED(route, "x");
	CHANGED(parts, "x");
	CHANGED(params, "{}");
}

/* A pair is the same trial at two endpoints: what the pair does not name must not change it. */
static void test_pair_ignores_the_endpoint(void **state)
{
	struct fm_trial_spec spec = make_spec();
	const struct fm_id id = fm_pair_id(&spec.prompt, 7);

	(void)state;
	spec.prompt.hay_seed = 5;
	spec.prompt.value_seed = 6;
	spec.prompt.tokenizer = "bytes/3";
	assert_true(fm_id_equal(fm_pair_id(&spec.prompt, 7), id));
	assert_false(fm_id_equal(fm_pair_id(&spec.prompt, 8), id));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_every_member_counts),
		cmocka_unit_test(test_pair_ignores_the_endpoint),
	};

	return cmocka_run_group_tests_name("trial/identity", tests, NULL, NULL) != 0;
}
