"""What `adaptive` believes of each target's reward, and how likely each is to be the best.

A belief is a mean, a spread and a count. Calls are sorted by kind (streamed or not, four sizes of
prompt); a new kind begins with what the route knows of all its calls, at the worth of a few.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import erf, inf, sqrt
from statistics import NormalDist
from typing import Final

from hone.gateway.demand import Demand
from hone.gateway.snapshot import Factors

Kind = tuple[bool, int]
"""Streamed or not, and the size of the prompt from 0 to 3."""

MOST: Final = 1000
"""A belief forgets: the newest reward counts for at least one in so many."""
BORROWED: Final = 5
"""Rewards that a new kind takes over from the route as a whole."""
REFRESHED: Final = 0.1
"""Seconds for which chances hold, however much is learnt meanwhile."""
_NARROWEST: Final = 0.01
_POINTS: Final = tuple(NormalDist().inv_cdf((each + 0.5) / 16) for each in range(16))
_ROOT: Final = sqrt(2.0)


def kind_of(demand: Demand) -> Kind:
    """Sort a call by what its operation tells as well: streamed or not, and tokens of its prompt."""
    return demand.stream, min(max(demand.input_tokens.bit_length() - 7, 0) // 2, 3)


@dataclass(slots=True)
class Belief:
    """What is believed of one target's reward."""

    mean: float
    variance: float = 0.25
    """Of one reward."""
    count: float = 1.0

    def learn(self, reward: float) -> None:
        """Take in a reward."""
        self.count = min(self.count + 1, MOST)
        off = reward - self.mean
        self.mean += off / self.count
        self.variance += (off * (reward - self.mean) - self.variance) / self.count

    @property
    def doubt(self) -> float:
        """Return the standard deviation of what is believed of the mean."""
        return max(sqrt(self.variance / self.count), _NARROWEST)

    def borrowed(self) -> "Belief":
        """Return a belief to begin with where nothing was seen yet."""
        return Belief(self.mean, max(self.variance, 0.05), min(self.count, BORROWED))


def best_chances(beliefs: Sequence[Belief]) -> list[float]:
    """Return how likely each target is to be the best one, as Thompson sampling would choose it.

    At sixteen equally likely values of its mean: the chance that all others are worse.
    """
    spread = [(each.mean, each.doubt * _ROOT) for each in beliefs]
    found: list[float] = []
    for index, (mean, doubt) in enumerate(spread):
        others = spread[:index] + spread[index + 1 :]
        chance = 0.0
        for point in _POINTS:
            at, below = mean + doubt / _ROOT * point, 1.0
            for middle, wide in others:
                below *= 0.5 + 0.5 * erf((at - middle) / wide)
            chance += below
        found.append(chance)
    total = sum(found)
    return [each / total for each in found] if total else [1 / len(found)] * len(found)


@dataclass(slots=True)
class Beliefs:
    """What is believed of every target of a route, for one kind of call."""

    each: list[Belief]
    chances: list[float] = field(default_factory=list[float])
    since: float = -inf
    learnt: bool = True

    def chances_at(self, now: float) -> list[float]:
        """Return each target's chance to be the best, not older than `REFRESHED`."""
        if self.learnt and now - self.since >= REFRESHED:
            self.chances, self.since, self.learnt = best_chances(self.each), now, False
        return self.chances


@dataclass(slots=True)
class Scale:
    """What calls of a route usually cost and take, so that rewards have no unit."""

    cost: float = 0.0
    wait: float = 0.0
    count: int = 0

    def observe(self, cost: float, wait: float) -> None:
        """Take in what a call cost and took."""
        self.count = min(self.count + 1, MOST)
        self.cost += (cost - self.cost) / self.count
        self.wait += (wait - self.wait) / self.count


def reward(factors: Factors, quality: float, cost: float, wait: float, scale: Scale) -> float:
    """Return quality less cost and wait, each 0 to 1: half is what is usual."""
    total = factors.quality + factors.cost + factors.performance
    paid = cost / (cost + scale.cost) if cost else 0.0
    waited = wait / (wait + scale.wait) if wait else 0.0
    return (factors.quality * quality - factors.cost * paid - factors.performance * waited) / total


@dataclass(slots=True)
class Memory:
    """All that `adaptive` has learnt of one route in this process."""

    factors: Factors
    overall: Beliefs
    kinds: dict[Kind, Beliefs] = field(default_factory=dict[Kind, Beliefs])
    scales: dict[bool, Scale] = field(default_factory=lambda: {False: Scale(), True: Scale()})
    """By streamed or not: a first token is not a whole answer."""

    def of(self, kind: Kind) -> Beliefs:
        """Return what is believed of one kind of call."""
        found = self.kinds.get(kind)
        if found is None:
            begun = [each.borrowed() for each in self.overall.each]
            found = self.kinds[kind] = Beliefs(begun)
        return found

    def learn(self, place: int, kind: Kind, quality: float, cost: float, wait: float) -> None:
        """Take in how a call ended at the target of that place."""
        scale = self.scales[kind[0]]
        scale.observe(cost, wait)
        found = reward(self.factors, quality, cost, wait, scale)
        for beliefs in (self.overall, self.of(kind)):
            beliefs.each[place].learn(found)
            beliefs.learnt = True


def begin(factors: Factors, qualities: Sequence[float]) -> Memory:
    """Begin with nothing but the quality that each target is said to have."""
    total = factors.quality + factors.cost + factors.performance
    return Memory(
        factors, Beliefs([Belief(factors.quality * quality / total) for quality in qualities])
    )


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one call is to teach once its first attempt has ended."""

    memory: Memory
    place: int
    kind: Kind
    quality: float

    def end(self, cost: float, seconds: float, first: float | None, *, answered: bool) -> None:
        """Learn: an answer has the quality that was predicted, a failure has none."""
        wait = first if self.kind[0] and first is not None else seconds
        self.memory.learn(self.place, self.kind, self.quality if answered else 0.0, cost, wait)
