"""How likely each model is to answer a prompt well, and how far that guess may be trusted.

A predictor is made offline from outcomes. Here it is only read: for every model one sum over the
features of the prompt, and two sums that tell whether the prompt is like those it was made from.
"""

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, sqrt
from operator import mul
from typing import TypeAlias

from hone.gateway.quality.features import Features, read
from hone.gateway.quality.prompt import prompt

Numbers: TypeAlias = "array[float]"


@dataclass(frozen=True, slots=True)
class Head:
    """What speaks for one model, on the scale of log odds, calibrated."""

    bias: float
    words: Numbers = field(repr=False)
    """By slot; multiplies a prompt's weighted words, scaled to length one."""
    signals: Numbers = field(repr=False)
    embedding: Numbers = field(repr=False)
    """Empty where the head reads no embedding."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Below the first a prompt is like those that were learned from, beyond the second it is not."""

    usual: float
    strange: float

    def trust(self, value: float) -> float:
        """Return 1 for what is usual, 0 for what is strange, and something between."""
        if value <= self.usual:
            return 1.0
        return max((self.strange - value) / (self.strange - self.usual), 0.0)


@dataclass(frozen=True, slots=True)
class Familiar:
    """What the prompts looked like that were learned from."""

    words: Numbers = field(repr=False)
    """By slot: how much it tells that a word occurs, from how seldom it did (idf)."""
    form: Numbers = field(repr=False)
    """By signal's place: how surprising the value is (minus the log of its share)."""
    words_limits: Limits
    form_limits: Limits


@dataclass(frozen=True, slots=True)
class Prediction:
    """What is expected of each model for one prompt."""

    quality: dict[str, float]
    """Chance of a good answer; drawn to the prior as far as the prompt is strange."""
    trust: float
    """1: the prompt is like those that were learned from; 0: `quality` is the prior."""


@dataclass(frozen=True, slots=True)
class Predictor:
    """Predicts the quality of several models from one reading of a prompt."""

    models: tuple[str, ...]
    priors: tuple[float, ...]
    """Share of good answers among the outcomes, by model."""
    familiar: Familiar
    heads: tuple[Head, ...]
    embedded: tuple[Head, ...]
    """Used where an embedding is at hand; empty where none was learned from."""
    encoder: str
    """Whose embeddings `embedded` understands; empty for none."""
    card: Mapping[str, float]
    """Facts of its making and figures of prompts that were held out, by name."""

    def predict(self, seen: Features, embedding: Sequence[float] | None = None) -> Prediction:
        """Predict each model's chance of a good answer."""
        idf = list(map(self.familiar.words.__getitem__, seen.slots))
        trust = self.trust(seen, idf)
        if not trust:
            return Prediction(dict(zip(self.models, self.priors, strict=True)), 0.0)
        weights = list(map(mul, seen.counts, idf))
        scale = 1 / (sqrt(sum(map(mul, weights, weights))) or 1.0)
        heads = self.heads
        # An embedding of another encoder's size says nothing here.
        if embedding is not None and self.embedded:
            heads = self.embedded if len(embedding) == len(self.embedded[0].embedding) else heads
        quality: dict[str, float] = {}
        for model, prior, head in zip(self.models, self.priors, heads, strict=True):
            odds = head.bias + scale * sum(
                map(mul, weights, map(head.words.__getitem__, seen.slots))
            )
            odds += sum(map(head.signals.__getitem__, seen.signals))
            if embedding is not None and head.embedding:
                odds += sum(map(mul, head.embedding, embedding))
            quality[model] = prior + trust * (_chance(odds) - prior)
        return Prediction(quality, trust)

    def trust(self, seen: Features, idf: Sequence[float]) -> float:
        """Tell how far a prompt is like those that were learned from, by its words and form."""
        known = self.familiar
        form = sum(map(known.form.__getitem__, seen.signals)) / (len(seen.signals) or 1)
        words = sum(idf) / (len(idf) or 1)
        return min(known.form_limits.trust(form), known.words_limits.trust(words))


def predicts(predictor: Predictor) -> Callable[[bytes], Prediction]:
    """Return the function from a request's bytes to the quality of every model."""
    return lambda content: predictor.predict(read(prompt(content)))


def _chance(odds: float) -> float:
    if odds >= 0:
        return 1 / (1 + exp(-min(odds, 40.0)))
    return 1 - 1 / (1 + exp(max(odds, -40.0)))
