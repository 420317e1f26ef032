import json
from itertools import pairwise
from typing import Any

import httpx
import openai
import pytest

from tests.simulator.running import Simulator
from tests.simulator.vendors import RESPONSES, server_sent

BOOK = {
    "type": "function",
    "name": "book_visit",
    "parameters": {
        "type": "object",
        "properties": {"date": {"type": "string"}, "guests": {"type": "integer"}},
    },
    "strict": True,
}

WRONG: list[tuple[dict[str, object], str | None, str | None]] = [
    ({"model": ""}, None, None),
    ({"input": None}, "invalid_type", "input"),
    ({"input": []}, "missing_required_parameter", "input"),
    ({"input": [{"content": "x"}]}, "missing_required_parameter", "input[0].role"),
    ({"input": [{"role": "user"}]}, "missing_required_parameter", "input[0].content"),
    ({"input": [{"role": "bot", "content": "x"}]}, "invalid_value", "input[0].role"),
    ({"input": [{"type": "nothing"}]}, "invalid_value", "input[0].type"),
    (
        {"input": [{"role": "user", "content": [{"text": "x"}]}]},
        "missing_required_parameter",
        "input[0].content[0].type",
    ),
    (
        {"input": [{"type": "function_call_output", "output": "x"}]},
        "missing_required_parameter",
        "input[0].call_id",
    ),
    ({"max_output_tokens": 15}, "integer_below_min_value", "max_output_tokens"),
    (
        {"tools": [BOOK], "tool_choice": {"type": "function", "name": "x"}},
        "invalid_value",
        "tool_choice",
    ),
    (
        {"previous_response_id": "resp_none"},
        "previous_response_not_found",
        "previous_response_id",
    ),
]


def ask(simulator: Simulator, **more: object) -> httpx.Response:
    body = {"model": "gpt-5", "input": "Hello", **more}
    return simulator.http.post("/v1/responses", json=body)


def test_a_response_has_openai_s_shape(simulator: Simulator):
    response = ask(
        simulator, model="gpt-5#tokens=6,reasoning=4,cached=2", metadata={"team": "events"}
    )
    answer = response.json()
    assert answer["id"] == f"resp_{response.headers['x-request-id'].removeprefix('req_')}"
    assert (answer["object"], answer["status"]) == ("response", "completed")
    assert (answer["error"], answer["incomplete_details"]) == (None, None)
    assert (answer["store"], answer["metadata"]) == (True, {"team": "events"})
    reasoning, message = answer["output"]
    assert (reasoning["type"], reasoning["summary"]) == ("reasoning", [])
    assert (message["type"], message["status"], message["role"]) == (
        *("message", "completed"),
        "assistant",
    )
    assert message["content"][0]["type"] == "output_text"
    assert answer["usage"] == {
        "input_tokens": 5,
        "input_tokens_details": {"cached_tokens": 2},
        "output_tokens": 10,
        "output_tokens_details": {"reasoning_tokens": 4},
        "total_tokens": 15,
    }


def test_the_official_client_reads_keeps_and_forgets_responses(client: openai.OpenAI):
    made = client.responses.create(model="gpt-5", input="Hello", instructions="Be brief.")
    assert made.output_text
    assert client.responses.retrieve(made.id) == made
    client.responses.delete(made.id)
    with pytest.raises(openai.NotFoundError, match=f"Response with id '{made.id}' not found"):
        client.responses.retrieve(made.id)
    with pytest.raises(openai.NotFoundError):
        client.responses.delete(made.id)
    unkept = client.responses.create(model="gpt-5", input="Hello", store=False)
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(unkept.id)


def test_the_official_client_streams(client: openai.OpenAI):
    whole = client.responses.create(model="gpt-5", input="Hello")
    events = list(client.responses.create(model="gpt-5", input="Hello", stream=True))
    said = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    assert said == whole.output_text
    last = events[-1]
    assert last.type == "response.completed"
    assert last.response.output_text == said
    assert last.response.usage == whole.usage
    assert client.responses.retrieve(last.response.id) == last.response


def test_a_stream_has_its_events_in_order(simulator: Simulator):
    response = ask(
        simulator, model="gpt-5#tokens=2,reasoning=3", stream=True, reasoning={"summary": "auto"}
    )
    events = server_sent(response.content)
    assert all(name == data["type"] for name, data in events)
    assert [data["sequence_number"] for _, data in events] == list(range(len(events)))
    assert [name.removeprefix("response.") for name, _ in events] == [
        "created",
        "in_progress",
        "output_item.added",
        "reasoning_summary_part.added",
        *["reasoning_summary_text.delta"] * 3,
        "reasoning_summary_text.done",
        "reasoning_summary_part.done",
        "output_item.done",
        "output_item.added",
        "content_part.added",
        *["output_text.delta"] * 2,
        "output_text.done",
        "content_part.done",
        "output_item.done",
        "completed",
    ]
    assert events[0][1]["response"]["status"] == "in_progress"
    assert events[0][1]["response"]["usage"] is None
    whole = events[-1][1]["response"]
    done = [data["item"] for name, data in events if name == "response.output_item.done"]
    assert whole["output"] == done
    assert [data["output_index"] for _, data in events if "output_index" in data] == [
        *[0] * 7,
        *[0],
        *[1] * 7,
    ]


