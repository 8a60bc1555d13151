#include "cli/haystack_facts.h"

#include <stdlib.h>

#include "base/num.h"
#include "cli/haystack_recount.h"
#include "text/utf8.h"
#include "token/counter.h"

/* What is checked: a text in pieces, of which one stretch is the document. */
struct check {
	const struct fm_made *made;
	const struct fm_needle **needles; /* in the order of their bytes */
	struct fm_recount_mark *marks;
	struct fm_span *pieces; /* of the whole text */
	size_t piece_count;
	const struct fm_span *document; /* its own, among them */
	size_t document_count;
	uint64_t before_bytes;  /* of the text before the document */
	uint64_t system_tokens; /* in a message of their own, before that text */
	struct fm_err *err;
};

static enum fm_code fail_count(const struct check *c, const char *what, uint64_t found,
                               uint64_t told)
{
	char found_text[FM_NUM_TEXT_MAX];
	char told_text[FM_NUM_TEXT_MAX];

	return fm_fail(c->err, FM_E_FORMAT, "%s %s, and %s were laid: %llu %s", what,
	               fm_num_grouped(found, found_text), fm_num_grouped(told, told_text),
	               (unsigned long long)(found > told ? found - told : told - found),
	               found > told ? "too many" : "too few");
}

static enum fm_code fail_needle(const struct check *c, const struct fm_needle *needle,
                                const char *unit, uint64_t found, uint64_t told)
{
	char found_text[FM_NUM_TEXT_MAX];
	char told_text[FM_NUM_TEXT_MAX];

	return fm_fail(c->err, FM_E_FORMAT, "the needle %.*s has %s %s before it, not %s",
	               FM_SPAN_ARGS(needle->value), fm_num_grouped(found, found_text), unit,
	               fm_num_grouped(told, told_text));
}

static int by_bytes(const void *a, const void *b)
{
	const struct fm_needle *const *left = a;
	const struct fm_needle *const *right = b;

	return (*left)->at_bytes < (*right)->at_bytes ? -1 : (*left)->at_bytes > (*right)->at_bytes;
}

/* Is the text there, at this byte of the document? `ret_lead` is its blank, that its tokens have. */
static bool stands_at(const struct check *c, const struct fm_needle *needle, uint64_t *ret_lead)
{
	struct fm_span rest = needle->text;
	uint64_t at = 0;

	*ret_lead = 0;
	for (size_t i = 0; i < c->document_count && rest.len > 0; i++) {
		const struct fm_span piece = c->document[i];
		const uint64_t skip = needle->at_bytes > at ? needle->at_bytes - at : 0;
		const struct fm_span part = fm_span_first(fm_span_skip(piece, skip), rest.len);

		if (skip > 0 && skip <= piece.len)
			*ret_lead = piece.ptr[skip - 1] == ' ' ? 1 : 0;
		at += piece.len;
		if (part.len > 0 && !fm_span_equal(part, fm_span_first(rest, part.len)))
			return false;
		rest = fm_span_skip(rest, part.len);
	}
	return rest.len == 0;
}

/* Code points before every needle, in one pass. */
static enum fm_code check_chars(const struct check *c)
{
	const size_t count = c->made->prompt.needle_count;
	uint64_t at = 0;
	uint64_t chars = 0;
	size_t next = 0;

	for (size_t i = 0; i < c->document_count; i++) {
		const struct fm_span piece = c->document[i];
		uint64_t from = 0;

		for (; next < count && c->needles[next]->at_bytes <= at + piece.len; next++) {
			const uint64_t to = c->needles[next]->at_bytes - at;

			chars += fm_utf8_count(fm_span_make(piece.ptr + from, to - from));
			from = to;
			if (chars != c->needles[next]->at_chars)
				return fail_needle(c, c->needles[next], "characters", chars,
				                   c->needles[next]->at_chars);
		}
		chars += fm_utf8_count(fm_span_skip(piece, from));
		at += piece.len;
	}
	return FM_OK;
}

static enum fm_code check_digest(const struct check *c)
{
	const struct fm_id made = fm_made_digest(&c->made->document);
	struct fm_hasher *hasher = fm_hasher_open();
	struct fm_id found;
	char found_text[FM_ID_TEXT_MAX];
	char made_text[FM_ID_TEXT_MAX];

