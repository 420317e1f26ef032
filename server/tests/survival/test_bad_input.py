"""Whatever is sent: the right status, the one envelope, nothing of our inside, and nobody harmed."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.core.facts import wait_for
from tests.core.wire import Answer, Wire
from tests.fixtures.control import QUESTION, desk, do, operation, quarantined
from tests.fixtures.house import ADMIN_KEY, House, open_house

CHAT, EMBEDDINGS = "/v1/chat/completions", "/v1/embeddings"
LOG, KEYS = "/api/ai/operations/log", "/api/identity/keys"
PATHS = (CHAT, EMBEDDINGS, LOG, KEYS)
HURRY = {"HONE_SERVER__HEADER_TIMEOUT": "1", "HONE_SERVER__BODY_TIMEOUT": "1"}
NASTY = "a\0b\ud800c\udfffd"
CLEANED = "a\ufffdb\ufffdc\ufffdd"
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """Run one Hone that does not wait long, and look at the end whether it was harmed."""
    with open_house(env=HURRY) as opened:
        yield opened
        assert httpx.get(f"{opened.url}/readyz").json()["status"] == "ready"
        assert quarantined(opened) == []
        assert "Traceback" not in opened.log


def ask(house: House, path: str, body: object = None, **more: Any) -> httpx.Response:
    """Send a body, lone surrogates and all, or bytes as they are."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    with desk(house) as client:
        headers = {**JSON, **more.pop("headers", {})}
        return client.request(more.pop("method", "POST"), path, content=content, headers=headers)


def refused(house: House, answer: httpx.Response | Answer, status: int) -> dict[str, Any]:
    """Check a refusal and return its error."""
    content = answer.content if isinstance(answer, httpx.Response) else answer.body
    text = content.decode()
    code = answer.status_code if isinstance(answer, httpx.Response) else answer.status
    assert code == status, text
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-request-id"].startswith(("op_", "req_"))
    for leak in ("Traceback", 'File "', ADMIN_KEY, "sim-key", "127.0.0.1", str(house.folder)):
        assert leak not in text
    body = json.loads(text)
    assert set(body) == {"error"}
    assert {"message", "type", "code", "param"} <= set(body["error"])
    return body["error"]


