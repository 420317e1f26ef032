"""A real Hone under load: how long a bad version still answers after the alarm, and after somebody's order.

Two providers answer from this process; the second is told to fail while a canary has a fifth of the users.
"""

import asyncio
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import httptools
import httpx
import uvloop
from results import Bar
from spine import ANSWER, KEY, Hone, free_port

RATE = int(os.environ.get("BENCH_RATE", "1000"))
BAR_RATE = 1000
LONGEST = 5.0
USERS = 5000
LINES = 64
MOST = 512
"""Calls under way at once; where the machine cannot do more, fewer are sent, and that is told."""
NAME = "venue"
OVER = {"succeeded", "rolled_back", "cancelled", "failed"}
CONFIG = """
providers:
  - {{name: steady, kind: compatible, base_url: "http://127.0.0.1:{steady}/v1", api_key: none}}
  - {{name: shaky, kind: compatible, base_url: "http://127.0.0.1:{shaky}/v1", api_key: none}}
models:
  - {{name: old, provider: steady, upstream: old}}
  - {{name: new, provider: shaky, upstream: new}}
  - {{name: newer, provider: steady, upstream: newer}}
"""


class Provider(asyncio.Protocol):
    """A provider on one connection: answers at once, or fails where it is told to."""

    failing = False
    """Of all connections to the second provider."""

    def __init__(self, shaky: bool) -> None:
        self._shaky = shaky
        self._parser = httptools.HttpRequestParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        bad = self._shaky and Provider.failing
        body = b'{"error": {"message": "out of order"}}' if bad else json.dumps(ANSWER).encode()
        status = b"500 Internal Server Error" if bad else b"200 OK"
        head = b"HTTP/1.1 %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
        self._transport.write(head % (status, len(body)) + body)


@contextmanager
def providers() -> Iterator[tuple[int, int]]:
    """Serve both providers on a thread of their own."""
    ports, ready = (free_port(), free_port()), threading.Event()
    loop = uvloop.new_event_loop()

    async def serve() -> None:
        for port, shaky in zip(ports, (False, True), strict=True):
            await loop.create_server(lambda shaky=shaky: Provider(shaky), "127.0.0.1", port)
        ready.set()

    loop.create_task(serve())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield ports
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


class Line(asyncio.Protocol):
    """One kept connection to Hone; tells which arm a call met."""

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._done: asyncio.Future[tuple[int, bytes]] | None = None
        self._arm = b""
        self.closed = False

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send a request; return its status and arm."""
        self._arm, self._done = b"", asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._done

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"x-hone-arm":
            self._arm = value

    def on_message_complete(self) -> None:
        self._end(self._parser.get_status_code())

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        self._end(0)

    def _end(self, status: int) -> None:
        if self._done is not None and not self._done.done():
            self._done.set_result((status, self._arm))

    def close(self) -> None:
        """Hang up."""
        self._transport.abort()


@dataclass
class Traffic:
    """What became of the calls: when each was sent that met the candidate."""

    port: int
    sent: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    met: list[float] = field(default_factory=list[float])
    """Seconds of the wall clock."""
    over: threading.Event = field(default_factory=threading.Event)

    def request(self, user: int) -> bytes:
        """Write the call of one user."""
        message = {"role": "user", "content": "Is the garden room free on June 12?"}
        body = json.dumps({"model": NAME, "user": f"guest-{user}", "messages": [message]})
        head = [
            "POST /v1/chat/completions HTTP/1.1",
            f"host: 127.0.0.1:{self.port}",
            f"authorization: Bearer {KEY}",
            "content-type: application/json",
            f"content-length: {len(body)}",
        ]
        return "\r\n".join([*head, "", body]).encode()

    async def fire(self) -> None:
        """Send evenly, whoever has not answered yet."""
        requests = [self.request(user) for user in range(USERS)]
        idle = [await self._open() for _ in range(LINES)]

        async def one(number: int) -> None:
            # One that was idle for long is hung up by the server.
            while idle and idle[-1].closed:
                idle.pop()
            line = idle.pop() if idle else await self._open()
            at = time.time()
            status, arm = await line.ask(requests[number % USERS])
            self.sent += 1
            self.failed += status != 200
            if arm == b"candidate":
                self.met.append(at)
            idle.append(line)

        async with asyncio.TaskGroup() as group:
            began, number = time.perf_counter(), 0
            while not self.over.is_set():
                if (delay := began + number / RATE - time.perf_counter()) > 0:
                    await asyncio.sleep(delay)
                if number - self.sent - self.skipped < MOST:
                    group.create_task(one(number))
                else:
                    self.skipped += 1
                number += 1
        self.seconds = time.perf_counter() - began
        for line in idle:
            line.close()

    async def _open(self) -> Line:
        loop = asyncio.get_running_loop()
        return (await loop.create_connection(Line, "127.0.0.1", self.port))[1]

    @contextmanager
    def firing(self) -> Iterator["Traffic"]:
        """Fire from a thread until the end of the block."""

        def work() -> None:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(self.fire())

        thread = threading.Thread(target=work)
        thread.start()
        try:
            yield self
        finally:
            self.over.set()
            thread.join(60)


def until(found: Callable[[], Any], within: float = 60.0) -> Any:
    """Wait until something is true."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if told := found():
            return told
        time.sleep(0.05)
    raise SystemExit("it never came")


