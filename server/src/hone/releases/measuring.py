"""What is known of a release's arms: measured while it is watched, and kept beside it."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from hone import versions
from hone.core import clock
from hone.core.db import Session
from hone.releases import figures, standing, sums
from hone.releases.figures import Arm, Pairs
from hone.releases.models import Release, ReleaseWatch
from hone.releases.schemas import Guardrail, ReleasePlan

EVERY: Final = timedelta(seconds=2)
_REST: Final = 4.0
"""So many times as long as a measurement took nobody measures again: sums of millions of users take seconds."""
_WHOLE: Final = 0.999
_WEEK: Final = timedelta(days=7)
_COMPARABLE: Final = 20
"""Copies that must be comparable before their agreement says anything."""
SHADOW: Final = "shadow"


@dataclass(frozen=True, slots=True)
class Found:
    """What the figures say to the state machine."""

    units: int = 0
    harm: str | None = None
    signal: str | None = None


async def units_per_day(session: Session, organization_id: UUID, name: str, unit: str) -> float:
    """Return how many users or conversations a day a name had in the last week."""
    since = clock.now() - _WEEK
    talks = unit == "conversation"
    return await sums.units_per_day(session, organization_id, name, since, talks=talks)


def due(watch: ReleaseWatch, now: datetime) -> bool:
    """Tell whether it is time to measure again."""
    at = watch.measured_at
    rest = max(EVERY, timedelta(seconds=_REST * float(watch.figures.get("took", 0.0))))
    return at is None or not timedelta(0) <= now - at < rest


def found(told: dict[str, Any]) -> Found:
    """Say what figures mean for what comes next."""
    harmed = [each for each in told.get("guardrails", []) if each["state"] == "harmed"]
    harm = next((each["words"] for each in harmed if each["action"] == "rollback"), None)
    signal = next((each["words"] for each in harmed if each["action"] == "hold"), None)
    return Found(int(told.get("units", 0)), harm, signal or told.get("differs"))


async def measure(session: Session, row: Release) -> dict[str, Any]:
    """Add up what the arms came to and judge it by the guardrails, as the API shows it."""
    began = time.monotonic()
    plan, splits = standing.plan_of(row), standing.splits_of(row)
    found = await sums.arms(session, row.organization_id, splits)
    shadow = row.strategy == SHADOW
    candidate = found.get(SHADOW if shadow else "candidate") or Arm("candidate")
    live = found.get("live") or Arm("live")
    course = _Course(plan, splits)
    several = len(splits) > 1
    by_split = await sums.by_split(session, row.organization_id, splits) if several else None
    each = by_split or {splits[0]: found}
    judged: list[_Comparison] = []
    if len(course.beside) > 1:
        judged.append(await _by_step(session, row, (live, candidate), course, each))
    elif course.beside or shadow:
        judged.append(_Comparison(live, candidate))
    alone: _Comparison | None = None
    if course.alone and (row.share or 0.0) > _WHOLE:
        alone = await _alone(session, row, found, course)
        judged.append(alone)
    shown = judged[-1] if judged else _Comparison(live, candidate)
    told: dict[str, Any] = {
        "arms": [figures.shown(each) for each in (shown.live, shown.candidate)],
        "units": candidate.units,
        "guardrails": [_judged(guard, judged or [shown], course.ways) for guard in plan.guardrails],
        "steps": [
            _step(row, place, each.get(split, {}), alone if share > _WHOLE else None)
            for place, (share, split) in enumerate(course.steps)
            if place <= row.step or split in each
        ],
    }
    if shadow:
        told |= await _agreement(session, row, plan.agreement)
    return told | {"took": time.monotonic() - began}


_BySplit = Mapping[UUID | None, Mapping[str, Arm]]


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Two arms that are held against each other, and their steps."""

    live: Arm
    candidate: Arm
    against: str = "the live version"
    steps: Pairs = ()
    of: int = 1


class _Course:
    """Which splits of a release have both arms, and which have the candidate only."""

    def __init__(self, plan: ReleasePlan, splits: Sequence[UUID]) -> None:
        known = len(splits) == len(plan.steps)
        shares = [each.share for each in plan.steps] if known else []
        both = list(zip(shares, splits, strict=True)) if known else [(0.5, splits[0])]
        self.steps = both if known else []
        """The share and the split of each step, where they were told apart."""
        self.beside = [split for share, split in both if share <= _WHOLE]
        self.alone = [split for share, split in both if share > _WHOLE]
        self.ways = bool(self.beside) + bool(self.alone)
        """How many comparisons share a guardrail's alpha."""


