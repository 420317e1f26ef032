"""What feedback teaches: a question, the answer that was given, and the one that is right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from hone.core.db import Session
from hone.core.keyring import Keyring
from hone.feedback import sealing
from hone.feedback.models import Feedback
from hone.feedback.sealing import Opened
from hone.operations import Said, said

_SPEED: Final = "fast"
"""Says nothing of what was answered."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One thing to learn."""

    feedback_id: UUID
    operation_id: UUID | None
    conversation_id: str | None
    kind: str
    """classification, suggestion, sentiment or response."""
    input: str
    model: str
    route: str | None
    """The name that the client called, where that was a route."""
    given: str | None
    """The answer that was judged; None where it was not kept."""
    expected: str
    """The right answer: the correction, or what was given when that was good."""
    positive: bool
    person: str
    """Who said it: the client's user, else the key or person."""
    quality: float | None
    """How much the comment tells, 0 to 1; None without one."""
    at: datetime


async def lessons(
    session: Session, keyring: Keyring, organization_id: UUID, feedback_ids: Sequence[UUID]
) -> list[Lesson]:
    """Read lessons out of feedback that counts; what teaches nothing is left out.

    Nothing is learned of feedback that is held or rejected, of one without a right answer, and of
    one whose question was not kept.
    """
    query = select(Feedback).where(
        Feedback.organization_id == organization_id,
        Feedback.id.in_(feedback_ids),
        Feedback.state == "accepted",
        Feedback.metric != _SPEED,
    )
    rows = [each for each in await session.scalars(query) if each.positive or each.corrected]
    operations = [each.operation_id for each in rows if each.operation_id]
    calls = await said(session, keyring, organization_id, operations)
    opened = await sealing.opened(session, keyring, organization_id, rows)
    found = [_lesson(row, calls, opened[row.id]) for row in rows]
    return [each for each in found if each is not None]


def _lesson(row: Feedback, calls: dict[UUID, Said], opened: Opened) -> Lesson | None:
    call = calls.get(row.operation_id) if row.operation_id else None
    asked = opened.words.input or (call.asked if call else None)
    given = call.answered if call else row.given
    correction = opened.words.correction or (row.expected if row.corrected else None)
    expected = correction or (given if row.positive else None)
    if asked is None or expected is None or row.model is None:
        return None
    return Lesson(
        feedback_id=row.id,
        operation_id=row.operation_id,
        conversation_id=row.conversation_id,
        kind=row.kind,
        input=asked,
        model=row.model,
        route=row.route,
        given=given,
        expected=expected,
        positive=correction is None,
        person=row.person,
        quality=row.quality,
        at=row.updated_at,
    )
