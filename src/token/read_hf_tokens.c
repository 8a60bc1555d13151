#include "read_hf_internal.h"

#include <string.h>

#include "base/memory.h"
#include "base/num.h"
#include "text/json_pull.h"
#include "text/utf8.h"

/* The tokens in the order of the file. */
struct entry {
	struct fm_span name;
	uint32_t id;
	double score;
};

struct entries {
	struct entry *list;
	size_t count;
	size_t capacity;
};

/* What the reader has not borrowed from the file is gone with its next call. */
static struct fm_span keep(struct fm_hf *hf, const struct fm_json_pull *pull)
{
	const struct fm_span text = pull->text;

	if (pull->value.ptr >= text.ptr && pull->value.ptr < text.ptr + text.len)
		return pull->value;
	return fm_arena_copy(&hf->scratch, pull->value);
}

static enum fm_code check_room(const struct entries *entries, struct fm_span name,
                               struct fm_err *err)
{
	if (name.len > FM_VOCAB_TOKEN_BYTES_MAX)
		return fm_fail(err, FM_E_LIMIT, "token %zu has more than %u bytes", entries->count,
		               FM_VOCAB_TOKEN_BYTES_MAX);
	if (entries->count == FM_VOCAB_TOKENS_MAX)
		return fm_fail(err, FM_E_LIMIT, "more than %u tokens", FM_VOCAB_TOKENS_MAX);
	return FM_OK;
}

/* An entry of the name at hand, valid until the next is added. */
static struct entry *add_entry(struct fm_hf *hf, struct entries *entries,
                               const struct fm_json_pull *pull)
{
	struct entry *entry;

	entries->list = fm_memory_more(entries->list, entries->count, &entries->capacity,
	                               sizeof *entries->list);
	entry = &entries->list[entries->count];
	*entry = (struct entry){.name = keep(hf, pull), .id = (uint32_t)entries->count};
	entries->count++;
	return entry;
}

static enum fm_code read_id(const struct fm_json_pull *pull, enum fm_pull_event event,
                            struct entry *entry, struct fm_err *err)
{
	uint64_t id;

	if (event != FM_PULL_NUMBER || !fm_num_u64(pull->value, &id))
		return fm_fail(err, FM_E_FORMAT, "\"%.*s\" has no whole number as its id",
		               FM_SPAN_ARGS(fm_hf_shown(entry->name)));
	if (id >= FM_VOCAB_TOKENS_MAX)
		return fm_fail(err, FM_E_LIMIT, "\"%.*s\" has the id %llu, over %u",
		               FM_SPAN_ARGS(fm_hf_shown(entry->name)), (unsigned long long)id,
		               FM_VOCAB_TOKENS_MAX);
	entry->id = (uint32_t)id;
	return FM_OK;
}

/* {"token": id, …} */
static enum fm_code read_object(struct fm_hf *hf, struct fm_json_pull *pull,
                                struct entries *entries, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	while (rc == FM_OK) {
		enum fm_pull_event event;
		struct entry *entry;

		rc = fm_json_pull_next(pull, &event, err);
		if (rc != FM_OK || event == FM_PULL_OBJECT_END)
			break;
		rc = check_room(entries, pull->value, err);
		if (rc != FM_OK)
			break;
		entry = add_entry(hf, entries, pull);
		rc = fm_json_pull_next(pull, &event, err);
		if (rc == FM_OK)
			rc = read_id(pull, event, entry, err);
	}
	return rc;
}

static enum fm_code no_piece(size_t place, struct fm_err *err)
{
	return fm_fail(err, FM_E_FORMAT, "piece %zu is not a text and its score", place);
}

/* ["piece", score]; its opening bracket is read. */
static enum fm_code read_piece(struct fm_hf *hf, struct fm_json_pull *pull, struct entries *entries,
                               struct fm_err *err)
{
	const size_t place = entries->count;
	enum fm_pull_event event;
	struct entry *entry;
	enum fm_code rc = fm_json_pull_next(pull, &event, err);

	if (rc != FM_OK)
		return rc;
	if (event != FM_PULL_TEXT)
		return no_piece(place, err);
	rc = check_room(entries, pull->value, err);
	if (rc != FM_OK)
		return rc;
	entry = add_entry(hf, entries, pull);
	rc = fm_json_pull_next(pull, &event, err);
	if (rc != FM_OK)
		return rc;
	if (event != FM_PULL_NUMBER || !fm_hf_read_score(pull->value, &entry->score))
		return no_piece(place, err);
	rc = fm_json_pull_next(pull, &event, err);
	if (rc != FM_OK)
		return rc;
	return event == FM_PULL_LIST_END ? FM_OK : no_piece(place, err);
}

