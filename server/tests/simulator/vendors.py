"""Every format that answers conversations: how it is asked and how its answers are read."""

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from zlib import crc32

import httpx

from tests.simulator.running import Simulator

Json = dict[str, Any]
Event = tuple[str, Any]
"""A name, which may be empty, and what it carries."""


@dataclass(frozen=True)
class Vendor:
    name: str
    """Its endpoint's name in the ledger."""
    path: Callable[[str, bool], str]
    body: Callable[[str, list[Json], bool], Json]
    events: Callable[[bytes], list[Event]]
    text: Callable[[Any], str]
    """Return the text of a whole answer."""
    delta: Callable[[Event], str]
    """Return the text of an event."""
    ends: Callable[[Event], bool]
    """Tell whether an event is the mark that a stream is whole."""
    usage: Callable[[Any], tuple[int, int]]
    """Return the tokens of the prompt and of the answer."""
    headers: dict[str, str] = field(default_factory=dict[str, str])
    streamed_name: str = ""

    def ask(
        self,
        simulator: Simulator,
        model: str,
        text: str = "Hello",
        stream: bool = False,
        prefill: str | None = None,
        **more: object,
    ) -> httpx.Response:
        """Ask, and read the whole answer."""
        messages = [{"role": "user", "content": text}]
        if prefill is not None:
            messages.append({"role": "assistant", "content": prefill})
        body = {**self.body(model, messages, stream), **more}
        return simulator.http.post(self.path(model, stream), json=body, headers=self.headers)

    def said(self, response: httpx.Response) -> str:
        """Return what a stream said."""
        return "".join(map(self.delta, self.events(response.content)))


def server_sent(raw: bytes) -> list[Event]:
    events: list[Event] = []
    for block in raw.replace(b"\r\n", b"\n").decode().split("\n\n"):
        name = ""
        for line in block.splitlines():
            key, _, value = line.partition(": ")
            if key == "event":
                name = value
            elif key == "data":
                events.append((name, value if value == "[DONE]" else json.loads(value)))
    return events


def lines(raw: bytes) -> list[Event]:
    return [("", json.loads(line)) for line in raw.splitlines()]


def frames(raw: bytes) -> list[Event]:
    """Read an event stream as Amazon describes it, both checksums included."""
    events: list[Event] = []
    while raw:
        total, length, checksum = struct.unpack(">III", raw[:12])
        frame, raw = raw[:total], raw[total:]
        assert len(frame) == total
        assert crc32(frame[:8]) == checksum
        assert crc32(frame[:-4]) == struct.unpack(">I", frame[-4:])[0]
        headers: dict[str, str] = {}
        packed = frame[12 : 12 + length]
        while packed:
            size = packed[0]
            name, kind = packed[1 : 1 + size].decode(), packed[1 + size]
            assert kind == 7
            (size_of_value,) = struct.unpack(">H", packed[2 + size : 4 + size])
            headers[name] = packed[4 + size : 4 + size + size_of_value].decode()
            packed = packed[4 + size + size_of_value :]
        assert headers[":content-type"] == "application/json"
        kind = headers[f":{headers[':message-type']}-type"]
        events.append((kind, json.loads(frame[12 + length : -4])))
    return events


def _chat(model: str, messages: list[Json], stream: bool) -> Json:
    return {"model": model, "messages": messages, "stream": stream}


def _gemini(_model: str, messages: list[Json], _stream: bool) -> Json:
    roles = {"user": "user", "assistant": "model"}
    return {
        "contents": [
            {"role": roles[each["role"]], "parts": [{"text": each["content"]}]} for each in messages
        ]
    }


def _gemini_text(answer: Any) -> str:
    parts = answer["candidates"][0]["content"].get("parts", ())
    return "".join(part.get("text", "") for part in parts if not part.get("thought"))


def _converse(_model: str, messages: list[Json], _stream: bool) -> Json:
    return {
        "messages": [
            {"role": each["role"], "content": [{"text": each["content"]}]} for each in messages
        ]
    }


def _typed(kind: str) -> Callable[[Event], str]:
    return lambda event: event[1]["delta"] if event[0] == kind else ""


