"""What was trained here becomes callable: a model of the provider `hone`, under its own name."""

from typing import Final
from uuid import UUID

from hone.core.db import Session
from hone.identity import Actor
from hone.llm.providers import PROVIDERS
from hone.llm.types import Capability
from hone.registry import repository
from hone.registry.changes import difference
from hone.registry.errors import NameTaken, UnknownModel
from hone.registry.models import Model, Provider, Route
from hone.registry.schemas import ModelCreate, RouteCreate, RouteTarget
from hone.registry.service import models, providers, routes

KIND: Final = "hone"


async def serve_trained(session: Session, actor: Actor, name: str, *, talks: bool) -> None:
    """Let clients call a trained model by its name; what is there already stays.

    What only labels is not chosen for calls that `talk`.
    """
    organization_id = actor.organization_id
    await repository.lock(session, organization_id)
    held = await repository.every(session, Provider, organization_id)
    ours = next((each for each in held if each.kind == KIND), None)
    words = await taken(session, organization_id, name)
    if words is not None:
        raise NameTaken(words, param="name")
    if await repository.by_name(session, Model, organization_id, name):
        return
    if ours is None:
        ours = await _provider(session, actor, {each.name for each in held})
    able = [Capability.CHAT] if talks else []
    data = ModelCreate(name=name, provider=ours.name, upstream=name, capabilities=able)
    drafted = await models.draft(session, organization_id, data, KIND, None)
    await models.settle(session, actor, drafted)


async def taken(session: Session, organization_id: UUID, name: str) -> str | None:
    """Say why a trained model cannot be called by a name: something else is; None where it can."""
    row = await repository.by_name(session, Model, organization_id, name)
    if row is not None:
        provider = await repository.by_id(session, Provider, organization_id, row.provider_id)
        if provider is not None and provider.kind == KIND:
            return None
    elif await repository.by_name(session, Route, organization_id, name) is None:
        return None
    what = "route" if row is None else "model of another provider"
    return (
        f"There is a {what} {name!r} already: rename or delete it, or train under another name."
        " Any route can have this model as a target once it has a name of its own."
    )


async def point(session: Session, actor: Actor, name: str, model: str) -> None:
    """Let a name lead to another model: a route with that one target."""
    organization_id = actor.organization_id
    await repository.lock(session, organization_id)
    if await repository.by_name(session, Model, organization_id, model) is None:
        raise UnknownModel(f"There is no model {model!r}.", param="config.model")
    if await repository.by_name(session, Model, organization_id, name):
        raise NameTaken(f"There is a model {name!r} already.", param="name")
    row = await repository.by_name(session, Route, organization_id, name)
    data = RouteCreate(name=name, targets=[RouteTarget(model=model)])
    drafted = await routes.draft(session, organization_id, data, row)
    await routes.settle(session, actor, drafted)


async def _provider(session: Session, actor: Actor, taken: set[str]) -> Provider:
    name = KIND if KIND not in taken else f"{KIND}-trained"
    url = PROVIDERS[KIND].base_url
    facts: dict[str, object] = {"name": name, "kind": KIND, "base_url": url, "networks": []}
    draft = providers.Draft(None, name, KIND, url, (), True, None, difference(None, facts))
    return await providers.settle(session, actor, None, draft)
