"""Measure what one call costs in the server's own code: no sockets, everything else as it is.

The connection of the client and that to the provider are ours and answer at once, in memory; between
them stands the server's protocol, its application, and a spool on a real disk. The figure is core
time of one thread, the least of many batches, so it says what the code takes and not what the
machine was doing. Run it with `make bench-hot`; `--profile` tells the functions too, and `--split` what it
costs more when the calls are those of an experiment.
"""

import argparse
import asyncio
import cProfile
import functools
import json
import os
import pstats
import tempfile
import time
from pathlib import Path
from typing import Any, cast

import uvicorn
import uvloop
from hone.core import collector, crypto, ids
from hone.core.counters import Counters
from hone.core.guard import Guard
from hone.core.protocol import GuardedProtocol
from hone.core.settings import Server
from hone.gateway import (
    Arm,
    Current,
    DataKey,
    Gateway,
    Organization,
    Policy,
    Principal,
    Quota,
    Route,
    Snapshot,
    Split,
    Spool,
    Unit,
    Weighted,
    create_gateway_app,
)
from hone.llm.connection import Connection
from hone.llm.transport import Transport
from hone.llm.types import Price, Target
from load import PROMPT
from spine import ANSWER
from uvicorn.server import ServerState

KEY = "hone_bench_admin_key_00000000000000000000000"
BODY = json.dumps(
    {
        "model": "bench",
        "messages": [
            {"role": "system", "content": "You help a wedding venue."},
            {"role": "user", "content": PROMPT},
        ],
        "temperature": 0.2,
        "user": "bench-user",
    }
).encode()
REQUEST = (
    b"POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1:8080\r\nauthorization: Bearer %b\r\n"
    b"content-type: application/json\r\ncontent-length: %d\r\n\r\n%b"
    % (KEY.encode(), len(BODY), BODY)
)
_ANSWER = json.dumps(ANSWER).encode()
ANSWERED = (
    b"HTTP/1.1 200 OK\r\nserver: nginx\r\ndate: Thu, 26 Nov 2026 08:00:00 GMT\r\n"
    b"content-type: application/json\r\ncontent-length: %d\r\nconnection: keep-alive\r\n\r\n%b"
    % (len(_ANSWER), _ANSWER)
)


class _Pipe(asyncio.Transport):
    """One end of a connection that is all in memory."""

    def __init__(self, written: Any) -> None:
        super().__init__({"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 2)})
        self._written = written

    def write(self, data: Any) -> None:
        self._written(data)

    def is_closing(self) -> bool:
        return False

    def pause_reading(self) -> None: ...
    def resume_reading(self) -> None: ...
    def close(self) -> None: ...
    def abort(self) -> None: ...
    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None: ...


class _Provider(Transport):
    """Answers every request in the loop's next turn."""

    async def connect(self, origin: Any, seconds: float) -> Connection:
        made = Connection()
        loop = asyncio.get_running_loop()
        made.connection_made(_Pipe(lambda data: loop.call_soon(made.data_received, ANSWERED)))
        self._open.add(made)
        return made


def current(split: bool = False) -> Current:
    """Make the state of one organization with one model, maybe as both arms of a split."""
    organization_id = ids.new()
    month = ids.month(time.time_ns() // 1_000_000)
    price = Price(ids.new(), 2_500_000, 10_000_000)
    target = Target(
        *(
            ids.new(),
            "bench",
            "mock",
            "compatible",
            "bench",
            "http://127.0.0.1:9/v1",
            "none",
            price,
        ),
        ("127.0.0.0/8",),
    )
    holder = Principal(ids.new(), organization_id, "bench", frozenset({"ai:query"}))
    route = Route(None, "bench", Policy.WEIGHTED, (Weighted(target),))
    arms = (Arm("control", route, 0.5), Arm("treatment", route, 0.5))
    experiment = ids.new()
    part = Organization(
        organization_id,
        1,
        {crypto.digest(KEY): holder},
        {"bench": route},
        {month: DataKey(ids.new(), month, os.urandom(32))},
        splits={"bench": Split(experiment, "experiment", experiment.hex, Unit.USER, arms)}
        if split
        else {},
    )
    return Current(Snapshot().with_part(part), ready=True)


async def measure(
    folder: Path, batches: int, size: int, profile: bool, split: bool
) -> list[float]:
    """Return the core time of one call in each batch, in seconds."""
    collector.relax()
    gateway = Gateway(
        current(split),
        Spool(folder / "spool"),
        _Provider(),
        Counters(folder / "counters", "one"),
        quota=Quota(),
    )
    inner = create_gateway_app(gateway)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await inner(scope, receive, send)

    config = uvicorn.Config(
        app,
        http=cast("Any", functools.partial(GuardedProtocol, guard=Guard(Server()))),
        ws="none",
        interface="asgi3",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
    )
    config.load()
    state = ServerState()
    protocol = GuardedProtocol(config, state, {}, guard=Guard(Server()))
    done = asyncio.Event()
    answers = 0

    def written(data: bytes) -> None:
        nonlocal answers
        assert data.startswith(b"HTTP/1.1 200 OK"), data
        answers += 1
        done.set()

    protocol.connection_made(_Pipe(written))

    async def batch() -> float:
        began = time.thread_time()
        for _ in range(size):
            done.clear()
            protocol.data_received(REQUEST)
            await done.wait()
        return (time.thread_time() - began) / size

    for _ in range(3):
        await batch()
    if profile:
        profiler = cProfile.Profile()
        profiler.enable()
        await batch()
        profiler.disable()
        told = pstats.Stats(profiler)
        told.sort_stats("tottime").print_stats(70)
        calls = sum(each[1] for each in cast("Any", told).stats.values())
        print(f"{calls / size:.0f} calls")
    found = [await batch() for _ in range(batches)]
    gateway.spool.close()
    return found


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batches", type=int, default=60)
    parser.add_argument("--size", type=int, default=500, help="calls of a batch")
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--split", action="store_true", help="the calls are those of an experiment")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hone-hot-") as folder:
        work = measure(Path(folder), asked.batches, asked.size, asked.profile, asked.split)
        found = sorted(uvloop.run(work))
    print(
        f"{found[0] * 1e6:.1f} µs of core time a call at least, {found[len(found) // 2] * 1e6:.1f} µs"
        f" in the median of {len(found)} batches"
    )


if __name__ == "__main__":
    main()
