#include "nfc_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "normal_internal.h"
#include "text/utf8.h"

#define L_BASE 0x1100u
#define V_BASE 0x1161u
#define T_BASE 0x11a7u
#define S_BASE 0xac00u
#define L_COUNT 19u
#define V_COUNT 21u
#define T_COUNT 28u
#define S_COUNT (L_COUNT * V_COUNT * T_COUNT)

/* A code point in the low bits, its combining class above: marks are sorted by the upper part. */
#define POINT_MASK 0x1fffffu
#define CLASS_SHIFT 21

/* The part of a text that has to be made anew: it grows with a run of marks, and mostly is short. */
struct part {
	uint32_t *points;
	size_t count;
	size_t capacity;
	uint32_t *sorted; /* for long runs of marks */
	size_t sorted_count;
	size_t sorted_capacity;
};

static uint32_t class_of(uint32_t point)
{
	return point >> CLASS_SHIFT;
}

static void add_point(struct part *part, uint32_t code_point)
{
	const uint32_t class = fm_nfc_value_of(code_point) & FM_NFC_CLASS_MASK;

	part->points =
		fm_memory_more(part->points, part->count, &part->capacity, sizeof *part->points);
	part->points[part->count++] = class << CLASS_SHIFT | code_point;
}

static int compare_entry(const void *key, const void *entry)
{
	const uint32_t code_point = *(const uint32_t *)key;
	const uint32_t other = ((const struct fm_nfc_entry *)entry)->code_point;

	return code_point < other ? -1 : code_point > other;
}

static void decompose(struct part *part, uint32_t code_point)
{
	const uint32_t hangul = code_point - S_BASE;
	const struct fm_nfc_entry *entry;

	if (hangul < S_COUNT) {
		add_point(part, L_BASE + hangul / (V_COUNT * T_COUNT));
		add_point(part, V_BASE + hangul % (V_COUNT * T_COUNT) / T_COUNT);
		if (hangul % T_COUNT != 0)
			add_point(part, T_BASE + hangul % T_COUNT);
		return;
	}
	entry = code_point < 0xc0 ? NULL
	                          : bsearch(&code_point, fm_nfc_entries, fm_nfc_entry_count,
	                                    sizeof *fm_nfc_entries, compare_entry);
	if (entry == NULL) {
		add_point(part, code_point);
		return;
	}
	for (size_t i = 0; i < entry->len; i++)
		add_point(part, fm_nfc_pool[entry->begin + i]);
}

/* By class, equals in their order: counted, so that a text made of marks alone stays linear. */
static void sort_long(struct part *part, uint32_t *run, size_t count)
{
	size_t places[256] = {0};
	size_t at = 0;

	if (part->sorted_capacity < count) {
		fm_memory_free(part->sorted);
		part->sorted = fm_memory_take(count * sizeof *run);
		part->sorted_capacity = count;
	}
	for (size_t i = 0; i < count; i++)
		places[class_of(run[i])]++;
	for (size_t class = 0; class < 256; class ++) {
		const size_t here = places[class];

		places[class] = at;
		at += here;
	}
	for (size_t i = 0; i < count; i++)
		part->sorted[places[class_of(run[i])]++] = run[i];
	memcpy(run, part->sorted, count * sizeof *run);
}

static void sort_short(uint32_t *run, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		const uint32_t point = run[i];
		size_t at = i;

		for (; at > 0 && class_of(run[at - 1]) > class_of(point); at--)
			run[at] = run[at - 1];
		run[at] = point;
	}
}

static void sort_marks(struct part *part)
{
	for (size_t i = 0; i < part->count; i++) {
		size_t end = i;

		while (end < part->count && class_of(part->points[end]) != 0)
			end++;
		if (end - i > 32)
			sort_long(part, part->points + i, end - i);
		else
			sort_short(part->points + i, end - i);
		i = end;
	}
}

static int compare_pair(const void *key, const void *pair)
{
	const struct fm_nfc_pair *a = key;
	const struct fm_nfc_pair *b = pair;

	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return a->second < b->second ? -1 : a->second > b->second;
}

