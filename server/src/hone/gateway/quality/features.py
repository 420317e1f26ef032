"""What a prompt looks like: its words and pairs of words, hashed, and signals of its form.

One pass of C-level calls, no model and no dictionary of words. Fitting reads prompts by this very
function, so both sides see the same features; `VERSION` changes with anything that moves a feature.
"""

import re
from collections import Counter
from dataclasses import dataclass
from math import log, log2
from typing import Final
from zlib import crc32

VERSION: Final = 1
SLOTS: Final = 1 << 16
"""Places for hashed words and pairs of words; a power of two."""
BINS: Final = 32
"""Places for the values of one signal."""
HEAD: Final = 1536
TAIL: Final = 512
"""Of a longer prompt only so many characters at its beginning and at its end are read."""
MOST_TOKENS: Final = 600
"""Scripts without spaces make a token of each character."""

SIGNALS: Final = (
    "characters", "lines", "first_line", "longest_line", "items", "item_length", "word_length",
    "digits", "digit_share", "marks", "mark_share", "capitals", "operators", "latex", "code",
    "question", "exclusion", "other_scripts", "script",
)  # fmt: skip
SIGNAL_SLOTS: Final = len(SIGNALS) * BINS

# Bytes of UTF-8. Words of alphabets are runs; digits are runs; whatever is written without spaces
# (from U+2000 up: signs, kana, ideographs, Hangul, emoji) is taken character by character.
_TOKENS: Final = re.compile(
    rb"(?:[a-z]|[\xc3-\xe1][\x80-\xbf]+)+|[0-9]+|[\xe2-\xf4][\x80-\xbf]*|[^\s\x00]"
)
_ITEMS: Final = re.compile(r"^[ \t]*(?:[A-Za-z]|[0-9]{1,2})[.)][ \t](.*)$", re.MULTILINE)
_PAIR: Final = 0x5BD1E995
_DIGITS: Final = b"0123456789"
_CAPITALS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MARKS: Final = b"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_ASCII: Final = bytes(range(128))
_SCRIPTS: Final = (
    bytes(range(0xC2, 0xCE)),  # Latin with marks
    bytes(range(0xCE, 0xD5)),  # Greek, Cyrillic, Armenian
    bytes(range(0xD5, 0xE0)),  # Hebrew, Arabic and their neighbours
    b"\xe0\xe1",  # Indic, Thai, Georgian, Ethiopic
    bytes(range(0xE3, 0xEE)),  # kana, ideographs, Hangul
    bytes(range(0xEE, 0xF5)),  # emoji and beyond
)
_CODE: Final = (
    "```", "def ", "class ", "import ", "return", "();", " => ", "</", "#include", "{\n", "SELECT ",
    "==", "://",
)  # fmt: skip
_EXCLUSION: Final = (" not ", " NOT ", "except", "EXCEPT", " least ", " never ")


@dataclass(frozen=True, slots=True)
class Features:
    """A prompt as a predictor sees it."""

    slots: list[int]
    """Places of its words and pairs of words, each once."""
    counts: list[float]
    """How often each occurs, as 1 + log."""
    signals: list[int]
    """The place of each signal's value."""


def read(text: str) -> Features:
    """Read a prompt."""
    size = len(text)
    if size > HEAD + TAIL:
        text = f"{text[:HEAD]}\n{text[-TAIL:]}"
    content = text.encode("utf-8", "replace")
    tokens = _TOKENS.findall(text.lower().encode("utf-8", "replace"))[:MOST_TOKENS]
    words = list(map(crc32, tokens))
    pairs = map(crc32, tokens[1:], [each ^ _PAIR for each in words])
    mask = SLOTS - 1
    found = Counter([each & mask for each in words])
    found.update([each & mask for each in pairs])
    counts = [1.0 if count == 1 else 1.0 + log(count) for count in found.values()]
    return Features(list(found), counts, _signals(text, content, size, len(tokens)))


def _signals(text: str, content: bytes, size: int, tokens: int) -> list[int]:
    lines = text.split("\n")
    items = _ITEMS.findall(text)
    bare = len(content)
    digits = bare - len(content.translate(None, _DIGITS))
    marks = bare - len(content.translate(None, _MARKS))
    capitals = bare - len(content.translate(None, _CAPITALS))
    rest = content.translate(None, _ASCII)
    values = (
        _scale(size),
        _scale(len(lines)),
        _scale(len(lines[0])),
        _scale(max(map(len, lines))),
        len(items),
        _scale(sum(map(len, items)) // len(items)) if items else 0,
        2 * bare // max(tokens, 1),
        _scale(digits),
        20 * digits // max(tokens, 1),
        _scale(marks),
        20 * marks // max(tokens, 1),
        100 * capitals // max(bare, 1),
        sum(sign in text for sign in "=^+*/<>"),
        _scale(text.count("\\") + text.count("$")),
        sum(mark in text for mark in _CODE),
        min(text.count("?"), 3),
        sum(word in text for word in _EXCLUSION),
        20 * len(rest) // max(bare, 1),
        _script(rest) if rest else 0,
    )
    return [
        number * BINS + (value if value < BINS else BINS - 1) for number, value in enumerate(values)
    ]


def _scale(count: int) -> int:
    """Put a count on a scale of half octaves."""
    return int(2 * log2(count + 1))


def _script(rest: bytes) -> int:
    """Tell which script most of what is not ASCII is written in."""
    shares = [len(rest) - len(rest.translate(None, leads)) for leads in _SCRIPTS]
    return 1 + shares.index(max(shares))
