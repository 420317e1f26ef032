"""Two organizations in one house: ours with a key of every kind, and one that is full of canaries."""

import asyncio
import json
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
from tests.training import intents

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
        places.ids = _fill(client, house.simulator.url) | _learn(house, client) | _trained(client)
        places.ids |= _watched(house, client)
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
    lines: Json = {"custom_id": CANARY, "method": "POST", "url": "/v1/chat/completions", "body": {}}
    form = {"file": (f"{CANARY}.jsonl", json.dumps(lines))}
    file = client.post("/v1/files", data={"purpose": "batch"}, files=form).raise_for_status().json()
    batch = {
        "input_file_id": file["id"],
        "endpoint": "/v1/chat/completions",
        "completion_window": "24h",
        "metadata": {"label": CANARY},
    }
    begun = client.post("/v1/batches", json=batch).raise_for_status().json()
    over = f"/v1/batches/{begun['id']}"
    wait_for(lambda: client.get(over).json()["status"] == "completed", 30)
    operation_id = _called(client, route["name"])
    experiment = _compared(client, route["name"], model["name"])
    return {
        "feedback_id": _judged(client, operation_id),
        **_curated(client),
        "file_id": file["id"],
        "batch_id": begun["id"],
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
        "operation_id": operation_id,
        **_train(client),
        "experiment_id": experiment,
        "test_id": experiment,
    }


def _compared(client: httpx.Client, route: str, model: str) -> str:
    """Draw up an experiment; it splits nothing, so nothing is written of it by itself."""
    arms = [
        {"name": "control", "kind": "route", "ref": route},
        {"name": "treatment", "kind": "model", "ref": model},
    ]
    wanted = {"name": f"{CANARY} experiment", "hypothesis": CANARY, "target": route, "arms": arms}
    return _made(client, "/api/experiments", wanted)["id"]


def _curated(client: httpx.Client) -> dict[str, str]:
    """Keep a dataset with examples that contradict each other, and a version of it."""
    wanted = {"name": f"{CANARY}-dataset", "kind": "intent", "description": CANARY}
    dataset = _made(client, "/api/datasets", wanted)["id"]
    where = f"/api/datasets/{dataset}"
    said = {"input": f"{CANARY} {PROMPT}", "status": "validated", "user": CANARY}
    example = _made(client, f"{where}/examples", said | {"output": f"{CANARY} one"})
    _made(client, f"{where}/versions", {"note": CANARY})
    _made(client, f"{where}/examples", said | {"output": f"{CANARY} two"})
    (finding,) = client.get(f"{where}/findings").json()["items"]
    begun = client.post(f"{where}/checks", json={"kinds": ["pii"]}).json()
    wait_for(lambda: client.get(f"{where}/checks").json()["items"][0]["state"] == "done", 60)
    known = _made(client, "/api/datasets", {"name": f"{CANARY}-answers", "kind": "response"})
    upload = f"/api/datasets/{known['id']}/knowledge/upload?name={CANARY}.txt"
    page = client.post(upload, content=f"{CANARY} page".encode())
    assert page.status_code == 201, page.text
    return {
        "check": begun["id"],
        "knowledge_id": page.json()["id"],
        "dataset": dataset,
        "example": example["id"],
        "finding": finding["id"],
        "number": "1",
        "other": "1",
    }


def _train(client: httpx.Client) -> dict[str, str]:
    """Freeze some data, and let a run and a schedule wait for it."""
    data = f"{CANARY}-data"
    _made(client, "/api/datasets", {"name": data, "kind": "intent"})
    rows = [
        {"input": f"{CANARY} {PROMPT} {row['input']}", "output": f"{CANARY}-{row['output']}"}
        for row in intents.rows()
    ]
    lines = "\n".join(json.dumps(row) for row in rows)
    path = f"/api/datasets/{data}/import?format=jsonl&status=validated"
    client.post(path, content=lines).raise_for_status()
    # Far away, so that nothing runs here.
    when = {"notBefore": "2040-01-01T00:00:00Z"}
    job = {"name": f"{CANARY}-trained", "data": {"dataset": data}, "scheduling": when}
    run = _made(client, "/api/training/runs", job)
    path = f"/api/training/runs/{run['id']}"
    # Its place in the queue is given by the worker, some time afterwards.
    wait_for(lambda: client.get(path).json()["position"], 30)
    schedule = {"name": f"{CANARY} nightly", "cron": "0 3 1 1 *", "job": job}
    made = _made(client, "/api/training/schedules", schedule)
    tuning = {
        "model": "hone:linear",
        "training_file": run["dataset"]["id"],
        "suffix": f"{CANARY}-tuned",
    }
    begun = client.post("/v1/fine_tuning/jobs", json=tuning).raise_for_status().json()
    at = f"/v1/fine_tuning/jobs/{begun['id']}"
    client.post(f"{at}/cancel").raise_for_status()
    wait_for(lambda: client.get(at).json()["status"] == "cancelled", 30)
    made_ids = {"run_id": run["id"], "schedule_id": made["id"], "job_id": begun["id"]}
    return made_ids | _improving(client, job)


