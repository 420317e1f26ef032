"""Corrected answers become examples by the trail of events, and go when they are taken back."""

import pytest_asyncio

from hone import feedback
from hone.core import events, http
from hone.core.db import Database
from hone.datasets import gathering
from hone.feedback.routes import router as feedback_router
from hone.gateway import ContentMode
from hone.operations import keep_partitions
from hone.operations.routes import router as operations_router
from tests.datasets.conftest import Desk, Json
from tests.identity.api import Api

LOGGED: Json = {
    "modelId": "ticket-classifier",
    "operationType": "classification",
    "output": "billing",
    "confidence": 0.61,
    "userId": "u-1",
}


@pytest_asyncio.fixture
async def api(desk: Desk, owner: Database) -> Api:
    http.add_routers(desk.api.app, feedback_router, operations_router)
    await keep_partitions(owner)
    return desk.api


async def _correct(api: Api, said: str, label: str, person: str = "u-1") -> str:
    """Record a call and say what its answer should have been."""
    await api.refresh()
    part = api.app.state.current.snapshot.organizations[api.organization_id]
    assert part.content is ContentMode.FULL
    logged = await api.post("/api/ai/operations/log", LOGGED | {"input": said, "userId": person})
    assert logged.status_code == 201, logged.text
    given = {
        "operationType": "classification",
        "operationId": logged.json()["id"],
        "feedback": "negative",
        "correctedCategory": label,
        "userId": person,
    }
    answer = await api.post("/api/ai/feedback", given)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def _follow(api: Api, owner: Database) -> None:
    """Do what the worker does within some seconds."""
    while await feedback.settle(owner, api.keyring):
        pass
    while await events.seal(owner):
        pass
    while await gathering.gather(owner, api.keyring):
        pass


async def test_a_correction_becomes_an_example_of_its_models_dataset(
    api: Api, owner: Database, desk: Desk
) -> None:
    await _correct(api, "my card was declined", "card_declined")
    await _follow(api, owner)
    dataset = await desk.get("/api/datasets/ticket-classifier")
    assert (dataset["kind"], dataset["collects"]) == ("intent", ["ticket-classifier"])
    (row,) = await desk.examples("ticket-classifier")
    assert (row["input"], row["output"]) == ("my card was declined", "card_declined")
    assert (row["status"], row["source"]) == ("pending", "user")
    lineage = row["lineage"]
    assert lineage["operation"].startswith("op_")
    assert lineage["feedback"].startswith("fb_")
    assert lineage["user"] == "u-1"
    for what in ("operation", "feedback"):
        query = f"/api/ai/training-data?{what}={lineage[what]}"
        (linked,) = (await desk.get(query))["items"]
        assert (linked["id"], linked["datasetId"]) == (row["id"], dataset["id"])
        assert (await desk.get(f"{query[:-3]}000"))["items"] == []
    (said,) = (await desk.get(f"/api/ai/feedback?operation={lineage['operation']}"))["items"]
    assert said["id"] == lineage["feedback"]
    assert row["versions"] == linked["versions"] == []
    where = "/api/datasets/ticket-classifier"
    body = {"ids": [row["id"]], "action": "approve"}
    await desk.made(f"{where}/examples/review", body, 200)
    more = [{"input": f"more {each}", "output": "more"} for each in range(3)]
    for number, each in enumerate(more, 1):
        assert (await desk.made(f"{where}/versions", {}))["number"] == number
        await desk.made(f"{where}/examples", each | {"status": "validated"})
    found = {each["input"]: each for each in await desk.examples("ticket-classifier")}
    assert found["my card was declined"]["versions"] == [3, 2, 1]
    assert [found[f"more {each}"]["versions"] for each in range(3)] == [[3, 2], [3], []]
    reviewer = found["my card was declined"]["reviewer"]
    assert reviewer.startswith("key_")
    await _follow(api, owner)
    assert len(await desk.examples("ticket-classifier")) == 4, "nothing comes twice"


async def test_whom_a_dataset_trusts_needs_no_review(api: Api, owner: Database, desk: Desk) -> None:
    await desk.dataset("corrections", collects=["ticket-classifier"], trusted=["u-expert"])
    await _correct(api, "my card was declined", "card_declined", "u-expert")
    await _correct(api, "where is my refund", "refund", "u-2")
    await _follow(api, owner)
    found = {each["output"]: each for each in await desk.examples("corrections")}
    assert found["card_declined"]["status"] == "validated"
    assert found["card_declined"]["reviewer"] == "rule"
    assert found["refund"]["status"] == "pending"


async def test_two_who_contradict_each_other_go_to_review(
    api: Api, owner: Database, desk: Desk
) -> None:
    await desk.dataset("corrections", collects=["ticket-classifier"], trusted=["*"])
    await _correct(api, "it failed", "payment", "u-1")
    await _follow(api, owner)
    await _correct(api, "it failed", "login", "u-2")
    await _follow(api, owner)
    rows = await desk.examples("corrections")
    assert {each["status"] for each in rows} == {"pending"}
    assert {each["output"] for each in rows} == {"payment", "login"}


async def test_what_is_taken_back_takes_its_example_with_it(
    api: Api, owner: Database, desk: Desk
) -> None:
    given = await _correct(api, "my card was declined", "card_declined")
    other = await _correct(api, "where is my refund", "refund")
    await _follow(api, owner)
    (reviewed,) = await desk.examples("ticket-classifier", "label=refund")
    body = {"ids": [reviewed["id"]], "action": "approve"}
    await desk.made("/api/datasets/ticket-classifier/examples/review", body, 200)
    decided = await api.post("/api/ai/feedback/review", {"ids": [given, other], "action": "reject"})
    assert decided.status_code == 200, decided.text
    await _follow(api, owner)
    left = await desk.examples("ticket-classifier")
    assert [each["output"] for each in left] == ["refund"], "a person has approved this one"


async def test_many_wrong_corrections_of_one_person_stay_out(
    api: Api, owner: Database, desk: Desk
) -> None:
    await desk.dataset("corrections", collects=["ticket-classifier"], trusted=["*"])
    for number in range(65):
        await _correct(api, f"question number {number} of many", "hacked", "u-mallory")
    await _follow(api, owner)
    held = (await api.get("/api/ai/feedback?state=held")).json()
    assert held["total"] == 65
    assert await desk.examples("corrections") == []
