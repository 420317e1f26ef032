"""Begin a turn: by a trigger, or because somebody asks for it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.exc import IntegrityError

from hone.core import ids
from hone.core.db import Session
from hone.core.events import publish
from hone.identity import Actor
from hone.improvement import rendering
from hone.improvement.errors import TurnUnderWay
from hone.improvement.models import Policy, Turn
from hone.improvement.repository import turns
from hone.improvement.turning import State


async def begin(
    session: Session,
    actor: Actor,
    policy: Policy,
    words: str,
    kinds: Sequence[str] = (),
    job: dict[str, Any] | None = None,
) -> Turn:
    """Begin a turn of a policy; a model has one at a time."""
    present = await turns.under_way(session, policy.organization_id, policy.model)
    if present is not None:
        raise TurnUnderWay(details={"turn": ids.public(rendering.TURN, present.id)})
    row = Turn(
        id=ids.new(),
        organization_id=policy.organization_id,
        policy_id=policy.id,
        model=policy.model,
        state=State.TRIGGERED,
        asked=not kinds,
        trigger={"kinds": list(kinds), "words": words, "by": actor.id},
        plan={"job": job or policy.job, "approvals": policy.approvals, "release": policy.release},
        approved=[],
        words=words,
        created_by=actor.id,
    )
    session.add(row)
    try:
        await session.flush()
    except IntegrityError as error:
        raise TurnUnderWay from error
    await session.refresh(row)
    evidence: dict[str, Any] = {} if kinds == () else {"look": policy.looked}
    await turns.decide(session, row, "triggered", actor.id, words, evidence)
    note(session, row, actor.id, "improvement_turn.begun", {"words": words, "kinds": list(kinds)})
    return row


def note(
    session: Session, row: Turn, who: str, name: str, data: dict[str, object] | None = None
) -> None:
    """Publish what happened in a turn."""
    facts: dict[str, object] = {"model": row.model, "state": row.state}
    subject = ids.public(rendering.TURN, row.id)
    publish(session, row.organization_id, who, name, subject, facts | (data or {}))
