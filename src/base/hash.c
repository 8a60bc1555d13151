#include "base/hash.h"

#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#include "base/err.h"
#include "base/memory.h"

struct fm_hasher {
	XXH3_state_t *state;
};

static struct fm_id from_xxh(XXH128_hash_t hash)
{
	return (struct fm_id){.high = hash.high64, .low = hash.low64};
}

uint64_t fm_hash64(struct fm_span bytes)
{
	return XXH3_64bits(bytes.ptr, bytes.len);
}

struct fm_id fm_hash128(struct fm_span bytes)
{
	return from_xxh(XXH3_128bits(bytes.ptr, bytes.len));
}

/* Bytes in a fixed order, so that a machine of the other endianness makes the same seed. */
static void put_le64(unsigned char *to, uint64_t number)
{
	for (int i = 0; i < 8; i++)
		to[i] = (unsigned char)(number >> (8 * i));
}

uint64_t fm_hash_seed(uint64_t seed, const char *name, uint64_t number)
{
	const size_t len = strlen(name);
	unsigned char bytes[80] = {0};

	if (len > sizeof bytes - 16)
		fm_die("the name of a seed is too long");
	put_le64(bytes, seed);
	put_le64(bytes + 8, number);
	for (size_t i = 0; i < len; i++)
		bytes[16 + i] = (unsigned char)name[i];
	return XXH3_64bits(bytes, 16 + len);
}

uint64_t fm_hash_mix(uint64_t a, uint64_t b)
{
	unsigned char bytes[16];

	put_le64(bytes, a);
	put_le64(bytes + 8, b);
	return XXH3_64bits(bytes, sizeof bytes);
}

struct fm_hasher *fm_hasher_open(void)
{
	struct fm_hasher *hasher = fm_memory_take(sizeof *hasher);

	hasher->state = XXH3_createState();
	if (hasher->state == NULL)
		fm_die("out of memory");
	fm_hasher_reset(hasher);
	return hasher;
}

void fm_hasher_close(struct fm_hasher *hasher)
{
	if (hasher == NULL)
		return;
	(void)XXH3_freeState(hasher->state); /* cannot fail */
	fm_memory_free(hasher);
}

void fm_hasher_reset(struct fm_hasher *hasher)
{
	(void)XXH3_128bits_reset(hasher->state); /* fails for NULL only */
}

void fm_hasher_add(struct fm_hasher *hasher, struct fm_span bytes)
{
	if (bytes.len > 0)
		(void)XXH3_128bits_update(hasher->state, bytes.ptr, bytes.len); /* as above */
}

struct fm_id fm_hasher_id(const struct fm_hasher *hasher)
{
	return from_xxh(XXH3_128bits_digest(hasher->state));
}

bool fm_id_equal(struct fm_id a, struct fm_id b)
{
	return a.high == b.high && a.low == b.low;
}

bool fm_id_is_none(struct fm_id id)
{
	return id.high == 0 && id.low == 0;
}

int fm_id_compare(struct fm_id a, struct fm_id b)
{
	if (a.high != b.high)
		return a.high < b.high ? -1 : 1;
	if (a.low != b.low)
		return a.low < b.low ? -1 : 1;
	return 0;
}

const char *fm_id_text(struct fm_id id, char ret_text[FM_ID_TEXT_MAX])
{
	(void)snprintf(ret_text, FM_ID_TEXT_MAX, "%016llx%016llx", (unsigned long long)id.high,
	               (unsigned long long)id.low); /* 32 digits always fit */
	return ret_text;
}

static bool hex_digit(char c, uint64_t *ret_digit)
{
	if (c >= '0' && c <= '9')
		*ret_digit = (uint64_t)(c - '0');
	else if (c >= 'a' && c <= 'f')
		*ret_digit = (uint64_t)(c - 'a') + 10;
	else
		return false;
	return true;
}

bool fm_id_parse(struct fm_span text, struct fm_id *ret_id)
{
	struct fm_id id = {0};

	if (text.len != 32)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		uint64_t digit;

		if (!hex_digit(text.ptr[i], &digit))
			return false;
		id.high = i < 16 ? id.high << 4 | digit : id.high;
		id.low = i < 16 ? id.low : id.low << 4 | digit;
	}
	*ret_id = id;
	return true;
}
