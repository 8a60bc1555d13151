#include "compile_internal.h"

#include <stdlib.h>
#include <string.h>

#include "added_internal.h"
#include "lookup_internal.h"
#include "normal_internal.h"
#include "text/utf8.h"
#include "trie_internal.h"
#include "unigram_internal.h"

#define FLAT_MAX ((size_t)1 << 30)

static void set_part(struct fm_compiling *c, enum fm_table table, const void *bytes, size_t len)
{
	c->parts[table] = fm_span_make(bytes, len);
}

static enum fm_code check_tokens(struct fm_compiling *c, struct fm_err *err)
{
	const struct fm_vocab *vocab = c->vocab;
	size_t bytes = 0;

	if (vocab->token_count == 0 || vocab->token_count > FM_VOCAB_TOKENS_MAX)
		return fm_fail(err, FM_E_LIMIT, "%u tokens, but there may be 1 to %u",
		               vocab->token_count, FM_VOCAB_TOKENS_MAX);
	for (uint32_t id = 0; id < vocab->token_count; id++) {
		const size_t len = vocab->tokens[id].bytes.len;

		if (len > FM_VOCAB_TOKEN_BYTES_MAX)
			return fm_fail(err, FM_E_LIMIT, "token %u has more than %u bytes", id,
			               FM_VOCAB_TOKEN_BYTES_MAX);
		if (len > c->header.token_bytes_max)
			c->header.token_bytes_max = (uint32_t)len;
		bytes += len;
	}
	if (bytes > FM_VOCAB_BYTES_MAX)
		return fm_fail(err, FM_E_LIMIT, "its tokens have more than %u bytes together",
		               FM_VOCAB_BYTES_MAX);
	return FM_OK;
}

static void put_tokens(struct fm_compiling *c)
{
	const uint32_t count = c->vocab->token_count;
	uint32_t *ends = fm_arena_array(&c->arena, count, sizeof *ends);
	uint8_t *kinds = fm_arena_array(&c->arena, count, sizeof *kinds);
	size_t len = 0;
	char *bytes;

	for (uint32_t id = 0; id < count; id++)
		len += c->vocab->tokens[id].bytes.len;
	bytes = fm_arena_take(&c->arena, len);
	len = 0;
	for (uint32_t id = 0; id < count; id++) {
		const struct fm_span token = c->vocab->tokens[id].bytes;

		if (token.len > 0)
			memcpy(bytes + len, token.ptr, token.len);
		len += token.len;
		ends[id] = (uint32_t)len;
		kinds[id] = c->vocab->tokens[id].kind;
		if (kinds[id] == FM_TOKEN_UNUSED)
			c->header.has_unused = 1;
		if (kinds[id] == FM_TOKEN_UNKNOWN)
			c->header.unknown_id = id;
	}
	set_part(c, FM_TABLE_TOKEN_BYTES, bytes, len);
	set_part(c, FM_TABLE_TOKEN_ENDS, ends, count * sizeof *ends);
	set_part(c, FM_TABLE_TOKEN_KINDS, kinds, count);
	c->header.token_count = count;
}

/* Which token a byte is: of bytes to begin with, or of those that no code point's token holds. */
static enum fm_code put_bytes(struct fm_compiling *c, struct fm_err *err)
{
	const bool begins = c->vocab->model == FM_VOCAB_BYTE_BPE;
	const uint8_t kind = begins ? FM_TOKEN_NORMAL : FM_TOKEN_BYTE;
	uint32_t *ids = fm_arena_array(&c->arena, 256, sizeof *ids);

	for (unsigned byte = 0; byte < 256; byte++)
		ids[byte] = FM_NO_ID;
	for (uint32_t id = 0; id < c->vocab->token_count; id++) {
		const struct fm_vocab_token *token = &c->vocab->tokens[id];

		if (token->kind != kind || token->bytes.len != 1)
			continue;
		if (ids[(unsigned char)token->bytes.ptr[0]] != FM_NO_ID)
			return fm_fail(err, FM_E_FORMAT, "tokens %u and %u are the same byte",
			               ids[(unsigned char)token->bytes.ptr[0]], id);
		ids[(unsigned char)token->bytes.ptr[0]] = id;
	}
	for (unsigned byte = 0; byte < 256; byte++)
		if (ids[byte] == FM_NO_ID && (begins || c->header.unknown_id == FM_NO_ID))
			return fm_fail(err, FM_E_FORMAT, "it has no token for the byte 0x%02x",
			               byte);
	set_part(c, FM_TABLE_BYTE_IDS, ids, 256 * sizeof *ids);
	return FM_OK;
}

static void put_merges(struct fm_compiling *c)
{
	const struct fm_pair_tables tables =
		fm_merges_tables(c->merges.rules, c->merges.count, &c->arena);

	c->header.class_count = c->merges.class_count;
	set_part(c, FM_TABLE_PAIRS, tables.pairs,
	         (size_t)tables.lines * FM_PAIR_LINE * sizeof *tables.pairs);
	set_part(c, FM_TABLE_PAIR_FILTER, tables.filter, (size_t)1 << (FM_PAIR_FILTER_BITS - 3));
	set_part(c, FM_TABLE_RESULTS, c->merges.results,
	         c->merges.class_count * sizeof *c->merges.results);
	set_part(c, FM_TABLE_MADE, c->merges.made, c->vocab->token_count * sizeof *c->merges.made);
}

