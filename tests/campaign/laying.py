"""Kills who lays a haystack, damages what was laid, and lets several lay at once: the document stays the same.

    python3 tests/campaign/laying.py build/src/fathom build/tests/campaign/libkill_shim.so [--corpus NAME] [--tokenizer NAME]

SIGKILL comes before, in or behind each write, sync and rename in the cache: of a haystack that is begun, and of one that
grows. Then the same command gives the same document, a shorter one is what it was, and nothing half-made is left. So it is
with a byte turned, a file cut, emptied, gone or another haystack's; and with several processes, one of them killed.
"""

import argparse
import concurrent.futures
import hashlib
import os
import shutil
import time

import campaign

SHORT, LONG = 20000, 60000
HOW = ("before", "inside", "after")
KILLED = -9


class Layer:
    """Makes documents of one corpus by one tokenizer, in caches of its own below a folder."""

    def __init__(self, args, folder):
        self.args, self.folder = args, folder

    def home(self, name):
        home = os.path.join(self.folder, name)
        os.makedirs(home, exist_ok=True)
        return home

    def make(self, home, length, out="document", seed=7, **more):
        """Exit status, the document's digest and what was said."""
        path = os.path.join(home, out)
        status, _, said = campaign.run(
            self.args.fathom, home, "haystack", "-l", str(length), "--corpus", self.args.corpus, "--tokenizer",
            self.args.tokenizer, "--seed", str(seed), "-o", path, "-q", env=campaign.environment(home, **more))
        if status != 0:
            return status, None, said
        with open(path, "rb") as file:
            return status, hashlib.sha256(file.read()).hexdigest(), said

    def laid(self, home):
        """The files of the one haystack in a cache, by name."""
        root = os.path.join(home, "cache", "fathom", "haystack")
        return {name: os.path.join(where, name) for where, _, names in os.walk(root) for name in names}

    def copy(self, home, name):
        shutil.copytree(os.path.join(home, "cache"), os.path.join(self.home(name), "cache"))
        return self.home(name)


def check_after(layer, home, wanted, name, tally):
    """Whatever happened before: the same documents, and nothing half-made."""
    for length, digest in wanted.items():
        status, got, said = layer.make(home, length)
        tally.check(status == 0 and got == digest, f"{name}: {length} tokens: exit {status}, another document: {said[-300:]}")
    parts = [one for one in layer.laid(home) if "part" in one]
    tally.check(not parts, f"{name}: {parts} are left")


def kill_at(layer, warm, number, wanted, tally):
    """One kill; False when the command ended before it came to so many writes."""
    how = HOW[number % len(HOW)]
    name = f"{'growing' if warm else 'laying'}, {how} write {number}"
    home = layer.copy(warm, name) if warm else layer.home(name)
    status, _, said = layer.make(home, LONG, LD_PRELOAD=layer.args.shim, KILL_IN="/haystack/", KILL_AT=str(number), KILL_HOW=how)
    if not tally.check(status in (0, KILLED), f"{name}: exit {status}: {said[-300:]}"):
        return False
    if status == KILLED:
        tally.check(not os.path.exists(os.path.join(home, "document")), f"{name}: a document was written")
        check_after(layer, home, wanted, name, tally)
    shutil.rmtree(home)
    return status == KILLED


def kill_everywhere(layer, pool, warm, wanted, tally):
    kills, batch = 0, 6
    while True:
        jobs = [pool.submit(kill_at, layer, warm, kills + i + 1, wanted, tally) for i in range(batch)]
        came = sum([job.result() for job in jobs])
        kills += came
        if came < batch:
            return kills


def turn_byte(at):
    def turn(path, _):
        with open(path, "r+b") as file:
            file.seek(int(at * (os.path.getsize(path) - 1)))
            byte = file.read(1)
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte[0] ^ 0x20]))
    return turn


DAMAGES = {
    "its first byte turned": turn_byte(0),
    "a byte in the middle turned": turn_byte(0.5),
    "its last byte turned": turn_byte(1),
    "cut in half": lambda path, _: os.truncate(path, os.path.getsize(path) // 2),
    "emptied": lambda path, _: os.truncate(path, 0),
    "gone": lambda path, _: os.remove(path),
    "another haystack's": lambda path, other: shutil.copyfile(other, path),
}


def damage(layer, warm, foreign, file, how, wanted, tally):
    name = f"{file}, {how}"
    home = layer.copy(warm, name)
    DAMAGES[how](layer.laid(home)[file], foreign[file])
    check_after(layer, home, wanted, name, tally)
    shutil.rmtree(home)


def together(layer, pool, wanted, tally):
    """Four lay one haystack in an empty cache, two of another length; a fifth is killed meanwhile."""
    home = layer.home("together")
    killed = pool.submit(layer.make, home, LONG, "killed", LD_PRELOAD=layer.args.shim, KILL_IN="/haystack/", KILL_AT="4",
                         KILL_HOW="inside")
    jobs = [(length, pool.submit(layer.make, home, length, f"document-{i}")) for i, length in
            enumerate((LONG, SHORT, LONG, SHORT))]
    for length, job in jobs:
        status, digest, said = job.result()
        tally.check(status == 0 and digest == wanted[length], f"together: {length} tokens: exit {status}: {said[-300:]}")
    tally.check(killed.result()[0] in (0, KILLED), f"together: the killed one exits {killed.result()[0]}")
    check_after(layer, home, wanted, "together", tally)


def hold(layer, tally):
    """What each must come out as is made first, each length in a cache of its own."""
    warm, cold, foreign = layer.home("warm"), layer.home("cold"), layer.home("foreign")
    wanted = {SHORT: layer.make(warm, SHORT)[1], LONG: layer.make(cold, LONG)[1]}
    tally.check(all(wanted.values()), f"made without disturbance: {wanted}")
    tally.check(layer.make(foreign, SHORT, seed=8)[0] == 0, "another seed's haystack")
    files = [name for name, path in layer.laid(warm).items() if os.path.getsize(path) > 0]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        begun = kill_everywhere(layer, pool, None, wanted, tally)
        grown = kill_everywhere(layer, pool, warm, wanted, tally)
        jobs = [pool.submit(damage, layer, warm, layer.laid(foreign), file, how, wanted, tally) for file in files
                for how in DAMAGES]
        for job in jobs:
            job.result()
    with concurrent.futures.ThreadPoolExecutor(5) as pool:
        together(layer, pool, wanted, tally)
    tally.check(begun >= 6 and grown >= 6, f"killed only {begun} and {grown} times")
    return begun, grown, len(jobs)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("fathom", type=os.path.abspath)
    parser.add_argument("shim", type=os.path.abspath)
    parser.add_argument("--corpus", default="prose-en")
    parser.add_argument("--tokenizer", default="bytes/4")
    args = parser.parse_args()
    tally = campaign.Tally()
    started = time.monotonic()
    with campaign.folder_for("laying") as folder:
        begun, grown, damaged = hold(Layer(args, folder), tally)
    print(f"{begun} kills while laying, {grown} while growing, {damaged} damaged files, five at once: "
          f"{time.monotonic() - started:.0f} s; {tally.passed} checks passed, {len(tally.failed)} failed")
    raise SystemExit(1 if tally.failed else 0)


main()
