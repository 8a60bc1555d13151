#!/usr/bin/env python3
"""A server on loopback that breaks the wire by script: the first part of the path names the script.

It prints its two ports and then answers one line of commands each with one line: `count` tells
connections, requests with a whole body, body bytes, and the connections of the second port;
`save PATH` keeps the next whole body in a file; `reset` sets the counts to zero. It ends when its
input does, and by itself after a minute.
"""

import itertools
import os
import socket
import struct
import sys
import threading

LIFE_S = 60
CHUNK = ('{"id":"c","object":"chat.completion.chunk","created":1,"model":"m-1",'
         '"choices":[{"index":0,"delta":%s,"finish_reason":%s}]}')
USAGE = ('{"id":"c","object":"chat.completion.chunk","created":1,"model":"m-1","choices":[],'
         '"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}')
EVENTS = [CHUNK % ('{"role":"assistant","content":""}', 'null'), CHUNK % ('{"content":"Hel"}', 'null'),
          CHUNK % ('{"content":"lo"}', 'null'), CHUNK % ('{}', '"stop"'), USAGE, '[DONE]']
SSE = 'text/event-stream'

lock = threading.Lock()
counts = {'connections': 0, 'bodies': 0, 'bytes': 0, 'second': 0}
save_to = []
second_port = 0


def add(name, number=1):
    with lock:
        counts[name] += number


def event(data):
    return f'data: {data}\n\n'.encode()


def head(status, *headers):
    return '\r\n'.join([f'HTTP/1.1 {status}', *headers, '', '']).encode()


def chunked(pieces):
    return b''.join(b'%x\r\n%s\r\n' % (len(p), p) for p in pieces) + b'0\r\n\r\n'


def answer():
    """A whole good answer, about 1,500 bytes."""
    return head('200 OK', f'Content-Type: {SSE}', 'Transfer-Encoding: chunked',
                'X-Request-Id: 0123456789', 'X-Padding: ' + 'p' * 300) + chunked(map(event, EVENTS))


def finish_end():
    """How many bytes of it bring the event that says why the model stopped."""
    whole = answer()
    return whole.index(b'\n\n', whole.index(b'"stop"')) + 2


