"""Signs are gathered: conversations that went on or ended since the last look, once each.

A look covers a slice of time in one transaction, which also says how far it came; killed, it is taken
again. So each conversation's end is counted once, and each sign is kept once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import text

from hone import operations
from hone.core import clock
from hone.core.db import Database, Session
from hone.core.keyring import Keyring
from hone.feedback import signals
from hone.feedback.signals import OVER_AFTER, Course, Turn

SLICE: Final = timedelta(minutes=5)
_BEHIND: Final = timedelta(seconds=5)
"""Calls arrive a moment after they were made."""
_FIRST: Final = timedelta(hours=1)
_OLDEST: Final = timedelta(days=1)
_AT_ONCE: Final = 200
_TURNS: Final = 50
_ACTIVE: Final = """
SELECT organization_id FROM operation_minutes WHERE minute >= :since GROUP BY 1
UNION SELECT organization_id FROM feedback_observed WHERE seen_until >= :since
"""
_SEEN: Final = "SELECT seen_until FROM feedback_observed WHERE organization_id = :organization"
_TALKS: Final = """
SELECT conversation_id, max(created_at) AS last FROM operations
WHERE organization_id = :organization AND conversation_id IS NOT NULL
    AND arm IS DISTINCT FROM 'shadow' AND created_at > :since AND created_at <= :until
GROUP BY 1
"""
_WITH_TURNS: Final = """
SELECT o.id, o.conversation_id, o.created_at, o.user_id
FROM unnest(CAST(:talks AS text[])) AS wanted (talk), LATERAL (
    SELECT id, conversation_id, created_at, user_id FROM operations
    WHERE organization_id = :organization AND conversation_id = wanted.talk
        AND arm IS DISTINCT FROM 'shadow' AND created_at <= :until ORDER BY created_at DESC LIMIT :most
) AS o ORDER BY o.created_at, o.id
"""
_LATER: Final = """
SELECT wanted.talk FROM unnest(CAST(:talks AS text[])) AS wanted (talk)
WHERE EXISTS (SELECT FROM operations WHERE organization_id = :organization
    AND conversation_id = wanted.talk AND arm IS DISTINCT FROM 'shadow'
    AND created_at > :end AND created_at <= :until)
"""
_RETURNED: Final = """
SELECT wanted.person FROM unnest(CAST(:people AS text[]), CAST(:starts AS timestamptz[]))
    AS wanted (person, start)
WHERE EXISTS (SELECT FROM operations WHERE organization_id = :organization
    AND user_id = wanted.person AND created_at < wanted.start
    AND created_at >= wanted.start - interval '30 days')
"""
_KEEP: Final = """
INSERT INTO feedback_signals
    (organization_id, operation_id, kind, source, model, route, conversation_id, user_id, created_at)
SELECT o.organization_id, o.id, v.kind, 'observed', o.model, o.route, o.conversation_id, o.user_id,
    o.created_at
FROM unnest(CAST(:ids AS uuid[]), CAST(:kinds AS text[]), CAST(:moments AS timestamptz[]))
    AS v (id, kind, at)
JOIN operations o ON o.id = v.id AND o.created_at = v.at
WHERE o.organization_id = :organization
ON CONFLICT DO NOTHING
"""
_COUNT: Final = """
INSERT INTO feedback_conversations AS c
    (organization_id, hour, ended, calls, completed, escalated, known, returned)
VALUES (:organization, :hour, :ended, :calls, :completed, :escalated, :known, :returned)
ON CONFLICT (organization_id, hour) DO UPDATE SET ended = c.ended + excluded.ended,
    calls = c.calls + excluded.calls, completed = c.completed + excluded.completed,
    escalated = c.escalated + excluded.escalated, known = c.known + excluded.known,
    returned = c.returned + excluded.returned
