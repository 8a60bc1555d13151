#include "compiled_internal.h"

#include <string.h>

#include "base/memory.h"
#include "lookup_internal.h"
#include "tables_internal.h"
#include "trie_internal.h"

/* How long a part has to be, and for which models it has to be there. */
static uint64_t wanted_len(const struct fm_tables_header *h, enum fm_table table)
{
	const bool merges = h->model != FM_VOCAB_UNIGRAM;

	switch (table) {
	case FM_TABLE_TOKEN_ENDS:
		return (uint64_t)h->token_count * sizeof(uint32_t);
	case FM_TABLE_TOKEN_KINDS:
		return h->token_count;
	case FM_TABLE_MADE:
		return merges ? (uint64_t)h->token_count * sizeof(struct fm_token_made) : 0;
	case FM_TABLE_PAIR_FILTER:
		return merges ? (uint64_t)1 << (FM_PAIR_FILTER_BITS - 3) : 0;
	case FM_TABLE_RESULTS:
		return merges ? (uint64_t)h->class_count * sizeof(uint32_t) : 0;
	case FM_TABLE_BYTE_PAIRS:
		return h->model == FM_VOCAB_BYTE_BPE ? 65536 * sizeof(uint32_t) : 0;
	case FM_TABLE_BYTE_IDS:
	case FM_TABLE_TRIE_ONE:
		return merges ? 256 * sizeof(uint32_t) : 0;
	case FM_TABLE_TRIE_TWO:
		return merges ? 65536 * sizeof(uint64_t) : 0;
	case FM_TABLE_CHAR_BLOCKS:
		return h->model == FM_VOCAB_CHAR_BPE ? 0x1100 * sizeof(uint16_t) : 0;
	case FM_TABLE_JOINED:
		return 1024 * sizeof(uint64_t);
	default:
		return UINT64_MAX; /* any */
	}
}

static bool is_power_of_two(uint64_t n)
{
	return n != 0 && (n & (n - 1)) == 0;
}

static bool are_parts_whole(const struct fm_tables_header *h)
{
	for (unsigned i = 0; i < FM_TABLE_COUNT; i++) {
		const struct fm_table_place place = h->places[i];
		const uint64_t wanted = wanted_len(h, (enum fm_table)i);

		if (place.begin % FM_TABLES_ALIGN != 0 || place.begin < sizeof *h ||
		    place.begin > h->file_bytes || place.len > h->file_bytes - place.begin)
			return false;
		if (wanted != UINT64_MAX && place.len != wanted)
			return false;
	}
	if (h->model == FM_VOCAB_UNIGRAM)
		return h->places[FM_TABLE_UNIGRAM].len > 0;
	return is_power_of_two(h->places[FM_TABLE_PAIRS].len) &&
	       h->places[FM_TABLE_PAIRS].len >= FM_PAIR_LINE * sizeof(uint64_t) &&
	       is_power_of_two(h->places[FM_TABLE_WHOLE].len) &&
	       h->places[FM_TABLE_WHOLE].len >= 2 * sizeof(struct fm_whole_slot) &&
	       h->places[FM_TABLE_TRIE].len % (256 * sizeof(uint64_t)) == 0 &&
	       h->places[FM_TABLE_TRIE].len >= 512 * sizeof(uint64_t) &&
	       h->places[FM_TABLE_CHAR_IDS].len % (256 * sizeof(uint32_t)) == 0;
}

static enum fm_code check_header(struct fm_span file, struct fm_err *err)
{
	struct fm_tables_header header;
	struct fm_id digest;

	if (file.len < sizeof header)
		return fm_fail(err, FM_E_FORMAT, "not a compiled tokenizer: %zu bytes", file.len);
	memcpy(&header, file.ptr, sizeof header);
	if (header.magic != FM_TABLES_MAGIC)
		return fm_fail(err, FM_E_FORMAT, "not a compiled tokenizer");
	if (header.version != FM_TABLES_VERSION)
		return fm_fail(err, FM_E_FORMAT, "a compiled tokenizer of version %u, not %u",
		               header.version, FM_TABLES_VERSION);
	digest = header.header_digest;
	header.header_digest = (struct fm_id){0};
	if (!fm_id_equal(fm_hash128(fm_span_make((const char *)&header, sizeof header)), digest))
		return fm_fail(err, FM_E_FORMAT, "its header is damaged");
	if (header.file_bytes != file.len)
		return fm_fail(err, FM_E_FORMAT, "it has %zu bytes and not %llu: it was cut",
		               file.len, (unsigned long long)header.file_bytes);
	if (header.model > FM_VOCAB_UNIGRAM || header.token_count == 0 ||
	    header.token_count > FM_VOCAB_TOKENS_MAX || header.scheme > FM_SCHEME_PATTERN ||
	    !are_parts_whole(&header))
		return fm_fail(err, FM_E_FORMAT, "its header contradicts itself");
	return FM_OK;
}

