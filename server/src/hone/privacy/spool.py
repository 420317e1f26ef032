"""What the spool holds of somebody: waited for until it is stored, then made unreadable on the disk."""

import asyncio
import time
from collections.abc import Set
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import msgspec
from sqlalchemy import text

from hone.core.db import Database
from hone.gateway import START, Frame, Lane, Lanes, Opened, Pending, Position, redact_spool
from hone.privacy.errors import SpoolStands
from hone.privacy.target import Target

_PATIENCE = 60.0
"""Seconds that a lane may stand still, and that a call which is under way may take."""
_PAUSE = 0.1


@dataclass(frozen=True, slots=True)
class Traced:
    """Which frames are somebody's: by name, or by a key of theirs that names nobody."""

    organization_id: UUID
    target: Target
    keys: Set[UUID]
    conversations: Set[str]

    def is_theirs(self, frame: Frame) -> bool:
        """Tell whether a frame is of somebody's call."""
        if frame.organization_id != self.organization_id.bytes:
            return False
        if frame.user is None:
            return frame.key_id is not None and UUID(bytes=frame.key_id) in self.keys
        return frame.user == self.target.name

    def without(self, frame: Frame) -> Frame | None:
        """Return a frame of the same length that says nothing of them; None where it says nothing."""
        theirs = self.is_theirs(frame)
        ours = frame.organization_id == self.organization_id.bytes
        if not theirs and not (ours and frame.conversation in self.conversations):
            return None
        changes: dict[str, object] = {
            "conversation": _blank(frame.conversation),
            "metadata": None if frame.metadata is None else bytes(len(frame.metadata)),
        }
        if theirs:
            changes["user"] = _blank(frame.user)
        if not isinstance(frame, Opened):
            changes["content"] = None if frame.content is None else bytes(len(frame.content))
        made = msgspec.structs.replace(frame, **changes)
        return None if made == frame else made


def _blank(said: str | None) -> str | None:
    return None if said is None else "-" * len(said.encode("utf-8", "surrogatepass"))


async def settle(owner: Database, directory: Path, traced: Traced) -> None:
    """Wait until what lies in the spool now is stored, and no call of theirs is under way."""
    ends = await asyncio.to_thread(_ends, directory)
    deadline = time.monotonic() + _PATIENCE
    while not await _passed(owner, directory, ends, traced):
        if time.monotonic() > deadline:
            raise SpoolStands
        await asyncio.sleep(_PAUSE)


async def redact(owner: Database, directory: Path, traced: Traced) -> int:
    """Make frames unreadable that are stored; return how many."""
    marks = await _marks(owner)
    return await asyncio.to_thread(_redact, directory, marks, traced)


async def _passed(
    owner: Database, directory: Path, ends: dict[str, Position], traced: Traced
) -> bool:
    marks = await _marks(owner)
    if any(
        marks.get(name, START) < end and (directory / name).exists() for name, end in ends.items()
    ):
        return False
    return not await asyncio.to_thread(_under_way, directory, traced)


def _ends(directory: Path) -> dict[str, Position]:
    """Tell where each lane ends at present."""
    found: dict[str, Position] = {}
    lanes = Lanes(directory)
    try:
        for lane in lanes.list():
            position = START
            for after, _ in lane.replay():
                position = after
            found[lane.path.name] = position
    finally:
        lanes.close()
    return found


def _under_way(directory: Path, traced: Traced) -> bool:
    lanes = Lanes(directory)
    try:
        return any(_is_open(lane, traced) for lane in lanes.list())
    finally:
        lanes.close()


def _is_open(lane: Lane, traced: Traced) -> bool:
    pending = Pending()
    for after, frame in lane.replay():
        pending.follow(after, frame)
    return any(traced.is_theirs(opened[-1]) for opened in pending.operations.values())


def _redact(directory: Path, marks: dict[str, Position], traced: Traced) -> int:
    lanes = Lanes(directory)
    try:
        found = [lane for lane in lanes.list() if lane.path.name in marks]
        said = {
            frame.conversation
            for lane in found
            for _, frame in lane.replay(marks[lane.path.name])
            if traced.is_theirs(frame) and frame.conversation is not None
        }
        whole = replace(traced, conversations={*traced.conversations, *said})
        return sum(redact_spool(lane, marks[lane.path.name], whole.without) for lane in found)
    finally:
        lanes.close()


async def _marks(owner: Database) -> dict[str, Position]:
    async with owner.transaction() as session:
        found = await session.execute(text("SELECT lane, segment, position FROM spool_marks"))
        return {row.lane: Position(row.segment, row.position) for row in found}