/* The first merges of a piece are of its bytes: these are looked up without a hash. */
static void put_byte_pairs(struct fm_compiling *c)
{
	uint32_t *classes;

	if (c->vocab->model != FM_VOCAB_BYTE_BPE)
		return;
	classes = fm_arena_array(&c->arena, 65536, sizeof *classes);
	for (size_t i = 0; i < 65536; i++)
		classes[i] = FM_NO_CLASS;
	for (size_t i = 0; i < c->merges.count; i++) {
		const struct fm_merge_rule *rule = &c->merges.rules[i];
		const struct fm_span left = c->vocab->tokens[rule->left].bytes;
		const struct fm_span right = c->vocab->tokens[rule->right].bytes;

		if (left.len == 1 && right.len == 1)
			classes[(unsigned char)left.ptr[0] << 8 | (unsigned char)right.ptr[0]] =
				rule->class;
	}
	set_part(c, FM_TABLE_BYTE_PAIRS, classes, 65536 * sizeof *classes);
}

/* The token of each code point that has one. */
static void put_chars(struct fm_compiling *c)
{
	uint16_t *blocks;
	uint32_t *ids;
	uint16_t block_count = 1; /* the first is of code points without */

	if (c->vocab->model != FM_VOCAB_CHAR_BPE)
		return;
	blocks = fm_arena_array(&c->arena, 0x1100, sizeof *blocks);
	ids = fm_arena_array(&c->arena, (size_t)0x1101 * 256, sizeof *ids);
	memset(ids, 0xff, (size_t)0x1101 * 256 * sizeof *ids); /* FM_NO_ID everywhere */
	for (uint32_t id = 0; id < c->vocab->token_count; id++) {
		const struct fm_token_made *made = &c->merges.made[id];
		uint32_t code_point = 0;

		if (made->left != id) /* not a beginning */
			continue;
		(void)fm_utf8_next(c->vocab->tokens[id].bytes,
		                   &code_point); /* its length is the token's */
		if (blocks[code_point >> 8] == 0)
			blocks[code_point >> 8] = block_count++;
		ids[(size_t)blocks[code_point >> 8] << 8 | (code_point & 0xff)] = id;
	}
	set_part(c, FM_TABLE_CHAR_BLOCKS, blocks, 0x1100 * sizeof *blocks);
	set_part(c, FM_TABLE_CHAR_IDS, ids, (size_t)block_count * 256 * sizeof *ids);
}

/* Is it what a whole piece may be without a merge being looked at? */
static bool is_whole(struct fm_compiling *c, uint32_t id)
{
	const struct fm_vocab_token *token = &c->vocab->tokens[id];

	if (token->bytes.len == 0 || token->kind != FM_TOKEN_NORMAL)
		return false;
	if (c->merges.made[id].left != FM_NO_ID)
		return true;
	if (!c->vocab->rules.whole_piece_first)
		return false;
	c->header.has_whole_only = 1;
	return true;
}

static void put_whole(struct fm_compiling *c)
{
	struct fm_whole_slot *slots;
	size_t size = 16;

	while (size < (size_t)c->vocab->token_count * 2)
		size *= 2;
	slots = fm_arena_array(&c->arena, size, sizeof *slots);
	for (size_t i = 0; i < size; i++)
		slots[i].id = FM_NO_ID;
	for (uint32_t id = 0; id < c->vocab->token_count; id++) {
		uint32_t hash;
		size_t at;

		if (!is_whole(c, id))
			continue;
		hash = fm_tables_hash(c->vocab->tokens[id].bytes);
		for (at = hash & (size - 1); slots[at].id != FM_NO_ID;)
			at = (at + 1) & (size - 1);
		slots[at] = (struct fm_whole_slot){hash, id};
	}
	set_part(c, FM_TABLE_WHOLE, slots, size * sizeof *slots);
}

static int compare_entries(const void *a, const void *b)
{
	return fm_span_compare(((const struct fm_trie_entry *)a)->bytes,
	                       ((const struct fm_trie_entry *)b)->bytes);
}

/* The tokens that encode to themselves. */
static enum fm_code put_trie(struct fm_compiling *c, struct fm_err *err)
{
	const uint32_t count = c->vocab->token_count;
	struct fm_trie_entry *entries = fm_arena_array(&c->arena, count, sizeof *entries);
	uint32_t *shorter = fm_arena_array(&c->arena, count, sizeof *shorter);
	struct fm_trie trie = {0};
	size_t entry_count = 0;
	enum fm_code rc;

