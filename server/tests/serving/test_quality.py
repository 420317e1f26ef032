"""Routing models in the processes: each organization's own, loaded once, and none that is faulty."""

import pytest
import pytest_asyncio
from obstore.store import MemoryStore

from hone import routing
from hone.core import ids
from hone.core.blobs import Blobs
from hone.core.db import Database
from hone.core.keyring import Keyring, MasterKey
from hone.gateway import Current
from hone.routing import repository
from hone.serving import Refresher, Shelf
from tests.fixtures import learned
from tests.fixtures.database import make_organization

RING = Keyring(MasterKey.generate())


@pytest_asyncio.fixture
async def refresher(database: Database) -> Refresher:
    return Refresher(database, RING, Current(), Shelf(Blobs(MemoryStore())))


async def test_an_organization_gets_its_own_and_nobody_elses(
    database: Database, refresher: Refresher
) -> None:
    ours, theirs, bare = [await make_organization(database) for _ in range(3)]
    model, blobs = ids.new().hex, refresher.shelf.blobs
    kept = {
        each: await learned.keep(
            database, blobs, each, learned.constant({model: odds}), state="active"
        )
        for each, odds in ((ours, 1.0), (theirs, -1.0))
    }
    await refresher.catch_up()
    parts = refresher.current.snapshot.organizations
    assert parts[bare].learned is None
    for organization, made in kept.items():
        found = parts[organization].learned
        assert found is not None
        assert found.id == made
        assert found.predictor.heads[0].bias == (1.0 if organization == ours else -1.0)
    async with database.transaction(ours) as session:
        assert (await routing.in_force(session, theirs)) is None, "row-level security holds it"


async def test_it_is_loaded_once_and_let_go_when_it_is_retired(
    database: Database, refresher: Refresher, monkeypatch: pytest.MonkeyPatch
) -> None:
    organization, reads = await make_organization(database), list[str]()
    read = Blobs.read

    async def counted(blobs: Blobs, path: str) -> bytes:
        reads.append(path)
        return await read(blobs, path)

    monkeypatch.setattr(Blobs, "read", counted)
    blobs, predictor = refresher.shelf.blobs, learned.constant({ids.new().hex: 1.0})
    await learned.keep(database, blobs, organization, predictor, state="active")
    await refresher.catch_up()
    held = refresher.current.snapshot.organizations[organization].learned
    await learned.keep(database, blobs, organization, predictor, version=2)
    await refresher.catch_up()
    assert refresher.current.snapshot.organizations[organization].learned is held
    assert len(reads) == 1
    async with database.transaction(organization) as session:
        row = await repository.active(session, organization)
        assert row is not None
        row.state = "retired"
    await refresher.catch_up()
    assert refresher.current.snapshot.organizations[organization].learned is None


@pytest.mark.parametrize("content", [None, b"no routing model"])
async def test_one_that_cannot_be_loaded_is_left_out_and_tried_again(
    database: Database, refresher: Refresher, content: bytes | None
) -> None:
    organization = await make_organization(database)
    blobs, predictor = refresher.shelf.blobs, learned.constant({ids.new().hex: 1.0})
    made = await learned.keep(database, blobs, organization, predictor, state="active")
    async with database.transaction(organization) as session:
        row = await repository.by_id(session, organization, made)
        assert row is not None
        whole = row.digest
        row.digest = "0" * 64 if content is None else await blobs.put(organization, content)
    await refresher.catch_up()
    assert refresher.current.ready
    assert refresher.current.snapshot.organizations[organization].learned is None
    assert set(refresher.shelf.broken) == {organization}
    async with database.transaction(organization) as session:
        row = await repository.by_id(session, organization, made)
        assert row is not None
        row.digest = whole
    await refresher.catch_up()
    assert refresher.current.snapshot.organizations[organization].learned is not None
    assert not refresher.shelf.broken
