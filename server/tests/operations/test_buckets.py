"""Percentiles out of counts: within 10 %, whatever was measured."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.operations import buckets

durations = st.lists(
    st.floats(min_value=1.0, max_value=600_000.0, allow_nan=False), min_size=1, max_size=300
)
shares = st.floats(min_value=0.0, max_value=1.0, allow_nan=False)


def exact(values: list[float], q: float) -> float:
    """Tell the value that a share `q` does not exceed, by nearest rank."""
    rank = max(math.ceil(q * len(values) - 1e-9 * len(values)), 1)
    return sorted(values)[rank - 1]


@given(durations, shares)
def test_a_percentile_is_at_most_ten_percent_off(values: list[float], q: float) -> None:
    told = buckets.percentile(buckets.count(values), q)
    assert told is not None
    assert abs(told - exact(values, q)) <= buckets.ACCURACY * exact(values, q) * (1 + 1e-9)


@given(durations, durations, shares)
def test_counts_added_up_are_the_counts_of_all(
    left: list[float], right: list[float], q: float
) -> None:
    added = buckets.add(buckets.count(left), buckets.count(right))
    assert added == buckets.count([*left, *right])
    assert buckets.percentile(added, q) == buckets.percentile(buckets.count([*right, *left]), q)


@given(durations)
def test_percentiles_rise_with_the_share(values: list[float]) -> None:
    counts = buckets.count(values)
    told = [buckets.percentile(counts, q / 20) or 0.0 for q in range(21)]
    assert told == sorted(told)


@given(st.floats(min_value=0.0, allow_nan=False, allow_infinity=True))
def test_every_duration_has_a_bucket(duration: float) -> None:
    at = buckets.index(duration)
    assert 0 <= at < buckets.SIZE
    assert at == 0 or duration >= buckets.BOUNDS[at - 1]
    assert at == len(buckets.BOUNDS) or duration < buckets.BOUNDS[at]


def test_nothing_has_no_percentile() -> None:
    assert buckets.percentile([], 0.5) is None
    assert buckets.percentile([0, 0, 0], 0.99) is None


def test_what_lies_outside_is_told_as_the_edge() -> None:
    assert buckets.percentile(buckets.count([0.2]), 0.5) == 0.5
    assert buckets.percentile(buckets.count([3_600_000.0]), 0.5) == 600_000.0


def test_a_share_above_one_is_the_longest() -> None:
    assert buckets.percentile(buckets.count([1.0, 100.0]), 1.5) == pytest.approx(100, rel=0.1)
