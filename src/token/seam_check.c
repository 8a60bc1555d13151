#include "seam_internal.h"

#include <string.h>

#include "base/macro.h"
#include "base/rng.h"
#include "text/utf8.h"
#include "vocab_internal.h"

#define SEED 20
#define ROUNDS 6000    /* joins by chance; each with more text on either side */
#define TEXT_BYTES 256 /* of one side of a join */
#define FRAGMENTS_MAX 256
#define TOKENS 256     /* of the vocabulary's own that are tried */
#define TOKEN_BYTES 24 /* longer ones say nothing new */

/* Ends and starts of texts that are hard to cut, and common ones, each with a "~" behind. */
static const char fragments[] =
	"the~The~river~ran~a~I~don~DON~it~AB~ABC~aB~x1~1~12~1834~12345~3.14~caf\xc3\xa9~"
	"cafe\xcc\x81~\xcc\x81~\xcc\x88x~n\xcc\x83o~'~'s~'S~'re~'LL~'t~\xe2\x80\x99s~"
	"\xc5\xbf~'\xc5\xbf~\xc7\x85~.~.\"~\"~(~)~()~!~?!~...~\xe2\x80\xa6~,~;~:~-~--~====~_~"
	"__x~#~//~/~/usr~/*~*/~\\~\\n~<~>~</~</p>~<b>~<document>~</document>~<|endoftext|>~"
	"<s>~</s>~[INST]~<unk>~&amp;~{~}~"
	"};~=~==~+=~@~$~%~^~|~`~\xc2\xa7~\xe2\x82\xac~\xe6\xbc\xa2~\xe6\xbc\xa2\xe5\xad\x97~"
	"AB\xe6\xbc\xa2~\xe3\x80\x82~\xe3\x81\x82~\xe3\x83\xbc~\xe3\x80\x8c~"
	"\xed\x95\x9c\xea\xb5\xad~\xe1\x84\x92\xe1\x85\xa1~\xe1\x85\xa1~\xe1\x86\xab~"
	"\xd0\x96~\xd0\xbe\xd0\xbd~\xd7\xa9\xd7\x81~\xd8\xa7\xd9\x84~\xd9\xa3~"
	"\xe0\xa4\x95\xe0\xa5\x8d~\xe0\xb8\x81\xe0\xb8\xb3~\xf0\x9f\x99\x82~"
	"\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd~\xf0\x9f\x91\xa9\xe2\x80\x8d~\xf0\x9f\x87\xa9~"
	"\xef\xb8\x8f~\xe2\x80\x8b~\xe2\x80\x8d~\xef\xbb\xbf~\xc2\xad~\xef\xbf\xbd~"
	"\xef\xac\x81~\xef\xbc\xa1~\xc2\xbd~\xe2\x85\xa7~\x01~\x7f~\xe2\x96\x81~"
	"\xe2\x96\x81the~\xe2\x96\x81\xe2\x96\x81~ ~ ~ ~ ~ ~ ~  ~   ~        ~\t~\t\t~ \t~\v~"
	"\f~\xc2\xa0~\xc2\x85~\xe2\x80\x83~\xe3\x80\x80~\xe2\x80\xa8~\n~\n~\n~\n~\n~\n~\n\n~"
	"\n\n~\n\n\n~ \n~ \n~ \n\n~  \n~\n \n~\t\n~\r\n~\r\n~\r~\r\r\n~\n\r~\r\n\r\n~\n  ~"
	"\n\t~";

/* All that joins are made of. */
struct pool {
	struct fm_span texts[FRAGMENTS_MAX + 2 * TOKENS];
	size_t count;
	struct fm_rng rng;
};

static void add(struct pool *pool, struct fm_span text)
{
	if (text.len > 0 && text.len <= TOKEN_BYTES && fm_utf8_check(text) == text.len &&
	    pool->count < FM_COUNT(pool->texts))
		pool->texts[pool->count++] = text;
}

static void fill_pool(struct pool *pool, const struct fm_vocab *vocab)
{
	struct fm_span rest = fm_span_of(fragments);
	struct fm_span text;

	pool->rng = fm_rng_make(SEED);
	while (fm_span_split(&rest, '~', &text))
		add(pool, text);
	for (size_t i = 0; i < vocab->added_count && i < TOKENS; i++)
		add(pool, vocab->added[fm_rng_below(&pool->rng, vocab->added_count)].text);
	for (size_t i = 0; i < TOKENS && vocab->token_count > 0; i++)
		add(pool, vocab->tokens[fm_rng_below(&pool->rng, vocab->token_count)].bytes);
}

/* Some fragments one behind the other. */
static struct fm_span draw(struct pool *pool, char to[TEXT_BYTES])
{
	size_t len = 0;

	for (uint64_t parts = fm_rng_between(&pool->rng, 1, 6); parts > 0; parts--) {
		const struct fm_span text = pool->texts[fm_rng_below(&pool->rng, pool->count)];

		memcpy(to + len, text.ptr, text.len);
		len += text.len;
	}
	return fm_span_make(to, len);
}

static bool is_true(const struct fm_seams *seams, struct fm_span before, struct fm_span after)
{
	char joined[2 * TEXT_BYTES];

	memcpy(joined, before.ptr, before.len);
	memcpy(joined + before.len, after.ptr, after.len);
	return seams->count(seams->self, fm_span_make(joined, before.len + after.len), false) ==
	       seams->count(seams->self, before, false) + seams->count(seams->self, after, true);
}

/* What is left out so that this join is no seam any more: as little as possible. */
static uint32_t without(uint32_t rules, struct fm_span before, struct fm_span after)
{
	if (before.ptr[before.len - 1] != '\n') {
		if ((rules & FM_SEAM_SPACE_ONLY) == 0 && after.ptr[0] != ' ')
			return rules | FM_SEAM_SPACE_ONLY;
		return rules & ~(uint32_t)FM_SEAM_BLANK;
	}
	if ((rules & FM_SEAM_NO_SLASH) == 0 && after.ptr[0] == '/')
		return rules | FM_SEAM_NO_SLASH;
	if ((rules & FM_SEAM_LONE_LF) == 0)
		return rules | FM_SEAM_LONE_LF;
	return rules & ~(uint32_t)FM_SEAM_LINE;
}

/*
 * Every place of a text is a join: the text before it and the text behind it are both cut
 * differently when it is none.
 */
static void check_text(struct fm_seams *seams, struct fm_span text)
{
	for (size_t at = 1; at < text.len; at++) {
		const struct fm_span before = fm_span_first(text, at);
		const struct fm_span after = fm_span_skip(text, at);

		if (((unsigned char)text.ptr[at] & 0xc0) == 0x80)
			continue;
		while (fm_seam_adds_up(seams, before, after) && !is_true(seams, before, after))
			seams->rules = without(seams->rules, before, after);
	}
}

uint32_t fm_seam_check(const struct fm_vocab *vocab, const struct fm_seams *seams)
{
	struct pool pool = {.count = 0};
	struct fm_seams left = *seams;
	char text[TEXT_BYTES];

	fill_pool(&pool, vocab);
	for (unsigned round = 0; round < ROUNDS; round++)
		check_text(&left, draw(&pool, text));
	return left.rules;
}
