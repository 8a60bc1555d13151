#include "guard_internal.h"

#include "base/hash.h"

#define SIGNS 37 /* none, ten digits, 26 letters */
#define KIND_SHIFT 62

static uint64_t sign_of(char c)
{
	return fm_is_digit(c) ? (uint64_t)(c - '0') + 1 : (uint64_t)(fm_to_lower(c) - 'a') + 11;
}

uint64_t fm_guard_word_code(enum fm_guard_kind kind, struct fm_span word)
{
	uint64_t code = 0;

	for (size_t i = 0; i < FM_LOOKALIKE_MAX; i++) {
		const size_t at = kind == FM_GUARD_BACKWARD ? word.len - 1 - i : i;

		code = code * SIGNS + (i < word.len ? sign_of(word.ptr[at]) : 0);
	}
	return (uint64_t)kind << KIND_SHIFT | code;
}

uint64_t fm_guard_word_codes(size_t len)
{
	uint64_t codes = 1;

	for (; len < FM_LOOKALIKE_MAX; len++)
		codes *= SIGNS;
	return codes;
}

size_t fm_guard_word_of(uint64_t code, char ret_word[FM_LOOKALIKE_MAX])
{
	size_t len = FM_LOOKALIKE_MAX;

	code &= (UINT64_C(1) << KIND_SHIFT) - 1;
	for (size_t i = FM_LOOKALIKE_MAX; i > 0; i--) {
		const uint64_t sign = code % SIGNS;

		ret_word[i - 1] = (char)(sign > 10 ? 'a' + (int)sign - 11 : '0' + (int)sign - 1);
		len = sign == 0 ? i - 1 : len;
		code /= SIGNS;
	}
	return len;
}

uint64_t fm_guard_key_code(struct fm_span first, struct fm_span second)
{
	const uint64_t hash = fm_hash_mix(fm_hash64(first), fm_hash64(second));

	return (uint64_t)FM_GUARD_KEY << KIND_SHIFT | hash >> (64 - KIND_SHIFT);
}

bool fm_guard_is_near(struct fm_span a, struct fm_span b)
{
	const size_t longer = a.len > b.len ? a.len : b.len;
	const size_t shorter = a.len > b.len ? b.len : a.len;
	size_t same = 0;
	size_t behind = 0;

	if (longer - shorter > 1)
		return false;
	while (same < shorter && fm_to_lower(a.ptr[same]) == fm_to_lower(b.ptr[same]))
		same++;
	while (behind < shorter - same &&
	       fm_to_lower(a.ptr[a.len - 1 - behind]) == fm_to_lower(b.ptr[b.len - 1 - behind]))
		behind++;
	return same + behind + 1 >= longer;
}
