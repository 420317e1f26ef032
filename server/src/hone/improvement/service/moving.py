"""Move a turn on: what is known is gathered, the next state follows, and what it takes is done with it.

All of a move is one transaction: the run or release that it begins, the state, and the line of the story.
"""

import hashlib
import logging
from datetime import timedelta
from typing import Any, Final

from hone import experiments, training, versions
from hone.core import clock, ids
from hone.core.db import Session
from hone.core.errors import AppError, NotFound, Unavailable
from hone.identity import system
from hone.improvement.models import Turn
from hone.improvement.repository import turns
from hone.improvement.schemas.policies import ImprovementRelease
from hone.improvement.service import carrying
from hone.improvement.service.beginning import note
from hone.improvement.turning import OVER, Act, Facts, Judged, Move, State, following, waits
from hone.training import Origin, Place, RunRead, TrainingJob
from hone.versions import GateVerdict

log = logging.getLogger(__name__)

_SOON, _LATER, _LONG = timedelta(seconds=1), timedelta(seconds=30), timedelta(days=1)
_PICO: Final = 1_000_000_000_000
_LONGEST: Final = 2000
_BUSY: Final = frozenset({"release_under_way", "name_split_already", "release_not_there"})
"""What stands in the way now, and will be over."""
_EVENTS: Final = {
    State.AWAITING: "improvement_turn.awaiting_approval",
    State.TRAINING: "improvement_turn.training",
    State.GATING: "improvement_turn.gating",
    State.SHADOW: "improvement_turn.shadow",
    State.RELEASING: "improvement_turn.releasing",
    State.COMPARING: "improvement_turn.comparing",
    State.PROMOTED: "improvement_turn.promoted",
    State.ROLLED_BACK: "improvement_turn.rolled_back",
    State.REJECTED: "improvement_turn.rejected",
    State.SKIPPED: "improvement_turn.skipped",
    State.FAILED: "improvement_turn.failed",
}


class Blocked(AppError):
    """The same was tried before, and turned down."""

    code = "improvement_blocked"


async def step(session: Session, place: Place, row: Turn) -> bool:
    """Move a turn that is locked on by one state, and tell whether it moved."""
    state, now = State(row.state), clock.now()
    facts = await gather(session, row)
    move = following(state, facts)
    if move is None:
        row.words = (waits(state, facts) or row.words)[:_LONGEST]
        row.next_at = now + (_LONG if state is State.AWAITING else _SOON)
        return False
    try:
        async with session.begin_nested():
            await _act(session, place, row, move)
            await session.flush()
    except AppError as error:
        if isinstance(error, Unavailable) or error.code in _BUSY:
            row.words, row.next_at = f"It waits: {error.message}"[:_LONGEST], now + _LATER
            return False
        move = _refusal(state, error)
    await go(session, row, move, "system")
    return True


async def go(session: Session, row: Turn, move: Move, who: str) -> None:
    """Bring a turn into the next state, and write why."""
    now = clock.now()
    row.state, row.awaiting, row.words = move.to, move.awaiting, move.words[:_LONGEST]
    row.updated_at, row.next_at = now, now
    row.finished_at = now if move.to in OVER else None
    await session.flush()
    await turns.decide(session, row, move.decision, who, row.words, dict(move.evidence))
    facts: dict[str, object] = {"decision": move.decision, "words": row.words}
    note(session, row, who, _EVENTS[move.to], facts)


def _refusal(state: State, error: AppError) -> Move:
    """Say that what was to be done cannot be."""
    evidence: dict[str, Any] = {"code": error.code, **dict(error.details or {})}
    if isinstance(error, Blocked):
        return Move(State.SKIPPED, "blocked", error.message, evidence=evidence)
    if state in {State.GATING, State.SHADOW} or error.code == "gate_not_passed":
        return Move(State.REJECTED, "refused", error.message, evidence=evidence)
    return Move(State.FAILED, "could_not", error.message, evidence=evidence)


async def gather(session: Session, row: Turn) -> Facts:
    """Tell what is known of a turn."""
    release = ImprovementRelease.model_validate(row.plan["release"])
    run = await _run(session, row)
    gate = await _gate(session, row, run)
    live = await versions.live(session, row.organization_id, row.model)
    released, comparison = await carrying.released(session, row)
    return Facts(
        approvals=frozenset(row.plan["approvals"]),
        approved=frozenset(row.approved),
        overridden=row.override is not None,
        shadow=release.shadow and live is not None,
        compare=release.compare is not None,
        shadowed=await carrying.shadowed(session, row),
        comparison=comparison,
        run=None if run is None else _ran(run),
        gate=gate,
        release=released,
    )