"""
_SAW: Final = """
INSERT INTO feedback_observed (organization_id, seen_until) VALUES (:organization, :until)
ON CONFLICT (organization_id) DO UPDATE SET seen_until = excluded.seen_until
"""


class _Talk(NamedTuple):
    """A conversation, as its calls tell of it."""

    turns: list[Turn]
    user: str | None


async def observe(owner: Database, keyring: Keyring, at: datetime | None = None) -> None:
    """Look at what happened since the last look, in every organization."""
    now = (at or clock.now()) - _BEHIND
    async with owner.transaction() as session:
        values = {"since": now - _FIRST - OVER_AFTER}
        found = list((await session.execute(text(_ACTIVE), values)).scalars())
    for organization_id in found:
        while await _look(owner, keyring, organization_id, now):
            pass


async def _look(owner: Database, keyring: Keyring, organization_id: UUID, now: datetime) -> bool:
    """Look at one slice; tell whether there is another."""
    async with owner.transaction() as session:
        seen = await session.scalar(text(_SEEN), {"organization": organization_id})
        since = max(seen or now - _FIRST, now - _OLDEST)
        until = min(since + SLICE, now)
        if until <= since:
            return False
        work = _Look(session, keyring, organization_id)
        await work.go_on(since, until)
        await work.end(since - OVER_AFTER, until - OVER_AFTER)
        await session.execute(text(_SAW), {"organization": organization_id, "until": until})
        return until < now


class _Look:
    """One look at one organization."""

    def __init__(self, session: Session, keyring: Keyring, organization_id: UUID) -> None:
        self._session = session
        self._keyring = keyring
        self._organization = organization_id

    async def go_on(self, since: datetime, until: datetime) -> None:
        """Read conversations that had a call."""
        talks = sorted(await self._talks(since, until))
        for start in range(0, len(talks), _AT_ONCE):
            read = await self._read(talks[start : start + _AT_ONCE], until)
            await self._keep([signals.read(each.turns, over=False) for each in read.values()], read)

    async def end(self, since: datetime, until: datetime) -> None:
        """Read conversations that are over by now, and count them."""
        ended = await self._talks(since, until)
        values = self._values(talks=sorted(ended), end=until, until=until + OVER_AFTER)
        going = set((await self._session.execute(text(_LATER), values)).scalars())
        talks = sorted(ended.keys() - going)
        for start in range(0, len(talks), _AT_ONCE):
            read = await self._read(talks[start : start + _AT_ONCE], until)
            courses = {talk: signals.read(each.turns, over=True) for talk, each in read.items()}
            await self._keep(list(courses.values()), read)
            await self._count(read, courses)

    async def _talks(self, since: datetime, until: datetime) -> dict[str, datetime]:
        values = self._values(since=since, until=until)
        rows = await self._session.execute(text(_TALKS), values)
        return {row.conversation_id: row.last for row in rows}

    async def _read(self, talks: Sequence[str], until: datetime) -> dict[str, _Talk]:
        values = self._values(talks=list(talks), until=until, most=_TURNS)
        rows = (await self._session.execute(text(_WITH_TURNS), values)).all()
        said = await operations.said(
            self._session, self._keyring, self._organization, [row.id for row in rows]
        )
        found: dict[str, _Talk] = {}
        for row in rows:
            call = said[row.id]
            talk = found.setdefault(row.conversation_id, _Talk([], row.user_id))
            talk.turns.append(Turn(row.id, row.created_at, call.asked, call.status))
        return found

    async def _keep(self, courses: Sequence[Course], read: dict[str, _Talk]) -> None:
        moments = {turn.id: turn.at for talk in read.values() for turn in talk.turns}
        found = [each for course in courses for each in course.signals]
        if found:
            values = self._values(
                ids=[operation_id for operation_id, _ in found],
                kinds=[kind for _, kind in found],
                moments=[moments[operation_id] for operation_id, _ in found],
            )
            await self._session.execute(text(_KEEP), values)

    async def _count(self, read: dict[str, _Talk], courses: dict[str, Course]) -> None:
        known = {talk: each for talk, each in read.items() if each.user is not None}
        values = self._values(
            people=[each.user for each in known.values()],
            starts=[each.turns[0].at for each in known.values()],
        )
        returned = set((await self._session.execute(text(_RETURNED), values)).scalars())
        hours: dict[datetime, dict[str, int]] = {}
        for talk, each in read.items():
            hour = each.turns[-1].at.replace(minute=0, second=0, microsecond=0)
            sums = hours.setdefault(hour, dict.fromkeys(_COUNTS, 0))
            course = courses[talk]
            sums["ended"] += 1
            sums["calls"] += len(each.turns)
            sums["completed"] += course.completed
            sums["escalated"] += course.escalated
            sums["known"] += each.user is not None
            sums["returned"] += each.user in returned
        for hour, sums in sorted(hours.items()):
            await self._session.execute(text(_COUNT), self._values(hour=hour, **sums))

    def _values(self, **values: object) -> dict[str, Any]:
        return {"organization": self._organization, **values}


_COUNTS: Final = ("ended", "calls", "completed", "escalated", "known", "returned")
