"""Ids: UUIDv7 (RFC 9562, section 5.7) inside, `op_…` outside.

The database stores the bare UUID. The API puts the kind in front: `op_` and thirty-two hex digits.
The first 48 bits are milliseconds since 1970, so ids sort by creation and tell it.
"""

import time
from datetime import UTC, datetime
from functools import lru_cache
from uuid import UUID

from hone.core.chance import Chance

_VERSION_AND_VARIANT = (7 << 76) | (2 << 62)
_DAY_MS = 86_400_000
_RANDOM = ((1 << 76) - 1) & ~(3 << 62)

_chance = Chance("<QH")


def new(at_ms: int | None = None) -> UUID:
    """Make an id that carries `at_ms` (Unix milliseconds; the present by default)."""
    milliseconds = time.time_ns() // 1_000_000 if at_ms is None else at_ms
    low, high = _chance()
    chance = (high << 64 | low) & _RANDOM
    return UUID(int=(milliseconds << 80) | _VERSION_AND_VARIANT | chance)


def raw() -> bytes:
    """Make an id of the present as its 16 bytes, where a UUID would cost more than what it is for."""
    low, high = _chance()
    chance = (high << 64 | low) & _RANDOM
    milliseconds = time.time_ns() // 1_000_000
    return (milliseconds << 80 | _VERSION_AND_VARIANT | chance).to_bytes(16, "big")


def created_at(made: UUID) -> datetime:
    """Read the moment of creation (millisecond precision) out of a UUIDv7."""
    return datetime.fromtimestamp((made.int >> 80) / 1000, UTC)


def public(prefix: str, made: UUID) -> str:
    """Write an id as the API shows it, such as `op_019ab…`."""
    return f"{prefix}_{made.hex}"


def parse(prefix: str, text: str) -> UUID | None:
    """Read an id that the API was given; None where it is not one of this kind."""
    head, _, digits = text.rpartition("_")
    if head not in {prefix, ""} or len(digits.replace("-", "")) != 32:
        return None
    try:
        return UUID(digits)
    except ValueError:
        return None


def month(at_ms: int) -> str:
    """Name the UTC month of a Unix time in milliseconds: `2026-11`."""
    return _month_of_day(at_ms // _DAY_MS)


@lru_cache(maxsize=64)
def _month_of_day(day: int) -> str:
    return time.strftime("%Y-%m", time.gmtime(day * 86_400))
