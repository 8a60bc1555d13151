#ifndef FATHOM_UNIT_TOKEN_TOY_VOCAB_H
#define FATHOM_UNIT_TOKEN_TOY_VOCAB_H

#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "token/compiled_internal.h"
#include "token/counter_internal.h"
#include "token/vocab_internal.h"

/* Small vocabularies, learnt in a moment from a text of a kilobyte, for every scheme. */

#define TOY_MERGES 260
#define TOY_TEXT_MAX 4096

struct toy_case {
	const char *name;
	enum fm_scheme scheme;
	const char *pattern;
	bool marked; /* code points, with spaces marked and byte tokens; else bytes */
	enum fm_dummy_prefix prefix;
	bool whole_words; /* learnt across pieces: tokens reach over blanks and line ends */
	bool blank;       /* what is to be a seam: a blank behind a sentence, */
	bool line;        /* ink behind a line's end, */
	bool lines;       /* behind two, */
	bool slash;       /* and a slash behind one */
};

static const char toy_text[] =
	"We were at the bridge when the river ran over it, and they'll say we're wrong. "
	"\"Where were you?\" asked the warden. \"At the mill,\" said I.\n\n"
	"The others weren't there; 701 of 7012 went home, the rest (70) stayed.\n"
	"It ran. It ran on and on...\n\n\nThen nothing.\n"
	"/* a */\nint main(void)\n{\n\treturn 0; // none\n}\n/etc/passwd\n    if (x == 7) {\n"
	"        y = x;\n    }\n\n<b>bold</b> <br/>\n</b>\r\n\r\nend \n /x\n/x\n"
	"\xe4\xb8\xad\xe6\x96\x87\xe5\xad\x97\xe3\x80\x82\xe4\xb8\xad\xe6\x96\x87 \xe3\x81\xae "
	"caf\xc3\xa9 e\xcc\x81 \xe2\x80\x94 \xe2\x82\xac \xd0\x9c\xd0\xb8 \xf0\x9f\x98\x80";

struct toy {
	struct fm_vocab vocab;
	uint32_t ids[TOY_TEXT_MAX]; /* the text as tokens */
	bool starts[TOY_TEXT_MAX];  /* a piece begins here: nothing merges over it */
	size_t len;
};

static inline uint32_t toy_add(struct fm_vocab *vocab, struct fm_span bytes,
                               enum fm_token_kind kind)
{
	vocab->tokens[vocab->token_count] =
		(struct fm_vocab_token){fm_arena_copy(&vocab->arena, bytes), 0, (uint8_t)kind};
	return vocab->token_count++;
}

static inline uint32_t toy_find(const struct fm_vocab *vocab, struct fm_span bytes)
{
	for (uint32_t id = 0; id < vocab->token_count; id++)
		if (vocab->tokens[id].kind == FM_TOKEN_NORMAL &&
		    fm_span_equal(vocab->tokens[id].bytes, bytes))
			return id;
	return UINT32_MAX;
}

