"""Whether one person's corrections are out of line with what is known otherwise: pure.

A poisoned batch looks like somebody's zeal, so no single sign is enough: two must agree, but for a
named person who corrects faster than anybody can read. What is found is held for review, never
thrown away.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

WINDOW: Final = timedelta(hours=24)
MOST: Final = 1_000
"""So many of a person's last words are looked at."""
LEAST: Final = 20
"""Corrections in a day below which nobody is out of line."""
FAST: Final = 60
"""Corrections within an hour: a careful reader makes fewer."""
IMPOSSIBLE: Final = 240
"""Corrections within an hour that no person makes by reading."""
CONFIDENT: Final = 0.9
"""An answer whose model was so sure is seldom wrong."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction of a person."""

    at: datetime
    expected: str | None
    confidence: float | None
    disputed: bool
    """Somebody else said another answer was right."""
    agreed: bool
    """Somebody else said the same."""


@dataclass(frozen=True, slots=True)
class History:
    """What one person said lately, and how often others correct the same models."""

    corrections: Sequence[Correction]
    told: int
    """All that they said, corrections included."""
    others_told: int
    others_corrected: int
    named: bool
    """A person or end user; a program's key may speak for many."""


def signs(history: History) -> list[str]:
    """List what is out of line: rate, one_label, disputed, confident, against_others."""
    count = len(history.corrections)
    if count < LEAST:
        return []
    return [name for name, holds in _checks(history, count) if holds]


def _checks(history: History, count: int) -> list[tuple[str, bool]]:
    corrections = history.corrections
    labels = Counter(each.expected for each in corrections if each.expected is not None)
    top = labels.most_common(1)[0][1] if labels else 0
    judged = [each for each in corrections if each.disputed or each.agreed]
    disputed = sum(each.disputed for each in judged)
    sure = [each for each in corrections if each.confidence is not None]
    confident = sum((each.confidence or 0) >= CONFIDENT for each in sure)
    share = count / max(history.told, count)
    others = (history.others_corrected + 1) / (history.others_told + 2)
    return [
        ("rate", most_within_an_hour(corrections) >= FAST),
        ("one_label", top >= LEAST and top / count >= 0.8),
        ("disputed", len(judged) >= 5 and disputed / len(judged) > 0.5),
        ("confident", len(sure) >= LEAST and confident / len(sure) > 0.5),
        ("against_others", history.others_told >= LEAST and share - others > 0.5),
    ]


def out_of_line(history: History) -> list[str]:
    """Tell why a person's corrections are held; nothing where they are not."""
    found = signs(history)
    if len(found) >= 2:
        return found
    impossible = most_within_an_hour(history.corrections) >= IMPOSSIBLE
    return found if history.named and impossible else []


def most_within_an_hour(corrections: Sequence[Correction]) -> int:
    """Count the corrections of the fullest hour."""
    moments = sorted(each.at for each in corrections)
    most, first = 0, 0
    for place, moment in enumerate(moments):
        while moment - moments[first] > timedelta(hours=1):
            first += 1
        most = max(most, place - first + 1)
    return most
