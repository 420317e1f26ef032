"""Between the row of a release and the state machine. Pure."""

from typing import cast
from uuid import UUID

from hone.releases import planning
from hone.releases.machine import Course, Standing, State
from hone.releases.models import Release
from hone.releases.schemas import ReleasePlan


def plan_of(row: Release) -> ReleasePlan:
    """Read the plan of a release."""
    return ReleasePlan.model_validate(row.plan)


def splits_of(row: Release) -> list[UUID]:
    """Return under what the log knows each step: its calls, and what was said of them, count for it."""
    return row.splits or [row.id]


def split_of(row: Release) -> UUID:
    """Return under what the log knows the calls of now."""
    splits = splits_of(row)
    return splits[min(row.step, len(splits) - 1)]


def course_of(row: Release) -> Course:
    """Read how a release is to move."""
    return planning.course(plan_of(row), row.strategy, returns=row.former_id is not None)


def read(row: Release) -> Standing:
    """Read where a release is."""
    return Standing(
        state=cast("State", row.state),
        step=row.step,
        share=row.share,
        held_by=row.held_by,
        ends_as=cast("State | None", row.ends_as),
        promoted=row.promoted,
        heard=any(each.get("kind") == "signal" for each in row.approvals),
    )


def write(row: Release, at: Standing) -> None:
    """Write where a release is."""
    row.state, row.step, row.share = at.state, at.step, at.share
    row.held_by, row.ends_as, row.promoted = at.held_by, at.ends_as, at.promoted
    row.shadow = row.strategy == "shadow" and at.share is not None and not at.promoted
