#include "merges_internal.h"

#include <stdlib.h>
#include <string.h>

#include "border_internal.h"
#include "text/utf8.h"

#define PAIR_ROOM 5 /* lines hold this many pairs of 8 on average: few are full */

struct finding {
	const struct fm_vocab *vocab;
	struct fm_arena *arena;
	struct fm_merge_rule *rules; /* all, by class */
	uint32_t *results;
	uint32_t class_count;
	size_t *first_of; /* by id: where its merges begin in `by_result`; one more at the end */
	uint32_t *by_result;
	bool *happens;             /* by rule */
	struct fm_compiled tables; /* of all merges, and what is made so far */
	struct fm_token_made *made;
};

struct fm_pair_tables fm_merges_tables(const struct fm_merge_rule *rules, size_t count,
                                       struct fm_arena *arena)
{
	struct fm_pair_tables t = {.lines = 1};
	size_t slots;

	while ((size_t)t.lines * PAIR_ROOM < count + 1)
		t.lines *= 2;
	slots = (size_t)t.lines * FM_PAIR_LINE;
	t.pairs = fm_arena_array(arena, slots, sizeof *t.pairs);
	t.filter = fm_arena_array(arena, (size_t)1 << (FM_PAIR_FILTER_BITS - 6), sizeof *t.filter);
	for (size_t i = 0; i < count; i++) {
		const uint64_t key = fm_pair_key(rules[i].left, rules[i].right);
		const uint64_t hash = fm_pair_hash(key);
		const uint32_t bit = fm_pair_bit(hash);
		size_t at = (size_t)fm_pair_line(hash, t.lines - 1) * FM_PAIR_LINE;

		while (t.pairs[at] != 0)
			at = (at + 1) & (slots - 1);
		t.pairs[at] = key << FM_PAIR_CLASS_BITS | (rules[i].class + 1);
		t.filter[bit >> 6] |= (uint64_t)1 << (bit & 63);
	}
	return t;
}

static bool is_text(const struct fm_vocab *vocab, uint32_t id)
{
	const uint8_t kind = vocab->tokens[id].kind;

	return kind == FM_TOKEN_NORMAL || kind == FM_TOKEN_USER_DEFINED || kind == FM_TOKEN_UNUSED;
}

static enum fm_code check_merge(const struct fm_vocab *vocab, size_t i, struct fm_err *err)
{
	const struct fm_vocab_merge *merge = &vocab->merges[i];
	struct fm_span left;
	struct fm_span right;
	struct fm_span result;

	if (merge->left >= vocab->token_count || merge->right >= vocab->token_count ||
	    merge->result >= vocab->token_count || !is_text(vocab, merge->left) ||
	    !is_text(vocab, merge->right) || !is_text(vocab, merge->result))
		return fm_fail(err, FM_E_FORMAT, "merge %zu is not of two tokens of text", i);
	left = vocab->tokens[merge->left].bytes;
	right = vocab->tokens[merge->right].bytes;
	result = vocab->tokens[merge->result].bytes;
	if (left.len == 0 || right.len == 0 || left.len + right.len != result.len ||
	    memcmp(left.ptr, result.ptr, left.len) != 0 ||
	    memcmp(right.ptr, result.ptr + left.len, right.len) != 0)
		return fm_fail(err, FM_E_FORMAT,
		               "merge %zu: tokens %u and %u do not make up token %u", i,
		               merge->left, merge->right, merge->result);
	return FM_OK;
}

/* Merges come sorted by rank; each rank becomes a class. */
static enum fm_code make_rules(struct finding *f, struct fm_err *err)
{
	const struct fm_vocab_merge *merges = f->vocab->merges;

	f->rules = fm_arena_array(f->arena, f->vocab->merge_count, sizeof *f->rules);
	f->results = fm_arena_array(f->arena, f->vocab->merge_count, sizeof *f->results);
	for (size_t i = 0; i < f->vocab->merge_count; i++) {
		enum fm_code rc = check_merge(f->vocab, i, err);

		if (rc != FM_OK)
			return rc;
		if (i > 0 && merges[i].rank < merges[i - 1].rank)
			return fm_fail(err, FM_E_FORMAT, "merge %zu is out of the order of ranks",
			               i);
		if (i == 0 || merges[i].rank != merges[i - 1].rank)
			f->results[f->class_count++] = merges[i].result;
		if (f->results[f->class_count - 1] != merges[i].result)
			return fm_fail(err, FM_E_FORMAT,
			               "merge %zu has the rank of one that makes another token", i);
		f->rules[i] =
			(struct fm_merge_rule){merges[i].left, merges[i].right, f->class_count - 1};
	}
	if (f->class_count > FM_PAIR_CLASSES_MAX - 1)
		return fm_fail(err, FM_E_LIMIT, "more than %u merges of different rank",
		               FM_PAIR_CLASSES_MAX - 1);
	return FM_OK;
}

static enum fm_code check_no_twins(const struct finding *f, struct fm_err *err)
{
	for (size_t i = 0; i < f->vocab->merge_count; i++) {
		const struct fm_merge_rule *rule = &f->rules[i];

		/* Of twins the table gives the first: the other's class is another. */
		if (fm_pair_find(&f->tables, rule->left, rule->right) != rule->class)
			return fm_fail(err, FM_E_FORMAT, "merge %zu stands there twice", i);
	}
	return FM_OK;
}

