#include "lay_internal.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/num.h"
#include "corpus/corpus.h"
#include "text/escape.h"
#include "token/counter.h"

/* Left free for the journal and for others; a small haystack leaves as much as it takes. */
#define SPARE_BYTES (UINT64_C(256) * 1024 * 1024)
#define BYTES_MAX (UINT64_MAX / 8) /* three of them and the spare can be added */
#define SAMPLE_TOKENS_MIN 1000

/* A stretch of laid text: so many bytes of each file for so many tokens. */
struct sample {
	uint64_t tokens;
	uint64_t raw;
	uint64_t escaped;
	uint64_t index;
};

static enum fm_code sample_chapter(const struct fm_haystack_spec *spec, struct sample *ret_sample,
                                   struct fm_err *err)
{
	struct fm_arena arena = {0};
	struct fm_chapter chapter;
	struct sample sample = {0};
	enum fm_code rc = fm_corpus_chapter(spec->corpus, spec->seed, 0, &arena, &chapter, err);

	for (size_t i = 0; rc == FM_OK && i < chapter.count; i++) {
		const struct fm_span text = chapter.segments[i].text;

		sample.tokens += fm_counter_count_more(spec->counter, text);
		sample.raw += text.len;
		sample.escaped += fm_escape_json_len(text);
		sample.index += FM_INDEX_SEAM_BYTES;
	}
	fm_arena_free(&arena);
	if (rc == FM_OK)
		*ret_sample = sample;
	return rc;
}

static enum fm_code take_sample(const struct fm_haystack_spec *spec,
                                const struct fm_owned_files *old, const struct fm_index *old_index,
                                struct sample *ret_sample, struct fm_err *err)
{
	struct fm_seam last = {0};

	if (old_index != NULL)
		last = fm_index_seam(old->index, old_index->seam_count - 1);
	if (last.tokens < SAMPLE_TOKENS_MIN)
		return sample_chapter(spec, ret_sample, err);
	*ret_sample = (struct sample){
		.tokens = last.tokens,
		.raw = last.raw,
		.escaped = last.escaped,
		.index = old_index->seam_count * FM_INDEX_SEAM_BYTES,
	};
	return FM_OK;
}

static uint64_t scale(uint64_t bytes, uint64_t to, uint64_t from)
{
	return to / from >= BYTES_MAX / (bytes + 1) ? BYTES_MAX
	                                            : fm_num_mul_div_up(bytes, to, from);
}

/* A file that is long enough is only compared; any other is written anew, beside the old one. */
static uint64_t estimate(const struct fm_haystack_spec *spec, const struct fm_owned_files *old,
                         const struct sample *sample)
{
	uint64_t to = spec->tokens_min;
	uint64_t from = sample->tokens;
	uint64_t text;
	uint64_t escaped;

	if (from == 0 || sample->raw == 0)
		return 0;
	text = scale(sample->raw, to, from);
	/* A text that ends is laid to its end, however many tokens are asked for. */
	if (!fm_corpus_is_endless(spec->corpus) && fm_corpus_bytes(spec->corpus) < text) {
		to = fm_corpus_bytes(spec->corpus);
		from = sample->raw;
		text = to;
	}
	escaped = scale(sample->escaped, to, from);
	return (text > old->text.len ? text : 0) + (escaped > old->escaped.len ? escaped : 0) +
	       scale(sample->index, to, from);
}

enum fm_code fm_space_check(const struct fm_haystack_spec *spec, const char *folder,
                            const struct fm_owned_files *old, const struct fm_index *old_index,
                            struct fm_err *err)
{
	const uint64_t free_bytes = fm_folder_free_bytes(folder);
	char tokens[FM_NUM_TEXT_MAX];
	char needed[FM_NUM_TEXT_MAX];
	char has[FM_NUM_TEXT_MAX];
	struct sample sample;
	uint64_t bytes;
	enum fm_code rc = take_sample(spec, old, old_index, &sample, err);

	if (rc != FM_OK)
		return rc;
	bytes = estimate(spec, old, &sample);
	if (bytes + (bytes < SPARE_BYTES ? bytes : SPARE_BYTES) <= free_bytes)
		return FM_OK;
	return fm_fail(err, FM_E_FULL,
	               "a haystack of %s tokens takes about %s in %s/haystack, %s are free: choose "
	               "shorter lengths, or set XDG_CACHE_HOME to a larger disk",
	               fm_num_grouped(spec->tokens_min, tokens), fm_num_bytes_text(bytes, needed),
	               spec->cache_folder, fm_num_bytes_text(free_bytes, has));
}
