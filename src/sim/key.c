#include "key_internal.h"

#include <string.h>

#include "base/macro.h"
#include "base/pattern.h"

/*
 * How hosts take a key.
 *
 * Source  the vendors' SDKs: an OAuth token goes behind "Bearer" wherever there are such tokens
 */
static const struct way {
	const char *header;
	const char *scheme;
	const char *dialects; /* that have it; NULL: all */
} ways[] = {
	{"authorization",  "Bearer ",           NULL                          },
	{"api-key",        "",                  "openai-chat openai-responses"},
	{"x-api-key",      "",                  "anthropic"                   },
	{"x-goog-api-key", "",                  "gemini"                      },
	{"?",	      "key=",              "gemini"                      },
	{"authorization",  FM_SIGNATURE_SCHEME, "bedrock"                     },
};

bool fm_key_signs(const char *key, struct fm_span *ret_access, struct fm_span *ret_secret)
{
	const struct fm_span whole = fm_span_of(key);

	*ret_access = fm_span_first(whole, fm_span_find_byte(whole, ':'));
	*ret_secret = fm_span_skip(whole, ret_access->len + 1);
	return ret_secret->len > 0;
}

/* A key of one part has nothing to hold a signature against: then any will do. */
static bool is_right(const struct fm_shown *shown, bool is_signature, const char *key,
                     struct fm_span found)
{
	struct fm_span access;
	struct fm_span secret;

	if (!is_signature)
		return key == NULL || fm_span_is(found, key);
	return shown->signature.mac.len > 0 &&
	       (!fm_key_signs(key, &access, &secret) || fm_span_equal(found, access));
}

struct fm_span fm_shown_header(struct fm_shown *shown, const char *key, struct fm_span name,
                               struct fm_span value)
{
	struct fm_span found = {0};

	for (size_t i = 0; i < FM_COUNT(ways); i++) {
		const bool is_signature = strcmp(ways[i].scheme, FM_SIGNATURE_SCHEME) == 0;

		if (!fm_span_equal_letters(name, fm_span_of(ways[i].header)) ||
		    !fm_span_starts(value, ways[i].scheme))
			continue;
		found = fm_span_skip(value, strlen(ways[i].scheme));
		if (is_signature && fm_signature_read(found, &shown->signature))
			found = shown->signature.access;
		if (is_right(shown, is_signature, key, found))
			shown->right |= 1U << i;
	}
	return found;
}

void fm_shown_path(struct fm_shown *shown, const char *key, struct fm_span path)
{
	struct fm_span query = fm_span_skip(path, fm_span_find_byte(path, '?') + 1);
	struct fm_span part;

	while (fm_span_split(&query, '&', &part))
		(void)fm_shown_header(shown, key, fm_span_of("?"), part); /* it is compared */
}

bool fm_shown_fits(const struct fm_shown *shown, const struct fm_dialect *dialect)
{
	const struct fm_span name = fm_span_of(fm_dialect_name(dialect));

	for (size_t i = 0; i < FM_COUNT(ways); i++)
		if ((shown->right & 1U << i) != 0 &&
		    (ways[i].dialects == NULL || fm_pattern_fits(ways[i].dialects, name)))
			return true;
	return false;
}
