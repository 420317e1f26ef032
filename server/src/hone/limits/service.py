"""The rules of limits."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.exc import IntegrityError

from hone.core import clock, ids
from hone.core.db import Session
from hone.core.errors import NotFound
from hone.core.events import publish
from hone.core.paging import Page, PageQuery
from hone.gateway import Measure, Subject, Window
from hone.identity import Actor, Permission
from hone.limits import amounts, repository
from hone.limits.errors import (
    AmountWrong,
    LimitChanged,
    LimitTaken,
    SubjectAmbiguous,
    UnknownSubject,
)
from hone.limits.models import Limit
from hone.limits.repository import Use
from hone.limits.schemas import (
    LimitCreate,
    LimitRead,
    LimitsQuery,
    LimitSubject,
    LimitSubjectRead,
    LimitUpdate,
    LimitUseRead,
)


async def access(
    session: Session,
    actor: Actor,
    limit_id: str,
    permission: Permission = Permission.LIMITS_READ,
    *,
    lock: bool = False,
) -> Limit:
    """Open the one door to a limit: permission first, then organization, then existence."""
    actor.require(permission)
    parsed = ids.parse("limit", limit_id)
    found = parsed and await repository.by_id(session, actor.organization_id, parsed, lock=lock)
    if not found:
        raise NotFound("There is no such limit in this organization.")
    return found


async def page(
    session: Session, actor: Actor, query: PageQuery, wanted: LimitsQuery | None = None
) -> Page[LimitRead]:
    """List limits with their present use, newest first."""
    actor.require(Permission.LIMITS_READ)
    conditions = _conditions(wanted or LimitsQuery())
    rows, total, following = await repository.page(
        session, actor.organization_id, query, *conditions
    )
    items = await _shown(session, actor, *rows)
    return Page[LimitRead](items=items, total=total, next=following)


async def get(session: Session, actor: Actor, limit_id: str) -> LimitRead:
    """Show one limit with its present use."""
    return await _show(session, actor, await access(session, actor, limit_id))


async def create(session: Session, actor: Actor, data: LimitCreate) -> LimitRead:
    """Set a limit; it counts from now on."""
    actor.require(Permission.LIMITS_WRITE)
    return await _show(session, actor, await add(session, actor, await draft(session, actor, data)))


async def update(session: Session, actor: Actor, limit_id: str, data: LimitUpdate) -> LimitRead:
    """Change how much a limit allows; what was used stays used."""
    row = await access(session, actor, limit_id, Permission.LIMITS_WRITE, lock=True)
    if row.version != data.version:
        raise LimitChanged(details={"version": row.version})
    try:
        stored = (
            None if data.amount is None else amounts.to_stored(Measure(row.measure), data.amount)
        )
    except ValueError as error:
        raise AmountWrong(f"{error}.", param="amount") from error
    change(session, actor, row, stored, data.on_store_loss)
    await session.flush()
    return await _show(session, actor, row)


async def delete(session: Session, actor: Actor, limit_id: str) -> None:
    """Take a limit away."""
    row = await access(session, actor, limit_id, Permission.LIMITS_WRITE, lock=True)
    note(session, actor, "limit.deleted", row, before=facts(row))
    await repository.remove(session, actor.organization_id, row.id)


async def draft(session: Session, actor: Actor, data: LimitCreate) -> Limit:
    """Make a limit that is not there yet."""
    subject = await _subject(session, actor.organization_id, data.subject)
    made = ids.new()
    at = ids.created_at(made)
    return Limit(
        id=made,
        organization_id=actor.organization_id,
        subject_kind=data.subject.kind.value,
        subject_id=subject,
        measure=data.measure.value,
        period=None if data.window is None else data.window.value,
        amount=amounts.to_stored(data.measure, data.amount),
        on_store_loss=data.on_store_loss,
        version=1,
        created_at=at,
        updated_at=at,
    )


async def add(session: Session, actor: Actor, row: Limit) -> Limit:
    """Set a limit that was drafted."""
    session.add(row)
    try:
        await session.flush()
    except IntegrityError as error:
        raise LimitTaken from error
    note(session, actor, "limit.created", row, after=facts(row))
    return row


def change(
    session: Session, actor: Actor, row: Limit, amount: int | None, on_store_loss: str | None
) -> None:
    """Bring a limit to what is wanted; a change that changes nothing leaves no trace."""
    before = facts(row)
    row.amount = row.amount if amount is None else amount
    row.on_store_loss = on_store_loss or row.on_store_loss
    if facts(row) != before:
        row.version, row.updated_at = row.version + 1, clock.now()
        note(session, actor, "limit.updated", row, before=before, after=facts(row))


def facts(row: Limit) -> dict[str, object]:
    """Say what a limit is, as events do."""
    return {
        "subject": {"kind": row.subject_kind, "id": public_id(row.subject_kind, row.subject_id)},
        "measure": row.measure,
        "window": row.period,
        "amount": amounts.to_shown(row.measure, row.amount),
        "onStoreLoss": row.on_store_loss,
    }


def public_id(kind: str, subject_id: UUID) -> str:
    """Write the id of what a limit is on as the API does."""
    return str(subject_id) if kind == Subject.ORGANIZATION else ids.public(kind, subject_id)


def note(
    session: Session, actor: Actor, name: str, row: Limit, **data: Mapping[str, object]
) -> None:
    """Publish what happened to a limit."""
    subject = ids.public("limit", row.id)
    publish(session, actor.organization_id, actor.id, name, subject, data)


def _conditions(wanted: LimitsQuery) -> list[ColumnElement[bool]]:
    made: list[ColumnElement[bool]] = []
    if wanted.kind is not None:
        made.append(Limit.subject_kind == wanted.kind.value)
    if wanted.subject is not None:
        head, _, _ = wanted.subject.rpartition("_")
        parsed = ids.parse(head, wanted.subject)
        made.append(Limit.subject_id == (parsed or UUID(int=0)))
    return made


async def _subject(session: Session, organization_id: UUID, given: LimitSubject) -> UUID:
    """Find what a limit is to be on."""
    kind = given.kind
    if kind is Subject.ORGANIZATION:
        return organization_id
    if given.id is not None:
        parsed = ids.parse(kind.value, given.id)
        if parsed and await repository.exists(session, organization_id, kind, parsed):
            return parsed
        raise UnknownSubject(f"There is no {kind.value} {given.id!r}.", param="subject.id")
    name = given.name or ""
    found = await repository.subject_ids(session, organization_id, kind, name)
    if not found:
        raise UnknownSubject(f"There is no {kind.value} {name!r}.", param="subject.name")
    if len(found) > 1:
        raise SubjectAmbiguous(f"Several {kind.value}s are called {name!r}; say which by its id.")
    return found[0]


async def _show(session: Session, actor: Actor, row: Limit) -> LimitRead:
    (shown,) = await _shown(session, actor, row)
    return shown


async def _shown(session: Session, actor: Actor, *rows: Limit) -> list[LimitRead]:
    organization_id = actor.organization_id
    uses = await repository.uses(session, organization_id, [row.id for row in rows])
    names = await repository.names(session, organization_id, rows)
    return [_read(row, uses[row.id], _name(actor, row, names)) for row in rows]


def _name(actor: Actor, row: Limit, names: Mapping[UUID, str]) -> str | None:
    hidden = row.subject_kind == Subject.PERSON and (
        Permission.PEOPLE_READ not in actor.permissions
    )
    return None if hidden else names.get(row.subject_id)


def _read(row: Limit, use: Use, name: str | None) -> LimitRead:
    used = use.granted if row.period is None else use.used
    shown = {
        "used": used,
        "reserved": max(use.granted - used, 0),
        "remaining": max(row.amount - max(use.granted, used), 0),
    }
    return LimitRead(
        id=row.id,
        subject=LimitSubjectRead(
            kind=Subject(row.subject_kind),
            id=public_id(row.subject_kind, row.subject_id),
            name=name,
        ),
        measure=Measure(row.measure),
        window=None if row.period is None else Window(row.period),
        amount=amounts.to_shown(row.measure, row.amount),
        on_store_loss="allow" if row.on_store_loss == "allow" else "deny",
        use=LimitUseRead(
            window_start=None if row.period is None else use.window_start,
            resets_at=use.resets_at,
            refusing=use.refusing,
            **{key: amounts.to_shown(row.measure, value) for key, value in shown.items()},
        ),
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
