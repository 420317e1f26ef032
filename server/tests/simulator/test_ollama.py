import json

import httpx
import pytest

from hone.simulator import SimulatorConfig
from tests.simulator.running import Simulator, in_thread
from tests.simulator.vendors import lines

USER = [{"role": "user", "content": "Hello"}]
BOOK = {
    "type": "function",
    "function": {
        "name": "book_visit",
        "parameters": {"type": "object", "properties": {"guests": {"type": "integer"}}},
    },
}
COUNTS = {"total_duration", "load_duration", "prompt_eval_duration", "eval_duration"}


def chat(simulator: Simulator, **more: object) -> httpx.Response:
    body = {"model": "llama", "messages": USER, **more}
    return simulator.http.post("/api/chat", json=body)


def test_a_message_has_ollama_s_shape(simulator: Simulator):
    answer = chat(simulator, model="llama#tokens=6", stream=False).json()
    assert answer["message"]["role"] == "assistant"
    assert (answer["model"], answer["done"], answer["done_reason"]) == ("llama", True, "stop")
    assert (answer["prompt_eval_count"], answer["eval_count"]) == (5, 6)
    assert set(answer) >= COUNTS
    assert answer["created_at"].endswith("Z")


def test_it_streams_lines_unless_it_is_told_not_to(simulator: Simulator):
    response = chat(simulator, model="llama#tokens=3")
    assert response.headers["content-type"] == "application/x-ndjson"
    events = [event for _, event in lines(response.content)]
    assert [event["done"] for event in events] == [False, False, False, True]
    assert "eval_count" not in events[0]
    assert events[-1]["message"]["content"] == ""
    assert events[-1]["eval_count"] == 3


def test_thinking_is_a_field_of_its_own(simulator: Simulator):
    more: dict[str, object] = {"model": "llama#tokens=5,reasoning=4", "think": True}
    answer = chat(simulator, stream=False, **more).json()
    assert answer["message"]["thinking"]
    assert answer["eval_count"] == 9
    events = [event["message"] for _, event in lines(chat(simulator, **more).content)]
    thought = [event["thinking"] for event in events if "thinking" in event]
    assert "".join(thought) == answer["message"]["thinking"]
    assert len(thought) == 4
    hidden = chat(simulator, model="llama#reasoning=4", stream=False).json()
    assert "thinking" not in hidden["message"]


def test_a_tool_is_called_as_a_whole(simulator: Simulator):
    more: dict[str, object] = {"model": "llama#call=1", "tools": [BOOK]}
    answer = chat(simulator, stream=False, **more).json()
    (call,) = answer["message"]["tool_calls"]
    assert call["function"]["name"] == "book_visit"
    assert isinstance(call["function"]["arguments"]["guests"], int)
    assert answer["message"]["content"] == ""
    events = [event for _, event in lines(chat(simulator, **more).content)]
    assert events[0]["message"]["tool_calls"] == [call]
    assert events[-1]["done_reason"] == "stop"
    messages = [*USER, answer["message"], {"role": "tool", "content": "Done"}]
    after = chat(simulator, stream=False, messages=messages, **more).json()
    assert after["message"]["content"]


def test_options_and_formats_are_kept(simulator: Simulator):
    cut = chat(simulator, stream=False, options={"num_predict": 3}).json()
    assert (cut["done_reason"], cut["eval_count"]) == ("length", 3)
    endless = chat(simulator, stream=False, options={"num_predict": -1}).json()
    assert endless["done_reason"] == "stop"
    seeds = {
        chat(simulator, stream=False, options={"seed": number}).json()["message"]["content"]
        for number in range(9)
    }
    assert len(seeds) > 4
    schema = {"type": "object", "properties": {"intent": {"enum": ["a", "b"]}}}
    for form in ("json", schema):
        answer = chat(simulator, stream=False, format=form).json()
        assert json.loads(answer["message"]["content"])
    word = endless["message"]["content"].split()[2]
    stopped = chat(simulator, stream=False, options={"stop": word}).json()
    assert stopped["message"]["content"] == endless["message"]["content"].partition(word)[0]


def test_a_text_is_continued(simulator: Simulator):
    body: dict[str, object] = {"model": "llama", "prompt": "Hello", "system": "Be brief."}
    whole = simulator.http.post("/api/generate", json={**body, "stream": False}).json()
    assert whole["response"]
    assert whole["prompt_eval_count"] == 11
    events = [event for _, event in lines(simulator.http.post("/api/generate", json=body).content)]
    assert "".join(event["response"] for event in events) == whole["response"]
    assert events[-1]["done_reason"] == "stop"
    assert [row.endpoint for row in simulator.ledger()] == ["ollama.generate"] * 2


def test_texts_are_embedded(simulator: Simulator):
    one = simulator.http.post("/api/embed", json={"model": "nomic-embed-text", "input": "Hello"})
    assert [len(vector) for vector in one.json()["embeddings"]] == [768]
    assert one.json()["prompt_eval_count"] == 2
    more = {"model": "all-minilm:latest", "input": ["a", "b"], "dimensions": 64}
    two = simulator.http.post("/api/embed", json=more).json()
    assert [len(vector) for vector in two["embeddings"]] == [64, 64]
    assert two["model"] == "all-minilm:latest"


def test_models_are_listed(simulator: Simulator):
    listed = simulator.http.get("/api/tags").json()["models"]
    assert listed[0]["name"] == listed[0]["model"] == "sim-chat"
    assert len(listed[0]["digest"]) == 64
    assert {"family", "parameter_size"} <= set(listed[0]["details"])


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("/api/chat", {"messages": USER}, "model is required"),
        ("/api/chat", {"model": "", "messages": USER}, "model is required"),
        ("/api/chat", {"model": "m", "messages": [{"role": "bot"}]}, "messages.0.role"),
        ("/api/chat", {"model": "m", "messages": USER, "format": "xml"}, "format"),
        ("/api/generate", {"model": "m", "prompt": 3}, "prompt"),
        ("/api/embed", {"input": "x"}, "model is required"),
    ],
)
def test_a_wrong_request_is_refused(
    simulator: Simulator, path: str, body: dict[str, object], message: str
):
    response = simulator.http.post(path, json=body)
    assert response.status_code == 400
    assert message in response.json()["error"]
    assert simulator.ledger() == []


def test_keys_are_checked_where_there_are_any(simulator: Simulator):
    with in_thread(SimulatorConfig(api_keys={"right"})) as guarded:
        refused = guarded.http.get("/api/tags")
        assert (refused.status_code, refused.json()) == (401, {"error": "unauthorized"})
        headers = {"authorization": "Bearer right"}
        assert guarded.http.get("/api/tags", headers=headers).status_code == 200
    assert simulator.http.get("/api/nothing").json() == {"error": "404 page not found"}
