"""Documents of exactly so many tokens, from every pack and from real text, counted by other people's tokenizers.

    python3 tests/campaign/haystack.py build/src/fathom [--work FOLDER] [--corpora NAME …] [--tokenizers NAME …]
                                       [--lengths N …] [--seeds N] [--slice]

Held for each document: npm tiktoken, or npm tokenizers with the same tokenizer.json, counts exactly the tokens that were
asked for; of each needle, that so many of its tokens come before it as the facts file says, that its text stands at its
bytes and code points, and that its value stands nowhere else. With --work the same command goes on where it stopped, and
counts anew only documents that came out otherwise.
"""

import argparse
import collections
import glob
import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
import threading
import time

import pydoc_data.topics

import campaign

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "oracle"))
import oracle  # noqa: E402

TOKENIZERS = oracle.SHIPPED + [oracle.family(name) for name in ("qwen2_5", "llama3_1", "gemma3")]
LENGTHS = [100, 4096, 131072, 1000000, 10000000]
LONG_FROM = 1000000  # tokens: so long a document is worth a worker of its own
ONE_SEED_FROM = 10000000  # tokens: so long a document is made with the first seed alone
ALONE_MAX = 4096  # tokens: up to here the text before a needle is counted by itself as well

# What each seed plants, and where. Real text may have no seam near a depth: then the next one is tried.
KINDS = [("niah", 50), ("multikey", 23), ("niah", 100)]
DEPTH_STEP = 7

SEVERAL_MIN = 400  # tokens: several needles and something between them need so many

REAL = "real text"
REAL_BYTES_MAX = 80 << 20
GAP_BYTES_MAX = 1600  # a text may go on for so long between places to plant


def is_prose(text):
    """Tables and grammars have no sentences, and no needle may lie inside one."""
    pieces = re.split(r"(?<=[.!?])[\"')]* (?=[A-Z])|\n\n(?=\S)", text)
    return "\0" not in text and max(map(len, pieces)) <= GAP_BYTES_MAX


def real_texts():
    """Python's own manual, and what Debian's packages say of themselves, by name."""
    for name, text in sorted(pydoc_data.topics.topics.items()):
        yield f"topic-{name}.md", text
    patterns = ("/usr/share/common-licenses/*", "/usr/share/doc/*/*", "/usr/share/perl/*/pod/*.pod",
                "/usr/lib/python3*/**/*.txt", "/usr/share/man/man?/*.gz")
    for path in [path for pattern in patterns for path in sorted(glob.glob(pattern, recursive=True))]:
        if os.path.islink(path) or not os.path.isfile(path):
            continue
        try:
            with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
                yield path.strip("/").replace("/", "-") + ".txt", file.read().decode()
        except (OSError, EOFError, UnicodeDecodeError):
            continue


def lay_real(folder, bytes_max):
    """A folder of real text, no text twice; returns its size."""
    os.makedirs(folder, exist_ok=True)
    seen, size = set(), 0
    for name, text in real_texts():
        data = text.encode()
        digest = hashlib.sha256(data).digest()
        if size >= bytes_max or len(data) < 2000 or digest in seen or not is_prose(text):
            continue
        seen.add(digest)
        size += len(data)
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)
    return size


