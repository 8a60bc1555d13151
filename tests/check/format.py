#!/usr/bin/env python3
"""Every C file is as clang-format leaves it."""

import subprocess

import source


def main():
    p = source.parser(__doc__)
    p.add_argument('--clang-format', required=True)
    args = p.parse_args()
    paths = args.files or source.find(args.root, ('src', 'include', 'tests'), ('.c', '.h'))
    faults = []
    for path in paths:
        # Compared here, for clang-format's own --dry-run prints every place in a file.
        done = subprocess.run([args.clang_format, path], cwd=args.root, check=True,
                              encoding='utf-8', stdout=subprocess.PIPE)
        if done.stdout != source.read(args.root, path):
            faults.append(f'{path}: not formatted: clang-format-14 -i {path}')
    source.finish(faults)


if __name__ == '__main__':
    main()
