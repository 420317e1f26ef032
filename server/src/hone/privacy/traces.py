"""Where something is kept of a person or an end user: counted before, erased in batches.

Each trace is a condition on one table. Rows found by another trace's condition go in the order of
the list: what somebody said is found by their operations, so those lose their name last.
"""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import text

from hone.core.db import Session
from hone.privacy.target import Kind, Target

COUNTED: Final = 10_000
BATCH: Final = 500

_USER: Final = "user_id = CAST(:name AS text)"
_PERSON: Final = f"({_USER} OR user_id IS NULL AND key_id = ANY(CAST(:keys AS uuid[])))"
_OURS: Final = "organization_id = :organization"
_BARE: Final = (
    "conversation_id = NULL, external_id = NULL, metadata = NULL, attempts = (SELECT"
    " coalesce(jsonb_agg(each - 'errorMessage'), '[]') FROM jsonb_array_elements(attempts) each)"
)
_NAMED: Final = (
    "jsonb_path_exists({}, '$.** ? (@ == $name)', jsonb_build_object('name', CAST(:name AS text)))"
)


@dataclass(frozen=True, slots=True)
class Trace:
    """One place: the rows of a table that a condition finds, and what becomes of them."""

    name: str
    table: str
    where: str
    key: str = "id"
    change: str | None = None
    """What is set; None: the rows are deleted."""
    whose: str = _OURS

    async def count(self, session: Session, names: dict[str, Any]) -> int | None:
        """Count the rows; None beyond what is counted."""
        rows = f"SELECT FROM {self.table} WHERE {self._found()} LIMIT {COUNTED + 1}"
        found = await session.scalar(text(f"SELECT count(*) FROM ({rows}) AS found"), names)
        number = int(found or 0)
        return number if number <= COUNTED else None

    async def erase(self, session: Session, names: dict[str, Any]) -> int:
        """Erase a batch and return how many rows; as the owner."""
        rows = f"SELECT {self.key} FROM {self.table} WHERE {self._found()} LIMIT {BATCH}"
        verb = (
            f"UPDATE {self.table} SET {self.change}" if self.change else f"DELETE FROM {self.table}"
        )
        done = await session.execute(
            text(f"{verb} WHERE ({self.key}) IN ({rows}) RETURNING 1"), names
        )
        return len(done.all())

    def _found(self) -> str:
        return f"{self.whose} AND {self.where}"


_OPERATION: Final = "created_at, id"


def _theirs(kind: Kind) -> str:
    """Write which operations are somebody's: a person's keys call in nobody's name, too."""
    return _PERSON if kind == "person" else _USER


def _said(kind: Kind) -> str:
    return (
        f"SELECT conversation_id FROM operations WHERE {_OURS} AND {_theirs(kind)}"
        " AND conversation_id IS NOT NULL"
    )


def _told(kind: Kind, columns: str) -> str:
    """Write which operations tell what somebody said.

    A conversation is sent again with each call, so it stands in the calls of all who are in it.
    """
    start = f"SELECT {columns} FROM operations WHERE {_OURS} AND"
    return f"{start} {_theirs(kind)} UNION {start} conversation_id IN ({_said(kind)})"


def said(kind: Kind) -> list[Trace]:
    """List the traces of what somebody said, in the order of erasing."""
    theirs = _theirs(kind)
    return [
        Trace(
            "contents",
            "operation_contents",
            f"({_OPERATION}) IN ({_told(kind, _OPERATION)})",
            key=_OPERATION,
        ),
        Trace("replays", "idempotency", f"operation_id IN ({_told(kind, 'id')})", "key_digest"),
        # What could not be read may be anybody's.
        Trace(
            "quarantine",
            "quarantine",
            "position(CAST(:needle AS bytea) IN raw) > 0",
            whose=f"({_OURS} OR organization_id IS NULL)",
        ),
        Trace("views", "operation_views", f"(owner = :name OR {_NAMED.format('query')})"),
        Trace(
            "event_details",
            "event_details",
            f"({_NAMED.format('data')} OR event_id IN (SELECT id FROM events WHERE {_OURS}"
            " AND (subject = ANY(CAST(:subjects AS text[])) OR actor = :name"
            " AND name LIKE 'view.%')))",
            key="event_id",
        ),
        Trace(
            "conversations",
            "operations",
            f"user_id IS NULL AND ({theirs}) IS NOT TRUE AND conversation_id IN ({_said(kind)})",
            key=_OPERATION,
            change=_BARE,
        ),
        Trace(
            "operations",
            "operations",
            f"{theirs} AND (user_id IS NOT NULL OR conversation_id IS NOT NULL"
            " OR external_id IS NOT NULL OR metadata IS NOT NULL"
            " OR attempts @? '$[*].errorMessage')",
            key=_OPERATION,
            change=f"user_id = NULL, {_BARE}",
        ),
    ]


def known(kind: Kind) -> list[Trace]:
    """List the traces of who somebody is; only a person of the organization has any."""
    if kind == "user":
        return []
    return [
        Trace(
            "keys",
            "api_keys",
            "person_id = :person",
            change="name = 'erased', person_id = NULL, revoked_at = coalesce(revoked_at, now())",
        ),
        Trace("sessions", "sessions", "person_id = :person"),
        Trace("facts", "data_keys", "purpose = 'person' AND scope = :scope"),
        Trace("person", "people", "id = :person"),
    ]


async def names(session: Session, organization_id: UUID, target: Target) -> dict[str, Any]:
    """Gather what the conditions need; a person's keys are found while they are theirs."""
    person_id = target.person_id
    found = await session.execute(
        text("SELECT id FROM api_keys WHERE organization_id = :organization AND person_id = :id"),
        {"organization": organization_id, "id": person_id},
    )
    keys = list(found.scalars()) if person_id is not None else []
    return {
        "organization": organization_id,
        "name": target.name,
        "keys": keys,
        "subjects": [f"key_{each.hex}" for each in keys],
        "needle": msgspec.msgpack.encode(target.name),
        "person": person_id,
        "scope": person_id.hex if person_id is not None else None,
    }


async def conversations(session: Session, kind: Kind, found: dict[str, Any]) -> frozenset[str]:
    """Find the conversations that somebody was in."""
    rows = await session.execute(text(_said(kind)), found)
    return frozenset(rows.scalars())
