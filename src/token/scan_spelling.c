#include "scan_internal.h"

#include "base/macro.h"

/*
 * The patterns as they are published. An unknown spelling of the same pattern is no harm: it goes
 * through PCRE2. A pattern that only looks the same would count wrongly, so they are compared whole.
 */

#define SPELLING_MAX 1024 /* the longest below has some 370 bytes */

#define CONTRACTIONS "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
#define SPACE_TAIL "\\s+(?!\\S)|\\s+"
#define TAIL "\\s*[\\r\\n]+|" SPACE_TAIL
#define SIGN "[^\\r\\n\\p{L}\\p{N}]?"
#define CL100K_TAIL "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|" TAIL
#define CAPITALS "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]"
#define SMALL "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]"
#define O200K_TAIL "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|" TAIL
#define DEEPSEEK_DIGITS "\\p{N}{1,3}\\n"
#define DEEPSEEK_WORDS                                              \
	"\\n[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|" \
	"[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|" TAIL

static const struct {
	enum fm_scheme scheme;
	const char *pattern;
} spellings[] = {
  /* tiktoken of old and the ByteLevel of Hugging Face, then tiktoken since 0.6. */
	{FM_SCHEME_R50K,
         "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|" SPACE_TAIL                                   },
	{FM_SCHEME_R50K,
         "'s|'t|'re|'ve|'m|'ll|'d| ?[\\p{L}]+| ?[\\p{N}]+| ?[^\\s\\p{L}\\p{N}]+|" SPACE_TAIL                               },
	{FM_SCHEME_R50K,
         "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|" SPACE_TAIL                                      },
	{FM_SCHEME_R50K,        "'(?:[sdmt]|ll|ve|re)| ?\\p{L}++| ?\\p{N}++| ?[^\\s\\p{L}\\p{N}]++|\\s++$|"
                         "\\s+(?!\\S)|\\s"							 },
	{FM_SCHEME_CL100K,      CONTRACTIONS "|" SIGN "\\p{L}+|\\p{N}{1,3}" CL100K_TAIL                                    },
 /*
	 * Its \s++$ leaves white space at the end of the text in one piece, behind a line end too. No
	 * token of cl100k goes on behind a line end, so the tokens are the same.
	 */
	{FM_SCHEME_CL100K,      "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}{1,3}|"
                           " ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+"       },
	{FM_SCHEME_CL100K,      "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}+|"
                           " ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+|\\s++$|\\s*[\\r\\n]|\\s+(?!\\S)|\\s"},
	{FM_SCHEME_QWEN2,       CONTRACTIONS "|" SIGN "\\p{L}+|\\p{N}" CL100K_TAIL                                         },
	{FM_SCHEME_QWEN35,      CONTRACTIONS "|" SIGN "[\\p{L}\\p{M}]+|\\p{N}"
                                        "| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|" TAIL            },
	{FM_SCHEME_O200K,       SIGN CAPITALS "*" SMALL "+" CONTRACTIONS "?|" SIGN CAPITALS "+" SMALL
                                        "*" CONTRACTIONS "?|\\p{N}{1,3}" O200K_TAIL               },
	{FM_SCHEME_TEKKEN,
         SIGN CAPITALS "*" SMALL "+|" SIGN CAPITALS "+" SMALL "*|\\p{N}" O200K_TAIL                                        },
	{FM_SCHEME_DEEPSEEK_V3,
         DEEPSEEK_DIGITS "[\xe4\xb8\x80-\xe9\xbe\xa5\xe3\x81\x80-\xe3\x82\x9f\xe3\x82\xa0-"
                         "\xe3\x83\xbf]+" DEEPSEEK_WORDS								   },
	{FM_SCHEME_DEEPSEEK_V3,
         DEEPSEEK_DIGITS "[\\u4e00-\\u9fa5\\u3040-\\u309f\\u30a0-\\u30ff]+" DEEPSEEK_WORDS                                 },
};

/* Line ends stand in published patterns both as themselves and as escapes; here as escapes. */
static size_t spell(struct fm_span pattern, char *spelling)
{
	size_t len = 0;

	for (size_t i = 0; i < pattern.len; i++) {
		const char c = pattern.ptr[i];

		if (c == '\n' || c == '\r') {
			spelling[len++] = '\\';
			spelling[len++] = c == '\n' ? 'n' : 'r';
		} else {
			spelling[len++] = c;
		}
	}
	return len;
}

bool fm_scheme_of_pattern(struct fm_span pattern, enum fm_scheme *ret_scheme)
{
	char spelling[2 * SPELLING_MAX];
	struct fm_span spelt;

	if (pattern.len > SPELLING_MAX)
		return false;
	spelt = fm_span_make(spelling, spell(pattern, spelling));
	for (size_t i = 0; i < FM_COUNT(spellings); i++) {
		if (fm_span_is(spelt, spellings[i].pattern)) {
			*ret_scheme = spellings[i].scheme;
			return true;
		}
	}
	return false;
}
