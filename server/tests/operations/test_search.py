"""Finding operations in a long history: what is there, how far was looked, and the list as a file."""

import csv
import io
import json
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.core import clock, ids
from hone.gateway import Status
from hone.operations.facets import Hour
from hone.operations.filters import Stretch
from hone.operations.walk import slices, take
from tests.fixtures.app import client, grant
from tests.fixtures.database import make_organization
from tests.operations.conftest import Desk
from tests.operations.frames import KEY_ID, attempt, identifier, land, settled

LIST = "/api/ai/operations"
START = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
HOURS = st.lists(
    st.tuples(st.integers(0, 50), st.integers(1, 90_000)),
    max_size=20,
    unique_by=lambda each: each[0],
)


def at(hours: float) -> bytes:
    moment = clock.now() - timedelta(hours=hours)
    return ids.new(int(moment.timestamp() * 1000)).bytes


@given(HOURS, st.floats(0, 51), st.floats(0, 51))
def test_slices_cover_each_moment_once_and_newest_first(
    counted: list[tuple[int, int]], one: float, other: float
) -> None:
    span = Stretch(
        START + timedelta(hours=min(one, other)), START + timedelta(hours=max(one, other))
    )
    hours = [Hour(START + timedelta(hours=hour), rows, rows) for hour, rows in sorted(counted)][
        ::-1
    ]
    parts = [part.stretch for part in slices(hours, span)]
    for newer, older in pairwise(parts):
        assert older.until <= newer.since
    assert all(span.since <= each.since < each.until <= span.until for each in parts)
    covered = sum((each.until - each.since for each in parts), timedelta())
    expected = sum(
        (
            max(
                min(hour.at + timedelta(hours=1), span.until) - max(hour.at, span.since),
                timedelta(),
            )
            for hour in hours
        ),
        timedelta(),
    )
    assert abs(covered - expected) < timedelta(milliseconds=1)


@given(HOURS.filter(bool), st.integers(0, 100_000))
def test_a_stride_takes_at_least_one_part_and_loses_none(
    counted: list[tuple[int, int]], most: int
) -> None:
    hours = [Hour(START + timedelta(hours=hour), rows, rows) for hour, rows in sorted(counted)][
        ::-1
    ]
    span = Stretch(START, START + timedelta(hours=60))
    parts = slices(hours, span)
    strides = list(iter(lambda: take(parts, most, 10**9), []))
    assert [part for stride in strides for part in stride] == list(slices(hours, span))
    assert all(sum(part.rows for part in stride[:-1]) < max(most, 1) for stride in strides)


async def test_a_search_that_runs_out_of_time_says_how_far_it_looked_and_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hone.operations.walk.BUDGET_SECONDS", 0)
    monkeypatch.setattr("hone.operations.walk.FIRST_ROWS", 1)
    frames = [settled(desk.organization_id, id=at(hour), user="u") for hour in range(5)]
    await land(desk.owner_url, [*frames, settled(desk.organization_id, id=at(9), user="sought")])
    seen: list[str] = []
    marks: list[str] = []
    query: dict[str, Any] = {"q": "soug"}
    while True:
        page = (await desk.http.get(LIST, params=query)).json()
        seen += [row["userId"] for row in page["items"]]
        if page["next"] is None:
            break
        marks.append(page["searchedUntil"])
        query = {**query, "cursor": page["next"]}
    assert seen == ["sought"]
    assert len(marks) >= 4
    assert marks == sorted(marks, reverse=True)


async def test_values_are_listed_with_how_many_have_them(desk: Desk) -> None:
    failed = {"status": Status.ERROR, "error": "upstream_timeout"}
    await land(
        desk.owner_url,
        [
            settled(desk.organization_id),
            settled(desk.organization_id, id=at(3), **failed),
            settled(desk.organization_id, id=at(4), attempts=[attempt(model="o-1")], route="big"),
            settled(await make_organization(desk.database, "Other"), attempts=[attempt(model="x")]),
        ],
    )
    facets = (await desk.http.get(f"{LIST}/facets")).json()
    counted = {
        field: {each["value"]: each["requests"] for each in values}
        for field, values in facets.items()
    }
    assert counted == {
        "model": {"gpt-4o": 2, "o-1": 1},
        "route": {"assistant": 2, "big": 1},
        "status": {"success": 2, "error": 1},
        "kind": {"chat": 3},
        "errorCode": {"upstream_timeout": 1},
        "key": {ids.public("key", KEY_ID): 3},
    }
    since = (clock.now() - timedelta(hours=1)).isoformat()
    recent = (await desk.http.get(f"{LIST}/facets", params={"from": since})).json()
    assert [each["value"] for each in recent["model"]] == ["gpt-4o"]


async def test_neighbours_in_a_conversation_are_named(desk: Desk) -> None:
    frames = [settled(desk.organization_id, id=at(hour), conversation="c-7") for hour in (3, 2, 1)]
    await land(desk.owner_url, [*frames, settled(desk.organization_id, conversation="c-8")])
    first, second, third = (identifier(frame) for frame in frames)
    shown = (await desk.http.get(f"{LIST}/{second}")).json()
    assert shown["neighbours"] == {"previous": first, "next": third}
    assert shown["lineage"]["conversation"] == "c-7"


async def test_the_list_is_exported_as_it_is_filtered(desk: Desk) -> None:
    risky = '=HYPERLINK("http://evil")'
    frames = [
        settled(desk.organization_id, id=at(2), user=risky),
        settled(desk.organization_id, id=at(1), user='say "hi", then\r\nleave'),
        settled(desk.organization_id, route="other"),
    ]
    await land(desk.owner_url, frames)
    query = {"route": "assistant", "columns": ["id", "userId", "costUsd"]}
    answer = await desk.http.get(f"{LIST}/export", params=query)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "operations.csv" in answer.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(answer.text, newline="")))
    assert rows == [
        ["id", "userId", "costUsd"],
        [identifier(frames[1]), 'say "hi", then\r\nleave', "0.0006"],
        [identifier(frames[0]), f"'{risky}", "0.0006"],
    ]
    answer = await desk.http.get(f"{LIST}/export", params={**query, "format": "jsonl"})
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["userId"] for line in lines] == [rows[1][1], risky]


async def test_an_export_is_whole_over_many_pages_and_ends_where_it_is_told(desk: Desk) -> None:
    frames = [settled(desk.organization_id, id=at(0.001 * number)) for number in range(1201)]
    await land(desk.owner_url, frames)
    path = f"{LIST}/export"
    answer = await desk.http.get(path, params={"format": "jsonl", "columns": "id"})
    found = [json.loads(line)["id"] for line in answer.text.splitlines()]
    assert found == [identifier(frame) for frame in sorted(frames, key=lambda each: each.id)][::-1]
    answer = await desk.http.get(path, params={"columns": "id", "limit": 501})
    assert len(answer.text.splitlines()) == 502
    for wrong in ({"columns": "sealed"}, {"format": "xlsx"}, {"limit": 0}):
        assert (await desk.http.get(path, params=wrong)).status_code == 422


@pytest.mark.parametrize("path", ["facets", "export"])
async def test_reading_needs_the_permission(desk: Desk, path: str) -> None:
    async with client(desk.app, grant(desk.app, desk.organization_id, {"ai:query"})) as http:
        assert (await http.get(f"{LIST}/{path}")).status_code == 403
