#include "token/counter.h"

#include <stdio.h>
#include <string.h>

#include "base/macro.h"
#include "base/memory.h"
#include "base/num.h"

#define BYTES_MAX 16 /* bytes for each token */

struct fm_counter {
	char name[16];
	struct fm_id digest;
	uint64_t bytes_per_token;
	uint64_t unit_word_count;
};

/* Shortest first: a word is one token only while its letters fit in one. */
static const char *const unit_words[] = {
	" a",    " I",    " of",   " to",   " in",   " it",   " is",   " as",   " at",   " be",
	" by",   " he",   " on",   " or",   " we",   " so",   " the",  " and",  " for",  " you",
	" not",  " are",  " but",  " all",  " can",  " was",  " one",  " out",  " day",  " who",
	" that", " with", " this", " from", " have", " more", " when", " time", " some", " them",
};

enum fm_code fm_counter_open(const char *name, struct fm_counter **ret_counter, struct fm_err *err)
{
	const struct fm_span text = fm_span_of(name);
	struct fm_counter *counter;
	char rules[32];
	uint64_t n = 0;

	if (!fm_span_starts(text, "bytes/") || !fm_num_u64(fm_span_skip(text, 6), &n) || n == 0 ||
	    n > BYTES_MAX)
		return fm_fail(err, FM_E_USAGE,
		               "no tokenizer is named \"%.60s\"; there are bytes/1 to bytes/%d",
		               name, BYTES_MAX);
	counter = fm_memory_take(sizeof *counter);
	(void)snprintf(counter->name, sizeof counter->name, "%s", name); /* "bytes/16" at most */
	(void)snprintf(rules, sizeof rules, "%s/1", name);
	counter->digest = fm_hash128(fm_span_of(rules)); /* 1 is the number of the rules below */
	counter->bytes_per_token = n;
	while (counter->unit_word_count < FM_COUNT(unit_words) &&
	       strlen(unit_words[counter->unit_word_count]) - 1 <= n)
		counter->unit_word_count++;
	*ret_counter = counter;
	return FM_OK;
}

void fm_counter_close(struct fm_counter *counter)
{
	fm_memory_free(counter);
}

const char *fm_counter_name(const struct fm_counter *counter)
{
	return counter->name;
}

struct fm_id fm_counter_digest(const struct fm_counter *counter)
{
	return counter->digest;
}

static uint64_t tokens_of_piece(const struct fm_counter *counter, uint64_t ink_bytes)
{
	const uint64_t n = counter->bytes_per_token;

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

uint64_t fm_counter_count(const struct fm_counter *counter, struct fm_span text)
{
	unsigned before = BLANK; /* the first piece begins by itself */
	uint64_t ink_bytes = 0;
	uint64_t tokens = 0;

	if (text.len == 0)
		return 0;
	for (size_t i = 0; i < text.len; i++) {
		const unsigned now = classes[(unsigned char)text.ptr[i]];

		if ((before == INK && now == BLANK) || (before == LINE_FEED && now == INK)) {
			tokens += tokens_of_piece(counter, ink_bytes);
			ink_bytes = 0;
		}
		ink_bytes += now == INK;
		before = now;
	}
	return tokens + tokens_of_piece(counter, ink_bytes);
}

bool fm_counter_adds_up(const struct fm_counter *counter, struct fm_span before,
                        struct fm_span after)
{
	const char left = before.ptr[before.len - 1];
	const char right = after.ptr[0];

	(void)counter; /* all bytes/N cut at the same places */
	if (left == '\n')
		return !fm_is_space(right);
	return !fm_is_space(left) && fm_is_space(right) && right != '\n' && right != '\r';
}

struct fm_span fm_counter_unit_word(const struct fm_counter *counter, uint64_t i)
{
	return fm_span_of(unit_words[i % counter->unit_word_count]);
}
