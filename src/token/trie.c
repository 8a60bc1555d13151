#include "trie_internal.h"

#include <string.h>

#include "base/memory.h"
#include "base/window.h"

#define BLOCK 256 /* places whose numbers differ in the last byte only: where children may go */
#define OPEN_BLOCKS 16 /* older ones are nearly full; to try them too would take for ever */

/* The entries that share their first `depth` bytes. */
struct range {
	const struct fm_trie_entry *entries;
	size_t count;
	size_t depth;
};

struct building {
	uint64_t *nodes;
	size_t count;
	size_t capacity;
	uint64_t *bases_taken; /* a bit by place: it is some node's place for children */
	uint64_t *nodes_taken; /* a bit by place: a node lies there */
	size_t first_open;     /* of the blocks, the first that is still tried */
	uint32_t *shorter;
};

static bool is_base_taken(const struct building *b, size_t base)
{
	return (b->bases_taken[base >> 6] >> (base & 63) & 1) != 0;
}

static void grow(struct building *b)
{
	if (b->count + BLOCK > b->capacity) {
		const size_t wanted = b->capacity * 2 + (size_t)4 * BLOCK;

		b->nodes = fm_memory_grow(b->nodes, b->capacity * sizeof *b->nodes,
		                          wanted * sizeof *b->nodes);
		b->bases_taken = fm_memory_grow(b->bases_taken, b->capacity / 8, wanted / 8);
		b->nodes_taken = fm_memory_grow(b->nodes_taken, b->capacity / 8, wanted / 8);
		b->capacity = wanted;
	}
	b->count += BLOCK;
	if (b->count / BLOCK > b->first_open + OPEN_BLOCKS)
		b->first_open = b->count / BLOCK - OPEN_BLOCKS;
}

/* Do all children go there? `base` is no one's yet. */
static bool fits(const struct building *b, size_t base, const unsigned char *bytes, size_t count)
{
	if (base < BLOCK || is_base_taken(b, base))
		return false;
	for (size_t i = 0; i < count; i++)
		if (b->nodes[base ^ bytes[i]] != 0)
			return false;
	return true;
}

/* Most places are taken by then: 64 of them are passed over at once. */
static size_t find_base(struct building *b, const unsigned char *bytes, size_t count)
{
	for (size_t word = b->first_open * BLOCK / 64; word < b->count / 64; word++) {
		for (uint64_t rest = ~b->nodes_taken[word]; rest != 0; rest &= rest - 1) {
			const size_t at = word * 64 + fm_window_first(rest);

			if (fits(b, at ^ bytes[0], bytes, count))
				return at ^ bytes[0];
		}
	}
	grow(b);
	return b->count - BLOCK;
}

/* The part of a range whose next byte is that of its first entry. */
static struct range take_child(struct range *rest)
{
	const char byte = rest->entries[0].bytes.ptr[rest->depth];
	struct range child = {.entries = rest->entries, .depth = rest->depth + 1};

	while (child.count < rest->count &&
	       rest->entries[child.count].bytes.ptr[rest->depth] == byte)
		child.count++;
	rest->entries += child.count;
	rest->count -= child.count;
	return child;
}

/* Takes the entry that ends at this depth off the range; it sorts first. */
static uint32_t take_own(struct range *range)
{
	uint32_t id;

	if (range->count == 0 || range->entries[0].bytes.len != range->depth)
		return FM_NO_ID;
	id = range->entries[0].id;
	range->entries++;
	range->count--;
	return id;
}

/* A node still to be filled in, at its place, and the entries it leads to. */
struct work {
	struct range range;
	size_t at;
	uint32_t longest; /* entry on the way here */
};

struct stack {
	struct work *items;
	size_t count;
	size_t capacity;
};

static void push(struct stack *stack, struct work work)
{
	stack->items =
		fm_memory_more(stack->items, stack->count, &stack->capacity, sizeof *stack->items);
	stack->items[stack->count++] = work;
}

static void build_node(struct building *b, struct stack *stack, struct work work)
{
	const uint32_t own = take_own(&work.range);
	unsigned char bytes[256];
	struct range children[256];
	size_t child_count = 0;
	size_t base;

	if (own != FM_NO_ID) {
		b->nodes[work.at] |= ((uint64_t)own + 1) << FM_TRIE_TOKEN_SHIFT;
		b->shorter[own] = work.longest;
		work.longest = own;
	}
	while (work.range.count > 0) {
		bytes[child_count] =
			(unsigned char)work.range.entries[0].bytes.ptr[work.range.depth];
		children[child_count++] = take_child(&work.range);
	}
	if (child_count == 0)
		return;
	base = find_base(b, bytes, child_count);
	b->bases_taken[base >> 6] |= (uint64_t)1 << (base & 63);
	b->nodes[work.at] |= (uint64_t)base << FM_TRIE_BYTE_BITS;
	for (size_t i = 0; i < child_count; i++) {
		const size_t at = base ^ bytes[i];

		b->nodes[at] = 0x100u | bytes[i];
		b->nodes_taken[at >> 6] |= (uint64_t)1 << (at & 63);
	}
	for (size_t i = child_count; i-- > 0;)
		push(stack, (struct work){children[i], base ^ bytes[i], work.longest});
}

/* The nodes of one and of two bytes can be looked up at once. */
static void make_short_cuts(struct fm_trie *trie, uint64_t root)
{
	for (unsigned first = 0; first < 256; first++) {
		const uint64_t one = fm_trie_child(trie->nodes, root, (unsigned char)first);
		const uint64_t token = one >> FM_TRIE_TOKEN_SHIFT;

		trie->one[first] = token == 0 ? FM_NO_ID : (uint32_t)token - 1;
		for (unsigned second = 0; second < 256 && one != 0; second++)
			trie->two[first << 8 | second] =
				fm_trie_child(trie->nodes, one, (unsigned char)second);
	}
}

enum fm_code fm_trie_build(const struct fm_trie_entry *entries, size_t count, uint32_t *shorter,
                           struct fm_arena *arena, struct fm_trie *ret_trie, struct fm_err *err)
{
	struct building b = {0};
	struct stack stack = {0};
	struct fm_trie trie;

	b.shorter = shorter;
	grow(&b); /* the empty places */
	grow(&b);
	b.first_open = 1;
	/* The root lies in a place that nothing can point to. */
	push(&stack, (struct work){
			     {entries, count, 0},
                             0, FM_NO_ID
        });
	while (stack.count > 0 && b.count < FM_TRIE_NODES_MAX)
		build_node(&b, &stack, stack.items[--stack.count]);
	trie.nodes = fm_arena_array(arena, b.count, sizeof *trie.nodes);
	memcpy(trie.nodes, b.nodes, b.count * sizeof *trie.nodes);
	trie.count = b.count;
	trie.one = fm_arena_array(arena, 256, sizeof *trie.one);
	trie.two = fm_arena_array(arena, 65536, sizeof *trie.two);
	make_short_cuts(&trie, trie.nodes[0]);
	trie.nodes[0] = 0;
	fm_memory_free(b.nodes);
	fm_memory_free(b.bases_taken);
	fm_memory_free(b.nodes_taken);
	fm_memory_free(stack.items);
	if (b.count >= FM_TRIE_NODES_MAX)
		return fm_fail(err, FM_E_LIMIT, "its tokens are more than a trie can hold");
	*ret_trie = trie;
	return FM_OK;
}
