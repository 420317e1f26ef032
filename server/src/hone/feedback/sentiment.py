"""How pleased a comment sounds, and how much it tells: a lexicon, a few rules, no model. English.

A word counts by its weight; what stands close before it turns it round or strengthens it; after `but`
it counts more. The sum is drawn into -1 to 1. It is cheap enough for every request, and says nothing
of irony or of other languages: bench/sentiment.py measures how far it can be trusted.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hone.feedback.lexicon import (
    CONCRETE,
    EMOJI,
    INTENSIFIERS,
    NEGATIONS,
    PHRASES,
    WEIGHTS,
)

_TOKEN: Final = re.compile(
    r"[a-z]+(?:['\u2019][a-z]+)?|\d+|[!?]|[:;=]-?[()/DpP|]|<3|[^\w\s]", re.ASCII | re.IGNORECASE
)
_SOFTENING: Final = 8.0
"""How soon a sum comes near its end: VALUE / sqrt(VALUE² + this)."""
_REACH: Final = 3
"""Words before that turn a word round or strengthen it."""
_TURNED: Final = -0.65
_CONTRASTS: Final = frozenset({"but", "however", "although", "though", "yet", "unfortunately"})
_LOUDEST: Final = 3
_LONGEST: Final = 4_000
_QUOTED: Final = re.compile("[\"\u201c\u2018'].{3,}[\"\u201d\u2019']")


@dataclass(frozen=True, slots=True)
class Mood:
    """What a comment sounds like."""

    score: float
    """-1 (displeased) to 1 (pleased)."""
    quality: float
    """0 to 1: how much it tells of what was wrong or right."""


def read(comment: str) -> Mood:
    """Read a comment."""
    text = comment[:_LONGEST]
    tokens = _tokens(text)
    return Mood(round(_score(text, tokens), 4), round(_quality(text, tokens), 4))


def _tokens(text: str) -> list[str]:
    lowered = text.replace("\u2019", "'")
    for phrase, word in PHRASES:
        lowered = phrase.sub(word, lowered)
    return _TOKEN.findall(lowered)


def _score(text: str, tokens: Sequence[str]) -> float:
    words = [each.lower() for each in tokens]
    turn = max((place for place, word in enumerate(words) if word in _CONTRASTS), default=-1)
    total = 0.0
    for place, word in enumerate(words):
        weight = WEIGHTS.get(word) or EMOJI.get(tokens[place], 0.0)
        if not weight:
            continue
        worth = _modified(words, place, weight)
        if tokens[place].isupper() and len(word) > 2 and not text.isupper():
            worth *= 1.25
        if turn > 0:
            worth *= 1.5 if place > turn else 0.5
        total += worth
    if total:
        total += math.copysign(0.3, total) * min(words.count("!"), _LOUDEST)
    return total / math.sqrt(total * total + _SOFTENING) if total else 0.0


def _modified(words: Sequence[str], place: int, weight: float) -> float:
    worth = weight
    for distance in range(1, _REACH + 1):
        if place < distance:
            break
        before = words[place - distance]
        if before in {".", ",", ";", "!", "?", "and", "but"}:
            break
        if before in INTENSIFIERS:
            worth *= 1 + INTENSIFIERS[before] / distance
        elif before in NEGATIONS or before.endswith("n't"):
            worth *= _TURNED
    return worth


def _quality(text: str, tokens: Sequence[str]) -> float:
    """Reward length up to a few sentences, concrete words, figures and quotes; not noise."""
    words = [each.lower() for each in tokens if each.isalpha() or "'" in each]
    if not words:
        return 0.0
    different = len(set(words))
    length = min(different, 25) / 25
    concrete = min(len(CONCRETE & set(words)), 4) / 4
    detail = 0.15 * any(each.isdigit() for each in tokens) + 0.15 * bool(_QUOTED.search(text))
    variety = different / len(words)
    noise = _noise(words)
    return max(
        0.0, min(1.0, (0.55 * length + 0.3 * concrete + detail) * min(1.0, variety * 2) * noise)
    )


def _noise(words: Sequence[str]) -> float:
    """Tell words from keys that somebody hit at random: they have vowels, and no letter four times."""
    odd = sum(
        1
        for each in words
        if re.search(r"(.)\1{3}", each) or (len(each) > 4 and not re.search(r"[aeiouy]", each))
    )
    return 1.0 - odd / len(words)
