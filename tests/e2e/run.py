#!/usr/bin/env python3
"""Runs one case: files, a simulator, commands, and what each must answer. See README.md."""

import argparse
import fcntl
import json
import os
import pty
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios

# Handed to cases as $KEY. It may appear in no output and in no file but those the case wrote.
SENTINEL = 'e2e-sentinel-5b1f0e7c9a3d4482b6d1c05f7e2a9943'
COMMAND_SECONDS = 120
SANITIZERS = re.compile(r'(AddressSanitizer|LeakSanitizer|runtime error:)')


class Fault(Exception):
    """What went wrong, for people."""


def read_case(path):
    """The sections, in order, as (name, argument, lines)."""
    sections = []
    with open(path, encoding='utf-8') as f:
        for line in f.read().split('\n'):
            m = re.fullmatch(r'\[(\w+)(?: (.+))?\]', line)
            if m:
                sections.append((m.group(1), m.group(2), []))
            elif sections:
                sections[-1][2].append(line)
            elif line and not line.startswith('#'):
                raise Fault(f'{path}: "{line}" stands before the first section')
    return [(name, argument, '\n'.join(lines).strip('\n')) for name, argument, lines in sections]


def pattern_of(golden):
    """A golden text as a pattern: {{…}} is a regular expression, a line "..." any lines."""
    parts = []
    for line in golden.split('\n'):
        if line == '...':
            parts.append(r'(?:.*\n)*')
            continue
        words = re.split(r'\{\{(.*?)\}\}', line)
        parts.append(''.join(f'(?:{w})' if i % 2 else re.escape(w) for i, w in enumerate(words)) + r'\n')
    return re.compile(''.join(parts)) if golden else re.compile('')


def matches(part, whole):
    """Does `whole` hold everything that `part` names?"""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(k in whole and matches(v, whole[k])
                                               for k, v in part.items())
    return part == whole


