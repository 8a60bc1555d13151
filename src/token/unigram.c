#include "unigram_internal.h"

#include <assert.h>
#include <string.h>

#include "base/memory.h"
#include "text/utf8.h"
#include "unigram_flat_internal.h"

/* Links kept before the paths are looked at for a place that they all come through. */
#define LINKS_FIRST ((size_t)1 << 16)

#define LIFT_BELOW (-100000.0)

/* The best way to a place in the text; places are kept in a ring that holds the longest token. */
struct node {
	double score;
	uint64_t count; /* of its tokens */
	bool reached;
	bool unknown; /* its last token is */
};

/* The last token of the best way to a place, for the places behind the last one given out. */
struct link {
	uint32_t id;
	uint32_t len; /* 0: no way leads there */
};

struct fm_unigram {
	struct fm_unigram_head head;
	const struct fm_unigram_unit *units;
	const double *scores;
	const uint32_t *byte_ids;
	struct node *nodes;
	uint32_t node_mask;
	struct link *links;
	size_t link_capacity;
};

/* One piece being cut. */
struct walk {
	struct fm_unigram *unigram;
	struct fm_span piece;
	size_t given; /* tokens up to here were given out */
	size_t reach; /* the furthest place that a way leads to */
	size_t look;  /* links that make another look worth while */
	bool behind_unknown;
	fm_id_fn *fn;
	void *ctx;
};

enum fm_code fm_unigram_open(struct fm_span flat, struct fm_unigram **ret_unigram,
                             struct fm_err *err)
{
	struct fm_unigram_head head;
	struct fm_unigram *unigram;
	uint64_t size;
	uint32_t node_count = 16;

	if (flat.len < sizeof head)
		return fm_fail(err, FM_E_FORMAT, "damaged: Unigram's tables are cut short");
	memcpy(&head, flat.ptr, sizeof head);
	size = sizeof head + (uint64_t)head.unit_count * sizeof *unigram->units +
	       (uint64_t)head.token_count * sizeof *unigram->scores +
	       256 * sizeof *unigram->byte_ids;
	if (head.magic != FM_UNIGRAM_MAGIC || size != flat.len || head.unit_count == 0 ||
	    head.token_bytes_max > FM_VOCAB_TOKEN_BYTES_MAX ||
	    head.token_count > FM_VOCAB_TOKENS_MAX)
		return fm_fail(err, FM_E_FORMAT, "damaged: Unigram's tables do not fit");
	unigram = fm_memory_take(sizeof *unigram);
	unigram->head = head;
	unigram->units = (const void *)(flat.ptr + sizeof head);
	unigram->scores = (const void *)(unigram->units + head.unit_count);
	unigram->byte_ids = (const void *)(unigram->scores + head.token_count);
	while (node_count <= head.token_bytes_max)
		node_count *= 2;
	unigram->nodes = fm_memory_take(node_count * sizeof *unigram->nodes);
	unigram->node_mask = node_count - 1;
	*ret_unigram = unigram;
	return FM_OK;
}

void fm_unigram_close(struct fm_unigram *unigram)
{
	if (unigram == NULL)
		return;
	fm_memory_free(unigram->nodes);
	fm_memory_free(unigram->links);
	fm_memory_free(unigram);
}

static struct node *node_at(const struct walk *walk, size_t place)
{
	return &walk->unigram->nodes[place & walk->unigram->node_mask];
}

/* The link of a place behind `given`. */
static struct link *link_at(const struct walk *walk, size_t place)
{
	return &walk->unigram->links[place - walk->given - 1];
}

static void make_room(struct walk *walk, size_t place)
{
	struct fm_unigram *unigram = walk->unigram;
	const size_t wanted = place - walk->given;

	if (wanted <= unigram->link_capacity)
		return;
	unigram->links =
		fm_memory_grow(unigram->links, unigram->link_capacity * sizeof *unigram->links,
	                       wanted * 2 * sizeof *unigram->links);
	unigram->link_capacity = wanted * 2;
}

