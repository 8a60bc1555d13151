#include "added_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/memory.h"
#include "text/utf8.h"
#include "unicode_internal.h"

#define NO_ROW UINT32_MAX
#define FLAT_ALIGN 16

/*
 * The flat form: the head, then for each of the two sorts its rows, nodes and edges. A node's
 * children lie behind it, so that a walk down ends; their edges are sorted by byte.
 */
struct row {
	uint32_t id;
	uint8_t single_word, strip_left, strip_right, spare;
};

struct node {
	uint32_t edges; /* the first of its edges */
	uint32_t edge_count;
	uint32_t row; /* which token ends here, or NO_ROW */
};

struct edge {
	uint32_t byte;
	uint32_t child;
};

struct sizes {
	uint32_t rows, nodes, edges, spare;
};

struct head {
	struct sizes sorts[2]; /* raw, normalized */
};

/* One sort, ready to be searched. */
struct trie {
	const struct row *rows;
	const struct node *nodes;
	const struct edge *edges;
	struct sizes count;
	uint32_t first[256]; /* the root's child by byte; 0 for none */
	int only;            /* the one byte they all begin with, or -1 */
};

struct fm_added {
	struct trie tries[2];
};

/* While a trie is made: the sorted texts, of which each node owns a run that shares its depth. */
struct build {
	struct fm_arena arena;
	const struct fm_vocab_added **sorted;
	uint32_t count;
	struct row *rows;
	struct node *nodes;
	struct edge *edges;
	struct sizes made;
};

/* The texts that lie below a node: sorted[begin … end), alike in their first `depth` bytes. */
struct run {
	uint32_t begin, end;
	uint32_t depth;
};

static int compare_rows(const void *a, const void *b)
{
	const struct fm_vocab_added *const *left = a;
	const struct fm_vocab_added *const *right = b;

	return fm_span_compare((*left)->text, (*right)->text);
}

static enum fm_code sort_rows(struct build *b, const struct fm_vocab *vocab, bool normalized,
                              size_t *ret_bytes, struct fm_err *err)
{
	size_t bytes = 0;

	b->sorted = fm_arena_array(&b->arena, vocab->added_count + 1, sizeof(void *));
	for (size_t i = 0; i < vocab->added_count; i++) {
		const struct fm_vocab_added *row = &vocab->added[i];

		if (row->normalized != normalized)
			continue;
		if (row->text.len == 0)
			return fm_fail(err, FM_E_FORMAT, "added token %u is empty", row->id);
		if (row->text.len > FM_VOCAB_TOKEN_BYTES_MAX)
			return fm_fail(err, FM_E_LIMIT, "added token %u has more than %u bytes",
			               row->id, FM_VOCAB_TOKEN_BYTES_MAX);
		b->sorted[b->count++] = row;
		bytes += row->text.len;
	}
	qsort(b->sorted, b->count, sizeof(void *), compare_rows);
	for (uint32_t i = 1; i < b->count; i++)
		if (fm_span_equal(b->sorted[i]->text, b->sorted[i - 1]->text))
			return fm_fail(err, FM_E_FORMAT, "added tokens %u and %u are the same text",
			               b->sorted[i - 1]->id, b->sorted[i]->id);
	*ret_bytes = bytes;
	return FM_OK;
}

/* One node for its run, and a run for each of its children at the end of the queue. */
static void add_node(struct build *b, struct run *queue, uint32_t at)
{
	struct run run = queue[at];
	struct node *node = &b->nodes[at];

	*node = (struct node){.edges = b->made.edges, .row = NO_ROW};
	if (run.begin < run.end && b->sorted[run.begin]->text.len == run.depth)
		node->row = run.begin++;
	while (run.begin < run.end) {
		const unsigned char byte = (unsigned char)b->sorted[run.begin]->text.ptr[run.depth];
		uint32_t end = run.begin + 1;

		while (end < run.end && (unsigned char)b->sorted[end]->text.ptr[run.depth] == byte)
			end++;
		queue[b->made.nodes] = (struct run){run.begin, end, run.depth + 1};
		b->edges[b->made.edges++] = (struct edge){byte, b->made.nodes++};
		node->edge_count++;
		run.begin = end;
	}
}

static enum fm_code build_sort(struct build *b, const struct fm_vocab *vocab, bool normalized,
                               struct fm_err *err)
{
	struct run *queue;
	size_t bytes = 0;
	enum fm_code rc = sort_rows(b, vocab, normalized, &bytes, err);

