import json
from typing import Any

import httpx
import pytest

from hone.simulator import Price, SimulatorConfig
from tests.simulator.running import Simulator, in_thread
from tests.simulator.vendors import ANTHROPIC, server_sent

HEADERS = ANTHROPIC.headers
USER = [{"role": "user", "content": "Hello"}]
BOOK = {
    "name": "book_visit",
    "description": "Book a visit",
    "input_schema": {
        "type": "object",
        "properties": {"date": {"type": "string", "format": "date"}, "guests": {"type": "integer"}},
        "required": ["date", "guests"],
    },
}
LONG = "The Great Barn seats up to 140 guests. " * 150
"""Long enough to be cached."""
SHAPE = {
    "type": "json_schema",
    "schema": {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]},
}

WRONG: list[tuple[dict[str, object], str]] = [
    ({"max_tokens": None}, "max_tokens: Expected int, got null"),
    ({"max_tokens": 0}, "max_tokens: Expected int >= 1"),
    ({"messages": []}, "messages: at least one message is required"),
    ({"messages": [{"content": "Hello"}]}, "messages.0.role: Field required"),
    (
        {"messages": [{"role": "tool", "content": "x"}]},
        "messages.0.role: Invalid enum value 'tool'",
    ),
    ({"messages": [{"role": "user", "content": ""}]}, "all messages must have non-empty content"),
    (
        {"messages": [{"role": "user", "content": [{"text": "x"}]}]},
        "messages.0.content.0.type: Field required",
    ),
    (
        {"messages": [{"role": "user", "content": [{"type": "text", "text": ""}]}]},
        "messages: text content blocks must be non-empty",
    ),
    (
        {"messages": [{"role": "user", "content": [{"type": "tool_result"}]}]},
        "messages.0.content.0.tool_result.tool_use_id: Field required",
    ),
    (
        {"messages": [*USER, {"role": "assistant", "content": "Well "}]},
        "messages: final assistant content cannot end with trailing whitespace",
    ),
    (
        {
            "messages": [
                {
                    "role": "user",
                    "content": [{"type": "tool_result", "tool_use_id": "a", "content": [None]}],
                }
            ]
        },
        "messages: content: Expected `object`, got `null`",
    ),
    ({"model": ""}, "model: String should have at least 1 character"),
    ({"tool_choice": {"type": "any"}}, "tool_choice: Tools must be provided"),
    ({"tools": [BOOK], "tool_choice": {"type": "tool", "name": "x"}}, "Tool 'x' not found"),
    ({"output_format": SHAPE}, "output_format: Extra inputs are not permitted"),
    ({"thinking": {"type": "enabled"}}, "thinking.enabled.budget_tokens: Field required"),
    (
        {"thinking": {"type": "enabled", "budget_tokens": 100}},
        "budget_tokens: Expected int >= 1024",
    ),
    (
        {"thinking": {"type": "enabled", "budget_tokens": 2048}},
        "`max_tokens` must be greater than `thinking.budget_tokens`",
    ),
]


def ask(simulator: Simulator, **more: object) -> httpx.Response:
    body = {"model": "claude", "max_tokens": 1024, "messages": USER, **more}
    return simulator.http.post("/v1/messages", json=body, headers=HEADERS)


def marked(text: str, ttl: str | None = None) -> dict[str, object]:
    control = {"type": "ephemeral", **({"ttl": ttl} if ttl else {})}
    return {"type": "text", "text": text, "cache_control": control}


def test_a_message_has_anthropic_s_shape(simulator: Simulator):
    response = ask(simulator, system="Be brief.", messages=[{"role": "user", "content": "Grüße"}])
    answer = response.json()
    assert response.headers["request-id"].startswith("req_")
    assert answer["id"].startswith("msg_")
    assert (answer["type"], answer["role"], answer["model"]) == ("message", "assistant", "claude")
    assert (answer["stop_reason"], answer["stop_sequence"]) == ("end_turn", None)
    assert [block["type"] for block in answer["content"]] == ["text"]
    assert answer["usage"]["input_tokens"] == (3 + 3) + (2 + 3)
    assert answer["usage"]["service_tier"] == "standard"
    row = simulator.row()
    assert row.request_id == response.headers["request-id"]
    assert row.completion_tokens == answer["usage"]["output_tokens"]


