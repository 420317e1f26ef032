"""What a provider wrote before it failed reaches the client, be it in the same breath as the failure."""

import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hone.gateway import Status
from hone.simulator.formats.bedrock import eventstream
from tests.gateway.running import KEY, codes, house, route, target
from tests.gateway.scripted import STREAM, chunk, scripted


def said(**told: Any) -> bytes:
    """Write an event of Anthropic's or of the Responses."""
    return f"event: {told['type']}\ndata: {json.dumps(told)}\n\n".encode()


def gemini(text: str) -> bytes:
    candidate = {"index": 0, "content": {"role": "model", "parts": [{"text": text}]}}
    return b"data: %b\n\n" % json.dumps({"candidates": [candidate], "responseId": "r"}).encode()


def ollama(text: str) -> bytes:
    told = {"model": "m", "message": {"role": "assistant", "content": text}, "done": False}
    return json.dumps(told).encode() + b"\n"


def bedrock(text: str) -> bytes:
    payload = {"contentBlockIndex": 0, "delta": {"text": text}}
    return eventstream.event("contentBlockDelta", json.dumps(payload).encode())


def messages(text: str) -> bytes:
    return said(type="content_block_delta", index=0, delta={"type": "text_delta", "text": text})


def responses(text: str) -> bytes:
    return said(type="response.output_text.delta", output_index=0, content_index=0, delta=text)


def completion(text: str) -> bytes:
    choice = {"index": 0, "text": text, "finish_reason": None}
    return f"data: {json.dumps({'id': 'c', 'model': 'm', 'choices': [choice]})}\n\n".encode()


OPENED = said(type="message_start", message={"id": "msg_1", "model": "m"}) + said(
    type="content_block_start", index=0, content_block={"type": "text", "text": ""}
)
OPENAIS = b'data: {"error":{"message":"Too busy.","type":"server_error"}}\n\n'
LATE = said(type="error", code="server_error", message="Too busy.")
ANTHROPICS = said(type="error", error={"type": "overloaded_error", "message": "Too busy."})
GOOGLES = b'data: {"error":{"code":503,"message":"Too busy.","status":"UNAVAILABLE"}}\n\n'
AMAZONS = eventstream.exception("serviceUnavailableException", b'{"message":"Too busy."}')
STARTED = eventstream.event("messageStart", b'{"role":"assistant"}')
LINES = b"application/x-ndjson"


@dataclass(frozen=True)
class Meeting:
    """A client's format and a vendor's, and how the vendor breaks off."""

    path: str
    kind: str
    first: bytes
    last: bytes
    failure: bytes
    content_type: bytes = STREAM

    def body(self) -> dict[str, Any]:
        asked: dict[str, Any] = {"model": "m", "stream": True}
        question = [{"role": "user", "content": "Hello"}]
        match self.path:
            case "responses":
                return asked | {"input": "Hello"}
            case "completions":
                return asked | {"prompt": "Hello"}
            case "messages":
                return asked | {"messages": question, "max_tokens": 50}
            case _:
                return asked | {"messages": question}


CHAT, MESSAGES = "chat/completions", "messages"
_talk = chunk({"role": "assistant", "content": "I would "}), chunk({"content": "have said"})
_claude = OPENED + messages("I would "), messages("have said")
_text = completion("I would "), completion("have said")
_amazon = STARTED + bedrock("I would "), bedrock("have said")
MEETINGS = {
    "chat": Meeting(CHAT, "openai", *_talk, OPENAIS),
    "completions": Meeting("completions", "openai", *_text, OPENAIS),
    "responses": Meeting(
        "responses", "openai", responses("I would "), responses("have said"), LATE
    ),
    "messages": Meeting(MESSAGES, "anthropic", *_claude, ANTHROPICS),
    "chat of Anthropic": Meeting(CHAT, "anthropic", *_claude, ANTHROPICS),
    "messages of OpenAI": Meeting(MESSAGES, "openai", *_talk, OPENAIS),
    "responses of a chat": Meeting("responses", "compatible", *_talk, OPENAIS),
    "chat of Gemini": Meeting(CHAT, "google", gemini("I would "), gemini("have said"), GOOGLES),
    "chat of Ollama": Meeting(
        CHAT, "ollama", ollama("I would "), ollama("have said"), b'{"error":"Too busy."}\n', LINES
    ),
    "chat of Bedrock": Meeting(CHAT, "bedrock", *_amazon, AMAZONS, eventstream.CONTENT_TYPE),
}
each = pytest.mark.parametrize("meeting", MEETINGS.values(), ids=list(MEETINGS))


def words(line: str) -> str:
    """Return what one event of any client's format says."""
    if not line.startswith("data: {"):
        return ""
    told = json.loads(line[6:])
    delta: Any = told.get("delta") or {}
    text = delta if isinstance(delta, str) else delta.get("text", "")
    for choice in told.get("choices", []):
        text += choice.get("text") or choice.get("delta", {}).get("content") or ""
    return text


@each
@pytest.mark.parametrize("malformed", [False, True], ids=["told", "malformed"])
def test_words_before_an_error_in_the_same_chunk_are_passed_on(
    tmp_path: Path, meeting: Meeting, malformed: bool
) -> None:
    gate, text = threading.Event(), ""
    broken = meeting.failure[:-3] + b"\0\0\0" if meeting.kind == "bedrock" else b"data: {,\n\n"
    last = meeting.last + (broken if malformed else meeting.failure)
    with scripted(meeting.first, last, content_type=meeting.content_type, gate=gate) as url:
        model = target("m", url, kind=meeting.kind)
        with house(tmp_path, route("m", model)) as home:
            asked = home.http.stream(
                "POST",
                f"/v1/{meeting.path}",
                json=meeting.body(),
                headers={"authorization": f"Bearer {KEY}"},
            )
            with asked as answer:
                assert answer.status_code == 200, answer.read()
                for line in answer.iter_lines():
                    text += words(line)
                    if text:
                        gate.set()
            frame = home.one()
    assert text == "I would have said"
    code = "upstream_malformed" if malformed else "upstream_error"
    assert (frame.status, frame.error) == (Status.ERROR, code)
    (attempt,) = frame.attempts
    assert attempt.output_tokens == (len(text) + 3) // 4


@each
def test_a_client_that_has_nothing_yet_is_told_the_error_alone(
    tmp_path: Path, meeting: Meeting
) -> None:
    part = meeting.first + meeting.failure
    with scripted(part, content_type=meeting.content_type) as url:
        model = target("m", url, kind=meeting.kind)
        with house(tmp_path, route("m", model)) as home:
            headers = {"authorization": f"Bearer {KEY}"}
            answer = home.http.post(f"/v1/{meeting.path}", json=meeting.body(), headers=headers)
            frame = home.one()
    told = answer.json()["error"]
    assert (answer.status_code, told["code"]) == (502, "upstream_error")
    assert codes(answer) if meeting.path != MESSAGES else answer.json()["type"] == "error"
    # The vendor wrote it, and may bill it.
    assert frame.attempts[0].output_tokens == 2
