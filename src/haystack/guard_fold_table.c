#include "guard_fold_internal.h"

#include <stddef.h>
#include <string.h>

#include "base/macro.h"

#define LIGATURES 0xFB00

static const char *const ligatures[] = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"};

/* One sign for each, '.' for none of ASCII; round again where there are more. NULL: unseen. */
static const struct range {
	uint32_t first;
	uint32_t last;
	const char *signs;
} ranges[] = {
	{0xAD,    0xAD,    NULL							      },
	{0xC0,    0xFF,    "AAAAAA.CEEEEIIIIDNOOOOO.OUUUUY..aaaaaa.ceeeeiiiidnooooo.ouuuuy.y"},
	{0x100,   0x13F,   "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIi..JjKkkLlLlLlL"},
	{0x140,   0x17F,   "lLlNnNnNnnNnOoOoOo..RrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs"},
	{0x300,   0x36F,   NULL							      },
	{0x386,   0x3A9,   "A.EHI.O.YO.AB..EZH.IK.MN.O.P..TY.X.."                            },
	{0x3AA,   0x3CE,   "IYaeniuaby.e.n.ik..v.o.pcotu.x.wiuouw"                           },
	{0x400,   0x42F,   "EE...SIIJ.......A.B..E.3..K.MHO.PCTY.X.........."                },
	{0x430,   0x45F,   "a6br.e.3u.k.mhonpcty.x......b...ee...siij......."                },
	{0x4AE,   0x4AF,   "Yy"							      },
	{0x4BA,   0x4BB,   "Hh"							      },
	{0x500,   0x501,   "dd"							      },
	{0x51A,   0x51D,   "QqWw"							    },
	{0x61C,   0x61C,   NULL							      },
	{0x115F,  0x1160,  NULL							      },
	{0x17B4,  0x17B5,  NULL							      },
	{0x180B,  0x180F,  NULL							      },
	{0x1AB0,  0x1AFF,  NULL							      },
	{0x1DC0,  0x1DFF,  NULL							      },
	{0x1E00,  0x1E3F,  "AaBbBbBbCcDdDdDdDdDdEeEeEeEeEeFfGgHhHhHhHhHhIiIiKkKkKkLlLlLlLlMm"},
	{0x1E40,  0x1E7F,  "MmMmNnNnNnNnOoOoOoOoPpPpRrRrRrRrSsSsSsSsSsTtTtTtTtUuUuUuUuUuVvVv"},
	{0x1E80,  0x1E99,  "WwWwWwWwWwXxXxYyZzZzZzhtwy"                                      },
	{0x1EA0,  0x1ECF,  "AaAaAaAaAaAaAaAaAaAaAaAaEeEeEeEeEeEeEeEeIiIiOoOo"                },
	{0x1ED0,  0x1EF9,  "OoOoOoOoOoOoOoOoOoOoUuUuUuUuUuUuUuYyYyYyYy"                      },
	{0x200B,  0x200F,  NULL							      },
	{0x202A,  0x202E,  NULL							      },
	{0x2060,  0x206F,  NULL							      },
	{0x20D0,  0x20FF,  NULL							      },
	{0x24B6,  0x24E9,  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"            },
	{0x3164,  0x3164,  NULL							      },
	{0xFE00,  0xFE0F,  NULL							      },
	{0xFE20,  0xFE2F,  NULL							      },
	{0xFEFF,  0xFEFF,  NULL							      },
	{0xFF10,  0xFF19,  "0123456789"						      },
	{0xFF21,  0xFF3A,  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"                                      },
	{0xFF41,  0xFF5A,  "abcdefghijklmnopqrstuvwxyz"                                      },
	{0xFFA0,  0xFFA0,  NULL							      },
	{0xFFF0,  0xFFF8,  NULL							      },
	{0x1D400, 0x1D6A3, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"            },
	{0x1D7CE, 0x1D7FF, "0123456789"						      },
	{0xE0000, 0xE0FFF, NULL							      },
};

/* The range that ends at it or behind it, if any. */
static const struct range *range_near(uint32_t c)
{
	size_t low = 0;
	size_t high = FM_COUNT(ranges);

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (ranges[middle].last < c)
			low = middle + 1;
		else
			high = middle;
	}
	return low < FM_COUNT(ranges) ? &ranges[low] : NULL;
}

const char *fm_guard_fold_letters(uint32_t code_point)
{
	return ligatures[code_point - LIGATURES];
}

char fm_guard_fold_sign(uint32_t code_point)
{
	const struct range *range = range_near(code_point);
	char sign;

	if (code_point >= LIGATURES && code_point < LIGATURES + FM_COUNT(ligatures))
		return FM_FOLD_LETTERS;
	if (range == NULL || code_point < range->first)
		return FM_FOLD_AS_IT_IS;
	if (range->signs == NULL)
		return FM_FOLD_UNSEEN;
	sign = range->signs[(code_point - range->first) % strlen(range->signs)];
	if (sign == '.')
		return FM_FOLD_AS_IT_IS;
	return sign;
}
