"""Vendors with formats of their own, by the official clients of OpenAI and Anthropic."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openai
import pytest

from hone.gateway import Deadlines, Route, Settled
from tests.gateway.running import codes, house, route, target
from tests.gateway.scripted import scripted
from tests.simulator.running import Row, Simulator

HELLO: Any = [{"role": "user", "content": "Hello"}]
ASKED: Any = {"max_tokens": 50, "messages": HELLO}
SCHEMA: Any = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "guests": {"type": "integer"}},
    "required": ["city", "guests"],
}
TOOLS: Any = [{"type": "function", "function": {"name": "weather", "parameters": SCHEMA}}]
CLAUDE_TOOLS: Any = [{"name": "weather", "description": "Tells it.", "input_schema": SCHEMA}]


@dataclass(frozen=True)
class Vendor:
    """A vendor as the simulator plays it."""

    kind: str
    path: str

    def route(
        self, provider: Simulator, script: str = "", model: str = "sim-chat", **options: Any
    ) -> Route:
        """Lead the model `m` to it."""
        upstream = f"{model}#{script}" if script else model
        there = target("m", provider.url + self.path, kind=self.kind, upstream=upstream)
        return route("m", there, **options)


VENDORS = [Vendor("google", "/v1beta"), Vendor("ollama", "")]
every = pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.kind)
google = pytest.mark.parametrize("vendor", VENDORS[:1], ids=lambda vendor: vendor.kind)


def assert_counted(frame: Settled, row: Row) -> None:
    """Compare what was billed with what the vendor's ledger says."""
    attempt = frame.attempts[0]
    assert not attempt.estimated
    assert attempt.input_tokens == row.prompt_tokens
    assert attempt.output_tokens == row.completion_tokens
    assert attempt.cost == row.billed_picodollars


@every
def test_a_chat_is_answered(tmp_path: Path, provider: Simulator, vendor: Vendor) -> None:
    messages: Any = [{"role": "system", "content": "Be brief."}, *HELLO]
    with house(tmp_path, vendor.route(provider)) as home:
        answer = home.client().chat.completions.create(model="m", messages=messages)
        frame = home.one()
    row = provider.row()
    assert row.endpoint.partition(".")[0] in {"gemini", "ollama"}
    assert answer.choices[0].message.content
    assert answer.choices[0].finish_reason == "stop"
    assert answer.model == "sim-chat"
    assert answer.usage is not None
    assert answer.usage.prompt_tokens == row.prompt_tokens
    assert answer.usage.completion_tokens == row.completion_tokens
    assert_counted(frame, row)


@every
def test_a_streamed_chat_is_answered(tmp_path: Path, provider: Simulator, vendor: Vendor) -> None:
    with house(tmp_path, vendor.route(provider)) as home:
        whole = home.client().chat.completions.create(model="m", messages=HELLO)
        provider.reset()
        chunks = list(
            home.client().chat.completions.create(
                model="m", messages=HELLO, stream=True, stream_options={"include_usage": True}
            )
        )
        lines = home.events("m")
        frame = home.settled()[1]
    row = provider.ledger()[0]
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == whole.choices[0].message.content
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"
    assert [chunk.usage is not None for chunk in chunks].count(True) == 1
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.completion_tokens == row.completion_tokens
    assert chunks[-1].usage.model_extra == {"cost_usd": row.billed_picodollars / 1e12}
    assert lines[-1] == "[DONE]"
    assert '"usage"' not in "".join(lines)
    assert_counted(frame, row)


@google
def test_cached_tokens_are_billed_as_such(
    tmp_path: Path, provider: Simulator, vendor: Vendor
) -> None:
    with house(tmp_path, vendor.route(provider, "cached=3")) as home:
        for stream in (False, True):
            assert home.ask("m", stream=stream).status_code == 200
        frames = home.settled()
    assert [frame.attempts[0].cached_tokens for frame in frames] == [3, 3]
    for frame, row in zip(frames, provider.ledger(), strict=True):
        assert_counted(frame, row)


@every
def test_a_message_is_answered(tmp_path: Path, provider: Simulator, vendor: Vendor) -> None:
    with house(tmp_path, vendor.route(provider)) as home:
        whole = home.anthropic().messages.create(model="m", system="Be brief.", **ASKED)
        with home.anthropic().messages.stream(model="m", system="Be brief.", **ASKED) as stream:
            streamed = stream.get_final_message()
        frames = home.settled()
    assert whole.content[0].text == streamed.content[0].text != ""
    assert whole.stop_reason == streamed.stop_reason == "end_turn"
    for frame, row, answer in zip(frames, provider.ledger(), (whole, streamed), strict=True):
        assert answer.usage.input_tokens == row.prompt_tokens
        assert answer.usage.output_tokens == row.completion_tokens
        assert_counted(frame, row)