def test_a_stream_has_its_events_in_order(simulator: Simulator):
    response = ask(simulator, model="claude#tokens=3,cached=2", stream=True)
    assert response.headers["content-type"].startswith("text/event-stream")
    events = server_sent(response.content)
    assert all(name == data["type"] for name, data in events)
    assert [name for name, _ in events] == [
        "message_start",
        "content_block_start",
        "ping",
        *["content_block_delta"] * 3,
        "content_block_stop",
        "message_delta",
        "message_stop",
    ]
    start = events[0][1]["message"]
    assert (start["content"], start["stop_reason"]) == ([], None)
    assert start["usage"]["cache_read_input_tokens"] == 2
    assert start["usage"]["input_tokens"] == 2 + 3 - 2
    assert events[1][1]["content_block"] == {"type": "text", "text": ""}
    assert events[3][1]["delta"]["type"] == "text_delta"
    ended = events[-2][1]
    assert ended["delta"] == {"stop_reason": "end_turn", "stop_sequence": None}
    assert ended["usage"]["output_tokens"] == 3


def test_thinking_is_shown_where_it_was_asked_for(simulator: Simulator):
    thinking = {"type": "enabled", "budget_tokens": 1024}
    more: dict[str, object] = {
        "model": "claude#tokens=5,reasoning=4",
        "max_tokens": 2048,
        "thinking": thinking,
    }
    answer = ask(simulator, **more).json()
    thought, said = answer["content"]
    assert thought["type"] == "thinking"
    assert thought["thinking"]
    assert thought["signature"]
    assert answer["usage"]["output_tokens"] == 4 + 5
    events = server_sent(ask(simulator, stream=True, **more).content)
    deltas = [
        (data["index"], data["delta"]) for name, data in events if name == "content_block_delta"
    ]
    kinds = [delta["type"] for _, delta in deltas]
    assert kinds == [*["thinking_delta"] * 4, "signature_delta", *["text_delta"] * 5]
    assert "".join(delta.get("thinking", "") for _, delta in deltas) == thought["thinking"]
    assert deltas[4][1]["signature"] == thought["signature"]
    assert {index for index, delta in deltas if delta["type"] == "text_delta"} == {1}
    assert "".join(delta.get("text", "") for _, delta in deltas) == said["text"]
    hidden = ask(simulator, model="claude#tokens=5,reasoning=4").json()
    assert [block["type"] for block in hidden["content"]] == ["text"]
    assert hidden["usage"]["output_tokens"] == 9


def test_a_model_thinks_whenever_it_is_asked_to(simulator: Simulator):
    answer = ask(simulator, max_tokens=2048, thinking={"type": "adaptive"}).json()
    assert answer["content"][0]["type"] == "thinking"


@pytest.mark.parametrize("choice", [{"type": "any"}, {"type": "tool", "name": "book_visit"}])
def test_a_tool_is_called_whole_and_in_fragments(simulator: Simulator, choice: dict[str, str]):
    answer = ask(simulator, tools=[BOOK], tool_choice=choice).json()
    (call,) = answer["content"]
    assert (call["type"], call["name"], answer["stop_reason"]) == (
        *("tool_use", "book_visit"),
        "tool_use",
    )
    assert call["id"].startswith("toolu_")
    assert set(call["input"]) == {"date", "guests"}
    events = server_sent(ask(simulator, tools=[BOOK], tool_choice=choice, stream=True).content)
    begun = events[1][1]["content_block"]
    assert begun == {"type": "tool_use", "id": call["id"], "name": "book_visit", "input": {}}
    fragments = [
        data["delta"]["partial_json"] for name, data in events if name == "content_block_delta"
    ]
    assert len(fragments) > 3
    assert json.loads("".join(fragments)) == call["input"]


