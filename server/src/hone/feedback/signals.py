"""What a conversation tells of its answers though nobody says a word: pure. English.

A question that comes again, nearly as it was, says that the answer was no good; so does leaving right
after that, or after an answer that failed. A wish for a person is heard in the question. These are
signs, not judgements: they are kept apart from what people say.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from hone.feedback.told import SignalKind

AGAIN_WITHIN: Final = timedelta(minutes=10)
OVER_AFTER: Final = timedelta(minutes=30)
"""So long nothing must come, that a conversation is over."""
NEAR: Final = 0.6
"""The part of their words that two questions share when they ask the same."""
_WORD: Final = re.compile(r"[^\W_]+", re.UNICODE)
_COMMON: Final = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "how",
        "i",
        "if",
        "in",
        "is",
        "it",
        "its",
        "me",
        "my",
        "no",
        "not",
        "of",
        "on",
        "or",
        "please",
        "so",
        "that",
        "the",
        "then",
        "there",
        "this",
        "to",
        "up",
        "was",
        "we",
        "what",
        "when",
        "where",
        "which",
        "who",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
        "again",
        "still",
        "mean",
        "meant",
        "asked",
    ]
)
_PEOPLE: Final = "human|person|agent|representative|operator|someone|somebody|manager|supervisor|advisor|employee"
_HANDOVER: Final = re.compile(
    rf"\b(?:(?:speak|talk|chat|connect|transfer|put|pass|hand|escalate)\w*\b[^.?!]{{0,40}}\b(?:{_PEOPLE})"
    rf"|(?:real|actual|live|human) (?:{_PEOPLE}|being)|(?:need|want|get) an? (?:human|agent|representative)"
    r"|call me back|customer service (?:please|now)|escalate (?:this|it|to))\b",
    re.IGNORECASE,
)
_HAPPY: Final = frozenset({"success"})


@dataclass(frozen=True, slots=True)
class Turn:
    """One call of a conversation; `asked` is None where contents are not kept."""

    id: UUID
    at: datetime
    asked: str | None
    status: str


@dataclass(frozen=True, slots=True)
class Course:
    """How a conversation went."""

    signals: list[tuple[UUID, SignalKind]]
    completed: bool
    """It ended, and its end tells of no trouble: a guess, not a judgement."""
    escalated: bool


def read(turns: Sequence[Turn], *, over: bool) -> Course:
    """Read a conversation, oldest turn first; `over` when nothing came after it for long."""
    found: list[tuple[UUID, SignalKind]] = []
    again = False
    for turn, following in zip(turns, [*turns[1:], None], strict=True):
        if turn.asked is not None and wants_a_person(turn.asked):
            found.append((turn.id, "handover"))
        if following is not None:
            again = asks_again(turn, following)
            if again:
                found.append((turn.id, "rephrase"))
    escalated = any(kind == "handover" for _, kind in found)
    last = turns[-1] if turns else None
    left = last is not None and over and (again or last.status not in _HAPPY)
    if last is not None and left and (last.id, "handover") not in found:
        found.append((last.id, "abandon"))
    return Course(found, over and not left and not escalated, escalated)


def wants_a_person(asked: str) -> bool:
    """Tell whether somebody asks for a person instead."""
    return _HANDOVER.search(asked[:2_000]) is not None


def asks_again(first: Turn, second: Turn) -> bool:
    """Tell whether a question is asked again, soon and nearly as it was."""
    if first.asked is None or second.asked is None or second.at - first.at > AGAIN_WITHIN:
        return False
    return likeness(first.asked, second.asked) >= NEAR


def likeness(one: str, other: str) -> float:
    """Tell which part of their words two questions share; those that say little do not count."""
    if one.strip().casefold() == other.strip().casefold():
        return 1.0
    mine, theirs = _words(one), _words(other)
    if len(mine) < 2 or len(theirs) < 2:
        return 0.0
    return len(mine & theirs) / len(mine | theirs)


def _words(text: str) -> frozenset[str]:
    words = (each.casefold() for each in _WORD.findall(text[:4_000]))
    return frozenset(_stem(each) for each in words if each not in _COMMON)


def _stem(word: str) -> str:
    """Take endings off that change nothing of what is asked."""
    for ending in ("ing", "ed", "es", "s"):
        if len(word) > len(ending) + 3 and word.endswith(ending):
            return word.removesuffix(ending)
    return word
