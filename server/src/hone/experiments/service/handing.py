"""What becomes of a winner: the release that names an experiment, and the arm that stands until then.

An arm that was decided for stands in the place of a name, and holds it. A release of that very version takes the
name over and gives it back when it does not succeed; with its success the arm stands no longer. So all calls go to the winner from
the decision on, and what the history says is live is never another thing than what answers for long.
"""

from dataclasses import dataclass
from uuid import UUID

from hone import versions
from hone.core import clock, ids
from hone.core.db import Session
from hone.experiments import claims, compiling, repository
from hone.experiments.errors import WinnerOther
from hone.experiments.models import Experiment
from hone.experiments.rendering import PREFIX
from hone.experiments.service import editing
from hone.identity import Actor, system
from hone.versions import ModelVersion


@dataclass(frozen=True, slots=True)
class Proof:
    """An experiment whose winner is a version."""

    experiment_id: UUID
    standing: bool
    """Its winner answers all calls of the name already."""


async def prove(session: Session, actor: Actor, experiment_id: str, version: ModelVersion) -> Proof:
    """Find the experiment that was decided for a version; raise `WinnerOther` where it was not."""
    row = await editing.access(session, actor, experiment_id, lock=True)
    winner = row.decided and next(
        (each for each in row.arms if row.decided and each["name"] == row.decided["arm"]), None
    )
    if winner is None or winner["kind"] != "version" or row.target != version.name:
        raise WinnerOther(
            f"The experiment {row.name!r} was not decided for a version of {version.name}.",
            param="experiment",
        )
    won = await versions.access(session, actor, row.target, str(winner["ref"]))
    if won.id != version.id:
        raise WinnerOther(
            f"The experiment {row.name!r} was decided for {won.version}, not for {version.version}.",
            param="experiment",
        )
    return Proof(row.id, _stands(row))


async def hand_over(
    session: Session, organization_id: UUID, experiment_id: UUID, kind: str, subject_id: UUID
) -> None:
    """Let a release hold the name that the winner of an experiment stands for."""
    giver, taker = (compiling.KIND, experiment_id), (kind, subject_id)
    await repository.hand_claim(session, organization_id, giver, taker)


async def end_of_release(
    session: Session,
    organization_id: UUID,
    release_id: UUID,
    experiment_id: UUID | None,
    *,
    succeeded: bool,
) -> None:
    """Let go of the name that a release holds; a winner that stands goes on, or is followed by it."""
    row = None
    if experiment_id is not None:
        row = await repository.by_id(session, organization_id, experiment_id, lock=True)
    if row is None or not _stands(row):
        await claims.release_claim(session, organization_id, "release", release_id)
        return
    giver, taker = ("release", release_id), (compiling.KIND, row.id)
    await repository.hand_claim(session, organization_id, giver, taker)
    if succeeded:
        released = ids.public("rel", release_id)
        await _end(session, row, "experiment.released", f"{released} brought it to everybody.")


async def overtaken(session: Session, organization_id: UUID, experiment_id: UUID) -> None:
    """End what stands where somebody put another version in force by hand since: what people do wins."""
    row = await repository.by_id(session, organization_id, experiment_id, lock=True)
    if row is None or row.decided is None or not _stands(row) or "live" not in row.decided:
        return
    held = await repository.holder(session, organization_id, row.target)
    if held is not None and held.kind != compiling.KIND:
        return
    live = await versions.live(session, organization_id, row.target)
    if (live and live.id.hex) == row.decided["live"]:
        return
    now = "nothing" if live is None else live.version
    await _end(session, row, "experiment.stopped", f"Somebody put {now} in force meanwhile.")


def _stands(row: Experiment) -> bool:
    return row.decided is not None and bool(row.decided["standing"])


async def _end(session: Session, row: Experiment, name: str, reason: str) -> None:
    assert row.decided is not None
    row.decided = row.decided | {"standing": False}
    row.version, row.updated_at = row.version + 1, clock.now()
    await claims.release_claim(session, row.organization_id, compiling.KIND, row.id)
    await session.flush()
    told = {"reason": reason, "experiment": ids.public(PREFIX, row.id)}
    editing.note(session, system(row.organization_id), row, name, told)
