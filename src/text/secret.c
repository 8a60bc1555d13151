#include "text/secret.h"

#include <stdbool.h>
#include <string.h>

#include "base/locked.h"
#include "secret_internal.h"

#define ANCHOR ((size_t)8) /* bytes by which a pattern is found, and the shortest secret */
#define BLOCK ((size_t)3)  /* bytes that a step looks at */
#define BLOCKS \
	((size_t)4096) /* far more than the blocks of some keys, and small enough to stay near */
#define ENDS_FROM ((size_t)16) /* in a shorter one eight bytes are half of it: any word could be */
#define NO_PATTERN UINT16_MAX

/* Where a pattern's anchor stands in it, and what may be missing of the rest. */
enum kind {
	WHOLE,
	HEAD, /* its first bytes are enough */
	TAIL, /* its last bytes are */
};

struct pattern {
	size_t begin; /* in the list's bytes */
	size_t len;
	enum kind kind;
	uint16_t next; /* of those whose anchor ends in the same block */
};

/* All of it in locked pages, for the tables too say what a key is made of. */
struct list {
	struct pattern *patterns;
	size_t pattern_count;
	size_t pattern_max;
	char *bytes;
	size_t byte_count;
	size_t byte_max;
	uint8_t steps[BLOCKS];  /* how far the next possible anchor is, seen from a block */
	uint16_t first[BLOCKS]; /* pattern whose anchor ends in it */
};

static struct list *list; /* NULL: there is no secret */

static size_t block_of(const char *at)
{
	const unsigned char *b = (const unsigned char *)at;

	return ((size_t)b[0] ^ (size_t)b[1] << 3 ^ (size_t)b[2] << 6) % BLOCKS;
}

static struct fm_span bytes_of(const struct pattern *p)
{
	return fm_span_make(list->bytes + p->begin, p->len);
}

static const char *anchor_of(const struct pattern *p)
{
	return list->bytes + p->begin + (p->kind == TAIL ? p->len - ANCHOR : 0);
}

static void *grow(void *old, size_t old_size, size_t size)
{
	void *more = fm_locked_take(size);

	if (old != NULL)
		memcpy(more, old, old_size);
	fm_locked_free(old, old_size);
	return more;
}

static void make_list(void)
{
	if (list != NULL)
		return;
	list = fm_locked_take(sizeof *list);
	memset(list->steps, (int)(ANCHOR - BLOCK + 1), sizeof list->steps);
	memset(list->first, 0xff, sizeof list->first); /* NO_PATTERN */
}

static void make_room(size_t bytes, size_t patterns)
{
	const size_t byte_max = 2 * (list->byte_count + bytes);
	const size_t pattern_max = 2 * (list->pattern_count + patterns);

	if (list->byte_count + bytes > list->byte_max) {
		list->bytes = grow(list->bytes, list->byte_max, byte_max);
		list->byte_max = byte_max;
	}
	if (list->pattern_count + patterns > list->pattern_max) {
		list->patterns = grow(list->patterns, list->pattern_max * sizeof *list->patterns,
		                      pattern_max * sizeof *list->patterns);
		list->pattern_max = pattern_max;
	}
}

static bool is_there(struct fm_span form)
{
	for (size_t i = 0; i < list->pattern_count; i++)
		if (fm_span_equal(bytes_of(&list->patterns[i]), form))
			return true;
	return false;
}

static void add_pattern(size_t begin, size_t len, enum kind kind)
{
	struct pattern *p = &list->patterns[list->pattern_count];
	const char *anchor;
	size_t block;

	if (list->pattern_count == NO_PATTERN)
		return; /* 700 keys: the first of them have all their forms */
	*p = (struct pattern){begin, len, kind, NO_PATTERN};
	anchor = anchor_of(p);
	for (size_t i = 0; i + BLOCK <= ANCHOR; i++) {
		const size_t step = ANCHOR - BLOCK - i;

		block = block_of(anchor + i);
		if (list->steps[block] > step)
			list->steps[block] = (uint8_t)step;
	}
	block = block_of(anchor + ANCHOR - BLOCK);
	p->next = list->first[block];
	list->first[block] = (uint16_t)list->pattern_count++;
}

