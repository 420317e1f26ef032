"""Who meets which arm: the code of the gateway, asked for many units."""

import itertools
import statistics as middle
import time
from dataclasses import dataclass
from uuid import UUID

from hone.experiments.statistics.distributions import chi_square_above
from hone.gateway.snapshot import Arm, Policy, Route, Split, Unit
from hone.gateway.splitting import assign


@dataclass
class Balance:
    """How many units each of two arms got."""

    counts: tuple[int, int]

    @property
    def off(self) -> float:
        """Return how far the first arm's share is from a half."""
        return abs(self.counts[0] / sum(self.counts) - 0.5)


def _route(name: str) -> Route:
    return Route(None, name, Policy.WEIGHTED, ())


def _split(number: int) -> Split:
    """Make a split of two even arms, whose salt is as like its neighbours' as two ids can be."""
    made = UUID(int=(0x7000 << 64) + number)
    arms = (Arm("control", _route("a"), 0.5), Arm("treatment", _route("b"), 0.5))
    return Split(made, "experiment", str(made), Unit.USER, arms)


def spread(units: int) -> Balance:
    """Assign so many users of one split."""
    split = _split(1)
    second = sum([assign(split, f"u:user-{each}") for each in range(units)])
    return Balance((units - second, second))


def independence(units: int, pairs: int) -> float:
    """Return the least p of Pearson's test that a unit's arm in one split says nothing of another's."""
    splits = next(each for each in range(2, units) if each * (each - 1) // 2 >= pairs)
    names = [f"u:user-{each}" for each in range(units)]
    # One bit for each unit.
    arms = [sum(assign(_split(each), name) << k for k, name in enumerate(names)) for each in range(splits)]
    found: list[float] = []
    for one, other in itertools.islice(itertools.combinations(arms, 2), pairs):
        both = (one & other).bit_count()
        first, second = one.bit_count(), other.bit_count()
        cells = (both, first - both, second - both, units - first - second + both)
        shares = (
            first * second,
            first * (units - second),
            (units - first) * second,
            (units - first) * (units - second),
        )
        chi = sum(
            (cell - share / units) ** 2 / (share / units)
            for cell, share in zip(cells, shares, strict=True)
        )
        found.append(chi_square_above(chi, 1))
    return min(found)


def takes(seconds: float) -> float:
    """Return the median seconds of one assignment, over batches of a thousand."""
    split, names = _split(1), [f"u:user-{each}" for each in range(1000)]
    took: list[float] = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        began = time.perf_counter()
        for name in names:
            assign(split, name)
        took.append((time.perf_counter() - began) / len(names))
    return middle.median(took)
