"""What a client may rely on, whole and in every layer: streams that end, and keys that repeat."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from hone.core import ids
from tests.core.facts import wait_for
from tests.fixtures.control import QUESTION, add_model, chat, desk, do, operation
from tests.fixtures.house import House

TOKENS = 400


def billed(house: House, operation_id: str) -> list[dict[str, object]]:
    """Return what the provider has in its ledger for one operation."""
    return [row for row in house.simulator.ledger() if row["callerRequestId"] == operation_id]


def leave(house: House, model: str, after: int) -> str:
    """Leave a stream in its middle; return the operation."""
    body = {"model": model, "messages": QUESTION, "stream": True}
    with (
        desk(house) as client,
        client.stream("POST", "/v1/chat/completions", json=body) as answer,
    ):
        for number, _ in enumerate(answer.iter_raw(), 1):
            if number >= after:
                break
        return answer.headers["x-request-id"]


def test_a_client_that_leaves_a_stream_stops_the_provider_and_pays_for_what_came(
    house: House,
) -> None:
    model = add_model(house, f"pace=10,tokens={TOKENS}")
    left = leave(house, model, after=5)
    stored = operation(house, left)
    assert stored["status"] == "cancelled"
    assert stored["errorCode"] == "client_gone"
    assert 0 < stored["outputTokens"] < TOKENS
    assert stored["costUsd"] > 0
    rows = wait_for(lambda: billed(house, left))
    assert [row["delivery"] for row in rows] == ["client_gone"]
    assert int(str(rows[0]["completionTokens"])) < TOKENS


def test_a_client_that_leaves_before_the_answer_stops_the_provider_too(house: House) -> None:
    model = add_model(house, "ttft=5000")
    with desk(house) as client, pytest.raises(httpx.ReadTimeout):
        body = {"model": model, "messages": QUESTION}
        client.post("/v1/chat/completions", json=body, timeout=0.3)
    (stored,) = wait_for(lambda: _stored(house, model))
    assert stored["status"] == "cancelled"
    rows = wait_for(lambda: billed(house, stored["id"]))
    assert [row["delivery"] for row in rows] == ["client_gone"]


def _stored(house: House, model: str) -> list[dict[str, Any]]:
    with desk(house) as client:
        return client.get("/api/ai/operations", params={"model": model}).json()["items"]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("fault=cut,after=5", "upstream_stream_cut"),
        ("fault=no_done,after=5", "upstream_stream_cut"),
        ("fault=malformed,after=5", "upstream_malformed"),
        ("status=500,after=5", "upstream_error"),
    ],
)
def test_a_stream_that_breaks_ends_with_an_error_and_is_never_a_success(
    house: House, fault: str, code: str
) -> None:
    answer = chat(house, add_model(house, f"pace=10,{fault}"), stream=True, max_tokens=50)
    assert answer.status_code == 200
    events = [line.removeprefix("data: ") for line in answer.text.splitlines() if line]
    assert "[DONE]" not in events
    last = json.loads(events[-1])
    assert last["error"]["code"] == code
    assert {"message", "type", "code", "param"} <= set(last["error"])
    assert not any('"finish_reason":"stop"' in event for event in events)
    stored = operation(house, answer.headers["x-request-id"])
    assert (stored["status"], stored["errorCode"]) == ("error", code)
    assert stored["usageEstimated"]
    assert 0 < stored["outputTokens"] < 50


@pytest.mark.parametrize("stream", [False, True])
def test_the_same_key_and_request_get_the_same_answer_on_every_process(
    house: House, stream: bool
) -> None:
    key = {"idempotency-key": ids.new().hex}
    first = chat(house, stream=stream, headers=key)
    assert first.status_code == 200
    assert "x-hone-replayed" not in first.headers
    # Each is a new connection, so it may be any process.
    again = [chat(house, stream=stream, headers=key) for _ in range(6)]
    assert {each.status_code for each in again} == {200}
    assert {each.content for each in again} == {first.content}
    assert {each.headers["x-request-id"] for each in again} == {first.headers["x-request-id"]}
    assert {each.headers["x-hone-replayed"] for each in again} == {"true"}
    assert {each.headers["content-type"] for each in again} == {first.headers["content-type"]}
    assert len(billed(house, first.headers["x-request-id"])) == 1


def test_the_same_key_with_another_request_is_refused(house: House) -> None:
    key = {"idempotency-key": ids.new().hex}
    assert chat(house, headers=key).status_code == 200
    other = chat(house, headers=key, temperature=0.5)
    assert (other.status_code, other.json()["error"]["code"]) == (422, "idempotency_mismatch")


def test_a_request_that_is_in_progress_is_not_begun_again(house: House) -> None:
    model = add_model(house, "ttft=700")
    key = {"idempotency-key": ids.new().hex}
    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(chat, house, model, headers=key) for _ in range(2)]
        answers = {each.result().status_code: each.result() for each in running}
    answered, refused = answers[200], answers[409]
    assert refused.json()["error"]["code"] == "idempotency_in_progress"
    assert refused.headers["retry-after"]
    assert chat(house, model, headers=key).content == answered.content


def test_a_request_that_failed_may_be_sent_again_under_its_key(house: House) -> None:
    model = add_model(house, "status=500,times=1")
    key = {"idempotency-key": ids.new().hex}
    assert chat(house, model, headers=key).status_code == 502
    retried = chat(house, model, headers=key)
    assert retried.status_code == 200
    assert "x-hone-replayed" not in retried.headers


def test_a_corrected_answer_is_training_data_within_half_a_minute(house: House) -> None:
    asked = chat(house).headers["x-request-id"]
    right = f"Guests may come by {ids.new().hex}."
    said = {"operation_id": asked, "value": False, "correction": right}
    do(house, "POST", "/v1/feedback", said)
    began = time.monotonic()
    with desk(house) as client:
        path = f"/api/ai/training-data?operation={asked}"
        (example,) = wait_for(lambda: client.get(path).json()["items"], 30)
    assert time.monotonic() - began < 30
    assert (example["expectedOutput"], example["operationId"]) == (right, asked)
    assert example["validationStatus"] == "pending", "somebody looks at it first"