/* The first form is the secret itself, and it alone is known by its ends. */
static void add_form(void *ctx, struct fm_span form)
{
	bool *plain = ctx;
	const size_t begin = list->byte_count;

	if (!is_there(form)) {
		memcpy(list->bytes + begin, form.ptr, form.len);
		list->byte_count += form.len;
		add_pattern(begin, form.len, *plain && form.len >= ENDS_FROM ? HEAD : WHOLE);
		if (*plain && form.len >= ENDS_FROM)
			add_pattern(begin, form.len, TAIL);
	}
	*plain = false;
}

void fm_secret_add(struct fm_span secret)
{
	const size_t room_size = FM_SECRET_FORMS_BYTES(secret.len);
	bool plain = true;
	char *room;

	if (secret.len < FM_SECRET_MIN)
		return;
	make_list();
	make_room(room_size, FM_SECRET_FORMS_MAX);
	if (is_there(secret))
		return;
	room = fm_locked_take(room_size);
	fm_secret_each_form(secret, room, add_form, &plain);
	fm_locked_free(room, room_size);
}

void fm_secret_forget(void)
{
	if (list == NULL)
		return;
	fm_locked_free(list->bytes, list->byte_max);
	fm_locked_free(list->patterns, list->pattern_max * sizeof *list->patterns);
	fm_locked_free(list, sizeof *list);
	list = NULL;
}

/* A piece of the text that goes. */
struct hit {
	size_t begin;
	size_t end;
};

static size_t same_ahead(struct fm_span a, struct fm_span b)
{
	size_t len = 0;

	while (len < a.len && len < b.len && a.ptr[len] == b.ptr[len])
		len++;
	return len;
}

static size_t same_behind(struct fm_span a, struct fm_span b)
{
	size_t len = 0;

	while (len < a.len && len < b.len && a.ptr[a.len - 1 - len] == b.ptr[b.len - 1 - len])
		len++;
	return len;
}

/* The pattern's anchor stands at `at`; nothing before `from` is to be had any more. */
static bool is_hit(const struct pattern *p, struct fm_span text, size_t from, size_t at,
                   enum fm_redact how, struct hit *ret_hit)
{
	const struct fm_span form = bytes_of(p);
	size_t same;

	if (p->kind == TAIL && how == FM_REDACT_WHOLE)
		return false;
	if (p->kind == TAIL) {
		const struct fm_span before = fm_span_first(text, at + ANCHOR);

		same = same_behind(fm_span_skip(before, from), form);
		*ret_hit = (struct hit){at + ANCHOR - same, at + ANCHOR};
		return true;
	}
	same = same_ahead(fm_span_skip(text, at), form);
	*ret_hit = (struct hit){at, at + same};
	return same == form.len || (p->kind == HEAD && how == FM_REDACT_ENDS);
}

static bool find_at(struct fm_span text, size_t from, size_t at, enum fm_redact how,
                    struct hit *ret_hit)
{
	const size_t block = block_of(text.ptr + at + ANCHOR - BLOCK);
	struct hit hit;
	bool found = false;

	for (uint16_t i = list->first[block]; i != NO_PATTERN; i = list->patterns[i].next) {
		const struct pattern *p = &list->patterns[i];

		if (memcmp(text.ptr + at, anchor_of(p), ANCHOR) != 0 ||
		    !is_hit(p, text, from, at, how, &hit))
			continue;
		if (!found || hit.end - hit.begin > ret_hit->end - ret_hit->begin)
			*ret_hit = hit;
		found = true;
	}
	return found;
}

/* The next piece from `from` on. */
static bool find(struct fm_span text, size_t from, enum fm_redact how, struct hit *ret_hit)
{
	size_t at = from;

	while (at + ANCHOR <= text.len) {
		const size_t step = list->steps[block_of(text.ptr + at + ANCHOR - BLOCK)];

		if (step == 0 && find_at(text, from, at, how, ret_hit))
			return true;
		at += step == 0 ? 1 : step;
	}
	return false;
}

struct fm_span fm_redact(struct fm_span text, enum fm_redact how, struct fm_buf *buf,
                         uint64_t *ret_count)
{
	struct hit hit;
	size_t from = 0;

	if (list == NULL || !find(text, 0, how, &hit))
		return text;
	fm_buf_init(buf, text.len); /* "[key]" is shorter than what it stands for */
	do {
		fm_buf_put(buf, fm_span_first(fm_span_skip(text, from), hit.begin - from));
		fm_buf_puts(buf, "[key]");
		from = hit.end;
		(*ret_count)++;
	} while (find(text, from, how, &hit));
	fm_buf_put(buf, fm_span_skip(text, from));
	return fm_buf_span(buf);
}
