"""`/v1/fine_tuning/jobs` in the words of OpenAI's clients, on Hone's own engines."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest_asyncio
from sqlalchemy import text

from hone import batches
from hone.batches.routes import router as batches_router
from hone.core import http
from hone.training.validating import Validator
from tests.training import intents
from tests.training.conftest import RUNS, Desk

JOBS = "/v1/fine_tuning/jobs"


class Client:
    """Somebody with files and jobs, as OpenAI's client sends them."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.headers = {"authorization": f"Bearer {desk.api.admin_key}"}

    async def file(self, lines: Sequence[object], name: str = "tickets.jsonl") -> str:
        body = b"".join(json.dumps(each).encode() + b"\n" for each in lines)
        await self.desk.api.refresh()
        answer = await self.desk.api.client.post(
            "/v1/files",
            data={"purpose": "fine-tune"},
            files={"file": (name, body)},
            headers=self.headers,
        )
        assert answer.status_code == 200, answer.text
        return answer.json()["id"]

    async def begin(self, status: int = 200, **body: Any) -> dict[str, Any]:
        return await self.desk.post(JOBS, {"model": "hone:linear"} | body, status)

    async def until(self, job_id: str, *states: str) -> dict[str, Any]:
        """Have a worker look at jobs until one is in a state."""
        async with asyncio.timeout(60):
            while True:
                job = await self.desk.get(f"{JOBS}/{job_id}")
                if job["status"] in states:
                    return job
                await asyncio.sleep(0.05)

    async def listed(self, path: str) -> list[dict[str, Any]]:
        found = await self.desk.get(path)
        assert found["object"] == "list"
        return found["data"]


@pytest_asyncio.fixture
async def client(desk: Desk) -> Client:
    api = desk.api
    http.add_routers(api.app, batches_router)
    blobs = api.app.state.blobs
    api.app.state.files = batches.Place(api.database, api.keyring, blobs, 1 << 20)
    return Client(desk)


def chats(each: int = 30) -> list[dict[str, Any]]:
    """Write the examples as conversations: the label is what the assistant says."""
    return [
        {
            "messages": [
                {"role": "system", "content": "Say which department it is for."},
                {"role": "user", "content": row["input"]},
                {"role": "assistant", "content": row["output"]},
            ]
        }
        for row in intents.rows(each)
    ]


async def test_a_file_becomes_a_model_that_can_be_called(desk: Desk, client: Client) -> None:
    file = await client.file(chats())
    begun = await client.begin(
        training_file=file, suffix="tickets", seed=3, metadata={"team": "desk"}
    )
    assert begun["object"] == "fine_tuning.job"
    assert (begun["status"], begun["fine_tuned_model"]) == ("validating_files", None)
    assert (begun["seed"], begun["run_id"]) == (3, None)
    waits = await desk.post(f"{JOBS}/{begun['id']}/pause", status=409)
    assert waits["error"]["code"] == "tuning_files_read"
    assert begun["method"]["type"] == "supervised"
    assert begun["hyperparameters"]["n_epochs"] == "auto"
    again = await client.begin(training_file=file)
    assert (await client.listed(JOBS))[0]["id"] == again["id"]
    assert [each["id"] for each in await client.listed(f"{JOBS}?metadata[team]=desk")] == [
        begun["id"]
    ]
    older = await client.listed(f"{JOBS}?limit=1&after={again['id']}")
    assert [each["id"] for each in older] == [begun["id"]]
    cancelled = await desk.post(f"{JOBS}/{again['id']}/cancel")
    assert (cancelled["status"], cancelled["finished_at"] is None) == ("cancelled", False)
    over = await desk.post(f"{JOBS}/{again['id']}/cancel", status=409)
    assert over["error"]["code"] == "training_run_over"
    async with desk.working():
        job = await client.until(begun["id"], "queued", "running", "succeeded")
        run = await desk.ended(job["run_id"])
    assert run["state"] == "succeeded", run["error"]
    assert run["dataset"]["examples"] == 90
    ended = await desk.get(f"{JOBS}/{begun['id']}")
    assert (ended["status"], ended["fine_tuned_model"]) == ("succeeded", "tickets@staging")
    model = (await desk.get("/api/ai/models/tickets"))["live"]
    assert (model["staging"], model["production"]) == ("1.0.0", None)
    (kept,) = await client.listed(f"{JOBS}/{begun['id']}/checkpoints")
    assert kept["fine_tuned_model_checkpoint"] == "tickets@staging"
    assert kept["metrics"]["accuracy"] > 0.5
    events = await client.listed(f"{JOBS}/{begun['id']}/events?limit=100")
    assert {"message", "metrics"} == {each["type"] for each in events}
    assert any("live in staging" in each["message"] for each in events)
    assert events[-1]["message"] == f"Validating {file}."
    rest = await client.listed(f"{JOBS}/{begun['id']}/events?limit=100&after={events[0]['id']}")
    assert rest == events[1:]


