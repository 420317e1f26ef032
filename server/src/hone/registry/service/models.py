"""The rules of models."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from hone.core import clock, ids
from hone.core.db import Session
from hone.core.errors import NotFound
from hone.core.events import publish
from hone.core.paging import Page, PageQuery
from hone.identity import Actor, Permission
from hone.registry import catalogue, repository
from hone.registry.changes import Change, difference, told
from hone.registry.errors import (
    InUse,
    NameTaken,
    UnknownCatalogueEntry,
    UnknownProvider,
    VersionConflict,
)
from hone.registry.models import Model, Price, Provider, Route
from hone.registry.schemas import (
    CatalogueModel,
    CatalogueRead,
    CatalogueSource,
    ModelCreate,
    ModelRead,
    ModelReplace,
    PriceRead,
)
from hone.registry.service import history, prices


@dataclass(frozen=True, slots=True)
class Draft:
    """A model as it is to be, checked and compared with what is there."""

    id: UUID | None
    data: ModelCreate
    entry: catalogue.Entry | None
    price: prices.PriceDraft | None
    """The price to add, if any."""
    changes: tuple[Change, ...]
    warnings: tuple[str, ...]


async def access(
    session: Session, actor: Actor, model_id: str, permission: Permission = Permission.MODELS_READ
) -> Model:
    """Open the one door to a model: permission first, then organization, then existence."""
    actor.require(permission)
    parsed = ids.parse("model", model_id)
    found = parsed and await repository.by_id(session, Model, actor.organization_id, parsed)
    if not found:
        raise NotFound("There is no such model in this organization.")
    return found


async def page(
    session: Session, actor: Actor, query: PageQuery, containing: str | None = None
) -> Page[ModelRead]:
    """List models by name, each with the price in force."""
    actor.require(Permission.MODELS_READ)
    organization_id = actor.organization_id
    rows, total, following = await repository.page(
        session, Model, organization_id, query, containing
    )
    providers = await repository.names(session, Provider, organization_id)
    held = await repository.prices_in_force(session, organization_id, clock.now())
    items = [_read(row, providers[row.provider_id], held.get(row.id)) for row in rows]
    return Page[ModelRead](items=items, total=total, next=following)


async def get(session: Session, actor: Actor, model_id: str) -> ModelRead:
    """Show one model."""
    return await _show(session, await access(session, actor, model_id))


async def price_history(session: Session, actor: Actor, model_id: str) -> Page[PriceRead]:
    """List every version of a model's price, newest first."""
    row = await access(session, actor, model_id)
    found = await repository.prices_of(session, actor.organization_id, row.id)
    items = [prices.read(each) for each in found]
    return Page[PriceRead](items=items, total=len(items), next=None)


async def create(session: Session, actor: Actor, data: ModelCreate) -> ModelRead:
    """Add a model, which is a route too."""
    actor.require(Permission.MODELS_WRITE)
    await repository.lock(session, actor.organization_id)
    await refuse_taken(session, actor.organization_id, data.name)
    return await _write(session, actor, data, None)


async def replace(session: Session, actor: Actor, model_id: str, data: ModelReplace) -> ModelRead:
    """Bring a model to what is sent, if it is still the version that was read."""
    actor.require(Permission.MODELS_WRITE)
    await repository.lock(session, actor.organization_id)
    row = await access(session, actor, model_id, Permission.MODELS_WRITE)
    if row.version != data.version:
        present = (await _show(session, row)).model_dump(mode="json", by_alias=True)
        changed = await history.last_change(session, "model", row)
        raise VersionConflict(details={"version": row.version, "present": present, **changed})
    if row.name != data.name:
        await refuse_taken(session, actor.organization_id, data.name)
    return await _write(session, actor, data, row)


