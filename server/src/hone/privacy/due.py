"""What is due under a rule: counted before, deleted at night, by the same conditions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from hone.core.db import Session
from hone.privacy.kinds import Kind, Part

COUNTED: Final = 10_000
BATCH: Final = 2000
RUN_HOUR: Final = 3
RUN_MINUTE: Final = 23
CRON: Final = f"{RUN_MINUTE} {RUN_HOUR} * * *"


@dataclass(frozen=True, slots=True)
class Count:
    """How much is due; `rows` is None beyond what is counted."""

    rows: int | None
    oldest: datetime | None


def last_run(now: datetime) -> datetime:
    """Tell when the nightly run was due that is under way or done."""
    run = now.replace(hour=RUN_HOUR, minute=RUN_MINUTE, second=0, microsecond=0)
    return run if run <= now else run - timedelta(days=1)


def next_run(now: datetime) -> datetime:
    """Tell when the nightly run comes next."""
    return last_run(now) + timedelta(days=1)


def cutoff(days: int, run: datetime) -> datetime:
    """Tell from when on data is kept."""
    return run - timedelta(days=days)


async def count(
    session: Session, organization_id: UUID, kind: Kind, before: datetime | None
) -> Count:
    """Count what a rule would delete, and find the oldest that is kept now."""
    part = kind.parts[0]
    names: dict[str, Any] = {"organization": organization_id, "before": before}
    oldest = await session.scalar(text(part.oldest or _oldest(part)), names)
    if before is None:
        return Count(0, oldest)
    rows = await session.scalar(
        text(
            f"SELECT count(*) FROM (SELECT FROM {part.table} WHERE {part.due}"
            f" LIMIT {COUNTED + 1}) AS due"
        ),
        names,
    )
    number = int(rows or 0)
    return Count(number if number <= COUNTED else None, oldest)


def _oldest(part: Part) -> str:
    return f"SELECT min({part.moment}) FROM {part.table} WHERE organization_id = :organization"


async def delete(session: Session, organization_id: UUID, part: Part, before: datetime) -> int:
    """Delete a batch of what is due and return how many rows; as the owner."""
    found = await session.execute(
        text(
            f"DELETE FROM {part.table} WHERE organization_id = :organization AND ({part.key}) IN"
            f" (SELECT {part.key} FROM {part.table} WHERE {part.due} LIMIT {BATCH}) RETURNING 1"
        ),
        {"organization": organization_id, "before": before},
    )
    return len(found.all())
