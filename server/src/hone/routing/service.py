"""The rules of routing models: who may see them, put one in force, and take it back."""

import asyncio
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from hone.core import clock, ids
from hone.core.blobs import Blobs
from hone.core.db import Session
from hone.core.errors import NotFound
from hone.core.events import publish
from hone.core.jobs import defer
from hone.core.paging import Page, PageQuery
from hone.gateway import ArtifactUnreadable, unpack_predictor
from hone.identity import Actor, Permission
from hone.routing import rendering, repository
from hone.routing.errors import FitRunning, NoRoutingModelActive, NotActive, RoutingModelUnreadable
from hone.routing.models import RoutingFit, RoutingModel
from hone.routing.rendering import FIT_PREFIX, PREFIX
from hone.routing.schemas import Basis, FitRead, RoutingModelRead, RoutingState

FIT = "routing.fit"
"""The job that runs the trainer."""
_READ, _WRITE = Permission.ROUTES_READ, Permission.ROUTES_WRITE


async def access(
    session: Session, actor: Actor, named: str, permission: Permission = _READ
) -> RoutingModel:
    """Open the one door to a routing model, by its id or the number of its version."""
    actor.require(permission)
    found = None
    if named.isascii() and named.isdigit() and len(named) < 10:
        found = await repository.by_version(session, actor.organization_id, int(named))
    elif parsed := ids.parse(PREFIX, named):
        found = await repository.by_id(session, actor.organization_id, parsed)
    if found is None:
        raise NotFound("There is no such routing model in this organization.")
    return found


async def state(session: Session, actor: Actor) -> RoutingState:
    """Tell which routing model is active, and how the last fit went."""
    actor.require(_READ)
    active = await repository.active(session, actor.organization_id)
    fit = await repository.newest_fit(session, actor.organization_id)
    return RoutingState(
        active=None if active is None else await _show(session, actor, active),
        fit=None if fit is None else rendering.fit(fit),
    )


async def page(session: Session, actor: Actor, query: PageQuery) -> Page[RoutingModelRead]:
    """List routing models, newest first."""
    actor.require(_READ)
    rows, total, following = await repository.page(session, actor.organization_id, query)
    names = await repository.model_names(session, actor.organization_id)
    items = [rendering.model(row, names) for row in rows]
    return Page[RoutingModelRead](items=items, total=total, next=following)


async def newest(session: Session, actor: Actor) -> list[RoutingModelRead]:
    """List the newest 100 routing models."""
    return list((await page(session, actor, PageQuery(limit=100))).items)


async def get(session: Session, actor: Actor, named: str) -> RoutingModelRead:
    """Show one routing model."""
    return await _show(session, actor, await access(session, actor, named))


async def get_fit(session: Session, actor: Actor, fit_id: str) -> FitRead:
    """Tell how far a fit is."""
    actor.require(_READ)
    parsed = ids.parse(FIT_PREFIX, fit_id)
    found = parsed and await repository.fit(session, actor.organization_id, parsed)
    if not found:
        raise NotFound("There is no such fit in this organization.")
    return rendering.fit(found)


async def begin(session: Session, actor: Actor, basis: Basis, *, here: bool = False) -> FitRead:
    """Begin to learn, in a worker or, with `here`, in the process that asks; one fit at a time."""
    actor.require(_WRITE)
    organization_id = actor.organization_id
    made = RoutingFit(
        id=ids.new(),
        organization_id=organization_id,
        state="running",
        basis=basis,
        stage="waiting",
        progress=0.0,
        started_by=actor.id,
    )
    session.add(made)
    try:
        await session.flush()
    except IntegrityError as error:
        raise FitRunning from error
    subject = ids.public(FIT_PREFIX, made.id)
    publish(session, organization_id, actor.id, "routing_fit.begun", subject, {"basis": basis})
    if not here:
        arguments = {"organization": organization_id.hex, "fit": made.id.hex}
        await defer(session, FIT, arguments, lock=f"{FIT}:{organization_id.hex}")
    await session.refresh(made)
    return rendering.fit(made)


async def activate(session: Session, actor: Actor, blobs: Blobs, named: str) -> RoutingModelRead:
    """Put a routing model in force; what was active before is kept for going back."""
    actor.require(_WRITE)
    await repository.lock(session, actor.organization_id)
    row = await access(session, actor, named, _WRITE)
    before = await repository.active(session, actor.organization_id)
    if before is None or before.id != row.id:
        await _try(blobs, row)
        await _retire(session, before)
        row.former_id = None if before is None else before.id
        _enforce(row, actor)
        _note(session, actor, "routing_model.activated", row, before, row)
    return await _flushed(session, actor, row)


async def retire(session: Session, actor: Actor, named: str) -> RoutingModelRead:
    """Take a routing model out of force; routes go by what you say of models."""
    actor.require(_WRITE)
    await repository.lock(session, actor.organization_id)
    row = await access(session, actor, named, _WRITE)
    if row.state != repository.ACTIVE:
        raise NotActive
    await _retire(session, row)
    _note(session, actor, "routing_model.retired", row, row, None)
    return await _flushed(session, actor, row)


async def undo(session: Session, actor: Actor, blobs: Blobs) -> RoutingState:
    """Go back to the routing model that was active before, or to none if there was none."""
    actor.require(_WRITE)
    organization_id = actor.organization_id
    await repository.lock(session, organization_id)
    present = await repository.active(session, organization_id)
    if present is None:
        raise NoRoutingModelActive
    former = None
    if present.former_id is not None:
        former = await repository.by_id(session, organization_id, present.former_id)
    if former is not None:
        await _try(blobs, former)
    await _retire(session, present)
    if former is not None:
        _enforce(former, actor)
    _note(session, actor, "routing_model.undone", present, present, former)
    await session.flush()
    return await state(session, actor)


async def _try(blobs: Blobs, row: RoutingModel) -> None:
    """Read a file as the servers will, before calls depend on it."""
    content = await blobs.get(row.organization_id, row.digest)
    try:
        await asyncio.to_thread(unpack_predictor, content)
    except ArtifactUnreadable as error:
        raise RoutingModelUnreadable from error


async def _retire(session: Session, row: RoutingModel | None) -> None:
    if row is not None:
        row.state, row.retired_at = "retired", clock.now()
        # Before another one: at no moment two are active.
        await session.flush()


def _enforce(row: RoutingModel, actor: Actor) -> None:
    row.state, row.activated_by, row.activated_at = repository.ACTIVE, actor.id, clock.now()
    row.retired_at = None


def _note(
    session: Session,
    actor: Actor,
    name: str,
    row: RoutingModel,
    before: RoutingModel | None,
    after: RoutingModel | None,
) -> None:
    data: dict[str, Any] = {"before": _facts(before), "after": _facts(after)}
    subject = ids.public(PREFIX, row.id)
    publish(session, actor.organization_id, actor.id, name, subject, data)


def _facts(row: RoutingModel | None) -> dict[str, object]:
    if row is None:
        return {"active": None}
    return {"active": ids.public(PREFIX, row.id), "version": row.version, "digest": row.digest}


async def _flushed(session: Session, actor: Actor, row: RoutingModel) -> RoutingModelRead:
    await session.flush()
    return await _show(session, actor, row)


async def _show(session: Session, actor: Actor, row: RoutingModel) -> RoutingModelRead:
    return rendering.model(row, await repository.model_names(session, actor.organization_id))


async def in_force(session: Session, organization_id: UUID) -> tuple[UUID, str] | None:
    """Tell which routing model calls use, and where its file lies."""
    row = await repository.active(session, organization_id)
    return None if row is None else (row.id, row.digest)
