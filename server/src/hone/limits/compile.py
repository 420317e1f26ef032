"""From rows to what the gateway is told."""

from uuid import UUID

from hone.core.db import Session
from hone.gateway import Limit as Compiled
from hone.gateway import LimitBook, Measure, Subject, Window
from hone.limits import repository


async def compiled(session: Session, organization_id: UUID) -> LimitBook | None:
    """Compile an organization's limits; None where it has none, so that calls look nothing up."""
    rows = await repository.every(session, organization_id)
    known = [
        Compiled(
            row.id,
            row.organization_id,
            Subject(row.subject_kind),
            row.subject_id,
            Measure(row.measure),
            None if row.period is None else Window(row.period),
            row.amount,
            row.on_store_loss == "allow",
            row.version,
        )
        for row in rows
    ]
    return LimitBook(known) if known else None
