#include "fuzz.h"

#include <assert.h>
#include <string.h>

#include "base/file.h"
#include "token/compiled_internal.h"
#include "token/tables_internal.h"
#include "token/vocab_internal.h"

/* The bytes as a mapped file; a header that opens names only places inside it. */
static bool try_file(struct fm_span file, bool full)
{
	struct fm_compiled *compiled = NULL;
	struct fm_map map = {0};
	struct fm_err err;
	int fd = -1;

	assert(fm_file_temp(&fd, &err) == FM_OK);
	assert(fm_file_write_fd(fd, file, &err) == FM_OK);
	assert(fm_map_fd(fd, file.len, &map, &err) == FM_OK);
	fm_fd_close(&fd);
	if (fm_compiled_open_map(map, full, &compiled, &err) != FM_OK) {
		assert(err.code == FM_E_FORMAT);
		return false;
	}
	for (unsigned i = 0; i < FM_TABLE_COUNT; i++) {
		const struct fm_span part = compiled->parts[i];

		assert(part.ptr >= compiled->map.bytes.ptr);
		assert(part.len <= file.len);
		assert(part.ptr + part.len <= compiled->map.bytes.ptr + file.len);
	}
	fm_compiled_close(compiled);
	return true;
}

/* The header of a sound file, changed as the input says: two bytes of place, one to set there. */
static bool try_changed(struct fm_span input)
{
	struct fm_tables_header header = {
		.magic = FM_TABLES_MAGIC, .version = FM_TABLES_VERSION, .token_count = 1};
	char file[sizeof header + 64 + 8192] = {0};

	header.model = FM_VOCAB_UNIGRAM;
	header.file_bytes = sizeof file;
	for (unsigned i = 0; i < FM_TABLE_COUNT; i++)
		header.places[i].begin = (sizeof header + 63) / 64 * 64;
	header.places[FM_TABLE_TOKEN_ENDS].len = sizeof(uint32_t);
	header.places[FM_TABLE_TOKEN_KINDS].len = 1;
	header.places[FM_TABLE_UNIGRAM].len = 64;
	header.places[FM_TABLE_JOINED].len = 8192;
	for (; input.len >= 3; input = fm_span_skip(input, 3)) {
		const unsigned high = (unsigned char)input.ptr[0];
		const unsigned place = high << 8 | (unsigned char)input.ptr[1];

		memcpy((char *)&header + place % sizeof header, input.ptr + 2, 1);
	}
	header.header_digest = (struct fm_id){0};
	header.header_digest = fm_hash128(fm_span_make((const char *)&header, sizeof header));
	memcpy(file, &header, sizeof header);
	return try_file(fm_span_make(file, sizeof file), false);
}

void fuzz_one(struct fm_span input)
{
	assert(!try_file(input, true)); /* no few bytes are a whole file with its digests */
	assert(try_changed(input) || input.len >= 3);
}
