#!/usr/bin/env python3
"""Every header compiles alone, and is guarded by its own path."""

import concurrent.futures
import json
import os
import re
import subprocess

import source


def guard_of(path):
    """src/haystack/seam.h is FATHOM_HAYSTACK_SEAM_H, include/fathom/run.h is FATHOM_RUN_H."""
    below = path.split('/', 1)[1].removeprefix('fathom/').removesuffix('.h')
    return 'FATHOM_' + re.sub(r'\W', '_', below).upper() + '_H'


def judge(root, command, path):
    code = source.bare(source.read(root, path))
    guard = guard_of(path)
    if not re.match(rf'\s*#ifndef {guard}\n#define {guard}\n', code):
        return [f'{path}:1: is not guarded by {guard}']
    name = path.split('/', 1)[1]
    # From standard input, for a header that is itself the main file would be asked other things.
    done = subprocess.run(command, input=f'#include "{name}"\n', cwd=root, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return [f'{path}: does not compile alone:\n{done.stdout}'] if done.returncode else []


def main():
    p = source.parser(__doc__)
    p.add_argument('--compiler', required=True, help='the command and its options, as JSON')
    args = p.parse_args()
    command = json.loads(args.compiler) + ['-Isrc', '-Iinclude', '-Wall', '-Werror', '-fsyntax-only',
                                           '-xc', '-']
    paths = args.files or source.find(args.root, ('src', 'include'), ('.h',))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        faults = pool.map(lambda path: judge(args.root, command, path), paths)
    source.finish([fault for of_one in faults for fault in of_one])


if __name__ == '__main__':
    main()
