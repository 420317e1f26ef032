"""How good answers were, as people said: what learned routing reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text

from hone.core.db import Session

_SCORES: Final = """
SELECT operation_id, model_id, avg(score)::float AS score FROM feedback
WHERE organization_id = :organization AND state = 'accepted' AND score IS NOT NULL
    AND operation_id IS NOT NULL AND model_id IS NOT NULL AND metric <> 'fast'
    AND operation_id < :before
GROUP BY 1, 2 ORDER BY 1 DESC LIMIT :most
"""
NEWEST: Final = UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class Score:
    """The mean of what people said of one answer, 0 to 1."""

    operation_id: UUID
    model_id: UUID
    score: float


async def scores(
    session: Session, organization_id: UUID, before: UUID = NEWEST, most: int = 1000
) -> Sequence[Score]:
    """Read how good answers were, newest calls first, from before one of them."""
    values = {"organization": organization_id, "before": before, "most": most}
    rows = await session.execute(text(_SCORES), values)
    return [Score(row.operation_id, row.model_id, row.score) for row in rows]
