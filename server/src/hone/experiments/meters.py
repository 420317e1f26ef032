"""What is told of experiments: counted from rows, so it is the same whichever process tells it."""

from typing import Final, get_args

from sqlalchemy import text

from hone.core.counters import Counters, Metric, declare
from hone.core.db import Session
from hone.experiments.schemas.design import State

EXPERIMENTS: Final = declare(
    Metric(
        "hone_experiments",
        "gauge",
        "Experiments by state: draft, running, paused, stopped or decided.",
        ("state",),
        across="max",
    )
)
_COUNTS: Final = "SELECT state, count(*) FROM experiments GROUP BY 1"


async def meter(owner: Session, counters: Counters) -> None:
    """Count experiments of all organizations; as the owner."""
    found = {state: float(count) for state, count in await owner.execute(text(_COUNTS))}
    counters.show(EXPERIMENTS, {each: found.get(each, 0.0) for each in get_args(State)})
