"""Clients that call without pause and remember exactly which answers they received in full."""

import asyncio
import json
from dataclasses import dataclass, field

import httpx

from tests.fixtures.house import House

CLIENTS = 6


@dataclass
class Load:
    """A bounded load; `received` holds the operation ids of answers that arrived whole."""

    house: House
    pause: float = 0.0
    """Seconds that a client waits between calls."""
    received: list[str] = field(default_factory=list[str])
    refused: int = 0
    broken: int = 0
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def run(self) -> None:
        """Call from several clients until `stop`."""
        async with asyncio.TaskGroup() as group:
            for number in range(CLIENTS):
                group.create_task(self._client(number))

    def stop(self) -> None:
        """Let the clients finish their present call and end."""
        self._stop.set()

    async def await_received(self, count: int, within: float = 60.0) -> None:
        """Wait until `count` more answers have arrived."""
        goal = len(self.received) + count
        async with asyncio.timeout(within), self._arrived:
            await self._arrived.wait_for(lambda: len(self.received) >= goal)

    async def _client(self, number: int) -> None:
        call = 0
        while not self._stop.is_set():
            async with httpx.AsyncClient(
                base_url=self.house.url, headers=self.house.headers, timeout=60, verify=False
            ) as client:
                try:
                    while not self._stop.is_set():
                        call += 1
                        await self._call(client, f"client {number} call {call}", call % 3 == 0)
                        await asyncio.sleep(self.pause)
                except (httpx.HTTPError, json.JSONDecodeError):
                    self.broken += 1
                    await asyncio.sleep(0.05)

    async def _call(self, client: httpx.AsyncClient, question: str, stream: bool) -> None:
        body = {
            "model": "assistant",
            "messages": [{"role": "user", "content": question}],
            "max_tokens": 24,
            "stream": stream,
        }
        async with client.stream("POST", "/v1/chat/completions", json=body) as response:
            text = (await response.aread()).decode()
        if response.status_code != 200:
            self.refused += 1
            await asyncio.sleep(0.05)
            return
        if stream and "data: [DONE]" not in text:
            self.broken += 1
            return
        if not stream:
            json.loads(text)
        async with self._arrived:
            self.received.append(response.headers["x-request-id"])
            self._arrived.notify_all()
