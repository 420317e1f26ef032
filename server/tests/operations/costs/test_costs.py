"""Costs by any dimension: to the last pico-dollar what the calls add up to, however they are read."""

import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
import pytest_asyncio
from sqlalchemy import text

from hone.core import clock, http, ids
from hone.gateway import Opened, Settled, Status
from hone.operations.costs.routes import router
from tests.fixtures.app import client, grant
from tests.fixtures.database import make_organization
from tests.operations.conftest import Desk
from tests.operations.frames import attempt, land, opened, settled

PICO = 10**12
DAYS = 40
CALLS = 240
NOW = clock.now()
KEYS = [UUID(int=0x019800000000700080000000000000A0 + number) for number in range(4)]
ZONES = ["UTC", "Europe/Berlin", "Asia/Kolkata", "Asia/Kathmandu"]
"""Their days begin at whole hours, at half ones and at quarters."""
SUMMED = ["model", "provider", "route", "key", "kind", "status", "stream"]
SINGLE = ["user", "conversation", "metadata.feature"]
FILTERS: list[dict[str, str]] = [
    {},
    {"model": "large"},
    {"status": "error"},
    {"route": "search", "kind": "chat"},
    {"key": ids.public("key", KEYS[1])},
    {"user": "u-1"},
    {"minCost": "0.0000015"},
]
COLUMNS = {
    "model": "model", "provider": "provider", "route": "route", "kind": "kind", "status": "status",
    "key": "'key_' || replace(key_id::text, '-', '')", "stream": "stream::text",
    "user": "user_id", "conversation": "conversation_id",
    "metadata.feature": "metadata ->> 'feature'",
}  # fmt: skip
CONDITIONS = {
    "model": "model = %s",
    "status": "status = %s",
    "route": "route = %s",
    "kind": "kind = %s",
    "user": "user_id = %s",
    "key": "'key_' || replace(key_id::text, '-', '') = %s",
    "minCost": "cost >= %s::numeric * 1e12",
}
FIGURES = """count(*)::int, sum(input_tokens)::int, sum(cached_tokens)::int, sum(written_tokens)::int,
    sum(output_tokens)::int, sum(reasoning_tokens)::int, sum(cost)::bigint,
    coalesce(sum(cost) FILTER (WHERE usage_estimated), 0)::bigint, sum(revenue)::bigint"""


@pytest_asyncio.fixture
async def counter(desk: Desk) -> Desk:
    """Open the API of costs."""
    http.add_routers(desk.app, router)
    return desk


@pytest_asyncio.fixture
async def books(counter: Desk) -> Desk:
    """Record calls of every kind over forty days, and some of another organization's."""
    desk = counter
    dice = random.Random(7)
    frames: list[Settled] = []
    died: list[list[Opened]] = []
    stranger = await make_organization(desk.database, "Stranger")
    for number in range(CALLS):
        at = NOW - timedelta(seconds=dice.random() ** 2 * DAYS * 86_400)
        mine = number % 10 > 0
        labels: dict[str, Any] = {
            "id": ids.new(int(at.timestamp() * 1000)).bytes,
            "key_id": dice.choice(KEYS).bytes if dice.random() < 0.8 else None,
            "route": dice.choice(["assistant", "search"]),
            "user": dice.choice([None, "u-1", "u-2", f"person_{KEYS[0].hex}"]),
            "conversation": dice.choice([None, "c-1", "c-2", "c-3"]),
            "metadata": dice.choice([None, b"{}", b'{"feature":"chat"}', b'{"feature":2}']),
            "stream": dice.random() < 0.5,
        }
        owner = desk.organization_id if mine else stranger
        if number % 23 == 0:
            died.append([opened(owner, **labels)])
            continue
        tries = [
            attempt(
                model=dice.choice(["large", "small", "tiny"]),
                provider=dice.choice(["openai", "anthropic"]),
                input_tokens=dice.randrange(2000),
                output_tokens=dice.randrange(500),
                cost=dice.randrange(3_000_000_000_000),
                estimated=dice.random() < 0.1,
            )
            for _ in range(dice.choice([0, 1, 1, 1, 2]))
        ]
        status = dice.choice([Status.SUCCESS, Status.SUCCESS, Status.ERROR, Status.CANCELLED])
        kind = dice.choice(["chat/completions", "embeddings"])
        frames.append(settled(owner, attempts=tries, status=status, endpoint=kind, **labels))
    await land(desk.owner_url, frames, died)
    return desk


