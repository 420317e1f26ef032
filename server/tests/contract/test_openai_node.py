"""OpenAI's client for Node against a running Hone."""

from pathlib import Path
from typing import Any

import pytest

from tests.contract.programs import tell
from tests.fixtures.control import add_model, operation
from tests.fixtures.house import ADMIN_KEY, House

FOLDER = Path(__file__).parent / "node"


@pytest.fixture(scope="module")
def told(house: House) -> dict[str, Any]:
    """Let the client do all that it does, and return what it saw."""
    slow = add_model(house, "pace=40,tokens=200")
    return tell(FOLDER, "chat.mjs", f"{house.url}/v1", ADMIN_KEY, "assistant", slow)


def test_it_chats_and_is_told_the_cost(told: dict[str, Any], house: House) -> None:
    chat = told["chat"]
    assert chat["text"]
    stored = operation(house, chat["requestId"])
    assert stored["costUsd"] == pytest.approx(float(chat["cost"]))
    assert stored["inputTokens"] == chat["usage"]["prompt_tokens"]
    assert stored["outputTokens"] == chat["usage"]["completion_tokens"]


def test_it_streams_the_same_answer(told: dict[str, Any]) -> None:
    assert told["stream"]["text"] == told["chat"]["text"]
    assert told["stream"]["usage"]["cost_usd"] == pytest.approx(float(told["chat"]["cost"]))


def test_it_embeds(told: dict[str, Any]) -> None:
    assert told["embeddings"] == [8, 8]


def test_it_lists_models(told: dict[str, Any]) -> None:
    assert {"assistant", "venue", "backup"} <= set(told["models"]["names"])
    assert told["models"]["one"] == "assistant"


def test_it_aborts_in_the_middle_of_a_stream(told: dict[str, Any], house: House) -> None:
    abort = told["abort"]
    assert 3 <= abort["received"] < 50
    stored = operation(house, abort["requestId"])
    assert stored["status"] == "cancelled"
    assert 0 < stored["outputTokens"] < 200


def test_it_names_what_went_wrong(told: dict[str, Any]) -> None:
    refusal = told["refusal"]
    assert refusal["kind"] == "NotFoundError"
    assert (refusal["status"], refusal["code"]) == (404, "model_not_found")
    assert refusal["requestID"].startswith("op_")
