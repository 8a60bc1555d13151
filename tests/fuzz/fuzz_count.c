#include "fuzz.h"

#include <assert.h>

#include "base/macro.h"
#include "wire/count.h"
#include "wire/listing.h"

/* What a host says of counts and of models, read in every form. */
void fuzz_one(struct fm_span input)
{
	static const char *const presets[] = {"openai",   "anthropic",  "gemini",     "bedrock",
	                                      "cohere",   "xai",        "vllm",       "llamacpp",
	                                      "tgi",      "openrouter", "ollama",     "together",
	                                      "lmstudio", "sglang",     "huggingface"};
	struct fm_arena arena = {0};
	struct fm_err err;

	for (size_t i = 0; i < FM_COUNT(presets); i++) {
		const struct fm_count_form *count = fm_count_find(presets[i]);
		const struct fm_listing_form *list = fm_listing_find(presets[i]);
		struct fm_listed listed = {0};
		uint64_t tokens = 0;

		if (count != NULL && fm_count_read(count, input, &tokens, &err) == FM_OK)
			assert(input.len > 0);
		if (list == NULL ||
		    fm_listing_read(list, input, "m", &arena, &listed, &err) != FM_OK)
			continue;
		assert(!listed.found || listed.id_count > 0);
		assert(listed.found || listed.window == 0);
		assert(fm_listing_read_window(list, input, &arena, &listed, &err) == FM_OK);
	}
	fm_arena_free(&arena);
}
