"""What must hold of every comparison, guardrail, ratio and share, whatever the sums are."""

import random
from dataclasses import replace
from math import comb, exp, inf
from pathlib import Path
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hone.experiments import statistics
from hone.experiments.statistics import always_valid, guardrails, ratios
from hone.experiments.statistics.moments import Moments

ROOT = Path(__file__).parents[3]
counts = st.integers(150, 20_000)
shares = st.floats(0.01, 0.99)
methods = st.sampled_from(statistics.Method)
times = st.sampled_from([(1000,), (4000, 9000), (2000, 4000, 6000, 8000, 10_000)])


def of_share(n: int, share: float) -> Moments:
    won = round(n * share)
    return Moments(n, won, won)


def drawn(values: list[float], before: list[float] | None = None) -> Moments:
    before = before or [0.0] * len(values)
    pairs = list(zip(values, before, strict=True))
    return Moments(
        len(values),
        sum(values),
        sum(value * value for value in values),
        sum(before),
        sum(each * each for each in before),
        sum(value * each for value, each in pairs),
    )


@settings(deadline=None)
@given(counts, shares, counts, shares, methods, times)
def test_an_interval_holds_its_difference_and_is_off_zero_where_p_is_small(
    n: int, one: float, m: int, other: float, method: statistics.Method, seen: tuple[int, ...]
) -> None:
    look = statistics.Look(10_000, seen)
    told = statistics.compare(
        of_share(n, one), of_share(m, other), kind="proportion", method=method, look=look
    )
    assert told.low is not None
    assert told.high is not None
    assert told.low <= told.difference <= told.high
    off = told.low > 0 or told.high < 0
    assert off is (told.p < 0.05)
    assert told.significant is (off and told.enough)
    assert told.enough is (method is not statistics.Method.FIXED or n + m >= 10_000)
    if told.relative:
        assert off is (told.relative.low > 0 or told.relative.high < 0)


@settings(deadline=None)
@given(
    st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=60),
    st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=60),
)
def test_arms_may_be_changed_about(one: list[float], other: list[float]) -> None:
    there = statistics.compare(drawn(one), drawn(other))
    back = statistics.compare(drawn(other), drawn(one))
    assert there.difference == pytest.approx(-back.difference, abs=1e-9)
    assert there.p == pytest.approx(back.p, abs=1e-9)
    if there.low is not None and back.high is not None:
        assert there.low == pytest.approx(-back.high, abs=1e-6)


@given(st.lists(st.lists(st.floats(-1e3, 1e3), max_size=9), max_size=5))
def test_sums_of_parts_are_the_sums_of_the_whole(parts: list[list[float]]) -> None:
    whole = drawn([value for part in parts for value in part])
    made = sum((drawn(part) for part in parts), Moments(0, 0.0, 0.0))
    assert made.n == whole.n
    assert made.squares == pytest.approx(whole.squares)


@pytest.mark.parametrize("kind", list(statistics.Kind))
@pytest.mark.parametrize("method", list(statistics.Method))
def test_nothing_and_sameness_are_no_difference(
    kind: statistics.Kind, method: statistics.Method
) -> None:
    nothing = statistics.compare(Moments(0, 0, 0), Moments(0, 0, 0), kind=kind, method=method)
    assert (nothing.significant, nothing.p, nothing.low) == (False, 1.0, None)
    same = Moments(500, 500.0, 500.0, 500.0, 500.0, 500.0)
    assert not statistics.compare(same, same, kind=kind, method=method).significant


def test_a_covariate_that_explains_nothing_changes_nothing() -> None:
    values = [float(each % 7) for each in range(210)]
    flat = drawn(values, [1.0] * 210)
    told = statistics.compare(flat, drawn(values[:105], [1.0] * 105))
    assert not told.cuped.used
    assert told.difference == pytest.approx(0.0)


def test_a_covariate_that_explains_all_leaves_the_effect_alone() -> None:
    before = [float(each % 11) for each in range(440)]
    one = drawn([2 * each for each in before], before)
    other = drawn(
        [2 * each + 1 + (k % 2) / 100 for k, each in enumerate(before[:330])], before[:330]
    )
    told = statistics.compare(one, other)
    assert told.cuped.variance_reduction > 0.99
    assert told.difference == pytest.approx(1.005, abs=1e-3)


