"""OpenAI's client for Python against a running Hone: what it does with OpenAI it does with us."""

import asyncio
import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import openai
import pytest
from openai.types.chat import ChatCompletionMessageParam, ChatCompletionToolParam

from hone.core import ids
from tests.core.facts import wait_for
from tests.fixtures.control import add_model, desk, do, operation
from tests.fixtures.house import ADMIN_KEY, House

MODEL = "assistant"
MESSAGES: list[ChatCompletionMessageParam] = [
    {"role": "system", "content": "You answer for a wedding venue."},
    {"role": "user", "content": "How many guests may come?"},
]
VISIT: ChatCompletionToolParam = {
    "type": "function",
    "function": {
        "name": "book_visit",
        "strict": True,
        "parameters": {
            "type": "object",
            "properties": {"day": {"type": "string"}, "guests": {"type": "integer"}},
            "required": ["day", "guests"],
            "additionalProperties": False,
        },
    },
}
OURS = {
    "x-hone-model",
    "x-hone-overhead-ms",
    "x-hone-cost-usd",
    "x-hone-cache",
    "x-hone-attempts",
}


def _client(house: House, key: str = ADMIN_KEY) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{house.url}/v1", api_key=key, max_retries=0, timeout=60)


@pytest.fixture
def client(house: House) -> Iterator[openai.OpenAI]:
    with _client(house) as made:
        yield made


def test_a_chat_is_answered_and_told_what_it_cost(client: openai.OpenAI, house: House) -> None:
    raw = client.chat.completions.with_raw_response.create(
        model=MODEL, messages=MESSAGES, max_tokens=24, user="guest-7"
    )
    answer = raw.parse()
    assert answer.choices[0].message.content
    assert answer.choices[0].finish_reason == "length"
    assert answer.usage is not None
    assert answer.usage.completion_tokens == 24
    assert set(raw.headers) >= OURS
    assert raw.headers["x-hone-model"] == "venue"
    assert raw.headers["x-hone-attempts"] == "1"
    assert answer._request_id == raw.headers["x-request-id"]  # pyright: ignore[reportPrivateUsage]
    cost = (answer.usage.prompt_tokens * 2.5 + 24 * 10) / 1e6
    assert float(raw.headers["x-hone-cost-usd"]) == pytest.approx(cost)
    stored = operation(house, raw.headers["x-request-id"])
    assert stored["costUsd"] == pytest.approx(cost)
    assert stored["userId"] == "guest-7"
    assert stored["messages"][-1]["content"] == answer.choices[0].message.content


def test_a_stream_is_the_answer_in_parts(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model=MODEL, messages=MESSAGES)
    chunks = list(client.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert text == whole.choices[0].message.content
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert all(chunk.usage is None for chunk in chunks)


def test_a_stream_ends_with_usage_for_who_asks(client: openai.OpenAI, house: House) -> None:
    raw = client.chat.completions.with_raw_response.create(
        model=MODEL, messages=MESSAGES, stream=True, stream_options={"include_usage": True}
    )
    assert set(raw.headers) >= OURS - {"x-hone-cost-usd"}
    chunks = list(raw.parse())
    last = chunks[-1]
    assert last.usage is not None
    assert not last.choices
    assert [chunk.usage for chunk in chunks[:-1]] == [None] * (len(chunks) - 1)
    stored = operation(house, raw.headers["x-request-id"])
    assert stored["stream"]
    assert stored["outputTokens"] == last.usage.completion_tokens
    told: dict[str, Any] = last.usage.model_extra or {}
    assert stored["costUsd"] == pytest.approx(told["cost_usd"])


async def test_the_asynchronous_client_does_the_same(house: House) -> None:
    async with openai.AsyncOpenAI(
        base_url=f"{house.url}/v1", api_key=ADMIN_KEY, max_retries=0
    ) as client:
        whole, stream, embedded = await asyncio.gather(
            client.chat.completions.create(model=MODEL, messages=MESSAGES),
            client.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True),
            client.embeddings.create(model="venue", input="a barn"),
        )
        text = "".join([part.choices[0].delta.content or "" async for part in stream])
        names = [model.id async for model in client.models.list()]
    assert text == whole.choices[0].message.content
    assert len(embedded.data) == 1
    assert MODEL in names


def test_embeddings_are_the_same_as_numbers_and_as_base64(client: openai.OpenAI) -> None:
    given = ["a barn", "a hall", "a meadow"]
    packed = client.embeddings.create(model="venue", input=given)
    listed = client.embeddings.create(model="venue", input=given, encoding_format="float")
    assert [each.index for each in packed.data] == [0, 1, 2]
    for one, other in zip(packed.data, listed.data, strict=True):
        assert one.embedding == pytest.approx(other.embedding, abs=1e-6)
    assert packed.usage.prompt_tokens == packed.usage.total_tokens > 0