async def truth(
    desk: Desk, by: str | None, filters: dict[str, str], since: datetime, until: datetime
) -> dict[str | None, tuple[int, ...]]:
    """Add the calls themselves up, one by one."""
    where = " AND ".join(["true", *(CONDITIONS[name] for name in filters)])
    query = (
        f"SELECT {COLUMNS[by] if by else 'NULL::text'}, {FIGURES} FROM operations"
        f" WHERE organization_id = %s AND created_at >= %s AND created_at < %s AND {where} GROUP BY 1"
    )
    values = (desk.organization_id, since, until, *filters.values())
    async with await psycopg.AsyncConnection.connect(desk.owner_url) as connection:
        rows = await (await connection.execute(query.encode(), values)).fetchall()
    return {row[0]: row[1:] for row in rows}


def told(item: dict[str, Any]) -> tuple[Any, ...]:
    """Take from an answer what `truth` gives."""
    names = ("calls", "inputTokens", "cachedTokens", "cacheWriteTokens", "outputTokens")
    cost = item["costUsd"]
    revenue = item["revenueUsd"]
    return (
        *(item[name] for name in (*names, "reasoningTokens")),
        pico(cost),
        pico(item["estimatedShare"] * cost),
        None if revenue is None else pico(revenue),
    )


def pico(dollars: float) -> int:
    """Read dollars to the pico."""
    return int((Decimal(repr(dollars)) * PICO).to_integral_value())


async def costs(desk: Desk, **query: Any) -> dict[str, Any]:
    names = {"since": "from", "until": "to"}
    given = {names.get(name, name): value for name, value in query.items()}
    answer = await desk.http.get("/api/costs", params=given)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("filters", FILTERS, ids=lambda each: "+".join(each) or "all")
async def test_every_dimension_adds_up_to_what_the_calls_cost(
    books: Desk, filters: dict[str, str]
) -> None:
    since, until = NOW - timedelta(days=33, hours=5, seconds=77.7), NOW - timedelta(minutes=100.3)
    everything = await truth(books, None, filters, since, until)
    # Every dimension alone; with a filter some of them, others with each.
    start, every = (FILTERS.index(filters) % 4, 4) if filters else (0, 1)
    for number, by in list(enumerate((None, *SUMMED, *SINGLE)))[start::every]:
        zone = ZONES[number % len(ZONES)]
        step = ["day", "month"][number % 2]
        query = {"since": since.isoformat(), "until": until.isoformat(), **filters}
        report = await costs(books, **query, step=step, zone=zone, **({"by": by} if by else {}))
        expected = await truth(books, by, filters, since, until)
        assert told(report["total"]) == next(iter(everything.values()), (0,) * 8 + (None,))
        assert sum(pico(each["costUsd"]) for each in report["steps"]) == told(report["total"])[6]
        assert sum(each["calls"] for each in report["steps"]) == report["total"]["calls"]
        if by is not None:
            assert {item["value"]: told(item) for item in report["items"]} == expected
            for item in report["items"]:
                assert sum(pico(each) for each in item["costs"]) == pico(item["costUsd"])
            before = await truth(
                books, by, filters,
                datetime.fromisoformat(report["beforeFrom"]), datetime.fromisoformat(report["beforeTo"]),
            )  # fmt: skip
            for item in report["items"]:
                was = before.get(item["value"], (0,) * 9)
                assert (item["before"]["calls"], pico(item["before"]["costUsd"])) == (
                    was[0],
                    was[6],
                )


