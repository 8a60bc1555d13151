#!/usr/bin/env python3
"""The README's table of providers is what `fathom providers --json` says; --write makes it so."""
import argparse
import json
import os
import pathlib
import subprocess
import sys

OPEN = "<!-- providers: made by tests/e2e/providers.py --write -->\n"
CLOSE = "<!-- end of providers -->\n"
UNITS = {"code points": "code points", "utf-16": "units of UTF-16"}


def words(names):
    return ", ".join(f"`{name}`" for name in names)


def caps(row):
    parts = []
    if row["string_cap"]:
        parts.append(f"{row['string_cap']:,} {UNITS[row['string_unit']]} a string: sent in parts")
    if row["body_cap"]:
        parts.append(f"{row['body_cap']:,} bytes a request")
    return "; ".join(parts) or "none known"


def quirks(row):
    parts = []
    if row["always"]:
        parts.append("always sends " + words(row["always"]))
    if row["route"]:
        parts.append("`route:` picks the host")
    renamed = [q for q in row["quirks"] if q["sent_as"]]
    parts += [f"`{q['member']}` is called `{q['sent_as']}`" for q in renamed]
    never = [q for q in row["quirks"] if not q["sent_as"]]
    everywhere = [q["member"] for q in never if q["models"] == "*"]
    if everywhere:
        parts.append("never sends " + words(everywhere))
    some = dict.fromkeys(q["member"] for q in never if q["models"] != "*")
    if some:
        parts.append("not to some models: " + words(some))
    if row["usage"]:
        parts.append("usage: " + row["usage"])
    if row["note"]:
        parts.append(row["note"])
    return "; ".join(parts)


def table(rows):
    text = "| provider | key | dialect | caps | quirks |\n|---|---|---|---|---|\n"
    for row in rows:
        cells = [f"`{row['name']}`: {row['title']}", words(row["keys"]) or "none", row["dialect"], caps(row),
                 quirks(row)]
        text += "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"
    return text


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--fathom", required=True)
    parser.add_argument("--readme", required=True, type=pathlib.Path)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()

    said = subprocess.run([args.fathom, "providers", "--json"], check=True, capture_output=True,
                          env={"PATH": os.environ["PATH"]})
    want = table(json.loads(said.stdout)["providers"])
    readme = args.readme.read_text(encoding="utf-8")
    before, opened, rest = readme.partition(OPEN)
    have, closed, after = rest.partition(CLOSE)
    if not opened or not closed:
        sys.exit("the README has no place for the table of providers")
    if args.write:
        args.readme.write_text(before + OPEN + want + CLOSE + after, encoding="utf-8")
    elif have != want:
        sys.exit("the README's table of providers is not what `fathom providers` says; run\n"
                 "python3 tests/e2e/providers.py --fathom build/src/fathom --readme README.md --write")


main()
