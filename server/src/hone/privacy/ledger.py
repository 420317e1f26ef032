"""The list of erasures outside the database: `erasures.jsonl` in the data directory.

A backup that is older than an erasure still holds what was erased. A restore does each erasure of
this list again. Each line seals whom it is about under a key of its own, which the master key wraps.
"""

import base64
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import msgspec

from hone.core import crypto, ids
from hone.core.keyring import Key, Keyring, KeyRow
from hone.privacy.errors import LedgerUnreadable
from hone.privacy.target import Target, unsealed

_NAME = "erasures.jsonl"


class Line(msgspec.Struct, rename="camel"):
    """One erasure, as a line of the file."""

    id: UUID
    organization_id: UUID
    at: str
    key_id: UUID
    master_key: str
    wrapped: str
    sealed: str


class Noted(msgspec.Struct, frozen=True):
    """One erasure of the list, readable."""

    id: UUID
    organization_id: UUID
    target: Target


def file(data_dir: Path) -> Path:
    """Tell where the list lies."""
    return data_dir / _NAME


def is_listed(data_dir: Path) -> bool:
    """Tell whether there is a list."""
    return file(data_dir).exists()


def note(data_dir: Path, ring: Keyring, noted: Noted, at: str) -> None:
    """Add an erasure to the list unless it is there; on the disk when this returns."""
    lines = _lines(data_dir)
    if any(each.id == noted.id for each in lines):
        return
    key = Key(ids.new(), crypto.new_secret())
    master, wrapped = ring.wrap(key.secret, key.id)
    line = Line(
        noted.id,
        noted.organization_id,
        at,
        key.id,
        master,
        base64.b64encode(wrapped).decode(),
        base64.b64encode(noted.target.seal(key, noted.id)).decode(),
    )
    _save(data_dir, [*lines, line])


def read(data_dir: Path, ring: Keyring) -> list[Noted]:
    """Read the list, oldest first."""
    return [
        Noted(
            line.id,
            line.organization_id,
            unsealed(_key(ring, line), line.id, base64.b64decode(line.sealed)),
        )
        for line in _lines(data_dir)
    ]


def rewrap(data_dir: Path, ring: Keyring) -> int:
    """Wrap each line's key by the active master key; return how many were not."""
    lines = _lines(data_dir)
    old = [line for line in lines if line.master_key != ring.active.id]
    for line in old:
        line.master_key, wrapped = ring.wrap(_key(ring, line).secret, line.key_id)
        line.wrapped = base64.b64encode(wrapped).decode()
    if old:
        _save(data_dir, lines)
    return len(old)


def _key(ring: Keyring, line: Line) -> Key:
    row = KeyRow(id=line.key_id, master_key=line.master_key, wrapped=base64.b64decode(line.wrapped))
    return ring.unwrap(row)


def _lines(data_dir: Path) -> list[Line]:
    try:
        said = file(data_dir).read_bytes()
    except FileNotFoundError:
        return []
    try:
        return [msgspec.json.decode(each, type=Line) for each in said.splitlines() if each]
    except msgspec.MsgspecError as error:
        raise LedgerUnreadable(f"{file(data_dir)} cannot be read: {error}.") from error


def _save(data_dir: Path, lines: Sequence[Line]) -> None:
    """Write the list so that a crash leaves the old one or the new one."""
    descriptor, name = tempfile.mkstemp(".draft", "erasures.", data_dir)
    with os.fdopen(descriptor, "wb") as draft:
        draft.write(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
        draft.flush()
        os.fsync(draft.fileno())
    Path(name).replace(file(data_dir))
