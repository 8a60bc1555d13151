#include "lay_internal.h"

#include <errno.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "corpus/corpus.h"
#include "haystack_internal.h"
#include "tape_internal.h"
#include "text/escape.h"
#include "token/counter.h"

/* A text without a place to cut it for so long has none worth waiting for. */
#define PIECE_BYTES_MAX ((size_t)16 * 1024 * 1024)
#define ESCAPE_BYTES 4096

struct layer {
	const struct fm_haystack_spec *spec;
	struct fm_tape text;
	struct fm_tape escaped;
	struct fm_tape index;
	struct fm_buf piece; /* what lies behind the last seam */
	struct fm_seam at;
	uint64_t seam_count;
	uint64_t enough_count; /* seams when tokens_min was reached; 0 before */
	uint64_t chapter;      /* the next one to be made */
	bool ended;
};

struct fm_index_owner fm_lay_owner(const struct fm_haystack_spec *spec)
{
	return (struct fm_index_owner){
		.corpus = fm_corpus_digest(spec->corpus),
		.counter = fm_counter_digest(spec->counter),
		.seed = spec->seed,
		.engine = fm_corpus_engine(spec->corpus),
	};
}

bool fm_lay_is_enough(struct fm_span index_bytes, const struct fm_index *index, uint64_t tokens_min)
{
	uint64_t spare =
		index->seam_count > FM_SPARE_SEAMS + 1 ? index->seam_count - 1 - FM_SPARE_SEAMS : 0;

	return index->ended || fm_index_seam(index_bytes, spare).tokens >= tokens_min;
}

static enum fm_code put_seam(struct layer *lay, struct fm_err *err)
{
	char bytes[FM_INDEX_SEAM_BYTES];

	fm_index_put_seam(lay->at, bytes);
	lay->seam_count++;
	if (lay->enough_count == 0 && lay->at.tokens >= lay->spec->tokens_min)
		lay->enough_count = lay->seam_count;
	return fm_tape_put(&lay->index, fm_span_make(bytes, sizeof bytes), err);
}

static enum fm_code put_escaped(struct layer *lay, struct fm_span text, struct fm_err *err)
{
	char escaped[ESCAPE_BYTES];
	enum fm_code rc = FM_OK;

	/* One byte becomes six at most. */
	while (text.len > 0 && rc == FM_OK) {
		const struct fm_span part = fm_span_first(text, ESCAPE_BYTES / 6);
		const uint64_t len = fm_escape_json_len(part);

		fm_escape_json(part, escaped);
		lay->at.escaped += len;
		rc = fm_tape_put(&lay->escaped, fm_span_make(escaped, (size_t)len), err);
		text = fm_span_skip(text, part.len);
	}
	return rc;
}

/* What has gathered ends at a seam. */
static enum fm_code end_piece(struct layer *lay, struct fm_err *err)
{
	const struct fm_span piece = fm_buf_span(&lay->piece);
	enum fm_code rc;

	if (piece.len == 0)
		return FM_OK;
	lay->at.tokens += fm_counter_count_more(lay->spec->counter, piece);
	lay->at.raw += piece.len;
	rc = fm_tape_put(&lay->text, piece, err);
	if (rc == FM_OK)
		rc = put_escaped(lay, piece, err);
	if (rc == FM_OK)
		rc = put_seam(lay, err);
	fm_buf_clear(&lay->piece);
	return rc;
}

/* The text stands behind the end of a line, and its first count must add up there. */
static enum fm_code check_start(const struct layer *lay, struct fm_span text, struct fm_err *err)
{
	const struct fm_counter *counter = lay->spec->counter;
	const struct fm_span before = fm_span_of(FM_HAYSTACK_BEFORE);

	if (fm_counter_adds_up(counter, before, text))
		return FM_OK;
	if (!fm_counter_adds_up(counter, before, fm_span_of("A")))
		return fm_fail(err, FM_E_SEAM,
		               "tokenizer %s: its counts do not add up behind the end of a line, "
		               "so that no haystack can be laid with it",
		               fm_counter_name(counter));
	return fm_fail(err, FM_E_FORMAT,
	               "corpus %s: begins with a sign that joins what stands before it",
	               fm_corpus_name(lay->spec->corpus));
}

static enum fm_code put_segment(struct layer *lay, struct fm_span text, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	if (text.len == 0)
		return FM_OK;
	if (lay->piece.len > 0 &&
	    fm_counter_adds_up(lay->spec->counter, fm_buf_span(&lay->piece), text))
		rc = end_piece(lay, err);
	if (rc != FM_OK)
		return rc;
	if (lay->at.raw == 0 && lay->piece.len == 0)
		rc = check_start(lay, text, err);
	if (rc != FM_OK)
		return rc;
	if (fm_buf_add(&lay->piece, text, err) != FM_OK)
		return fm_fail(err, FM_E_LIMIT, "no seam for %s within 16 MiB behind byte %llu",
		               fm_counter_name(lay->spec->counter),
		               (unsigned long long)lay->at.raw);
	return FM_OK;
}

static bool has_enough(const struct layer *lay, uint64_t seam_count)
{
	return lay->enough_count > 0 && seam_count >= lay->enough_count + FM_SPARE_SEAMS;
}

/*
 * An index ends where a chapter does, for there the next writer can go on. Where that is no seam,
 * as between two line ends and a word for GPT-2's tokenizer, it ends at the last one, and who
 * needs more begins anew: to wait for a better chapter might be to wait for ever.
 */
