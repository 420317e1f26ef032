"""Queries that draw calls of one model, for what is reckoned from their contents and confidence.

Copies for a release that is tried unseen are left out: nobody asked for them.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text

from hone.core.db import Session

_CONFIDENCES: Final = """
SELECT least(width_bucket(confidence, 0, 1, :bins) - 1, :bins - 1) AS place, count(*) AS calls
FROM operations
WHERE organization_id = :organization_id AND created_at >= :since AND created_at < :until
    AND model = :model AND arm IS DISTINCT FROM 'shadow'
    AND kind = 'classification' AND confidence BETWEEN 0 AND 1
GROUP BY 1
"""
_LEAST_SURE: Final = """
SELECT id FROM operations
WHERE organization_id = :organization_id AND created_at >= :since AND model = :model
    AND arm IS DISTINCT FROM 'shadow' AND kind = 'classification' AND confidence IS NOT NULL
ORDER BY confidence LIMIT 20
"""
_DRAWN: Final = """
SELECT id FROM (
    SELECT id FROM operations
    WHERE organization_id = :organization_id AND created_at >= :since AND created_at < :until
        AND model = :model AND arm IS DISTINCT FROM 'shadow' AND status = 'success'
    ORDER BY created_at DESC LIMIT 20000
) AS newest ORDER BY md5(id::text) LIMIT :most
"""
_COUNT: Final = """
SELECT count(*) FROM (
    SELECT FROM operations
    WHERE organization_id = :organization_id AND created_at >= :since AND created_at < :until
        AND model = :model AND arm IS DISTINCT FROM 'shadow' AND status = 'success' LIMIT :most
) AS answered
"""


async def confidences(
    session: Session, organization_id: UUID, model: str, since: datetime, until: datetime, bins: int
) -> dict[int, int]:
    """Count classifications by how sure the model was, in so many bins from 0 to 1."""
    values = {
        "organization_id": organization_id,
        "model": model,
        "since": since,
        "until": until,
        "bins": bins,
    }
    rows = await session.execute(text(_CONFIDENCES), values)
    return {max(0, row.place): row.calls for row in rows}


async def least_sure(
    session: Session, organization_id: UUID, model: str, since: datetime
) -> Sequence[UUID]:
    """List the classifications that a model was least sure of."""
    values = {"organization_id": organization_id, "model": model, "since": since}
    return list(await session.scalars(text(_LEAST_SURE), values))


async def drawn(
    session: Session, organization_id: UUID, model: str, since: datetime, until: datetime, most: int
) -> Sequence[UUID]:
    """Draw calls of a stretch of time by chance, the same ones each time."""
    values = {
        "organization_id": organization_id,
        "model": model,
        "since": since,
        "until": until,
        "most": most,
    }
    return list(await session.scalars(text(_DRAWN), values))


async def count(
    session: Session, organization_id: UUID, model: str, since: datetime, until: datetime, most: int
) -> int:
    """Count calls that were answered, up to `most`."""
    values = {
        "organization_id": organization_id,
        "model": model,
        "since": since,
        "until": until,
        "most": most,
    }
    return await session.scalar(text(_COUNT), values) or 0
