#!/usr/bin/env python3
"""How fast a journal of 10,000 trials is read, beside other readers of the same file, in one run."""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROUNDS = 5


def best(read):
    """The fastest of a few rounds, in seconds, and what was read."""
    took, lines = float('inf'), 0
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        lines = read()
        took = min(took, time.perf_counter() - begin)
    return took, lines


def by_python(path):
    with open(path, encoding='utf-8') as file:
        return sum(1 for line in file if json.loads(line))


def by_jq(path):
    done = subprocess.run(['jq', '-c', '.t', path], stdout=subprocess.PIPE, check=True)
    return done.stdout.count(b'\n')


def main():
    if len(sys.argv) < 2:
        sys.exit('history.py BUILD-FOLDER [TRIALS]')
    bench = pathlib.Path(sys.argv[1]) / 'tests/bench/bench_history'
    trials = sys.argv[2] if len(sys.argv) > 2 else '10000'
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([bench, 'make', folder, trials], check=True)
        path = pathlib.Path(folder) / 'journal.jsonl'
        size = path.stat().st_size
        said = subprocess.run([bench, 'read', folder], stdout=subprocess.PIPE, text=True, check=True)
        lines, ns = map(int, said.stdout.split())
        rows = [('fathom: every x and i checked, states derived', int(ns) / 1e9, lines),
                ('python: json.loads', *best(lambda: by_python(path)))]
        if shutil.which('jq'):
            rows.append(('jq -c .t', *best(lambda: by_jq(path))))
    print(f'{trials} trials, {lines} lines, {size / 1e6:.1f} MB; the best of {ROUNDS} rounds each')
    for name, took, count in rows:
        print(f'{name:<48} {took:7.3f} s {size / took / 1e6:7.1f} MB/s  {took / rows[0][1]:5.2f} ×'
              + ('' if count == lines else f'  read {count} lines'))


if __name__ == '__main__':
    main()
