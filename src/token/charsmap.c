#include "charsmap_internal.h"

#include <string.h>

#include "text/utf8.h"

#define NOWHERE UINT32_MAX
#define UNIT_BYTES 4

enum fm_code fm_charsmap_open(struct fm_span blob, struct fm_charsmap *ret_map, struct fm_err *err)
{
	struct fm_charsmap map;
	uint32_t size = 0;

	if (blob.len > FM_CHARSMAP_BYTES_MAX)
		return fm_fail(err, FM_E_LIMIT, "charsmap: more than %zu bytes",
		               FM_CHARSMAP_BYTES_MAX);
	for (unsigned i = 0; i < UNIT_BYTES && i < blob.len; i++)
		size |= (uint32_t)(unsigned char)blob.ptr[i] << (8 * i);
	if (blob.len <= UNIT_BYTES || size == 0 || size % UNIT_BYTES != 0 ||
	    size >= blob.len - UNIT_BYTES)
		return fm_fail(err, FM_E_FORMAT, "charsmap: keys of %u bytes in %zu", size,
		               blob.len);
	if (blob.ptr[blob.len - 1] != '\0')
		return fm_fail(err, FM_E_FORMAT, "charsmap: its last text has no end");
	blob = fm_span_skip(blob, UNIT_BYTES);
	map.units = fm_span_first(blob, size);
	map.unit_count = size / UNIT_BYTES;
	map.texts = fm_span_skip(blob, size);
	*ret_map = map;
	return FM_OK;
}

static uint32_t unit_at(const struct fm_charsmap *map, uint32_t place)
{
	const unsigned char *bytes =
		(const unsigned char *)map->units.ptr + (size_t)place * UNIT_BYTES;

	return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}

/* Where a unit's children are, counted from its own place by exclusive or. */
static uint32_t children_of(uint32_t unit, uint32_t place)
{
	const uint32_t offset = (unit >> 10) << ((unit & 0x200) >> 6);

	return place ^ offset;
}

/* The children of the unit that `byte` leads to from those at `children`, or NOWHERE. */
static uint32_t step(const struct fm_charsmap *map, uint32_t children, unsigned char byte,
                     uint32_t *ret_place)
{
	const uint32_t place = children ^ byte;
	uint32_t unit;

	if (byte == 0 || place >= map->unit_count)
		return NOWHERE;
	unit = unit_at(map, place);
	if ((unit & 0x800000ff) != byte)
		return NOWHERE;
	*ret_place = place;
	return children_of(unit, place);
}

/* The text of the key that ends in the unit at `place`; false when none does. */
static bool text_of(const struct fm_charsmap *map, uint32_t place, struct fm_span *ret_text)
{
	const uint32_t unit = unit_at(map, place);
	const uint32_t leaf = children_of(unit, place);
	uint32_t begin;

	if ((unit >> 8 & 1) == 0 || leaf >= map->unit_count)
		return false;
	begin = unit_at(map, leaf) & 0x7fffffff;
	if (begin >= map->texts.len)
		return false;
	ret_text->ptr = map->texts.ptr + begin;
	ret_text->len = strnlen(ret_text->ptr, map->texts.len - begin);
	return true;
}

size_t fm_charsmap_longest(const struct fm_charsmap *map, struct fm_span text,
                           struct fm_span *ret_text)
{
	uint32_t children = children_of(unit_at(map, 0), 0);
	size_t found = 0;

	for (size_t i = 0; i < text.len && children != NOWHERE; i++) {
		uint32_t place = 0;

		children = step(map, children, (unsigned char)text.ptr[i], &place);
		if (children != NOWHERE && text_of(map, place, ret_text))
			found = i + 1;
	}
	return found;
}

bool fm_charsmap_is_plain(const struct fm_charsmap *map, char c)
{
	const uint32_t children = children_of(unit_at(map, 0), 0);
	struct fm_span text;
	uint32_t place = 0;
	const uint32_t second = step(map, children, (unsigned char)c, &place);
	uint32_t last = 0;

	if (second == NOWHERE)
		return true;
	if (text_of(map, place, &text))
		return false;
	for (unsigned char next = 1; next < 0x80; next++)
		if (step(map, second, next, &last) != NOWHERE)
			return false;
	return true;
}

/* Where a walk over all keys stands: a byte of the key and where it led to. */
struct walk {
	const struct fm_charsmap *map;
	uint32_t children[FM_CHARSMAP_KEY_BYTES_MAX + 1];
	char key[FM_CHARSMAP_KEY_BYTES_MAX + 1];
	size_t depth;
	uint32_t step_count;
};

static enum fm_code check_unit(struct walk *walk, uint32_t place, struct fm_err *err)
{
	const struct fm_span key = {walk->key, walk->depth};
	const uint32_t unit = unit_at(walk->map, place);
	struct fm_span text;

	/* Keys may share their ends, so a circle shows by its length only. */
	if (++walk->step_count > FM_CHARSMAP_STEPS_MAX)
		return fm_fail(err, FM_E_LIMIT, "charsmap: keys of more than %u bytes together",
		               FM_CHARSMAP_STEPS_MAX);
	if ((unit >> 8 & 1) == 0)
		return FM_OK;
	if (!text_of(walk->map, place, &text))
		return fm_fail(err, FM_E_FORMAT, "charsmap: unit %u leads out of it", place);
	if (fm_utf8_check(key) < key.len || fm_utf8_check(text) < text.len)
		return fm_fail(err, FM_E_FORMAT, "charsmap: a rule that is not UTF-8");
	if (text.len > key.len * FM_CHARSMAP_GROWTH_MAX)
		return fm_fail(err, FM_E_LIMIT, "charsmap: a text over %d times its key",
		               FM_CHARSMAP_GROWTH_MAX);
	return FM_OK;
}

/* The next key byte above `byte` at this depth that leads somewhere, or 0. */
static unsigned char next_child(const struct walk *walk, unsigned char byte, uint32_t *ret_children,
                                uint32_t *ret_place)
{
	while (byte < 255) {
		byte++;
		*ret_children = step(walk->map, walk->children[walk->depth], byte, ret_place);
		if (*ret_children != NOWHERE)
			return byte;
	}
	return 0;
}

enum fm_code fm_charsmap_check(const struct fm_charsmap *map, struct fm_err *err)
{
	struct walk walk = {.map = map};
	enum fm_code rc = FM_OK;
	unsigned char byte = 0;

	walk.children[0] = children_of(unit_at(map, 0), 0);
	for (;;) {
		uint32_t children = NOWHERE;
		uint32_t place = 0;

		byte = next_child(&walk, byte, &children, &place);
		if (byte == 0 && walk.depth == 0)
			break;
		if (byte == 0) {
			byte = (unsigned char)walk.key[--walk.depth];
			continue;
		}
		if (walk.depth == FM_CHARSMAP_KEY_BYTES_MAX) {
			rc = fm_fail(err, FM_E_LIMIT, "charsmap: a key of more than %d bytes",
			             FM_CHARSMAP_KEY_BYTES_MAX);
			break;
		}
		walk.key[walk.depth++] = (char)byte;
		walk.children[walk.depth] = children;
		rc = check_unit(&walk, place, err);
		if (rc != FM_OK)
			break;
		byte = 0;
	}
	return rc;
}
