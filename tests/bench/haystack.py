"""Making haystacks and documents, on one core, in one run; prints each row of the table beside what it is held against.

    python3 tests/bench/haystack.py build-release [--core N] [--rounds N] [--folder FOLDER]
        [pipe] [digest] [lay] [builder] [long] [grid] [giant]

giant is made only when it is named: it takes 12 GB of disk in FOLDER and some minutes. Times are medians of runs that
take turns. The builder needs the npm packages of tests/oracle.
"""

import argparse
import json
import math
import os
import shutil
import statistics
import subprocess
import tempfile
import time

from memory import Memory

HERE = os.path.dirname(os.path.abspath(__file__))
CORPORA = os.path.join(HERE, "..", "..", "corpora")
MEGA = 1_000_000
GIANTS = [2**31 - 1, 2**31 + 1, 2**32 - 1, 2**32 + 1, 5 * 2**30]


class Bench:
    def __init__(self, args, folder):
        self.folder = folder
        self.fathom = os.path.join(args.build, "src", "fathom")
        self.program = os.path.join(args.build, "tests", "bench", "bench_haystack")
        self.cache = os.path.join(folder, "fathom")
        self.rounds = args.rounds
        self.pinned = ["taskset", "-c", str(args.core)]
        self.environment = {**os.environ, "FATHOM_CORPORA": CORPORA, "XDG_CACHE_HOME": folder}

    def work(self, name, tokenizer, tokens, number):
        """Lines of numbers, and the largest private memory in MiB."""
        process = subprocess.Popen([*self.pinned, self.program, name, self.cache, tokenizer, str(tokens), str(number)],
                                   env=self.environment, stdout=subprocess.PIPE, text=True)
        memory = Memory(process.pid)
        out, _ = process.communicate()
        peak = memory.stop()
        if process.returncode != 0:
            raise SystemExit(f"{name}: exit {process.returncode}")
        return [[int(word) for word in line.split()] for line in out.splitlines()], peak

    def haystack(self, tokens, output, **more):
        return subprocess.Popen([*self.pinned, self.fathom, "haystack", "-q", "-l", str(tokens), "--tokenizer", "o200k", "-o", output],
                                env=self.environment, **more)

    def forget(self):
        shutil.rmtree(os.path.join(self.cache, "haystack"), ignore_errors=True)

    def piped(self, words, reader="read"):
        """What the reader at the end of the pipe says, and the seconds of it all on the wall, on one core."""
        begin = time.perf_counter()
        writer = subprocess.Popen([*self.pinned, *words], env=self.environment, stdout=subprocess.PIPE)
        said = subprocess.check_output([*self.pinned, self.program, reader], stdin=writer.stdout, text=True)
        writer.stdout.close()
        if writer.wait() != 0:
            raise SystemExit(f"{' '.join(words)}: exit {writer.returncode}")
        return said.split(), time.perf_counter() - begin


def row(work, ours, beside, reached, to_reach):
    print(f"| {work} | {ours} | {beside} | {reached} | {to_reach} |", flush=True)


def pipe(bench):
    document = os.path.join(bench.folder, "document")
    if bench.haystack(10 * MEGA, document).wait() != 0:
        raise SystemExit("no document was made")
    with open(document + ".facts.json") as file:
        facts = json.load(file)
    times = {"ours": [], "cat": []}
    for _ in range(3 * bench.rounds):
        for name, words in (("ours", [bench.fathom, "haystack", "-l", "10M", "--tokenizer", "o200k", "-o", "-"]), ("cat", ["cat", document])):
            said, took = bench.piped(words)
            if said != [str(facts["bytes"]), facts["digest"]]:
                raise SystemExit(f"{name}: the reader says {said}, the facts {facts['bytes']} {facts['digest']}")
            times[name].append(took)
    ours, cat = (statistics.median(times[name]) for name in ("ours", "cat"))
    row(f"10M tokens, {facts['bytes']:,} bytes, through a pipe, with the program's start", f"{ours * 1000:.0f} ms",
        f"`cat` {cat * 1000:.0f} ms", f"{cat / ours:.2f}", "0.8 of `cat`")


def digest(bench):
    lines, peak = bench.work("digest", "o200k", 10 * MEGA, 3 * bench.rounds)
    made, ours, alone = (statistics.median(line[i] for line in lines) for i in (1, 2, 3))
    row(f"10M-token prompt, {lines[0][0]:,} bytes: made with its length, digested ({peak:.0f} MiB private)",
        f"{made / 1e6:.2f} + {ours / 1e6:.2f} ms", f"XXH3 alone {alone / 1e6:.2f} ms", f"{alone / (made + ours):.2f}", "0.5 of XXH3")


def lay(bench):
    runs = []
    for _ in range(bench.rounds):
        bench.forget()
        (line,), peak = bench.work("lay", "o200k", 10 * MEGA, 0)
        runs.append((line[0] / 1e9, line[1] / 1e9, line[2], peak))
    cpu, wall = (statistics.median(run[i] for run in runs) for i in (0, 1))
    row(f"10M tokens laid anew, {runs[0][2]:,} bytes: made, counted, indexed, escaped, synced ({runs[0][3]:.0f} MiB private)",
        f"{cpu:.2f} s of work, {wall:.2f} s on the wall", "", f"{wall:.2f} s", "1 s")


