"""When it is not worth going on: against figures of other programs, and what stopping costs."""

import random
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.core import clock
from hone.experiments.statistics import Kind, Look, Method, Moments, Spending, chance_left, compare
from hone.experiments.statistics import conditional_power as power
from hone.experiments.statistics.futility import HARDLY
from hone.experiments.statistics.group_sequential import bounds, drift_needed
from tests.experiments.conftest import Bench
from tests.experiments.test_keeping import LATENCY, USERS, chance, habit

LOOKS = tuple(each / 5 for each in range(1, 6))


@pytest.mark.parametrize(
    ("looks", "at", "printed"), [(2, 0, 0.999147769623912), (3, 1, 0.969550518393642)]
)
def test_it_is_the_conditional_power_of_other_programs(looks: int, at: int, printed: float) -> None:
    """At O'Brien and Fleming's bound by what was seen: figures of East 6.5, by which gsDesign is validated."""
    times = tuple(each / looks for each in range(1, looks + 1))
    limits = bounds(times, 0.05)
    z, time = limits[at], times[at]
    # Both programs ask for no more than 1e-4 of each other.
    assert power(z, time, limits[-1], z / sqrt(time)) == pytest.approx(printed, abs=1e-4)


@given(st.floats(-4, 4), st.floats(0.05, 0.95), st.floats(0, 4))
def test_more_of_an_effect_and_more_of_what_was_seen_leave_more_chance(
    z: float, time: float, drift: float
) -> None:
    told = power(z, time, 2.0, drift)
    assert 0 <= told <= 1
    assert power(z + 0.1, time, 2.0, drift) >= told
    assert power(z, time, 2.0, drift + 0.1) >= told


def test_stopping_misses_little_and_finds_nothing_that_is_not_there() -> None:
    limits = bounds(LOOKS, 0.05)
    drift = drift_needed(5, 0.05, 0.8, Spending.OBRIEN_FLEMING)
    dice = random.Random(3)
    ends = {0.0: [0, 0, 0], drift: [0, 0, 0]}
    for true, counted in ends.items():
        for _ in range(4000):
            at, before, stopped, found = 0.0, 0.0, False, False
            for time, limit in zip(LOOKS, limits, strict=True):
                at += dice.gauss(true * (time - before), sqrt(time - before))
                before, z = time, at / sqrt(time)
                if abs(z) >= limit:
                    found = True
                    break
                left = max(power(each, time, limits[-1], drift) for each in (z, -z))
                stopped |= time < 1 and left < HARDLY
            counted[0] += found
            counted[1] += found and not stopped
            counted[2] += stopped and not found
    wrong, kept, early = (each / 4000 for each in ends[0.0])
    whole, some, _ = (each / 4000 for each in ends[drift])
    assert kept <= wrong <= 0.06
    # Without an effect most end early; with one, misses grow by a ninth at most.
    assert early > 0.5
    assert 1 - some <= (1 - whole) / (1 - HARDLY) + 0.01


@pytest.mark.parametrize("method", list(Method))
def test_no_difference_leaves_hardly_a_chance_late_and_a_good_one_early(method: Method) -> None:
    def left(n: int, difference: float) -> float:
        arm, other = Moments(n, 0, n), Moments(n, difference * n, n * (1 + difference**2))
        look = Look(3200, (2 * n,))
        effect = compare(arm, other, kind=Kind.MEAN, method=method, look=look)
        found = chance_left(effect, 0.1, look)
        assert found is not None
        return found

    assert left(400, 0.0) > left(1200, 0.0)
    assert left(1400, 0.0) < HARDLY < left(200, 0.05)
    assert left(1400, 0.15) > 0.5


def test_nothing_is_told_of_few_or_at_the_end() -> None:
    few, many = Moments(50, 0, 50), Moments(2000, 0, 2000)
    look = Look(4000)
    assert chance_left(compare(few, few, look=look), 0.1, look) is None
    assert chance_left(compare(many, many, look=look), 0.1, look) is None


async def test_an_experiment_that_will_hardly_show_a_difference_says_so(bench: Bench) -> None:
    await bench.before(USERS, habit)
    path = await bench.started(metrics=LATENCY, minimumEffect=0.1, method="sequential")
    planned = (await bench.get(path))["plan"]["unitsPerArm"]
    assert planned is not None
    some = [f"guest-{number}" for number in range(int(1.84 * planned))]
    await bench.land(path, some, lambda user, arm: habit(user) + chance(user))
    await bench.keep(clock.now())
    told = (await bench.get(f"{path}/results"))["verdict"]
    assert told["state"] == "futile", (planned, told)
    assert told["words"].startswith("It will hardly show a difference. Were there one of 10 %")
    assert told["recommendation"].startswith("Stop it and keep control")
    assert told["chanceLeft"] < HARDLY
