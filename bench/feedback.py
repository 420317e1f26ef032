"""Feedback under load: what a request takes at 500 in a second, on one machine.

`make bench-feedback` starts a Hone of its own, client and database on the same machine, and writes
`bench/results/feedback.md`. `--url` and `--key` ask one that runs.

Requests are sent when they are due, whether or not the ones before were answered (an open loop), and
time counts from when one was due: a server that falls behind is not asked less. Each is on a call of
its own, and every fifth corrects with a comment.
"""

import argparse
import asyncio
import contextlib
import json
import os
import sys
import time
from collections import Counter
from pathlib import Path

import httptools
import httpx
import psutil
import uvloop
from spine import KEY, house

OUT = Path(__file__).parent / "results" / "feedback.md"

CONNECTIONS = 64


class Line(asyncio.Protocol):
    """One kept connection, one request at a time."""

    def __init__(self) -> None:
        self.parser = httptools.HttpResponseParser(self)
        self.transport: asyncio.Transport | None = None
        self.done: asyncio.Future[int] | None = None

    async def ask(self, request: bytes) -> int:
        """Send a request and return the status of its answer."""
        assert self.transport is not None
        self.done = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self.done

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.done is not None and not self.done.done():
            self.done.set_result(0)

    def on_message_complete(self) -> None:
        assert self.done is not None
        self.done.set_result(self.parser.get_status_code())


def request(host: str, key: str, operation: str, number: int) -> bytes:
    """Write one piece of feedback."""
    said: dict[str, object] = {
        "operationType": "classification",
        "operationId": operation,
        "feedback": "positive" if number % 5 else "negative",
        "userId": f"user-{number % 4000}",
    }
    if number % 5 == 0:
        said |= {
            "correctedCategory": f"label-{number % 40}",
            "comment": "It was about the printer, and it should have said so.",
        }
    body = json.dumps(said)
    head = (
        f"POST /api/ai/feedback HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {key}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return (head + body).encode()


def calls(url: str, key: str, count: int) -> list[str]:
    """Record calls to speak of."""
    with httpx.Client(
        base_url=url, headers={"authorization": f"Bearer {key}"}, timeout=30
    ) as client:
        logged = {
            "modelId": "ticket-classifier",
            "operationType": "classification",
            "input": "My card was declined.",
            "output": "billing",
        }
        return [
            client.post("/api/ai/operations/log", json=logged).raise_for_status().json()["id"]
            for _ in range(count)
        ]


async def load(host: str, port: int, key: str, operations: list[str], rate: float, seconds: float):
    """Send at a rate; return milliseconds of each from when it was due, and statuses."""
    loop = asyncio.get_running_loop()
    free: asyncio.Queue[Line] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        _, line = await loop.create_connection(Line, host, port)
        free.put_nowait(line)
    took: list[float] = []
    statuses: Counter[int] = Counter()
    start = time.perf_counter() + 0.2

    async def one(number: int) -> None:
        due = start + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        line = await free.get()
        operation = operations[number % len(operations)]
        statuses[await line.ask(request(f"{host}:{port}", key, operation, number))] += 1
        free.put_nowait(line)
        took.append((time.perf_counter() - due) * 1000)

    async with asyncio.TaskGroup() as group:
        for number in range(int(rate * seconds)):
            group.create_task(one(number))
    return took, statuses, time.perf_counter() - start


def measure(url: str, key: str, asked: argparse.Namespace) -> dict[str, object]:
    """Load a Hone; return what was measured, with the load of the machine."""
    address = httpx.URL(url)
    operations = calls(url, key, asked.calls)
    before = os.getloadavg()[0]
    took, statuses, seconds = uvloop.run(
        load(address.host, address.port or 80, key, operations, asked.rate, asked.seconds)
    )
    took.sort()

    def at(percent: float) -> float:
        return round(took[min(len(took) - 1, int(len(took) * percent / 100))], 1)

    return {
        "requests": len(took),
        "answered in a second": round(len(took) / seconds, 1),
        "p50, ms": at(50),
        "p95, ms (bar 100)": at(95),
        "p99, ms": at(99),
        "answered with": ", ".join(f"{status}: {count}" for status, count in statuses.items()),
        "load of the machine before": round(before, 1),
        "load of the machine after": round(os.getloadavg()[0], 1),
    }


def processor_time(root: psutil.Process) -> float:
    """Sum up the seconds of CPU that Hone and its database have taken."""
    taken = 0.0
    for each in [root, *root.children(recursive=True)]:
        with contextlib.suppress(psutil.Error):
            spent = each.cpu_times()
            taken += spent.user + spent.system
    return taken


def main() -> None:
    """Measure, and write what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="a Hone that runs; without it, one is started")
    parser.add_argument("--key", help="its key")
    parser.add_argument("--rate", type=float, default=500)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--calls", type=int, default=500)
    asked = parser.parse_args()
    if asked.url:
        figures = measure(asked.url, asked.key, asked)
    else:
        with house() as (url, process):
            root = psutil.Process(process)
            before = processor_time(root)
            figures = measure(url, KEY, asked)
            each = (processor_time(root) - before) / (asked.rate * asked.seconds) * 1000
            figures["CPU for one, all processes of Hone and PostgreSQL, ms"] = round(each, 1)
    lines = [
        f"# Feedback at {asked.rate:.0f} a second for {asked.seconds:.0f} s, on {os.cpu_count()} cores",
        "",
        "| what | figure |",
        "| --- | --- |",
        *(f"| {name} | {value} |" for name, value in figures.items()),
    ]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write(OUT.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
