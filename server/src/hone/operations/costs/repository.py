"""Every query that adds costs up. Each one names the organization."""

from collections.abc import AsyncIterator, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

import psycopg
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    ColumnElement,
    DateTime,
    FromClause,
    Select,
    SmallInteger,
    Subquery,
    Text,
    Uuid,
    and_,
    case,
    cast,
    column,
    func,
    literal,
    null,
    or_,
    select,
    table,
    union,
    union_all,
)
from sqlalchemy.exc import OperationalError

from hone.core.db import Session
from hone.core.errors import Invalid
from hone.identity import ApiKey, Member, Person, Team
from hone.operations.costs import dimensions, periods
from hone.operations.costs.dimensions import Dimension
from hone.operations.costs.figures import NAMES, Sums
from hone.operations.filters import Filters, Stretch
from hone.operations.models import Operation

TIMEOUT_MS: Final = 3000
_PIECE: Final = 500
_PERSON: Final = "^person_[0-9a-f]{32}$"
_MOMENTS: Final = ARRAY(DateTime(timezone=True))
_KEPT: Final = table(
    "operation_costs",
    *(column(name, Text()) for name in ("model", "provider", "route", "kind", "status")),
    *(column(name, Uuid()) for name in ("organization_id", "key_id", "person_id")),
    column("start", DateTime(timezone=True)),
    column("span", SmallInteger()),
    column("stream", Boolean()),
    *(column(name, BigInteger()) for name in NAMES),
)


