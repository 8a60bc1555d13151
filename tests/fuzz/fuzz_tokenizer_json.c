#include "fuzz.h"

#include "vocabulary.h"

void fuzz_one(struct fm_span input)
{
	struct fm_vocab vocab = {0};
	struct fm_err err;

	if (fm_vocab_read_huggingface(input, &vocab, &err) == FM_OK)
		hold_vocabulary(&vocab);
	fm_vocab_free(&vocab);
}
