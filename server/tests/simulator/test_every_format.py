"""The behaviours and faults, in every vendor's format alike."""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx
import pytest

from hone.simulator import Delivery
from tests.core.facts import wait_for
from tests.simulator.running import Simulator
from tests.simulator.vendors import (
    ANTHROPIC,
    CHAT,
    CONVERSE,
    GEMINI,
    OLLAMA,
    RESPONSES,
    TALKERS,
    VENDORS,
    Vendor,
)

INPUT, OUTPUT = 2_500_000, 10_000_000
"""Pico-dollars for a token."""

every = pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
either = pytest.mark.parametrize("stream", [False, True], ids=["plain", "stream"])

ERRORS: list[tuple[Vendor, Callable[[Any], object], dict[int, str]]] = [
    (
        ANTHROPIC,
        lambda body: body["error"]["type"],
        {
            400: "invalid_request_error",
            401: "authentication_error",
            403: "permission_error",
            404: "not_found_error",
            413: "request_too_large",
            429: "rate_limit_error",
            500: "api_error",
            529: "overloaded_error",
        },
    ),
    (
        GEMINI,
        lambda body: body["error"]["status"],
        {
            400: "INVALID_ARGUMENT",
            403: "PERMISSION_DENIED",
            404: "NOT_FOUND",
            429: "RESOURCE_EXHAUSTED",
            500: "INTERNAL",
            503: "UNAVAILABLE",
            504: "DEADLINE_EXCEEDED",
        },
    ),
    (
        CONVERSE,
        lambda body: body["type"],
        {
            400: "ValidationException",
            403: "AccessDeniedException",
            404: "ResourceNotFoundException",
            408: "ModelTimeoutException",
            424: "ModelErrorException",
            429: "ThrottlingException",
            500: "InternalServerException",
            503: "ServiceUnavailableException",
        },
    ),
    (OLLAMA, lambda body: type(body["error"]).__name__, dict.fromkeys((400, 404, 429, 503), "str")),
    (
        RESPONSES,
        lambda body: body["error"]["type"],
        {400: "invalid_request_error", 429: "requests", 500: "server_error", 503: "server_error"},
    ),
]


def raw(simulator: Simulator, vendor: Vendor, model: str) -> bytes:
    """Return what came of a stream before it broke."""
    messages = [{"role": "user", "content": "Hello"}]
    seen = b""
    with (
        suppress(httpx.RemoteProtocolError, httpx.ReadError),
        simulator.http.stream(
            "POST",
            vendor.path(model, True),
            json=vendor.body(model, messages, True),
            headers=vendor.headers,
        ) as response,
    ):
        for part in response.iter_raw():
            seen += part
    return seen


@every
def test_a_stream_says_what_the_plain_answer_says_and_costs_the_same(
    simulator: Simulator, vendor: Vendor
):
    plain = vendor.ask(simulator, "gpt-4o-mini", "Is there parking?").json()
    streamed = vendor.ask(simulator, "gpt-4o-mini", "Is there parking?", stream=True)
    assert vendor.text(plain) == vendor.said(streamed)
    events = vendor.events(streamed.content)
    assert [vendor.ends(event) for event in events].count(True) == 1
    one, two = simulator.ledger()
    assert (one.endpoint, one.stream) == (vendor.name, False)
    assert (two.endpoint, two.stream) == (vendor.streamed_name or vendor.name, True)
    for row in (one, two):
        assert (row.prompt_tokens, row.completion_tokens) == vendor.usage(plain)
        assert row.billed_picodollars == row.prompt_tokens * 150_000 + (
            row.completion_tokens * 600_000
        )
        assert (row.status, row.delivery) == (200, Delivery.FULL)


def test_the_same_question_gets_the_same_words_in_every_format(simulator: Simulator):
    words = {
        vendor.text(vendor.ask(simulator, "m", "Is there parking?").json()) for vendor in VENDORS
    }
    assert len(words) == 1


