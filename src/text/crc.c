#include "text/crc.h"

#include <zlib.h>

uint32_t fm_crc32(struct fm_span bytes)
{
	return (uint32_t)crc32_z(0, (const Bytef *)bytes.ptr, bytes.len);
}
