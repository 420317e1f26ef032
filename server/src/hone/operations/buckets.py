"""Counts by duration: how percentiles come out of sums that can be added up.

A duration is counted in one of 68 buckets whose bounds grow by 11/9, from 1 ms to ten minutes. A
percentile is told as the harmonic mean of its bucket's bounds, so that it is at most 10 % off,
whatever lies in the bucket (DDSketch with alpha = 0.1: Masson, Rim, Lee; VLDB 2019). Interpolating
would look smoother and be up to 22 % off.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import zip_longest

ACCURACY = 0.1
_GROWTH = (1 + ACCURACY) / (1 - ACCURACY)
_LONGEST_MS = 600_000.0


def _bounds() -> tuple[float, ...]:
    bounds = [1.0]
    while bounds[-1] < _LONGEST_MS:
        bounds.append(min(bounds[-1] * _GROWTH, _LONGEST_MS))
    return tuple(bounds)


BOUNDS = _bounds()
"""Where one bucket ends and the next begins, in milliseconds; the last bucket has no end."""
SIZE = len(BOUNDS) + 1


def index(duration_ms: float) -> int:
    """Tell in which bucket a duration is counted."""
    return bisect_right(BOUNDS, duration_ms)


def count(durations_ms: Iterable[float]) -> list[int]:
    """Count durations by bucket; buckets after the last one in use are left out."""
    counts: list[int] = []
    for duration_ms in durations_ms:
        increment(counts, index(duration_ms))
    return counts


def increment(counts: list[int], at: int) -> None:
    """Count one more in a bucket, in place."""
    if at >= len(counts):
        counts.extend([0] * (at + 1 - len(counts)))
    counts[at] += 1


def add(left: Sequence[int], right: Sequence[int]) -> list[int]:
    """Add counts up; either may leave buckets out at its end."""
    return [one + other for one, other in zip_longest(left, right, fillvalue=0)]


def percentile(counts: Sequence[int], q: float) -> float | None:
    """Tell the duration in milliseconds that a share `q` (0 to 1) of all does not exceed."""
    total = sum(counts)
    if total == 0:
        return None
    rank = max(q * total, 1)
    seen = 0
    for at, each in enumerate(counts):
        seen += each
        # q · total may come out a hair above a whole number.
        if seen >= rank - 1e-9 * total:
            return _middle(at)
    return _middle(len(counts) - 1)


def _middle(at: int) -> float:
    if at == 0:
        return BOUNDS[0] / 2
    if at >= len(BOUNDS):
        return BOUNDS[-1]
    low, high = BOUNDS[at - 1], BOUNDS[at]
    return 2 * low * high / (low + high)
