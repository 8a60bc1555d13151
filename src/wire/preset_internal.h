#ifndef FATHOM_WIRE_PRESET_INTERNAL_H
#define FATHOM_WIRE_PRESET_INTERNAL_H

#include "wire/preset.h"

extern const struct fm_preset *const fm_preset_rows[];
extern const size_t fm_preset_row_count;

#endif
