"""The rules of views: choices of filters and columns that people keep under a name."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError

from hone.core import clock, ids
from hone.core.db import Session
from hone.core.events import publish
from hone.core.paging import Page, PageQuery, UnknownCursor, cursor
from hone.identity import Actor, Permission
from hone.operations import repository
from hone.operations.errors import NoSuchView, NotYourView, ViewChanged, ViewNameTaken
from hone.operations.models import OperationView
from hone.operations.schemas import ViewCreate, ViewRead, ViewReplace


async def access(session: Session, actor: Actor, view_id: str) -> OperationView:
    """Open the one door to a view: the actor's own, or one that is shared."""
    actor.require(Permission.OPERATIONS_READ)
    parsed = ids.parse("view", view_id)
    found = parsed and await repository.view(session, actor.organization_id, parsed)
    if not found or not (found.shared or found.owner == actor.id):
        raise NoSuchView
    return found


async def page(session: Session, actor: Actor, query: PageQuery) -> Page[ViewRead]:
    """List the actor's views and those that are shared, by name."""
    actor.require(Permission.OPERATIONS_READ)
    found = await repository.views(
        session, actor.organization_id, actor.id, _after(query), query.limit + 1
    )
    rows, more = found[: query.limit], len(found) > query.limit
    following = cursor(rows[-1].name, rows[-1].id) if more else None
    total = None if more or query.cursor else len(rows)
    return Page[ViewRead](items=[_read(actor, row) for row in rows], total=total, next=following)


def _after(query: PageQuery) -> tuple[str, UUID] | None:
    parts = query.after()
    if parts is None:
        return None
    named = ids.parse("", parts[1]) if len(parts) == 2 else None
    if named is None:
        raise UnknownCursor(param="cursor")
    return parts[0], named


async def get(session: Session, actor: Actor, view_id: str) -> ViewRead:
    """Show one view."""
    return _read(actor, await access(session, actor, view_id))


async def create(session: Session, actor: Actor, data: ViewCreate) -> ViewRead:
    """Keep a view."""
    actor.require(Permission.OPERATIONS_READ)
    made = ids.new()
    row = OperationView(
        id=made,
        organization_id=actor.organization_id,
        owner=actor.id,
        created_at=ids.created_at(made),
        version=0,
    )
    session.add(row)
    await _write(session, row, data)
    _told(session, actor, row, "view.created", {"after": _facts(row)})
    return _read(actor, row)


async def replace(session: Session, actor: Actor, view_id: str, data: ViewReplace) -> ViewRead:
    """Bring a view of one's own to what is sent, if it is still the version that was read."""
    row = await _own(session, actor, view_id)
    if row.version != data.version:
        raise ViewChanged(details={"version": row.version})
    before = _facts(row)
    await _write(session, row, data)
    _told(session, actor, row, "view.updated", {"before": before, "after": _facts(row)})
    return _read(actor, row)


async def delete(session: Session, actor: Actor, view_id: str) -> None:
    """Forget a view of one's own."""
    row = await _own(session, actor, view_id)
    await session.delete(row)
    _told(session, actor, row, "view.deleted", {"before": _facts(row)})


async def _own(session: Session, actor: Actor, view_id: str) -> OperationView:
    row = await access(session, actor, view_id)
    if row.owner != actor.id:
        raise NotYourView
    return row


async def _write(session: Session, row: OperationView, data: ViewCreate) -> None:
    row.name, row.query, row.columns, row.shared = data.name, data.query, data.columns, data.shared
    row.version, row.updated_at = row.version + 1, clock.now()
    try:
        async with session.begin_nested():
            await session.flush()
    except IntegrityError as error:
        raise ViewNameTaken(param="name") from error


def _told(
    session: Session, actor: Actor, row: OperationView, name: str, data: dict[str, object]
) -> None:
    publish(session, actor.organization_id, actor.id, name, ids.public("view", row.id), data)


def _facts(row: OperationView) -> dict[str, object]:
    return {"name": row.name, "query": row.query, "columns": row.columns, "shared": row.shared}


def _read(actor: Actor, row: OperationView) -> ViewRead:
    return ViewRead(
        id=ids.public("view", row.id),
        name=row.name,
        query=row.query,
        columns=row.columns,
        shared=row.shared,
        mine=row.owner == actor.id,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
