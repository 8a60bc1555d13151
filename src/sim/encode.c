#include "shape_internal.h"

#include "base/macro.h"
#include "text/crc.h"

#define STORED_MAX ((size_t)65535)
#define ADLER_BASE 65521U

static void put_little(struct fm_buf *buf, uint32_t number, int bytes)
{
	for (int i = 0; i < bytes; i++)
		fm_buf_putc(buf, (char)(number >> (8 * i)));
}

static uint32_t adler32(struct fm_span bytes)
{
	uint32_t low = 1;
	uint32_t high = 0;

	for (size_t i = 0; i < bytes.len; i++) {
		low = (low + (unsigned char)bytes.ptr[i]) % ADLER_BASE;
		high = (high + low) % ADLER_BASE;
	}
	return high << 16 | low;
}

static void put_stored(struct fm_buf *buf, struct fm_span bytes)
{
	do {
		const struct fm_span block = fm_span_first(bytes, STORED_MAX);

		bytes = fm_span_skip(bytes, block.len);
		fm_buf_putc(buf, bytes.len == 0 ? 1 : 0);
		put_little(buf, (uint32_t)block.len, 2);
		put_little(buf, ~(uint32_t)block.len, 2);
		fm_buf_put(buf, block);
	} while (bytes.len > 0);
}

static void put_gzip(struct fm_buf *buf, struct fm_span bytes)
{
	static const char head[] = {0x1f, (char)0x8b, 8, 0, 0, 0, 0, 0, 0, (char)0xff};

	fm_buf_put(buf, fm_span_make(head, sizeof head));
	put_stored(buf, bytes);
	put_little(buf, fm_crc32(bytes), 4);
	put_little(buf, (uint32_t)bytes.len, 4);
}

static void put_zlib(struct fm_buf *buf, struct fm_span bytes)
{
	const uint32_t sum = adler32(bytes);

	put_little(buf, 0x0178, 2);
	put_stored(buf, bytes);
	for (int i = 24; i >= 0; i -= 8)
		fm_buf_putc(buf, (char)(sum >> i));
}

static void put_zstd(struct fm_buf *buf, struct fm_span bytes)
{
	put_little(buf, 0xfd2fb528U, 4);
	fm_buf_putc(buf, (char)0xa0); /* one segment, its size in four bytes */
	put_little(buf, (uint32_t)bytes.len, 4);
	do {
		const struct fm_span block = fm_span_first(bytes, STORED_MAX);

		bytes = fm_span_skip(bytes, block.len);
		put_little(buf, (uint32_t)block.len << 3 | (bytes.len == 0), 3);
		fm_buf_put(buf, block);
	} while (bytes.len > 0);
}

/* The first block's bits stand behind one for the window's size. */
static void put_brotli(struct fm_buf *buf, struct fm_span bytes)
{
	unsigned shift = 4;

	while (bytes.len > 0) {
		const struct fm_span block = fm_span_first(bytes, STORED_MAX);

		put_little(buf, (uint32_t)(block.len - 1) << shift | 1U << (shift + 16), 3);
		fm_buf_put(buf, block);
		bytes = fm_span_skip(bytes, block.len);
		shift = 3;
	}
	fm_buf_putc(buf, shift == 4 ? 6 : 3);
}

bool fm_encode(struct fm_span coding, struct fm_span bytes, struct fm_buf *buf)
{
	static const struct {
		const char *name;
		void (*put)(struct fm_buf *buf, struct fm_span bytes);
	} codings[] = {
		{"gzip",    put_gzip  },
                {"deflate", put_zlib  },
                {"br",      put_brotli},
                {"zstd",    put_zstd  }
        };

	for (size_t i = 0; i < FM_COUNT(codings); i++)
		if (fm_span_is(coding, codings[i].name)) {
			codings[i].put(buf, bytes);
			return true;
		}
	return false;
}
