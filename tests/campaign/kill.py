"""Kills runs at their journal writes and holds what is resumed to the simulator's history.

For each of 50 writes spread over a run of more than five seconds, SIGKILL comes before, in or after
the write. Then the same command goes on, and `--again in_doubt` completes the run. Held true: what
was settled before is still there and is not sent again; no trial has more complete bodies at the
server than `send` lines in the journal; the completed run has every trial graded.
"""

import argparse
import collections
import concurrent.futures
import os
import subprocess
import time

import campaign

SIM = """
seed: 5
tokens: bytes/4
models:
  slow:
    time: {base: 700ms}
"""

PLAN = """
fathom: 1
name: killed
models:
  - {{model: sim/slow, base_url: "{url}"}}
length: [8k, 12k, 16k]
depth: [0, 50, 100]
repeats: 7
pace: {{concurrency: 8}}
"""

RUNS_AT_ONCE = 8  # most of the time they wait for the simulator's answers
TRIALS = 3 * 3 * 7
WRITES = 1 + 4 * TRIALS  # run; trial, send, done and score of each


def complete_bodies(history):
    return collections.Counter(line["prompt_digest"] for line in history if line["complete"])


def one_kill(fathom, shim, index, count, tally):
    at = 2 + index * (WRITES - 2) // count
    how = ("before", "inside", "after")[index % 3]
    name = f"write {at}, {how}"
    with campaign.folder_for("kill") as folder, campaign.Simulator(fathom, folder, SIM) as sim:
        with open(os.path.join(folder, "plan.yaml"), "w") as file:
            file.write(PLAN.format(url=sim.url))
        env = campaign.environment(folder, LD_PRELOAD=shim, KILL_AT=str(at), KILL_HOW=how)
        killed = subprocess.run([fathom, "run", "plan.yaml", "--yes"], cwd=folder, env=env,
                                stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
        tally.check(killed.returncode == -9, f"{name}: ended with {killed.returncode}, not by SIGKILL")
        before, bytes_before = campaign.journal(folder, "killed")
        done = {(line["trial"], line["attempt"]) for line in before if line["t"] == "done"}
        sends = [(line["trial"], line["attempt"]) for line in before if line["t"] == "send"]
        flying = sum(1 for send in sends if send not in done)
        came = len(sim.history())

        status, _, said = campaign.run(fathom, folder, "run", "plan.yaml", "--yes")
        tally.check(status in (0, 5), f"{name}: resume exits {status}: {said[-300:]}")
        status, _, said = campaign.run(fathom, folder, "run", "plan.yaml", "--yes", "--again", "in_doubt")
        tally.check(status == 0, f"{name}: --again exits {status}: {said[-300:]}")

        after, bytes_after = campaign.journal(folder, "killed")
        tally.check(bytes_after.startswith(bytes_before), f"{name}: lines written before are not as they were")
        settled = {line["trial"] for line in before if line["t"] == "done" and line["outcome"] == "answered"}
        sent = collections.Counter(line["trial"] for line in after if line["t"] == "send")
        resent = [trial for trial in settled if sent[trial] != 1]
        tally.check(not resent, f"{name}: {len(resent)} settled trials were sent again")
        scored = {line["trial"] for line in after if line["t"] == "score"}
        tally.check(len(scored) == TRIALS, f"{name}: {len(scored)} of {TRIALS} trials are graded at the end")

        digests = {line["trial"]: line["prompt_digest"] for line in after
                   if line["t"] == "done" and line["prompt_digest"]}
        whole = complete_bodies(sim.history())
        twice = [trial for trial, digest in digests.items() if whole[digest] > sent[trial]]
        tally.check(not twice, f"{name}: {len(twice)} trials have more complete bodies than sends")
        tally.check(sum(whole.values()) <= sum(sent.values()), f"{name}: more bodies than sends")
        return how, flying > 0 and came > 0, len(settled)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fathom", type=os.path.abspath)
    parser.add_argument("shim", type=os.path.abspath)
    parser.add_argument("--kills", type=int, default=50)
    args = parser.parse_args()
    tally = campaign.Tally()
    started = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(RUNS_AT_ONCE) as pool:
        jobs = [pool.submit(one_kill, args.fathom, args.shim, i, args.kills, tally) for i in range(args.kills)]
        rows = [job.result() for job in jobs]
    kinds = collections.Counter(how for how, _, _ in rows)
    flying = sum(1 for _, in_flight, _ in rows if in_flight)
    tally.check(flying * 10 >= args.kills * 8, f"bodies were in flight at {flying} of {args.kills} kills only")
    print(f"{args.kills} kills ({', '.join(f'{n} {how}' for how, n in sorted(kinds.items()))} the write) "
          f"in {time.monotonic() - started:.0f} s; bodies in flight at {flying}; "
          f"{sum(n for _, _, n in rows)} trials were settled when killed; "
          f"{tally.passed} checks passed, {len(tally.failed)} failed")
    raise SystemExit(1 if tally.failed else 0)


main()