/* [["piece", score], …]; the place is the id. */
static enum fm_code read_list(struct fm_hf *hf, struct fm_json_pull *pull, struct entries *entries,
                              struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	while (rc == FM_OK) {
		enum fm_pull_event event;

		rc = fm_json_pull_next(pull, &event, err);
		if (rc != FM_OK || event == FM_PULL_LIST_END)
			break;
		rc = event == FM_PULL_LIST ? read_piece(hf, pull, entries, err)
		                           : no_piece(entries->count, err);
	}
	return rc;
}

/* Entries to names by id, and the way back. */
static enum fm_code index_entries(struct fm_hf *hf, const struct entries *entries,
                                  struct fm_err *err)
{
	for (size_t i = 0; i < entries->count; i++)
		if (entries->list[i].id >= hf->name_count)
			hf->name_count = entries->list[i].id + 1;
	if (hf->name_count == 0)
		return fm_fail(err, FM_E_FORMAT, "it is empty");
	hf->names = fm_arena_array(&hf->scratch, hf->name_count, sizeof *hf->names);
	hf->vocab.token_count = hf->name_count;
	hf->vocab.tokens =
		fm_arena_array(&hf->vocab.arena, hf->name_count, sizeof *hf->vocab.tokens);
	for (uint32_t id = 0; id < hf->name_count; id++)
		hf->vocab.tokens[id].kind = FM_TOKEN_NONE;
	fm_token_map_init(&hf->ids, &hf->scratch, entries->count);
	for (size_t i = 0; i < entries->count; i++) {
		const struct entry *entry = &entries->list[i];
		struct fm_span *name = &hf->names[entry->id];

		if (entry->name.len == 0 && hf->is_unigram)
			return fm_fail(err, FM_E_FORMAT, "piece %u is empty", entry->id);
		if (name->ptr != NULL)
			return fm_fail(err, FM_E_FORMAT,
			               "\"%.*s\" and \"%.*s\" have the same id %u",
			               FM_SPAN_ARGS(fm_hf_shown(*name)),
			               FM_SPAN_ARGS(fm_hf_shown(entry->name)), entry->id);
		if (fm_token_map_put(&hf->ids, entry->name, entry->id) != FM_TOKEN_MAP_NONE)
			return fm_fail(err, FM_E_FORMAT, "\"%.*s\" stands twice",
			               FM_SPAN_ARGS(fm_hf_shown(entry->name)));
		*name = entry->name;
		hf->vocab.tokens[entry->id].score = entry->score;
	}
	return FM_OK;
}

enum fm_code fm_hf_read_tokens(struct fm_hf *hf, struct fm_err *err)
{
	struct entries entries = {0};
	struct fm_json_pull pull;
	enum fm_pull_event event;
	enum fm_code rc;

	fm_json_pull_part(&pull, hf->vocab_text);
	rc = fm_json_pull_next(&pull, &event, err);
	if (rc == FM_OK && event != (hf->is_unigram ? FM_PULL_LIST : FM_PULL_OBJECT))
		rc = fm_fail(err, FM_E_FORMAT, hf->is_unigram ? "not a list" : "not an object");
	if (rc == FM_OK)
		rc = hf->is_unigram ? read_list(hf, &pull, &entries, err)
		                    : read_object(hf, &pull, &entries, err);
	if (rc == FM_OK)
		rc = index_entries(hf, &entries, err);
	fm_json_pull_free(&pull);
	fm_memory_free(entries.list);
	return rc == FM_OK ? rc : fm_err_prefix(err, "model.vocab");
}

/*
 * The byte that a code point of the byte alphabet stands for, or -1: printable bytes stand for
 * themselves, the 68 others follow from U+0100 on.
 *
 * Source  GPT-2, encoder.py: bytes_to_unicode
 */
static int byte_of(uint32_t code_point)
{
	const uint32_t others = code_point - 0x100;

	if ((code_point >= 0x21 && code_point <= 0x7e) ||
	    (code_point >= 0xa1 && code_point <= 0xff && code_point != 0xad))
		return (int)code_point;
	if (others <= 0x20)
		return (int)others;
	if (others <= 0x42)
		return (int)(others - 0x21 + 0x7f);
	return others == 0x43 ? 0xad : -1;
}

/* The bytes of a name in the byte alphabet; false when it is not in it, so that no text has it. */
static bool undo_alphabet(struct fm_hf *hf, struct fm_span name, struct fm_span *ret_bytes)
{
	char bytes[FM_VOCAB_TOKEN_BYTES_MAX];
	size_t len = 0;

	while (name.len > 0) {
		uint32_t code_point;
		int byte;

		name = fm_span_skip(name, fm_utf8_next(name, &code_point));
		byte = byte_of(code_point);
		if (byte < 0)
			return false;
		bytes[len++] = (char)(unsigned char)byte;
	}
	*ret_bytes = fm_arena_copy(&hf->vocab.arena, fm_span_make(bytes, len));
	return true;
}

