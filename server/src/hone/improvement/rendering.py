"""Policies and turns as the API shows them."""

from typing import Any, Final, cast

from pydantic import TypeAdapter

from hone.core import ids
from hone.improvement.models import Policy, Turn, TurnDecision
from hone.improvement.schemas.policies import (
    ImprovementBudget,
    ImprovementLook,
    ImprovementPolicyRead,
    ImprovementRelease,
    ImprovementSpent,
)
from hone.improvement.schemas.triggers import Trigger
from hone.improvement.schemas.turns import TurnDecisionRead, TurnRead, TurnStory, TurnTrigger
from hone.improvement.triggers import Spent

POLICY: Final = "imp"
TURN: Final = "turn"
_PICO: Final = 1_000_000_000_000
_TRIGGERS: Final[TypeAdapter[list[Trigger]]] = TypeAdapter(list[Trigger])


def triggers(row: Policy) -> list[Trigger]:
    """Read what begins turns."""
    return _TRIGGERS.validate_python(row.triggers)


def policy(row: Policy, spent: Spent, turn: Turn | None) -> ImprovementPolicyRead:
    """Show a policy."""
    look = None if row.looked is None else ImprovementLook.model_validate(row.looked)
    return ImprovementPolicyRead(
        id=ids.public(POLICY, row.id),
        version=row.version,
        model=row.model,
        enabled=row.enabled,
        job=row.job,
        triggers=triggers(row),
        debounce_seconds=row.debounce_seconds,
        least_new=row.least_new,
        budget=ImprovementBudget.model_validate(row.budget),
        spent=ImprovementSpent(runs_today=spent.runs, cost_usd_this_month=round(spent.cost_usd, 6)),
        approvals=cast("Any", row.approvals),
        release=ImprovementRelease.model_validate(row.release),
        look=look,
        words=_standing(row, look, turn),
        turn=None if turn is None else ids.public(TURN, turn.id),
        created_by=row.created_by,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _standing(row: Policy, look: ImprovementLook | None, turn: Turn | None) -> str:
    if turn is not None:
        return f"A turn is under way: {turn.words}"
    if not row.enabled:
        return "It is switched off: nothing begins by itself."
    if look is None:
        return "Nobody has looked yet."
    return look.held_back or look.words


def turn(row: Turn, number: str | None) -> TurnRead:
    """Show a turn; `number` is that of its version."""
    return TurnRead(**_turn(row, number))


def story(row: Turn, number: str | None, decisions: list[TurnDecision]) -> TurnStory:
    """Show a turn with its story."""
    said = [each.evidence for each in decisions if each.evidence]
    return TurnStory(
        **_turn(row, number),
        plan=row.plan,
        evidence=said[-1] if said else {},
        timeline=[
            TurnDecisionRead(
                at=each.at,
                step=cast("Any", each.step),
                decision=each.decision,
                who=each.who,
                words=each.words,
                evidence=each.evidence,
            )
            for each in decisions
        ],
    )


def _turn(row: Turn, number: str | None) -> dict[str, Any]:
    return {
        "id": ids.public(TURN, row.id),
        "policy": ids.public(POLICY, row.policy_id),
        "model": row.model,
        "state": row.state,
        "awaiting": row.awaiting,
        "words": row.words,
        "trigger": TurnTrigger.model_validate(row.trigger),
        "run": None if row.run_id is None else ids.public("trun", row.run_id),
        "version": None if row.version_id is None else ids.public("mv", row.version_id),
        "version_number": number,
        "release": None if row.release_id is None else ids.public("rel", row.release_id),
        "experiment": None if row.experiment_id is None else ids.public("exp", row.experiment_id),
        "cost_usd": row.cost / _PICO,
        "actions": actions(row),
        "created_by": row.created_by,
        "created_at": row.created_at,
        "finished_at": row.finished_at,
    }


def actions(row: Turn) -> list[str]:
    """Tell what a person can do with a turn now."""
    if row.awaiting == "train":
        return ["approve", "reject"]
    if row.awaiting == "release":
        return ["override", "reject"] if refused(row) else ["approve", "reject"]
    if row.finished_at is None:
        return ["reject"]
    return ["override"] if row.state == "rejected" and refused(row) else []


def refused(row: Turn) -> bool:
    """Tell whether the gates refused a turn's version, and nobody has overridden that."""
    return row.gate == "refused" and row.override is None
