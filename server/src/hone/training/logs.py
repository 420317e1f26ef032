"""The log of a run: sealed pieces, found by the number of their first byte."""

from typing import Final
from uuid import UUID

from hone.core.db import Session
from hone.core.keyring import SECRET, Keyring
from hone.training.models import TrainingLog
from hone.training.repository import runs

PIECE: Final = 64 << 10
LONGEST: Final = 16 << 20
"""Bytes of a log that are kept."""
_PIECES: Final = 32
"""Pieces that one answer has at most."""
_SCOPE: Final = "training"


async def add(
    session: Session, keyring: Keyring, organization_id: UUID, run_id: UUID, start: int, said: bytes
) -> int:
    """Keep what comes next of a log and tell where it ends now."""
    room = max(LONGEST - start, 0)
    key = await keyring.ensure(session, organization_id, SECRET, _SCOPE)
    for at in range(0, min(len(said), room), PIECE):
        piece = said[at : min(at + PIECE, room)]
        session.add(
            TrainingLog(
                run_id=run_id,
                start=start + at,
                organization_id=organization_id,
                size=len(piece),
                sealed=key.seal(piece, _context(run_id, start + at)),
            )
        )
    return start + min(len(said), room)


async def read(
    session: Session, keyring: Keyring, organization_id: UUID, run_id: UUID, after: int
) -> tuple[bytes, int]:
    """Read what lies behind a byte, and tell where that ends; a long log takes several readings."""
    pieces = await runs.log_pieces(session, organization_id, run_id, after, _PIECES)
    if not pieces:
        return b"", after
    key = await keyring.ensure(session, organization_id, SECRET, _SCOPE)
    opened = b"".join(key.unseal(each.sealed, _context(run_id, each.start)) for each in pieces)
    skipped = max(after - pieces[0].start, 0)
    return opened[skipped:], pieces[-1].start + pieces[-1].size


def _context(run_id: UUID, start: int) -> bytes:
    return b"training log" + run_id.bytes + start.to_bytes(8, "big")