def test_a_model_that_calls_tools_answers_after_the_result(simulator: Simulator):
    first = ask(simulator, model="claude#call=1", tools=[BOOK]).json()
    (call,) = first["content"]
    result = {"type": "tool_result", "tool_use_id": call["id"], "content": "Done"}
    messages = [
        *USER,
        {"role": "assistant", "content": first["content"]},
        {"role": "user", "content": [result]},
    ]
    second = ask(simulator, model="claude#call=1", tools=[BOOK], messages=messages).json()
    assert second["stop_reason"] == "end_turn"
    forbidden = ask(
        simulator, model="claude#call=1", tools=[BOOK], tool_choice={"type": "none"}
    ).json()
    assert forbidden["stop_reason"] == "end_turn"


def test_an_answer_ends_at_a_limit_or_before_a_text_of_the_caller_s(simulator: Simulator):
    whole = ask(simulator).json()["content"][0]["text"]
    cut = ask(simulator, max_tokens=3).json()
    assert (cut["stop_reason"], cut["usage"]["output_tokens"]) == ("max_tokens", 3)
    word = whole.split()[2]
    stopped = ask(simulator, stop_sequences=["never", word]).json()
    assert (stopped["stop_reason"], stopped["stop_sequence"]) == ("stop_sequence", word)
    assert stopped["content"][0]["text"] == whole[: whole.index(word)]
    refused = ask(simulator, model="claude#fault=content_filter,after=2").json()
    assert refused["stop_reason"] == "refusal"


def test_a_prompt_up_to_a_mark_is_written_to_the_cache_and_then_read():
    config = SimulatorConfig(prices={"claude": Price("3", "15", "0.3", "3.75")})
    with in_thread(config) as simulator:
        more: dict[str, object] = {"system": [marked(LONG)], "max_tokens": 5}
        first, second = (ask(simulator, **more).json()["usage"] for _ in range(2))
        other = ask(simulator, system=[marked(f"Not {LONG}")], max_tokens=5).json()["usage"]
        written = first["cache_creation_input_tokens"]
        assert written == second["cache_read_input_tokens"] > 1024
        assert first["cache_read_input_tokens"] == second["cache_creation_input_tokens"] == 0
        assert first["input_tokens"] == second["input_tokens"] == 5
        assert first["cache_creation"]["ephemeral_5m_input_tokens"] == written
        assert other["cache_read_input_tokens"] == 0
        one, two, _ = simulator.ledger()
        assert (one.written_tokens, one.cached_tokens) == (written, 0)
        assert (two.written_tokens, two.cached_tokens) == (0, written)
        assert one.billed_picodollars == 5 * 3_000_000 + written * 3_750_000 + 5 * 15_000_000
        assert two.billed_picodollars == 5 * 3_000_000 + written * 300_000 + 5 * 15_000_000


def test_a_growing_conversation_reads_what_it_wrote_before(simulator: Simulator):
    turns: list[object] = [{"role": "user", "content": [marked(LONG, "1h")]}]
    first = ask(simulator, messages=turns, max_tokens=5).json()["usage"]
    assert first["cache_creation"]["ephemeral_1h_input_tokens"] > 1024
    turns[0] = {"role": "user", "content": [marked(LONG)]}
    turns += [
        {"role": "assistant", "content": "Yes."},
        {"role": "user", "content": [marked("And the lake? " * 50)]},
    ]
    second = ask(simulator, messages=turns, max_tokens=5).json()["usage"]
    assert second["cache_read_input_tokens"] == first["cache_creation_input_tokens"]
    assert 100 < second["cache_creation_input_tokens"] < 300


def test_short_prompts_are_not_cached_and_marks_are_counted(simulator: Simulator):
    usage = ask(simulator, system=[marked("Be brief.")]).json()["usage"]
    assert usage["cache_creation_input_tokens"] == 0
    refused = ask(simulator, system=[marked(str(number)) for number in range(5)])
    assert refused.status_code == 400
    assert refused.json()["error"]["message"] == (
        "A maximum of 4 blocks with cache_control may be provided. Found 5."
    )