async def delete(session: Session, actor: Actor, model_id: str) -> None:
    """Remove a model that no route uses; its prices stay, since operations name them."""
    actor.require(Permission.MODELS_WRITE)
    await repository.lock(session, actor.organization_id)
    row = await access(session, actor, model_id, Permission.MODELS_WRITE)
    routes = await repository.every(session, Route, actor.organization_id)
    users = [each.name for each in routes if row.id.hex in _used_by(each)]
    if users:
        raise InUse(f"Routes use it: {', '.join(users)}.", details={"routes": users})
    providers = await repository.names(session, Provider, actor.organization_id)
    before = _facts(row, providers[row.provider_id])
    await history.keep_found(session, "model", row, before)
    row.version, row.updated_at = row.version + 1, clock.now()
    await history.keep(session, actor, "model", row, before, history.Cause("deleted"))
    await session.delete(row)
    subject = ids.public("model", row.id)
    publish(session, actor.organization_id, actor.id, "model.deleted", subject, {"before": before})


def _used_by(route: Route) -> set[object]:
    return {*(each["model"] for each in route.targets), *route.fallbacks}


async def draft(
    session: Session, organization_id: UUID, data: ModelCreate, kind: str, row: Model | None
) -> Draft:
    """Check what a model is to be, at a provider of some kind, and compare it."""
    entry = _entry(data, kind)
    wanted = prices.wanted(data.price, entry)
    now = await repository.now(session)
    known: Sequence[Price] = ()
    if row is not None:
        known = await repository.prices_of(session, organization_id, row.id)
    price = prices.addition(wanted, known, now)
    providers = await repository.names(session, Provider, organization_id)
    before = None if row is None else _facts(row, providers[row.provider_id])
    changes = difference(before, _wanted_facts(data, entry))
    present = prices.in_force(known, now)
    if price is not None:
        held = prices.facts(prices.figures(present)) if present else None
        changes += (Change("price", held, prices.facts(price.figures, price.effective_from)),)
    priced = wanted is not None or present is not None
    warnings = _warnings(data, entry, priced=priced)
    return Draft(row and row.id, data, entry, price, changes, warnings)


async def settle(session: Session, actor: Actor, draft: Draft) -> Model:
    """Write a draft; one that changes nothing leaves no trace."""
    organization_id = actor.organization_id
    row = draft.id and await repository.by_id(session, Model, organization_id, draft.id)
    if row and not draft.changes:
        return row
    provider = await provider_of(session, organization_id, draft.data)
    new = not row
    if row:
        providers = await repository.names(session, Provider, organization_id)
        await history.keep_found(session, "model", row, _facts(row, providers[row.provider_id]))
    else:
        made = ids.new()
        at = ids.created_at(made)
        row = Model(id=made, organization_id=organization_id, version=0, created_at=at)
        session.add(row)
    row.name, row.upstream, row.provider_id = draft.data.name, draft.data.upstream, provider.id
    row.catalogue_id = draft.entry and draft.entry.id
    row.context_tokens = draft.entry and draft.entry.context
    row.output_tokens = draft.entry and draft.entry.max_output
    row.modalities = _words(draft.data.modalities)
    row.capabilities = _words(draft.data.capabilities)
    row.region, row.quality = draft.data.region, draft.data.quality
    row.version, row.updated_at = row.version + 1, clock.now()
    if draft.price is not None:
        await prices.add(session, organization_id, row.id, draft.price)
    verb = "model.created" if new else "model.updated"
    subject = ids.public("model", row.id)
    publish(session, organization_id, actor.id, verb, subject, told(draft.changes, new=new))
    cause = history.Cause("created" if new else "updated")
    await history.keep(session, actor, "model", row, _facts(row, provider.name), cause)
    await session.flush()
    return row


async def provider_of(session: Session, organization_id: UUID, data: ModelCreate) -> Provider:
    """Find the provider that a model names."""
    found = await repository.by_name(session, Provider, organization_id, data.provider)
    if found is None:
        raise UnknownProvider(f"There is no provider {data.provider!r}.", param="provider")
    return found


