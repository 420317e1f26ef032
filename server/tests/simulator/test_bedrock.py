import json
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from hone.simulator import SimulatorConfig
from tests.simulator.running import Simulator, in_thread
from tests.simulator.vendors import CONVERSE, frames

MODEL = "anthropic.claude-3-5-sonnet-20241022-v2:0"
USER = {"role": "user", "content": [{"text": "Hello"}]}
BOOK = {
    "toolSpec": {
        "name": "book_visit",
        "inputSchema": {
            "json": {"type": "object", "properties": {"guests": {"type": "integer"}}},
        },
    }
}
LONG = "The Great Barn seats up to 140 guests. " * 150

WRONG: list[tuple[dict[str, object], str]] = [
    ({"messages": []}, "A conversation must start with a user message"),
    ({"messages": [{"role": "user"}]}, "'messages.0.content' failed to satisfy constraint"),
    ({"messages": [{"role": "user", "content": []}]}, "Message object at messages.0 is empty"),
    ({"messages": [{"role": "bot", "content": [{"text": "x"}]}]}, "'messages.0.role'"),
    ({"inferenceConfig": {"maxTokens": 0}}, "'inferenceConfig.maxTokens'"),
    ({"toolConfig": {"tools": []}}, "'toolConfig.tools'"),
    (
        {"toolConfig": {"tools": [BOOK], "toolChoice": {"tool": {"name": "other"}}}},
        "The tool choice other is not one of the tools",
    ),
]


def ask(
    simulator: Simulator, model: str = MODEL, stream: bool = False, **more: object
) -> httpx.Response:
    body = {"messages": [USER], **more}
    return simulator.http.post(CONVERSE.path(model, stream), json=body)


def invoke(simulator: Simulator, model: str, **body: object) -> httpx.Response:
    return simulator.http.post(f"/model/{quote(model, safe='')}/invoke", json=body)


def test_an_answer_has_bedrock_s_shape(simulator: Simulator):
    response = ask(simulator, f"{MODEL}#tokens=6,cached=2", system=[{"text": "Be brief."}])
    answer = response.json()
    assert answer["output"]["message"]["role"] == "assistant"
    assert answer["stopReason"] == "end_turn"
    assert isinstance(answer["metrics"]["latencyMs"], int)
    assert answer["usage"] == {
        "inputTokens": 9,
        "outputTokens": 6,
        "totalTokens": 17,
        "cacheReadInputTokens": 2,
        "cacheWriteInputTokens": 0,
    }
    row = simulator.row()
    assert row.model == MODEL
    assert row.request_id == response.headers["x-amzn-requestid"]


def test_a_stream_has_its_events_in_order(simulator: Simulator):
    response = ask(simulator, f"{MODEL}#tokens=3", stream=True)
    assert response.headers["content-type"] == "application/vnd.amazon.eventstream"
    events = frames(response.content)
    assert [name for name, _ in events] == [
        "messageStart",
        *["contentBlockDelta"] * 3,
        "contentBlockStop",
        "messageStop",
        "metadata",
    ]
    assert events[0][1] == {"role": "assistant"}
    assert events[1][1]["contentBlockIndex"] == 0
    assert events[-2][1] == {"stopReason": "end_turn"}
    assert events[-1][1]["usage"]["outputTokens"] == 3


def test_reasoning_is_shown_where_it_was_asked_for(simulator: Simulator):
    more: dict[str, object] = {
        "model": "m#tokens=5,reasoning=4",
        "additionalModelRequestFields": {"thinking": {"type": "enabled", "budget_tokens": 1024}},
    }
    thought, said = ask(simulator, **more).json()["output"]["message"]["content"]  # pyright: ignore[reportArgumentType]
    reasoning = thought["reasoningContent"]["reasoningText"]
    events = frames(ask(simulator, stream=True, **more).content)  # pyright: ignore[reportArgumentType]
    deltas = [data["delta"] for name, data in events if name == "contentBlockDelta"]
    parts = [delta["reasoningContent"] for delta in deltas if "reasoningContent" in delta]
    assert "".join(part.get("text", "") for part in parts) == reasoning["text"]
    assert parts[-1] == {"signature": reasoning["signature"]}
    assert "".join(delta.get("text", "") for delta in deltas) == said["text"]
    assert [data["contentBlockIndex"] for name, data in events if name == "contentBlockStop"] == [
        0,
        1,
    ]


def test_a_tool_is_called_whole_and_in_fragments(simulator: Simulator):
    choices: list[object] = [{"any": {}}, {"tool": {"name": "book_visit"}}]
    for choice in choices:
        config: dict[str, object] = {"tools": [BOOK], "toolChoice": choice}
        answer = ask(simulator, toolConfig=config).json()
        (block,) = answer["output"]["message"]["content"]
        call = block["toolUse"]
        assert (call["name"], answer["stopReason"]) == ("book_visit", "tool_use")
        assert isinstance(call["input"]["guests"], int)
        events = frames(ask(simulator, stream=True, toolConfig=config).content)
        start = events[1][1]["start"]["toolUse"]
        assert start == {"name": "book_visit", "toolUseId": call["toolUseId"]}
        fragments = [
            data["delta"]["toolUse"]["input"] for name, data in events if name.endswith("Delta")
        ]
        assert json.loads("".join(fragments)) == call["input"]


