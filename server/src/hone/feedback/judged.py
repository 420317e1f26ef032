"""How many answers under a name were right, as people said: what the loop looks at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text

from hone.core.db import Session
from hone.feedback.figures import wilson
from hone.feedback.schemas import FeedbackShare

_JUDGED: Final = """
SELECT count(*) FILTER (WHERE positive) AS positive,
    count(*) FILTER (WHERE NOT positive) AS negative,
    count(*) FILTER (WHERE corrected) AS corrected
FROM feedback
WHERE organization_id = :organization AND state = 'accepted' AND metric <> 'fast'
    AND (model = :name OR route = :name AND NOT starts_with(model, :name || '@')) AND created_at > :since
"""


@dataclass(frozen=True, slots=True)
class Judged:
    """What people said of answers; what is held or rejected does not count."""

    right: int
    wrong: int
    corrected: int

    @property
    def share(self) -> FeedbackShare | None:
        """Estimate how many answers are right."""
        return wilson(self.right, self.right + self.wrong)


async def judged(session: Session, organization_id: UUID, name: str, since: datetime) -> Judged:
    """Count what was said of a model's or route's answers after a moment.

    What `NAME@canary` and the like answered in its place is not counted: that is another version.
    """
    values = {"organization": organization_id, "name": name, "since": since}
    row = (await session.execute(text(_JUDGED), values)).one()
    return Judged(row.positive, row.negative, row.corrected)
