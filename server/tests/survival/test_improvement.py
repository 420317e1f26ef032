"""A worker is killed at each step of a turn: the turn goes on, and nothing is begun twice."""

import os
import signal
from typing import Any

import httpx
import pytest

from tests.core.facts import wait_for
from tests.fixtures.control import desk
from tests.fixtures.house import House, open_house
from tests.training import intents

ROUNDS = int(os.environ.get("HONE_TEST_ROUNDS", "2"))
pytestmark = [
    pytest.mark.rounds,
    pytest.mark.timeout(300 + 60 * ROUNDS),
    pytest.mark.xdist_group("survival"),
]
NAME = "parcels"
TURNS, POLICIES = "/api/improvement/turns", "/api/improvement/policies"
GATES = [{"minEffect": -100, "sliceDrop": 100, "testExamples": 1, "calibrationError": 1}]
JOB = {"name": NAME, "data": {"dataset": NAME}, "gates": GATES}
STEPS = ("triggered", "training", "gating", "releasing", "awaiting_approval")
OVER = {"promoted", "rolled_back", "rejected", "skipped", "failed"}
Json = dict[str, Any]


def _turn(client: httpx.Client, turn_id: str) -> Json:
    try:
        answer = client.get(f"{TURNS}/{turn_id}")
    except httpx.HTTPError:
        return {"state": "away"}
    return answer.json() if answer.is_success else {"state": "away"}


def _strike(house: House) -> None:
    for pid in house.pids("worker"):
        os.kill(pid, signal.SIGKILL)


def test_a_turn_outlives_its_worker_at_every_step() -> None:
    with open_house(workers=1) as house, desk(house) as client:
        client.post("/api/datasets", json={"name": NAME, "kind": "intent"}).raise_for_status()
        path = f"/api/datasets/{NAME}/import?format=jsonl&status=validated"
        client.post(path, content=intents.lines(30)).raise_for_status()
        wanted = {"model": NAME, "job": JOB, "enabled": False, "approvals": ["train"]}
        policy = client.post(POLICIES, json=wanted | {"release": {"strategy": "immediate"}})
        run = f"{POLICIES}/{policy.raise_for_status().json()['id']}/run"
        for number in range(ROUNDS):
            answer = client.post(run, json={"reason": f"round {number}"}).raise_for_status()
            begun = answer.json()["id"]
            _strike(house)
            wait_for(lambda: _turn(client, begun)["state"] == "awaiting_approval", 60)  # noqa: B023
            client.post(f"{TURNS}/{begun}/approve", json={}).raise_for_status()
            _strike(house)
            for step in ({"training"}, {"gating", "releasing"})[: 1 + number % 2]:
                wait_for(lambda: _turn(client, begun)["state"] in step | OVER, 90)  # noqa: B023
                _strike(house)
            wait_for(lambda: _turn(client, begun)["state"] in OVER, 120)  # noqa: B023
            ended = _turn(client, begun)
            assert ended["state"] == "promoted", ended["words"]
            decided = [each["decision"] for each in ended["timeline"]]
            assert len(decided) == len(set(decided)), decided
        runs = client.get(f"/api/training/runs?model={NAME}").json()["items"]
        versions = client.get(f"/api/ai/models/{NAME}").json()["versions"]
    assert len(runs) == len(versions) == ROUNDS, "something was begun twice, or is lost"
