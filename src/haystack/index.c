#include "index_internal.h"

#include <string.h>

#define DIGESTED_BYTES 56
#define FLAG_ENDED 1U

static const char magic[8] = {'F', 'M', 'H', 'A', 'Y', 'I', 'D', 'X'};

static void put_number(char *to, uint64_t number, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		to[i] = (char)(unsigned char)(number >> (8 * i) & 0xff);
}

static uint64_t number_at(const char *from, size_t bytes)
{
	uint64_t number = 0;

	for (size_t i = 0; i < bytes; i++)
		number |= (uint64_t)(unsigned char)from[i] << (8 * i);
	return number;
}

uint64_t fm_index_digest(struct fm_span bytes)
{
	return fm_hash_mix(bytes.len, fm_hash128(bytes).low);
}

static uint64_t header_digest(const char *header, const struct fm_index_owner *owner)
{
	char bytes[DIGESTED_BYTES + 6 * sizeof(uint64_t)];
	const uint64_t numbers[6] = {owner->corpus.high, owner->corpus.low, owner->counter.high,
	                             owner->counter.low, owner->seed,       owner->engine};

	memcpy(bytes, header, DIGESTED_BYTES);
	for (size_t i = 0; i < 6; i++)
		put_number(bytes + DIGESTED_BYTES + 8 * i, numbers[i], 8);
	return fm_hash64(fm_span_make(bytes, sizeof bytes));
}

void fm_index_write(const struct fm_index *index, const struct fm_index_owner *owner,
                    char ret_header[FM_INDEX_HEADER_BYTES])
{
	memcpy(ret_header, magic, sizeof magic);
	put_number(ret_header + 8, FM_INDEX_VERSION, 4);
	put_number(ret_header + 12, index->ended ? FLAG_ENDED : 0, 4);
	put_number(ret_header + 16, index->seam_count, 8);
	put_number(ret_header + 24, index->chapters, 8);
	put_number(ret_header + 32, index->text_digest, 8);
	put_number(ret_header + 40, index->escaped_digest, 8);
	put_number(ret_header + 48, index->seams_digest, 8);
	put_number(ret_header + 56, header_digest(ret_header, owner), 8);
}

void fm_index_put_seam(struct fm_seam seam, char ret_bytes[FM_INDEX_SEAM_BYTES])
{
	put_number(ret_bytes, seam.raw, 8);
	put_number(ret_bytes + 8, seam.escaped, 8);
	put_number(ret_bytes + 16, seam.tokens, 8);
}

struct fm_seam fm_index_seam(struct fm_span index, uint64_t at)
{
	const char *from = index.ptr + FM_INDEX_HEADER_BYTES + at * FM_INDEX_SEAM_BYTES;

	return (struct fm_seam){number_at(from, 8), number_at(from + 8, 8),
	                        number_at(from + 16, 8)};
}

static bool texts_belong(const struct fm_owned_files *files, const struct fm_index *index)
{
	const struct fm_seam last = fm_index_seam(files->index, index->seam_count - 1);

	/* Another tokenizer's index may have made the texts longer: what is behind is not ours. */
	if (last.raw > files->text.len ||
	    fm_index_digest(fm_span_first(files->text, last.raw)) != index->text_digest)
		return false;
	return files->raw_only || (last.escaped <= files->escaped.len &&
	                           fm_index_digest(fm_span_first(files->escaped, last.escaped)) ==
	                                   index->escaped_digest);
}

bool fm_index_read(const struct fm_owned_files *files, const struct fm_index_owner *owner,
                   struct fm_index *ret_index)
{
	const struct fm_span bytes = files->index;
	struct fm_index index;

	if (bytes.len < FM_INDEX_HEADER_BYTES + FM_INDEX_SEAM_BYTES ||
	    memcmp(bytes.ptr, magic, sizeof magic) != 0 ||
	    number_at(bytes.ptr + 8, 4) != FM_INDEX_VERSION ||
	    number_at(bytes.ptr + 56, 8) != header_digest(bytes.ptr, owner))
		return false;
	index.ended = (number_at(bytes.ptr + 12, 4) & FLAG_ENDED) != 0;
	index.seam_count = number_at(bytes.ptr + 16, 8);
	index.chapters = number_at(bytes.ptr + 24, 8);
	index.text_digest = number_at(bytes.ptr + 32, 8);
	index.escaped_digest = number_at(bytes.ptr + 40, 8);
	index.seams_digest = number_at(bytes.ptr + 48, 8);
	if (index.seam_count != (bytes.len - FM_INDEX_HEADER_BYTES) / FM_INDEX_SEAM_BYTES ||
	    (bytes.len - FM_INDEX_HEADER_BYTES) % FM_INDEX_SEAM_BYTES != 0 ||
	    fm_index_digest(fm_span_skip(bytes, FM_INDEX_HEADER_BYTES)) != index.seams_digest ||
	    !texts_belong(files, &index))
		return false;
	*ret_index = index;
	return true;
}
