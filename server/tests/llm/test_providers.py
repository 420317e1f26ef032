"""What is read out of providers' answers, in every shape that was met."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import msgspec
import pytest

from hone.core import ids
from hone.llm import pricing
from hone.llm.errors import (
    LONGEST_WAIT,
    ContentRefused,
    ContextTooLong,
    Limited,
    Malformed,
    ProviderError,
    retry_after,
)
from hone.llm.providers import PROVIDERS, VENDORS
from hone.llm.types import Call, Endpoint, Price, Target, Usage

OPENAI = PROVIDERS["openai"]
TARGET = Target(
    ids.new(), "gpt", "p", "openai", "gpt-4o-2024", "https://api.example.com/v1/", "sk-secret"
)


def body(value: dict[str, Any]) -> dict[str, msgspec.Raw]:
    return msgspec.json.decode(json.dumps(value), type=dict[str, msgspec.Raw])


def sent(call: Call) -> dict[str, Any]:
    return json.loads(call.body)


@pytest.mark.parametrize("kind", list(VENDORS))
def test_every_vendor_is_sent_the_clients_own_body(kind: str) -> None:
    asked = {"model": "route", "messages": [{"role": "user"}], "odd": [1.5, None]}
    call = PROVIDERS[kind].call(Endpoint.CHAT, body(asked), TARGET, stream=False)
    assert sent(call) == asked | {"model": "gpt-4o-2024"}
    assert call.url == "https://api.example.com/v1/chat/completions"
    azure = ("api-key", "sk-secret")
    assert call.headers == (azure if kind == "azure" else ("authorization", "Bearer sk-secret"),)
    assert "sk-secret" not in repr(call)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, {"include_usage": True}),
        ({"stream_options": None}, {"include_usage": True}),
        (
            {"stream_options": {"include_usage": False, "other": 1}},
            {"include_usage": True, "other": 1},
        ),
    ],
)
def test_a_stream_is_asked_for_its_usage(options: dict[str, Any], expected: dict[str, Any]) -> None:
    call = OPENAI.call(Endpoint.CHAT, body({"model": "m"} | options), TARGET, stream=True)
    assert sent(call)["stream_options"] == expected
    mistral = PROVIDERS["mistral"].call(Endpoint.CHAT, body(options), TARGET, stream=True)
    assert "stream_options" not in sent(mistral)


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        ({"prompt_tokens": 5, "completion_tokens": 7}, Usage(5, 7)),
        ({"prompt_tokens": 5}, Usage(5, 0)),
        (
            {
                "prompt_tokens": 5,
                "completion_tokens": 7,
                "prompt_tokens_details": {"cached_tokens": 3},
            },
            Usage(5, 7, 3),
        ),
        ({"prompt_tokens": 5, "prompt_cache_hit_tokens": 4}, Usage(5, 0, 4)),
        (
            {
                "prompt_tokens": 5,
                "completion_tokens": 7,
                "total_tokens": 12,
                "completion_tokens_details": {"reasoning_tokens": 4},
            },
            Usage(5, 7, 0, 4),
        ),
        (
            {
                "prompt_tokens": 32,
                "completion_tokens": 9,
                "total_tokens": 135,
                "completion_tokens_details": {"reasoning_tokens": 94},
            },
            Usage(32, 103, 0, 94),
        ),
        ({"prompt_tokens": -5}, None),
        ({"prompt_tokens": "many"}, None),
        (None, None),
    ],
)
def test_usage_is_read_in_every_dialect(usage: object, expected: Usage | None) -> None:
    answer = json.dumps({"choices": [{"message": {"content": "hi"}}], "usage": usage}).encode()
    assert OPENAI.reply(Endpoint.CHAT, {}, answer).usage == expected


def test_a_piece_says_what_its_event_does() -> None:
    def piece(value: Any) -> Any:
        return read(json.dumps(value).encode())

    def read(data: bytes) -> Any:
        return OPENAI.stream(Endpoint.CHAT, {}).feed(b"data: %b\n\n" % data)[0].piece

    assert piece({"choices": [{"delta": {"role": "assistant", "content": ""}}]}).size == 0
    assert piece({"choices": [{"delta": {"content": "a\n\u00e9"}}]}).size == 4
    assert piece({"choices": [{"delta": {"tool_calls": [{"index": 0}]}}]}).size > 0
    assert piece({"choices": [{"delta": None, "finish_reason": "stop"}]}).finished == ("stop",)
    assert piece({"choices": [], "usage": {"prompt_tokens": 1}}).bare
    assert not piece({"choices": [{"delta": {}}], "usage": {"prompt_tokens": 1}}).bare
    assert piece({"choices": [{"delta": {}}], "usage": None}).usage is None
    assert piece({"x_groq": {"usage": {"prompt_tokens": 3}}}).usage == Usage(3)
    assert isinstance(piece({"error": {"type": "rate_limit_error"}}).error, Limited)
    assert read(b"[DONE]").done
    assert read(b'{"choices":[{"delta":{"content":"\\ud800"}}]}').size == 3
    assert isinstance(read(b'{"choices":[{"delta":{"content":"\xff"}}]}').error, Malformed)


@pytest.mark.parametrize(
    ("status", "error", "kind", "code"),
    [
        (400, {"code": "context_length_exceeded"}, ContextTooLong, "context_length_exceeded"),
        (400, {"code": "content_policy_violation"}, ContentRefused, "content_filter"),
        (403, {"code": 403, "metadata": {"reasons": ["x"]}}, ContentRefused, "content_filter"),
        (400, {"code": "x" * 100}, ProviderError, "x" * 64),
        (400, {"code": 400}, ProviderError, "upstream_rejected"),
        (400, 7, ProviderError, "upstream_rejected"),
        (200, {"type": "authentication_error"}, ProviderError, "upstream_error"),
        (599, None, ProviderError, "upstream_error"),
    ],
)
def test_refusals_are_read_by_status_and_code(
    status: int, error: object, kind: type[ProviderError], code: str
) -> None:
    content = json.dumps({"error": error}).encode()
    found = OPENAI.error(status, lambda _: None, content, TARGET)
    assert isinstance(found, kind)
    assert found.code == code


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({b"retry-after": b"7"}, 7.0),
        ({b"retry-after": b"1.5"}, 1.5),
        ({b"retry-after": b"99999"}, LONGEST_WAIT),
        ({b"retry-after": b"-3"}, None),
        ({b"retry-after": b"nan"}, None),
        ({b"retry-after": b"soon"}, None),
        ({b"retry-after": b"\xff"}, None),
        ({b"retry-after": b"9", b"retry-after-ms": b"250"}, 0.25),
        ({b"retry-after": b"Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
    ],
)
def test_retry_after_is_read(headers: dict[bytes, bytes], seconds: float | None) -> None:
    assert retry_after(headers.get) == seconds


def test_retry_after_may_be_a_date() -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    seconds = retry_after({b"retry-after": moment.encode()}.get)
    assert seconds is not None
    assert 80 < seconds <= 90


def test_cost_is_exact() -> None:
    price = Price(ids.new(), input=2_500_000, output=10_000_000, cached_input=1_250_000)
    usage = Usage(1000, 100, 400)
    assert pricing.cost(usage, price) == 600 * 2_500_000 + 400 * 1_250_000 + 100 * 10_000_000
    assert pricing.cost(Usage(10, 0, 50), price) == 10 * 1_250_000
    assert pricing.cost(Usage(10, 1, 5), Price(ids.new(), 1, 2)) == 12
    assert pricing.cost(usage, None) == 0
