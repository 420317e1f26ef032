"""One Hone for the whole ledger, with the models and ids that the documents invent."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import psycopg
import pytest
from websockets.sync.client import connect

from tests.core.facts import wait_for
from tests.fixtures.control import add_model, add_named_model, chat, desk, do, metrics, operation
from tests.fixtures.house import ADMIN_KEY, House, open_house
from tests.training import intents

# The simulator, which a printed configuration is given as its provider, is on this machine.
SETTINGS = {"HONE_SECURITY__PRIVATE_UPSTREAMS": "true"}
PRINTED_MODELS = ("gpt-4", "claude-3.5-sonnet", "claude-3.5", "gemini-pro")
LOGGED = {
    "modelId": "ticket-classifier",
    "operationType": "classification",
    "input": "my card was declined",
    "output": "billing",
    "confidence": 0.61,
    "responseTimeMs": 120,
    "inputTokens": 9,
    "outputTokens": 1,
    "userId": "u-1",
    "externalId": 123,
    "costUsd": 0.25,
    "revenueUsd": 1.5,
    "satisfactionScore": 4,
}


@dataclass
class Theatre:
    """The shared Hone, as checks use it."""

    house: House
    client: httpx.Client
    organization_id: str = ""
    operation_id: str = ""
    _paths: set[str] = field(default_factory=set[str])

    def select(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.house.postgres.app_url) as connection:
            connection.execute(
                "SELECT set_config('hone.organization_id', %s, true)", (self.organization_id,)
            )
            cursor = psycopg.RawCursor(connection)
            cursor.execute(query.encode(), values or None)
            return cursor.fetchall()

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return self.house.rows(query, *values)

    def cut(self) -> None:
        with psycopg.connect(self.house.postgres.superuser_url) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE usename = 'hone_app' AND state = 'idle'"
            )

    def listen(self, channel: str) -> Iterator[dict[str, Any]]:
        with connect(
            f"ws://127.0.0.1:{self.house.port}/ws",
            additional_headers={"authorization": f"Bearer {ADMIN_KEY}"},
            close_timeout=0.5,
        ) as socket:
            socket.send(json.dumps({"type": "subscribe", "channel": channel}))
            for _ in range(20):
                yield json.loads(socket.recv(10))

    def key(self, *permissions: str) -> str:
        wanted = {"name": "of the ledger", "permissions": list(permissions)}
        token: str = do(self.house, "POST", "/api/identity/keys", wanted)["key"]
        headers = {"authorization": f"Bearer {token}"}
        wait_for(lambda: self.client.get("/v1/models", headers=headers).status_code != 401)
        return token

    def until(self, fact: Callable[[], bool]) -> str:
        try:
            wait_for(fact)
        except AssertionError:
            return "did not come"
        return ""

    def paths(self) -> set[str]:
        if not self._paths:
            document = self.client.get("/openapi.json").raise_for_status().json()
            self._paths = {
                f"{method.upper()} {path}"
                for path, methods in document["paths"].items()
                for method in methods
            }
        return self._paths

    def metrics(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for sample in metrics(self.house):
            name, _, labels = sample.partition("{")
            family = re.sub(r"_(bucket|sum|count)$", "", name)
            for each in {name, family}:
                found[each].update(re.findall(r'(\w+)="', labels))
        return found


@pytest.fixture(scope="package")
def stage() -> Iterator[Theatre]:
    """Open the Hone and create what the documents speak of."""
    with open_house(workers=1, env=SETTINGS) as house, desk(house) as client:
        made = Theatre(house, client)
        ((organization_id,),) = house.rows("SELECT id FROM organizations")
        made.organization_id = str(organization_id)
        for name in PRINTED_MODELS:
            add_named_model(house, name)
        for version in ("v1.0.0", "v1.1.0", "v1.2.0"):
            _register(house, "ticket-classifier", version)
        for version in ("v1.0.0", "v2.0.0"):
            _register(house, "support-chatbot", version)
        first = {"action": "deploy", "name": "ticket-classifier", "version": "v1.0.0"}
        do(house, "POST", "/api/ai/models", first)
        made.operation_id = do(house, "POST", "/api/ai/operations/log", LOGGED)["id"]
        answer = chat(house, "gpt-4", user="u-2")
        assert answer.status_code == 200, answer.text
        refusing = add_model(house, "status=400")
        assert chat(house, refusing).status_code == 400
        # What chooses among all models is not to choose this one.
        listed = do(house, "GET", "/api/models?limit=500")["items"]
        (found,) = [each for each in listed if each["name"] == refusing]
        kept = {name: found[name] for name in ("name", "provider", "upstream", "version")}
        do(house, "PUT", f"/api/models/{found['id']}", kept | {"capabilities": []})
        operation(house, answer.headers["x-request-id"])
        wait_for(lambda: "ai_multimodel_cost_usd_total" in made.metrics())
        _keep_conversations(client)
        yield made


def _register(house: House, name: str, version: str) -> None:
    """Make a version that one of the printed models answers."""
    named = {"action": "register", "name": name, "version": version, "config": {"model": "gpt-4"}}
    do(house, "POST", "/api/ai/models", named)


def _keep_conversations(client: httpx.Client) -> None:
    """Keep what the documents train on: a data set, and conversations by their ids."""
    client.post("/api/datasets", json={"name": "dataset_1", "kind": "intent"}).raise_for_status()
    known = {"conversation": "log_abc123", "saidAt": "2024-03-01T10:00:00Z"}
    rows = [{**row, **known} for row in intents.rows()]
    lines = "\n".join(json.dumps(row) for row in rows)
    path = "/api/datasets/dataset_1/import?format=jsonl&status=validated"
    client.post(path, content=lines).raise_for_status()