void fm_tables_point(struct fm_compiled *c, const char *file)
{
	const void *parts[FM_TABLE_COUNT];

	c->header = (const void *)file;
	for (unsigned i = 0; i < FM_TABLE_COUNT; i++) {
		const struct fm_table_place place = c->header->places[i];

		c->parts[i] = fm_span_make(file + place.begin, (size_t)place.len);
		parts[i] = c->parts[i].ptr;
	}
	c->token_bytes = parts[FM_TABLE_TOKEN_BYTES];
	c->token_ends = parts[FM_TABLE_TOKEN_ENDS];
	c->token_kinds = parts[FM_TABLE_TOKEN_KINDS];
	c->made = parts[FM_TABLE_MADE];
	c->pairs = parts[FM_TABLE_PAIRS];
	c->pair_filter = parts[FM_TABLE_PAIR_FILTER];
	c->results = parts[FM_TABLE_RESULTS];
	c->byte_pairs = parts[FM_TABLE_BYTE_PAIRS];
	c->byte_ids = parts[FM_TABLE_BYTE_IDS];
	c->char_blocks = parts[FM_TABLE_CHAR_BLOCKS];
	c->char_ids = parts[FM_TABLE_CHAR_IDS];
	c->whole = parts[FM_TABLE_WHOLE];
	c->trie = parts[FM_TABLE_TRIE];
	c->trie_one = parts[FM_TABLE_TRIE_ONE];
	c->trie_two = parts[FM_TABLE_TRIE_TWO];
	c->joined = parts[FM_TABLE_JOINED];
	c->pair_mask =
		(uint32_t)(c->parts[FM_TABLE_PAIRS].len / (FM_PAIR_LINE * sizeof(uint64_t))) - 1;
	c->whole_mask = (uint32_t)(c->parts[FM_TABLE_WHOLE].len / sizeof(struct fm_whole_slot)) - 1;
}

enum fm_code fm_compiled_open_map(struct fm_map map, bool full, struct fm_compiled **ret_compiled,
                                  struct fm_err *err)
{
	struct fm_compiled *c;
	enum fm_code rc = check_header(map.bytes, err);

	if (rc != FM_OK) {
		fm_map_close(&map);
		return rc;
	}
	c = fm_memory_take(sizeof *c);
	c->map = map;
	fm_tables_point(c, map.bytes.ptr);
	if (full && !fm_id_equal(fm_hash128(fm_span_skip(map.bytes, sizeof *c->header)),
	                         c->header->body_digest)) {
		fm_compiled_close(c);
		return fm_fail(err, FM_E_FORMAT, "its tables are damaged");
	}
	*ret_compiled = c;
	return FM_OK;
}

enum fm_code fm_compiled_open(const char *path, bool full, struct fm_compiled **ret_compiled,
                              struct fm_err *err)
{
	struct fm_map map = {0};
	enum fm_code rc = fm_map_open(path, &map, err);

	return rc != FM_OK ? rc : fm_compiled_open_map(map, full, ret_compiled, err);
}

void fm_compiled_close(struct fm_compiled *compiled)
{
	if (compiled == NULL)
		return;
	fm_map_close(&compiled->map);
	fm_memory_free(compiled);
}

struct fm_id fm_compiled_digest(const struct fm_compiled *compiled)
{
	return compiled->header->digest;
}

struct fm_id fm_compiled_source(const struct fm_compiled *compiled)
{
	return compiled->header->source;
}

uint32_t fm_compiled_token_count(const struct fm_compiled *compiled)
{
	return compiled->header->token_count;
}

const char *fm_compiled_scheme_name(const struct fm_compiled *compiled)
{
	return fm_scheme_name((enum fm_scheme)compiled->header->scheme);
}