def test_a_tool_s_result_is_answered(simulator: Simulator):
    config = {"tools": [BOOK]}
    first = ask(simulator, "m#call=1", toolConfig=config).json()["output"]["message"]
    use = first["content"][0]["toolUse"]
    result = {"toolResult": {"toolUseId": use["toolUseId"], "content": [{"text": "Done"}]}}
    messages = [USER, first, {"role": "user", "content": [result]}]
    second = ask(simulator, "m#call=1", toolConfig=config, messages=messages).json()
    assert second["stopReason"] == "end_turn"


def test_limits_and_stops_are_kept(simulator: Simulator):
    whole = CONVERSE.text(ask(simulator).json())
    cut = ask(simulator, inferenceConfig={"maxTokens": 3}).json()
    assert (cut["stopReason"], cut["usage"]["outputTokens"]) == ("max_tokens", 3)
    word = whole.split()[2]
    stopped = ask(simulator, inferenceConfig={"stopSequences": [word]}).json()
    assert stopped["stopReason"] == "stop_sequence"
    assert CONVERSE.text(stopped) == whole[: whole.index(word)]
    filtered = ask(simulator, "m#fault=content_filter,after=2").json()
    assert filtered["stopReason"] == "content_filtered"


def test_a_prompt_up_to_a_cache_point_is_written_and_then_read(simulator: Simulator):
    system = [{"text": LONG}, {"cachePoint": {"type": "default"}}]
    first, second = (ask(simulator, system=system).json()["usage"] for _ in range(2))
    written = first["cacheWriteInputTokens"]
    assert written == second["cacheReadInputTokens"] > 1024
    assert (first["cacheReadInputTokens"], second["cacheWriteInputTokens"]) == (0, 0)
    assert first["totalTokens"] == first["inputTokens"] + written + first["outputTokens"]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, "validationException"),
        (424, "modelStreamErrorException"),
        (429, "throttlingException"),
        (500, "internalServerException"),
        (503, "serviceUnavailableException"),
    ],
)
def test_an_exception_ends_a_stream(simulator: Simulator, status: int, kind: str):
    events = frames(ask(simulator, f"m#status={status},after=2", stream=True).content)
    assert [name for name, _ in events] == [
        "messageStart",
        "contentBlockDelta",
        "contentBlockDelta",
        kind,
    ]
    assert events[-1][1]["message"]


def test_a_malformed_event_is_framed_as_it_should_be(simulator: Simulator):
    response = ask(simulator, "m#tokens=2,fault=malformed,after=1", stream=True)
    with pytest.raises(json.JSONDecodeError):
        frames(response.content)


@pytest.mark.parametrize(("more", "message"), WRONG)
def test_a_wrong_request_is_refused(simulator: Simulator, more: dict[str, Any], message: str):
    response = ask(simulator, **more)
    assert response.status_code == 400
    assert response.headers["x-amzn-errortype"] == "ValidationException"
    assert message in response.json()["message"]


def test_titan_embeds_a_text(simulator: Simulator):
    model = "amazon.titan-embed-text-v2:0"
    response = invoke(simulator, model, inputText="Hello", dimensions=256)
    answer = response.json()
    assert len(answer["embedding"]) == 256
    assert answer["embeddingsByType"]["float"] == answer["embedding"]
    assert answer["inputTextTokenCount"] == 2
    assert response.headers["x-amzn-bedrock-input-token-count"] == "2"
    assert len(invoke(simulator, model, inputText="Hello").json()["embedding"]) == 1024
    older = invoke(simulator, "amazon.titan-embed-text-v1", inputText="Hello").json()
    assert len(older["embedding"]) == 1536
    row = simulator.ledger()[0]
    assert (row.endpoint, row.model, row.prompt_tokens) == ("bedrock.invoke", model, 2)


def test_cohere_embeds_texts(simulator: Simulator):
    response = invoke(
        simulator, "cohere.embed-english-v3", texts=["a", "b"], input_type="search_document"
    )
    answer = response.json()
    assert [len(vector) for vector in answer["embeddings"]] == [1024, 1024]
    assert answer["response_type"] == "embeddings_floats"
    assert answer["texts"] == ["a", "b"]
    assert response.headers["x-amzn-bedrock-input-token-count"] == "2"


@pytest.mark.parametrize(
    "body", [{}, {"inputText": ""}, {"inputText": "a", "dimensions": 7}, {"texts": ["a"]}]
)
def test_a_wrong_request_for_vectors_is_refused(simulator: Simulator, body: dict[str, object]):
    response = invoke(simulator, "m", **body)
    assert response.status_code == 400
    assert response.headers["x-amzn-errortype"] == "ValidationException"


def test_a_bearer_token_is_taken_too():
    with in_thread(SimulatorConfig(api_keys={"right"})) as simulator:

        def answer(authorization: str | None) -> tuple[int, str | None]:
            headers = {"authorization": authorization} if authorization else {}
            response = simulator.http.post(
                "/model/m/converse", json={"messages": [USER]}, headers=headers
            )
            return response.status_code, response.headers.get("x-amzn-errortype")

        assert answer("Bearer right") == (200, None)
        assert answer("Bearer wrong") == (403, "AccessDeniedException")
        assert answer(None) == (403, "MissingAuthenticationTokenException")


def test_unknown_operations_are_refused(simulator: Simulator):
    response = simulator.http.post("/model/m/nothing", json={})
    assert response.status_code == 404
    assert response.headers["x-amzn-errortype"] == "UnknownOperationException"
