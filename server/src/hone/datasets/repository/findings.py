"""Queries about checks and findings."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from hone.core import clock
from hone.core.db import Session
from hone.core.paging import PageQuery, UnknownCursor, cursor
from hone.datasets.models import Check, Dataset, Finding


async def check(session: Session, dataset: Dataset, check_id: UUID) -> Check | None:
    """Find a check, as it is now, and let nobody else change it."""
    query = _checks(dataset).where(Check.id == check_id).with_for_update()
    return await session.scalar(query.execution_options(populate_existing=True))


async def check_to_do(session: Session, organization_id: UUID, check_id: UUID) -> Check | None:
    """Find a check by its id alone, as a worker does."""
    query = select(Check).where(Check.organization_id == organization_id, Check.id == check_id)
    return await session.scalar(query.execution_options(populate_existing=True))


async def checks(session: Session, dataset: Dataset, limit: int) -> Sequence[Check]:
    """List the newest checks of a dataset."""
    return (await session.scalars(_checks(dataset).order_by(Check.id.desc()).limit(limit))).all()


async def go_on(
    session: Session, organization_id: UUID, check_id: UUID, facts: Mapping[str, Any]
) -> bool:
    """Write how a check is; tell whether it runs at all."""
    done = await session.execute(
        update(Check)
        .where(
            Check.organization_id == organization_id,
            Check.id == check_id,
            Check.state == "running",
        )
        .values(**facts, updated_at=clock.now())
        .returning(Check.id)
    )
    return done.first() is not None


async def running(owner: Session) -> list[UUID]:
    """List the checks of all organizations that run; as the owner."""
    return list(await owner.scalars(select(Check.id).where(Check.state == "running")))


async def standing(owner: Session, since: datetime) -> list[tuple[UUID, UUID]]:
    """Find checks of all organizations that have not moved since a moment; as the owner."""
    query = select(Check.organization_id, Check.id).where(
        Check.state == "running", Check.updated_at < since
    )
    return [(row[0], row[1]) for row in await owner.execute(query)]


async def by_id(
    session: Session, dataset: Dataset, finding_id: UUID, *, lock: bool = False
) -> Finding | None:
    """Find a finding."""
    query = _findings(dataset).where(Finding.id == finding_id)
    query = query.execution_options(populate_existing=True)
    return await session.scalar(query.with_for_update() if lock else query)


async def open_by_key(
    session: Session, dataset: Dataset, kind: str, keys: Collection[bytes]
) -> Sequence[Finding]:
    """Find open findings of a kind by their keys."""
    query = _findings(dataset).where(
        Finding.kind == kind, Finding.state == "open", Finding.key.in_(keys)
    )
    return (await session.scalars(query)).all()


async def page(
    session: Session,
    dataset: Dataset,
    kind: str | None,
    state: str | None,
    query: PageQuery,
) -> tuple[Sequence[Finding], int, str | None]:
    """List findings, the surest first, with their number and the next cursor."""
    mine = _findings(dataset)
    if kind is not None:
        mine = mine.where(Finding.kind == kind)
    if state is not None:
        mine = mine.where(Finding.state == state)
    total = await session.scalar(mine.with_only_columns(func.count())) or 0
    after = _after(query)
    if after is not None:
        score, last = after
        same = and_(Finding.score == score, Finding.id > last)
        mine = mine.where(or_(Finding.score < score, same))
    ordered = mine.order_by(Finding.score.desc(), Finding.id).limit(query.limit + 1)
    found = (await session.scalars(ordered)).all()
    rows = found[: query.limit]
    following = cursor(rows[-1].score, rows[-1].id.hex) if len(found) > len(rows) else None
    return rows, total, following


def _after(query: PageQuery) -> tuple[float, UUID] | None:
    after = query.after()
    if after is None:
        return None
    try:
        score, last = after
        return float(score), UUID(last)
    except ValueError:
        raise UnknownCursor(param="cursor") from None


async def note(
    session: Session, rows: Sequence[Mapping[str, Any]], *, again: bool = False
) -> list[str]:
    """Add findings that are new and return their kinds; with `again`, one that changed opens anew."""
    if not rows:
        return []
    made = insert(Finding).values([dict(row) for row in rows])
    if again:
        made = made.on_conflict_do_update(
            index_elements=["dataset_id", "kind", "key"],
            set_={
                "examples": made.excluded.examples,
                "state": "open",
                "decided_by": None,
                "decided_at": None,
            },
        )
    else:
        made = made.on_conflict_do_nothing(index_elements=["dataset_id", "kind", "key"])
    return list((await session.execute(made.returning(Finding.kind))).scalars())


async def kinds_of(
    session: Session, organization_id: UUID, examples: Sequence[UUID]
) -> dict[UUID, list[str]]:
    """Tell which kinds of open findings examples have."""
    if not examples:
        return {}
    rows = await session.execute(
        text(
            "SELECT DISTINCT example, kind FROM dataset_findings, unnest(examples) AS example"
            " WHERE organization_id = :organization AND state = 'open'"
            " AND examples && CAST(:ids AS uuid[]) AND example = ANY(CAST(:ids AS uuid[]))"
            " ORDER BY kind"
        ),
        {"organization": organization_id, "ids": list(examples)},
    )
    found: dict[UUID, list[str]] = {}
    for example, kind in rows:
        found.setdefault(example, []).append(kind)
    return found


def _checks(dataset: Dataset) -> Select[Check]:
    return select(Check).where(
        Check.organization_id == dataset.organization_id, Check.dataset_id == dataset.id
    )


def _findings(dataset: Dataset) -> Select[Finding]:
    return select(Finding).where(
        Finding.organization_id == dataset.organization_id, Finding.dataset_id == dataset.id
    )
