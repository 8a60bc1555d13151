#!/usr/bin/env python3
"""TLS that cannot be trusted, and proxies: the simulator behind relays of OpenSSL, by Python's ssl."""

import argparse
import datetime
import os
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading

import fault

HOST = 'endpoint.test'  # no such name is anywhere: only a proxy knows it
LIFE_S = 60
HIT, UNREACHABLE = 'hit', 'failed unreachable'


class Authority:
    """Certificates: one authority, and what it and nobody signed."""

    def __init__(self, folder):
        self.folder = folder
        self.openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
                     '-subj', '/CN=Authority', '-days', '2', '-keyout', 'ca.key', '-out', 'ca.pem')
        with open(self.path('ca.cnf'), 'w', encoding='utf-8') as f:
            f.write('[ca]\ndefault_ca = d\n[d]\ndatabase = index\nserial = serial\nnew_certs_dir = .\n'
                    'default_md = sha256\npolicy = p\ncopy_extensions = copy\nunique_subject = no\n'
                    '[p]\ncommonName = supplied\n')
        for name, text in ('index', ''), ('serial', '01\n'):
            with open(self.path(name), 'w', encoding='utf-8') as f:
                f.write(text)

    def path(self, name):
        return os.path.join(self.folder, name)

    def openssl(self, *words):
        subprocess.run(['openssl', *words], cwd=self.folder, check=True, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def make(self, name, alt, *, days=(-1, 1), signed=True):
        """A certificate and key in one file, for these names, from and until so many days from now."""
        request = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', f'/CN={name}',
                   '-addext', f'subjectAltName={alt}', '-keyout', f'{name}.key']
        if signed:
            now = datetime.datetime.now(datetime.timezone.utc)
            begin, end = ((now + datetime.timedelta(days=d)).strftime('%Y%m%d%H%M%SZ') for d in days)
            self.openssl('req', *request, '-out', f'{name}.csr')
            self.openssl('ca', '-batch', '-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key',
                         '-notext', '-startdate', begin, '-enddate', end, '-in', f'{name}.csr',
                         '-out', f'{name}.crt')
        else:
            self.openssl('req', '-x509', *request, '-days', '2', '-out', f'{name}.crt')
        with open(self.path(f'{name}.pem'), 'wb') as whole:
            for part in 'key', 'crt':
                with open(self.path(f'{name}.{part}'), 'rb') as f:
                    whole.write(f.read())
        return self.path(f'{name}.pem')


def pump(source, sink):
    """Bytes one way, until they end; then the other side is told."""
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except (OSError, ValueError):
        pass
    try:
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def join(one, other):
    thread = threading.Thread(target=pump, args=(one, other), daemon=True)
    thread.start()
    pump(other, one)
    thread.join(LIFE_S)


class Relay:
    """A port whose connections are handed, one thread each, to `serve`."""

    def __init__(self, serve):
        self.serve = serve
        self.calls = 0
        self.said = []  # first bytes of each call, for proxies
        self.server = socket.create_server(('127.0.0.1', 0), backlog=64)
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            sock, _ = self.server.accept()
            self.calls += 1
            threading.Thread(target=self.one, args=(sock,), daemon=True).start()

    def one(self, sock):
        sock.settimeout(LIFE_S)
        with sock:
            try:
                self.serve(self, sock)
            except (OSError, ValueError):
                pass  # the client had enough, which most of these provoke


