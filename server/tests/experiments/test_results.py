"""What came of an experiment: figures that can be reckoned by hand, a verdict, and looks that stay."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import aclosing
from typing import Any

import httpx
import pytest

from hone import experiments
from hone.core.db import Database
from tests.core.facts import wait_for
from tests.experiments.traffic import Json, ask, client, draft, post, split_now, whole_now
from tests.fixtures.house import House

USERS = 240
METRICS = [
    {"key": "positive_feedback", "role": "primary"},
    {"key": "politeness", "role": "secondary"},
    {"key": "error_rate", "role": "guardrail", "margin": 0.1},
    {"key": "latency_ms"},
    {"key": "cost_usd"},
]


def keep(house: House) -> None:
    """Do what the worker does for experiments."""

    async def once() -> None:
        async with aclosing(Database.connect(house.postgres.owner_url, pool_size=1)) as owner:
            await experiments.keep(owner)

    asyncio.run(once())


def results(http: httpx.Client, path: str) -> Json:
    answer = http.get(f"{path}/results")
    assert answer.status_code == 200, answer.text
    return answer.json()


def seen(house: House, experiment: str, query: str) -> list[tuple[Any, ...]]:
    return house.rows(query, experiment.removeprefix("exp_"))


@pytest.fixture(scope="module")
def told(house: House) -> Iterator[tuple[str, dict[str, list[bool]]]]:
    """Run an experiment in which the treatment pleases more, and tell who said what."""
    with client(house) as http:
        for number in range(0, USERS, 2):
            ask(http, f"guest-{number}")
        made = draft(http, name="pleasing", metrics=METRICS)
        path = f"/api/experiments/{made['id']}"
        post(http, f"{path}/start")
        split_now(http)
        said: dict[str, list[bool]] = defaultdict(list)
        for number in range(USERS):
            answer = ask(http, f"guest-{number}")
            arm = answer.headers["x-hone-arm"]
            good = number % 10 != 0 if arm == "treatment" else number % 3 == 0
            said[arm].append(good)
            body = {
                "operation_id": answer.headers["x-request-id"],
                "user": f"guest-{number}",
                "metric": "thumbs",
                "value": good,
            }
            if number % 4 == 0:
                body |= {"metric": "politeness", "value": 0.5}
                said[f"polite {arm}"].append(True)
            assert http.post("/v1/feedback", json=body).status_code == 200
        said_once = sum(len(each) for arm, each in said.items() if not arm.startswith("polite"))
        wait_for(lambda: _counted(house, made["id"]) == said_once, 30)
        keep(house)
        yield path, said
        post(http, f"{path}/stop", {"reason": "seen enough"})
        whole_now(http)


def _counted(house: House, experiment: str) -> int:
    rows = seen(
        house,
        experiment,
        "SELECT coalesce(sum(n), 0)::int FROM split_feedback WHERE split_id = %s::uuid"
        " AND metric IN ('positive_feedback', 'politeness')",
    )
    return int(rows[0][0])


def test_figures_are_those_that_were_said(
    house: House, told: tuple[str, dict[str, list[bool]]]
) -> None:
    path, said = told
    with client(house) as http:
        found = results(http, path)
    arms = {each["name"]: each for each in found["arms"]}
    for name in ("control", "treatment"):
        arm = arms[name]
        assert arm["units"] >= len(said[name])
        assert arm["errors"] == arm["rescued"] == 0
        assert arm["metrics"]["politeness"]["mean"] == 0.5
        assert arm["metrics"]["politeness"]["n"] == len(said[f"polite {name}"])
        assert arm["metrics"]["error_rate"]["mean"] == 0
        assert arm["metrics"]["cost_usd"]["mean"] > 0
    assert found["sampleRatio"]["ok"]
    by = {(each["arm"], each["metric"]): each for each in found["comparisons"]}
    assert by["treatment", "positive_feedback"]["difference"] > 0.3
    assert by["treatment", "cost_usd"]["difference"] < 0
    assert by["treatment", "error_rate"]["broken"] is False
    assert {each["by"] for each in found["segments"]} >= {"history"}


def test_what_the_last_analysis_said_is_in_the_list(
    house: House, told: tuple[str, dict[str, list[bool]]]
) -> None:
    path, said = told
    with client(house) as http:
        # An analysis that came before the last calls were stored is followed by one that has them.
        wait_for(lambda: (http.get(path).json()["units"] or 0) >= len(said["treatment"]), 120)
        listed = http.get("/api/experiments", params={"state": "running"}).json()["items"]
        one = http.get(path).json()
    (found,) = [each for each in listed if each["id"] == one["id"]]
    assert found == one
    assert found["units"] >= len(said["treatment"])
    assert found["verdict"]["words"]
