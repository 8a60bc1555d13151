#include "find_internal.h"

#include "base/buf.h"
#include "frame_internal.h"
#include "word_internal.h"

/* A question longer than this is none. */
#define QUESTION_BYTES ((size_t)8 << 10)

static bool is_among(struct fm_span word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct fm_span other = fm_span_of(words[i]);
		size_t k = 0;

		while (k < word.len && k < other.len && fm_to_lower(word.ptr[k]) == other.ptr[k])
			k++;
		if (k == word.len && k == other.len)
			return true;
	}
	return false;
}

static bool has_word(struct fm_span text, const char *const *words, size_t count)
{
	struct fm_span word;

	while (fm_word_next(&text, &word))
		if (is_among(word, words, count))
			return true;
	return false;
}

/* The end of the message that comes last, or its start, as one text. */
static struct fm_span end_of_message(const struct fm_view *view, size_t message, bool last,
                                     struct fm_arena *arena)
{
	char *text = fm_arena_take(arena, QUESTION_BYTES);
	size_t len = 0;

	for (size_t k = 0; k < view->count && len < QUESTION_BYTES; k++) {
		const struct fm_seen *seen = &view->seen[last ? view->count - 1 - k : k];
		const size_t room = QUESTION_BYTES - len;
		const size_t part = seen->text.len < room ? seen->text.len : room;

		if (seen->message != message)
			continue;
		for (size_t i = 0; i < part; i++) {
			if (last)
				text[room - 1 - i] = seen->text.ptr[seen->text.len - 1 - i];
			else
				text[len + i] = seen->text.ptr[i];
		}
		len += part;
	}
	return fm_span_make(last ? text + QUESTION_BYTES - len : text, len);
}

static struct fm_span last_paragraph(struct fm_span text)
{
	size_t at;

	text = fm_span_trim(text);
	for (at = text.len; at >= 2; at--)
		if (text.ptr[at - 1] == '\n' && text.ptr[at - 2] == '\n')
			break;
	return at >= 2 ? fm_span_skip(text, at) : text;
}

static struct fm_span first_paragraph(struct fm_span text)
{
	text = fm_span_trim(text);
	return fm_span_first(text, fm_span_find(text, fm_span_of("\n\n")));
}

/* The sentences that ask: those with a question mark, or else, with a word that asks, all of it. */
static struct fm_span asking_part(struct fm_span paragraph)
{
	const size_t mark = fm_span_find_byte(paragraph, '?');
	size_t end = paragraph.len;
	size_t start = mark;

	if (mark == paragraph.len)
		return has_word(paragraph, fm_cue_words, fm_cue_word_count) ? paragraph
		                                                            : (struct fm_span){0};
	while (end > mark && paragraph.ptr[end - 1] != '?')
		end--;
	while (start > 0 && paragraph.ptr[start - 1] != '\n' &&
	       !(fm_is_space(paragraph.ptr[start - 1]) && start > 1 &&
	         (paragraph.ptr[start - 2] == '.' || paragraph.ptr[start - 2] == '!')))
		start--;
	return fm_span_make(paragraph.ptr + start, end - start);
}

static void add_term(struct fm_sought *sought, struct fm_span word)
{
	const uint64_t hash = fm_word_hash(word);

	if (is_among(word, fm_frame_words, fm_frame_word_count) || sought->count == FM_TERMS_MAX)
		return;
	for (size_t i = 0; i < sought->count; i++)
		if (sought->terms[i].hash == hash)
			return;
	sought->terms[sought->count++] = (struct fm_term){.word = word, .hash = hash};
}

void fm_question_read(const struct fm_view *view, struct fm_arena *arena,
                      struct fm_sought *ret_sought)
{
	struct fm_sought sought = {0};
	struct fm_span rest;
	struct fm_span word;
	size_t message;

	if (view->count > 0) {
		message = view->seen[view->count - 1].message;
		sought.text =
			asking_part(last_paragraph(end_of_message(view, message, true, arena)));
		if (sought.text.len == 0)
			sought.text = asking_part(
				first_paragraph(end_of_message(view, message, false, arena)));
	}
	sought.all = has_word(sought.text, fm_all_words, fm_all_word_count);
	rest = sought.text;
	while (fm_word_next(&rest, &word))
		add_term(&sought, word);
	*ret_sought = sought;
}
