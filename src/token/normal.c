#include "normal_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "normal_part_internal.h"
#include "text/utf8.h"
#include "unicode_internal.h"

#define FLAT_MAGIC 0x316d726fu
#define GUARDED_BYTES_MAX ((size_t)64 << 20)

/* The first bytes of the flat form; charsmap and guarded follow, in this order. */
struct flat {
	uint32_t magic;
	uint32_t charsmap_len, guarded_len;
	uint8_t normal_form, dummy_prefix;
	uint8_t squeeze_spaces, strip_left, strip_right, fold_spaces, spaces_marked;
	uint8_t spare[5];
};

enum fm_code fm_normal_build(const struct fm_vocab_rules *rules, struct fm_buf *flat,
                             struct fm_err *err)
{
	const struct flat head = {
		.magic = FLAT_MAGIC,
		.charsmap_len = (uint32_t)rules->charsmap.len,
		.guarded_len = (uint32_t)rules->guarded.len,
		.normal_form = (uint8_t)rules->normal_form,
		.dummy_prefix = (uint8_t)rules->dummy_prefix,
		.squeeze_spaces = rules->squeeze_spaces,
		.strip_left = rules->strip_left,
		.strip_right = rules->strip_right,
		.fold_spaces = rules->fold_spaces,
		.spaces_marked = rules->spaces_marked,
	};
	struct fm_charsmap map;
	enum fm_code rc = FM_OK;

	if (rules->guarded.len > GUARDED_BYTES_MAX)
		return fm_fail(err, FM_E_LIMIT, "user-defined symbols of more than %zu bytes",
		               GUARDED_BYTES_MAX);
	if (rules->normal_form == FM_NORMAL_CHARSMAP) {
		rc = fm_charsmap_open(rules->charsmap, &map, err);
		if (rc == FM_OK)
			rc = fm_charsmap_check(&map, err);
	}
	if (rc == FM_OK)
		rc = fm_buf_add(flat, fm_span_make((const char *)&head, sizeof head), err);
	if (rc == FM_OK)
		rc = fm_buf_add(flat, rules->charsmap, err);
	if (rc == FM_OK)
		rc = fm_buf_add(flat, rules->guarded, err);
	return rc;
}

static int compare_spans(const void *a, const void *b)
{
	const struct fm_span *left = a;
	const struct fm_span *right = b;

	return fm_span_compare(*left, *right);
}

/* The next symbol off the list; false when it is not there in full. */
static bool next_guarded(struct fm_span *list, struct fm_span *ret_symbol)
{
	size_t len;

	if (list->len < 2)
		return false;
	len = (size_t)(unsigned char)list->ptr[0] | (size_t)(unsigned char)list->ptr[1] << 8;
	*list = fm_span_skip(*list, 2);
	if (len == 0 || len > list->len)
		return false;
	*ret_symbol = fm_span_first(*list, len);
	*list = fm_span_skip(*list, len);
	return true;
}

static enum fm_code open_guarded(struct fm_normal *normal, struct fm_span list, struct fm_err *err)
{
	struct fm_span rest = list;
	struct fm_span symbol;
	size_t count = 0;

	for (; rest.len > 0; count++)
		if (!next_guarded(&rest, &symbol))
			return fm_fail(err, FM_E_FORMAT, "damaged: symbol %zu is cut short", count);
	normal->guarded = fm_arena_array(&normal->arena, count, sizeof *normal->guarded);
	while (next_guarded(&list, &normal->guarded[normal->guarded_count]))
		normal->guarded_count++;
	if (count > 0)
		qsort(normal->guarded, count, sizeof *normal->guarded, compare_spans);
	return FM_OK;
}

static void find_plain(struct fm_normal *normal)
{
	for (int c = 0; c < 0x80; c++)
		normal->plain[c] = c != ' ' && (!normal->has_map ||
		                                fm_charsmap_is_plain(&normal->map, (char)c));
	for (size_t i = 0; i < normal->guarded_count; i++)
		normal->plain[(unsigned char)normal->guarded[i].ptr[0]] = false;
}

