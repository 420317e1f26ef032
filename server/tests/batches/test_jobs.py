"""What goes by itself: files whose time is over, what they leave in the storage, batches that stand."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from sqlalchemy import text

from hone import batches
from hone.batches import BatchCreate, Place
from hone.core import ids
from hone.core.blobs import Blobs
from hone.core.db import Database
from hone.core.settings import Settings
from hone.identity import Actor, Permission
from tests.identity.api import Api, open_api


@pytest_asyncio.fixture
async def api(database: Database) -> AsyncIterator[Api]:
    async with open_api(database) as opened:
        yield opened


def _place(api: Api, folder: Path) -> Place:
    return Place(api.database, api.keyring, Blobs.open(Settings(data_dir=folder)), 1 << 20)


def _actor(api: Api) -> Actor:
    name = ids.public("key", ids.new())
    return Actor(name, api.organization_id, frozenset(Permission))


async def _content() -> AsyncIterator[bytes]:
    yield b"{}\n"


async def _stored(place: Place) -> int:
    return len([path async for path in place.blobs.paths()])


async def test_a_file_whose_time_is_over_leaves_nothing(
    api: Api, owner: Database, tmp_path: Path
) -> None:
    place = _place(api, tmp_path)
    kept = [
        await batches.keep(_actor(api), place, "batch", f"{n}.jsonl", _content()) for n in range(3)
    ]
    assert await _stored(place) == 3
    changes = {
        kept[0].id: "expires_at = now()",
        kept[1].id: "complete = false, created_at = now() - interval '25 hours'",
    }
    async with owner.transaction() as session:
        for file_id, change in changes.items():
            where = {"id": ids.parse("file", file_id)}
            await session.execute(text(f"UPDATE files SET {change} WHERE id = :id"), where)
    await batches.forget(owner, place)
    assert await _stored(place) == 1
    async with owner.transaction() as session:
        found = await session.execute(text("SELECT id FROM files"))
        assert list(found.scalars()) == [ids.parse("file", kept[2].id)]
        assert await session.scalar(text("SELECT count(*) FROM blob_removals")) == 0


async def test_the_input_of_a_batch_outlives_its_time(
    api: Api, owner: Database, tmp_path: Path
) -> None:
    place, actor = _place(api, tmp_path), _actor(api)
    kept = await batches.keep(actor, place, "batch", "a.jsonl", _content())
    wanted = BatchCreate(input_file_id=kept.id, endpoint="/v1/embeddings", completion_window="24h")
    async with api.database.transaction(api.organization_id) as session:
        await batches.create(session, actor, wanted)
    async with owner.transaction() as session:
        await session.execute(text("UPDATE files SET expires_at = now()"))
    await batches.forget(owner, place)
    assert await _stored(place) == 1


async def test_a_batch_without_a_job_is_given_one(
    api: Api, owner: Database, tmp_path: Path
) -> None:
    place, actor = _place(api, tmp_path), _actor(api)
    kept = await batches.keep(actor, place, "batch", "a.jsonl", _content())
    wanted = BatchCreate(input_file_id=kept.id, endpoint="/v1/embeddings", completion_window="24h")
    async with api.database.transaction(api.organization_id) as session:
        await batches.create(session, actor, wanted)
    count = text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")
    for lost in (False, True):
        async with owner.transaction() as session:
            if lost:
                await session.execute(text("UPDATE procrastinate_jobs SET status = 'failed'"))
        await batches.go_on(owner)
        await batches.go_on(owner)
        async with owner.transaction() as session:
            assert await session.scalar(count) == 1
