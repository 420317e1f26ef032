"""What is told of releases: counted from rows, so it is the same whichever process tells it."""

from typing import Final

from sqlalchemy import text

from hone.core.counters import Counters, Metric, declare
from hone.core.db import Session
from hone.releases.machine import OVER

UNDER_WAY: Final = declare(
    Metric(
        "hone_releases_under_way",
        "gauge",
        "Releases that are not over, by state.",
        ("state",),
        across="max",
    )
)
STANDING: Final = declare(
    Metric(
        "hone_release_step_seconds",
        "gauge",
        "How long the release that has stood longest at one step has stood there.",
        across="max",
    )
)
ENDED: Final = declare(
    Metric(
        "hone_releases_ended_total",
        "counter",
        "Releases that are over, by outcome: succeeded, rolled_back, cancelled or failed.",
        ("outcome",),
    )
)
_STATES: Final = ("pending", "preparing", "running", "holding", "promoting", "rolling_back")
_COUNTS: Final = "SELECT state, count(*) FROM releases GROUP BY 1"
_STANDING: Final = """
SELECT coalesce(max(extract(epoch FROM clock_timestamp() - step_at)), 0)::float
FROM releases WHERE ended_at IS NULL
"""


async def meter(owner: Session, counters: Counters) -> None:
    """Count releases of all organizations; as the owner."""
    found = {state: float(count) for state, count in await owner.execute(text(_COUNTS))}
    counters.show(UNDER_WAY, {each: found.get(each, 0.0) for each in _STATES})
    counters.show(ENDED, {each: found.get(each, 0.0) for each in sorted(OVER)})
    counters.cell(STANDING).set(max(0.0, float(await owner.scalar(text(_STANDING)) or 0)))
