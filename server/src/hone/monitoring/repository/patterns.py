"""Queries about errors that read alike."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import select, text

from hone.core.db import Session
from hone.monitoring.models import ErrorPattern
from hone.operations import FAILED

_FAILED: Final = """
SELECT id, created_at, model, coalesce(error_code, '') AS code,
    coalesce(attempts -> -1 ->> 'errorMessage', '') AS said
FROM operations
WHERE organization_id = :organization_id AND status <> 'success' AND status = ANY(:failed)
    AND arm IS DISTINCT FROM 'shadow' AND (created_at, id) > (:after, :id) AND created_at < :until
ORDER BY created_at, id LIMIT :most
"""
_KEEP: Final = """
INSERT INTO error_patterns AS p
    (organization_id, digest, code, template, models, seen, examples, first_at, last_at)
VALUES (:organization_id, :digest, :code, :template, :models, :seen, CAST(:examples AS uuid[]),
    :first_at, :last_at)
ON CONFLICT (organization_id, digest) DO UPDATE SET
    seen = p.seen + excluded.seen,
    first_at = least(p.first_at, excluded.first_at),
    last_at = greatest(p.last_at, excluded.last_at),
    models = (SELECT array_agg(DISTINCT each ORDER BY each) FROM (
        SELECT unnest(p.models || excluded.models) LIMIT 50) AS all_(each)),
    examples = (excluded.examples || p.examples)[\\:20]
"""


class Failed(NamedTuple):
    """One call that failed."""

    id: UUID
    at: datetime
    model: str
    code: str
    said: str


async def failed_after(
    session: Session,
    organization_id: UUID,
    after: tuple[datetime, UUID],
    until: datetime,
    most: int,
) -> list[Failed]:
    """List calls that failed after one of them, oldest first."""
    values: dict[str, Any] = {
        "organization_id": organization_id,
        "after": after[0],
        "id": after[1],
        "until": until,
        "failed": list(FAILED),
        "most": most,
    }
    return [Failed(*row) for row in await session.execute(text(_FAILED), values)]


async def keep(session: Session, organization_id: UUID, values: dict[str, Any]) -> None:
    """Count more of a pattern, or a new one."""
    await session.execute(text(_KEEP), {"organization_id": organization_id, **values})


async def seen_since(
    session: Session, organization_id: UUID, since: datetime, most: int
) -> Sequence[ErrorPattern]:
    """List patterns that were seen since a moment, the last first."""
    query = (
        select(ErrorPattern)
        .where(ErrorPattern.organization_id == organization_id, ErrorPattern.last_at >= since)
        .order_by(ErrorPattern.last_at.desc(), ErrorPattern.digest)
        .limit(most)
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(query)).all()