async def _by_step(
    session: Session, row: Release, both: tuple[Arm, Arm], course: _Course, found: _BySplit
) -> _Comparison:
    """Compare within each step: who calls may be another mixture at 10 % than at 50 %."""
    met = [(split, found.get(split, {})) for split in course.beside]
    there = [(split, arms) for split, arms in met if {"live", "candidate"} <= arms.keys()]
    pairs = [(arms["live"], arms["candidate"]) for _, arms in there]
    live, candidate = both
    metrics = sorted(live.sums.keys() & candidate.sums.keys())
    added = [
        sums.Added(metric, split, name, term)
        for metric in metrics
        for (split, _), terms in zip(there, figures.terms(pairs, metric), strict=True)
        for name, term in zip(("live", "candidate"), terms, strict=True)
        if term is not None
    ]
    spreads = await sums.spreads(session, row.organization_id, added) if added else {}
    sides = {
        metric: figures.across(
            pairs,
            metric,
            (
                spreads.get((metric, "live"), (0, 0.0)),
                spreads.get((metric, "candidate"), (0, 0.0)),
            ),
        )
        for metric in metrics
    }
    return _Comparison(
        replace(live, sides={metric: each[0] for metric, each in sides.items()}),
        replace(candidate, sides={metric: each[1] for metric, each in sides.items()}),
        "the live version, step by step",
        pairs,
        len(course.beside),
    )


async def _alone(
    session: Session, row: Release, found: Mapping[str, Arm], course: _Course
) -> _Comparison:
    """Compare a candidate that has everybody: with the steps before, or else with the day before."""
    whole = await sums.arms(session, row.organization_id, course.alone)
    candidate = whole.get("candidate") or Arm("candidate")
    if "live" in found:
        return _Comparison(found["live"], candidate, "the live version in the steps before")
    # Nobody was with the live version: the day before the release stands for it.
    name = versions.called(row.name, row.environment)
    live = await sums.before(session, row.organization_id, name, row.created_at)
    return _Comparison(live, candidate, "the former version on the day before")


def _step(
    row: Release, place: int, arms: Mapping[str, Arm], instead: _Comparison | None
) -> dict[str, Any]:
    """Tell one step by itself; with everybody on the candidate, `instead` is what it is held against."""
    plan = standing.plan_of(row)
    candidate = arms.get(SHADOW if row.strategy == SHADOW else "candidate") or Arm("candidate")
    live = arms.get("live") or Arm("live")
    reference, against = live, "the live version"
    if instead is not None:
        reference, against = instead.live, instead.against
    # Each step is a chance to be wrong: together they have the guardrail's alpha, and decide nothing.
    part = 1 / max(1, len(plan.steps))
    return {
        "step": place,
        "share": plan.steps[place].share,
        "against": against,
        "live": {"units": live.units, "operations": live.operations},
        "candidate": {"units": candidate.units, "operations": candidate.operations},
        "guardrails": [
            figures.of_step(each, reference, candidate, against, part) for each in plan.guardrails
        ],
    }


def _judged(guard: Guardrail, judged: Sequence[_Comparison], ways: int) -> dict[str, Any]:
    """Judge a guardrail by each comparison; harm in any of them is harm, else the last one is told."""
    told = [
        figures.judge(
            guard,
            each.live,
            each.candidate,
            each.against,
            steps=each.steps,
            of=each.of,
            part=1 / max(1, ways),
        )
        for each in judged
    ]
    return next((each for each in told if each["state"] == "harmed"), told[-1])


async def _agreement(session: Session, row: Release, wanted: float) -> dict[str, Any]:
    copies, alike = await sums.agreement(session, row.organization_id, standing.splits_of(row))
    told: dict[str, Any] = {"agreement": alike, "copies": copies}
    if alike is not None and copies >= _COMPARABLE and alike < wanted:
        told["differs"] = (
            f"{100 * alike:.1f} % of {copies:,} copies were answered alike; {100 * wanted:g} % are"
            " wanted. Look at what differs before it goes on."
        )
    return told
