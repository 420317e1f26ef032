"""The rules of erasure: who may, of whom, and what is told before."""

from typing import Final
from uuid import UUID

from hone.core import clock, ids
from hone.core.db import Session
from hone.core.errors import NotFound
from hone.core.events import publish
from hone.core.jobs import defer
from hone.core.keyring import SECRET, Keyring
from hone.core.paging import Page, PageQuery, UnknownCursor, cursor
from hone.identity import (
    Actor,
    Permission,
    PersonRead,
    deactivate_person,
    get_person,
    person_by_email,
    refuse_last_admin,
)
from hone.privacy import repository, traces
from hone.privacy.errors import NobodyToErase, NoSuchErasure
from hone.privacy.models import Erasure
from hone.privacy.schemas import ErasurePreview, ErasureRead, ErasureTarget, WrittenBackup
from hone.privacy.target import Target

ERASE: Final = "privacy.erase"
"""The job that carries an erasure out."""
_MAY: Final = Permission.DATA_ERASE


async def preview(session: Session, actor: Actor, data: ErasureTarget) -> ErasurePreview:
    """Tell what an erasure would take away, and change nothing."""
    actor.require(_MAY)
    target, person = await _find(session, actor, data)
    if person is not None:
        await refuse_last_admin(session, actor, target.name)
    backups = await repository.backups(session, actor.organization_id)
    return ErasurePreview(
        kind=target.kind,
        target=target.name,
        name=person and person.name,
        counts=await _counts(session, actor.organization_id, target),
        backups=[WrittenBackup(file=file, at=at) for file, at in backups],
    )


async def begin(
    session: Session, actor: Actor, keyring: Keyring, data: ErasureTarget
) -> ErasureRead:
    """Begin an erasure and give it to a worker; the same again tells of the first.

    A person is shut out at once. What is erased does not come back.
    """
    actor.require(_MAY)
    organization_id = actor.organization_id
    await repository.lock(session, organization_id)
    key = await keyring.ensure(session, organization_id, SECRET)
    named = Target(data.kind, data.target)
    before = await repository.newest_of(session, organization_id, named.digest(key))
    if before is not None and data.kind == "person":
        return ErasureRead.model_validate(before)
    target, person = await _find(session, actor, data)
    before = await repository.newest_of(session, organization_id, target.digest(key))
    counts = await _counts(session, organization_id, target)
    if before is not None and (
        before.finished_at is None or not any(each != 0 for each in counts.values())
    ):
        return ErasureRead.model_validate(before)
    if person is not None:
        await deactivate_person(session, actor, target.name)
    now = clock.now()
    made = ids.new()
    row = Erasure(
        id=made,
        organization_id=organization_id,
        kind=target.kind,
        digest=target.digest(key),
        sealed=target.seal(key, made),
        state="running",
        step="waiting",
        planned=counts,
        counts={},
        requested_by=actor.id,
        requested_at=now,
        updated_at=now,
        finished_at=None,
    )
    session.add(row)
    subject = ids.public("erasure", row.id)
    publish(session, organization_id, actor.id, "erasure.begun", subject, {"kind": row.kind})
    await session.flush()
    arguments = {"organization": organization_id.hex, "erasure": row.id.hex}
    await defer(session, ERASE, arguments, lock=f"{ERASE}:{row.id.hex}")
    return ErasureRead.model_validate(row)


async def get(session: Session, actor: Actor, erasure_id: str) -> ErasureRead:
    """Tell how far an erasure is."""
    actor.require(_MAY)
    named = ids.parse("erasure", erasure_id)
    found = named and await repository.erasure(session, actor.organization_id, named)
    if not found:
        raise NoSuchErasure
    return ErasureRead.model_validate(found)


async def page(session: Session, actor: Actor, query: PageQuery) -> Page[ErasureRead]:
    """List erasures, newest first."""
    actor.require(_MAY)
    found, total = await repository.page(
        session, actor.organization_id, _before(query), query.limit + 1
    )
    rows, more = found[: query.limit], len(found) > query.limit
    return Page[ErasureRead](
        items=[ErasureRead.model_validate(row) for row in rows],
        total=total,
        next=cursor(rows[-1].id) if more else None,
    )


def _before(query: PageQuery) -> UUID | None:
    parts = query.after()
    if parts is None:
        return None
    named = ids.parse("", parts[0]) if len(parts) == 1 else None
    if named is None:
        raise UnknownCursor(param="cursor")
    return named


async def _find(
    session: Session, actor: Actor, data: ErasureTarget
) -> tuple[Target, PersonRead | None]:
    """Find who is meant; an end user is whoever is called so."""
    if data.kind == "user":
        return Target("user", data.target), None
    try:
        person = (
            await person_by_email(session, actor, data.target)
            if "@" in data.target
            else await get_person(session, actor, data.target)
        )
    except NotFound as error:
        raise NobodyToErase(param="target") from error
    return Target("person", ids.public("person", person.id)), person


async def _counts(session: Session, organization_id: UUID, target: Target) -> dict[str, int | None]:
    names = await traces.names(session, organization_id, target)
    found = [*traces.said(target.kind), *traces.known(target.kind)]
    return {each.name: await each.count(session, names) for each in found}
