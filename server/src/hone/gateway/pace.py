"""How busy and how fast one target is, as seen by this process.

The peak is the peak-sensitive moving average of Finagle's balancer (twitter/finagle, commit
1e8497eaf8ff, `PeakEwma.scala`): it jumps to a slow answer at once and comes back only slowly. It
fades while nothing is asked, so that a slow target is tried again.
"""

from dataclasses import dataclass, field
from math import exp
from typing import Final

FADES: Final = 30.0
"""Seconds in which a peak falls to 1/e. Finagle takes 10; a model answers in seconds, not in
milliseconds, and would be forgotten between two answers."""
STALE: Final = 300.0
"""Seconds after which a mean says nothing any more."""
_NEWEST: Final = 0.1
"""What the newest answer counts for in a mean."""


@dataclass(slots=True)
class Latency:
    """How long something takes, in seconds."""

    peak: float = 0.0
    mean: float = 0.0
    stamp: float = 0.0
    """When it was last seen; 0 before."""

    def observe(self, seconds: float, now: float) -> None:
        """Take in what an answer took."""
        kept = exp(min(self.stamp - now, 0.0) / FADES)
        faded = self.peak * kept
        self.peak = seconds if seconds > faded else faded + seconds * (1.0 - kept)
        self.mean = self.mean + _NEWEST * (seconds - self.mean) if self.stamp else seconds
        self.stamp = now

    def suffer(self, seconds: float, now: float) -> None:
        """Take in how long was waited for nothing: a quick failure is no quick answer."""
        if seconds > self.peak_at(now):
            self.observe(seconds, now)

    def peak_at(self, now: float) -> float:
        """Return the faded peak; 0 where nothing was ever seen."""
        return self.peak * exp(min(self.stamp - now, 0.0) / FADES)

    def mean_at(self, now: float) -> float | None:
        """Return the mean, unless it is too old to say anything."""
        return self.mean if self.stamp and now - self.stamp <= STALE else None


@dataclass(slots=True)
class Pace:
    """What this process sees of one target's load and speed."""

    calls: int = 0
    """In flight."""
    first: Latency = field(default_factory=Latency)
    """To the first token of a stream."""
    total: Latency = field(default_factory=Latency)
    output: float = 0.0
    """Tokens of a usual answer; 0 before the first."""
    failures: float = 0.0
    """The part of the calls that were not answered, refusals among them."""
    ended: float = 0.0
    """When a call last was answered or was not."""

    def begin(self) -> None:
        """Note that a call leaves."""
        self.calls += 1

    def failing_at(self, now: float) -> float:
        """Return the part of the calls that fail, unless that is too old to say anything."""
        return self.failures if now - self.ended <= STALE else 0.0

    def end(
        self,
        now: float,
        seconds: float,
        first: float | None,
        *,
        answered: bool | None,
        output_tokens: int,
    ) -> None:
        """Note how long a call took, to its first token and altogether; None: it was given up."""
        self.calls -= 1
        if answered is not None:
            failures = self.failing_at(now)
            self.failures = failures + _NEWEST * ((not answered) - failures)
            self.ended = now
        if not answered:
            self.total.suffer(seconds, now)
            self.first.suffer(seconds if first is None else first, now)
            return
        self.total.observe(seconds, now)
        if first is not None:
            self.first.observe(first, now)
        if output_tokens:
            newest = _NEWEST if self.output else 1.0
            self.output += newest * (output_tokens - self.output)
