"""A training run that asked for it has what it made released, once."""

import json

import pytest
from sqlalchemy import text

from hone import releases
from hone.core import clock, events, ids
from hone.core.events import publish
from hone.identity import system
from tests.releases.conftest import NAME, RELEASES, Desk, Json

RUN = text(
    "INSERT INTO training_runs (id, organization_id, model, kind, task, engine, state, spec,"
    " spec_hash, hyperparameters, priority, cpu, memory, estimate, created_by, model_version_id)"
    " VALUES (:id, :organization, :model, 'initial', 'intent', 'linear', 'succeeded',"
    " CAST(:spec AS jsonb), repeat('0', 64), '{}', 'normal', 1, 1, CAST(:estimate AS jsonb),"
    " 'person_1', :version)"
)
ESTIMATE = {
    "durationSeconds": {"low": 1, "likely": 1, "high": 1},
    "memoryBytes": 1,
    "costUsd": 0,
    "basis": "a test",
}


async def succeeded(desk: Desk, then: list[str]) -> None:
    """Let a run have made version 1.1.0."""
    version = (await desk.api.get(f"/api/ai/models/{NAME}/versions/1.1.0")).json()["id"]
    organization, run = desk.api.organization_id, ids.new()
    async with desk.api.database.transaction(organization) as session:
        values = {
            "id": run,
            "organization": organization,
            "model": NAME,
            "spec": json.dumps({"onSuccess": then}),
            "estimate": json.dumps(ESTIMATE),
            "version": ids.parse("mv", version),
        }
        await session.execute(RUN, values)
        subject, actor = ids.public("trun", run), system(organization)
        publish(session, organization, actor.id, "training_run.succeeded", subject, {})
    await events.seal(desk.owner)


async def listed(desk: Desk) -> list[Json]:
    return (await desk.api.get(RELEASES)).json()["items"]


@pytest.mark.parametrize("strategy", ["shadow", "canary"])
async def test_what_a_run_made_is_released_once(desk: Desk, strategy: str) -> None:
    desk.time.at = clock.now()
    await succeeded(desk, ["register", strategy])
    await releases.tick(desk.owner, desk.api.database, None)
    (made,) = await listed(desk)
    assert (made["strategy"], made["name"]) == (strategy, NAME)
    assert "person_1" in made["reason"]
    async with desk.owner.transaction() as session:
        await session.execute(text("UPDATE event_cursors SET sequence = 0"))
    await releases.tick(desk.owner, desk.api.database, None)
    assert len(await listed(desk)) == 1


async def test_a_run_that_asks_for_nothing_or_long_ago_releases_nothing(desk: Desk) -> None:
    await succeeded(desk, ["register"])
    await releases.tick(desk.owner, desk.api.database, None)
    assert await listed(desk) == []
    await succeeded(desk, ["canary"])
    await desk.look(seconds=7200)
    assert await listed(desk) == []
