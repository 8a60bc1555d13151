#include "unigram_internal.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/memory.h"
#include "unigram_flat_internal.h"

#define BLOCK 256u
#define UNITS_MAX ((uint32_t)1 << 30)
#define TRIES_MAX 32u /* free places tried for a unit's children, before they get a new block */
#define UNKNOWN_PENALTY 10.0f
#define USER_DEFINED_BONUS 0.1 /* for each byte but the first: SentencePiece 0.2.3 */
#define BYTE_NAME_BYTES 6      /* "<0x41>" */

struct key {
	struct fm_span text;
	uint32_t id;
};

/* The units that have been placed; a unit is free while its id_byte is FREE. */
#define FREE UINT32_MAX

struct array {
	struct fm_unigram_unit *units;
	unsigned char *base_used; /* one for each unit that is a base */
	uint32_t count;           /* a multiple of BLOCK */
	size_t capacity;
	uint32_t low; /* no free unit that is worth a try stands below */
};

/* Keys [begin, end) share their first `depth` bytes, which led to the unit at `place`. */
struct task {
	size_t begin, end;
	uint32_t depth;
	uint32_t place;
};

static void add_block(struct array *array)
{
	const size_t old = array->count;
	const size_t count = old + BLOCK;

	if (count > array->capacity) {
		const size_t capacity = count * 2;

		array->units = fm_memory_grow(array->units, old * sizeof *array->units,
		                              capacity * sizeof *array->units);
		array->base_used = fm_memory_grow(array->base_used, old, capacity);
		array->capacity = capacity;
	}
	for (size_t i = old; i < count; i++) {
		array->units[i] = (struct fm_unigram_unit){FM_UNIGRAM_NOWHERE, FREE};
		array->base_used[i] = 0;
	}
	array->count = (uint32_t)count;
}

static bool fits(const struct array *array, uint32_t base, const unsigned char *bytes, size_t count)
{
	if (array->base_used[base] != 0)
		return false;
	for (size_t i = 0; i < count; i++)
		if (array->units[base ^ bytes[i]].id_byte != FREE)
			return false;
	return true;
}

/* A base at which the units of all these bytes are free. */
static uint32_t find_base(struct array *array, const unsigned char *bytes, size_t count)
{
	unsigned tries = 0;

	while (array->low < array->count && array->units[array->low].id_byte != FREE)
		array->low++;
	for (uint32_t at = array->low; at < array->count; at++) {
		if (array->units[at].id_byte != FREE)
			continue;
		if (fits(array, at ^ bytes[0], bytes, count))
			return at ^ bytes[0];
		/* Few bytes fit nearly anywhere: a place that does not take one is left behind. */
		if (count == 1)
			array->low = at + 1;
		if (++tries == TRIES_MAX) {
			array->low += BLOCK / 16;
			break;
		}
	}
	for (uint32_t base = array->count > 2 * BLOCK ? array->count - 2 * BLOCK : 0;
	     base < array->count; base++)
		if (fits(array, base, bytes, count))
			return base;
	add_block(array);
	return (array->count - BLOCK) ^ bytes[0];
}

static int compare_keys(const void *a, const void *b)
{
	const struct key *left = a;
	const struct key *right = b;
	const int order = fm_span_compare(left->text, right->text);

	return order != 0 ? order : (left->id > right->id) - (left->id < right->id);
}

/* The bytes that follow the keys' shared ones, each once; `begins` says where each's keys begin. */
static size_t list_bytes(const struct key *keys, const struct task *task, unsigned char bytes[256],
                         size_t begins[257])
{
	size_t count = 0;

	for (size_t i = task->begin; i < task->end; i++) {
		if (keys[i].text.len == task->depth)
			continue;
		const unsigned char byte = (unsigned char)keys[i].text.ptr[task->depth];

		if (count > 0 && bytes[count - 1] == byte)
			continue;
		begins[count] = i;
		bytes[count++] = byte;
	}
	begins[count] = task->end;
	return count;
}

