"""A search for parameters: trials that can be watched, a worker that dies, one version in the end."""

import os
import signal
from typing import Any

from sqlalchemy import text

from tests.training.conftest import RUNS, Desk

SEARCH: dict[str, Any] = {
    "trials": 3,
    "concurrency": 2,
    "space": {"learningRate": {"type": "number", "low": 0.05, "high": 0.2}},
}
BAD = {"optimizer": "adam", "epochs": 4, "learningRate": 1e-6}
"""Nothing is learned by it, so that any other trial is better."""


async def test_a_search_makes_one_version_of_its_best_trial(desk: Desk) -> None:
    await desk.dataset()
    told = {"channels": ["desk"], "on": ["best"]}
    begun = await desk.begin(params=BAD, search=SEARCH, resources={"cpu": 2}, notify=told)
    assert begun["estimate"]["basis"].endswith("times 3 trials")
    waiting = await desk.get(f"{RUNS}/{begun['id']}/trials")
    assert (waiting["objective"], waiting["wanted"], waiting["items"]) == ("macroF1", 3, [])
    async with desk.working():
        await desk.until(begun["id"], lambda run: run["state"] == "running")
        # The trainer is killed as soon as it has begun, with its trials.
        folder = next((desk.place.settings.data_dir / "training").glob("*/*/pid")).parent
        os.kill(int((folder / "pid").read_text()), signal.SIGKILL)
        ended = await desk.ended(begun["id"], 240)
    assert ended["state"] == "succeeded", ended["error"]
    found = await desk.get(f"{RUNS}/{begun['id']}/trials")
    assert [each["number"] for each in found["items"]] == [0, 1, 2]
    assert {each["state"] for each in found["items"]} == {"complete"}
    best = found["items"][found["best"]]
    assert best["value"] == max(each["value"] for each in found["items"])
    assert best["params"], "the run's own parameters learn nothing"
    async with desk.owner.transaction() as session:
        rows = await session.execute(text("SELECT target, words FROM training_notices"))
        ((target, words),) = rows.all()
    assert target == "channel:desk"
    assert f"Trial {found['best'] + 1} is the best so far: macroF1 {best['value']:.4f}" in words
    made = await desk.get("/api/ai/models/ticket-classifier")
    assert [each["version"] for each in made["versions"]] == ["1.0.0"]
    version = await desk.get("/api/ai/models/ticket-classifier/versions/1.0.0")
    searched = version["card"]["search"]
    assert (searched["chosen"], searched["value"]) == (found["best"], best["value"])
    assert version["configuration"] == searched["asked"]
    metrics = (await desk.get(f"{RUNS}/{begun['id']}/metrics"))["items"]
    assert {each["step"] for each in metrics if each["split"] == "search"} == {0, 1, 2}


async def test_what_cannot_be_searched_is_refused_before_it_costs(desk: Desk) -> None:
    await desk.dataset()
    asked = {"name": "a", "data": {"dataset": "tickets"}}
    number = {"type": "number", "low": 0.1, "high": 2}
    for search, words in (
        ({"space": {"l3": number}}, "search.space.l3: there is no such parameter"),
        ({"space": {"regularization.dropout": number}}, "must be at most 0.95"),
        ({"space": {"optimizer": {"type": "choice", "choices": ["adam", "eve"]}}}, "'eve'"),
        ({"space": {"epochs": number | {"low": 3}}}, "`low` must be less"),
        ({"space": {"epochs": number | {"low": -1, "log": True}}}, "must be above 0"),
        ({"trials": 0}, "trials"),
    ):
        refused = await desk.post(RUNS, asked | {"search": search}, 422)
        assert words in str(refused["error"]), refused
    bare = asked | {"data": {"dataset": "tickets", "split": {"validation": 0, "train": 0.9}}}
    refused = await desk.post(RUNS, bare | {"search": {}}, 422)
    assert "data.split.validation" in refused["error"]["message"]
    plain = await desk.begin()
    none = await desk.get(f"{RUNS}/{plain['id']}/trials")
    assert (none["wanted"], none["best"], none["items"]) == (0, None, [])