	for (size_t i = 0; i < c->document_count; i++)
		fm_hasher_add(hasher, c->document[i]);
	found = fm_hasher_id(hasher);
	fm_hasher_close(hasher);
	if (fm_id_equal(found, made))
		return FM_OK;
	return fm_fail(c->err, FM_E_FORMAT, "its digest is %s, and %s was laid",
	               fm_id_text(found, found_text), fm_id_text(made, made_text));
}

/* Tokens of the whole text, and before every needle in it. */
static enum fm_code check_tokens(const struct check *c)
{
	const struct fm_made *m = c->made;
	const bool prompt = m->length_of_prompt;
	const uint64_t told = prompt ? m->prompt.tokens : m->prompt.document_tokens;
	const struct fm_recount_text text = {c->pieces, c->piece_count};
	uint64_t tokens = 0;
	enum fm_code rc = fm_recount(fm_counter_base(m->counter), &text, c->marks,
	                             m->prompt.needle_count, &tokens, c->err);

	tokens += c->system_tokens;
	if (rc == FM_OK && tokens != told)
		rc = fail_count(c, prompt ? "the prompt counts" : "the document counts", tokens,
		                told);
	for (size_t i = 0; i < m->prompt.needle_count && rc == FM_OK; i++) {
		const struct fm_needle *needle = c->needles[i];
		const uint64_t want = prompt ? needle->prompt_tokens : needle->at_tokens;
		const uint64_t found = c->marks[i].tokens + c->system_tokens;

		if (c->marks[i].inside_token)
			rc = fm_fail(c->err, FM_E_FORMAT, "the needle %.*s begins inside a token",
			             FM_SPAN_ARGS(needle->value));
		else if (found != want)
			rc = fail_needle(c, needle, "tokens", found, want);
	}
	return rc;
}

static enum fm_code check_all(struct check *c)
{
	const struct fm_prompt *prompt = &c->made->prompt;
	enum fm_code rc = check_digest(c);

	for (size_t i = 0; i < prompt->needle_count && rc == FM_OK; i++) {
		uint64_t lead = 0;

		if (!stands_at(c, c->needles[i], &lead))
			rc = fm_fail(c->err, FM_E_FORMAT, "the needle %.*s is not at byte %llu",
			             FM_SPAN_ARGS(c->needles[i]->value),
			             (unsigned long long)c->needles[i]->at_bytes);
		c->marks[i].at_bytes = c->before_bytes + c->needles[i]->at_bytes - lead;
	}
	if (rc == FM_OK)
		rc = check_chars(c);
	return rc == FM_OK ? check_tokens(c) : rc;
}

enum fm_code fm_made_verify(const struct fm_made *made, struct fm_span document,
                            struct fm_arena *arena, struct fm_err *err)
{
	const size_t count = made->prompt.needle_count;
	const struct fm_rope *rope = &made->document;
	struct check c = {.made = made, .err = err};

	c.needles = fm_arena_array(arena, count, sizeof(struct fm_needle *));
	c.marks = fm_arena_array(arena, count, sizeof *c.marks);
	c.pieces = fm_arena_array(arena, rope->count + 2, sizeof *c.pieces);
	for (size_t i = 0; i < count; i++)
		c.needles[i] = &made->prompt.needles[i];
	if (count > 1)
		qsort(c.needles, count, sizeof(struct fm_needle *), by_bytes);
	if (made->length_of_prompt) {
		c.pieces[c.piece_count++] = made->before;
		c.before_bytes = made->before.len;
		c.system_tokens =
			fm_counter_count(fm_counter_base(made->counter), made->question.system);
	}
	c.document = &c.pieces[c.piece_count];
	c.document_count = document.ptr != NULL ? 1 : rope->count;
	for (size_t i = 0; i < c.document_count; i++)
		c.pieces[c.piece_count++] = document.ptr != NULL ? document : rope->pieces[i].raw;
	if (made->length_of_prompt)
		c.pieces[c.piece_count++] = made->behind;
	return check_all(&c);
}