/* Depth first, so that what is looked up together lies together. */
static enum fm_code place_keys(struct array *array, const struct key *keys, size_t key_count,
                               struct fm_err *err)
{
	struct task *stack = NULL;
	size_t capacity = 0;
	size_t depth = 0;
	enum fm_code rc = FM_OK;

	add_block(array);
	array->units[0].id_byte = 0;
	array->base_used[0] = 1; /* a NUL would lead back to the first unit */
	stack = fm_memory_more(stack, depth, &capacity, sizeof *stack);
	stack[depth++] = (struct task){.end = key_count};
	while (depth > 0 && rc == FM_OK) {
		const struct task task = stack[--depth];
		unsigned char bytes[256];
		size_t begins[257];
		const size_t count = list_bytes(keys, &task, bytes, begins);
		uint32_t base;

		/* Of equal texts the last one's id counts. */
		for (size_t i = task.begin; i < task.end && keys[i].text.len == task.depth; i++)
			array->units[task.place].id_byte =
				(keys[i].id + 1) << 8 | (array->units[task.place].id_byte & 0xff);
		if (count == 0)
			continue;
		base = find_base(array, bytes, count);
		array->units[task.place].base = base;
		array->base_used[base] = 1;
		for (size_t i = 0; i < count; i++)
			array->units[base ^ bytes[i]].id_byte = bytes[i];
		for (size_t i = count; i > 0; i--) {
			stack = fm_memory_more(stack, depth, &capacity, sizeof *stack);
			stack[depth++] = (struct task){begins[i - 1], begins[i], task.depth + 1,
			                               base ^ bytes[i - 1]};
		}
		if (array->count > UNITS_MAX)
			rc = fm_fail(err, FM_E_LIMIT, "tokens of more than %u bytes together",
			             UNITS_MAX);
	}
	fm_memory_free(stack);
	return rc;
}

/* What is found in text: a byte by its name only where the reference does. */
static size_t list_keys(const struct fm_vocab *vocab, struct fm_arena *arena, struct key *keys)
{
	size_t count = 0;

	for (uint32_t id = 0; id < vocab->token_count; id++) {
		const struct fm_vocab_token *token = &vocab->tokens[id];

		if (token->kind == FM_TOKEN_BYTE && !vocab->rules.float_sums) {
			const char *name = fm_arena_format(arena, "<0x%02X>",
			                                   (unsigned char)token->bytes.ptr[0]);

			keys[count++] = (struct key){
				{name, BYTE_NAME_BYTES},
                                id
                        };
		} else if ((token->kind == FM_TOKEN_NORMAL ||
		            token->kind == FM_TOKEN_USER_DEFINED) &&
		           token->bytes.len > 0) {
			keys[count++] = (struct key){token->bytes, id};
		}
	}
	qsort(keys, count, sizeof *keys, compare_keys);
	return count;
}

/* As the file spells it, where a space takes three bytes. */
static size_t spelled_bytes(const struct fm_vocab *vocab, struct fm_span text)
{
	size_t bytes = text.len;

	for (size_t i = 0; vocab->rules.spaces_marked && i < text.len; i++)
		bytes += text.ptr[i] == ' ' ? 2 : 0;
	return bytes;
}

/* SentencePiece looks for the lowest score among normal pieces only, Hugging Face among all. */
static void put_scores(const struct fm_vocab *vocab, double *scores, struct fm_unigram_head *head)
{
	const bool floats = vocab->rules.float_sums;
	double low = floats ? (double)FLT_MAX : (double)INFINITY;

	for (uint32_t id = 0; id < vocab->token_count; id++) {
		const struct fm_vocab_token *token = &vocab->tokens[id];

		scores[id] = token->score;
		if (floats && token->kind == FM_TOKEN_USER_DEFINED)
			scores[id] =
				(double)(float)(USER_DEFINED_BONUS *
			                        (double)(spelled_bytes(vocab, token->bytes) - 1));
		if (token->kind == FM_TOKEN_NORMAL || (!floats && token->kind != FM_TOKEN_NONE))
			low = token->score < low ? token->score : low;
	}
	if (floats)
		head->unknown_score = (double)((float)low - UNKNOWN_PENALTY);
	else
		head->unknown_score = low - (double)UNKNOWN_PENALTY;
}

