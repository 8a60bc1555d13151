#!/usr/bin/env python3
"""Runs every command of the README's sh blocks, in order, against the simulator."""

import argparse
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile

SECONDS = 300


def commands(path):
    """The lines of all ```sh blocks."""
    with open(path, encoding='utf-8') as f:
        blocks = re.findall(r'^```sh\n(.*?)^```$', f.read(), re.M | re.S)
    return [line for block in blocks for line in block.splitlines() if line]


def free_port():
    """The README names a port; whatever listens there on this machine is not ours."""
    with socket.socket() as one:
        one.bind(('127.0.0.1', 0))
        return str(one.getsockname()[1])


def check_script(root, line):
    """`sh some/script.sh`: continuous integration runs these; here they must be there and parse."""
    path = os.path.join(root, line.split()[1])
    return subprocess.run(['sh', '-n', path], check=False).returncode == 0


def start_sim(fathom, line, work, env):
    sim = subprocess.Popen([fathom] + shlex.split(line)[1:], cwd=work, env=env, text=True,
                           stdout=subprocess.PIPE)
    first = sim.stdout.readline()
    print(first, end='')
    return sim if first.startswith('listening on ') else None


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument('--fathom', required=True)
    p.add_argument('--root', required=True)
    args = p.parse_args()
    fathom = os.path.abspath(args.fathom)
    work = tempfile.mkdtemp(prefix='fathom-readme-')
    env = {**os.environ, 'PATH': os.path.dirname(fathom) + ':' + os.environ['PATH'],
           'XDG_CACHE_HOME': os.environ.get('FATHOM_E2E_CACHE', work + '/cache'), 'TERM': 'dumb'}
    sims, failed = [], []
    port = free_port()
    try:
        for line in commands(os.path.join(args.root, 'README.md')):
            print(f'$ {line}', flush=True)
            line = line.replace('8808', port)
            if line.startswith('sh '):
                good = check_script(args.root, line)
            elif line.startswith('fathom sim '):
                sims.append(start_sim(fathom, line, work, env))
                good = sims[-1] is not None
            else:
                good = subprocess.run(['sh', '-c', line], cwd=work, env=env, timeout=SECONDS,
                                      stdin=subprocess.DEVNULL, check=False).returncode == 0
            if not good:
                failed.append(line)
    finally:
        for sim in filter(None, sims):
            sim.terminate()
            sim.wait(30)
        shutil.rmtree(work, ignore_errors=True)
    for line in failed:
        print(f'README.md: failed: {line}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