	if (rc != FM_OK)
		return rc;
	if (bytes > UINT32_MAX / 2)
		return fm_fail(err, FM_E_LIMIT, "too many bytes of added tokens");
	b->rows = fm_arena_array(&b->arena, b->count + 1u, sizeof *b->rows);
	b->nodes = fm_arena_array(&b->arena, bytes + 1, sizeof *b->nodes);
	b->edges = fm_arena_array(&b->arena, bytes + 1, sizeof *b->edges);
	queue = fm_arena_array(&b->arena, bytes + 1, sizeof *queue);
	for (uint32_t i = 0; i < b->count; i++) {
		const struct fm_vocab_added *row = b->sorted[i];

		b->rows[i] = (struct row){.id = row->id,
		                          .single_word = row->single_word,
		                          .strip_left = row->strip_left,
		                          .strip_right = row->strip_right};
	}
	b->made.rows = b->count;
	queue[0].end = b->count;
	b->made.nodes = 1;
	for (uint32_t at = 0; at < b->made.nodes; at++)
		add_node(b, queue, at);
	return FM_OK;
}

static enum fm_code put(struct fm_buf *flat, const void *bytes, size_t len, struct fm_err *err)
{
	return fm_buf_add(flat, fm_span_make(bytes, len), err);
}

static enum fm_code put_sort(const struct build *b, struct fm_buf *flat, struct fm_err *err)
{
	enum fm_code rc = put(flat, b->rows, b->made.rows * sizeof *b->rows, err);

	if (rc == FM_OK)
		rc = put(flat, b->nodes, b->made.nodes * sizeof *b->nodes, err);
	if (rc == FM_OK)
		rc = put(flat, b->edges, b->made.edges * sizeof *b->edges, err);
	return rc;
}

enum fm_code fm_added_build(const struct fm_vocab *vocab, struct fm_buf *flat, struct fm_err *err)
{
	struct build sorts[2] = {0};
	struct head head;
	enum fm_code rc = FM_OK;

	for (int i = 0; i < 2 && rc == FM_OK; i++) {
		rc = build_sort(&sorts[i], vocab, i == 1, err);
		head.sorts[i] = sorts[i].made;
	}
	if (rc == FM_OK)
		rc = put(flat, &head, sizeof head, err);
	for (int i = 0; i < 2 && rc == FM_OK; i++)
		rc = put_sort(&sorts[i], flat, err);
	for (int i = 0; i < 2; i++)
		fm_arena_free(&sorts[i].arena);
	return rc;
}

/* The next `count` things of `size` bytes, taken off `rest`; NULL when there are not so many. */
static const void *take_array(struct fm_span *rest, uint32_t count, size_t size)
{
	const void *array = rest->ptr;

	if (count > rest->len / size)
		return NULL;
	*rest = fm_span_skip(*rest, count * size);
	return array;
}

/* Every child behind its parent and every row there: then no walk can leave the arrays or go on
 * for ever. */
static bool is_sound(const struct trie *t)
{
	for (uint32_t i = 0; i < t->count.nodes; i++) {
		const struct node *node = &t->nodes[i];

		if (node->edge_count > 256 || node->edges > t->count.edges ||
		    node->edge_count > t->count.edges - node->edges)
			return false;
		if (node->row != NO_ROW && (i == 0 || node->row >= t->count.rows))
			return false;
		for (uint32_t k = 0; k < node->edge_count; k++) {
			const struct edge *edge = &t->edges[node->edges + k];

			if (edge->byte > 255 || edge->child <= i || edge->child >= t->count.nodes)
				return false;
		}
	}
	return true;
}

static void index_root(struct trie *t)
{
	const struct node *root = &t->nodes[0];

	for (uint32_t k = 0; k < root->edge_count; k++)
		t->first[t->edges[root->edges + k].byte] = t->edges[root->edges + k].child;
	t->only = root->edge_count == 1 ? (int)t->edges[root->edges].byte : -1;
}

static bool open_sort(struct trie *t, struct fm_span *rest)
{
	t->rows = take_array(rest, t->count.rows, sizeof *t->rows);
	t->nodes = take_array(rest, t->count.nodes, sizeof *t->nodes);
	t->edges = take_array(rest, t->count.edges, sizeof *t->edges);
	if (t->rows == NULL || t->nodes == NULL || t->edges == NULL || t->count.nodes == 0 ||
	    !is_sound(t))
		return false;
	index_root(t);
	return true;
}

enum fm_code fm_added_open(struct fm_span flat, struct fm_added **ret_added, struct fm_err *err)
{
	struct fm_added *added;
	struct fm_span rest = fm_span_skip(flat, sizeof(struct head));
	struct head head;
	bool good;

