#include "guard_internal.h"

#include <assert.h>

/* The first entry of that code or a larger one. */
static uint64_t find_code(struct fm_span entries, uint64_t code)
{
	uint64_t low = 0;
	uint64_t high = entries.len / FM_GUARD_ENTRY_BYTES;

	while (low < high) {
		const uint64_t middle = low + (high - low) / 2;

		if (fm_guard_entry_at(entries, middle).code < code)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Is a near copy among the words that have `half` in common with the value, at that end? */
static bool finds_by(struct fm_span entries, enum fm_guard_kind kind, struct fm_span half,
                     struct fm_span value, uint64_t end)
{
	const uint64_t count = entries.len / FM_GUARD_ENTRY_BYTES;
	const uint64_t first = fm_guard_word_code(kind, half);
	char reversed[FM_VALUE_LEN];

	for (size_t i = 0; i < FM_VALUE_LEN; i++)
		reversed[i] = value.ptr[kind == FM_GUARD_BACKWARD ? FM_VALUE_LEN - 1 - i : i];
	for (uint64_t i = find_code(entries, first); i < count; i++) {
		const struct fm_guard_entry entry = fm_guard_entry_at(entries, i);
		char word[FM_LOOKALIKE_MAX];

		if (entry.code - first >= fm_guard_word_codes(half.len))
			return false;
		if (entry.place <= end &&
		    fm_guard_is_near(fm_span_make(reversed, FM_VALUE_LEN),
		                     fm_span_make(word, fm_guard_word_of(entry.code, word))))
			return true;
	}
	return false;
}

/* Where one character differs, the other half of the value is as it was. */
bool fm_guard_finds_value(struct fm_span entries, struct fm_span value, uint64_t end)
{
	const size_t half = FM_VALUE_LEN / 2;

	assert(value.len == FM_VALUE_LEN);
	return finds_by(entries, FM_GUARD_FORWARD, fm_span_first(value, half), value, end) ||
	       finds_by(entries, FM_GUARD_BACKWARD, fm_span_skip(value, half), value, end);
}

bool fm_guard_finds_key(struct fm_span entries, struct fm_span key, uint64_t end)
{
	const size_t blank = fm_span_find_byte(key, ' ');
	const uint64_t code =
		fm_guard_key_code(fm_span_first(key, blank), fm_span_skip(key, blank + 1));
	const uint64_t at = find_code(entries, code);

	return at < entries.len / FM_GUARD_ENTRY_BYTES &&
	       fm_guard_entry_at(entries, at).code == code &&
	       fm_guard_entry_at(entries, at).place <= end;
}