class CostsTooBroad(Invalid):
    """Adding these costs up takes too long; take a shorter time, or add up by model, route, key or team."""

    code = "costs_too_broad"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which calls of an organization, and by what they are added up."""

    organization_id: UUID
    filters: Filters
    dimension: Dimension | None

    @property
    def summed(self) -> bool:
        """Tell whether sums are kept of all that it takes."""
        by = self.dimension is None or self.dimension.summed
        return by and dimensions.summed(self.filters)


@dataclass(slots=True)
class Cell:
    """What one value, or all that are not shown, add up to in one step."""

    place: int
    """From 1 by cost; one more than are shown for the others."""
    value: str | None
    step: int
    """From 1."""
    sums: Sums


async def cells(
    session: Session, asked: Asked, edges: Sequence[datetime], most: int
) -> tuple[list[Cell], int]:
    """Add up by value and step, the dearest values apart; tell also how many values there are."""
    made = _by_value(_grouped(asked, edges), asked)
    whole = select(
        *made.c,
        func.sum(made.c.cost).over(partition_by=made.c.value).label("whole"),
        func.sum(made.c.calls).over(partition_by=made.c.value).label("many"),
    ).subquery("whole")
    order = (whole.c.whole.desc(), whole.c.many.desc(), whole.c.value)
    placed = select(*whole.c, func.dense_rank().over(order_by=order).label("place")).subquery()
    place = func.least(placed.c.place, most + 1)
    value = case((placed.c.place <= most, placed.c.value))
    query = select(place, value, placed.c.step, func.max(placed.c.place), *_sums(placed)).group_by(
        place, value, placed.c.step
    )
    rows = await _read(session, query)
    found = [Cell(row[0], row[1], row[2], _told(row[4:])) for row in rows]
    return found, max((row[3] for row in rows), default=0)


async def sums_of(
    session: Session, asked: Asked, span: Stretch, values: Sequence[str | None]
) -> dict[str | None, Sums]:
    """Add up a stretch of time by some values."""
    made = _by_value(_grouped(asked, span), asked)
    named = [each for each in values if each is not None]
    wanted = made.c.value.in_(named)
    if len(named) < len(values):
        wanted = or_(wanted, made.c.value.is_(None))
    query = select(made.c.value, *_sums(made)).where(wanted).group_by(made.c.value)
    return {row[0]: _told(row[1:]) for row in await _read(session, query)}


async def sums(session: Session, asked: Asked, edges: Sequence[datetime]) -> dict[int, Sums]:
    """Add up by step alone."""
    made = _grouped(asked, edges)
    query = select(made.c.step, *_sums(made)).group_by(made.c.step)
    return {row[0]: _told(row[1:]) for row in await _read(session, query)}


async def stream(
    session: Session, asked: Asked, edges: Sequence[datetime]
) -> AsyncIterator[list[Cell]]:
    """Give everything by step and value, the dearest of a step first, in pieces."""
    await _limit_time(session, TIMEOUT_MS)
    made = _by_value(_grouped(asked, edges), asked)
    order = (made.c.step, made.c.cost.desc(), made.c.value)
    query = select(made.c.step, made.c.value, *(made.c[name] for name in NAMES)).order_by(*order)
    with _broad_when_late():
        found = await session.stream(query.execution_options(yield_per=_PIECE))
        async for rows in found.partitions():
            yield [_cell(row) for row in rows]


async def labels(
    session: Session, organization_id: UUID, dimension: str, values: Sequence[UUID]
) -> dict[UUID, str]:
    """Tell the names of keys, people or teams."""
    named = {"key": ApiKey, "person": Person, "team": Team}[dimension]
    query = select(named.id, named.name)
    query = query.where(named.organization_id == organization_id, named.id.in_(values))
    found = await session.execute(query)
    return {each.id: each.name for each in found}


def _cell(row: Sequence[Any]) -> Cell:
    step, value, *told = row
    return Cell(0, value, step, _told(told))


def _told(row: Sequence[Any]) -> Sums:
    return Sums(*(int(each) for each in row))


def _sums(made: FromClause) -> list[ColumnElement[Any]]:
    return [func.sum(made.c[name]).label(name) for name in NAMES]


async def _read(session: Session, query: Select[Any]) -> Sequence[Any]:
    await _limit_time(session, TIMEOUT_MS)
    with _broad_when_late():
        return (await session.execute(query)).all()


@contextmanager
def _broad_when_late() -> Generator[None]:
    try:
        yield
    except OperationalError as error:
        if isinstance(error.orig, psycopg.errors.QueryCanceled):
            raise CostsTooBroad(param="by") from error
        raise


async def _limit_time(session: Session, milliseconds: int) -> None:
    await session.execute(select(func.set_config("statement_timeout", str(milliseconds), True)))


def _grouped(asked: Asked, edges: Sequence[datetime]) -> Subquery:
    """Add up by step and by the columns that tell the dimension."""
    told = _told_of(asked, edges)
    step = func.width_bucket(told.c.at, cast(list(edges), _MOMENTS)).label("step")
    by = [told.c[name] for name in _columns(asked.dimension)]
    return select(step, *by, *_sums(told)).group_by(step, *by).subquery("grouped")


def _columns(dimension: Dimension | None) -> Sequence[str]:
    if dimension is None:
        return ()
    return ("metadata",) if dimension.key is not None else dimensions.COLUMNS[dimension.name]


def _told_of(asked: Asked, edges: Sequence[datetime]) -> Subquery:
    """Put together where the figures are: sums where they are kept, calls where not."""
    cut: Mapping[int, Sequence[Stretch]] = {periods.SINGLE: [Stretch(edges[0], edges[-1])]}
    if asked.summed:
        cut = periods.pieces(edges)
    parts = [_kept(asked, span, found) for span, found in cut.items() if span and found]
    parts += [_single(asked, each) for each in cut[periods.SINGLE]]
    return union_all(*parts).subquery("told")


def _kept(asked: Asked, span: int, stretches: Sequence[Stretch]) -> Select[Any]:
    told, filters = _KEPT.c, asked.filters
    among = (
        (told.model, filters.models),
        (told.status, filters.statuses),
        (told.kind, filters.kinds),
        (told.route, filters.routes),
    )
    conditions: list[ColumnElement[bool]] = [each.in_(values) for each, values in among if values]
    if filters.key_id is not None:
        conditions.append(told.key_id == filters.key_id)
    columns = [told[name] for name in _columns(asked.dimension)]
    return select(told.start.label("at"), *columns, *(told[name] for name in NAMES)).where(
        told.organization_id == asked.organization_id,
        told.span == literal(span),
        *_starts(span, stretches),
        *conditions,
    )


def _starts(span: int, stretches: Sequence[Stretch]) -> list[ColumnElement[bool]]:
    """Say which sums of a span are meant in the way that an index reads fastest."""
    start = _KEPT.c.start
    gaps = [Stretch(one.until, two.since) for one, two in pairwise(stretches)]
    there, missing = periods.starts(span, stretches), periods.starts(span, gaps)
    if gaps and len(there) <= len(missing):
        return [start == func.any(cast(there, _MOMENTS))]
    within = [start >= stretches[0].since, start < stretches[-1].until]
    return [*within, start != func.all(cast(missing, _MOMENTS))] if missing else within


def _single(asked: Asked, stretch: Stretch) -> Select[Any]:
    key = None if asked.dimension is None else asked.dimension.key
    signed_in = and_(Operation.key_id.is_(None), Operation.user_id.regexp_match(_PERSON))
    known: dict[str, ColumnElement[Any]] = {
        "person_id": case((signed_in, cast(func.substr(Operation.user_id, 8), Uuid()))),
        "metadata": null() if key is None else Operation.metadata_.op("->>")(key),
        "calls": literal(1),
        "estimated_cost": case((Operation.usage_estimated, Operation.cost), else_=0),
        "revenue": func.coalesce(Operation.revenue, 0),
        "earning": case((Operation.revenue.is_(None), 0), else_=1),
    }
    columns = (_column(name, known).label(name) for name in (*_columns(asked.dimension), *NAMES))
    return select(Operation.created_at.label("at"), *columns).where(
        Operation.organization_id == asked.organization_id,
        Operation.created_at >= stretch.since,
        Operation.created_at < stretch.until,
        *asked.filters.conditions(),
    )


def _column(name: str, known: dict[str, ColumnElement[Any]]) -> ColumnElement[Any]:
    return known[name] if name in known else getattr(Operation, name)


def _by_value(grouped: Subquery, asked: Asked) -> Subquery:
    """Turn the columns that tell a dimension into its value."""
    source, value = _value(grouped, asked)
    text = cast(value, Text()).label("value")
    query = select(grouped.c.step, text, *_sums(grouped)).select_from(source)
    return query.group_by(grouped.c.step, text).subquery("made")


def _value(grouped: Subquery, asked: Asked) -> tuple[FromClause, ColumnElement[Any]]:
    name = None if asked.dimension is None else asked.dimension.name
    if name == "person":
        key = and_(ApiKey.id == grouped.c.key_id, ApiKey.organization_id == asked.organization_id)
        # Who was erased is nobody.
        person = Person.id == func.coalesce(ApiKey.person_id, grouped.c.person_id)
        whose = and_(person, Person.organization_id == asked.organization_id)
        return grouped.outerjoin(ApiKey, key).outerjoin(Person, whose), cast(Person.id, Text())
    if name == "team":
        keys = _teams_of_keys(asked.organization_id)
        source = grouped.outerjoin(keys, keys.c.key_id == grouped.c.key_id)
        mine = and_(
            Member.person_id == grouped.c.person_id, Member.organization_id == asked.organization_id
        )
        return source.outerjoin(Member, mine), func.coalesce(keys.c.team_id, Member.team_id)
    columns = _columns(asked.dimension)
    return grouped, grouped.c[columns[0]] if columns else null()


def _teams_of_keys(organization_id: UUID) -> Subquery:
    """List the team of each key, and those of the person whose it is."""
    own = select(ApiKey.id.label("key_id"), ApiKey.team_id)
    theirs = select(ApiKey.id, Member.team_id).join(Member, Member.person_id == ApiKey.person_id)
    mine = ApiKey.organization_id == organization_id
    return union(own.where(mine, ApiKey.team_id.is_not(None)), theirs.where(mine)).subquery("teams")
