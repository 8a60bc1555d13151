"""What the checks share: which files there are, and C with its comments and strings blanked."""

import argparse
import os
import re
import sys

LEXEME = re.compile(
    r'(?P<comment>/\*.*?\*/)|(?P<slashes>//[^\n]*)'
    r'|(?P<text>"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\')', re.S)
INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]*)[>"]')


def parser(description):
    """Every check takes the tree to look at and, from the hook, only the files to judge."""
    p = argparse.ArgumentParser(description=description)
    p.add_argument('--root', required=True)
    p.add_argument('files', nargs='*', help='relative to the root; all of them when none is named')
    return p


def find(root, folders, endings):
    """The files below the folders, as sorted paths relative to the root."""
    found = []
    for folder in folders:
        for where, below, names in os.walk(os.path.join(root, folder)):
            below[:] = [b for b in below if not b.startswith('.') and b != 'node_modules']
            found += [os.path.relpath(os.path.join(where, name), root)
                      for name in names if name.endswith(endings)]
    return sorted(found)


def read(root, path):
    with open(os.path.join(root, path), encoding='utf-8', newline='') as f:
        return f.read()


def bare(text):
    """The code alone: comments and literals become blanks, so that lines keep their numbers."""
    return LEXEME.sub(lambda m: re.sub(r'[^\n]', ' ', m.group()), text)


def slashes(text):
    """The line numbers of // comments."""
    return [line_of(text, m.start()) for m in LEXEME.finditer(text) if m.group('slashes')]


def includes(text):
    """Each #include as (line number, '<' or '"', what)."""
    code = bare(text).split('\n')
    for i, line in enumerate(text.split('\n')):
        m = INCLUDE.match(line)
        if m and '#' in code[i]:
            yield i + 1, m.group(1), m.group(2)


def line_of(text, at):
    return text.count('\n', 0, at) + 1


def finish(faults):
    for fault in faults:
        print(fault)
    sys.exit(1 if faults else 0)
