"""Shares with their intervals, and figures out of sums: pure."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Final

from hone.feedback.schemas import (
    FeedbackClassification,
    FeedbackConversations,
    FeedbackFigures,
    FeedbackFiguresOf,
    FeedbackLabel,
    FeedbackMoods,
    FeedbackShare,
    FeedbackSuggestions,
)

_Z: Final = 1.959963984540054
"""Of 95 %."""
MOST_CLASSES: Final = 200


@dataclass(slots=True)
class Sums:
    """What some feedback adds up to; the columns of `feedback_hours`."""

    told: int = 0
    positive: int = 0
    negative: int = 0
    scored: int = 0
    score: float = 0.0
    rated_1: int = 0
    rated_2: int = 0
    rated_3: int = 0
    rated_4: int = 0
    rated_5: int = 0
    used: int = 0
    unused: int = 0
    helpful: int = 0
    unhelpful: int = 0
    corrected: int = 0
    commented: int = 0
    pleased: int = 0
    displeased: int = 0
    sentiment: float = 0.0
    quality: float = 0.0

    def add(self, other: "Sums") -> None:
        """Add up, in place."""
        for name in COLUMNS:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def ratings(self) -> list[int]:
        """Count by stars."""
        return [self.rated_1, self.rated_2, self.rated_3, self.rated_4, self.rated_5]


COLUMNS: Final = tuple(each.name for each in fields(Sums))


def wilson(part: int, whole: int) -> FeedbackShare | None:
    """Estimate a share; its interval holds where counts are small, too."""
    if whole <= 0:
        return None
    share, z2 = part / whole, _Z * _Z
    middle = (share + z2 / (2 * whole)) / (1 + z2 / whole)
    reach = _Z * math.sqrt(share * (1 - share) / whole + z2 / (4 * whole * whole))
    reach /= 1 + z2 / whole
    low = 0.0 if part == 0 else max(0.0, middle - reach)
    high = 1.0 if part == whole else min(1.0, middle + reach)
    return FeedbackShare(value=round(share, 4), low=round(low, 4), high=round(high, 4))


def mean(total: float, count: int, digits: int = 4) -> float | None:
    """Divide, where there is anything."""
    return round(total / count, digits) if count > 0 else None


def figures(sums: Sums) -> dict[str, object]:
    """Show sums, as the fields of `FeedbackFigures`."""
    stars = sums.ratings
    return {
        "told": sums.told,
        "positive": sums.positive,
        "negative": sums.negative,
        "neutral": sums.told - sums.positive - sums.negative,
        "share_positive": wilson(sums.positive, sums.positive + sums.negative),
        "average_rating": mean(
            sum(place * count for place, count in enumerate(stars, 1)), sum(stars), 2
        ),
        "average_score": mean(sums.score, sums.scored),
        "corrected": sums.corrected,
        "commented": sums.commented,
    }


def shown(sums: Sums) -> FeedbackFigures:
    """Show sums."""
    return FeedbackFigures.model_validate(figures(sums))


def by_name(cells: Iterable[tuple[str, Sums]]) -> list[FeedbackFiguresOf]:
    """Add up by name, the most told first."""
    made: dict[str, Sums] = {}
    for name, sums in cells:
        made.setdefault(name, Sums()).add(sums)
    ordered = sorted(made.items(), key=lambda item: (-item[1].told, item[0]))
    return [
        FeedbackFiguresOf.model_validate({"name": name, **figures(sums)})
        for name, sums in ordered
        if sums.told > 0
    ]


def moods(sums: Sums) -> FeedbackMoods:
    """Show what comments sound like."""
    return FeedbackMoods(
        positive=sums.pleased,
        neutral=sums.commented - sums.pleased - sums.displeased,
        negative=sums.displeased,
        average=mean(sums.sentiment, sums.commented),
        quality=mean(sums.quality, sums.commented),
    )


def suggestions(sums: Sums) -> FeedbackSuggestions:
    """Show what became of suggestions."""
    return FeedbackSuggestions(
        usage_rate=wilson(sums.used, sums.used + sums.unused),
        helpful_rate=wilson(sums.helpful, sums.helpful + sums.unhelpful),
    )


def classification(sums: Sums, confusion: Mapping[tuple[str, str], int]) -> FeedbackClassification:
    """Reckon accuracy from verdicts, and each class from pairs of a given and a right label."""
    known = {pair: count for pair, count in confusion.items() if count > 0}
    given: dict[str, int] = {}
    right: dict[str, int] = {}
    for (answered, expected), count in known.items():
        given[answered] = given.get(answered, 0) + count
        right[expected] = right.get(expected, 0) + count
    names = sorted(given.keys() | right.keys(), key=lambda each: (-right.get(each, 0), each))
    classes = [
        _class(name, known.get((name, name), 0), given.get(name, 0), right.get(name, 0))
        for name in names
    ]
    return FeedbackClassification(
        told=sums.told,
        accuracy=wilson(sums.positive, sums.positive + sums.negative),
        labelled=sum(known.values()),
        precision=_macro([each.precision for each in classes]),
        recall=_macro([each.recall for each in classes]),
        f1_score=_macro([each.f1_score for each in classes]),
        classes=classes[:MOST_CLASSES],
    )


def _class(label: str, hits: int, given: int, right: int) -> FeedbackLabel:
    """A label that was never right has no recall, one that was never given no precision."""
    return FeedbackLabel(
        label=label,
        precision=mean(hits, given),
        recall=mean(hits, right),
        f1_score=mean(2 * hits, given + right),
        told=right,
    )


def conversations(counts: Mapping[str, int]) -> FeedbackConversations:
    """Show how conversations went."""
    ended, known = counts["ended"], counts["known"]
    return FeedbackConversations(
        ended=ended,
        conversation_length=mean(counts["calls"], ended, 2),
        task_completion=wilson(counts["completed"], ended),
        user_retention=wilson(counts["returned"], known),
        escalation_rate=wilson(counts["escalated"], ended),
    )


def _macro(values: list[float | None]) -> float | None:
    known = [each for each in values if each is not None]
    return round(sum(known) / len(known), 4) if known else None