class Case:
    def __init__(self, path, fathom, work):
        self.path, self.fathom, self.work = path, fathom, work
        self.sims = []
        self.env = {
            'PATH': os.path.dirname(fathom) + ':' + os.environ['PATH'],
            'HOME': work,
            'XDG_CACHE_HOME': os.environ.get('FATHOM_E2E_CACHE', os.path.join(work, 'cache')),
            'LANG': 'C.UTF-8',
            'TERM': 'dumb',
            'COLUMNS': '80',
            'KEY': SENTINEL,
        }
        for name in ('ASAN_OPTIONS', 'UBSAN_OPTIONS', 'ASAN_SYMBOLIZER_PATH'):
            if name in os.environ:
                self.env[name] = os.environ[name]
        self.last = None

    def start_sim(self, argument, text):
        number = len(self.sims) + 1
        config = os.path.join(self.work, f'sim{number}.yaml')
        with open(config, 'w', encoding='utf-8') as f:
            f.write(text + '\n')
        history = os.path.join(self.work, f'history{number}.jsonl')
        command = [self.fathom, 'sim', '--history', history]
        command += ['-p', argument] if argument else []
        command += ['--config', config] if text else []
        log = open(os.path.join(self.work, f'sim{number}.log'), 'w', encoding='utf-8')
        sim = subprocess.Popen(command, cwd=self.work, env=self.env, text=True,
                               stdout=subprocess.PIPE, stderr=log)
        log.close()
        self.sims.append(sim)
        first = sim.stdout.readline()
        m = re.fullmatch(r'listening on (http://127\.0\.0\.1:\d+/v1)\n', first)
        if not m:
            with open(log.name, encoding='utf-8') as f:
                raise Fault(f'the simulator said "{first}" first, and on stderr: {f.read()}')
        self.env['URL'] = m.group(1)
        self.env['HISTORY'] = history

    def stop_sims(self):
        for sim in self.sims:
            sim.send_signal(signal.SIGTERM)
        for sim in self.sims:
            try:
                code = sim.wait(30)
            except subprocess.TimeoutExpired:
                sim.kill()
                sim.wait()
                raise Fault('the simulator did not stop at SIGTERM') from None
            sim.stdout.close()
            if code != 0:
                raise Fault(f'the simulator ended with status {code}')
        self.sims = []

    def command(self, text):
        done = subprocess.run(['sh', '-c', text], cwd=self.work, env=self.env, timeout=COMMAND_SECONDS,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              check=False)
        out, err = done.stdout.decode('utf-8'), done.stderr.decode('utf-8')
        if SANITIZERS.search(err):
            raise Fault(f'a sanitizer spoke:\n{err}')
        if SENTINEL in out or SENTINEL in err:
            raise Fault(f'the key was printed by: {text}')
        self.last = {'command': text, 'status': done.returncode, 'stdout': out, 'stderr': err}

    def terminal(self, answer, text):
        """The command on a terminal of its own, 100 columns wide; "[y/N] " gets `answer`."""
        pid, fd = pty.fork()
        if pid == 0:
            os.chdir(self.work)
            os.execvpe('sh', ['sh', '-c', text], {**self.env, 'TERM': 'xterm-256color'})
        fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', 50, 100, 0, 0))
        out = b''
        while True:
            try:
                got = os.read(fd, 65536)
            except OSError:  # how Linux says that the other end is closed
                break
            if not got:
                break
            out += got
            if got.endswith(b'[y/N] '):
                os.write(fd, (answer or '').encode() + b'\n')
        os.close(fd)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        shown = out.decode('utf-8').replace('\r\n', '\n')
        self.last = {'command': text, 'status': status, 'stdout': shown, 'stderr': shown}

    def contains(self, wanted):
        for line in wanted.split('\n'):
            if line.replace('\\e', '\x1b') not in self.last['stdout']:
                raise Fault(f'"{line}" is not in the output of: {self.last["command"]}\n'
                            f'{self.last["stdout"]}')

    def judge(self, stream, golden):
        got = self.last[stream].replace(self.env.get('URL', '\0'), '$URL').replace(self.work, '$WORK')
        if got and not got.endswith('\n'):
            got += '\n'
        if not pattern_of(golden).fullmatch(got):
            raise Fault(f'{stream} of: {self.last["command"]}\n--- wanted\n{golden}\n--- got\n{got}---')

    def judge_rows(self, run, wanted):
        with open(os.path.join(self.work, 'runs', run, 'journal.jsonl'), encoding='utf-8') as f:
            rows = [json.loads(line) for line in f]
        for line in wanted.split('\n'):
            count, part = line.split(' ', 1)
            found = sum(matches(json.loads(part), row) for row in rows)
            if found != int(count):
                raise Fault(f'runs/{run}: {found} rows are {part}, not {count}')

    def step(self, name, argument, text):
        if name == 'sim':
            self.start_sim(argument, text)
        elif name == 'simsh':
            done = subprocess.run(['sh', '-e', '-c', text], check=True, text=True,
                                  stdout=subprocess.PIPE)
            self.start_sim(argument, done.stdout)
        elif name == 'stop':
            self.stop_sims()
        elif name == 'file':
            os.makedirs(os.path.dirname(os.path.join(self.work, argument)), exist_ok=True)
            with open(os.path.join(self.work, argument), 'w', encoding='utf-8') as f:
                f.write(text.replace('$URL', self.env.get('URL', '$URL')) + '\n')
        elif name == 'setup':
            done = subprocess.run(['sh', '-e', '-c', text], cwd=self.work, env=self.env, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
            if done.returncode != 0:
                raise Fault(f'setup failed:\n{done.stdout}')
        elif name == 'run':
            self.command(text)
        elif name == 'tty':
            self.terminal(argument, text)
        elif name == 'contains':
            self.contains(text)
        elif name == 'status':
            if self.last['status'] != int(text):
                raise Fault(f'status {self.last["status"]}, not {text}, of: {self.last["command"]}\n'
                            f'{self.last["stderr"]}')
        elif name in ('stdout', 'stderr'):
            self.judge(name, text)
        elif name == 'rows':
            self.judge_rows(argument, text)
        else:
            raise Fault(f'{self.path}: there is no section [{name}]')

    def search_key(self):
        for where, _, names in os.walk(self.work):
            for name in names:
                path = os.path.join(where, name)
                # What a case itself wrote, and asked the simulator to want, is not ours.
                if name.endswith('.key') or re.fullmatch(r'sim\d+\.yaml', name):
                    continue
                with open(path, 'rb') as f:
                    if SENTINEL.encode() in f.read():
                        raise Fault(f'the key stands in {os.path.relpath(path, self.work)}')

    def run(self):
        try:
            for section in read_case(self.path):
                self.step(*section)
        finally:
            for sim in self.sims:
                sim.send_signal(signal.SIGCONT)
            self.stop_sims()
        self.search_key()


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument('--fathom', required=True)
    p.add_argument('--keep', action='store_true', help='leave the work folder')
    p.add_argument('case')
    args = p.parse_args()
    work = os.path.realpath(tempfile.mkdtemp(prefix='fathom-e2e-'))
    try:
        Case(args.case, os.path.abspath(args.fathom), work).run()
    except Fault as fault:
        print(f'{args.case}: {fault}')
        return 1
    finally:
        if args.keep:
            print(f'left in {work}')
        else:
            subprocess.run(['chmod', '-R', 'u+rwX', work], check=False)
            shutil.rmtree(work, ignore_errors=True)
    return 0


if __name__ == '__main__':
    sys.exit(main())
