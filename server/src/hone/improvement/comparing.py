"""Whether the new version is better than the live one, told from the split of the step that its release is at.

The interval holds however often one looks (`hone.experiments.statistics`, ALWAYS_VALID), so the turn ends
as soon as there is a winner, and a loser is not carried to the end.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from hone import experiments, releases
from hone.core import clock
from hone.core.db import Session
from hone.improvement.schemas.policies import ImprovementComparison, ImprovementRelease
from hone.improvement.turning import Judged

LIVE, CANDIDATE = "live", "candidate"
_DOWN: Final = frozenset({"error_rate", "latency_ms"})
_NAMES: Final = {
    "accuracy": "the share of answers that nobody corrected",
    "positive_feedback": "positive feedback",
    "rating": "the rating",
    "error_rate": "the share of failed calls",
    "latency_ms": "the time to answer",
}
_UNITS: Final = {
    "latency_ms": experiments.statistics.Unit.MILLISECONDS,
    "rating": experiments.statistics.Unit.NUMBER,
}
"""Of what is no share."""


async def judged(
    session: Session,
    organization_id: UUID,
    release_id: UUID,
    wanted: ImprovementComparison,
    since: datetime,
) -> Judged:
    """Compare both arms of a release in the step that it is at: at another share others called, perhaps."""
    none: dict[str, experiments.statistics.Moments] = {}
    found: dict[str, dict[str, experiments.statistics.Moments]] = {}
    split = await releases.split_now(session, organization_id, release_id)
    if split is not None:
        found = await experiments.sums(session, organization_id, split, wanted.metric, "mean")
    arms = next(iter(found.values()), none)
    nothing = experiments.statistics.Moments(0, 0.0, 0.0)
    control, treatment = arms.get(LIVE, nothing), arms.get(CANDIDATE, nothing)
    effect = experiments.statistics.compare(
        control,
        treatment,
        kind="mean",
        method=experiments.statistics.Method.ALWAYS_VALID,
        alpha=wanted.alpha,
        relative=False,
        look=experiments.statistics.Look(planned=4 * wanted.least),
    )
    over = clock.now() - since >= timedelta(hours=wanted.hours)
    return told(effect, wanted, over=over)


def told(
    effect: experiments.statistics.Effect, wanted: ImprovementComparison, *, over: bool
) -> Judged:
    """Say what a comparison says: pure."""
    evidence: dict[str, Any] = {
        "metric": wanted.metric,
        "live": {"n": effect.control_n, "mean": effect.control},
        "candidate": {"n": effect.treatment_n, "mean": effect.treatment},
        "difference": effect.difference,
        "low": effect.low,
        "high": effect.high,
        "alpha": wanted.alpha,
    }
    few = min(effect.control_n, effect.treatment_n)
    if few < wanted.least or effect.low is None or effect.high is None:
        if over:
            return _undecided(wanted, evidence, f"After {wanted.hours:g} hours too few were asked.")
        words = f"Both versions are compared: {few:,} of {wanted.least:,} users or conversations."
        return Judged("not_enough", words, evidence)
    said = _words(effect, wanted.metric)
    worse, better = effect.high < 0, effect.low > 0
    if wanted.metric in _DOWN:
        worse, better = better, worse
    if better:
        return Judged("winner", f"The new version wins: {said}", evidence)
    if worse:
        return Judged("loser", f"The new version loses: {said}", evidence)
    if over:
        return _undecided(wanted, evidence, f"After {wanted.hours:g} hours none is better: {said}")
    return Judged("not_enough", f"None is better yet: {said}", evidence)


def broken(wanted: ImprovementRelease, figures: Mapping[str, Any]) -> str | None:
    """Say which bar the new version has surely broken, if any: pure."""
    for metric, bar in wanted.roll_back_when.items():
        figure = figures.get(metric)
        if figure is None or figure.low is None or figure.high is None:
            continue
        if metric in _DOWN and figure.low > bar:
            return f"Of the new version {_said(metric, figure.mean)}, above {_figure(metric, bar)}."
        if metric not in _DOWN and figure.high < bar:
            return f"Of the new version {_said(metric, figure.mean)}, below {_figure(metric, bar)}."
    return None


def _undecided(wanted: ImprovementComparison, evidence: dict[str, Any], words: str) -> Judged:
    if wanted.no_difference == "promote":
        return Judged("no_difference", f"{words} It takes all of the traffic.", evidence)
    return Judged("loser", f"{words} It goes back.", evidence)


def _words(effect: experiments.statistics.Effect, metric: str) -> str:
    live, new = effect.control or 0.0, effect.treatment or 0.0
    low, high = effect.low or 0.0, effect.high or 0.0
    change = f"{effect.difference:+.3g} ({low:+.3g} to {high:+.3g})"
    if metric not in _UNITS:
        points = [100 * each for each in (effect.difference, low, high)]
        change = f"{points[0]:+.1f} points ({points[1]:+.1f} to {points[2]:+.1f})"
    asked = f"{effect.treatment_n:,} and {effect.control_n:,} users or conversations"
    return f"{_said(metric, new)} against {_figure(metric, live)}, {change}, of {asked}."


def _said(metric: str, value: float) -> str:
    return f"{_NAMES[metric]} is {_figure(metric, value)}"


def _figure(metric: str, value: float) -> str:
    """Write a figure as experiments and releases do: shares in percent, with one decimal."""
    unit = _UNITS.get(metric, experiments.statistics.Unit.SHARE)
    return experiments.statistics.figure(value, unit)
