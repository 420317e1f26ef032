"""Streams: passed on as they come, their end held back until the log has it."""

import asyncio
import json
from pathlib import Path
from typing import Any

import openai
import pytest

from hone.gateway import Deadlines, Status, content_answer
from tests.core.facts import wait_for
from tests.gateway.running import KEY, House, house, leaving, route, target
from tests.gateway.scripted import chunk, scripted
from tests.simulator.running import Simulator, content

SHORT = Deadlines(first_token=0.5, stall=0.4)


def test_a_stream_is_the_providers_own_and_its_usage_stays_with_us(
    tmp_path: Path, provider: Simulator
) -> None:
    with house(tmp_path, route("sim-chat", target("sim-chat", provider.api))) as home:
        with home.streaming() as answer:
            lines = [line[6:] for line in answer.iter_lines() if line.startswith("data: ")]
        frame = home.one()
        kept = home.content(frame)
    row = provider.row()
    told = provider.events()
    assert content(lines) == content(told)
    assert [json.loads(line)["choices"] for line in lines[:-1]] == [
        json.loads(line)["choices"] for line in told[:-1]
    ]
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["x-request-id"].startswith("op_")
    assert "x-hone-cost-usd" not in answer.headers
    assert (frame.status, frame.finish_reason, frame.stream) == (Status.SUCCESS, "stop", True)
    assert frame.attempts[0].cost == row.billed_picodollars
    assert not frame.attempts[0].estimated
    assert frame.ttft_ms is not None
    assert 0 < frame.ttft_ms <= frame.latency_ms
    whole = content_answer(kept)
    assert isinstance(whole, dict)
    assert whole["choices"][0]["message"]["content"] == content(lines)


def test_a_client_that_asks_for_usage_gets_it_with_the_cost(
    tmp_path: Path, provider: Simulator
) -> None:
    with house(tmp_path, route("sim-chat", target("sim-chat", provider.api))) as home:
        lines = home.events(stream_options={"include_usage": True})
    row = provider.row()
    last = json.loads(lines[-2])
    assert last["choices"] == []
    assert last["usage"]["completion_tokens"] == row.completion_tokens
    assert round(last["usage"]["cost_usd"] * 1e12) == row.billed_picodollars


def test_when_the_client_sees_the_finish_reason_the_log_has_the_operation(
    tmp_path: Path, provider: Simulator
) -> None:
    model = target("slow", provider.api, upstream="sim-chat#pace=50,tokens=10")
    seen = 0
    with house(tmp_path, route("slow", model)) as home, home.streaming("slow") as answer:
        for line in answer.iter_lines():
            if not line.startswith("data: {"):
                continue
            choices = json.loads(line[6:])["choices"]
            if not any(choice["finish_reason"] for choice in choices):
                assert seen > 2 or not home.settled()
                seen += 1
                continue
            assert len(home.settled()) == 1
            break
        else:
            pytest.fail("no finish reason came")
    assert seen >= 10


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("fault=cut,after=5", "upstream_stream_cut"),
        ("fault=no_done,after=5", "upstream_stream_cut"),
        ("fault=malformed,after=5", "upstream_malformed"),
        ("fault=stall,after=5", "upstream_stalled"),
        ("status=500,after=5", "upstream_error"),
    ],
)
def test_a_stream_that_breaks_is_never_passed_off_as_whole(
    tmp_path: Path, provider: Simulator, script: str, code: str
) -> None:
    broken = target("broken", provider.api, upstream=f"sim-chat#tokens=20,pace=5,{script}")
    spare = target("spare", provider.api, upstream="sim-chat")
    models = route("broken", broken, fallbacks=[spare], deadlines=SHORT)
    with house(tmp_path, models) as home:
        lines = home.events("broken")
        frame = home.one()
        kept = home.content(frame)
    assert json.loads(lines[-1])["error"]["code"] == code
    assert "[DONE]" not in lines
    text = "".join(
        json.loads(line)["choices"][0]["delta"].get("content", "") for line in lines[:-1]
    )
    assert text
    assert (frame.status, frame.http_status, frame.error) == (Status.ERROR, 200, code)
    (attempt,) = frame.attempts
    assert attempt.error == code
    assert attempt.estimated
    assert attempt.output_tokens > 0
    assert text.encode()[:20] in b"".join(
        json.loads(line)["choices"][0]["delta"].get("content", "").encode() for line in lines[:-1]
    )
    assert kept.kind == "sse"
    assert kept.answer.endswith(b"data: " + lines[-1].encode() + b"\n\n")


