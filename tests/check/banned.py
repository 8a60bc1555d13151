#!/usr/bin/env python3
"""Words that may not stand in the code, and blanks that may not end a line."""

import os
import re

import source

# Base wraps each of these once: a name may stand in one file of base and nowhere else.
WRAPPED = ('strcpy strcat sprintf vsprintf strtok strtok_r strncpy strncat gets atoi atol atoll atof '
           'strtol strtoll strtoul strtoull strtoimax strtoumax strtof strtod strtold sscanf rand srand '
           'random time gmtime localtime strerror setlocale getenv secure_getenv exit').split()
# Base may use these anywhere.
BASE_ONLY = ('malloc calloc realloc reallocarray aligned_alloc posix_memalign free strdup strndup '
             'asprintf vasprintf open_memstream alloca abort quick_exit _Exit').split()
# Only cli prints; base has the last words of a program that is out of memory.
PRINTS = 'printf vprintf puts putchar perror'.split()

CALL = re.compile(r'(?<![\w.>])([A-Za-z_]\w*)\s*\(')
WORDS = [
    (re.compile(r'\b(stdout|stderr)\b'), ('base', 'cli'), 'only cli prints'),
    (re.compile(r'\b(__attribute__|__builtin_\w+|__typeof__|__extension__|__asm__|asm)\b'), ('base',),
     'GNU C is behind an FM_ macro of base'),
    (re.compile(r'\b(_mm\d*_\w+|__m\d+i?|u?int(?:8x16|16x8|32x4|64x2)_t)\b'), ('base',),
     'vector operations are those of base/simd.h'),
    (re.compile(r'\b([a-z]+intrin\.h|arm_neon\.h)\b'), ('base',),
     'vector operations are those of base/simd.h'),
    (re.compile(r'#\s*define\s+(_[A-Z]\w*_SOURCE|_FILE_OFFSET_BITS)\b'), (),
     'feature macros are set in meson.build'),
]
CONDITIONAL = re.compile(r'^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|else)\b[ \t]*(\w*)', re.M)
BLANK = re.compile(r'[ \t\r]+$', re.M)

TEXT = ('.c', '.h', '.py', '.sh', '.js', '.mjs', 'meson.build', 'meson_options.txt', '.md')
RAW = ('tests/golden/', 'tests/fuzz/', 'reports/gallery/')


def judge_calls(path, room, code):
    """The faults, and which wrapped names this file of base uses."""
    faults, wrapped = [], set()
    for m in CALL.finditer(code):
        name = m.group(1)
        where = f'{path}:{source.line_of(code, m.start())}: {name}'
        if name in WRAPPED and room == 'base':
            wrapped.add(name)
        elif name in WRAPPED:
            faults.append(f'{where} is banned: base wraps it')
        elif name in BASE_ONLY and room != 'base':
            faults.append(f'{where} stands in base and nowhere else')
        elif name in PRINTS and room not in ('base', 'cli'):
            faults.append(f'{where}: only cli prints')
    return faults, wrapped


def judge_words(path, room, code):
    faults = []
    for pattern, rooms, why in WORDS:
        for m in pattern.finditer(code):
            if room not in rooms:
                faults.append(f'{path}:{source.line_of(code, m.start())}: {m.group(1)}: {why}')
    if room == 'base':
        return faults
    for m in CONDITIONAL.finditer(code):
        guard = m.group(1) == 'ifndef' and re.fullmatch(r'FATHOM_\w+_H', m.group(2))
        if not (guard and path.endswith('.h')):
            faults.append(f'{path}:{source.line_of(code, m.start())}: #{m.group(1)} outside base')
    return faults


def judge_file(root, path, wrapped_in):
    text = source.read(root, path)
    faults = [f'{path}:{source.line_of(text, m.start())}: a blank ends the line'
              for m in BLANK.finditer(text)]
    if not path.endswith(('.c', '.h')):
        return faults
    faults += [f'{path}:{line}: // is no comment here' for line in source.slashes(text)]
    if path.startswith(('src/', 'include/')):
        room = path.split('/')[1]
        code = source.bare(text)
        called, wrapped = judge_calls(path, room, code)
        for name in wrapped:
            wrapped_in.setdefault(name, []).append(path)
        faults += called + judge_words(path, room, code)
    return faults


def main():
    args = source.parser(__doc__).parse_args()
    paths = args.files or source.find(args.root, ('src', 'include', 'tests', 'reports'), TEXT) + [
        p for p in ('meson.build', 'meson_options.txt', 'README.md')
        if os.path.exists(os.path.join(args.root, p))]
    faults, wrapped_in = [], {}
    for path in paths:
        if path.endswith(TEXT) and not path.startswith(RAW):
            faults += judge_file(args.root, path, wrapped_in)
    for name, users in sorted(wrapped_in.items()):
        if len(users) > 1:
            faults.append(f'{users[1]}:1: {name} is wrapped in {users[0]} already')
    source.finish(faults)


if __name__ == '__main__':
    main()
