"""Experiments under way: start, pause, go on, end."""

from typing import Any

from hone import versions
from hone.core import clock, ids
from hone.core.db import Session
from hone.experiments import claims, compiling
from hone.experiments.errors import ArmsWrong, ArmUnknown, ExperimentState
from hone.experiments.models import Experiment
from hone.experiments.rendering import PREFIX
from hone.experiments.schemas.design import (
    ExperimentArm,
    ExperimentAssignment,
    ExperimentDecide,
    ExperimentRead,
    ExperimentStop,
)
from hone.experiments.service import editing, results
from hone.experiments.service.editing import WRITE, access, note
from hone.gateway import Unit, assign, takes_part, unit_of
from hone.identity import Actor
from hone.versions import Promote

KIND = compiling.KIND


async def start(session: Session, actor: Actor, experiment_id: str) -> ExperimentRead:
    """Begin to split the calls of the target."""
    row = await access(session, actor, experiment_id, WRITE, lock=True)
    return await begin(session, actor, row)


async def begin(session: Session, actor: Actor, row: Experiment) -> ExperimentRead:
    """Start a draft."""
    _require(row, {"draft"}, "Only a draft can be started")
    arms = [ExperimentArm.model_validate(_arm(each)) for each in row.arms]
    await editing.require_callable(session, row.organization_id, row.target, arms)
    await claims.claim(session, row.organization_id, row.target, KIND, row.id)
    await _put_in_force(session, actor, row)
    row.arms = [each | {"calls": await _calls(session, actor, row, each)} for each in row.arms]
    served = [each["calls"] for each in row.arms if each["kind"] == "version"]
    if served.count(versions.called(row.target, "ab_test")) > 1:
        raise ArmsWrong(
            "Beside the version that is live, one other can be served for an experiment: promote one of"
            " these two first, or compare them with what is live.",
            param="arms",
        )
    row.plan = (await results.planned(session, row)).model_dump(by_alias=True)
    row.state, row.started_at = "running", clock.now()
    return await _done(session, actor, row, "experiment.started", {"arms": row.arms})


async def pause(session: Session, actor: Actor, experiment_id: str) -> ExperimentRead:
    """Let all calls go to the target for a while; everybody keeps their arm."""
    row = await access(session, actor, experiment_id, WRITE, lock=True)
    _require(row, {"running"}, "Only an experiment that runs can be paused")
    row.state, row.paused_at = "paused", clock.now()
    return await _done(session, actor, row, "experiment.paused", {})


async def resume(session: Session, actor: Actor, experiment_id: str) -> ExperimentRead:
    """Go on where it was."""
    row = await access(session, actor, experiment_id, WRITE, lock=True)
    _require(row, {"paused"}, "Only an experiment that is paused can go on")
    row.state, row.paused_at = "running", None
    return await _done(session, actor, row, "experiment.resumed", {})


async def stop(
    session: Session, actor: Actor, experiment_id: str, data: ExperimentStop
) -> ExperimentRead:
    """End without a winner; or take away the arm that was decided for and stands in its place."""
    row = await access(session, actor, experiment_id, WRITE, lock=True)
    standing = row.decided is not None and row.decided["standing"]
    if not standing:
        _require(row, {"running", "paused"}, "Only an experiment under way can be stopped")
        row.state, row.paused_at = "stopped", None
        row.ended_at, row.ended_reason = clock.now(), data.reason
    else:
        assert row.decided is not None
        row.decided = row.decided | {"standing": False}
    await claims.release_claim(session, row.organization_id, KIND, row.id)
    return await _done(session, actor, row, "experiment.stopped", {"reason": data.reason})


