"""Sums of the units that met an arm of a split, written with the operations.

So they are as exact as the log: each call counts once, however late it lands, and nothing has to be
gone through again. Copies that nobody sees count as an arm of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from hone.core import ids
from hone.operations.rows import Row

UPSERT: Final = """
INSERT INTO split_units AS u (organization_id, split_id, unit, arm, named, chance, key_id, first_at,
    operations, errors, rescued, timed, latency_ms, cost, tokens)
VALUES (%(organization_id)s, %(split_id)s, %(unit)s, %(arm)s, %(named)s, %(chance)s, %(key_id)s,
    %(first_at)s, %(operations)s, %(errors)s, %(rescued)s, %(timed)s, %(latency_ms)s, %(cost)s,
    %(tokens)s)
ON CONFLICT (organization_id, split_id, unit, arm) DO UPDATE SET
    first_at = least(u.first_at, excluded.first_at),
    operations = u.operations + excluded.operations, errors = u.errors + excluded.errors,
    rescued = u.rescued + excluded.rescued, timed = u.timed + excluded.timed,
    latency_ms = u.latency_ms + excluded.latency_ms, cost = u.cost + excluded.cost,
    tokens = u.tokens + excluded.tokens
"""
_FAILED: Final = frozenset({"error", "interrupted"})


class _Key(NamedTuple):
    organization: bytes
    split: bytes
    unit: int
    arm: str


@dataclass(slots=True)
class _Sums:
    named: bool
    chance: float
    key_id: UUID | None
    first_at: datetime
    operations: int = 0
    errors: int = 0
    rescued: int = 0
    timed: int = 0
    latency_ms: float = 0.0
    cost: float = 0.0
    tokens: int = 0

    def add(self, row: Row) -> None:
        """Count one call."""
        self.operations += 1
        self.errors += row.status in _FAILED
        self.rescued += row.rescued
        self.cost += row.cost
        self.tokens += row.input_tokens + row.output_tokens
        if row.latency_ms is not None and row.status == "success":
            self.timed += 1
            self.latency_ms += row.latency_ms


def sums(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Add up what the calls of each unit came to, in the order in which rows are locked."""
    found: dict[_Key, _Sums] = {}
    for row in rows:
        if row.split_id is None:
            continue
        named = row.split_unit is not None
        unit = row.split_unit
        if unit is None:
            unit = int.from_bytes(row.id[8:], "big", signed=True)
        key = _Key(row.organization_id, row.split_id, unit, row.arm or "")
        held = found.get(key)
        if held is None:
            caller = None if row.key_id is None else UUID(bytes=row.key_id)
            at = ids.created_at(UUID(bytes=row.id))
            held = found[key] = _Sums(named, row.chance or 0.0, caller, at)
        held.add(row)
    return [_parameters(key, found[key]) for key in sorted(found)]


def _parameters(key: _Key, held: _Sums) -> dict[str, Any]:
    return {
        "organization_id": UUID(bytes=key.organization),
        "split_id": UUID(bytes=key.split),
        "unit": key.unit,
        "arm": key.arm,
        **{name: getattr(held, name) for name in _Sums.__slots__},
    }
