#!/usr/bin/env python3
"""Makes unicode_table.c: what each code point is to the patterns that cut text into pieces.

    python3 src/token/unicode_table.py src/token/unicode_table.c

Needs the package unicodedata2 in the version below. The table is committed, so that a build needs
neither this script nor that package, and so that a newer one does not change counts unseen.
"""

import sys

import unicodedata2

VERSION = '16.0.0'
BLOCK = 256

OTHER, UPPER, LOWER, LETTER, MARK, NUMBER, SPACE, PUNCTUATION = range(8)
WORD = 8  # a flag beside the class
CLASS_OF = {'Lu': UPPER, 'Lt': UPPER, 'Ll': LOWER, 'Lm': LETTER, 'Lo': LETTER, 'M': MARK, 'N': NUMBER,
            'P': PUNCTUATION, 'S': PUNCTUATION}

# White_Space of PropList.txt: the package does not know it, and it has not changed since 6.3.
SPACES = {*range(0x09, 0x0e), 0x20, 0x85, 0xa0, 0x1680, *range(0x2000, 0x200b), 0x2028, 0x2029, 0x202f,
          0x205f, 0x3000}
# Other_Alphabetic that is not a mark: the circled and squared Latin letters.
ALPHABETIC_SIGNS = {*range(0x24b6, 0x24ea), *range(0x1f130, 0x1f14a), *range(0x1f150, 0x1f16a),
                    *range(0x1f170, 0x1f18a)}
JOIN_CONTROLS = {0x200c, 0x200d}


def is_word(code_point, category):
    """UTS #18's \\w: alphabetic, marks, decimal digits, connectors, join controls."""
    return (category[0] in 'LM' or category in ('Nd', 'Nl', 'Pc') or code_point in ALPHABETIC_SIGNS
            or code_point in JOIN_CONTROLS)


def value_of(code_point):
    category = unicodedata2.category(chr(code_point))
    kind = CLASS_OF.get(category, CLASS_OF.get(category[0], OTHER))
    if code_point in SPACES:
        kind = SPACE
    return kind | (WORD if is_word(code_point, category) else 0)


def lead_of(byte, values):
    """The class of all code points whose UTF-8 begins so, as a bit; 0 where they differ or are none."""
    if byte < 0x80:
        begin, end = byte, byte + 1
    elif 0xe1 <= byte < 0xf0:
        begin, end = (byte & 0x0f) << 12, (byte & 0x0f) + 1 << 12
    else:
        return 0
    kinds = {value & ~WORD for value in values[begin:end]}
    return 1 << kinds.pop() if len(kinds) == 1 else 0


def rows(values):
    return ',\n'.join('\t' + ', '.join(str(v) for v in values[i:i + 24])
                      for i in range(0, len(values), 24))


def main():
    if unicodedata2.unidata_version != VERSION:
        sys.exit(f'unicodedata2 is of Unicode {unicodedata2.unidata_version}, not {VERSION}')
    values = [value_of(c) for c in range(0x110000)]
    blocks, numbers = {}, []
    for at in range(0, len(values), BLOCK):
        numbers.append(blocks.setdefault(tuple(values[at:at + BLOCK]), len(blocks)))
    with open(sys.argv[1], 'w', encoding='ascii') as f:
        f.write(f'/* Made by unicode_table.py out of Unicode {VERSION}. */\n'
                '#include "unicode_internal.h"\n\n/* clang-format off */\n\n'
                f'const uint8_t fm_unicode_blocks[{len(numbers):#x}] = {{\n{rows(numbers)},\n}};\n\n'
                f'const uint8_t fm_unicode_classes[][{BLOCK}] = {{\n')
        for block in blocks:
            f.write(f'\t{{\n{rows(block)},\n\t}},\n')
        leads = [lead_of(byte, values) for byte in range(256)]
        f.write(f'}};\n\nconst uint8_t fm_unicode_leads[256] = {{\n{rows(leads)},\n}};\n')


if __name__ == '__main__':
    main()
