"""Every price that an organization's models ever had, and which held when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from hone.core.db import Session
from hone.llm.types import Price as ModelPrice
from hone.registry.models import Price


@dataclass(frozen=True, slots=True)
class PriceList:
    """The prices of each model, newest first."""

    _prices: Mapping[UUID, Sequence[tuple[datetime, ModelPrice]]]

    def at(self, model_id: UUID, moment: datetime) -> ModelPrice | None:
        """Return the price that held at a moment; None where the model had none yet."""
        known = self._prices.get(model_id, ())
        return next((price for start, price in known if start <= moment), None)


def priced(row: Price) -> ModelPrice:
    """Take a price as those take it who charge by it."""
    return ModelPrice(
        row.id,
        row.input,
        row.output,
        row.cached_input,
        row.cache_write,
        row.batch_percent,
        row.cache_write_hour,
    )


async def price_list(session: Session, organization_id: UUID) -> PriceList:
    """Read all prices of an organization; models that are gone still have theirs."""
    query = (
        select(Price)
        .where(Price.organization_id == organization_id)
        .order_by(Price.effective_from.desc(), Price.id.desc())
    )
    found: dict[UUID, list[tuple[datetime, ModelPrice]]] = {}
    for row in await session.scalars(query):
        price = priced(row)
        found.setdefault(row.model_id, []).append((row.effective_from, price))
    return PriceList(found)
