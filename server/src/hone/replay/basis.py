"""Which calls are replayed, and what is known of each model."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Final
from uuid import UUID

from hone import operations
from hone.core.db import Session
from hone.gateway import Deadlines, Route, can_take
from hone.llm.types import Target
from hone.operations import Filters, Operation
from hone.replay import recorded
from hone.replay.history import Past, Try
from hone.replay.pools import Pool, pool

ENOUGH: Final = 100
"""Of a model with fewer attempts among the calls, others are looked for."""
LOOKED_FOR: Final = 300
MOST_LOOKED_FOR: Final = 6
"""For so many models, as each may take a quarter of a second among many millions of calls."""


@dataclass(frozen=True, slots=True)
class Basis:
    """The calls that are replayed, and what else is known."""

    of_route: bool
    calls: list[Past]
    since: datetime | None
    until: datetime | None
    ended: int
    unfit: int
    held: Deadlines
    pools: dict[UUID, Pool]
    name: str | None = None
    """Of the route, where there is one."""


async def gather(
    session: Session,
    organization_id: UUID,
    route: Route,
    saved: tuple[str, Deadlines] | None,
    most: int,
) -> Basis:
    """Read the newest calls of a route, or of the organization where it has none."""
    rows: Sequence[Operation] = []
    if saved is not None:
        rows = await operations.newest(
            session, organization_id, Filters(routes=(saved[0],), met=True), most
        )
    of_route = any(recorded.usable(row) for row in rows)
    if not of_route:
        rows = await operations.newest(session, organization_id, Filters(met=True), most)
    rows = [row for row in reversed(rows) if recorded.usable(row)]
    told = [recorded.past(row) for row in rows if not recorded.ended(row)]
    targets = targets_of(route)
    # Of other routes' calls those are left out that this route could never be asked.
    calls = told if of_route else [each for each in told if can_take(targets, each.ask)]
    tries = recorded.tries_of(rows)
    return Basis(
        of_route,
        calls,
        rows[0].created_at if rows else None,
        rows[-1].created_at if rows else None,
        len(rows) - len(told),
        len(told) - len(calls),
        saved[1] if saved is not None and of_route else Deadlines(),
        await _pools(session, organization_id, targets, tries),
        saved and saved[0],
    )


async def _pools(
    session: Session, organization_id: UUID, targets: Sequence[Target], tries: Sequence[Try]
) -> dict[UUID, Pool]:
    """Gather what is known of each model: among the calls, and elsewhere where that is little."""
    found = {target.model_id: _of(target, tries) for target in targets}
    few = [each for each in targets if len(found[each.model_id]) < ENOUGH]
    for target in few[:MOST_LOOKED_FOR]:
        wanted = Filters(models=(target.model,))
        rows = await operations.newest(session, organization_id, wanted, LOOKED_FOR)
        more = _of(target, recorded.tries_of(rows))
        if len(more) > len(found[target.model_id]):
            found[target.model_id] = more
    return {model_id: pool(each) for model_id, each in found.items()}


def _of(target: Target, tries: Iterable[Try]) -> list[Try]:
    return [each for each in tries if each.of(target)]


def targets_of(route: Route) -> list[Target]:
    """List every model of a route once."""
    named = chain((each.target for each in route.targets), route.fallbacks)
    return list({each.model_id: each for each in named}.values())