async def _run(session: Session, row: Turn) -> RunRead | None:
    if row.run_id is None:
        return None
    actor = system(row.organization_id)
    try:
        run = await training.get(session, actor, ids.public("trun", row.run_id))
    except NotFound:
        return None
    if run.version is not None:
        row.version_id = ids.parse("mv", run.version)
    row.cost = round(run.cost_usd * _PICO)
    return run


def _ran(run: RunRead) -> Judged:
    """Say how a run stands."""
    evidence: dict[str, Any] = {"run": run.id, "figures": run.figures, "costUsd": run.cost_usd}
    if run.state == "succeeded":
        accuracy = run.figures.get("accuracy")
        share = experiments.statistics.Unit.SHARE
        right = None if accuracy is None else experiments.statistics.figure(accuracy, share)
        told = "" if right is None else f" It is right on {right} of the test examples."
        examples = run.dataset.examples if run.dataset else 0
        return Judged(run.state, f"It was trained on {examples:,} examples.{told}", evidence)
    if run.state in {"failed", "cancelled"}:
        why = run.error.message if run.error else "Somebody ended the run."
        evidence["error"] = None if run.error is None else run.error.model_dump(mode="json")
        return Judged(run.state, f"The training {run.state}: {why}", evidence)
    why = f". {run.why_waiting}" if run.why_waiting else f": {100 * run.progress:.0f} % done."
    return Judged(run.state, f"The training is {run.state}{why}", evidence)


async def _gate(session: Session, row: Turn, run: RunRead | None) -> Judged | None:
    if run is None or run.version is None:
        return None
    actor = system(row.organization_id)
    version = await versions.get_version(session, actor, row.model, run.version)
    row.gate = state = "passed" if version.gate.passed else "refused"
    evidence = {"version": version.version, "gate": version.gate.model_dump(by_alias=True)}
    return Judged(state, _gate_words(row.model, version.version, version.gate), evidence)


def _gate_words(model: str, number: str, gate: GateVerdict) -> str:
    failed = "; ".join(each.words for each in gate.checks if not each.passed)
    if not gate.passed:
        return f"{model} {number} has not passed its gates: {failed}."
    against = f" against {gate.compared_with}" if gate.compared_with else ""
    return f"{model} {number} has passed its {len(gate.checks)} gates{against}."


async def _act(session: Session, place: Place, row: Turn, move: Move) -> None:
    """Do what a move takes."""
    if move.act is Act.TRAIN:
        await _train(session, place, row)
    elif move.act is Act.RELEASE:
        await carrying.release(session, row)
    elif move.act is Act.SHADOW:
        await carrying.shadow(session, row)
    elif move.act is Act.END_SHADOW:
        await carrying.end_shadow(session, row)
    elif move.act is Act.PROMOTE:
        await carrying.promote(session, row, move.words)
    elif move.act is Act.ROLL_BACK:
        await carrying.go_back(session, system(row.organization_id), row, move.words)


async def _train(session: Session, place: Place, row: Turn) -> None:
    actor = system(row.organization_id)
    job = TrainingJob.model_validate(row.plan["job"])
    origin = Origin(idempotency_key=ids.public("turn", row.id))
    run = await training.create(session, actor, place, job, origin)
    said = f"{run.spec_hash}:{run.dataset.digest if run.dataset else ''}"
    row.signature = hashlib.sha256(said.encode()).hexdigest()
    if not row.asked:
        await _refuse_again(session, row)
    row.run_id = ids.parse("trun", run.id)


async def _refuse_again(session: Session, row: Turn) -> None:
    """What was turned down is not tried again unasked."""
    assert row.signature is not None
    for before in await turns.tried(session, row.organization_id, row.signature):
        how = await _turned_down(session, before)
        if how is not None:
            when = before.finished_at or before.updated_at
            raise Blocked(
                f"The same examples and settings were tried before and {how} on {when:%Y-%m-%d}."
                " They are tried again when something is new, or when somebody asks for it.",
                details={"turn": ids.public("turn", before.id)},
            )


async def _turned_down(session: Session, before: Turn) -> str | None:
    if before.state != State.PROMOTED:
        return "rolled back" if before.state == State.ROLLED_BACK else "rejected"
    version_id = before.version_id
    if version_id and await versions.gone_back_from(session, before.organization_id, version_id):
        return "rolled back later"
    return None
