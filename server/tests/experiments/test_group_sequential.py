"""Bounds of planned looks, against the tables of the literature."""

from math import inf, sqrt

import pytest

from hone.experiments import statistics
from hone.experiments.statistics import group_sequential

FIFTHS = (0.2, 0.4, 0.6, 0.8, 1.0)
Spending = statistics.Spending


@pytest.mark.parametrize(
    ("spending", "published"),
    [
        (Spending.OBRIEN_FLEMING, (4.8769, 3.3569, 2.6803, 2.2898, 2.0310)),
        (Spending.POCOCK, (2.4380, 2.4268, 2.4101, 2.3966, 2.3859)),
    ],
)
def test_five_even_looks_have_the_bounds_of_lan_and_demets(
    spending: Spending, published: tuple[float, ...]
) -> None:
    # Printed by the program of Reboussin, DeMets, Kim and Lan (1992), whose grid is coarser.
    assert group_sequential.bounds(FIFTHS, 0.05, spending) == pytest.approx(published, abs=2e-4)


def test_the_constants_of_pocock_and_of_obrien_and_fleming_spend_five_per_cent() -> None:
    # Jennison and Turnbull, Group Sequential Methods, tables 2.1 and 2.3.
    assert 2 * group_sequential.crossing(FIFTHS, [2.413] * 5) == pytest.approx(0.05, abs=1e-4)
    falling = [2.040 * sqrt(5 / k) for k in range(1, 6)]
    assert 2 * group_sequential.crossing(FIFTHS, falling) == pytest.approx(0.05, abs=1e-4)


def test_a_look_after_the_end_or_right_after_another_decides_nothing() -> None:
    found = group_sequential.bounds((0.5, 0.502, 1.0, 1.2), 0.05)
    assert found[1] == inf
    assert found[3] == inf
    assert found[2] < 2.1


def test_a_p_value_falls_with_the_distance_and_meets_alpha_at_the_bound() -> None:
    times = (0.11, 0.24, 0.3, 0.55)
    zs = [each / 10 for each in range(90)]
    found = [group_sequential.p_value(z, times, 0.05) for z in zs]
    assert found == sorted(found, reverse=True)
    assert found[0] == 1
    bound = group_sequential.bounds(times, 0.05)[-1]
    assert group_sequential.p_value(-bound, times, 0.05) == pytest.approx(0.05, abs=1e-8)
    # At the first look of all, the level that is crossed is known: spent there, on both sides.
    first = group_sequential.p_value(3.0, (0.5,), 0.05)
    level = 2 * group_sequential.spent(first / 2, 0.5, Spending.OBRIEN_FLEMING)
    assert level == pytest.approx(0.0027, rel=0.02)