async def refuse_taken(session: Session, organization_id: UUID, name: str) -> None:
    """Keep the names of models and routes apart: both are what a client sends as `model`."""
    if await repository.by_name(session, Model, organization_id, name):
        raise NameTaken(f"There is a model {name!r} already.", param="name")
    if await repository.by_name(session, Route, organization_id, name):
        raise NameTaken(f"There is a route {name!r} already.", param="name")


def known(actor: Actor) -> CatalogueRead:
    """Show the catalogue."""
    actor.require(Permission.MODELS_READ)
    held = catalogue.load()
    return CatalogueRead(
        as_of=held.as_of,
        sources=[CatalogueSource.model_validate(each) for each in held.sources],
        items=[CatalogueModel.model_validate(each) for each in held.models],
    )


async def _write(session: Session, actor: Actor, data: ModelCreate, row: Model | None) -> ModelRead:
    provider = await provider_of(session, actor.organization_id, data)
    made = await draft(session, actor.organization_id, data, provider.kind, row)
    return await _show(session, await settle(session, actor, made))


async def _show(session: Session, row: Model) -> ModelRead:
    providers = await repository.names(session, Provider, row.organization_id)
    known = await repository.prices_of(session, row.organization_id, row.id)
    held = prices.in_force(known, await repository.now(session))
    return _read(row, providers[row.provider_id], held)


def _read(row: Model, provider: str, price: Price | None) -> ModelRead:
    return ModelRead(
        id=row.id,
        name=row.name,
        provider=provider,
        upstream=row.upstream,
        catalogue_id=row.catalogue_id,
        context_tokens=row.context_tokens,
        output_tokens=row.output_tokens,
        modalities=row.modalities,
        capabilities=row.capabilities,
        region=row.region,
        quality=row.quality,
        price=None if price is None else prices.read(price),
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _entry(data: ModelCreate, kind: str) -> catalogue.Entry | None:
    if data.catalogue is None:
        return catalogue.find(kind, data.upstream)
    entry = catalogue.by_id(data.catalogue)
    if entry is None:
        message = f"The catalogue has no model {data.catalogue!r}."
        raise UnknownCatalogueEntry(message, param="catalogue")
    return entry


def _facts(row: Model, provider: str) -> dict[str, object]:
    return {
        "name": row.name,
        "provider": provider,
        "upstream": row.upstream,
        "catalogue_id": row.catalogue_id,
        "context_tokens": row.context_tokens,
        "output_tokens": row.output_tokens,
        "modalities": row.modalities,
        "capabilities": row.capabilities,
        "region": row.region,
        "quality": row.quality,
    }


def _wanted_facts(data: ModelCreate, entry: catalogue.Entry | None) -> dict[str, object]:
    return {
        "name": data.name,
        "provider": data.provider,
        "upstream": data.upstream,
        "catalogue_id": entry and entry.id,
        "context_tokens": entry and entry.context,
        "output_tokens": entry and entry.max_output,
        "modalities": _words(data.modalities),
        "capabilities": _words(data.capabilities),
        "region": data.region,
        "quality": data.quality,
    }


def _words(given: Sequence[StrEnum] | None) -> list[str] | None:
    return None if given is None else [each.value for each in given]


def _warnings(data: ModelCreate, entry: catalogue.Entry | None, *, priced: bool) -> tuple[str, ...]:
    """Say what an operator should know and may accept."""
    found: list[str] = []
    name = f"model {data.name}"
    if not priced:
        found.append(f"{name} has no price: its calls are counted as free of charge")
    if entry is not None and data.price is None and entry.confidence == "disputed":
        other = entry.compared
        figures = f"{entry.input}/{entry.output}"
        against = f"{other.input}/{other.output}" if other else "unknown"
        found.append(
            f"{name}: its price is disputed; {figures} is used, another source says {against} "
            "(USD per million tokens, input/output)"
        )
    if entry is not None and entry.retires is not None:
        verb = "retired" if entry.retires <= _today() else "retires"
        found.append(f"{name}: {entry.id} {verb} on {entry.retires.isoformat()}")
    return tuple(found)


def _today() -> date:
    return clock.now().date()
