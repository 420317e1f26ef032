"""An announced price is charged from its moment on, without anybody changing anything then."""

import asyncio
import itertools
from datetime import timedelta
from uuid import UUID

import pytest

from hone import identity, registry
from hone.core import clock, ids
from hone.core.db import Database
from hone.core.keyring import Keyring, MasterKey
from hone.gateway import Current
from hone.serving import Refresher, refresh
from tests.fixtures.app import empty_shelf
from tests.fixtures.database import make_organization

DOCUMENT = """
providers: [{name: local, kind: compatible, base_url: "http://127.0.0.1:9/v1", api_key: none}]
models: [{name: venue, provider: local, upstream: venue, price: {input: 1, output: 2}}]
"""


async def test_an_announced_price_holds_from_its_moment(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refresh, "POLL_INTERVAL", 0.1)
    ring = Keyring(MasterKey.generate())
    organization = await make_organization(database)
    async with database.transaction(organization) as session:
        actor = identity.system(organization)
        document = registry.read_document(DOCUMENT, {})
        plan = await registry.plan(session, actor, document, ring, trusted=True)
        await registry.apply(session, actor, plan, ring)
        connection = await session.connection()
        await connection.exec_driver_sql(
            "INSERT INTO prices (id, organization_id, model_id, input, output, source,"
            " effective_from) SELECT %s, organization_id, id, 7000000, 9000000, 'announced', %s"
            " FROM models",
            (ids.new(), clock.now() + timedelta(seconds=1.5)),
        )
    refresher = Refresher(database, ring, Current(), empty_shelf())
    async with asyncio.TaskGroup() as group, asyncio.timeout(15):
        task = group.create_task(refresher.run())
        seen = await _prices(refresher, organization, 2)
        task.cancel()
    assert seen == [1_000_000, 7_000_000]


async def _prices(refresher: Refresher, organization: UUID, count: int) -> list[int]:
    """Watch the input price of the one model until it has had so many values."""
    seen: list[int] = []
    for pause in itertools.repeat(0.02):
        part = refresher.current.snapshot.organizations.get(organization)
        price = part and part.routes["venue"].targets[0].target.price
        if price is not None and price.input not in seen:
            seen.append(price.input)
        if len(seen) == count:
            break
        await asyncio.sleep(pause)
    return seen
