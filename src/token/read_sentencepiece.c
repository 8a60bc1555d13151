#include "vocab_internal.h"

#include <stdlib.h>
#include <string.h>

#include "sentencepiece_internal.h"
#include "text/utf8.h"

struct reading {
	struct fm_sentencepiece_file file;
	struct fm_arena arena; /* what is needed while reading only */
	struct fm_vocab *vocab;
	struct place *sorted; /* by text */
	unsigned char *known; /* a bit for each code point that is a piece */
};

/* A piece and where it stands, to be sorted. */
struct place {
	struct fm_span text;
	float score;
	uint32_t id;
};

static int compare_texts(const void *a, const void *b)
{
	const struct place *left = a;
	const struct place *right = b;
	const int order = fm_span_compare(left->text, right->text);

	return order != 0 ? order : (left->id > right->id) - (left->id < right->id);
}

static int compare_scores(const void *a, const void *b)
{
	const struct place *left = a;
	const struct place *right = b;

	return (left->score < right->score) - (left->score > right->score);
}

static struct place *make_places(struct reading *r)
{
	struct place *places = fm_arena_array(&r->arena, r->file.piece_count, sizeof *places);

	for (uint32_t id = 0; id < r->file.piece_count; id++)
		places[id] = (struct place){r->file.pieces[id].text, r->file.pieces[id].score, id};
	return places;
}

/* The reference would find one of two: which one differs by what is asked. */
static enum fm_code check_unique(struct reading *r, struct fm_err *err)
{
	struct place *places = make_places(r);

	r->sorted = places;
	qsort(places, r->file.piece_count, sizeof *places, compare_texts);
	for (uint32_t i = 1; i < r->file.piece_count; i++)
		if (fm_span_equal(places[i - 1].text, places[i].text))
			return fm_fail(err, FM_E_FORMAT, "piece %u is the same as piece %u",
			               places[i].id, places[i - 1].id);
	return FM_OK;
}

static bool is_one_code_point(struct fm_span text)
{
	uint32_t code_point;

	return fm_utf8_next(text, &code_point) == text.len;
}

/* One unknown; all bytes or none. */
static enum fm_code check_kinds(const struct fm_sentencepiece_file *file, struct fm_err *err)
{
	bool bytes[256] = {false};
	unsigned byte_count = 0;
	unsigned unknown_count = 0;

	for (uint32_t id = 0; id < file->piece_count; id++) {
		const struct fm_sentencepiece *piece = &file->pieces[id];
		const int byte = fm_vocab_byte_of(piece->text);

		/* The reference would find it, and then not know where in the text it stands. */
		if (piece->kind == FM_SENTENCEPIECE_CONTROL &&
		    file->model != FM_SENTENCEPIECE_UNIGRAM && is_one_code_point(piece->text))
			return fm_fail(err, FM_E_FORMAT,
			               "piece %u is one character and for control: that cannot be "
			               "counted exactly",
			               id);
		if (piece->kind == FM_SENTENCEPIECE_UNKNOWN)
			unknown_count++;
		if (piece->kind != FM_SENTENCEPIECE_BYTE)
			continue;
		if (!file->byte_fallback)
			return fm_fail(err, FM_E_FORMAT,
			               "piece %u is a byte in a model without byte fallback", id);
		if (byte < 0)
			return fm_fail(err, FM_E_FORMAT, "piece %u does not name a byte", id);
		byte_count += !bytes[byte];
		bytes[byte] = true;
	}
	if (unknown_count != 1)
		return fm_fail(err, FM_E_FORMAT, "%u unknown pieces: there has to be one",
		               unknown_count);
	if (file->byte_fallback && byte_count != 256)
		return fm_fail(err, FM_E_FORMAT, "byte fallback with %u of 256 bytes", byte_count);
	return FM_OK;
}