@every
@pytest.mark.parametrize("script", ["call=1", "call=1,reasoning=8"])
def test_a_tool_is_called_and_its_result_taken(
    tmp_path: Path, provider: Simulator, vendor: Vendor, script: str
) -> None:
    with house(tmp_path, vendor.route(provider, script)) as home, home.client() as client:
        create = client.chat.completions.create
        first = create(model="m", messages=HELLO, tools=TOOLS, parallel_tool_calls=False)
        said = first.choices[0]
        assert said.message.tool_calls is not None
        (call,) = said.message.tool_calls
        assert call.type == "function"
        assert call.function.name == "weather"
        assert set(json.loads(call.function.arguments)) == {"city", "guests"}
        assert said.finish_reason == "tool_calls"
        signed = vendor.kind == "google" and "reasoning" in script
        assert ("extra_content" in (call.model_extra or {})) is signed
        result: Any = {"role": "tool", "tool_call_id": call.id, "content": "Sunny"}
        turns: Any = [*HELLO, said.message.model_dump(exclude_none=True), result]
        second = create(model="m", messages=turns, tools=TOOLS)
        assert second.choices[0].message.content
        assert second.choices[0].finish_reason == "stop"
        chunks = list(create(model="m", messages=HELLO, tools=TOOLS, stream=True))
        deltas = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
        pieces = [piece for delta in deltas for piece in delta.tool_calls or ()]
        assert pieces[0].id == call.id
        written = "".join(each.function.arguments or "" for each in pieces if each.function)
        assert written == call.function.arguments
        assert chunks[-1].choices[0].finish_reason == "tool_calls"
        frames = home.settled()
    for frame, row in zip(frames, provider.ledger(), strict=True):
        assert_counted(frame, row)


@every
@pytest.mark.parametrize("model", ["sim-chat", "gemini-3-pro"])
def test_a_tool_is_called_by_a_client_of_anthropic(
    tmp_path: Path, provider: Simulator, vendor: Vendor, model: str
) -> None:
    with house(tmp_path, vendor.route(provider, "call=1", model)) as home:
        with home.anthropic().messages.stream(model="m", tools=CLAUDE_TOOLS, **ASKED) as stream:
            first = stream.get_final_message()
        (call,) = [block for block in first.content if block.type == "tool_use"]
        assert set(call.input) == {"city", "guests"}
        assert first.stop_reason == "tool_use"
        said = {"role": "assistant", "content": [block.model_dump() for block in first.content]}
        result = {"type": "tool_result", "tool_use_id": call.id, "content": "Sunny"}
        turns = [*HELLO, said, {"role": "user", "content": [result]}]
        second = home.anthropic().messages.create(
            model="m", max_tokens=50, tools=CLAUDE_TOOLS, messages=turns
        )
    assert second.content[0].text
    assert second.stop_reason == "end_turn"


@google
def test_a_tool_can_be_insisted_on(tmp_path: Path, provider: Simulator, vendor: Vendor) -> None:
    other: Any = {"type": "function", "function": {"name": "time", "parameters": SCHEMA}}
    named: Any = {"type": "function", "function": {"name": "time"}}
    with house(tmp_path, vendor.route(provider)) as home, home.client() as client:
        chosen: list[Any] = ["required", named, "none"]
        said = [
            client.chat.completions.create(
                model="m", messages=HELLO, tools=[*TOOLS, other], tool_choice=choice
            )
            .choices[0]
            .message
            for choice in chosen
        ]
    called = [
        [c.function.name for c in each.tool_calls or () if c.type == "function"] for each in said
    ]
    assert called == [["weather"], ["time"], []]


@every
def test_an_answer_has_the_shape_that_is_asked_for(
    tmp_path: Path, provider: Simulator, vendor: Vendor
) -> None:
    shape: Any = {"type": "json_schema", "json_schema": {"name": "booking", "schema": SCHEMA}}
    free: Any = {"type": "json_object"}
    with house(tmp_path, vendor.route(provider)) as home, home.client() as client:
        strict, loose = (
            client.chat.completions.create(model="m", messages=HELLO, response_format=each)
            for each in (shape, free)
        )
    found = json.loads(strict.choices[0].message.content or "")
    assert isinstance(found["guests"], int)
    assert isinstance(json.loads(loose.choices[0].message.content or ""), dict)


