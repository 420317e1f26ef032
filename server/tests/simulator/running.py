"""Simulators that really run: in a thread of this process or in a process of their own."""

import asyncio
import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import msgspec
import uvloop

from hone.simulator import Row, SimulatorConfig, serve
from tests.core.facts import wait_for

DEADLINE_SECONDS = 10
PROGRAM = """
import sys
from pathlib import Path
from hone.simulator import SimulatorConfig, run
config = SimulatorConfig(ledger_path=Path(sys.argv[1]) if sys.argv[1] else None)
run(config, port=int(sys.argv[2]), ready=lambda port: print(port, flush=True))
"""


@dataclass(frozen=True)
class Simulator:
    url: str
    http: httpx.Client

    @property
    def api(self) -> str:
        return f"{self.url}/v1"

    def chat(self, model: str = "sim-chat", text: str = "Hello", **more: object) -> httpx.Response:
        headers = more.pop("headers", None)
        body = {"model": model, "messages": [{"role": "user", "content": text}], **more}
        return self.http.post("/v1/chat/completions", json=body, headers=headers)  # pyright: ignore[reportArgumentType]

    @contextlib.contextmanager
    def streaming(
        self, model: str = "sim-chat", text: str = "Hello", **more: object
    ) -> Generator[httpx.Response]:
        messages = [{"role": "user", "content": text}]
        body = {"model": model, "stream": True, "messages": messages, **more}
        with self.http.stream("POST", "/v1/chat/completions", json=body) as response:
            yield response

    def events(self, model: str = "sim-chat", text: str = "Hello", **more: object) -> list[str]:
        """Return the data of every event of a stream that ends as HTTP says it should."""
        with self.streaming(model, text, **more) as response:
            assert response.status_code == 200, response.read()
            return list(data(response.iter_lines()))

    def put(self, model: str, **settings: object) -> httpx.Response:
        return self.http.put(f"/simulator/behaviours/{model}", json=settings)

    def taken(self, model: str) -> int:
        """Count the requests that a model's behaviour has been given to."""
        items = self.http.get("/simulator/behaviours").json()["items"]
        return next(each["taken"] for each in items if each["model"] == model)

    def ledger(self, **filters: str | int) -> list[Row]:
        response = self.http.get("/simulator/ledger", params=filters)
        assert response.status_code == 200, response.text
        return msgspec.convert(response.json()["items"], list[Row])

    def row(self) -> Row:
        """Return the only row, as soon as there is one."""
        (row,) = wait_for(self.ledger)
        return row

    def reset(self) -> None:
        self.http.delete("/simulator/behaviours")
        self.http.delete("/simulator/ledger")


def data(lines: Iterator[str]) -> Iterator[str]:
    return (line.removeprefix("data: ") for line in lines if line.startswith("data: "))


def content(events: list[str]) -> str:
    """Join what the chunks of a whole stream say."""
    assert events[-1] == "[DONE]"
    choices: list[dict[str, Any]] = [
        choice for event in events[:-1] for choice in json.loads(event)["choices"]
    ]
    return "".join(choice["delta"].get("content") or "" for choice in choices)


@contextlib.contextmanager
def in_thread(config: SimulatorConfig) -> Generator[Simulator]:
    started: Future[tuple[int, Callable[[], object]]] = Future()

    async def work() -> None:
        loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as group:

            def ready(port: int) -> None:
                started.set_result((port, lambda: loop.call_soon_threadsafe(task.cancel)))

            task = group.create_task(serve(config, port=0, ready=ready))

    thread = threading.Thread(target=lambda: uvloop.run(work()))
    thread.start()
    port, stop = started.result(DEADLINE_SECONDS)
    try:
        with _client(port) as simulator:
            yield simulator
    finally:
        stop()
        thread.join(DEADLINE_SECONDS)
        assert not thread.is_alive()


@contextlib.contextmanager
def in_process(
    ledger: Path | None = None, port: int = 0
) -> Generator[tuple[Simulator, "subprocess.Popen[str]"]]:
    command = [sys.executable, "-c", PROGRAM, str(ledger or ""), str(port)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            with _client(int(process.stdout.readline())) as simulator:
                yield simulator, process
        finally:
            process.kill()


@contextlib.contextmanager
def _client(port: int) -> Generator[Simulator]:
    url = f"http://127.0.0.1:{port}"
    with httpx.Client(
        base_url=url, timeout=DEADLINE_SECONDS, trust_env=False, verify=False
    ) as http:
        yield Simulator(url, http)
