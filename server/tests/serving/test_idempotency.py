"""Claims on idempotency keys, whoever asks and whatever becomes of who holds one."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
import pytest_asyncio
from sqlalchemy import text

from hone.core import ids
from hone.core.counters import Counters
from hone.core.db import Database
from hone.core.keyring import CONTENT, Keyring, MasterKey
from hone.gateway import Claim, IdempotencyUnavailable, Outcome, Replay, Spool
from hone.serving.drain import Drain
from hone.serving.idempotency import Store, forget_expired
from tests.fixtures.database import Urls, make_organization
from tests.serving.frames import opened

RING = Keyring(MasterKey.generate())
KEY, REQUEST = b"k" * 32, b"r" * 32
ANSWER = Replay(200, [(b"content-type", b"application/json"), (b"x-odd", b"\xe9")], b'{"a": 1}')


@pytest_asyncio.fixture
async def organization(database: Database) -> UUID:
    return await make_organization(database)


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database, RING)


@pytest_asyncio.fixture
async def other_process(urls: Urls) -> AsyncIterator[Store]:
    """Give the store of another process: its own connections, the same database."""
    made = Database.connect(urls.app, pool_size=4)
    yield Store(made, RING)
    await made.aclose()


async def _expire(owner: Database) -> None:
    async with owner.transaction() as session:
        await session.execute(text("UPDATE idempotency SET expires_at = now() - interval '1 s'"))


async def test_an_answer_is_replayed_by_any_process(
    store: Store, other_process: Store, organization: UUID
) -> None:
    operation = ids.new()
    assert await store.claim(organization, KEY, REQUEST, operation) is Claim.FRESH
    assert await other_process.claim(organization, KEY, REQUEST, ids.new()) is Claim.IN_PROGRESS
    await store.finish(organization, KEY, operation, ANSWER)
    assert await other_process.claim(organization, KEY, REQUEST, ids.new()) == ANSWER
    assert await store.claim(organization, KEY, b"x" * 32, ids.new()) is Claim.MISMATCH


async def test_a_kept_answer_is_sealed(store: Store, owner: Database, organization: UUID) -> None:
    operation = ids.new()
    await store.claim(organization, KEY, REQUEST, operation)
    await store.finish(organization, KEY, operation, ANSWER)
    async with owner.transaction() as session:
        sealed = await session.scalar(text("SELECT sealed FROM idempotency"))
        assert ANSWER.body not in bytes(sealed)
        await session.execute(text(f"DELETE FROM data_keys WHERE purpose = '{CONTENT}'"))
    found = await store.claim(organization, KEY, REQUEST, ids.new())
    assert found is Claim.NOT_REPLAYABLE, "its key is destroyed"


async def test_of_many_that_claim_at_once_one_has_it(
    store: Store, other_process: Store, organization: UUID
) -> None:
    for number in range(10):
        key = bytes([number]) * 32
        claims = [
            each.claim(organization, key, REQUEST, ids.new())
            for each in (store, other_process)
            for _ in range(4)
        ]
        found = await asyncio.gather(*claims)
        assert sorted(each.name for each in found if isinstance(each, Claim)) == sorted(
            ["FRESH", *["IN_PROGRESS"] * 7]
        )


async def test_organizations_do_not_share_keys(
    store: Store, database: Database, organization: UUID
) -> None:
    other = await make_organization(database, "Other")
    operation = ids.new()
    await store.claim(organization, KEY, REQUEST, operation)
    await store.finish(organization, KEY, operation, ANSWER)
    assert await store.claim(other, KEY, REQUEST, ids.new()) is Claim.FRESH


async def test_a_released_key_may_be_used_again_and_one_not_replayable_may_not(
    store: Store, organization: UUID
) -> None:
    first, second = ids.new(), ids.new()
    await store.claim(organization, KEY, REQUEST, first)
    await store.finish(organization, KEY, first, Outcome.RELEASED)
    assert await store.claim(organization, KEY, REQUEST, second) is Claim.FRESH
    await store.finish(organization, KEY, first, Outcome.RELEASED)
    assert await store.claim(organization, KEY, REQUEST, ids.new()) is Claim.IN_PROGRESS, (
        "a late end of the first operation freed the second one's claim"
    )
    await store.finish(organization, KEY, second, Outcome.NOT_REPLAYABLE)
    assert await store.claim(organization, KEY, REQUEST, ids.new()) is Claim.NOT_REPLAYABLE


@pytest.mark.parametrize("finished", [False, True])
async def test_a_claim_and_an_answer_expire(
    store: Store, owner: Database, organization: UUID, finished: bool
) -> None:
    operation = ids.new()
    await store.claim(organization, KEY, REQUEST, operation)
    if finished:
        await store.finish(organization, KEY, operation, ANSWER)
    await _expire(owner)
    assert await store.claim(organization, KEY, b"x" * 32, ids.new()) is Claim.FRESH
    await _expire(owner)
    await forget_expired(owner)
    async with owner.transaction() as session:
        assert await session.scalar(text("SELECT count(*) FROM idempotency")) == 0


async def test_a_claim_of_a_process_that_died_is_freed_by_the_drain(
    store: Store, organization: UUID, urls: Urls, tmp_path: Path
) -> None:
    operation = ids.new()
    assert await store.claim(organization, KEY, REQUEST, operation) is Claim.FRESH
    spool = Spool(tmp_path / "spool")
    spool.append(opened(organization, operation))
    counters = Counters(tmp_path / "metrics", "drain")
    drain = Drain(tmp_path / "spool", urls.owner, counters)
    async with await psycopg.AsyncConnection.connect(urls.owner, autocommit=True) as connection:
        while await drain.advance(connection):
            pass
        assert await store.claim(organization, KEY, REQUEST, ids.new()) is Claim.IN_PROGRESS
        spool.close()
        while await drain.advance(connection):
            pass
    counters.close()
    assert await store.claim(organization, KEY, REQUEST, ids.new()) is Claim.FRESH


async def test_a_database_that_is_away_is_told_as_such(organization: UUID) -> None:
    away = Database.connect("postgresql://hone_app:x@127.0.0.1:1/hone", pool_size=1)
    store = Store(away, RING)
    with pytest.raises(IdempotencyUnavailable):
        await store.claim(organization, KEY, REQUEST, ids.new())
    with pytest.raises(IdempotencyUnavailable):
        await store.finish(organization, KEY, ids.new(), ANSWER)
    await away.aclose()
