"""What is done for limits in the background, as hone_owner: nothing leaks, and nobody is surprised.

A dead process keeps what it really used. That is known once its spool is drained: its operations
are counted by then, and its lane is finished in the same transaction. Places of a limit on
concurrency are freed then too, or when nothing was heard of the process for a while.
"""

from typing import Final

from sqlalchemy import Row, text

from hone.core import ids
from hone.core.db import Database, Session
from hone.core.events import publish
from hone.gateway import HOLDER_SECONDS
from hone.limits import amounts
from hone.limits.service import public_id

STEPS: Final = (50, 80, 100)
"""Per cent of a daily or monthly limit at which an event tells of it."""
_BATCH: Final = 1000

_ENDED: Final = """
SELECT w.limit_id, w.window_start FROM limit_windows w
JOIN limit_leases e ON e.limit_id = w.limit_id AND e.window_start = w.window_start
JOIN spool_marks m ON m.lane = replace(e.holder::text, '-', '') AND m.finished_at IS NOT NULL
WHERE NOT e.closed ORDER BY 1, 2 LIMIT :most FOR UPDATE OF w
"""
_CLOSE: Final = """
WITH ended AS (
    SELECT e.limit_id, e.window_start, e.holder, e.granted, coalesce(u.used, 0) AS used
    FROM unnest(cast(:limits AS uuid[]), cast(:starts AS timestamptz[])) AS mine (limit_id, start)
    JOIN limit_leases e ON e.limit_id = mine.limit_id AND e.window_start = mine.start
    JOIN spool_marks m ON m.lane = replace(e.holder::text, '-', '') AND m.finished_at IS NOT NULL
    LEFT JOIN limit_uses u ON u.limit_id = e.limit_id AND u.window_start = e.window_start
        AND u.holder = e.holder
    WHERE NOT e.closed
), closed AS (
    UPDATE limit_leases e SET granted = d.used, closed = true FROM ended d
    WHERE e.limit_id = d.limit_id AND e.window_start = d.window_start AND e.holder = d.holder
)
UPDATE limit_windows w SET granted = w.granted - d.freed
FROM (SELECT limit_id, window_start, sum(granted - used)::bigint AS freed FROM ended GROUP BY 1, 2) d
WHERE w.limit_id = d.limit_id AND w.window_start = d.window_start
"""
_SILENT: Final = """
SELECT w.limit_id, w.window_start FROM limit_windows w
JOIN limit_leases e ON e.limit_id = w.limit_id AND e.window_start = w.window_start
JOIN limit_holders h ON h.holder = e.holder
WHERE w.window_start = to_timestamp(0) AND NOT e.closed AND e.granted <> 0
    AND h.renewed_at < now() - make_interval(secs => :seconds)
ORDER BY 1, 2 LIMIT :most FOR UPDATE OF w
"""
_FREE: Final = """
WITH freed AS (
    UPDATE limit_leases e SET granted = 0
    FROM limit_holders h,
        unnest(cast(:limits AS uuid[]), cast(:starts AS timestamptz[])) AS mine (limit_id, start)
    WHERE e.limit_id = mine.limit_id AND e.window_start = mine.start AND h.holder = e.holder
        AND NOT e.closed AND h.renewed_at < now() - make_interval(secs => :seconds)
    RETURNING e.limit_id
)
UPDATE limit_windows w SET granted = (SELECT coalesce(sum(e.granted), 0) FROM limit_leases e
    JOIN limit_holders h ON h.holder = e.holder
    WHERE e.limit_id = w.limit_id AND e.window_start = w.window_start
        AND h.renewed_at >= now() - make_interval(secs => :seconds))
WHERE w.window_start = to_timestamp(0) AND w.limit_id IN (SELECT limit_id FROM freed)
"""
_LOW: Final = """
SELECT l.id, l.organization_id, l.subject_kind, l.subject_id, l.measure, l.period, l.amount,
    w.window_start, w.told, w.refused_at IS NOT NULL AS refused, coalesce(u.used, 0) AS used
FROM limit_windows w JOIN limits l ON l.id = w.limit_id
LEFT JOIN LATERAL (SELECT sum(used)::bigint AS used FROM limit_uses u
    WHERE u.limit_id = w.limit_id AND u.window_start = w.window_start) u ON true
WHERE l.period IN ('day', 'month') AND NOT w.told @> cast(:steps AS integer[])
    AND w.window_start >= date_trunc(l.period, now() - interval '1 hour', 'UTC')
    AND (w.refused_at IS NOT NULL OR u.used::numeric * 100 >= l.amount::numeric * cast(:first AS integer))
"""
_TELL: Final = """
UPDATE limit_windows SET told = told || cast(:due AS integer[])
WHERE limit_id = :limit AND window_start = :start AND NOT told && cast(:due AS integer[])
RETURNING 1
"""


