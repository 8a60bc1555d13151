"""Measures the program as a whole: start, demo, streams, report. By hand; prints ratios side by side.

    python3 tests/bench/whole.py build-release/src/fathom [start] [demo] [streams] [many] [report]
"""

import os
import signal
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "campaign"))
import campaign  # noqa: E402
from memory import Memory  # noqa: E402

SIM = """
seed: 5
tokens: bytes/4
models:
  perfect: {}
"""

PLAN = """
fathom: 1
name: bench
models:
  - {{model: sim/perfect, base_url: "{url}"}}
length: [{length}]
depth: {depth}
repeats: {repeats}
haystacks: {haystacks}
pace: {{concurrency: {streams}}}
"""


def seconds(*words, cwd=None, env=None):
    begin = time.perf_counter()
    subprocess.run(words, cwd=cwd, env=env, check=True, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begin


def median_ms(*words):
    return statistics.median(seconds(*words) for _ in range(21)) * 1000


def start(fathom):
    version, empty = median_ms(fathom, "--version"), median_ms("true")
    print(f"start: fathom --version {version:.1f} ms, true {empty:.1f} ms: {version / empty:.2f} x")


def demo(fathom):
    with campaign.folder_for("bench") as folder:
        env = campaign.environment(folder)
        first = seconds(fathom, "demo", cwd=folder, env=env)
        again = seconds(fathom, "demo", cwd=folder, env=env)
        compiled = seconds("python3", "-c", "print(sum(i * i for i in range(20_000_000)))")
    print(f"demo: first {first:.2f} s, with its haystacks laid {again:.2f} s: {first / again:.2f} x; "
          f"a 20M-step Python loop beside it {compiled:.2f} s")


def sweep(fathom, folder, streams, length, repeats, **more):
    with campaign.Simulator(fathom, folder, SIM) as sim:
        with open(os.path.join(folder, "plan.yaml"), "w") as file:
            file.write(PLAN.format(url=sim.url, length=length, depth="[50]", repeats=repeats,
                                   haystacks=1, streams=streams))
        begin = time.perf_counter()
        client = subprocess.Popen([fathom, "run", "plan.yaml", "--as", f"bench-{streams}", "--yes"], cwd=folder,
                                  env={**campaign.environment(folder), **more}, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        memory = Memory(client.pid), Memory(sim.process.pid)
        status = client.wait()
        took = time.perf_counter() - begin
        received = sum(line["received"] for line in sim.history())
        return status, took, received, memory[0].stop(), memory[1].stop()


def streams(fathom):
    rows = []
    for count in (1, 64):
        with campaign.folder_for("bench") as folder:
            rows.append(sweep(fathom, folder, count, "1M", 64))
    for count, (status, took, received, client, server) in zip((1, 64), rows):
        print(f"streams: {count} at once, 64 documents of 1M tokens, exit {status}: {took:.1f} s, "
              f"{received / took / 1e6:.0f} MB/s, private memory {client:.1f} MiB of the client, "
              f"{server:.1f} MiB of the simulator")
    print(f"streams: 64 against 1: client {rows[1][3] / rows[0][3]:.2f} x, simulator {rows[1][4] / rows[0][4]:.2f} x")


def many(fathom):
    """Small trials, many at once; fathom's loop is watched by lag_shim.c."""
    shim = os.path.join(os.path.dirname(fathom), "..", "tests", "bench", "liblag_shim.so")
    with campaign.folder_for("bench") as folder:
        lags = os.path.join(folder, "lags")
        status, took, _, client, server = sweep(fathom, folder, 256, "1k", 10000, LD_PRELOAD=shim, LAG_FILE=lags)
        with open(lags) as file:
            turns, *us = (int(word) for word in file.read().split())
        print(f"many: 10,000 trials of 1,000 tokens, 256 at once, exit {status}: {took:.1f} s, {10000 / took:.0f} a "
              f"second; private memory {client:.1f} MiB, of the simulator {server:.1f} MiB")
        for clock, (median, p99, longest) in zip(("on the wall", "of work"), (us[:3], us[3:])):
            print(f"many: {turns} turns of the loop away from poll, {clock}: median {median / 1e3:.2f} ms, "
                  f"p99 {p99 / 1e3:.2f} ms, longest {longest / 1e3:.1f} ms")


def report(fathom):
    with campaign.folder_for("bench") as folder:
        status, took, _, _, _ = sweep(fathom, folder, 64, "1k", 10000)
        print(f"report: 10,000 trials of 1,000 tokens ran in {took:.1f} s, exit {status}")
        env = campaign.environment(folder)
        journal = os.path.join(folder, "runs", "bench-64", "journal.jsonl")
        parse = seconds("python3", "-c", "import json, sys\nfor line in open(sys.argv[1]): json.loads(line)", journal)
        for kind in ("txt", "html", "svg", "csv", "json"):
            words = () if kind == "txt" else ("-o", f"out.{kind}")
            took = seconds(fathom, "report", "bench-64", *words, cwd=folder, env=env)
            print(f"report: {kind} {took:.2f} s; Python's json.loads of the journal {parse:.2f} s: {took / parse:.2f} x")


def main():
    fathom = os.path.abspath(sys.argv[1])
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    for work in sys.argv[2:] or ("start", "demo", "streams", "many", "report"):
        {"start": start, "demo": demo, "streams": streams, "many": many, "report": report}[work](fathom)


main()