class Counter:
    """Somebody else's tokenizer, open for as long as documents come."""

    def __init__(self, tokenizer):
        self.name = tokenizer.name
        self.process = subprocess.Popen(
            ["node", "--max-old-space-size=8192", os.path.join(oracle.HERE, "documents.mjs"), tokenizer.kind,
             tokenizer.other], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def count(self, path, places, alone):
        self.process.stdin.write(json.dumps({"path": path, "places": places, "alone": alone}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name}: the other side ended with {self.process.wait()}")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.process.stdout.close()


class Cell(collections.namedtuple("Cell", "corpus tokenizer length seed")):
    def key(self):
        return f"{self.corpus}/{self.tokenizer.name}/{self.length}/{self.seed}"


def make(args, cell, path):
    """The document with the first depth at which there is a seam; its facts, or what went wrong."""
    task, depth = KINDS[(cell.seed - 1) % len(KINDS)]
    if cell.length < SEVERAL_MIN:
        task = "niah"
    corpus = args.real if cell.corpus == REAL else cell.corpus
    for shift in range(0, 100 if os.path.isdir(corpus) else 1, DEPTH_STEP):
        status, out, said = campaign.run(
            args.fathom, args.work, "haystack", "-l", str(cell.length), "-d", f"{(depth + shift) % 101}%", "-t", task,
            "--seed", str(cell.seed), "--corpus", corpus, "--tokenizer", cell.tokenizer.ours, "-o", path, "-q", timeout=1800)
        if status == 0:
            with open(path + ".facts.json", encoding="utf-8") as file:
                return json.load(file), None
        if "no seam within 1%" not in said:
            break
    return None, f"exit {status}: {said.strip()[-300:]}"


def place_of(data, needle):
    """Where a needle's counting begins: a blank before it is its own lead."""
    lead = needle["at_bytes"] > 0 and data[needle["at_bytes"] - 1:needle["at_bytes"]] == b" "
    return {"bytes": needle["at_bytes"] - lead, "chars": needle["at_chars"] - lead}


def wrong_in_text(data, needle):
    """What of a needle's facts is not so, but for its tokens."""
    at, text = needle["at_bytes"], needle["text"].encode()
    if data[at:at + needle["len_bytes"]] != text or len(text) != needle["len_bytes"]:
        yield f"not at byte {at}"
    if len(data[:at].decode()) != needle["at_chars"]:
        yield f"{len(data[:at].decode())} code points before it, not {needle['at_chars']}"
    if data.count(needle["value"].encode()) != 1:
        yield f"its value {needle['value']} stands {data.count(needle['value'].encode())} times"


def wrong_in_counts(needle, before, alone):
    if before != needle["at_tokens"]:
        yield f"{before} tokens before it, not {needle['at_tokens']}"
    if alone is not None and alone != needle["at_tokens"]:
        yield f"the text before it has {alone} tokens, not {needle['at_tokens']}"


def hold(cell, counter, facts, path):
    """The other side decides; returns what is wrong, and how many needles there are."""
    with open(path, "rb") as file:
        data = file.read()
    needles = facts["needles"]
    answer = counter.count(path, [place_of(data, needle) for needle in needles], cell.length <= ALONE_MAX)
    wrong = []
    if answer["tokens"] != cell.length or facts["tokens"] != cell.length:
        wrong.append(f"{answer['tokens']} tokens, the facts say {facts['tokens']}")
    if facts["bytes"] != len(data):
        wrong.append(f"{len(data)} bytes, the facts say {facts['bytes']}")
    alone = answer["alone"] or [None] * len(needles)
    for i, needle in enumerate(needles):
        faults = [*wrong_in_text(data, needle), *wrong_in_counts(needle, answer["before"][i], alone[i])]
        wrong += [f"needle {i + 1} of {len(needles)}: {fault}" for fault in faults]
    return wrong


def digest_of(path, facts):
    """Of a document and the facts that are held: what was counted once need not be counted again."""
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256") if hasattr(hashlib, "file_digest") else hashlib.sha256(file.read())
    digest.update(json.dumps([facts[name] for name in ("tokens", "bytes", "needles")]).encode())
    return digest.hexdigest()


class Results:
    """A line of JSON for each document that was held; the last one of a cell counts."""

    def __init__(self, path):
        self.path, self.lock, self.of = path, threading.Lock(), {}
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                self.of = {row["cell"]: row for row in map(json.loads, file)}

    def put(self, row):
        with self.lock:
            self.of[row["cell"]] = row
            with open(self.path, "a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")


class Worker:
    """Takes cells one by one, and keeps the other side's tokenizer open while they ask for the same."""

    def __init__(self, args, results, number):
        self.args, self.results = args, results
        self.path = os.path.join(args.work, f"document-{number}")
        self.counter = None

    def counter_of(self, tokenizer):
        if self.counter is None or self.counter.name != tokenizer.name:
            self.close()
            self.counter = Counter(tokenizer)
        return self.counter

    def close(self):
        if self.counter is not None:
            self.counter.close()
            self.counter = None

    def hold(self, cell):
        begin = time.monotonic()
        facts, fault = make(self.args, cell, self.path)
        made = time.monotonic()
        row = {"cell": cell.key(), "wrong": [fault], "bytes": 0, "needles": 0, "digest": None}
        if facts is not None:
            digest = digest_of(self.path, facts)
            old = self.results.of.get(cell.key())
            if old is not None and old["digest"] == digest:
                return
            row = {"cell": cell.key(), "wrong": hold(cell, self.counter_of(cell.tokenizer), facts, self.path),
                   "bytes": facts["bytes"], "needles": len(facts["needles"]), "digest": digest}
        row["made_s"], row["counted_s"] = round(made - begin, 2), round(time.monotonic() - made, 2)
        self.results.put(row)
        print(f"{cell.key()}: {row['bytes']:,} bytes, {row['needles']} needles, made in {row['made_s']} s, counted in "
              f"{row['counted_s']} s{''.join(f'; WRONG: {one}' for one in row['wrong'])}", flush=True)


def groups_of(cells):
    """What one worker takes at a time: what is short, of one tokenizer, whose opening costs more than the counting."""
    groups = {}
    for cell in cells:
        name = cell.tokenizer.name if cell.length < LONG_FROM else cell.key()
        groups.setdefault(name, []).append(cell)
    return groups.values()


def carry_out(args, cells, results):
    """The workers share one list, in which the longest come last."""
    left, lock, faults = collections.deque(groups_of(cells)), threading.Lock(), []

    def work(number):
        worker = Worker(args, results, number)
        try:
            while not faults:
                with lock:
                    group = left.popleft() if left else []
                if not group:
                    break
                for cell in group:
                    worker.hold(cell)
        except BaseException as fault:  # told below: a thread that dies must not pass for one that is done
            faults.append(fault)
        finally:
            worker.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(args.jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


def cells_of(args, corpora):
    if args.slice:
        short = [Cell(corpus, tokenizer, length, 1 + (i + j) % len(KINDS)) for length in (100, 4096)
                 for j, tokenizer in enumerate(TOKENIZERS) for i, corpus in enumerate(corpora)]
        return [Cell(corpora[0], TOKENIZERS[0], 131072, 2)] + short
    known = {tokenizer.name: tokenizer for tokenizer in TOKENIZERS + oracle.FAMILIES}
    return [Cell(corpus, known[name], length, seed) for length in sorted(args.lengths) for name in args.tokenizers
            for corpus in corpora for seed in range(1, 1 + (args.seeds if length < ONE_SEED_FROM else 1))]


def table(cells, results):
    """A row for each corpus: how many documents of each length are exact, of all tokenizers together."""
    lengths = sorted({cell.length for cell in cells})
    print("\n| corpus | " + " | ".join(f"{length:,}" for length in lengths) + " | needles | bytes |")
    print("|---|" + "--:|" * (len(lengths) + 2))
    for corpus in dict.fromkeys(cell.corpus for cell in cells):
        found = [(cell.length, results.of[cell.key()]) for cell in cells if cell.corpus == corpus]
        of = [[row for one, row in found if one == length] for length in lengths]
        row = [f"{sum(not one['wrong'] for one in rows)} of {len(rows)}" if rows else "" for rows in of]
        print(f"| {corpus} | {' | '.join(row)} | {sum(one['needles'] for _, one in found):,} | "
              f"{sum(one['bytes'] for _, one in found):,} |")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("fathom", type=os.path.abspath)
    parser.add_argument("--work", type=os.path.abspath, help="a folder for haystacks and results that stays")
    parser.add_argument("--corpora", nargs="+", metavar="NAME", help=f'packs, "{REAL}", and folders')
    parser.add_argument("--tokenizers", nargs="+", metavar="NAME", default=[one.name for one in TOKENIZERS])
    parser.add_argument("--lengths", nargs="+", type=int, metavar="N", default=LENGTHS)
    parser.add_argument("--seeds", type=int, default=3, help=f"of documents below {ONE_SEED_FROM:,} tokens")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--slice", action="store_true", help="short documents of each corpus and tokenizer, one longer")
    return parser.parse_args()


def run(args):
    status, out, said = campaign.run(args.fathom, args.work, "corpus", "list", "--json")
    if status != 0:
        raise SystemExit(f"corpus list exits {status}: {said}")
    corpora = args.corpora or [one["name"] for one in json.loads(out)] + [REAL]
    args.real = os.path.join(args.work, "real")
    if REAL in corpora and not os.path.isdir(args.real):
        print(f"{REAL}: {lay_real(args.real, REAL_BYTES_MAX // (40 if args.slice else 1)):,} bytes", flush=True)
    cells = cells_of(args, corpora)
    results = Results(os.path.join(args.work, "results.jsonl"))
    begin = time.monotonic()
    carry_out(args, cells, results)
    table(cells, results)
    rows = [results.of[cell.key()] for cell in cells]
    wrong = [f"{row['cell']}: {one}" for row in rows for one in row["wrong"]]
    print(f"\n{len(cells)} documents, {time.monotonic() - begin:.0f} s")
    for one in wrong:
        print(f"WRONG: {one}")
    raise SystemExit(1 if wrong else 0)


def main():
    args = arguments()
    oracle.need_packages()
    if args.work is not None:
        os.makedirs(args.work, exist_ok=True)
        run(args)
    with campaign.folder_for("haystack") as folder:
        args.work = folder
        run(args)


main()
