#ifndef FATHOM_TEXT_CRC_H
#define FATHOM_TEXT_CRC_H

#include <stdint.h>

#include "base/span.h"

/* CRC-32 as zlib and IEEE 802.3 have it: of binary framings, not for identities. */
uint32_t fm_crc32(struct fm_span bytes);

#endif