@pytest.mark.parametrize(
    "script",
    [
        "fault=cut",
        "fault=malformed",
        "fault=silence",
        "fault=stall",
        "status=500",
        "status=429,retry=1",
        "status=401",
        "status=404",
        "fault=cut,after=0",
        "fault=no_done,after=0",
    ],
)
def test_before_the_first_token_another_target_answers(
    tmp_path: Path, provider: Simulator, script: str
) -> None:
    broken = target("broken", provider.api, upstream=f"sim-chat#{script}")
    spare = target("spare", provider.api, upstream="sim-chat")
    models = route("broken", broken, fallbacks=[spare], deadlines=SHORT)
    with house(tmp_path, models) as home:
        with home.streaming("broken") as answer:
            lines = [line[6:] for line in answer.iter_lines() if line.startswith("data: ")]
        frame = home.one()
        opened = home.opened()
    assert content(lines)
    assert answer.headers["x-hone-model"] == "spare"
    assert answer.headers["x-hone-attempts"] == "2"
    assert [each.model for each in frame.attempts] == ["broken", "spare"]
    assert [each.number for each in opened] == [1, 2]
    assert frame.attempts[0].error is not None
    assert frame.attempts[1].error is None
    assert frame.status == Status.SUCCESS


def test_an_answer_that_is_whole_but_for_its_done_is_whole(
    tmp_path: Path, provider: Simulator
) -> None:
    model = target("quiet", provider.api, upstream="sim-chat#fault=no_done")
    with house(tmp_path, route("quiet", model)) as home:
        lines = home.events("quiet")
        frame = home.one()
    assert lines[-1] == "[DONE]"
    assert frame.status == Status.SUCCESS


def test_a_client_that_leaves_a_stream_stops_the_provider_and_pays_for_what_came(
    tmp_path: Path, provider: Simulator
) -> None:
    model = target("slow", provider.api, upstream="sim-chat#pace=20,tokens=500")
    body = {"model": "slow", "stream": True, "messages": [{"role": "user", "content": "Hello"}]}
    with house(tmp_path, route("slow", model)) as home:
        with leaving(home.url, body) as connection:
            received = b""
            while received.count(b"data: ") < 5:
                received += connection.recv(4096)
        frame = home.one()
        row = provider.row()
    assert row.delivery == "client_gone"
    assert row.delivered_tokens < 500
    assert (frame.status, frame.error) == (Status.CANCELLED, "client_gone")
    (attempt,) = frame.attempts
    assert attempt.estimated
    assert attempt.input_tokens > 0
    assert attempt.output_tokens > 0
    assert attempt.cost > 0


def test_a_client_that_leaves_before_the_answer_stops_the_provider(
    tmp_path: Path, provider: Simulator
) -> None:
    provider.put("mute", fault="silence")
    body = {"model": "mute", "messages": [{"role": "user", "content": "Hello"}]}
    with house(tmp_path, route("mute", target("mute", provider.api))) as home:
        with leaving(home.url, body):
            wait_for(lambda: provider.taken("mute"))
        frame = home.one()
        row = provider.row()
    assert row.delivery == "client_gone"
    assert (frame.status, frame.http_status) == (Status.CANCELLED, 499)
    assert frame.latency_ms < 5000


def test_the_official_client_streams(tmp_path: Path, provider: Simulator) -> None:
    with house(tmp_path, route("sim-chat", target("sim-chat", provider.api))) as home:
        with home.client() as client:
            parts = [
                part.choices[0].delta.content or ""
                for part in client.chat.completions.create(
                    model="sim-chat", messages=[{"role": "user", "content": "Hi"}], stream=True
                )
            ]
            whole = client.chat.completions.create(
                model="sim-chat", messages=[{"role": "user", "content": "Hi"}]
            )
        assert "".join(parts) == whole.choices[0].message.content
        assert asyncio.run(_streamed(home)) == "".join(parts)


async def _streamed(home: House) -> str:
    async with openai.AsyncOpenAI(base_url=home.api, api_key=KEY, max_retries=0) as client:
        stream = await client.chat.completions.create(
            model="sim-chat", messages=[{"role": "user", "content": "Hi"}], stream=True
        )
        return "".join([part.choices[0].delta.content or "" async for part in stream])


def test_the_official_client_raises_on_a_broken_stream(tmp_path: Path, provider: Simulator) -> None:
    broken = target("broken", provider.api, upstream="sim-chat#fault=cut,after=5")
    with house(tmp_path, route("broken", broken)) as home, home.client() as client:
        stream = client.chat.completions.create(
            model="broken", messages=[{"role": "user", "content": "Hi"}], stream=True
        )
        with pytest.raises(openai.APIError, match="ended before"):
            list(stream)


