"""A client's `Idempotency-Key`: the same request sent twice is done once.

The store is elsewhere, given as two callables; only requests with the header ask it. Draft RFC:
"The Idempotency-Key HTTP Header Field" (draft-ietf-httpapi-idempotency-key-header).
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, auto
from uuid import UUID

from hone.gateway.errors import (
    IdempotencyInProgress,
    IdempotencyMismatch,
    IdempotencyNotReplayable,
    ParameterWrong,
)

HEADER = b"idempotency-key"
LONGEST_KEY = 255
LONGEST_STREAM = 1 << 20
"""A longer stream is not kept for replay."""


class Claim(Enum):
    """What the store says of a key, if it does not have the answer."""

    FRESH = auto()
    """Nobody had this key; it is now held by this operation."""
    IN_PROGRESS = auto()
    MISMATCH = auto()
    NOT_REPLAYABLE = auto()


@dataclass(frozen=True, slots=True)
class Replay:
    """An answer as it was given; its headers name the operation that it belongs to."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Outcome(Enum):
    """What becomes of a held key, if there is no answer to keep."""

    RELEASED = auto()
    """The call failed in a way that may be tried again: the key is free."""
    NOT_REPLAYABLE = auto()


@dataclass(frozen=True, slots=True)
class Idempotency:
    """The store; both callables raise `IdempotencyUnavailable` when it cannot be reached."""

    claim: Callable[[UUID, bytes, bytes, UUID], Awaitable[Claim | Replay]]
    """Gets organization, digest of the key, digest of the request, operation."""
    finish: Callable[[UUID, bytes, UUID, Replay | Outcome], Awaitable[None]]
    """Gets organization, digest of the key, operation, and what to keep."""


@dataclass(frozen=True, slots=True)
class Held:
    """A key that this operation holds, to be finished exactly once."""

    store: Idempotency
    organization_id: UUID
    digest: bytes
    operation_id: UUID

    async def finish(self, outcome: Replay | Outcome) -> None:
        """Tell the store how it ended."""
        await self.store.finish(self.organization_id, self.digest, self.operation_id, outcome)


async def claim(
    store: Idempotency, organization_id: UUID, key: bytes, request: bytes, operation_id: UUID
) -> Held | Replay:
    """Hold a key for an operation, or return the answer that it already has."""
    if not 1 <= len(key) <= LONGEST_KEY:
        raise ParameterWrong(
            f"An Idempotency-Key has 1 to {LONGEST_KEY} characters.", param="Idempotency-Key"
        )
    digest = hashlib.sha256(key).digest()
    answer = await store.claim(
        organization_id, digest, hashlib.sha256(request).digest(), operation_id
    )
    match answer:
        case Claim.IN_PROGRESS:
            raise IdempotencyInProgress
        case Claim.MISMATCH:
            raise IdempotencyMismatch
        case Claim.NOT_REPLAYABLE:
            raise IdempotencyNotReplayable
        case Claim.FRESH:
            return Held(store, organization_id, digest, operation_id)
        case Replay():
            return answer
