"""Fills the disk under a run and holds what was kept to the simulator's history.

The run's folder is a tmpfs of 6 MiB, in a mount namespace of its own, that another file fills up
when about a quarter of 200 trials is settled. Held true: the run ends by itself, exits 1 and names
what to do; its journal is whole; every answer that came has its `done`; nothing stands in doubt;
with room again the same command completes, and no trial has more complete bodies at the server than
`send` lines. A cache folder that is full, or that may only be read, is told, and nothing half-made is
left in it. Mounting takes root: without it the campaign is skipped.
"""

import argparse
import collections
import os
import shutil
import subprocess
import sys
import time

import campaign

SIM = """
seed: 5
tokens: bytes/4
models:
  slow:
    time: {base: 300ms}
"""

PLAN = """
fathom: 1
name: full
models:
  - {{model: sim/slow, base_url: "{url}"}}
length: [8k, 12k]
depth: [0, 50]
repeats: 50
pace: {{concurrency: 8}}
"""

TRIALS = 2 * 2 * 50
SKIPPED = 77
INSIDE = "FATHOM_FULL_DISK_INSIDE"


def enter_namespace():
    """Begin again where mounts are our own, and gone with us."""
    if os.environ.get(INSIDE):
        return
    unshare = ["unshare", "--mount", "--propagation", "private"]
    if shutil.which("unshare") is None or subprocess.run([*unshare, "true"], stderr=subprocess.DEVNULL).returncode:
        print("skipped: a mount namespace takes root")
        raise SystemExit(SKIPPED)
    os.environ[INSIDE] = "1"
    os.execvp("unshare", [*unshare, sys.executable, *sys.argv])


def fill_up(path):
    """As `dd` does it: until nothing more fits."""
    with open(path, "wb", buffering=0) as file:
        size = 1 << 16
        while size:
            try:
                file.write(bytes(size))
            except OSError:
                size //= 2


def count(lines, kind):
    return sum(1 for line in lines if line["t"] == kind)


