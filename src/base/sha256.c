#include "base/sha256.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "base/err.h"
#include "base/memory.h"

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

struct fm_sha256 {
	EVP_MD_CTX *context;
};

struct fm_sha256 *fm_sha256_open(void)
{
	struct fm_sha256 *hash = fm_memory_take(sizeof *hash);

	hash->context = EVP_MD_CTX_new();
	must(hash->context != NULL);
	must(EVP_DigestInit_ex(hash->context, EVP_sha256(), NULL));
	return hash;
}

void fm_sha256_add(struct fm_sha256 *hash, struct fm_span bytes)
{
	must(EVP_DigestUpdate(hash->context, bytes.ptr, bytes.len));
}

void fm_sha256_close(struct fm_sha256 *hash, char *ret_text)
{
	unsigned char digest[FM_SHA256_BYTES];
	char bytes[FM_SHA256_BYTES];

	if (hash == NULL)
		return;
	must(EVP_DigestFinal_ex(hash->context, digest, NULL));
	EVP_MD_CTX_free(hash->context);
	fm_memory_free(hash);
	memcpy(bytes, digest, sizeof bytes);
	if (ret_text != NULL)
		(void)fm_sha256_hex(bytes, ret_text); /* it is `ret_text` */
}

const char *fm_sha256_text_of(const struct fm_span *pieces, size_t count,
                              char ret_text[FM_SHA256_TEXT_MAX])
{
	struct fm_sha256 *hash = fm_sha256_open();

	for (size_t i = 0; i < count; i++)
		fm_sha256_add(hash, pieces[i]);
	fm_sha256_close(hash, ret_text);
	return ret_text;
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