def tls(pem, port, low=ssl.TLSVersion.TLSv1_2, high=ssl.TLSVersion.TLSv1_3):
    """A relay that ends TLS and goes on in clear to a port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if low < ssl.TLSVersion.TLSv1_2:
        context.set_ciphers('ALL:@SECLEVEL=0')
    context.minimum_version, context.maximum_version = low, high
    context.load_cert_chain(pem)

    def serve(_, sock):
        with context.wrap_socket(sock, server_side=True) as inner:
            with socket.create_connection(('127.0.0.1', port)) as out:
                join(inner, out)
    return Relay(serve)


def read_head(sock):
    head = b''
    while b'\r\n\r\n' not in head:
        more = sock.recv(1)
        if not more:
            raise OSError('no whole head')
        head += more
    return head


def proxy(port, answer=b'HTTP/1.1 200 Connection established\r\n\r\n'):
    """A proxy that knows one host: CONNECT gets `answer`, whatever is asked in clear goes to a port."""
    def serve(relay, sock):
        head = read_head(sock)
        relay.said.append(head.split(b'\r\n')[0].decode())
        if head.startswith(b'CONNECT ') and not answer.startswith(b'HTTP/1.1 200'):
            sock.sendall(answer)
            return
        with socket.create_connection(('127.0.0.1', port)) as out:
            if head.startswith(b'CONNECT '):
                sock.sendall(answer)
            else:
                out.sendall(head)
            join(sock, out)
    return Relay(serve)


def breaking(what):
    """Bytes where a handshake should be, then FIN or RST."""
    def serve(_, sock):
        sock.recv(65536)
        if what is None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        else:
            sock.sendall(what)
    return Relay(serve)


def plan_of(name, url, more=''):
    return (f'fathom: 1\nname: {name}\nmodels:\n  - {{model: sim/perfect, base_url: "{url}"{more}}}\n'
            'length: [1k]\ndepth: [50]\nrepeats: 1\nretry: {free: 1}\n'
            'deadline: {connect: 10s, first: 20s}\n')


def end_of(journal):
    last = [line for line in journal if line['t'] in ('done', 'score')][-1]
    return last['outcome'] if last.get('reason') is None else f'{last["outcome"]} {last["reason"]}'


def cases(authority, sim_port):
    """Name, URL, environment, how it ends, and the relay that must have been called, or not."""
    bundle = {'CURL_CA_BUNDLE': authority.path('ca.pem')}
    good = authority.make('localhost', 'DNS:localhost,IP:127.0.0.1')
    v10, v11, v12, v13 = (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2,
                          ssl.TLSVersion.TLSv1_3)

    def direct(name, relay, env, end, host='localhost'):
        return name, f'https://{host}:{relay.port}/v1', env, end, relay, True

    yield direct('good', tls(good, sim_port), bundle, HIT)
    yield direct('good-by-address', tls(good, sim_port), bundle, HIT, '127.0.0.1')
    yield direct('bundle-of-openssl', tls(good, sim_port), {'SSL_CERT_FILE': authority.path('ca.pem')}, HIT)
    yield direct('tls-1-2', tls(good, sim_port, v12, v12), bundle, HIT)
    yield direct('tls-1-3', tls(good, sim_port, v13, v13), bundle, HIT)
    yield direct('tls-1-0', tls(good, sim_port, v10, v10), bundle, UNREACHABLE)
    yield direct('tls-1-1', tls(good, sim_port, v10, v11), bundle, UNREACHABLE)
    yield direct('unknown-authority', tls(good, sim_port), {}, UNREACHABLE)
    yield direct('no-such-bundle', tls(good, sim_port), {'CURL_CA_BUNDLE': '/nonexistent'}, UNREACHABLE)
    yield direct('expired', tls(authority.make('expired', 'DNS:localhost', days=(-3, -1)), sim_port),
                 bundle, UNREACHABLE)
    yield direct('not-yet', tls(authority.make('not-yet', 'DNS:localhost', days=(1, 3)), sim_port),
                 bundle, UNREACHABLE)
    yield direct('wrong-host', tls(authority.make('wrong', 'DNS:other.test'), sim_port), bundle, UNREACHABLE)
    yield direct('wrong-address', tls(authority.make('name', 'DNS:localhost'), sim_port), bundle,
                 UNREACHABLE, '127.0.0.1')
    yield direct('self-signed', tls(authority.make('self', 'DNS:localhost', signed=False), sim_port),
                 bundle, UNREACHABLE)
    yield direct('no-tls', breaking(b'HTTP/1.1 400 Bad Request\r\n\r\n'), bundle, UNREACHABLE)
    yield direct('fin-for-a-handshake', breaking(b''), bundle, UNREACHABLE)
    yield direct('reset-for-a-handshake', breaking(None), bundle, UNREACHABLE)

    def by(name, scheme, relay, env, end, called=True):
        return name, f'{scheme}://{HOST}/v1', env, end, relay, called

    hosted = tls(authority.make('hosted', f'DNS:{HOST}'), sim_port)
    for name, scheme, relay, end in (
            ('proxy-clear', 'http', proxy(sim_port), HIT),
            ('proxy-tls', 'https', proxy(hosted.port), HIT),
            ('proxy-in-the-middle', 'https', proxy(tls(good, sim_port).port), UNREACHABLE),
            ('proxy-refuses', 'https', proxy(sim_port, b'HTTP/1.1 403 Forbidden\r\n\r\n'), UNREACHABLE),
            ('proxy-asks', 'https', proxy(sim_port, b'HTTP/1.1 407 Who\r\n\r\n'), UNREACHABLE),
            ('proxy-garbage', 'https', breaking(b'\x00\xff what'), UNREACHABLE)):
        variable = 'https_proxy' if scheme == 'https' else 'http_proxy'
        yield by(name, scheme, relay, bundle | {variable: f'http://127.0.0.1:{relay.port}'}, end)
    unasked = proxy(sim_port)
    yield ('proxy-not-for-loopback', f'http://127.0.0.1:{sim_port}/v1',
           {'http_proxy': f'http://127.0.0.1:{unasked.port}'}, HIT, unasked, False)


def run_cases(fathom, work, judge):
    folder = os.path.join(work, 'certificates')
    os.mkdir(folder)
    sim = fault.Sim(fathom, work, 'sim', 'models: {perfect: {}}\n')
    hits = count = 0
    try:
        for name, url, env, want, relay, called in cases(Authority(folder), int(sim.port)):
            journal, _, _ = fault.run(fathom, work, name, plan_of(name, url), **env)
            end = end_of(journal)
            error = [line.get('error') for line in journal if line['t'] == 'done'][-1]
            judge.check(end == want, f'{name}: {end}, not {want}: {error}')
            judge.check(relay.calls == (1 if called else 0), f'{name}: {relay.calls} calls')
            hits += want == HIT
            count += 1
        refuse_clear(fathom, work, judge)
    finally:
        history = sim.stop()
    # What was not trusted got no byte of a request, and so the simulator none either.
    judge.check(len(history['body']) == hits, f'{len(history["body"])} bodies for {hits} answers')
    judge.check(all(line['complete'] for line in history['body']), 'a body broke off')
    return count


def refuse_clear(fathom, work, judge):
    """E11: a key never leaves in clear, not even to a proxy."""
    relay = proxy(9)
    path = os.path.join(work, 'clear.yaml')
    with open(path, 'w', encoding='utf-8') as f:
        f.write(plan_of('clear', f'http://{HOST}/v1', ', key: {env: SOME_KEY}'))
    env = dict(os.environ, HOME=work, no_proxy='', NO_PROXY='', SOME_KEY='sk-test-of-tls-0123456789abcdef',
               http_proxy=f'http://127.0.0.1:{relay.port}')
    done = subprocess.run([fathom, 'run', path, '-q'], cwd=work, env=env, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    judge.check(done.returncode not in (0, 5), f'clear: status {done.returncode}')
    judge.check('clear' in done.stderr and 'sk-test' not in done.stderr, f'clear: {done.stderr}')
    judge.check(relay.calls == 0, 'clear: somebody called')


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument('--fathom', required=True)
    args = p.parse_args()
    work = os.path.realpath(tempfile.mkdtemp(prefix='fathom-tls-'))
    judge = fault.Judge()
    try:
        count = run_cases(os.path.abspath(args.fathom), work, judge)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(f'tls: {count} cases, {judge.checks} checks')
    for line in judge.faults:
        print(line)
    return 1 if judge.faults else 0


if __name__ == '__main__':
    sys.exit(main())