@every
@either
def test_1_a_429_tells_when_to_come_again(simulator: Simulator, vendor: Vendor, stream: bool):
    response = vendor.ask(simulator, "m#status=429,retry=2,times=1", stream=stream)
    assert response.status_code == 429
    if vendor is GEMINI:
        (info,) = response.json()["error"]["details"]
        assert info == {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "2s"}
    else:
        assert response.headers["retry-after"] == "2"
    assert vendor.ask(simulator, "m#status=429,retry=2,times=1", stream=stream).status_code == 200


@every
def test_2_a_429_can_last(simulator: Simulator, vendor: Vendor):
    assert [vendor.ask(simulator, "m#status=429").status_code for _ in range(4)] == [429] * 4
    assert {row.billed_picodollars for row in simulator.ledger()} == {0}


@every
def test_3_a_500_can_come_once(simulator: Simulator, vendor: Vendor):
    answers = [vendor.ask(simulator, "m#status=500,times=1").status_code for _ in range(3)]
    assert answers == [500, 200, 200]


@every
def test_4_a_503_can_last(simulator: Simulator, vendor: Vendor):
    assert [vendor.ask(simulator, "m#status=503").status_code for _ in range(2)] == [503, 503]


@every
@either
def test_5_a_connection_can_be_reset(simulator: Simulator, vendor: Vendor, stream: bool):
    with pytest.raises(httpx.ReadError, match="reset"):
        vendor.ask(simulator, "m#fault=reset", stream=stream)
    row = simulator.row()
    assert (row.status, row.error, row.billed_picodollars) == (0, "reset", 0)
    simulator.reset()
    with pytest.raises(httpx.ReadError, match="reset"):
        vendor.ask(simulator, "m#fault=reset,after=3,pace=1", stream=stream)
    row = simulator.row()
    assert (row.delivery, row.error, row.completion_tokens) == (Delivery.CUT, "reset", 3)


@every
def test_6_silence_is_no_answer(simulator: Simulator, vendor: Vendor):
    with pytest.raises(httpx.ReadTimeout):
        simulator.http.post(
            vendor.path("m#fault=silence", True),
            json=vendor.body("m#fault=silence", [{"role": "user", "content": "Hi"}], True),
            headers=vendor.headers,
            timeout=0.05,
        )
    row = simulator.row()
    assert (row.delivery, row.billed_picodollars) == (Delivery.CLIENT_GONE, 0)


@every
def test_7_the_first_token_can_be_slow(simulator: Simulator, vendor: Vendor):
    begun = time.monotonic()
    vendor.ask(simulator, "m#ttft=60,tokens=2", stream=True)
    assert time.monotonic() - begun >= 0.06


@every
def test_8_a_stream_can_be_cut(simulator: Simulator, vendor: Vendor):
    with pytest.raises(httpx.RemoteProtocolError, match="incomplete chunked read"):
        vendor.ask(simulator, "m#fault=cut,after=7", stream=True)
    row = simulator.row()
    assert (row.delivery, row.error, row.status) == (Delivery.CUT, "cut", 200)
    assert row.completion_tokens == row.delivered_tokens == 7
    assert row.billed_picodollars == row.prompt_tokens * INPUT + 7 * OUTPUT
    events = vendor.events(raw(simulator, vendor, "m#fault=cut,after=7"))
    assert not any(map(vendor.ends, events))
    assert sum(1 for event in events if vendor.delta(event)) == 7


@every
@either
def test_9_a_stall_waits_and_goes_on(simulator: Simulator, vendor: Vendor, stream: bool):
    begun = time.monotonic()
    answer = vendor.ask(simulator, "m#tokens=5,fault=stall,stall=60,after=3", stream=stream)
    assert time.monotonic() - begun >= 0.06
    whole = vendor.text(vendor.ask(simulator, "m#tokens=5").json())
    assert (vendor.said(answer) if stream else vendor.text(answer.json())) == whole


