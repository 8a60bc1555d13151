"""Random texts that are hard on tokenizers: pieces of every kind that some rule looks at, in any order."""

import random
import sys

CONTRACTIONS = ("'s 'S 't 'T 're 'RE 'Re 've 'VE 'm 'M 'll 'LL 'lL 'd 'D '\u017f \u2019s \u2018t ' '' 'l 'v 'r 'x '1 '\u0301 "
                "don't I'M we'LL he'd've it''s").split(" ")
WORDS = ("the The THE a I of and hello Hello HELLO camelCase PascalCase snake_case iPhone McDonald eBay XMLHttpRequest "
         "na\u00efve caf\u00e9 cafe\u0301 stra\u00dfe STRASSE \u01c5ungla \u0130stanbul \u0131rmak \u017fhip \u03a3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2 "
         "\u041c\u043e\u0441\u043a\u0432\u0430 \u043f\u0440\u0418\u0432\u0435\u0422 \u1f88\u03b4\u03b7\u03c2 tion ing ed un re "
         "supercalifragilistic antidisestablishmentarianism Vi\u1ec7t Nam ng\u01b0\u1eddi \u0111\u01b0\u1ee3c kh\u00f4ng").split(" ")
ENDS = (". , ; : ! ? ... \u2026 - -- \u2014 / // \\ ( ) [ ] { } < > </ /> => == === != && || ++ += ** ** ## # $ % ^ & * ~ ` \" \"\" @ _ __ | "
        "\u3001 \u3002 \uff0c \uff01 \u00bf \u00a1 \u00ab \u00bb \u20ac \u00a3 \u2713 \u2190 \u221e \u2581 \u2581\u2581 \u00b7 \u00ad").split(" ")
BLANKS = [" ", " ", " ", "  ", "   ", "    ", "        ", "\t", "\t\t", "\n", "\n", "\n\n", "\n\n\n", "\r\n", "\r\n\r\n", "\r", "\n\r",
          " \n", "\n ", "\n    ", "\n\t", " \t ", "  \n  ", "\v", "\f", "\x1c", "\x1f", "\x85", "\xa0", " \xa0", "\xa0 ", "\u1680", "\u2000",
          "\u2003", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "\u3000\u3000", "\u200b", "\u200c", "\u200d", "\u2060",
          "\ufeff", "\u180e", "\n/", "/\n", " /", " \n/"]
MARKS = "\u0300\u0301\u0308\u0327\u0338\u0345\u0483\u0488\u05b0\u0651\u093c\u093e\u094d\u09be\u0b3e\u0bc1\u0e31\u0e34\u0e48\u0f71\u1037\u1ab0\u1dc0\u20d0\u20dd\u20e3\u302a\u3099\u309a\ua66f\ufe00\ufe0f\ufe20\U0001d165\U000e0100"
# What a normal form changes, or leaves alone though a newer Unicode would not.
UNSTABLE = ["\u212b", "\u2126", "\u1f71", "\u0340", "\u0344", "\u0958", "\ufb1d", "\u2adc", "\U0001d15e", "\uf900", "\U0002f800", "\u0374", "\u037e", "e\u0323\u0302",
            "a\u0302\u0323", "o\u031b\u0301", "\u09c7\u09be", "\u0dd9\u0dcf\u0dca", "\u1025\u102e", "\u304b\u3099", "\u3046\u3099", "\u0627\u0653", "\u05e9\u05c1",
            "q\u0307\u0323", "\u1e9b\u0323", "\u00c5\u0301", "\u0f71\u0f72", "\U00011131\U00011127", "\u0897\u0334", "\u09fe\u0334", "\u1ace\u0323", "\u1df6\u0301",
            "\U0001e4ec\u0301", "\U000113c2\U000113c2", "\U0001611e\U00016129", "\U00016d67\U00016d67", "\U000105d2\u0307", "\ufb01", "\u01c4", "\u00bd", "\u33a1"]
JAMO = "\u1100\u1105\u1112\u115f\u1161\u1166\u1175\u1160\u11a8\u11ab\u11c2\ua960\ud7b0\ud7cb\u3131\u314f\u3164\uffa1\uac00\uac01\ud7a3"
EMOJI = ["\U0001f600", "\U0001f44d\U0001f3fd", "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466", "\U0001f3f3\ufe0f\u200d\U0001f308",
         "\U0001f1e9\U0001f1ea", "\U0001f1e9", "\u2764\ufe0f\u200d\U0001f525", "\u0031\ufe0f\u20e3", "\U0001f469\U0001f3ff\u200d\U0001f4bb",
         "\U0001f3f4\U000e0067\U000e0062\U000e007f", "\u203c\ufe0f", "\U0001f9d1\u200d\u2696\ufe0f", "\u200d", "\ufe0f", "\U0001fae8"]
