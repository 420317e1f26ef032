"""What is expected of each target for one call: learned from outcomes, else what the operator says.

A prompt is read once, for all targets. Where it is unlike everything that was learned from, the
number that the operator gave to a model takes the place of the prediction, as far as it is unlike;
where they gave none, the share of good answers among all outcomes does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hone.gateway import quality
from hone.gateway.demand import Demand
from hone.gateway.policies.intelligent import Quality
from hone.gateway.snapshot import Learned
from hone.llm.types import Target


@dataclass(frozen=True, slots=True)
class Expectation:
    """How good each target's answer is expected to be, and how far that was learned."""

    qualities: Sequence[float]
    model: Learned | None = None
    """The routing model that was asked."""
    trust: float | None = None
    """From 1, the prompt is like those that were learned from, to 0; None: nothing was asked."""


def expect(
    learned: Learned | None, demand: Demand, targets: Sequence[Target], said: Quality
) -> Expectation:
    """Predict the quality of each target's answer to a call."""
    told = said(demand, targets)
    if learned is None or not demand.content:
        return Expectation(told)
    predictor = learned.predictor
    found = predictor.predict(quality.read(quality.prompt(demand.content)))
    priors = dict(zip(predictor.models, predictor.priors, strict=True))
    qualities: list[float] = []
    for target, number in zip(targets, told, strict=True):
        name = target.model_id.hex
        predicted = found.quality.get(name)
        if predicted is None:
            predicted = number
        elif target.profile.quality is not None:
            predicted += (1 - found.trust) * (number - priors[name])
        qualities.append(min(max(predicted, 0.0), 1.0))
    return Expectation(qualities, learned, found.trust)
