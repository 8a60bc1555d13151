"""Rebuilds every prompt of a 200-trial run from its journal, with this build and with another.

Held true for each trial: `show --prompt` gives a prompt whose digest is the one in the journal, and
the simulator's history has a complete body with that digest; and the other build (another compiler,
optimized otherwise) gives the same bytes. And of every pack both builds make the same documents, in one
of the ways of same.py each.
"""

import argparse
import concurrent.futures
import hashlib
import os
import time

import campaign
import same

SIM = """
seed: 5
tokens: bytes/4
models:
  perfect: {}
"""

PLAN = """
fathom: 1
name: rebuilt
models:
  - {{model: sim/perfect, base_url: "{url}"}}
tasks: [niah, {{task: multikey, keys: 4}}]
length: [1k, 3k, 10k, 30k, 100k]
depth: 0..100/25
repeats: 4
"""


def prompt(fathom, folder, trial):
    status, out, said = campaign.run(fathom, folder, "show", "rebuilt", trial, "--prompt", "--json")
    return status, hashlib.sha256(out.encode()).hexdigest(), said


def check_trial(builds, folder, trial, digest, history, tally):
    """Is it rebuilt with a digest that the simulator knows, and with the same bytes by the other build?"""
    (status, mine, said), (status_other, other, said_other) = [prompt(one, folder, trial) for one in builds]
    ok = tally.check(status == 0, f"{trial}: show --prompt exits {status}: {said[-300:]}")
    known = ok and tally.check(digest in history, f"{trial}: the history has no such digest")
    alike = status_other == 0 and other == mine
    return known, tally.check(alike, f"{trial}: the other build differs: {said_other[-300:]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fathom", type=os.path.abspath)
    parser.add_argument("other", help="build to be made, such as gcc:2")
    args = parser.parse_args()
    tally = campaign.Tally()
    started = time.monotonic()
    with campaign.folder_for("rebuild") as folder:
        builds = [args.fathom, same.build(folder, *args.other.split(":"))]
        with campaign.Simulator(args.fathom, folder, SIM) as sim:
            with open(folder + "/plan.yaml", "w") as file:
                file.write(PLAN.format(url=sim.url))
            status, _, said = campaign.run(args.fathom, folder, "run", "plan.yaml", "--yes")
            history = {line["prompt_digest"] for line in sim.history() if line["complete"]}
        tally.check(status == 0, f"run exits {status}: {said[-400:]}")
        lines, _ = campaign.journal(folder, "rebuilt")
        digests = {line["trial"]: line["prompt_digest"] for line in lines if line["t"] == "done"}
        tally.check(len(digests) == 200, f"{len(digests)} trials, not 200")
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            jobs = [pool.submit(check_trial, builds, folder, *one, history, tally) for one in digests.items()]
            known, alike = map(sum, zip(*[job.result() for job in jobs]))
        made = same.hold(builds, folder, same.packs(args.fathom, folder), tally, ways_each=1)
    print(f"{len(digests)} trials: {known} rebuilt with the digest of the simulator's history, {alike} with the same bytes by "
          f"the other build; {made} documents; {time.monotonic() - started:.0f} s; {tally.passed} checks passed, "
          f"{len(tally.failed)} failed")
    raise SystemExit(1 if tally.failed else 0)


main()
