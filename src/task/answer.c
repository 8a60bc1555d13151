#include "answer_internal.h"

#include <string.h>

#include "text/utf8.h"
#include "value_internal.h"

#define DROPPED 0u
#define GAP_MAX 3 /* bytes of separators inside a value: " - " */

struct range {
	uint32_t first;
	uint32_t last;
	uint32_t becomes; /* DROPPED, or the sign it stands for */
};

static const struct range ranges[] = {
	{'\t',   '\r',   ' '    },
        {'"',    '"',    DROPPED},
        {'*',    '*',    DROPPED},
	{'`',    '`',    DROPPED},
        {'~',    '~',    DROPPED},
        {0xA0,   0xA0,   ' '    },
	{0xAB,   0xAB,   DROPPED},
        {0xAD,   0xAD,   DROPPED},
        {0xBB,   0xBB,   DROPPED},
	{0x2BC,  0x2BC,  '\''   },
        {0x2000, 0x200A, ' '    },
        {0x200B, 0x200F, DROPPED},
	{0x2010, 0x2015, '-'    },
        {0x2018, 0x201B, '\''   },
        {0x201C, 0x201F, DROPPED},
	{0x2028, 0x2029, ' '    },
        {0x202F, 0x202F, ' '    },
        {0x205F, 0x205F, ' '    },
	{0x2060, 0x2060, DROPPED},
        {0x2212, 0x2212, '-'    },
        {0x3000, 0x3000, ' '    },
	{0xFEFF, 0xFEFF, DROPPED},
};

static uint32_t plain(uint32_t c)
{
	if (c >= 0xFF01 && c <= 0xFF5E)
		c = c - 0xFF01 + '!';
	for (size_t i = 0; i < FM_COUNT(ranges); i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return ranges[i].becomes;
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

void fm_answer_normalise(struct fm_span answer, struct fm_buf *ret_text)
{
	struct fm_buf valid;
	struct fm_span rest;

	/* An invalid byte becomes a sign of three. */
	fm_buf_init(&valid, 3 * answer.len + 1);
	fm_utf8_put_repaired(&valid, answer);
	fm_buf_init(ret_text, 3 * answer.len + 1);
	rest = fm_buf_span(&valid);
	while (rest.len > 0) {
		uint32_t c;

		rest = fm_span_skip(rest, fm_utf8_next(rest, &c));
		c = plain(c);
		if (c == DROPPED ||
		    (c == ' ' && (ret_text->len == 0 || ret_text->ptr[ret_text->len - 1] == ' ')))
			continue;
		fm_utf8_put(ret_text, c);
	}
	if (ret_text->len > 0 && ret_text->ptr[ret_text->len - 1] == ' ')
		ret_text->ptr[--ret_text->len] = '\0';
	fm_buf_free(&valid);
}

/* The next run of ASCII letters and digits at or behind `from`; empty when there is none. */
static struct fm_span next_run(struct fm_span text, size_t from)
{
	size_t start = from;
	size_t end;

	if (text.len == 0)
		return text;
	while (start < text.len && !fm_is_alnum(text.ptr[start]))
		start++;
	end = start;
	while (end < text.len && fm_is_alnum(text.ptr[end]))
		end++;
	return fm_span_make(text.ptr + start, end - start);
}

static size_t end_of(struct fm_span text, struct fm_span run)
{
	return (size_t)(run.ptr - text.ptr) + run.len;
}

static bool is_soft_gap(struct fm_span text, size_t from, size_t to)
{
	if (to - from > GAP_MAX)
		return false;
	for (size_t i = from; i < to; i++)
		if (strchr(" -_.", text.ptr[i]) == NULL || text.ptr[i] == '\0')
			return false;
	return true;
}

static bool equal_folded(const char *a, struct fm_span b, enum fm_reading reading)
{
	for (size_t i = 0; i < b.len; i++) {
		const bool same = reading == FM_READ_STRICT
		                          ? a[i] == b.ptr[i]
		                          : fm_to_lower(a[i]) == fm_to_lower(b.ptr[i]);

		if (!same)
			return false;
	}
	return true;
}

/*
 * Does the value begin with this run? Leniently, it may go on in the runs behind it, when only
 * separators lie between.
 */
static bool value_starts(struct fm_span text, struct fm_span run, struct fm_span value,
                         enum fm_reading reading)
{
	size_t matched = 0;

	while (run.len > 0 && run.len <= value.len - matched &&
	       equal_folded(run.ptr, fm_span_make(value.ptr + matched, run.len), reading)) {
		const size_t end = end_of(text, run);

		matched += run.len;
		if (matched == value.len)
			return true;
		run = next_run(text, end);
		if (reading == FM_READ_STRICT ||
		    !is_soft_gap(text, end, (size_t)(run.ptr - text.ptr)))
			return false;
	}
	return false;
}

bool fm_answer_names(struct fm_span text, struct fm_span value, enum fm_reading reading)
{
	for (struct fm_span run = next_run(text, 0); run.len > 0;
	     run = next_run(text, end_of(text, run)))
		if (value_starts(text, run, value, reading))
			return true;
	return false;
}

bool fm_answer_says(struct fm_span text, struct fm_span phrase)
{
	struct fm_span rest = text;

	while (rest.len > 0) {
		const size_t at = fm_span_find(rest, phrase);
		const char *end = rest.ptr + at + phrase.len;

		if (at >= rest.len)
			return false;
		if ((rest.ptr + at == text.ptr || !fm_is_alnum(rest.ptr[at - 1])) &&
		    (end == text.ptr + text.len || !fm_is_alnum(*end)))
			return true;
		rest = fm_span_skip(rest, at + 1);
	}
	return false;
}

/* "k7q2-m9xd4": two halves with one dash between them. Blanks would make one of "year 2024". */
static bool is_halved(struct fm_span text, struct fm_span first, char ret_value[FM_VALUE_LEN])
{
	const size_t end = end_of(text, first);
	struct fm_span second;

	if (first.len < FM_VALUE_LEN / 2 || first.len > FM_VALUE_LEN - FM_VALUE_LEN / 2 ||
	    end >= text.len || text.ptr[end] != '-')
		return false;
	second = next_run(text, end);
	if (second.len != FM_VALUE_LEN - first.len || second.ptr != text.ptr + end + 1)
		return false;
	memcpy(ret_value, first.ptr, first.len);
	memcpy(ret_value + first.len, second.ptr, second.len);
	return true;
}

bool fm_answer_next_value(struct fm_span *rest, enum fm_reading reading,
                          char ret_value[FM_VALUE_LEN])
{
	const struct fm_span text = *rest;
	const bool fold = reading == FM_READ_LENIENT;

	for (struct fm_span run = next_run(text, 0); run.len > 0;
	     run = next_run(text, end_of(text, run))) {
		if (fm_value_is_one(run, fold))
			memcpy(ret_value, run.ptr, FM_VALUE_LEN);
		else if (!fold || !is_halved(text, run, ret_value) ||
		         !fm_value_is_one(fm_span_make(ret_value, FM_VALUE_LEN), true))
			continue;
		*rest = fm_span_skip(text, end_of(text, run));
		return true;
	}
	return false;
}
