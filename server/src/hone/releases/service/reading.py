"""Read releases: a list, one with its figures and its timeline."""

from typing import Any, Final, cast
from uuid import UUID

from hone import versions
from hone.core import ids
from hone.core.db import Session
from hone.core.errors import NotFound
from hone.core.paging import Page, PageQuery, UnknownCursor, cursor
from hone.identity import Actor, Permission
from hone.releases import rendering, repository, standing
from hone.releases.models import Release
from hone.releases.schemas import ReleaseRead, ReleaseSummary
from hone.releases.service.moving import PREFIX

_READ: Final = Permission.RELEASES_READ


async def access(
    session: Session,
    actor: Actor,
    release_id: str,
    permission: Permission = _READ,
    *,
    lock: bool = False,
) -> Release:
    """Open the one door to a release."""
    actor.require(permission)
    parsed = ids.parse(PREFIX, release_id)
    found = parsed and await repository.by_id(session, actor.organization_id, parsed, lock=lock)
    if not found:
        raise NotFound("There is no such release in this organization.")
    return found


async def page(
    session: Session, actor: Actor, query: PageQuery, name: str | None, state: str | None
) -> Page[ReleaseSummary]:
    """List releases, newest first."""
    actor.require(_READ)
    rows, total = await repository.page(
        session, actor.organization_id, _after(query), query.limit, name, state
    )
    more = cursor(rows[query.limit - 1].id.hex) if len(rows) > query.limit else None
    shown = rows[: query.limit]
    numbers = await _numbers(session, actor.organization_id, *shown)
    items = [rendering.summary(row, numbers) for row in shown]
    return Page[ReleaseSummary](items=items, total=total, next=more)


async def get(session: Session, actor: Actor, release_id: str) -> ReleaseRead:
    """Show one release."""
    return await show(session, await access(session, actor, release_id))


async def show(session: Session, row: Release) -> ReleaseRead:
    """Show a release as it stands now."""
    await session.flush()
    numbers = await _numbers(session, row.organization_id, row)
    watch = await repository.watch(session, row.organization_id, row.id)
    told = await repository.timeline(session, row.organization_id, row.id)
    proof = await repository.proof(session, row)
    return rendering.read(row, numbers, watch, told, proof)


async def summary(session: Session, row: Release) -> ReleaseSummary:
    """Show a release as lists do."""
    return rendering.summary(row, await _numbers(session, row.organization_id, row))


async def state_of(
    session: Session, organization_id: UUID, release_id: UUID
) -> tuple[str, str] | None:
    """Return how a release stands, and that in words."""
    row = await repository.by_id(session, organization_id, release_id)
    return None if row is None else (row.state, row.words)


async def split_now(session: Session, organization_id: UUID, release_id: UUID) -> UUID | None:
    """Return under what the log knows the calls of the step that a release is at."""
    row = await repository.by_id(session, organization_id, release_id)
    return None if row is None else standing.split_of(row)


async def _numbers(session: Session, organization_id: UUID, *rows: Release) -> dict[UUID, str]:
    wanted = {each for row in rows for each in (row.version_id, row.former_id) if each}
    found = await versions.by_ids(session, organization_id, wanted)
    return {row.id: row.version for row in found}


def _after(query: PageQuery) -> UUID | None:
    after = cast("list[Any] | None", query.after())
    if after is None:
        return None
    try:
        (only,) = after
        return UUID(only)
    except ValueError as error:
        raise UnknownCursor(param="cursor") from error
