"""The same document from every build, whatever the cache holds, in any order, one or four at once.

    python3 tests/campaign/same.py build/src/fathom [OTHER …] [--build COMPILER:LEVEL …] [--corpora NAME …]

Each build makes every document alone in an empty cache; then again in the cache that is warm now; in a cache that grows from
the shortest to the longest; in one where the longest comes first; in one that another tokenizer has laid; and four processes
at once, each in an order of its own, in one empty cache. Held: every document and its facts are the first build's, byte for
byte. --build makes a build of the source for this: gcc:0, gcc:2, clang-14:0, clang-14:2.
"""

import argparse
import concurrent.futures
import hashlib
import itertools
import json
import os
import shutil
import subprocess
import time

import campaign

TOKENIZERS = ("o200k", "bytes/4")
LENGTHS = (700, 20000)
COMPILED = os.path.join("cache", "fathom", "tokenizers")
SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


class Maker:
    """One build and one cache."""

    numbers = itertools.count()

    def __init__(self, fathom, folder):
        self.fathom = fathom
        self.home = os.path.join(folder, f"home-{next(Maker.numbers)}")
        compiled = os.path.join(folder, "compiled")
        os.mkdir(self.home)
        if os.path.isdir(compiled):
            shutil.copytree(compiled, os.path.join(self.home, COMPILED), copy_function=os.link)

    def digest(self, spec):
        """Of a document and its facts."""
        corpus, tokenizer, length = spec
        path = os.path.join(self.home, f"document-{next(Maker.numbers)}")
        status, _, said = campaign.run(
            self.fathom, self.home, "haystack", "-l", str(length), "-d", "37%", "-t", "multikey", "--corpus", corpus,
            "--tokenizer", tokenizer, "-o", path, "-q")
        if status != 0:
            return f"exit {status}: {said.strip()[-300:]}"
        whole = hashlib.sha256()
        for name in (path, path + ".facts.json"):
            with open(name, "rb") as file:
                whole.update(file.read())
            os.remove(name)
        return whole.hexdigest()

    def digests(self, specs):
        return [(spec, self.digest(spec)) for spec in specs]


def compile_tokenizers(fathom, folder):
    """Once for all caches, for that is not what is held here."""
    maker = Maker(fathom, folder)
    maker.digests([("prose-en", tokenizer, LENGTHS[0]) for tokenizer in TOKENIZERS])
    os.rename(os.path.join(maker.home, COMPILED), os.path.join(folder, "compiled"))


def growing(new, specs):
    return new().digests(sorted(specs, key=lambda spec: (spec[1], spec[2])))


def warm(new, specs):
    maker = new()
    maker.digests(specs)
    return maker.digests(specs)


def longest_first(new, specs):
    return new().digests(sorted(specs, key=lambda spec: (spec[1], -spec[2])))


def other_tokenizer_first(new, specs):
    return new().digests(sorted(specs, key=lambda spec: (spec[1] == TOKENIZERS[0], -spec[2])))


def four_at_once(new, specs):
    """Each in another order, so that they meet at different places."""
    maker, turns = new(), [specs[i:] + specs[:i] for i in range(len(specs))]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(maker.digests, turns[i * len(turns) // 4]) for i in range(4)]
        return [one for job in jobs for one in job.result()]


WAYS = (growing, warm, longest_first, other_tokenizer_first, four_at_once)


def hold(fathoms, folder, corpora, tally, ways_each=len(WAYS)):
    """
    Returns how many documents were made. With fewer ways for each corpus than there are, another corpus and another build
    take others.
    """
    compile_tokenizers(fathoms[0], folder)
    specs = [(corpus, tokenizer, length) for corpus in corpora for tokenizer in TOKENIZERS for length in LENGTHS]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        alone = pool.map(lambda spec: Maker(fathoms[0], folder).digest(spec), specs)
        wanted = dict(zip(specs, alone))
        for spec, digest in wanted.items():
            tally.check(not digest.startswith("exit"), f"{spec}: {digest}")
        jobs = []
        for (i, fathom), (j, corpus), k in itertools.product(enumerate(fathoms), enumerate(corpora), range(ways_each)):
            way = WAYS[(i + j + k) % len(WAYS)]
            of_corpus = [spec for spec in specs if spec[0] == corpus]
            jobs.append((fathom, way, pool.submit(way, lambda fathom=fathom: Maker(fathom, folder), of_corpus)))
        made = len(specs)
        for fathom, way, job in jobs:
            for spec, digest in job.result():
                made += 1
                tally.check(digest == wanted[spec], f"{fathom}: {way.__name__}: {spec}: {digest}, not {wanted[spec]}")
    return made


def build(folder, compiler, level):
    """Another fathom of the same source, of which only the program is compiled."""
    place = os.path.join(folder, f"build-{compiler}-{level}")
    if not os.path.exists(os.path.join(place, "build.ninja")):
        subprocess.run(["meson", "setup", place, SOURCE, "-Dbuildtype=plain", f"-Doptimization={level}"], check=True,
                       env={**os.environ, "CC": compiler}, stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", place, "src/fathom"], check=True, stdout=subprocess.DEVNULL)
    return os.path.join(place, "src", "fathom")


def packs(fathom, folder):
    return [one["name"] for one in json.loads(campaign.run(fathom, folder, "corpus", "list", "--json")[1])]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("fathoms", nargs="+", type=os.path.abspath)
    parser.add_argument("--build", nargs="+", default=[], metavar="COMPILER:LEVEL")
    parser.add_argument("--work", type=os.path.abspath, help="where builds are kept")
    parser.add_argument("--corpora", nargs="+", metavar="NAME")
    args = parser.parse_args()
    tally = campaign.Tally()
    started = time.monotonic()
    with campaign.folder_for("same") as folder:
        fathoms = args.fathoms + [build(args.work or folder, *one.split(":")) for one in args.build]
        corpora = args.corpora or packs(fathoms[0], folder)
        made = hold(fathoms, folder, corpora, tally)
    print(f"{made} documents of {len(corpora)} corpora by {len(fathoms)} builds; {time.monotonic() - started:.0f} s; "
          f"{tally.passed} checks passed, {len(tally.failed)} failed")
    raise SystemExit(1 if tally.failed else 0)


if __name__ == "__main__":
    main()
