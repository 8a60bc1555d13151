#include "base/hash.h"
#include "base/memory.h"
#include "measure_internal.h"

/* Sets of hashes, runs of units, and a logarithm without floating point. */

#define MET_FIRST 1024
#define LOG_BITS 20 /* fraction bits of a logarithm: a millionth */

static size_t slot_of(const struct fm_met *met, uint64_t key)
{
	size_t at = (size_t)((key * 0x9e3779b97f4a7c15U) >> 20) & (met->capacity - 1);

	while (met->keys[at] != 0 && met->keys[at] != key)
		at = (at + 1) & (met->capacity - 1);
	return at;
}

static void grow(struct fm_met *met)
{
	struct fm_met larger = {.capacity = met->capacity == 0 ? MET_FIRST : 2 * met->capacity};

	larger.keys = fm_memory_take(larger.capacity * sizeof *larger.keys);
	larger.numbers = fm_memory_take(larger.capacity * sizeof *larger.numbers);
	larger.count = met->count;
	for (size_t i = 0; i < met->capacity; i++) {
		if (met->keys[i] == 0)
			continue;
		const size_t at = slot_of(&larger, met->keys[i]);

		larger.keys[at] = met->keys[i];
		larger.numbers[at] = met->numbers[i];
	}
	fm_met_free(met);
	*met = larger;
}

uint32_t fm_met_number(struct fm_met *met, uint64_t key)
{
	size_t at;

	key += key == 0; /* 0 is an empty slot */
	if (2 * met->count >= met->capacity)
		grow(met);
	at = slot_of(met, key);
	if (met->keys[at] == 0) {
		met->keys[at] = key;
		met->numbers[at] = (uint32_t)met->count++;
	}
	return met->numbers[at];
}

bool fm_met_has(const struct fm_met *met, uint64_t key)
{
	key += key == 0;
	return met->capacity > 0 && met->keys[slot_of(met, key)] == key;
}

void fm_met_free(struct fm_met *met)
{
	fm_memory_free(met->keys);
	fm_memory_free(met->numbers);
	*met = (struct fm_met){0};
}

static uint64_t number_hash(uint32_t id)
{
	uint64_t z = (uint64_t)id * 0x9e3779b97f4a7c15U + 0x632be59bd9b4e019U;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return z ^ (z >> 31);
}

#define BASE 0x9ddfea08eb382d69U /* odd, so that its powers never vanish */

/* A set of hashes that is as large as it will ever be from the start. */
struct hash_set {
	uint64_t *keys;
	size_t mask;
	size_t count;
};

static struct hash_set make_set(size_t most)
{
	struct hash_set set = {.mask = MET_FIRST - 1};

	while (set.mask < 2 * most)
		set.mask = 2 * set.mask + 1;
	set.keys = fm_memory_take((set.mask + 1) * sizeof *set.keys);
	return set;
}

static void add_hash(struct hash_set *set, uint64_t key)
{
	size_t at = (size_t)((key * 0x9e3779b97f4a7c15U) >> 20) & set->mask;

	key += key == 0;
	while (set->keys[at] != 0 && set->keys[at] != key)
		at = (at + 1) & set->mask;
	set->count += set->keys[at] == 0;
	set->keys[at] = key;
}

/* How many n-grams are distinct; if asked, it stops at the first that was met. */
static size_t roll(const uint32_t *ids, size_t count, size_t n, bool stop)
{
	struct hash_set set = make_set(count);
	uint64_t power = 1; /* BASE to the n: the weight of what leaves the window */
	uint64_t hash = 0;

	for (size_t i = 0; i < n; i++)
		power *= BASE;
	for (size_t i = 0; i < count; i++) {
		const size_t before = set.count;

		hash = hash * BASE + number_hash(ids[i]);
		if (i >= n)
			hash -= power * number_hash(ids[i - n]);
		if (i + 1 < n)
			continue;
		add_hash(&set, hash);
		if (stop && set.count == before)
			break;
	}
	fm_memory_free(set.keys);
	return set.count;
}

uint64_t fm_grams_distinct(const uint32_t *ids, size_t count, size_t n)
{
	return roll(ids, count, n, false);
}

static bool repeats(const uint32_t *ids, size_t count, size_t n)
{
	return n < count && roll(ids, count, n, true) < count - n + 1;
}

/* What stands twice at one length does so at every shorter one, so lengths can be halved. */
uint64_t fm_grams_longest_repeat(const uint32_t *ids, size_t count)
{
	size_t low = 0;
	size_t high = 8;

	while (repeats(ids, count, high)) {
		low = high;
		high *= 2;
	}
	while (high - low > 1) {
		const size_t middle = low + (high - low) / 2;

		if (repeats(ids, count, middle))
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* log2 of a number from 1 on, with LOG_BITS bits behind the point: squaring gives a bit each. */
static uint64_t log2_fixed(uint64_t number)
{
	uint64_t whole = 0;
	uint64_t result;

	while (number >> whole > 1)
		whole++;
	result = whole << LOG_BITS;
	uint64_t mantissa = whole > 31 ? number >> (whole - 31) : number << (31 - whole);

	for (unsigned bit = LOG_BITS; bit-- > 0;) {
		mantissa = mantissa * mantissa >> 31;
		if (mantissa >> 32 != 0) {
			mantissa >>= 1;
			result |= 1ULL << bit;
		}
	}
	return result;
}

uint64_t fm_entropy_milli(const uint32_t *counts, size_t distinct, uint64_t total)
{
	uint64_t sum = 0;

	if (total == 0)
		return 0;
	for (size_t i = 0; i < distinct; i++)
		if (counts[i] > 0)
			sum += counts[i] * log2_fixed(counts[i]);
	return ((log2_fixed(total) - sum / total) * 1000 + (1U << (LOG_BITS - 1))) >> LOG_BITS;
}
