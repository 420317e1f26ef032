"""A provider's books beside ours: how much of what it says was used went through the gateway."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sqlalchemy import text

from hone.core.db import Session
from hone.identity import Actor, Permission
from hone.operations.invoices import Books, Invoice, Used, plain
from hone.operations.rows import GATEWAY
from hone.registry import require_provider

_OURS: Final = """
SELECT (o.created_at AT TIME ZONE 'UTC')::date AS day, a ->> 'upstream' AS model,
    sum((a ->> 'inputTokens')::bigint)::bigint, sum((a ->> 'outputTokens')::bigint)::bigint,
    sum((a ->> 'cost')::bigint)::numeric
FROM operations o, jsonb_array_elements(o.attempts) AS a
WHERE o.organization_id = :organization_id AND o.created_at >= :since AND o.created_at < :until
    AND o.source = :source AND a ->> 'provider' = :provider
GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Compared:
    """One model on one day; None where that side knows of nothing."""

    day: date
    model: str
    theirs: Used | None
    ours: Used | None


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Two books, line by line, and their sums."""

    lines: Sequence[Compared]
    theirs: Used
    ours: Used
    measures: frozenset[str]
    """What the provider's tells; nothing else can be compared."""


async def reconcile(
    session: Session, actor: Actor, provider: str, invoice: Invoice
) -> Reconciliation:
    """Compare an export with the attempts at a provider on the days from its first to its last."""
    actor.require(Permission.OPERATIONS_READ)
    await require_provider(session, actor.organization_id, provider)
    days = [day for day, _ in invoice.lines]
    ours = await _ours(session, actor, provider, min(days), max(days))
    keys = sorted({*invoice.lines, *ours})
    lines = [Compared(*key, invoice.lines.get(key), ours.get(key)) for key in keys]
    return Reconciliation(lines, _total(invoice.lines), _total(ours), invoice.measures)


async def _ours(session: Session, actor: Actor, provider: str, first: date, last: date) -> Books:
    values = {
        "organization_id": actor.organization_id,
        "since": datetime.combine(first, time(), UTC),
        "until": datetime.combine(last + timedelta(days=1), time(), UTC),
        "source": GATEWAY,
        "provider": provider,
    }
    books: Books = {}
    for day, model, *figures in (await session.execute(text(_OURS), values)).all():
        used = Used(*(int(each) for each in figures))
        if used != Used():
            books.setdefault((day, plain(model)), Used()).add(used)
    return books


def _total(books: Books) -> Used:
    total = Used()
    for each in books.values():
        total.add(each)
    return total
