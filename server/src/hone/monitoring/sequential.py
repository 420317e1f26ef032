"""Evidence that grows as counts come, and that may be looked at at any time: pure.

Looking at a share every few seconds and crying when an interval leaves a bound cries wolf: each look is
another chance to be wrong. Instead the counts of each minute are bets against "no more than this share
is bad". A bet on a worse share p1 multiplies its wealth by (p1/p0)^bad · ((1-p1)/(1-p0))^good, which on
average never grows while the share is at most p0. Wealth that fell below 1 begins anew at 1, so that
what changes late is seen as soon as what changes early; that is the e-CUSUM of Shin, Ramdas and Rinaldo
("E-detectors", arXiv 2203.03532). A mean of bets on several
shares needs no guess of how bad it becomes. Wealth reaches c while nothing is wrong once in c steps on
average, at most: with `ONCE_A_YEAR` a minute that is wrong comes once in a year.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

ONCE_A_YEAR: Final = math.log(365 * 24 * 60)
"""The logarithm of the wealth at which something is said."""
_WORSE: Final = (0.01, 0.03, 0.1, 0.3, 0.6, 0.9, 0.99)
"""How far of the way from the bound to 1 the shares lie that are bet on."""
_LEAST: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Evidence:
    """What some minutes show against a bound."""

    log: float
    """The logarithm of the wealth now; 0 and less is none."""
    began: int
    """The step at which what it saw began."""

    @property
    def enough(self) -> bool:
        """Tell whether it is time to say something."""
        return self.log >= ONCE_A_YEAR


def against(steps: Iterable[tuple[int, int]], bound: float) -> Evidence:
    """Weigh counts of (all, bad), oldest first, against "at most a share `bound` (0 to 1) is bad"."""
    p0 = min(max(bound, _LEAST), 1 - _LEAST)
    bets = [p0 + (1 - p0) * each for each in _WORSE]
    wealth, begun = [0.0] * len(bets), [0] * len(bets)
    for at, (n, bad) in enumerate(steps):
        if n <= 0:
            continue
        for which, p1 in enumerate(bets):
            if wealth[which] <= 0.0:
                wealth[which], begun[which] = 0.0, at
            gain = bad * math.log(p1 / p0) + (n - bad) * math.log((1 - p1) / (1 - p0))
            wealth[which] += gain
    best = max(range(len(bets)), key=wealth.__getitem__)
    return Evidence(_log_mean(wealth), begun[best])


def _log_mean(logs: Sequence[float]) -> float:
    top = max(logs)
    return top + math.log(sum(math.exp(each - top) for each in logs) / len(logs))


def discoveries(logs: Sequence[float], least: float = ONCE_A_YEAR) -> list[bool]:
    """Tell which of several slices have something to say, so that many slices do not mean many alarms.

    The e-BH procedure (Wang and Ramdas, JRSS B 2022): the k slices with the most evidence count where
    the weakest of them has at least (number of slices / k) times what one alone would need. It holds
    however the slices depend on each other.
    """
    order = sorted(range(len(logs)), key=lambda each: -logs[each])
    most = 0
    for place, which in enumerate(order, 1):
        if logs[which] >= least + math.log(len(logs) / place):
            most = place
    chosen = set(order[:most])
    return [each in chosen for each in range(len(logs))]
