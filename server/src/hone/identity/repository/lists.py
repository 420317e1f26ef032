"""One page of any list of an organization, newest first."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from hone.core import ids
from hone.core.db import Session
from hone.core.paging import COUNT_LIMIT, PageQuery, UnknownCursor, cursor
from hone.identity.models import ApiKey, OidcProvider, Person, Team

Table = TypeVar("Table", ApiKey, OidcProvider, Person, Team)


async def page(
    session: Session,
    table: type[Table],
    organization_id: UUID,
    query: PageQuery,
    *conditions: ColumnElement[bool],
) -> tuple[Sequence[Table], int | None, str | None]:
    """Return one page of an organization's rows, their total and the next cursor."""
    mine = select(table).where(table.organization_id == organization_id, *conditions)
    counted = mine.with_only_columns(table.id).limit(COUNT_LIMIT + 1).subquery()
    total = await session.scalar(select(func.count()).select_from(counted)) or 0
    last = _last(query)
    if last is not None:
        mine = mine.where(table.id < last)
    found = (await session.scalars(mine.order_by(table.id.desc()).limit(query.limit + 1))).all()
    rows = found[: query.limit]
    following = cursor(rows[-1].id.hex) if len(found) > len(rows) else None
    return rows, total if total <= COUNT_LIMIT else None, following


def contains(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Tell whether a column holds a text, whatever its case."""
    return func.strpos(func.lower(column), text.lower()) > 0


def _last(query: PageQuery) -> UUID | None:
    after = query.after()
    if after is None:
        return None
    last = ids.parse("", after[0]) if len(after) == 1 else None
    if last is None:
        raise UnknownCursor(param="cursor")
    return last
