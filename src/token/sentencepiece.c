#include "sentencepiece_internal.h"

#include <math.h>

#include "protobuf_internal.h"
#include "text/utf8.h"
#include "vocab_internal.h"

/* The numbers of the fields that change what text becomes; all others only served the training. */
enum {
	MODEL_PIECES = 1,
	MODEL_TRAINER = 2,
	MODEL_NORMALIZER = 3,
	PIECE_TEXT = 1,
	PIECE_SCORE = 2,
	PIECE_KIND = 3,
	TRAINER_MODEL = 3,
	TRAINER_WHITESPACE_AS_SUFFIX = 24,
	TRAINER_BYTE_FALLBACK = 35,
	NORMALIZER_CHARSMAP = 2,
	NORMALIZER_ADD_DUMMY_PREFIX = 3,
	NORMALIZER_REMOVE_EXTRA_WHITESPACES = 4,
	NORMALIZER_ESCAPE_WHITESPACES = 5,
};

/* A field of that number in another form counts as one that is not known. */
static bool is_field(const struct fm_protobuf_field *field, uint32_t number,
                     enum fm_protobuf_form form)
{
	return field->number == number && field->form == form;
}

static enum fm_code parse_piece(struct fm_protobuf reader, struct fm_sentencepiece *ret_piece,
                                struct fm_err *err)
{
	struct fm_sentencepiece piece = {.kind = FM_SENTENCEPIECE_NORMAL};

	while (reader.at < reader.message.len) {
		struct fm_protobuf_field field;
		const enum fm_code rc = fm_protobuf_next(&reader, &field, err);

		if (rc != FM_OK)
			return rc;
		if (is_field(&field, PIECE_TEXT, FM_PROTOBUF_BYTES))
			piece.text = field.content;
		else if (is_field(&field, PIECE_SCORE, FM_PROTOBUF_FIXED32))
			piece.score = fm_protobuf_float(&field);
		else if (!is_field(&field, PIECE_KIND, FM_PROTOBUF_VARINT))
			continue;
		else if (field.value < FM_SENTENCEPIECE_NORMAL ||
		         field.value > FM_SENTENCEPIECE_BYTE)
			return fm_fail(err, FM_E_FORMAT, "of a kind that is not known: %llu",
			               (unsigned long long)field.value);
		else
			piece.kind = (enum fm_sentencepiece_kind)field.value;
	}
	if (piece.text.len == 0)
		return fm_fail(err, FM_E_FORMAT, "empty");
	if (piece.text.len > FM_VOCAB_TOKEN_BYTES_MAX)
		return fm_fail(err, FM_E_LIMIT, "has more than %u bytes", FM_VOCAB_TOKEN_BYTES_MAX);
	if (fm_utf8_check(piece.text) < piece.text.len)
		return fm_fail(err, FM_E_FORMAT, "not UTF-8");
	if (!isfinite(piece.score))
		return fm_fail(err, FM_E_FORMAT, "its score is no finite number");
	*ret_piece = piece;
	return FM_OK;
}

static enum fm_code parse_trainer(struct fm_protobuf reader, struct fm_sentencepiece_file *file,
                                  struct fm_err *err)
{
	while (reader.at < reader.message.len) {
		struct fm_protobuf_field field;
		const enum fm_code rc = fm_protobuf_next(&reader, &field, err);

		if (rc != FM_OK)
			return rc;
		if (is_field(&field, TRAINER_WHITESPACE_AS_SUFFIX, FM_PROTOBUF_VARINT))
			file->whitespace_as_suffix = field.value != 0;
		else if (is_field(&field, TRAINER_BYTE_FALLBACK, FM_PROTOBUF_VARINT))
			file->byte_fallback = field.value != 0;
		else if (!is_field(&field, TRAINER_MODEL, FM_PROTOBUF_VARINT))
			continue;
		else if (field.value < FM_SENTENCEPIECE_UNIGRAM ||
		         field.value > FM_SENTENCEPIECE_CHAR)
			return fm_fail(err, FM_E_FORMAT, "a type of model that is not known: %llu",
			               (unsigned long long)field.value);
		else
			file->model = (enum fm_sentencepiece_model)field.value;
	}
	return FM_OK;
}

