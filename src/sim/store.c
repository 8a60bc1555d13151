#include "store_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/env.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "text/utf8.h"
#include "token/counter.h"
#include "word_internal.h"

#define CHUNK_MAX ((size_t)64 << 10)
#define FILTER_BYTES ((size_t)2048) /* two bits a word: one chunk in 70 is looked through in vain */
#define FILTERS_PER_MAP 4096
/* Requests that began in a full generation may still add to it, up to so many times its size. */
#define OVERFILL 4

struct chunk {
	struct fm_id id;
	uint64_t offset;
	uint32_t len;
	uint32_t tokens; /* one more than there are; 0 while nobody counted */
	bool filtered;
};

struct fm_generation {
	struct fm_store *store;
	struct fm_generation *older;
	uint64_t users;
	uint32_t number;
	int fd;
	char *map;
	uint64_t map_bytes;
	uint64_t used;
	struct chunk *chunks;
	size_t count;
	size_t capacity;
	uint32_t *table; /* chunk's number plus one, found by its hash */
	size_t table_size;
	unsigned char **filters; /* maps of FILTERS_PER_MAP each */
	size_t filter_maps;
	size_t filter_capacity;
};

struct fm_store {
	const struct fm_counter *counter;
	uint64_t max;
	uint32_t generations;         /* that ever were */
	struct fm_generation *newest; /* and those older that somebody still uses */
};

static int open_unlinked(void)
{
	struct fm_arena arena = {0};
	struct fm_err err;
	const char *folder = fm_env_cache_folder(&arena);
	int fd = -1;

	if (folder != NULL && fm_folder_make(folder, &err) == FM_OK)
		fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	fm_arena_free(&arena);
	if (fd < 0)
		fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	/* Some file systems cannot: then it is memory, but still no heap of ours. */
	return fd >= 0 ? fd : memfd_create("fathom-sim", MFD_CLOEXEC);
}

static void close_generation(struct fm_generation *generation)
{
	if (generation->map != NULL)
		(void)munmap(generation->map, generation->map_bytes); /* was mapped so */
	for (size_t i = 0; i < generation->filter_maps; i++)
		(void)munmap(generation->filters[i], FILTERS_PER_MAP * FILTER_BYTES);
	fm_memory_free(generation->filters);
	fm_memory_free(generation->chunks);
	fm_memory_free(generation->table);
	fm_fd_close(&generation->fd);
	fm_memory_free(generation);
}

static enum fm_code open_generation(struct fm_store *store, struct fm_err *err)
{
	struct fm_generation *generation = fm_memory_take(sizeof *generation);
	void *map;

	generation->store = store;
	generation->fd = open_unlinked();
	generation->map_bytes = store->max * OVERFILL;
	if (generation->fd < 0) {
		close_generation(generation);
		return fm_fail_sys(err, FM_E_IO, errno, "cannot make a file for texts");
	}
	/* Addresses for all it may ever hold; pages come as the file grows. */
	map = mmap(NULL, generation->map_bytes, PROT_READ, MAP_SHARED | MAP_NORESERVE,
	           generation->fd, 0);
	if (map == MAP_FAILED) {
		close_generation(generation);
		return fm_fail_sys(err, FM_E_IO, errno, "cannot map the file for texts");
	}
	generation->map = map;
	generation->number = ++store->generations;
	generation->older = store->newest;
	store->newest = generation;
	return FM_OK;
}

enum fm_code fm_store_open(uint64_t max, const struct fm_counter *counter,
                           struct fm_store **ret_store, struct fm_err *err)
{
	struct fm_store *store = fm_memory_take(sizeof *store);
	enum fm_code rc;

	store->max = max;
	store->counter = counter;
	rc = open_generation(store, err);
	if (rc == FM_OK)
		*ret_store = store;
	else
		fm_store_close(store);
	return rc;
}

void fm_store_close(struct fm_store *store)
{
	if (store == NULL)
		return;
	while (store->newest != NULL) {
		struct fm_generation *generation = store->newest;

		store->newest = generation->older;
		close_generation(generation);
	}
	fm_memory_free(store);
}

static void drop_unused(struct fm_store *store)
{
	struct fm_generation **place = &store->newest->older;

	while (*place != NULL) {
		struct fm_generation *generation = *place;

		if (generation->users > 0) {
			place = &generation->older;
			continue;
		}
		*place = generation->older;
		close_generation(generation);
	}
}

enum fm_code fm_generation_take(struct fm_store *store, struct fm_generation **ret_generation,
                                struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	if (store->newest->used >= store->max)
		rc = open_generation(store, err);
	if (rc != FM_OK)
		return rc;
	drop_unused(store);
	store->newest->users++;
	*ret_generation = store->newest;
	return FM_OK;
}

void fm_generation_give(struct fm_generation *generation)
{
	if (generation == NULL)
		return;
	generation->users--;
	drop_unused(generation->store);
}

uint64_t fm_store_bytes(const struct fm_store *store)
{
	return store->newest->used;
}

static size_t slot_of(const struct fm_generation *generation, struct fm_id id)
{
	size_t slot = (size_t)id.low & (generation->table_size - 1);

	while (generation->table[slot] != 0 &&
	       !fm_id_equal(generation->chunks[generation->table[slot] - 1].id, id))
		slot = (slot + 1) & (generation->table_size - 1);
	return slot;
}