@every
def test_10_a_malformed_chunk_is_one_among_whole_ones(simulator: Simulator, vendor: Vendor):
    streamed = vendor.ask(simulator, "m#tokens=5,fault=malformed,after=2", stream=True)
    with pytest.raises(json.JSONDecodeError):
        vendor.events(streamed.content)
    with pytest.raises(json.JSONDecodeError):
        vendor.ask(simulator, "m#fault=malformed").json()
    assert simulator.ledger()[0].completion_tokens == 5


@every
def test_11_a_stream_can_lack_its_end_marker(simulator: Simulator, vendor: Vendor):
    whole = vendor.ask(simulator, "m#tokens=5", stream=True)
    lacking = vendor.ask(simulator, "m#tokens=5,fault=no_done", stream=True)
    assert vendor.said(lacking) == vendor.said(whole)
    assert not any(map(vendor.ends, vendor.events(lacking.content)))
    early = vendor.ask(simulator, "m#tokens=5,fault=no_done,after=2", stream=True)
    assert vendor.said(whole).startswith(vendor.said(early))
    assert [row.completion_tokens for row in simulator.ledger()] == [5, 5, 2]


TOO_LONG = {
    "chat.completions": "This model's maximum context length is 3 tokens.",
    "completions": "This model's maximum context length is 3 tokens.",
    "responses": "This model's maximum context length is 3 tokens.",
    "anthropic.messages": "prompt is too long: 5 tokens > 3 maximum",
    "gemini.generateContent": "The input token count (5) exceeds the maximum number of tokens "
    "allowed (3).",
    "bedrock.converse": "The model returned the following errors: Input is too long for requested",
    "ollama.chat": "the input length exceeds the context length",
    "ollama.generate": "the input length exceeds the context length",
}


@every
@either
def test_12_a_prompt_can_be_too_long(simulator: Simulator, vendor: Vendor, stream: bool):
    response = vendor.ask(simulator, "m#context=3", stream=stream)
    assert response.status_code == 400
    assert TOO_LONG[vendor.name] in response.text
    assert simulator.row().billed_picodollars == 0


FILTERED = {
    "chat.completions": (400, "content_filter"),
    "completions": (400, "content_filter"),
    "responses": (400, "content_filter"),
    "anthropic.messages": (400, "content filtering policy"),
    "gemini.generateContent": (200, '"promptFeedback":{"blockReason":"SAFETY"'),
    "bedrock.converse": (400, "blocked by our content filters"),
    "ollama.chat": (400, "content filter"),
    "ollama.generate": (400, "content filter"),
}


@every
@either
def test_13_the_content_filter_refuses_or_stops(simulator: Simulator, vendor: Vendor, stream: bool):
    status, words = FILTERED[vendor.name]
    refused = vendor.ask(simulator, "m#fault=content_filter", stream=stream)
    assert refused.status_code == status
    assert words in refused.text
    assert simulator.row().billed_picodollars == 0
    simulator.reset()
    stopped = vendor.ask(simulator, "m#fault=content_filter,after=4", stream=stream)
    assert stopped.status_code == 200
    assert simulator.row().completion_tokens == 4


@pytest.mark.parametrize("vendor", TALKERS, ids=lambda vendor: vendor.name)
def test_14_a_cut_can_be_followed_by_a_refused_prefill(simulator: Simulator, vendor: Vendor):
    model = "m#tokens=20,fault=cut,after=7,prefill=0"
    begun = "".join(map(vendor.delta, vendor.events(raw(simulator, vendor, model))))
    refused = vendor.ask(simulator, model, stream=True, prefill=begun)
    assert refused.status_code == 400
    assert "prefill" in refused.text
    assert [row.billed_picodollars > 0 for row in simulator.ledger()] == [True, False]


