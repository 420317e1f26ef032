"""Whatever is killed while a model is trained: nothing is lost, nothing is there twice, the result is the same.

One house serves for the live channel and for many runs at once as well, since it has a real worker.
"""

import json
import os
import random
import signal
import time
from collections.abc import Iterator
from typing import Any

import httpx
import psutil
import pytest
from websockets.sync.client import connect

from tests.core.facts import wait_for
from tests.fixtures.control import desk
from tests.fixtures.house import ADMIN_KEY, House, open_house
from tests.training import intents

ROUNDS = int(os.environ.get("HONE_TEST_ROUNDS", "3"))
pytestmark = [
    pytest.mark.rounds,
    pytest.mark.timeout(300 + 60 * ROUNDS),
    pytest.mark.xdist_group("survival"),
]
RUNS = "/api/training/runs"
OVER = {"succeeded", "failed", "cancelled"}
SLOW = {"optimizer": "adam", "epochs": 200, "earlyStopping": {"patience": 0}, "batchSize": 4}
JOB = {"name": "tickets", "data": {"dataset": "tickets"}, "params": SLOW}
Json = dict[str, Any]


@pytest.fixture(scope="module")
def training_house() -> Iterator[House]:
    """Open a Hone that may train two runs at a time, with something to learn from."""
    env = {"HONE_TRAINING__CPU": "2", "HONE_TRAINING__MEMORY_GB": "4"}
    with open_house(workers=1, env=env) as house:
        with desk(house) as client:
            made = {"name": "tickets", "kind": "intent"}
            client.post("/api/datasets", json=made).raise_for_status()
            path = "/api/datasets/tickets/import?format=jsonl&status=validated"
            client.post(path, content=intents.lines()).raise_for_status()
        yield house


def _begin(client: httpx.Client, **rest: Any) -> str:
    answer = client.post(RUNS, json=JOB | rest)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def _run(client: httpx.Client, run_id: str) -> Json:
    try:
        answer = client.get(f"{RUNS}/{run_id}")
    except httpx.HTTPError:
        return {"state": "away"}
    return answer.json() if answer.is_success else {"state": "away"}


def _ended(client: httpx.Client, run_id: str) -> Json:
    def over() -> Json | None:
        run = _run(client, run_id)
        return run if run["state"] in OVER else None

    found = wait_for(over, 120)
    assert found is not None
    return found


def _values(client: httpx.Client, run_id: str) -> list[tuple[Any, ...]]:
    items = client.get(f"{RUNS}/{run_id}/metrics").json()["items"]
    return sorted(
        (each["name"], each["split"], each["step"], each["epoch"] or 0, each["value"])
        for each in items
        if "latency" not in each["name"].lower()
    )


def test_a_run_outlives_its_trainer_its_worker_and_the_servers(training_house: House) -> None:
    house, chance = training_house, random.Random(7)
    with desk(house) as client:
        calm = _begin(client)
        assert _ended(client, calm)["state"] == "succeeded"
        for number in range(ROUNDS):
            begun = _begin(client)
            wait_for(lambda: _run(client, begun)["progress"] > 0, 60)  # noqa: B023
            time.sleep(chance.random() * 0.5)
            _strike(house, number)
            ended = _ended(client, begun)
            assert ended["state"] == "succeeded", ended["error"]
            assert ended["figures"] == client.get(f"{RUNS}/{calm}").json()["figures"]
            assert _values(client, begun) == _values(client, calm)
        made = client.get("/api/ai/models/tickets").json()["versions"]
    assert len(made) == ROUNDS + 1, "a version is lost, or there twice"
    left = {each.name for each in (house.data_dir / "training").glob("*/*")}
    assert left <= {"cache"}


def _strike(house: House, number: int) -> None:
    """Kill the trainer; then the worker; then a server and the worker."""
    if number % 3 == 0:
        for process in _trainers(house):
            process.kill()
        return
    for program in ("worker", "server")[: number % 3]:
        for pid in house.pids(program):
            os.kill(pid, signal.SIGKILL)


def _trainers(house: House) -> list[psutil.Process]:
    found: list[psutil.Process] = []
    for each in house.family():
        try:
            if any(part.endswith("spec.json") for part in each.cmdline()):
                found.append(each)
        except psutil.NoSuchProcess:
            continue
    return found


def test_who_watches_hears_of_a_run_while_it_learns(training_house: House) -> None:
    with (
        desk(training_house) as client,
        connect(
            f"ws://127.0.0.1:{training_house.port}/ws",
            additional_headers={"authorization": f"Bearer {ADMIN_KEY}"},
            close_timeout=0.5,
        ) as socket,
    ):
        begun = _begin(client)
        socket.send(json.dumps({"type": "subscribe", "channel": f"training:{begun}"}))
        heard: list[Json] = []
        while not heard or heard[-1]["state"] not in OVER:
            message = json.loads(socket.recv(60))
            if message["type"] == f"training:{begun}":
                heard.append(message["data"])
        whole = client.get(f"{RUNS}/{begun}/metrics").json()["items"]
        log = client.get(f"{RUNS}/{begun}/log")
    states = list(dict.fromkeys(each["state"] for each in heard))
    assert states[-1] == "succeeded"
    assert "running" in states
    told = [metric for each in heard for metric in each["metrics"]]
    assert {(m["name"], m["split"], m["step"]) for m in told} == {
        (m["name"], m["split"], m["step"]) for m in whole
    }
    assert int(log.headers["x-log-next"]) == len(log.content)


def test_many_runs_at_once_all_end(training_house: House) -> None:
    with desk(training_house) as client:
        begun: list[str] = []
        for number in range(4):
            priority = {"priority": "critical" if number == 3 else "normal"}
            begun.append(_begin(client, params={}, seed=number, scheduling=priority))
        waiting = client.get("/api/training/resources").json()
        assert waiting["cpu"]["total"] == 2
        ended = [_ended(client, each) for each in begun]
    assert {each["state"] for each in ended} == {"succeeded"}