DEEP = b"[" * 100_000 + b"]" * 100_000
UNREADABLE = {
    "malformed": b'{"model": "assistant", "messages": [',
    "empty": b" ",
    "not UTF-8": b'{"model": "assistant", "name": "\xff\xfe", "messages": []}',
    "UTF-16": '{"model": "assistant"}'.encode("utf-16"),
    "deep": b'{"model": "assistant", "input": ' + DEEP + b"}",
    "huge number": b'{"model": "assistant", "input": ' + b"9" * 10_000 + b"x}",
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", UNREADABLE)
def test_a_body_that_is_not_json_is_a_bad_request(house: House, path: str, name: str) -> None:
    answer = ask(house, path, UNREADABLE[name])
    if name == "UTF-16" and path.startswith("/api"):
        assert refused(house, answer, 422)["code"] == "invalid"  # RFC 4627 allowed it once
    else:
        assert refused(house, answer, 400)["code"] == "invalid_json"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("body", [[], 1, "text", None, {}, {"model": 5, "name": 5, "modelId": 5}])
def test_a_body_of_the_wrong_shape_is_refused(house: House, path: str, body: object) -> None:
    error = refused(house, ask(house, path, body), 400 if path.startswith("/v1") else 422)
    assert error["code"] in {"invalid_json", "invalid_parameter", "invalid"}


@pytest.mark.parametrize("path", PATHS)
def test_no_body_at_all_is_refused(house: House, path: str) -> None:
    refused(house, ask(house, path, b""), 400 if path.startswith("/v1") else 422)


@pytest.mark.parametrize(
    ("wrong", "param"),
    [
        ({"messages": "hello"}, "messages"),
        ({"messages": [{"content": "no role"}]}, "messages[0]"),
        ({"messages": [5]}, "messages[0]"),
        ({"stream": "yes"}, "stream"),
        ({"stream_options": 5, "stream": True}, "stream_options"),
        ({"n": 0}, "n"),
        ({"n": 10**30}, "n"),
        ({"metadata": "text"}, "metadata"),
        ({"metadata": {"long": "x" * 5000}}, "metadata"),
    ],
)
def test_a_parameter_of_the_wrong_type_is_named(
    house: House, wrong: dict[str, object], param: str
) -> None:
    body = {"model": "assistant", "messages": QUESTION, **wrong}
    error = refused(house, ask(house, CHAT, body), 400)
    assert (error["code"], error["param"]) == ("invalid_parameter", param)


@pytest.mark.parametrize("path", [CHAT, EMBEDDINGS])
@pytest.mark.parametrize("model", ["unheard-of", NASTY, "../../etc/passwd", "assistant\0"])
def test_an_unknown_model_is_not_found(house: House, path: str, model: str) -> None:
    body = {"model": model, "messages": QUESTION, "input": "text"}
    assert refused(house, ask(house, path, body), 404)["code"] == "model_not_found"


@pytest.mark.parametrize("path", [CHAT, LOG, "/v1/models", "/api/identity/me", "/metrics"])
@pytest.mark.parametrize(
    "authorization",
    [b"", b"Bearer", b"Bearer hone_wrong", b"Basic aG9uZTpob25l", b"Bearer \xff\xfe"],
)
def test_without_a_valid_key_nothing_is_told(house: House, path: str, authorization: bytes) -> None:
    method = "POST" if path in {CHAT, LOG} else "GET"
    answer = ask(house, path, {}, method=method, headers={"authorization": authorization})
    assert refused(house, answer, 401)["code"] in {
        "missing_api_key",
        "invalid_api_key",
        "unauthorized",
    }


def test_an_expired_key_is_refused(house: House) -> None:
    expiry = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
    wanted = {"name": "short", "permissions": ["ai:query", "keys:read"], "expiresAt": expiry}
    key = do(house, "POST", KEYS, wanted)["key"]
    with desk(house, key) as client:
        wait_for(lambda: "expired_api_key" in client.get("/v1/models").text)
        assert refused(house, client.get("/v1/models"), 401)["code"] == "expired_api_key"
        refused(house, client.get(KEYS), 401)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1", 404),
        ("GET", "/v1/unheard-of", 404),
        ("GET", "/v1/models/%00%ff", 404),
        ("GET", "/v1/embeddings", 405),
        ("DELETE", "/v1/models", 405),
        ("GET", "/api", 404),
        ("POST", "/api/unheard-of", 404),
        ("DELETE", KEYS, 405),
        ("PUT", "/", 405),
        ("GET", "/assets/unheard-of.js", 404),
        ("GET", "/api/identity/keys/%00", 404),
        ("GET", "/api/ai/operations/%ed%a0%80", 404),
        ("GET", "/api/ai/operations?limit=x", 422),
        ("GET", "/api/ai/operations?cursor=WyIAIl0", 400),
    ],
)
def test_a_wrong_address_never_looks_like_a_success(
    house: House, method: str, path: str, status: int
) -> None:
    with desk(house) as client:
        refused(house, client.request(method, path), status)


LABELS = {
    "x-hone-user": "gäst\xa0\xff".encode("latin-1"),
    "x-hone-conversation-id": b"\xed\xa0\x80\xf0\x9f\x98\x80",
    "x-hone-metadata": rb'{"a\u0000": "\ud800", "deep": [{"\udfff": "\u0000"}], "big": 1e300}',
}


@pytest.mark.parametrize("stream", [False, True])
def test_text_that_no_database_takes_is_cleaned_and_can_be_read_back(
    house: House, stream: bool
) -> None:
    messages: list[object] = [
        {"role": "user", "name": NASTY, "content": NASTY},
        {"role": "user", "content": [{"type": "text", "text": NASTY}]},
    ]
    body = {
        "model": "assistant",
        "messages": messages,
        "max_tokens": 8,
        "user": NASTY,
        "metadata": {NASTY: NASTY},
        "stop": [NASTY],
        NASTY: NASTY,
        "stream": stream,
    }
    plain, labelled = ask(house, CHAT, body), ask(house, CHAT, body, headers=LABELS)
    assert (plain.status_code, labelled.status_code) == (200, 200)
    stored = operation(house, plain.headers["x-request-id"])
    assert stored["userId"] == CLEANED
    assert stored["metadata"] == {CLEANED: CLEANED}
    assert stored["messages"][0]["content"] == CLEANED
    json.dumps(stored, ensure_ascii=False).encode()
    stored = operation(house, labelled.headers["x-request-id"])
    assert stored["userId"] == "g\ufffdst\ufffd\ufffd"
    assert stored["conversationId"].endswith("\U0001f600")
    assert stored["metadata"]["a\ufffd"] == "\ufffd"
    json.dumps(stored, ensure_ascii=False).encode()