@every
def test_thoughts_are_told_where_they_are_asked_for(
    tmp_path: Path, provider: Simulator, vendor: Vendor
) -> None:
    with house(tmp_path, vendor.route(provider, "reasoning=12")) as home:
        whole = home.ask("m", reasoning_effort="low").json()
        streamed = [json.loads(each) for each in home.events("m", reasoning_effort="low")[:-1]]
        thinking = {"type": "enabled", "budget_tokens": 1024}
        claude = home.anthropic().messages.create(
            model="m", max_tokens=2000, messages=HELLO, thinking=thinking
        )
        frames = home.settled()
    thought = whole["choices"][0]["message"]["reasoning_content"]
    pieces = [event["choices"][0]["delta"].get("reasoning_content", "") for event in streamed]
    assert "".join(pieces) == thought != ""
    assert [block.type for block in claude.content] == ["thinking", "text"]
    assert claude.content[0].thinking == thought
    for frame, row in zip(frames, provider.ledger(), strict=True):
        assert row.reasoning_tokens == 12
        assert_counted(frame, row)


@every
def test_sampling_reaches_the_vendor(tmp_path: Path, provider: Simulator, vendor: Vendor) -> None:
    with house(tmp_path, vendor.route(provider)) as home:
        cut = home.ask("m", max_tokens=3).json()
        texts = {
            home.ask("m", seed=seed).json()["choices"][0]["message"]["content"] for seed in range(9)
        }
        whole = home.ask("m").json()["choices"][0]["message"]["content"]
        word = whole.split()[2]
        stopped = home.ask("m", stop=word).json()["choices"][0]["message"]["content"]
    assert cut["choices"][0]["finish_reason"] == "length"
    assert cut["usage"]["completion_tokens"] == 3
    assert len(texts) > 4
    assert stopped == whole.partition(word)[0]


@every
def test_texts_become_vectors(tmp_path: Path, provider: Simulator, vendor: Vendor) -> None:
    with house(tmp_path, vendor.route(provider)) as home, home.client() as client:
        create = client.embeddings.create
        packed = create(model="m", input=["a", "b"], dimensions=8)
        plain = create(model="m", input="a", dimensions=8, encoding_format="float")
        tokens = home.send(b'{"model":"m","input":[[1,2]]}', "/v1/embeddings")
        frames = home.settled()
    rows = provider.ledger()
    assert [item.index for item in packed.data] == [0, 1]
    assert [len(item.embedding) for item in packed.data] == [8, 8]
    assert packed.data[0].embedding == pytest.approx(plain.data[0].embedding)
    assert codes(tokens) == (400, "unsupported_parameter")
    told = vendor.kind == "ollama"
    for frame, row in zip(frames[:2], rows, strict=True):
        assert frame.attempts[0].estimated is not told
        assert (frame.attempts[0].input_tokens == row.prompt_tokens) or not told
    assert packed.usage.prompt_tokens == frames[0].attempts[0].input_tokens > 0


@every
def test_a_vendor_that_is_tired_says_for_how_long(
    tmp_path: Path, provider: Simulator, vendor: Vendor
) -> None:
    with house(tmp_path, vendor.route(provider, "status=429,retry=30")) as home:
        answer = home.ask("m")
    assert codes(answer) == (429, "rate_limited")
    assert answer.headers["retry-after"] == "30"


@every
@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, (400, "upstream_rejected")),
        (401, (502, "upstream_refused")),
        (403, (502, "upstream_refused")),
        (404, (502, "upstream_model_not_found")),
        (500, (502, "upstream_error")),
        (503, (502, "upstream_error")),
        (504, (504, "upstream_timeout")),
    ],
)
def test_a_failure_has_a_status_and_a_code(
    tmp_path: Path, provider: Simulator, vendor: Vendor, status: int, expected: tuple[int, str]
) -> None:
    with house(tmp_path, vendor.route(provider, f"status={status}")) as home:
        answers = [home.ask("m", stream=stream) for stream in (False, True)]
        embedded = home.send(b'{"model":"m","input":"a"}', "/v1/embeddings")
    assert [codes(answer) for answer in (*answers, embedded)] == [expected] * 3


@google
def test_what_the_vendor_filters_is_said(
    tmp_path: Path, provider: Simulator, vendor: Vendor
) -> None:
    with house(tmp_path, vendor.route(provider, "fault=content_filter")) as home:
        blocked = [home.ask("m", stream=stream) for stream in (False, True)]
    assert [codes(answer) for answer in blocked] == [(400, "content_filter")] * 2
    with house(tmp_path / "cut", vendor.route(provider, "fault=content_filter,after=3")) as home:
        whole = home.ask("m").json()
        lines = home.events("m")
    assert whole["choices"][0]["finish_reason"] == "content_filter"
    assert json.loads(lines[-2])["choices"][0]["finish_reason"] == "content_filter"
    assert lines[-1] == "[DONE]"


