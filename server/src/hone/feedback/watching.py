"""What feedback adds up to for those who watch it: by the hour, and which calls were judged worst."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text

from hone.core.db import Session
from hone.feedback import repository
from hone.feedback.repository import Cell

_WORST: Final = """
SELECT operation_id, coalesce(model, '') AS model FROM feedback
WHERE organization_id = :organization_id AND state = 'accepted' AND positive IS FALSE
    AND operation_id IS NOT NULL AND created_at >= :since
    AND (CAST(:model AS text) IS NULL OR model = :model)
ORDER BY id DESC LIMIT :most
"""
_JUDGED: Final = """
SELECT confidence, positive FROM feedback
WHERE organization_id = :organization_id AND state = 'accepted' AND kind = 'classification'
    AND positive IS NOT NULL AND confidence IS NOT NULL AND operation_id IS NOT NULL
    AND model = :model AND created_at >= :since AND created_at < :until
ORDER BY id DESC LIMIT :most
"""


async def hours(
    session: Session,
    organization_id: UUID,
    since: datetime,
    until: datetime,
    *,
    model: str | None = None,
    kind: str | None = None,
) -> list[Cell]:
    """Add up by hour and model what was said, oldest first; the first hour counts whole."""
    begins = since.replace(minute=0, second=0, microsecond=0)
    found = await repository.cells(
        session, organization_id, begins, until, model=model, kind=kind, step="hour"
    )
    return sorted(found, key=lambda each: (each.at, each.model, each.kind, each.metric))


async def signs(
    session: Session, organization_id: UUID, since: datetime, until: datetime, model: str | None
) -> Mapping[str, int]:
    """Count signs that nobody said, by kind; the first hour counts whole."""
    begins = since.replace(minute=0, second=0, microsecond=0)
    return await repository.signals(session, organization_id, begins, until, model)


async def worst(
    session: Session, organization_id: UUID, since: datetime, model: str | None, most: int
) -> Sequence[tuple[UUID, str]]:
    """List the calls that were judged badly last, with their models."""
    values = {
        "organization_id": organization_id,
        "since": since,
        "model": model,
        "most": most,
    }
    return [(row[0], row[1]) for row in await session.execute(text(_WORST), values)]


async def confident(
    session: Session,
    organization_id: UUID,
    since: datetime,
    until: datetime,
    model: str,
    most: int = 20_000,
) -> list[tuple[float, bool]]:
    """List how sure a model was of classifications that were judged, and whether they were right."""
    values = {
        "organization_id": organization_id,
        "since": since,
        "until": until,
        "model": model,
        "most": most,
    }
    rows = await session.execute(text(_JUDGED), values)
    return [(float(row[0]), bool(row[1])) for row in rows]
