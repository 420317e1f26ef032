"""Every query of learned routing. Each one names the organization."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from hone.core import clock, ids
from hone.core.db import Session
from hone.core.paging import PageQuery, UnknownCursor, cursor
from hone.registry import Model
from hone.routing.models import RoutingFit, RoutingModel, RoutingOutcome

ACTIVE: Final = "active"
_LOCK_SPACE: Final = 0x524F5554
_SUMS: Final = """
SELECT s.key AS model, count(*) AS outcomes, avg(s.value::float) AS mean
FROM routing_outcomes o, jsonb_each_text(o.scores) s
WHERE o.organization_id = :organization GROUP BY 1 ORDER BY 2 DESC, 1
"""
_PRUNED: Final = """
DELETE FROM routing_models m WHERE organization_id = :organization AND state <> 'active'
    AND id NOT IN (SELECT former_id FROM routing_models
        WHERE organization_id = :organization AND state = 'active' AND former_id IS NOT NULL)
    AND version <= (SELECT max(version) FROM routing_models
        WHERE organization_id = :organization) - :kept
RETURNING digest
"""


async def lock(session: Session, organization_id: UUID) -> None:
    """Let one transaction at a time say which routing model is active."""
    key = func.hashtextextended(organization_id.hex, _LOCK_SPACE)
    await session.execute(select(func.pg_advisory_xact_lock(key)))


async def by_id(session: Session, organization_id: UUID, model_id: UUID) -> RoutingModel | None:
    """Find one routing model, as it is now."""
    query = _models(organization_id).where(RoutingModel.id == model_id)
    return await session.scalar(query.execution_options(populate_existing=True))


async def by_version(session: Session, organization_id: UUID, version: int) -> RoutingModel | None:
    """Find one routing model by its number."""
    return await session.scalar(_models(organization_id).where(RoutingModel.version == version))


async def active(session: Session, organization_id: UUID) -> RoutingModel | None:
    """Find the routing model that calls use."""
    query = _models(organization_id).where(RoutingModel.state == ACTIVE)
    return await session.scalar(query.execution_options(populate_existing=True))


def _models(organization_id: UUID) -> Select[RoutingModel]:
    return select(RoutingModel).where(RoutingModel.organization_id == organization_id)


async def page(
    session: Session, organization_id: UUID, query: PageQuery
) -> tuple[Sequence[RoutingModel], int, str | None]:
    """Return one page of routing models, newest first, their number and the next cursor."""
    mine = _models(organization_id)
    total = await session.scalar(mine.with_only_columns(func.count())) or 0
    last = _last(query)
    if last is not None:
        mine = mine.where(RoutingModel.id < last)
    found = (
        await session.scalars(mine.order_by(RoutingModel.id.desc()).limit(query.limit + 1))
    ).all()
    rows = found[: query.limit]
    return rows, total, cursor(rows[-1].id.hex) if len(found) > len(rows) else None


def _last(query: PageQuery) -> UUID | None:
    after = query.after()
    if after is None:
        return None
    last = ids.parse("", after[0]) if len(after) == 1 else None
    if last is None:
        raise UnknownCursor(param="cursor")
    return last


async def next_version(session: Session, organization_id: UUID) -> int:
    """Return the number of the next routing model."""
    newest = _models(organization_id).with_only_columns(func.max(RoutingModel.version))
    return (await session.scalar(newest) or 0) + 1


async def prune(session: Session, organization_id: UUID, kept: int) -> set[str]:
    """Delete what is old and not in force; return the files that nothing names any more."""
    values = {"organization": organization_id, "kept": kept}
    gone = set((await session.execute(text(_PRUNED), values)).scalars())
    named = _models(organization_id).where(RoutingModel.digest.in_(gone))
    return gone - set(await session.scalars(named.with_only_columns(RoutingModel.digest)))


async def fit(session: Session, organization_id: UUID, fit_id: UUID) -> RoutingFit | None:
    """Find one fit, as it is now."""
    query = _fits(organization_id).where(RoutingFit.id == fit_id)
    return await session.scalar(query.execution_options(populate_existing=True))


async def newest_fit(session: Session, organization_id: UUID) -> RoutingFit | None:
    """Find the last fit that was begun."""
    return await session.scalar(_fits(organization_id).order_by(RoutingFit.id.desc()).limit(1))


async def running(session: Session, organization_id: UUID) -> RoutingFit | None:
    """Find the fit that runs."""
    return await session.scalar(_fits(organization_id).where(RoutingFit.state == "running"))


def _fits(organization_id: UUID) -> Select[RoutingFit]:
    return select(RoutingFit).where(RoutingFit.organization_id == organization_id)


async def move(
    session: Session, organization_id: UUID, fit_id: UUID, stage: str, progress: float
) -> None:
    """Say how far a fit is."""
    await session.execute(
        update(RoutingFit)
        .where(RoutingFit.organization_id == organization_id, RoutingFit.id == fit_id)
        .values(stage=stage, progress=progress, updated_at=clock.now())
    )


async def tell(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep outcomes; of a prompt that is known, what is told now of a model is what counts."""
    made = insert(RoutingOutcome).values([dict(row) for row in rows])
    known = RoutingOutcome.__table__.c
    await session.execute(
        made.on_conflict_do_update(
            index_elements=[RoutingOutcome.organization_id, RoutingOutcome.digest],
            set_={
                "scores": known.scores.op("||")(made.excluded.scores),
                "sealed": made.excluded.sealed,
                "key_id": made.excluded.key_id,
                "user_id": func.coalesce(made.excluded.user_id, known.user_id),
                "updated_at": clock.now(),
            },
        )
    )


async def count(session: Session, organization_id: UUID) -> int:
    """Count the prompts that something was told of."""
    query = select(func.count()).where(RoutingOutcome.organization_id == organization_id)
    return await session.scalar(query) or 0


async def sums(session: Session, organization_id: UUID) -> list[tuple[str, int, float]]:
    """Count what was told of each model, by its id, with the mean score."""
    rows = await session.execute(text(_SUMS), {"organization": organization_id})
    return [(row.model, row.outcomes, row.mean) for row in rows]


async def outcomes(
    session: Session, organization_id: UUID, after: UUID | None, most: int
) -> Sequence[RoutingOutcome]:
    """Read outcomes, newest first, from behind one of them."""
    query = select(RoutingOutcome).where(RoutingOutcome.organization_id == organization_id)
    if after is not None:
        query = query.where(RoutingOutcome.id < after)
    return (await session.scalars(query.order_by(RoutingOutcome.id.desc()).limit(most))).all()


async def forget(session: Session, organization_id: UUID) -> int:
    """Delete all outcomes; return how many prompts they were on."""
    mine = RoutingOutcome.organization_id == organization_id
    gone = await session.execute(delete(RoutingOutcome).where(mine).returning(RoutingOutcome.id))
    return len(gone.all())


async def model_names(session: Session, organization_id: UUID) -> dict[UUID, str]:
    """Name the models that can be called."""
    query = select(Model.id, Model.name).where(Model.organization_id == organization_id)
    return {row[0]: row[1] for row in (await session.execute(query)).all()}


async def standing(session: Session, since: datetime) -> list[tuple[UUID, UUID]]:
    """Find fits of all organizations that have not moved since a moment; as the owner."""
    query = select(RoutingFit.organization_id, RoutingFit.id).where(
        RoutingFit.state == "running", RoutingFit.updated_at < since
    )
    return [(row[0], row[1]) for row in (await session.execute(query)).all()]
