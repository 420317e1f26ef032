import pytest

from hone.simulator import SimulatorConfig
from tests.simulator.running import Simulator, in_thread

USER: list[object] = [{"role": "user", "content": "Hello"}]
TOOL = {"type": "function", "function": {"name": "book"}}

WRONG: list[tuple[object, str | None, str | None]] = [
    ({"messages": USER}, None, None),
    ({"model": "", "messages": USER}, None, None),
    ({"model": "m"}, "missing_required_parameter", "messages"),
    ({"model": 1, "messages": USER}, "invalid_type", "model"),
    ({"model": "m", "messages": []}, "empty_array", "messages"),
    ({"model": "m", "messages": "Hello"}, "invalid_type", "messages"),
    ({"model": "m", "messages": ["Hello"]}, "invalid_type", "messages[0]"),
    ({"model": "m", "messages": [{}]}, "missing_required_parameter", "messages[0].role"),
    ({"model": "m", "messages": [{"role": "x"}]}, "invalid_value", "messages[0].role"),
    ({"model": "m", "messages": [{"role": "user"}]}, "invalid_type", "messages[0].content"),
    (
        {"model": "m", "messages": [*USER, {"role": "user", "content": 5}]},
        "invalid_type",
        "messages[1].content",
    ),
    (
        {"model": "m", "messages": [{"role": "user", "content": [{"text": "x"}]}]},
        "missing_required_parameter",
        "messages[0].content[0].type",
    ),
    (
        {"model": "m", "messages": [{"role": "user", "content": [{"type": "text"}]}]},
        "invalid_type",
        "messages[0].content[0].text",
    ),
    ({"model": "m", "messages": USER, "stream": "yes"}, "invalid_type", "stream"),
    ({"model": "m", "messages": USER, "n": 2}, "unsupported_value", "n"),
    (
        {"model": "m", "messages": USER, "max_tokens": 0},
        "integer_below_min_value",
        "max_tokens",
    ),
    (
        {"model": "m", "messages": USER, "max_tokens": 1, "max_completion_tokens": 1},
        "invalid_parameter_combination",
        "max_tokens",
    ),
    ({"model": "m", "messages": USER, "stream_options": {}}, None, "stream_options"),
    ({"model": "m", "messages": USER, "tool_choice": "required"}, None, "tool_choice"),
    (
        {
            "model": "m",
            "messages": USER,
            "tools": [TOOL],
            "tool_choice": {"type": "function", "function": {"name": "other"}},
        },
        None,
        "tool_choice",
    ),
    (
        {"model": "m", "messages": USER, "response_format": {"type": "json_schema"}},
        "missing_required_parameter",
        "response_format.json_schema",
    ),
    ({"model": "m#fault=explode", "messages": USER}, "invalid_behaviour", "model"),
]


def refusal(simulator: Simulator, body: object) -> tuple[int, str | None, str | None]:
    response = simulator.http.post("/v1/chat/completions", json=body)
    error = response.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["type"] == "invalid_request_error"
    assert response.headers["x-request-id"].startswith("req_")
    return response.status_code, error["code"], error["param"]


@pytest.mark.parametrize(("body", "code", "param"), WRONG)
def test_a_wrong_request_is_refused(
    simulator: Simulator, body: object, code: str | None, param: str | None
):
    assert refusal(simulator, body) == (400, code, param)
    assert simulator.ledger() == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b'{"model": "m", "messages": [{"role": "user", "content": "\xff"}]}',
        b'{"model": "m", "messages": [{"role": "user", "content": "\\ud800"}]}',
        b'{"model": "m", "deep": ' + b"[" * 100_000,
    ],
)
def test_what_is_not_json_is_refused(simulator: Simulator, body: bytes):
    response = simulator.http.post("/v1/chat/completions", content=body)
    assert response.status_code == 400
    assert "could not parse the JSON body" in response.json()["error"]["message"]


def test_odd_characters_and_long_prompts_are_served(simulator: Simulator):
    for text in ("\0", "\U0001f600", "x" * 400_000, " " * 400_000, ""):
        assert simulator.chat("sim-fast", text).status_code == 200


def test_unknown_addresses_and_methods_are_refused(simulator: Simulator):
    missing = simulator.http.get("/v1/nothing")
    assert missing.status_code == 404
    assert missing.json()["error"]["message"] == "Invalid URL (GET /v1/nothing)"
    for method, path in (("GET", "/v1/chat/completions"), ("POST", "/v1/models")):
        refused = simulator.http.request(method, path)
        assert refused.status_code == 405
        assert refused.json()["error"]["code"] == "method_not_supported"
    assert simulator.http.get("/healthz").json() == {"status": "ok"}


def test_only_the_accepted_keys_are_served():
    config = SimulatorConfig(api_keys={"sk-right-key-0001"}, body_bytes=1000)
    with in_thread(config) as simulator:

        def status(authorization: str | None) -> tuple[int, str | None]:
            headers = {"authorization": authorization} if authorization else {}
            response = simulator.chat(headers=headers)
            error = response.json().get("error", {})
            assert "sk-wrong-key" not in error.get("message", "")
            return response.status_code, error.get("code")

        assert status("Bearer sk-right-key-0001") == (200, None)
        assert status("bearer sk-right-key-0001") == (200, None)
        assert status("Bearer sk-wrong-key-0001") == (401, "invalid_api_key")
        assert status("Basic sk-right-key-0001") == (401, None)
        assert status(None) == (401, None)
        assert simulator.http.get("/v1/models").status_code == 401
        headers = {"authorization": "Bearer sk-right-key-0001"}
        assert simulator.chat(text="x" * 1000, headers=headers).status_code == 413
