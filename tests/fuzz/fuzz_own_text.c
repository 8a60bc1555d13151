#include "fuzz.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "corpus/corpus.h"
#include "text/utf8.h"

#define INPUT_MAX 100000

static uint64_t tell(const struct fm_corpus *corpus, uint64_t seed, struct fm_id *ret_digest)
{
	struct fm_hasher *hasher = fm_hasher_open();
	struct fm_arena arena = {0};
	struct fm_chapter chapter = {.count = 1};
	struct fm_err err;
	uint64_t bytes = 0;

	for (uint64_t number = 0; chapter.count > 0; number++) {
		fm_arena_reset(&arena);
		assert(fm_corpus_chapter(corpus, seed, number, &arena, &chapter, &err) == FM_OK);
		for (size_t i = 0; i < chapter.count; i++) {
			const struct fm_span text = chapter.segments[i].text;

			assert(text.len > 0 && fm_utf8_check(text) == text.len);
			assert(bytes > 0 || (!fm_is_space(text.ptr[0]) && text.ptr[0] != '/'));
			fm_hasher_add(hasher, text);
			bytes += text.len;
		}
	}
	*ret_digest = fm_hasher_id(hasher);
	fm_hasher_close(hasher);
	fm_arena_free(&arena);
	return bytes;
}

static void open_and_tell(const struct fm_corpus_spec *spec)
{
	struct fm_corpus *corpus = NULL;
	struct fm_err err;
	struct fm_id one;
	struct fm_id again;

	if (fm_corpus_open(spec, &corpus, &err) != FM_OK)
		return;
	const uint64_t bytes = tell(corpus, 3, &one);

	assert(tell(corpus, 3, &again) == bytes && fm_id_equal(one, again));
	/* As it is, a text loses nothing, and a file gains two line ends at most. */
	if (spec->order == FM_ORDER_AS_IS)
		assert(bytes >= fm_corpus_bytes(corpus) && bytes <= fm_corpus_bytes(corpus) + 2);
	assert(fm_corpus_notes(corpus).segments > 0);
	fm_corpus_close(corpus);
}

/* The first byte says how the rest is read: its segments, their order, as JSON lines or not. */
void fuzz_one(struct fm_span input)
{
	char path[64];
	struct fm_corpus_spec spec = {.name = path};
	struct fm_err err;
	int fd = -1;

	if (input.len == 0 || input.len > INPUT_MAX || fm_file_temp(&fd, &err) != FM_OK)
		return;
	const struct fm_span text = fm_span_skip(input, 1);
	const unsigned choice = (unsigned char)input.ptr[0];

	spec.unit = (enum fm_corpus_unit)(choice % 4);
	spec.order = choice % 8 >= 4 ? FM_ORDER_SHUFFLED : FM_ORDER_AS_IS;
	spec.field = choice % 16 >= 8 ? "text" : NULL;
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	assert(fm_file_write_fd(fd, text, &err) == FM_OK);
	open_and_tell(&spec);
	fm_fd_close(&fd);
}
