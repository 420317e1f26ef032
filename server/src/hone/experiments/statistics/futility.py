"""Whether it is worth going on: the chance that the planned end still shows the effect one looks for, were it there.

Conditional power (Lan and Wittes, The B-value: a tool for monitoring data, Biometrics 44, 1988; Jennison and Turnbull,
Group Sequential Methods, 2000, chapter 10). Stopping for it makes no false alarm, since nothing is found by
stopping: whoever goes on in spite of it may. What it costs is bounded: where one stops below `HARDLY`, an effect that is
there is missed at most 1 / (1 - `HARDLY`) times as often as without (Lan, Simon and Halperin, Stochastically
curtailed tests in long-term clinical trials, Sequential Analysis 1, 1982).
"""

from math import inf, sqrt
from typing import Final

from hone.experiments.statistics import always_valid, group_sequential
from hone.experiments.statistics.comparing import Effect, Look, Method
from hone.experiments.statistics.distributions import normal_above, normal_critical

HARDLY: Final = 0.1
"""Below this chance it is told to stop: misses grow by a ninth at most."""


def conditional_power(z: float, time: float, bound: float, drift: float) -> float:
    """Return the chance that z is above a bound at time 1, given what it is at a time before.

    `drift` is the z that is expected at time 1, where the effect is what one assumes.
    """
    left = 1 - time
    if left <= 0:
        return float(z >= bound)
    return normal_above((bound - z * sqrt(time) - drift * left) / sqrt(left))


def chance_left(effect: Effect, wanted: float, look: Look, looks: int = 10) -> float | None:
    """Return the chance that the planned end shows a difference, were there one of the size that is wanted.

    In either direction, the better one. None where there is too little to tell it by, or the end is there.
    """
    n = effect.control_n + effect.treatment_n
    least = min(effect.control_n, effect.treatment_n)
    if least < always_valid.FEWEST or n >= look.planned or not effect.standard_error:
        return None
    time = n / look.planned
    drift = abs(wanted) / (effect.standard_error * sqrt(time))
    z = effect.difference / effect.standard_error
    bound = _last(effect, look, looks)
    return max(conditional_power(each, time, bound, drift) for each in (z, -z))


def _last(effect: Effect, look: Look, looks: int) -> float:
    """Return how many standard errors a difference must have at the planned end."""
    if effect.method is Method.FIXED:
        return normal_critical(effect.alpha / 2)
    if effect.method is Method.ALWAYS_VALID:
        return always_valid.two_sided(look.planned, look.planned, effect.alpha)
    seen = look.times(effect.control_n + effect.treatment_n)
    coming = (each / looks for each in range(1, looks + 1))
    times = (*seen, *(each for each in coming if each > seen[-1]))
    found = group_sequential.bounds(times, effect.alpha, look.spending)[-1]
    return normal_critical(effect.alpha / 2) if found == inf else found
