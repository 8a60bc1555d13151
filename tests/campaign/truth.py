"""Sweeps over real text against known truth.

A folder of real text, a simulator with a known surface, once with a window that rejects and once
with one that silently cuts. Held true: in at least 99 % of the cells the truth lies inside the
Wilson 99.9 % interval; every cell over the window is X, or T when it cuts; no T stands below it.
"""

import argparse
import glob
import json
import math
import os
import re
import time

import pydoc_data.topics

import campaign

Z_999 = 3.290526731491895
WINDOW = 64000

# 1 % of the shortest length is 320 tokens: a text may go on for twice that between places to plant.
GAP_BYTES_MAX = 1600

SIM = """
seed: 11
tokens: bytes/4
models:
  known:
    window: {{tokens: {window}, over: {over}, usage: after}}
    surface: {{dip: {{from: 0.95, at: 50%, depth: 0.5, width: 25%}}}}
"""

PLAN = """
fathom: 1
name: truth
seed: 3
models:
  - {{model: sim/known, base_url: "{url}"}}
length: [32k, 40k, 48k, 56k, 72k]
depth: 0..100/10
repeats: 40
corpus: {{path: text/, segment: sentence, order: shuffled, wrap: false}}
pace: {{concurrency: 16}}
"""


def wilson(k, n, z):
    centre = (k / n + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(k / n * (1 - k / n) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return centre - half, centre + half


def truth(depth):
    """The surface as the simulator's configuration says it: a Gaussian dip in mid-depth."""
    return 0.95 - 0.5 * math.exp(-(((depth - 0.5) / 0.25) ** 2) / 2)


def is_prose(text):
    """Tables and grammars have no sentences, and no needle may lie inside one."""
    pieces = re.split(r"(?<=[.!?])[\"')]* (?=[A-Z])|\n\n(?=\S)", text)
    return max(map(len, pieces)) <= GAP_BYTES_MAX


def lay_text(folder):
    """Licences and Python's own manual, which every machine that runs this has: real English."""
    os.mkdir(os.path.join(folder, "text"))
    texts = {f"topic-{name}.md": text for name, text in pydoc_data.topics.topics.items()}
    for name in glob.glob("/usr/share/common-licenses/*"):
        if not os.path.islink(name):
            with open(name, encoding="utf-8", errors="replace") as file:
                texts[os.path.basename(name) + ".txt"] = file.read()
    size = 0
    for name, text in texts.items():
        if is_prose(text):
            size += len(text.encode())
            with open(os.path.join(folder, "text", name), "w", encoding="utf-8") as file:
                file.write(text)
    return size


def sweep(fathom, over, tally):
    with campaign.folder_for("truth") as folder:
        size = lay_text(folder)
        with campaign.Simulator(fathom, folder, SIM.format(window=WINDOW, over=over)) as sim:
            with open(os.path.join(folder, "plan.yaml"), "w") as file:
                file.write(PLAN.format(url=sim.url))
            status, _, said = campaign.run(fathom, folder, "run", "plan.yaml", "--yes")
        tally.check(status in (0, 5), f"{over}: run exits {status}: {said[-400:]}")
        status, _, said = campaign.run(fathom, folder, "report", "truth", "-o", "out.json")
        tally.check(status == 0, f"{over}: report exits {status}: {said[-400:]}")
        with open(os.path.join(folder, "out.json")) as file:
            cells = json.load(file)["panels"][0]["cells"]
    inside = below = above = 0
    for cell in cells:
        name = f"{over}: length {cell['length']}, depth {cell['depth_ppm']} ppm"
        ran = sum(cell["outcomes"].values())
        if cell["length"] > WINDOW:
            above += 1
            wanted = "rejected_limit" if over == "reject" else "truncated_input"
            tally.check(cell["outcomes"].get(wanted, 0) == ran == 40, f"{name}: {cell['outcomes']}")
            continue
        below += 1
        tally.check(cell["outcomes"].get("truncated_input", 0) == 0, f"{name}: a T below the window")
        tally.check(cell["n"] == 40, f"{name}: n is {cell['n']}")
        if cell["n"] == 0:
            continue
        low, high = wilson(cell["k"], cell["n"], Z_999)
        held = low <= truth(cell["depth_ppm"] / 1e6) <= high
        inside += held
        if not held:
            print(f"{name}: {cell['k']}/{cell['n']}, truth {truth(cell['depth_ppm'] / 1e6):.3f}")
    tally.check(inside >= 0.99 * below, f"{over}: truth inside in {inside} of {below} cells")
    print(f"over: {over}: {size} bytes of real text; truth inside the Wilson 99.9 % interval in {inside} of "
          f"{below} cells; {above} of {above} cells over the window are {'X' if over == 'reject' else 'T'}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fathom", type=os.path.abspath)
    parser.add_argument("--over", nargs="+", default=["reject", "middle"], help="reject, head, tail, middle")
    args = parser.parse_args()
    tally = campaign.Tally()
    started = time.monotonic()
    for over in args.over:
        sweep(args.fathom, over, tally)
    print(f"{time.monotonic() - started:.0f} s; {tally.passed} checks passed, {len(tally.failed)} failed")
    raise SystemExit(1 if tally.failed else 0)


main()