@settings(deadline=None)
@given(counts, shares, counts, shares, st.floats(0, 0.2), st.booleans())
def test_a_guardrail_is_never_broken_and_safe_and_knows_both_directions(
    n: int, one: float, m: int, other: float, margin: float, relative: bool
) -> None:
    control, treatment = of_share(n, one), of_share(m, other)
    up = statistics.guardrail(control, treatment, margin, "up", relative=relative)
    assert not (up.broken and up.safe)
    assert up.broken is (up.p < 0.05)
    if not relative:
        turned = [
            Moments(each.n, each.n - each.total, each.n - each.total)
            for each in (control, treatment)
        ]
        down = statistics.guardrail(turned[0], turned[1], margin, "down")
        assert down.p == pytest.approx(up.p, abs=1e-12)
        assert down.broken is up.broken


def test_a_candidate_that_fails_every_call_is_found_among_the_first_ten() -> None:
    live = Moments(400, 8, 8)
    first = next(
        n
        for n in range(1, 100)
        if statistics.guardrail(live, Moments(n, n, n), 0.02, "down", 0.05).broken
    )
    assert first <= 5


@pytest.mark.parametrize(
    ("share", "margin", "relative"), [(0.5, 0.0, False), (0.8, 0.1, False), (0.6, 0.2, True)]
)
def test_early_evidence_is_worth_at_most_one_where_there_is_no_harm(
    share: float, margin: float, relative: bool
) -> None:
    # Summed over all that may happen: the expected e-value, exactly, at the edge of what is allowed.
    n, m = 9, 7
    other = share * (1 - margin) if relative else share - margin
    total = 0.0
    for won in range(n + 1):
        for wins in range(m + 1):
            told = statistics.guardrail(
                Moments(n, won, won), Moments(m, wins, wins), margin, "up", 0.05, relative=relative
            )
            value = 1 / (told.p * guardrails.EARLY) if told.p < 1 else 1 / guardrails.EARLY
            chance = comb(n, won) * share**won * (1 - share) ** (n - won)
            chance *= comb(m, wins) * other**wins * (1 - other) ** (m - wins)
            # Where p is 1, the e-value is at most 1 / EARLY; what lies below counts as nothing.
            total += chance * value if told.p < 1 else 0.0
    assert total <= 1


@pytest.mark.parametrize(
    ("middle", "margin", "relative"), [(0.0, 0.0, False), (0.4, 0.1, False), (0.7, 0.2, True)]
)
def test_a_unit_that_is_in_between_bets_no_better_than_a_yes_or_no(
    middle: float, margin: float, relative: bool
) -> None:
    # Units whose own share is 0, a half or 1: every outcome of both arms, at the edge of what is allowed.
    n, m, share = 6, 5, 0.7
    other = share * (1 - margin) if relative else share - margin
    total = 0.0
    for one, chance in _outcomes(n, share, middle):
        for two, likely in _outcomes(m, other, middle):
            told = statistics.guardrail(
                one, two, margin, "up", 0.05, kind="rate", relative=relative
            )
            total += chance * likely / (told.p * guardrails.EARLY) if told.p < 1 else 0.0
    assert total <= 1


def _outcomes(n: int, share: float, middle: float) -> list[tuple[Moments, float]]:
    """List what units may come to, with how likely it is; `middle` of what can be is a half."""
    half = middle * 2 * min(share, 1 - share)
    whole = share - half / 2
    made: list[tuple[Moments, float]] = []
    for ones in range(n + 1):
        for halves in range(n - ones + 1):
            chance = comb(n, ones) * comb(n - ones, halves)
            chance *= whole**ones * half**halves * (1 - whole - half) ** (n - ones - halves)
            won = ones + halves / 2
            # Two answers of each.
            sums = Moments(n, 2 * won, 4 * ones + halves, 2 * n, 4 * n, 4 * won, own=won)
            made.append((sums, chance))
    return made


