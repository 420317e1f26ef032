"""Lines to each server process: what one of them knows is asked of that one."""

import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import httpx
import psutil

from tests.core.facts import promised
from tests.fixtures.control import QUESTION, desk
from tests.fixtures.house import House

WITHIN = promised(1.0)
MOST_CONNECTIONS = 300


@dataclass
class Line:
    """One connection that stays with one server process."""

    pid: int
    client: httpx.Client

    def models(self, key: str) -> httpx.Response:
        """Ask for the models as the holder of a key."""
        return self.client.get("/v1/models", headers={"authorization": f"Bearer {key}"})

    def me(self, key: str) -> httpx.Response:
        """Ask the API who the holder of a key is."""
        return self.client.get("/api/identity/me", headers={"authorization": f"Bearer {key}"})

    def chat(self, house: House, model: str) -> httpx.Response:
        """Call a model as the administrator."""
        body = {"model": model, "messages": QUESTION, "max_tokens": 2}
        return self.client.post("/v1/chat/completions", json=body, headers=house.headers)


@contextmanager
def lines(house: House) -> Generator[list[Line]]:
    """Open a connection to each server process; the kernel chooses which one takes it."""
    wanted = set(house.pids("server"))
    assert len(wanted) == house.workers
    found: dict[int, Line] = {}
    with ExitStack() as stack:
        for _ in range(MOST_CONNECTIONS):
            client = stack.enter_context(desk(house))
            client.get("/healthz")
            pid = _holder(client, wanted)
            found.setdefault(pid, Line(pid, client))
            if found.keys() == wanted:
                yield list(found.values())
                return
    raise AssertionError("the kernel gave all connections to a few processes")


def _holder(client: httpx.Client, pids: set[int]) -> int:
    """Find the process at the other end of a client's only connection."""
    stream = client.get("/healthz").extensions["network_stream"]
    port = stream.get_extra_info("client_addr")[1]
    for pid in pids:
        for each in psutil.Process(pid).net_connections("tcp"):
            if each.raddr and each.raddr.port == port:
                return pid
    raise AssertionError("nobody holds this connection")


def soon(fact: Callable[[], bool]) -> float:
    """Wait until something is true; return the seconds that it took, and fail where it is late."""
    began = time.monotonic()
    while not fact():
        assert time.monotonic() - began < WITHIN, "this took too long"
        time.sleep(0.01)
    return time.monotonic() - began
