"""The vectors of five families, and the tokenizers of this place, against what fathom makes of the same files.

    python3 tests/oracle/families.py build/tests/oracle/oracle_ids

Held for each of 456 texts: fathom's ids are those of golden/tokens/families.tsv, and npm tokenizers still says them.
"""

import os
import re
import struct
import sys
import tempfile

import oracle

ESCAPE = re.compile(r"\\(\\|x[0-9a-f]{2})")


def unescaped(column):
    """The bytes that a column stands for."""
    plain = ESCAPE.sub(lambda m: "\\" if m[1] == "\\" else chr(int(m[1][1:], 16)), column)
    return plain.encode("latin-1")


def packed(column):
    ids = [int(word) for word in column.split()]
    return struct.pack(f"<{len(ids) + 1}I", len(ids), *ids)


def main():
    program = os.path.abspath(sys.argv[1])
    oracle.need_packages()
    with open(os.path.join(oracle.GOLDEN, "families.tsv")) as file:
        head, *rows = [line.rstrip("\n").split("\t") for line in file]
    texts = [unescaped(row[1]) for row in rows]
    failed = 0
    with tempfile.TemporaryDirectory(prefix="fathom-families-") as folder:
        path = os.path.join(folder, "texts")
        oracle.write_texts(path, texts)
        for tokenizer in oracle.FAMILIES:
            want = b"".join(packed(row[head.index(tokenizer.name)]) for row in rows)
            ours = oracle.differences(tokenizer.name, texts, oracle.our_ids(program, tokenizer, path, folder), want)
            theirs = oracle.differences(f"npm tokenizers, {tokenizer.name}", texts, oracle.other_ids(tokenizer, path), want)
            print(f"{tokenizer.name}: {len(texts)} texts, {ours} differences; npm tokenizers {theirs}", flush=True)
            failed += ours + theirs
    raise SystemExit(1 if failed or len(texts) != 456 else 0)


main()