static void sort_by_result(struct finding *f)
{
	const size_t count = f->vocab->merge_count;

	f->first_of =
		fm_arena_array(f->arena, (size_t)f->vocab->token_count + 2, sizeof *f->first_of);
	f->by_result = fm_arena_array(f->arena, count, sizeof *f->by_result);
	for (size_t i = 0; i < count; i++)
		f->first_of[f->vocab->merges[i].result + 2]++;
	for (size_t id = 2; id < (size_t)f->vocab->token_count + 2; id++)
		f->first_of[id] += f->first_of[id - 1];
	for (size_t i = 0; i < count; i++)
		f->by_result[f->first_of[f->vocab->merges[i].result + 1]++] = (uint32_t)i;
}

/* Ids, the shortest tokens first. */
static uint32_t *sort_by_length(const struct finding *f)
{
	const struct fm_vocab *vocab = f->vocab;
	size_t places[FM_VOCAB_TOKEN_BYTES_MAX + 2] = {0};
	uint32_t *ids = fm_arena_array(f->arena, vocab->token_count, sizeof *ids);

	for (uint32_t id = 0; id < vocab->token_count; id++)
		places[vocab->tokens[id].bytes.len + 1]++;
	for (size_t len = 1; len < FM_COUNT(places); len++)
		places[len] += places[len - 1];
	for (uint32_t id = 0; id < vocab->token_count; id++)
		ids[places[vocab->tokens[id].bytes.len]++] = id;
	return ids;
}

/* What text is before anything was merged. */
static bool is_beginning(const struct fm_vocab *vocab, uint32_t id)
{
	const struct fm_span bytes = vocab->tokens[id].bytes;
	uint32_t code_point;

	if (!is_text(vocab, id) || bytes.len == 0)
		return false;
	if (vocab->model == FM_VOCAB_BYTE_BPE)
		return bytes.len == 1;
	return bytes.len <= 4 && fm_utf8_check(bytes) == bytes.len &&
	       fm_utf8_next(bytes, &code_point) == bytes.len;
}

static uint32_t time_of(const struct finding *f, const struct fm_merge_rule *rule)
{
	const uint32_t left = f->made[rule->left].time;
	const uint32_t right = f->made[rule->right].time;
	const uint32_t own = rule->class + 1;

	if (((left | right) & FM_TIME_MIXED) != 0 || left > own || right > own)
		return own | FM_TIME_MIXED;
	return own;
}

/* Its parts are shorter, and so they are known. */
static void find_made(struct finding *f, uint32_t id)
{
	f->made[id] = (struct fm_token_made){FM_NO_ID, FM_NO_ID, 0, FM_NO_ID};
	if (is_beginning(f->vocab, id)) {
		f->made[id].left = id;
		f->made[id].right = id;
		return;
	}
	for (size_t i = f->first_of[id]; i < f->first_of[id + 1]; i++) {
		const struct fm_merge_rule *rule = &f->rules[f->by_result[i]];

		if (f->made[rule->left].left == FM_NO_ID || f->made[rule->right].left == FM_NO_ID ||
		    fm_border_of(&f->tables, rule->left, rule->right) != FM_BORDER_MERGES)
			continue;
		f->happens[f->by_result[i]] = true;
		f->made[id].left = rule->left;
		f->made[id].right = rule->right;
		f->made[id].time = time_of(f, rule);
	}
}

/* Only what happens is kept, and classes are numbered anew without gaps. */
static void keep_what_happens(struct finding *f, struct fm_merges *ret)
{
	uint32_t *classes = fm_arena_array(f->arena, (size_t)f->class_count + 1, sizeof *classes);

	*ret = (struct fm_merges){.rules = f->rules, .results = f->results, .made = f->made};
	for (size_t i = 0; i < f->vocab->merge_count; i++) {
		const struct fm_merge_rule rule = f->rules[i];

		if (!f->happens[i])
			continue;
		if (ret->count == 0 || classes[rule.class] == 0) {
			ret->results[ret->class_count++] = f->results[rule.class];
			classes[rule.class] = ret->class_count;
		}
		ret->rules[ret->count++] =
			(struct fm_merge_rule){rule.left, rule.right, classes[rule.class] - 1};
	}
	for (uint32_t id = 0; id < f->vocab->token_count; id++) {
		struct fm_token_made *made = &f->made[id];
		const uint32_t class = (made->time & ~FM_TIME_MIXED) - 1;

		if (made->left != FM_NO_ID && made->time != 0)
			made->time = classes[class] | (made->time & FM_TIME_MIXED);
	}
}

enum fm_code fm_merges_find(const struct fm_vocab *vocab, struct fm_arena *arena,
                            struct fm_merges *ret_merges, struct fm_err *err)
{
	struct finding f = {.vocab = vocab, .arena = arena};
	const uint32_t *ids;
	enum fm_code rc = make_rules(&f, err);
	struct fm_pair_tables pairs;

	if (rc != FM_OK)
		return rc;
	f.made = fm_arena_array(arena, vocab->token_count, sizeof *f.made);
	f.happens = fm_arena_array(arena, vocab->merge_count, sizeof *f.happens);
	pairs = fm_merges_tables(f.rules, vocab->merge_count, arena);
	f.tables.pairs = pairs.pairs;
	f.tables.pair_mask = pairs.lines - 1;
	f.tables.pair_filter = pairs.filter;
	f.tables.results = f.results;
	f.tables.made = f.made;
	rc = check_no_twins(&f, err);
	if (rc != FM_OK)
		return rc;
	sort_by_result(&f);
	ids = sort_by_length(&f);
	for (uint32_t i = 0; i < vocab->token_count; i++)
		find_made(&f, ids[i]);
	keep_what_happens(&f, ret_merges);
	return FM_OK;
}