static enum fm_code parse_normalizer(struct fm_protobuf reader, struct fm_sentencepiece_file *file,
                                     struct fm_err *err)
{
	while (reader.at < reader.message.len) {
		struct fm_protobuf_field field;
		const enum fm_code rc = fm_protobuf_next(&reader, &field, err);

		if (rc != FM_OK)
			return rc;
		if (is_field(&field, NORMALIZER_CHARSMAP, FM_PROTOBUF_BYTES))
			file->charsmap = field.content;
		else if (is_field(&field, NORMALIZER_ADD_DUMMY_PREFIX, FM_PROTOBUF_VARINT))
			file->add_dummy_prefix = field.value != 0;
		else if (is_field(&field, NORMALIZER_REMOVE_EXTRA_WHITESPACES, FM_PROTOBUF_VARINT))
			file->remove_extra_whitespaces = field.value != 0;
		else if (is_field(&field, NORMALIZER_ESCAPE_WHITESPACES, FM_PROTOBUF_VARINT))
			file->escape_whitespaces = field.value != 0;
	}
	return FM_OK;
}

/* How many pieces there are, so that their array is made once. */
static enum fm_code count_pieces(struct fm_span bytes, uint32_t *ret_count, struct fm_err *err)
{
	struct fm_protobuf reader = {.message = bytes};
	uint32_t count = 0;

	while (reader.at < bytes.len) {
		struct fm_protobuf_field field;
		const enum fm_code rc = fm_protobuf_next(&reader, &field, err);

		if (rc != FM_OK)
			return rc;
		if (is_field(&field, MODEL_PIECES, FM_PROTOBUF_BYTES) &&
		    ++count > FM_VOCAB_TOKENS_MAX)
			return fm_fail(err, FM_E_LIMIT, "more than %u pieces", FM_VOCAB_TOKENS_MAX);
	}
	if (count == 0)
		return fm_fail(err, FM_E_FORMAT, "no pieces: not a SentencePiece model");
	*ret_count = count;
	return FM_OK;
}

enum fm_code fm_sentencepiece_parse(struct fm_span bytes, struct fm_arena *arena,
                                    struct fm_sentencepiece_file *ret_file, struct fm_err *err)
{
	struct fm_protobuf reader = {.message = bytes};
	struct fm_sentencepiece_file file = {
		.model = FM_SENTENCEPIECE_UNIGRAM,
		.add_dummy_prefix = true,
		.remove_extra_whitespaces = true,
		.escape_whitespaces = true,
	};
	uint32_t count = 0;
	enum fm_code rc = count_pieces(bytes, &count, err);

	if (rc == FM_OK)
		file.pieces = fm_arena_array(arena, count, sizeof *file.pieces);
	while (rc == FM_OK && reader.at < bytes.len) {
		struct fm_protobuf_field field;

		rc = fm_protobuf_next(&reader, &field, err);
		if (rc != FM_OK)
			break;
		if (is_field(&field, MODEL_PIECES, FM_PROTOBUF_BYTES)) {
			rc = parse_piece(fm_protobuf_inside(&reader, &field),
			                 &file.pieces[file.piece_count], err);
			if (rc != FM_OK)
				(void)fm_err_prefix(err, "piece %u", /* rc is the same */
				                    file.piece_count);
			file.piece_count++;
		} else if (is_field(&field, MODEL_TRAINER, FM_PROTOBUF_BYTES)) {
			rc = parse_trainer(fm_protobuf_inside(&reader, &field), &file, err);
		} else if (is_field(&field, MODEL_NORMALIZER, FM_PROTOBUF_BYTES)) {
			rc = parse_normalizer(fm_protobuf_inside(&reader, &field), &file, err);
		}
	}
	if (rc == FM_OK)
		*ret_file = file;
	return rc;
}
