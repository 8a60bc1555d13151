#!/usr/bin/env python3
"""Files and functions that no longer fit in one sitting."""

import os
import subprocess

import source

FILE_MAX = {'.c': 500, '.h': 150}
FUNCTION_MAX = 60
ALLOWED_MAX = 120


def read_allowed(root):
    """long.txt, as {'file:function': lines}."""
    path = 'tests/check/long.txt'
    allowed = {}
    if not os.path.exists(os.path.join(root, path)):
        return allowed, []
    faults = []
    for i, line in enumerate(source.read(root, path).splitlines(), 1):
        words = line.split(maxsplit=2)
        if not words or words[0] == '#':
            continue
        if len(words) < 3 or not words[0].isdigit() or ':' not in words[1]:
            faults.append(f'{path}:{i}: is not "LINES file:function why"')
        elif int(words[0]) > ALLOWED_MAX:
            faults.append(f'{path}:{i}: {words[0]} lines, and {ALLOWED_MAX} is the most there is')
        else:
            allowed[words[1]] = int(words[0])
    return allowed, faults


def judge_files(root, paths):
    for path in paths:
        lines = source.read(root, path).count('\n')
        if lines > FILE_MAX[path[-2:]] and not path.endswith(('_table.c', '_table.h')):
            yield f'{path}: {lines} lines, {FILE_MAX[path[-2:]]} at most'


def functions(root, ctags, paths):
    """Each function as (path, line, name, how many lines)."""
    done = subprocess.run([ctags, '--languages=C', '--kinds-C=f', '--fields=+ne', '-f', '-'] + paths,
                          cwd=root, stdout=subprocess.PIPE, text=True, check=True)
    for row in done.stdout.splitlines():
        if row.startswith('!'):
            continue
        name, path, *rest = row.split('\t')
        fields = dict(f.split(':', 1) for f in rest if ':' in f)
        first = int(fields['line'])
        yield path, first, name, int(fields.get('end', first)) - first + 1


def judge_functions(root, ctags, paths, allowed):
    left = dict(allowed)
    for path, line, name, lines in functions(root, ctags, paths):
        if lines <= FUNCTION_MAX:
            continue
        most = left.pop(f'{path}:{name}', FUNCTION_MAX)
        if lines > most:
            yield f'{path}:{line}: {name} has {lines} lines, {most} at most'
    for name in left:
        yield f'tests/check/long.txt: {name} is no longer over {FUNCTION_MAX} lines, or is gone'


def main():
    p = source.parser(__doc__)
    p.add_argument('--ctags', help='universal-ctags; without it functions are not measured')
    args = p.parse_args()
    paths = source.find(args.root, ('src', 'include'), tuple(FILE_MAX))
    allowed, faults = read_allowed(args.root)
    faults += judge_files(args.root, paths)
    if args.ctags and paths:
        faults += judge_functions(args.root, args.ctags, paths, allowed)
    else:
        print('functions are not measured: no universal-ctags')
    source.finish(faults)


if __name__ == '__main__':
    main()
