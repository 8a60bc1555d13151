#include "base/sha256.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "base/err.h"

/* What libcrypto needs memory for; without any, nothing else would go on either. */
static void must(int ok)
{
	if (ok != 1)
		fm_die("libcrypto cannot compute SHA-256");
}

const char *fm_sha256_hex(const char digest[FM_SHA256_BYTES], char ret_text[FM_SHA256_TEXT_MAX])
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < FM_SHA256_BYTES; i++) {
		ret_text[2 * i] = hex[(unsigned char)digest[i] >> 4];
		ret_text[2 * i + 1] = hex[(unsigned char)digest[i] & 15];
	}
	ret_text[FM_SHA256_TEXT_MAX - 1] = '\0';
	return ret_text;
}

const char *fm_sha256_text_of(const struct fm_span *pieces, size_t count,
                              char ret_text[FM_SHA256_TEXT_MAX])
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char digest[FM_SHA256_BYTES];
	char bytes[FM_SHA256_BYTES];

	must(context != NULL);
	must(EVP_DigestInit_ex(context, EVP_sha256(), NULL));
	for (size_t i = 0; i < count; i++)
		must(EVP_DigestUpdate(context, pieces[i].ptr, pieces[i].len));
	must(EVP_DigestFinal_ex(context, digest, NULL));
	EVP_MD_CTX_free(context);
	memcpy(bytes, digest, sizeof bytes);
	return fm_sha256_hex(bytes, ret_text);
}

const char *fm_sha256_text(struct fm_span bytes, char ret_text[FM_SHA256_TEXT_MAX])
{
	return fm_sha256_text_of(&bytes, 1, ret_text);
}

void fm_hmac_sha256(struct fm_span key, struct fm_span text, char ret_mac[FM_SHA256_BYTES])
{
	unsigned char mac[EVP_MAX_MD_SIZE];

	must(HMAC(EVP_sha256(), key.ptr, (int)key.len, (const unsigned char *)text.ptr, text.len,
	          mac, NULL) != NULL);
	memcpy(ret_mac, mac, FM_SHA256_BYTES);
	explicit_bzero(mac, sizeof mac);
}
