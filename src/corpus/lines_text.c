#include "lines_internal.h"

#include <string.h>

#include "base/memory.h"
#include "special_internal.h"

/* Raw text: what a backslash stands before is not what it looks like. */

#define WORD_BYTES_MAX 240

size_t fm_lines_step(struct fm_span text, size_t at)
{
	return text.ptr[at] == '\\' && at + 1 < text.len ? at + 2 : at + 1;
}

bool fm_lines_split(struct fm_span *rest, char separator, struct fm_span *ret_part)
{
	size_t at = 0;

	if (rest->len == 0)
		return false;
	while (at < rest->len && rest->ptr[at] != separator)
		at = fm_lines_step(*rest, at);
	*ret_part = fm_span_first(*rest, at);
	*rest = fm_span_skip(*rest, at + 1);
	return true;
}

static enum fm_code wrong(struct fm_pack_at at, struct fm_err *err, const char *what,
                          struct fm_span text)
{
	return fm_fail(err, FM_E_FORMAT, "%s:%u: %s '%.*s'", at.file, at.line, what,
	               FM_SPAN_ARGS(text));
}

enum fm_code fm_lines_unescape(struct fm_pack *pack, struct fm_span text, struct fm_pack_at at,
                               struct fm_span *ret_text, struct fm_err *err)
{
	static const char names[] = "nts\\{}[]|";
	static const char stands[] = "\n\t \\{}[]|";
	char *bytes = fm_arena_take(&pack->arena, text.len + 1);
	struct fm_span plain = {bytes, 0};

	for (size_t i = 0; i < text.len; i = fm_lines_step(text, i)) {
		char one = text.ptr[i];

		if (one == '\\') {
			const char *name = i + 1 < text.len ? strchr(names, text.ptr[i + 1]) : NULL;

			if (name == NULL || *name == '\0')
				return wrong(at, err, "a backslash stands before none of",
				             fm_span_of(names));
			one = stands[name - names];
		} else if (strchr("{}[]|", one) != NULL || (unsigned char)one < ' ') {
			return wrong(at, err, "a mark that needs a backslash before it, in", text);
		}
		bytes[plain.len++] = one;
	}
	if (fm_special_find(plain) < plain.len)
		return wrong(at, err, "what looks like a special token stands in", text);
	*ret_text = plain;
	return FM_OK;
}

enum fm_code fm_lines_add_word(struct fm_pack *pack, struct fm_pack_class *class,
                               struct fm_span text, struct fm_pack_at at, struct fm_err *err)
{
	struct fm_span word = {0};
	enum fm_code rc = fm_lines_unescape(pack, text, at, &word, err);

	if (rc != FM_OK)
		return rc;
	if (class->kind != FM_LINES_TEXT_KIND)
		return fm_pack_add_word(pack, class, word, at, err);
	if (word.len == 0)
		return fm_fail(err, FM_E_FORMAT, "%s:%u: an empty word", at.file, at.line);
	if (word.len > WORD_BYTES_MAX)
		return fm_fail(err, FM_E_FORMAT, "%s:%u: a word is longer than %d bytes", at.file,
		               at.line, WORD_BYTES_MAX);
	rc = fm_pack_check_words(pack, word, at, err);
	if (rc != FM_OK)
		return rc;
	class->terms = fm_memory_more(class->terms, class->word_count, &class->terms_capacity,
	                              sizeof *class->terms);
	class->terms[class->word_count++] = (struct fm_term){
		word.ptr, (uint32_t)word.len,
		fm_span_find_byte(pack->article_letters, fm_to_lower(word.ptr[0])) <
			pack->article_letters.len};
	return FM_OK;
}
