#!/usr/bin/env python3
"""One form of the report: its golden file, and what must hold whatever the texts of others say."""

import argparse
import csv
import difflib
import html.parser
import io
import json
import os
import re
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree

FILES = {
    'terminal': 'terminal.txt',
    'terminal-ascii': 'terminal-ascii.txt',
    'terminal-256': 'terminal-256.txt',
    'terminal-true': 'terminal-true.txt',
    'svg': 'report.svg',
    'html': 'report.html',
    'csv': 'report.csv',
    'json': 'report.json',
}
VOID = {'meta', 'input', 'br', 'img', 'link', 'hr', 'base'}


class Tree(html.parser.HTMLParser):
    """The elements and the names of their attributes; texts and values are left out."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.rows, self.open, self.texts, self.attributes = [], [], {}, []

    def handle_starttag(self, tag, attrs):
        self.rows.append((len(self.open), tag, tuple(name for name, _ in attrs)))
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.rows.append((len(self.open), tag, tuple(name for name, _ in attrs)))
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f'</{tag}> closes {self.open[-1:]}'
        self.open.pop()

    def handle_data(self, text):
        if self.open:
            self.texts.setdefault(self.open[-1], []).append(text)

    def handle_comment(self, text):
        raise AssertionError(f'a comment: {text}')


def tree_of(text):
    tree = Tree()
    tree.feed(text)
    tree.close()
    assert tree.open == [], f'left open: {tree.open}'
    return tree


def check_html(render):
    trees = {kind: tree_of(render(kind)) for kind in ('plain', 'hostile', 'tame')}
    for kind in ('hostile', 'tame'):
        assert trees[kind].rows == trees['plain'].rows, f'{kind} changes the tree'
    for tag, name, value in trees['hostile'].attributes:
        assert not name.startswith('on'), f'{tag} has {name}'
        assert name != 'style', f'{tag} has a style, which the policy forbids'
        assert name not in ('src', 'href', 'action', 'xlink:href'), f'{tag} has {name}={value}'
    policy = next(v for t, n, v in trees['plain'].attributes if n == 'content' and 'default-src' in v)
    assert policy.startswith("default-src 'none';") and 'unsafe' not in policy, policy
    for texts in trees['hostile'].texts.values():
        for text in texts:
            strange = [c for c in text if unicodedata.category(c) in ('Cc', 'Cf') and c not in '\n\t']
            # In the data they stay as they are; the script shows them.
            assert not strange or text.startswith('{"panels"'), repr(text[:80])
    data = json.loads(next(t for t in trees['hostile'].texts['script'] if t.startswith('{')))
    assert any('</script>' in t['answer'] for t in data['trials'])
    check_long(render('long'))
    assert 'PARTIAL' in render('plain') and 'PARTIAL' not in render('done')


def check_long(text):
    held, of = map(int, re.search(r'This page holds (\d+) of (\d+) trials', text).groups())
    data = json.loads(re.search(r'id="data">(.*?)</script>', text, re.S).group(1))
    assert len(data['trials']) == held < of
    assert len(text.encode()) < 22 << 20
    misses = sum(t['outcome'] != 'hit' for t in data['trials'])
    # Nothing but hits may be left out while hits are kept.
    assert 0 < misses < held
    assert all(t['answer_bytes'] == 20001 and len(t['answer'].encode()) == 16383
               for t in data['trials'])


def check_svg(render):
    def shape(text):
        root = xml.etree.ElementTree.fromstring(text)
        return [(e.tag, tuple(e.attrib)) for e in root.iter()]

    plain = shape(render('plain'))
    for kind in ('hostile', 'tame'):
        assert shape(render(kind)) == plain, f'{kind} changes the tree'
    assert 'var(' not in render('plain') and '<style' not in render('plain')
    for value in re.findall(r'(?:href|src)="[^"]*"|url\([^)]*\)', render('hostile')):
        assert value.startswith('url(#'), value


def check_csv(render):
    head, *rows = csv.reader(io.StringIO(render('hostile'), newline=''), strict=True)
    whole = json.loads(render('hostile', 'json'))['trials']
    assert len(rows) == len(whole)
    for row, trial in zip(rows, whole):
        assert len(row) == len(head)
        by_name = dict(zip(head, row))
        for name, text in by_name.items():
            assert text == '' or text[0] not in '=+@\t\r-', f'{name}: {text!r} is a formula'
        for name in ('answer', 'error', 'model', 'stop'):
            want = trial[name] or ''
            assert by_name[name] in (want, "'" + want), f'{name}: {by_name[name]!r}'
        for name in ('length', 'repeat', 'attempts', 'total_ns'):
            assert by_name[name] == str(trial[name])


def check_json(render):
    whole = json.loads(render('hostile'))
    assert whole['fathom_report'] == 1 and whole['partial'] is True
    for panel in whole['panels']:
        for cell in panel['cells'] + panel['by_length'] + panel['by_depth'] + [panel['whole']]:
            low, high = cell['wilson95']
            assert 0 <= low <= (cell['k'] / cell['n'] if cell['n'] else low) <= high <= 1
            assert cell['n'] + cell['invalid'] <= cell['planned']
            assert sum(cell['outcomes'].values()) == cell['planned']
        assert sum(c['planned'] for c in panel['cells']) == panel['whole']['planned']
    assert len(whole['trials']) == sum(
        p['whole']['planned'] + sum(c['planned'] for c in p['controls']) for p in whole['panels'])


def check_terminal(render, form):
    text = render('hostile')
    width = 48 if form == 'terminal-ascii' else 80
    bare = re.sub(r'\x1b\[[0-9;]*m', '', text)
    if form in ('terminal', 'terminal-ascii'):
        assert bare == text, 'a colour where none is wanted'
    else:
        # The scale of colours is a line of its own.
        rest = re.sub(r'^    0 % +100 %\n', '', bare, flags=re.M)
        assert rest == render('hostile', 'terminal'), 'colour changes the text'
    assert all(c == '\n' or c.isprintable() for c in bare)
    if form == 'terminal-ascii':
        assert bare.isascii()
    for line in render('plain').split('\n'):
        line = re.sub(r'\x1b\[[0-9;]*m', '', line)
        assert len(line) <= width, f'{len(line)} columns: {line}'
    assert 'multikey' in render('plain') and 'no_needle' in render('controls')


def compare(path, got):
    if os.environ.get('FATHOM_GOLDEN') == 'write':
        with open(path, 'wb') as f:
            f.write(got)
        return
    with open(path, 'rb') as f:
        want = f.read()
    if got == want:
        return
    lines = [t.decode('utf-8', 'replace').splitlines() for t in (want, got)]
    print('\n'.join(line[:400] for line in list(difflib.unified_diff(
        *lines, 'golden', 'now', lineterm='', n=1))[:60]))
    sys.exit(f'{path} is not what is made now; look, then run once with FATHOM_GOLDEN=write')


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument('--fixture', required=True)
    p.add_argument('form', choices=FILES)
    args = p.parse_args()

    def make(kind, form=None):
        return subprocess.run([args.fixture, form or args.form, kind], stdout=subprocess.PIPE,
                              check=True).stdout

    def render(kind, form=None):
        return make(kind, form).decode('utf-8')

    checks = {'html': check_html, 'svg': check_svg, 'csv': check_csv, 'json': check_json}
    if args.form in checks:
        checks[args.form](render)
    else:
        check_terminal(render, args.form)
    compare(os.path.join(os.path.dirname(os.path.abspath(__file__)), FILES[args.form]), make('small'))


if __name__ == '__main__':
    main()