def test_the_sequence_has_no_gap_around_a_malformed_event(simulator: Simulator):
    raw = ask(simulator, model="m#tokens=3,fault=malformed,after=1", stream=True).content
    numbers: list[int] = []
    for block in raw.decode().split("\n\n"):
        try:
            numbers.append(json.loads(block.partition("data: ")[2])["sequence_number"])
        except json.JSONDecodeError:
            continue
    assert all(later - earlier == 1 for earlier, later in pairwise(numbers))


@pytest.mark.parametrize("choice", ["required", {"type": "function", "name": "book_visit"}])
def test_a_function_is_called_whole_and_in_fragments(simulator: Simulator, choice: object):
    more: dict[str, object] = {"tools": [BOOK], "tool_choice": choice}
    (call,) = ask(simulator, **more).json()["output"]
    assert (call["type"], call["name"], call["status"]) == (
        *("function_call", "book_visit"),
        "completed",
    )
    assert call["call_id"].startswith("call_")
    assert set(json.loads(call["arguments"])) == {"date", "guests"}
    events = server_sent(ask(simulator, stream=True, **more).content)
    kind = "response.function_call_arguments"
    fragments = [data["delta"] for name, data in events if name == f"{kind}.delta"]
    assert "".join(fragments) == call["arguments"]
    (done,) = [data for name, data in events if name == f"{kind}.done"]
    assert (done["arguments"], done["name"]) == (call["arguments"], "book_visit")


def test_a_conversation_goes_on_from_the_response_before(simulator: Simulator):
    first = ask(simulator, model="m#call=1", tools=[BOOK]).json()
    (call,) = first["output"]
    result = {"type": "function_call_output", "call_id": call["call_id"], "output": "Done"}
    second = ask(
        simulator,
        model="m#call=1",
        tools=[BOOK],
        input=[result],
        previous_response_id=first["id"],
    ).json()
    assert second["output"][0]["type"] == "message"
    assert second["previous_response_id"] == first["id"]
    assert second["usage"]["input_tokens"] > first["usage"]["input_tokens"]
    spelled = ask(
        simulator,
        model="m#call=1",
        tools=[BOOK],
        input=[{"role": "user", "content": "Hello"}, call, result],
    ).json()
    assert spelled["output"][0]["content"] == second["output"][0]["content"]


def test_an_incomplete_response_says_why(simulator: Simulator):
    for more, reason in (
        ({"max_output_tokens": 16, "model": "m#tokens=40"}, "max_output_tokens"),
        ({"model": "m#fault=content_filter,after=3"}, "content_filter"),
    ):
        answer = ask(simulator, **more).json()
        assert answer["status"] == "incomplete"
        assert answer["incomplete_details"] == {"reason": reason}
        name, data = server_sent(ask(simulator, stream=True, **more).content)[-1]
        assert (name, data["response"]["status"]) == ("response.incomplete", "incomplete")


def test_a_failed_stream_tells_it_twice(simulator: Simulator):
    events = server_sent(ask(simulator, model="m#status=429,after=2", stream=True).content)
    assert [name for name, _ in events[-2:]] == ["error", "response.failed"]
    assert events[-2][1]["code"] == "rate_limit_exceeded"
    failed = events[-1][1]["response"]
    assert (failed["status"], failed["error"]["code"]) == ("failed", "rate_limit_exceeded")


def test_text_can_be_json(simulator: Simulator):
    schema = {"type": "object", "properties": {"intent": {"enum": ["visit", "price"]}}}
    form = {"type": "json_schema", "name": "intent", "schema": schema, "strict": True}
    answer = ask(simulator, text={"format": form}).json()
    assert json.loads(RESPONSES.text(answer))["intent"] in {"visit", "price"}
    assert answer["text"]["format"]["name"] == "intent"
    assert json.loads(
        RESPONSES.text(ask(simulator, text={"format": {"type": "json_object"}}).json())
    )


@pytest.mark.parametrize(("more", "code", "param"), WRONG)
def test_a_wrong_request_is_refused(
    simulator: Simulator, more: dict[str, Any], code: str | None, param: str | None
):
    response = ask(simulator, **more)
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["param"]) == (400, code, param)
    assert error["type"] == "invalid_request_error"
