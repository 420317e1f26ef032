"""What can be done about an alert, as calls of the API that whoever may can make."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import text

from hone import versions
from hone.core import ids
from hone.core.db import Session
from hone.monitoring.models import Alert
from hone.monitoring.schemas.alerts import AlertAction

_TRAINED: Final = """
SELECT DISTINCT model FROM training_runs
WHERE organization_id = :organization_id AND model = ANY(:models)
"""
_OF_QUALITY: Final = frozenset(
    {"accuracy", "positive_feedback", "handover", "rephrase", "drift", "estimated_accuracy"}
)


class Known(dict[str, tuple[bool, bool]]):
    """Of each model: whether it was trained here, and whether a version before it can come back."""


async def known(session: Session, organization_id: UUID, rows: Iterable[Alert]) -> Known:
    """Look up what can be done about the models of some alerts."""
    models = sorted({each.model for each in rows if each.model})
    if not models:
        return Known()
    values = {"organization_id": organization_id, "models": models}
    trained = set(await session.scalars(text(_TRAINED), values))
    returnable = await versions.returnable(session, organization_id, models)
    return Known({each: (each in trained, each in returnable) for each in models})


def actions(row: Alert, known_: Known) -> Sequence[AlertAction]:
    """List what can be done about an alert that is not over."""
    if row.state == "resolved":
        return []
    made: list[AlertAction] = []
    if row.evidence.get("operations"):
        path = f"/api/ai/alerts/{ids.public('alert', row.id)}/review"
        made.append(
            AlertAction(kind="review", label="Send to review", method="POST", path=path, body={})
        )
    trained, returnable = known_.get(row.model or "", (False, False))
    if trained and row.kind in _OF_QUALITY:
        body = {"action": "train", "name": row.model}
        made.append(
            AlertAction(
                kind="retrain",
                label=f"Retrain {row.model}",
                method="POST",
                path="/api/ai/train",
                body=body,
            )
        )
    if returnable:
        made.append(
            AlertAction(
                kind="rollback",
                label=f"Roll back {row.model}",
                method="POST",
                path=f"/api/ai/models/{row.model}/rollback",
                body={"reason": row.title[:500]},
            )
        )
    return made
