#include <string.h>

#include "base/memory.h"
#include "pack_parts_internal.h"

/*
 * Telling is bound by memory: a word is drawn here and a piece there, and each look at what the
 * processor does not have at hand costs more than copying it. So all texts that are told move into
 * one table, a short word beside its own length, and all may be copied 16 bytes at a time.
 */

/* Room for a text of that length, read in steps of FM_SETTLED_BYTES. */
static size_t room_for(size_t len)
{
	return (len / FM_SETTLED_BYTES + 1) * FM_SETTLED_BYTES;
}

static size_t term_count(const struct fm_pack_class *class)
{
	return class->terms == NULL ? 0 : (size_t) class->word_count * class->form_count;
}

/* The table is words, then the texts that do not stand beside their lengths. */
static size_t measure(const struct fm_pack *pack, size_t *ret_words)
{
	size_t words = 0;
	size_t bytes = 0;

	for (size_t i = 0; i < pack->class_count; i++) {
		const struct fm_pack_class *class = &pack->classes[i];

		words += term_count(class);
		for (size_t k = 0; k < term_count(class); k++)
			if (class->terms[k].len > FM_SETTLED_BYTES)
				bytes += room_for(class->terms[k].len);
	}
	for (size_t i = 0; i < pack->literal_count; i++)
		bytes += room_for(pack->literals[i].term.len);
	*ret_words = words;
	return words * sizeof(struct fm_settled) + bytes;
}

static char *put_text(char *to, struct fm_term *term)
{
	if (term->len > 0)
		memcpy(to, term->ptr, term->len);
	term->ptr = to;
	return to + room_for(term->len);
}

void fm_pack_settle(struct fm_pack *pack)
{
	size_t words;
	char *text;
	struct fm_settled *at;

	pack->settled_bytes = measure(pack, &words);
	if (pack->settled_bytes == 0)
		return;
	pack->settled = at = fm_memory_take_table(pack->settled_bytes);
	text = (char *)(at + words);
	for (size_t i = 0; i < pack->class_count; i++) {
		struct fm_pack_class *class = &pack->classes[i];

		class->settled = at;
		for (size_t k = 0; k < term_count(class); k++, at++) {
			at->term = class->terms[k];
			if (at->term.len > FM_SETTLED_BYTES)
				text = put_text(text, &at->term);
			else
				(void)put_text(at->here,
				               &at->term); /* what is behind is the next word's */
		}
	}
	for (size_t i = 0; i < pack->literal_count; i++)
		text = put_text(text, &pack->literals[i].term);
}
