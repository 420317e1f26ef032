"""Anthropic's Messages, by its own client: to vendors that chat, and to one that speaks them."""

import json
from pathlib import Path
from typing import Any

import anthropic
import pytest

from hone.gateway import Status
from tests.gateway.running import KEY, house, route, target
from tests.gateway.scripted import scripted
from tests.simulator.running import Simulator

ASKED: Any = {"max_tokens": 50, "messages": [{"role": "user", "content": "Hello"}]}
TOOLS: Any = [
    {
        "name": "weather",
        "description": "Tells the weather.",
        "input_schema": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    }
]


def event(name: str, **body: object) -> bytes:
    """Write one event as Anthropic does."""
    return f"event: {name}\ndata: {json.dumps({'type': name, **body})}\n\n".encode()


STREAM = (
    event(
        "message_start",
        message={
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": "claude",
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": {"input_tokens": 7, "cache_read_input_tokens": 3, "output_tokens": 1},
        },
    ),
    event("content_block_start", index=0, content_block={"type": "text", "text": ""}),
    event("ping"),
    event("content_block_delta", index=0, delta={"type": "text_delta", "text": "Good "}),
    event("content_block_delta", index=0, delta={"type": "text_delta", "text": "day"}),
    event("content_block_stop", index=0),
    event(
        "content_block_start",
        index=1,
        content_block={"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {}},
    ),
    event(
        "content_block_delta",
        index=1,
        delta={"type": "input_json_delta", "partial_json": '{"city":"Linz"}'},
    ),
    event("content_block_stop", index=1),
    event(
        "message_delta",
        delta={"stop_reason": "tool_use", "stop_sequence": None},
        usage={"output_tokens": 9},
    ),
    event("message_stop"),
)


def test_a_message_is_answered_by_a_model_that_chats(tmp_path: Path, provider: Simulator) -> None:
    with house(tmp_path, route("claude", target("sim-chat", provider.api))) as home:
        answer = home.anthropic().messages.create(
            model="claude", system="Be brief.", metadata={"user_id": "ada"}, **ASKED
        )
        frame = home.one()
    row = provider.row()
    assert answer.type == "message"
    assert answer.content[0].type == "text"
    assert answer.content[0].text
    assert answer.stop_reason == "end_turn"
    assert answer.usage.input_tokens == row.prompt_tokens
    assert answer.usage.output_tokens == row.completion_tokens
    assert (frame.endpoint, frame.user) == ("messages", "ada")
    assert frame.attempts[0].cost == row.billed_picodollars


def test_a_streamed_message_is_answered_by_a_model_that_chats(
    tmp_path: Path, provider: Simulator
) -> None:
    with house(tmp_path, route("claude", target("sim-chat", provider.api))) as home:
        with home.anthropic().messages.stream(model="claude", **ASKED) as stream:
            events = list(stream)
            answer = stream.get_final_message()
        frame = home.one()
    row = provider.row()
    assert answer.content[0].type == "text"
    text = "".join(each.text for each in events if each.type == "text")
    assert text == answer.content[0].text != ""
    assert answer.stop_reason == "end_turn"
    assert answer.usage.output_tokens == row.completion_tokens
    (end,) = [each for each in events if each.type == "message_delta"]
    assert end.usage.model_extra == {"cost_usd": row.billed_picodollars / 1e12}
    assert (frame.status, frame.stream) == (Status.SUCCESS, True)


def test_tools_are_called_across_formats(tmp_path: Path, provider: Simulator) -> None:
    with house(tmp_path, route("claude", target("sim-chat", provider.api))) as home:
        answer = home.anthropic().messages.create(
            model="claude", tools=TOOLS, tool_choice={"type": "any"}, **ASKED
        )
    (call,) = [block for block in answer.content if block.type == "tool_use"]
    assert call.name == "weather"
    assert set(call.input) == {"city"}
    assert answer.stop_reason == "tool_use"


def test_messages_pass_through_to_the_vendor_that_speaks_them(tmp_path: Path) -> None:
    with (
        scripted(*STREAM) as vendor,
        house(tmp_path, route("claude", target("c", vendor, kind="anthropic"))) as home,
    ):
        with home.anthropic().messages.stream(model="claude", tools=TOOLS, **ASKED) as stream:
            answer = stream.get_final_message()
        frame = home.one()
    assert [block.type for block in answer.content] == ["text", "tool_use"]
    assert answer.stop_reason == "tool_use"
    attempt = frame.attempts[0]
    assert (attempt.input_tokens, attempt.cached_tokens, attempt.output_tokens) == (10, 3, 9)
    assert frame.finish_reason == "tool_use"


def test_a_chat_is_answered_by_the_vendor_of_messages(tmp_path: Path) -> None:
    with (
        scripted(*STREAM) as vendor,
        house(tmp_path, route("claude", target("c", vendor, kind="anthropic"))) as home,
    ):
        messages: Any = [{"role": "user", "content": "Hello"}]
        chunks = list(
            home.client().chat.completions.create(
                model="claude",
                messages=messages,
                stream=True,
                seed=4,
                stream_options={"include_usage": True},
            )
        )
        lines = home.events("claude")
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == "Good day"
    calls = [
        call
        for chunk in chunks
        if chunk.choices
        for call in chunk.choices[0].delta.tool_calls or []
    ]
    assert calls[0].function is not None
    assert (calls[0].id, calls[0].function.name) == ("toolu_1", "weather")
    assert "".join(each.function.arguments or "" for each in calls if each.function) == (
        '{"city":"Linz"}'
    )
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "tool_calls"
    assert chunks[-1].usage is not None
    assert (chunks[-1].usage.prompt_tokens, chunks[-1].usage.completion_tokens) == (10, 9)
    assert lines[-1] == "[DONE]"
    assert '"usage"' not in "".join(lines)


def test_an_operation_is_named_where_the_client_looks(tmp_path: Path, provider: Simulator) -> None:
    with house(tmp_path, route("m", target("m", provider.api, upstream="sim-chat"))) as home:
        client = home.anthropic()
        answered = client.messages.create(model="m", **ASKED)
        with pytest.raises(anthropic.NotFoundError) as refused:
            client.messages.create(model="unheard-of", **ASKED)
    assert answered._request_id.startswith("op_")
    assert str(refused.value.request_id).startswith("op_")


def test_a_beta_of_the_vendors_is_asked_for_by_its_name(
    tmp_path: Path, provider: Simulator
) -> None:
    schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    shape: Any = {"type": "json_schema", "schema": schema}
    claude = target("m", provider.api, kind="anthropic", upstream="sim-chat")
    with house(tmp_path, route("m", claude)) as home:
        messages = home.anthropic().beta.messages
        betas = ["structured-outputs-2025-11-13"]
        told = messages.create(model="m", betas=betas, extra_body={"output_format": shape}, **ASKED)
        with pytest.raises(anthropic.BadRequestError) as unnamed:
            messages.create(model="m", extra_body={"output_format": shape}, **ASKED)
        with pytest.raises(anthropic.BadRequestError) as garbled:
            messages.create(model="m", extra_headers={"anthropic-beta": "a;b"}, **ASKED)
    assert set(json.loads(told.content[0].text)) == {"city"}
    assert "Extra inputs" in unnamed.value.message
    assert "anthropic-beta" in garbled.value.message


def test_a_stream_of_messages_that_lacks_its_end_gets_one(tmp_path: Path) -> None:
    with (
        scripted(*STREAM[:-1]) as vendor,
        house(tmp_path, route("claude", target("c", vendor, kind="anthropic"))) as home,
        home.anthropic().messages.stream(model="claude", **ASKED) as stream,
    ):
        events = [each.type for each in stream]
    assert events[-1] == "message_stop"


def test_a_stream_of_messages_that_is_cut_ends_with_an_error(tmp_path: Path) -> None:
    with (
        scripted(*STREAM[:5]) as vendor,
        house(tmp_path, route("claude", target("c", vendor, kind="anthropic"))) as home,
    ):
        with (
            pytest.raises(anthropic.APIStatusError) as caught,
            home.anthropic().messages.stream(model="claude", **ASKED) as stream,
        ):
            stream.get_final_message()
        frame = home.one()
    assert "upstream_stream_cut" in str(caught.value.body)
    attempt = frame.attempts[0]
    assert attempt.estimated
    assert (attempt.input_tokens, attempt.output_tokens) == (10, 2)


def test_errors_come_in_the_shape_of_the_client(tmp_path: Path, provider: Simulator) -> None:
    with house(tmp_path, route("claude", target("sim-chat", provider.api))) as home:
        with pytest.raises(anthropic.NotFoundError) as missing:
            home.anthropic().messages.create(model="none", **ASKED)
        with pytest.raises(anthropic.AuthenticationError):
            home.anthropic("sk-wrong").messages.create(model="claude", **ASKED)
        with pytest.raises(anthropic.BadRequestError) as wrong:
            home.anthropic().messages.create(model="claude", max_tokens=5, messages=[])
    body: Any = missing.value.body
    assert body["type"] == "error"
    assert body["error"]["type"] == "not_found_error"
    assert body["error"]["code"] == "model_not_found"
    assert body["request_id"].startswith("op_")
    assert "messages" in str(wrong.value)


def test_what_a_vendor_cannot_be_asked_is_said_or_asked_elsewhere(
    tmp_path: Path, provider: Simulator
) -> None:
    with scripted(*STREAM) as vendor:
        claude = target("c", vendor, kind="anthropic")
        alone = route("claude", claude)
        helped = route("helped", claude, fallbacks=[target("sim-chat", provider.api)])
        with house(tmp_path, alone, helped) as home:
            refused = home.ask("claude", response_format={"type": "json_object"})
            answered = home.ask("helped", response_format={"type": "json_object"})
            dropped = home.http.post(
                "/v1/chat/completions",
                json={
                    "model": "claude",
                    "messages": [{"role": "user", "content": "Hi"}],
                    "logit_bias": {"5": 1},
                    "seed": 3,
                    "stream": True,
                },
                headers={"authorization": f"Bearer {KEY}"},
            )
    assert refused.status_code == 400
    assert refused.json()["error"]["code"] == "unsupported_parameter"
    assert refused.json()["error"]["param"] == "response_format"
    assert answered.status_code == 200, answered.text
    assert answered.headers["x-hone-attempts"] == "2"
    assert dropped.headers["x-hone-dropped"] == "logit_bias,seed"
