"""However many processes and replicas there are: as many calls as a limit allows, and not one more."""

import os
import signal
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

import httpx
import pytest

from tests.core.facts import wait_for
from tests.fixtures.control import add_model, metrics
from tests.fixtures.house import run_hone
from tests.limits.replicas import (
    Json,
    Replicas,
    ask,
    on,
    rush,
    state,
    used_up,
)

SLOW = timedelta(milliseconds=120)
DAY = {"measure": "requests", "window": "day"}


def most_at_once(rows: Sequence[dict[str, object]]) -> int:
    """Tell how many calls the provider had in progress at the same time, of `SLOW` each."""
    came = sorted(datetime.fromisoformat(str(row["time"])) for row in rows)
    return max(sum(at <= other < at + SLOW for other in came) for at in came)


async def test_four_processes_of_two_replicas_admit_exactly_as_many_calls_as_allowed(
    replicas: Replicas,
) -> None:
    key = replicas.key()
    (limit,) = replicas.limited({**DAY, "subject": on("key", key["id"]), "amount": 150})
    before = len(replicas.house.simulator.ledger())
    counted = await rush(replicas.urls, key["key"], 400)
    assert counted == {200: 150, 429: 250}
    assert len(replicas.house.simulator.ledger()) == before + 150
    wait_for(lambda: used_up(replicas.house, limit, "150"))
    shown = state(replicas.house, limit)
    assert shown["use"]["remaining"] == "0"
    assert shown["use"]["refusing"]


async def test_a_limit_on_calls_at_a_time_is_never_exceeded_and_its_places_come_back(
    replicas: Replicas,
) -> None:
    key = replicas.key()
    model = add_model(replicas.house, "ttft=120")
    replicas.limited({"subject": on("key", key["id"]), "measure": "concurrency", "amount": 5})
    before = len(replicas.house.simulator.ledger())
    counted = await rush(replicas.urls, key["key"], 120, model=model)
    assert counted[200] + counted[429] == 120
    assert counted[200] >= 5
    rows = replicas.house.simulator.ledger()[before:]
    assert len(rows) == counted[200]
    assert 2 <= most_at_once(rows) <= 5
    # One call after the other, at whichever process, is never refused.
    for number in range(20):
        answer = ask(replicas.urls[number % 2], key["key"])
        assert answer.status_code == 200, answer.text


async def test_all_limits_that_apply_hold(replicas: Replicas) -> None:
    house = replicas.house
    team = _team(replicas)
    key = _key_of(replicas, team)
    other = _key_of(replicas, team)
    route = _route(replicas)
    limits = replicas.limited(
        {**DAY, "subject": on("team", team["id"]), "amount": 9},
        {**DAY, "subject": on("key", key["id"]), "amount": 6},
        {**DAY, "subject": on("route", route["id"]), "amount": 8},
    )
    assert await rush(replicas.urls, key["key"], 10, model=route["name"]) == {200: 6, 429: 4}
    _let_go(replicas, limits)
    counted = await rush(replicas.urls, other["key"], 10, model=route["name"])
    assert counted == {200: 2, 429: 8}
    _let_go(replicas, limits)
    # The route is full; by another way the team has one call left.
    assert await rush(replicas.urls, other["key"], 10) == {200: 1, 429: 9}
    refused = ask(house.url, other["key"])
    error = refused.json()["error"]
    assert (error["code"], error["type"]) == ("rate_limit_exceeded", "requests")
    assert error["details"]["subject"] == {"kind": "team", "id": team["id"]}
    assert error["details"]["amount"] == "9"
    assert error["details"]["resetsAt"].endswith("T00:00:00Z")
    assert 0 < int(refused.headers["retry-after"]) <= 86_400
    assert refused.headers["x-ratelimit-remaining-requests"] == "0"
    counter = 'hone_limits_refused_total{measure="requests",subject="team"}'
    # Each replica counts its own.
    assert metrics(house)[counter] >= 1
    assert metrics(house)['hone_gateway_rejected_total{code="rate_limit_exceeded"}'] >= 1


