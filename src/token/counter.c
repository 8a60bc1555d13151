#include "token/counter.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/macro.h"
#include "base/memory.h"
#include "counter_internal.h"

#define PPB 1000000000
#define SHORT_DIGEST_MIN 16

/* Shortest first; those that are one token of a counter are its unit words. */
static const char *const unit_words[] = {
	" a",    " I",    " of",   " to",   " in",   " it",   " is",   " as",   " at",   " be",
	" by",   " he",   " on",   " or",   " we",   " so",   " the",  " and",  " for",  " you",
	" not",  " are",  " but",  " all",  " can",  " was",  " one",  " out",  " day",  " who",
	" that", " with", " this", " from", " have", " more", " when", " time", " some", " them",
};

struct fm_counter *fm_counter_make(const struct fm_counter_kind *kind, void *self, const char *name,
                                   struct fm_id digest)
{
	struct fm_counter *counter = fm_memory_take(sizeof *counter);

	counter->kind = kind;
	counter->self = self;
	counter->digest = digest;
	/* The callers' names fit; a longer one would only lose its end. */
	(void)snprintf(counter->name, sizeof counter->name, "%s", name);
	for (size_t i = 0; i < FM_COUNT(unit_words); i++)
		if (kind->count(self, fm_span_of(unit_words[i]), true) == 1)
			counter->unit_words[counter->unit_word_count++] = (uint16_t)i;
	return counter;
}

struct fm_span fm_name_before_digest(struct fm_span name, struct fm_id *ret_digest)
{
	size_t at = name.len;

	while (at > 0 && name.ptr[at - 1] != '@')
		at--;
	if (at == 0 || !fm_id_parse(fm_span_skip(name, at), ret_digest))
		return name;
	return fm_span_first(name, at - 1);
}

/* "o200k@fbeb155a64f8d3aa": as lists show a digest, its first half or more of it. */
static struct fm_span cut_short_digest(struct fm_span *name)
{
	size_t at = name->len;
	struct fm_span digits;

	while (at > 0 && strchr("0123456789abcdef", name->ptr[at - 1]) != NULL &&
	       name->ptr[at - 1] != '\0')
		at--;
	digits = fm_span_skip(*name, at);
	if (at == 0 || name->ptr[at - 1] != '@' || digits.len < SHORT_DIGEST_MIN ||
	    digits.len >= FM_ID_TEXT_MAX - 1)
		return (struct fm_span){0};
	*name = fm_span_first(*name, at - 1);
	return digits;
}

static enum fm_code check_short_digest(const struct fm_counter *counter, struct fm_span want,
                                       struct fm_err *err)
{
	char have[FM_ID_TEXT_MAX];

	if (want.len == 0 || memcmp(fm_id_text(counter->digest, have), want.ptr, want.len) == 0)
		return FM_OK;
	return fm_fail(err, FM_E_CHANGED, "the tokenizer %s is %s here, and %.*s is asked for",
	               counter->name, have, FM_SPAN_ARGS(want));
}

static enum fm_code check_digest(const struct fm_counter *counter, struct fm_id want,
                                 struct fm_err *err)
{
	char have_text[FM_ID_TEXT_MAX];
	char want_text[FM_ID_TEXT_MAX];

	if (fm_id_equal(counter->digest, want))
		return FM_OK;
	return fm_fail(err, FM_E_CHANGED, "the tokenizer %s is %s here, and %s is asked for",
	               counter->name, fm_id_text(counter->digest, have_text),
	               fm_id_text(want, want_text));
}

enum fm_code fm_counter_open(const char *name, const struct fm_counter_place *place,
                             struct fm_counter **ret_counter, struct fm_err *err)
{
	struct fm_id want = {0};
	struct fm_span bare = fm_name_before_digest(fm_span_of(name), &want);
	const bool asked = bare.len < strlen(name);
	const struct fm_span start = cut_short_digest(&bare);
	struct fm_arena arena = {0};
	struct fm_counter *counter = NULL;
	enum fm_code rc;

	if (asked && fm_id_is_none(want))
		rc = fm_fail(err, FM_E_CHANGED, "no tokenizer has the digest of %s", name);
	else if (place == NULL || fm_span_starts(bare, "bytes/"))
		rc = fm_bytes_counter_open(fm_arena_text(&arena, bare), &counter, err);
	else
		rc = fm_found_counter_open(fm_arena_text(&arena, bare), want, place, &counter, err);
	if (asked && counter != NULL)
		rc = check_digest(counter, want, err);
	if (rc == FM_OK && counter != NULL)
		rc = check_short_digest(counter, start, err);
	if (rc == FM_OK)
		*ret_counter = counter;
	else
		fm_counter_close(counter);
	fm_arena_free(&arena);
	return rc;
}

void fm_counter_close(struct fm_counter *counter)
{
	if (counter == NULL)
		return;
	counter->kind->close(counter->self);
	fm_counter_close(counter->base);
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

uint32_t fm_counter_error_ppm(const struct fm_counter *counter)
{
	return counter->error_ppm;
}

bool fm_counter_is_calibrated(const struct fm_counter *counter)
{
	return counter->calibrated;
}

const struct fm_counter *fm_counter_base(const struct fm_counter *counter)
{
	return counter->base != NULL ? counter->base : counter;
}

uint64_t fm_counter_to_own(const struct fm_counter *counter, uint64_t base_tokens)
{
	if (counter->base == NULL)
		return base_tokens;
	return fm_counter_scaled(base_tokens, counter->own_ppb);
}

uint64_t fm_counter_from_own(const struct fm_counter *counter, uint64_t own_tokens)
{
	if (counter->base == NULL)
		return own_tokens;
	return (uint64_t)(((fm_u128)own_tokens * PPB + counter->own_ppb / 2) / counter->own_ppb);
}

uint64_t fm_counter_count(const struct fm_counter *counter, struct fm_span text)
{
	return text.len == 0 ? 0 : counter->kind->count(counter->self, text, false);
}

uint64_t fm_counter_count_more(const struct fm_counter *counter, struct fm_span text)
{
	return text.len == 0 ? 0 : counter->kind->count(counter->self, text, true);
}

bool fm_counter_adds_up(const struct fm_counter *counter, struct fm_span before,
                        struct fm_span after)
{
	return counter->kind->adds_up(counter->self, before, after);
}

uint64_t fm_counter_unit_words(const struct fm_counter *counter)
{
	return counter->unit_word_count;
}

struct fm_span fm_counter_unit_word(const struct fm_counter *counter, uint64_t i)
{
	assert(counter->unit_word_count > 0);
	return fm_span_of(unit_words[counter->unit_words[i % counter->unit_word_count]]);
}

bool fm_counter_has_ids(const struct fm_counter *counter)
{
	return counter->kind->encode != NULL;
}

void fm_counter_encode(const struct fm_counter *counter, struct fm_span text, fm_token_fn *fn,
                       void *ctx)
{
	if (text.len > 0)
		counter->kind->encode(counter->self, text, false, fn, ctx);
}

void fm_counter_encode_more(const struct fm_counter *counter, struct fm_span text, fm_token_fn *fn,
                            void *ctx)
{
	if (text.len > 0)
		counter->kind->encode(counter->self, text, true, fn, ctx);
}
