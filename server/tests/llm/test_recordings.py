"""What vendors have answered, or document, is read as what it says; and how such answers are kept."""

import json
from pathlib import Path
from typing import Any

import pytest

from hone.core import ids
from hone.llm.errors import Refused, Rejected
from hone.llm.formats.base import Event
from hone.llm.providers import PROVIDERS
from hone.llm.types import Target
from hone.simulator import SimulatorConfig
from tests.simulator.running import in_thread
from tools.record.__main__ import FOLDER, main
from tools.record.cases import CASES, Case
from tools.record.scrubbing import Scrubber

FILES = sorted(FOLDER.glob("*/*.json"))
BY_NAME = {case.name: case for case in CASES}
SECRET = "sk-proj-0123456789abcdef"


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_an_exchange_is_read_as_what_it_says(path: Path) -> None:
    _check(path)


def _check(path: Path) -> None:
    kind, case = path.parent.name, BY_NAME[path.stem]
    exchange: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    response: dict[str, Any] = exchange["response"]
    body = response["body"].encode()
    if case.refused:
        target = Target(ids.new(), "m", kind, kind, "m", "http://127.0.0.1:9", "")
        error = PROVIDERS[kind].error(response["status"], lambda _: None, body, target)
        # Gemini calls a wrong key a wrong request.
        assert isinstance(error, Refused | Rejected)
    elif case.stream:
        _read_stream(kind, case, body)
    else:
        _read_whole(kind, case, body)


def _read_stream(kind: str, case: Case, body: bytes) -> None:
    stream = PROVIDERS[kind].stream(case.endpoint, case.raw())
    events: list[Event] = []
    for at in range(0, len(body), 100):
        events += stream.feed(body[at : at + 100])
    pieces = [event.piece for event in events if event.piece is not None]
    assert [piece.error for piece in pieces if piece.error] == []
    assert sum(piece.size for piece in pieces) > 0
    assert sum(len(piece.finished) for piece in pieces) == 1
    usage = [piece.usage for piece in pieces if piece.usage is not None][-1]
    assert min(usage.input_tokens, usage.output_tokens) > 0
    if case.name == "tools-stream":
        told = [json.loads(event.data) for event in events if event.data.startswith(b"{")]
        deltas = [choice["delta"] for each in told for choice in each["choices"]]
        calls = [call for delta in deltas for call in delta.get("tool_calls") or ()]
        _booked("".join(call["function"].get("arguments") or "" for call in calls))


def _read_whole(kind: str, case: Case, body: bytes) -> None:
    reply = PROVIDERS[kind].reply(case.endpoint, case.raw(), body)
    told = json.loads(reply.body)
    if case.name == "embedding":
        assert [len(each["embedding"]) > 1 for each in told["data"]] == [True, True]
        return
    assert reply.usage is not None
    assert min(reply.usage.input_tokens, reply.usage.output_tokens) > 0
    message = told["choices"][0]["message"]
    if case.name == "tools":
        assert reply.finish_reason == "tool_calls"
        _booked(message["tool_calls"][0]["function"]["arguments"])
    elif case.name == "structured":
        _booked(message["content"])
    else:
        assert message["content"]


def _booked(text: str) -> None:
    assert set(json.loads(text)) == {"day", "guests"}


@pytest.mark.parametrize("kind", ["openai", "anthropic", "cohere"])
def test_a_vendor_whose_key_is_given_is_asked_and_nothing_of_it_is_told(
    tmp_path: Path, kind: str
) -> None:
    said: list[str] = []
    with in_thread(SimulatorConfig(api_keys=frozenset({SECRET}))) as vendor:
        name = f"HONE_RECORD_{kind.upper()}"
        environment = {
            f"{name}_API_KEY": SECRET,
            f"{name}_BASE_URL": vendor.api,
            f"{name}_MODEL": "a-model",
            f"{name}_EMBEDDING_MODEL": "an-embedder",
        }
        assert main(["--folder", str(tmp_path)], environment, said.append) == 0
        asked = {row.model for row in vendor.ledger()}
    files = sorted(tmp_path.glob("*/*.json"))
    assert {path.parent.name for path in files} == {kind}
    lacking = {"embedding"} if kind == "anthropic" else set[str]()
    assert {path.stem for path in files} == BY_NAME.keys() - lacking
    assert "a-model" in asked
    for path in files:
        text = path.read_text(encoding="utf-8")
        exchange = json.loads(text)
        assert exchange["source"] == "recorded"
        assert exchange["model"] in {"a-model", "an-embedder"}
        assert exchange["date"].startswith("20")
        assert SECRET not in text
        assert vendor.url not in text
        _check(path)
    assert len([line for line in said if line.endswith(": recorded")]) == len(files)


def test_an_answer_that_was_not_asked_for_replaces_nothing(tmp_path: Path) -> None:
    said: list[str] = []
    with in_thread(SimulatorConfig(api_keys=frozenset({"another"}))) as vendor:
        environment = {
            "HONE_RECORD_OPENAI_API_KEY": SECRET,
            "HONE_RECORD_OPENAI_BASE_URL": vendor.api,
        }
        assert main(["--folder", str(tmp_path)], environment, said.append) == 1
    assert [path.stem for path in tmp_path.glob("*/*.json")] == ["error"]
    assert "openai: chat: status 401; the fixture stays as it was" in said


def test_without_a_key_it_says_what_it_would_do_and_what_it_wants(tmp_path: Path) -> None:
    said: list[str] = []
    assert main(["--folder", str(tmp_path)], {}, said.append) == 0
    text = "\n".join(said)
    assert "nothing is asked and nothing changes" in text
    for case in CASES:
        assert case.name in text
    for name in ("HONE_RECORD_OPENAI_API_KEY", "HONE_RECORD_META_LLAMA_MODEL"):
        assert name in text
    assert not list(tmp_path.iterdir())


def test_what_says_whose_it_was_is_scrubbed() -> None:
    scrubber = Scrubber((SECRET,))
    told = {
        "id": "chatcmpl-Abc123",
        "created": 1795682675,
        "system_fingerprint": "fp_77aa",
        "choices": [{"message": {"tool_calls": [{"id": "call_9"}], "content": "12 guests"}}],
        "error": {"message": f"Key {SECRET} of org-9f8e7d6c5b4a is wrong."},
        "data": [{"embedding": [0.5] * 1536}],
        "signature": "c2lnbmVk",
        "usage": {"total_tokens": 9},
    }
    found = json.loads(scrubber.text(json.dumps(told)))
    assert found == {
        "id": "chatcmpl-1",
        "created": 0,
        "system_fingerprint": "fp_2",
        "choices": [{"message": {"tool_calls": [{"id": "call_3"}], "content": "12 guests"}}],
        "error": {"message": "Key scrubbed of org-scrubbed is wrong."},
        "data": [{"embedding": [0.5] * 8}],
        "signature": "scrubbed",
        "usage": {"total_tokens": 9},
    }
    event = json.dumps({"id": "chatcmpl-Abc123"})
    lines = scrubber.text(f"event: x\ndata: {event}\n\ndata: [DONE]")
    assert lines == 'event: x\ndata: {"id":"chatcmpl-1"}\n\ndata: [DONE]'