@pytest.mark.parametrize("concentration", [1.0, 100.0, 10_000.0])
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_evidence_against_shares_is_worth_one_where_they_hold(
    concentration: float, share: float
) -> None:
    n = 40
    total = 0.0
    for count in range(n + 1):
        pairs = [(count, share), (n - count, 1 - share)]
        chance = comb(n, count) * share**count * (1 - share) ** (n - count)
        total += chance * exp(ratios.evidence(pairs, concentration))
    assert total == pytest.approx(1.0, abs=1e-9)


def test_a_ratio_is_told_broken_when_it_is_and_only_then() -> None:
    assert statistics.sample_ratio([50_120, 49_880], [0.5, 0.5]).ok
    assert not statistics.sample_ratio([52_000, 48_000], [0.5, 0.5]).ok
    assert not statistics.sample_ratio([60, 0], [0.5, 0.5]).ok
    assert statistics.sample_ratio([0, 0], [0.5, 0.5]).p == 1
    assert statistics.sample_ratio([5, 1], [1.0, 0.0]).p == 0
    with pytest.raises(ValueError, match="one share for each"):
        statistics.sample_ratio([1, 2, 3], [0.5, 0.5])


@given(st.lists(st.floats(0, 1), max_size=12))
def test_what_is_discovered_holds_fewer_than_without_correction(ps: list[float]) -> None:
    kept = statistics.false_discovery(ps, 0.1)
    assert all(p <= 0.1 for p, keep in zip(ps, kept, strict=True) if keep)
    believed = [p for p, keep in zip(ps, kept, strict=True) if keep]
    doubted = [p for p, keep in zip(ps, kept, strict=True) if not keep]
    assert not believed or not doubted or max(believed) <= min(doubted)


@given(st.lists(st.tuples(counts, shares), min_size=2, max_size=6))
def test_shares_of_a_bandit_sum_to_one_and_leave_none_out(arms: list[tuple[int, float]]) -> None:
    found = statistics.top_two_thompson([of_share(*arm) for arm in arms], kind="proportion")
    assert sum(found) == pytest.approx(1)
    assert min(found) >= 0.1 / len(arms) - 1e-12


def test_a_bandit_waits_for_every_arm_and_then_goes_to_the_best() -> None:
    poor, good, new = of_share(2000, 0.5), of_share(2000, 0.6), of_share(10, 1.0)
    assert statistics.top_two_thompson([poor, good, new]) == (1 / 3,) * 3
    one, other = statistics.top_two_thompson([poor, good], kind="proportion")
    assert other > one
    turned = statistics.top_two_thompson([poor, good], kind="proportion", direction="down")
    assert turned[0] > turned[1]


def test_batches_count_by_their_units_not_by_an_arms_share_of_them() -> None:
    # Both arms do 50 % on the first day and 80 % on the second, which sent most to the second arm.
    days = [
        [of_share(1000, 0.5), of_share(1000, 0.5)],
        [of_share(200, 0.8), of_share(1800, 0.8)],
    ]
    found = statistics.weighted(days)
    assert found[0] is not None
    assert found[1] is not None
    assert found[0].mean == pytest.approx(0.65)
    assert found[1].mean == pytest.approx(0.65)
    pooled = [(day[0] + day[1]).mean for day in zip(*days, strict=True)]
    assert abs(pooled[0] - pooled[1]) > 0.1
    assert statistics.weighted([]) == []


@settings(deadline=None)
@given(st.sampled_from(statistics.Method), st.floats(0.01, 0.2))
def test_more_is_needed_for_less_and_for_more_certainty(
    method: statistics.Method, effect: float
) -> None:
    baseline = statistics.Baseline.proportion(0.7)

    def needed(effect: float, power: float) -> int:
        return statistics.units_needed(
            baseline, effect, power=power, kind="proportion", method=method, looks=5
        )

    assert needed(effect, 0.8) <= needed(effect, 0.9)
    assert needed(effect, 0.8) <= needed(effect / 2, 0.8)