/* What the two become; 0 when they stay two. */
static uint32_t compose(uint32_t first, uint32_t second)
{
	const struct fm_nfc_pair key = {first, second, 0};
	const struct fm_nfc_pair *pair;

	if (first - L_BASE < L_COUNT && second - V_BASE < V_COUNT)
		return S_BASE + ((first - L_BASE) * V_COUNT + (second - V_BASE)) * T_COUNT;
	if (first - S_BASE < S_COUNT && (first - S_BASE) % T_COUNT == 0 &&
	    second - T_BASE - 1 < T_COUNT - 1)
		return first + (second - T_BASE);
	if ((fm_nfc_value_of(second) & FM_NFC_COMBINES) == 0)
		return 0;
	pair = bsearch(&key, fm_nfc_pairs, fm_nfc_pair_count, sizeof key, compare_pair);
	return pair == NULL ? 0 : pair->result;
}

/* A mark reaches the starter before it when no mark of its class or above lies between. */
static void compose_all(struct part *part)
{
	uint32_t *points = part->points;
	size_t starter = SIZE_MAX;
	size_t out = 0;

	for (size_t i = 0; i < part->count; i++) {
		const uint32_t point = points[i] & POINT_MASK;
		const uint32_t class = class_of(points[i]);
		uint32_t both = 0;

		if (starter != SIZE_MAX &&
		    (out == starter + 1 || class_of(points[out - 1]) < class))
			both = compose(points[starter], point);
		if (both != 0) {
			points[starter] = both;
			continue;
		}
		if (class == 0)
			starter = out;
		points[out++] = points[i];
	}
	part->count = out;
}

static void put_part(struct part *part, struct fm_span text, struct fm_buf *buf)
{
	part->count = 0;
	while (text.len > 0) {
		uint32_t code_point;

		text = fm_span_skip(text, fm_utf8_next(text, &code_point));
		decompose(part, code_point);
	}
	sort_marks(part);
	compose_all(part);
	for (size_t i = 0; i < part->count; i++)
		fm_utf8_put(buf, part->points[i] & POINT_MASK);
}

/* Behind the bytes that no rule touches: all below U+0300, whose first byte is 0xCC. */
static size_t skip_plain(struct fm_span text, size_t at)
{
	while (text.len - at >= sizeof(uint64_t)) {
		uint64_t word;

		memcpy(&word, text.ptr + at, sizeof word);
		/* From 0xC0 on the two top bits are set; a continuation has only the first. */
		if ((word & word << 1 & 0x8080808080808080u) != 0)
			break;
		at += sizeof word;
	}
	while (at < text.len && (unsigned char)text.ptr[at] < 0xcc)
		at++;
	return at;
}

/* Where a text may be cut so that its two sides are normalized each alone. */
static bool is_border(uint16_t value)
{
	return (value & (FM_NFC_CLASS_MASK | FM_NFC_COMBINES | FM_NFC_CHANGES)) == 0;
}

/* The first part that may not be in form C: it begins and ends at borders. False when none is. */
static bool find_part(struct fm_span text, size_t from, size_t *ret_begin, size_t *ret_end)
{
	size_t begin = from;
	unsigned last_class = 0;
	bool wrong = false;
	size_t at = from;

	while (at < text.len) {
		uint32_t code_point;
		uint16_t value;
		size_t len;

		if (!wrong && (unsigned char)text.ptr[at] < 0xcc) {
			at = skip_plain(text, at + 1);
			last_class = 0;
			/* The last of them is what a mark that follows stands on. */
			begin = at - 1;
			while (begin > from && ((unsigned char)text.ptr[begin] & 0xc0) == 0x80)
				begin--;
			continue;
		}
		len = fm_utf8_next(fm_span_skip(text, at), &code_point);
		value = fm_nfc_value_of(code_point);
		if (is_border(value)) {
			if (wrong)
				break;
			begin = at;
			last_class = 0;
		} else {
			const unsigned class = value & FM_NFC_CLASS_MASK;

			wrong = wrong || (value & (FM_NFC_COMBINES | FM_NFC_CHANGES)) != 0 ||
			        (class != 0 && class < last_class);
			last_class = class;
		}
		at += len;
	}
	*ret_begin = begin;
	*ret_end = at;
	return wrong;
}

struct fm_span fm_nfc(struct fm_span text, struct fm_buf *buf)
{
	struct part part = {0};
	size_t done = 0;
	size_t begin;
	size_t end;

	if (!find_part(text, 0, &begin, &end))
		return text;
	fm_buf_clear(buf);
	do {
		fm_buf_put(buf, fm_span_make(text.ptr + done, begin - done));
		put_part(&part, fm_span_make(text.ptr + begin, end - begin), buf);
		done = end;
	} while (find_part(text, done, &begin, &end));
	fm_buf_put(buf, fm_span_skip(text, done));
	fm_memory_free(part.points);
	fm_memory_free(part.sorted);
	return fm_buf_span(buf);
}
