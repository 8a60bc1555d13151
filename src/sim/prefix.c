#include "prefix_internal.h"

#include <string.h>

#include "base/clock.h"
#include "base/macro.h"
#include "base/memory.h"
#include "token/counter.h"

#define NODES_MAX ((size_t)1 << 20) /* 64 MB: of 45 MB prompts, some four hundred */
#define TABLE_SIZE (NODES_MAX * 2)
/* Prompts that part at one place, as those with a nonce in front do: the newest are looked at. */
#define COMPARED_MAX 256

/* A prefix that was read, up to the end of one chunk; its text lies in the store. */
struct node {
	struct fm_id id;
	uint64_t role; /* a hash, where the chunk begins a message; else 0 */
	uint64_t offset;
	uint32_t len;
	uint32_t generation;
	uint32_t child;   /* the newest prefix that goes on from here, plus one */
	uint32_t sibling; /* the next older one with the same parent, plus one */
	int64_t ready_ns;
	int64_t used_ns;
};

struct fm_prefixes {
	struct node *nodes;
	size_t count;
	size_t capacity;
	uint32_t *table; /* node's number plus one, found by its hash */
};

struct fm_caching fm_caching_of(enum fm_vendor vendor)
{
	static const int64_t minutes5 = 300 * FM_NS_PER_S;
	static const int64_t hour = 3600 * FM_NS_PER_S;
	static const struct {
		uint64_t block_tokens;
		uint64_t min_tokens;
		enum fm_vendor vendor;
		bool hour;
		bool writes;
	} rows[] = {
		{1,  1024, FM_VENDOR_ANTHROPIC, false, true },
		{1,  1024, FM_VENDOR_BEDROCK,   false, true },
		{1,  2048, FM_VENDOR_GEMINI,    false, false},
		{1,  2048, FM_VENDOR_VERTEX,    false, false},
		{64, 64,   FM_VENDOR_DEEPSEEK,  true,  false},
		{1,  256,  FM_VENDOR_DASHSCOPE, false, false},
		{16, 16,   FM_VENDOR_VLLM,      true,  false},
		{16, 16,   FM_VENDOR_VLLM_LAZY, true,  false},
		{1,  1,    FM_VENDOR_SGLANG,    true,  false},
		{1,  1,    FM_VENDOR_LLAMACPP,  true,  false},
	};
	struct fm_caching caching = {.block_tokens = 128, .min_tokens = 1024, .ttl_ns = minutes5};

	for (size_t i = 0; i < FM_COUNT(rows); i++)
		if (rows[i].vendor == vendor) {
			caching.block_tokens = rows[i].block_tokens;
			caching.min_tokens = rows[i].min_tokens;
			caching.ttl_ns = rows[i].hour ? hour : minutes5;
			caching.writes = rows[i].writes;
		}
	return caching;
}

struct fm_prefixes *fm_prefixes_open(void)
{
	return fm_memory_take(sizeof(struct fm_prefixes));
}

void fm_prefixes_close(struct fm_prefixes *cache)
{
	if (cache == NULL)
		return;
	fm_memory_free(cache->nodes);
	fm_memory_free(cache->table);
	fm_memory_free(cache);
}

/* One link of the chain of hashes: no padding, so that its bytes are its value. */
struct link {
	struct fm_id before;
	struct fm_id chunk;
	uint64_t role;
};

static struct fm_id root_of(uint64_t owner)
{
	const struct link link = {.role = owner};

	return fm_hash128(fm_span_make((const char *)&link, sizeof link));
}

static uint64_t role_of(const struct fm_prefix_prompt *prompt, size_t at)
{
	const struct fm_seen *seen = &prompt->view->seen[at];

	if (at > 0 && seen[-1].message == seen->message)
		return 0;
	return fm_hash64(prompt->asked->messages[seen->message].role) | 1;
}

static struct fm_id next_of(const struct fm_prefix_prompt *prompt, size_t at, struct fm_id before)
{
	const struct fm_seen *seen = &prompt->view->seen[at];
	const struct link link = {
		.before = before,
		.chunk = seen->chunk != FM_NO_CHUNK
	                         ? fm_chunk_id(prompt->view->generation, seen->chunk)
	                         : fm_hash128(seen->text),
		.role = role_of(prompt, at)};

	return fm_hash128(fm_span_make((const char *)&link, sizeof link));
}

static uint32_t *slot_of(const struct fm_prefixes *cache, struct fm_id id)
{
	size_t slot = (size_t)id.low & (TABLE_SIZE - 1);

	while (cache->table[slot] != 0 && !fm_id_equal(cache->nodes[cache->table[slot] - 1].id, id))
		slot = (slot + 1) & (TABLE_SIZE - 1);
	return &cache->table[slot];
}

static struct node *find(const struct fm_prefixes *cache, struct fm_id id)
{
	const uint32_t number = cache->table == NULL ? 0 : *slot_of(cache, id);

	return number == 0 ? NULL : &cache->nodes[number - 1];
}

static bool is_alive(const struct node *node, const struct fm_prefix_prompt *prompt)
{
	return prompt->now_ns >= node->ready_ns && prompt->now_ns - node->used_ns <= prompt->ttl_ns;
}

