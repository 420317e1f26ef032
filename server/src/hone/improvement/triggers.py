"""Whether a model is to learn anew, and why, in words: pure.

Without anything new there is nothing to learn, so no trigger fires then, and it is said what would help.
Accuracy counts as fallen when the whole of its interval lies below the bar, so a few unlucky answers
begin nothing however often one looks.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from hone import experiments
from hone.improvement.schemas.triggers import (
    AccuracyBelow,
    Drift,
    FeedbackBatch,
    Interval,
    NewExamples,
    Trigger,
    TriggerLook,
)


@dataclass(frozen=True, slots=True)
class Share:
    """A share of `count` judged answers, with its 95 % interval."""

    value: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a model when somebody looks."""

    now: datetime
    new: int
    """Validated examples that were not there when it was trained."""
    corrections: int
    """Corrections of its answers that count, since it was trained."""
    trained: str | None = None
    """The version that was trained last; None: none was."""
    trained_at: datetime | None = None
    accuracy: Share | None = None
    """Of the answers that were judged, in the window of the trigger."""
    drift: str | None = None
    """How its questions drifted, in words; None where they did not."""

    @property
    def since(self) -> str:
        """Say since when things are new."""
        return f"since {self.trained}" if self.trained else "and it was never trained"


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of each trigger, and whether a turn is to begin."""

    triggers: Sequence[TriggerLook]
    fires: bool
    words: str


def look(triggers: Sequence[Trigger], seen: Seen, least_new: int = 1) -> Look:
    """Look at every trigger; fewer than `least_new` new examples begin nothing."""
    looks = [_LOOKS[each.kind](each, seen) for each in triggers]
    fired = [each for each in looks if each.fires]
    told = "; ".join(each.words for each in (fired or looks)) or "no trigger is set"
    if not fired:
        return Look(looks, fires=False, words=f"Nothing to do: {told}.")
    if seen.new < least_new:
        words = (
            f"Nothing to learn yet: {told}, but there are only {seen.new:,} new examples"
            f" {seen.since}, and {least_new:,} are needed. Correct answers, or review examples."
        )
        return Look(looks, fires=False, words=words)
    return Look(looks, fires=True, words=f"{told[0].upper()}{told[1:]}.")


def of_accuracy(wanted: AccuracyBelow, seen: Seen) -> TriggerLook:
    """Look at accuracy."""
    found = seen.accuracy
    if found is None or found.count < wanted.least:
        count = 0 if found is None else found.count
        words = f"accuracy is not known: {count} of {wanted.least} judged answers that are needed"
        return TriggerLook(kind=wanted.kind, fires=False, near=0.0, words=words)
    fires = found.high < wanted.below
    below = _percent(wanted.below)
    told = f"accuracy {_percent(found.value)} ({_percent(found.low)} to {_percent(found.high)})"
    if fires:
        words = f"{told} of {found.count:,} judged answers is below {below}"
    elif found.value < wanted.below:
        words = f"{told} of {found.count:,} judged answers is not surely below {below}"
    else:
        words = f"{told} of {found.count:,} judged answers holds {below}"
    near = (1 - found.high) / (1 - wanted.below)
    return TriggerLook(kind=wanted.kind, fires=fires, near=_part(near, fires), words=words)


def of_examples(wanted: NewExamples, seen: Seen) -> TriggerLook:
    """Look at new examples."""
    words = f"{seen.new:,} of {wanted.count:,} new examples {seen.since}"
    fires = seen.new >= wanted.count
    return TriggerLook(
        kind=wanted.kind, fires=fires, near=_part(seen.new / wanted.count, fires), words=words
    )


def of_corrections(wanted: FeedbackBatch, seen: Seen) -> TriggerLook:
    """Look at corrected answers."""
    words = f"{seen.corrections:,} of {wanted.count:,} corrected answers {seen.since}"
    fires = seen.corrections >= wanted.count
    near = _part(seen.corrections / wanted.count, fires)
    return TriggerLook(kind=wanted.kind, fires=fires, near=near, words=words)


def of_time(wanted: Interval, seen: Seen) -> TriggerLook:
    """Look at the clock; a model that was never trained is due."""
    if seen.trained_at is None:
        return TriggerLook(kind=wanted.kind, fires=True, near=1.0, words="it was never trained")
    passed = (seen.now - seen.trained_at).total_seconds() / 3600
    fires = passed >= wanted.hours
    if fires:
        words = f"it was trained {passed:,.0f} hours ago, {wanted.hours:g} are the most"
    else:
        due = seen.trained_at + timedelta(hours=wanted.hours)
        words = f"by the clock it is due at {due:%Y-%m-%d %H:%M} UTC"
    near = _part(passed / wanted.hours, fires)
    return TriggerLook(kind=wanted.kind, fires=fires, near=near, words=words)


def of_drift(wanted: Drift, seen: Seen) -> TriggerLook:
    """Look at drift."""
    if seen.drift is None:
        return TriggerLook(
            kind=wanted.kind, fires=False, near=0.0, words="its monitors see no drift"
        )
    return TriggerLook(kind=wanted.kind, fires=True, near=1.0, words=seen.drift.rstrip("."))


def _percent(share: float) -> str:
    return experiments.statistics.figure(share, experiments.statistics.Unit.SHARE)


def _part(value: float, fires: bool) -> float:
    return 1.0 if fires else round(min(max(value, 0.0), 0.99), 3)


_LOOKS: Final[Mapping[str, Callable[[Any, Seen], TriggerLook]]] = {
    "accuracy_below": of_accuracy,
    "new_examples": of_examples,
    "interval": of_time,
    "feedback_batch": of_corrections,
    "drift": of_drift,
}


@dataclass(frozen=True, slots=True)
class Spent:
    """What a policy's turns took: runs since a day ago, dollars since 30 days ago."""

    runs: int
    cost_usd: float
    last_failed: int = 0
    """Turns in a row that failed, the latest ones."""
    last_ended: datetime | None = None


MOST_PAUSE: Final = timedelta(hours=24)


def held_back(
    spent: Spent, runs_per_day: int, cost_per_month: float | None, pause: timedelta, now: datetime
) -> str | None:
    """Say why a turn may not begin by itself though a trigger fires; None: it may.

    After each turn in a row that failed the pause doubles, up to a day.
    """
    if spent.runs >= runs_per_day:
        return f"The budget is used up: {spent.runs} of {runs_per_day} runs in 24 hours."
    if cost_per_month is not None and spent.cost_usd >= cost_per_month:
        return f"The budget is used up: ${spent.cost_usd:.2f} of ${cost_per_month:.2f} in 30 days."
    if spent.last_failed and spent.last_ended is not None:
        wait = min(max(pause, timedelta(minutes=1)) * 2 ** min(spent.last_failed, 16), MOST_PAUSE)
        until = spent.last_ended + wait
        # A clock that was set back must not make this longer than it is.
        if now < until <= now + MOST_PAUSE:
            return (
                f"The last {spent.last_failed} turns failed; the next may begin at"
                f" {until:%Y-%m-%d %H:%M} UTC. Begin one yourself to try before."
            )
    return None


def settled(fired_at: datetime | None, debounce: timedelta, now: datetime) -> bool:
    """Tell whether a trigger has fired for so long that a turn is to begin."""
    return fired_at is not None and now - fired_at >= debounce
