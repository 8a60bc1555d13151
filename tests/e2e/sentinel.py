#!/usr/bin/env python3
"""One key, handed back by a server in every way it can: no output, file or process shows any of it.

The key is new in each run. The server answers by the first part of the path: it puts the key into
errors, headers, events and half-events, as it is and encoded. What a run leaves, what every command
then says of it, and what the system shows of the process are searched for the key, its forms, and
its first and last eight characters.
"""

import argparse
import base64
import concurrent.futures
import http.server
import json
import os
import random
import re
import shutil
import string
import subprocess
import sys
import tempfile
import threading
import urllib.parse

SECONDS = 60
SIGNS = '-_+/=.~'
SANITIZERS = re.compile(r'(AddressSanitizer|LeakSanitizer|runtime error:)')


def new_key():
    """48 characters, signs that encoders change among them, also near the ends."""
    chance = random.SystemRandom()
    letters = [chance.choice(string.ascii_letters + string.digits) for _ in range(48)]
    for place in (5, 12, 20, 27, 33, 43):
        letters[place] = chance.choice(SIGNS)
    return ''.join(letters)


KEY = new_key()
RAW = KEY.encode()


def inner(encode, before):
    """What of base64 is the key's alone, with so many bytes before it."""
    text = encode(b'x' * before + RAW).decode()
    return text[-(-8 * before // 6):8 * (before + len(RAW)) // 6]


ENCODINGS = {
    'raw': KEY,
    'hex': RAW.hex(),
    'HEX': RAW.hex().upper(),
    'percent': urllib.parse.quote(KEY, safe=''),
    'percent-all': ''.join(f'%{b:02X}' for b in RAW),
    'form': urllib.parse.quote_plus(KEY, safe='').replace('~', '%7E'),
    'json': json.dumps(KEY)[1:-1].replace('/', '\\/'),
    'json-all': ''.join(f'\\u{b:04x}' for b in RAW),
    **{f'base64-{n}': inner(base64.b64encode, n) for n in range(3)},
    **{f'base64url-{n}': inner(base64.urlsafe_b64encode, n) for n in range(3)},
}
NEEDLES = {**ENCODINGS, 'first eight': KEY[:8], 'last eight': KEY[-8:]}


def leaks(data):
    """The names of the forms that stand in these bytes."""
    return [name for name, text in NEEDLES.items() if text.encode() in data]


def chunk(delta, finish=None, **more):
    return json.dumps({'id': 'c', 'object': 'chat.completion.chunk', 'created': 1, 'model': 'm',
                       'choices': [{'index': 0, 'delta': delta, 'finish_reason': finish}], **more})


def stream(*contents, **more):
    """A good stream of these pieces."""
    usage = json.dumps({'id': 'c', 'object': 'chat.completion.chunk', 'created': 1, 'model': 'm',
                        'choices': [], 'usage': {'prompt_tokens': 1000, 'completion_tokens': 9}})
    events = [chunk({'content': c}, **more) for c in contents] + [chunk({}, 'stop'), usage, '[DONE]']
    return 200, {'Content-Type': 'text/event-stream'}, ''.join(f'data: {e}\n\n' for e in events)


def events(text):
    return 200, {'Content-Type': 'text/event-stream'}, text


def error(status, message, **more):
    return status, {'Content-Type': 'application/json'}, json.dumps({'error': {'message': message, **more}})


MODES = {
    'message': error(401, f'Incorrect API key provided: {KEY}.'),
    'masked': error(401, f'Incorrect API key provided: {KEY[:8]}****{KEY[-8:]}.'),
    'mostly': error(401, f'Incorrect API key provided: {KEY[:30]}...'),
    'code': error(400, 'no', code=KEY, type=KEY, param=KEY),
    'detail': (422, {'Content-Type': 'application/json'}, json.dumps({'detail': [{'msg': KEY, 'loc': [KEY]}]})),
    'embedded': error(502, json.dumps({'raw': json.dumps({'authorization': f'Bearer {KEY}'})})),
    'page': (403, {'Content-Type': 'text/html'}, f'<html><title>{KEY}</title><p>{KEY}</html>'),
    'wall': error(402, f'limit of {KEY} reached'),
    'long': error(400, 'x' * 4090 + KEY * 3),
    'headers': (500, {'Content-Type': 'application/json', 'X-Echo': KEY, 'X-Request-Id': KEY,
                      'Retry-After': KEY, 'WWW-Authenticate': f'Bearer {KEY}',
                      'X-RateLimit-Limit-Requests': KEY}, '{}'),
    'redirect': (307, {'Location': f'http://127.0.0.1:9/{KEY}'}, ''),
    'encoding': (200, {'Content-Encoding': KEY}, KEY),
    'type': (200, {'Content-Type': KEY}, KEY),
    'answer': stream('The key is ', KEY, '.'),
    'letters': stream(*KEY),
    'model': stream('Hello', model=KEY, system_fingerprint=KEY, id=KEY),
    'middle': events(f'data: {chunk({"content": "Hel"})}\n\ndata: {{"error":{{"message":"{KEY}"}}}}\n\n'),
    'comment': events(f': {KEY}\n\n' + stream('Hello')[2]),
    'event': events(f'event: {KEY}\ndata: {KEY}\n\n'),
    'broken': events(f'data: {{"choices": [{{"delta": "{KEY}\n\n'),
    'cut': events(f'data: {chunk({"content": KEY})}\n\ndata: {KEY}'),
    'refusal': events(f'data: {chunk({"refusal": KEY})}\n\n' + stream('')[2]),
    'reasoning': events(f'data: {chunk({"reasoning_content": KEY})}\n\n' + stream('Hello')[2]),
    'finish': events(f'data: {chunk({"content": "Hello"}, KEY)}\n\ndata: [DONE]\n\n'),
    'plain': (200, {'Content-Type': 'text/plain'}, KEY),
    **{f'in-{name}': stream('It is ', text[:9], text[9:], '!') for name, text in ENCODINGS.items()},
}
# In these the reader must have seen the key, so that the journal must say it was taken out.
FLAGGED = ['message', 'masked', 'mostly', 'answer', 'letters', 'model', 'refusal',
           *(f'in-{name}' for name in ENCODINGS)]


class Faults:
    """What went wrong, from all threads."""

    def __init__(self):
        self.lock, self.list = threading.Lock(), []

    def add(self, text):
        with self.lock:
            self.list.append(text)


faults = Faults()
pids = {}


def inspect(pid):
    """What the system shows of a process that holds the key."""
    for name in ('cmdline', 'environ'):
        try:
            with open(f'/proc/{pid}/{name}', 'rb') as f:
                found = leaks(f.read())
        except PermissionError:  # it is not dumpable, and we are not root
            continue
        if found:
            faults.add(f'/proc/PID/{name} shows the key: {found}')
    with open(f'/proc/{pid}/limits', encoding='ascii') as f:
        if not re.search(r'^Max core file size +0 +0 ', f.read(), re.M):
            faults.add('a core file may be written')


class Server(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        mode = self.path.split('/')[1]
        self.rfile.read(int(self.headers['Content-Length']))
        if self.headers['Authorization'] != f'Bearer {KEY}':
            faults.add(f'{mode}: the key did not arrive')
        if mode in pids:
            inspect(pids[mode])
        status, headers, body = MODES[mode]
        self.send_response(status, KEY if mode == 'headers' else None)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args):
        pass


class Work:
    def __init__(self, fathom, folder, port):
        self.fathom, self.folder, self.port = fathom, folder, port
        self.env = {'PATH': os.environ['PATH'], 'HOME': folder, 'LANG': 'C.UTF-8', 'TERM': 'dumb',
                    'XDG_CACHE_HOME': os.environ.get('FATHOM_E2E_CACHE', os.path.join(folder, 'cache'))}
        for name in ('ASAN_OPTIONS', 'UBSAN_OPTIONS', 'ASAN_SYMBOLIZER_PATH'):
            if name in os.environ:
                self.env[name] = os.environ[name]

    def command(self, what, args, extra=None, feed=None, statuses=None):
        """Runs one, and searches what it says."""
        with subprocess.Popen([self.fathom, *args], cwd=self.folder, env={**self.env, **(extra or {})},
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as p:
            pids[what] = p.pid
            out, err = p.communicate(feed, timeout=SECONDS)
        pids.pop(what)
        for name, data in (('stdout', out), ('stderr', err)):
            if leaks(data):
                faults.add(f'{what}: fathom {args[0]}: {name} holds {leaks(data)}: {data[:2000]}')
        if SANITIZERS.search(err.decode('utf-8', 'replace')):
            faults.add(f'{what}: a sanitizer spoke: {err.decode("utf-8", "replace")}')
        if statuses is not None and p.returncode not in statuses:
            faults.add(f'{what}: fathom {args[0]}: status {p.returncode}: {err[-600:]}')
        return out

    def run(self, mode, *args, extra=None, name=None):
        self.command(mode, ['run', '-m', f'local/{mode}', '--base-url',
                            f'http://127.0.0.1:{self.port}/{mode}/v1', '--name', name or mode,
                            '-l', '1k', '-d', '0', '-r', '1', '-v', *args], extra)

    def mode(self, mode):
        self.run(mode, '--key-env', 'SENTINEL_KEY', extra={'SENTINEL_KEY': KEY})
        with open(os.path.join(self.folder, 'runs', mode, 'journal.jsonl'), encoding='utf-8') as f:
            done = [row for row in map(json.loads, f) if row['t'] == 'done']
        if not done:
            faults.add(f'{mode}: nothing was sent')
        elif mode in FLAGGED and done[-1].get('redacted', 0) < 1:
            faults.add(f'{mode}: no line says that a key was taken out: {done[-1]}')
        self.command(mode, ['show', mode, '--json'], statuses=[0])

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 'w', encoding='utf-8') as f:
            f.write(text)

    def sources(self):
        """The same key from every other place where it may stand."""
        url = f'http://127.0.0.1:{self.port}/answer/v1'
        plan = 'fathom: 1\nname: %s\nmodels: {model: local/m, base_url: "%s", key: {%s}}\n' \
               'tasks: niah\nlength: 1k\ndepth: 0\nrepeats: 1\n'
        self.write('secret.key', KEY + '\r\n')
        self.write('file.yaml', plan % ('file', url, 'file: secret.key'))
        self.write('cmd.yaml', plan % ('cmd', url, 'cmd: [cat, secret.key]'))
        self.write('dotenv.yaml', plan % ('dotenv', url, 'env: DOTENV_KEY'))
        self.write('.env', f'OTHER="a\nb"\nexport DOTENV_KEY="{KEY}" # mine\n')
        for name in ('file', 'cmd', 'dotenv'):
            self.command(name, ['run', f'{name}.yaml', '-v'])
        self.command('set', ['keys', 'set', 'local', '--base-url', url], feed=RAW, statuses=[0])
        self.run('answer', name='stored')
        extra = {'OPENAI_API_KEY': KEY, 'MISTRAL_API_KEY': KEY}
        self.command('list', ['keys', 'list'], extra, statuses=[0])
        self.command('list', ['keys', 'list', '--json'], extra, statuses=[0])
        self.command('providers', ['providers', '--json'], extra, statuses=[0])
        self.command('argv', ['keys', 'set', 'local', 'sk-' + 'x' * 40], statuses=[2])
        for name in ('file', 'cmd', 'dotenv', 'stored'):
            if not os.path.exists(os.path.join(self.folder, 'runs', name, 'journal.jsonl')):
                faults.add(f'no run came of the key in: {name}')
        for name in ('secret.key', '.env'):
            os.unlink(os.path.join(self.folder, name))
        os.unlink(os.path.join(self.folder, '.config', 'fathom', 'keys'))

    def tell(self):
        for form in ('html', 'csv', 'json', 'svg'):
            self.command('report', ['report', 'answer', '-o', f'answer.{form}'])
        self.command('report', ['report', 'answer'])
        self.command('show', ['show'], statuses=[0])
        self.command('show', ['show', '--json'], statuses=[0])

    def search(self):
        count = 0
        for where, _, names in os.walk(self.folder):
            for name in names:
                path = os.path.join(where, name)
                count += 1
                with open(path, 'rb') as f:
                    found = leaks(f.read())
                if found:
                    faults.add(f'{os.path.relpath(path, self.folder)} holds {found}')
        return count


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument('--fathom', required=True)
    args = p.parse_args()
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    folder = os.path.realpath(tempfile.mkdtemp(prefix='fathom-sentinel-'))
    work = Work(os.path.abspath(args.fathom), folder, server.server_port)
    try:
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            list(pool.map(work.mode, MODES))
        work.sources()
        work.tell()
        count = work.search()
    finally:
        server.shutdown()
        shutil.rmtree(folder)
    for fault in faults.list:
        print(fault)
    print(f'{len(MODES)} ways of handing a key back, {len(NEEDLES)} forms searched for in {count} files')
    sys.exit(1 if faults.list else 0)


if __name__ == '__main__':
    main()