/* Whole code points that two texts begin with alike. */
static size_t shared_bytes(struct fm_span a, struct fm_span b)
{
	const size_t most = a.len < b.len ? a.len : b.len;
	size_t len = 0;

	while (len < most && a.ptr[len] == b.ptr[len])
		len++;
	while (len > 0 && len < a.len && ((unsigned char)a.ptr[len] & 0xc0) == 0x80)
		len--;
	return len;
}

/* Of the chunk where this prompt goes its own way, the tokens that it shares with any before. */
static uint64_t shared_inside(const struct fm_prefixes *cache, const struct node *parent,
                              const struct fm_prefix_prompt *prompt, size_t at)
{
	const struct fm_view *view = prompt->view;
	const uint32_t generation = fm_generation_number(view->generation);
	const uint64_t role = role_of(prompt, at);
	uint32_t number = parent->child;
	size_t longest = 0;

	for (size_t n = 0; number != 0 && n < COMPARED_MAX; n++) {
		struct node *node = &cache->nodes[number - 1];

		number = node->sibling;
		if (!is_alive(node, prompt) || node->role != role || node->generation != generation)
			continue;
		const size_t len =
			shared_bytes(view->seen[at].text,
		                     fm_generation_text(view->generation, node->offset, node->len));

		if (len > longest)
			longest = len;
	}
	return fm_counter_count(prompt->counter, fm_span_first(view->seen[at].text, longest));
}

uint64_t fm_prefix_read(struct fm_prefixes *cache, const struct fm_prefix_prompt *prompt)
{
	const struct fm_view *view = prompt->view;
	struct fm_id id = root_of(prompt->owner);
	const struct node *parent = find(cache, id);
	uint64_t tokens = 0;
	size_t i = 0;

	if (parent == NULL)
		return 0;
	for (; i < view->count; i++) {
		struct node *node;

		id = next_of(prompt, i, id);
		node = find(cache, id);
		if (node == NULL || !is_alive(node, prompt))
			break;
		node->used_ns = prompt->now_ns;
		tokens += view->seen[i].tokens;
		parent = node;
	}
	return i == view->count ? tokens : tokens + shared_inside(cache, parent, prompt, i);
}

/* Add a prefix, or find it; `parent` is 0 for a root, else its number plus one. */
static uint32_t keep(struct fm_prefixes *cache, uint32_t parent, struct fm_id id)
{
	uint32_t *slot = slot_of(cache, id);

	if (*slot != 0)
		return *slot;
	cache->nodes =
		fm_memory_more(cache->nodes, cache->count, &cache->capacity, sizeof(struct node));
	cache->nodes[cache->count] = (struct node){.id = id, .ready_ns = INT64_MAX};
	*slot = (uint32_t)++cache->count;
	if (parent != 0) {
		cache->nodes[*slot - 1].sibling = cache->nodes[parent - 1].child;
		cache->nodes[parent - 1].child = *slot;
	}
	return *slot;
}

/* A full cache forgets everything, as a server does that needs its memory for another model. */
static void make_room(struct fm_prefixes *cache, size_t more)
{
	if (cache->table == NULL)
		cache->table = fm_memory_take(TABLE_SIZE * sizeof *cache->table);
	if (cache->count + more <= NODES_MAX)
		return;
	memset(cache->table, 0, TABLE_SIZE * sizeof *cache->table);
	cache->count = 0;
}

void fm_prefix_keep(struct fm_prefixes *cache, const struct fm_prefix_prompt *prompt,
                    int64_t ready_ns)
{
	const struct fm_view *view = prompt->view;
	struct fm_id id = root_of(prompt->owner);
	uint32_t number;

	if (view->count + 1 > NODES_MAX)
		return;
	make_room(cache, view->count + 1);
	number = keep(cache, 0, id);
	for (size_t i = 0; i < view->count; i++) {
		struct node *node;

		id = next_of(prompt, i, id);
		number = keep(cache, number, id);
		node = &cache->nodes[number - 1];
		if (node->ready_ns > ready_ns || prompt->now_ns - node->used_ns > prompt->ttl_ns)
			node->ready_ns = ready_ns;
		node->used_ns = ready_ns > prompt->now_ns ? ready_ns : prompt->now_ns;
		node->role = role_of(prompt, i);
		node->offset = fm_generation_offset(view->generation, view->seen[i].text);
		node->len = (uint32_t)view->seen[i].text.len;
		node->generation = fm_generation_number(view->generation);
	}
}

uint64_t fm_cached_tokens(const struct fm_caching *caching, uint64_t shared, uint64_t tokens)
{
	if (tokens == 0)
		return 0;
	if (shared >= tokens)
		shared = tokens - 1;
	shared -= shared % caching->block_tokens;
	return shared < caching->min_tokens ? 0 : shared;
}

uint64_t fm_written_tokens(const struct fm_caching *caching, uint64_t cached, uint64_t tokens)
{
	const uint64_t whole = tokens - tokens % caching->block_tokens;

	if (!caching->writes || whole < caching->min_tokens || whole <= cached)
		return 0;
	return whole - cached;
}
