"""People who call a name that is split, and what was written of it."""

from collections import Counter, defaultdict
from typing import Any

import httpx

from tests.core.facts import wait_for
from tests.fixtures.house import House

Json = dict[str, Any]


def client(house: House) -> httpx.Client:
    return httpx.Client(base_url=house.url, headers=house.headers, timeout=30, verify=False)


def draft(http: httpx.Client, **rest: Any) -> Json:
    """Draw up an experiment over the two models of a house."""
    body = {
        "name": "backup instead",
        "target": "assistant",
        "arms": [
            {"name": "control", "kind": "route", "ref": "assistant"},
            {"name": "treatment", "kind": "model", "ref": "backup"},
        ],
    }
    answer = http.post("/api/experiments", json=body | rest)
    assert answer.status_code == 201, answer.text
    return answer.json()


def post(http: httpx.Client, path: str, body: object = None, status: int = 200) -> Json:
    answer = http.post(path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def ask(
    http: httpx.Client, user: str | None, model: str = "assistant", **rest: Any
) -> httpx.Response:
    headers = {"x-hone-user": user} if user else {}
    body = {"model": model, "messages": [{"role": "user", "content": "Is the barn free?"}]}
    return http.post("/v1/chat/completions", json=body | rest, headers=headers)


def arm_of(http: httpx.Client, experiment: str, user: str) -> str | None:
    path = f"/api/experiments/{experiment}/assignment"
    return http.get(path, params={"user": user}).json()["arm"]


def split_now(http: httpx.Client, model: str = "assistant") -> None:
    """Wait until every process splits."""
    calls = 0

    def all_do() -> bool:
        nonlocal calls
        calls = calls + 1 if "x-hone-arm" in ask(http, "somebody", model).headers else 0
        return calls >= 12

    wait_for(all_do, 20)


def whole_now(http: httpx.Client, model: str = "assistant") -> None:
    """Wait until no process splits any longer."""
    calls = 0

    def none_does() -> bool:
        nonlocal calls
        calls = 0 if "x-hone-arm" in ask(http, "somebody", model).headers else calls + 1
        return calls >= 12

    wait_for(none_does, 20)


def arms_met(answers: list[tuple[str, httpx.Response]]) -> dict[str, Counter[str]]:
    """Count the arms that each user met."""
    met: dict[str, Counter[str]] = defaultdict(Counter)
    for user, answer in answers:
        met[user][answer.headers["x-hone-arm"]] += 1
    return met