SPECIAL = ("<|endoftext|> <|endofprompt|> <|fim_prefix|> <|im_start|> <|im_end|> <|begin_of_text|> <|eot_id|> <|start_header_id|> "
           "<|reserved_special_token_7|> <|object_ref_start|> <|vision_pad|> <tool_call> </tool_call> <s> </s> <unk> <pad> <bos> <eos> <mask> "
           "<start_of_turn> <end_of_turn> <unused0> <unused99> <0x0A> <0xE2> [INST] [/INST] [AVAILABLE_TOOLS] [TOOL_CALLS] <SPECIAL_20> [multimodal] "
           "<\uff5cbegin\u2581of\u2581sentence\uff5c> <\uff5cUser\uff5c> <\uff5ctool\u2581call\u2581begin\uff5c> <\uff5cend\u2581of\u2581sentence <think> </think> "
           "<|endoftext <|im_start| endoftext|> <|<|im_end|> <table> <td> </td> <h1> </h1> <strong> <br> <ul><li> </i> <blockquote>").split(" ")
CODE = ["for (int i = 0; i < n; i++) {\n\t", "if x is None:\n        return", "#include <stdio.h>\n", "std::vector<int> v;", "a->b.c[0](x)", "&&", "/* */", "//",
        "https://example.org/a/b?c=d&e=%20f#g", "C:\\dir\\file.txt", "user@example.com", "0x1F600", "1.5e-10", "x**2", "{\"key\": [1, 2.0, null]}",
        "def f(self, *args, **kw):", "\n    \n    }\n", "<div class=\"a\">", "$HOME/.config", "SELECT * FROM t WHERE id=1;", "\\n\\t\\u0041", "@property\n", "2026-11-21T10:00:00Z",
        "192.168.0.1", "```c\n", "\n```\n", "- [ ] ", "| a | b |\n|---|---|\n", "### ", "printf(\"%d\\n\", x);", "lambda: 0", "!==", "===", "<<<<<<< HEAD\n", ">>>"]
# First and last code point of what is drawn from evenly.
RANGES = {
    "ascii": [(0x20, 0x7e)],
    "control": [(0x00, 0x1f), (0x7f, 0x9f)],
    "latin": [(0xc0, 0x24f), (0x1e00, 0x1eff)],
    "greek": [(0x370, 0x3ff), (0x1f00, 0x1fff)],
    "cyrillic": [(0x400, 0x52f), (0x1c80, 0x1c8a), (0xa640, 0xa69f)],
    "cased": [(0x10a0, 0x10ff), (0x1c90, 0x1cbf), (0x13a0, 0x13fd), (0xab70, 0xabbf), (0x10400, 0x1044f), (0x1e900, 0x1e943), (0x2c00, 0x2cff),
              (0x1d400, 0x1d7ff), (0xff21, 0xff5a)],
    "modifier": [(0x2b0, 0x2ff), (0x1d2c, 0x1d6a), (0x2c7c, 0x2c7d), (0xa770, 0xa7ff), (0x10780, 0x107ba), (0xaa, 0xba)],
    "han": [(0x4e00, 0x9fff), (0x3400, 0x4dbf), (0x20000, 0x2a6df), (0xf900, 0xfad9), (0x2f800, 0x2fa1d), (0x3005, 0x3007), (0x9fa0, 0x9fff)],
    "kana": [(0x3040, 0x30ff), (0x31f0, 0x31ff), (0xff66, 0xff9f), (0x1b000, 0x1b122)],
    "hangul": [(0xac00, 0xd7a3)],
    "arabic": [(0x600, 0x6ff), (0x590, 0x5ff), (0xfb50, 0xfdff)],
    "indic": [(0x900, 0xdff)],
    "asia": [(0xe00, 0xfff), (0x1000, 0x109f), (0x1780, 0x17ff), (0x1a00, 0x1aff)],
    "symbol": [(0x2000, 0x2bff), (0x3000, 0x303f), (0x3200, 0x33ff), (0xfe00, 0xffef), (0x1f000, 0x1faff)],
    "number": [(0x30, 0x39), (0x660, 0x669), (0x6f0, 0x6f9), (0x966, 0x96f), (0xe50, 0xe59), (0xb2, 0xb9), (0xbc, 0xbe), (0x2150, 0x218b), (0x2460, 0x249b),
               (0x3021, 0x3029), (0x1d7ce, 0x1d7ff), (0xff10, 0xff19), (0x10107, 0x10133), (0x12400, 0x1246e)],
    "private": [(0xe000, 0xf8ff), (0xfff0, 0xffff), (0xf0000, 0xffffd)],
    "any": [(0, 0xd7ff), (0xe000, 0xffff), (0x10000, 0x1ffff), (0x20000, 0x3ffff), (0xe0000, 0xe01ff), (0x100000, 0x10ffff)],
}
RUNS = ["a", "A", "z", " ", "\n", "=", "-", "0", "9", ".", "\t", "ab", "aB", "\r\n", "\u6f22", "\u3042", "e\u0301", "\u00e9", "\u2581", "_", "/", "!", "\xa0", "\u3000", "'s",
        "\U0001f600", " a", "\u00df", "\u0130", "xy", "1a", "<", "\u093f", "\u1100\u1161", " \n"]


