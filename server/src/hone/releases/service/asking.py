"""What people ask of a release: go on, hold, approve, go back."""

from typing import Any, Final

from hone import versions
from hone.core import clock, ids
from hone.core.db import Session
from hone.identity import Actor, Permission
from hone.releases import machine, repository, standing
from hone.releases.errors import ReleaseNotThere, ReleaseOver, ReleaseSuperseded
from hone.releases.machine import Button, Move, NotNow
from hone.releases.models import Release
from hone.releases.schemas import ReleaseRead
from hone.releases.service import moving, reading

_WRITE: Final = Permission.RELEASES_WRITE
_APPROVES: Final = frozenset({"approve", "advance", "resume"})


async def ask(
    session: Session, actor: Actor, release_id: str, button: Button, why: str | None = None
) -> ReleaseRead:
    """Move a release as a person wants it; of two at once the second meets what the first made."""
    row = await reading.access(session, actor, release_id, _WRITE, lock=True)
    await press(session, actor, row, button, why)
    return await reading.show(session, row)


async def press(
    session: Session, actor: Actor, row: Release, button: Button, why: str | None
) -> None:
    """Move a release whose row is locked."""
    await versions.lock(session, row.organization_id, row.name)
    if row.state == "succeeded":
        await _still_live(session, row)
    held_by = row.held_by
    try:
        move = machine.asked(standing.course_of(row), standing.read(row), button)
    except NotNow as error:
        over = row.state in machine.OVER
        raise (ReleaseOver if over else ReleaseNotThere)(
            str(error), details={"state": row.state}
        ) from error
    if held_by in {"approval", "signal"} and button in _APPROVES:
        _approve(row, actor, held_by, why)
    data: dict[str, Any] = {"asked": button} | ({"reason": why} if why else {})
    await moving.make(session, row, _worded(move, why), actor.id, data)


async def roll_back(session: Session, actor: Actor, release_id: str, reason: str) -> ReleaseRead:
    """Go back to what was live before: at once, whatever the release waits for."""
    return await ask(session, actor, release_id, "rollback", reason)


async def _still_live(session: Session, row: Release) -> None:
    """See that going back would take away what this release brought, and nothing else."""
    live = await versions.live(session, row.organization_id, row.name, row.environment)
    if live is None or live.id != row.version_id:
        raise ReleaseSuperseded
    other = await repository.unfinished(session, row.organization_id, row.name)
    if other is not None:
        raise ReleaseSuperseded(
            f"Release {ids.public(moving.PREFIX, other.id)} is under way since: roll that back first."
        )


def _approve(row: Release, actor: Actor, kind: str, note: str | None) -> None:
    said = {
        "kind": kind,
        "by": actor.id,
        "at": clock.now().isoformat(),
        "step": row.step,
        "note": note or "",
    }
    row.approvals = [*row.approvals, said]


def _worded(move: Move, why: str | None) -> Move:
    if why is None or move.kind != "asked_back":
        return move
    return Move(
        move.to,
        move.kind,
        f"{move.words} {why}",
        stage=move.stage,
        promote=move.promote,
        restore=move.restore,
        retire=move.retire,
    )
