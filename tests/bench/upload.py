"""Uploads of long bodies, many at once, to an nginx that reads and forgets them. By hand; prints ratios side by side.

    python3 tests/bench/upload.py build-release/src/fathom [http] [https]

Beside fathom stands one process of `curl -Z` that sends the same bytes, five rounds in turns, and the
vendor's SDK on Node, once: npm ci --ignore-scripts in tests/sdk.
"""

import glob
import http.server
import os
import resource
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "campaign"))
import campaign  # noqa: E402
from memory import Memory  # noqa: E402

STREAMS = 64
ROUNDS = 5
TOKENS = 12_000_000  # of bytes/4: about 45 MB

PLAN = """
fathom: 1
name: {name}
models:
  - {{model: local/m, base_url: "{url}/v1", tokenizer: bytes/4, body_cap: 0}}
length: [{tokens}]
depth: [50]
repeats: {streams}
haystacks: 1
answer: {{max_tokens: 16}}
pace: {{concurrency: {streams}}}
"""

# The outer server reads a body whole before it asks the inner one, which is told nothing of it.
NGINX = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_max_body_size 0;
  client_body_buffer_size 64k;
  client_body_temp_path {sink};
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{http};
    listen 127.0.0.1:{https} ssl;
    ssl_certificate {folder}/cert.pem;
    ssl_certificate_key {folder}/key.pem;
    location / {{
      proxy_method GET;
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
      proxy_pass http://127.0.0.1:{inner};
    }}
  }}
  server {{
    listen 127.0.0.1:{inner};
    default_type text/event-stream;
    location / {{
      return 200 'data: {{"choices":[{{"index":0,"delta":{{"content":"x"}},"finish_reason":"stop"}}]}}\\n\\ndata: [DONE]\\n\\n';
    }}
  }}
}}
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Sink:
    """nginx on ports that were free, its bodies where memory is, with a certificate of its own."""

    def __init__(self, folder):
        self.ports = {name: free_port() for name in ("http", "https", "inner")}
        self.folder = folder
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else folder
        self.sink = os.path.join(memory, f"fathom-bench-{os.getpid()}")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=bench",
                        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", f"{folder}/key.pem",
                        "-out", f"{folder}/cert.pem"], check=True, capture_output=True)
        with open(f"{folder}/nginx.conf", "w") as file:
            file.write(NGINX.format(folder=folder, sink=self.sink, **self.ports))
        self.process = subprocess.Popen(["nginx", "-p", folder, "-c", f"{folder}/nginx.conf"],
                                        stderr=subprocess.DEVNULL)
        self.await_port()

    def await_port(self):
        for _ in range(500):
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", self.ports["https"])) == 0:
                    return
            time.sleep(0.01)
        raise SystemExit("nginx did not start")

    def url(self, scheme):
        return f"{scheme}://127.0.0.1:{self.ports[scheme]}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        subprocess.run(["rm", "-rf", self.sink], check=True)


class Capture(http.server.BaseHTTPRequestHandler):
    body = b""

    def do_POST(self):
        Capture.body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(400)
        self.end_headers()

    def log_message(self, *_):
        pass


def write_plan(folder, name, url, streams):
    with open(os.path.join(folder, f"{name}.yaml"), "w") as file:
        file.write(PLAN.format(name=name, url=url, tokens=TOKENS, streams=streams))
    return f"{name}.yaml"


def capture_body(fathom, folder, env):
    """The very bytes that fathom sends; and the haystack is laid before anything is measured."""
    server = http.server.HTTPServer(("127.0.0.1", 0), Capture)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    plan = write_plan(folder, "capture", f"http://127.0.0.1:{server.server_port}", 1)
    subprocess.run([fathom, "run", "-q", "-y", plan], cwd=folder, env=env, capture_output=True, check=False)
    server.shutdown()
    path = os.path.join(folder, "body.json")
    with open(path, "wb") as file:
        file.write(Capture.body)
    return path


def measure(words, folder, env):
    """(seconds, seconds of the processor, MiB of private memory) of one process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.perf_counter()
    process = subprocess.Popen(words, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True)
    memory = Memory(process.pid)
    said = process.stderr.read()
    status = process.wait()
    took = time.perf_counter() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak = memory.stop()
    if status != 0:
        raise SystemExit(f"{words[0]} ended with {status}: {said}")
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, peak


def curl_words(folder, url, body):
    path = os.path.join(folder, "curl.conf")
    with open(path, "w") as file:
        file.write("\nnext\n".join(
            f'url = "{url}/v1/chat/completions"\nrequest = POST\nupload-file = "{body}"\noutput = /dev/null\nfail\n'
            f'header = "Content-Type: application/json"\nheader = "Expect:"\ncacert = "{folder}/cert.pem"\nhttp1.1'
            for _ in range(STREAMS)))
    return ["curl", "-sS", "-Z", "--parallel-max", str(STREAMS), "--parallel-immediate", "-K", path]


def node_words(url, body):
    brought = glob.glob(os.path.join(HERE, "..", "sdk", "node_modules", "node-linux-*", "bin", "node"))
    if not brought:
        return None
    return [brought[0], "--max-old-space-size=16000", os.path.join(HERE, "upload.mjs"), url, body, str(STREAMS)]


def tell(scheme, name, rows, bytes_total, beside):
    took, work, memory = (statistics.median(column) for column in zip(*rows))
    line = (f"{scheme}: {name}: {bytes_total / took / 1e6:.0f} MB/s, {work / bytes_total * 1e9:.2f} s of the processor "
            f"a GB, {memory:.0f} MiB private")
    if beside:
        other_took, other_work, _ = (statistics.median(column) for column in zip(*beside))
        line += f"; beside it {other_took / took:.2f} of the throughput, {work / other_work:.2f} of the processor"
    print(line, flush=True)


def upload(scheme, fathom, folder, env, sink, body):
    url = sink.url(scheme)
    bytes_total = os.path.getsize(body) * STREAMS
    ours, theirs = [], []
    for i in range(ROUNDS):
        plan = write_plan(folder, f"{scheme}-{i}", url, STREAMS)
        theirs.append(measure(curl_words(folder, url, body), folder, env))
        ours.append(measure([fathom, "run", "-q", "-y", plan], folder, env))
    tell(scheme, "curl -Z", theirs, bytes_total, None)
    tell(scheme, "fathom run", ours, bytes_total, theirs)
    node = node_words(url, body)
    if node:
        tell(scheme, "openai SDK", [measure(node, folder, env)], bytes_total, theirs)


def main():
    fathom = os.path.abspath(sys.argv[1])
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with campaign.folder_for("bench") as folder, Sink(folder) as sink:
        env = campaign.environment(folder, SSL_CERT_FILE=f"{folder}/cert.pem",
                                   NODE_EXTRA_CA_CERTS=f"{folder}/cert.pem")
        body = capture_body(fathom, folder, env)
        print(f"upload: {STREAMS} bodies of {os.path.getsize(body)} bytes at once, {ROUNDS} rounds in turns")
        for scheme in sys.argv[2:] or ("http", "https"):
            upload(scheme, fathom, folder, env, sink, body)


main()
