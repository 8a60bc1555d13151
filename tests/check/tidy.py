#!/usr/bin/env python3
"""Every source of the rooms passes clang-tidy."""

import concurrent.futures
import os
import subprocess

import source


def judge(root, clang_tidy, build, path):
    # The build folder may be gcc's, whose warnings clang does not all know.
    done = subprocess.run([clang_tidy, '--quiet', '-p', build,
                           '--extra-arg=-Wno-unknown-warning-option', path], cwd=root,
                          encoding='utf-8', stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          check=False)
    return [done.stdout.strip()] if done.returncode else []


def main():
    p = source.parser(__doc__)
    p.add_argument('--clang-tidy', required=True)
    p.add_argument('--build', required=True)
    args = p.parse_args()
    paths = args.files or source.find(args.root, ('src',), ('.c',))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        faults = pool.map(lambda path: judge(args.root, args.clang_tidy, args.build, path), paths)
    source.finish([fault for of_one in faults for fault in of_one])


if __name__ == '__main__':
    main()
