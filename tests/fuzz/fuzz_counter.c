#include "fuzz.h"

#include <assert.h>

#include "token/counter.h"

#define CUTS_MAX 2000 /* each cut counts the whole text again */

/* The first byte chooses N; the rest is cut at each of its bytes. */
void fuzz_one(struct fm_span input)
{
	static const char *const names[] = {"bytes/1", "bytes/2", "bytes/3",  "bytes/4",
	                                    "bytes/5", "bytes/7", "bytes/12", "bytes/16"};
	struct fm_counter *counter = NULL;
	struct fm_err err;
	uint64_t whole;

	if (input.len == 0 || input.len > CUTS_MAX)
		return;
	assert(fm_counter_open(names[(unsigned char)input.ptr[0] % 8], NULL, &counter, &err) ==
	       FM_OK);
	input = fm_span_skip(input, 1);
	whole = fm_counter_count(counter, input);
	assert((whole == 0) == (input.len == 0) && whole <= input.len);
	for (size_t cut = 1; cut < input.len; cut++) {
		const struct fm_span before = fm_span_first(input, cut);
		const struct fm_span after = fm_span_skip(input, cut);
		const uint64_t apart =
			fm_counter_count(counter, before) + fm_counter_count(counter, after);

		assert(apart >= whole); /* a cut never makes a text shorter */
		assert(apart == whole || !fm_counter_adds_up(counter, before, after));
	}
	fm_counter_close(counter);
}
