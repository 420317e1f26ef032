"""Queries about failed sign-ins. They are of no tenant: who tries a password is in none yet."""

from datetime import datetime

from sqlalchemy import delete, text

from hone.core.db import Session
from hone.identity.models import Throttle

# One statement, so that of many tries at once no more pass than may. Until a pause begins, the time
# of the first lock is long ago: the clock of one try may be behind that of another.
_TAKE = text("""
INSERT INTO throttles AS t (digest, failures, failed_at, locked_until)
VALUES (:digest, 1, :now, to_timestamp(0))
ON CONFLICT (digest) DO UPDATE SET
    failures = CASE WHEN t.failed_at < :stale THEN 1 ELSE t.failures + 1 END,
    failed_at = :now,
    locked_until = CASE
        WHEN t.failed_at < :stale OR t.failures + 1 < :free THEN to_timestamp(0)
        ELSE CAST(:now AS timestamptz) + make_interval(
            secs => least(power(2, least(t.failures + 1 - :free, 20)), :longest)) END
WHERE t.locked_until <= :now
RETURNING failures
""")
_UNTIL = text("SELECT locked_until FROM throttles WHERE digest = :digest")
_REFUND = text(
    "UPDATE throttles SET failures = failures - 1 WHERE digest = :digest AND failures > 0"
)


async def take(
    session: Session, digest: bytes, now: datetime, stale: datetime, free: int, longest: int
) -> int | datetime:
    """Count a try and tell how many failed in a row; while none is allowed, tell until when."""
    values = {"digest": digest, "now": now, "stale": stale, "free": free, "longest": longest}
    taken = await session.scalar(_TAKE, values)
    if taken is not None:
        return int(taken)
    until = await session.scalar(_UNTIL, {"digest": digest})
    return until if isinstance(until, datetime) else now


async def clear(session: Session, digest: bytes) -> None:
    """Forget the failures of one address."""
    await session.execute(delete(Throttle).where(Throttle.digest == digest))


async def refund(session: Session, digest: bytes) -> None:
    """Take back a try that was no failure."""
    await session.execute(_REFUND, {"digest": digest})


async def forget(session: Session, before: datetime) -> None:
    """Delete what is too old to count."""
    await session.execute(delete(Throttle).where(Throttle.failed_at < before))
