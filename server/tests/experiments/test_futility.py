"""When it is not worth going on: against figures of other programs, and what stopping costs."""

import random
from collections import Counter
from functools import partial
from math import exp, inf, sqrt
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.core import clock
from hone.experiments.statistics import Kind, Look, Method, Moments, Spending, chance_left, compare
from hone.experiments.statistics import conditional_power as power
from hone.experiments.statistics.beta_spending import Spend, design, lower, planned
from hone.experiments.statistics.futility import HARDLY
from hone.experiments.statistics.group_sequential import bounds, drift_needed, spent
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


def _hwang(total: float, gamma: float) -> Spend:
    """Hwang, Shih and DeCani's spending, by which gsDesign prints most of its examples."""
    return lambda time: total * (1 - exp(-gamma * time)) / (1 - exp(-gamma))


def _upper(times: tuple[float, ...], spend: Spend) -> tuple[float, ...]:
    """Turn lower bounds over: one-sided ones without a drift."""
    return tuple(-each for each in lower(times, [inf] * len(times), spend, 0.0))


def test_futility_bounds_are_those_that_gsdesign_prints() -> None:
    # Of five even looks, gsDesign's usual design: alpha 2.5 % on one side, power 90 %, futility not binding.
    limits = _upper(LOOKS, _hwang(0.025, -4))
    assert limits == pytest.approx((3.2527, 2.9860, 2.6917, 2.3737, 2.0253), abs=5.1e-5)
    told = design(LOOKS, limits, _hwang(0.1, -2))
    assert told.bounds == pytest.approx((-0.9016, -0.0367, 0.6945, 1.3603, 2.0253), abs=5.1e-5)
    # Against our own upper bounds, which are Lan and DeMets': an example of gsDesign2, at 85 %.
    times = (0.35, 0.7, 1.0)
    limits = bounds(times, 0.05)
    assert limits == pytest.approx((3.6128, 2.4406, 2.0002), abs=5.1e-5)
    told = design(times, limits, _hwang(0.15, -0.5))
    assert told.bounds == pytest.approx((0.1860, 1.2406, 2.0002), abs=5.1e-5)


def test_misses_are_spent_after_obrien_and_fleming_as_gsdesign_does() -> None:
    # The example of its `toInteger`: 31, 48 and 69 events, which are a little more than 90 % of power need.
    times = (31 / 69, 48 / 69, 1.0)
    limits = _upper(times, _hwang(0.025, -4))
    assert limits == pytest.approx((2.8273, 2.5197, 2.0035), abs=5.1e-5)
    spend = partial(spent, 0.1, spending=Spending.OBRIEN_FLEMING)
    assert [spend(each) for each in times[:2]] == pytest.approx([0.0141, 0.0486], abs=5.1e-5)
    # It prints no drift: the first bound tells it, and the second one must follow.
    drift = (0.0695 - NormalDist().inv_cdf(spend(times[0]))) / sqrt(times[0])
    assert drift > design(times, limits, spend).drift
    assert lower(times, limits, spend, drift)[1] == pytest.approx(1.1139, abs=1.5e-4)


def test_whoever_stops_below_the_bounds_misses_what_was_planned_and_no_more() -> None:
    told = planned(5, 0.05, 0.8)
    dice = random.Random(5)
    found, over = {0.0: 0, told.drift: 0}, {0.0: 0, told.drift: 0}
    for true in found:
        for _ in range(4000):
            at = before = 0.0
            for time, low, high in zip(LOOKS, told.bounds, told.limits, strict=True):
                at += dice.gauss(true * (time - before), sqrt(time - before))
                before, z = time, at / sqrt(time)
                if z >= high:
                    found[true] += 1
                    break
                if z < low and time < 1:
                    over[true] += 1
                    break
    assert found[told.drift] / 4000 == pytest.approx(0.8, abs=0.02)
    assert found[0.0] / 4000 <= 0.03, "one side of five per cent"
    assert over[0.0] / 4000 > 0.6, "where there is nothing, most end early"


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
    met = Counter[str]()

    def alike(user: str, arm: str) -> float:
        # Both arms have the same chances, whoever is in them: there is no difference, not even by luck.
        met[arm] += 1
        return habit(user) + chance(f"guest-{met[arm]}")

    await bench.land(path, some, alike)
    await bench.keep(clock.now())
    told = (await bench.get(f"{path}/results"))["verdict"]
    assert told["state"] == "futile", (planned, told)
    assert told["words"].startswith("It will hardly show a difference. Were there one of 10 %")
    assert told["recommendation"].startswith("Stop it and keep control")
    assert told["chanceLeft"] < HARDLY
