"""Every query of a worker that settles feedback. Each names the organization, for it sees them all."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select, text

from hone.core import clock, ids
from hone.core.db import Session
from hone.feedback.models import Feedback

_LOCK_SPACE: Final = 0xFEED
_DUE: Final = """
SELECT DISTINCT organization_id FROM feedback WHERE state = 'received' AND due_at <= now()
"""
_CALLS: Final = """
SELECT o.id, o.kind, o.conversation_id, o.model, o.model_id, o.route, o.confidence FROM operations o
WHERE o.organization_id = :organization AND o.created_at = ANY(:moments) AND o.id = ANY(:ids)
"""
_LAST_CALLS: Final = """
SELECT wanted.talk, o.model, o.model_id, o.route FROM unnest(CAST(:talks AS text[])) AS wanted (talk),
    LATERAL (SELECT model, model_id, route FROM operations
        WHERE organization_id = :organization AND conversation_id = wanted.talk
            AND arm IS DISTINCT FROM 'shadow'
        ORDER BY created_at DESC LIMIT 1) AS o
"""
_FACTS: Final = """
UPDATE feedback f SET
    kind = CASE WHEN f.model IS NULL AND f.kind = 'response'
        AND r.kind IN ('classification', 'suggestion', 'sentiment') THEN r.kind ELSE f.kind END,
    conversation_id = coalesce(f.conversation_id, r.conversation_id),
    model = coalesce(f.model, r.model), model_id = coalesce(f.model_id, r.model_id),
    route = coalesce(f.route, r.route), confidence = coalesce(f.confidence, r.confidence),
    given = r.given, expected = coalesce(r.expected, f.expected), answer = decode(r.answer, 'hex'),
    due_at = coalesce(r.due_at, f.due_at)
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (
    id uuid, kind text, conversation_id text, model text, model_id uuid, route text, confidence real,
    given text, expected text, answer text, due_at timestamptz)
WHERE f.organization_id = :organization AND f.id = r.id
"""
_CONTRADICTORY: Final = """
SELECT id FROM feedback f WHERE organization_id = :organization AND state IN ('received', 'accepted')
    AND answer IS NOT NULL AND operation_id IN (
        SELECT operation_id FROM feedback
        WHERE organization_id = :organization AND operation_id = ANY(:operations)
            AND answer IS NOT NULL AND state <> 'rejected'
        GROUP BY operation_id
        HAVING count(DISTINCT answer) > 1 AND count(DISTINCT person) > 1 AND bool_or(corrected)
            AND bool_and(reviewed_at IS NULL))
"""
_MOVE: Final = """
UPDATE feedback SET state = :state, reason = :reason, settled_at = :now
WHERE organization_id = :organization AND id = ANY(:ids)
"""
_OPERATIONS: Final = """
SELECT DISTINCT operation_id FROM feedback
WHERE organization_id = :organization AND id = ANY(:ids) AND operation_id IS NOT NULL
"""
_PUT: Final = """
UPDATE operations o SET satisfaction_score = s.score
FROM (
    SELECT v.id, v.at, (SELECT (1 + 4 * avg(f.score))::real FROM feedback f
        WHERE f.organization_id = :organization AND f.operation_id = v.id AND f.state = 'accepted')
        AS score
    FROM unnest(CAST(:ids AS uuid[]), CAST(:moments AS timestamptz[])) AS v (id, at)
) AS s
WHERE o.organization_id = :organization AND o.id = s.id AND o.created_at = s.at
    AND o.satisfaction_score IS DISTINCT FROM s.score
"""


async def due_organizations(session: Session) -> list[UUID]:
    """List the organizations that have feedback to settle."""
    return list((await session.execute(text(_DUE))).scalars())


async def alone(session: Session, organization_id: UUID) -> bool:
    """Let one worker at a time settle an organization's feedback."""
    key = func.hashtextextended(organization_id.hex, _LOCK_SPACE)
    return bool(await session.scalar(select(func.pg_try_advisory_xact_lock(key))))


async def due(session: Session, organization_id: UUID, most: int) -> Sequence[Feedback]:
    """Take what is due, so that nobody changes it meanwhile."""
    query = (
        select(Feedback)
        .where(
            Feedback.organization_id == organization_id,
            Feedback.state == "received",
            Feedback.due_at <= clock.now(),
        )
        .order_by(Feedback.due_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(query)).all()


async def calls(
    session: Session, organization_id: UUID, wanted: Sequence[UUID]
) -> dict[UUID, dict[str, Any]]:
    """Find calls by their ids."""
    if not wanted:
        return {}
    values = {"organization": organization_id, **_placed(wanted)}
    rows = await session.execute(text(_CALLS), values)
    return {
        row.id: {
            "kind": row.kind,
            "conversation_id": row.conversation_id,
            "model": row.model,
            "model_id": str(row.model_id) if row.model_id else None,
            "route": row.route,
            "confidence": row.confidence,
        }
        for row in rows
    }


async def last_calls(
    session: Session, organization_id: UUID, talks: Collection[str]
) -> dict[str, dict[str, Any]]:
    """Find who answered last in some conversations."""
    if not talks:
        return {}
    values = {"organization": organization_id, "talks": sorted(talks)}
    rows = await session.execute(text(_LAST_CALLS), values)
    return {
        row.talk: {
            "model": row.model,
            "model_id": str(row.model_id) if row.model_id else None,
            "route": row.route,
        }
        for row in rows
    }


async def write_facts(
    session: Session, organization_id: UUID, facts: Sequence[Mapping[str, Any]]
) -> None:
    """Write what was found out, in one statement."""
    if facts:
        values = {"organization": organization_id, "rows": json.dumps(list(facts))}
        await session.execute(text(_FACTS), values)


async def contradictory(
    session: Session, organization_id: UUID, operations: Collection[UUID]
) -> list[UUID]:
    """Find what people say of the same call and do not agree about, unless it was decided."""
    if not operations:
        return []
    values = {"organization": organization_id, "operations": list(operations)}
    return list((await session.execute(text(_CONTRADICTORY), values)).scalars())


async def move(
    session: Session,
    organization_id: UUID,
    rows: Collection[UUID],
    state: str,
    reason: str | None,
) -> None:
    """Bring feedback into a state; sums follow by the trigger."""
    if rows:
        values: dict[str, Any] = {
            "organization": organization_id,
            "ids": list(rows),
            "state": state,
            "reason": reason,
            "now": clock.now(),
        }
        await session.execute(text(_MOVE), values)


async def operations_of(session: Session, organization_id: UUID, rows: Sequence[UUID]) -> set[UUID]:
    """Tell which calls some feedback is of."""
    if not rows:
        return set()
    values = {"organization": organization_id, "ids": list(rows)}
    return set((await session.execute(text(_OPERATIONS), values)).scalars())


async def put_on_calls(
    session: Session, organization_id: UUID, operations: Collection[UUID]
) -> None:
    """Put the mean score of what counts on each call."""
    if operations:
        ordered = sorted(operations)
        values = {"organization": organization_id, **_placed(ordered)}
        await session.execute(text(_PUT), values)


def _placed(operations: Sequence[UUID]) -> dict[str, Any]:
    moments: list[datetime] = [ids.created_at(each) for each in operations]
    return {"ids": list(operations), "moments": moments}
