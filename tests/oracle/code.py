#!/usr/bin/env python3
"""Chapters of the packs of source code, judged by a C compiler and by Python.

Usage: code.py CHAPTERS CC...   CHAPTERS is the program made of chapters.c, CC the compiler's command.

Every chapter is a file of its own: the compiler takes it without a warning, Python compiles it and
carries it out. The sample pages are the first chapters of seeds 1, 2 and 3.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(os.environ["FATHOM_TEST_DATA"])
# Seed, first chapter, how many.
RUNS = [(1, 0, 16), (2, 0, 16), (3, 0, 16), (77, 100000, 16)]
WARNINGS = ["-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror"]
failures = []


def check(what, good, detail=""):
    if not good:
        failures.append(f"{what}: {detail}")


def tell(program, pack, folder):
    for run in RUNS:
        subprocess.run([program, pack, *map(str, run), folder], check=True)
    files = sorted(pathlib.Path(folder).iterdir())
    check(pack, len(files) == sum(run[2] for run in RUNS), f"{len(files)} chapters")
    return files


def judge_c(compiler, files):
    named = []
    for file in files:
        named.append(file.rename(file.with_name(file.name + ".c")))
    done = subprocess.run([*compiler, "-fsyntax-only", "-std=c17", *WARNINGS, *map(str, named)],
                          capture_output=True, text=True)
    check("code-c", done.returncode == 0, "\n".join(done.stderr.splitlines()[:20]))


def judge_python(files):
    for file in files:
        try:
            exec(compile(file.read_text(), file.name, "exec"), {"__name__": "__main__"})
        except Exception as error:  # whatever it is, the chapter is at fault
            check("code-py", False, f"chapter {file.name}: {error!r}")


def judge_sample(pack, number, folder):
    page = (ROOT / "corpora" / pack / f"sample{'' if number == 1 else f'-{number}'}.md").read_text()
    text = page.split("```", 1)[1].split("\n", 1)[1].rsplit("```", 1)[0]
    told = (pathlib.Path(folder) / f"{number}-0").read_text()
    check(pack, text == told, f"sample page {number} is not the chapter that is told")


def main():
    program, compiler = sys.argv[1], sys.argv[2:]
    for pack in ("code-c", "code-py"):
        with tempfile.TemporaryDirectory() as folder:
            files = tell(program, pack, folder)
            for number in (1, 2, 3):
                judge_sample(pack, number, folder)
            if pack == "code-c":
                judge_c(compiler, files)
            else:
                judge_python(files)
    for failure in failures:
        print(failure)
    return len(failures) > 0


if __name__ == "__main__":
    sys.exit(main())
