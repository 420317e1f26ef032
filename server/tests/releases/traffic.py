"""Calls in a loop while a release moves, and what came of each."""

import json
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Any, NamedTuple

import httpx

from tests.core.facts import wait_for
from tests.fixtures.control import desk, do
from tests.fixtures.house import House
from tests.versions import trained

RELEASES = "/api/releases"
OVER = {"succeeded", "rolled_back", "cancelled", "failed"}
Json = dict[str, Any]


class Said(NamedTuple):
    """One answer."""

    begun: float
    """Seconds of the monotonic clock."""
    ended: float
    user: str
    status: int
    version: str
    call: str
    """As which the log knows it."""


@dataclass
class Traffic:
    """Calls of many users, one after the other in a few threads."""

    house: House
    name: str
    users: int = 40
    said: list[Said] = field(default_factory=list[Said])
    _over: Event = field(default_factory=Event)
    _lock: Lock = field(default_factory=Lock)

    def call(self, client: httpx.Client, user: str) -> Said:
        """Ask once; a server that was killed in the middle is asked again, as clients do."""
        body = {"model": self.name, "input": trained.PIN, "user": user}
        begun = time.monotonic()
        while True:
            try:
                answer = client.post("/v1/classify", json=body)
            except httpx.TransportError:
                if time.monotonic() - begun > 30:
                    raise
                continue
            version = answer.json().get("version", "") if answer.is_success else answer.text
            call = answer.headers.get("x-request-id", "")
            return Said(begun, time.monotonic(), user, answer.status_code, version, call)

    def versions(self, since: int = 0) -> set[str]:
        """Return which versions answered."""
        return {each.version for each in self.said[since:]}

    def _fire(self, first: int, of: int) -> None:
        number = first
        with desk(self.house) as client:
            while not self._over.is_set():
                found = self.call(client, f"guest-{number % self.users}")
                number += of
                with self._lock:
                    self.said.append(found)

    @contextmanager
    def firing(self, threads: int = 2) -> Generator["Traffic"]:
        """Call until the end of the block."""
        with ThreadPoolExecutor(threads) as pool:
            firing = [pool.submit(self._fire, number, threads) for number in range(threads)]
            try:
                yield self
            finally:
                self._over.set()
                for each in firing:
                    each.result()


def started(house: House, name: str, version: str, **told: Any) -> str:
    """Start a release of a version that was compared with nothing."""
    why = {"override": {"reason": "a test"}}
    return do(house, "POST", RELEASES, {"name": name, "version": version, **why, **told})["id"]


def read(house: House, release: str) -> Json:
    """Read a release; nothing while no server answers."""
    try:
        with desk(house) as client:
            answer = client.get(f"{RELEASES}/{release}")
    except httpx.TransportError:
        return {"state": "away", "step": -1, "share": None}
    return answer.json() if answer.is_success else {"state": "away", "step": -1, "share": None}


def until(house: House, release: str, *states: str, within: float = 60.0) -> Json:
    """Wait until a release is in one of these states."""

    def there() -> Json | None:
        found = read(house, release)
        return found if found["state"] in states else None

    try:
        found = wait_for(there, within)
    except AssertionError:
        raise AssertionError(f"not {states}: {json.dumps(read(house, release))}") from None
    assert found is not None
    return found
