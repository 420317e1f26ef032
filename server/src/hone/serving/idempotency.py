"""Idempotency keys in PostgreSQL: one claim for a key, whichever process asks.

A claim holds while its operation runs. If the process dies, the drain's `interrupted` row frees
it; if that never comes, it expires. Answers are sealed under the organization's key of the month.
"""

import time
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.exc import SQLAlchemyError

from hone import gateway
from hone.core import ids
from hone.core.db import Database, Session
from hone.core.keyring import CONTENT, Keyring
from hone.gateway import Claim, IdempotencyUnavailable, Outcome, Replay

T = TypeVar("T")

CLAIM_SECONDS = 900
ANSWER_SECONDS = 24 * 3600

_CLAIM = """
INSERT INTO idempotency AS i
    (organization_id, key_digest, request_digest, operation_id, state, expires_at)
VALUES (:organization, :key, :request, :operation, 'claimed', now() + make_interval(secs => :ttl))
ON CONFLICT (organization_id, key_digest) DO UPDATE SET
    request_digest = excluded.request_digest, operation_id = excluded.operation_id,
    state = 'claimed', status = NULL, headers = NULL, sealed = NULL,
    expires_at = excluded.expires_at
WHERE i.expires_at < now()
RETURNING 1
"""
_HELD = """
SELECT request_digest, operation_id, state, status, headers, sealed FROM idempotency
WHERE organization_id = :organization AND key_digest = :key
"""
_FINISH = """
UPDATE idempotency SET state = :state, status = :status, headers = cast(:headers AS jsonb),
    sealed = :sealed, expires_at = now() + make_interval(secs => :ttl)
WHERE organization_id = :organization AND key_digest = :key AND operation_id = :operation
"""
_RELEASE = """
DELETE FROM idempotency
WHERE organization_id = :organization AND key_digest = :key AND operation_id = :operation
"""


@dataclass(frozen=True, slots=True)
class Store:
    """The claims of all organizations."""

    database: Database
    keyring: Keyring

    def port(self) -> gateway.Idempotency:
        """Return what the gateway calls."""
        return gateway.Idempotency(self.claim, self.finish)

    async def claim(
        self, organization_id: UUID, key: bytes, request: bytes, operation_id: UUID
    ) -> Claim | Replay:
        """Hold a key for an operation, or tell who has it and what became of it."""
        return await _reachable(self._claim(organization_id, key, request, operation_id))

    async def finish(
        self, organization_id: UUID, key: bytes, operation_id: UUID, outcome: Replay | Outcome
    ) -> None:
        """Keep an answer, or free the key."""
        await _reachable(self._finish(organization_id, key, operation_id, outcome))

    async def _claim(
        self, organization_id: UUID, key: bytes, request: bytes, operation_id: UUID
    ) -> Claim | Replay:
        names = {"organization": organization_id, "key": key}
        async with self.database.transaction(organization_id) as session:
            values = {"request": request, "operation": operation_id, "ttl": CLAIM_SECONDS}
            if await session.scalar(text(_CLAIM), names | values):
                return Claim.FRESH
            held = (await session.execute(text(_HELD), names)).one_or_none()
            if held is None or held.state == "claimed":
                return Claim.IN_PROGRESS
            if held.request_digest != request:
                return Claim.MISMATCH
            if held.state == "not_replayable":
                return Claim.NOT_REPLAYABLE
            return await self._replay(session, organization_id, held)

    async def _replay(
        self, session: Session, organization_id: UUID, held: Row[tuple[object, ...]]
    ) -> Claim | Replay:
        key = await self.keyring.by_id(
            session, organization_id, UUID(bytes=bytes(held.sealed[1:17]))
        )
        if key is None:
            return Claim.NOT_REPLAYABLE
        body = key.unseal(bytes(held.sealed), organization_id.bytes + held.operation_id.bytes)
        headers = [
            (name.encode("latin-1"), value.encode("latin-1")) for name, value in held.headers
        ]
        return Replay(held.status, headers, body)

    async def _finish(
        self, organization_id: UUID, key: bytes, operation_id: UUID, outcome: Replay | Outcome
    ) -> None:
        names = {"organization": organization_id, "key": key, "operation": operation_id}
        async with self.database.transaction(organization_id) as session:
            if outcome is Outcome.RELEASED:
                await session.execute(text(_RELEASE), names)
                return
            values: dict[str, object] = {"state": "not_replayable", "ttl": ANSWER_SECONDS}
            values |= {"status": None, "headers": None, "sealed": None}
            if isinstance(outcome, Replay):
                month = ids.month(int(time.time() * 1000))
                data_key = await self.keyring.ensure(session, organization_id, CONTENT, month)
                context = organization_id.bytes + operation_id.bytes
                values |= {
                    "state": "finished",
                    "status": outcome.status,
                    "headers": _packed(outcome.headers),
                    "sealed": data_key.seal(outcome.body, context),
                }
            await session.execute(text(_FINISH), names | values)


def _packed(headers: list[tuple[bytes, bytes]]) -> str:
    pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
    return msgspec.json.encode(pairs).decode()


async def _reachable(work: Awaitable[T]) -> T:
    try:
        return await work
    except (SQLAlchemyError, OSError) as error:
        raise IdempotencyUnavailable from error


async def forget_expired(owner: Database) -> None:
    """Delete claims and answers that are past their time."""
    async with owner.transaction() as session:
        await session.execute(text("DELETE FROM idempotency WHERE expires_at < now()"))
