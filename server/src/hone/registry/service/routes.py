"""The rules of routes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, cast
from uuid import UUID

from hone.core import clock, ids
from hone.core.db import Session
from hone.core.errors import NotFound
from hone.core.events import publish
from hone.core.paging import Page, PageQuery
from hone.identity import Actor, Permission
from hone.registry import repository
from hone.registry.changes import Change, difference, told
from hone.registry.errors import UnknownModel, VersionConflict
from hone.registry.models import Model, Route
from hone.registry.schemas import (
    RouteCreate,
    RouteDeadlines,
    RouteFactors,
    RouteRead,
    RouteReplace,
    RouteTarget,
)
from hone.registry.service import history
from hone.registry.service.models import refuse_taken

Names = Mapping[UUID, str]
_SETTINGS: Final = ("factors", "exploration", "regions")


@dataclass(frozen=True, slots=True)
class Draft:
    """A route as it is to be, compared with what is there."""

    id: UUID | None
    data: RouteCreate
    changes: tuple[Change, ...]
    cause: history.Cause | None = None
    """Why it is written, where that is more than a change."""
    again: tuple[UUID, int] | None = field(default=None)
    """A deleted route that is to be there again: its id and its last version."""


async def access(
    session: Session, actor: Actor, route_id: str, permission: Permission = Permission.ROUTES_READ
) -> Route:
    """Open the one door to a route: permission first, then organization, then existence."""
    actor.require(permission)
    parsed = ids.parse("route", route_id)
    found = parsed and await repository.by_id(session, Route, actor.organization_id, parsed)
    if not found:
        raise NotFound("There is no such route in this organization.")
    return found


async def page(
    session: Session, actor: Actor, query: PageQuery, containing: str | None = None
) -> Page[RouteRead]:
    """List routes by name."""
    actor.require(Permission.ROUTES_READ)
    organization_id = actor.organization_id
    rows, total, following = await repository.page(
        session, Route, organization_id, query, containing
    )
    names = await repository.names(session, Model, organization_id)
    return Page[RouteRead](items=[_read(row, names) for row in rows], total=total, next=following)


async def get(session: Session, actor: Actor, route_id: str) -> RouteRead:
    """Show one route."""
    return await show(session, await access(session, actor, route_id))


async def create(session: Session, actor: Actor, data: RouteCreate) -> RouteRead:
    """Add a route."""
    actor.require(Permission.ROUTES_WRITE)
    await repository.lock(session, actor.organization_id)
    await refuse_taken(session, actor.organization_id, data.name)
    made = await draft(session, actor.organization_id, data, None)
    return await show(session, await settle(session, actor, made))


async def replace(session: Session, actor: Actor, route_id: str, data: RouteReplace) -> RouteRead:
    """Bring a route to what is sent, if it is still the version that was read."""
    actor.require(Permission.ROUTES_WRITE)
    await repository.lock(session, actor.organization_id)
    row = await access(session, actor, route_id, Permission.ROUTES_WRITE)
    await require_version(session, row, data.version)
    if row.name != data.name:
        await refuse_taken(session, actor.organization_id, data.name)
    made = await draft(session, actor.organization_id, data, row)
    return await show(session, await settle(session, actor, made))


async def require_version(session: Session, row: Route, version: int) -> None:
    """Refuse a change that was made without knowing the present one, and show that."""
    if row.version == version:
        return
    present = (await show(session, row)).model_dump(mode="json", by_alias=True)
    changed = await history.last_change(session, "route", row)
    raise VersionConflict(details={"version": row.version, "present": present, **changed})


async def delete(session: Session, actor: Actor, route_id: str) -> None:
    """Remove a route; its versions stay, and can bring it back."""
    actor.require(Permission.ROUTES_WRITE)
    await repository.lock(session, actor.organization_id)
    row = await access(session, actor, route_id, Permission.ROUTES_WRITE)
    names = await repository.names(session, Model, actor.organization_id)
    before, state = _facts(row, names), _state(row, names)
    await history.keep_found(session, "route", row, state)
    row.version, row.updated_at = row.version + 1, clock.now()
    await history.keep(session, actor, "route", row, state, history.Cause("deleted"))
    await session.delete(row)
    subject = ids.public("route", row.id)
    publish(session, actor.organization_id, actor.id, "route.deleted", subject, {"before": before})


async def draft(
    session: Session, organization_id: UUID, data: RouteCreate, row: Route | None
) -> Draft:
    """Compare what a route is to be with what is there."""
    names = await repository.names(session, Model, organization_id)
    before = None if row is None else _facts(row, names)
    return Draft(row and row.id, data, difference(before, _wanted_facts(data)))


async def settle(session: Session, actor: Actor, draft: Draft) -> Route:
    """Write a draft; one that changes nothing leaves no trace."""
    organization_id = actor.organization_id
    row = draft.id and await repository.by_id(session, Route, organization_id, draft.id)
    if row and not draft.changes:
        return row
    names = await repository.names(session, Model, organization_id)
    model_ids = {name: model_id.hex for model_id, name in names.items()}
    data = draft.data
    new = not row
    if row:
        await history.keep_found(session, "route", row, _state(row, names))
    else:
        made, version = draft.again or (ids.new(), 0)
        at = ids.created_at(made)
        row = Route(id=made, organization_id=organization_id, version=version, created_at=at)
        session.add(row)
    row.name, row.policy = data.name, data.policy.value
    row.targets = [
        {"model": _id_of(each.model, model_ids, "targets"), "weight": each.weight}
        for each in data.targets
    ]
    row.fallbacks = [_id_of(each, model_ids, "fallbacks") for each in data.fallbacks]
    row.deadlines = data.deadlines.model_dump(exclude_none=True)
    row.settings = {name: value for name, value in _settings(data).items() if value}
    row.version, row.updated_at = row.version + 1, clock.now()
    verb = "route.created" if new else "route.updated"
    subject = ids.public("route", row.id)
    publish(session, organization_id, actor.id, verb, subject, told(draft.changes, new=new))
    cause = draft.cause or history.Cause("created" if new else "updated")
    await history.keep(session, actor, "route", row, _state(row, names), cause)
    await session.flush()
    return row


def _id_of(name: str, model_ids: Mapping[str, str], param: str) -> str:
    if name not in model_ids:
        raise UnknownModel(f"There is no model {name!r}.", param=param)
    return model_ids[name]


async def show(session: Session, row: Route) -> RouteRead:
    """Show a route as it is now."""
    return _read(row, await repository.names(session, Model, row.organization_id))


def _read(row: Route, names: Names) -> RouteRead:
    factors = row.settings.get("factors")
    return RouteRead(
        id=row.id,
        name=row.name,
        policy=row.policy,
        targets=[RouteTarget.model_validate(each) for each in _targets(row, names)],
        fallbacks=_fallbacks(row, names),
        deadlines=RouteDeadlines.model_validate(row.deadlines),
        factors=RouteFactors.model_validate(factors) if factors else None,
        exploration=cast("float | None", row.settings.get("exploration")),
        regions=cast("list[str]", row.settings.get("regions", [])),
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _targets(row: Route, names: Names) -> list[dict[str, object]]:
    return [
        {"model": names[UUID(str(each["model"]))], "weight": each["weight"]} for each in row.targets
    ]


def _fallbacks(row: Route, names: Names) -> list[str]:
    return [names[UUID(each)] for each in row.fallbacks]


def _facts(row: Route, names: Names) -> dict[str, object]:
    return {
        "name": row.name,
        "policy": row.policy,
        "targets": _targets(row, names),
        "fallbacks": _fallbacks(row, names),
        "deadlines": row.deadlines,
        **{name: row.settings.get(name) for name in _SETTINGS},
    }


def _state(row: Route, names: Names) -> dict[str, object]:
    """Say what a route is so that it can be brought back: also by the ids of its models."""
    used = [*(UUID(str(each["model"])) for each in row.targets), *map(UUID, row.fallbacks)]
    return {**_facts(row, names), "models": {names[each]: each.hex for each in used}}


def _wanted_facts(data: RouteCreate) -> dict[str, object]:
    return {
        "name": data.name,
        "policy": data.policy.value,
        "targets": [{"model": each.model, "weight": each.weight} for each in data.targets],
        "fallbacks": list(data.fallbacks),
        "deadlines": data.deadlines.model_dump(exclude_none=True),
        **_settings(data),
    }


def _settings(data: RouteCreate) -> dict[str, object]:
    """Return what the policy needs."""
    return {
        "factors": data.factors and data.factors.model_dump(),
        "exploration": data.exploration,
        "regions": list(data.regions) or None,
    }