_LOCK: Final = "LOCK TABLE limit_uses IN SHARE ROW EXCLUSIVE MODE"
_OPEN: Final = """
SELECT l.id, date_trunc(l.period, now(), 'UTC') AS start FROM limits l WHERE l.period IS NOT NULL
"""
_FORGET: Final = (
    f"DELETE FROM limit_uses u USING ({_OPEN}) o"
    " WHERE u.limit_id = o.id AND u.window_start = o.start"
)
_SUM: Final = f"""
INSERT INTO limit_uses (limit_id, window_start, holder, organization_id, used)
SELECT l.id, w.start, (o.held_to ->> 'holder')::uuid, l.organization_id, sum(limit_use(l.measure,
    CASE l.subject_kind WHEN 'model' THEN l.subject_id END,
    o.attempts, o.input_tokens::bigint + o.output_tokens, o.cost))
FROM ({_OPEN}) w JOIN limits l ON l.id = w.id
JOIN operations o ON o.organization_id = l.organization_id AND o.created_at >= w.start
    AND o.held_to IS NOT NULL AND o.held_to -> 'limits' ? replace(l.id::text, '-', '')
GROUP BY 1, 2, 3, 4
"""
_REGRANT: Final = f"""
UPDATE limit_windows w SET granted = (SELECT coalesce(sum(e.granted), 0) FROM limit_leases e
    WHERE e.limit_id = w.limit_id AND e.window_start = w.window_start)
FROM (SELECT w.limit_id, w.window_start FROM limit_windows w JOIN ({_OPEN}) o
    ON o.id = w.limit_id AND o.start = w.window_start ORDER BY 1, 2 FOR UPDATE OF w) mine
WHERE w.limit_id = mine.limit_id AND w.window_start = mine.window_start
"""
_USED: Final = f"""
UPDATE limit_leases e SET granted = coalesce((SELECT u.used FROM limit_uses u
    WHERE u.limit_id = e.limit_id AND u.window_start = e.window_start AND u.holder = e.holder), 0)
FROM ({_OPEN}) o WHERE o.id = e.limit_id AND o.start = e.window_start AND e.closed
"""
_OLD: Final = """
DELETE FROM {table} t WHERE NOT EXISTS (SELECT FROM limits l WHERE l.id = t.limit_id
    AND t.window_start >= now() - CASE l.period WHEN 'minute' THEN interval '2 days'
        WHEN 'day' THEN interval '100 days' WHEN 'month' THEN interval '800 days'
        ELSE interval '1000 years' END)
"""
_GONE: Final = (
    "DELETE FROM limit_leases WHERE closed AND window_start = to_timestamp(0)",
    "DELETE FROM limit_holders WHERE renewed_at < now() - interval '1 day'",
)


async def keep(owner: Database, *, silent: bool) -> None:
    """Free what dead processes held, and tell of limits that run low; again every second or so.

    With `silent`, those that have not been heard of lose their places: only for whoever could have
    heard of them all the time.
    """
    await _give_back(owner, _ENDED, _CLOSE)
    if silent:
        await _give_back(owner, _SILENT, _FREE)
    await _tell(owner)


async def _give_back(owner: Database, find: str, free: str) -> None:
    """Lock windows in the order in which everybody does, then free what is found in them."""
    values: dict[str, object] = {"most": _BATCH, "seconds": HOLDER_SECONDS}
    async with owner.transaction() as session:
        # A window stands there once for each process that held something of it.
        found = dict.fromkeys((row[0], row[1]) for row in await session.execute(text(find), values))
        if found:
            values |= {"limits": [row[0] for row in found], "starts": [row[1] for row in found]}
            await session.execute(text(free), values)


async def _tell(owner: Database) -> None:
    """Publish `limit.reached`, once for each limit, window and step."""
    async with owner.transaction() as session:
        found = await session.execute(text(_LOW), {"steps": list(STEPS), "first": STEPS[0]})
        for row in found.all():
            for step in STEPS:
                reached = row.used * 100 >= row.amount * step or (step == 100 and row.refused)
                if reached and step not in row.told:
                    await _tell_of(session, row, step)


async def _tell_of(session: Session, row: Row[tuple[object, ...]], step: int) -> None:
    due = {"due": [step], "limit": row.id, "start": row.window_start}
    if (await session.execute(text(_TELL), due)).first() is None:
        return
    data = {
        "step": step,
        "subject": {"kind": row.subject_kind, "id": public_id(row.subject_kind, row.subject_id)},
        "measure": row.measure,
        "window": row.period,
        "windowStart": row.window_start.isoformat(),
        "amount": amounts.to_shown(row.measure, row.amount),
        "used": amounts.to_shown(row.measure, row.used),
        "refusing": row.refused,
    }
    subject = ids.public("limit", row.id)
    publish(session, row.organization_id, "system", "limit.reached", subject, data)


async def rebuild(owner: Database) -> int:
    """Sum up anew what was used in the windows that are open; return how many sums there are.

    Windows that are over stay as they are: their operations may be gone by retention.
    """
    async with owner.transaction() as session:
        # The drain waits, so that what it stores meanwhile is counted once.
        await session.execute(text(_LOCK))
        await session.execute(text(_FORGET))
        made = await session.execute(text(_SUM + " RETURNING 1"))
        count = len(made.all())
        await session.execute(text(_USED))
        await session.execute(text(_REGRANT))
        return count


async def forget_old(owner: Database) -> None:
    """Delete windows that nobody asks for any more, and what is left of deleted limits."""
    for statement in (
        *(_OLD.format(table=table) for table in ("limit_windows", "limit_leases", "limit_uses")),
        *_GONE,
    ):
        async with owner.transaction() as session:
            await session.execute(text(statement))
