"""The figures of other programs (gbstats, statsmodels, scipy, ssrm-test) are ours too.

`reference/generate.py` asked them and wrote reference.json; where the formula is the same, so are
the figures to 1e-6.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from hone.experiments import statistics
from hone.experiments.statistics import (
    always_valid,
    comparing,
    distributions,
    group_sequential,
    multiple,
    ratios,
)
from hone.experiments.statistics.comparing import Look
from hone.experiments.statistics.moments import Estimate, Kind, Moments

REFERENCE: dict[str, Any] = json.loads(
    Path(__file__).with_name("reference").joinpath("reference.json").read_text("utf-8")
)


def close(value: object) -> object:
    return pytest.approx(value, rel=1e-6, abs=1e-12)


def both(row: dict[str, Sequence[float]]) -> tuple[Moments, Moments]:
    return tuple(Moments(int(n), *rest) for n, *rest in (row["control"], row["treatment"]))  # pyright: ignore[reportReturnType]


def test_tails_are_those_of_scipy() -> None:
    told = REFERENCE["distributions"]
    for t, freedom, above in told["student"]:
        assert distributions.student_above(t, freedom) == close(above)
    for above, freedom, t in told["quantile"]:
        assert distributions.student_critical(above, freedom) == close(t)
    for value, freedom, above in told["chi_square"]:
        assert distributions.chi_square_above(value, freedom) == close(above)
    for a, b, x, part in told["beta"]:
        assert distributions.incomplete_beta(a, b, x) == close(part)


@pytest.mark.parametrize("place", range(4))
def test_means_at_a_fixed_end_are_those_of_gbstats(place: int) -> None:
    row = REFERENCE["means"][place]
    found = statistics.compare(*both(row), kind="mean", method="fixed")
    assert [found.difference, found.low, found.high] == close(row["fixed"][:3])
    # theirs is 1 less a cumulative chance, and ends at 1e-16
    assert found.p == pytest.approx(row["fixed"][3], rel=1e-6, abs=1e-14)


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("planned", [1000, 5000])
def test_means_at_any_time_are_those_of_gbstats(place: int, planned: int) -> None:
    row = REFERENCE["means"][place]
    found = statistics.compare(
        *both(row), kind="mean", method="always_valid", look=Look(planned=planned)
    )
    told = row["always_valid"][str(planned)]
    assert [found.difference, found.low, found.high, found.p] == close(told)


@pytest.mark.parametrize("place", range(2))
def test_ratios_are_those_of_gbstats(place: int) -> None:
    row = REFERENCE["ratios"][place]
    found = statistics.compare(*both(row), kind="ratio", method="fixed")
    assert [found.difference, found.low, found.high] == close(row["fixed"][:3])
    assert found.p == pytest.approx(row["fixed"][3], rel=1e-6, abs=1e-14)


@pytest.mark.parametrize("place", range(4))
def test_proportions_are_those_of_statsmodels(place: int) -> None:
    won, n, wins, m, low, high = REFERENCE["proportions"][place]
    found = statistics.compare(
        Moments(n, won, won), Moments(m, wins, wins), kind="proportion", method="fixed"
    )
    assert found.difference == close(wins / m - won / n)
    assert [found.low, found.high] == close([max(-1, low), min(1, high)])


@pytest.mark.parametrize("place", range(2))
def test_cuped_is_the_regression_of_statsmodels(place: int) -> None:
    row = REFERENCE["cuped"][place]
    found = statistics.compare(*both(row), kind="mean", method="fixed")
    assert found.cuped.used
    assert [found.difference, found.cuped.theta] == close([row["difference"], row["theta"]])
    # The regression's error also counts that its slope is an estimate: a matter of 1 / n.
    assert found.standard_error == pytest.approx(row["error"], rel=0.01)
    kept = (found.standard_error / row["plain_error"]) ** 2
    assert found.cuped.variance_reduction == close(1 - kept)


def test_relative_intervals_are_where_the_test_is_just_passed() -> None:
    for one, spread, other, wide, low, high in REFERENCE["fieller"]:
        found = comparing.fieller(Estimate(one, spread, 100), Estimate(other, wide, 100), 1.96)
        assert found is not None
        assert [found.low, found.high] == close([low, high])


@pytest.mark.parametrize("place", range(5))
def test_bounds_and_power_of_looks_are_those_of_another_integration(place: int) -> None:
    row = REFERENCE["group_sequential"][place]
    times = tuple(row["times"])
    spending = statistics.Spending(row["spending"])
    found = group_sequential.bounds(times, row["alpha"], spending)
    assert found == close(row["bounds"])
    for drift, power in row["power"].items():
        assert group_sequential.crossing(times, found, float(drift)) == close(power)


def test_units_needed_are_those_of_statsmodels() -> None:
    for size, alpha, power, ratio, n in REFERENCE["power"]["mean"]:
        found = statistics.units_needed(
            statistics.Baseline(3.0, 4.0),
            2 * size,
            alpha=alpha,
            power=power,
            method="fixed",
            ratio=ratio,
        )
        assert 0 <= found - n < 1
    for control, gain, alpha, power, n in REFERENCE["power"]["proportion"]:
        found = statistics.units_needed(
            statistics.Baseline.proportion(control),
            gain,
            alpha=alpha,
            power=power,
            kind="proportion",
            method="fixed",
        )
        assert 0 <= found - n < 1


@pytest.mark.parametrize("place", range(4))
def test_sample_ratios_are_those_of_the_ssrm_test(place: int) -> None:
    counts, shares, evidence, chi, p = REFERENCE["sample_ratios"][place]
    pairs = list(zip(counts, shares, strict=True))
    assert ratios.evidence(pairs, 10_000.0) == pytest.approx(evidence, abs=1e-6)
    found = statistics.sample_ratio(counts, shares)
    assert [found.chi_square, found.chi_square_p] == close([chi, p])


@pytest.mark.parametrize("place", range(2))
def test_discoveries_are_those_of_statsmodels(place: int) -> None:
    ps, adjusted, kept = REFERENCE["discoveries"][place]
    assert multiple.discovery_p(ps) == close(adjusted)
    assert statistics.false_discovery(ps) == kept


def test_chances_to_be_best_are_the_integral() -> None:
    for means, errors, chances in REFERENCE["best"]:
        arms = [Estimate(mean, error**2, 100) for mean, error in zip(means, errors, strict=True)]
        assert statistics.best_chances(arms) == pytest.approx(chances, abs=2e-3)


def test_the_sequence_is_narrowest_where_it_was_planned() -> None:
    # In standard errors times sqrt(1 / n), among tunings, at n = 4,000.
    reaches = {each: always_valid.two_sided(4000, each, 0.05) for each in (500, 4000, 40_000)}
    assert min(reaches, key=reaches.__getitem__) == 4000
    assert statistics.estimate(Moments(0, 0, 0), Kind.MEAN) is None
