"""What is told of turns of the loop: counted from rows, so it is the same whichever process tells it."""

from typing import Final

from sqlalchemy import text

from hone.core.counters import Counters, Metric, declare
from hone.core.db import Session
from hone.improvement.turning import OVER, State

UNDER_WAY: Final = declare(
    Metric(
        "hone_improvement_turns_under_way",
        "gauge",
        "Turns of automatic improvement that are not over, by state.",
        ("state",),
        across="max",
    )
)
ENDED: Final = declare(
    Metric(
        "hone_improvement_turns_ended_total",
        "counter",
        "Turns of automatic improvement that are over, by outcome.",
        ("outcome",),
    )
)
_COUNTS: Final = "SELECT state, count(*) FROM improvement_turns GROUP BY 1"


async def meter(owner: Session, counters: Counters) -> None:
    """Count turns of all organizations; as the owner."""
    found = {state: float(count) for state, count in await owner.execute(text(_COUNTS))}
    states = [each.value for each in State]
    counters.show(UNDER_WAY, {each: found.get(each, 0.0) for each in states if each not in OVER})
    counters.show(ENDED, {each: found.get(each, 0.0) for each in states if each in OVER})
