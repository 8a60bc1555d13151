"""Rebuilds every prompt of a 200-trial run from its journal, with this build and with another.

Held true for each trial: `show --prompt` gives a prompt whose digest is the one in the journal, and
the simulator's history has a complete body with that digest; and the other build (another compiler,
no optimisation) gives the same bytes.
"""

import argparse
import hashlib
import os
import subprocess
import time

import campaign

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


def build_other(folder, args):
    build = os.path.join(folder, "build")
    env = {**os.environ, "CC": args.compiler}
    subprocess.run(["meson", "setup", build, args.source, f"-Dbuildtype={args.type}"], env=env, check=True,
                   stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", build, "src/fathom"], check=True, stdout=subprocess.DEVNULL)
    return os.path.join(build, "src", "fathom")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fathom", type=os.path.abspath)
    parser.add_argument("--source", required=True, help="of the other build")
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--type", required=True, help="meson's buildtype of the other build")
    args = parser.parse_args()
    tally = campaign.Tally()
    started = time.monotonic()
    with campaign.folder_for("rebuild") as folder:
        other_build = build_other(folder, args)
        with campaign.Simulator(args.fathom, folder, SIM) as sim:
            with open(folder + "/plan.yaml", "w") as file:
                file.write(PLAN.format(url=sim.url))
            status, _, said = campaign.run(args.fathom, folder, "run", "plan.yaml", "--yes")
            history = {line["prompt_digest"] for line in sim.history() if line["complete"]}
        tally.check(status == 0, f"run exits {status}: {said[-400:]}")
        lines, _ = campaign.journal(folder, "rebuilt")
        digests = {line["trial"]: line["prompt_digest"] for line in lines if line["t"] == "done"}
        tally.check(len(digests) == 200, f"{len(digests)} trials, not 200")
        known = same = 0
        for trial, digest in digests.items():
            status, mine, said = prompt(args.fathom, folder, trial)
            ok = tally.check(status == 0, f"{trial}: show --prompt exits {status}: {said[-300:]}")
            known += ok and tally.check(digest in history, f"{trial}: the history has no such digest")
            status, other, said = prompt(other_build, folder, trial)
            same += tally.check(status == 0 and other == mine, f"{trial}: the other build differs: {said[-300:]}")
    print(f"{len(digests)} trials: {known} rebuilt with the digest of the simulator's history, "
          f"{same} with the same bytes by the other build; {time.monotonic() - started:.0f} s")
    raise SystemExit(1 if tally.failed else 0)


main()
