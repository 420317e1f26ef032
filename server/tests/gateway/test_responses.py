"""OpenAI's Responses and completions, by its own client: to vendors that have them, and to others."""

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import openai
import pytest

from hone.gateway import Status, retell
from hone.llm.errors import ProviderError
from hone.llm.formats.responses import answers
from hone.llm.types import Endpoint
from tests.gateway.running import KEY, House, house, route, target
from tests.simulator.running import Simulator

TOOLS: Any = [
    {
        "type": "function",
        "name": "weather",
        "description": "Tells the weather.",
        "strict": False,
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    }
]
KINDS = {"passed on": "openai", "asked in a chat": "deepseek", "asked in messages": "anthropic"}
everywhere = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))


def model(provider: Simulator, kind: str) -> Any:
    return route("m", target("m", provider.api, upstream="sim-chat", kind=kind))


@everywhere
def test_a_response(tmp_path: Path, provider: Simulator, kind: str) -> None:
    with house(tmp_path, model(provider, kind)) as home:
        answer = home.client().responses.create(
            model="m", input="Hello", instructions="Be brief.", max_output_tokens=200
        )
        frame = home.one()
    row = provider.row()
    assert answer.object == "response"
    assert answer.status == "completed"
    assert answer.output_text
    assert answer.usage is not None
    assert answer.usage.input_tokens == row.prompt_tokens
    assert answer.usage.output_tokens == row.completion_tokens
    assert frame.endpoint == "responses"
    assert frame.attempts[0].cost == row.billed_picodollars


@everywhere
def test_a_streamed_response(tmp_path: Path, provider: Simulator, kind: str) -> None:
    with house(tmp_path, model(provider, kind)) as home:
        events = list(home.client().responses.create(model="m", input="Hello", stream=True))
        frame = home.one()
    row = provider.row()
    assert [each.sequence_number for each in events] == list(range(len(events)))
    kinds = [each.type for each in events]
    assert kinds[0] == "response.created"
    assert kinds[-1] == "response.completed"
    text = "".join(e.delta for e in events if e.type == "response.output_text.delta")
    last: Any = events[-1]
    assert last.response.output_text == text != ""
    assert last.response.usage.output_tokens == row.completion_tokens
    assert last.response.usage.cost_usd == row.billed_picodollars / 1e12
    assert (frame.status, frame.stream) == (Status.SUCCESS, True)
    assert not frame.attempts[0].estimated


@everywhere
def test_a_function_is_called_and_answered(tmp_path: Path, provider: Simulator, kind: str) -> None:
    with house(tmp_path, model(provider, kind)) as home:
        client = home.client()
        asked: Any = [{"role": "user", "content": "How is the weather in Linz?"}]
        first = client.responses.create(model="m", input=asked, tools=TOOLS, tool_choice="required")
        (call,) = [item for item in first.output if item.type == "function_call"]
        given: Any = [
            *asked,
            {
                "type": "function_call",
                "call_id": call.call_id,
                "name": call.name,
                "arguments": call.arguments,
            },
            {"type": "function_call_output", "call_id": call.call_id, "output": "Sunny"},
        ]
        second = client.responses.create(model="m", input=given, tools=TOOLS)
    assert call.name == "weather"
    assert "city" in call.arguments
    assert second.output_text


def test_what_only_openai_keeps_is_not_pretended(tmp_path: Path, provider: Simulator) -> None:
    with house(tmp_path, model(provider, "deepseek")) as home:
        with pytest.raises(openai.BadRequestError) as caught:
            home.client().responses.create(model="m", input="Hello", previous_response_id="resp_1")
        assert caught.value.param == "previous_response_id"


@everywhere
def test_a_completion(tmp_path: Path, provider: Simulator, kind: str) -> None:
    with house(tmp_path, model(provider, kind)) as home:
        client = home.client()
        whole = client.completions.create(model="m", prompt="Once upon a time", max_tokens=90)
        row = provider.row()
        chunks = list(
            client.completions.create(
                model="m",
                prompt="Once upon a time",
                max_tokens=90,
                stream=True,
                stream_options={"include_usage": True},
            )
        )
    assert whole.object == "text_completion"
    assert whole.choices[0].text
    assert whole.usage is not None
    assert whole.usage.completion_tokens == row.completion_tokens
    assert "".join(chunk.choices[0].text for chunk in chunks if chunk.choices)
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"
    assert chunks[-1].usage is not None


def test_a_failure_in_a_streamed_response_is_told(tmp_path: Path, provider: Simulator) -> None:
    cut = target("m", provider.api, upstream="sim-chat#fault=cut,after=3", kind="deepseek")
    with house(tmp_path, route("m", cut)) as home:
        assert _failed(home) == "upstream_stream_cut"
        body = {"model": "m", "input": "Hello", "stream": True}
        headers = {"authorization": f"Bearer {KEY}"}
        told = home.http.post("/v1/responses", json=body, headers=headers).text.splitlines()
    name, data = [line for line in told if line][-2:]
    event = json.loads(data.removeprefix("data: "))
    assert (name, event["type"]) == ("event: error", "error")
    assert event["error"]["type"] == "server_error"


@pytest.mark.parametrize(
    ("told", "failed"),
    [
        ({"error": {"message": "No."}}, True),
        ({"error": {"code": "bio_policy"}}, True),
        ({"status": "failed", "error": {"code": "server_error"}, "output": []}, True),
        ({"error": {"code": "server_error"}, "output": [{"type": "message"}]}, True),
        ({"error": {"code": "bio_policy"}, "output": [{"type": "message"}]}, False),
        ({"status": "failed", "error": {"code": "invalid_image"}, "output": []}, False),
        ({"status": "completed", "error": {"code": "server_error"}, "output": []}, False),
        ({"status": "completed", "error": None, "output": []}, False),
    ],
)
def test_what_the_vendor_refuses_is_an_answer_and_what_fails_is_none(
    told: dict[str, Any], failed: bool
) -> None:
    with pytest.raises(ProviderError) if failed else nullcontext():
        assert answers.reply(json.dumps(told).encode()).size == 0


def _failed(home: House) -> str | None:
    with pytest.raises(openai.APIError) as caught:
        list(home.client().responses.create(model="m", input="Hello", stream=True))
    return caught.value.code


@everywhere
@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("endpoint", [Endpoint.RESPONSES, Endpoint.COMPLETIONS, Endpoint.MESSAGES])
def test_every_call_is_retold_as_a_chat(
    tmp_path: Path, provider: Simulator, kind: str, stream: bool, endpoint: Endpoint
) -> None:
    asked: Any = {
        Endpoint.RESPONSES: {"input": "Hello"},
        Endpoint.COMPLETIONS: {"prompt": "Hello", "max_tokens": 50},
        Endpoint.MESSAGES: {
            "messages": [{"role": "user", "content": "Hello"}],
            "max_tokens": 50,
        },
    }[endpoint]
    with house(tmp_path, model(provider, kind)) as home:
        body = json.dumps({"model": "m", "stream": stream, **asked}).encode()
        answer = home.send(body, f"/v1/{endpoint.value}")
        content = home.content(home.one())
    assert answer.status_code == 200, answer.text
    told = retell(endpoint, content)
    assert told is not None
    question, reply = told
    assert question == {"role": "user", "content": "Hello"}
    assert reply["role"] == "assistant"
    assert reply["content"]