def run_until_full(fathom, folder, disk, tally):
    """The run, with its disk filled up meanwhile; returns its journal's lines."""
    run = subprocess.Popen([fathom, "run", "plan.yaml", "--yes"], cwd=folder, text=True,
                           env=campaign.environment(folder), stdin=subprocess.DEVNULL,
                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    while run.poll() is None and count(campaign.journal(folder, "full")[0], "done") < TRIALS // 4:
        time.sleep(0.02)
    fill_up(os.path.join(disk, "neighbour"))
    _, said = run.communicate(timeout=120)
    tally.check(run.returncode == 1, f"full: exits {run.returncode}: {said[-300:]}")
    tally.check("make room, and the same command goes on" in said, f"full: says {said[-300:]}")
    lines, whole = campaign.journal(folder, "full")
    tally.check(len(whole) == os.path.getsize(os.path.join(disk, "full", "journal.jsonl")), "full: a torn line")
    return lines


def check_kept(lines, history, tally):
    sends = {(line["trial"], line["attempt"]) for line in lines if line["t"] == "send"}
    done = {(line["trial"], line["attempt"]): line for line in lines if line["t"] == "done"}
    answered = {line["prompt_digest"] for line in done.values() if line["outcome"] == "answered"}
    doubtful = sum(1 for line in done.values() if line["outcome"] == "in_doubt")
    came = {line["prompt_digest"] for line in history if line["complete"]}
    tally.check(sends == set(done), f"full: {len(sends - set(done))} sends have no done")
    tally.check(came == answered, f"full: {len(came - answered)} answers were lost")
    tally.check(doubtful == 0, f"full: {doubtful} attempts are in doubt")
    tally.check(TRIALS // 4 <= len(answered) < TRIALS, f"full: {len(answered)} of {TRIALS} were answered")
    tally.check(lines[-1]["t"] == "end" and lines[-1]["why"] == "disk", f"full: the last line is {lines[-1]}")
    return len(answered)


def check_completed(lines, history, tally):
    sent = collections.Counter(line["trial"] for line in lines if line["t"] == "send")
    digests = {line["trial"]: line["prompt_digest"] for line in lines if line["t"] == "done"}
    bodies = collections.Counter(line["prompt_digest"] for line in history if line["complete"])
    scored = {line["trial"] for line in lines if line["t"] == "score"}
    twice = [trial for trial, digest in digests.items() if bodies[digest] != 1]
    over = [trial for trial, digest in digests.items() if bodies[digest] > sent[trial]]
    tally.check(len(scored) == TRIALS, f"resumed: {len(scored)} of {TRIALS} are graded")
    tally.check(not twice, f"resumed: {len(twice)} trials were not paid exactly once")
    tally.check(not over, f"resumed: {len(over)} trials have more complete bodies than sends")


def check_cache(fathom, folder, disk, tally):
    """Haystacks on a disk that is too small, then full, then read-only."""
    env = campaign.environment(folder, XDG_CACHE_HOME=disk)

    def lay(length):
        status, _, said = campaign.run(fathom, folder, "haystack", "-l", length, "-q", "-o", "d.txt", env=env)
        return status, said

    def laid():
        return {os.path.join(where, name): os.path.getsize(os.path.join(where, name))
                for where, _, names in os.walk(disk) for name in names if name != "users"}  # which names the corpus

    status, said = lay("1M")
    tally.check(status == 1 and "are free: choose shorter lengths" in said, f"small: exit {status}: {said[-300:]}")
    tally.check(not any(laid().values()), f"small: {laid()} is left")
    status, said = lay("50k")
    tally.check(status == 0, f"with room: exit {status}: {said[-300:]}")
    before = laid()
    fill_up(os.path.join(disk, "neighbour"))
    status, said = lay("100k")
    tally.check(status == 1 and "are free" in said, f"full: exit {status}: {said[-300:]}")
    os.remove(os.path.join(disk, "neighbour"))
    tally.check(laid() == before, f"full: {laid()} is left of {before}")
    for path in before:
        if os.path.basename(path).startswith("guard-"):
            os.remove(path)
    unguarded = laid()
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    status, said = lay("100k")
    tally.check(status == 1 and disk in said and "Read-only file system" in said, f"read-only: exit {status}: {said[-300:]}")
    status, said = lay("50k")
    tally.check(status == 0 and unguarded != before, f"read-only, laid before: exit {status}: {said[-300:]}")
    subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
    status, said = lay("50k")
    tally.check(status == 0 and laid() == before, f"again: exit {status}: {said[-300:]}")


def mount(disk, size):
    os.mkdir(disk)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", disk]).returncode:
        print("skipped: a tmpfs cannot be mounted here")
        raise SystemExit(SKIPPED)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fathom", type=os.path.abspath)
    args = parser.parse_args()
    enter_namespace()
    tally = campaign.Tally()
    started = time.monotonic()
    with campaign.folder_for("full") as folder, campaign.Simulator(args.fathom, folder, SIM) as sim:
        disk, cache = os.path.join(folder, "runs"), os.path.join(folder, "full-cache")
        mount(disk, "6m")
        try:
            with open(os.path.join(folder, "plan.yaml"), "w") as file:
                file.write(PLAN.format(url=sim.url))
            lines = run_until_full(args.fathom, folder, disk, tally)
            answered = check_kept(lines, sim.history(), tally)
            status, _, said = campaign.run(args.fathom, folder, "run", "plan.yaml", "--yes")
            tally.check(status == 1, f"still full: exits {status}: {said[-300:]}")
            os.remove(os.path.join(disk, "neighbour"))
            status, _, said = campaign.run(args.fathom, folder, "run", "plan.yaml", "--yes")
            tally.check(status == 0, f"resumed: exits {status}: {said[-300:]}")
            lines, _ = campaign.journal(folder, "full")
            check_completed(lines, sim.history(), tally)
            blocks = os.stat(os.path.join(disk, "full", "journal.jsonl"))
            tally.check(blocks.st_blocks * 512 < blocks.st_size + 65536, "closed: room is still reserved")
        finally:
            subprocess.run(["umount", disk], check=True)
        mount(cache, "3m")
        try:
            check_cache(args.fathom, folder, cache, tally)
        finally:
            subprocess.run(["umount", cache], check=True)
    print(f"{answered} of {TRIALS} trials were settled on the full disk; {time.monotonic() - started:.0f} s; "
          f"{tally.passed} checks passed, {len(tally.failed)} failed")
    raise SystemExit(1 if tally.failed else 0)


main()
