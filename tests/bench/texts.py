"""The texts that tokenizers are measured on, built on the spot from Debian's packages and by fathom.

    python3 tests/bench/texts.py FATHOM FOLDER

writes book.txt, code.txt, asian.txt and prose.txt into FOLDER, each valid UTF-8. The same packages give the same bytes.
"""

import glob
import gzip
import os
import random
import re
import subprocess
import sys

BYTES = 44_000_000
PROSE_TOKENS = 12_500_000  # of bytes/4: about 46 MB
NUMBER = re.compile(r"^\s*\S*\d\s+")


def book():
    """The King James Bible (bible-kjv), its verses shuffled anew ten times, one word in 30 turned around, numbers put in."""
    done = subprocess.run(["bible", "-l0", "gen1:1-rev22:21"], stdout=subprocess.PIPE, check=True)
    verses = [NUMBER.sub("", line).strip() for line in done.stdout.decode().splitlines()]
    rng = random.Random(1)
    while True:
        rng.shuffle(verses)
        for verse in verses:
            yield " ".join(changed(rng, word) for word in verse.split(" ")) + rng.choice([" ", " ", " ", "\n", "\n\n"])


def changed(rng, word):
    draw = rng.random()
    if draw < 0.03:
        return word[::-1]
    return f"{word} {rng.randint(1, 99999)}" if draw < 0.035 else word


def code():
    """C and C++ headers of /usr/include and Python's library, file by file in a shuffled order."""
    paths = sorted(path for pattern in ("/usr/include/**/*.h", "/usr/include/c++/**/*", "/usr/lib/python3*/**/*.py")
                   for path in glob.glob(pattern, recursive=True) if os.path.isfile(path))
    random.Random(2).shuffle(paths)
    for path in paths:
        with open(path, "rb") as file:
            yield file.read()


def asian():
    """Chinese and Japanese manual pages (manpages-zh, manpages-ja, manpages-ja-dev): each line once that is so at least by a fourth."""
    seen = set()
    paths = sorted(path for name in ("ja", "zh_CN", "zh_TW") for path in glob.glob(f"/usr/share/man/{name}/man*/*.gz"))
    random.Random(3).shuffle(paths)
    for path in paths:
        with gzip.open(path) as file:
            for line in file.read().decode(errors="ignore").splitlines(keepends=True):
                if line not in seen and sum(char >= "\u2e80" for char in line) * 4 >= len(line):
                    seen.add(line)
                    yield line


def write(path, parts):
    """As many whole parts as come near to BYTES; what is not UTF-8 is left out."""
    size = 0
    with open(path, "wb") as file:
        for part in parts:
            data = part.encode() if isinstance(part, str) else part
            try:
                data.decode()
            except UnicodeDecodeError:
                continue
            if size + len(data) > BYTES:
                return
            size += file.write(data)


def write_prose(fathom, path):
    """What fathom lays: its pack prose-en."""
    subprocess.run([fathom, "haystack", "-l", str(PROSE_TOKENS), "--tokenizer", "bytes/4", "--seed", "1", "-q", "-o", path],
                   check=True, stdout=subprocess.DEVNULL)


def build(fathom, folder):
    """The paths by name; what is there already is not built again."""
    paths = {name: os.path.join(folder, f"{name}.txt") for name in ("book", "code", "asian", "prose")}
    for name, parts in (("book", book), ("code", code), ("asian", asian)):
        if not os.path.exists(paths[name]):
            write(paths[name] + ".part", parts())
            os.replace(paths[name] + ".part", paths[name])
    if not os.path.exists(paths["prose"]):
        write_prose(fathom, paths["prose"])
    return paths


if __name__ == "__main__":
    for name, path in build(sys.argv[1], sys.argv[2]).items():
        print(f"{name}: {os.path.getsize(path):,} bytes")
