#include "fuzz.h"

#include <assert.h>

#include "base/buf.h"
#include "token/compiled_internal.h"
#include "token/counter_internal.h"
#include "token/pack_internal.h"
#include "token/vocab_internal.h"

#define INPUT_MAX 20000

static const char *const texts[] = {"", "a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
                                    "ab ba\n\t 12\xc3\xa9\xe6\xbc\xa2\xe5\xad\x97 abcabc"};

struct taken {
	uint64_t count, bytes;
	uint32_t token_count;
};

static void take(void *ctx, uint32_t id, struct fm_span text)
{
	struct taken *taken = ctx;

	assert(id < taken->token_count);
	taken->count++;
	taken->bytes += text.len;
}

static void count_with(struct fm_compiled *compiled, uint32_t token_count)
{
	struct fm_counter *counter = NULL;
	struct fm_err err;

	assert(fm_exact_counter_open(compiled, "fuzz", &counter, &err) == FM_OK);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		const struct fm_span text = fm_span_of(texts[i]);
		struct taken taken = {.token_count = token_count};

		fm_counter_encode(counter, text, take, &taken);
		assert(taken.bytes == text.len); /* nothing is lost and nothing is twice */
		assert(fm_counter_count(counter, text) == taken.count);
		assert(fm_counter_count(counter, text) == taken.count);
	}
	fm_counter_close(counter);
}

/* What is read compiles, counts, and is the same when it was packed in between. */
static void try_file(struct fm_span file)
{
	struct fm_compiled *compiled = NULL;
	struct fm_vocab vocab = {0};
	struct fm_vocab again = {0};
	struct fm_buf pack;
	struct fm_err err;

	if (fm_vocab_read_tiktoken(file, FM_SCHEME_CL100K, &vocab, &err) != FM_OK)
		return;
	assert(fm_compile(&vocab, NULL, &compiled, &err) == FM_OK);
	count_with(compiled, vocab.token_count);
	fm_buf_init(&pack, FM_PACK_MAX);
	if (fm_vocab_write_pack(&vocab, &pack, &err) == FM_OK) {
		assert(fm_vocab_read_pack(fm_buf_span(&pack), &again, &err) == FM_OK);
		assert(again.token_count == vocab.token_count);
		assert(again.merge_count == vocab.merge_count);
	}
	fm_vocab_free(&again);
	fm_buf_free(&pack);
	fm_vocab_free(&vocab);
}

/* Once as it is, and once behind lines for all bytes, so that a few lines are a vocabulary. */
void fuzz_one(struct fm_span input)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	struct fm_buf file;

	if (input.len > INPUT_MAX)
		return;
	try_file(input);
	fm_buf_init(&file, INPUT_MAX + 256 * 9);
	for (unsigned byte = 0; byte < 256; byte++)
		fm_buf_putf(&file, "%c%c== %u\n", digits[byte >> 2], digits[(byte & 3) << 4], byte);
	fm_buf_put(&file, input);
	try_file(fm_buf_span(&file));
	fm_buf_free(&file);
}