def builder(bench):
    took = {}
    text = os.path.join(bench.folder, "text")
    bench.haystack(1_200_000, text).wait()
    bench.forget()
    for name in ("cold", "warm"):
        begin = time.perf_counter()
        bench.haystack(MEGA, os.path.join(bench.folder, "document")).wait()
        took[name] = time.perf_counter() - begin
    said = subprocess.check_output([*bench.pinned, "node", os.path.join(HERE, "builder.mjs"), text, str(MEGA), "0.5"], text=True)
    tokens, counted, ns = (int(word) for word in said.split())
    row(f"1M tokens, program's start included, nothing laid before (laid before: {took['warm'] * 1000:.0f} ms)", f"{took['cold'] * 1000:.0f} ms",
        f"binary search with npm `tiktoken`: {tokens:,} tokens, counted {counted} times, {ns / 1e9:.1f} s",
        f"{ns / 1e9 / took['cold']:.0f} × ({ns / 1e9 / took['warm']:.0f} × laid before)", "100 ×")


def long(bench):
    """Exponent of time by length, by least squares of the logarithms."""
    points, peaks = [], []
    for tokens in (3 * MEGA, 10 * MEGA, 30 * MEGA, 100 * MEGA):
        bench.forget()
        (line,), peak = bench.work("lay", "o200k", tokens, 0)
        points.append((math.log(tokens), math.log(line[0])))
        peaks.append(peak)
        last = line
    x, y = (statistics.mean(axis) for axis in zip(*points))
    slope = sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)
    row(f"100M tokens laid anew, {last[2]:,} bytes", f"{last[0] / 1e9:.1f} s of work, {last[1] / 1e9:.1f} s on the wall",
        "3M, 10M, 30M: exponent of the work", f"{slope:.3f}; {max(peaks):.0f} MiB private", "linear; 64 MiB")
    begin = time.perf_counter()
    process = bench.haystack(100 * MEGA, "/dev/null")
    memory = Memory(process.pid)
    process.wait()
    row("100M tokens, laid before, written to /dev/null", f"{time.perf_counter() - begin:.2f} s", "", f"{memory.stop():.0f} MiB private", "64 MiB")


def grid(bench):
    bench.forget()
    _, peak_one = bench.work("grid", "o200k", MEGA, 1)
    bench.forget()
    (line,), peak = bench.work("grid", "o200k", MEGA, 35)
    row(f"35 × 35 grid to 1M tokens: 1,225 prompts, {line[2] / 1e9:.2f} GB, made and digested, laid anew",
        f"{line[0] / 1e9:.2f} s of work, {line[1] / 1e9:.2f} s on the wall", f"one prompt: {peak_one:.0f} MiB private",
        f"{line[1] / 1e9:.2f} s; {peak:.0f} MiB private", "60 s; as one")


def giant(bench):
    for size in reversed(GIANTS):  # the longest is laid, the others are cut from it
        words = [*bench.pinned, bench.program, "giant", bench.cache, "bytes/4", "0", str(size)]
        writer = subprocess.Popen(words, env=bench.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        memory = Memory(writer.pid)
        tee = subprocess.Popen(["tee", os.path.join(bench.folder, "giant")], stdin=writer.stdout, stdout=subprocess.PIPE)
        said = subprocess.check_output([bench.program, "recount"], stdin=tee.stdout, text=True).split()
        claim = writer.stderr.read().decode().split()
        peak = memory.stop()
        if writer.wait() != 0 or tee.wait() != 0:
            raise SystemExit(f"{size}: {' '.join(claim)}")
        with open(os.path.join(bench.folder, "giant"), "rb") as file:
            digest_said = subprocess.check_output([bench.program, "read"], stdin=file, text=True).split()
        right = claim[0] == str(size) and said == claim[:4] and digest_said == [claim[0], claim[5]]
        row(f"a document of {size:,} bytes, {int(claim[1]):,} tokens, its needle behind {int(claim[2]):,} bytes", " ".join(claim[1:4]),
            "another reader: " + " ".join(said[1:4]), f"{'the same' if right else 'DIFFERENT'}; {peak:.0f} MiB private", "the same; flat")


WORKS = {"pipe": pipe, "digest": digest, "lay": lay, "builder": builder, "long": long, "grid": grid, "giant": giant}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=os.path.abspath)
    parser.add_argument("--core", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", default="/var/tmp", help="on a disk: what is laid is synced")
    parser.add_argument("work", nargs="*", metavar="WORK", help=", ".join(WORKS))
    args = parser.parse_intermixed_args()
    options = json.loads(subprocess.check_output(["meson", "introspect", "--buildoptions", args.build]))
    if not any(option["name"] == "buildtype" and option["value"] == "release" for option in options):
        raise SystemExit(f"{args.build} is no release build")
    subprocess.run(["meson", "compile", "-C", args.build, "fathom", "bench_haystack"], check=True, stdout=subprocess.DEVNULL)
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, one used\n")
    print("| work | fathom | beside | reached | to reach |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="fathom-bench-", dir=args.folder) as folder:
        bench = Bench(args, folder)
        bench.work("lay", "o200k", 1000, 0)  # the tokenizer is compiled
        for work in args.work or [name for name in WORKS if name != "giant"]:
            WORKS[work](bench)


main()
