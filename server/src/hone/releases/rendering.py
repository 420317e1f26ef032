"""Releases as the API shows them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast
from uuid import UUID

from hone.core import ids
from hone.releases import machine, planning, standing
from hone.releases.models import Release, ReleaseEvent, ReleaseWatch
from hone.releases.schemas import (
    GuardrailState,
    ReleaseApproval,
    ReleaseArm,
    ReleaseEventRead,
    ReleaseProof,
    ReleaseRead,
    ReleaseSummary,
    StepFigures,
    StepProgress,
)
from hone.versions import GateOverride

_COUNTED: Final = frozenset({"running", "holding"})


def summary(row: Release, numbers: Mapping[UUID, str]) -> ReleaseSummary:
    """Show one release in a list."""
    return ReleaseSummary.model_validate(_facts(row, numbers))


def read(
    row: Release,
    numbers: Mapping[UUID, str],
    watch: ReleaseWatch | None,
    told: Sequence[ReleaseEvent],
    proof: tuple[UUID, str] | None,
) -> ReleaseRead:
    """Show one release with its plan, its figures and its timeline."""
    facts = _facts(row, numbers)
    plan = standing.plan_of(row)
    figures: dict[str, Any] = watch.figures if watch is not None else {}
    return ReleaseRead(
        **facts,
        plan=plan,
        plan_words=planning.words(plan, row.strategy, facts["version"], facts["former"]),
        held_by=cast("Any", row.held_by),
        override=None if row.override is None else GateOverride.model_validate(row.override),
        experiment=proof and ReleaseProof(id=ids.public("exp", proof[0]), name=proof[1]),
        kept_until=row.kept_until,
        started_at=row.started_at,
        step_at=row.step_at,
        progress=_progress(row, watch, figures),
        arms=[_arm(each, row, facts) for each in figures.get("arms", [])],
        guardrails=[GuardrailState.model_validate(each) for each in figures.get("guardrails", [])],
        by_step=[StepFigures.model_validate(each) for each in figures.get("steps", [])],
        agreement=figures.get("agreement"),
        measured_at=watch.measured_at if watch is not None else None,
        approvals=[
            ReleaseApproval(
                by=each["by"], at=each["at"], step=each["step"], note=each.get("note") or ""
            )
            for each in row.approvals
        ],
        actions=list[str](machine.buttons(standing.course_of(row), standing.read(row))),
        timeline=[ReleaseEventRead.model_validate(each) for each in told],
    )


def _facts(row: Release, numbers: Mapping[UUID, str]) -> dict[str, Any]:
    return {
        "id": ids.public("rel", row.id),
        "name": row.name,
        "environment": row.environment,
        "version": numbers[row.version_id],
        "version_id": ids.public("mv", row.version_id),
        "former": row.former_id and numbers[row.former_id],
        "strategy": row.strategy,
        "state": row.state,
        "step": row.step,
        "steps": len(row.plan["steps"]) if row.former_id else 0,
        "share": row.share,
        "words": row.words,
        "reason": row.reason,
        "created_by": row.created_by,
        "created_at": row.created_at,
        "ended_at": row.ended_at,
    }


def _progress(
    row: Release, watch: ReleaseWatch | None, figures: Mapping[str, Any]
) -> StepProgress | None:
    if row.state not in _COUNTED:
        return None
    step = standing.course_of(row).steps[row.step]
    same = watch is not None and watch.moves == row.moves
    return StepProgress(
        units=int(figures.get("units", 0)),
        units_wanted=step.units,
        seconds=round(watch.seconds, 1) if watch is not None and same else 0.0,
        seconds_wanted=step.seconds,
    )


def _arm(told: Mapping[str, Any], row: Release, facts: Mapping[str, Any]) -> ReleaseArm:
    share = row.share
    if told["name"] == "live":
        share = None if share is None else 1 - share
    elif told["name"] == "shadow":
        share = None
    version = facts["former"] if told["name"] == "live" else facts["version"]
    return ReleaseArm.model_validate({**told, "version": version, "share": share})
