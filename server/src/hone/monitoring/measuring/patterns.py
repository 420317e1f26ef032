"""Error patterns: failed calls are read on from where it was left, and sorted by how they read."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from hone.core import ids
from hone.core.db import Session
from hone.monitoring import templates
from hone.monitoring.estimates import Estimate
from hone.monitoring.models import ErrorPattern, Monitor
from hone.monitoring.place import Place
from hone.monitoring.readings import Reading, Trouble
from hone.monitoring.repository import patterns
from hone.monitoring.repository.patterns import Failed

_BEGINS: Final = timedelta(days=1)
_LATE: Final = timedelta(seconds=2)
"""Rows of the last moments may still be on their way; they are read at the next look."""
_MOST: Final = 5_000
_NEW: Final = timedelta(hours=1)
_SHOWN: Final = timedelta(days=1)
_EXAMPLES: Final = 20
_NOBODY: Final = UUID(int=0)


async def measure(session: Session, _: Place, monitor: Monitor, now: datetime) -> Sequence[Reading]:
    """Sort the calls that failed since the last look, and tell what is new."""
    after = _left_off(monitor, now)
    found = await patterns.failed_after(session, monitor.organization_id, after, now - _LATE, _MOST)
    for digest, calls in _sorted(found).items():
        await patterns.keep(session, monitor.organization_id, _values(digest, calls))
    if found:
        last = found[-1]
        monitor.memory = {"at": last.at.isoformat(), "id": last.id.hex}
    elif not monitor.memory:
        monitor.memory = {"at": (now - _LATE).isoformat(), "id": _NOBODY.hex}
    seen = await patterns.seen_since(session, monitor.organization_id, now - _SHOWN, 200)
    least = int(monitor.rule["minimum"])
    new = [each for each in seen if now - each.first_at <= _NEW and each.seen >= least]
    words = f"{len(seen)} error patterns were seen in the last day; {len(new)} of them are new."
    if not seen:
        words = "No call failed in the last day."
    return [
        Reading(
            words=words,
            estimate=Estimate(float(len(seen)), None, None, sum(each.seen for each in seen)),
            troubles=tuple(_trouble(each) for each in new),
        )
    ]


def _left_off(monitor: Monitor, now: datetime) -> tuple[datetime, UUID]:
    held = monitor.memory
    if not held:
        return now - _BEGINS, _NOBODY
    at = datetime.fromisoformat(held["at"])
    # Where a clock was set back, what was read last lies in the future: read on from now.
    return (at, UUID(held["id"])) if at <= now else (now - _LATE, _NOBODY)


def _sorted(found: Sequence[Failed]) -> dict[bytes, list[Failed]]:
    made: defaultdict[bytes, list[Failed]] = defaultdict(list)
    for each in found:
        made[templates.digest(each.code, templates.template(each.said))].append(each)
    return made


def _values(digest: bytes, calls: Sequence[Failed]) -> dict[str, Any]:
    return {
        "digest": digest,
        "code": calls[0].code,
        "template": templates.template(calls[0].said),
        "models": sorted({each.model for each in calls})[:50],
        "seen": len(calls),
        "examples": [str(each.id) for each in reversed(calls[-_EXAMPLES:])],
        "first_at": min(each.at for each in calls),
        "last_at": max(each.at for each in calls),
    }


def _trouble(pattern: ErrorPattern) -> Trouble:
    said = pattern.template or "nothing"
    models = ", ".join(pattern.models[:3])
    return Trouble(
        # That calls fail rings by itself where it matters; what is new about it is for the digest.
        severity="info",
        title=f"A new error: {templates.name(pattern.code, '')}",
        words=f"{pattern.seen} calls of {models} failed with what was not seen before {pattern.first_at:%H:%M} UTC: “{said}”.",
        recommendation="Open one of the calls to see what was asked; if it came with a release, roll it back.",
        evidence={
            "value": pattern.seen,
            "template": pattern.template,
            "code": pattern.code,
            "firstAt": pattern.first_at.isoformat(),
            "lastAt": pattern.last_at.isoformat(),
            "operations": [ids.public("op", each) for each in pattern.examples],
        },
        what=pattern.digest.hex()[:16],
    )