def drawn(rng, kind):
    first, last = rng.choice(RANGES[kind])
    return chr(rng.randint(first, last))


def of_ranges(rng):
    kind = rng.choice(KINDS)
    return "".join(drawn(rng, kind) for _ in range(rng.randint(1, 6)))


def digits(rng):
    if rng.random() < 0.6:
        return "".join(rng.choices("0123456789", k=rng.randint(1, 9)))
    return "".join(drawn(rng, "number") for _ in range(rng.randint(1, 5)))


def run(rng):
    """Most are short, some are too long for any table of words."""
    length = rng.randint(100, 1200) if rng.random() < 0.01 else rng.randint(2, 40)
    return rng.choice(RUNS) * length


def long_piece(rng):
    """What most patterns leave whole: merging it takes another path than words do."""
    alphabet = rng.choice(["abcdefghijklmnopqrstuvwxyz", "ab", "=-", "aA", "etaoin", "\u6f22\u5b57\u4eee\u540d", "\u00e9\u00e8\u0436", " ", " \t",
                           "".join(chr(rng.randint(0x4e00, 0x9fff)) for _ in range(40)), "".join(chr(rng.randint(0xac00, 0xd7a3)) for _ in range(40))])
    return "".join(rng.choices(alphabet, k=rng.randint(1000, 6000)))


def letters(rng):
    return "".join(rng.choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", k=rng.randint(1, 24)))


def marked(rng):
    base = rng.choice(["a", "E", "\u0915", "\u0628", "!", " ", "1", "\n", "\u3042", "", "-", "\u6f22", "\u1100"])
    return base + "".join(rng.choices(MARKS, k=rng.randint(1, 3)))


KINDS = sorted(RANGES)
PIECES = [
    (18, lambda rng: rng.choice(BLANKS)),
    (14, lambda rng: rng.choice(WORDS)),
    (10, lambda rng: rng.choice(ENDS)),
    (8, lambda rng: rng.choice(CONTRACTIONS)),
    (8, of_ranges),
    (6, digits),
    (5, marked),
    (4, letters),
    (3, lambda rng: "".join(rng.choices(JAMO, k=rng.randint(1, 4)))),
    (3, lambda rng: rng.choice(EMOJI)),
    (3, lambda rng: rng.choice(CODE)),
    (3, lambda rng: drawn(rng, "any")),
    (3, run),
    (2, lambda rng: rng.choice(SPECIAL)),
    (2, lambda rng: rng.choice(UNSTABLE)),
]
WEIGHTS = [weight for weight, _ in PIECES]
MAKERS = [maker for _, maker in PIECES]


def text(rng):
    if rng.random() < 0.0005:
        return rng.choice(ENDS) + long_piece(rng) + rng.choice(BLANKS)
    count = 1 + min(int(rng.expovariate(0.14)), 60)
    return "".join(make(rng) for make in rng.choices(MAKERS, WEIGHTS, k=count))


def texts(seed, count):
    """The same seed gives the same texts, as UTF-8."""
    rng = random.Random(seed)
    return [text(rng).encode() for _ in range(count)]


def pairs(seed, count):
    """Texts to be joined, neither empty; most of them meet where a seam is likely, or where one could be missed."""
    rng = random.Random(f"pairs {seed}")
    found = []
    while len(found) < count:
        before, after = text(rng), text(rng)
        likely = rng.randrange(9)
        if likely == 0:
            before, after = before.rstrip() + rng.choice(["", ".", "x", "\u6f22", ">"]), rng.choice([" ", "  ", "\t", " \n", "\xa0"]) + after.lstrip()
        elif likely == 1:
            before, after = before.rstrip() + "\n", after.lstrip()
        elif likely == 2:
            before, after = before.rstrip() + " \n", after.lstrip()
        elif likely == 3:
            cut = rng.randint(0, len(before))
            before, after = before[:cut], before[cut:]
        elif likely == 4:
            before, after = before + rng.choice(SPECIAL), rng.choice(BLANKS) + after
        elif likely == 5:
            before, after = before + rng.choice(BLANKS), rng.choice(SPECIAL) + after
        if before and after:
            found.append((before.encode(), after.encode()))
    return found


if __name__ == "__main__":
    for one in texts(int(sys.argv[1]), int(sys.argv[2])):
        print(ascii(one.decode()))