static enum fm_code lay_chapters(struct layer *lay, struct fm_arena *arena, struct fm_err *err)
{
	struct fm_chapter chapter;
	enum fm_code rc = FM_OK;

	while (rc == FM_OK && !lay->text.differs && !lay->escaped.differs) {
		fm_arena_reset(arena);
		rc = fm_corpus_chapter(lay->spec->corpus, lay->spec->seed, lay->chapter, arena,
		                       &chapter, err);
		if (rc != FM_OK)
			break;
		lay->ended = chapter.count == 0;
		if (lay->ended || (has_enough(lay, lay->seam_count + 1) && lay->piece.len > 0 &&
		                   fm_counter_adds_up(lay->spec->counter, fm_buf_span(&lay->piece),
		                                      chapter.segments[0].text)))
			return end_piece(lay, err);
		if (has_enough(lay, lay->seam_count)) {
			fm_buf_clear(&lay->piece);
			lay->chapter = FM_CHAPTERS_NONE;
			return FM_OK;
		}
		for (size_t i = 0; i < chapter.count && rc == FM_OK; i++)
			rc = put_segment(lay, chapter.segments[i].text, err);
		lay->chapter++;
	}
	return rc;
}

/* The seams that were there before, or the one at the start of the text. */
static enum fm_code begin(struct layer *lay, const struct fm_owned_files *old,
                          const struct fm_index *old_index, struct fm_err *err)
{
	const char header[FM_INDEX_HEADER_BYTES] = {0};
	enum fm_code rc = fm_tape_put(&lay->index, fm_span_make(header, sizeof header), err);

	if (rc == FM_OK)
		rc = fm_tape_mark(&lay->index, err);
	if (rc != FM_OK || old_index == NULL)
		return rc == FM_OK ? put_seam(lay, err) : rc;
	for (uint64_t i = 0; i < old_index->seam_count && rc == FM_OK; i++) {
		lay->at = fm_index_seam(old->index, i);
		rc = put_seam(lay, err);
	}
	lay->chapter = old_index->chapters;
	lay->text.at = lay->at.raw;
	lay->escaped.at = lay->at.escaped;
	return rc;
}

static enum fm_code write_header(struct layer *lay, struct fm_err *err)
{
	const struct fm_index_owner owner = fm_lay_owner(lay->spec);
	const struct fm_index index = {
		.seam_count = lay->seam_count,
		.chapters = lay->chapter,
		.text_digest = fm_tape_digest(&lay->text),
		.escaped_digest = fm_tape_digest(&lay->escaped),
		.seams_digest = fm_tape_digest(&lay->index),
		.ended = lay->ended,
	};
	char header[FM_INDEX_HEADER_BYTES];

	fm_index_write(&index, &owner, header);
	/* One block that the file already has: there is nothing to be short of. */
	if (pwrite(lay->index.fd, header, sizeof header, 0) != (ssize_t)sizeof header)
		return fm_fail_sys(err, FM_E_IO, errno, "%s: cannot write", lay->index.path);
	return FM_OK;
}

/* The texts get their names first: an index that can be seen has all that it speaks of. */
static enum fm_code finish(struct layer *lay, struct fm_err *err)
{
	enum fm_code rc = fm_tape_flush(&lay->text, err);

	if (rc == FM_OK)
		rc = fm_tape_flush(&lay->escaped, err);
	if (rc == FM_OK)
		rc = fm_tape_flush(&lay->index, err);
	if (rc == FM_OK)
		rc = write_header(lay, err);
	if (rc == FM_OK)
		rc = fm_tape_finish(&lay->text, err);
	if (rc == FM_OK)
		rc = fm_tape_finish(&lay->escaped, err);
	return rc == FM_OK ? fm_tape_finish(&lay->index, err) : rc;
}

static enum fm_code lay_once(struct layer *lay, const struct fm_lay_paths *paths,
                             const struct fm_owned_files *old, const struct fm_index *old_index,
                             struct fm_err *err)
{
	struct fm_arena arena = {0};
	enum fm_code rc;

	fm_tape_open(&lay->text, paths->text, paths->text_part, old->text);
	fm_tape_open(&lay->escaped, paths->escaped, paths->escaped_part, old->escaped);
	fm_tape_open(&lay->index, paths->index, paths->index_part, (struct fm_span){0});
	fm_buf_init(&lay->piece, PIECE_BYTES_MAX);
	rc = begin(lay, old, old_index, err);
	if (rc == FM_OK)
		rc = lay_chapters(lay, &arena, err);
	if (rc == FM_OK && !lay->text.differs && !lay->escaped.differs)
		rc = finish(lay, err);
	fm_arena_free(&arena);
	fm_buf_free(&lay->piece);
	fm_tape_close(&lay->text);
	fm_tape_close(&lay->escaped);
	fm_tape_close(&lay->index);
	return rc;
}

enum fm_code fm_lay(const struct fm_haystack_spec *spec, const struct fm_lay_paths *paths,
                    const struct fm_owned_files *old, const struct fm_index *old_index,
                    struct fm_err *err)
{
	const struct fm_owned_files nothing = {0};
	struct layer lay = {.spec = spec};
	enum fm_code rc = lay_once(&lay, paths, old, old_index, err);

	if (rc != FM_OK || (!lay.text.differs && !lay.escaped.differs))
		return rc;
	lay = (struct layer){.spec = spec};
	return lay_once(&lay, paths, &nothing, NULL, err);
}