def test_usage_that_the_provider_does_not_tell_is_estimated_and_said_to_be(tmp_path: Path) -> None:
    events = [chunk({"role": "assistant"}), chunk({"content": "four score"}), chunk({}, "stop")]
    with (
        scripted(*events, b"data: [DONE]\n\n") as api,
        house(tmp_path, route("bare", target("bare", api))) as home,
    ):
        lines = home.events("bare", stream_options={"include_usage": True})
        frame = home.one()
    usage = json.loads(lines[-2])["usage"]
    assert usage["estimated"] is True
    assert usage["completion_tokens"] == 3
    assert frame.attempts[0].estimated
    assert lines[-1] == "[DONE]"


def test_of_several_choices_only_the_last_finish_is_the_end(tmp_path: Path) -> None:
    events = [
        chunk({"content": "a"}, index=0),
        chunk({}, "stop", index=0),
        chunk({"content": "b"}, index=1),
        b": a comment\n\n",
        chunk({}, "length", index=1),
    ]
    with (
        scripted(*events, b"data: [DONE]\n\n") as api,
        house(tmp_path, route("two", target("two", api))) as home,
    ):
        lines = home.events("two", n=2)
        frame = home.one()
    choices: list[Any] = [json.loads(line)["choices"][0] for line in lines[:-1]]
    assert [each["index"] for each in choices] == [0, 1, 0, 1]
    assert [each["finish_reason"] for each in choices] == [None, None, "stop", "length"]
    assert frame.status == Status.SUCCESS


def test_a_finished_answer_does_not_wait_for_ever_for_its_done(tmp_path: Path) -> None:
    events = [chunk({"content": "all of it"}), chunk({}, "stop")]
    with scripted(*events, hang=True) as api:
        models = route("hung", target("hung", api), deadlines=SHORT)
        with house(tmp_path, models) as home:
            lines = home.events("hung")
            frame = home.one()
    assert lines[-1] == "[DONE]"
    assert frame.status == Status.SUCCESS


def test_an_answer_without_a_word_is_an_answer(tmp_path: Path) -> None:
    events = [chunk({"role": "assistant"}), chunk({}, "stop"), b"data: [DONE]"]
    with scripted(*events) as api, house(tmp_path, route("mute", target("mute", api))) as home:
        lines = home.events("mute")
        frame = home.one()
    assert len(lines) == 3
    assert frame.status == Status.SUCCESS


def test_a_vendor_that_answers_a_stream_whole_is_understood(tmp_path: Path) -> None:
    call = {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
    message = {"role": "assistant", "content": "hi", "tool_calls": [call]}
    body = json.dumps(
        {
            "id": "chatcmpl-1",
            "model": "m",
            "choices": [{"message": message, "finish_reason": "tool_calls"}],
            "usage": {"prompt_tokens": 3, "completion_tokens": 4},
        },
        indent=2,
    ).encode()
    with (
        scripted(body, content_type=b"application/json") as api,
        house(tmp_path, route("plain", target("plain", api))) as home,
    ):
        lines = home.events("plain")
        frame = home.one()
    told = [json.loads(line)["choices"][0] for line in lines[:-1]]
    assert "".join(each["delta"].get("content") or "" for each in told) == "hi"
    calls = [each["delta"]["tool_calls"][0] for each in told if "tool_calls" in each["delta"]]
    assert calls[0]["function"]["name"] == "look"
    assert (told[-1]["finish_reason"], lines[-1]) == ("tool_calls", "[DONE]")
    assert frame.status == Status.SUCCESS
    assert (frame.attempts[0].input_tokens, frame.attempts[0].output_tokens) == (3, 4)


@pytest.mark.parametrize("body", [b"<html>", b"{}", b'{"choices":[]}', b'"hello"'])
def test_a_stream_that_is_none_is_an_error(tmp_path: Path, body: bytes) -> None:
    with (
        scripted(body, content_type=b"application/json") as api,
        house(tmp_path, route("plain", target("plain", api))) as home,
    ):
        answer = home.ask("plain", stream=True)
    assert answer.status_code == 502
    assert answer.json()["error"]["code"] == "upstream_malformed"


def test_an_event_without_an_end_is_not_believed(tmp_path: Path) -> None:
    with (
        scripted(b"data: " + b"x" * (9 << 20)) as api,
        house(tmp_path, route("long", target("long", api))) as home,
    ):
        answer = home.ask("long", stream=True)
    assert answer.json()["error"]["code"] == "upstream_malformed"


def test_a_client_that_does_not_read_does_not_hold_its_place_for_ever(tmp_path: Path) -> None:
    events = [chunk({"content": "x" * 60_000})] * 400
    body = {"model": "long", "stream": True, "messages": [{"role": "user", "content": "Hello"}]}
    with scripted(*events) as api:
        models = route("long", target("long", api), deadlines=Deadlines(total=1.0))
        with house(tmp_path, models) as home, leaving(home.url, body):
            frame = home.one()
            wait_for(lambda: home.gateway.load.requests == 0)
    assert frame.status == Status.CANCELLED
    assert frame.attempts[0].output_tokens > 0
