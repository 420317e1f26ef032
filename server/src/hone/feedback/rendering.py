"""Feedback as the API shows it."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

from hone.core import ids
from hone.feedback import figures
from hone.feedback.figures import Sums
from hone.feedback.models import Feedback
from hone.feedback.repository import Cell
from hone.feedback.schemas import FeedbackPerson, FeedbackRead, FeedbackStatistics, Verdict
from hone.feedback.sealing import NOT_ALLOWED, Opened
from hone.feedback.told import Words


def read(
    row: Feedback, names: Mapping[str, str], opened: Mapping[UUID, Opened] | None
) -> FeedbackRead:
    """Show one piece of feedback; `opened` is None for who may not read contents."""
    words, withheld = opened[row.id] if opened is not None else Opened(Words(), None)
    if opened is None and (row.commented or (row.corrected and row.expected is None)):
        withheld = NOT_ALLOWED
    facts: dict[str, Any] = {
        "id": ids.public("fb", row.id),
        "state": row.state,
        "reason": row.reason,
        "operation_type": row.kind,
        "metric": row.metric,
        "operation_id": ids.public("op", row.operation_id) if row.operation_id else None,
        "conversation_id": row.conversation_id,
        "model": row.model,
        "route": row.route,
        "person": person(row.person, row.user_id, names),
        "feedback": verdict(row.positive),
        "score": _rounded(row.score),
        "value": row.value,
        "rating": row.rating,
        "was_used": row.was_used,
        "was_helpful": row.was_helpful,
        "given": row.given,
        "expected": row.expected,
        "corrected": row.corrected,
        "correction": words.correction or (row.expected if row.corrected else None),
        "commented": row.commented,
        "comment": words.comment,
        "withheld": withheld,
        "sentiment": _rounded(row.sentiment),
        "quality": _rounded(row.quality),
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "reviewed_by": names.get(row.reviewed_by or "", row.reviewed_by),
    }
    return FeedbackRead(**facts)


def person(named: str, user: str | None, names: Mapping[str, str]) -> FeedbackPerson:
    """Show who said it."""
    kind: Literal["user", "person", "key", "system"] = "user"
    if user is None:
        kind = "key" if named.startswith("key_") else "system"
        kind = "person" if named.startswith("person_") else kind
    return FeedbackPerson(id=named, kind=kind, name=names.get(named))


def verdict(positive: bool | None) -> Verdict:
    """Say it in one word."""
    return "neutral" if positive is None else "positive" if positive else "negative"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def total(cells: Sequence[Cell]) -> Sums:
    """Add everything up."""
    made = Sums()
    for cell in cells:
        made.add(cell.sums)
    return made


def statistics(cells: Sequence[Cell]) -> FeedbackStatistics:
    """Show figures whole and broken down."""
    return FeedbackStatistics.model_validate(
        {**figures.figures(total(cells)), **broken_down(cells)}
    )


def broken_down(cells: Sequence[Cell]) -> dict[str, Any]:
    """Show figures by model, type and measure."""
    return {
        "by_model": figures.by_name((each.model, each.sums) for each in cells),
        "by_type": figures.by_name((each.kind, each.sums) for each in cells),
        "by_metric": figures.by_name((each.metric, each.sums) for each in cells),
    }
