"""Accuracy without labels: what confidence tells of the last day's answers."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from hone import feedback
from hone.core import ids
from hone.core.db import Session
from hone.monitoring import calibrating
from hone.monitoring.estimates import Estimate, Z, percent
from hone.monitoring.models import Monitor
from hone.monitoring.place import Place
from hone.monitoring.readings import Reading, Trouble
from hone.monitoring.repository import samples

WINDOW: Final = timedelta(days=1)
_ONCE_A_YEAR: Final = 4.03
"""The z that a chance value exceeds once in 96 looks a day for a year."""
_FEW: Final = 30
"""With fewer judged answers what a model says is hardly calibrated."""


async def measure(session: Session, _: Place, monitor: Monitor, now: datetime) -> Sequence[Reading]:
    """Estimate how many of the last day's classifications are right."""
    model, rule = str(monitor.model), monitor.rule
    counts = await samples.confidences(
        session, monitor.organization_id, model, now - WINDOW, now, calibrating.BINS
    )
    n = sum(counts.values())
    if n < int(rule["minimum"]):
        words = (
            f"{n} classifications with a confidence came in a day; {rule['minimum']} are wanted."
        )
        return [Reading(words, no_data=True)]
    since = now - timedelta(days=int(rule["reference_days"]))
    judged = await feedback.confident(session, monitor.organization_id, since, now, model)
    bins = calibrating.calibrate(judged)
    found = calibrating.estimate(bins, counts, Z)
    sure = calibrating.estimate(bins, counts, _ONCE_A_YEAR)
    threshold = float(rule["threshold"])
    below = sure.high is not None and sure.high < threshold
    troubles = (await _trouble(session, monitor, found, len(judged), now),) if below else ()
    words = f"About {percent(found.value)} of {n:,} answers of the last day are right, by how sure {model} was."
    if len(judged) < _FEW:
        words += f" Only {len(judged)} answers were judged, so that is hardly calibrated."
    detail = {"judged": len(judged)}
    return [Reading(words, found, troubles=troubles, detail=detail)]


async def _trouble(
    session: Session, monitor: Monitor, found: Estimate, judged: int, now: datetime
) -> Trouble:
    threshold = float(monitor.rule["threshold"])
    calls = await samples.least_sure(
        session, monitor.organization_id, str(monitor.model), now - WINDOW
    )
    evidence: dict[str, Any] = {
        "value": round(found.value or 0, 4),
        "low": found.low,
        "high": found.high,
        "threshold": threshold,
        "n": found.n,
        "judged": judged,
        "operations": [ids.public("op", each) for each in calls],
    }
    return Trouble(
        severity="warning",
        title=f"Answers are probably wrong more often: {monitor.model}",
        words=f"By how sure it was, about {percent(found.value)} of {found.n:,} answers of"
        f" {monitor.model} in the last day are right"
        f" ({percent(found.low)} to {percent(found.high)}); {percent(threshold)} is wanted.",
        recommendation="Send the calls it was least sure of to review; retrain on what comes back.",
        evidence=evidence,
    )