@every
@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("fault=cut,after=5", "upstream_stream_cut"),
        ("fault=reset,after=5", "upstream_stream_cut"),
        ("fault=no_done", "upstream_stream_cut"),
        ("fault=no_done,after=5", "upstream_stream_cut"),
        ("fault=malformed,after=5", "upstream_malformed"),
        ("fault=stall,after=5", "upstream_stalled"),
        ("status=503,after=5", "upstream_error"),
    ],
)
def test_a_stream_that_breaks_is_never_passed_off_as_whole(
    tmp_path: Path, provider: Simulator, vendor: Vendor, script: str, code: str
) -> None:
    short = Deadlines(1.0, 1.0, 0.3, 5.0)
    models = vendor.route(provider, f"tokens=20,pace=5,{script}", deadlines=short)
    with house(tmp_path, models) as home:
        lines = home.events("m")
        with home.client() as client, pytest.raises(openai.APIError):
            list(client.chat.completions.create(model="m", messages=HELLO, stream=True))
        frame = home.settled()[0]
    assert json.loads(lines[-1])["error"]["code"] == code
    assert "[DONE]" not in lines
    (attempt,) = frame.attempts
    assert attempt.error == code
    assert attempt.estimated
    assert attempt.output_tokens > 0


@every
def test_what_the_vendor_cannot_be_asked_another_answers(
    tmp_path: Path, provider: Simulator, vendor: Vendor
) -> None:
    spare = target("spare", provider.api, upstream="sim-chat")
    with house(tmp_path, vendor.route(provider, fallbacks=[spare])) as home:
        answer = home.send(b'{"model":"m","input":[[1,2]]}', "/v1/embeddings")
        frame = home.one()
    assert answer.status_code == 200, answer.text
    assert [each.error for each in frame.attempts] == ["unsupported_parameter", None]


@every
def test_what_the_vendor_does_not_have_is_left_out_and_said(
    tmp_path: Path, provider: Simulator, vendor: Vendor
) -> None:
    asked: Any = {"tools": TOOLS, "parallel_tool_calls": False, "logit_bias": {"5": 1}}
    with house(tmp_path, vendor.route(provider)) as home:
        answer = home.ask("m", **asked)
    assert answer.headers["x-hone-dropped"] == "logit_bias,parallel_tool_calls"


def chunk(text: str, finish: str | None = None, **more: object) -> bytes:
    """Write an event as Gemini does."""
    candidate = {"content": {"parts": [{"text": text}]}, "finishReason": finish, "index": 0}
    return f"data: {json.dumps({'candidates': [candidate], **more})}\r\n\r\n".encode()


def test_an_answer_is_whole_when_it_has_ended_and_the_connection_has_not(tmp_path: Path) -> None:
    counts = {"promptTokenCount": 7, "candidatesTokenCount": 2, "thoughtsTokenCount": 3}
    parts = (chunk("Good "), chunk("day", "STOP", usageMetadata=counts))
    with (
        scripted(*parts, hang=True) as vendor,
        house(tmp_path, route("m", target("m", vendor, kind="google"))) as home,
    ):
        lines = home.events("m", stream_options={"include_usage": True})
        frame = home.one()
    assert lines[-1] == "[DONE]"
    assert json.loads(lines[-2])["usage"]["completion_tokens"] == 5
    assert [json.loads(line)["choices"][0]["finish_reason"] for line in lines[-3:-2]] == ["stop"]
    assert not frame.attempts[0].estimated


def test_usage_that_is_not_told_is_estimated_and_said_to_be(tmp_path: Path) -> None:
    with (
        scripted(chunk("Good "), chunk("day", "STOP")) as vendor,
        house(tmp_path, route("m", target("m", vendor, kind="google"))) as home,
    ):
        lines = home.events("m", stream_options={"include_usage": True})
        frame = home.one()
    assert json.loads(lines[-2])["usage"]["estimated"]
    assert frame.attempts[0].estimated
    assert frame.attempts[0].output_tokens == 2


def test_an_answer_that_is_none_is_malformed(tmp_path: Path) -> None:
    with (
        scripted(b"[]", content_type=b"application/json") as vendor,
        house(tmp_path, route("m", target("m", vendor, kind="google"))) as home,
    ):
        answers = [home.ask("m", stream=stream) for stream in (False, True)]
    assert [codes(answer) for answer in answers] == [(502, "upstream_malformed")] * 2