def _let_go(replicas: Replicas, limits: Sequence[Json]) -> None:
    """Wait until nothing is promised to a call that another limit refused."""
    for each in limits:
        wait_for(lambda each=each: state(replicas.house, each)["use"]["reserved"] == "0")


def _team(replicas: Replicas) -> Json:
    return _made(replicas, "/api/identity/teams", {"name": f"team {os.urandom(4).hex()}"})


def _key_of(replicas: Replicas, team: Json) -> Json:
    body = {"name": "of a team", "permissions": ["ai:query"], "teamId": team["id"]}
    return _made(replicas, "/api/identity/keys", body)


def _route(replicas: Replicas) -> Json:
    name = f"route-{os.urandom(4).hex()}"
    body = {"name": name, "targets": [{"model": "venue"}]}
    return _made(replicas, "/api/routes", body)


def _made(replicas: Replicas, path: str, body: Json) -> Json:
    answer = httpx.post(
        f"{replicas.house.url}{path}", json=body, headers=replicas.house.headers, verify=False
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_models_limit_closes_that_target_only(replicas: Replicas) -> None:
    first, second = add_model(replicas.house), add_model(replicas.house)
    body = {
        "name": f"route-{os.urandom(4).hex()}",
        "targets": [{"model": first}],
        "fallbacks": [second],
    }
    route = _made(replicas, "/api/routes", body)
    models = {each["name"]: each["id"] for each in _models(replicas)}
    # Before the limits: once they are known everywhere, so is the key.
    key = replicas.key()
    limits = replicas.limited(
        {**DAY, "subject": on("model", models[first]), "amount": 4},
        {**DAY, "subject": on("model", models[second]), "amount": 3},
    )
    answered: Counter[str] = Counter()
    for number in range(12):
        answer = ask(replicas.urls[number % 2], key["key"], route["name"])
        told = (
            answer.headers["x-hone-model"] if answer.is_success else answer.json()["error"]["code"]
        )
        answered[told] += 1
    assert answered == {first: 4, second: 3, "rate_limit_exceeded": 5}
    for limit, used in zip(limits, ("4", "3"), strict=True):
        wait_for(lambda limit=limit, used=used: used_up(replicas.house, limit, used))


def _models(replicas: Replicas) -> list[Json]:
    answer = httpx.get(
        f"{replicas.house.url}/api/models?limit=500", headers=replicas.house.headers, verify=False
    )
    return answer.raise_for_status().json()["items"]


async def test_a_budget_is_not_overspent_and_says_so(replicas: Replicas) -> None:
    key = replicas.key()
    # 2.5 and 10 USD per million tokens; 16 tokens of output cost 0.00016 USD.
    (budget,) = replicas.limited(
        {
            "subject": on("key", key["id"]),
            "measure": "cost",
            "window": "month",
            "amount": "0.004",
        }
    )
    before = len(replicas.house.simulator.ledger())
    counted = await rush(replicas.urls, key["key"], 60)
    assert counted[200] + counted[429] == 60
    assert counted[429] > 0
    billed = sum(
        int(str(row["billedPicodollars"])) for row in replicas.house.simulator.ledger()[before:]
    )
    assert 0.003 * 10**12 <= billed <= 0.004 * 10**12
    refused = ask(replicas.house.url, key["key"])
    error = refused.json()["error"]
    assert (refused.status_code, error["code"]) == (429, "budget_exceeded")
    assert error["type"] == "insufficient_quota"
    assert error["details"]["amount"] == "0.004"
    assert "x-ratelimit-limit-requests" not in refused.headers
    wait_for(lambda: used_up(replicas.house, budget, _usd(billed)))
    _alerted(replicas, budget)


def _usd(pico: int) -> str:
    return f"{pico / 10**12:.12f}".rstrip("0")


def _alerted(replicas: Replicas, budget: Json) -> None:
    """Every step is told of once, however long one waits."""

    def steps() -> list[int]:
        answer = httpx.get(
            f"{replicas.house.url}/api/audit/events",
            params={"name": "limit.reached", "subject": budget["id"]},
            headers=replicas.house.headers,
            verify=False,
        )
        return sorted(each["details"]["step"] for each in answer.raise_for_status().json()["items"])

    wait_for(lambda: steps() == [50, 80, 100])


async def test_what_a_failed_or_abandoned_call_used_is_settled(replicas: Replicas) -> None:
    house, key = replicas.house, replicas.key()
    slow = add_model(house, "pace=20,tokens=400")
    broken = add_model(house, "status=500")
    tokens, requests = replicas.limited(
        {
            "subject": on("key", key["id"]),
            "measure": "tokens",
            "window": "day",
            "amount": 100_000,
        },
        {**DAY, "subject": on("key", key["id"]), "amount": 100},
    )
    headers = {"authorization": f"Bearer {key['key']}"}
    body = {"model": slow, "messages": [{"role": "user", "content": "?"}], "stream": True}
    async with (
        httpx.AsyncClient(base_url=house.url, headers=headers, verify=False) as client,
        client.stream("POST", "/v1/chat/completions", json=body) as answer,
    ):
        assert answer.status_code == 200
        await anext(answer.aiter_raw())
    assert ask(house.url, key["key"], broken).status_code == 502
    assert ask(house.url, key["key"]).status_code == 200
    wait_for(lambda: used_up(house, requests, "3"))
    (counted,) = house.rows(
        "SELECT sum(input_tokens + output_tokens) FROM operations WHERE key_id = %s",
        key["id"].removeprefix("key_"),
    )
    assert used_up(house, tokens, str(counted[0]))
    # What was promised and not used has come back.
    wait_for(
        lambda: int(state(house, tokens)["use"]["remaining"]) == 100_000 - int(str(counted[0]))
    )


@pytest.mark.parametrize("replica", [0, 1])
async def test_a_killed_process_neither_leaks_quota_nor_lets_one_call_too_many_through(
    replicas: Replicas, replica: int
) -> None:
    key = replicas.key()
    (limit,) = replicas.limited({**DAY, "subject": on("key", key["id"]), "amount": 200})
    counted = await rush(replicas.urls, key["key"], 60)
    assert counted == {200: 60}
    pids = replicas.house.pids("server") if replica == 0 else replicas.servers()
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: _ready(replicas))
    # Until what the dead held is free again, a call may be refused; never is one too many let in.
    wait_for(lambda: used_up(replicas.house, limit, "60"))
    wait_for(lambda: state(replicas.house, limit)["use"]["remaining"] == "140")
    counted = await rush(replicas.urls, key["key"], 300)
    assert counted == {200: 140, 429: 160}
    wait_for(lambda: used_up(replicas.house, limit, "200"))


def _ready(replicas: Replicas) -> bool:
    try:
        return all(
            httpx.get(f"{url}/readyz", verify=False).status_code == 200 for url in replicas.urls
        )
    except httpx.HTTPError:
        return False


async def test_counters_are_the_sum_of_operations_and_can_be_made_anew(
    replicas: Replicas,
) -> None:
    house = replicas.house
    sums = "SELECT limit_id, window_start, holder, used FROM limit_uses ORDER BY 1, 2, 3"
    before = house.rows(sums)
    assert before
    house.rows("UPDATE limit_uses SET used = used + 7 RETURNING 1")
    house.rows("DELETE FROM limit_uses WHERE mod(used, 2) = 0 RETURNING 1")
    done = _hone(replicas, "limits", "rebuild", "--json")
    assert done
    assert house.rows(sums) == before


def _hone(replicas: Replicas, *arguments: str) -> str:
    done = run_hone(*arguments, "--data-dir", str(replicas.house.data_dir))
    assert done.returncode == 0, done.stderr
    return done.stdout
