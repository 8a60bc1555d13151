#include "cli/corpus_text.h"

#include "base/arena.h"

static enum fm_code write_chapter(const struct fm_chapter *chapter, uint64_t bytes, int fd,
                                  uint64_t *done, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	for (size_t i = 0; i < chapter->count && *done < bytes && rc == FM_OK; i++) {
		rc = fm_file_write_fd(fd, chapter->segments[i].text, err);
		*done += chapter->segments[i].text.len;
	}
	return rc;
}

enum fm_code fm_corpus_text(const struct fm_corpus *corpus, uint64_t seed, uint64_t from,
                            uint64_t bytes, struct fm_map *ret_map, struct fm_err *err)
{
	struct fm_arena arena = {0};
	int fd = -1;
	uint64_t done = 0;
	enum fm_code rc = fm_file_temp(&fd, err);

	/* A person's own text is looked at from its beginning. */
	seed = fm_corpus_bytes(corpus) > 0 ? 0 : seed;
	for (uint64_t number = from; done < bytes && rc == FM_OK; number++) {
		struct fm_chapter chapter;

		fm_arena_reset(&arena);
		rc = fm_corpus_chapter(corpus, seed, number, &arena, &chapter, err);
		if (rc != FM_OK || chapter.count == 0)
			break;
		rc = write_chapter(&chapter, bytes, fd, &done, err);
	}
	if (rc == FM_OK && done == 0)
		rc = fm_fail(err, FM_E_LIMIT, "it has no chapter %llu", (unsigned long long)from);
	if (rc == FM_OK)
		rc = fm_map_fd(fd, done, ret_map, err);
	fm_fd_close(&fd);
	fm_arena_free(&arena);
	return rc;
}
