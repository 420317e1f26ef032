"""What is said of a token, in words: itself, its form, its ends, its neighbours, and the lists that know it."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from hone_trainer.entities.gazetteers import Gazetteers
from hone_trainer.entities.tokens import Tokens

_RUNS: Final = re.compile(r"(.)\1{2,}")
_KINDS: Final = (
    ("year", re.compile(r"(1[5-9]|20|21)\d\d")),
    ("hour", re.compile(r"[01]?\d|2[0-4]")),
    ("ordinal", re.compile(r"(?i)st|nd|rd|th")),
    ("half", re.compile(r"(?i)[ap]m")),
    (
        "number",
        re.compile(r"(?i)zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"),
    ),
    ("day", re.compile(r"(?i)(mon|tues|wednes|thurs|fri|satur|sun)day")),
    (
        "month",
        re.compile(
            r"(?i)jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|june?|july?|aug(ust)?|sept?(ember)?"
            r"|oct(ober)?|nov(ember)?|dec(ember)?"
        ),
    ),
)


def shape(word: str) -> str:
    """Write capitals as A, other letters as a, digits as 0; long runs are cut at two."""
    made = "".join(
        "0" if sign.isdigit() else "A" if sign.isupper() else "a" if sign.isalpha() else sign
        for sign in word
    )
    return _RUNS.sub(r"\1\1", made)


def describe(
    tokens: Tokens,
    lists: Gazetteers,
    given: Gazetteers,
    own: Mapping[tuple[str, ...], Mapping[str, int]] | None = None,
) -> list[list[str]]:
    """Describe every token of a text."""
    words = tokens.words
    low = [word.lower() for word in words]
    shapes = [shape(word) for word in words]
    kinds = [[name for name, kind in _KINDS if kind.fullmatch(word)] for word in words]
    known, told = lists.find(low, own), given.find(low)
    pad = ["<<", "<", *low, ">", ">>"]
    forms = ["<", *shapes, ">"]
    described: list[list[str]] = []
    for place, word in enumerate(low):
        before2, before, _, after, after2 = pad[place : place + 5]
        said = [
            "b",
            f"w={word}",
            f"w-1={before}",
            f"w+1={after}",
            f"w-2={before2}",
            f"w+2={after2}",
            f"w-1,0={before}|{word}",
            f"w0,1={word}|{after}",
            f"w-1,1={before}|{after}",
            f"w-2,-1={before2}|{before}",
            f"w1,2={after}|{after2}",
            f"w-2,-1,0={before2}|{before}|{word}",
            f"w0,1,2={word}|{after}|{after2}",
            f"s={forms[place + 1]}",
            f"s-1,0={forms[place]}|{forms[place + 1]}",
            f"s0,1={forms[place + 1]}|{forms[place + 2]}",
            f"s-1,0,1={forms[place]}|{forms[place + 1]}|{forms[place + 2]}",
            f"w-1,s={before}|{forms[place + 1]}",
            f"w+1,s={after}|{forms[place + 1]}",
        ]
        for size in range(1, min(5, len(word) + 1)):
            said.append(f"p={word[:size]}")
            said.append(f"e={word[-size:]}")
        said.append(f"e-1={before[-3:]}")
        said.append(f"e+1={after[-3:]}")
        for distance in (-1, 0, 1):
            if 0 <= place + distance < len(words):
                said.extend(f"k{distance}={kind}" for kind in kinds[place + distance])
                said.extend(f"g{distance}={name}" for name in known[place + distance])
                said.extend(f"u{distance}={name}" for name in told[place + distance])
        described.append(said)
    return described


def about(words: Sequence[str]) -> list[str]:
    """Say what a text as a whole is about: its words, which count for each of its tokens."""
    return sorted({word.lower() for word in words})