/* The text as tokens hold it: with spaces for marks. */
static struct fm_span unmark(struct reading *r, struct fm_span text)
{
	const struct fm_span mark = fm_span_of(FM_MARK);
	struct fm_span plain;
	char *to;

	if (!r->file.escape_whitespaces || fm_span_find(text, mark) == text.len)
		return fm_arena_copy(&r->vocab->arena, text);
	plain = (struct fm_span){to = fm_arena_take(&r->vocab->arena, text.len), 0};
	while (text.len > 0) {
		const size_t len = fm_span_find(text, mark);

		memcpy(to + plain.len, text.ptr, len);
		plain.len += len;
		if (len == text.len)
			break;
		to[plain.len++] = ' ';
		text = fm_span_skip(text, len + mark.len);
	}
	return plain;
}

/* Where all spaces are marked, no text ever holds a bare one. */
static bool is_out_of_reach(const struct reading *r, struct fm_span text)
{
	return r->file.escape_whitespaces && fm_span_find_byte(text, ' ') < text.len;
}

static enum fm_token_kind kind_of(const struct reading *r, const struct fm_sentencepiece *piece)
{
	switch (piece->kind) {
	case FM_SENTENCEPIECE_BYTE:
		return FM_TOKEN_BYTE;
	case FM_SENTENCEPIECE_UNKNOWN:
		return FM_TOKEN_UNKNOWN;
	case FM_SENTENCEPIECE_CONTROL:
		return FM_TOKEN_CONTROL;
	case FM_SENTENCEPIECE_USER_DEFINED:
		return is_out_of_reach(r, piece->text) ? FM_TOKEN_CONTROL : FM_TOKEN_USER_DEFINED;
	case FM_SENTENCEPIECE_UNUSED:
		if (r->file.model == FM_SENTENCEPIECE_UNIGRAM)
			return FM_TOKEN_UNUSED;
		/* What no merge leads to is given out, unused or not. */
		return r->file.model == FM_SENTENCEPIECE_CHAR || is_one_code_point(piece->text)
		               ? FM_TOKEN_NORMAL
		               : FM_TOKEN_UNUSED;
	default:
		return is_out_of_reach(r, piece->text) ? FM_TOKEN_CONTROL : FM_TOKEN_NORMAL;
	}
}

static void put_tokens(struct reading *r)
{
	struct fm_vocab *vocab = r->vocab;

	vocab->token_count = r->file.piece_count;
	vocab->tokens = fm_arena_array(&vocab->arena, vocab->token_count, sizeof *vocab->tokens);
	for (uint32_t id = 0; id < vocab->token_count; id++) {
		const struct fm_sentencepiece *piece = &r->file.pieces[id];
		struct fm_vocab_token *token = &vocab->tokens[id];
		const char byte = (char)fm_vocab_byte_of(piece->text);

		token->kind = (uint8_t)kind_of(r, piece);
		token->score = (double)piece->score;
		token->bytes = token->kind == FM_TOKEN_BYTE
		                       ? fm_arena_copy(&vocab->arena, fm_span_make(&byte, 1))
		                       : unmark(r, piece->text);
	}
}

/* Where pieces are merged, a user-defined symbol is found before and stays as it is. */
static void put_added(struct reading *r)
{
	struct fm_vocab *vocab = r->vocab;

	if (vocab->model == FM_VOCAB_UNIGRAM)
		return;
	vocab->added = fm_arena_array(&vocab->arena, vocab->token_count, sizeof *vocab->added);
	for (uint32_t id = 0; id < vocab->token_count; id++)
		if (vocab->tokens[id].kind == FM_TOKEN_USER_DEFINED)
			vocab->added[vocab->added_count++] = (struct fm_vocab_added){
				.text = vocab->tokens[id].bytes, .id = id, .normalized = true};
}

static bool is_known(const struct reading *r, uint32_t code_point)
{
	return (r->known[code_point >> 3] >> (code_point & 7) & 1) != 0;
}