	if (flat.len < sizeof head || (uintptr_t)flat.ptr % sizeof(uint32_t) != 0)
		return fm_fail(err, FM_E_FORMAT, "damaged table of added tokens");
	memcpy(&head, flat.ptr, sizeof head);
	added = fm_memory_take(sizeof *added);
	added->tries[0].count = head.sorts[0];
	added->tries[1].count = head.sorts[1];
	good = open_sort(&added->tries[0], &rest) && open_sort(&added->tries[1], &rest);
	if (!good || rest.len != 0) {
		fm_added_close(added);
		return fm_fail(err, FM_E_FORMAT, "damaged table of added tokens");
	}
	*ret_added = added;
	return FM_OK;
}

void fm_added_close(struct fm_added *added)
{
	fm_memory_free(added);
}

bool fm_added_any(const struct fm_added *added, bool normalized)
{
	return added->tries[normalized].count.rows > 0;
}

/* Few children: a plain search; many: half and half. */
static uint32_t child_of(const struct trie *t, const struct node *node, unsigned char byte)
{
	const struct edge *edges = t->edges + node->edges;
	uint32_t low = 0;
	uint32_t high = node->edge_count;

	while (low < high) {
		const uint32_t middle = low + (high - low) / 2;

		if (edges[middle].byte == byte)
			return edges[middle].child;
		if (edges[middle].byte < byte)
			low = middle + 1;
		else
			high = middle;
	}
	return 0;
}

/* The longest token that stands at `at`, or NULL. */
static const struct row *longest_at(const struct trie *t, struct fm_span text, size_t at,
                                    size_t *ret_end)
{
	const struct row *found = NULL;
	uint32_t node = t->first[(unsigned char)text.ptr[at]];

	while (node != 0) {
		at++;
		if (t->nodes[node].row != NO_ROW) {
			found = &t->rows[t->nodes[node].row];
			*ret_end = at;
		}
		node = at < text.len ? child_of(t, &t->nodes[node], (unsigned char)text.ptr[at])
		                     : 0;
	}
	return found;
}

/* The next place where a token may begin; text.len when there is none. */
static size_t next_place(const struct trie *t, struct fm_span text, size_t at)
{
	if (t->only >= 0)
		return at + fm_span_find_byte(fm_span_skip(text, at), (char)t->only);
	while (at < text.len && t->first[(unsigned char)text.ptr[at]] == 0)
		at++;
	return at;
}

/* Where the code point that ends at `end` begins. */
static size_t step_back(struct fm_span text, size_t end)
{
	end--;
	while (end > 0 && ((unsigned char)text.ptr[end] & 0xc0) == 0x80)
		end--;
	return end;
}

static bool touches_word(struct fm_span text, size_t begin, size_t end)
{
	uint32_t code_point;

	if (begin > 0) {
		(void)fm_utf8_next(fm_span_skip(text, step_back(text, begin)),
		                   &code_point); /* its length is known */
		if (fm_unicode_is_word(code_point))
			return true;
	}
	if (end == text.len)
		return false;
	(void)fm_utf8_next(fm_span_skip(text, end), &code_point); /* only which it is */
	return fm_unicode_is_word(code_point);
}

static void strip(const struct row *row, struct fm_span text, size_t from, struct fm_added_hit *hit)
{
	uint32_t code_point;

	while (row->strip_left && hit->begin > from) {
		const size_t before = step_back(text, hit->begin);

		(void)fm_utf8_next(fm_span_skip(text, before), &code_point); /* length is known */
		if (fm_unicode_class_of(code_point) != FM_UNICODE_SPACE)
			break;
		hit->begin = before;
	}
	while (row->strip_right && hit->end < text.len) {
		const size_t len = fm_utf8_next(fm_span_skip(text, hit->end), &code_point);

		if (fm_unicode_class_of(code_point) != FM_UNICODE_SPACE)
			break;
		hit->end += len;
	}
}

bool fm_added_find(const struct fm_added *added, bool normalized, struct fm_span text, size_t at,
                   struct fm_added_hit *ret_hit)
{
	const struct trie *t = &added->tries[normalized];
	size_t place = at;

	if (t->count.rows == 0)
		return false;
	while ((place = next_place(t, text, place)) < text.len) {
		size_t end = place;
		const struct row *row = longest_at(t, text, place, &end);

		if (row == NULL) {
			place++;
			continue;
		}
		if (!row->single_word || !touches_word(text, place, end)) {
			*ret_hit = (struct fm_added_hit){place, end, row->id};
			strip(row, text, at, ret_hit);
			return true;
		}
		place = end; /* the reference passes over all of what it does not take */
	}
	return false;
}