def test_the_same_text_in_embeddings_and_in_a_logged_call(house: House) -> None:
    embedded = ask(house, EMBEDDINGS, {"model": "venue", "input": [NASTY], "user": NASTY})
    assert embedded.status_code == 200
    assert operation(house, embedded.headers["x-request-id"])["userId"] == CLEANED
    logged = ask(
        house,
        LOG,
        {
            "modelId": NASTY,
            "operationType": NASTY,
            "input": {NASTY: [NASTY]},
            "output": NASTY,
            "errorMessage": NASTY,
            "userId": NASTY,
            "externalId": NASTY,
            "metadata": {NASTY: NASTY},
        },
    )
    assert logged.status_code == 201
    stored = operation(house, logged.json()["id"])
    assert stored["modelName"] == stored["userId"] == stored["externalId"] == CLEANED


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (KEYS, {"name": NASTY, "permissions": ["ai:query"]}),
        (KEYS, {"name": "x", "permissions": ["ai:query"], "routes": [NASTY]}),
        ("/api/identity/people", {"name": NASTY, "email": NASTY, "role": "user"}),
        ("/api/providers", {"name": NASTY, "kind": NASTY, "baseUrl": NASTY, "apiKey": NASTY}),
        ("/api/models", {"name": NASTY, "provider": NASTY, "upstream": NASTY}),
        ("/api/routes", {"name": NASTY, "targets": [{"model": NASTY}], "fallbacks": [NASTY]}),
    ],
)
def test_a_name_with_such_text_is_refused(house: House, path: str, body: object) -> None:
    assert refused(house, ask(house, path, body), 422)["code"] == "invalid"


def test_a_search_for_such_text_finds_nothing(house: House) -> None:
    with desk(house) as client:
        found = client.get("/api/ai/operations?q=%00%ff&model=%ed%a0%80&user=%00")
    assert found.status_code == 200
    assert found.json()["items"] == []


def test_a_prompt_of_ten_megabytes_is_the_providers_to_judge(house: House) -> None:
    prompt = [{"role": "user", "content": "words and words " * (10 << 16)}]
    answer = ask(house, CHAT, {"model": "assistant", "messages": prompt})
    assert refused(house, answer, 400)["code"] == "context_length_exceeded"
    assert operation(house, answer.headers["x-request-id"])["status"] == "error"


def test_so_is_a_list_of_a_hundred_thousand_messages(house: House) -> None:
    answer = ask(house, CHAT, {"model": "assistant", "messages": QUESTION * 100_000})
    assert refused(house, answer, 400)["code"] == "context_length_exceeded"


@pytest.mark.parametrize("path", [CHAT, LOG])
def test_a_body_above_the_limit_is_refused_before_it_is_read(house: House, path: str) -> None:
    with _wire(house) as wire:
        wire.send(_head(path, b"content-length: 99999999999"))
        assert refused(house, wire.answer(), 413)["code"] == "body_too_large"


@pytest.mark.parametrize("path", [CHAT, LOG])
def test_endless_headers_are_refused(house: House, path: str) -> None:
    with _wire(house) as wire:
        wire.send(b"POST %s HTTP/1.1\r\nhost: x\r\n" % path.encode())
        wire.send_until_answered(b"x-more: %b\r\n" % (b"x" * 1000))
        assert refused(house, wire.answer(), 431)["code"] == "headers_too_large"


def test_a_head_that_drips_is_refused_at_its_deadline(house: House) -> None:
    with _wire(house) as wire:
        wire.drip(_head(CHAT, b"x-slow: %b" % (b"x" * 1000)), pause=0.05)
        assert refused(house, wire.answer(), 408)["code"] == "request_timeout"


@pytest.mark.parametrize("path", [CHAT, LOG])
def test_a_body_that_stalls_is_refused_at_its_deadline(house: House, path: str) -> None:
    with _wire(house) as wire:
        wire.send(_head(path, b"content-length: 100") + b'{"model":')
        assert refused(house, wire.answer(), 408)["code"] == "request_timeout"


def test_what_is_not_http_is_refused(house: House) -> None:
    with _wire(house) as wire:
        wire.send(b"\x16\x03\x01\x02\x00 hello\r\n\r\n")
        assert refused(house, wire.answer(), 400)["code"] == "malformed_request"


def _wire(house: House) -> Wire:
    return Wire(("127.0.0.1", house.port))


def _head(path: str, *lines: bytes) -> bytes:
    authorization = b"authorization: Bearer %b" % ADMIN_KEY.encode()
    first = b"POST %b HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json" % path.encode()
    return b"\r\n".join([first, authorization, *lines, b"", b""])
