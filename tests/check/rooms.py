#!/usr/bin/env python3
"""Who includes whom: the table of src/meson.build, held against every #include."""

import ast
import json
import os
import re

import source

# Whose door another project's header stands behind. Headers not named here are anyone's.
FOREIGN = {
    'cjson/': 'text',
    'curl/': 'client',
    'pcre2.h': 'token',
    'xxhash.h': 'base',
    'yaml.h': 'text',
    'zlib.h': 'text',
    'zstd': 'text',
}


def table_of(map_text):
    """For the hook, which has no build folder: meson's dictionary is written as Python's is."""
    return ast.literal_eval(re.search(r'^rooms = (\{.*?^\})', map_text, re.S | re.M).group(1))


def judge_quoted(name, room, sees, path):
    """Why a file of this room may not include "name", or None."""
    in_test = path.startswith('tests')
    folder, _, file = name.rpartition('/')
    if '..' in name:
        return 'goes through ".."'
    if not folder:
        if in_test or name.endswith('_internal.h'):
            return None
        return 'is neither "room/x.h" nor an "x_internal.h" of this room'
    if folder != room and folder not in sees:
        return f'is not a door that {room} may use'
    if file.endswith('_internal.h') and not (in_test and folder == room):
        return 'is internal: inside its room it is named without the room, outside not at all'
    return None


def judge_angled(name, room, table):
    if '..' in name:
        return 'goes through ".."'
    if name.split('/')[0] in table:
        return 'is a room\'s door: it stands in quotes'
    for start, owner in FOREIGN.items():
        if name.startswith(start) and room != owner:
            return f'is {owner}\'s to include'
    return None


def own_headers(root, path, room):
    """What x.c may have to include first: of its door, public door and internal header, those that exist."""
    stem = os.path.basename(path)[:-2]
    candidates = {
        f'src/{room}/{stem}.h': f'{room}/{stem}.h',
        f'include/fathom/{stem}.h': f'fathom/{stem}.h',
        f'src/{room}/{stem}_internal.h': f'{stem}_internal.h',
    }
    return [name for at, name in candidates.items() if os.path.exists(os.path.join(root, at))]


def judge_file(root, path, table):
    parts = path.split('/')
    room = parts[2] if path.startswith('tests/unit/') else parts[1]
    public = parts[0] == 'include'
    if not public and room not in table:
        return [f'{path}:1: no room {room} in src/meson.build']
    faults = []
    found = list(source.includes(source.read(root, path)))
    for line, mark, name in found:
        if public:
            why = 'stands in quotes in a public door' if mark == '"' else None
        elif mark == '"':
            why = judge_quoted(name, room, table[room], path)
        elif path.startswith('src/'):
            why = judge_angled(name, room, table)
        else:
            why = None
        if why:
            faults.append(f'{path}:{line}: {name} {why}')
    if path.startswith('src/') and path.endswith('.c'):
        own = own_headers(root, path, room)
        if own and (not found or found[0][2] not in own):
            faults.append(f'{path}:1: the first #include must be its own header: {own[0]}')
    if path.startswith('src/') and path.endswith('.h'):
        if os.path.exists(os.path.join(root, 'include/fathom', parts[-1])):
            faults.append(f'{path}:1: a header exists once, and include/fathom has this one')
    return faults


def main():
    p = source.parser(__doc__)
    p.add_argument('--table', help='the table as JSON; without it, it is read off src/meson.build')
    args = p.parse_args()
    if args.table:
        table = json.loads(args.table)
    else:
        table = table_of(source.read(args.root, 'src/meson.build'))
    folders = ('src', 'include', 'tests/unit')
    paths = args.files or source.find(args.root, folders, ('.c', '.h'))
    source.finish([fault for path in paths
                   if path.endswith(('.c', '.h')) and path.startswith(folders)
                   for fault in judge_file(args.root, path, table)])


if __name__ == '__main__':
    main()
