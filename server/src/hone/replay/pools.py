"""What is known of a model: how often it failed lately, and how long its answers took.

The time of an answer is a line through what was seen (seconds by tokens written) times a factor that is
drawn from how far the model's own answers lay from that line.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from hone.replay.history import Try

FEW: Final = 5
"""With fewer answers of the same kind (streamed or not) those of the other kind count too."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """How an attempt would have gone; a time that nobody can know is None."""

    seconds: float | None
    first: float | None
    failed: Try | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers of one kind, in the order of how slow they were for their length."""

    fixed: float = 0.0
    each: float = 0.0
    """Seconds for each token written."""
    factors: tuple[tuple[float, float | None], ...] = ()
    """How slow for its length, with the time to the first token."""

    def at(self, quantile: float, tokens: int) -> tuple[float, float | None]:
        """Return the time of an answer of some length, and to its first token."""
        factor, first = self.factors[int(quantile * len(self.factors))]
        seconds = factor * (self.fixed + self.each * tokens)
        return seconds, None if first is None else min(first, seconds)

    def again(self, luck: Random) -> "Answers":
        """Draw as many anew, as if others of their like had been seen."""
        size = len(self.factors)
        return Answers(
            self.fixed, self.each, tuple(sorted(luck.choices(self.factors, k=size), key=_slow))
        )


def _slow(factor: tuple[float, float | None]) -> float:
    return factor[0]


def fit(seen: Sequence[Try]) -> Answers:
    """Lay a line through answers: least squares, with neither part below 0."""
    if not seen:
        return Answers()
    count = len(seen)
    mean_tokens = sum(each.usage.output_tokens for each in seen) / count
    mean_seconds = sum(each.seconds for each in seen) / count
    spread = sum((each.usage.output_tokens - mean_tokens) ** 2 for each in seen)
    slope = (
        sum((each.usage.output_tokens - mean_tokens) * each.seconds for each in seen) / spread
        if spread
        else 0.0
    )
    fixed, slope = mean_seconds - slope * mean_tokens, max(slope, 0.0)
    if not slope:
        fixed = mean_seconds
    elif fixed < 0:
        fixed, slope = 0.0, mean_seconds / mean_tokens
    line = Answers(fixed, slope)
    factors = [
        (each.seconds / expected if (expected := _expected(line, each)) else 1.0, each.first)
        for each in seen
    ]
    return Answers(fixed, slope, tuple(sorted(factors, key=_slow)))


def _expected(line: Answers, seen: Try) -> float:
    return line.fixed + line.each * seen.usage.output_tokens


@dataclass(frozen=True, slots=True)
class Pool:
    """What was seen of one model lately."""

    streamed: Answers = field(default_factory=Answers)
    whole: Answers = field(default_factory=Answers)
    failures: tuple[Try, ...] = ()
    answers: int = 0
    rate: float = 0.0
    """The part of the attempts that failed."""

    @property
    def attempts(self) -> int:
        """How many attempts it rests on."""
        return self.answers + len(self.failures)

    def draw(self, fails: float, quantile: float, tokens: int, *, stream: bool) -> Drawn:
        """Say how an attempt goes, by two numbers between 0 and 1."""
        if fails < self.rate:
            return Drawn(None, None, self.failures[int(fails / self.rate * len(self.failures))])
        seconds, first = None, None
        kind = self._kind(stream=stream)
        if kind.factors:
            seconds, first = kind.at(quantile, tokens)
        return Drawn(seconds, first if stream else None)

    def again(self, luck: Random) -> "Pool":
        """Draw a pool as it might as well have been seen, had chance had it otherwise."""
        failures, answers = len(self.failures), self.answers
        rate = luck.betavariate(failures + 0.5, answers + 0.5) if failures else 0.0
        return Pool(self.streamed.again(luck), self.whole.again(luck), self.failures, answers, rate)

    def _kind(self, *, stream: bool) -> Answers:
        own, other = (self.streamed, self.whole) if stream else (self.whole, self.streamed)
        return own if len(own.factors) >= min(FEW, len(other.factors)) else other


def pool(tries: Sequence[Try]) -> Pool:
    """Gather the attempts at one model; those that the request itself made fail are left out before."""
    answers = [each for each in tries if each.error is None]
    failures = sorted((each for each in tries if each.error), key=lambda each: each.seconds)
    return Pool(
        fit([each for each in answers if each.first is not None]),
        fit([each for each in answers if each.first is None]),
        tuple(failures),
        len(answers),
        len(failures) / len(tries) if tries else 0.0,
    )