def started(client: httpx.Client, version: str) -> str:
    """Start a canary of a fifth of the users that waits for a person, and return its id."""
    plan = {
        "steps": [{"share": 0.2, "approval": True}],
        "guardrails": [{"metric": "error_rate", "margin": 0.02}],
    }
    body = {"name": NAME, "version": version, "strategy": "canary", "plan": plan}
    body["override"] = {"reason": "a bench"}
    answer = client.post("/api/releases", json=body)
    if answer.is_error:
        raise SystemExit(answer.text)
    return answer.json()["id"]


def read(client: httpx.Client, release: str) -> dict[str, Any]:
    """Read a release."""
    return client.get(f"/api/releases/{release}").json()


def measured() -> list[Bar]:
    """Roll two releases back under load: one by its guardrail, one by hand."""
    with tempfile.TemporaryDirectory() as name, providers() as (steady, shaky):
        folder = Path(name)
        folder.chmod(0o755)
        config = folder / "hone.yaml"
        config.write_text(CONFIG.format(steady=steady, shaky=shaky), "utf-8")
        hone = Hone(folder / "data", config)
        try:
            hone.start()
            headers = {"authorization": f"Bearer {KEY}"}
            with httpx.Client(base_url=hone.url, headers=headers, timeout=60) as client:
                return _rolled(client, hone)
        finally:
            hone.stop()


def _register(client: httpx.Client) -> None:
    for version, model in (("1.0.0", "old"), ("1.1.0", "new"), ("1.2.0", "newer")):
        config = {"model": model}
        body = {"action": "register", "name": NAME, "version": version, "config": config}
        client.post("/api/ai/models", json=body).raise_for_status()
    body = {"action": "deploy", "name": NAME, "version": "1.0.0"}
    client.post("/api/ai/models", json=body).raise_for_status()


def _rolled(client: httpx.Client, hone: Hone) -> list[Bar]:
    _register(client)
    traffic = Traffic(hone.port)
    rows: list[Bar] = []
    with traffic.firing():
        release = started(client, "1.1.0")
        until(lambda: len(traffic.met) > 500)
        broke, Provider.failing = time.time(), True
        told = until(lambda: (found := read(client, release))["state"] in OVER and found)
        Provider.failing = False
        alarm = _alarm(told)
        time.sleep(3)
        after_alarm = max(traffic.met) - alarm
        rows.append(Bar("From the first failed call to the alarm", f"{alarm - broke:.1f} s", "", None))
        traffic.met.clear()
        release = started(client, "1.2.0")
        until(lambda: len(traffic.met) > 500)
        ordered = time.time()
        client.post(f"/api/releases/{release}/rollback", json={"reason": "a bench"}).raise_for_status()
        answered = time.time()
        told = until(lambda: (found := read(client, release))["state"] in OVER and found)
        time.sleep(3)
        taken = f"{answered - ordered:.2f} s, taken back after {_alarm(told) - ordered:.2f} s"
        rows.append(Bar("From the order to its answer", taken, "", None))
        after_order = max(traffic.met) - ordered
    pace_met = traffic.sent / traffic.seconds >= 0.95 * BAR_RATE
    rows.insert(0, _bar("alarm of the guardrail", after_alarm, pace_met=pace_met))
    rows.insert(1, _bar("order of a person", after_order, pace_met=pace_met))
    pace = f"{traffic.sent / traffic.seconds:,.0f} a second of {RATE:,} offered"
    done = f"{traffic.sent:,}, {pace}, {traffic.failed:,} failed"
    rows.append(Bar("Calls meanwhile", done, "", None))
    return rows


def _alarm(told: dict[str, Any]) -> float:
    """Return when the timeline says that harm was seen."""
    found = next(each for each in told["timeline"] if each["state"] in {"rolling_back", "rolled_back"})
    return datetime.fromisoformat(found["at"]).timestamp()


def _bar(what: str, seconds: float, *, pace_met: bool) -> Bar:
    """Hold it against the bar; below the pace that the bar is for, it can only be missed."""
    met = False if seconds >= LONGEST else True if pace_met else None
    pace = "" if pace_met else f", at fewer than the {BAR_RATE:,} calls a second that the bar is for"
    return Bar(
        f"From the {what} to the last call that met the new version",
        f"{seconds:.2f} s{pace}",
        f"< {LONGEST:g} s at {BAR_RATE:,} calls a second",
        met,
    )
