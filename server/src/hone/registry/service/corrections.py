"""A price that was wrong from a moment in the past on: another one is put beside it, and holds.

The wrong one stays, since operations name it; what they cost changes when they are rated anew.
"""

from dataclasses import replace
from uuid import UUID

from hone.core import ids
from hone.core.db import Session
from hone.core.events import publish
from hone.identity import Actor, Permission
from hone.registry import repository
from hone.registry.errors import PriceAhead, UnknownModel, UnknownProvider
from hone.registry.models import Model, Provider
from hone.registry.schemas import PriceRead, PriceWrite
from hone.registry.service import prices


async def model_id(session: Session, organization_id: UUID, name: str) -> UUID:
    """Find a model by its name; raise `UnknownModel` where there is none."""
    row = await repository.by_name(session, Model, organization_id, name)
    if row is None:
        raise UnknownModel(f"There is no model {name!r}.", param="model")
    return row.id


async def require_provider(session: Session, organization_id: UUID, name: str) -> None:
    """Raise `UnknownProvider` where an organization has no provider of that name."""
    if await repository.by_name(session, Provider, organization_id, name) is None:
        raise UnknownProvider(f"There is no provider {name!r}.", param="provider")


async def correct(session: Session, actor: Actor, model: str, wanted: PriceWrite) -> PriceRead:
    """Say what a model's price was from a moment in the past until its next one."""
    actor.require(Permission.MODELS_WRITE)
    organization_id = actor.organization_id
    await repository.lock(session, organization_id)
    called = await model_id(session, organization_id, model)
    draft, start = prices.wanted(wanted, None), wanted.effective_from
    if draft is None or start is None or start > await repository.now(session):
        raise PriceAhead(param="effectiveFrom")
    known = await repository.prices_of(session, organization_id, called)
    held = prices.in_force(known, start)
    if held is not None and prices.figures(held) == draft.figures:
        return prices.read(held)
    made = await prices.add(session, organization_id, called, replace(draft, source="corrected"))
    data = {
        "before": held and prices.facts(prices.figures(held), held.effective_from),
        "after": prices.facts(draft.figures, start),
    }
    subject = ids.public("model", called)
    publish(session, organization_id, actor.id, "price.corrected", subject, data)
    await session.flush()
    return prices.read(made)
