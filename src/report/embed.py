#!/usr/bin/env python3
"""Makes a C table out of the page's parts, with the hashes by which its security policy admits them."""

import base64
import hashlib
import sys


def read(path, closing):
    with open(path, encoding='ascii') as f:
        text = f.read()
    if closing in text.lower():
        sys.exit(f'{path}: holds {closing}, which would end the element it is put into')
    return text


def table(name, text):
    digest = base64.b64encode(hashlib.sha256(text.encode('ascii')).digest()).decode('ascii')
    codes = [str(ord(c)) for c in text]
    rows = [', '.join(codes[i:i + 24]) for i in range(0, len(codes), 24)]
    return '\n'.join([
        f'static const char {name}_bytes[] = {{', ',\n'.join(rows), '};',
        f'const struct fm_page_part {name} = {{{name}_bytes, sizeof({name}_bytes), '
        f'"sha256-{digest}"}};', ''])


def main():
    style, script, to = sys.argv[1:]
    parts = [table('fm_page_style', read(style, '</style')),
             table('fm_page_script', read(script, '</script'))]
    with open(to, 'w', encoding='ascii') as f:
        f.write('#include "report/page_internal.h"\n\n' + '\n'.join(parts))


if __name__ == '__main__':
    main()
