#!/usr/bin/env python3
"""Nothing in the repository is shaped like a vendor's key, but what a reader sees at once to be none."""

import re

import source

FOLDERS = ('src', 'include', 'tests', 'reports', 'corpora')
SHAPES = re.compile(r'''(?<![A-Za-z0-9+/_-])(
      sk-[A-Za-z0-9_-]{20,} | sk_(?:live|test)_[A-Za-z0-9]{16,} | gsk_[A-Za-z0-9]{20,}
    | xai-[A-Za-z0-9]{20,} | csk-[A-Za-z0-9]{20,} | fw_[A-Za-z0-9]{16,} | tgp_v1_[A-Za-z0-9_-]{20,}
    | hf_[A-Za-z0-9]{20,} | AIza[0-9A-Za-z_-]{30,} | ya29\.[0-9A-Za-z_-]{20,}
    | (?:AKIA|ASIA)[A-Z0-9]{16} | ABSK[A-Za-z0-9+/]{30,} | LLM\|[0-9]{8,}\|[A-Za-z0-9_-]{16,}
    | gh[pousr]_[A-Za-z0-9]{30,} | -----BEGIN\ [A-Z\ ]*PRIVATE\ KEY-----
)''', re.X)
# One of these stands in every key that a fixture makes up.
RESERVED = re.compile(r'EXAMPLE|sentinel|0123456789|0000000000')
TEXT = ('.c', '.h', '.py', '.sh', '.js', '.mjs', '.md', '.json', '.jsonl', '.yaml', '.yml', '.case', '.txt',
        '.build', '.html', '.svg', '.csv')


def main():
    args = source.parser(__doc__).parse_args()
    faults = []
    for path in args.files or source.find(args.root, FOLDERS, TEXT) + ['README.md']:
        text = source.read(args.root, path)
        for m in SHAPES.finditer(text):
            if not RESERVED.search(m.group(1)):
                faults.append(f'{path}:{source.line_of(text, m.start())}: this is shaped like a key; one that '
                              f'is none holds EXAMPLE, sentinel or 0123456789')
    source.finish(faults)


if __name__ == '__main__':
    main()