/* The bytes of a name in which a space is marked; false when one stands bare, which no text has. */
static bool undo_marks(struct fm_hf *hf, struct fm_span name, struct fm_span *ret_bytes)
{
	char bytes[FM_VOCAB_TOKEN_BYTES_MAX];
	size_t len = 0;

	while (name.len > 0) {
		const bool mark = fm_span_starts(name, FM_MARK);

		if (name.ptr[0] == ' ')
			return false;
		bytes[len] = name.ptr[0];
		if (mark)
			bytes[len] = ' ';
		len++;
		name = fm_span_skip(name, mark ? sizeof FM_MARK - 1 : 1);
	}
	*ret_bytes = fm_arena_copy(&hf->vocab.arena, fm_span_make(bytes, len));
	return true;
}

static void spell_token(struct fm_hf *hf, uint32_t id)
{
	struct fm_vocab_token *token = &hf->vocab.tokens[id];
	const struct fm_span name = hf->names[id];
	bool good = true;

	token->kind = FM_TOKEN_NORMAL;
	if (name.len == 0) {
		token->kind = FM_TOKEN_CONTROL; /* no text is it, and no merge may be of it */
		return;
	}
	if (hf->byte_fallback && fm_vocab_byte_of(name) >= 0) {
		const char byte = (char)fm_vocab_byte_of(name);

		token->kind = FM_TOKEN_BYTE;
		token->bytes = fm_arena_copy(&hf->vocab.arena, fm_span_make(&byte, 1));
		return;
	}
	if (hf->byte_level)
		good = undo_alphabet(hf, name, &token->bytes);
	else if (hf->vocab.rules.spaces_marked)
		good = undo_marks(hf, name, &token->bytes);
	else
		token->bytes = fm_arena_copy(&hf->vocab.arena, name);
	if (good)
		return;
	token->kind = FM_TOKEN_CONTROL;
	token->bytes = fm_arena_copy(&hf->vocab.arena, name);
}

/* With some of the byte tokens only, what becomes of a code point depends on its neighbours. */
static enum fm_code check_bytes(const struct fm_hf *hf, struct fm_err *err)
{
	bool found[256] = {false};

	for (uint32_t id = 0; id < hf->name_count; id++)
		if (hf->vocab.tokens[id].kind == FM_TOKEN_BYTE)
			found[(unsigned char)hf->vocab.tokens[id].bytes.ptr[0]] = true;
	for (unsigned byte = 0; byte < 256; byte++)
		if (!found[byte])
			return fm_fail(err, FM_E_FORMAT,
			               "model.byte_fallback is set, but <0x%02X> is no token",
			               byte);
	return FM_OK;
}

static enum fm_code find_unknown(struct fm_hf *hf, struct fm_err *err)
{
	uint32_t id = FM_TOKEN_MAP_NONE;
	uint64_t number;

	if (hf->is_unigram) {
		if (!fm_num_u64(hf->unknown, &number) || number >= hf->name_count)
			return fm_fail(err, FM_E_FORMAT, "model.unk_id %.*s is no piece's place",
			               FM_SPAN_ARGS(fm_hf_shown(hf->unknown)));
		id = (uint32_t)number;
	} else {
		id = fm_token_map_find(&hf->ids, hf->unknown);
	}
	if (id == FM_TOKEN_MAP_NONE)
		return fm_fail(err, FM_E_FORMAT, "model.unk_token \"%.*s\" is no token",
		               FM_SPAN_ARGS(fm_hf_shown(hf->unknown)));
	hf->vocab.tokens[id].kind = FM_TOKEN_UNKNOWN;
	return FM_OK;
}

enum fm_code fm_hf_spell_tokens(struct fm_hf *hf, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	hf->vocab.model = hf->is_unigram   ? FM_VOCAB_UNIGRAM
	                  : hf->byte_level ? FM_VOCAB_BYTE_BPE
	                                   : FM_VOCAB_CHAR_BPE;
	if (hf->byte_level && (hf->is_unigram || hf->byte_fallback))
		return fm_fail(err, FM_E_FORMAT,
		               "pre_tokenizer ByteLevel with a model of characters is not served");
	for (uint32_t id = 0; id < hf->name_count; id++)
		if (hf->names[id].ptr != NULL)
			spell_token(hf, id);
	if (hf->byte_level)
		return FM_OK; /* every byte is a token, and nothing is unknown */
	if (hf->byte_fallback)
		rc = check_bytes(hf, err);
	if (rc == FM_OK && hf->has_unknown)
		rc = find_unknown(hf, err);
	else if (rc == FM_OK && hf->is_unigram)
		rc = fm_fail(err, FM_E_FORMAT,
		             "model.unk_id is not there: some text has no tokens");
	else if (rc == FM_OK && !hf->byte_fallback)
		rc = fm_fail(err, FM_E_FORMAT,
		             "model has neither unk_token nor byte_fallback: some text would count "
		             "as nothing");
	return rc;
}
