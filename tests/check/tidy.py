#!/usr/bin/env python3
"""Every source of the rooms passes clang-tidy."""

import concurrent.futures
import os
import subprocess

import source

# How many states of one function the analyzer looks at. Left alone it goes on to 225,000, and the
# few functions with so many take two thirds of its time; it comes to every line of them long before.
STATES_MAX = 40000


def judge(root, command, path):
    done = subprocess.run([*command, path], cwd=root, encoding='utf-8', stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=False)
    return [done.stdout.strip()] if done.returncode else []


def main():
    p = source.parser(__doc__)
    p.add_argument('--clang-tidy', required=True)
    p.add_argument('--build', required=True)
    p.add_argument('--states', type=int, default=STATES_MAX, help='of each function, %(default)s')
    args = p.parse_args()
    paths = args.files or source.find(args.root, ('src',), ('.c',))
    # The build folder may be gcc's, whose warnings clang does not all know.
    words = ['-Wno-unknown-warning-option', '-Xclang', '-analyzer-config', '-Xclang',
             f'max-nodes={args.states}']
    command = [args.clang_tidy, '--quiet', '-p', args.build,
               *[f'--extra-arg={word}' for word in words]]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        faults = pool.map(lambda path: judge(args.root, command, path), paths)
    source.finish([fault for of_one in faults for fault in of_one])


if __name__ == '__main__':
    main()
