#include "backtrack_internal.h"

#include <assert.h>

#include "base/memory.h"
#include "border_internal.h"
#include "lookup_internal.h"
#include "trie_internal.h"

#define RING ((size_t)1 << 16)   /* tokens that can be taken back */
#define PLACES ((size_t)1 << 19) /* bytes that can be gone back over */
#define MEMO_BITS 16

/*
 * What was found out about two tokens: both ids, which fill 42 bits, 1 that says it is there, and
 * whether the border holds.
 */
struct fm_backtrack {
	const struct fm_compiled *compiled;
	uint32_t ring[RING];
	uint64_t dead[PLACES / 64]; /* a bit by place: no way on from there */
	uint64_t memo[(size_t)1 << MEMO_BITS];
};

struct fm_backtrack *fm_backtrack_open(const struct fm_compiled *compiled)
{
	struct fm_backtrack *backtrack = fm_memory_take(sizeof *backtrack);

	backtrack->compiled = compiled;
	return backtrack;
}

void fm_backtrack_close(struct fm_backtrack *backtrack)
{
	fm_memory_free(backtrack);
}

void fm_id_sink_put_slowly(struct fm_id_sink *sink, uint32_t id)
{
	uint32_t open[FM_VOCAB_TOKEN_BYTES_MAX];
	size_t open_count = 1;

	open[0] = id;
	while (open_count > 0) {
		const uint32_t now = open[--open_count];
		const struct fm_token_made *made = &sink->compiled->made[now];

		if (sink->compiled->token_kinds[now] == FM_TOKEN_UNUSED && made->left != now) {
			open[open_count++] = made->right;
			open[open_count++] = made->left;
			continue;
		}
		sink->count++;
		if (sink->fn != NULL)
			sink->fn(sink->ctx, now);
	}
}

static bool holds(struct fm_backtrack *b, uint32_t left, uint32_t right)
{
	const uint64_t key = fm_pair_key(left, right) << 2 | 2;
	uint64_t *memo = &b->memo[key * 0x9e3779b97f4a7c15u >> (64 - MEMO_BITS)];

	if (*memo >> 1 != key >> 1)
		*memo = key | (fm_border_of(b->compiled, left, right) == FM_BORDER_HOLDS ? 1 : 0);
	return (*memo & 1) != 0;
}

static uint32_t len_of(const struct fm_compiled *c, uint32_t id)
{
	return c->token_ends[id] - (id == 0 ? 0 : c->token_ends[id - 1]);
}

/* Where a run stands: the tokens so far, of which those before `given` are given out. */
struct run {
	size_t count, given;
	size_t at;     /* where the last token ends */
	size_t clear;  /* words of dead places that are made ready */
	uint32_t last; /* FM_NO_ID at the beginning */
	uint32_t next; /* the token that is tried */
	uint32_t next_len;
};

static bool is_dead(struct fm_backtrack *b, struct run *run, size_t place)
{
	while (place / 64 >= run->clear)
		b->dead[run->clear++ % (PLACES / 64)] = 0;
	return (b->dead[place / 64 % (PLACES / 64)] >> (place % 64) & 1) != 0;
}

static void push(struct fm_backtrack *b, struct run *run, struct fm_id_sink *sink)
{
	if (run->count - run->given == RING - 1)
		fm_id_sink_put(sink, b->ring[run->given++ % RING]);
	b->ring[run->count++ % RING] = run->next;
	run->last = run->next;
	run->at += run->next_len;
}

/* Nothing fits behind the last token: it is the one to be tried shorter. */
static void pop(struct fm_backtrack *b, struct run *run)
{
	b->dead[run->at / 64 % (PLACES / 64)] |= (uint64_t)1 << (run->at % 64);
	assert(run->count > run->given);
	run->next = run->last;
	run->next_len = len_of(b->compiled, run->next);
	run->at -= run->next_len;
	assert(run->clear * 64 - run->at <= PLACES);
	run->count--;
	assert(run->count == 0 || run->count > run->given);
	run->last = run->count == 0 ? FM_NO_ID : b->ring[(run->count - 1) % RING];
}

void fm_backtrack_run(struct fm_backtrack *b, struct fm_span stretch, struct fm_id_sink *sink)
{
	const struct fm_compiled *c = b->compiled;
	const unsigned char *bytes = (const unsigned char *)stretch.ptr;
	struct run run = {.last = FM_NO_ID};

	run.next = fm_trie_longest(c, bytes, stretch.len, &run.next_len);
	for (;;) {
		if (!is_dead(b, &run, run.at + run.next_len) &&
		    (run.last == FM_NO_ID || holds(b, run.last, run.next))) {
			push(b, &run, sink);
			if (run.at == stretch.len)
				break;
			run.next = fm_trie_longest(c, bytes + run.at, stretch.len - run.at,
			                           &run.next_len);
			continue;
		}
		run.next = c->made[run.next].shorter;
		while (run.next == FM_NO_ID) {
			pop(b, &run);
			run.next = c->made[run.next].shorter;
		}
		run.next_len = len_of(c, run.next);
	}
	for (; run.given < run.count; run.given++)
		fm_id_sink_put(sink, b->ring[run.given % RING]);
}
