"""Random texts and joins through fathom and through other people's tokenizers: the same ids, one by one.

    python3 tests/campaign/tokens.py build/tests/oracle/oracle_ids [--strings N] [--pairs N] [--seed N] [--only NAME …]

Held: for every text the ids are those of npm tiktoken, or of npm tokenizers with the same tokenizer.json; for every two
texts between which fathom promises a seam, the other side's count of both together is its count of the first and what
fathom says that the second adds.
"""

import argparse
import os
import sys
import time

import campaign
import strings

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "oracle"))
import oracle  # noqa: E402

CHUNK = 100000  # strings in memory at a time: their ids as lists of Python are large


class Row:
    def __init__(self, tokenizer):
        self.tokenizer = tokenizer
        self.strings = self.bytes = self.tokens = self.differences = 0
        self.pairs = self.promised = self.broken = 0
        self.ours_s = self.other_s = 0.0

    def line(self):
        return (f"| {self.tokenizer.name} | {self.strings:,} | {self.bytes:,} | {self.tokens:,} | {self.differences:,} | "
                f"{self.pairs:,} | {self.promised:,} | {self.broken:,} | {self.ours_s:.1f} | {self.other_s:.1f} |")


HEAD = ("| tokenizer | strings | bytes | tokens | differences | joins | promised | broken | seconds, fathom | seconds, other |\n"
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|")


def hold_chunk(row, program, folder, texts, pairs):
    """The other side decides: our ids are its ids, and its counts bear out the seams that we promise."""
    name, path = row.tokenizer.name, os.path.join(folder, "texts")
    all_texts = texts + [text for a, b in pairs for text in (a, a + b)]
    oracle.write_texts(path, all_texts)
    begin = time.monotonic()
    ours = oracle.our_ids(program, row.tokenizer, path, folder)
    middle = time.monotonic()
    theirs = oracle.other_ids(row.tokenizer, path)
    row.ours_s += middle - begin
    row.other_s += time.monotonic() - middle
    row.differences += oracle.differences(name, all_texts, ours, theirs)
    row.strings += len(all_texts)
    row.bytes += sum(map(len, all_texts))
    counts = [len(ids) for ids in oracle.lists(theirs)]
    row.tokens += sum(counts)
    oracle.write_texts(path, [text for pair in pairs for text in pair])
    joins = oracle.our_joins(program, row.tokenizer, path, folder)
    hold_joins(row, pairs, joins, counts[len(texts)::2], counts[len(texts) + 1::2])


def hold_joins(row, pairs, joins, alone, together):
    row.pairs += len(pairs)
    for (a, b), (promised, more), first, whole in zip(pairs, joins, alone, together):
        row.promised += promised
        if promised and first + more != whole:
            row.broken += 1
            print(f"{row.tokenizer.name}: a seam is promised between {oracle.shown(a)} and {oracle.shown(b)}: "
                  f"{first} and {more} are not {whole}", flush=True)


def hold(rows, args, folder):
    for chunk, done in enumerate(range(0, args.strings, CHUNK)):
        count = min(CHUNK, args.strings - done)
        texts = strings.texts(f"{args.seed} {chunk}", count)
        pairs = strings.pairs(f"{args.seed} {chunk}", args.pairs * count // args.strings)
        for row in rows:
            hold_chunk(row, args.program, folder, texts, pairs)
            print(f"{row.tokenizer.name}: {row.strings:,} strings, {row.differences} differences, {row.broken} broken joins",
                  flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=os.path.abspath, help="oracle_ids of a build folder")
    parser.add_argument("--strings", type=int, default=20000, help="for each tokenizer")
    parser.add_argument("--pairs", type=int, help="of texts to be joined; a tenth of the strings when not said")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="+", metavar="NAME")
    args = parser.parse_args()
    args.pairs = args.strings // 10 if args.pairs is None else args.pairs
    oracle.need_packages()
    known = {one.name: one for one in oracle.SHIPPED + oracle.OLDER + oracle.FAMILIES + [oracle.LLAMA2]}
    rows = [Row(known[name]) for name in args.only or known]
    with campaign.folder_for("tokens") as folder:
        hold(rows, args, folder)
    print(f"\nseed {args.seed}\n\n{HEAD}")
    for row in rows:
        print(row.line())
    raise SystemExit(1 if any(row.differences or row.broken or not row.promised for row in rows) else 0)


main()
