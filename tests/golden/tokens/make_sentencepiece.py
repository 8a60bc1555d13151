"""Make the models in sentencepiece/ and the rows of sentencepiece.tsv anew, with pip sentencepiece 0.2.3.

    python3 tests/golden/tokens/make_sentencepiece.py

Training is not the same to the last score everywhere, so both are committed and made together.
"""

import os
import random
import tempfile

import sentencepiece

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "sentencepiece")
VERSION = "0.2.3"

# Few rules, of each sort that the large ones have: longer, shorter, to nothing, to a space, several code points to one.
RULES = {"\uff21": "A", "\uff22": "B", "\uff11": "1", "\ufb01": "fi", "\ufb02": "fl", "\u2122": "TM", "\u3000": " ", "\u00a0": " ",
         "\t": " ", "\n": " ", "\r": " ", "\u0001": "", "\u200b": "", "e\u0301": "\u00e9", "a\u0300": "\u00e0", "\u1100\u1161": "\uac00",
         "\u1100\u1161\u11a8": "\uac01", ">\u0338": "\u226f", "\ufdfa": "\u0635\u0644\u0649 \u0627\u0644\u0644\u0647", "\u00b4": " \u0301"}

SHAPES = {
    "bpe_llama": dict(model_type="bpe", byte_fallback=True, normalization_rule_name="identity",
                      remove_extra_whitespaces=False, vocab_size=640),
    "bpe_gemma": dict(model_type="bpe", byte_fallback=True, normalization_rule_name="identity", add_dummy_prefix=False,
                      remove_extra_whitespaces=False, vocab_size=660, split_by_whitespace=False,
                      user_defined_symbols=["\n", "\n\n", "\u2581\u2581", "\u2581\u2581\u2581", "<b>", "<br>", "\u00e9"]),
    "bpe_rules": dict(model_type="bpe", vocab_size=360, treat_whitespace_as_suffix=True, user_defined_symbols=["<sep>", "\ufb01x", "a b"]),
    "unigram_rules": dict(model_type="unigram", vocab_size=420),
    "unigram_bytes": dict(model_type="unigram", byte_fallback=True, vocab_size=700, remove_extra_whitespaces=False,
                          user_defined_symbols=["<sep>", "<se", "\u2581\u2581", "\ufb01x", "\n"]),
    "unigram_whole": dict(model_type="unigram", vocab_size=420, split_by_whitespace=False, normalization_rule_name="identity",
                          max_sentencepiece_length=40, add_dummy_prefix=False),
    "char": dict(model_type="char", vocab_size=120, user_defined_symbols=["<sep>"]),
}

WORDS = """the river keeper wrote three letters to her sister about lanterns boats winter markets and quiet harbours because nobody
else would count the stones along the northern wall before morning came aaa aaaa aaaaa ==== ---- na\u00efve caf\u00e9 r\u00e9sum\u00e9
12 345 2024 x = y + 1; if (a > b) { return a; } \u65e5\u672c\u8a9e \u4e2d\u6587 \u6587\u5b57 \u041f\u0440\u0438\u0432\u0435\u0442 \u043c\u0438\u0440
\ud55c\uad6d\uc5b4 \ud14d\uc2a4\ud2b8""".split()

PARTS = WORDS + ["a", "aa", " ", "  ", "   ", "\n", "\n\n", "\t", "\u2581", "\u2581\u2581", "<sep>", "<se", "<b>", "<br>", "\ufb01x", "a b", "\u00e9",
                 "e\u0301", "a\u0300\u0301", "\uff21\uff22", "\uff11", "\ufb01", "\ufb02", "\u2122", "\u3000", "\u00a0", "\u0001", "\u200b", "\u1100\u1161", "\u11a8",
                 ">", "\u0338", "\ufdfa", "\u00b4", "\u0301", "\0", "\x7f", "\ufeff", "\U0001f600", "\U0010ffff", "<unk>", "<s>", "</s>", "<0x41>",
                 "\u2047", "Q", "\u4e00", " the", " of", "ing", "."]


def train(folder):
    rng = random.Random(3)
    text, rules = os.path.join(folder, "text"), os.path.join(folder, "rules")
    with open(text, "w") as file:
        for _ in range(3000):
            file.write(rng.choice([" ", " ", " ", "  "]).join(rng.choices(WORDS, k=rng.randint(3, 14))) + "\n")
    with open(rules, "w") as file:
        for key, becomes in RULES.items():
            file.write(" ".join(f"{ord(c):X}" for c in key) + "\t" + " ".join(f"{ord(c):X}" for c in becomes) + "\n")
    for name, shape in SHAPES.items():
        words = dict(input=text, model_prefix=os.path.join(folder, name), hard_vocab_limit=False, minloglevel=4, num_threads=1,
                     character_coverage=0.998, normalization_rule_tsv=rules)
        if shape.get("normalization_rule_name"):
            del words["normalization_rule_tsv"]
        sentencepiece.SentencePieceTrainer.train(**words, **shape)
        os.replace(os.path.join(folder, name + ".model"), os.path.join(FOLDER, name + ".model"))


def texts():
    rng = random.Random(4)
    yield from ("", " ", "   ", "\u2581", "\u0001", " \u0001 ", "a", " a ", "a" * 31, "=" * 40, "\u65e5" * 9, "Q" * 5, "<sep>" * 3, "\u2581" * 7, " " * 9)
    for _ in range(90):
        yield "".join(rng.choice(PARTS) for _ in range(rng.choice([1, 2, 3, 4, 6, 9, 14])))
    for _ in range(15):
        yield " ".join(rng.choices(WORDS, k=rng.randint(2, 12)))


def escaped(text):
    return "".join("\\\\" if b == 92 else chr(b) if 32 <= b < 127 else f"\\x{b:02x}" for b in text.encode())


def main():
    if sentencepiece.__version__ != VERSION:
        raise SystemExit(f"sentencepiece {sentencepiece.__version__}, not {VERSION}")
    with tempfile.TemporaryDirectory() as folder:
        train(folder)
    with open(os.path.join(HERE, "sentencepiece.tsv"), "w") as file:
        file.write("model\ttext\tids\n")
        for name in SHAPES:
            model = sentencepiece.SentencePieceProcessor(model_file=os.path.join(FOLDER, name + ".model"))
            for text in texts():
                file.write(f"{name}\t{escaped(text)}\t{' '.join(map(str, model.encode(text)))}\n")


main()
