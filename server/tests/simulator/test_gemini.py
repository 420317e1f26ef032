import json
import math
from typing import Any

import httpx
import pytest

from hone.simulator import SimulatorConfig
from tests.simulator.running import Simulator, in_thread
from tests.simulator.vendors import GEMINI, server_sent

USER = {"role": "user", "parts": [{"text": "Hello"}]}
BOOK = {
    "name": "book_visit",
    "parameters": {
        "type": "OBJECT",
        "properties": {"date": {"type": "STRING"}, "guests": {"type": "INTEGER"}},
    },
}
ANY = {"functionCallingConfig": {"mode": "ANY"}}

WRONG: list[tuple[dict[str, object], str]] = [
    ({"contents": []}, "contents is not specified"),
    ({"contents": None}, "Invalid value at 'contents'"),
    (
        {"contents": [{"role": "user", "parts": []}]},
        "contents[0].parts: contents.parts must not be",
    ),
    (
        {"contents": [{"role": "bot", "parts": [{"text": "x"}]}]},
        "Invalid value at 'contents[0].role'",
    ),
    ({"generationConfig": {"maxOutputTokens": 0}}, "generationConfig.maxOutputTokens"),
    ({"generationConfig": {"candidateCount": 2}}, "Only one candidate can be specified"),
    ({"toolConfig": ANY}, "without function_declarations"),
]


CALL: dict[str, object] = {
    "role": "model",
    "parts": [{"functionCall": {"name": "book_visit", "args": {}}}],
}


def result(**response: object) -> dict[str, object]:
    return {"role": "user", "parts": [{"functionResponse": {"response": {}, **response}}]}


@pytest.mark.parametrize(
    ("model", "turns", "message"),
    [
        ("gemini-2.5-pro", [CALL, result()], "Name cannot be empty"),
        ("gemini-2.5-pro", [CALL, USER], "equal to the number of function call parts"),
        ("gemini-2.5-pro", [result(name="book_visit")], "equal to the number"),
        ("gemini-3-pro", [CALL, result(name="book_visit")], "missing a thought_signature"),
        ("gemini-2.5-pro", [CALL, result(name="book_visit")], None),
    ],
)
def test_calls_and_their_results_belong_together(
    simulator: Simulator, model: str, turns: list[dict[str, object]], message: str | None
):
    response = ask(simulator, model, contents=[USER, *turns])
    if message is None:
        assert response.status_code == 200
    else:
        assert response.status_code == 400
        assert message in response.json()["error"]["message"]


def ask(
    simulator: Simulator, model: str = "gemini", stream: bool = False, **more: object
) -> httpx.Response:
    body = {"contents": [USER], **more}
    return simulator.http.post(GEMINI.path(model, stream), json=body, headers=GEMINI.headers)


def parts(response: httpx.Response) -> list[dict[str, Any]]:
    return [
        part
        for _, chunk in server_sent(response.content)
        for part in chunk["candidates"][0]["content"].get("parts", ())
    ]


def test_an_answer_has_gemini_s_shape(simulator: Simulator):
    response = ask(
        simulator,
        "gemini#cached=2,tokens=6",
        systemInstruction={"parts": [{"text": "Be brief."}]},
    )
    answer = response.json()
    (candidate,) = answer["candidates"]
    assert candidate["content"]["role"] == "model"
    assert (candidate["finishReason"], candidate["index"]) == ("STOP", 0)
    assert answer["usageMetadata"] == {
        "promptTokenCount": 11,
        "candidatesTokenCount": 6,
        "totalTokenCount": 17,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 11}],
        "cachedContentTokenCount": 2,
        "cacheTokensDetails": [{"modality": "TEXT", "tokenCount": 2}],
    }
    assert answer["modelVersion"] == "gemini"
    assert answer["responseId"] == simulator.row().request_id.removeprefix("req_")


def test_a_stream_counts_up_and_ends_with_a_reason(simulator: Simulator):
    response = ask(simulator, "gemini#tokens=4", stream=True)
    assert response.headers["content-type"] == "text/event-stream"
    assert b"\r\n\r\n" in response.content
    chunks = [chunk for _, chunk in server_sent(response.content)]
    assert [chunk["usageMetadata"]["candidatesTokenCount"] for chunk in chunks] == [1, 2, 3, 4, 4]
    reasons = [chunk["candidates"][0].get("finishReason") for chunk in chunks]
    assert reasons == [None, None, None, None, "STOP"]


