"""The rules of going back: a route is made equal to one of its versions, as a new version."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from hone.core import ids
from hone.core.db import Session
from hone.core.errors import NotFound
from hone.identity import Actor, Permission
from hone.registry import repository
from hone.registry.errors import ModelGone, NothingToUndo, VersionConflict
from hone.registry.models import Model, Route, Version
from hone.registry.schemas import RouteCreate, RouteRead, RouteUndo
from hone.registry.service import history, routes
from hone.registry.service.models import refuse_taken


async def undo(session: Session, actor: Actor, route_id: str, data: RouteUndo) -> RouteRead:
    """Take the last change back, if it is still the last; a deleted route is there again."""
    newest = await _newest(session, actor, route_id)
    row = await repository.by_id(session, Route, actor.organization_id, newest.subject_id)
    if row is not None:
        await routes.require_version(session, row, data.version)
    elif newest.version != data.version:
        raise VersionConflict(details={"version": newest.version})
    number = newest.version if row is None else row.version - 1
    found = await repository.version(
        session, actor.organization_id, "route", newest.subject_id, number
    )
    if found is None:
        raise NothingToUndo
    return await _become(session, actor, row, newest, found, history.Cause("undone", number))


async def restore(
    session: Session, actor: Actor, route_id: str, number: int, data: RouteUndo
) -> RouteRead:
    """Make a route what one of its versions was."""
    newest = await _newest(session, actor, route_id)
    row = await repository.by_id(session, Route, actor.organization_id, newest.subject_id)
    if row is not None:
        await routes.require_version(session, row, data.version)
    found = await repository.version(
        session, actor.organization_id, "route", newest.subject_id, number
    )
    if found is None:
        raise NotFound(f"This route has no version {number}.")
    return await _become(session, actor, row, newest, found, history.Cause("restored", number))


async def _newest(session: Session, actor: Actor, route_id: str) -> Version:
    """Find a route's last version, also of one that was deleted."""
    actor.require(Permission.ROUTES_WRITE)
    await repository.lock(session, actor.organization_id)
    parsed = ids.parse("route", route_id)
    found = parsed and await repository.newest_version(
        session, actor.organization_id, "route", parsed
    )
    if not found:
        raise NotFound("There is no such route in this organization.")
    return found


async def _become(
    session: Session,
    actor: Actor,
    row: Route | None,
    newest: Version,
    found: Version,
    cause: history.Cause,
) -> RouteRead:
    names = await repository.names(session, Model, actor.organization_id)
    data = _wanted(found, names)
    if row is None or row.name != data.name:
        await refuse_taken(session, actor.organization_id, data.name)
    draft = await routes.draft(session, actor.organization_id, data, row)
    again = None if row is not None else (newest.subject_id, newest.version)
    made = await routes.settle(session, actor, replace(draft, cause=cause, again=again))
    return await routes.show(session, made)


def _wanted(found: Version, names: Mapping[UUID, str]) -> RouteCreate:
    missing = history.gone(found.state, names)
    if missing:
        raise ModelGone(
            f"Version {found.version} names what was deleted since: {', '.join(missing)}.",
            details={"models": missing},
        )
    state = history.resolved(found.state, names)
    return RouteCreate.model_validate({name: it for name, it in state.items() if it is not None})
