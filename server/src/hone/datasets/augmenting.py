"""Examples made from examples: what people type when they hurry. Pure; the seed decides everything.

Each method changes how something is said and not what: letters next to the ones that were meant, all in
one case, contractions, a word that carries little left out. Paraphrases need a model and are not here.
"""

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Final

_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE: Final = {
    letter: [
        row[place + step]
        for step in (-1, 1)
        if 0 <= place + step < len(row)
    ]
    for row in _ROWS
    for place, letter in enumerate(row)
}  # fmt: skip
_LONG: Final = {
    "i am": "i'm", "i have": "i've", "i will": "i'll", "i would": "i'd", "do not": "don't",
    "does not": "doesn't", "did not": "didn't", "is not": "isn't", "are not": "aren't",
    "was not": "wasn't", "can not": "can't", "cannot": "can't", "could not": "couldn't",
    "will not": "won't", "would not": "wouldn't", "have not": "haven't", "has not": "hasn't",
    "what is": "what's", "where is": "where's", "how is": "how's", "that is": "that's",
    "it is": "it's", "there is": "there's", "you are": "you're", "we are": "we're",
}  # fmt: skip
_SHORT: Final = {short: long for long, short in _LONG.items() if long != "can not"}
_LITTLE: Final = frozenset(
    [
        "a",
        "an",
        "the",
        "please",
        "just",
        "really",
        "very",
        "so",
        "some",
        "any",
        "to",
        "of",
        "in",
        "on",
        "at",
        "for",
        "with",
        "my",
        "your",
        "our",
        "their",
        "this",
        "that",
        "do",
        "does",
        "did",
        "is",
        "are",
        "was",
        "were",
        "have",
        "has",
        "had",
        "would",
        "could",
        "can",
        "will",
    ]
)


def typos(text: str, dice: Random) -> str:
    """Slip on the keys once or twice: swap, drop, double or miss a letter."""
    letters = list(text)
    for _ in range(1 + (len(letters) > 60)):
        places = [each for each, letter in enumerate(letters) if letter.isalpha()]
        if len(places) < 4:
            return text
        # The first letter of a text is looked at when it is typed.
        place = dice.choice(places[1:])
        letter = letters[place]
        slip = dice.randrange(4)
        if slip == 0 and place + 1 < len(letters) and letters[place + 1].isalpha():
            letters[place], letters[place + 1] = letters[place + 1], letter
        elif slip == 1:
            letters[place] = ""
        elif slip == 2:
            letters[place] = letter * 2
        else:
            beside = _BESIDE.get(letter.lower())
            letters[place] = dice.choice(beside) if beside else letter
    return "".join(letters)


def casing(text: str, dice: Random) -> str:
    """Write all in one case, or without the marks at the end."""
    way = dice.randrange(3)
    if way == 0:
        return text.lower()
    return text.upper() if way == 1 else text.rstrip(" .!?").lower()


def contractions(text: str, dice: Random) -> str:
    """Contract what is written out, or write out what is contracted."""
    for table in dice.sample((_LONG, _SHORT), 2):
        pattern = "|".join(re.escape(each) for each in table)
        changed = re.sub(
            rf"\b(?:{pattern})\b",
            lambda found, table=table: _as_before(found[0], table[found[0].lower()]),
            text,
            flags=re.IGNORECASE,
        )
        if changed != text:
            return changed
    return text


def dropout(text: str, dice: Random) -> str:
    """Leave out a word that carries little."""
    words = text.split(" ")
    little = [place for place, word in enumerate(words) if word.lower() in _LITTLE]
    if len(words) < 4 or not little:
        return text
    del words[dice.choice(little)]
    return " ".join(words)


METHODS: Final[dict[str, Callable[[str, Random], str]]] = {
    "typos": typos,
    "casing": casing,
    "contractions": contractions,
    "dropout": dropout,
}


def variants(text: str, methods: Sequence[str], copies: int, seed: str) -> list[str]:
    """Make up to so many different texts of one; where a method finds nothing to change, fewer."""
    dice = Random(seed)
    made: list[str] = []
    for number in range(copies * 3):
        method = METHODS[methods[(number + dice.randrange(len(methods))) % len(methods)]]
        changed = method(text, dice)
        if changed.strip() and changed != text and changed not in made:
            made.append(changed)
        if len(made) == copies:
            break
    return made


def _as_before(before: str, after: str) -> str:
    return after[0].upper() + after[1:] if before[:1].isupper() else after