class Conn:
    """One connection: its head is read, its body when the script wants it."""

    def __init__(self, sock):
        self.sock = sock
        self.rest = b''
        self.open = True

    def read_head(self):
        while b'\r\n\r\n' not in self.rest:
            more = self.sock.recv(65536)
            if not more:
                return False
            self.rest += more
        text, self.rest = self.rest.split(b'\r\n\r\n', 1)
        lines = text.decode('latin-1').split('\r\n')
        self.path = lines[0].split(' ')[1].strip('/').split('/')
        self.headers = {k.strip().lower(): v.strip() for k, v in
                        (line.split(':', 1) for line in lines[1:])}
        self.length = int(self.headers.get('content-length', 0))
        return True

    def read_body(self, limit=None, polite=True):
        if polite and self.headers.get('expect'):
            self.send(b'HTTP/1.1 100 Continue\r\n\r\n')
        want = self.length if limit is None else min(limit, self.length)
        got = bytearray(self.rest[:want])
        self.rest = self.rest[want:]
        while len(got) < want:
            more = self.sock.recv(min(65536, want - len(got)))
            if not more:
                break
            got += more
        add('bytes', len(got))
        if len(got) == self.length:
            add('bodies')
            with lock:
                path = save_to.pop() if save_to else None
            if path:
                with open(path, 'wb') as f:
                    f.write(got)

    def send(self, data):
        self.sock.sendall(data)

    def drip(self, piece, pause_s, stop=None):
        """The same again and again, until the other side has had enough."""
        sent = 0
        while stop is None or sent < stop:
            self.send(piece)
            sent += 1
            if pause_s:
                threading.Event().wait(pause_s)

    def wait_for_end(self):
        while self.sock.recv(65536):
            pass

    def reset(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        self.close()

    def close(self):
        self.sock.close()
        self.open = False


def with_body(c, *, after):
    c.read_body()
    after(c)


def do_keep(c):
    """The first request of a connection is answered and kept alive, the second dies unanswered."""
    for turn in itertools.count():
        if turn > 0 and not c.read_head():
            return
        c.read_body()
        if turn > 0:
            return
        c.send(answer())


def do_cut(c):
    at, how = int(c.path[1]), c.path[2]
    c.read_body()
    c.send(answer()[:at])
    if how == 'rst':
        c.reset()


def do_status(c):
    """/status/NUMBER/early|late: with or without reading the body first."""
    if c.path[2] == 'late':
        c.read_body()
    body = b'{"error":{"message":"because","type":"t","code":null}}'
    c.send(head(f'{c.path[1]} X', 'Content-Type: application/json', f'Content-Length: {len(body)}',
                'Retry-After: 2', 'Connection: close') + body)
    if c.path[2] == 'early':
        c.sock.shutdown(socket.SHUT_WR)
        c.wait_for_end()


def do_echo_key(c):
    c.read_body()
    body = ('{"error":{"message":"bad key %s","code":"x"}}' % c.headers.get('authorization')).encode()
    c.send(head('400 X', 'Content-Type: application/json', f'Content-Length: {len(body)}') + body)


def do_whole(c):
    c.read_body()
    body = ('\n\n{"id":"c","object":"chat.completion","created":1,"model":"m-1","choices":[{"index":0,'
            '"message":{"role":"assistant","content":"Hello","refusal":null},"finish_reason":"stop"}],'
            '"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}').encode()
    c.send(head('200 OK', 'Content-Type: application/json', f'Content-Length: {len(body)}') + body)


def do_raw(c):
    """/raw/NAME: the body is read, then these bytes come as they are."""
    c.read_body()
    c.send(RAW[c.path[1]])


def do_redirect(c):
    c.read_body()
    c.send(head(f'{c.path[1]} X', f'Location: http://127.0.0.1:{second_port}/v1', 'Content-Length: 0'))


def do_open_end(c):
    c.read_body()
    c.send(answer()[:-5])
    c.wait_for_end()


def do_deaf(c):
    c.read_body(polite=False)
    c.send(answer())


def do_lost(c):
    """/lost/BYTES/fin|rst: so much of the body is read."""
    c.read_body(limit=int(c.path[1]))
    if c.path[2] == 'rst':
        c.reset()


def stream_head():
    return head('200 OK', f'Content-Type: {SSE}')


SCRIPTS = {
    'ok': lambda c: with_body(c, after=lambda c: c.send(answer())),
    'whole': do_whole,
    'keep': do_keep,
    'cut': do_cut,
    'status': do_status,
    'echo-key': do_echo_key,
    'raw': do_raw,
    'redirect': do_redirect,
    'open-end': do_open_end,
    'deaf': do_deaf,
    'lost': do_lost,
    'silent': lambda c: with_body(c, after=Conn.wait_for_end),
    'stall': lambda c: threading.Event().wait(2),
    'comments': lambda c: with_body(c, after=lambda c: (
        c.send(stream_head()), c.drip(b': ping\n\n', 0.02))),
    'comments-later': lambda c: with_body(c, after=lambda c: (
        c.send(stream_head() + event(EVENTS[1])), c.drip(b': ping\n\n', 0.02))),
    'endless': lambda c: with_body(c, after=lambda c: (
        c.send(stream_head()), c.drip(event(EVENTS[1]) * 100, 0))),
    'headers': lambda c: with_body(c, after=lambda c: (
        c.send(b'HTTP/1.1 200 OK\r\n'), c.drip(b'X-Flood: ' + b'x' * 1000 + b'\r\n', 0))),
    'interim': lambda c: with_body(c, after=lambda c: c.drip(
        b'HTTP/1.1 103 Early Hints\r\nLink: ' + b'x' * 1000 + b'\r\n\r\n', 0)),
}

RAW = {
    'long-header': b'HTTP/1.1 200 OK\r\nX: ' + b'x' * 400000,
    'gzip': head('200 OK', f'Content-Type: {SSE}', 'Content-Encoding: gzip', 'Content-Length: 4') +
            b'\x1f\x8b\x08\x00',
    'te-gzip': head('200 OK', f'Content-Type: {SSE}', 'Transfer-Encoding: gzip, chunked') +
               b'4\r\n\x1f\x8b\x08\x00\r\n0\r\n\r\n',
    'bad-chunk': head('200 OK', f'Content-Type: {SSE}', 'Transfer-Encoding: chunked') + b'zz\r\nab\r\n',
    'huge-chunk': head('200 OK', f'Content-Type: {SSE}', 'Transfer-Encoding: chunked') +
                  b'f' * 40 + b'\r\nab\r\n',
    'long-length': head('200 OK', f'Content-Type: {SSE}', 'Content-Length: 9999') + event(EVENTS[1]),
    'short-length': head('200 OK', f'Content-Type: {SSE}', 'Content-Length: 20') +
                    b''.join(map(event, EVENTS)),
    'negative-length': head('200 OK', f'Content-Type: {SSE}', 'Content-Length: -5') + b'data',
    'giant-length': head('200 OK', f'Content-Type: {SSE}',
                         'Content-Length: 99999999999999999999999') + b'data',
    'html': head('200 OK', 'Content-Type: text/html', 'Content-Length: 14') + b'<html>no</html'[:14],
    'no-http': b'SSH-2.0-OpenSSH_9.2p1\r\n',
    'bad-json': head('200 OK', f'Content-Type: {SSE}') + event('{"choices":[') + event('[DONE]'),
    'error-inside': head('200 OK', f'Content-Type: {SSE}') + event(EVENTS[1]) +
                    event('{"error":{"message":"it broke","code":502}}'),
    'no-terminator': head('200 OK', f'Content-Type: {SSE}') + b''.join(map(event, EVENTS[:3])),
    'length-stop': head('200 OK', f'Content-Type: {SSE}') + event(CHUNK % ('{"content":"x"}', '"length"')),
    'http10': head('200 OK', f'Content-Type: {SSE}').replace(b'HTTP/1.1', b'HTTP/1.0') +
              b''.join(map(event, EVENTS)),
}


def serve(sock):
    sock.settimeout(20)
    add('connections')
    conn = Conn(sock)
    try:
        if conn.read_head():
            SCRIPTS[conn.path[0]](conn)
    except (OSError, ValueError):
        pass  # the other side had enough, which most scripts provoke
    finally:
        sock.close()


def serve_second(sock):
    add('second')
    sock.close()


def listen(target):
    """A port of its own choice, each connection of which is a thread's."""
    server = socket.create_server(('127.0.0.1', 0), backlog=256)

    def accept():
        while True:
            sock, _ = server.accept()
            threading.Thread(target=target, args=(sock,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return server.getsockname()[1]


def main():
    global second_port
    second_port = listen(serve_second)
    timer = threading.Timer(LIFE_S, lambda: os._exit(1))
    timer.daemon = True
    timer.start()
    print(listen(serve), second_port, len(answer()), finish_end(), flush=True)
    for line in sys.stdin:
        words = line.split()
        with lock:
            if words[0] == 'reset':
                counts.update(dict.fromkeys(counts, 0))
            elif words[0] == 'save':
                save_to.append(words[1])
            print(*counts.values(), flush=True)


main()
