"""Calls that are answered, and what the log says of them."""

import contextlib
import json
import os
from collections.abc import Generator
from pathlib import Path

import pytest

from hone.core import ids
from hone.gateway import ContentMode, Status, content_answer
from tests.core.facts import wait_for
from tests.gateway.running import PRICE, house, leaving, route, target
from tests.simulator.running import Simulator


def test_an_answer_is_passed_on_and_logged_with_its_cost(
    tmp_path: Path, provider: Simulator
) -> None:
    with house(tmp_path, route("gpt", target("gpt", provider.api, upstream="sim-chat"))) as home:
        answer = home.ask("gpt", "How many guests?", temperature=0.1)
        frame = home.one()
        (opened,) = home.opened()
        content = home.content(frame)
    row = provider.row()
    assert answer.status_code == 200
    assert answer.headers["x-request-id"] == ids.public("op", ids.UUID(bytes=frame.id))
    assert answer.headers["x-hone-model"] == "gpt"
    assert answer.headers["x-hone-attempts"] == "1"
    assert answer.headers["x-hone-cache"] == "none"
    assert 0 <= float(answer.headers["x-hone-overhead-ms"]) < 1000
    assert float(answer.headers["x-hone-cost-usd"]) * 1e12 == row.billed_picodollars
    (attempt,) = frame.attempts
    assert attempt.cost == row.billed_picodollars
    assert (attempt.input_tokens, attempt.output_tokens) == (
        row.prompt_tokens,
        row.completion_tokens,
    )
    assert attempt.price_id == PRICE.id.bytes
    assert (frame.status, frame.http_status, frame.error) == (Status.SUCCESS, 200, None)
    assert (frame.route, frame.finish_reason, frame.candidates) == ("gpt", "stop", [("gpt", 1.0)])
    assert (opened.id, opened.upstream, opened.number) == (frame.id, "sim-chat", 1)
    assert row.caller_request_id == answer.headers["x-request-id"]
    assert content.answer == answer.content
    assert content_answer(content) == answer.json()
    assert json.loads(content.request)["temperature"] == 0.1


def test_a_call_notes_that_its_key_was_used_and_a_refused_one_does_not(
    tmp_path: Path, provider: Simulator
) -> None:
    with house(tmp_path, route("gpt", target("gpt", provider.api, upstream="sim-chat"))) as home:
        body = {"model": "gpt", "messages": [{"role": "user", "content": "Hello"}]}
        refused = home.http.post(
            "/v1/chat/completions", json=body, headers={"authorization": "Bearer wrong"}
        )
        assert refused.status_code == 401
        assert home.current.used == {}
        assert home.ask("gpt", "How many guests?").status_code == 200
    (caller,) = home.current.snapshot.callers.values()
    key = caller.principal
    assert home.current.used == {key.key_bytes: key.organization_bytes}


def test_an_organization_that_keeps_no_content_has_none_in_its_log(
    tmp_path: Path, provider: Simulator
) -> None:
    models = route("sim-chat", target("sim-chat", provider.api))
    with house(tmp_path, models, content=ContentMode.NONE) as home:
        home.ask()
        frame = home.one()
    assert frame.content is None
    assert frame.content_key is None


@pytest.mark.parametrize("stream", [False, True])
def test_with_group_commit_an_answer_waits_for_the_disk(
    tmp_path: Path, provider: Simulator, stream: bool
) -> None:
    models = route("sim-chat", target("sim-chat", provider.api))
    with house(tmp_path, models, fsync="group") as home:
        answer = home.ask(stream=stream)
        assert len(home.settled()) == 1
    assert answer.status_code == 200


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_that_cannot_be_logged_is_not_given(
    tmp_path: Path, provider: Simulator, stream: bool
) -> None:
    model = target("slow", provider.api, upstream="sim-chat#ttft=300,pace=10,tokens=20")
    with house(tmp_path, route("slow", model)) as home:
        body = {"model": "slow", "stream": stream, "messages": [{"role": "user", "content": "x"}]}
        with leaving(home.url, body) as connection:
            (opened,) = wait_for(home.opened)
            # The disk fails in the middle of the call: the segment cannot be written any more.
            with unwritable(tmp_path / "spool"):
                received = b""
                while b"spool_unwritable" not in received:
                    part = connection.recv(65536)
                    assert part, received
                    received += part
        assert not home.settled()
    assert opened.stream == stream
    assert b"[DONE]" not in received
    assert received.startswith(b"HTTP/1.1 200" if stream else b"HTTP/1.1 503")


@contextlib.contextmanager
def unwritable(folder: Path) -> Generator[None]:
    """Put a file that takes no writing behind the descriptors of every segment."""
    segments = [
        number
        for number in map(int, os.listdir("/proc/self/fd"))
        if _target(number).startswith(str(folder)) and _target(number).endswith(".seg")
    ]
    kept = [os.dup(number) for number in segments]
    full = os.open("/dev/full", os.O_RDONLY)
    for number in segments:
        os.dup2(full, number)
    try:
        yield
    finally:
        for number, copy in zip(segments, kept, strict=True):
            os.dup2(copy, number)
            os.close(copy)
        os.close(full)


def _target(number: int) -> str:
    try:
        return str(Path(f"/proc/self/fd/{number}").readlink())
    except OSError:
        return ""
