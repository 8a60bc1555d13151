#include "token/counter.h"

#include <stdio.h>
#include <string.h>

#include "base/macro.h"
#include "base/memory.h"
#include "counter_internal.h"

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

enum fm_code fm_counter_open(const char *name, const struct fm_counter_place *place,
                             struct fm_counter **ret_counter, struct fm_err *err)
{
	(void)place; /* bytes/N needs no vocabulary */
	return fm_bytes_counter_open(name, ret_counter, err);
}

void fm_counter_close(struct fm_counter *counter)
{
	if (counter == NULL)
		return;
	counter->kind->close(counter->self);
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

struct fm_span fm_counter_unit_word(const struct fm_counter *counter, uint64_t i)
{
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
		counter->kind->encode(counter->self, text, fn, ctx);
}
