"""What is known of a release's arms: measured while it is watched, and kept beside it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from hone import versions
from hone.core import clock
from hone.core.db import Session
from hone.releases import figures, standing, sums
from hone.releases.figures import Arm
from hone.releases.models import Release, ReleaseWatch

EVERY: Final = timedelta(seconds=2)
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
    return at is None or not timedelta(0) <= now - at < EVERY


def found(told: dict[str, Any]) -> Found:
    """Say what figures mean for what comes next."""
    harmed = [each for each in told.get("guardrails", []) if each["state"] == "harmed"]
    harm = next((each["words"] for each in harmed if each["action"] == "rollback"), None)
    signal = next((each["words"] for each in harmed if each["action"] == "hold"), None)
    return Found(int(told.get("units", 0)), harm, signal or told.get("differs"))


async def measure(session: Session, row: Release) -> dict[str, Any]:
    """Add up what the arms came to and judge it by the guardrails, as the API shows it."""
    found = await sums.arms(session, row.organization_id, row.id)
    plan = standing.plan_of(row)
    shadow = row.strategy == SHADOW
    candidate = found.get(SHADOW if shadow else "candidate") or Arm("candidate")
    live, against = found.get("live") or Arm("live"), "the live version"
    if (row.share or 0.0) > _WHOLE and not live.units:
        # Nobody is left with the live version: the day before the release stands for it.
        name = versions.called(row.name, row.environment)
        live = await sums.before(session, row.organization_id, name, row.created_at)
        against = "the former version on the day before"
    told: dict[str, Any] = {
        "arms": [figures.shown(each) for each in (live, candidate)],
        "units": candidate.units,
        "guardrails": [figures.judge(each, live, candidate, against) for each in plan.guardrails],
    }
    if shadow:
        told |= await _agreement(session, row, plan.agreement)
    return told


async def _agreement(session: Session, row: Release, wanted: float) -> dict[str, Any]:
    copies, alike = await sums.agreement(session, row.organization_id, row.id)
    told: dict[str, Any] = {"agreement": alike, "copies": copies}
    if alike is not None and copies >= _COMPARABLE and alike < wanted:
        told["differs"] = (
            f"{100 * alike:.1f} % of {copies:,} copies were answered alike; {100 * wanted:g} % are"
            " wanted. Look at what differs before it goes on."
        )
    return told