	for (uint32_t id = 0; id < count; id++)
		if (c->merges.made[id].left != FM_NO_ID)
			entries[entry_count++] =
				(struct fm_trie_entry){c->vocab->tokens[id].bytes, id};
	qsort(entries, entry_count, sizeof *entries, compare_entries);
	for (size_t i = 1; i < entry_count; i++)
		if (fm_span_equal(entries[i - 1].bytes, entries[i].bytes))
			return fm_fail(err, FM_E_FORMAT, "tokens %u and %u are the same text",
			               entries[i - 1].id, entries[i].id);
	rc = fm_trie_build(entries, entry_count, shorter, &c->arena, &trie, err);
	if (rc != FM_OK)
		return rc;
	for (size_t i = 0; i < entry_count; i++)
		c->merges.made[entries[i].id].shorter = shorter[entries[i].id];
	set_part(c, FM_TABLE_TRIE, trie.nodes, trie.count * sizeof *trie.nodes);
	set_part(c, FM_TABLE_TRIE_ONE, trie.one, 256 * sizeof *trie.one);
	set_part(c, FM_TABLE_TRIE_TWO, trie.two, 65536 * sizeof *trie.two);
	return FM_OK;
}

static void join(uint64_t *joined, struct fm_span bytes)
{
	for (size_t i = 1; i < bytes.len; i++) {
		const uint32_t pair = (uint32_t)(unsigned char)bytes.ptr[i - 1] << 8 |
		                      (unsigned char)bytes.ptr[i];

		joined[pair >> 6] |= (uint64_t)1 << (pair & 63);
	}
}

static void put_joined(struct fm_compiling *c)
{
	uint64_t *joined = fm_arena_array(&c->arena, 1024, sizeof *joined);

	for (uint32_t id = 0; id < c->vocab->token_count; id++)
		join(joined, c->vocab->tokens[id].bytes);
	for (size_t i = 0; i < c->vocab->added_count; i++)
		join(joined, c->vocab->added[i].text);
	set_part(c, FM_TABLE_JOINED, joined, 1024 * sizeof *joined);
}

static void put_rules(struct fm_compiling *c)
{
	const struct fm_vocab_rules *rules = &c->vocab->rules;
	struct fm_tables_header *h = &c->header;

	h->model = c->vocab->model;
	h->scheme = rules->scheme;
	h->normal_form = rules->normal_form;
	h->dummy_prefix = rules->dummy_prefix;
	h->prefix_each_part = rules->prefix_each_part;
	h->squeeze_spaces = rules->squeeze_spaces;
	h->strip_left = rules->strip_left;
	h->strip_right = rules->strip_right;
	h->fold_spaces = rules->fold_spaces;
	h->spaces_marked = rules->spaces_marked;
	h->whole_piece_first = rules->whole_piece_first;
	h->fuse_unknown = rules->fuse_unknown;
	if (rules->pattern != NULL)
		set_part(c, FM_TABLE_PATTERN, rules->pattern, strlen(rules->pattern) + 1);
}

static bool is_text_changed(const struct fm_vocab_rules *rules)
{
	return rules->normal_form != FM_NORMAL_NONE || rules->dummy_prefix != FM_PREFIX_NEVER ||
	       rules->squeeze_spaces || rules->strip_left || rules->strip_right ||
	       rules->fold_spaces || rules->spaces_marked;
}

/* What few tokenizers have: each is made by its own file. */
static enum fm_code put_flat(struct fm_compiling *c, struct fm_err *err)
{
	struct fm_buf *flat = c->flat;
	enum fm_code rc = FM_OK;

	for (unsigned i = 0; i < FM_TABLE_COUNT; i++)
		fm_buf_init(&flat[i], FLAT_MAX);
	if (is_text_changed(&c->vocab->rules))
		rc = fm_normal_build(&c->vocab->rules, &flat[FM_TABLE_NORMAL], err);
	if (rc == FM_OK && c->vocab->added_count > 0)
		rc = fm_added_build(c->vocab, &flat[FM_TABLE_ADDED], err);
	if (rc == FM_OK && c->vocab->model == FM_VOCAB_UNIGRAM)
		rc = fm_unigram_build(c->vocab, &flat[FM_TABLE_UNIGRAM], err);
	if (rc != FM_OK)
		return rc;
	for (unsigned i = 0; i < FM_TABLE_COUNT; i++)
		if (flat[i].len > 0)
			c->parts[i] = fm_buf_span(&flat[i]);
	return FM_OK;
}

enum fm_code fm_compile_parts(struct fm_compiling *c, struct fm_err *err)
{
	enum fm_code rc;

	c->header.unknown_id = FM_NO_ID;
	rc = check_tokens(c, err);
	if (rc != FM_OK)
		return rc;
	put_rules(c);
	put_tokens(c);
	put_joined(c);
	rc = put_flat(c, err);
	if (rc != FM_OK || c->vocab->model == FM_VOCAB_UNIGRAM)
		return rc;
	rc = put_bytes(c, err);
	if (rc == FM_OK)
		rc = fm_merges_find(c->vocab, &c->arena, &c->merges, err);
	if (rc != FM_OK)
		return rc;
	put_merges(c);
	put_byte_pairs(c);
	put_chars(c);
	put_whole(c);
	return put_trie(c, err);
}
