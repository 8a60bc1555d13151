#include "merge_internal.h"

#include <assert.h>
#include <string.h>

#include "base/memory.h"
#include "lookup_internal.h"

void fm_merge_few(const struct fm_compiled *c, struct fm_merging *merging, uint32_t *classes)
{
	uint32_t *ids = merging->ids;
	size_t n = merging->count;

	while (n > 1) {
		uint32_t lowest = classes[0];
		size_t at = 0;

		for (size_t i = 1; i + 1 < n; i++)
			if (classes[i] < lowest) {
				lowest = classes[i];
				at = i;
			}
		if (lowest == FM_NO_CLASS)
			break;
		merging->left = ids[at];
		merging->right = ids[at + 1];
		ids[at] = c->results[lowest];
		n--;
		for (size_t i = at + 1; i < n; i++) {
			ids[i] = ids[i + 1];
			classes[i] = classes[i + 1];
		}
		classes[at] = at + 1 < n ? fm_pair_find(c, ids[at], ids[at + 1]) : FM_NO_CLASS;
		if (at > 0)
			classes[at - 1] = fm_pair_find(c, ids[at - 1], ids[at]);
	}
	merging->count = n;
}

/* A symbol among its neighbours, and the class in which it merges with the next. */
struct link {
	uint32_t before, after;
	uint32_t class;
};

/* The lowest of class and place comes out first. */
struct heap {
	uint64_t *entries;
	size_t count;
};

static void push(struct heap *heap, uint32_t class, size_t place)
{
	const uint64_t entry = (uint64_t) class << 32 | place;
	size_t at = heap->count++;

	while (at > 0 && heap->entries[(at - 1) / 2] > entry) {
		heap->entries[at] = heap->entries[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	heap->entries[at] = entry;
}

static uint64_t pop(struct heap *heap)
{
	const uint64_t top = heap->entries[0];
	const uint64_t last = heap->entries[--heap->count];
	size_t at = 0;

	for (;;) {
		size_t child = 2 * at + 1;

		if (child >= heap->count)
			break;
		if (child + 1 < heap->count && heap->entries[child + 1] < heap->entries[child])
			child++;
		if (heap->entries[child] >= last)
			break;
		heap->entries[at] = heap->entries[child];
		at = child;
	}
	heap->entries[at] = last;
	return top;
}

/* What `at` and the one behind it would merge in now. */
static void look(const struct fm_compiled *c, const uint32_t *ids, struct link *links,
                 struct heap *heap, uint32_t at)
{
	links[at].class = links[at].after == FM_NO_ID
	                          ? FM_NO_CLASS
	                          : fm_pair_find(c, ids[at], ids[links[at].after]);
	if (links[at].class != FM_NO_CLASS)
		push(heap, links[at].class, at);
}

static void merge_at(const struct fm_compiled *c, struct fm_merging *merging, struct link *links,
                     struct heap *heap, uint32_t at)
{
	const uint32_t next = links[at].after;

	merging->left = merging->ids[at];
	merging->right = merging->ids[next];
	merging->ids[at] = c->results[links[at].class];
	links[at].after = links[next].after;
	links[next].class = FM_NO_CLASS;
	merging->ids[next] = FM_NO_ID;
	if (links[at].after != FM_NO_ID)
		links[links[at].after].before = at;
	look(c, merging->ids, links, heap, at);
	if (links[at].before != FM_NO_ID)
		look(c, merging->ids, links, heap, links[at].before);
}

void fm_merge(const struct fm_compiled *c, struct fm_merging *merging)
{
	const size_t n = merging->count;
	struct heap heap = {0};
	struct link *links;
	size_t kept = 0;

	if (n <= FM_MERGE_FEW) {
		uint32_t classes[FM_MERGE_FEW] = {0};

		for (size_t i = 0; i + 1 < n; i++)
			classes[i] = fm_pair_find(c, merging->ids[i], merging->ids[i + 1]);
		fm_merge_few(c, merging, classes);
		return;
	}
	assert(n < FM_NO_ID);
	links = fm_memory_take(n * sizeof *links);
	heap.entries =
		fm_memory_take(3 * n * sizeof *heap.entries); /* each merge adds two at most */
	for (uint32_t i = 0; i < n; i++) {
		links[i].before = i == 0 ? FM_NO_ID : i - 1;
		links[i].after = i + 1 == n ? FM_NO_ID : i + 1;
	}
	for (uint32_t i = 0; i < n; i++)
		look(c, merging->ids, links, &heap, i);
	while (heap.count > 0) {
		const uint64_t lowest = pop(&heap);
		const uint32_t at = (uint32_t)lowest;

		if (links[at].class == (uint32_t)(lowest >> 32)) /* else it changed since */
			merge_at(c, merging, links, &heap, at);
	}
	for (size_t i = 0; i < n; i++)
		if (merging->ids[i] != FM_NO_ID)
			merging->ids[kept++] = merging->ids[i];
	merging->count = kept;
	fm_memory_free(heap.entries);
	fm_memory_free(links);
}

size_t fm_merge_beginnings(const struct fm_compiled *c, uint32_t id, uint32_t *to)
{
	uint32_t open[FM_VOCAB_TOKEN_BYTES_MAX];
	size_t open_count = 1;
	size_t count = 0;

	open[0] = id;
	while (open_count > 0) {
		const uint32_t now = open[--open_count];
		const struct fm_token_made *made = &c->made[now];

		if (made->left == now) {
			to[count++] = now;
			continue;
		}
		open[open_count++] = made->right;
		open[open_count++] = made->left;
	}
	return count;
}
