#!/usr/bin/env python3
"""Runs one table of faults: a simulator, a run with a model for each row, and how each must end."""

import argparse
import collections
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile

import tables

# What a run may take more than one that meets nothing: an answer's largest size, many times over.
MEMORY_MORE_KB = 48 << 10
MODELS_MAX = 60  # of one plan
GOOD_EVERY = 12  # a run gives up where twenty in a row come to nothing
SANITIZERS = re.compile(r'(AddressSanitizer|LeakSanitizer|runtime error:)')


class Sim:
    """A simulator on a port it chose itself."""

    def __init__(self, fathom, work, name, config):
        self.history = os.path.join(work, f'{name}.jsonl')
        path = os.path.join(work, f'{name}.yaml')
        with open(path, 'w', encoding='utf-8') as f:
            f.write(config)
        self.log = open(os.path.join(work, f'{name}.log'), 'w+', encoding='utf-8')
        self.process = subprocess.Popen([fathom, 'sim', '--config', path, '--history', self.history],
                                        cwd=work, text=True, stdout=subprocess.PIPE, stderr=self.log)
        first = self.process.stdout.readline()
        m = re.fullmatch(r'listening on (http://127\.0\.0\.1:(\d+))/v1\n', first)
        if not m:
            self.log.seek(0)
            sys.exit(f'the simulator said "{first}" and: {self.log.read()}')
        self.url, self.port = m.groups()

    def stop(self):
        """Its history, by kinds of lines."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(30)
        self.process.stdout.close()
        self.log.close()
        lines = collections.defaultdict(list)
        with open(self.history, encoding='utf-8') as f:
            for line in map(json.loads, f):
                lines[line['t']].append(line)
        if status != 0:
            sys.exit(f'the simulator ended with status {status}')
        return lines


def config_of(rows, second):
    """Each row is a model and a path of its own, so that its rule fires for it alone, early or late."""
    lines = ['models:']
    lines += [f'  {name}: {{}}' for name, _, _ in rows]
    lines += ['faults:']
    for name, rule, _ in rows:
        if rule is not None:
            rule = rule.replace('$SECOND', second.url).replace('$PORT', second.port)
            lines.append(f'  - {{when: {{path: /{name}/}}, {rule}}}')
    return '\n'.join(lines) + '\n'


def plan_of(name, table, rows, url):
    models = ''.join(f'  - {{model: "sim/{row[0]}", base_url: "{url}/{row[0]}/v1"}}\n' for row in rows)
    return (f'fathom: 1\nname: {name}\nmodels:\n{models}length: [{table.length}]\ndepth: [50]\n'
            f'repeats: 1\nretry: {{free: 1}}\npace: {{concurrency: {table.concurrency}}}\n'
            f'deadline: {{{table.deadline}}}\n')


def run(fathom, work, plan_name, plan, **more_env):
    """Its journal, its peak of memory in KB, and its status."""
    path = os.path.join(work, f'{plan_name}.yaml')
    with open(path, 'w', encoding='utf-8') as f:
        f.write(plan)
    env = dict(os.environ, HOME=work, LANG='C.UTF-8')
    env['XDG_CACHE_HOME'] = os.environ.get('FATHOM_E2E_CACHE', os.path.join(work, 'cache'))
    # The sanitizer keeps what was freed, and that is no growth of ours.
    env['ASAN_OPTIONS'] = os.environ.get('ASAN_OPTIONS', '') + ':quarantine_size_mb=1'
    for name in 'http_proxy', 'https_proxy', 'all_proxy', 'no_proxy', 'curl_ca_bundle', 'ssl_cert_file':
        env.pop(name, None)
        env.pop(name.upper(), None)
    env |= more_env
    process = subprocess.Popen([fathom, 'run', path, '-q'], cwd=work, env=env,
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True)
    said = process.stderr.read()
    process.stderr.close()
    _, wait_status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(wait_status)
    if SANITIZERS.search(said):
        sys.exit(f'a sanitizer spoke:\n{said}')
    journal = os.path.join(work, 'runs', plan_name, 'journal.jsonl')
    if not os.path.exists(journal):
        sys.exit(f'status {process.returncode}, no journal: {said}')
    with open(journal, encoding='utf-8') as f:
        return [json.loads(line) for line in f], usage.ru_maxrss, process.returncode


class Judge:
    """What is wrong, all of it."""

    def __init__(self):
        self.faults = []
        self.checks = 0

    def check(self, good, what):
        self.checks += 1
        if not good:
            self.faults.append(what)


def judge_rows(judge, rows, journal):
    """Every row's outcome; returns the attempts and digest of each."""
    model_of = {line['trial']: line['model'].removeprefix('sim/') for line in journal
               if line['t'] == 'trial'}
    done = {model_of[line['trial']]: line for line in journal if line['t'] == 'done'}
    graded = {model_of[line['trial']]: line['outcome'] for line in journal if line['t'] == 'score'}
    sends = collections.Counter(model_of[line['trial']] for line in journal if line['t'] == 'send')
    for name, rule, wanted in rows:
        line = done.get(name)
        if line is None:
            judge.check(False, f'{name}: it was not sent, or never settled')
            continue
        outcome = graded.get(name, line['outcome'])
        end = outcome if line['reason'] is None else f'{outcome} {line["reason"]}'
        wanted = [wanted] if isinstance(wanted, str) else wanted
        judge.check(end in wanted, f'{name} ({rule}): {end}, not {" or ".join(wanted)}: HTTP '
                                   f'{line["status"]}: {line.get("error")}')
        judge.check(sends[name] == 1, f'{name}: it was sent {sends[name]} times')
    return done