CHAT = Vendor(
    "chat.completions",
    lambda _model, _stream: "/v1/chat/completions",
    _chat,
    server_sent,
    lambda answer: answer["choices"][0]["message"]["content"],
    lambda event: (
        ""
        if event[1] == "[DONE]"
        else "".join(each["delta"].get("content") or "" for each in event[1].get("choices", ()))
    ),
    lambda event: event[1] == "[DONE]",
    lambda answer: (answer["usage"]["prompt_tokens"], answer["usage"]["completion_tokens"]),
)
COMPLETIONS = Vendor(
    "completions",
    lambda _model, _stream: "/v1/completions",
    lambda model, messages, stream: {
        "model": model,
        "prompt": messages[0]["content"],
        "max_tokens": 1_000,
        "stream": stream,
    },
    server_sent,
    lambda answer: answer["choices"][0]["text"],
    lambda event: (
        ""
        if event[1] == "[DONE]"
        else "".join(each["text"] for each in event[1].get("choices", ()))
    ),
    lambda event: event[1] == "[DONE]",
    lambda answer: (answer["usage"]["prompt_tokens"], answer["usage"]["completion_tokens"]),
)
RESPONSES = Vendor(
    "responses",
    lambda _model, _stream: "/v1/responses",
    lambda model, messages, stream: {"model": model, "input": messages, "stream": stream},
    server_sent,
    lambda answer: answer["output"][-1]["content"][0]["text"],
    _typed("response.output_text.delta"),
    lambda event: event[0] in {"response.completed", "response.incomplete"},
    lambda answer: (answer["usage"]["input_tokens"], answer["usage"]["output_tokens"]),
)
ANTHROPIC = Vendor(
    "anthropic.messages",
    lambda _model, _stream: "/v1/messages",
    lambda model, messages, stream: {
        **_chat(model, messages, stream),
        "max_tokens": 4_096,
    },
    server_sent,
    lambda answer: answer["content"][-1]["text"],
    lambda event: event[1]["delta"].get("text", "") if event[0] == "content_block_delta" else "",
    lambda event: event[0] == "message_stop",
    lambda answer: (answer["usage"]["input_tokens"], answer["usage"]["output_tokens"]),
    {"anthropic-version": "2023-06-01", "x-api-key": "any"},
)
GEMINI = Vendor(
    "gemini.generateContent",
    lambda model, stream: (
        f"/v1beta/models/{quote(model, safe='')}"
        + (":streamGenerateContent?alt=sse" if stream else ":generateContent")
    ),
    _gemini,
    server_sent,
    _gemini_text,
    lambda event: _gemini_text(event[1]) if "candidates" in event[1] else "",
    lambda event: any("finishReason" in each for each in event[1].get("candidates", ())),
    lambda answer: (
        answer["usageMetadata"]["promptTokenCount"],
        answer["usageMetadata"]["candidatesTokenCount"],
    ),
    {"x-goog-api-key": "any"},
    "gemini.streamGenerateContent",
)
CONVERSE = Vendor(
    "bedrock.converse",
    lambda model, stream: (
        f"/model/{quote(model, safe='')}/" + ("converse-stream" if stream else "converse")
    ),
    _converse,
    frames,
    lambda answer: answer["output"]["message"]["content"][-1]["text"],
    lambda event: event[1]["delta"].get("text", "") if event[0] == "contentBlockDelta" else "",
    lambda event: event[0] == "messageStop",
    lambda answer: (answer["usage"]["inputTokens"], answer["usage"]["outputTokens"]),
    {},
    "bedrock.converse-stream",
)
OLLAMA = Vendor(
    "ollama.chat",
    lambda _model, _stream: "/api/chat",
    _chat,
    lines,
    lambda answer: answer["message"]["content"],
    lambda event: event[1]["message"]["content"] if "message" in event[1] else "",
    lambda event: event[1].get("done") is True,
    lambda answer: (answer["prompt_eval_count"], answer["eval_count"]),
)
GENERATE = Vendor(
    "ollama.generate",
    lambda _model, _stream: "/api/generate",
    lambda model, messages, stream: {
        "model": model,
        "prompt": messages[0]["content"],
        "stream": stream,
    },
    lines,
    lambda answer: answer["response"],
    lambda event: event[1].get("response", ""),
    lambda event: event[1].get("done") is True,
    lambda answer: (answer["prompt_eval_count"], answer["eval_count"]),
)

VENDORS = (CHAT, COMPLETIONS, RESPONSES, ANTHROPIC, GEMINI, CONVERSE, OLLAMA, GENERATE)
TALKERS = tuple(
    vendor for vendor in VENDORS if vendor.name not in {"completions", "ollama.generate"}
)
"""The ones that take a conversation rather than a text."""