static enum fm_code read_flat(struct fm_normal *normal, struct fm_span flat, struct fm_err *err)
{
	struct flat head;
	struct fm_span rest;
	enum fm_code rc = FM_OK;

	if (flat.len < sizeof head)
		return fm_fail(err, FM_E_FORMAT, "damaged: the rules are cut short");
	memcpy(&head, flat.ptr, sizeof head);
	rest = fm_span_skip(flat, sizeof head);
	if (head.magic != FLAT_MAGIC || head.normal_form > FM_NORMAL_CHARSMAP ||
	    head.dummy_prefix > FM_PREFIX_BEHIND || head.charsmap_len > rest.len ||
	    head.guarded_len != rest.len - head.charsmap_len)
		return fm_fail(err, FM_E_FORMAT, "damaged: the rules do not fit");
	normal->rules = (struct fm_vocab_rules){
		.normal_form = (enum fm_normal_form)head.normal_form,
		.dummy_prefix = (enum fm_dummy_prefix)head.dummy_prefix,
		.squeeze_spaces = head.squeeze_spaces != 0,
		.strip_left = head.strip_left != 0,
		.strip_right = head.strip_right != 0,
		.fold_spaces = head.fold_spaces != 0,
		.spaces_marked = head.spaces_marked != 0,
	};
	normal->has_map = normal->rules.normal_form == FM_NORMAL_CHARSMAP;
	if (normal->has_map)
		rc = fm_charsmap_open(fm_span_first(rest, head.charsmap_len), &normal->map, err);
	return rc == FM_OK ? open_guarded(normal, fm_span_skip(rest, head.charsmap_len), err) : rc;
}

enum fm_code fm_normal_open(struct fm_span flat, struct fm_normal **ret_normal, struct fm_err *err)
{
	struct fm_normal *normal = fm_memory_take(sizeof *normal);
	const enum fm_code rc = read_flat(normal, flat, err);

	if (rc != FM_OK) {
		fm_normal_close(normal);
		return rc;
	}
	find_plain(normal);
	*ret_normal = normal;
	return FM_OK;
}

void fm_normal_close(struct fm_normal *normal)
{
	if (normal == NULL)
		return;
	fm_arena_free(&normal->arena);
	fm_memory_free(normal);
}

