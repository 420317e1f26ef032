"""Every query that the registry makes. Each one names the organization."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import DateTime, Select, bindparam, func, select
from sqlalchemy.dialects.postgresql import distinct_on, insert

from hone.core import ids
from hone.core.db import Session
from hone.core.paging import COUNT_LIMIT, PageQuery, UnknownCursor, cursor
from hone.identity import ApiKey, Person
from hone.registry.models import Model, Price, Provider, Route, Version

Table = TypeVar("Table", Provider, Model, Route)
_LOCK_SPACE = 0x52454749


async def lock(session: Session, organization_id: UUID) -> None:
    """Let one transaction at a time write an organization's registry: it is small and checked."""
    key = func.hashtextextended(organization_id.hex, _LOCK_SPACE)
    await session.execute(select(func.pg_advisory_xact_lock(key)))


async def now(session: Session) -> datetime:
    """Tell the database's time, by which prices start for every process alike."""
    moment = await session.scalar(select(func.clock_timestamp()))
    assert isinstance(moment, datetime)
    return moment


async def by_id(
    session: Session, table: type[Table], organization_id: UUID, row_id: UUID
) -> Table | None:
    """Find one row of an organization, as it is now."""
    query = select(table).where(table.organization_id == organization_id, table.id == row_id)
    return await session.scalar(query.execution_options(populate_existing=True))


async def by_name(
    session: Session, table: type[Table], organization_id: UUID, name: str
) -> Table | None:
    """Find one row of an organization by its name, as it is now."""
    query = select(table).where(table.organization_id == organization_id, table.name == name)
    return await session.scalar(query.execution_options(populate_existing=True))


async def every(session: Session, table: type[Table], organization_id: UUID) -> Sequence[Table]:
    """List all rows of an organization, by name."""
    query = select(table).where(table.organization_id == organization_id).order_by(table.name)
    return (await session.scalars(query)).all()


async def page(
    session: Session,
    table: type[Table],
    organization_id: UUID,
    query: PageQuery,
    containing: str | None = None,
) -> tuple[Sequence[Table], int | None, str | None]:
    """Return one page of an organization's rows by name, their total and the next cursor."""
    mine = select(table).where(table.organization_id == organization_id)
    if containing:
        mine = mine.where(func.strpos(func.lower(table.name), func.lower(containing)) > 0)
    counted = mine.with_only_columns(table.id).limit(COUNT_LIMIT + 1).subquery()
    total = await session.scalar(select(func.count()).select_from(counted)) or 0
    last = _last(query)
    if last is not None:
        mine = mine.where(table.name > last)
    found = (await session.scalars(mine.order_by(table.name).limit(query.limit + 1))).all()
    rows = found[: query.limit]
    following = cursor(rows[-1].name) if len(found) > len(rows) else None
    return rows, total if total <= COUNT_LIMIT else None, following


def _last(query: PageQuery) -> str | None:
    after = query.after()
    if after is None:
        return None
    if len(after) != 1 or "\x00" in after[0]:
        raise UnknownCursor(param="cursor")
    return after[0]


async def names(session: Session, table: type[Table], organization_id: UUID) -> Mapping[UUID, str]:
    """Name all rows of an organization."""
    query = select(table.id, table.name).where(table.organization_id == organization_id)
    return {row[0]: row[1] for row in (await session.execute(query)).all()}


async def models_of(session: Session, organization_id: UUID, provider_id: UUID) -> Sequence[str]:
    """Name the models of a provider."""
    query = (
        select(Model.name)
        .where(Model.organization_id == organization_id, Model.provider_id == provider_id)
        .order_by(Model.name)
    )
    return (await session.scalars(query)).all()


async def prices_in_force(
    session: Session, organization_id: UUID, at: datetime
) -> Mapping[UUID, Price]:
    """Find each model's price at a moment, or by the database's clock when that is ahead."""
    moment = func.greatest(bindparam("at", at, DateTime(timezone=True)), func.now())
    query = (
        select(Price)
        .where(Price.organization_id == organization_id, Price.effective_from <= moment)
        .order_by(Price.model_id, Price.effective_from.desc(), Price.id.desc())
        .ext(distinct_on(Price.model_id))
    )
    return {price.model_id: price for price in (await session.scalars(query)).all()}


async def prices_of(session: Session, organization_id: UUID, model_id: UUID) -> Sequence[Price]:
    """List a model's prices, newest first; of the same moment, the one that was added last."""
    query = (
        select(Price)
        .where(Price.organization_id == organization_id, Price.model_id == model_id)
        .order_by(Price.effective_from.desc(), Price.id.desc())
    )
    return (await session.scalars(query)).all()


async def next_price_at(
    session: Session, organization_id: UUID, after: datetime
) -> datetime | None:
    """Tell when the next price starts to hold."""
    return await session.scalar(
        select(func.min(Price.effective_from)).where(
            Price.organization_id == organization_id, Price.effective_from > after
        )
    )


async def keep_version(session: Session, made: Version) -> None:
    """Add a version, unless it is there already."""
    values = {column.key: getattr(made, column.key) for column in Version.__table__.columns}
    await session.execute(insert(Version).values(values).on_conflict_do_nothing())


def _versions_of(organization_id: UUID, kind: str, subject_id: UUID) -> Select[Version]:
    return select(Version).where(
        Version.organization_id == organization_id,
        Version.kind == kind,
        Version.subject_id == subject_id,
    )


async def versions(
    session: Session, organization_id: UUID, kind: str, subject_id: UUID, query: PageQuery
) -> Sequence[Version]:
    """List versions, newest first: a page, and one more to compare the last with."""
    mine = _versions_of(organization_id, kind, subject_id)
    last = _last(query)
    if last is not None:
        if not (last.isascii() and last.isdigit() and len(last) < 10):
            raise UnknownCursor(param="cursor")
        mine = mine.where(Version.version < int(last))
    mine = mine.order_by(Version.version.desc()).limit(query.limit + 1)
    return (await session.scalars(mine)).all()


async def version(
    session: Session, organization_id: UUID, kind: str, subject_id: UUID, number: int
) -> Version | None:
    """Find one version."""
    mine = _versions_of(organization_id, kind, subject_id)
    return await session.scalar(mine.where(Version.version == number))


async def newest_version(
    session: Session, organization_id: UUID, kind: str, subject_id: UUID
) -> Version | None:
    """Find the last version that was written down."""
    mine = _versions_of(organization_id, kind, subject_id)
    return await session.scalar(mine.order_by(Version.version.desc()).limit(1))


async def version_count(
    session: Session, organization_id: UUID, kind: str, subject_id: UUID
) -> int:
    """Count the versions of something."""
    mine = _versions_of(organization_id, kind, subject_id).with_only_columns(func.count())
    return await session.scalar(mine) or 0


async def actors(
    session: Session, organization_id: UUID, public_ids: Iterable[str | None]
) -> Mapping[str, str]:
    """Name people, keys and Hone itself."""
    wanted = {each for each in public_ids if each}
    made = {"system": "Hone"}
    for prefix, table in (("key", ApiKey), ("person", Person)):
        some = [found for each in wanted if (found := _parsed(prefix, each))]
        if some:
            query = select(table.id, table.name).where(
                table.organization_id == organization_id, table.id.in_(some)
            )
            rows = (await session.execute(query)).all()
            made.update({ids.public(prefix, row[0]): row[1] for row in rows})
    return made


def _parsed(prefix: str, public_id: str) -> UUID | None:
    return ids.parse(prefix, public_id) if public_id.startswith(f"{prefix}_") else None
