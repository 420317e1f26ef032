"""Whatever is sent to a format, it is answered or refused, and never breaks."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.simulator.running import Simulator

SCHEMA = {"type": "object", "properties": {"guests": {"type": "integer"}}}
MARK = {"type": "ephemeral", "ttl": "1h"}

WHOLE: dict[str, tuple[str, Any]] = {
    "chat": (
        "/v1/chat/completions",
        {
            "model": "m",
            "messages": [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": [{"type": "text", "text": "Hello"}]},
                {"role": "assistant", "tool_calls": [{"id": "a", "function": {"name": "b"}}]},
                {"role": "tool", "content": "Done"},
            ],
            "max_tokens": 9,
            "seed": 1,
            "stop": ["x"],
            "tools": [{"type": "function", "function": {"name": "b", "parameters": SCHEMA}}],
            "tool_choice": "auto",
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "n", "schema": SCHEMA},
            },
        },
    ),
    "completions": (
        "/v1/completions",
        {"model": "m", "prompt": ["Hello"], "max_tokens": 9, "stop": "x", "n": 1, "stream": False},
    ),
    "responses": (
        "/v1/responses",
        {
            "model": "m",
            "instructions": "Be brief.",
            "input": [
                {"role": "user", "content": [{"type": "input_text", "text": "Hello"}]},
                {"type": "function_call", "call_id": "a", "name": "b", "arguments": "{}"},
                {"type": "function_call_output", "call_id": "a", "output": "Done"},
                {"type": "reasoning", "id": "rs_1", "summary": []},
            ],
            "tools": [{"type": "function", "name": "b", "parameters": SCHEMA, "strict": True}],
            "tool_choice": {"type": "function", "name": "b"},
            "text": {"format": {"type": "json_schema", "name": "n", "schema": SCHEMA}},
            "reasoning": {"effort": "low", "summary": "auto"},
            "metadata": {"team": "events"},
        },
    ),
    "moderations": (
        "/v1/moderations",
        {"model": "m", "input": ["a", {"type": "text", "text": "b"}]},
    ),
    "messages": (
        "/v1/messages",
        {
            "model": "m",
            "max_tokens": 2048,
            "system": [{"type": "text", "text": "Be brief.", "cache_control": MARK}],
            "messages": [
                {
                    "role": "user",
                    "content": [{"type": "text", "text": "Hi", "cache_control": MARK}],
                },
                {
                    "role": "assistant",
                    "content": [
                        {"type": "thinking", "thinking": "Well", "signature": "s"},
                        {"type": "tool_use", "id": "a", "name": "b", "input": {"guests": 2}},
                    ],
                },
                {
                    "role": "user",
                    "content": [
                        {
                            "type": "tool_result",
                            "tool_use_id": "a",
                            "content": [{"type": "text", "text": "Done"}],
                        },
                        {"type": "image", "source": {"type": "url", "url": "x"}},
                    ],
                },
            ],
            "tools": [{"name": "b", "input_schema": SCHEMA, "cache_control": MARK}],
            "tool_choice": {"type": "tool", "name": "b"},
            "thinking": {"type": "enabled", "budget_tokens": 1024},
            "stop_sequences": ["x"],
        },
    ),
    "gemini": (
        "/v1beta/models/m:generateContent",
        {
            "systemInstruction": {"parts": [{"text": "Be brief."}]},
            "contents": [
                {"role": "user", "parts": [{"text": "Hello"}, {"inlineData": {"data": "x"}}]},
                {"role": "model", "parts": [{"functionCall": {"name": "b", "args": {}}}]},
                {"role": "user", "parts": [{"functionResponse": {"name": "b", "response": {}}}]},
            ],
            "tools": [{"functionDeclarations": [{"name": "b", "parameters": SCHEMA}]}],
            "toolConfig": {
                "functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["b"]},
            },
            "generationConfig": {
                "maxOutputTokens": 9,
                "stopSequences": ["x"],
                "responseMimeType": "application/json",
                "responseSchema": SCHEMA,
                "thinkingConfig": {"includeThoughts": True},
            },
        },
    ),
    "converse": (
        "/model/m/converse",
        {
            "system": [{"text": "Be brief."}, {"cachePoint": {"type": "default"}}],
            "messages": [
                {"role": "user", "content": [{"text": "Hello"}, {"image": {"format": "png"}}]},
                {
                    "role": "assistant",
                    "content": [
                        {"reasoningContent": {"reasoningText": {"text": "Well"}}},
                        {"toolUse": {"toolUseId": "a", "name": "b", "input": {}}},
                    ],
                },
                {
                    "role": "user",
                    "content": [{"toolResult": {"toolUseId": "a", "content": [{"json": {}}]}}],
                },
            ],
            "toolConfig": {
                "tools": [{"toolSpec": {"name": "b", "inputSchema": {"json": SCHEMA}}}],
                "toolChoice": {"tool": {"name": "b"}},
            },
            "inferenceConfig": {"maxTokens": 9, "stopSequences": ["x"]},
            "additionalModelRequestFields": {"thinking": {}},
        },
    ),
    "ollama": (
        "/api/chat",
        {
            "model": "m#call=1",
            "messages": [
                {"role": "user", "content": "Hello", "images": ["x"]},
                {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "b"}}]},
                {"role": "user", "content": "Go on"},
            ],
            "tools": [{"type": "function", "function": {"name": "b", "parameters": SCHEMA}}],
            "format": SCHEMA,
            "options": {"num_predict": 9, "stop": ["x"], "seed": 1},
            "think": True,
            "stream": False,
        },
    ),
    "titan": ("/model/m/invoke", {"inputText": "Hello", "dimensions": 256}),
    "cohere": ("/model/m/invoke", {"texts": ["a", "b"], "input_type": "search_query"}),
    "embed": ("/api/embed", {"model": "m", "input": ["a"], "dimensions": 4}),
    "gemini embedding": (
        "/v1beta/models/m:embedContent",
        {"content": {"parts": [{"text": "a"}]}, "outputDimensionality": 4},
    ),
}

anything = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 70) | st.floats(-2, 2) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=4,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List the way to every value inside a body."""
    keys: list[Any] = []
    if isinstance(value, dict):
        keys = list(value)  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(value, list):
        keys = list(range(len(value)))  # pyright: ignore[reportUnknownArgumentType]
    return [path, *(place for key in keys for place in places(value[key], (*path, key)))][
        0 if path else 1 :
    ]


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_a_body_with_everything_is_answered(simulator: Simulator, name: str):
    path, body = WHOLE[name]
    response = simulator.http.post(path, json=body, headers={"anthropic-version": "2023-06-01"})
    assert response.status_code == 200, response.text


@pytest.mark.parametrize("name", sorted(WHOLE))
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_body_with_something_else_in_it_is_answered_or_refused(
    shared_simulator: Simulator, name: str, data: st.DataObject
):
    path, whole = WHOLE[name]
    body: Any = copy.deepcopy(whole)
    *way, last = data.draw(st.sampled_from(places(body)))
    inner = body
    for key in way:
        inner = inner[key]
    inner[last] = data.draw(anything)
    response = shared_simulator.http.post(
        path, json=body, headers={"anthropic-version": "2023-06-01"}
    )
    assert response.status_code in {200, 400}, response.text
    assert response.content