def test_looking_costs_a_little_and_looking_at_any_time_costs_double() -> None:
    baseline = statistics.Baseline.proportion(0.7)
    fixed, looked, always = (
        statistics.units_needed(baseline, 0.03, power=0.9, kind="proportion", method=each)
        for each in statistics.Method
    )
    assert fixed < looked < 1.05 * fixed
    page = (ROOT / "docs/explanation/how-experiments-decide.md").read_text("utf-8")
    assert all(f"| {each:,}" in page for each in (fixed, looked, always))
    assert 1.5 * fixed < always < 2 * fixed
    assert statistics.days_needed(looked, 0) == inf
    assert statistics.days_needed(5000, 1000, 0.5) == 10
    with pytest.raises(ValueError, match="never found"):
        statistics.units_needed(baseline, 0.0)
    with pytest.raises(ValueError, match="between 0 and 1"):
        statistics.units_needed(baseline, 0.4, kind="proportion")


def test_a_look_is_due_once_each_tenth_and_never_after_the_end() -> None:
    look = statistics.Look(10_000)
    assert [look.due(each) for each in (999, 1000, 2600)] == [False, True, True]
    look = statistics.Look(10_000, (1040,))
    assert [look.due(each) for each in (1999, 2000)] == [False, True]
    assert statistics.Look(10_000, (9100,)).due(10_500)
    assert not statistics.Look(10_000, (9100, 10_500)).due(20_000)


def test_one_side_is_sharper_than_two() -> None:
    for n in (200, 2000, 20_000):
        assert always_valid.one_sided(n, 2000, 0.05) < always_valid.two_sided(n, 2000, 0.05)
    assert always_valid.one_sided_p(-1.0, 500, 2000, 0.05) == 1
    reach = always_valid.one_sided(500, 2000, 0.05)
    assert always_valid.one_sided_p(reach, 500, 2000, 0.05) == pytest.approx(0.05)


def test_a_ratio_takes_out_what_was_known_of_its_units_before() -> None:
    """By hand: what a unit adds to the ratio, regressed on arm and past (Deng and others, appendix B)."""
    dice = random.Random(5)
    arms: list[list[tuple[float, float, float]]] = []
    for lift in (0.0, 0.05):
        units: list[tuple[float, float, float]] = []
        for _ in range(400):
            habit, calls = dice.random(), 1 + dice.randrange(6)
            good = sum(dice.random() < 0.8 * habit + lift for _ in range(calls))
            units.append((float(good), float(calls), habit + dice.gauss(0, 0.1)))
        arms.append(units)
    made = [_ratio_moments(units) for units in arms]
    control, treatment = made
    found = statistics.compare(control, treatment, kind="rate")
    blind = [replace(each, before=0.0, before_squares=0.0) for each in made]
    plain = statistics.compare(blind[0], blind[1], kind="rate")
    assert found.cuped.used
    assert 0.2 < found.cuped.variance_reduction < 0.9
    parts: list[list[float]] = []
    for units in arms:
        x, y = sum(each[0] for each in units), sum(each[1] for each in units)
        parts.append([(each[0] - x / y * each[1]) / (y / len(units)) for each in units])
    known = [[each[2] for each in units] for units in arms]
    middle = [mean(each) for each in known]
    above = sum(
        part * (past - middle[arm])
        for arm in (0, 1)
        for part, past in zip(parts[arm], known[arm], strict=True)
    )
    below = sum((past - middle[arm]) ** 2 for arm in (0, 1) for past in known[arm])
    theta = above / below
    assert found.cuped.theta == pytest.approx(theta)
    assert found.difference == pytest.approx(
        plain.difference - theta * (middle[1] - middle[0]), abs=1e-9
    )
    assert found.standard_error < 0.9 * plain.standard_error


def _ratio_moments(units: list[tuple[float, float, float]]) -> Moments:
    def added(one: int, other: int | None = None) -> float:
        return sum(each[one] * (1.0 if other is None else each[other]) for each in units)

    return Moments(
        len(units), added(0), added(0, 0), added(1), added(1, 1), added(0, 1),
        added(2), added(2, 2), added(0, 2), added(1, 2),
    )  # fmt: skip
