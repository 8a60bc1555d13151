#include <stdio.h>

#include "base/memory.h"
#include "base/num.h"
#include "counter_internal.h"

#define BYTES_MAX 16 /* bytes for each token */
/* A rule of thumb: bytes/4 of English prose against the tokenizers of today, and some room. */
#define ERROR_PPM 250000

struct bytes {
	uint64_t bytes_per_token;
};

static uint64_t tokens_of_piece(const struct bytes *bytes, uint64_t ink_bytes)
{
	const uint64_t n = bytes->bytes_per_token;

	return ink_bytes == 0 ? 1 : (ink_bytes + n - 1) / n;
}

/* What a byte is: looked up, for every byte of a haystack comes by here. */
enum byte_class {
	INK, /* not white space; every byte above ASCII too */
	BLANK,
	LINE_FEED,
};

static const unsigned char classes[256] = {
	['\t'] = BLANK, ['\n'] = LINE_FEED, ['\v'] = BLANK,
	['\f'] = BLANK, ['\r'] = BLANK,     [' '] = BLANK,
};

static uint64_t feed(const void *self, struct fm_count_state *state, struct fm_span part)
{
	const struct bytes *bytes = self;
	/* The first piece begins by itself: an open one has at least one token. */
	unsigned before = state->told_tokens == 0 ? BLANK : state->before;
	const uint64_t told = state->told_tokens;
	uint64_t ink_bytes = state->ink_bytes;
	uint64_t tokens = 0;

	if (part.len == 0)
		return 0;
	for (size_t i = 0; i < part.len; i++) {
		const unsigned now = classes[(unsigned char)part.ptr[i]];

		if ((before == INK && now == BLANK) || (before == LINE_FEED && now == INK)) {
			tokens += tokens_of_piece(bytes, ink_bytes);
			ink_bytes = 0;
		}
		ink_bytes += now == INK;
		before = now;
	}
	*state = (struct fm_count_state){before, ink_bytes, tokens_of_piece(bytes, ink_bytes)};
	return tokens + state->told_tokens - told;
}

static uint64_t count(void *self, struct fm_span text, bool more)
{
	struct fm_count_state state = {0};

	(void)more; /* a text counts the same wherever it stands */
	return feed(self, &state, text);
}

static bool adds_up(const void *self, struct fm_span before, struct fm_span after)
{
	const char left = before.ptr[before.len - 1];
	const char right = after.ptr[0];

	(void)self; /* all bytes/N cut at the same places */
	if (left == '\n')
		return !fm_is_space(right);
	return !fm_is_space(left) && fm_is_space(right) && right != '\n' && right != '\r';
}

static void close_bytes(void *self)
{
	fm_memory_free(self);
}

static const struct fm_counter_kind kind = {count, adds_up, NULL, close_bytes, feed};

enum fm_code fm_bytes_counter_open(const char *name, struct fm_counter **ret_counter,
                                   struct fm_err *err)
{
	const struct fm_span text = fm_span_of(name);
	struct bytes *bytes;
	char rules[32];
	uint64_t n = 0;

	if (!fm_span_starts(text, "bytes/") || !fm_num_u64(fm_span_skip(text, 6), &n) || n == 0 ||
	    n > BYTES_MAX)
		return fm_fail(err, FM_E_USAGE,
		               "no tokenizer is named \"%.60s\"; there are bytes/1 to bytes/%d",
		               name, BYTES_MAX);
	(void)snprintf(rules, sizeof rules, "%s/1", name); /* "bytes/16" at most */
	bytes = fm_memory_take(sizeof *bytes);
	bytes->bytes_per_token = n;
	/* 1 is the number of the rules above. */
	*ret_counter = fm_counter_make(&kind, bytes, name, fm_hash128(fm_span_of(rules)));
	(*ret_counter)->error_ppm = ERROR_PPM;
	return FM_OK;
}
