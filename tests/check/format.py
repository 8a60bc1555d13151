#!/usr/bin/env python3
"""Every C file is as clang-format leaves it."""

import concurrent.futures
import os
import subprocess

import source


def judge(root, clang_format, path):
    # Compared here, for clang-format's own --dry-run prints every place in a file.
    done = subprocess.run([clang_format, path], cwd=root, check=True, encoding='utf-8',
                          stdout=subprocess.PIPE)
    if done.stdout == source.read(root, path):
        return []
    return [f'{path}: not formatted: clang-format-14 -i {path}']


def main():
    p = source.parser(__doc__)
    p.add_argument('--clang-format', required=True)
    args = p.parse_args()
    paths = args.files or source.find(args.root, ('src', 'include', 'tests'), ('.c', '.h'))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        faults = pool.map(lambda path: judge(args.root, args.clang_format, path), paths)
    source.finish([fault for of_one in faults for fault in of_one])


if __name__ == '__main__':
    main()