async def test_the_dearest_are_told_one_by_one_and_the_rest_together(books: Desk) -> None:
    whole = await costs(books, by="conversation", step="day")
    some = await costs(books, by="conversation", step="day", limit=1)
    assert [each["value"] for each in some["items"]] == [whole["items"][0]["value"]]
    assert some["rest"]["values"] == len(whole["items"]) - 1
    assert some["total"] == whole["total"]
    rest = sum(pico(each["costUsd"]) for each in whole["items"][1:])
    assert (
        pico(some["rest"]["costUsd"]) == rest == sum(pico(each) for each in some["rest"]["costs"])
    )
    ranked = [each["costUsd"] for each in whole["items"]]
    assert ranked == sorted(ranked, reverse=True)


async def test_a_file_holds_every_value_in_every_step(books: Desk) -> None:
    for by, step in (("key", "day"), ("metadata.feature", "month"), ("model", None)):
        query = {"by": by, "zone": "Asia/Kolkata", **({"step": step} if step else {})}
        report = await costs(books, **query)
        lines = (
            await books.http.get("/api/costs/export", params={**query, "format": "jsonl"})
        ).text
        rows = [httpx.Response(200, text=line).json() for line in lines.splitlines()]
        found: dict[Any, int] = {}
        for row in rows:
            found[row["value"]] = found.get(row["value"], 0) + pico(row["costUsd"])
        assert found == {each["value"]: pico(each["costUsd"]) for each in report["items"]}
        csv = (await books.http.get("/api/costs/export", params=query)).text.splitlines()
        assert csv[0].startswith("from,to,value,label,calls,inputTokens,")
        assert len(csv) == len(rows) + 1


async def test_calls_belong_to_people_and_teams_as_limits_say(books: Desk) -> None:
    mine, theirs = ids.new(), ids.new()
    people = {KEYS[0]: "Ada", ids.new(): "Ben"}
    org = books.organization_id
    async with await psycopg.AsyncConnection.connect(books.owner_url) as connection:
        for person, name in people.items():
            await connection.execute(
                "INSERT INTO people (id, organization_id, email, name, role)"
                " VALUES (%s, %s, %s, %s, 'developer')",
                (person, org, f"{name}@example.com", name),
            )
        for team, name in ((mine, "Core"), (theirs, "Search")):
            await connection.execute(
                "INSERT INTO teams (id, organization_id, name) VALUES (%s, %s, %s)",
                (team, org, name),
            )
        ada, ben = people
        for team, person in ((mine, ada), (mine, ben), (theirs, ben)):
            await connection.execute(
                "INSERT INTO team_members (team_id, person_id, organization_id) VALUES (%s, %s, %s)",
                (team, person, org),
            )
        # A key of Ben's in a team of his, one of a team alone, and two of nobody.
        for key, person, team in (
            (KEYS[0], ben, theirs), (KEYS[1], None, mine), (KEYS[2], None, None), (KEYS[3], None, None)
        ):  # fmt: skip
            await connection.execute(
                "INSERT INTO api_keys (id, organization_id, name, hint, digest, permissions, person_id,"
                " team_id, created_by) VALUES (%s, %s, 'k', 'k', %s, '{}', %s, %s, 'system')",
                (key, org, key.bytes, person, team),
            )
    by_key = {each["value"]: each for each in (await costs(books, by="key"))["items"]}
    first, second = (by_key[ids.public("key", key)] for key in KEYS[:2])
    assert first["label"] == "k"
    signed_in = await costs(
        books, by="user", status=["success", "error", "cancelled", "interrupted"]
    )
    by_person = {each["label"]: each for each in (await costs(books, by="person"))["items"]}
    assert by_person["Ben"]["calls"] == first["calls"]
    async with await psycopg.AsyncConnection.connect(books.owner_url) as connection:
        cursor = await connection.execute(
            "SELECT count(*), sum(cost) FROM operations WHERE organization_id = %s AND key_id IS NULL"
            " AND user_id = %s AND created_at > %s",
            (org, ids.public("person", ada), datetime.fromisoformat(signed_in["from"])),
        )
        row = await cursor.fetchone()
    assert row is not None
    assert (by_person["Ada"]["calls"], pico(by_person["Ada"]["costUsd"])) == (row[0], int(row[1]))
    teams = await costs(books, by="team")
    found = {each["label"]: each["calls"] for each in teams["items"]}
    # Ben is in both, and his key counts for both, once.
    assert found["Core"] == first["calls"] + second["calls"] + row[0]
    assert found["Search"] == first["calls"]
    assert teams["total"] == (await costs(books))["total"]


