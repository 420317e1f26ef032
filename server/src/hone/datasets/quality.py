"""How good an example is, from 0.0 to 1.0, with the reasons: pure.

It begins with how far its source is trusted (expert and knowledge 1.0, user 0.9, automated 0.6) and is multiplied by
a factor for each fault that is found. Who reviewed and approved it vouches for it: then the source
counts as an expert's, and contradiction no longer counts. Age is no fault: what was right stays right
until somebody says otherwise, and a score that fell by itself would change what a version holds.

The weight in training is what the quality is worth: an example of quality 1 weighs 1, one of 0 half.
"""

import re
import zlib
from collections import Counter
from typing import Any, Final, NamedTuple

from hone.datasets import pii
from hone.datasets.fingerprints import words_of

TRUST: Final = {"expert": 1.0, "knowledge": 1.0, "user": 0.9, "automated": 0.6}
_LONGEST_USUAL: Final = 4000
_WORD: Final = re.compile(r"[^\W\d_]+")
_VOWEL: Final = re.compile(r"[aeiouyàáâäãåæèéêëìíîïòóôöõøùúûüœ]", re.IGNORECASE)
_SCRIPTS: Final = (
    ("latin", re.compile(r"[A-Za-z\u00c0-\u024f]")),
    ("cyrillic", re.compile(r"[\u0400-\u04ff]")),
    ("greek", re.compile(r"[\u0370-\u03ff]")),
    ("arabic", re.compile(r"[\u0600-\u06ff]")),
    ("hebrew", re.compile(r"[\u0590-\u05ff]")),
    ("devanagari", re.compile(r"[\u0900-\u097f]")),
    ("east asian", re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")),
)

WORDS: Final = {
    "source": "It was made by a program or told by a user, and nobody has looked at it.",
    "empty": "There is hardly anything in it.",
    "long": "It is much longer than what models are usually asked.",
    "repetition": "It says the same again and again.",
    "gibberish": "Most of it is no language that could be read.",
    "mixed": "It is written in several scripts.",
    "personal": "It holds personal data.",
    "contradiction": "The same input has another output in this dataset.",
    "echo": "The output repeats the input.",
}
"""What each reason says."""


class Scored(NamedTuple):
    """A quality and why it is not 1."""

    quality: float
    reasons: list[tuple[str, float]]


def score(
    given: Any,  # noqa: ANN401
    expected: Any,  # noqa: ANN401
    source: str,
    *,
    contradicted: bool = False,
    approved: bool = False,
) -> Scored:
    """Score one example."""
    text = words_of(given)
    trust = TRUST["expert"] if approved else TRUST[source]
    found = [("source", trust)] if trust < 1 else []
    found += _faults(text)
    if isinstance(expected, str):
        if len(expected) > 20 and expected.strip() == text.strip():
            found.append(("echo", 0.3))
        elif len(expected) > 200:
            found += [each for each in _faults(expected) if each[0] in {"repetition", "gibberish"}]
    if contradicted and not approved:
        found.append(("contradiction", 0.5))
    quality = 1.0
    for _, factor in found:
        quality *= factor
    return Scored(round(max(0.0, min(1.0, quality)), 4), found)


def weight(quality: float) -> float:
    """Tell how much an example counts in training."""
    return round(0.5 + quality / 2, 4)


def _faults(text: str) -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = []
    bare = text.strip()
    if len(bare) < 2:
        found.append(("empty", 0.2))
    elif len(bare) > _LONGEST_USUAL:
        found.append(("long", 0.9))
    if _repeats(bare):
        found.append(("repetition", 0.5))
    if _is_gibberish(bare):
        found.append(("gibberish", 0.3))
    if _scripts(bare) > 1:
        found.append(("mixed", 0.9))
    if pii.holds(bare):
        found.append(("personal", 0.8))
    return found


def _repeats(text: str) -> bool:
    """Tell whether hardly anything is left when what repeats is said once."""
    if len(text) < 40:
        return False
    words = text.split()
    if len(words) >= 8 and Counter(words).most_common(1)[0][1] > len(words) / 2:
        return True
    encoded = text[:20_000].encode("utf-8", "replace")
    return len(zlib.compress(encoded, 1)) < len(encoded) * 0.18


def _is_gibberish(text: str) -> bool:
    """Tell whether the words could not be spoken; only letters that have vowels are judged."""
    if len(text) < 4:
        return False
    letters = sum(each.isalnum() or each.isspace() for each in text)
    if letters < len(text) * 0.5:
        return True
    words = [each for each in _WORD.findall(text[:4000]) if len(each) > 3 and each.isascii()]
    if len(words) < 2:
        return False
    mute = sum(_VOWEL.search(each) is None or len(each) > 30 for each in words)
    return mute > len(words) / 2


def _scripts(text: str) -> int:
    """Count the scripts that a fifth of the letters are in; one alone in ASCII is not looked for."""
    if text.isascii():
        return 1
    counts = [len(script.findall(text)) for _, script in _SCRIPTS]
    total = sum(counts)
    return sum(each >= total / 5 and each > 2 for each in counts) if total else 1