async def test_files_and_numbers_of_the_client_are_kept_apart(desk: Desk, client: Client) -> None:
    lines = chats(20)
    training, held = await client.file(lines[6:]), await client.file(lines[:6])
    begun = await client.begin(
        training_file=training,
        validation_file=held,
        method={
            "type": "supervised",
            "supervised": {"hyperparameters": {"n_epochs": 2, "learning_rate_multiplier": 0.5}},
        },
    )
    while await _validator(desk).one():
        pass
    queued = await desk.get(f"{JOBS}/{begun['id']}")
    assert queued["status"] == "queued"
    run = await desk.run(queued["run_id"])
    assert run["spec"]["params"] == {"epochs": 2, "learningRate": 0.01, "optimizer": "adam"}
    version = await desk.get(f"/api/datasets/{run['dataset']['id']}/versions/1")
    assert version["manifest"]["splits"] == {"train": 54, "validation": 3, "test": 3}
    paused = await desk.post(f"{JOBS}/{begun['id']}/pause")
    assert paused["status"] == "paused"
    assert (await desk.post(f"{JOBS}/{begun['id']}/resume"))["status"] == "queued"
    by_data = await client.begin(training_file=run["dataset"]["id"], model="hone:linear")
    assert (await desk.run(by_data["run_id"]))["dataset"]["id"] == run["dataset"]["id"]


def _validator(desk: Desk) -> Validator:
    return Validator(desk.place, desk.api.database, desk.owner)


async def test_files_are_read_on_when_their_worker_is_lost(desk: Desk, client: Client) -> None:
    file = await client.file(chats())
    begun = await client.begin(training_file=file)
    reading = asyncio.ensure_future(_validator(desk).one())
    async with asyncio.timeout(30):
        while True:
            listed = (await desk.get("/api/datasets"))["items"]
            if listed and listed[0]["examples"]:
                break
            await asyncio.sleep(0.01)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    job = await desk.get(f"{JOBS}/{begun['id']}")
    if job["status"] == "validating_files":
        assert not await _validator(desk).one(), "somebody holds it still"
        async with desk.owner.transaction() as session:
            await session.execute(text("UPDATE tuning_jobs SET leased_until = now()"))
        assert await _validator(desk).one()
        job = await desk.get(f"{JOBS}/{begun['id']}")
    assert job["status"] == "queued"
    assert (await desk.run(job["run_id"]))["dataset"]["examples"] == 90


async def test_what_is_wrong_is_told_by_line_and_by_name(desk: Desk, client: Client) -> None:
    file = await client.file(chats())
    broken = await client.file([*chats(2), {"messages": [{"role": "user", "content": "Hi"}]}])
    for body, param, words in (
        ({"training_file": file, "model": "hone:liner"}, "model", "hone:linear"),
        ({"training_file": file, "model": "gpt-9"}, "model", "hone:linear"),
        ({"training_file": file, "n_epochs": 3}, "n_epochs", "n_epochs"),
        ({"training_file": file, "method": {"type": "dpo"}}, "method.type", "'supervised'"),
        (
            {"training_file": file, "hyperparameters": {"beta": 0.1}},
            "hyperparameters",
            "no 'beta'",
        ),
    ):
        refused = (await client.begin(400, **body))["error"]
        assert (refused["code"], refused["param"]) == ("tuning_job_wrong", param)
        assert words in refused["message"]
    begun = await client.begin(training_file=broken)
    with_key = {"authorization": f"Bearer {desk.api.admin_key}", "idempotency-key": "one"}
    body = {"model": "hone:linear", "training_file": file}
    twice = [
        await desk.api.client.post(JOBS, json=body | more, headers=with_key)
        for more in ({}, {}, {"seed": 8})
    ]
    assert [each.status_code for each in twice] == [200, 200, 409]
    assert twice[0].json()["id"] == twice[1].json()["id"]
    await desk.post(f"{JOBS}/{twice[0].json()['id']}/cancel")
    assert await _validator(desk).one()
    failed = await desk.get(f"{JOBS}/{begun['id']}")
    assert (failed["status"], failed["run_id"]) == ("failed", None)
    assert failed["error"]["code"] == "invalid_training_file"
    assert failed["error"]["param"] == "training_file"
    assert "Line 7 of the file" in failed["error"]["message"]
    said = await client.listed(f"{JOBS}/{begun['id']}/events")
    assert [each["level"] for each in said] == ["error", "info"]
    assert not await _validator(desk).one()
    absent = (await client.begin(404, training_file="file_1"))["error"]
    assert (absent["code"], absent["param"]) == ("tuning_file_not_found", "training_file")
    assert "x-hone-files: here" in absent["message"]
    missing = await desk.get(f"{JOBS}/ftjob-of-somebody", 404)
    assert missing["error"]["code"] == "tuning_job_not_found"
    assert (await desk.get(RUNS))["items"] == []