def test_a_stream_without_events_is_a_list(simulator: Simulator):
    path = "/v1beta/models/gemini:streamGenerateContent"
    response = simulator.http.post(path, json={"contents": [USER]})
    assert response.headers["content-type"] == "application/json"
    chunks = json.loads(response.content)
    said = "".join(GEMINI.text(chunk) for chunk in chunks)
    assert said == GEMINI.text(ask(simulator).json())
    blocked = simulator.http.post(
        "/v1beta/models/gemini%23fault=content_filter:streamGenerateContent",
        json={"contents": [USER]},
    )
    assert blocked.json()[0]["promptFeedback"]["blockReason"] == "SAFETY"


def test_thoughts_are_counted_apart_and_shown_where_asked_for(simulator: Simulator):
    config = {"thinkingConfig": {"includeThoughts": True}}
    answer = ask(simulator, "gemini#tokens=5,reasoning=4", generationConfig=config).json()
    thought, said = answer["candidates"][0]["content"]["parts"]
    assert thought["thought"] is True
    assert "thought" not in said
    usage = answer["usageMetadata"]
    assert (usage["thoughtsTokenCount"], usage["candidatesTokenCount"]) == (4, 5)
    assert usage["totalTokenCount"] == usage["promptTokenCount"] + 9
    streamed = parts(ask(simulator, "gemini#tokens=5,reasoning=4", True, generationConfig=config))
    assert "".join(part["text"] for part in streamed if part.get("thought")) == thought["text"]
    hidden = ask(simulator, "gemini#tokens=5,reasoning=4").json()
    assert hidden["usageMetadata"]["thoughtsTokenCount"] == 4
    assert len(hidden["candidates"][0]["content"]["parts"]) == 1
    assert {row.completion_tokens for row in simulator.ledger()} == {9}


def test_a_function_is_called_whole_with_an_id_and_a_signature(simulator: Simulator):
    more: dict[str, object] = {
        "tools": [{"functionDeclarations": [BOOK]}],
        "toolConfig": ANY,
        "generationConfig": {"thinkingConfig": {"includeThoughts": False}},
    }
    answer = ask(simulator, "gemini#reasoning=3", False, **more).json()
    (part,) = answer["candidates"][0]["content"]["parts"]
    call = part["functionCall"]
    assert call["name"] == "book_visit"
    assert {name: type(value) for name, value in call["args"].items()} == {
        "date": str,
        "guests": int,
    }
    assert call["id"]
    assert part["thoughtSignature"]
    assert answer["candidates"][0]["finishReason"] == "STOP"
    streamed = parts(ask(simulator, "gemini#reasoning=3", True, **more))
    assert [each for each in streamed if "functionCall" in each] == [part]


def test_a_named_function_is_called_and_its_result_answered(simulator: Simulator):
    other = {"name": "other"}
    named = {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["book_visit"]}}
    tools = [{"functionDeclarations": [other, BOOK]}]
    first = ask(simulator, tools=tools, toolConfig=named).json()["candidates"][0]["content"]
    assert first["parts"][0]["functionCall"]["name"] == "book_visit"
    result = {"functionResponse": {"name": "book_visit", "response": {"done": True}}}
    contents = [USER, first, {"role": "user", "parts": [result]}]
    second = ask(simulator, "gemini#call=1", tools=tools, contents=contents).json()
    assert "text" in second["candidates"][0]["content"]["parts"][0]


def test_limits_stops_and_json_are_kept(simulator: Simulator):
    whole = GEMINI.text(ask(simulator).json())
    cut = ask(simulator, generationConfig={"maxOutputTokens": 3}).json()
    assert cut["candidates"][0]["finishReason"] == "MAX_TOKENS"
    word = whole.split()[2]
    stopped = ask(simulator, generationConfig={"stopSequences": [word]}).json()
    assert GEMINI.text(stopped) == whole[: whole.index(word)]
    assert stopped["candidates"][0]["finishReason"] == "STOP"
    schema = {"type": "OBJECT", "properties": {"intent": {"type": "STRING", "enum": ["a", "b"]}}}
    config = {"responseMimeType": "application/json", "responseSchema": schema}
    answer = json.loads(GEMINI.text(ask(simulator, generationConfig=config).json()))
    assert answer["intent"] in {"a", "b"}


def test_a_filtered_prompt_is_an_answer_without_candidates(simulator: Simulator):
    response = ask(simulator, "gemini#fault=content_filter", stream=True)
    ((_, answer),) = server_sent(response.content)
    assert "candidates" not in answer
    assert answer["promptFeedback"]["blockReason"] == "SAFETY"
    row = simulator.row()
    assert (row.status, row.error, row.billed_picodollars) == (200, "SAFETY", 0)
    stopped = ask(simulator, "gemini#fault=content_filter,after=2").json()
    assert stopped["candidates"][0]["finishReason"] == "SAFETY"
    assert stopped["candidates"][0]["safetyRatings"][0]["blocked"] is True