async def test_who_was_erased_takes_no_costs_along_and_leaves_no_trace(books: Desk) -> None:
    person = ids.public("person", KEYS[0])
    before = await costs(books)
    async with await psycopg.AsyncConnection.connect(books.owner_url) as connection:
        cursor = await connection.execute(
            "SELECT count(*) FROM operation_costs WHERE person_id = %s", (KEYS[0],)
        )
        assert (await cursor.fetchone() or (0,))[0] > 0
        await connection.execute(
            "UPDATE operations SET user_id = NULL WHERE user_id = %s", (person,)
        )
        cursor = await connection.execute(
            "SELECT count(*) FROM operation_costs WHERE person_id = %s OR calls = 0", (KEYS[0],)
        )
        assert await cursor.fetchone() == (0,)
    after = await costs(books)
    assert (after["total"], after["from"]) == (before["total"], before["from"])


async def test_another_organization_sees_nothing_of_it(books: Desk) -> None:
    other = await make_organization(books.database, "Other")
    async with client(books.app, grant(books.app, other)) as http:
        for query in ({"by": "model"}, {"by": "user"}, {}):
            report = (await http.get("/api/costs", params=query)).json()
            assert (report["total"]["calls"], report["items"]) == (0, [])
        lines = (await http.get("/api/costs/export", params={"by": "model"})).text
        assert len(lines.splitlines()) == 1


async def test_who_may_not_read_operations_may_not_read_costs(counter: Desk) -> None:
    async with client(
        counter.app, grant(counter.app, counter.organization_id, ["ai:query"])
    ) as http:
        for path in ("/api/costs", "/api/costs/export"):
            assert (await http.get(path)).status_code == 403


@pytest.mark.parametrize(
    ("query", "code", "param"),
    [
        ({"by": "colour"}, None, "by"),
        ({"by": "metadata."}, None, "by"),
        ({"zone": "Atlantis/Deep"}, "unknown_zone", "zone"),
        ({"step": "hour", "from": "2020-01-01"}, "too_many_steps", "step"),
        ({"step": "year"}, None, "step"),
        ({"from": "2990-01-01"}, None, "from"),
        ({"from": "2026-01-02", "to": "2026-01-01"}, None, "to"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    counter: Desk, query: dict[str, str], code: str | None, param: str
) -> None:
    for path in ("/api/costs", "/api/costs/export"):
        answer = await counter.http.get(path, params=query)
        error = answer.json()["error"]
        assert (answer.status_code, error["param"]) == (422, param)
        assert code is None or error["code"] == code


async def test_what_takes_too_long_is_given_up_and_said_and_sums_are_there_all_the_same(
    counter: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hone.operations.costs.repository.TIMEOUT_MS", 500)
    async with counter.owner.transaction() as session:
        await session.execute(text("LOCK TABLE operations IN ACCESS EXCLUSIVE MODE"))
        for path in ("/api/costs", "/api/costs/export"):
            late = await counter.http.get(path, params={"by": "user"})
            assert (late.status_code, late.json()["error"]["code"]) == (422, "costs_too_broad")
        monkeypatch.undo()
        # Nothing of the calls is read where there are sums.
        kept = await counter.http.get("/api/costs", params={"by": "model", "step": "day"})
    assert kept.status_code == 200
