"""Shares that follow what was learnt: more traffic to what is likely best, some to all.

Top-two Thompson sampling (Russo, Simple Bayesian algorithms for best-arm identification, Operations
Research 68, 2020, arXiv 1602.08448). The chances are integrated, not drawn: the same sums give the
same shares, so a job that is run again changes nothing.
"""

from collections.abc import Sequence
from statistics import NormalDist
from typing import Final

from hone.experiments.statistics.distributions import normal_above
from hone.experiments.statistics.moments import Direction, Estimate, Kind, Moments, estimate

EXPLORED: Final = 0.1
"""The part of the traffic that is spread evenly, whatever was learnt."""
FEWEST: Final = 50
"""Units of every arm before shares move at all."""
_POINTS: Final = tuple(NormalDist().inv_cdf((each + 0.5) / 400) for each in range(400))


def best_chances(
    arms: Sequence[Estimate], direction: Direction | str = Direction.UP
) -> tuple[float, ...]:
    """Return how likely each arm is to be the best, where every mean is as likely as its data says."""
    sign = Direction(direction).sign
    found: list[float] = []
    for index, arm in enumerate(arms):
        others = [each for place, each in enumerate(arms) if place != index]
        chance = 0.0
        for point in _POINTS:
            at, below = sign * arm.mean + arm.error * point, 1.0
            for each in others:
                gap = at - sign * each.mean
                below *= normal_above(-gap / each.error) if each.error else float(gap > 0)
            chance += below
        found.append(chance)
    total = sum(found)
    return tuple(each / total if total else 1 / len(arms) for each in found)


def top_two_thompson(
    arms: Sequence[Moments | Estimate],
    *,
    kind: Kind | str = Kind.MEAN,
    direction: Direction | str = Direction.UP,
    leader: float = 0.5,
    explored: float = EXPLORED,
) -> tuple[float, ...]:
    """Return the next shares of the arms; they sum to 1, none is below `explored` / arms.

    Half of the traffic (`leader`) goes to the arm that is best in a draw, the other half to the best of
    a draw in which another one is. Of two arms that would be half each for ever: they get their
    chances to be the best instead, which is Thompson sampling as such. Until every arm has `FEWEST`
    units, shares are even.
    """
    known = [each if isinstance(each, Estimate) else estimate(each, Kind(kind)) for each in arms]
    ready = [each for each in known if each is not None and each.n >= FEWEST]
    if len(ready) < len(arms):
        return (1 / len(arms),) * len(arms)
    shares = _top_two(best_chances(ready, direction), leader)
    return tuple(explored / len(arms) + (1 - explored) * each for each in shares)


def _top_two(chances: Sequence[float], leader: float) -> list[float]:
    if len(chances) < 3:
        return list(chances)
    shares: list[float] = []
    for index, chance in enumerate(chances):
        second = sum(
            other * chance / (1 - other)
            for place, other in enumerate(chances)
            if place != index and other < 1
        )
        shares.append(leader * chance + (1 - leader) * second)
    # Where one arm is certain, nothing is left to share among the seconds.
    total = sum(shares)
    return [each / total for each in shares]


def weighted(
    batches: Sequence[Sequence[Moments]], kind: Kind | str = Kind.MEAN
) -> list[Estimate | None]:
    """Estimate each arm's mean over batches in which shares differed; a list of arms for each batch.

    Pooling would give an arm that got its units on a good day the day's merit. Each batch counts by all
    its units, the same for every arm; batches that lack an arm are left out.
    """
    kind = Kind(kind)
    rows = [[estimate(arm, kind) for arm in batch] for batch in batches]
    whole = [
        (sum(arm.n for arm in batch), [each for each in row if each is not None])
        for batch, row in zip(batches, rows, strict=True)
        if all(each is not None and each.n for each in row)
    ]
    total = sum(size for size, _ in whole)
    if not total:
        return [None] * (len(batches[0]) if batches else 0)
    return [
        Estimate(
            sum(size / total * row[arm].mean for size, row in whole),
            sum((size / total) ** 2 * row[arm].variance for size, row in whole),
            sum(row[arm].n for _, row in whole),
        )
        for arm in range(len(whole[0][1]))
    ]


def separated(chances: Sequence[float], enough: float = 0.95) -> int | None:
    """Return the arm that is best with a given chance, if there is one."""
    best = max(range(len(chances)), key=chances.__getitem__)
    return best if chances[best] >= enough else None
