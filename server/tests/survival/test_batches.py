"""Whatever is killed while a batch runs: no line is lost, and none whose answer came is asked again."""

import json
import os
import random
import signal
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from hone.core import ids
from tests.core.facts import wait_for
from tests.fixtures.control import add_model, desk
from tests.fixtures.house import House, open_house

ROUNDS = int(os.environ.get("HONE_TEST_ROUNDS", "3"))
pytestmark = [
    pytest.mark.rounds,
    pytest.mark.timeout(300 + 60 * ROUNDS),
    pytest.mark.xdist_group("survival"),
]
LINES = 200
CHAT = "/v1/chat/completions"


@pytest.fixture
def own_house() -> Iterator[House]:
    """Give the test a Hone of its own to harm."""
    with open_house(workers=1) as opened:
        yield opened


def _begin(client: httpx.Client, model: str) -> str:
    message = {"role": "user", "content": "How many guests may come?"}
    body = {"model": model, "messages": [message], "max_tokens": 8}
    lines = [
        json.dumps({"custom_id": f"line-{number}", "method": "POST", "url": CHAT, "body": body})
        for number in range(LINES)
    ]
    form = {"file": ("input.jsonl", "\n".join(lines))}
    file = client.post("/v1/files", data={"purpose": "batch"}, files=form).raise_for_status()
    wanted = {"input_file_id": file.json()["id"], "endpoint": CHAT, "completion_window": "24h"}
    return client.post("/v1/batches", json=wanted).raise_for_status().json()["id"]


def _kept(house: House, batch_id: str) -> int:
    query = "SELECT completed FROM batches WHERE id = %s"
    return int(str(house.rows(query, ids.parse("batch", batch_id))[0][0]))


def test_a_batch_outlives_its_worker_the_servers_and_everything(own_house: House) -> None:
    house = own_house
    model = add_model(house, "ttft=40")
    with desk(house) as client:
        batch_id = _begin(client, model)
    chance = random.Random(7)
    for number in range(ROUNDS):
        want = min(LINES - 40, 10 + _kept(house, batch_id) + chance.randrange(30))
        wait_for(lambda: _kept(house, batch_id) >= want, 60)  # noqa: B023
        _strike(house, number)
    with desk(house) as client:
        batch = wait_for(lambda: _over(client, batch_id), 90)
        assert batch["status"] == "completed"
        text = client.get(f"/v1/files/{batch['output_file_id']}/content").text
    output: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines()]
    named = [each["custom_id"] for each in output]
    assert named == [f"line-{number}" for number in range(LINES)], "a line is lost, or there twice"
    _each_answer_is_one_call(house, batch_id, output)


def _strike(house: House, number: int) -> None:
    """Kill the worker; then a server and the worker; then all there is."""
    if number % 3 == 2:
        house.kill()
        house.start()
        return
    for program in ("worker", "server")[: number % 3 + 1]:
        for pid in house.pids(program):
            os.kill(pid, signal.SIGKILL)
    house.await_ready()


def _over(client: httpx.Client, batch_id: str) -> dict[str, Any]:
    try:
        found = client.get(f"/v1/batches/{batch_id}").json()
    except httpx.HTTPError:
        return {}
    return found if found.get("status") in {"completed", "failed", "expired"} else {}


def _each_answer_is_one_call(house: House, batch_id: str, output: list[dict[str, Any]]) -> None:
    """Hold output, log and bill against each other: what was asked again had no answer before."""
    wanted = {each["response"]["request_id"] for each in output}
    rows = "SELECT id, status, cost FROM operations WHERE batch_id = %s"
    batch = ids.parse("batch", batch_id)

    def stored() -> dict[str, tuple[str, int]]:
        found = {
            ids.public("op", row[0]): (str(row[1]), int(str(row[2])))  # type: ignore[arg-type]
            for row in house.rows(rows, batch)
        }
        return found if wanted <= found.keys() else {}

    found = wait_for(stored)
    assert len(wanted) == LINES, "two lines have the same answer"
    answered = {name for name, (status, _) in found.items() if status == "success"}
    assert answered <= wanted, "a line that had its answer was asked again"
    # An answer is kept before it is logged: what was killed in between is logged as interrupted.
    assert Counter(found[name][0] for name in wanted).keys() <= {"success", "interrupted"}
    billed = {str(row["callerRequestId"]) for row in house.simulator.ledger()}
    assert wanted <= billed
