"""Many comparisons at once: some look good by chance alone."""

from collections.abc import Sequence


def false_discovery(ps: Sequence[float], q: float = 0.05) -> list[bool]:
    """Return which to believe, so that at most a part q of those believed is chance.

    Benjamini and Hochberg, Controlling the false discovery rate, Journal of the Royal Statistical
    Society B 57, 1995.
    """
    return [each <= q for each in discovery_p(ps)]


def discovery_p(ps: Sequence[float]) -> list[float]:
    """Adjust p-values after Benjamini and Hochberg: each is the least q at which it is believed."""
    order = sorted(range(len(ps)), key=ps.__getitem__, reverse=True)
    made, least = [1.0] * len(ps), 1.0
    for place, index in enumerate(order):
        least = min(least, ps[index] * len(ps) / (len(ps) - place))
        made[index] = least
    return made


def shared(alpha: float, treatments: int) -> float:
    """Return each treatment's part of alpha where several are held against one control (Bonferroni)."""
    return alpha / max(1, treatments)
