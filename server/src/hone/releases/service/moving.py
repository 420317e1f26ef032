"""Make a move: the row, its timeline, the history of what is live and the event, all in one transaction."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from hone import experiments, identity, versions
from hone.core import clock, ids
from hone.core.db import Session
from hone.core.events import publish
from hone.releases import repository, standing
from hone.releases.machine import OVER, Move
from hone.releases.models import Release, ReleaseEvent
from hone.versions import Deprecate, GateOverride, ModelVersion, Promote, Rollback

PREFIX: Final = "rel"
KIND: Final = "release"
"""As what a release claims the traffic of a name."""
_EVENTS: Final = {
    "step": "release.stepped",
    "held": "release.held",
    "resumed": "release.resumed",
    "asked_back": "release.rolling_back",
    "harmed": "release.rolling_back",
    "unready": "release.rolling_back",
    "superseded": "release.rolling_back",
    "promoting": "release.promoting",
    "succeeded": "release.succeeded",
    "rolled_back": "release.rolled_back",
    "cancelled": "release.cancelled",
    "failed": "release.failed",
}
SYSTEM: Final = "system"


async def make(
    session: Session,
    row: Release,
    move: Move,
    by: str = SYSTEM,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Make a move of a release whose row is locked."""
    former_state, why = row.state, row.words
    await _do(session, row, move)
    standing.write(row, move.to)
    row.moves += 1
    row.words, row.step_at = move.words, clock.now()
    if row.state in {"rolled_back", "failed"}:
        # Lists show this sentence alone: what it came to is nothing without why.
        row.words = f"{why} {move.words}"
    if row.started_at is None and row.share is not None:
        row.started_at = row.step_at
    over = row.state in OVER
    row.ended_at = row.step_at if over else None
    if over:
        row.outcome = {"state": row.state, "words": row.words}
        done = row.state == "succeeded"
        await experiments.end_of_release(
            session, row.organization_id, row.id, row.experiment_id, succeeded=done
        )
    tell(session, row, move.kind, move.words, by, data)
    name = _EVENTS.get(move.kind, "release.moved")
    _publish(session, row, name, by, {"from": former_state, "words": move.words, **(data or {})})


def tell(
    session: Session,
    row: Release,
    kind: str,
    words: str,
    by: str,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Add a line to the timeline."""
    session.add(
        ReleaseEvent(
            organization_id=row.organization_id,
            release_id=row.id,
            kind=kind,
            state=row.state,
            step=row.step,
            share=row.share,
            actor=by,
            words=words,
            data=dict(data or {}),
        )
    )


def begun(session: Session, row: Release) -> None:
    """Tell that a release was started."""
    tell(session, row, "started", row.words, row.created_by, {"reason": row.reason})
    _publish(session, row, "release.started", row.created_by, {"reason": row.reason})


def claimed(row: Release) -> str:
    """Say whose traffic a release splits: what clients send as `model`."""
    return versions.called(row.name, row.environment)


async def _do(session: Session, row: Release, move: Move) -> None:
    """Write into the history what a move changes of it; in the name of whoever began the release."""
    if not (move.stage or move.promote or move.restore or move.retire):
        return
    actor = replace(identity.system(row.organization_id), id=row.created_by)
    why = f"{ids.public(PREFIX, row.id)}: {row.reason}"
    if move.stage:
        await versions.stage(session, actor, await _version(session, row, row.version_id), why)
    if move.promote:
        wanted = Promote.model_validate(
            {
                "version": ids.public("mv", row.version_id),
                "environment": row.environment,
                "reason": row.reason,
                "override": row.override and GateOverride.model_validate(row.override),
            }
        )
        await versions.promote(session, actor, row.name, wanted)
    if move.restore and row.former_id is not None:
        back = Rollback.model_validate(
            {
                "environment": row.environment,
                "version": ids.public("mv", row.former_id),
                "reason": why,
            }
        )
        await versions.rollback(session, actor, row.name, back)
    if move.retire:
        succeeded, plan = move.to.state == "succeeded", standing.plan_of(row)
        former = None if row.former_id is None else await _version(session, row, row.former_id)
        kept = succeeded and plan.keep_former > 0 and not plan.deprecate_former
        row.kept_until = None
        if kept and former is not None and former.files:
            # In the candidate's place: what is there stays in the predictors' memory.
            await versions.stage(session, actor, former, why)
            row.kept_until = clock.now() + timedelta(seconds=plan.keep_former)
        else:
            await versions.unstage(session, actor, row.name, why)
        if succeeded and plan.deprecate_former:
            await _deprecate(session, actor, row)


async def let_go(session: Session, row: Release) -> None:
    """Keep the version before loaded no longer; the place may be another release's by now."""
    row.kept_until = None
    other = await repository.unfinished(session, row.organization_id, row.name)
    if other is None and row.former_id is not None:
        actor = replace(identity.system(row.organization_id), id=row.created_by)
        why = f"{ids.public(PREFIX, row.id)}: {row.reason}"
        await versions.unstage(session, actor, row.name, why, row.former_id)
    tell(session, row, "let_go", "The version before is kept loaded no longer.", SYSTEM)


async def _deprecate(session: Session, actor: identity.Actor, row: Release) -> None:
    if row.former_id is None:
        return
    former = await _version(session, row, row.former_id)
    shown = await versions.get_version(session, actor, row.name, former.version)
    if not shown.live_in:
        why = Deprecate(reason=f"followed by release {ids.public(PREFIX, row.id)}")
        await versions.deprecate(session, actor, row.name, former.version, why)


async def _version(session: Session, row: Release, version_id: UUID) -> ModelVersion:
    found = await versions.find(session, row.organization_id, version_id)
    assert found is not None
    return found


def _publish(session: Session, row: Release, name: str, by: str, data: Mapping[str, Any]) -> None:
    told = {
        "name": row.name,
        "environment": row.environment,
        "version": ids.public("mv", row.version_id),
        "strategy": row.strategy,
        "state": row.state,
        "step": row.step,
        "share": row.share,
        "words": row.words,
        **data,
    }
    publish(session, row.organization_id, by, name, ids.public(PREFIX, row.id), told)