static enum fm_code check_tokens(const struct fm_vocab *vocab, struct fm_unigram_head *head,
                                 uint32_t byte_ids[256], struct fm_err *err)
{
	unsigned byte_count = 0;

	memset(byte_ids, 0xff, 256 * sizeof *byte_ids);
	head->unknown_id = UINT32_MAX;
	for (uint32_t id = 0; id < vocab->token_count; id++) {
		const struct fm_vocab_token *token = &vocab->tokens[id];

		if (!isfinite(token->score))
			return fm_fail(err, FM_E_FORMAT, "token %u has no finite score", id);
		if (token->bytes.len > FM_VOCAB_TOKEN_BYTES_MAX)
			return fm_fail(err, FM_E_LIMIT, "token %u has more than %u bytes", id,
			               FM_VOCAB_TOKEN_BYTES_MAX);
		if (token->bytes.len > head->token_bytes_max)
			head->token_bytes_max = (uint32_t)token->bytes.len;
		if (token->kind == FM_TOKEN_UNKNOWN)
			head->unknown_id = id;
		if (token->kind != FM_TOKEN_BYTE)
			continue;
		byte_count += byte_ids[(unsigned char)token->bytes.ptr[0]] == UINT32_MAX;
		byte_ids[(unsigned char)token->bytes.ptr[0]] = id;
	}
	if (head->token_bytes_max < BYTE_NAME_BYTES)
		head->token_bytes_max = BYTE_NAME_BYTES;
	head->byte_fallback = byte_count == 256;
	if (byte_count > 0 && byte_count < 256)
		return fm_fail(err, FM_E_FORMAT, "%u of 256 bytes are tokens", byte_count);
	if (byte_count == 0 && head->unknown_id == UINT32_MAX)
		return fm_fail(err, FM_E_FORMAT, "no token for what is unknown");
	return FM_OK;
}

static enum fm_code add_array(struct fm_buf *flat, const void *array, size_t size,
                              struct fm_err *err)
{
	return fm_buf_add(flat, fm_span_make(array, size), err);
}

enum fm_code fm_unigram_build(const struct fm_vocab *vocab, struct fm_buf *flat, struct fm_err *err)
{
	struct fm_unigram_head head = {
		.magic = FM_UNIGRAM_MAGIC,
		.token_count = vocab->token_count,
		.float_sums = vocab->rules.float_sums,
		.fuse_unknown = vocab->rules.fuse_unknown,
	};
	struct fm_arena arena = {0};
	struct array array = {0};
	struct key *keys = fm_arena_array(&arena, vocab->token_count, sizeof *keys);
	double *scores = fm_arena_array(&arena, vocab->token_count, sizeof *scores);
	uint32_t byte_ids[256];
	enum fm_code rc;

	rc = check_tokens(vocab, &head, byte_ids, err);
	if (rc != FM_OK)
		goto out;
	put_scores(vocab, scores, &head);
	rc = place_keys(&array, keys, list_keys(vocab, &arena, keys), err);
	if (rc != FM_OK)
		goto out;
	for (uint32_t i = 0; i < array.count; i++)
		if (array.units[i].id_byte == FREE)
			array.units[i].id_byte = 0; /* byte 0: none that is looked for leads here */
	head.unit_count = array.count;
	rc = add_array(flat, &head, sizeof head, err);
	if (rc == FM_OK)
		rc = add_array(flat, array.units, array.count * sizeof *array.units, err);
	if (rc == FM_OK)
		rc = add_array(flat, scores, vocab->token_count * sizeof *scores, err);
	if (rc == FM_OK)
		rc = add_array(flat, byte_ids, sizeof byte_ids, err);
out:
	fm_memory_free(array.units);
	fm_memory_free(array.base_used);
	fm_arena_free(&arena);
	return rc;
}
