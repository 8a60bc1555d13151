"""Random runs under a budget: faults, retries, doubts, kills and resumes, 1 to 64 streams.

Each run has a plan, prices and faults of its own, is killed at up to three journal writes drawn by
its seed, and goes on each time with the same command. Then its journal is added up line by line by
a reader that shares nothing with fathom: at no line is what was spent and what is reserved more than
the cap; every cost is recomputed from the usage and the prices of the run's own line; no trial has
more complete bodies at the server than `send` lines.
"""

import argparse
import collections
import concurrent.futures
import fractions
import math
import os
import random
import subprocess
import time

import campaign

RUNS_AT_ONCE = 4
DOUBT = ("in_doubt", "endpoint_violation")
FREE = ("failed", "cancelled", "rejected_limit", "rejected_other")


def make_sim(rng):
    faults = [
        "{{when: {{rate: {0:.2f}}}, do: {{status: 429, retry_after: 0}}}}".format(rng.random() * 0.2),
        "{{when: {{rate: {0:.2f}}}, do: {{status: 500}}}}".format(rng.random() * 0.2),
        "{{when: {{rate: {0:.2f}}}, at: after_body, do: reset}}".format(rng.random() * 0.1),
        "{{when: {{rate: {0:.2f}}}, at: byte@{1}, do: close}}".format(rng.random() * 0.1, rng.randrange(400)),
        "{{when: {{rate: {0:.2f}}}, do: {{finish: length}}}}".format(rng.random() * 0.1),
    ]
    lines = "".join(f"  - {fault}\n" for fault in rng.sample(faults, rng.randrange(1, len(faults) + 1)))
    return f"seed: {rng.randrange(1000)}\ntokens: bytes/4\nmodels:\n  perfect: {{}}\nfaults:\n{lines}"


def make_plan(rng, url):
    streams, trials = rng.randrange(1, 65), rng.randrange(10, 60)
    worst = (2100 + 64) * 20 + 60 * 90  # a trial's, in micro-USD
    return (f"fathom: 1\nname: t\nmodels:\n  - {{model: sim/perfect, base_url: \"{url}\", tokenizer: bytes/4,"
            f" price: {{input: {rng.randrange(1, 21)}USD, output: {rng.randrange(1, 91)}USD}}}}\n"
            f"length: [500, 1k, 2k]\ndepth: [50]\nrepeats: {trials // 3}\nanswer: {{max_tokens: {rng.randrange(20, 60)}}}\n"
            f"overrun: none\npace: {{concurrency: {streams}, max_wait: 5s}}\n"
            f"budget: {rng.randrange(worst, worst * trials) / 1e6:.6f}USD\n"), streams


def cost_of(line, price, expected, max_tokens):
    """Recomputed by fractions: tokens times price, rounded up once."""
    usage = line["usage"]
    count_in = expected if usage["in"] is None else usage["in"]
    count_out = max_tokens if usage["out"] is None else usage["out"]
    cached = min(usage["cached"] or 0, count_in)
    written = min(usage["written"] or 0, count_in - cached)
    total = (count_in - cached - written) * price["input"] + cached * price["cached"]
    total += written * price["written"] + count_out * price["output"]
    return math.ceil(fractions.Fraction(total, 1000000))


def add_up(lines, tally, name):
    """The money of a journal, line by line; a `send` that no process settled keeps its reservation."""
    spent, held, most, lengths = 0, {}, 0, {}
    cap = price = max_tokens = None
    for line in lines:
        kind = line["t"]
        if kind == "run":
            cap = line["plan"]["conduct"]["budget_usd_micro"]
            price = next(iter(line["prices"].values()))
            params = line["plan"]["design"]["models"][0]["params"]
            max_tokens = params.get("max_tokens") or params["max_completion_tokens"]
        elif kind == "trial":
            lengths[line["trial"]] = line["length"]
        elif kind == "send":
            held[line["trial"], line["attempt"]] = line["reserved_usd_micro"]
        elif kind == "done":
            reserved = held.pop((line["trial"], line["attempt"]))
            cost = line["cost_usd_micro"]
            if line["outcome"] in DOUBT:
                tally.check(cost == reserved, f"{name}: {line['outcome']} costs {cost}, not its reservation")
            elif line["outcome"] in FREE:
                tally.check(cost == 0, f"{name}: {line['outcome']} costs {cost}")
            else:
                want = cost_of(line, price, lengths[line["trial"]], max_tokens)
                tally.check(cost == want, f"{name}: an answer costs {cost}, not {want}: {line['usage']}")
            spent += line.get("booked_usd_micro", cost)
        taken = spent + sum(held.values())
        most = max(most, taken)
        tally.check(taken <= cap, f"{name}: line {line['i']}: {taken} is over the cap of {cap}")
    return most, cap, len(held)


def one_run(fathom, shim, seed, tally):
    rng = random.Random(seed)
    name = f"seed {seed}"
    with campaign.folder_for("money") as folder, campaign.Simulator(fathom, folder, make_sim(rng)) as sim:
        plan, streams = make_plan(rng, sim.url)
        with open(os.path.join(folder, "plan.yaml"), "w") as file:
            file.write(plan)
        kills = 0
        for _ in range(3):
            env = campaign.environment(folder, LD_PRELOAD=shim, KILL_AT=str(rng.randrange(2, 60)),
                                       KILL_HOW=rng.choice(("before", "inside", "after")))
            done = subprocess.run([fathom, "run", "plan.yaml", "--yes", "-q"], cwd=folder, env=env,
                                  stdin=subprocess.DEVNULL, capture_output=True, timeout=240)
            kills += done.returncode == -9
        words = ("--again", "in_doubt") if rng.random() < 0.5 else ()
        status, _, said = campaign.run(fathom, folder, "run", "plan.yaml", "--yes", "-q", *words)
        tally.check(status in (0, 3, 5, 7), f"{name}: ends with {status}: {said[-300:]}")
        lines, _ = campaign.journal(folder, "t")
        most, cap, open_sends = add_up(lines, tally, name)
        tally.check(open_sends == 0, f"{name}: {open_sends} sends were never settled")
        sent = collections.Counter(line["trial"] for line in lines if line["t"] == "send")
        whole = collections.Counter(body["prompt_digest"] for body in sim.history() if body["complete"])
        digests = {line["trial"]: line["prompt_digest"] for line in lines
                   if line["t"] == "done" and line["prompt_digest"]}
        twice = [trial for trial, digest in digests.items() if whole[digest] > sent[trial]]
        tally.check(not twice, f"{name}: {len(twice)} trials have more complete bodies than sends")
        return kills, sum(sent.values()), streams, most * 100 // cap


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fathom", type=os.path.abspath)
    parser.add_argument("shim", type=os.path.abspath)
    parser.add_argument("--runs", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    tally = campaign.Tally()
    started = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(RUNS_AT_ONCE) as pool:
        jobs = [pool.submit(one_run, args.fathom, args.shim, args.seed + i, tally) for i in range(args.runs)]
        rows = [job.result() for job in jobs]
    near = sum(1 for *_, share in rows if share >= 90)
    print(f"{args.runs} runs of 1 to {max(streams for _, _, streams, _ in rows)} streams in "
          f"{time.monotonic() - started:.0f} s; {sum(kills for kills, *_ in rows)} kills; "
          f"{sum(sends for _, sends, _, _ in rows)} sends; {near} runs came within a tenth of their cap; "
          f"{tally.passed} checks passed, {len(tally.failed)} failed")
    raise SystemExit(1 if tally.failed else 0)


main()
