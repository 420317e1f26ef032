"""Vercel's AI SDK against a running Hone, with models of four formats behind it."""

from pathlib import Path
from typing import Any, Final

import pytest

from tests.contract.models import FORMATS, VECTORS
from tests.contract.programs import tell
from tests.fixtures.control import operation
from tests.fixtures.house import ADMIN_KEY, House

FOLDER: Final = Path(__file__).parent / "vercel"
CLIENTS: Final = ("openai", "responses", "compatible", "anthropic")
"""`@ai-sdk/openai` (chat and Responses), `@ai-sdk/openai-compatible`, `@ai-sdk/anthropic`."""
each = pytest.mark.parametrize("client", CLIENTS)
every = pytest.mark.parametrize("model", FORMATS)

Told = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def told(house: House) -> Told:
    """Let every client do all that it does with every model, and return what it saw."""
    formats, vectors = ",".join(FORMATS), ",".join(VECTORS)
    return tell(FOLDER, "scenario.mjs", house.url, ADMIN_KEY, formats, vectors)


def _step(told: Told, client: str, model: str, name: str) -> Any:
    step = told[f"{client} {model}"][name]
    assert "failed" not in step, step
    return step


@each
@every
def test_it_generates_a_text(told: Told, house: House, client: str, model: str) -> None:
    chat = _step(told, client, model, "chat")
    assert chat["text"]
    assert chat["finishReason"] == "stop"
    stored = operation(house, chat["requestId"])
    assert stored["inputTokens"] == chat["usage"]["inputTokens"]
    assert stored["outputTokens"] == chat["usage"]["outputTokens"]


@each
@every
def test_it_streams_the_same_text(told: Told, client: str, model: str) -> None:
    chat, stream = (_step(told, client, model, name) for name in ("chat", "stream"))
    assert stream["parts"] > 5
    assert stream["text"] == chat["text"]
    assert stream["finishReason"] == "stop"
    for name in ("inputTokens", "outputTokens", "totalTokens"):
        assert stream["usage"][name] == chat["usage"][name]


@each
@every
def test_it_runs_a_tool_and_goes_on(told: Told, client: str, model: str) -> None:
    tools = _step(told, client, model, "tools")
    assert [set(given) for given in tools["run"]] == [{"day", "guests"}] * 2
    assert tools["steps"] == tools["streamedSteps"] == ["tool-calls", "stop"]
    assert tools["text"] == tools["streamedText"] != ""


@each
@every
def test_it_generates_an_object_of_a_schema(told: Told, client: str, model: str) -> None:
    made = _step(told, client, model, "object")
    assert set(made["whole"]) == {"day", "guests"}
    assert made["streamed"] == made["whole"]
    assert made["parts"] >= 1


@each
@every
def test_it_shows_an_image(told: Told, client: str, model: str) -> None:
    image = _step(told, client, model, "image")
    assert image["seen"] > image["blind"] > 0


@each
@every
def test_it_aborts_in_the_middle_of_a_stream(
    told: Told, house: House, client: str, model: str
) -> None:
    abort = _step(told, client, model, "abort")
    assert abort["aborted"]
    assert 3 <= abort["received"] < 200
    stored = operation(house, abort["requestId"])
    assert stored["status"] == "cancelled"
    assert 0 < stored["outputTokens"] < 200


@each
@every
def test_it_knows_what_may_be_tried_again(told: Told, client: str, model: str) -> None:
    refusals = _step(told, client, model, "refusals")
    assert all(refusal["typed"] for refusal in refusals.values())
    assert all(refusal["message"] for refusal in refusals.values())
    found = {end: (each["status"], each["retryable"]) for end, each in refusals.items()}
    # A model that failed five times is left alone for a moment.
    assert found.pop("-down") in {(502, True), (503, True)}
    assert found == {"-busy": (429, True), "-long": (400, False), "-unheard-of": (404, False)}


@each
@every
def test_a_stream_that_breaks_off_is_an_error(told: Told, client: str, model: str) -> None:
    broken = _step(told, client, model, "broken")
    assert broken == {"error": True, "finishReason": "error"}


@pytest.mark.parametrize("client", ["openai", "compatible"])
@pytest.mark.parametrize("model", VECTORS)
def test_it_embeds(told: Told, client: str, model: str) -> None:
    embedded = _step(told, client, model, "embeddings")
    one, other = embedded["lengths"]
    assert one == other > 100
    assert embedded["tokens"] > 0