/* The first of the sorted symbols from `low` on that is not below `byte` at `depth`. */
static size_t seek(const struct fm_normal *normal, size_t low, size_t high, size_t depth,
                   unsigned byte)
{
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const struct fm_span symbol = normal->guarded[middle];

		if (symbol.len <= depth || (unsigned char)symbol.ptr[depth] < byte)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t fm_normal_guarded(const struct fm_normal *normal, struct fm_span text)
{
	size_t low = 0;
	size_t high = normal->guarded_count;
	size_t found = 0;

	for (size_t depth = 0; depth < text.len && low < high; depth++) {
		const unsigned byte = (unsigned char)text.ptr[depth];

		low = seek(normal, low, high, depth, byte);
		high = seek(normal, low, high, depth, byte + 1);
		/* Of those that begin alike the shortest comes first. */
		if (low < high && normal->guarded[low].len == depth + 1)
			found = depth + 1;
	}
	return found;
}

void fm_normal_put_marked(const struct fm_normal *normal, struct fm_span text, struct fm_buf *buf)
{
	const struct fm_span mark = fm_span_of(FM_MARK);

	while (normal->rules.spaces_marked) {
		const size_t len = fm_span_find(text, mark);

		if (len == text.len)
			break;
		fm_buf_put(buf, fm_span_first(text, len));
		fm_buf_putc(buf, ' ');
		text = fm_span_skip(text, len + FM_MARK_BYTES);
	}
	fm_buf_put(buf, text);
}

/* The bytes of the code point that ends the text. */
static size_t last_code_point(struct fm_span text, uint32_t *ret_code_point)
{
	size_t len = 1;

	while (len < text.len && ((unsigned char)text.ptr[text.len - len] & 0xc0) == 0x80)
		len++;
	return fm_utf8_next(fm_span_skip(text, text.len - len), ret_code_point);
}

static struct fm_span strip(const struct fm_normal *normal, struct fm_span text)
{
	uint32_t code_point;

	while (normal->rules.strip_left && text.len > 0) {
		const size_t len = fm_utf8_next(text, &code_point);

		if (fm_unicode_class_of(code_point) != FM_UNICODE_SPACE)
			break;
		text = fm_span_skip(text, len);
	}
	while (normal->rules.strip_right && text.len > 0) {
		const size_t len = last_code_point(text, &code_point);

		if (fm_unicode_class_of(code_point) != FM_UNICODE_SPACE)
			break;
		text.len -= len;
	}
	return text;
}

/* Runs of two or more spaces become one; U+2581 does not count as one here. */
static void put_folded(const struct fm_normal *normal, struct fm_span text, struct fm_buf *buf)
{
	const struct fm_span two = fm_span_of("  ");

	while (normal->rules.fold_spaces) {
		const size_t len = fm_span_find(text, two);

		if (len == text.len)
			break;
		fm_normal_put_marked(normal, fm_span_first(text, len + 1), buf);
		text = fm_span_skip(text, len + 2);
		while (text.len > 0 && text.ptr[0] == ' ')
			text = fm_span_skip(text, 1);
	}
	fm_normal_put_marked(normal, text, buf);
}

static bool wants_prefix(const struct fm_normal *normal, struct fm_span text, bool first)
{
	const bool begins = fm_span_starts(text, " ") ||
	                    (normal->rules.spaces_marked && fm_span_starts(text, FM_MARK));

	return first && text.len > 0 &&
	       (normal->rules.dummy_prefix == FM_PREFIX_ALWAYS ||
	        (normal->rules.dummy_prefix == FM_PREFIX_IF_NONE && !begins));
}

/* All steps behind the normal form, as Hugging Face orders them. */
static struct fm_span finish(const struct fm_normal *normal, struct fm_span text, bool first,
                             struct fm_buf *buf)
{
	const bool behind = normal->rules.dummy_prefix == FM_PREFIX_BEHIND && text.len > 0;
	bool prefix;

	text = strip(normal, text);
	prefix = wants_prefix(normal, text, first);
	if (!prefix && !behind &&
	    (!normal->rules.spaces_marked || fm_span_find(text, fm_span_of(FM_MARK)) == text.len) &&
	    (!normal->rules.fold_spaces || fm_span_find(text, fm_span_of("  ")) == text.len))
		return text;
	if (prefix)
		fm_buf_putc(buf, ' ');
	put_folded(normal, text, buf);
	if (behind)
		fm_buf_putc(buf, ' ');
	return fm_buf_span(buf);
}

struct fm_span fm_normal_apply(const struct fm_normal *normal, struct fm_span text, bool first,
                               struct fm_buf *buf)
{
	struct fm_buf form;
	struct fm_span finished;

	fm_buf_clear(buf);
	if (normal->rules.normal_form == FM_NORMAL_CHARSMAP || normal->rules.squeeze_spaces) {
		fm_normal_put_pieces(normal, text, first, buf);
		return fm_buf_span(buf);
	}
	if (normal->rules.normal_form == FM_NORMAL_NONE)
		return finish(normal, text, first, buf);
	fm_buf_init(&form, buf->max);
	text = fm_nfc(text, &form);
	finished = finish(normal, text, first, buf);
	if (finished.ptr != buf->ptr && text.ptr == form.ptr) {
		fm_buf_put(buf, finished);
		finished = fm_buf_span(buf);
	}
	fm_buf_free(&form);
	return finished;
}
