#include "base/sha256.h"

#include <openssl/sha.h>

const char *fm_sha256_text(struct fm_span bytes, char ret_text[FM_SHA256_TEXT_MAX])
{
	static const char hex[] = "0123456789abcdef";
	unsigned char digest[SHA256_DIGEST_LENGTH];

	/* One call that cannot fail: it takes no memory of its own. */
	(void)SHA256((const unsigned char *)bytes.ptr, bytes.len, digest);
	for (size_t i = 0; i < sizeof digest; i++) {
		ret_text[2 * i] = hex[digest[i] >> 4];
		ret_text[2 * i + 1] = hex[digest[i] & 15];
	}
	ret_text[FM_SHA256_TEXT_MAX - 1] = '\0';
	return ret_text;
}
