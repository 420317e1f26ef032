"""Steps of a calendar, and pieces that sums are kept of: every moment once, no sum over an edge."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.core.errors import Invalid
from hone.operations.costs import periods
from hone.operations.costs.periods import SINGLE, Step

NOW = datetime(2026, 11, 26, 10, 7, 30, tzinfo=UTC)
ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Asia/Kolkata",
        "Pacific/Chatham", "America/Santiago", "Australia/Lord_Howe",
    )
]  # fmt: skip
MOMENTS = st.integers(0, 700 * 86_400).map(
    lambda seconds: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
STEPS: st.SearchStrategy[Step | None] = st.sampled_from(["day", "month", "hour", None])


@given(MOMENTS, st.integers(1, 25 * 86_400), STEPS, st.sampled_from(ZONES))
def test_pieces_cover_each_step_once_with_the_longest_sums(
    since: datetime, seconds: int, step: Step | None, zone: ZoneInfo
) -> None:
    period = periods.plan(since, since + timedelta(seconds=seconds), step, zone, NOW)
    edges = period.edges
    assert list(edges) == sorted(set(edges))
    assert edges[0] == since
    found = periods.pieces(edges)
    for span, stretches in found.items():
        for each in stretches:
            if span != SINGLE:
                assert each == (periods.bound(each.since, span), periods.bound(each.until, span))
                # No edge lies within a sum, only between two.
                inside = [edge for edge in edges if each.since < edge < each.until]
                assert all(periods.bound(edge, span) == edge for edge in inside)
    together = sorted(each for stretches in found.values() for each in stretches)
    assert together[0].since == edges[0]
    assert together[-1].until == edges[-1]
    assert all(one.until == two.since for one, two in pairwise(together))
    shorter = [each for span in (15, SINGLE) for each in found[span]]
    if step != "hour":
        # An edge within an hour leaves a part of it on either side.
        assert all(each.until - each.since < timedelta(hours=2) for each in shorter)


@given(MOMENTS, st.sampled_from(ZONES))
def test_days_begin_at_midnight_and_months_on_the_first(since: datetime, zone: ZoneInfo) -> None:
    days = periods.plan(since, since + timedelta(days=20), "day", zone, NOW).edges[1:-1]
    local = [each.astimezone(zone) for each in days]
    assert [each.date() for each in local] == [
        since.astimezone(zone).date() + timedelta(days=1 + number) for number in range(len(local))
    ]
    # Where the clock is put forward at midnight, a day begins at one.
    assert {each.hour for each in local} <= {0, 1}
    months = periods.plan(since, since + timedelta(days=200), "month", zone, NOW).edges[1:-1]
    assert all(each.astimezone(zone).day == 1 for each in months)


def test_without_bounds_it_is_thirty_days_up_to_now() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    period = periods.plan(None, None, "day", berlin, NOW)
    assert period.since == datetime(2026, 10, 27, 23, tzinfo=UTC)
    assert period.until == datetime(2026, 11, 26, 10, 15, tzinfo=UTC)
    assert len(period.edges) == 31
    assert periods.pieces(period.edges)[SINGLE] == []


def test_a_period_that_runs_is_compared_with_as_much_of_the_one_before() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 11, 1, tzinfo=berlin)
    period = periods.plan(first, datetime(2026, 12, 1, tzinfo=berlin), "day", berlin, NOW)
    # The thirty days before have one hour more: the clocks were put back.
    assert period.before.since == datetime(2026, 10, 2, tzinfo=berlin)
    passed = datetime(2026, 11, 26, 10, 15, tzinfo=UTC) - first
    assert period.before.until - period.before.since == passed


def test_what_cannot_be_laid_in_steps_is_said() -> None:
    utc = ZoneInfo("UTC")
    with pytest.raises(periods.TooManySteps):
        periods.plan(NOW - timedelta(days=40), NOW, "hour", utc, NOW)
    with pytest.raises(Invalid):
        periods.plan(NOW + timedelta(days=1), None, "day", utc, NOW)
    for name in ("Atlantis/Deep", "../etc/passwd", "", "x" * 500, "a\0b"):
        with pytest.raises(periods.UnknownZone):
            periods.zone_of(name)
