#!/usr/bin/env python3
"""Makes nfc_table.c: what Normalization Form C has to know of each code point.

    python3 src/token/nfc_table.py src/token/nfc_table.c

Needs the package unicodedata2 in the version below. The table is committed, so that a build needs
neither this script nor that package, and so that a newer one does not change counts unseen.

Counts are those of the reference library, whose own tables are of Unicode 9.0: to it a character
that came later neither combines nor decomposes. What an older version says never changes (Unicode's
stability policy), so the newest data without those characters is that version.
"""

import sys

import unicodedata2

VERSION = '16.0.0'
BLOCK = 256
COMBINES, CHANGES = 0x100, 0x200  # beside the combining class

# Characters since Unicode 10.0 (\\P{Present_In: 9.0}) that combine, decompose, or are parts of such.
LATER = (
    (0x07fd, 0x07fd), (0x0897, 0x089f), (0x08ca, 0x08d3), (0x09fe, 0x09fe), (0x0c3c, 0x0c3c),
    (0x0d3b, 0x0d3c), (0x0eba, 0x0eba), (0x1715, 0x1715), (0x1abf, 0x1ace), (0x1df6, 0x1dfa),
    (0xa82c, 0xa82c), (0x105c9, 0x105c9), (0x105d2, 0x105d2), (0x105da, 0x105da), (0x105e4, 0x105e4),
    (0x10d24, 0x10d27), (0x10d69, 0x10d6d), (0x10eab, 0x10eac), (0x10efd, 0x10eff), (0x10f46, 0x10f50),
    (0x10f82, 0x10f85), (0x11070, 0x11070), (0x1133b, 0x1133b), (0x11382, 0x11385), (0x1138b, 0x1138b),
    (0x1138e, 0x1138e), (0x11390, 0x11391), (0x113b8, 0x113b8), (0x113bb, 0x113bb), (0x113c2, 0x113c2),
    (0x113c5, 0x113c5), (0x113c7, 0x113c9), (0x113ce, 0x113d0), (0x1145e, 0x1145e), (0x11839, 0x1183a),
    (0x11930, 0x11930), (0x11935, 0x11935), (0x11938, 0x11938), (0x1193d, 0x1193e), (0x11943, 0x11943),
    (0x119e0, 0x119e0), (0x11a34, 0x11a34), (0x11a47, 0x11a47), (0x11a99, 0x11a99), (0x11d42, 0x11d42),
    (0x11d44, 0x11d45), (0x11d97, 0x11d97), (0x11f41, 0x11f42), (0x1611e, 0x16129), (0x1612f, 0x1612f),
    (0x16d63, 0x16d63), (0x16d67, 0x16d6a), (0x16ff0, 0x16ff1), (0x1e08f, 0x1e08f), (0x1e130, 0x1e136),
    (0x1e2ae, 0x1e2ae), (0x1e2ec, 0x1e2ef), (0x1e4ec, 0x1e4ef), (0x1e5ee, 0x1e5ef),
)
LATER_SET = {c for first, last in LATER for c in range(first, last + 1)}
HANGUL = range(0xac00, 0xd7a4)  # by arithmetic
HANGUL_LATER_JAMO = (*range(0x1161, 0x1176), *range(0x11a8, 0x11c3))


def code_points():
    return (c for c in range(0x110000) if not 0xd800 <= c <= 0xdfff and c not in LATER_SET)


def decompositions():
    """Each code point that decomposes, to the end, in canonical order; without Hangul."""
    found = {}
    for c in code_points():
        whole = unicodedata2.normalize('NFD', chr(c))
        if whole != chr(c) and c not in HANGUL:
            found[c] = [ord(part) for part in whole]
    return found


def compositions():
    """Which two code points become which one; without Hangul."""
    found = {}
    for c in code_points():
        parts = unicodedata2.decomposition(chr(c)).split()
        if len(parts) == 2 and '<' not in parts[0] and unicodedata2.normalize('NFC', chr(c)) == chr(c):
            found[int(parts[0], 16), int(parts[1], 16)] = c
    return found


def value_of(c, combining, changing):
    if c in LATER_SET or 0xd800 <= c <= 0xdfff:
        return 0
    return (unicodedata2.combining(chr(c)) | (COMBINES if c in combining else 0)
            | (CHANGES if c in changing else 0))


def rows(texts, width):
    return ',\n'.join('\t' + ', '.join(texts[i:i + width]) for i in range(0, len(texts), width))


def main():
    if unicodedata2.unidata_version != VERSION:
        sys.exit(f'unicodedata2 is of Unicode {unicodedata2.unidata_version}, not {VERSION}')
    parts, pairs = decompositions(), compositions()
    combining = {second for _, second in pairs} | set(HANGUL_LATER_JAMO)
    changing = {c for c in parts if unicodedata2.normalize('NFC', chr(c)) != chr(c)}
    values = [value_of(c, combining, changing) for c in range(0x110000)]
    blocks, numbers = {}, []
    for at in range(0, len(values), BLOCK):
        numbers.append(blocks.setdefault(tuple(values[at:at + BLOCK]), len(blocks)))
    pool, entries = [], []
    for c, whole in sorted(parts.items()):
        entries.append(f'{{{c:#x}, {len(pool)}, {len(whole)}}}')
        pool += whole
    pair_rows = [f'{{{a:#x}, {b:#x}, {c:#x}}}' for (a, b), c in sorted(pairs.items())]
    with open(sys.argv[1], 'w', encoding='ascii') as f:
        f.write(f'/* Made by nfc_table.py out of Unicode {VERSION}, without what is later than 9.0. */\n'
                '#include "nfc_internal.h"\n\n/* clang-format off */\n\n'
                f'const uint8_t fm_nfc_blocks[{len(numbers):#x}] = {{\n'
                f'{rows([str(n) for n in numbers], 24)},\n}};\n\n'
                f'const uint16_t fm_nfc_values[][{BLOCK}] = {{\n')
        for block in blocks:
            f.write(f'\t{{\n{rows([str(v) for v in block], 24)},\n\t}},\n')
        f.write('};\n\n'
                f'const size_t fm_nfc_entry_count = {len(entries)};\n'
                f'const struct fm_nfc_entry fm_nfc_entries[] = {{\n{rows(entries, 6)},\n}};\n\n'
                f'const uint32_t fm_nfc_pool[] = {{\n{rows([hex(c) for c in pool], 14)},\n}};\n\n'
                f'const size_t fm_nfc_pair_count = {len(pair_rows)};\n'
                f'const struct fm_nfc_pair fm_nfc_pairs[] = {{\n{rows(pair_rows, 5)},\n}};\n')


if __name__ == '__main__':
    main()