async def decide(
    session: Session, actor: Actor, experiment_id: str, data: ExperimentDecide
) -> ExperimentRead:
    """Let one arm take all calls of the name.

    A version is promoted, unless it is to stand until it is released; the first arm of a route is what
    answers anyhow; any other arm stands in the place of the target until the experiment is stopped, its
    winner is released, or somebody puts another version in force by hand.
    """
    row = await access(session, actor, experiment_id, WRITE, lock=True)
    _require(row, {"running", "paused"}, "Only an experiment under way can be decided")
    winner = next((each for each in row.arms if each["name"] == data.arm), None)
    if winner is None:
        names = ", ".join(str(each["name"]) for each in row.arms)
        raise ArmUnknown(f"This experiment has no arm {data.arm!r}; it has {names}.", param="arm")
    live = await versions.live(session, row.organization_id, row.target)
    standing = data.stand or winner["kind"] != "version"
    standing = standing and not _answers_anyhow(row, winner)
    if winner["kind"] == "version" and not standing:
        wanted = Promote(version=str(winner["ref"]), reason=data.reason)
        await versions.promote(session, actor, row.target, wanted)
    if not standing:
        await claims.release_claim(session, row.organization_id, KIND, row.id)
    row.state, row.paused_at, row.ended_at = "decided", None, clock.now()
    row.ended_reason = data.reason
    row.decided = {
        "arm": data.arm,
        "reason": data.reason,
        "by": actor.id,
        "at": clock.now().isoformat(),
        "standing": standing,
        "live": live and live.id.hex,
    }
    told = {"arm": data.arm, "reason": data.reason, "standing": standing}
    return await _done(session, actor, row, "experiment.decided", told)


async def assignment(
    session: Session, actor: Actor, experiment_id: str, user: str
) -> ExperimentAssignment:
    """Tell which arm somebody has."""
    row = await access(session, actor, experiment_id)
    split = compiling.split_of(row)
    unit = unit_of(Unit(row.unit), user, user if row.unit == "conversation" else None, None)
    assert unit is not None
    if not takes_part(split, unit):
        return ExperimentAssignment(
            experiment=ids.public(PREFIX, row.id),
            arm=None,
            model=row.target,
            takes_part=False,
            chance=None,
            kind=None,
            prompt=None,
        )
    arm = row.arms[assign(split, unit)]
    return ExperimentAssignment(
        experiment=ids.public(PREFIX, row.id),
        arm=arm["name"],
        model=arm["ref"] or row.target,
        takes_part=True,
        chance=arm["share"],
        kind=arm["kind"],
        prompt=arm["prompt"],
    )


def _answers_anyhow(row: Experiment, arm: dict[str, Any]) -> bool:
    plain = arm["kind"] in {"model", "route", "version"} or not arm.get("prompt")
    return plain and (arm.get("calls") or arm.get("ref") or row.target) == row.target


async def _put_in_force(session: Session, actor: Actor, row: Experiment) -> None:
    """Let the first arm be what is live, where nothing is: there must be something to call."""
    control = row.arms[0]
    if control["kind"] != "version":
        return
    if await versions.live(session, row.organization_id, row.target) is None:
        reason = f"the first arm of the experiment {row.name}"
        wanted = Promote(version=str(control["ref"]), reason=reason)
        await versions.promote(session, actor, row.target, wanted)


async def _calls(session: Session, actor: Actor, row: Experiment, arm: dict[str, Any]) -> str:
    """Say what answers an arm; a version that is not live is put where it can be called."""
    if arm["kind"] == "policy":
        return row.target
    if arm["kind"] != "version":
        return str(arm["ref"] or row.target)
    wanted = await versions.access(session, actor, row.target, str(arm["ref"]))
    live = await versions.live(session, row.organization_id, row.target)
    if live is not None and live.id == wanted.id:
        return row.target
    if not wanted.files and isinstance(model := wanted.configuration.get("model"), str):
        return model
    reason = f"an arm of the experiment {row.name}"
    promoted = Promote(version=wanted.version, environment="ab_test", reason=reason)
    await versions.promote(session, actor, row.target, promoted)
    return versions.called(row.target, "ab_test")


def _require(row: Experiment, states: set[str], words: str) -> None:
    if row.state not in states:
        raise ExperimentState(f"{words}; this one is {row.state}.", details={"state": row.state})


def _arm(stored: dict[str, Any]) -> dict[str, Any]:
    return {name: stored.get(name) for name in ("name", "kind", "ref", "share", "prompt")}


async def _done(
    session: Session, actor: Actor, row: Experiment, name: str, data: dict[str, Any]
) -> ExperimentRead:
    row.version, row.updated_at = row.version + 1, clock.now()
    await session.flush()
    note(session, actor, row, name, data)
    return await editing.shown(session, row)
