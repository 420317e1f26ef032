"""Two organizations in one house: ours with a key of every kind, and one that is full of canaries."""

import asyncio
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from hone import identity
from hone.core import ids, keyring
from hone.core.db import Database
from hone.core.settings import Settings
from hone.identity import KeyCreate, Permission, Role
from hone.identity.permissions import PERMISSIONS
from tests.core.facts import wait_for
from tests.fixtures.house import House

CANARY = "canary-of-elsewhere"
"""Stands in every text of the other organization, and may stand in no answer to ours."""
SECRET = f"sk-{secrets.token_hex(12)}"
"""A credential of a provider."""
PASSWORD = f"correct-{secrets.token_hex(12)}"
"""Of our administrator."""
PROMPT = f"prompt-{secrets.token_hex(12)}"
"""What was said to a model."""

Json = dict[str, Any]


@dataclass
class Places:
    """What the tests need of both."""

    house: House
    elsewhere: str
    """An administrator's key of the other organization."""
    keys: dict[str, str]
    """Our keys, one for each role."""
    refused: dict[str, str]
    """What must open nothing: expired, revoked and unknown keys."""
    ids: dict[str, str] = field(default_factory=dict[str, str])
    """The other organization's things, by the names that paths have for them."""

    def client(self, key: str) -> httpx.Client:
        """Speak as the holder of a key; as nobody with an empty one."""
        headers = {"authorization": f"Bearer {key}"} if key else {}
        return httpx.Client(base_url=self.house.url, headers=headers, timeout=30, verify=False)


@contextmanager
def furnished(house: House) -> Generator[Places]:
    """Furnish both organizations."""
    places = asyncio.run(_people(house))
    house.rows(
        "UPDATE api_keys SET expires_at = now() - interval '1 minute' WHERE name = 'expired'"
        " RETURNING id"
    )
    with places.client(places.elsewhere) as client:
        wait_for(lambda: client.get("/api/identity/me").status_code == 200, 20)
        places.ids = _fill(client, house.simulator.url)
    with places.client(places.keys[Role.ADMIN]) as client:
        wait_for(lambda: client.get("/api/identity/me").status_code == 200, 20)
        revoked = next(
            each
            for each in client.get("/api/identity/keys").json()["items"]
            if each["name"] == "revoked"
        )
        client.delete(f"/api/identity/keys/{revoked['id']}").raise_for_status()
    for key in places.refused.values():
        with places.client(key) as client:
            wait_for(lambda: client.get("/api/identity/me").status_code == 401, 20)
    yield places


async def _people(house: House) -> Places:
    """Make the other organization, and keys; no call makes an organization."""
    settings = Settings(data_dir=house.data_dir)
    ring = keyring.load(settings)
    database = Database.connect(house.postgres.app_url, pool_size=1)
    try:
        ours = await identity.find_organization(database)
        async with database.transaction() as session:
            made = await identity.create_organization(session, f"{CANARY} organization")
            await ring.ensure(session, made.id, keyring.SECRET)
            elsewhere = await identity.create_key(
                session, identity.system(made.id), _key(f"{CANARY} key", Permission)
            )
        async with database.transaction(ours) as session:
            actor = identity.system(ours)
            keys = {
                role.value: (
                    await identity.create_key(session, actor, _key(role.value, PERMISSIONS[role]))
                ).key
                for role in Role
            }
            refused = {
                name: (await identity.create_key(session, actor, _key(name, Permission))).key
                for name in ("expired", "revoked")
            }
    finally:
        await database.aclose()
    return Places(house, elsewhere.key, keys, {**refused, "unknown": "hone_" + "x" * 40})


def _key(name: str, permissions: Any) -> KeyCreate:
    return KeyCreate(name=name, permissions=list(permissions))


def _fill(client: httpx.Client, simulator: str) -> dict[str, str]:
    """Give the other organization one of each thing, and return their ids."""
    provider = _made(
        client,
        "/api/providers",
        {
            "name": f"{CANARY}-provider",
            "kind": "compatible",
            "baseUrl": f"{simulator}/v1",
            "apiKey": SECRET,
        },
    )
    model = _made(
        client,
        "/api/models",
        {
            "name": f"{CANARY}-model",
            "provider": provider["name"],
            "upstream": f"{CANARY}-upstream",
            "price": {"input": "1", "output": "2"},
        },
    )
    route = _made(
        client,
        "/api/routes",
        {"name": f"{CANARY}-route", "policy": "weighted", "targets": [{"model": model["name"]}]},
    )
    key = _made(
        client, "/api/identity/keys", {"name": f"{CANARY} spare", "permissions": ["ai:query"]}
    )
    person = _made(
        client,
        "/api/identity/people",
        {"email": f"{CANARY}@venue.example", "name": CANARY, "role": "user"},
    )
    view = _made(client, "/api/ai/operations/views", {"name": f"{CANARY} view", "shared": True})
    team = _made(client, "/api/identity/teams", {"name": f"{CANARY} team"})
    limit = _made(
        client,
        "/api/limits",
        {
            "subject": {"kind": "team", "id": team["id"]},
            "measure": "requests",
            "window": "day",
            "amount": 1000,
        },
    )
    oidc = _made(
        client,
        "/api/identity/oidc",
        {
            "name": f"{CANARY} sign-in",
            "issuer": "https://accounts.example.com",
            "clientId": CANARY,
            "clientSecret": SECRET,
            "listed": False,
        },
    )
    return {
        "view_id": view["id"],
        "provider_id": provider["id"],
        "model_id": model["id"],
        "model": route["name"],
        "route_id": route["id"],
        "key_id": key["id"],
        "person_id": person["id"],
        "version": "1",
        "session_id": ids.public("session", ids.new()),
        "team_id": team["id"],
        "oidc_id": oidc["id"],
        "limit_id": limit["id"],
        "erasure_id": _erased(client),
        "event_id": wait_for(lambda: _event(client), 20) or "",
        "operation_id": _called(client, route["name"]),
    }


def _erased(client: httpx.Client) -> str:
    """Erase somebody who was never there, and wait until the trail tells of it."""
    answer = client.post("/api/audit/erasures", json={"kind": "user", "target": "nobody"})
    assert answer.status_code == 202, answer.text
    told = "/api/audit/events?name=erasure.finished"
    wait_for(lambda: client.get(told).json()["items"], 30)
    return answer.json()["id"]


def _event(client: httpx.Client) -> str | None:
    """Find an event, once one is sealed."""
    items = client.get("/api/audit/events").json()["items"]
    return items[0]["id"] if items else None


def _made(client: httpx.Client, path: str, body: Json) -> Json:
    answer = client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def _called(client: httpx.Client, route: str) -> str:
    """Make a call that is kept with what was asked."""
    wait_for(lambda: client.get(f"/v1/models/{route}").status_code == 200, 20)
    answer = client.post(
        "/v1/chat/completions",
        json={
            "model": route,
            "messages": [{"role": "user", "content": f"{CANARY} {PROMPT}"}],
            "user": CANARY,
            "metadata": {"label": CANARY},
        },
        headers={"x-hone-conversation-id": CANARY},
    )
    assert answer.status_code == 200, answer.text
    operation = answer.headers["x-request-id"]
    wait_for(lambda: client.get(f"/api/ai/operations/{operation}").status_code == 200, 20)
    return operation
