"""The load: wrk where as much as possible is sent, a client of our own where time is told exactly."""

import asyncio
import json
import os
import subprocess
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar, cast

import httptools
import httpx
import uvloop

SCRIPT = Path(__file__).parent / "post.lua"
PROMPT = "We are planning a wedding for eighty guests in June. " * 17
STREAM_SECONDS = 60.0
"""How long the streams of one gateway may take in all."""

T = TypeVar("T")


class Fault(Exception):
    """A gateway did not answer as it should."""


@dataclass(frozen=True)
class Call:
    """One chat call, as one gateway wants it."""

    port: int
    path: str
    model: str
    headers: dict[str, str] = field(default_factory=dict[str, str])

    def request(self, *, stream: bool = False) -> bytes:
        """Write the whole request; its body is what `post.lua` sends."""
        messages = [
            {"role": "system", "content": "You help a wedding venue."},
            {"role": "user", "content": PROMPT},
        ]
        asked = {
            "model": self.model,
            "messages": messages,
            "temperature": 0.2,
            "user": "bench-user",
        }
        body = json.dumps({**asked, "stream": True} if stream else asked)
        lines = [
            f"POST {self.path} HTTP/1.1",
            f"host: 127.0.0.1:{self.port}",
            *(f"{name}: {value}" for name, value in self.headers.items()),
            "content-type: application/json",
            f"content-length: {len(body)}",
        ]
        return "\r\n".join([*lines, "", body]).encode()


@dataclass(frozen=True)
class Streams:
    """How many streams were open at once, and how they ended."""

    most: int
    whole: int
    asked: int
    seconds: float


def wrk(call: Call, connections: int, seconds: float) -> dict[str, float]:
    """Send as much as is answered; tell requests, errors, microseconds and the rate."""
    told = {
        "BENCH_MODEL": call.model,
        "BENCH_HEADERS": "\n".join(
            f"{name}: {value}" for name, value in call.headers.items()
        ),
    }
    command = [
        *(
            "wrk",
            "-t1",
            f"-c{connections}",
            f"-d{max(1, round(seconds))}s",
            "--timeout",
            "30s",
        ),
        *("-s", str(SCRIPT), f"http://127.0.0.1:{call.port}{call.path}"),
    ]
    done = subprocess.run(
        command, env={**os.environ, **told}, capture_output=True, text=True, check=True
    )
    line = next(each for each in done.stdout.splitlines() if each.startswith("RESULT "))
    found = json.loads(line.removeprefix("RESULT "))
    return {**found, "rate": found["requests"] / (found["duration_us"] / 1e6)}


class _Line(asyncio.Protocol):
    """One kept connection to a gateway, one request at a time."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._done: asyncio.Future[bool] | None = None
        self.body = b""
        self.first_at = 0.0

    async def ask(self, request: bytes) -> bool:
        """Send a request and wait for the end of its answer; tell whether it came with 200."""
        assert self._transport is not None
        self.body, self.first_at = b"", 0.0
        self._done = self._loop.create_future()
        self._transport.write(request)
        return await self._done

    def close(self) -> None:
        """Hang up."""
        assert self._transport is not None
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(whole=False)

    def on_body(self, body: bytes) -> None:
        if not self.first_at:
            self.first_at = time.perf_counter()
        self.body += body

    def on_message_complete(self) -> None:
        self._end(whole=self._parser.get_status_code() == 200)

    def _end(self, *, whole: bool) -> None:
        if self._done is not None and not self._done.done():
            self._done.set_result(whole)


async def _open(port: int) -> _Line:
    _, line = await asyncio.get_running_loop().create_connection(
        _Line, "127.0.0.1", port
    )
    return line


def run(work: Coroutine[None, None, T]) -> T:
    """Run a client on a loop of its own."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def wait_answered(call: Call, within: float) -> None:
    """Wait until a call is answered with 200."""
    deadline, told = time.monotonic() + within, "nothing answered"
    url = f"http://127.0.0.1:{call.port}{call.path}"
    body = call.request().partition(b"\r\n\r\n")[2]
    headers = {**call.headers, "content-type": "application/json"}
    while time.monotonic() < deadline:
        try:
            answer = httpx.post(url, content=body, headers=headers, timeout=10)
        except httpx.HTTPError as error:
            told = repr(error)
        else:
            if answer.status_code == 200:
                return
            told = f"{answer.status_code} {answer.text[:300]}"
        time.sleep(0.1)
    raise Fault(told)


async def paced(call: Call, rate: int, seconds: float) -> list[float]:
    """Send calls evenly, whether or not the last one was answered; tell milliseconds.

    A call counts from the moment at which it was due, so that a gateway which makes the load wait
    does not hide it.
    """
    request, count = call.request(), int(rate * seconds)
    idle = [await _open(call.port) for _ in range(64)]
    taken: list[float] = []

    async def one(due: float) -> None:
        line = idle.pop() if idle else await _open(call.port)
        if not await line.ask(request):
            raise Fault(line.body[:200].decode("utf-8", "replace"))
        taken.append((time.perf_counter() - due) * 1000)
        idle.append(line)

    async with asyncio.TaskGroup() as group:
        start = time.perf_counter()
        for number in range(count):
            due = start + number / rate
            if (delay := due - time.perf_counter()) > 0:
                await asyncio.sleep(delay)
            group.create_task(one(due))
    for line in idle:
        line.close()
    return taken


async def first_tokens(call: Call, count: int) -> list[float]:
    """Open streams one after the other; tell the milliseconds to the first byte of each."""
    request, line = call.request(stream=True), await _open(call.port)
    taken: list[float] = []
    for number in range(count + 5):
        began = time.perf_counter()
        whole = await line.ask(request)
        if not whole or b"[DONE]" not in line.body:
            raise Fault(line.body[:200].decode("utf-8", "replace"))
        if number >= 5:
            taken.append((line.first_at - began) * 1000)
    line.close()
    return taken


async def hold(call: Call, count: int, events: int) -> Streams:
    """Hold many streams open at once; tell how many came whole, with so many events."""
    request = call.request(stream=True)
    started = whole = ended = most = 0

    async def one(number: int) -> None:
        nonlocal started, whole, ended, most
        await asyncio.sleep(number * 2.0 / count)
        line = await _open(call.port)
        started += 1
        most = max(most, started - ended)
        good = await line.ask(request)
        ended += 1
        whole += (
            good
            and line.body.count(b"garden room") == events
            and b"[DONE]" in line.body
        )
        line.close()

    began = time.perf_counter()
    await asyncio.wait(
        [asyncio.ensure_future(one(number)) for number in range(count)],
        timeout=STREAM_SECONDS,
    )
    return Streams(most, whole, count, time.perf_counter() - began)
