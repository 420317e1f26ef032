"""Trained models are called like any other: a real predictor, a real model, through the front door."""

import json
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any
from uuid import UUID

import httpx
import psutil
import pytest

from tests.core.facts import wait_for
from tests.fixtures.control import desk, do, everywhere
from tests.fixtures.house import ADMIN_KEY, House, open_house, run_hone
from tests.versions import trained

NAME = "ticket-classifier"
MODELS = f"/api/ai/models/{NAME}"


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """Give a Hone with a trained model that is live."""
    with open_house(workers=1) as opened:
        register(opened, trained.train())
        do(opened, "POST", f"{MODELS}/promote", {"version": "1.0.0"})
        everywhere(opened, lambda client: client.get(f"/v1/models/{NAME}").status_code == 200)
        yield opened
        opened.stop()


def ours(house: House) -> UUID:
    return UUID(str(house.rows("SELECT id FROM organizations ORDER BY created_at LIMIT 1")[0][0]))


def register(house: House, folder: Any, organization_id: UUID | None = None) -> str:
    return trained.register(house, organization_id or ours(house), folder, NAME).version


def classify(house: House, body: dict[str, Any], key: str = ADMIN_KEY) -> httpx.Response:
    with desk(house, key) as client:
        return client.post("/v1/classify", json={"model": NAME} | body)


def serving(house: House) -> str:
    return classify(house, {"input": trained.PIN}).json()["version"]


def predictors(house: House) -> list[psutil.Process]:
    """List the processes of the trainer that serve."""
    return [each for each in house.family() if "hone_trainer.serving" in command(each)]


def command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def operation(house: House, answer: httpx.Response) -> dict[str, Any]:
    """Read the call that an answer belongs to, once it has landed."""
    path = f"/api/ai/operations/{answer.headers['x-request-id']}"
    with desk(house) as client:
        wait_for(lambda: client.get(path).status_code == 200, 10)
        return client.get(path).json()


def test_a_text_is_labelled_and_the_call_is_an_operation_like_any(house: House) -> None:
    answer = classify(house, {"input": trained.PIN, "top": 2, "user": "guest-7"})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    result = told["results"][0]
    assert (told["object"], told["model"], told["version"]) == ("classification", NAME, "1.0.0")
    assert result["label"] == "pin"
    assert result["labels"][0]["label"] == "pin"
    assert len(result["labels"]) == 2
    assert 0.4 < result["confidence"] <= 1
    assert told["id"] == answer.headers["x-request-id"]
    row = operation(house, answer)
    assert row["kind"] == "classification"
    assert (row["modelName"], row["userId"]) == (NAME, "guest-7")
    assert row["metadata"] == {"modelVersion": "1.0.0", "label": "pin"}
    assert row["confidence"] == pytest.approx(result["confidence"], abs=1e-5)
    assert [each["content"] for each in row["messages"]] == [trained.PIN, "pin"]


def test_several_texts_and_what_is_wrong_with_a_request(house: House) -> None:
    texts = [trained.PIN, "the shop has not sent my money back"] * 40
    told = classify(house, {"input": texts}).json()
    assert [each["label"] for each in told["results"]] == ["pin", "refund"] * 40
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"input": []}, "empty"),
        ({"input": 7}, "Expected"),
        ({}, "missing"),
        ({"input": "a", "top": 0}, "top"),
        ({"input": ["a"] * 3000}, "2048"),
    )
    for body, words in wrong:
        refused = classify(house, body)
        assert refused.status_code == 400, refused.text
        assert words in refused.json()["error"]["message"]


