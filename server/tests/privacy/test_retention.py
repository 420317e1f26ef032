"""How long each kind is kept: told beforehand, changed, and done at night exactly so."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from hone import privacy
from hone.core import clock, events, ids
from hone.core.db import Database
from hone.identity import Permission
from hone.privacy import due
from tests.operations.frames import land, settled
from tests.privacy.conftest import Desk

RETENTION = "/api/retention"
moments = st.integers(1_600_000_000, 1_900_000_000).map(lambda at: datetime.fromtimestamp(at, UTC))


async def fill(desk: Desk, organization_id: UUID, *days: float) -> None:
    """Store a call of each age, with its content."""
    frames = [
        settled(
            organization_id,
            id=ids.new(int((clock.now() - timedelta(days=each)).timestamp() * 1000)).bytes,
            content_key=organization_id.bytes,
            content=b"sealed",
        )
        for each in days
    ]
    await land(desk.owner_url, frames)


async def rule(desk: Desk, kind: str) -> Any:
    answer = await desk.api.get(RETENTION)
    assert answer.status_code == 200, answer.text
    return next(each for each in answer.json()["rules"] if each["kind"] == kind)


def change(kind: str, days: int | None, version: int = 0) -> dict[str, Any]:
    return {"rules": [{"kind": kind, "days": days, "version": version}]}


async def run(desk: Desk) -> None:
    """Do the run that comes next, as of its own time."""
    await privacy.apply_retention(desk.owner, due.next_run(clock.now()))


async def told(desk: Desk, name: str) -> list[Any]:
    await events.seal(desk.owner)
    query = f"SELECT data FROM events JOIN event_details ON event_id = id WHERE name = '{name}'"
    return [row[0] for row in await desk.rows(f"{query} ORDER BY sequence")]


@given(moments)
def test_a_run_is_the_next_until_its_minute(now: datetime) -> None:
    last, following = due.last_run(now), due.next_run(now)
    assert last <= now < following
    assert following - last == timedelta(days=1)
    assert (following.hour, following.minute) == (3, 23)


async def test_everything_has_a_rule_that_says_what_goes_when(desk: Desk) -> None:
    await fill(desk, desk.api.organization_id, 1, 40)
    found = (await desk.api.get(RETENTION)).json()
    assert {each["kind"]: each["days"] for each in found["rules"]} == {
        "contents": None,
        "operations": None,
        "figures": None,
        "audit_details": None,
        "sessions": 90,
        "replays": 1,
        "quarantine": None,
        "files": None,
        "feedback": None,
        "alerts": 365,
    }
    assert found["nextRun"] == f"{due.next_run(clock.now()):%Y-%m-%dT%H:%M:%SZ}"
    operations = await rule(desk, "operations")
    assert (operations["due"]["before"], operations["due"]["rows"]) == (None, 0)
    oldest = datetime.fromisoformat(operations["due"]["oldest"])
    assert clock.now() - oldest > timedelta(days=39)


@pytest.mark.parametrize(
    "kind",
    ["contents", "operations", "figures", "audit_details", "sessions", "quarantine", "alerts"],
)
async def test_what_is_told_before_is_what_goes(desk: Desk, kind: str) -> None:
    days = 90 if kind == "audit_details" else 60
    await fill(desk, desk.api.organization_id, 1, 59, 61.5, 100, 400)
    await _age(desk)
    before = (await desk.api.post(f"{RETENTION}/preview", change(kind, days))).json()
    (seen,) = [each for each in before["rules"] if each["kind"] == kind]
    assert (await rule(desk, kind))["days"] != days, "a preview changes nothing"
    assert seen["due"]["rows"] > 0
    cutoff = datetime.fromisoformat(before["nextRun"]) - timedelta(days=days)
    assert datetime.fromisoformat(seen["due"]["before"]) == cutoff
    assert (await desk.api.put(RETENTION, change(kind, days))).status_code == 200
    assert (await rule(desk, kind))["due"] == seen["due"]
    await run(desk)
    after = await rule(desk, kind)
    assert after["due"]["rows"] == 0
    assert (
        after["due"]["oldest"] is None or datetime.fromisoformat(after["due"]["oldest"]) >= cutoff
    )
    (done,) = await told(desk, "retention.applied")
    assert done["deleted"][kind] == seen["due"]["rows"]
    (changed,) = await told(desk, "retention.updated")
    assert changed["after"] == {kind: days}


async def _age(desk: Desk) -> None:
    """Put something old where no call of the API can."""
    person = {"email": "ada@venue.example", "name": "Ada", "role": "user"}
    made = (await desk.api.post("/api/identity/people", person)).json()
    names = {"o": desk.api.organization_id, "p": ids.parse("person", made["id"])}
    await events.seal(desk.owner)
    async with desk.owner.transaction() as session:
        connection = await session.connection()
        for days in (1, 70, 80):
            at = clock.now() - timedelta(days=days)
            await connection.exec_driver_sql(
                "INSERT INTO sessions (id, organization_id, person_id, method, rotated_at, address,"
                " user_agent, last_seen_at, expires_at, ended_at)"
                " VALUES (%s, %s, %s, 'password', %s, '', '', %s, %s, %s)",
                (ids.new(), names["o"], names["p"], at, at, at, at),
            )
            await connection.exec_driver_sql(
                "INSERT INTO quarantine (id, organization_id, lane, segment, position, reason, raw,"
                " created_at) VALUES (%s, %s, 'lane', 1, %s, 'broken', '', %s)",
                (ids.new(), names["o"], days, at),
            )
            await connection.exec_driver_sql(
                "INSERT INTO alerts (id, organization_id, key, kind, severity, state, title, words,"
                " recommendation, opened_at, last_seen_at, resolved_at, resolved_by)"
                " VALUES (%s, %s, %s, 'errors', 'warning', 'resolved', '', '', '', %s, %s, %s,"
                " 'system')",
                (ids.new(), names["o"], f"old {days}", at, at, at),
            )
        await connection.exec_driver_sql("ALTER TABLE events DISABLE TRIGGER USER")
        await connection.exec_driver_sql(
            "UPDATE events SET at = at - interval '100 days' WHERE position <= 2"
        )


async def test_contents_go_with_their_operations_at_the_latest(desk: Desk) -> None:
    await desk.api.put(RETENTION, change("contents", 60))
    await desk.api.put(RETENTION, change("operations", 40))
    assert (await rule(desk, "contents"))["effectiveDays"] == 40
    organization = (await desk.api.get("/api/identity/organization")).json()
    assert organization["retentionDays"] == 40, "where the server before reads it"
    await desk.api.call("PATCH", "/api/identity/organization", {"retentionDays": 50})
    assert (await rule(desk, "operations"))["days"] == 50


async def test_two_organizations_in_one_month_keep_their_own(desk: Desk) -> None:
    await desk.api.add_organization("Other")
    mine, other = desk.api.organizations
    for each in (mine, other):
        await fill(desk, each, 1, 10, 11, 12)
    await desk.api.put(RETENTION, change("operations", 5))
    await run(desk)
    counts = "SELECT organization_id, count(*) FROM operations GROUP BY 1"
    assert dict(map(tuple, await desk.rows(counts))) == {mine: 1, other: 4}
    facets = "SELECT organization_id, sum(requests) FROM operation_facets WHERE field = 'kind' GROUP BY 1"
    assert dict(map(tuple, await desk.rows(facets))) == {mine: 1, other: 4}
    await run(desk)
    assert len(await told(desk, "retention.applied")) == 1, "one run tells once"


async def test_a_run_that_was_killed_goes_on_and_tells_once(desk: Desk, owner: Database) -> None:
    await desk.api.add_organization("Keeper")
    await fill(desk, desk.api.organization_id, 1, *[20 + number / 10_000 for number in range(4500)])
    await desk.api.put(RETENTION, change("operations", 5))
    at = due.next_run(clock.now())
    with pytest.raises(SQLAlchemyError):
        await _applied_until(desk, owner, at, batches=2)
    assert await told(desk, "retention.applied") == []
    await privacy.apply_retention(desk.owner, at)
    await privacy.apply_retention(desk.owner, at)
    (done,) = await told(desk, "retention.applied")
    assert done["deleted"] == {"contents": 4500, "operations": 4500}
    assert done["run"] == at.isoformat()


async def _applied_until(desk: Desk, owner: Database, at: datetime, *, batches: int) -> None:
    """Run until the database refuses a batch: so far as a worker came that was killed there."""
    number = batches * due.BATCH
    async with owner.transaction() as session:
        await session.execute(
            text(f"""
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF (SELECT (counts ->> 'operations')::int FROM retention_runs) >= {number} THEN
                    RAISE EXCEPTION 'the worker is gone';
                END IF; RETURN NULL; END $$""")
        )
        await session.execute(
            text(
                "CREATE TRIGGER refuse AFTER DELETE ON operations"
                " FOR EACH STATEMENT EXECUTE FUNCTION refuse()"
            )
        )
    try:
        await privacy.apply_retention(owner, at)
    finally:
        async with owner.transaction() as session:
            await session.execute(text("DROP TRIGGER refuse ON operations"))


@pytest.mark.parametrize(
    ("kind", "days", "code"),
    [
        ("figures", 30, "kept_too_short"),
        ("audit_details", 89, "kept_too_short"),
        ("quarantine", 6, "kept_too_short"),
        ("sessions", 91, "kept_too_long"),
        ("sessions", None, "kept_too_long"),
        ("replays", 2, "kept_too_long"),
    ],
)
async def test_a_rule_has_bounds(desk: Desk, kind: str, days: int | None, code: str) -> None:
    for method, path in (("PUT", RETENTION), ("POST", f"{RETENTION}/preview")):
        answer = await desk.api.call(method, path, change(kind, days))
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
        assert answer.json()["error"]["param"] == kind


async def test_a_rule_that_was_changed_meanwhile_is_told(desk: Desk) -> None:
    assert (await desk.api.put(RETENTION, change("figures", 400))).status_code == 200
    answer = await desk.api.put(RETENTION, change("figures", 500))
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "version_conflict")
    assert answer.json()["error"]["details"] == {"version": 1}
    assert (await desk.api.put(RETENTION, change("figures", 500, 1))).status_code == 200


async def test_it_needs_the_permission_and_is_of_one_organization(desk: Desk) -> None:
    key = await desk.api.add_key(*(set(Permission) - {Permission.ORGANIZATION_WRITE}))
    for method, path, body in (
        ("GET", RETENTION, None),
        ("PUT", RETENTION, change("figures", 400)),
        ("POST", f"{RETENTION}/preview", change("figures", 400)),
    ):
        assert (await desk.api.call(method, path, body, key)).status_code == 403
    await desk.api.put(RETENTION, change("figures", 400))
    stranger = await desk.api.add_organization("Stranger")
    found = (await desk.api.get(RETENTION, stranger)).json()["rules"]
    assert {each["days"] for each in found} == {None, 90, 1, 365}