static void grow_table(struct fm_generation *generation)
{
	fm_memory_free(generation->table);
	generation->table_size = generation->table_size == 0 ? 1024 : generation->table_size * 2;
	generation->table = fm_memory_take(generation->table_size * sizeof *generation->table);
	for (size_t i = 0; i < generation->count; i++)
		generation->table[slot_of(generation, generation->chunks[i].id)] = (uint32_t)i + 1;
}

static enum fm_code write_chunk(struct fm_generation *generation, struct fm_span text,
                                struct fm_err *err)
{
	size_t written = 0;

	if (generation->used + text.len > generation->map_bytes || generation->count >= UINT32_MAX)
		return fm_fail(err, FM_E_LIMIT, "the store of texts is full");
	while (written < text.len) {
		const ssize_t n = pwrite(generation->fd, text.ptr + written, text.len - written,
		                         (off_t)(generation->used + written));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return fm_fail_sys(err, FM_E_IO, errno, "cannot keep a text");
		written += (size_t)n;
	}
	return FM_OK;
}

enum fm_code fm_chunk_keep(struct fm_generation *generation, struct fm_span text,
                           uint32_t *ret_chunk, struct fm_err *err)
{
	const struct fm_id id = fm_hash128(text);
	size_t slot;
	enum fm_code rc;

	if (text.len > CHUNK_MAX)
		return fm_fail(err, FM_E_LIMIT, "a chunk of %zu bytes", text.len);
	if (generation->count * 2 >= generation->table_size)
		grow_table(generation);
	slot = slot_of(generation, id);
	if (generation->table[slot] != 0) {
		*ret_chunk = generation->table[slot] - 1;
		return FM_OK;
	}
	if (fm_utf8_check(text) < text.len)
		return fm_fail(err, FM_E_FORMAT, "a text is not UTF-8");
	rc = write_chunk(generation, text, err);
	if (rc != FM_OK)
		return rc;
	generation->chunks = fm_memory_more(generation->chunks, generation->count,
	                                    &generation->capacity, sizeof(struct chunk));
	generation->chunks[generation->count] =
		(struct chunk){.id = id, .offset = generation->used, .len = (uint32_t)text.len};
	generation->used += text.len;
	generation->table[slot] = (uint32_t)++generation->count;
	*ret_chunk = (uint32_t)generation->count - 1;
	return FM_OK;
}

struct fm_span fm_chunk_text(const struct fm_generation *generation, uint32_t chunk)
{
	const struct chunk *c = &generation->chunks[chunk];

	return fm_span_make(generation->map + c->offset, c->len);
}

struct fm_id fm_chunk_id(const struct fm_generation *generation, uint32_t chunk)
{
	return generation->chunks[chunk].id;
}

uint32_t fm_generation_number(const struct fm_generation *generation)
{
	return generation->number;
}

uint64_t fm_generation_offset(const struct fm_generation *generation, struct fm_span text)
{
	return (uint64_t)(text.ptr - generation->map);
}

struct fm_span fm_generation_text(const struct fm_generation *generation, uint64_t offset,
                                  size_t len)
{
	return fm_span_make(generation->map + offset, len);
}

uint64_t fm_chunk_tokens(struct fm_generation *generation, uint32_t chunk)
{
	struct chunk *c = &generation->chunks[chunk];

	/* Not more tokens than bytes: they fit. */
	if (c->tokens == 0)
		c->tokens = (uint32_t)fm_counter_count(generation->store->counter,
		                                       fm_chunk_text(generation, chunk)) +
		            1;
	return c->tokens - 1;
}

/* Shared and without a name: neither heap nor file, and it goes with us. */
static bool add_filter_map(struct fm_generation *generation)
{
	void *map = mmap(NULL, FILTERS_PER_MAP * FILTER_BYTES, PROT_READ | PROT_WRITE,
	                 MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (map == MAP_FAILED)
		return false;
	generation->filters = fm_memory_more(generation->filters, generation->filter_maps,
	                                     &generation->filter_capacity, sizeof(unsigned char *));
	generation->filters[generation->filter_maps++] = map;
	return true;
}

static void fill(unsigned char *filter, struct fm_span text)
{
	struct fm_span word;

	while (fm_word_next(&text, &word)) {
		const uint64_t hash = fm_word_hash(word);
		const size_t a = (size_t)hash % (FILTER_BYTES * 8);
		const size_t b = (size_t)(hash >> 32) % (FILTER_BYTES * 8);

		filter[a / 8] |= (unsigned char)(1U << a % 8);
		filter[b / 8] |= (unsigned char)(1U << b % 8);
	}
}

bool fm_chunk_may_hold(struct fm_generation *generation, uint32_t chunk, uint64_t word_hash)
{
	struct chunk *c = &generation->chunks[chunk];
	const size_t a = (size_t)word_hash % (FILTER_BYTES * 8);
	const size_t b = (size_t)(word_hash >> 32) % (FILTER_BYTES * 8);
	unsigned char *filter;

	while (generation->filter_maps <= chunk / FILTERS_PER_MAP)
		if (!add_filter_map(generation))
			return true; /* no filter: it must be looked through */
	filter = generation->filters[chunk / FILTERS_PER_MAP] +
	         (size_t)(chunk % FILTERS_PER_MAP) * FILTER_BYTES;
	if (!c->filtered)
		fill(filter, fm_chunk_text(generation, chunk));
	c->filtered = true;
	return (filter[a / 8] >> a % 8 & 1) != 0 && (filter[b / 8] >> b % 8 & 1) != 0;
}
