"""How many answers are right, estimated from how sure the model was: no labels are needed of them: pure.

Confidence-based performance estimation (NannyML's CBPE): where a model that says 0.8 is right in 80 % of
the cases, the mean of what it says is how often it is right. Models are seldom so; what people judged
lately calibrates them. Confidence is cut into bins; of each bin it is known how often answers were right,
pulled towards what the model says by as much as two judgements weigh, and kept rising with confidence by
pooling neighbours that are not (Ayer et al., Annals of Mathematical Statistics 1955).

It sees what shows in confidence: other questions, harder ones. A model that is wrong with the same
confidence as before (what is right has changed) it does not see; corrections do.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hone.monitoring.estimates import Estimate

BINS: Final = 20
_PRIOR: Final = 2.0


@dataclass(frozen=True, slots=True)
class Bin:
    """One bin of confidence: how often answers in it are right, and of how many that is known."""

    right: float
    known: float


def bin_of(confidence: float) -> int:
    """Tell in which bin a confidence (0 to 1) lies."""
    return min(BINS - 1, max(0, int(confidence * BINS)))


def calibrate(judged: Sequence[tuple[float, bool]]) -> list[Bin]:
    """Learn how often answers are right, by how sure the model was."""
    right, known = [0.0] * BINS, [0.0] * BINS
    for confidence, was_right in judged:
        place = bin_of(confidence)
        known[place] += 1
        right[place] += was_right
    said = [(place + 0.5) / BINS for place in range(BINS)]
    weights = [known[place] + _PRIOR for place in range(BINS)]
    values = [(right[place] + _PRIOR * said[place]) / weights[place] for place in range(BINS)]
    risen = _rising(values, weights)
    return [Bin(value, weight) for value, weight in zip(risen, weights, strict=True)]


def estimate(bins: Sequence[Bin], counts: Mapping[int, int], z: float) -> Estimate:
    """Estimate the share of right answers where so many lay in each bin; `z` sets the interval."""
    n = sum(counts.values())
    if n == 0:
        return Estimate()
    shares = {place: count / n for place, count in counts.items()}
    value = sum(share * bins[place].right for place, share in shares.items())
    unsure = sum(
        (share * share) * _spread(bins[place]) / bins[place].known
        for place, share in shares.items()
    )
    unsure += sum(share * _spread(bins[place]) for place, share in shares.items()) / n
    reach = z * math.sqrt(unsure)
    return Estimate(value, max(0.0, value - reach), min(1.0, value + reach), n)


def _spread(found: Bin) -> float:
    return found.right * (1 - found.right)


def _rising(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Pool neighbours until none is less than the one before it."""
    pools: list[list[float]] = []
    for value, weight in zip(values, weights, strict=True):
        pools.append([value, weight, 1])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            last, former = pools.pop(), pools[-1]
            whole = former[1] + last[1]
            former[0] = (former[0] * former[1] + last[0] * last[1]) / whole
            former[1], former[2] = whole, former[2] + last[2]
    return [pool[0] for pool in pools for _ in range(int(pool[2]))]