@pytest.mark.parametrize(("more", "message"), WRONG)
def test_a_wrong_request_is_refused(simulator: Simulator, more: dict[str, Any], message: str):
    response = ask(simulator, **more)
    error = response.json()["error"]
    assert response.status_code == error["code"] == 400
    assert error["status"] == "INVALID_ARGUMENT"
    assert message in error["message"]


def test_keys_are_taken_from_a_header_or_the_address():
    with in_thread(SimulatorConfig(api_keys={"right"})) as simulator:
        path, body = "/v1beta/models/m:generateContent", {"contents": [USER]}

        def answer(query: str = "", **headers: str) -> tuple[int, str | None]:
            names = {key.replace("_", "-"): value for key, value in headers.items()}
            response = simulator.http.post(path + query, json=body, headers=names)
            return response.status_code, response.json().get("error", {}).get("status")

        assert answer(x_goog_api_key="right") == (200, None)
        assert answer("?key=right") == (200, None)
        assert answer(x_goog_api_key="wrong") == (400, "INVALID_ARGUMENT")
        assert answer() == (403, "PERMISSION_DENIED")
        wrong = simulator.http.post(f"{path}?key=wrong", json=body).json()["error"]
        assert wrong["message"] == "API key not valid. Please pass a valid API key."
        assert wrong["details"][0]["reason"] == "API_KEY_INVALID"


def test_texts_are_embedded_alone_and_in_batches(simulator: Simulator):
    content = {"parts": [{"text": "Hello"}]}
    path = "/v1beta/models/gemini-embedding-001"
    one = simulator.http.post(f"{path}:embedContent", json={"content": content}).json()
    values = one["embedding"]["values"]
    assert len(values) == 3072
    assert math.isclose(math.hypot(*values), 1, abs_tol=1e-6)
    model = "models/gemini-embedding-001"
    request = {"model": model, "content": content, "outputDimensionality": 3072}
    batch = simulator.http.post(
        f"{path}:batchEmbedContents", json={"requests": [request, request]}
    ).json()
    assert [each["values"] for each in batch["embeddings"]] == [values, values]
    assert [row.prompt_tokens for row in simulator.ledger()] == [2, 4]
    assert [row.endpoint for row in simulator.ledger()] == [
        "gemini.embedContent",
        "gemini.batchEmbedContents",
    ]
    refusals: list[dict[str, object]] = [
        {"content": {"parts": []}},
        {"content": content, "outputDimensionality": 5000},
        {"content": content, "model": "models/other"},
    ]
    for wrong in refusals:
        refused = simulator.http.post(f"{path}:embedContent", json=wrong)
        assert refused.json()["error"]["status"] == "INVALID_ARGUMENT"
    empty = simulator.http.post(f"{path}:batchEmbedContents", json={"requests": []})
    assert empty.status_code == 400


def test_tokens_are_counted_and_cost_nothing(simulator: Simulator):
    path = "/v1beta/models/gemini:countTokens"
    counted = simulator.http.post(path, json={"contents": [USER]}).json()
    assert counted["totalTokens"] == 5
    system = {"parts": [{"text": "Be brief."}]}
    request = {"contents": [USER], "systemInstruction": system}
    counted = simulator.http.post(path, json={"generateContentRequest": request}).json()
    assert counted["totalTokens"] == 11
    assert [row.billed_picodollars for row in simulator.ledger()] == [0, 0]


def test_the_api_s_first_version_is_spoken_too(simulator: Simulator):
    path = "/v1/models/gemini:generateContent"
    answer = simulator.http.post(path, json={"contents": [USER]}).json()
    assert GEMINI.text(answer) == GEMINI.text(ask(simulator).json())
    wrong = simulator.http.post(path, json={"contents": []}).json()
    assert wrong["error"]["status"] == "INVALID_ARGUMENT"
    listed = simulator.http.get("/v1/models", headers=GEMINI.headers).json()
    assert listed["models"][0]["name"] == "models/sim-chat"


def test_models_are_listed_and_addresses_checked(simulator: Simulator):
    listed = simulator.http.get("/v1beta/models").json()["models"]
    assert listed[0]["name"] == "models/sim-chat"
    assert "generateContent" in listed[0]["supportedGenerationMethods"]
    assert simulator.http.get("/v1beta/models/any").json()["name"] == "models/any"
    for method, path in (
        ("POST", "/v1beta/models/m:predict"),
        ("GET", "/v1beta/files"),
    ):
        refused = simulator.http.request(method, path)
        assert refused.status_code in {404, 405}
        assert "status" in refused.json()["error"]
