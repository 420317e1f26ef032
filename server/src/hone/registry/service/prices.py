"""The rules of prices: versioned, from a moment on, never edited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from hone.core import ids
from hone.core.db import Session
from hone.registry import catalogue, money, repository
from hone.registry.errors import PriceFixed, PricePassed
from hone.registry.models import Price
from hone.registry.schemas import PriceRead, PriceWrite


class Figures(NamedTuple):
    """What makes two prices the same, in pico-dollars per token."""

    input: int
    output: int
    cached_input: int | None
    cache_write: int | None
    batch_percent: int | None = None
    cache_write_hour: int | None = None


@dataclass(frozen=True, slots=True)
class PriceDraft:
    """A price to add, in pico-dollars per token."""

    input: int
    output: int
    cached_input: int | None
    cache_write: int | None
    batch_percent: int | None
    cache_write_hour: int | None
    source: str
    effective_from: datetime | None
    """None means from the moment of writing."""

    @property
    def figures(self) -> Figures:
        """Return what makes two prices the same."""
        return Figures(
            self.input,
            self.output,
            self.cached_input,
            self.cache_write,
            self.batch_percent,
            self.cache_write_hour,
        )


def figures(row: Price) -> Figures:
    """Return what makes two prices the same."""
    return Figures(
        row.input,
        row.output,
        row.cached_input,
        row.cache_write,
        row.batch_percent,
        row.cache_write_hour,
    )


def read(row: Price) -> PriceRead:
    """Show a price in USD per million tokens."""
    return PriceRead(
        id=row.id,
        input=money.to_usd(row.input),
        output=money.to_usd(row.output),
        cached_input=_usd(row.cached_input),
        cache_write=_usd(row.cache_write),
        batch=None if row.batch_percent is None else money.to_part(row.batch_percent),
        cache_write_hour=_usd(row.cache_write_hour),
        source=row.source,
        effective_from=row.effective_from,
    )


def wanted(given: PriceWrite | None, entry: catalogue.Entry | None) -> PriceDraft | None:
    """Take the price that was given, else the catalogue's, else none."""
    if given is not None:
        return PriceDraft(
            money.to_pico(given.input),
            money.to_pico(given.output),
            _pico(given.cached_input),
            _pico(given.cache_write),
            None if given.batch is None else int(given.batch * 100),
            _pico(given.cache_write_hour),
            "given",
            given.effective_from,
        )
    if entry is None or entry.input is None or entry.output is None:
        return None
    disputed = " (disputed)" if entry.confidence == "disputed" else ""
    return PriceDraft(
        money.to_pico(Decimal(entry.input)),
        money.to_pico(Decimal(entry.output)),
        _pico(entry.cached_input),
        _pico(entry.cache_write),
        None,
        _pico(entry.cache_write_hour),
        f"catalogue {catalogue.load().as_of.isoformat()}{disputed}",
        None,
    )


def _pico(usd: Decimal | str | None) -> int | None:
    return None if usd is None else money.to_pico(Decimal(usd))


def _usd(pico: int | None) -> str | None:
    return None if pico is None else money.to_usd(pico)


def addition(draft: PriceDraft | None, known: Sequence[Price], now: datetime) -> PriceDraft | None:
    """Return the draft if it says anything new; refuse it if it would rewrite the past."""
    if draft is None:
        return None
    start = draft.effective_from
    fixed = next((each for each in known if start and each.effective_from == start), None)
    ahead = start is not None and start > now
    present = fixed or (None if ahead else in_force(known, now))
    if present is not None and figures(present) == draft.figures:
        return None
    if fixed is not None:
        raise PriceFixed(param="price.effectiveFrom")
    if start is not None and not ahead:
        raise PricePassed(param="price.effectiveFrom", details={"now": now.isoformat()})
    return draft


def in_force(known: Sequence[Price], at: datetime) -> Price | None:
    """Find the price that holds at a moment, among a model's prices, newest first."""
    return next((each for each in known if each.effective_from <= at), None)


def facts(held: Figures | None, from_then: datetime | None = None) -> dict[str, object] | None:
    """Tell a price in USD per million tokens."""
    if held is None:
        return None
    told: dict[str, object] = {
        name: money.to_usd(value)
        for name, value in held._replace(batch_percent=None)._asdict().items()
        if value is not None
    }
    if held.batch_percent is not None:
        told["batch"] = money.to_part(held.batch_percent)
    if from_then is not None:
        told["effective_from"] = from_then.isoformat()
    return told


async def add(session: Session, organization_id: UUID, model_id: UUID, draft: PriceDraft) -> Price:
    """Add a version of a model's price."""
    price_id = ids.new()
    row = Price(
        id=price_id,
        organization_id=organization_id,
        model_id=model_id,
        input=draft.input,
        output=draft.output,
        cached_input=draft.cached_input,
        cache_write=draft.cache_write,
        batch_percent=draft.batch_percent,
        cache_write_hour=draft.cache_write_hour,
        source=draft.source,
        effective_from=draft.effective_from or await repository.now(session),
        created_at=ids.created_at(price_id),
    )
    session.add(row)
    return row
