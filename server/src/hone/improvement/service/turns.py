"""The rules of turns: begun by hand, read, approved, rejected, overridden."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

from hone import training, versions
from hone.core import clock, ids
from hone.core.db import Session
from hone.core.errors import AppError, NotFound
from hone.core.paging import Page, PageQuery, cursor
from hone.identity import Actor, Permission
from hone.improvement import rendering
from hone.improvement.errors import GateStands, NothingAwaited, TurnOver, TurnUnderWay
from hone.improvement.models import Turn
from hone.improvement.repository import turns
from hone.improvement.schemas.turns import (
    ImprovementRun,
    TurnApproval,
    TurnChanges,
    TurnRead,
    TurnStory,
    TurnWhy,
)
from hone.improvement.service import carrying, policies
from hone.improvement.service.beginning import begin, note
from hone.improvement.service.moving import go
from hone.improvement.turning import Move, State

_READ, _WRITE = Permission.RELEASES_READ, Permission.RELEASES_WRITE


@dataclass(frozen=True, slots=True)
class TurnsQuery:
    """Which turns are wanted."""

    model: str | None = None
    state: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Write the conditions."""
        found: list[ColumnElement[bool]] = []
        if self.model is not None:
            found.append(Turn.model == self.model)
        if self.state is not None:
            found.append(Turn.state.in_(self.state.split(",")))
        return found


async def access(
    session: Session,
    actor: Actor,
    turn_id: str,
    permission: Permission = _READ,
    *,
    lock: bool = False,
) -> Turn:
    """Open the one door to a turn."""
    actor.require(permission)
    parsed = ids.parse(rendering.TURN, turn_id)
    found = parsed and await turns.by_id(session, actor.organization_id, parsed, lock=lock)
    if not found:
        raise NotFound("There is no such improvement turn in this organization.")
    return found


async def page(
    session: Session, actor: Actor, query: PageQuery, wanted: TurnsQuery
) -> Page[TurnRead]:
    """List turns, newest first."""
    actor.require(_READ)
    after = policies.last_of(query)
    rows, total = await turns.page(
        session, actor.organization_id, wanted.conditions(), after, query.limit
    )
    more = cursor(rows[query.limit - 1].id.hex) if len(rows) > query.limit else None
    items = [rendering.turn(row, await _number(session, row)) for row in rows[: query.limit]]
    return Page[TurnRead](items=items, total=total, next=more)


async def get(session: Session, actor: Actor, turn_id: str) -> TurnStory:
    """Show one turn with its story."""
    return await _shown(session, await access(session, actor, turn_id))


async def run(session: Session, actor: Actor, policy_id: str, data: ImprovementRun) -> TurnStory:
    """Begin a turn now, whatever the triggers say; approvals that the policy asks for stay."""
    actor.require(Permission.TRAINING_WRITE)
    policy = await policies.access(session, actor, policy_id, _WRITE, lock=True)
    row = await begin(session, actor, policy, f"Somebody asked for it: {data.reason}")
    return await _shown(session, row)


async def approve(session: Session, actor: Actor, turn_id: str, data: TurnApproval) -> TurnStory:
    """Let a turn that waits go on, with changes if there are any."""
    row = await access(session, actor, turn_id, _WRITE, lock=True)
    if row.awaiting is None:
        raise TurnOver if row.finished_at else NothingAwaited
    if row.awaiting == "release" and rendering.refused(row):
        raise GateStands
    changed = _change(row, data.changes)
    step = row.awaiting
    row.approved, row.asked = [*row.approved, step], row.asked or step == "train"
    row.next_at = row.updated_at = clock.now()
    what = {"train": "training", "release": "the release"}[step]
    words = f"Somebody approved {what}: {data.note}"
    await turns.decide(session, row, f"{step}_approved", actor.id, words, changed)
    note(session, row, actor.id, "improvement_turn.approved", {"step": step, "note": data.note})
    return await _shown(session, row)


async def reject(session: Session, actor: Actor, turn_id: str, data: TurnWhy) -> TurnStory:
    """End a turn; the live version stays, or comes back."""
    row = await access(session, actor, turn_id, _WRITE, lock=True)
    if row.finished_at is not None:
        raise TurnOver
    to = State.REJECTED
    if row.state == State.TRAINING and row.run_id is not None:
        await _end_run(session, actor, row)
    elif row.state in {State.SHADOW, State.RELEASING, State.COMPARING}:
        await carrying.go_back(session, actor, row, data.reason)
        to = State.ROLLED_BACK
    words = f"Somebody rejected it: {data.reason}"
    await go(session, row, Move(to, "rejected", words), actor.id)
    return await _shown(session, row)


async def override(session: Session, actor: Actor, turn_id: str, data: TurnWhy) -> TurnStory:
    """Let a version that its gates refused be released anyway; who says so answers for it."""
    row = await access(session, actor, turn_id, _WRITE, lock=True)
    waits = row.awaiting == "release" or row.state == State.REJECTED
    if not waits or not rendering.refused(row):
        raise NothingAwaited("No gate of this turn waits to be overridden.")
    other = await turns.under_way(session, row.organization_id, row.model)
    if other is not None and other.id != row.id:
        raise TurnUnderWay(details={"turn": ids.public(rendering.TURN, other.id)})
    row.override = data.reason
    row.approved = sorted({*row.approved, "release"})
    words = f"Somebody answers for it though a gate refused: {data.reason}"
    if row.finished_at is None:
        row.next_at = clock.now()
        await turns.decide(session, row, "overridden", actor.id, words)
        note(session, row, actor.id, "improvement_turn.overridden", {"reason": data.reason})
        return await _shown(session, row)
    await carrying.release(session, row)
    await go(session, row, Move(State.RELEASING, "overridden", words), actor.id)
    note(session, row, actor.id, "improvement_turn.overridden", {"reason": data.reason})
    return await _shown(session, row)


def _change(row: Turn, changes: TurnChanges) -> dict[str, Any]:
    """Change what a turn does from here on, and tell what was changed."""
    told = changes.model_dump(mode="json", exclude_none=True)
    plan = dict(row.plan)
    if changes.release is not None:
        plan["release"] = changes.release.model_dump(mode="json")
    if row.awaiting == "train":
        job = dict(plan["job"])
        if changes.params is not None:
            job["params"] = {**job.get("params", {}), **changes.params}
        if changes.engine is not None:
            job["engine"] = changes.engine
        plan["job"] = job
    row.plan = plan
    return {"changes": told} if told else {}


async def _end_run(session: Session, actor: Actor, row: Turn) -> None:
    assert row.run_id is not None
    try:
        await training.cancel(session, actor, ids.public("trun", row.run_id))
    except AppError as error:
        # It was over a moment ago.
        if error.status != 409:
            raise


async def _shown(session: Session, row: Turn) -> TurnStory:
    await session.flush()
    said = await turns.decisions(session, row.organization_id, row.id)
    return rendering.story(row, await _number(session, row), list(said))


async def _number(session: Session, row: Turn) -> str | None:
    if row.version_id is None:
        return None
    found = await versions.find(session, row.organization_id, row.version_id)
    return None if found is None else found.version
