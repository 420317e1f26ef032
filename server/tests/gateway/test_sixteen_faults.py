"""Sixteen bad days of a provider, through chat and messages, streamed and not."""

import re
from pathlib import Path
from typing import Any

import pytest

from hone.gateway import Attempt, Settled, Status
from tests.core.facts import wait_for
from tests.docs.pages import DOCS
from tests.gateway.faults import (
    CHAT,
    CHAT_ACROSS,
    FAULTS,
    FLAPS,
    MESSAGES,
    MESSAGES_ACROSS,
    Fault,
    Seen,
    Side,
    attempt,
    right,
    seen,
    steady,
)
from tests.simulator.running import Simulator

BY_NAME = {fault.name: fault for fault in FAULTS}
REFUSED = {"S12", "S13"}
either = pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
sides = pytest.mark.parametrize("side", [CHAT, MESSAGES], ids=["chat", "messages"])


def named(fault: Fault) -> str:
    return fault.name


def billed_alike(provider: Simulator, attempts: list[Attempt]) -> None:
    """What a provider told is billed to the last pico-dollar; the rest is marked as a guess."""
    rows = sorted(provider.ledger(), key=lambda row: row.sequence)
    assert len(rows) == len(attempts)
    for row, each in zip(rows, attempts, strict=True):
        if not each.estimated:
            assert each.cost == row.billed_picodollars
        else:
            assert each.error is not None


def whole(found: Seen, text: str) -> None:
    """The client has all of the right answer, told once, under one id."""
    assert (found.status, found.error, found.finishes) == (200, None, 1)
    assert found.text == text
    assert len(found.ids) == 1


@pytest.mark.parametrize("fault", [each for each in FAULTS if each.name not in REFUSED], ids=named)
@sides
@either
def test_the_client_gets_the_whole_answer(
    tmp_path: Path, provider: Simulator, fault: Fault, side: Side, stream: bool
) -> None:
    text = right(provider)
    provider.reset()
    found, frame = attempt(tmp_path, provider, fault, side, stream=stream)
    whole(found, text)
    assert tuple(each.error for each in frame.attempts) == (
        fault.streamed if stream else fault.whole
    )
    assert (frame.status, frame.http_status, frame.error) == (Status.SUCCESS, 200, None)
    wait_for(lambda: len(provider.ledger()) == len(frame.attempts))
    billed_alike(provider, frame.attempts)


@pytest.mark.parametrize("fault", [BY_NAME[name] for name in sorted(REFUSED)], ids=named)
@sides
@either
def test_a_refusal_reaches_the_client_and_nobody_else_is_asked(
    tmp_path: Path, provider: Simulator, fault: Fault, side: Side, stream: bool
) -> None:
    found, frame = attempt(tmp_path, provider, fault, side, stream=stream)
    # Anthropic has one type for all that it refuses; only its words say why.
    code = fault.whole[0] if side is CHAT else "upstream_rejected"
    assert (found.status, found.error, found.text) == (400, code, "")
    assert [each.error for each in frame.attempts] == [code]
    assert (frame.status, frame.attempts[0].cost) == (Status.ERROR, 0)
    assert [row.billed_picodollars for row in provider.ledger()] == [0]


@pytest.mark.parametrize("fault", [each for each in FAULTS if each.unable], ids=named)
@sides
def test_where_nobody_can_go_on_a_broken_stream_ends_in_an_error(
    tmp_path: Path, provider: Simulator, fault: Fault, side: Side
) -> None:
    text = right(provider)
    provider.reset()
    found, frame = attempt(tmp_path, provider, fault, side, stream=True, prefill=False)
    assert (found.status, found.error, found.finishes) == (200, frame.error, 0)
    assert found.text
    assert text.startswith(found.text)
    assert tuple(each.error for each in frame.attempts) == fault.unable
    assert frame.status == Status.ERROR


@pytest.mark.parametrize("side", [CHAT_ACROSS, MESSAGES_ACROSS], ids=["chat", "messages"])
def test_an_answer_is_gone_on_with_in_another_vendors_format(
    tmp_path: Path, provider: Simulator, side: Side
) -> None:
    text = right(provider)
    found, frame = attempt(tmp_path, provider, BY_NAME["S08"], side, stream=True)
    whole(found, text)
    assert [each.error for each in frame.attempts] == ["upstream_stream_cut", None]


@sides
def test_the_client_is_told_the_usage_and_the_cost_of_both(
    tmp_path: Path, provider: Simulator, side: Side
) -> None:
    found, frame = attempt(tmp_path, provider, BY_NAME["S08"], side, stream=True)
    written = found.usage.get("completion_tokens", found.usage.get("output_tokens"))
    assert written == sum(each.output_tokens for each in frame.attempts)
    assert round(found.usage["cost_usd"] * 1e12) == sum(each.cost for each in frame.attempts)
    assert found.usage["estimated"] is True


def test_a_model_that_is_alone_goes_on_with_its_own_answer(
    tmp_path: Path, provider: Simulator
) -> None:
    script = "fault=cut,after=40,times=1"
    with steady(tmp_path, provider, CHAT.kind, script, ()) as home:
        found = seen(CHAT.send(home, stream=True))
        frame = home.one()
    assert (found.error, found.finishes, len(found.ids)) == (None, 1, 1)
    assert [each.error for each in frame.attempts] == ["upstream_stream_cut", None]
    assert len(home.opened()) == 2


