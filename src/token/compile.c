#include "compile_internal.h"

#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "compiled_internal.h"
#include "counter_internal.h"
#include "seam_internal.h"
#include "unicode_internal.h"

#define RULES "fathom tokenizer 1" /* what the parts below mean */

static void add_number(struct fm_hasher *hasher, uint64_t number)
{
	char bytes[8];

	for (unsigned i = 0; i < 8; i++)
		bytes[i] = (char)(unsigned char)(number >> (8 * i));
	fm_hasher_add(hasher, fm_span_make(bytes, sizeof bytes));
}

static void add_text(struct fm_hasher *hasher, struct fm_span text)
{
	add_number(hasher, text.len);
	if (text.len > 0)
		fm_hasher_add(hasher, text);
}

/* A token counts if text can become it; what else an id may be called changes nothing. */
static void add_tokens(struct fm_hasher *hasher, const struct fm_compiling *c)
{
	for (uint32_t id = 0; id < c->vocab->token_count; id++) {
		const struct fm_vocab_token *token = &c->vocab->tokens[id];
		const bool made = c->merges.made[id].left != FM_NO_ID;
		const bool whole = !made && c->header.whole_piece_first != 0 &&
		                   token->kind == FM_TOKEN_NORMAL && token->bytes.len > 0;

		if (!made && !whole && token->kind != FM_TOKEN_BYTE &&
		    token->kind != FM_TOKEN_UNKNOWN)
			continue;
		add_number(hasher, id);
		add_number(hasher, made ? (token->kind == FM_TOKEN_UNUSED ? 1 : 0) : 2);
		add_number(hasher, token->kind == FM_TOKEN_BYTE ? 1 : 0);
		if (token->kind != FM_TOKEN_UNKNOWN)
			add_text(hasher, token->bytes);
	}
	for (size_t i = 0; i < c->merges.count; i++) {
		add_number(hasher, c->merges.rules[i].left);
		add_number(hasher, c->merges.rules[i].right);
		add_number(hasher, c->merges.rules[i].class);
	}
}

/* Of what the tokenizer does, whatever form of file it came in. */
static struct fm_id digest_of(const struct fm_compiling *c)
{
	const struct fm_tables_header *h = &c->header;
	struct fm_hasher *hasher = fm_hasher_open();
	struct fm_id id;

	add_text(hasher, fm_span_of(RULES));
	add_text(hasher, fm_span_of(FM_UNICODE_VERSION));
	add_number(hasher, h->model);
	add_number(hasher, h->scheme);
	add_number(hasher, h->has_whole_only);
	add_number(hasher, h->fuse_unknown);
	add_number(hasher, h->prefix_each_part);
	add_number(hasher, h->spaces_marked);
	add_text(hasher, c->parts[FM_TABLE_PATTERN]);
	add_text(hasher, c->parts[FM_TABLE_NORMAL]);
	add_text(hasher, c->parts[FM_TABLE_ADDED]);
	add_text(hasher, c->parts[FM_TABLE_UNIGRAM]);
	if (c->vocab->model != FM_VOCAB_UNIGRAM)
		add_tokens(hasher, c);
	id = fm_hasher_id(hasher);
	fm_hasher_close(hasher);
	return id;
}

static void place_parts(struct fm_compiling *c)
{
	uint64_t at = sizeof c->header;

	for (unsigned i = 0; i < FM_TABLE_COUNT; i++) {
		at = (at + FM_TABLES_ALIGN - 1) / FM_TABLES_ALIGN * FM_TABLES_ALIGN;
		c->header.places[i] = (struct fm_table_place){at, c->parts[i].len};
		at += c->parts[i].len;
	}
	c->header.magic = FM_TABLES_MAGIC;
	c->header.version = FM_TABLES_VERSION;
	c->header.file_bytes = at;
	c->header.digest = digest_of(c);
	c->header.source = c->vocab->source;
}

/* The whole file in memory: it is written in one go, and hashed. */
static char *lay(struct fm_compiling *c)
{
	char *file = fm_memory_take((size_t)c->header.file_bytes);

	for (unsigned i = 0; i < FM_TABLE_COUNT; i++)
		if (c->parts[i].len > 0)
			memcpy(file + c->header.places[i].begin, c->parts[i].ptr, c->parts[i].len);
	memcpy(file, &c->header, sizeof c->header);
	return file;
}

/* Which seams it has is found by counting with the tables, which lie in memory as in the file. */
static enum fm_code find_seams(const struct fm_vocab *vocab, const char *file, uint32_t *ret_rules,
                               struct fm_err *err)
{
	struct fm_compiled *tables = fm_memory_take(sizeof *tables);
	struct fm_counter *counter = NULL;
	struct fm_seams seams = {.rules = fm_seam_rules(vocab)};
	enum fm_code rc;

	fm_tables_point(tables, file);
	rc = fm_exact_counter_open(tables, "", &counter, err);
	if (rc != FM_OK) {
		fm_compiled_close(tables);
		return rc;
	}
	seams.joined = tables->joined;
	seams.count = counter->kind->count;
	seams.self = counter->self;
	*ret_rules = fm_seam_check(vocab, &seams);
	fm_counter_close(counter); /* and the tables */
	return FM_OK;
}

/* The last of the header: where counts add up, and the digests. */
static enum fm_code seal(const struct fm_vocab *vocab, char *file, size_t len, struct fm_err *err)
{
	const struct fm_span body = {file + sizeof(struct fm_tables_header),
	                             len - sizeof(struct fm_tables_header)};
	struct fm_tables_header header;
	uint32_t rules = 0;
	const enum fm_code rc = find_seams(vocab, file, &rules, err);

	if (rc != FM_OK)
		return rc;
	memcpy(&header, file, sizeof header);
	header.seam_rules = rules;
	header.body_digest = fm_hash128(body);
	header.header_digest = (struct fm_id){0};
	header.header_digest = fm_hash128(fm_span_make((const char *)&header, sizeof header));
	memcpy(file, &header, sizeof header);
	return FM_OK;
}

static enum fm_code keep(const char *path, struct fm_span file, struct fm_compiled **ret_compiled,
                         struct fm_err *err)
{
	struct fm_map map = {0};
	enum fm_code rc;
	int fd = -1;

	if (path != NULL) {
		rc = fm_file_replace(path, file, err);
		return rc != FM_OK ? rc : fm_compiled_open(path, false, ret_compiled, err);
	}
	rc = fm_file_temp(&fd, err);
	if (rc == FM_OK)
		rc = fm_file_write_fd(fd, file, err);
	if (rc == FM_OK)
		rc = fm_map_fd(fd, file.len, &map, err);
	fm_fd_close(&fd);
	return rc != FM_OK ? rc : fm_compiled_open_map(map, false, ret_compiled, err);
}

enum fm_code fm_compile(const struct fm_vocab *vocab, const char *path,
                        struct fm_compiled **ret_compiled, struct fm_err *err)
{
	struct fm_compiling c = {.vocab = vocab};
	char *file = NULL;
	enum fm_code rc = fm_compile_parts(&c, err);

	if (rc != FM_OK)
		goto out;
	place_parts(&c);
	file = lay(&c);
	rc = seal(vocab, file, (size_t)c.header.file_bytes, err);
	if (rc == FM_OK)
		rc = keep(path, fm_span_make(file, (size_t)c.header.file_bytes), ret_compiled, err);
out:
	fm_memory_free(file);
	for (unsigned i = 0; i < FM_TABLE_COUNT; i++)
		fm_buf_free(&c.flat[i]);
	fm_arena_free(&c.arena);
	return rc;
}