def test_models_are_listed_and_found(client: openai.OpenAI) -> None:
    names = [model.id for model in client.models.list()]
    assert {MODEL, "venue", "backup"} <= set(names)
    assert all(one < other for one, other in pairwise(names))
    assert client.models.retrieve("backup").id == "backup"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("unheard-of")


def test_a_streamed_tool_call_is_put_together(client: openai.OpenAI) -> None:
    with client.chat.completions.stream(
        model=MODEL, messages=MESSAGES, tools=[VISIT], tool_choice="required"
    ) as stream:
        answer = stream.get_final_completion()
    choice = answer.choices[0]
    assert choice.finish_reason == "tool_calls"
    assert choice.message.tool_calls is not None
    call = choice.message.tool_calls[0]
    assert call.function.name == "book_visit"
    assert set(json.loads(call.function.arguments)) == {"day", "guests"}
    assert call.function.parsed_arguments == json.loads(call.function.arguments)


def test_a_broken_stream_is_an_error_and_not_an_end(client: openai.OpenAI, house: House) -> None:
    broken = add_model(house, "fault=cut,after=5")
    raw = client.chat.completions.with_raw_response.create(
        model=broken, messages=MESSAGES, stream=True
    )
    with pytest.raises(openai.APIError) as raised:
        list(raw.parse())
    assert raised.value.code == "upstream_stream_cut"
    assert operation(house, raw.headers["x-request-id"])["status"] == "error"


@pytest.mark.parametrize(
    ("settings", "kind", "code"),
    [
        ("status=429,retry=1", openai.RateLimitError, "rate_limited"),
        ("fault=context_length", openai.BadRequestError, "context_length_exceeded"),
        ("fault=content_filter", openai.BadRequestError, "content_filter"),
        ("status=500", openai.InternalServerError, "upstream_error"),
    ],
)
def test_what_the_provider_says_keeps_its_class(
    client: openai.OpenAI,
    house: House,
    settings: str,
    kind: type[openai.APIStatusError],
    code: str,
) -> None:
    model = add_model(house, settings)
    with pytest.raises(kind) as raised:
        client.chat.completions.create(model=model, messages=MESSAGES)
    assert raised.value.code == code
    assert raised.value.request_id is not None
    assert operation(house, raised.value.request_id)["errorCode"] == code


def test_a_wrong_key_is_an_authentication_error(house: House) -> None:
    with _client(house, "hone_nobodys") as client, pytest.raises(openai.APIStatusError) as raised:
        client.chat.completions.create(model=MODEL, messages=MESSAGES)
    assert isinstance(raised.value, openai.AuthenticationError)
    assert raised.value.code == "invalid_api_key"
    assert (raised.value.request_id or "").startswith("op_")


def test_a_key_that_may_not_query_is_a_permission_error(house: House) -> None:
    made = do(house, "POST", "/api/identity/keys", {"name": "reader", "permissions": ["keys:read"]})
    with _client(house, made["key"]) as client:
        error = wait_for(lambda: _known(client))
    assert isinstance(error, openai.PermissionDeniedError)
    assert error.code == "query_not_allowed"


def _known(client: openai.OpenAI) -> openai.APIStatusError | None:
    """Wait for a new key to be known everywhere; until then it is a wrong one."""
    try:
        client.models.list()
    except openai.AuthenticationError:
        return None
    except openai.APIStatusError as error:
        return error
    return None


def test_an_unknown_model_is_not_found(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as raised:
        client.chat.completions.create(model="unheard-of", messages=MESSAGES)
    assert (raised.value.code, raised.value.param) == ("model_not_found", "model")


def test_a_request_without_messages_is_a_bad_request(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as raised:
        client.chat.completions.create(model=MODEL, messages=[])
    assert (raised.value.code, raised.value.param) == ("invalid_parameter", "messages")


def test_labels_travel_in_the_clients_own_fields(client: openai.OpenAI, house: House) -> None:
    conversation = f"visit-{ids.new().hex}"
    raw = client.chat.completions.with_raw_response.create(
        model=MODEL,
        messages=MESSAGES,
        max_tokens=4,
        metadata={"table": "12"},
        extra_headers={"x-hone-conversation-id": conversation},
    )
    stored = operation(house, raw.headers["x-request-id"])
    assert stored["conversationId"] == conversation
    assert stored["metadata"] == {"table": "12"}
    with desk(house) as desktop:
        found = desktop.get("/api/ai/operations", params={"conversation": conversation}).json()
    assert [each["id"] for each in found["items"]] == [raw.headers["x-request-id"]]
