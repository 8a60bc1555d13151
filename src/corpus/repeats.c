#include "repeats_internal.h"

#include "base/memory.h"

#define SLOTS (UINT64_C(1) << 18)
#define USED_MAX (SLOTS / 2)

struct fm_repeat {
	uint64_t hash; /* 0 is an empty slot */
	uint64_t again;
};

void fm_repeats_init(struct fm_repeats *repeats)
{
	*repeats = (struct fm_repeats){.table = fm_memory_take(SLOTS * sizeof *repeats->table)};
}

void fm_repeats_free(struct fm_repeats *repeats)
{
	fm_memory_free(repeats->table);
	*repeats = (struct fm_repeats){0};
}

static struct fm_repeat *slot_of(struct fm_repeats *repeats, uint64_t hash)
{
	uint64_t at =
		(hash >> 32) % SLOTS; /* the low bits are those that the sample is chosen by */

	while (repeats->table[at].hash != 0 && repeats->table[at].hash != hash)
		at = (at + 1) % SLOTS;
	return &repeats->table[at];
}

static bool is_looked_at(const struct fm_repeats *repeats, uint64_t hash)
{
	return (hash & ((UINT64_C(1) << repeats->level) - 1)) == 0;
}

/* Half of the hashes leave, and their repeats with them. */
static void thin_out(struct fm_repeats *repeats)
{
	struct fm_repeat *old = repeats->table;

	repeats->table = fm_memory_take(SLOTS * sizeof *repeats->table);
	repeats->used = 0;
	repeats->repeated = 0;
	repeats->level++;
	for (uint64_t i = 0; i < SLOTS; i++) {
		if (old[i].hash == 0 || !is_looked_at(repeats, old[i].hash))
			continue;
		*slot_of(repeats, old[i].hash) = old[i];
		repeats->used++;
		repeats->repeated += old[i].again;
	}
	fm_memory_free(old);
}

bool fm_repeats_add(struct fm_repeats *repeats, uint64_t hash)
{
	struct fm_repeat *slot;

	hash += hash == 0;
	if (!is_looked_at(repeats, hash))
		return false;
	slot = slot_of(repeats, hash);
	if (slot->hash != 0) {
		slot->again++;
		repeats->repeated++;
		return true;
	}
	slot->hash = hash;
	repeats->used++;
	/* Sixty levels would be a text of more bytes than can be addressed. */
	while (repeats->used > USED_MAX && repeats->level < 60)
		thin_out(repeats);
	return false;
}

uint64_t fm_repeats_count(const struct fm_repeats *repeats)
{
	return repeats->repeated << repeats->level;
}

bool fm_repeats_is_exact(const struct fm_repeats *repeats)
{
	return repeats->level == 0;
}