def _improving(client: httpx.Client, job: Json) -> dict[str, str]:
    """Let a model improve when somebody approves, and have a turn wait for that."""
    policies = "/api/improvement/policies"
    wanted = {"model": f"{CANARY}-trained", "job": job, "enabled": False, "approvals": ["train"]}
    policy = _made(client, policies, wanted)
    answer = client.post(f"{policies}/{policy['id']}/run", json={"reason": CANARY})
    turn = answer.raise_for_status().json()["id"]
    path = f"/api/improvement/turns/{turn}"
    wait_for(lambda: client.get(path).json()["state"] == "awaiting_approval", 30)
    return {"policy_id": policy["id"], "turn_id": turn}


def _learn(house: House, client: httpx.Client) -> dict[str, str]:
    """Tell an outcome, begin a fit, which will not do, and keep something as what was learned."""
    outcome = {
        "prompt": f"{CANARY} {PROMPT}",
        "model": f"{CANARY}-model",
        "score": 1,
        "user": CANARY,
    }
    told = client.post("/api/routing/outcomes", json={"outcomes": [outcome]})
    assert told.status_code == 200, told.text
    fit = client.post("/api/routing/fit", json={}).json()["id"]
    path = f"/api/routing/fits/{fit}"
    wait_for(lambda: client.get(path).json()["state"] == "failed", 30)
    made = house.rows(
        "INSERT INTO routing_models (id, organization_id, version, state, basis, digest, size,"
        " models, card, created_by) SELECT gen_random_uuid(), id, 1, 'candidate', 'told',"
        " repeat('0', 64), 1, '{}', '{}', name FROM organizations WHERE name LIKE %s RETURNING id",
        f"{CANARY}%",
    )
    return {"fit_id": fit, "routing_model_id": f"rm_{str(made[0][0]).replace('-', '')}"}


def _trained(client: httpx.Client) -> dict[str, str]:
    """Register a version of a model and put it in force."""
    name = f"{CANARY}-classifier"
    config = {"model": f"{CANARY}-model"}
    told = {"name": name, "version": "1.0.0", "reason": CANARY}
    for action in ({"action": "register", "config": config}, {"action": "deploy"}):
        client.post("/api/ai/models", json=told | action).raise_for_status()
    client.post(
        "/api/ai/models",
        json=told | {"action": "register", "config": config, "version": "1.1.0"},
    ).raise_for_status()
    # It holds, so that no worker ends it meanwhile.
    hold = {"steps": [{"share": 0.1, "hold": {"seconds": 86_400}}], "guardrails": []}
    wanted = {"name": name, "version": "1.1.0", "reason": CANARY, "plan": hold}
    release = _made(client, "/api/releases", wanted)["id"]
    there = f"/api/releases/{release}"
    wait_for(lambda: client.get(there).json()["state"] == "running", 20)
    client.post(f"{there}/hold", json={}).raise_for_status()
    return {"model_name": name, "model_version": "1.0.0", "release_id": release}


def _watched(house: House, client: httpx.Client) -> dict[str, str]:
    """Watch something, let an alert be open, and say where alerts go."""
    rule = {"metric": "error_rate", "threshold": 0.5}
    wanted = {"name": f"{CANARY} monitor", "kind": "metric", "rule": rule, "enabled": False}
    monitor = _made(client, "/api/monitors", wanted)
    to = [f"{CANARY}@venue.example"]
    channel = {"name": f"{CANARY} channel", "kind": "email", "to": to, "enabled": False}
    made = _made(client, "/api/alert-channels", channel)
    rows = house.rows(
        "INSERT INTO alerts (id, organization_id, key, kind, severity, state, title, words,"
        " recommendation, opened_at, last_seen_at) SELECT gen_random_uuid(), id, name, 'release',"
        " 'warning', 'open', name, name, name, now(), now() FROM organizations"
        " WHERE name LIKE %s RETURNING id",
        f"{CANARY}%",
    )
    alert = f"alert_{str(rows[0][0]).replace('-', '')}"
    return {"monitor_id": monitor["id"], "channel_id": made["id"], "alert_id": alert}


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


def _judged(client: httpx.Client, operation_id: str) -> str:
    """Say that the call's answer was wrong, and wait until that counts."""
    said = {
        "operationType": "classification",
        "operationId": operation_id,
        "feedback": "negative",
        "correctedCategory": CANARY,
        "comment": f"{CANARY} {PROMPT}",
        "userId": CANARY,
    }
    made = _made(client, "/api/ai/feedback", said)
    there = f"/api/ai/feedback/{made['id']}"
    wait_for(lambda: client.get(there).json()["state"] == "accepted", 20)
    return made["id"]


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
