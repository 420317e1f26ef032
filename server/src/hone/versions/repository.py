"""Every query of trained models. Each one names the organization."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select, text
from sqlalchemy.dialects.postgresql import distinct_on

from hone.core.db import Session
from hone.core.paging import PageQuery, UnknownCursor, cursor
from hone.versions.models import History, ModelVersion
from hone.versions.semver import Number

CANARY: Final = "canary"
"""The environment of candidates: predictors serve what is there, and nobody is shown it."""
_LOCK_SPACE: Final = 0x4D4F444C
_NEWEST_FIRST: Final = (
    ModelVersion.major.desc(),
    ModelVersion.minor.desc(),
    ModelVersion.patch.desc(),
)


async def lock(session: Session, organization_id: UUID, name: str) -> None:
    """Let one transaction at a time number versions of a name, or say what is live."""
    key = func.hashtextextended(f"{organization_id.hex}/{name}", _LOCK_SPACE)
    await session.execute(select(func.pg_advisory_xact_lock(key)))


async def by_id(session: Session, organization_id: UUID, version_id: UUID) -> ModelVersion | None:
    """Find one version."""
    return await session.scalar(_versions(organization_id).where(ModelVersion.id == version_id))


async def by_ids(
    session: Session, organization_id: UUID, version_ids: Iterable[UUID]
) -> Sequence[ModelVersion]:
    """Find several versions."""
    query = _versions(organization_id).where(ModelVersion.id.in_(list(version_ids)))
    return (await session.scalars(query)).all()


async def by_run(session: Session, organization_id: UUID, run_id: UUID) -> ModelVersion | None:
    """Find the version that a training run made."""
    return await session.scalar(_versions(organization_id).where(ModelVersion.run_id == run_id))


async def by_number(
    session: Session, organization_id: UUID, number: Number, name: str | None = None
) -> Sequence[ModelVersion]:
    """Find versions of a number, of one name or of any."""
    query = _versions(organization_id).where(
        ModelVersion.major == number.major,
        ModelVersion.minor == number.minor,
        ModelVersion.patch == number.patch,
    )
    if name is not None:
        query = query.where(ModelVersion.name == name)
    return (await session.scalars(query.limit(20))).all()


async def newest(session: Session, organization_id: UUID, name: str) -> ModelVersion | None:
    """Find the version with the highest number."""
    query = _versions(organization_id).where(ModelVersion.name == name)
    return await session.scalar(query.order_by(*_NEWEST_FIRST).limit(1))


async def of_names(
    session: Session, organization_id: UUID, names: Iterable[str], most: int
) -> Sequence[ModelVersion]:
    """List the newest versions of each name."""
    place = func.row_number().over(partition_by=ModelVersion.name, order_by=_NEWEST_FIRST)
    ranked = (
        select(ModelVersion.id, place.label("place"))
        .where(ModelVersion.organization_id == organization_id, ModelVersion.name.in_(names))
        .subquery()
    )
    query = (
        _versions(organization_id)
        .join(ranked, ranked.c.id == ModelVersion.id)
        .where(ranked.c.place <= most)
        .order_by(ModelVersion.name, *_NEWEST_FIRST)
    )
    return (await session.scalars(query)).all()


async def names(
    session: Session, organization_id: UUID, query: PageQuery
) -> tuple[list[str], int, str | None]:
    """Return one page of names, their number and the next cursor."""
    mine = select(ModelVersion.name).where(ModelVersion.organization_id == organization_id)
    total = await session.scalar(select(func.count()).select_from(mine.distinct().subquery())) or 0
    after = query.after()
    if after is not None:
        if len(after) != 1:
            raise UnknownCursor(param="cursor")
        mine = mine.where(ModelVersion.name > after[0])
    wanted = mine.distinct().order_by(ModelVersion.name).limit(query.limit + 1)
    found = list(await session.scalars(wanted))
    page = found[: query.limit]
    return page, total, cursor(page[-1]) if len(found) > len(page) else None


async def live_rows(
    session: Session,
    organization_id: UUID,
    names: Iterable[str] | None = None,
    at: datetime | None = None,
) -> Sequence[History]:
    """Return the row of each name and environment that says what is live, or was at a moment."""
    query = select(History).where(
        History.organization_id == organization_id, History.environment != CANARY
    )
    if names is not None:
        query = query.where(History.name.in_(names))
    if at is not None:
        query = query.where(History.at <= at)
    query = query.ext(distinct_on(History.name, History.environment)).order_by(
        History.name, History.environment, History.sequence.desc()
    )
    return (await session.scalars(query)).all()


async def unreleased(session: Session, organization_id: UUID) -> Sequence[ModelVersion]:
    """Return the newest version of each name of which none is live in production."""
    live = (
        select(History.name, History.version_id)
        .where(History.organization_id == organization_id, History.environment == "production")
        .ext(distinct_on(History.name))
        .order_by(History.name, History.sequence.desc())
        .subquery()
    )
    served = select(live.c.name).where(live.c.version_id.is_not(None))
    query = _versions(organization_id).where(ModelVersion.name.not_in(served))
    query = query.ext(distinct_on(ModelVersion.name)).order_by(ModelVersion.name, *_NEWEST_FIRST)
    return (await session.scalars(query)).all()


async def history(
    session: Session, organization_id: UUID, name: str, query: PageQuery
) -> tuple[Sequence[History], int, str | None]:
    """Return one page of what happened to a name, newest first, its length and the next cursor."""
    mine = select(History).where(
        History.organization_id == organization_id,
        History.name == name,
        History.environment.is_distinct_from(CANARY),
    )
    total = await session.scalar(mine.with_only_columns(func.count())) or 0
    after = query.after()
    if after is not None:
        if len(after) != 1 or not after[0].isdigit():
            raise UnknownCursor(param="cursor")
        mine = mine.where(History.sequence < int(after[0]))
    found = (
        await session.scalars(mine.order_by(History.sequence.desc()).limit(query.limit + 1))
    ).all()
    rows = found[: query.limit]
    return rows, total, cursor(rows[-1].sequence) if len(found) > len(rows) else None


async def slot(
    session: Session, organization_id: UUID, name: str, environment: str, most: int
) -> Sequence[History]:
    """Return the last rows of one environment, newest first."""
    query = (
        select(History)
        .where(
            History.organization_id == organization_id,
            History.name == name,
            History.environment == environment,
        )
        .order_by(History.sequence.desc())
        .limit(most)
    )
    return (await session.scalars(query)).all()


async def left(session: Session, organization_id: UUID, version_id: UUID) -> bool:
    """Tell whether a rollback led away from a version."""
    query = select(History.id).where(
        History.organization_id == organization_id,
        History.former_id == version_id,
        History.action == "rolled_back",
    )
    return await session.scalar(query.limit(1)) is not None


async def told_of(
    session: Session, organization_id: UUID, version_ids: Iterable[UUID]
) -> Sequence[History]:
    """Return every row that names one of these versions, oldest first."""
    query = (
        select(History)
        .where(
            History.organization_id == organization_id,
            History.version_id.in_(list(version_ids)),
            History.environment.is_distinct_from(CANARY),
        )
        .order_by(History.sequence)
    )
    return (await session.scalars(query)).all()


async def served(session: Session) -> list[Any]:
    """Return what predictors serve, of all organizations."""
    found = await session.execute(text("SELECT * FROM live_models()"))
    return list(found.all())


async def served_of(session: Session, organization_id: UUID) -> list[Any]:
    """Return what predictors serve of an organization, less candidates."""
    found = await session.execute(
        text(
            "SELECT * FROM live_models() WHERE organization_id = :organization"
            " AND environment <> :canary ORDER BY name, environment"
        ),
        {"organization": organization_id, "canary": CANARY},
    )
    return list(found.all())


def _versions(organization_id: UUID) -> Select[ModelVersion]:
    return select(ModelVersion).where(ModelVersion.organization_id == organization_id)