def test_a_model_that_is_alone_and_breaks_off_again_is_not_asked_a_third_time(
    tmp_path: Path, provider: Simulator
) -> None:
    with steady(tmp_path, provider, CHAT.kind, "fault=cut,after=10", ()) as home:
        found = seen(CHAT.send(home, stream=True))
        frame = home.one()
    assert (found.error, found.finishes) == ("upstream_stream_cut", 0)
    assert [each.error for each in frame.attempts] == ["upstream_stream_cut"] * 2
    assert frame.status == Status.ERROR


def test_a_model_that_refused_to_go_on_is_not_asked_again(
    tmp_path: Path, provider: Simulator
) -> None:
    spares = ("prefill=0", "")
    with steady(tmp_path, provider, CHAT.kind, "fault=cut,after=40", spares) as home:
        found = [seen(CHAT.send(home, stream=True)) for _ in range(2)]
        first, second = sorted(home.settled(), key=lambda frame: frame.id)
    assert [(each.error, each.finishes) for each in found] == [(None, 1)] * 2
    refused = ["upstream_stream_cut", "upstream_rejected", None]
    assert [each.error for each in first.attempts] == refused
    assert [each.model for each in second.attempts] == ["target-1", "target-3"]


def test_a_content_filter_that_refuses_to_go_on_is_not_routed_around(
    tmp_path: Path, provider: Simulator
) -> None:
    spares = ("fault=content_filter", "")
    with steady(tmp_path, provider, CHAT.kind, "fault=cut,after=40", spares) as home:
        found = seen(CHAT.send(home, stream=True))
        frame = home.one()
    assert (found.error, found.finishes) == ("content_filter", 0)
    assert [each.error for each in frame.attempts] == ["upstream_stream_cut", "content_filter"]


def test_a_call_of_a_tool_that_breaks_off_is_not_gone_on_with(
    tmp_path: Path, provider: Simulator
) -> None:
    function = {
        "name": "find",
        "parameters": {"type": "object", "properties": {"q": {"type": "string"}}},
    }
    more: dict[str, Any] = {
        "tools": [{"type": "function", "function": function}],
        "tool_choice": "required",
    }
    with steady(tmp_path, provider, CHAT.kind, "fault=cut,after=2") as home:
        answer = home.ask("steady", stream=True, **more)
        frame = home.one()
    assert "upstream_stream_cut" in answer.text
    assert len(frame.attempts) == 1


def test_a_model_that_fails_in_turns_is_left_alone_and_then_asked_again(
    tmp_path: Path, provider: Simulator
) -> None:
    with steady(tmp_path, provider, CHAT.kind, FLAPS) as home:
        answers = [CHAT.send(home, stream=False) for _ in range(6)]
        assert [each.headers["x-hone-attempts"] for each in answers] == ["2"] * 5 + ["1"]
        assert all(each.status_code == 200 for each in answers)

        def back() -> bool:
            answer = CHAT.send(home, stream=False)
            assert answer.status_code == 200
            return answer.headers["x-hone-model"] == "target-1"

        wait_for(back)
        frames = home.settled()
    assert all(frame.status == Status.SUCCESS for frame in frames)
    ours = sum(each.cost for frame in frames for each in frame.attempts)
    assert ours == sum(row.billed_picodollars for row in provider.ledger())


def test_after_a_day_of_faults_every_told_token_is_billed_once(
    tmp_path: Path, provider: Simulator
) -> None:
    frames: list[Settled] = []
    for fault in FAULTS:
        for stream in (False, True):
            folder = tmp_path / f"{fault.name}-{stream}"
            frames.append(attempt(folder, provider, fault, CHAT, stream=stream)[1])
    attempts = [each for frame in frames for each in frame.attempts]
    wait_for(lambda: len(provider.ledger()) == len(attempts))
    billed_alike(provider, attempts)
    guessed = {each.error for each in attempts if each.estimated}
    assert all(re.search("cut|stalled|timeout|malformed", str(error)) for error in guessed)


ELSEWHERE = [
    Side("chat/completions", "google"),
    Side("chat/completions", "ollama"),
    Side("responses", "openai"),
]


@pytest.mark.parametrize(
    "side", [CHAT, MESSAGES, CHAT_ACROSS, MESSAGES_ACROSS, *ELSEWHERE], ids=str
)
@pytest.mark.parametrize("name", ["S08", "S10"])
def test_what_came_of_an_answer_that_broke_off_is_counted(
    tmp_path: Path, provider: Simulator, side: Side, name: str
) -> None:
    attempts = attempt(tmp_path, provider, BY_NAME[name], side, stream=False)[1].attempts
    wait_for(lambda: len(provider.ledger()) == len(attempts))
    billed = min(provider.ledger(), key=lambda row: row.sequence).completion_tokens
    assert attempts[0].estimated
    assert 0.5 * billed < attempts[0].output_tokens < 1.5 * billed


def test_the_scorecard_has_a_row_for_each_fault() -> None:
    rows = (DOCS / "reference" / "failover.md").read_text(encoding="utf-8").splitlines()
    for fault in FAULTS:
        begun = f"| {fault.name} | {fault.what} | {fault.becomes} |"
        assert any(row.startswith(begun) for row in rows), "run `make failover`"
