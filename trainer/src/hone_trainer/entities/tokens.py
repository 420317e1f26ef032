"""Tokens that know their place in the text, and spans as tags of tokens and back.

A tag is 0 outside a span, else 1 + 4 * label + place: begin, inside, end, or single.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

_TOKEN: Final = re.compile(r"[^\W\d_]+|\d+|[^\s]")
BEGIN, INSIDE, END, SINGLE = range(4)
LONGEST: Final = 400
"""Tokens of a piece; a longer text is decided on piece by piece."""


class Span(NamedTuple):
    """A stretch of a text, in characters, and what it names."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text cut into runs of letters, runs of digits and single signs; white space lies between."""

    text: str
    places: tuple[tuple[int, int], ...]

    @property
    def words(self) -> list[str]:
        """Return what the tokens say."""
        return [self.text[start:end] for start, end in self.places]


def cut(text: str) -> Tokens:
    """Cut a text into tokens."""
    return Tokens(text, tuple(found.span() for found in _TOKEN.finditer(text)))


def pieces(text: str) -> list[Tokens]:
    """Cut a text into tokens, and a long one into pieces that end with a sentence where one ends."""
    places = cut(text).places
    made: list[Tokens] = []
    while len(places) > LONGEST:
        size = next(
            (at for at in range(LONGEST, LONGEST // 2, -1) if text[places[at - 1][0]] in ".!?\n"),
            LONGEST,
        )
        made.append(Tokens(text, places[:size]))
        places = places[size:]
    return [*made, Tokens(text, places)]


def trim(text: str, span: Span) -> Span | None:
    """Take white space off both ends of a span; nothing is left of a span of white space."""
    start, end = max(span.start, 0), min(span.end, len(text))
    inner = text[start:end]
    left = start + len(inner) - len(inner.lstrip())
    right = left + len(inner.strip())
    return Span(left, right, span.label) if right > left else None


def tag(tokens: Tokens, spans: Iterable[Span], labels: Sequence[str]) -> NDArray[np.int16]:
    """Write spans as tags. A span takes every token that it touches; of two that share one the longer stays."""
    tags = np.zeros(len(tokens.places), dtype=np.int16)
    number = {label: place for place, label in enumerate(labels)}
    for span in sorted(spans, key=lambda each: (each.start - each.end, each.start, each.label)):
        touched = [
            place
            for place, (start, end) in enumerate(tokens.places)
            if start < span.end and end > span.start
        ]
        if not touched or span.label not in number or tags[touched].any():
            continue
        first, last = touched[0], touched[-1]
        base = 1 + 4 * number[span.label]
        tags[first : last + 1] = base + INSIDE
        tags[first], tags[last] = base + BEGIN, base + END
        if first == last:
            tags[first] = base + SINGLE
    return tags


def spans(
    tokens: Tokens, tags: Sequence[int], labels: Sequence[str]
) -> list[tuple[Span, int, int]]:
    """Read tags that follow `allowed` as spans, each with its first and last token."""
    found: list[tuple[Span, int, int]] = []
    first = 0
    for place, value in enumerate(tags):
        if value == 0:
            continue
        label, part = divmod(int(value) - 1, 4)
        if part in (BEGIN, SINGLE):
            first = place
        if part in (END, SINGLE):
            span = Span(tokens.places[first][0], tokens.places[place][1], labels[label])
            found.append((span, first, place))
    return found


@cache
def allowed(labels: int) -> NDArray[np.bool_]:
    """Tell which tag may follow which; the last row is the start of a text, the last column its end."""
    tags = 1 + 4 * labels
    part = np.array([-1, *([BEGIN, INSIDE, END, SINGLE] * labels), -1])
    label = np.array([-1, *np.repeat(np.arange(labels), 4), -1])
    opened = (part == BEGIN) | (part == INSIDE)
    goes_on = (part == INSIDE) | (part == END)
    same = label[:, None] == label[None, :]
    table = np.where(opened[:, None], same & goes_on[None, :], ~goes_on[None, :])
    table[tags, tags] = False
    table.setflags(write=False)
    return table