def test_a_classifier_answers_chats_and_finds_no_entities(house: House) -> None:
    with desk(house) as client:
        asked: dict[str, Any] = {
            "model": NAME,
            "messages": [{"role": "user", "content": trained.PIN}],
        }
        said = client.post("/v1/chat/completions", json=asked)
        assert said.json()["choices"][0]["message"]["content"] == "pin"
        streamed = client.post("/v1/chat/completions", json=asked | {"stream": True}).text
        first = json.loads(streamed.partition("data: ")[2].partition("\n")[0])
        assert first["choices"][0]["delta"]["content"] == "pin"
        assert streamed.endswith("data: [DONE]\n\n")
        spoken = client.post(
            "/v1/messages",
            json={"model": NAME, "max_tokens": 9, "messages": asked["messages"]},
        )
        assert spoken.json()["content"][0]["text"] == "pin"
        wrong = client.post("/v1/entities", json={"model": NAME, "input": "a"})
        assert wrong.status_code == 400
        assert "call /v1/classify" in wrong.json()["error"]["message"]
        other = client.post("/v1/classify", json={"model": "venue", "input": "a"})
        assert other.status_code == 400
        assert other.json()["error"]["message"] == "This model's provider has no /classify."


def test_a_version_is_swapped_under_fire_without_a_failed_call(house: House) -> None:
    register(house, trained.train(pin="secret"))
    over = Event()

    def fire() -> list[tuple[int, str, str]]:
        found: list[tuple[int, str, str]] = []
        with desk(house) as client:
            while not over.is_set():
                answer = client.post("/v1/classify", json={"model": NAME, "input": trained.PIN})
                told = answer.json()
                label = told["results"][0]["label"] if answer.status_code == 200 else answer.text
                found.append((answer.status_code, told.get("version", ""), label))
        return found

    with ThreadPoolExecutor(4) as pool:
        firing = [pool.submit(fire) for _ in range(4)]
        newest = do(house, "GET", MODELS)["versions"][0]["version"]
        override = {"version": newest, "override": {"reason": "a new name for a topic"}}
        try:
            do(house, "POST", f"{MODELS}/promote", override)
            wait_for(lambda: serving(house) == newest, 20)
            do(house, "POST", f"{MODELS}/rollback", {"reason": "back"})
            wait_for(lambda: serving(house) == "1.0.0", 20)
        finally:
            over.set()
        answers = [each for one in firing for each in one.result()]
    assert {each[0] for each in answers} == {200}
    assert {each[1:] for each in answers} == {
        ("1.0.0", "pin"),
        (newest, "secret"),
    }


def test_no_call_is_lost_when_the_predictor_or_its_keeper_is_killed(house: House) -> None:
    over = Event()

    def fire() -> list[httpx.Response]:
        found: list[httpx.Response] = []
        while not over.is_set():
            found.append(classify(house, {"input": [trained.PIN] * 20}))
        return found

    with ThreadPoolExecutor(2) as pool:
        firing = [pool.submit(fire) for _ in range(2)]
        try:
            for keeper in (False, True):
                gone = {each.pid for each in wait_for(lambda: predictors(house), 20)}
                for pid in house.pids("predictor") if keeper else gone:
                    os.kill(pid, signal.SIGKILL)
                wait_for(lambda gone=gone: {p.pid for p in predictors(house)} - gone, 20)
                assert classify(house, {"input": trained.PIN}).status_code == 200
        finally:
            over.set()
        answers = [each for one in firing for each in one.result()]
    # Whoever was being answered is asked once more, and the others wait.
    assert {each.status_code for each in answers} == {200}, [
        each.text for each in answers if each.status_code != 200
    ][:3]