/* What a token from `from` on offers to the place behind it. */
struct offer {
	size_t from, len;
	double score; /* of the whole way */
	uint32_t id;
	bool unknown;
};

static uint64_t tokens_of(const struct fm_unigram *unigram, const struct node *from,
                          const struct offer *offer)
{
	if (!offer->unknown)
		return 1;
	if (unigram->head.byte_fallback)
		return offer->len;
	return from->unknown && unigram->head.fuse_unknown ? 0 : 1;
}

/* Of equal ways the first stays. */
static void take_offer(struct walk *walk, const struct node *from, const struct offer *offer)
{
	const struct fm_unigram *unigram = walk->unigram;
	const size_t to = offer->from + offer->len;
	struct node *node = node_at(walk, to);

	const double score = unigram->head.float_sums ? (double)(float)offer->score : offer->score;

	if (node->reached && !(score > node->score))
		return;
	node->score = score;
	node->count = from->count + tokens_of(unigram, from, offer);
	node->reached = true;
	node->unknown = offer->unknown;
	if (walk->fn != NULL) {
		for (size_t place = walk->reach + 1; place < to; place++)
			link_at(walk, place)->len = 0;
		*link_at(walk, to) = (struct link){offer->id, (uint32_t)offer->len};
	}
	if (to > walk->reach)
		walk->reach = to;
}

/* All tokens that begin at `at`; is one of them the single code point there? */
static bool offer_tokens(struct walk *walk, size_t at, size_t code_point_len)
{
	const struct fm_unigram *unigram = walk->unigram;
	const struct node from = *node_at(walk, at);
	const uint32_t unit_count = unigram->head.unit_count;
	struct fm_unigram_unit unit = unigram->units[0];
	bool single = false;

	for (size_t i = at; i < walk->piece.len; i++) {
		const unsigned char byte = (unsigned char)walk->piece.ptr[i];
		const uint32_t place = unit.base ^ byte;

		if (place >= unit_count)
			break;
		unit = unigram->units[place];
		if ((unit.id_byte & 0xff) != byte)
			break;
		const uint32_t id = (unit.id_byte >> 8) - 1;

		if (id >= unigram->head.token_count)
			continue;
		/* A damaged table could make a text longer than the ring holds. */
		if (i - at >= unigram->node_mask)
			break;
		take_offer(walk, &from,
		           &(struct offer){at, i + 1 - at, from.score + unigram->scores[id], id,
		                           false});
		single = single || i + 1 - at == code_point_len;
	}
	return single;
}

static void offer_unknown(struct walk *walk, size_t at, size_t len)
{
	const struct fm_unigram_head *head = &walk->unigram->head;
	const struct node from = *node_at(walk, at);
	take_offer(walk, &from,
	           &(struct offer){at, len, from.score + head->unknown_score, UINT32_MAX, true});
}

/*
 * SentencePiece 0.2.3 lifts the sums before floats get too coarse for them: what is behind no longer
 * matters, only how the ways that are open stand to each other.
 */
static void lift(struct walk *walk, size_t at)
{
	const double base = node_at(walk, at)->score;

	if (!walk->unigram->head.float_sums || base >= LIFT_BELOW)
		return;
	for (size_t place = at; place <= walk->reach; place++) {
		struct node *node = node_at(walk, place);

		if (node->reached)
			node->score = (double)(float)(node->score - base);
	}
}

static void give(struct walk *walk, size_t at, const struct link *link)
{
	const struct fm_unigram *unigram = walk->unigram;
	const bool unknown = link->id == UINT32_MAX;

	if (!unknown)
		walk->fn(walk->ctx, link->id);
	else if (unigram->head.byte_fallback)
		for (size_t i = 0; i < link->len; i++)
			walk->fn(walk->ctx,
			         unigram->byte_ids[(unsigned char)walk->piece.ptr[at + i]]);
	else if (!walk->behind_unknown || !unigram->head.fuse_unknown)
		walk->fn(walk->ctx, unigram->head.unknown_id);
	walk->behind_unknown = unknown;
}

