"""The rules of what-if: who may ask, and how the calls are replayed beside everything else."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from typing import Final

from hone import registry
from hone.core import clock, ids
from hone.core.db import Database, Session
from hone.core.errors import NotFound
from hone.gateway import Deadlines, Route
from hone.identity import Actor, Permission
from hone.replay import basis, telling
from hone.replay.basis import Basis
from hone.replay.history import usual_usage
from hone.replay.schemas import WhatIf, WhatIfQuery
from hone.replay.simulation import Outcome, Simulation

RUNS: Final = 12
"""The first one goes by what was seen, the others by what might as well have been seen."""
SEED: Final = 20_261_126

Gone = Callable[[], Awaitable[bool]]
"""Tells whether nobody waits for the answer any more."""


async def what_if(
    database: Database, actor: Actor, data: WhatIfQuery, gone: Gone, turn: asyncio.Semaphore
) -> WhatIf:
    """Tell what a route would have made of the calls that it, or the organization, had last."""
    actor.require(Permission.ROUTES_WRITE)
    actor.require(Permission.OPERATIONS_READ)
    async with database.transaction(actor.organization_id) as session:
        route = await registry.drafted(session, actor.organization_id, data, clock.now())
        saved = None if data.id is None else await _saved(session, actor, data.id)
        found = await basis.gather(session, actor.organization_id, route, saved, data.calls)
    async with turn:
        runs = await _replayed(route, found, gone)
    return telling.tell(route, found, runs)


async def _saved(session: Session, actor: Actor, route_id: str) -> tuple[str, Deadlines]:
    parsed = ids.parse("route", route_id)
    found = parsed and await registry.present(session, actor.organization_id, parsed)
    if not found:
        raise NotFound("There is no such route in this organization.")
    return found


async def _replayed(route: Route, found: Basis, gone: Gone) -> list[list[Outcome]]:
    """Replay the calls as often as it takes to know the range; other calls go on meanwhile."""
    runs: list[list[Outcome]] = []
    usual = usual_usage(found.calls)
    for number in range(RUNS):
        luck = Random(SEED + number)
        pools = found.pools
        if number:
            pools = {model_id: each.again(luck) for model_id, each in pools.items()}
        run = Simulation(found.calls, route, pools, luck, found.held, usual)
        for _ in run.run():
            await asyncio.sleep(0)
        runs.append(run.outcomes)
        if await gone():
            break
    return runs