@pytest.mark.parametrize("vendor", TALKERS, ids=lambda vendor: vendor.name)
def test_a_prefill_that_begins_the_answer_is_gone_on_with(simulator: Simulator, vendor: Vendor):
    whole = vendor.text(vendor.ask(simulator, "m#tokens=20").json())
    begun = whole[: len(whole) // 2].rstrip()
    rest = vendor.text(vendor.ask(simulator, "m#tokens=20", prefill=begun).json())
    assert begun + rest == whole


@every
def test_15_a_model_can_fail_and_be_well_in_turn(simulator: Simulator, vendor: Vendor):
    model = f"flaps-{vendor.name}"
    flap = {"failSeconds": 0.2, "wellSeconds": 0.2}
    simulator.put(model, status=503, flap=flap)

    def status() -> int:
        return vendor.ask(simulator, model).status_code

    assert status() == 503
    assert wait_for(lambda: status() == 200)
    assert wait_for(lambda: status() == 503)
    assert wait_for(lambda: status() == 200)


@every
def test_16_a_caller_that_leaves_pays_for_what_was_made(simulator: Simulator, vendor: Vendor):
    model = "m#tokens=10000,pace=2"
    if vendor.name in {"completions", "anthropic.messages"}:
        model = "m#tokens=900,pace=2"
    messages = [{"role": "user", "content": "Hello"}]
    with simulator.http.stream(
        "POST",
        vendor.path(model, True),
        json=vendor.body(model, messages, True),
        headers=vendor.headers,
    ) as response:
        parts = response.iter_raw()
        for _ in range(6):
            next(parts)
    row = simulator.row()
    assert row.delivery == Delivery.CLIENT_GONE
    assert 3 <= row.completion_tokens < 900
    assert row.billed_picodollars == row.prompt_tokens * INPUT + row.completion_tokens * OUTPUT


@pytest.mark.parametrize(
    ("vendor", "kind", "names"), ERRORS, ids=[vendor.name for vendor, _, _ in ERRORS]
)
def test_errors_have_the_vendor_s_names(
    simulator: Simulator, vendor: Vendor, kind: Callable[[Any], object], names: dict[int, str]
):
    for status, name in names.items():
        response = vendor.ask(simulator, f"m#status={status}")
        assert response.status_code == status
        assert response.headers["content-type"] == "application/json"
        body = {"type": response.headers.get("x-amzn-errortype"), **response.json()}
        assert kind(body) == name


@every
def test_an_error_can_come_in_the_middle_of_a_stream(simulator: Simulator, vendor: Vendor):
    answer = vendor.ask(simulator, "m#status=500,after=3", stream=True)
    events = vendor.events(answer.content)
    assert answer.status_code == 200
    assert not any(map(vendor.ends, events))
    assert sum(1 for event in events if vendor.delta(event)) == 3
    assert "error" in json.dumps(events[-1]).lower()
    row = simulator.row()
    assert (row.status, row.delivery, row.completion_tokens) == (200, Delivery.CUT, 3)
    assert row.error


@every
def test_a_rate_limit_holds(simulator: Simulator, vendor: Vendor):
    simulator.put("limited", rate={"requests": 1, "perSeconds": 60})
    first, second = (vendor.ask(simulator, "limited") for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 429)
    if vendor is CHAT:
        assert first.headers["x-ratelimit-remaining-requests"] == "0"
    if vendor is ANTHROPIC:
        assert first.headers["anthropic-ratelimit-requests-remaining"] == "0"
        assert second.json()["error"]["type"] == "rate_limit_error"
    if vendor is GEMINI:
        kinds = [each["@type"].rpartition(".")[2] for each in second.json()["error"]["details"]]
        assert kinds == ["QuotaFailure", "RetryInfo"]


@every
def test_what_is_not_json_is_refused(simulator: Simulator, vendor: Vendor):
    for body in (b"", b"{", b"\xff", b"[]", b"3", b'{"model": "m", "deep": ' + b"[" * 100_000):
        response = simulator.http.post(
            vendor.path("m", False), content=body, headers=vendor.headers
        )
        assert response.status_code == 400, body[:20]
        assert "error" in response.text or "message" in response.json()
    assert simulator.ledger() == []


@every
def test_a_behaviour_that_is_none_is_refused(simulator: Simulator, vendor: Vendor):
    response = vendor.ask(simulator, "m#fault=explode")
    assert response.status_code == 400
    assert "explode" in response.text
