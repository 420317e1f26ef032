import json

import openai
import pytest

from hone.simulator import tokens
from tests.simulator.running import Simulator, content

BOOK = {
    "type": "function",
    "function": {
        "name": "book_visit",
        "parameters": {
            "type": "object",
            "properties": {
                "date": {"type": "string", "format": "date"},
                "guests": {"type": "integer", "minimum": 2, "maximum": 140},
            },
            "required": ["date", "guests"],
        },
    },
}


def said(simulator: Simulator, **request: object) -> str:
    response = simulator.chat(**request)  # pyright: ignore[reportArgumentType]
    assert response.status_code == 200, response.text
    return response.json()["choices"][0]["message"]["content"]


def test_an_answer_has_openai_s_shape(simulator: Simulator):
    response = simulator.chat("gpt-4o", "Is there parking?")
    answer = response.json()
    assert set(answer) == {
        *("id", "object", "created", "model", "choices", "usage"),
        *("system_fingerprint", "service_tier"),
    }
    assert answer["object"] == "chat.completion"
    assert answer["id"].startswith("chatcmpl-")
    assert answer["model"] == "gpt-4o"
    (choice,) = answer["choices"]
    assert (choice["index"], choice["finish_reason"], choice["logprobs"]) == (0, "stop", None)
    assert choice["message"]["role"] == "assistant"
    assert choice["message"]["refusal"] is None
    assert response.headers["x-request-id"].startswith("req_")
    assert response.headers["content-type"] == "application/json"


def test_the_same_call_gets_the_same_words(simulator: Simulator):
    first = said(simulator, model="gpt-4o", text="Tell me something")
    assert first == said(simulator, model="gpt-4o", text="Tell me something")
    others = {
        said(simulator, model="gpt-4o", text=f"Tell me something {number}") for number in range(20)
    }
    assert len(others) > 10


def test_the_model_and_the_caller_s_seed_change_the_words(simulator: Simulator):
    by_model = {said(simulator, model=f"m{number}", text="Hello") for number in range(20)}
    by_seed = {said(simulator, model="m", text="Hello", seed=number) for number in range(20)}
    assert len(by_model) > 10
    assert len(by_seed) > 10


def test_the_answer_is_about_what_was_asked(simulator: Simulator):
    assert "cars" in said(simulator, text="May we park a car?").lower() or "parking" in said(
        simulator, text="May we park a car?"
    )
    assert "deposit" in said(simulator, text="We pay a deposit and payments?", model="d").lower()


def test_echo_repeats_what_the_user_said_last(simulator: Simulator):
    messages = [
        {"role": "user", "content": "first"},
        {"role": "user", "content": [{"type": "text", "text": "Grüße, 2 guests!\n"}]},
        {"role": "assistant", "content": "yes"},
    ]
    body = {"model": "sim-echo", "messages": messages}
    answer = simulator.http.post("/v1/chat/completions", json=body).json()
    assert answer["choices"][0]["message"]["content"] == "Grüße, 2 guests!\n"


def test_usage_follows_the_documented_rule(simulator: Simulator):
    text = "Grüße"
    answer = simulator.chat("gpt-4o#cached=4,reasoning=7", text).json()
    usage = answer["usage"]
    shown = len(tokens.pieces(answer["choices"][0]["message"]["content"]))
    assert usage["prompt_tokens"] == 2 + 3
    assert usage["completion_tokens"] == shown + 7
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    assert usage["prompt_tokens_details"]["cached_tokens"] == 4
    assert usage["completion_tokens_details"]["reasoning_tokens"] == 7


@pytest.mark.parametrize("limit", ["max_tokens", "max_completion_tokens"])
def test_a_limit_cuts_the_answer(simulator: Simulator, limit: str):
    whole = said(simulator, text="Is there parking?")
    answer = simulator.chat(text="Is there parking?", **{limit: 5}).json()  # pyright: ignore[reportArgumentType]
    assert answer["choices"][0]["finish_reason"] == "length"
    assert answer["usage"]["completion_tokens"] == 5
    assert whole.startswith(answer["choices"][0]["message"]["content"])


def test_reasoning_counts_towards_the_limit(simulator: Simulator):
    answer = simulator.chat("m#reasoning=50", max_completion_tokens=20).json()
    assert answer["choices"][0]["message"]["content"] == ""
    assert answer["usage"]["completion_tokens"] == 20
    assert answer["choices"][0]["finish_reason"] == "length"


@pytest.mark.parametrize("length", [1, 16, 2000])
def test_an_answer_can_have_any_length(simulator: Simulator, length: int):
    answer = simulator.chat(f"m#tokens={length}").json()
    assert answer["usage"]["completion_tokens"] == length
    assert answer["choices"][0]["finish_reason"] == "stop"


