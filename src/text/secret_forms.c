#include "secret_internal.h"

#include <stdbool.h>
#include <string.h>

#include "base/macro.h"

enum style {
	PERCENT_UPPER,
	PERCENT_LOWER,
	ESCAPE_UPPER, /* \u002F */
	ESCAPE_LOWER,
	BACKSLASH,
};

/* All of ASCII's signs but quote and backslash, and without the slash. */
#define SIGNS "!#$%&'()*+,-.:;<=>?@[]^_`{|}~"

/*
 * Encoders differ in which signs they leave as they are. Letters and digits stay everywhere but
 * where `keep` is NULL: somebody who hides a text escapes them too.
 *
 * Source  RFC 3986, the WHATWG URL and ECMAScript standards, RFC 8259
 */
static const struct escape_form {
	enum style style;
	const char *keep;
} escape_forms[] = {
	{PERCENT_UPPER, "-._~"                      },
	{PERCENT_LOWER, "-._~"                      },
	{PERCENT_UPPER, "*-._"                      }, /* forms */
	{PERCENT_LOWER, "*-._"                      },
	{PERCENT_UPPER, "-._~!*'()"                 }, /* encodeURIComponent */
	{PERCENT_UPPER, "-._~/"                     }, /* quote() of Python */
	{PERCENT_UPPER, "-._~!$&'()*+,;=:@/"        },
	{PERCENT_UPPER, NULL                        },
	{PERCENT_LOWER, NULL                        },
	{BACKSLASH,     SIGNS "/"                   },
	{BACKSLASH,     SIGNS                       },
	{ESCAPE_LOWER,  "!#$%()*+,-./:;=?@[]^_`{|}~"}, /* < > & ' as HTML wants them */
	{ESCAPE_UPPER,  "!#$%()*+,-./:;=?@[]^_`{|}~"},
	{ESCAPE_LOWER,  ""			  },
	{ESCAPE_UPPER,  ""			  },
	{ESCAPE_LOWER,  NULL                        },
	{ESCAPE_UPPER,  NULL                        },
};

static const char hex_lower[] = "0123456789abcdef";
static const char hex_upper[] = "0123456789ABCDEF";

static const char alphabet_plain[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char alphabet_url[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static size_t put_hex(char *to, const char *digits, char c)
{
	to[0] = digits[(unsigned char)c >> 4];
	to[1] = digits[(unsigned char)c & 15];
	return 2;
}

static size_t put_escaped(char *to, enum style style, char c)
{
	switch (style) {
	case PERCENT_UPPER:
	case PERCENT_LOWER:
		to[0] = '%';
		return 1 + put_hex(to + 1, style == PERCENT_UPPER ? hex_upper : hex_lower, c);
	case ESCAPE_UPPER:
	case ESCAPE_LOWER:
		to[0] = '\\';
		to[1] = 'u';
		to[2] = '0';
		to[3] = '0';
		return 4 + put_hex(to + 4, style == ESCAPE_UPPER ? hex_upper : hex_lower, c);
	case BACKSLASH:
	default:
		to[0] = '\\';
		to[1] = c;
		return 2;
	}
}

static bool is_kept(const struct escape_form *form, char c)
{
	if (form->keep == NULL)
		return false;
	return fm_is_alnum(c) || strchr(form->keep, c) != NULL;
}

static struct fm_span escape(const struct escape_form *form, struct fm_span secret, char *room)
{
	size_t len = 0;

	for (size_t i = 0; i < secret.len; i++)
		if (is_kept(form, secret.ptr[i]))
			room[len++] = secret.ptr[i];
		else
			len += put_escaped(room + len, form->style, secret.ptr[i]);
	return fm_span_make(room, len);
}

static struct fm_span hex(const char *digits, struct fm_span secret, char *room)
{
	size_t len = 0;

	for (size_t i = 0; i < secret.len; i++)
		len += put_hex(room + len, digits, secret.ptr[i]);
	return fm_span_make(room, len);
}

/*
 * In base64 a text looks different behind 0, 1 and 2 bytes of others modulo 3. Only those letters
 * are its own that have no bit of what stands before or behind it.
 */
static struct fm_span base64(const char *alphabet, struct fm_span secret, size_t before, char *room)
{
	const size_t end_bits = 8 * (before + secret.len);
	size_t len = 0;

	for (size_t bit = (8 * before + 5) / 6 * 6; bit + 6 <= end_bits; bit += 6) {
		const size_t at = bit / 8 - before;
		const unsigned low = at + 1 < secret.len ? (unsigned char)secret.ptr[at + 1] : 0;
		const unsigned two = (unsigned)(unsigned char)secret.ptr[at] << 8 | low;

		room[len++] = alphabet[(two >> (10 - bit % 8)) & 63];
	}
	return fm_span_make(room, len);
}

void fm_secret_each_form(struct fm_span secret, char *room, fm_secret_form_fn fn, void *ctx)
{
	fn(ctx, secret);
	fn(ctx, hex(hex_lower, secret, room));
	fn(ctx, hex(hex_upper, secret, room));
	for (size_t before = 0; before < 3; before++) {
		fn(ctx, base64(alphabet_plain, secret, before, room));
		fn(ctx, base64(alphabet_url, secret, before, room));
	}
	for (size_t i = 0; i < FM_COUNT(escape_forms); i++)
		fn(ctx, escape(&escape_forms[i], secret, room));
}
