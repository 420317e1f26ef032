"""From outcomes to a cheaper answer: told, learned, put in force, used, taken back, and survived."""

import os
import signal
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import psutil
import pytest

from tests.core.facts import wait_for
from tests.fixtures.house import House
from tests.fixtures.learned import TOPICS, outcomes, prompts

ROUTE = "thrifty"
QUALITY, COST = 0.8, 0.2
Json = dict[str, Any]


EASY = prompts(5, seed=99)[4][1]


@pytest.fixture(scope="module")
def client(house: House) -> Iterator[httpx.Client]:
    """Speak to a Hone that has a route which chooses by quality and cost."""
    with httpx.Client(base_url=house.url, headers=house.headers, timeout=30, verify=False) as made:
        route = {
            "name": ROUTE,
            "policy": "intelligent",
            "targets": [{"model": "venue"}, {"model": "backup"}],
            "factors": {"quality": QUALITY, "cost": COST, "performance": 0},
        }
        for name, said in (("venue", 0.9), ("backup", 0.5)):
            _say(made, name, said)
        assert made.post("/api/routes", json=route).status_code == 201
        wait_for(lambda: made.get(f"/v1/models/{ROUTE}").status_code == 200, 20)
        yield made
        named = {each["name"]: each["id"] for each in made.get("/api/routes").json()["items"]}
        made.delete(f"/api/routes/{named[ROUTE]}")


def _say(client: httpx.Client, name: str, quality: float) -> None:
    """Say how good a model is taken to be."""
    items = client.get("/api/models").json()["items"]
    model = next(each for each in items if each["name"] == name)
    kept = {each: model[each] for each in ("name", "provider", "upstream", "version")}
    answer = client.put(f"/api/models/{model['id']}", json=kept | {"quality": quality})
    assert answer.is_success, answer.text


def _tell(client: httpx.Client, told: list[Json]) -> None:
    for start in range(0, len(told), 1000):
        body = {"outcomes": told[start : start + 1000]}
        assert client.post("/api/routing/outcomes", json=body).json() == {
            "taken": len(body["outcomes"])
        }


def _fit(client: httpx.Client, basis: str = "told") -> Json:
    begun = client.post("/api/routing/fit", json={"basis": basis})
    assert begun.status_code == 202, begun.text
    return _ended(client, begun.json()["id"])


def _ended(client: httpx.Client, fit: str) -> Json:
    path = f"/api/routing/fits/{fit}"
    wait_for(lambda: client.get(path).json()["state"] != "running", 60)
    return client.get(path).json()


def _activate(client: httpx.Client, model: str) -> Json:
    answer = client.post(f"/api/routing/models/{model}/activate")
    assert answer.status_code == 200, answer.text
    return answer.json()


def _ask(client: httpx.Client, prompt: str) -> httpx.Response:
    body = {"model": ROUTE, "messages": [{"role": "user", "content": prompt}], "max_tokens": 40}
    answer = client.post("/v1/chat/completions", json=body)
    assert answer.status_code == 200, answer.text
    return answer


def _routed(client: httpx.Client, count: int = 40) -> tuple[dict[str, Counter[str]], float]:
    """Ask fresh prompts; tell who answered which topic, and what all of it cost."""
    who: dict[str, Counter[str]] = {topic: Counter() for topic in TOPICS}
    cost = 0.0
    for topic, prompt in prompts(count, seed=99):
        answer = _ask(client, prompt)
        who[topic][answer.headers["x-hone-model"]] += 1
        cost += float(answer.headers["x-hone-cost-usd"])
    return who, cost


def _learns(client: httpx.Client) -> bool:
    """Tell whether the processes use a routing model: the cheap one gets what is easy."""
    return all(_ask(client, EASY).headers["x-hone-model"] == "backup" for _ in range(12))


def test_too_few_outcomes_are_refused_in_words(client: httpx.Client) -> None:
    _tell(client, outcomes(20))
    ended = _fit(client)
    assert (ended["state"], ended["routingModel"]) == ("failed", None)
    problem = ended["problem"]
    assert problem["code"] == "INSUFFICIENT_DATA"
    assert problem["details"]["required"]["prompts"] == 200
    assert problem["details"]["available"]["models"] == {"venue": 20, "backup": 20}
    assert problem["details"]["suggestions"][0].startswith("Tell the outcomes of 180 more prompts")
    assert client.post("/api/routing/undo").json()["error"]["code"] == "no_routing_model_active"


def test_an_outcome_may_name_the_call_that_it_is_of(house: House, client: httpx.Client) -> None:
    answer = _ask(client, "What did it say of the court?")
    operation = answer.headers["x-request-id"]
    path = f"/api/ai/operations/{operation}"
    wait_for(lambda: client.get(path).status_code == 200, 20)
    _tell(client, [{"operation": operation, "score": 0.25}])
    told = {each["model"]: each for each in client.get("/api/routing/outcomes").json()["models"]}
    assert told["venue"]["outcomes"] == told["backup"]["outcomes"] + 1
    other = {"operation": operation, "model": "backup", "score": 1}
    refused = client.post("/api/routing/outcomes", json={"outcomes": [other]}).json()["error"]
    assert (refused["code"], refused["param"]) == ("outcome_wrong", "outcomes.0.model")


def test_what_calls_tell_of_themselves_is_another_fit(client: httpx.Client) -> None:
    body = {"model": ROUTE, "messages": [{"role": "user", "content": "What of the appeal?"}]}
    answer = client.post("/v1/chat/completions", json=body)
    assert answer.json()["choices"][0]["finish_reason"] == "stop"
    path = f"/api/ai/operations/{answer.headers['x-request-id']}"
    wait_for(lambda: client.get(path).status_code == 200, 20)
    problem = _fit(client, "observed")["problem"]
    assert problem["code"] == "INSUFFICIENT_DATA"
    assert "appeal" not in str(problem)
    assert problem["details"]["available"]["prompts"] >= 1
    assert "without prompts nothing is observed" in problem["details"]["suggestions"][-1]