def test_an_answer_has_the_shape_that_is_asked_for(simulator: Simulator):
    told = ask(simulator, output_config={"format": SHAPE}).json()
    beta = {**HEADERS, "anthropic-beta": "one, structured-outputs-2025-11-13"}
    body = {"model": "claude", "max_tokens": 1024, "messages": USER, "output_format": SHAPE}
    same = simulator.http.post("/v1/messages", json=body, headers=beta).json()
    assert isinstance(json.loads(told["content"][0]["text"])["n"], int)
    assert same["content"] == told["content"]


@pytest.mark.parametrize(("more", "message"), WRONG)
def test_a_wrong_request_is_refused(simulator: Simulator, more: dict[str, Any], message: str):
    response = ask(simulator, **more)
    body = response.json()
    assert response.status_code == 400
    assert set(body) == {"type", "error", "request_id"}
    assert body["type"] == "error"
    assert body["error"]["type"] == "invalid_request_error"
    assert message in body["error"]["message"]
    assert body["request_id"] == response.headers["request-id"]


def test_a_scripted_code_is_the_error_s_type(simulator: Simulator):
    response = ask(simulator, model="claude#status=529,retry=3")
    assert response.json()["error"] == {"type": "overloaded_error", "message": "Overloaded"}
    assert response.headers["retry-after"] == "3"
    odd = ask(simulator, model="claude#status=500,code=my_error").json()
    assert odd["error"]["type"] == "my_error"
    streamed = ask(simulator, model="claude#status=529,after=1", stream=True)
    name, data = server_sent(streamed.content)[-1]
    assert (name, data["error"]["type"]) == ("error", "overloaded_error")


def test_keys_and_the_version_are_checked():
    with in_thread(SimulatorConfig(api_keys={"sk-ant-right"})) as simulator:

        def status(**headers: str) -> tuple[int, str | None]:
            names = {key.replace("_", "-"): value for key, value in headers.items()}
            body = {"model": "m", "max_tokens": 9, "messages": USER}
            response = simulator.http.post("/v1/messages", json=body, headers=names)
            return response.status_code, response.json().get("error", {}).get("message")

        version = {"anthropic_version": "2023-06-01"}
        assert status(x_api_key="sk-ant-right", **version) == (200, None)
        assert status(authorization="Bearer sk-ant-right", **version) == (200, None)
        assert status(x_api_key="sk-ant-wrong", **version) == (401, "invalid x-api-key")
        assert status(**version) == (401, "x-api-key header is required")
        assert status(x_api_key="sk-ant-right") == (400, "anthropic-version: header is required")


def test_models_are_listed_in_anthropic_s_shape(simulator: Simulator):
    listed = simulator.http.get("/v1/models", headers=HEADERS).json()
    assert listed["has_more"] is False
    assert listed["first_id"] == listed["data"][0]["id"] == "sim-chat"
    assert set(listed["data"][0]) == {"type", "id", "display_name", "created_at"}
    one = simulator.http.get("/v1/models/claude", headers=HEADERS).json()
    assert (one["type"], one["id"]) == ("model", "claude")
    assert simulator.http.get("/v1/models").json()["object"] == "list"


def test_tokens_are_counted_and_cost_nothing(simulator: Simulator):
    body = {"model": "claude", "messages": USER, "system": "Be brief."}
    path = "/v1/messages/count_tokens"
    counted = simulator.http.post(path, json=body, headers=HEADERS).json()
    assert counted == {"input_tokens": (2 + 3) + (3 + 3)}
    assert (
        counted["input_tokens"]
        == ask(simulator, system="Be brief.").json()["usage"]["input_tokens"]
    )
    assert simulator.ledger()[0].billed_picodollars == 0
    failing = simulator.http.post(path, json={**body, "model": "m#status=529"}, headers=HEADERS)
    assert failing.status_code == 529


def test_unknown_addresses_are_refused_in_anthropic_s_shape(simulator: Simulator):
    for path in ("/v1/messages/batches", "/v1/nothing"):
        response = simulator.http.get(path, headers=HEADERS)
        assert response.status_code == 404
        assert response.json()["error"] == {"type": "not_found_error", "message": "Not Found"}
    assert simulator.http.get("/v1/messages", headers=HEADERS).status_code == 405