def test_what_the_predictor_has_is_told_and_why_it_has_not_the_rest(house: House) -> None:
    def model() -> dict[str, Any]:
        return do(house, "GET", "/api/ai/predictor")["models"][0]

    with desk(house) as client:
        assert model() == {
            "name": NAME,
            "environment": "production",
            "calledAs": NAME,
            "version": "1.0.0",
            "loaded": "1.0.0",
            "state": "loaded",
            "why": None,
        }
        told = "The predictor serves 1 live version of trained models."
        assert client.get("/readyz").json()["checks"]["predictor"]["detail"] == told
        lost = register(house, trained.train(pin="lost"))
        before, after = (
            {each["sha256"] for each in do(house, "GET", f"{MODELS}/versions/{each}")["files"]}
            for each in ("1.0.0", lost)
        )
        for digest in after - before:
            next((house.data_dir / "blobs").rglob(f"*{digest}")).unlink()
        override = {"version": lost, "override": {"reason": "its files are gone"}}
        do(house, "POST", f"{MODELS}/promote", override)
        wait_for(lambda: model()["state"] == "failed", 20)
        assert (model()["version"], model()["loaded"]) == (lost, "1.0.0")
        assert "cannot be fetched" in model()["why"]
        assert serving(house) == "1.0.0"
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()["status"]) == (200, "degraded")
        assert "1 of 1 live versions" in ready.json()["checks"]["predictor"]["detail"]
    said = run_hone("doctor", env={"HONE_DATA_DIR": str(house.data_dir)})
    assert said.returncode == 1
    assert f"{lost} cannot be loaded, and 1.0.0 still answers" in said.stdout, said.stdout
    do(house, "POST", f"{MODELS}/rollback", {"reason": "back"})
    wait_for(lambda: model()["state"] == "loaded", 20)
    assert model()["version"] == "1.0.0"


def test_another_organization_reaches_its_own_model_of_that_name_and_no_other(house: House) -> None:
    theirs, key = trained.add_organization(house, "Stranger")
    wait_for(lambda: classify(house, {"input": trained.PIN}, key).status_code == 404, 20)
    register(house, trained.train(card="parcel"), theirs)
    with desk(house, key) as client:
        path = f"{MODELS}/promote"
        assert client.post(path, json={"version": "1.0.0"}).status_code == 200
    wait_for(lambda: classify(house, {"input": trained.PIN}, key).status_code == 200, 20)
    labels = {
        each: classify(house, {"input": "card delivery", "top": 3}, each).json()["results"][0]
        for each in (key, ADMIN_KEY)
    }
    assert [one["label"] for one in labels.values()] == ["parcel", "card"]
    # Who is no server of this installation reaches nobody's.
    direct = predictor_address(house)
    for token in ("", "Bearer x", f"Bearer {theirs.hex}.{'0' * 64}"):
        stranger = httpx.post(
            f"{direct}/v1/classify",
            json={"model": NAME, "input": "a"},
            headers={"authorization": token} if token else {},
        )
        assert stranger.status_code == 401
    assert httpx.get(f"{direct}/readyz").json()["models"] == 2


def predictor_address(house: House) -> str:
    """Find the port that the predictor listens on."""
    serving = predictors(house)[0]
    port = next(
        each.laddr.port for each in serving.net_connections() if each.status == psutil.CONN_LISTEN
    )
    return f"http://127.0.0.1:{port}"


def test_the_command_line_tells_and_changes_what_is_live(house: House) -> None:
    env = {"HONE_DATA_DIR": str(house.data_dir)}
    listed = run_hone("models", "list", "--json", env=env)
    assert json.loads(listed.stdout)["items"][0]["live"]["production"] == "1.0.0", listed.stderr
    shown = run_hone("models", "show", NAME, "1.0.0", env=env)
    assert "The gates are passed." in shown.stdout, shown.stdout + shown.stderr
    told = run_hone("models", "live", NAME, "--at", "2020-01-01T00:00:00Z", env=env)
    assert told.stdout == f"Nothing was live as {NAME} then.\n"


def test_what_is_retired_is_refused_in_words(house: House) -> None:
    do(house, "POST", f"{MODELS}/versions/1.0.0/deprecate", {"retire": True})

    wait_for(lambda: classify(house, {"input": trained.PIN}).status_code != 200, 20)
    answer = classify(house, {"input": trained.PIN})
    told = answer.json()["error"]
    assert (answer.status_code, told["code"]) == (404, "no_live_version")
    assert told["message"] == f"No version of {NAME} is live: promote one, or call another model."
