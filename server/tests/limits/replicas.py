"""Two replicas beside one database, with four server processes in all, and callers in a hurry."""

import asyncio
import itertools
import shutil
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import psutil

from hone.core import ids
from tests.cli.processes import Running, running
from tests.core.facts import wait_for
from tests.fixtures.control import QUESTION, add_model, desk, do
from tests.fixtures.house import House, answers, free_port, open_house

Json = dict[str, Any]
CLIENTS = 12


@dataclass
class Replicas:
    """A house, and a second server with a spool of its own beside the same database."""

    house: House
    beside: Running
    port: int
    keys: dict[str, Json] = field(default_factory=dict[str, Json])

    @property
    def urls(self) -> tuple[str, str]:
        return self.house.url, f"http://127.0.0.1:{self.port}"

    def key(self, name: str = "caller") -> Json:
        """Make a key that may call models."""
        body = {"name": f"{name} {ids.new().hex[-6:]}", "permissions": ["ai:query"]}
        return do(self.house, "POST", "/api/identity/keys", body)

    def servers(self) -> list[int]:
        """List the server processes of the second replica."""
        family = psutil.Process(self.beside.process.pid).children()
        return [each.pid for each in family if each.name().startswith("hone server")]

    def settled(self) -> str:
        """Add a model, and wait until every process knows of it: and so of all that came before."""
        name = add_model(self.house)
        for url in self.urls:
            wait_for(lambda url=url: all(_knows(url, name, self.house) for _ in range(8)))
        return name

    def limited(self, *limits: Json) -> list[Json]:
        """Set limits, and wait until every process knows them."""
        made = [limit(self.house, **each) for each in limits]
        self.settled()
        return made


def _knows(url: str, name: str, house: House) -> bool:
    return (
        httpx.get(f"{url}/v1/models/{name}", headers=house.headers, verify=False).status_code == 200
    )


def limit(house: House, **told: Any) -> Json:
    """Set a limit."""
    return do(house, "POST", "/api/limits", told)


def on(kind: str, subject: str | None = None) -> Json:
    """Say what a limit is on."""
    return {"kind": kind, "id": subject} if subject else {"kind": kind}


def state(house: House, made: Json) -> Json:
    """Read a limit and how it stands."""
    return do(house, "GET", f"/api/limits/{made['id']}")


def used_up(house: House, made: Json, used: str) -> bool:
    """Tell whether so much of a limit is counted as used."""
    return state(house, made)["use"]["used"] == used


def ask(url: str, key: str, model: str = "assistant", **more: Any) -> httpx.Response:
    """Make one call."""
    body = {"model": model, "messages": QUESTION, "max_tokens": 16, **more}
    with httpx.Client(base_url=url, timeout=30, verify=False) as client:
        return client.post(
            "/v1/chat/completions", json=body, headers={"authorization": f"Bearer {key}"}
        )


async def rush(urls: tuple[str, ...], key: str, calls: int, **body: Any) -> Counter[int]:
    """Make many calls from many clients, each over connections of its own; count the answers."""
    counted: Counter[int] = Counter()
    numbers = itertools.count()
    request = {"model": "assistant", "messages": QUESTION, "max_tokens": 16, **body}

    async def client(url: str) -> None:
        headers = {"authorization": f"Bearer {key}"}
        while next(numbers) < calls:
            # A new connection each time, so that every process gets its share.
            async with httpx.AsyncClient(
                base_url=url, headers=headers, timeout=30, verify=False
            ) as made:
                answer = await made.post("/v1/chat/completions", json=request)
            counted[answer.status_code] += 1

    async with asyncio.TaskGroup() as group:
        for number in range(CLIENTS):
            group.create_task(client(urls[number % len(urls)]))
    return counted


@contextmanager
def open_replicas() -> Generator[Replicas]:
    """Start both."""
    with open_house() as house:
        folder = house.folder / "beside"
        (folder / "data").mkdir(parents=True)
        for path in house.data_dir.glob("*key*"):
            if path.is_file():
                shutil.copy2(path, folder / "data" / path.name)
        port = free_port()
        env = {
            "HONE_DATABASE__URL": house.postgres.app_url,
            "HONE_DATABASE__OWNER_URL": house.postgres.owner_url,
            "HONE_DATA_DIR": str(folder / "data"),
        }
        log = folder / "hone.log"
        with running(log, "serve", "--port", port, "--workers", 2, env=env) as beside:
            wait_for(lambda: answers(f"http://127.0.0.1:{port}/readyz"), 60)
            yield Replicas(house, beside, port)


def client(house: House) -> httpx.Client:
    """Speak as the administrator."""
    return desk(house)
