"""A call that Hone makes itself, for somebody: the path of every call, without HTTP.

Who calls is given, for there is no key to look up. What comes back is what a client would get.
"""

import asyncio
import time
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from hone.core.cycle import LEAVING
from hone.gateway.exchange import JSON, Exchange, Header
from hone.gateway.idempotency import HEADER
from hone.gateway.pipeline import Gateway
from hone.gateway.routes import serve
from hone.gateway.shadows import MOST_AT_ONCE
from hone.gateway.snapshot import Caller


@dataclass(slots=True)
class Answer:
    """What was answered."""

    status: int = 0
    headers: list[Header] = field(default_factory=list[Header])
    body: bytes = b""

    def header(self, name: bytes) -> bytes | None:
        """Return the value of a header, if it was sent."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True)
class Errand:
    """What is asked for."""

    path: str
    body: bytes
    batch: UUID
    key: bytes
    """Its idempotency key."""


async def call(gateway: Gateway, caller: Caller, errand: Errand) -> Answer:
    """Make one call and return all of its answer."""
    exchange, answer = _exchange(errand.path, errand.body, [(HEADER, errand.key)])
    exchange.caller, exchange.batch = caller, errand.batch
    await serve(gateway, exchange)
    return answer


async def run_shadows(gateway: Gateway) -> None:
    """Make the copies that wait, a few at once, until cancelled."""
    gateway.shadows.served = True
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(MOST_AT_ONCE):
                group.create_task(_make_copies(gateway))
    finally:
        gateway.shadows.served = False


async def _make_copies(gateway: Gateway) -> None:
    while True:
        waiting = await gateway.shadows.take()
        exchange, _ = _exchange(waiting.path, waiting.body, waiting.headers)
        exchange.caller, exchange.copy = waiting.caller, waiting.copy
        await serve(gateway, exchange)


def _exchange(path: str, body: bytes, headers: Sequence[Header]) -> tuple[Exchange, Answer]:
    """Make an exchange with nobody, and what will have been answered."""
    answer = Answer()
    sent = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> MutableMapping[str, Any]:
        return sent.pop()

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            answer.status, answer.headers = message["status"], message["headers"]
        else:
            answer.body += message.get("body", b"")

    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "headers": [(b"content-type", JSON), *headers],
        "extensions": {LEAVING: _stays},
    }
    return Exchange(scope, receive, send), answer


def _stays(callback: Callable[[], None] | None) -> None:
    """Never leave."""


def caller_of(
    gateway: Gateway, organization_id: UUID, key_id: UUID | None, person_id: UUID | None
) -> Caller | None:
    """Find who made something with a key, or signed in; None where they may call no more."""
    organization = gateway.current.snapshot.organizations.get(organization_id)
    if organization is None:
        return None
    if key_id is None:
        principal = None if person_id is None else organization.people.get(person_id)
    else:
        held = organization.principals.values()
        principal = next((each for each in held if each.key_id == key_id), None)
    if principal is None or not principal.may_query(time.time()):
        return None
    return Caller(principal, organization)