/* The code points that pieces may be merged from. */
static void find_known(struct reading *r)
{
	r->known = fm_arena_take(&r->arena, 0x110000 / 8);
	for (uint32_t id = 0; id < r->vocab->token_count; id++) {
		const struct fm_vocab_token *token = &r->vocab->tokens[id];
		uint32_t code_point;

		if ((token->kind == FM_TOKEN_NORMAL || token->kind == FM_TOKEN_USER_DEFINED) &&
		    fm_utf8_next(token->bytes, &code_point) == token->bytes.len)
			r->known[code_point >> 3] |= (unsigned char)(1u << (code_point & 7));
	}
}

/* Could it be one side of a merge? */
static bool is_side(const struct reading *r, struct fm_span text)
{
	size_t low = 0;
	size_t high = r->file.piece_count;

	if (is_one_code_point(text))
		return true;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const int order = fm_span_compare(r->sorted[middle].text, text);

		if (order == 0)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static bool is_merged(const struct reading *r, struct fm_span text)
{
	uint32_t code_point;

	for (size_t cut = fm_utf8_next(text, &code_point); cut < text.len;
	     cut += fm_utf8_next(fm_span_skip(text, cut), &code_point))
		if (is_side(r, fm_span_first(text, cut)) && is_side(r, fm_span_skip(text, cut)))
			return true;
	return false;
}

/*
 * The reference merges texts, we merge tokens. The two differ where a piece holds a code point that
 * is no piece, and where a piece that is merged must not be given out.
 */
static enum fm_code check_mergeable(const struct reading *r, uint32_t id, struct fm_err *err)
{
	const struct fm_vocab_token *token = &r->vocab->tokens[id];
	struct fm_span rest = token->bytes;

	if (token->kind == FM_TOKEN_UNUSED && is_merged(r, r->file.pieces[id].text))
		return fm_fail(err, FM_E_FORMAT,
		               "piece %u is unused but merged: that cannot be counted exactly", id);
	if (token->kind != FM_TOKEN_NORMAL)
		return FM_OK;
	while (rest.len > 0) {
		uint32_t code_point;

		rest = fm_span_skip(rest, fm_utf8_next(rest, &code_point));
		if (!is_known(r, code_point))
			return fm_fail(err, FM_E_FORMAT,
			               "piece %u holds U+%04X, which is no piece: that cannot be "
			               "counted exactly",
			               id, code_point);
	}
	return FM_OK;
}

/* Of two pieces of one score the leftmost goes first: that is no order of merges. */
static enum fm_code check_ranks(const struct fm_vocab *vocab, struct fm_err *err)
{
	for (size_t i = 1; i < vocab->merge_count; i++) {
		const struct fm_vocab_merge *last = &vocab->merges[i - 1];
		const struct fm_vocab_merge *merge = &vocab->merges[i];

		if (merge->rank == last->rank && merge->result != last->result)
			return fm_fail(err, FM_E_FORMAT,
			               "pieces %u and %u are merged with the same score: that "
			               "cannot be counted exactly",
			               last->result, merge->result);
	}
	return FM_OK;
}

/* Merges by score, highest first; a text that is one code point is made by none. */
static enum fm_code put_merges(struct reading *r, struct fm_err *err)
{
	struct fm_vocab *vocab = r->vocab;
	struct place *places = make_places(r);
	uint32_t *rank_of = fm_arena_array(&r->arena, vocab->token_count, sizeof *rank_of);
	enum fm_code rc = FM_OK;
	uint32_t rank = 0;

	find_known(r);
	for (uint32_t id = 0; id < vocab->token_count && rc == FM_OK; id++)
		rc = check_mergeable(r, id, err);
	if (rc != FM_OK)
		return rc;
	qsort(places, vocab->token_count, sizeof *places, compare_scores);
	for (uint32_t i = 0; i < vocab->token_count; i++) {
		const struct fm_vocab_token *token = &vocab->tokens[places[i].id];

		rank += i > 0 && places[i].score < places[i - 1].score;
		rank_of[places[i].id] =
			token->kind == FM_TOKEN_NORMAL && !is_one_code_point(token->bytes)
				? rank
				: UINT32_MAX;
	}
	rc = fm_vocab_derive_merges(vocab, rank_of, err);
	return rc == FM_OK ? check_ranks(vocab, err) : rc;
}

/* User-defined symbols as the raw text spells them, each behind its length. */
static struct fm_span list_guarded(struct reading *r)
{
	const struct fm_sentencepiece_file *file = &r->file;
	struct fm_span list = {0};
	size_t size = 0;
	char *to;

	for (uint32_t id = 0; id < file->piece_count; id++)
		if (file->pieces[id].kind == FM_SENTENCEPIECE_USER_DEFINED)
			size += 2 + file->pieces[id].text.len;
	if (size == 0)
		return list;
	list = (struct fm_span){to = fm_arena_take(&r->vocab->arena, size), size};
	for (uint32_t id = 0; id < file->piece_count; id++) {
		const struct fm_span text = file->pieces[id].text;

		if (file->pieces[id].kind != FM_SENTENCEPIECE_USER_DEFINED)
			continue;
		*to++ = (char)(text.len & 0xff);
		*to++ = (char)(text.len >> 8);
		memcpy(to, text.ptr, text.len);
		to += text.len;
	}
	return list;
}

static void put_rules(struct reading *r)
{
	const struct fm_sentencepiece_file *file = &r->file;
	struct fm_vocab_rules *rules = &r->vocab->rules;

	if (file->charsmap.len > 0) {
		rules->normal_form = FM_NORMAL_CHARSMAP;
		rules->charsmap = fm_arena_copy(&r->vocab->arena, file->charsmap);
	}
	if (file->add_dummy_prefix)
		rules->dummy_prefix =
			file->whitespace_as_suffix ? FM_PREFIX_BEHIND : FM_PREFIX_ALWAYS;
	rules->squeeze_spaces = file->remove_extra_whitespaces;
	rules->spaces_marked = file->escape_whitespaces;
	rules->scheme = FM_SCHEME_WHOLE;
	rules->fuse_unknown = true;
	rules->float_sums = r->vocab->model == FM_VOCAB_UNIGRAM;
	if (rules->normal_form != FM_NORMAL_NONE || rules->squeeze_spaces)
		rules->guarded = list_guarded(r);
}

enum fm_code fm_vocab_read_sentencepiece(struct fm_span bytes, struct fm_vocab *ret_vocab,
                                         struct fm_err *err)
{
	struct fm_vocab vocab = {0};
	struct reading r = {.vocab = &vocab};
	enum fm_code rc;

	rc = fm_sentencepiece_parse(bytes, &r.arena, &r.file, err);
	if (rc != FM_OK)
		goto out;
	if (r.file.model == FM_SENTENCEPIECE_WORD) {
		rc = fm_fail(err, FM_E_FORMAT, "a model of whole words cannot be counted exactly");
		goto out;
	}
	rc = check_kinds(&r.file, err);
	if (rc != FM_OK)
		goto out;
	rc = check_unique(&r, err);
	if (rc != FM_OK)
		goto out;
	vocab.model =
		r.file.model == FM_SENTENCEPIECE_UNIGRAM ? FM_VOCAB_UNIGRAM : FM_VOCAB_CHAR_BPE;
	put_tokens(&r);
	put_added(&r);
	put_rules(&r);
	if (r.file.model == FM_SENTENCEPIECE_BPE)
		rc = put_merges(&r, err);
	if (rc != FM_OK)
		goto out;
	*ret_vocab = vocab;
	vocab = (struct fm_vocab){0}; /* the caller's now */
out:
	fm_arena_free(&r.arena);
	fm_vocab_free(&vocab);
	return rc;
}