static inline size_t toy_step(const struct fm_vocab *vocab, struct fm_span text)
{
	const unsigned char c = (unsigned char)text.ptr[0];

	if (vocab->model == FM_VOCAB_BYTE_BPE || c < 0x80)
		return 1;
	return c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

/* The beginnings: all bytes, and where it begins with code points, those of the text. */
static inline void toy_begin(struct toy *toy)
{
	struct fm_vocab *vocab = &toy->vocab;
	struct fm_span rest = fm_span_of(toy_text);
	const bool bytes = vocab->model == FM_VOCAB_BYTE_BPE;

	for (unsigned b = 0; b < 256; b++) {
		const char byte = (char)(unsigned char)b;

		(void)toy_add(vocab, fm_span_make(&byte, 1),
		              bytes ? FM_TOKEN_NORMAL : FM_TOKEN_BYTE);
	}
	while (rest.len > 0) {
		const struct fm_span step = fm_span_first(rest, toy_step(vocab, rest));
		uint32_t id = toy_find(vocab, step);

		if (id == UINT32_MAX && step.ptr[0] != '\n')
			id = toy_add(vocab, step, FM_TOKEN_NORMAL);
		toy->starts[toy->len] = id == UINT32_MAX; /* a byte token merges with nothing */
		if (id != UINT32_MAX)
			toy->ids[toy->len++] = id;
		else
			toy->starts[toy->len] = true;
		rest = fm_span_skip(rest, step.len);
	}
}

/* Where the scheme begins a piece of the text. */
static inline void toy_cut(struct toy *toy, const struct toy_case *c)
{
	const struct fm_span text = fm_span_of(toy_text);
	struct fm_scanner *scanner = NULL;
	size_t lengths[FM_SCAN_BATCH];
	struct fm_err err;
	size_t count;
	size_t at = 0;

	if (c->whole_words || toy->vocab.model != FM_VOCAB_BYTE_BPE)
		return;
	assert_int_equal(fm_scanner_open(c->scheme, c->pattern, &scanner, &err), FM_OK);
	while ((count = fm_scan(scanner, text, at, lengths)) > 0)
		for (size_t i = 0; i < count; i++) {
			toy->starts[at] = true;
			at += lengths[i];
		}
	fm_scanner_close(scanner);
}

static inline bool toy_may_merge(const struct toy *toy, const struct toy_case *c, size_t at)
{
	const struct fm_span right = toy->vocab.tokens[toy->ids[at + 1]].bytes;

	/* As SentencePiece learns: a space only begins a token, or stands among spaces. */
	if (c->marked && !c->whole_words && right.ptr[0] == ' ')
		return toy->vocab.tokens[toy->ids[at]].bytes.ptr[0] == ' ' && right.len == 1;
	return !toy->starts[at + 1];
}

/* The pair that stands there most often; false when none stands there twice. */
static inline bool toy_best(const struct toy *toy, const struct toy_case *c, uint32_t *left,
                            uint32_t *right)
{
	size_t most = 1;

	for (size_t i = 0; i + 1 < toy->len; i++) {
		size_t times = 0;

		if (!toy_may_merge(toy, c, i))
			continue;
		for (size_t k = i; k + 1 < toy->len; k++)
			times += toy->ids[k] == toy->ids[i] && toy->ids[k + 1] == toy->ids[i + 1] &&
			         toy_may_merge(toy, c, k);
		if (times <= most)
			continue;
		most = times;
		*left = toy->ids[i];
		*right = toy->ids[i + 1];
	}
	return most > 1;
}

static inline void toy_merge(struct toy *toy, const struct toy_case *c, uint32_t left,
                             uint32_t right)
{
	struct fm_vocab *vocab = &toy->vocab;
	const struct fm_span text = fm_span_of(
		fm_arena_format(&vocab->arena, "%.*s%.*s", FM_SPAN_ARGS(vocab->tokens[left].bytes),
	                        FM_SPAN_ARGS(vocab->tokens[right].bytes)));
	uint32_t result = toy_find(vocab, text);
	size_t to = 0;

	if (result == UINT32_MAX)
		result = toy_add(vocab, text, FM_TOKEN_NORMAL);
	vocab->merges[vocab->merge_count] =
		(struct fm_vocab_merge){left, right, result, (uint32_t)vocab->merge_count};
	vocab->merge_count++;
	for (size_t i = 0; i < toy->len; i++, to++) {
		const bool merges = i + 1 < toy->len && toy->ids[i] == left &&
		                    toy->ids[i + 1] == right && toy_may_merge(toy, c, i);

		toy->starts[to] = toy->starts[i];
		toy->ids[to] = merges ? result : toy->ids[i];
		i += merges ? 1 : 0;
	}
	toy->len = to;
}

static inline void toy_learn(struct toy *toy, const struct toy_case *c)
{
	struct fm_vocab *vocab = &toy->vocab;
	uint32_t left = 0;
	uint32_t right = 0;

	vocab->model = c->marked ? FM_VOCAB_CHAR_BPE : FM_VOCAB_BYTE_BPE;
	vocab->rules.scheme = c->scheme;
	vocab->rules.pattern = c->pattern;
	vocab->rules.spaces_marked = c->marked;
	vocab->rules.dummy_prefix = c->prefix;
	vocab->tokens = fm_arena_array(&vocab->arena, 1024, sizeof *vocab->tokens);
	vocab->merges = fm_arena_array(&vocab->arena, TOY_MERGES, sizeof *vocab->merges);
	toy_begin(toy);
	toy_cut(toy, c);
	while (vocab->merge_count < TOY_MERGES && toy_best(toy, c, &left, &right))
		toy_merge(toy, c, left, right);
}

static inline struct fm_counter *toy_open(const struct toy_case *c)
{
	struct toy *toy = fm_memory_take(sizeof *toy);
	struct fm_compiled *compiled = NULL;
	struct fm_counter *counter = NULL;
	struct fm_err err;

	toy_learn(toy, c);
	if (fm_compile(&toy->vocab, NULL, &compiled, &err) != FM_OK)
		fail_msg("%s", err.text);
	if (fm_exact_counter_open(compiled, c->name, &counter, &err) != FM_OK)
		fail_msg("%s", err.text);
	fm_vocab_free(&toy->vocab);
	fm_memory_free(toy);
	return counter;
}

#endif