def test_the_official_client_chats_and_streams(client: openai.OpenAI):
    answer = client.chat.completions.create(
        model="gpt-4o", messages=[{"role": "user", "content": "Hello"}]
    )
    chunks = list(
        client.chat.completions.create(
            model="gpt-4o",
            messages=[{"role": "user", "content": "Hello"}],
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    streamed = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
    assert streamed == answer.choices[0].message.content
    assert chunks[-1].usage == answer.usage
    assert len({chunk.id for chunk in chunks}) == 1


def test_a_stream_has_one_token_in_each_chunk(simulator: Simulator):
    events = simulator.events("gpt-4o", "Is there parking?")
    chunks = [json.loads(event) for event in events[:-1]]
    assert all("usage" not in chunk for chunk in chunks)
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks]
    assert deltas[0] == {"role": "assistant", "content": "", "refusal": None}
    assert deltas[-1] == {}
    reasons = [chunk["choices"][0]["finish_reason"] for chunk in chunks]
    assert reasons == [*[None] * (len(chunks) - 1), "stop"]
    plain = simulator.chat("gpt-4o", "Is there parking?").json()
    assert len(chunks) - 2 == plain["usage"]["completion_tokens"]
    assert content(events) == plain["choices"][0]["message"]["content"]


def test_usage_in_a_stream_comes_last_and_only_when_asked_for(simulator: Simulator):
    events = simulator.events("gpt-4o", stream_options={"include_usage": True})
    chunks = [json.loads(event) for event in events[:-1]]
    assert chunks[-1]["choices"] == []
    assert chunks[-1]["usage"] == simulator.chat("gpt-4o").json()["usage"]
    assert all(chunk["usage"] is None for chunk in chunks[:-1])


def test_a_required_tool_is_called_with_arguments_of_its_schema(client: openai.OpenAI):
    for choice in ("required", {"type": "function", "function": {"name": "book_visit"}}):
        answer = client.chat.completions.create(
            model="gpt-4o",
            messages=[{"role": "user", "content": "A visit please"}],
            tools=[BOOK],  # pyright: ignore[reportArgumentType]
            tool_choice=choice,  # pyright: ignore[reportArgumentType]
        )
        message = answer.choices[0].message
        assert answer.choices[0].finish_reason == "tool_calls"
        assert message.content is None
        assert message.tool_calls
        call = message.tool_calls[0]
        assert call.type == "function"
        arguments = json.loads(call.function.arguments)
        assert call.function.name == "book_visit"
        assert 2 <= arguments["guests"] <= 140
        assert arguments["date"]


def test_a_tool_call_streams_in_fragments(simulator: Simulator):
    request: dict[str, object] = {"tools": [BOOK], "tool_choice": "required"}
    plain = simulator.chat(**request).json()["choices"][0]["message"]["tool_calls"][0]  # pyright: ignore[reportArgumentType]
    events = simulator.events(**request)  # pyright: ignore[reportArgumentType]
    deltas = [json.loads(event)["choices"][0]["delta"] for event in events[:-2]]
    fragments = [delta["tool_calls"][0] for delta in deltas]
    assert fragments[0]["id"] == plain["id"]
    assert fragments[0]["function"] == {"name": "book_visit", "arguments": ""}
    assert len(fragments) > 3
    whole = "".join(fragment["function"]["arguments"] for fragment in fragments)
    assert whole == plain["function"]["arguments"]
    assert json.loads(events[-2])["choices"][0]["finish_reason"] == "tool_calls"


def test_a_tool_that_is_not_required_is_not_called(simulator: Simulator):
    for choice in ("auto", "none"):
        assert said(simulator, tools=[BOOK], tool_choice=choice)


def test_a_json_answer_is_json(simulator: Simulator):
    assert json.loads(said(simulator, response_format={"type": "json_object"}))
    schema = {
        "type": "object",
        "properties": {"intent": {"enum": ["visit", "price"]}, "sure": {"type": "boolean"}},
        "required": ["intent", "sure"],
    }
    wanted = {"type": "json_schema", "json_schema": {"name": "intent", "schema": schema}}
    answer = json.loads(said(simulator, response_format=wanted))
    assert answer["intent"] in {"visit", "price"}
    assert isinstance(answer["sure"], bool)


def test_models_are_listed_and_any_name_is_known(client: openai.OpenAI, simulator: Simulator):
    simulator.put("my-model", ttftMs=1)
    simulator.put("*", ttftMs=1)
    names = {model.id for model in client.models.list()}
    assert {"sim-echo", "sim-fast", "gpt-4o-mini", "my-model"} <= names
    assert "*" not in names
    assert client.models.retrieve("org/anything").id == "org/anything"