def test_what_is_easy_goes_to_the_cheap_model_and_costs_less(
    house: House, client: httpx.Client
) -> None:
    before, dear = _routed(client)
    assert before == {"law": {"venue": 20}, "sums": {"venue": 20}}
    _tell(client, outcomes(400))
    ended = _fit(client)
    assert ended["state"] == "done", ended
    made = client.get(f"/api/routing/models/{ended['routingModel']}").json()
    assert (made["state"], made["evidence"]["prompts"]) == ("candidate", 401)
    assert made["evidence"]["compared"] == 400, "one call was answered by one model"
    assert made["evidence"]["apgr"] > 0.7
    assert made["evidence"]["saved"] > 0.3
    assert made["evidence"]["kept"] > 0.9
    active = _activate(client, made["id"])
    assert (active["state"], active["former"]) == ("active", None)
    wait_for(lambda: _learns(client), 20)
    after, cheap = _routed(client)
    assert after["law"]["backup"] >= 18
    assert after["sums"]["venue"] >= 18
    assert 1 - cheap / dear > 0.3, "30 to 50 % are saved"
    answer = _ask(client, EASY)
    path = f"/api/ai/operations/{answer.headers['x-request-id']}"
    wait_for(lambda: client.get(path).status_code == 200, 20)
    reason = client.get(path).json()["reason"]
    assert reason["routingModel"] == made["id"]
    assert reason["trust"] == 1
    assert [each["model"] for each in reason["weighed"]] == ["backup", "venue"]
    assert "backup had the best score" in reason["said"]
    strange = _ask(client, "请解释一下模型路由。")
    assert strange.headers["x-hone-model"] == "venue", "beyond what was learned, you decide"


def test_a_worker_that_is_killed_amid_a_fit_leaves_what_is_active(
    house: House, client: httpx.Client
) -> None:
    active = client.get("/api/routing").json()["active"]
    begun = client.post("/api/routing/fit", json={}).json()
    assert client.post("/api/routing/fit", json={}).json()["error"]["code"] == "fit_running"
    trainer = wait_for(lambda: _trainer(house), 30)
    assert trainer is not None
    os.kill(trainer.pid, signal.SIGSTOP)
    (worker,) = house.pids("worker")
    os.kill(worker, signal.SIGKILL)
    psutil.wait_procs([trainer], timeout=60)
    assert not trainer.is_running(), "it ends with its worker"
    assert client.get("/api/routing").json()["active"] == active
    assert _learns(client)
    ended = _ended(client, begun["id"])
    assert ended["state"] == "done", "another worker took it over"
    assert client.get("/api/routing").json()["active"] == active
    again = client.get(f"/api/routing/models/{ended['routingModel']}").json()
    assert again["evidence"]["apgr"] == active["evidence"]["apgr"], "it began anew"


def _trainer(house: House) -> psutil.Process | None:
    """Find the program that learns, once it is itself: before that it has not asked to end with its worker."""
    for each in house.family():
        try:
            command = each.cmdline()
            if "hone_trainer.routing" in command and "launcher" not in " ".join(command):
                return each
        except psutil.Error:
            continue
    return None


def test_calls_go_on_while_models_are_swapped_and_undone(client: httpx.Client) -> None:
    first = client.get("/api/routing").json()["active"]
    second = client.get("/api/routing/models").json()["items"][0]
    assert (second["version"], second["state"]) == (first["version"] + 1, "candidate")
    for step in ("activate", "undo") * 3:
        path = (
            f"/api/routing/models/{second['id']}/activate"
            if step == "activate"
            else "/api/routing/undo"
        )
        assert client.post(path).status_code == 200
        for _, prompt in prompts(8, seed=7):
            _ask(client, prompt)
    state = client.get("/api/routing").json()
    assert state["active"]["id"] == first["id"]
    assert client.get(f"/api/routing/models/{second['version']}").json()["state"] == "retired"


def test_a_file_that_is_gone_or_damaged_harms_no_call(house: House, client: httpx.Client) -> None:
    second = client.get("/api/routing/models").json()["items"][0]
    (file,) = house.data_dir.glob(f"blobs/*/*/{second['digest']}")
    whole = file.read_bytes()
    file.write_bytes(b"\0" * len(whole))
    refused = client.post(f"/api/routing/models/{second['id']}/activate")
    assert refused.json()["error"]["code"] == "blob_damaged"
    house.rows("UPDATE routing_models SET state = 'retired' WHERE state = 'active' RETURNING 1")
    house.rows(
        "UPDATE routing_models SET state = 'active' WHERE version = %s RETURNING 1",
        second["version"],
    )
    try:
        wait_for(lambda: "routing model" in _snapshot_check(client), 20)
        assert _ask(client, EASY).headers["x-hone-model"] == "venue"
    finally:
        file.write_bytes(whole)
    retired = client.post(f"/api/routing/models/{second['id']}/retire")
    assert retired.json()["state"] == "retired"
    wait_for(lambda: _snapshot_check(client) == "Keys and routes are up to date.", 20)
    assert client.delete("/api/routing/outcomes").status_code == 204
    assert client.get("/api/routing/outcomes").json()["prompts"] == 0


def _snapshot_check(client: httpx.Client) -> str:
    return client.get("/readyz").json()["checks"]["snapshot"]["detail"]
