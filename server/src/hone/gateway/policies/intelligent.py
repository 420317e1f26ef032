"""`intelligent`: of the targets that can take a call, the one with the best score.

The score joins quality, cost and speed with the operator's weights. Quality is a number for each
target that is passed in (`Quality`); cost is what the call would cost at each target; speed is how
long answers took lately. Each lies between 0 and 1, 1 being best. What a target lately did not
answer has neither quality nor speed.
"""

from collections.abc import Callable, Sequence

from hone.gateway.demand import Demand
from hone.gateway.policies import smooth
from hone.gateway.policies.candidates import Candidate, Choice
from hone.gateway.snapshot import Factors
from hone.llm.types import Target

Quality = Callable[[Demand, Sequence[Target]], Sequence[float]]
"""Predicts how good each target's answer to a call would be, 0 to 1.

It is called on the hot path: it may read the request and what it holds in memory, and nothing else.
"""

UNSAID = 0.5
"""The quality of a model of which the operator says none."""
USUAL_OUTPUT = 256
"""Tokens of an answer while no target has answered."""


def prior(demand: Demand, targets: Sequence[Target]) -> list[float]:
    """Return the quality that the operator gave to each model, whatever is asked."""
    found = [each.profile.quality for each in targets]
    return [UNSAID if each is None else each for each in found]


def costs(candidates: Sequence[Candidate], demand: Demand) -> list[float]:
    """Estimate in pico-dollars what a call would cost at each candidate."""
    seen = [each.breaker.pace.output for each in candidates]
    known = [each for each in seen if each]
    usual = sum(known) / len(known) if known else USUAL_OUTPUT
    found: list[float] = []
    for each, output in zip(candidates, seen, strict=True):
        price, tokens = each.target.price, output or usual
        if demand.output_tokens is not None:
            tokens = min(tokens, demand.output_tokens)
        cost = 0.0 if price is None else price.input * demand.input_tokens + price.output * tokens
        found.append(cost)
    return found


def waits(candidates: Sequence[Candidate], demand: Demand, now: float) -> list[float]:
    """Tell how long each candidate makes a client wait; of whom nothing is known, as the others."""
    found = [
        (each.breaker.pace.first if demand.stream else each.breaker.pace.total).mean_at(now)
        for each in candidates
    ]
    known = [each for each in found if each is not None]
    usual = sum(known) / len(known) if known else 0.0
    return [usual if each is None else each for each in found]


def answering(candidates: Sequence[Candidate], now: float) -> list[float]:
    """Tell which part of its calls each candidate answered lately."""
    return [1.0 - each.breaker.pace.failing_at(now) for each in candidates]


def scores(
    qualities: Sequence[float],
    costs: Sequence[float],
    waits: Sequence[float],
    answering: Sequence[float],
    factors: Factors,
) -> list[float]:
    """Join quality, cost and speed; cost and wait count in proportion to the largest."""
    total = factors.quality + factors.cost + factors.performance
    dearest, longest = max(costs) or 1.0, max(waits) or 1.0
    quality, cost, speed = (
        factors.quality / total,
        factors.cost / total,
        factors.performance / total,
    )
    return [
        (quality * good + speed * (1 - waited / longest)) * sure + cost * (1 - paid / dearest)
        for good, paid, waited, sure in zip(qualities, costs, waits, answering, strict=True)
    ]


def choose(
    candidates: Sequence[Candidate],
    demand: Demand,
    now: float,
    factors: Factors,
    qualities: Sequence[float],
) -> Choice:
    """Choose the best score; what is equal takes turns."""
    found = scores(
        qualities,
        costs(candidates, demand),
        waits(candidates, demand, now),
        answering(candidates, now),
        factors,
    )
    best = max(found)
    equal = [index for index, score in enumerate(found) if score == best]
    first, among, chances = smooth.tie(candidates, equal)
    others = sorted((i for i in range(len(found)) if i != first), key=lambda i: -found[i])
    return Choice(first, among, [first, *others], chances, found)
