"""When a schedule comes: five fields, in a zone whose clocks change."""

from datetime import UTC, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from croniter import croniter
from hypothesis import given
from hypothesis import strategies as st

from hone.core.errors import AppError
from hone.training import cron

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def times(line: str, zone: str, after: datetime, number: int = 3) -> list[str]:
    found = cron.following(cron.read(line), ZoneInfo(zone), after)
    return [f"{each:%Y-%m-%d %H:%M}" for each in islice(found, number)]


def test_times_follow_the_clocks_of_their_zone() -> None:
    assert times("0 3 * * *", "Europe/Berlin", at("2026-03-27T12:00")) == [
        "2026-03-28 02:00",
        "2026-03-29 01:00",
        "2026-03-30 01:00",
    ]


def test_a_time_that_is_skipped_comes_late_and_one_that_is_twice_comes_once() -> None:
    assert times("30 2 * * *", "Europe/Berlin", at("2026-03-28T12:00"), 2) == [
        "2026-03-29 01:30",
        "2026-03-30 00:30",
    ]
    assert times("30 2 * * *", "Europe/Berlin", at("2026-10-24T12:00"), 2) == [
        "2026-10-25 00:30",
        "2026-10-26 01:30",
    ]


MOMENT = st.datetimes(
    datetime(2020, 1, 1),  # noqa: DTZ001 - the strategy wants them without
    datetime(2030, 1, 1),  # noqa: DTZ001
)
FIELD = st.sampled_from(["*", "*/5", "7", "1-9", "3,11", "2-10/4"])


@given(
    FIELD,
    FIELD,
    st.sampled_from(["*", "1", "15,28", "2-9/3"]),
    st.sampled_from(["*", "2", "jan,jul", "3-6"]),
    st.sampled_from(["*", "mon", "1-5", "0", "7"]),
    MOMENT,
)
def test_times_are_those_of_another_reader_of_cron(
    minute: str, hour: str, day: str, month: str, weekday: str, after: datetime
) -> None:
    line = f"{minute} {hour} {day} {month} {weekday}"
    after = after.replace(second=0, microsecond=0)
    other = croniter(line, after)
    expected = [other.get_next(datetime) for _ in range(3)]
    assert list(islice(cron.read(line).local(after), 3)) == expected


@pytest.mark.parametrize(
    "line", ["", "* * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "x * * * *", "*/0 * * * *"]
)
def test_what_is_no_cron_is_refused_in_words(line: str) -> None:
    with pytest.raises(cron.CronWrong):
        cron.read(line)


def test_what_never_comes_is_refused() -> None:
    with pytest.raises(AppError, match="never comes"):
        cron.read("0 0 30 2 *")
    with pytest.raises(cron.ZoneUnknown):
        cron.zone("Mars/Olympus")


def test_a_window_is_open_now_or_opens_next() -> None:
    night = time(22), time(6)
    assert cron.opening(*night, BERLIN, at("2026-11-26T23:00")) == at("2026-11-26T23:00")
    assert cron.opening(*night, BERLIN, at("2026-11-26T12:00")) == at("2026-11-26T21:00")
    day = time(1), time(5)
    assert cron.opening(*day, BERLIN, at("2026-11-26T12:00")) == at("2026-11-27T00:00")


@given(st.times(), st.times(), MOMENT)
def test_a_window_opens_within_a_day(start: time, end: time, moment: datetime) -> None:
    moment = moment.replace(tzinfo=UTC)
    opens = cron.opening(start, end, BERLIN, moment)
    assert moment <= opens <= moment + timedelta(hours=25)
