#include "test.h"

#include <string.h>

#include "base/hash.h"
#include "corpus/corpus.h"
#include "corpus/measure_internal.h"

/*
 * What the built-in packs promise: no sentence of five words or more twice. Their chances are
 * weighed for 10M tokens when they are read; this is what they tell over the first MB. Code is told
 * in the few forms that it has, so of code it is said of comments alone; and a record begins its
 * chapter with the names of its columns.
 */

#define BYTES (3U << 19)
#define WORDS 5
#define HAN_BYTES 24 /* eight characters, which say what five words do */

enum reading {
	READ_SENTENCES,
	READ_LINES, /* a segment is one sentence */
	READ_C,     /* a line of a comment is */
	READ_PYTHON,
};

static struct promise_case {
	const char *name;
	uint64_t seed;
	enum reading reading;
} cases[] = {
	{"prose-en",      1, READ_SENTENCES},
	{"dialogue-en",   1, READ_SENTENCES},
	{"dialogue-en",   2, READ_SENTENCES},
	{"prose-zh",      1, READ_SENTENCES},
	{"logs",          1, READ_LINES    },
	{"records-jsonl", 1, READ_LINES    },
	{"records-csv",   1, READ_LINES    },
	{"code-c",        1, READ_C        },
	{"code-py",       1, READ_PYTHON   },
};

static bool is_long(struct fm_span sentence)
{
	size_t words = 0;
	size_t wide = 0;
	bool inside = false;

	for (size_t i = 0; i < sentence.len; i++) {
		const bool letter = fm_is_alnum(sentence.ptr[i]) || sentence.ptr[i] == '\'' ||
		                    sentence.ptr[i] == '-';

		words += letter && !inside;
		wide += (unsigned char)sentence.ptr[i] >= 0x80;
		inside = letter;
	}
	return words >= WORDS || wide >= HAN_BYTES;
}

/* The bytes of the first sentence: up to a mark before white space, or to a wide mark. */
static size_t first_sentence(struct fm_span text)
{
	for (size_t i = 0; i < text.len; i++) {
		const struct fm_span rest = fm_span_skip(text, i);

		if (fm_span_starts(rest, "。") || fm_span_starts(rest, "！") ||
		    fm_span_starts(rest, "？"))
			return i + strlen("。");
		if (rest.len > 1 && fm_is_space(rest.ptr[1]) &&
		    (rest.ptr[0] == '.' || rest.ptr[0] == '!' || rest.ptr[0] == '?'))
			return i + 1;
	}
	return text.len;
}

static void assert_new(struct fm_met *met, struct fm_span sentence)
{
	const size_t before = met->count;

	sentence = fm_span_trim(sentence);
	if (!is_long(sentence))
		return;
	(void)fm_met_number(met, fm_hash64(sentence)); /* whether it is new is all that matters */
	if (met->count == before)
		fail_msg("told twice: %.*s", FM_SPAN_ARGS(sentence));
}

/* Who speaks does not make a sentence another. */
static struct fm_span without_speaker(struct fm_span text)
{
	const size_t colon = fm_span_find(text, fm_span_of(": "));

	return colon < text.len && fm_span_find_byte(text, ' ') == colon + 1
	               ? fm_span_skip(text, colon + 2)
	               : text;
}

static struct fm_span c_comment(struct fm_span line)
{
	const size_t at = fm_span_find(line, fm_span_of("/*"));
	const struct fm_span text = at < line.len ? fm_span_skip(line, at + 2) : fm_span_trim(line);

	if (at == line.len && !fm_span_starts(text, "* "))
		return (struct fm_span){0};
	return fm_span_first(text, fm_span_find(text, fm_span_of("*/")));
}

/* A docstring may go on from line to line, and from segment to segment. */
static struct fm_span python_comment(struct fm_span line, bool *inside)
{
	const struct fm_span quotes = fm_span_of("\"\"\"");
	const size_t at = fm_span_find(line, quotes);

	if (at == line.len && *inside)
		return line;
	if (at == line.len)
		return fm_span_skip(line, fm_span_find(line, fm_span_of("# ")));
	if (*inside) {
		*inside = false;
		return fm_span_first(line, at);
	}
	line = fm_span_skip(line, at + quotes.len);
	*inside = fm_span_find(line, quotes) == line.len;
	return fm_span_first(line, fm_span_find(line, quotes));
}

static void add_comments(struct fm_met *met, struct fm_span text, enum reading reading,
                         bool *inside)
{
	for (struct fm_span line; fm_span_split(&text, '\n', &line);)
		assert_new(met, reading == READ_C ? c_comment(line) : python_comment(line, inside));
}

static void add_sentences(struct fm_met *met, struct fm_span text)
{
	for (text = without_speaker(text); text.len > 0;) {
		const size_t end = first_sentence(text);

		assert_new(met, fm_span_first(text, end));
		text = fm_span_skip(text, end);
	}
}

static void test_promise(void **state)
{
	const struct promise_case *c = *state;
	const struct fm_corpus_spec spec = {.name = c->name};
	struct fm_corpus *corpus = NULL;
	struct fm_arena arena = {0};
	struct fm_err err = {0};
	struct fm_met met = {0};
	bool inside = false;
	size_t bytes = 0;

	if (fm_corpus_open(&spec, &corpus, &err) != FM_OK)
		fail_msg("%s", err.text);
	for (uint64_t number = 0; bytes < BYTES; number++) {
		struct fm_chapter chapter = {0};

		assert_int_equal(fm_corpus_chapter(corpus, c->seed, number, &arena, &chapter, &err),
		                 FM_OK);
		for (size_t i = c->reading == READ_LINES; i < chapter.count; i++) {
			const struct fm_span text = chapter.segments[i].text;

			if (c->reading == READ_SENTENCES)
				add_sentences(&met, text);
			else if (c->reading == READ_LINES)
				assert_new(&met, text);
			else
				add_comments(&met, text, c->reading, &inside);
			bytes += text.len;
		}
		fm_arena_reset(&arena);
	}
	fm_met_free(&met);
	fm_arena_free(&arena);
	fm_corpus_close(corpus);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases)];

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){cases[i].name, test_promise, NULL, NULL, &cases[i]};
	return cmocka_run_group_tests_name("corpus/promise", tests, NULL, NULL) != 0;
}
