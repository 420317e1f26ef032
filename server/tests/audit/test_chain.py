"""Walking the chain from the dashboard: whole, broken, resumed, never twice at once."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from hone.audit import verify_chain
from hone.core import events, ids
from hone.core.db import Database
from hone.core.jobs import Job
from tests.audit.test_events import make
from tests.identity.api import Api


async def walk(api: Api) -> None:
    """Run the job that waits, as a worker does."""
    async with api.database.transaction() as session:
        found = await session.execute(
            text(
                "UPDATE procrastinate_jobs SET status = 'doing'"
                " WHERE task_name = 'audit.verify_chain' AND status = 'todo'"
                " RETURNING id, attempts, args"
            )
        )
        number, attempts, arguments = found.one()
    await verify_chain(Job(number, attempts, api.database), **arguments)


async def state(api: Api) -> dict[str, Any]:
    return (await api.get("/api/audit/chain")).json()


async def test_a_whole_chain_is_told_with_its_head(api: Api, owner: Database) -> None:
    await make(owner, api, "thing.made", "thing.made")
    before = await state(api)
    assert before["last"] is None
    started = await api.post("/api/audit/verify", None)
    assert started.status_code == 202
    again = await api.post("/api/audit/verify", None)
    assert again.json()["id"] == started.json()["id"], "one walk at a time"
    assert (await state(api))["running"]["state"] == "running"
    await walk(api)
    after = await state(api)
    assert after["running"] is None
    assert after["last"]["state"] == "whole"
    assert after["last"]["checked"] == before["events"] >= 4
    assert after["last"]["hash"] == before["head"]
    assert after["waiting"] == 1, "that a walk was begun is itself in the trail"


async def test_a_break_is_told_and_noted(api: Api, owner: Database) -> None:
    await make(owner, api, "thing.made", "thing.made")
    async with owner.transaction() as session:
        await session.execute(text("ALTER TABLE events DISABLE TRIGGER USER"))
        await session.execute(text("UPDATE events SET actor = 'mallory' WHERE position = 2"))
    await api.post("/api/audit/verify", None)
    await walk(api)
    last = (await state(api))["last"]
    assert (last["state"], last["checked"], last["brokenAt"]) == ("broken", 1, 2)
    assert last["reason"] == "the event or its place was altered"
    await events.seal(owner)
    noted = (await api.get("/api/audit/events?name=audit.chain_broken")).json()["items"]
    assert noted[0]["details"]["position"] == 2


async def test_a_walk_goes_on_where_it_was_killed(api: Api, owner: Database) -> None:
    await make(owner, api, *["thing.made"] * 5)
    started = (await api.post("/api/audit/verify", None)).json()
    made = ids.parse("ver", started["id"])
    assert isinstance(made, UUID)
    async with api.database.transaction(api.organization_id) as session:
        walked, broken = await events.follow(session, api.organization_id, events.Walked(), 3)
        assert broken is None
        await session.execute(
            text("UPDATE event_verifications SET checked = 3, hash = :hash WHERE id = :id"),
            {"hash": walked.hash, "id": made},
        )
    await walk(api)
    assert (await state(api))["last"]["state"] == "whole"


@pytest.mark.parametrize("batch", [1, 2, 3, 10])
async def test_the_size_of_a_step_does_not_matter(api: Api, owner: Database, batch: int) -> None:
    await make(owner, api, "thing.made")
    async with api.database.transaction(api.organization_id) as session:
        assert await events.verify(session, api.organization_id, batch) == (3, None)