def judge_history(judge, rows, done, history):
    """Nothing arrived that was not sent by the journal, and no rule was silent."""
    bodies = collections.Counter(line['body_digest'] for line in history['body'] if line['complete'])
    judge.check(len(history['connection']) == len(rows),
                f'{len(history["connection"])} connections for {len(rows)} attempts')
    for name, _, _ in rows:
        if name in done:
            count = bodies[done[name]['body_digest']]
            judge.check(count <= 1, f'{name}: {count} whole bodies arrived of one attempt')
    fired = {line['fault_line'] for line in history['end'] if line['fault'] is not None}
    faults = sum(rule is not None for _, rule, _ in rows)
    judge.check(len(fired) == faults, f'{len(fired)} of {faults} rules fired')


def name_of(row):
    """A row's name as a model and as a part of a path."""
    return re.sub(r'[^a-z0-9]+', '-', row.replace('%', 'p').lower()).strip('-')


def with_good(rows):
    """Good rows between the others: the endpoint proves itself first, and the last was reached."""
    more = []
    for i, row in enumerate(rows):
        if len(more) % GOOD_EVERY == 0:
            more.append((f'good-{i}', *tables.GOOD))
        more.append(row)
    return more + [('good-last', *tables.GOOD)]


def run_rows(fathom, work, name, table, rows, url, judge):
    """The rows in as many runs as they need."""
    done, peak_kb = {}, 0
    for first in range(0, len(rows), MODELS_MAX):
        part = rows[first:first + MODELS_MAX]
        one = f'{name}-{first}'
        journal, kb, status = run(fathom, work, one, plan_of(one, table, part, url))
        done |= judge_rows(judge, part, journal)
        judge.check(journal[-1]['why'] == 'done',
                    f'{one} ended because of {journal[-1]["why"]}')
        judge.check(status in (0, 5), f'{one} ended with status {status}')
        peak_kb = max(peak_kb, kb)
    return done, peak_kb


def run_table(fathom, work, name):
    table = tables.TABLES[name]
    rows = [(name_of(row[0]), *row[1:]) for row in table.rows()]
    rows = with_good(rows)
    judge = Judge()
    second = Sim(fathom, work, 'second', 'models: {perfect: {}}\n')
    sim = Sim(fathom, work, 'first', config_of(rows, second))
    try:
        _, calm_kb, _ = run(fathom, work, 'calm', plan_of('calm', table, rows[:1], sim.url))
        done, peak_kb = run_rows(fathom, work, name, table, rows, sim.url, judge)
    finally:
        history = sim.stop()
        elsewhere = second.stop()
    history['connection'].pop(0)  # the calm run's
    history['body'].pop(0)
    judge_history(judge, rows, done, history)
    judge.check(not elsewhere['connection'], 'somebody called at the second port')
    judge.check(peak_kb <= calm_kb + MEMORY_MORE_KB, f'{peak_kb} KB, where a calm run has {calm_kb}')
    print(f'{name}: {len(rows)} rows, {judge.checks} checks, peak {peak_kb} KB (calm {calm_kb}), '
          f'{resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime:.1f} s of processor')
    return judge.faults


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument('--fathom', required=True)
    p.add_argument('--keep', action='store_true', help='leave the work folder')
    p.add_argument('table', choices=sorted(tables.TABLES))
    args = p.parse_args()
    work = os.path.realpath(tempfile.mkdtemp(prefix='fathom-fault-'))
    try:
        faults = run_table(os.path.abspath(args.fathom), work, args.table)
    finally:
        if args.keep:
            print(f'left in {work}')
        else:
            shutil.rmtree(work, ignore_errors=True)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main())