/* Give out the best way to `end`, through which all ways go; links behind it are kept. */
static void give_way(struct walk *walk, size_t end)
{
	const size_t begin = walk->given;
	const size_t kept = walk->reach - end;
	size_t forward = 0;

	/* Turned around, so that it can be walked from its beginning. */
	for (size_t place = end; place > begin;) {
		const struct link link = *link_at(walk, place);

		link_at(walk, place)->len = (uint32_t)forward;
		forward = link.len;
		place -= link.len;
	}
	for (size_t place = begin; place < end;) {
		struct link *link = link_at(walk, place + forward);
		const size_t next = link->len;

		give(walk, place, &(struct link){link->id, (uint32_t)forward});
		place += forward;
		forward = next;
	}
	if (kept > 0)
		memmove(walk->unigram->links, walk->unigram->links + (end - begin),
		        kept * sizeof(struct link));
	walk->given = end;
}

/*
 * The last place that every way to a place from `at` on comes through. Going back from the furthest
 * end, one step of the furthest way at a time, until only one is left; links get marked by their
 * topmost bit while that goes on.
 */
#define ON_WAY 0x80000000u

static size_t find_meeting(const struct walk *walk, size_t at)
{
	bool apart = false; /* a way came through no other place than the first */
	size_t ways = 0;
	size_t place;

	for (place = walk->reach; place >= at && place > walk->given; place--)
		if (link_at(walk, place)->len != 0) {
			link_at(walk, place)->len |= ON_WAY;
			ways++;
		}
	for (place = walk->reach; place > walk->given; place--) {
		struct link *link = link_at(walk, place);

		if ((link->len & ON_WAY) == 0)
			continue;
		if (ways == 1 && !apart)
			break;
		link->len &= ~ON_WAY;
		const size_t back = place - link->len;

		if (back == walk->given)
			apart = true;
		else if ((link_at(walk, back)->len & ON_WAY) != 0)
			ways--;
		else
			link_at(walk, back)->len |= ON_WAY;
	}
	if (place > walk->given)
		link_at(walk, place)->len &= ~ON_WAY;
	return place;
}

static void look_for_meeting(struct walk *walk, size_t at)
{
	size_t end = at;

	if (walk->reach > at)
		end = at - walk->given >= walk->look ? find_meeting(walk, at) : walk->given;
	if (end > walk->given)
		give_way(walk, end);
	/* Where ways keep apart, looking again only when there is twice as much stays linear. */
	if (walk->reach > at && at - walk->given >= walk->look)
		walk->look *= 2;
}

uint64_t fm_unigram_piece(struct fm_unigram *unigram, struct fm_span piece, fm_id_fn *fn, void *ctx)
{
	struct walk walk = {
		.unigram = unigram, .piece = piece, .look = LINKS_FIRST, .fn = fn, .ctx = ctx};
	uint64_t count = 0;
	size_t len = 0;

	/* All are out of reach between two pieces. */
	*node_at(&walk, 0) = (struct node){.reached = true};
	for (size_t at = 0; at < piece.len; at += len) {
		uint32_t code_point;

		len = fm_utf8_next(fm_span_skip(piece, at), &code_point);
		if (fn != NULL) {
			look_for_meeting(&walk, at);
			make_room(&walk, at + unigram->node_mask);
		}
		lift(&walk, at);
		if (!offer_tokens(&walk, at, len))
			offer_unknown(&walk, at, len);
		for (size_t i = 0; i < len; i++)
			node_at(&walk, at + i)->reached = false;
	}
	count = node_at(&walk, piece.len)->count;
	node_at(&walk, piece.len)->reached = false;
	if (fn != NULL)
		give_way(&walk, piece.len);
	return count;
}
