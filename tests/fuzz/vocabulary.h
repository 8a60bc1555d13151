#ifndef FATHOM_TESTS_FUZZ_VOCABULARY_H
#define FATHOM_TESTS_FUZZ_VOCABULARY_H

#include <assert.h>

#include "base/macro.h"
#include "token/compiled_internal.h"
#include "token/counter_internal.h"
#include "token/vocab_internal.h"

struct taken {
	uint64_t count;
	uint32_t token_count;
};

static inline void take(void *ctx, uint32_t id, struct fm_span text)
{
	struct taken *taken = ctx;

	(void)text; /* added tokens have the text that was found */
	assert(id < taken->token_count);
	taken->count++;
}

/*
 * What reads as a vocabulary is compiled or refused; what is compiled counts as many as it gives:
 * spaces, marks, marks behind letters, what a rule may change and what no model has.
 */
static inline void hold_vocabulary(const struct fm_vocab *vocab)
{
	static const char *const texts[] = {
		"",
		"a",
		" a  b\n\tc abab <x>  aab ",
		"\xe2\x96\x81 aaaaaaaaaa<s><sep>\xc3\xa9",
		"e\xcc\x81\xef\xac\x81\xef\xbd\xa1\xf0\x9f\x98\x80 the river keeper",
	};
	struct fm_compiled *compiled = NULL;
	struct fm_counter *counter = NULL;
	struct fm_err err;

	if (fm_compile(vocab, NULL, &compiled, &err) != FM_OK)
		return;
	if (fm_exact_counter_open(compiled, "fuzz", &counter, &err) != FM_OK) {
		assert(vocab->rules.pattern != NULL); /* one that does not compile */
		fm_compiled_close(compiled);
		return;
	}
	for (size_t i = 0; i < FM_COUNT(texts); i++) {
		const struct fm_span text = fm_span_of(texts[i]);
		struct taken taken = {0, vocab->token_count};

		fm_counter_encode(counter, text, take, &taken);
		assert(fm_counter_count(counter, text) == taken.count);
	}
	fm_counter_close(counter);
}

#endif
