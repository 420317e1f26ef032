"""How long a training takes and what it costs: from runs like it, or else from what was measured once."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hone.training.schemas.runs import RunEstimate, Seconds
from hone.training.schemas.search import Search

_PICO: Final = 1_000_000_000_000
_LEAST_PAST: Final = 3
_FIXED: Final = 200
"""Examples that starting and proving take as long as."""


@dataclass(frozen=True, slots=True)
class Past:
    """A run that succeeded."""

    examples: int
    seconds: float
    peak_memory: int


@dataclass(frozen=True, slots=True)
class Pace:
    """How an engine works on one core of a common machine of 2026: `bench/training.py` measures it."""

    start: float
    per_thousand: float
    memory: int


_MIB: Final = 1 << 20
PACES: Final[dict[str, Pace]] = {
    "linear": Pace(4.0, 3.0, 400 * _MIB),
    "intent": Pace(8.0, 25.0, 700 * _MIB),
    "entity": Pace(6.0, 20.0, 600 * _MIB),
    "response": Pace(6.0, 20.0, 700 * _MIB),
    "sft": Pace(60.0, 900.0, 6000 * _MIB),
    "dpo": Pace(60.0, 1800.0, 8000 * _MIB),
}
_UNKNOWN: Final = Pace(30.0, 60.0, 1000 * _MIB)


def price(seconds: float, cpu: float, gpus: int, cpu_hour: float, gpu_hour: float) -> int:
    """Return what so long costs, in pico-dollars."""
    return round(seconds / 3600 * (cpu * cpu_hour + gpus * gpu_hour) * _PICO)


def seconds(engine: str, examples: int, cpu: float, past: Sequence[Past]) -> Seconds:
    """Estimate how long a run takes; more cores help less than they are many."""
    if len(past) >= _LEAST_PAST:
        paces = sorted(each.seconds / (each.examples + _FIXED) for each in past)
        size = examples + _FIXED
        middle = paces[len(paces) // 2]
        return Seconds(
            low=_told(paces[0] * size * 0.8),
            likely=_told(middle * size),
            high=_told(paces[-1] * size * 1.25),
        )
    pace = PACES.get(engine, _UNKNOWN)
    likely = pace.start + pace.per_thousand * examples / 1000 / max(cpu, 0.25) ** 0.5
    return Seconds(low=_told(likely / 3), likely=_told(likely), high=_told(likely * 4))


def memory(engine: str, past: Sequence[Past]) -> int:
    """Estimate the most memory that a run takes."""
    known = max((each.peak_memory for each in past), default=0)
    return known or PACES.get(engine, _UNKNOWN).memory


def estimate(
    engine: str,
    examples: int,
    cpu: float,
    gpus: int,
    past: Sequence[Past],
    rates: tuple[float, float],
) -> RunEstimate:
    """Estimate duration, cost and memory; `rates` are dollars for an hour of a core and of a GPU."""
    took = seconds(engine, examples, cpu, past)
    basis = (
        f"{len(past)} runs of `{engine}` here"
        if len(past) >= _LEAST_PAST
        else f"measurements of `{engine}` on one core"
    )
    return RunEstimate(
        duration_seconds=took,
        cost_usd=price(took.likely, cpu, gpus, *rates) / _PICO,
        memory_bytes=memory(engine, past),
        basis=basis,
    )


def searched(one: RunEstimate, search: Search) -> RunEstimate:
    """Estimate a search from one of its trials: so many times longer, and those at once together."""
    turns = math.ceil(search.trials / search.concurrency)
    took = one.duration_seconds
    longest = math.inf if search.timeout is None else search.timeout + took.high
    times = Seconds(
        low=_told(min(took.low * turns, longest)),
        likely=_told(min(took.likely * turns, longest)),
        high=_told(min(took.high * turns * search.concurrency, longest)),
    )
    return RunEstimate(
        duration_seconds=times,
        cost_usd=one.cost_usd * times.likely / took.likely,
        memory_bytes=one.memory_bytes * search.concurrency,
        basis=f"{one.basis}, times {search.trials} trials",
    )


def _told(value: float) -> float:
    return round(max(value, 0.1), 1)
